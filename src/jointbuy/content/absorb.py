"""Absorption: an assembly that passes the test itself counts whole as inside in what it goes into.

Customs law knows it as the absorption or roll-up principle for intermediate materials; the reverse, by which one that
fails counts whole as outside, as roll-down. Neither is monotone: a dearer part inside can turn an assembly, so where
prices are ranges the result is a bound, and said to be one.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from fractions import Fraction

from jointbuy.content.basis import Basis
from jointbuy.exact import ZERO, Parts, Range, best_excess, divided, share_range, worst_excess
from jointbuy.graph import exploded, outgoing, parents_first
from jointbuy.model import Bom, CostKind
from jointbuy.result import Absorbed

_NOTHING = Parts(ZERO, ZERO, ZERO)


def absorbed(
    bom: Bom,
    rates: Mapping[str, Fraction],
    basis: Basis,
    members: Container[str],
    limit: Fraction,
    *,
    both_ways: bool = False,
) -> tuple[Absorbed, ...]:
    """The share from outside `members` of every end product, assemblies tested against `limit` at every level.

    `rates` gives what one unit of each currency is worth, the contract's own included. In the parts here the part
    is what comes from outside. Raises KeyError for a currency without a rate.
    """
    edges, sources = outgoing(bom), _sources(bom)
    order = parents_first(bom.parent, bom.child, len(bom.parts))
    unit: dict[int, Parts] = {}
    for part in reversed(order):
        made = _NOTHING
        for edge in edges[part]:
            child = bom.child[edge]
            if _kind(bom, sources[child]) in basis.making:
                made = _plus(made, unit[child], bom.quantity[edge])
        unit[part] = _NOTHING if sources[part] else made
        for source in sources[part]:
            one = _worth(bom, source, made, rates, members)
            if edges[part] and part not in bom.phantoms:
                one = _tested(one, limit, both_ways=both_ways)
            unit[part] = _plus(unit[part], one, bom.sources.awarded[source])
    bound = any(low != high for low, high in zip(bom.sources.price_low, bom.sources.price_high, strict=True))
    found = []
    for root in bom.roots:
        whole = _NOTHING
        for part, quantity in exploded(bom, root, order, {root, *bom.phantoms}).items():
            if part != root and part not in bom.phantoms and _kind(bom, sources[part]) in basis.counted:
                whole = _plus(whole, unit[part], quantity)
        found.append(Absorbed(bom.parts[root], both_ways, share_range(whole), bound, whole))
    return tuple(found)


def _sources(bom: Bom) -> list[list[int]]:
    by_part: list[list[int]] = [[] for _ in bom.parts]
    for source, part in enumerate(bom.sources.part):
        by_part[part].append(source)
    return by_part


def _kind(bom: Bom, sources: list[int]) -> CostKind:
    return bom.sources.cost_kind[sources[0]] if sources else "component"


def _worth(bom: Bom, source: int, made: Parts, rates: Mapping[str, Fraction], members: Container[str]) -> Parts:
    """One part from a source: what it is made of as tested, and what it costs beyond that at its own origin."""
    table = bom.sources
    low, high, currency = table.price_low[source], table.price_high[source], table.currency[source]
    if low is None or high is None or currency is None:
        return made
    price = Range(low, high).times(rates[currency])
    spent = made.total
    own = Range(max(ZERO.low, price.low - spent.high), max(ZERO.low, price.high - spent.low))
    inside, outside, open_ = divided(table.origin[source], members)
    return _plus(made, Parts(own.times(outside), own.times(inside), own.times(open_)), Fraction(1))


def _tested(one: Parts, limit: Fraction, *, both_ways: bool) -> Parts:
    """An assembly after its own test; where the test is open, so is what the test would move."""
    if worst_excess(one, limit) <= 0:
        return Parts(ZERO, one.total, ZERO)
    open_ = best_excess(one, limit) <= 0
    if not both_ways:
        return Parts(ZERO, one.outside, one.inside + one.open) if open_ else one
    return Parts(ZERO, ZERO, one.total) if open_ else Parts(one.total, ZERO, ZERO)


def _plus(sum_: Parts, one: Parts, times: Fraction) -> Parts:
    return Parts(
        sum_.inside + one.inside.times(times),
        sum_.outside + one.outside.times(times),
        sum_.open + one.open.times(times),
    )
