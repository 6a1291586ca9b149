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


class Absorbing:
    """The share from outside of every end product, one way or both: what goes into no test is worked out once.

    `rates` gives what one unit of each currency is worth, the contract's own included. In the parts of the answer the
    part is what comes from outside; of that the composition tells the countries. Raises KeyError for a currency without
    a rate.
    """

    def __init__(self, bom: Bom, rates: Mapping[str, Fraction], members: Container[str], limit: Fraction) -> None:
        self._bom, self._rates, self._limit = bom, rates, limit
        self._edges, self._sources = outgoing(bom), _sources(bom)
        self._order = parents_first(bom.parent, bom.child, len(bom.parts))
        origins = {id(origin): origin for origin in bom.sources.origin}  # by the object: they are slow to look up by
        self._shares = {
            name: tuple((key, share) for key, share in _shared(origin, members) if share)
            for name, origin in origins.items()
        }
        self._leaves = {part: self._unit(part, {}) for part in self._order if not self._edges[part]}
        self._kind = [bom.sources.cost_kind[sources[0]] if sources else "component" for sources in self._sources]
        roots = frozenset(bom.roots)
        inside = zip(bom.parent, bom.child, strict=True)
        self._inside = frozenset(self._kind[child] for parent, child in inside if parent not in roots)
        prices = zip(bom.sources.price_low, bom.sources.price_high, strict=True)
        self._bound = any(low is not high and low != high for low, high in prices)
        self._units: dict[tuple[frozenset[CostKind], bool], dict[int, _Unit]] = {}
        self._made: dict[frozenset[CostKind], dict[int, _Unit]] = {}
        self._direct: dict[tuple[frozenset[CostKind], bool], tuple[dict[CostKind, _Unit], ...]] = {}
        self._origins: dict[str, Origin] = {_IN: INSIDE, _OUT: OUTSIDE, _OPEN: OPEN}

    def __call__(self, basis: Basis, *, both_ways: bool) -> tuple[Absorbed, ...]:
        """On a basis; with assemblies that fail counted whole as outside, or only those that pass as inside."""
        found = []
        for root, by_kind in zip(self._bom.roots, self._by_kind(basis, both_ways=both_ways), strict=True):
            whole_: _Unit = {}
            for kind, unit in by_kind.items():
                if kind in basis.counted:
                    for key, amount in unit.items():
                        whole_[key] = whole_.get(key, ZERO) + amount
            parts = _parts(whole_)
            told = {self._origin(key): amount for key, amount in whole_.items()}
            found.append(Absorbed(self._bom.parts[root], both_ways, share_range(parts), self._bound, parts, told))
        return tuple(found)

    def _by_kind(self, basis: Basis, *, both_ways: bool) -> tuple[dict[CostKind, _Unit], ...]:
        """By root what goes directly into it, by kind of cost."""
        key = basis.making & self._inside, both_ways
        if key not in self._direct:
            unit = self._tested(basis, both_ways=both_ways)
            found = []
            for root in self._bom.roots:
                by_kind: dict[CostKind, list[tuple[_Unit, Fraction]]] = {}
                first = exploded(self._bom, root, self._order, {root, *self._bom.phantoms}, self._edges)
                for part, quantity in first.items():
                    if part != root and part not in self._bom.phantoms:
                        by_kind.setdefault(self._kind[part], []).append((unit[part], quantity))
                found.append({kind: _sum(each) for kind, each in by_kind.items()})
            self._direct[key] = tuple(found)
        return self._direct[key]

    def _origin(self, key: str) -> Origin:
        """The same object each time: origins are slow to look up by."""
        return self._origins.setdefault(key, ((key, _ONE),))

    def _tested(self, basis: Basis, *, both_ways: bool) -> dict[int, _Unit]:
        """What one of each part comes to; the same on every basis on which the same stands inside of parts."""
        making = basis.making & self._inside
        if (making, both_ways) not in self._units:
            bom, unit = self._bom, dict(self._leaves)
            # Most assemblies are made of the same one way and both.
            other, alike = self._units.get((making, not both_ways), {}), self._made.setdefault(making, {})
            for part in reversed(self._order):
                if part not in unit:
                    edges = [edge for edge in self._edges[part] if self._kind[bom.child[edge]] in basis.making]
                    if part not in alike or any(unit[bom.child[edge]] != other[bom.child[edge]] for edge in edges):
                        alike[part] = _sum((unit[bom.child[edge]], bom.quantity[edge]) for edge in edges)
                    unit[part] = self._unit(part, alike[part], None if part in bom.phantoms else both_ways)
            self._units[making, both_ways] = unit
        return self._units[making, both_ways]

    def _unit(self, part: int, made: _Unit, tests: bool | None = None) -> _Unit:
        """One of a part from its suppliers, of what it is `made` of; `tests` says whether both ways, if at all."""
        table, sources = self._bom.sources, self._sources[part]
        bought = []
        for source in sources:
            one = _worth(self._bom, source, made, self._rates, self._shares[id(table.origin[source])])
            bought.append((one if tests is None else _tested(one, self._limit, both_ways=tests), table.awarded[source]))
        return _sum(bought) if bought else made


def _sources(bom: Bom) -> list[list[int]]:
    by_part: list[list[int]] = [[] for _ in bom.parts]
    for source, part in enumerate(bom.sources.part):
        by_part[part].append(source)
    return by_part


def _shared(origin: Origin, members: Container[str]) -> Iterator[tuple[str, Fraction]]:
    """The shares of an origin that are inside, outside and open."""
    for place, share in (*origin, (None, undeclared(origin))):
        one: Origin = () if place is None else ((place, _ONE),)
        inside, outside, open_ = divided(one, members)
        named = place if outside == 1 and isinstance(place, str) else _OUT
        yield from ((key, part * share) for key, part in ((_IN, inside), (named, outside), (_OPEN, open_)))


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
        own = own.beyond(_parts(made).total)
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
