"""What alternatives weigh in rows where that is a plain sum: by how often prices count, and no roll-up for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import repeat

from jointbuy.change import dated, dated_origin
from jointbuy.content import origins
from jointbuy.content.marginal import Marginal, leaving, marginal, sourced_after
from jointbuy.decide.content_facts import UNIT
from jointbuy.decide.demands import Demand, excess_of, fails
from jointbuy.exact import ADDED, ZERO, Origin, Range, exactly
from jointbuy.flow.case import controlled, members_of
from jointbuy.flow.contents import basis_of, keeps_apart, rates_of
from jointbuy.law import Act
from jointbuy.model import Bom, Purchase
from jointbuy.parameters import View
from jointbuy.remedy import Alternative
from jointbuy.result import Content, Sourced


@dataclass(frozen=True, slots=True)
class Linear:
    """A purchase as an act sees it, as a function of single sources."""

    purchase: Purchase
    bom: Bom
    view: View
    products: tuple[Marginal, ...]
    rates: dict[str, Fraction]
    traced: bool
    made: frozenset[int]
    members: Mapping[str, frozenset[str]]
    """Of groups that an origin may name, on the day."""
    gone: Callable[[int], Sequence[Sourced]]
    """By source what leaves the bill where another is bought instead."""
    room: tuple[Fraction, ...] | None = None
    """By product what the value it is measured against is beyond its components, at the least; None without a value."""

    def weighs(self, demand: Demand, each: Alternative) -> Fraction:
        """What one alternative adds to the excess of a row."""
        each = replace(each, origin=dated_origin(each.origin, self.members))
        if demand.kind != "share":
            bad = fails(demand, self.purchase)
            before, after = sourced_after(self.bom, each, self.gone)
            return Fraction(sum(map(bad, after)) - sum(map(bad, before)))
        product, at = self.products[demand.place], each.replaces
        old, new = self._stood(at), each.price.times(self.rates[each.currency])
        if self._opened(at):
            return self._whole(demand, product, each, new.low - old.low)
        found = product.counts.get(at, Fraction(0)) * (
            _worth(demand, each.origin, new) - _worth(demand, tuple(self.bom.sources.origin[at]), old)
        )
        more = new.low - old.low  # where it counts in others', both are one number
        elsewhere = (*product.rests.get(at, ()), *product.within.get(at, ()))
        for other, weight in elsewhere:
            found += weight * more * _worth(demand, tuple(self.bom.sources.origin[other]), exactly(1))
        if self.room is not None:  # what components cost more, the value has less beside them
            low, high = _of_one(demand, ADDED)
            beside, counts = more * sum((weight for _, weight in elsewhere), Fraction(0)), product.counts.get(at, 0)
            found -= low * (counts * (new.high - old.high) + beside) + high * (counts * more + beside)
        return found

    def _opened(self, source: int) -> bool:
        """Whether what stands in an assembly is counted in its place, and leaves the bill with it."""
        return self.traced and self.bom.sources.part[source] in self.made

    def _whole(self, demand: Demand, product: Marginal, each: Alternative, more: Fraction) -> Fraction:
        """What it adds where an assembly is bought whole: what it was made of counts no longer."""
        origins, at = self.bom.sources.origin, each.replaces
        places = product.rests.get(at, ())
        often = sum((weight for other, weight in places if other == at), Fraction(0))
        found = often * _worth(demand, each.origin, each.price.times(self.rates[each.currency]))
        for other, amount in product.units.get(at, ()):
            found -= often * _worth(demand, tuple(origins[other]), exactly(amount))
        for other, weight in places:
            if other != at:
                found += weight * more * _worth(demand, tuple(origins[other]), exactly(1))
        return found

    def _stood(self, source: int) -> Range:
        """What one part costs now, in the contract's currency; nothing where no price is stated."""
        table = self.bom.sources
        low, high = table.price_low[source] or Fraction(0), table.price_high[source] or Fraction(0)
        return Range(low, high).times(self.rates[table.currency[source] or self.purchase.contract.currency])

    def plain(self, each: Alternative) -> bool:
        """Whether one amount takes the place of another, and nothing else of what counts changes with it.

        Of a range that is so where it counts in one place alone: in several it is one amount all the same.
        """
        table, at = self.bom.sources, each.replaces
        if table.price_low[at] is None:
            return False
        if self._opened(at):
            # It is plain where all that was in it is one number, wherever it counts, and no value is beside it.
            often = (dict(product.rests.get(at, ())).get(at) for product in self.products)
            parts = (at in product.units for product in self.products)
            known = all(one or not times for one, times in zip(parts, often, strict=True))
            return each.price.known and self.room is None and known
        known = each.price.known and table.price_low[at] == table.price_high[at]
        return known or not any(product.rests.get(at) or product.within.get(at) for product in self.products)

    def keeps(self, alternatives: Iterable[Alternative]) -> bool:
        """Whether no assembly can come to cost less than its parts, whatever is chosen: else it is no plain sum."""
        dearer: dict[int, Fraction] = {}
        for each in alternatives:
            more = each.price.high * self.rates[each.currency] - self._stood(each.replaces).low
            dearer[each.replaces] = max(dearer.get(each.replaces, Fraction(0)), more)
        for product in self.products:
            left = dict(product.left)
            for source, more in dearer.items():
                for rest, weight in product.rests.get(source, ()):
                    left[rest] += min(Fraction(0), weight * more)
            if any(amount < 0 for amount in left.values()):
                return False
        return self.room is None or all(map(self._fits, self.products, self.room, repeat(dearer)))

    @staticmethod
    def _fits(product: Marginal, room: Fraction, dearer: Mapping[int, Fraction]) -> bool:
        """Whether a product's components cannot come to cost more than the value it is measured against."""
        most = Fraction(0)
        for source, more in dearer.items():
            places = (*product.rests.get(source, ()), *product.within.get(source, ()))
            often = product.counts.get(source, Fraction(0)) + sum((weight for _, weight in places), Fraction(0))
            most += max(Fraction(0), often * more)
        return most <= room


