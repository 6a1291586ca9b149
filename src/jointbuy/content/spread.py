"""How often each price of a bill counts in an end product, and where: the roll-up as a function of its prices.

One uncertain price may count in many places: directly, and within assemblies that are made of their parts. These rise
and fall together. What a price leaves beyond the parts of an assembly is never below nothing; each such rest is told
apart, since the roll-up is a sum of products everywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeGuard

from jointbuy.exact import ADDED, ZERO, Origin, Place, Range, exactly
from jointbuy.graph import exploded

if TYPE_CHECKING:
    from jointbuy.content.small import Bill

Weights: TypeAlias = dict[Origin | int, Fraction]
"""How often something counts under each origin, and in the rest of each source (an index) whose price leaves one."""


class Spread(NamedTuple):
    """By source that states a price how often that counts, and the sources whose price leaves a rest."""

    weights: Mapping[int, Weights]
    rests: tuple[int, ...]
    fixed: Mapping[Origin | int, Fraction]
    """What is added up beside the prices, as an amount in the contract's currency."""


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
    origins = bill.bom.sources.origin
    standing = (
        (part, source, times, component, named(origins[source]) if component else ADDED)
        for part, source, times, component in _standing(bill, root, traced=traced)
        if component or (beside and beside(source))
    )
    return _followed(bill, standing, traced=traced)


def placed(bill: Bill, root: int, *, traced: bool) -> Spread:
    """As `spread`, by the source that stands somewhere, turned (`~`), in place of its origin."""
    every = _standing(bill, root, traced=traced)
    each = ((part, source, times, True, ~source) for part, source, times, component in every if component)
    return _followed(bill, each, traced=traced)


def inner(bill: Bill, part: int, passes: Container[int]) -> Spread:
    """As `placed`, of what stands in one of a part that is traced, itself left out; `passes` is what counts."""
    counts = exploded(bill.bom, part, bill.order, passes, bill.edges)
    awarded = bill.bom.sources.awarded
    each = (
        (child, source, count * awarded[source], True, ~source)
        for child, count in counts.items()
        if child != part and child in passes
        for source in bill.sources[child]
    )
    return _followed(bill, each, traced=True)


_Standing: TypeAlias = Iterable[tuple[int, int, Fraction, bool, Origin | int]]
"""What counts by itself: part, source, how often, whether it is cost of components, and as what it counts."""


def _followed(bill: Bill, standing: _Standing, *, traced: bool, within: Container[int] | None = None) -> Spread:
    """How often each price counts in what is `standing`; what is not `within` some parts is added up, and not told."""
    # Imported on use: it is there that most bills need nothing of this.
    from jointbuy.content.small import unit_cost

    bom, awarded = bill.bom, bill.bom.sources.awarded
    weights: dict[int, Weights] = {}
    made: dict[int, Weights] = {}
    rests: dict[int, None] = {}
    fixed: Weights = {}
    for part, source, times, component, origin in standing:
        if bill.price(source) is None:
            if not (traced and component):
                _add(made.setdefault(part, {}), {origin: times})
        elif traced and component and part in bill.parts_cost:
            rests[source] = None
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
                child = bom.child[edge]
                if bill.shape.kind[child] not in bill.basis.making:
                    continue
                if within is None or child in within:
                    _add(unit.setdefault(child, {}), below, bom.quantity[edge])
                else:
                    _add(fixed, below, bom.quantity[edge] * bill.worth(unit_cost(bill, child)).low)
    return Spread(weights, tuple(rests), fixed)


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


class Followed(NamedTuple):
    """Where the uncertain prices of a root count, whatever the origins: by source that stands there, turned (`~`)."""

    spread: Spread
    worth: Mapping[int, Range]
    """By source that states a price, in the contract's currency."""
    lines: frozenset[int]
    """The sources of what is followed: their lines are not added up beside it."""

    def without(self, sources: Container[int]) -> Followed:
        """The same without some sources, which stand in one place alone."""
        weights = {source: each for source, each in self.spread.weights.items() if source not in sources}
        lines = frozenset(source for source in self.lines if source not in sources)
        return Followed(self.spread._replace(weights=weights), self.worth, lines)


def followed(bill: Bill, standing: Iterable[tuple[int, int, Fraction]], *, traced: bool) -> Followed:
    """Where uncertain prices count in what is `standing` in a root: part, source and how often.

    Of parts that hold no uncertain price nothing is followed: what they cost is known.
    """
    within = bill.shape.uncertain
    each = [(part, source, times, True, ~source) for part, source, times in standing if part in within]
    found = _followed(bill, each, traced=traced, within=within)
    worth = {source: bill.worth(bill.price(source) or {}) for source in found.weights}
    return Followed(found, worth, frozenset(source for _, source, *_ in each))


def together(found: Followed, origin: Sequence[Origin]) -> tuple[Mapping[Origin, Range], bool] | None:
    """What is followed by origin, of each source, where an uncertain price counts in several; and if it is a bound.

    Such a price is one amount, of which each origin has a fixed share. Rests of which a part's price is uncertain are
    taken each by itself, which is a bound. None where every uncertain price counts in one place alone.
    """
    amounts: dict[Origin, Range] = {}
    linked, uncertain = False, list[tuple[bool, set[int]]]()
    rests = dict.fromkeys(found.spread.rests, (ZERO.low, ZERO.low))

    def add(of: Origin, amount: Range) -> None:
        amounts[of] = amounts.get(of, ZERO) + amount

    for key, fixed in found.spread.fixed.items():
        if _is_rest(key):
            rests[key] = (rests[key][0] + fixed, rests[key][1] + fixed)
        elif fixed:
            add(_of(key, origin), exactly(fixed))
    for source, weights in found.spread.weights.items():
        worth = found.worth[source]
        plain: dict[Origin, Fraction] = {}
        places: set[int] = set()
        for key, weight in weights.items():
            if not weight:
                continue
            if not _is_rest(key):
                of = _of(key, origin)
                plain[of] = plain.get(of, ZERO.low) + weight
                continue
            places.add(key)
            ends = (weight * worth.low, weight * worth.high)
            rests[key] = (rests[key][0] + min(ends), rests[key][1] + max(ends))
        if not worth.known:
            linked = linked or len(plain) > 1
            uncertain.append((bool(plain), places))
        pieces = plain if worth.known else {_mixed(plain): sum(plain.values(), ZERO.low)} if plain else {}
        for of, weight in pieces.items():
            add(of, worth.times(weight))
    for rest, (low, high) in rests.items():
        if high > 0:
            add(origin[rest], Range(max(ZERO.low, low), high))
    left = {rest for rest, (_, high) in rests.items() if high > 0}
    bound = any(len(places & left) + beside > 1 for beside, places in uncertain)
    return (amounts, bound) if linked or bound else None


def _is_rest(key: Origin | int) -> TypeGuard[int]:
    """Whether a key is the rest of a source, and not a source that stands somewhere or an origin."""
    return isinstance(key, int) and key >= 0


def _of(key: Origin | int, origin: Sequence[Origin]) -> Origin:
    """The origin of a source that stands somewhere."""
    return origin[~key] if isinstance(key, int) else key


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
