"""Why a line changed between two versions of a bill: what was changed in the file, and not what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from jointbuy.exact import Origin
from jointbuy.graph import outgoing
from jointbuy.model import Bom

_Source = tuple[Fraction | None, Fraction | None, str | None, Origin, Fraction]


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a bill by names; `rates` are in the currency of the newer contract, that itself included."""

    bom: Bom
    rates: Mapping[str, Fraction]
    own: str

    def of(self) -> _Named:
        """What it says of each part, found by its name."""
        bom, table = self.bom, self.bom.sources
        sources: dict[str, dict[str, _Source]] = {}
        for at, part in enumerate(table.part):
            price = table.price_low[at], table.price_high[at], table.currency[at]
            told = (*price, table.origin[at], table.awarded[at])
            sources.setdefault(bom.parts[part], {})[table.supplier[at] or ""] = told
        uses: dict[str, dict[str, Fraction]] = {}
        for part, edges in enumerate(outgoing(bom)):
            uses[bom.parts[part]] = {bom.parts[bom.child[edge]]: bom.quantity[edge] for edge in edges}
        users: dict[str, list[str]] = {}
        for name, below in uses.items():
            for child in below:
                users.setdefault(child, []).append(name)
        return _Named(sources, uses, users, self.rates, self.own)


@dataclass(frozen=True, slots=True)
class _Named:
    sources: Mapping[str, Mapping[str, _Source]]
    uses: Mapping[str, Mapping[str, Fraction]]
    users: Mapping[str, list[str]]
    rates: Mapping[str, Fraction]
    own: str


class Causes:
    """What changed, line by line; `traced`: what an assembly costs beyond its parts changes with these."""

    def __init__(self, old: Version, new: Version, *, traced: bool) -> None:
        self._old, self._new, self._traced = old.of(), new.of(), traced

    def __call__(self, part: str, supplier: str) -> tuple[str, ...]:
        """The causes of a change in what one supplier delivers of a part."""
        found = [*self._said(part, supplier, ""), *self._above(part), *self._below(part, supplier)]
        return tuple(dict.fromkeys(found))

    def _said(self, part: str, supplier: str, of: str) -> Iterator[str]:
        """What is said of a source; `of` names the part where another is spoken of."""
        one, two = (each.sources.get(part, {}).get(supplier) for each in (self._old, self._new))
        if one is None or two is None:
            return
        currency = two[2] or self._new.own
        if one[:2] != two[:2] or (one[2] or self._old.own) != currency:
            yield f"price{of}"
        elif two[0] is not None and self._old.rates.get(currency) != self._new.rates.get(currency):
            yield f"rate of {currency}"
        if not of and one[3] != two[3]:
            yield "origin"
        if one[4] != two[4]:
            yield f"share awarded{of}"

    def _above(self, part: str) -> Iterator[str]:
        """How many are in what uses it, and of that in what uses that in turn."""
        waiting, seen = [part], {part}
        while waiting:
            name = waiting.pop()
            users = dict.fromkeys([*self._old.users.get(name, ()), *self._new.users.get(name, ())])
            for user in users:
                one, two = (each.uses.get(user, {}).get(name) for each in (self._old, self._new))
                if one != two:
                    yield "quantity" if name == part else f"quantity of {name}"
                if user not in seen:
                    seen.add(user)
                    waiting.append(user)

    def _below(self, part: str, supplier: str) -> Iterator[str]:
        """What changed in what it is made of, down to what has a price."""
        source = self._new.sources.get(part, {}).get(supplier)
        if source and source[0] is not None and not self._traced:
            return
        waiting, seen = [part], {part}
        while waiting:
            name = waiting.pop()
            one, two = (each.uses.get(name, {}) for each in (self._old, self._new))
            for child in dict.fromkeys([*one, *two]):
                if one.get(child) != two.get(child):
                    yield f"quantity of {child}" if child in one and child in two else f"{child}, new or gone"
                stated = self._new.sources.get(child, {})
                for each in stated:
                    yield from self._said(child, each, f" of {child}")
                if child not in seen and (not stated or any(each[0] is None for each in stated.values())):
                    seen.add(child)
                    waiting.append(child)