@lru_cache(maxsize=4096)
def _of_one(demand: Demand, origin: Origin) -> tuple[Fraction, Fraction]:
    """What one unit of an origin adds to the excess of a row, at the lower end of an amount and at the upper."""
    high = excess_of(demand, {origin: Range(Fraction(0), Fraction(1))})
    return excess_of(demand, {origin: exactly(1)}) - high, high


def _worth(demand: Demand, origin: Origin, amount: Range) -> Fraction:
    """What an amount of an origin adds to the excess of a row, in the worst completion."""
    low, high = _of_one(demand, origin)
    return low * amount.low + high * amount.high


def linear(
    purchase: Purchase,
    stated: Bom | None,
    act: Act,
    view: View,
    content: Content | None = None,
    replaced: Iterable[int] = (),
) -> Linear | None:
    """The purchase as such a function; None where it is none: another base, or other origins, are asked for.

    Measured against a value it is one where that is stated, and `content`, that of the purchase as it is, tells of each
    product what lies between it and what the components cost. `replaced` are sources that others may take the place of.
    """
    view = replace(view, touched=set())
    if stated is None:
        return None
    if UNIT in view.readings and len(stated.roots) > 1 and view.reading(UNIT) == "whole contract":
        return None
    members = members_of(view)
    bom = dated(stated, members)
    control = controlled(purchase, act, view)
    if origins.read_under(origins.questions(bom, control, view.chosen), view) != origins.AS_STATED:
        return None
    if keeps_apart(bom, view):
        return None
    own, rates = purchase.contract.currency, rates_of(purchase)
    traced, room = view.reading("components") == "traced", None
    if (base := view.reading("base")) != "component cost":
        room = _room(content, base, traced=traced)
        if room is None:
            return None
    products = marginal(bom, own, rates, basis_of(bom, view), traced=traced, replaced=replaced)
    if products is None:
        return None
    made = frozenset(bom.parent)
    return Linear(purchase, bom, view, products, {**rates, own: Fraction(1)}, traced, made, members, leaving(bom), room)


def _room(content: Content | None, base: str, *, traced: bool) -> tuple[Fraction, ...] | None:
    """What a stated value is beyond components, by product; None where one is not stated, or may be all components."""
    if content is None:
        return None
    measured = content.traced if traced else content.products
    if base == "product value" and any(each.value is None for each in measured):
        return None
    found = tuple(each.composition.get(ADDED, ZERO).low for each in measured)
    return found if measured and all(each > 0 for each in found) else None
