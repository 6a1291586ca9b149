"""How often each price of a bill counts in an end product, and where: the roll-up as a function of its prices.

One uncertain price may count in many places: directly, and within assemblies that are made of their parts. These rise
and fall together. What a price leaves beyond the parts of an assembly is never below nothing; each such rest is told
apart, since the roll-up is a sum of products everywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from jointbuy.exact import ADDED, ZERO, Origin, Place, Range
from jointbuy.graph import exploded

if TYPE_CHECKING:
    from jointbuy.content.small import Bill

Weights: TypeAlias = dict[Origin | int, Fraction]
"""How often something counts under each origin, and in the rest of each source (an index) whose price leaves one."""


@dataclass(frozen=True, slots=True)
class Spread:
    """By source that states a price how often that counts; by source that leaves a rest the origin that this has."""

    weights: Mapping[int, Weights]
    rests: Mapping[int, Origin]


def spread(
    bill: Bill,
    root: int,
    *,
    traced: bool,
    beside: Callable[[int], bool] | None = None,
    named: Callable[[Origin], Origin] = lambda origin: origin,
) -> Spread:
    """How often each price counts in one `root`, for each in the unit of the contract's currency.

    `beside` tells of a source that is no cost of components whether it counts as `ADDED`; by default none does.
    `named` may give origins that are alike for a purpose one name. The reading by which raw materials count apart
    from what holds them is not known here.
    """
    bom, awarded = bill.bom, bill.bom.sources.awarded
    weights: dict[int, Weights] = {}
    made: dict[int, Weights] = {}
    rests: dict[int, Origin] = {}
    for part, source, times, component in _standing(bill, root, traced=traced):
        if not component and not (beside and beside(source)):
            continue
        origin = named(bom.sources.origin[source]) if component else ADDED
        if bill.price(source) is None:
            if not (traced and component):
                _add(made.setdefault(part, {}), {origin: times})
        elif traced and component and part in bill.parts_cost:
            rests[source] = origin
            _add(weights.setdefault(source, {}), {source: times})
            _add(made.setdefault(part, {}), {source: -times})
        else:
            _add(weights.setdefault(source, {}), {origin: times})
    unit: dict[int, Weights] = {}
    for part in bill.order:
        if mine := unit.pop(part, None):
            for source in bill.sources[part]:
                target = made if bill.price(source) is None else weights
                _add(target.setdefault(part if target is made else source, {}), mine, awarded[source])
            if not bill.sources[part]:
                _add(made.setdefault(part, {}), mine)
        if below := made.pop(part, None):
            for edge in bill.edges[part]:
                if bill.shape.kind[bom.child[edge]] in bill.basis.making:
                    _add(unit.setdefault(bom.child[edge], {}), below, bom.quantity[edge])
    return Spread(weights, rests)


def _standing(bill: Bill, root: int, *, traced: bool) -> Iterator[tuple[int, int, Fraction, bool]]:
    """What counts by itself in a root: part, source, how often, and whether it is cost of components."""
    # Imported on use: it is there that most bills need nothing of this.
    from jointbuy.content.small import counted

    bom, table = bill.bom, bill.bom.sources
    passes = counted(bill, root) if traced else frozenset({root, *bom.phantoms})
    for part, count in exploded(bom, root, bill.order, passes, bill.edges).items():
        if part == root or part in bom.phantoms:
            continue
        for source in bill.sources[part]:
            component = part in passes if traced else table.cost_kind[source] in bill.basis.counted
            yield part, source, count * table.awarded[source], component


def _add(sums: Weights, more: Mapping[Origin | int, Fraction], times: Fraction = Fraction(1)) -> None:
    for key, weight in more.items():
        sums[key] = sums.get(key, ZERO.low) + weight * times


def together(bill: Bill, root: int, *, traced: bool) -> tuple[Mapping[Origin, Range], bool] | None:
    """The composition of a root where an uncertain price counts in several places, and whether it is a bound.

    Such a price is one amount, of which each origin has a fixed share. Rests of which a part's price is uncertain are
    taken each by itself, which is a bound. None where every uncertain price counts in one place alone.
    """
    found = spread(bill, root, traced=traced)
    amounts: dict[Origin, Range] = {}
    linked, uncertain = False, list[tuple[bool, set[int]]]()
    rests = dict.fromkeys(found.rests, (ZERO.low, ZERO.low))
    for source, weights in found.weights.items():
        price = bill.price(source)
        worth = bill.worth(price) if price else ZERO
        plain = {key: weight for key, weight in weights.items() if weight and not isinstance(key, int)}
        places = {key for key, weight in weights.items() if weight and isinstance(key, int)}
        for rest in places:
            ends = (weights[rest] * worth.low, weights[rest] * worth.high)
            rests[rest] = (rests[rest][0] + min(ends), rests[rest][1] + max(ends))
        if not worth.known:
            linked = linked or len(plain) > 1
            uncertain.append((bool(plain), places))
        pieces = plain if worth.known else {_mixed(plain): sum(plain.values(), ZERO.low)} if plain else {}
        for origin, weight in pieces.items():
            amounts[origin] = amounts.get(origin, ZERO) + worth.times(weight)
    for rest, (low, high) in rests.items():
        if high > 0:
            origin = found.rests[rest]
            amounts[origin] = amounts.get(origin, ZERO) + Range(max(ZERO.low, low), high)
    left = {rest for rest, (_, high) in rests.items() if high > 0}
    bound = any(len(places & left) + beside > 1 for beside, places in uncertain)
    return (amounts, bound) if linked or bound else None


def _mixed(weights: Mapping[Origin, Fraction]) -> Origin:
    """One origin with the shares that several have together, each by its weight, none of them below nothing."""
    if len(weights) == 1:
        return next(iter(weights))
    whole = sum(weights.values(), ZERO.low)
    shares: dict[Place, Fraction] = {}
    for origin, weight in weights.items():
        for place, share in origin:
            shares[place] = shares.get(place, ZERO.low) + share * weight / whole
    return tuple(sorted(shares.items(), key=lambda each: str(each[0])))
