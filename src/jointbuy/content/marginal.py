"""What another source of a part changes in an end product, without rolling up the bill again.

What a product is made of is a sum of prices, each as often as it counts (`spread`), and of what assemblies cost beyond
their parts, which shrinks as these get dearer. Where a price is one number and another takes its place, all else stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush

from jointbuy.content import small
from jointbuy.content.basis import Basis
from jointbuy.content.sourced import bought, one, told
from jointbuy.content.spread import inner, placed
from jointbuy.graph import outgoing, parents_first
from jointbuy.model import Bom
from jointbuy.remedy import Alternative
from jointbuy.result import Sourced


@dataclass(frozen=True, slots=True)
class Marginal:
    """How prices count in one end product: by source how often at its own origin, and in what is left of which others.

    `within` is how often at the origin of which others: an assembly without a price costs what its parts do. `left` is
    what assemblies cost beyond their parts now, at the least, by the source that states their price.
    """

    counts: Mapping[int, Fraction]
    rests: Mapping[int, tuple[tuple[int, Fraction], ...]]
    within: Mapping[int, tuple[tuple[int, Fraction], ...]]
    left: Mapping[int, Fraction]
    units: Mapping[int, tuple[tuple[int, Fraction], ...]]
    """Of assemblies that are traced, and whose price is replaced, by that source: what one is made of, as the amounts
    that count at the origin of which source. None of those in which a price is a range."""


def marginal(
    bom: Bom,
    currency: str,
    rates: Mapping[str, Fraction],
    basis: Basis,
    *,
    traced: bool,
    replaced: Iterable[int] = (),
) -> tuple[Marginal, ...] | None:
    """Of each end product; None where raw materials count apart: then it is no plain sum.

    `replaced` are sources that others may take the place of.
    """
    if basis.materials:
        return None
    bill = small.prepare(small.shape(bom, currency, {**rates, currency: Fraction(1)}), basis)
    made = [source for source in dict.fromkeys(replaced) if traced and bom.sources.part[source] in bill.parts_cost]
    return tuple(_marginal(bill, root, made, traced=traced) for root in bom.roots)


def _marginal(bill: small.Bill, root: int, made: Sequence[int], *, traced: bool) -> Marginal:
    found = placed(bill, root, traced=traced)
    counts: dict[int, Fraction] = {}
    rests: dict[int, tuple[tuple[int, Fraction], ...]] = {}
    within: dict[int, tuple[tuple[int, Fraction], ...]] = {}
    left = dict.fromkeys(found.rests, Fraction(0))
    for source, weights in found.weights.items():
        places = [(key, each) for key, each in weights.items() if isinstance(key, int)]
        counts[source] = weights.get(~source, Fraction(0))
        rests[source] = tuple((key, each) for key, each in places if key >= 0)
        within[source] = tuple((~key, each) for key, each in places if key < 0 and key != ~source)
        worth = bill.worth(bill.price(source) or {})
        for rest, weight in rests[source]:
            left[rest] += min(weight * worth.low, weight * worth.high)
    passes = small.counted(bill, root) if made else frozenset()
    known = ((source, _unit(bill, source, passes)) for source in made if bill.bom.sources.part[source] in passes)
    return Marginal(counts, rests, within, left, {source: unit for source, unit in known if unit is not None})


def _unit(bill: small.Bill, source: int, passes: frozenset[int]) -> tuple[tuple[int, Fraction], ...] | None:
    """What one of an assembly is made of, by the source at whose origin it counts; None where a price is a range."""
    part, price = bill.bom.sources.part[source], bill.price(source)
    if price is None or part in bill.shape.uncertain:
        return None
    amounts = {source: bill.worth(price).low - bill.worth(bill.parts_cost[part]).low}
    for other, weights in inner(bill, part, passes).weights.items():
        worth = bill.worth(bill.price(other) or {}).low
        for key, weight in weights.items():
            if isinstance(key, int):
                at = key if key >= 0 else ~key
                amounts[at] = amounts.get(at, Fraction(0)) + weight * worth
    return tuple(amounts.items())


def leaving(bom: Bom) -> Callable[[int], Sequence[Sourced]]:
    """By source what the bar sees no longer where another is bought instead: it, and what stands in its part alone."""
    edges, order = outgoing(bom), parents_first(bom.parent, bom.child, len(bom.parts))
    place = {part: at for at, part in enumerate(order)}
    above: dict[int, set[int]] = {}
    for parent, child in zip(bom.parent, bom.child, strict=True):
        above.setdefault(child, set()).add(parent)
    made = frozenset(bom.parent)
    seen = {source: by for source in range(len(bom.sources.part)) if (by := bought(bom, source, made)) is not None}
    of_part = dict[int, list[int]]()
    for source in seen:
        of_part.setdefault(bom.sources.part[source], []).append(source)

    def gone(replaced: int) -> Sequence[Sourced]:
        part = bom.sources.part[replaced]
        left, met = {part}, {part}
        ahead = [place[part]]
        while ahead:  # parents first, so that all above a part are known before it
            here = order[heappop(ahead)]
            if here != part and not above[here] <= left:
                continue
            left.add(here)
            for child in {bom.child[edge] for edge in edges[here]} - met:
                met.add(child)
                heappush(ahead, place[child])
        below = [source for each in sorted(left - {part}) for source in of_part.get(each, ())]
        return [one(bom, source, seen[source]) for source in (*below, replaced) if source in seen]

    return gone


def sourced_after(
    bom: Bom, each: Alternative, gone: Callable[[int], Sequence[Sourced]]
) -> tuple[Sequence[Sourced], Sequence[Sourced]]:
    """What the bar on contravening sources sees no longer, and sees then, where one source is exchanged.

    `gone` tells what leaves the bill with a source.
    """
    part = bom.sources.part[each.replaces]
    if not bom.sources.awarded[each.replaces]:  # nothing is bought of it, whoever supplies it
        return [], []
    before = gone(each.replaces)
    if part in bom.roots or part in bom.phantoms:
        return before, []
    here = one(bom, each.replaces)
    countries, declared, perhaps = told(each.origin)
    return before, [Sourced(here.part, countries, None, declared, each.supplier, here.kind, each.row, perhaps)]
