"""Absorption as a function of what is chosen: each part's cost by where it counts, with a test for each assembly.

What `content.absorb` works out of one bill, in sums over the options of all: an assembly that passes its test counts
whole as inside, at every tier. Where prices are ranges, or origins open, it may pass, fail, or be open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import TypeAlias

from jointbuy import content as content_of
from jointbuy import law
from jointbuy.change import dated, dated_origin, resourced
from jointbuy.content.absorb import INSIDE, OUTSIDE
from jointbuy.content.basis import Basis
from jointbuy.decide.content_facts import UNIT
from jointbuy.decide.demands import Demand, excess_of
from jointbuy.errors import JointbuyError
from jointbuy.exact import ADDED, Origin, Range, divided, exactly, undeclared
from jointbuy.fix.amounts import Amounts, Linear, TimeIsUp
from jointbuy.flow.case import controlled, members_of
from jointbuy.flow.contents import basis_of, each_worth, limit_of, quantities, rates_of, read_as
from jointbuy.graph import exploded, outgoing, parents_first
from jointbuy.law import Act
from jointbuy.model import Bom, CostKind, Purchase
from jointbuy.parameters import View
from jointbuy.remedy import Alternative
from jointbuy.result import Content, ProductContent

_IN, _OUT, _OPEN, _ADDED = "+", "-", "", "="
"""What counts as inside, as outside, and what is open; a country stands for itself; what is no component."""
COLLECTION = "absorbed_products"


@dataclass(frozen=True, slots=True)
class Span:
    """An amount between two sums; both are one object where it is known."""

    low: Linear
    high: Linear

    def __add__(self, other: Span) -> Span:
        low = self.low + other.low
        same = self.low is self.high and other.low is other.high
        return Span(low, low if same else self.high + other.high)

    def __sub__(self, other: Span) -> Span:
        """Less what is part of it."""
        low = self.low - other.low
        same = self.low is self.high and other.low is other.high
        return Span(low, low if same else self.high - other.high)

    def times(self, factor: Fraction) -> Span:
        """The amount so many times, at least none."""
        low = self.low.times(factor)
        return Span(low, low if self.low is self.high else self.high.times(factor))

    @staticmethod
    def together(spans: Sequence[tuple[Span, Fraction]]) -> Span:
        """Many amounts, each so many times, at least none, added up at once."""
        low = Linear.together((one.low, times) for one, times in spans)
        if all(one.low is one.high for one, _ in spans):
            return Span(low, low)
        return Span(low, Linear.together((one.high, times) for one, times in spans))


def _span(amount: Range) -> Span:
    low = Linear(amount.low)
    return Span(low, low if amount.known else Linear(amount.high))


_Unit: TypeAlias = dict[str, Span]
_ZERO = _span(exactly(0))


def whole(unit: _Unit) -> Span:
    """All of it."""
    return Span.together([(each, Fraction(1)) for each in unit.values()])


class Absorption:
    """The parts of one bill as one act counts them by absorption."""

    def __init__(
        self,
        purchase: Purchase,
        stated: Bom,
        act: Act,
        view: View,
        options: Sequence[Sequence[Alternative]],
        demands: Sequence[Demand],
    ) -> None:
        self.view = view = replace(view, touched=set())
        self.purchase = purchase
        control, self.members = controlled(purchase, act, view), members_of(view)
        limit = limit_of(act, view)
        assert limit is not None  # noqa: S101 - without one nothing is absorbed
        self.limit, self.both = limit, view.chosen["components"].endswith("both ways")
        self.bom = read_as(dated(stated, self.members), control, act, view)
        self.inside = view.group(act.perimeter).members
        self.rates = {**rates_of(purchase), purchase.contract.currency: Fraction(1)}
        self.demands = tuple(demands)
        self.amounts = Amounts((), both=False)
        self.named = content_of.as_a_whole(self.inside, law.places().titles)
        self.known: dict[tuple[tuple[Fraction, Fraction], ...], str] = {}
        self.weight, self.shares = cache(self._weight), cache(self._shares)  # few are distinct
        self.sources: list[list[int]] = [[] for _ in self.bom.parts]
        for source, part in enumerate(self.bom.sources.part):
            self.sources[part].append(source)
        self.offers: dict[int, list[tuple[int, _Unit]]] = defaultdict(list)
        alone = replace(stated, parent=(), child=(), quantity=(), edge_row=())
        as_stated = self.bom.sources.origin == dated(stated, self.members).sources.origin
        for place, chosen in enumerate(options):
            for each in chosen:
                origin = dated_origin(each.origin, self.members)
                if not as_stated:  # as it is read where it stands in the bill
                    read = read_as(dated(resourced(alone, [each]), self.members), control, act, view)
                    origin = read.sources.origin[each.replaces]
                self.offers[each.replaces].append((place, self.bought(each, origin)))

    @property
    def simple(self) -> bool:
        """Whether in no row it hurts to pass a test, nor tells whether one that is not passed is failed or open."""
        table = self.bom.sources
        known = all(low == high for low, high in zip(table.price_low, table.price_high, strict=True))
        priced = {origin for origin, low in zip(table.origin, table.price_low, strict=True) if low is not None}
        known = known and not any(divided(origin, self.inside)[2] for origin in priced)
        units = [unit for offers in self.offers.values() for _, unit in offers]
        known = known and not any(
            _OPEN in unit or any(one.low is not one.high for one in unit.values()) for unit in units
        )
        for demand in self.demands:
            best = self.weight(demand, _IN)
            others = {self.weight(demand, key) for key in (_OUT, _OPEN, *law.places().titles) if key not in self.inside}
            if any(best[0] > low or best[1] > high for low, high in others) or not (known or len(others) == 1):
                return False
        return True

    def bought(self, each: Alternative, origin: Origin) -> _Unit:
        """One of a part from another source, at its origin."""
        worth = _span(each.price.times(self.rates[each.currency]))
        return {key: worth.times(share) for key, share in self.shares(origin)}

    def _shares(self, origin: Origin) -> list[tuple[str, Fraction]]:
        """The shares of an origin that are inside, outside and open; a country outside as one that counts alike."""
        found: dict[str, Fraction] = defaultdict(Fraction)
        for place, share in (*origin, (None, undeclared(origin))):
            inside, outside, open_ = divided(() if place is None else ((place, Fraction(1)),), self.inside)
            key = self.alike(place if outside == 1 and isinstance(place, str) else _OUT)
            for each, part in ((_IN, inside), (key, outside), (_OPEN, open_)):
                found[each] += part * share
        return [(key, share) for key, share in found.items() if share]

    def alike(self, key: str) -> str:
        """The first key that counts as this one does in every row."""
        counts = tuple(self.weight(demand, key) for demand in self.demands)
        return self.known.setdefault(counts, key)

    def _weight(self, demand: Demand, key: str) -> tuple[Fraction, Fraction]:
        """What one unit adds to the excess of a row at the lower end of its amount, and at the upper."""
        origin = {_IN: INSIDE, _OUT: OUTSIDE, _OPEN: (), _ADDED: ADDED}.get(key, ((key, Fraction(1)),))
        at = self.named.get(origin, origin)
        high = excess_of(demand, {at: Range(Fraction(0), Fraction(1))})
        return excess_of(demand, {at: exactly(1)}) - high, high

    def units(self, basis: Basis) -> dict[int, _Unit]:
        """What one of each part comes to, whatever is chosen."""
        bom, edges, units = self.bom, outgoing(self.bom), dict[int, _Unit]()
        for part in reversed(parents_first(bom.parent, bom.child, len(bom.parts))):
            below = [edge for edge in edges[part] if self.kind(bom.child[edge]) in basis.making]
            made = _together((units[bom.child[edge]], bom.quantity[edge]) for edge in below)
            if self.amounts.late():
                raise TimeIsUp
            units[part] = self.unit(part, made, tested=bool(edges[part]) and part not in bom.phantoms)
        return units

    def kind(self, part: int) -> CostKind:
        """The kind of cost of a part, by its first source."""
        sources = self.sources[part]
        return self.bom.sources.cost_kind[sources[0]] if sources else "component"

    def unit(self, part: int, made: _Unit, *, tested: bool) -> _Unit:
        """One of a part from its suppliers, of what it is `made` of.

        What another source takes the place of is as it is: no part of an assembly is changed beside the assembly.
        """
        if not self.sources[part]:
            return made
        found: list[tuple[_Unit, Fraction]] = []
        for source in self.sources[part]:
            one = self.worth(source, made)
            one = self.tested(self.bom.parts[part], one) if tested else one
            now = {key: self.as_it_is(amount) for key, amount in one.items()}
            for place, other in self.offers[source]:
                for key in dict.fromkeys((*now, *other)):
                    change = other.get(key, _ZERO) - now.get(key, _ZERO)
                    one = {**one, key: one.get(key, _ZERO) + _at(place, change)}
            found.append((one, self.bom.sources.awarded[source]))
        return _together(found)

    def as_it_is(self, amount: Span) -> Span:
        """What an amount is where nothing changes."""
        low = Linear(self.amounts.at_base(amount.low))
        return Span(low, low if amount.low is amount.high else Linear(self.amounts.at_base(amount.high)))

    def worth(self, source: int, made: _Unit) -> _Unit:
        """One part from a source: what it is made of as tested, and what it costs beyond that at its own origin."""
        table = self.bom.sources
        low, high, currency = table.price_low[source], table.price_high[source], table.currency[source]
        if low is None or high is None or currency is None:
            return made
        own = _span(Range(low, high).times(self.rates[currency]))
        if made:
            name = f"{self.bom.parts[table.part[source]]}: what it costs beyond its parts"
            spent = whole(made)
            least = self.amounts.above(name, own.low - spent.high)
            same = own.low is own.high and spent.low is spent.high
            own = Span(least, least if same else self.amounts.above(name, own.high - spent.low))
        found = dict(made)
        for key, share in self.shares(table.origin[source]):
            found[key] = found.get(key, _ZERO) + own.times(share)
        return found

    def tested(self, part: str, one: _Unit) -> _Unit:
        """An assembly after its own test; where the test is open, so is what the test would move."""
        if set(one) <= {_IN}:
            return one
        n, d = self.limit.numerator, self.limit.denominator
        inside, open_ = one.get(_IN, _ZERO), one.get(_OPEN, _ZERO)
        beyond = {key: amount for key, amount in one.items() if key not in {_IN, _OPEN}}
        outside, every = whole(beyond), whole(one)
        worst = (outside.high + open_.high).times(Fraction(d - n)) - inside.low.times(Fraction(n))
        passes = self.amounts.test(f"{part} keeps the limit", worst)
        if not self.amounts.both or (_OPEN not in one and all(each.low is each.high for each in one.values())):
            if self.both:
                within = self.where(part, passes, every)
                return {_IN: within, _OUT: every - within}
            moved = {key: self.where(part, passes, amount, every) for key, amount in one.items() if key != _IN}
            return {_IN: inside + whole(moved), **{key: one[key] - amount for key, amount in moved.items()}}
        best = outside.low.times(Fraction(d - n)) - (inside.high + open_.high).times(Fraction(n))
        fails = self.amounts.test(f"{part} breaks the limit", Linear() - best, strictly=True)
        if self.both:
            counts = {_IN: self.where(part, passes, every), _OUT: self.where(part, fails, every)}
            return {**counts, _OPEN: every - whole(counts)}
        moved = {key: self.where(part, passes, amount, every) for key, amount in one.items() if key != _IN}
        stays = {key: self.where(part, fails, amount) for key, amount in beyond.items()}
        left = open_ + outside - whole(moved) - whole(stays)
        return {**stays, _IN: inside + whole(moved), _OPEN: left}

    def where(self, part: str, test: Linear, amount: Span, of: Span | None = None) -> Span:
        """An amount where a test holds; what is from outside `of` a whole that passes is within the limit."""
        name = f"{part} as tested"
        most = None if of is None else self.limit * self.amounts.span(of.high)[1]
        low = self.amounts.where(name, test, amount.low, most)
        return Span(low, low if amount.low is amount.high else self.amounts.where(name, test, amount.high, most))

    def products(self, unit: str) -> list[_Unit]:
        """What each end product comes to, or all of them together."""
        bom, basis = self.bom, basis_of(self.bom, self.view)
        units, order = self.units(basis), parents_first(bom.parent, bom.child, len(bom.parts))
        bought, found = quantities(self.purchase), list[_Unit]()
        for root in bom.roots:
            numbers = exploded(bom, root, order, {root, *bom.phantoms})
            counted = [at for at in numbers if at not in {root, *bom.phantoms} and self.kind(at) in basis.counted]
            found.append(_together((units[part], numbers[part]) for part in counted))
        if unit != "whole contract":
            return found
        each = (bought[bom.parts[root]] or Fraction(0) for root in bom.roots)
        return [_together(zip(found, each, strict=True))]

    def excesses(self, content: Content, amounts: Amounts) -> dict[Demand, Linear]:
        """By how much each row is missed, whatever is chosen; `content` is that of the bill as it is.

        The tests and amounts go into `amounts`.
        """
        self.amounts = amounts
        unit = self.view.reading(UNIT) if UNIT in self.view.readings and len(self.bom.roots) > 1 else ""
        products, found = self.products(unit), dict[Demand, Linear]()
        values = [self.value(product, unit) for product in content.absorbed]
        for demand in self.demands:
            made, value = products[demand.place], values[demand.place]
            if value is not None:
                spent, name = whole(made), "what the value is beyond components"
                ends = (Linear(value.low) - spent.high, Linear(value.high) - spent.low)
                made = {**made, _ADDED: Span(*(self.amounts.above(name, each) for each in ends))}
            excess = Linear()
            for key, amount in made.items():
                low, high = self.weight(demand, key)
                excess = excess + amount.low.times(low) + amount.high.times(high)
            found[demand] = excess
        return found

    def value(self, product: ProductContent, unit: str) -> Range | None:
        """What a product is measured against; None for what its components cost."""
        base = self.view.reading("base")
        if base == "component cost":
            return None
        value = product.value if base == "product value" else each_worth(self.purchase, unit)
        if value is None:
            why = (
                f"{product.product} has no stated value, and with absorption fix needs one to measure the share against"
            )
            raise JointbuyError(f"{why}: state the price of the end product, or measure against component cost")
        return value


def _together(units: Iterable[tuple[_Unit, Fraction]]) -> _Unit:
    """So many of each."""
    found: dict[str, list[tuple[Span, Fraction]]] = {}
    for one, times in units:
        for key, amount in one.items():
            found.setdefault(key, []).append((amount, times))
    return {key: Span.together(each) for key, each in found.items()}


def _at(place: int, change: Span) -> Span:
    """A known change, where an option is chosen."""
    low = Linear(terms={place: change.low.fixed} if change.low.fixed else {})
    same = change.low is change.high
    return Span(low, low if same else Linear(terms={place: change.high.fixed} if change.high.fixed else {}))
