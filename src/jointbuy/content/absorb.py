"""Absorption: an assembly that passes the test itself counts whole as inside in what it goes into.

Customs law knows it as the absorption or roll-up principle for intermediate materials; the reverse, by which one that
fails counts whole as outside, as roll-down. Neither is monotone: a dearer part inside can turn an assembly, so where
prices are ranges the result is a bound, and said to be one.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from fractions import Fraction

from jointbuy.content.basis import Basis
from jointbuy.exact import (
    BY_ABSORPTION,
    ZERO,
    Composition,
    Origin,
    Parts,
    Range,
    best_excess,
    divided,
    share_range,
    undeclared,
    whole,
    worst_excess,
)
from jointbuy.graph import exploded, outgoing, parents_first
from jointbuy.model import Bom, CostKind
from jointbuy.result import Absorbed

INSIDE, OUTSIDE, OPEN = whole(BY_ABSORPTION, ()), whole("outside", ()), ()
"""What counts as inside, what as outside without a country, and what is open; other origins are outside."""


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
    is what comes from outside; of that the composition tells the countries. Raises KeyError for a currency without a
    rate.
    """
    edges, sources = outgoing(bom), _sources(bom)
    order = parents_first(bom.parent, bom.child, len(bom.parts))
    unit: dict[int, Composition] = {}
    for part in reversed(order):
        made: Composition = {}
        for edge in edges[part]:
            child = bom.child[edge]
            if _kind(bom, sources[child]) in basis.making:
                made = _plus(made, unit[child], bom.quantity[edge])
        unit[part] = {} if sources[part] else made
        for source in sources[part]:
            one = _worth(bom, source, made, rates, members)
            if edges[part] and part not in bom.phantoms:
                one = _tested(one, limit, both_ways=both_ways)
            unit[part] = _plus(unit[part], one, bom.sources.awarded[source])
    bound = any(low != high for low, high in zip(bom.sources.price_low, bom.sources.price_high, strict=True))
    found = []
    for root in bom.roots:
        whole_: Composition = {}
        for part, quantity in exploded(bom, root, order, {root, *bom.phantoms}).items():
            if part != root and part not in bom.phantoms and _kind(bom, sources[part]) in basis.counted:
                whole_ = _plus(whole_, unit[part], quantity)
        parts = _parts(whole_)
        found.append(Absorbed(bom.parts[root], both_ways, share_range(parts), bound, parts, whole_))
    return tuple(found)


def _sources(bom: Bom) -> list[list[int]]:
    by_part: list[list[int]] = [[] for _ in bom.parts]
    for source, part in enumerate(bom.sources.part):
        by_part[part].append(source)
    return by_part


def _kind(bom: Bom, sources: list[int]) -> CostKind:
    return bom.sources.cost_kind[sources[0]] if sources else "component"


def _worth(
    bom: Bom, source: int, made: Composition, rates: Mapping[str, Fraction], members: Container[str]
) -> Composition:
    """One part from a source: what it is made of as tested, and what it costs beyond that at its own origin."""
    table = bom.sources
    low, high, currency = table.price_low[source], table.price_high[source], table.currency[source]
    if low is None or high is None or currency is None:
        return made
    price = Range(low, high).times(rates[currency])
    spent = _parts(made).total
    own = Range(max(ZERO.low, price.low - spent.high), max(ZERO.low, price.high - spent.low))
    shares: dict[Origin, Fraction] = {}
    for place, share in (*table.origin[source], (None, undeclared(table.origin[source]))):
        origin: Origin = () if place is None else ((place, Fraction(1)),)
        inside, outside, open_ = divided(origin, members)
        for key, part in ((INSIDE, inside), (origin if outside == 1 else OUTSIDE, outside), (OPEN, open_)):
            if part * share:
                shares[key] = shares.get(key, Fraction(0)) + part * share
    return _plus(made, {origin: own.times(share) for origin, share in shares.items()}, Fraction(1))


def _tested(one: Composition, limit: Fraction, *, both_ways: bool) -> Composition:
    """An assembly after its own test; where the test is open, so is what the test would move."""
    parts = _parts(one)
    if worst_excess(parts, limit) <= 0:
        return {INSIDE: parts.total}
    open_ = best_excess(parts, limit) <= 0
    if not both_ways:
        return {INSIDE: parts.outside, OPEN: parts.inside + parts.open} if open_ else one
    return {OPEN: parts.total} if open_ else {OUTSIDE: parts.total}


def _parts(one: Composition) -> Parts:
    """What is from outside, as the part, from inside and open."""
    outside = (amount for origin, amount in one.items() if origin not in {INSIDE, OPEN})
    return Parts(sum(outside, ZERO), one.get(INSIDE, ZERO), one.get(OPEN, ZERO))


def _plus(sum_: Composition, one: Composition, times: Fraction) -> Composition:
    found = dict(sum_)
    for origin, amount in one.items():
        found[origin] = found.get(origin, ZERO) + amount.times(times)
    return found
