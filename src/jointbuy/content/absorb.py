"""Absorption: an assembly that passes the test itself counts whole as inside in what it goes into.

Customs law knows it as the absorption or roll-up principle for intermediate materials; the reverse, by which one that
fails counts whole as outside, as roll-down. Neither is monotone: a dearer part inside can turn an assembly, so where
prices are ranges the result is a bound, and said to be one.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from fractions import Fraction

from jointbuy.content.basis import Basis
from jointbuy.exact import (
    BY_ABSORPTION,
    ZERO,
    Origin,
    Parts,
    Range,
    Sum,
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
_IN, _OUT, _OPEN = "+", "-", ""
"""The same while it is counted, where a country outside stands for itself: origins are slow to look up by."""
_Unit = dict[str, Range]
_ONE = Fraction(1)


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
    shares: dict[Origin, tuple[tuple[str, Fraction], ...]] = {
        origin: tuple((key, share) for key, share in _shared(origin, members) if share)
        for origin in dict.fromkeys(bom.sources.origin)
    }
    unit: dict[int, _Unit] = {}
    for part in reversed(order):
        counting = (edge for edge in edges[part] if _kind(bom, sources[bom.child[edge]]) in basis.making)
        made = _sum((unit[bom.child[edge]], bom.quantity[edge]) for edge in counting)
        bought = []
        for source in sources[part]:
            one = _worth(bom, source, made, rates, shares[bom.sources.origin[source]])
            if edges[part] and part not in bom.phantoms:
                one = _tested(one, limit, both_ways=both_ways)
            bought.append((one, bom.sources.awarded[source]))
        unit[part] = _sum(bought) if bought else made
    bound = any(low != high for low, high in zip(bom.sources.price_low, bom.sources.price_high, strict=True))
    found = []
    for root in bom.roots:
        first = exploded(bom, root, order, {root, *bom.phantoms}, edges)
        whole_ = _sum(
            (unit[part], quantity)
            for part, quantity in first.items()
            if part != root and part not in bom.phantoms and _kind(bom, sources[part]) in basis.counted
        )
        parts = _parts(whole_)
        told = {_origin(key): amount for key, amount in whole_.items()}
        found.append(Absorbed(bom.parts[root], both_ways, share_range(parts), bound, parts, told))
    return tuple(found)


def _sources(bom: Bom) -> list[list[int]]:
    by_part: list[list[int]] = [[] for _ in bom.parts]
    for source, part in enumerate(bom.sources.part):
        by_part[part].append(source)
    return by_part


def _kind(bom: Bom, sources: list[int]) -> CostKind:
    return bom.sources.cost_kind[sources[0]] if sources else "component"


def _shared(origin: Origin, members: Container[str]) -> Iterator[tuple[str, Fraction]]:
    """The shares of an origin that are inside, outside and open."""
    for place, share in (*origin, (None, undeclared(origin))):
        one: Origin = () if place is None else ((place, _ONE),)
        inside, outside, open_ = divided(one, members)
        named = place if outside == 1 and isinstance(place, str) else _OUT
        yield from ((key, part * share) for key, part in ((_IN, inside), (named, outside), (_OPEN, open_)))


def _origin(key: str) -> Origin:
    return {_IN: INSIDE, _OUT: OUTSIDE, _OPEN: OPEN}.get(key, ((key, _ONE),))


def _worth(
    bom: Bom, source: int, made: _Unit, rates: Mapping[str, Fraction], shares: Iterable[tuple[str, Fraction]]
) -> _Unit:
    """One part from a source: what it is made of as tested, and what it costs beyond that at its own origin."""
    table = bom.sources
    low, high, currency = table.price_low[source], table.price_high[source], table.currency[source]
    if low is None or high is None or currency is None:
        return made
    own = Range(low, high).times(rates[currency])
    if made:
        spent = _parts(made).total
        own = Range(max(ZERO.low, own.low - spent.high), max(ZERO.low, own.high - spent.low))
    found = dict(made)
    for key, share in shares:
        found[key] = found.get(key, ZERO) + own.times(share)
    return found


def _tested(one: _Unit, limit: Fraction, *, both_ways: bool) -> _Unit:
    """An assembly after its own test; where the test is open, so is what the test would move."""
    if len(one) == 1 and _IN in one:
        return one
    parts = _parts(one)
    if worst_excess(parts, limit) <= 0:
        return {_IN: parts.total}
    open_ = best_excess(parts, limit) <= 0
    if not both_ways:
        return {_IN: parts.outside, _OPEN: parts.inside + parts.open} if open_ else one
    return {_OPEN: parts.total} if open_ else {_OUT: parts.total}


def _parts(one: _Unit) -> Parts:
    """What is from outside, as the part, from inside and open."""
    outside = (amount for key, amount in one.items() if key not in {_IN, _OPEN})
    return Parts(sum(outside, ZERO), one.get(_IN, ZERO), one.get(_OPEN, ZERO))


def _sum(units: Iterable[tuple[_Unit, Fraction]]) -> _Unit:
    """So many of each together."""
    several = list(units)
    if len(several) == 1 and several[0][1] == 1:
        return several[0][0]
    sums: dict[str, Sum] = {}
    for one, times in several:
        for key, amount in one.items():
            sums.setdefault(key, Sum()).add(amount, times)
    return {key: sum_.total() for key, sum_ in sums.items()}
