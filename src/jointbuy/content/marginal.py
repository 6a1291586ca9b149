"""What another source of a part changes in an end product, without rolling up the bill again.

What a product is made of is a sum of prices, each as often as it counts (`spread`), and of what assemblies cost beyond
their parts, which shrinks as these get dearer. Where a price is one number and another takes its place, all else stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from jointbuy.change import resourced
from jointbuy.content import small
from jointbuy.content.basis import Basis
from jointbuy.content.sourced import one, sourced, told
from jointbuy.content.spread import placed
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


def marginal(
    bom: Bom, currency: str, rates: Mapping[str, Fraction], basis: Basis, *, traced: bool
) -> tuple[Marginal, ...] | None:
    """Of each end product; None where raw materials count apart: then it is no plain sum."""
    if basis.materials:
        return None
    bill = small.prepare(small.shape(bom, currency, {**rates, currency: Fraction(1)}), basis)
    return tuple(_marginal(bill, root, traced=traced) for root in bom.roots)


def _marginal(bill: small.Bill, root: int, *, traced: bool) -> Marginal:
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
    return Marginal(counts, rests, within, left)


def sourced_after(bom: Bom, each: Alternative) -> tuple[Sequence[Sourced], Sequence[Sourced]]:
    """What the bar on contravening sources sees no longer, and sees then, where one source is exchanged."""
    if bom.sources.part[each.replaces] in bom.parent:  # what it is made of is bought no longer
        return sourced(bom), sourced(resourced(bom, [each]))
    if not bom.sources.awarded[each.replaces]:  # nothing is bought of it, whoever supplies it
        return [], []
    before = one(bom, each.replaces)
    countries, declared, perhaps = told(each.origin)
    return [before], [Sourced(before.part, countries, None, declared, each.supplier, before.kind, each.row, perhaps)]
