"""What may be chosen for the parts of a purchase: options with their costs, and what cannot be had in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import product as each_of
from math import prod

from jointbuy.errors import JointbuyError
from jointbuy.exact import ZERO, Range
from jointbuy.flow.contents import quantities, rates_of
from jointbuy.graph import exploded, outgoing, parents_first
from jointbuy.model import Bom, Purchase
from jointbuy.money import rounded_minor
from jointbuy.remedy import Alternative, Change, TooLate

_MOST = 20_000
"""Options of parts that are tied together."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice for a part, or for parts that change together: none of it is "as it is".

    Costs are minor units over all end products, at the upper and at the lower end of what prices leave open.
    """

    alternatives: tuple[Alternative, ...] = ()
    cost: int = 0
    cost_low: int = 0


AS_IT_IS = Option()


@dataclass(frozen=True, slots=True)
class Offered:
    """Options by part, each time with "as it is" first, and pairs of sources that are never both changed."""

    groups: tuple[tuple[Option, ...], ...]
    apart: tuple[tuple[int, int], ...]
    too_late: tuple[TooLate, ...]

    @property
    def least(self) -> int:
        """What the cheapest options cost together, minor units, whatever rows they break."""
        return sum(min(option.cost for option in group) for group in self.groups)


class Prices:
    """What parts of a bill cost and how many of each are bought, in the contract's currency."""

    def __init__(self, bom: Bom, purchase: Purchase) -> None:
        self.bom, self.currency = bom, purchase.contract.currency
        self.rates = {self.currency: Fraction(1)} | rates_of(purchase)
        order = parents_first(bom.parent, bom.child, len(bom.parts))
        edges, bought = outgoing(bom), quantities(purchase)
        self.number: dict[int, Fraction] = defaultdict(Fraction)
        for root in bom.roots:
            many = bought.get(bom.parts[root])
            if many is None:
                name = bom.parts[root]
                do = "state its quantity under end_products: what is paid once stands beside what each one costs"
                raise JointbuyError(f"it is not stated how many of {name} are bought; {do}")
            for part, count in exploded(bom, root, order, edges=edges).items():
                self.number[part] += count * many
        sources: dict[int, list[int]] = defaultdict(list)
        for source, part in enumerate(bom.sources.part):
            sources[part].append(source)

        @cache
        def each(part: int) -> Range:
            if mine := sources.get(part):
                return sum((self.of(source).times(bom.sources.awarded[source]) for source in mine), ZERO)
            return made(part)

        @cache
        def made(part: int) -> Range:
            return sum((each(bom.child[edge]).times(bom.quantity[edge]) for edge in edges[part]), ZERO)

        self._made = made
        for part in reversed(order):  # so that no chain of parts is as deep as the program's own stack
            each(part)

    def of(self, source: int) -> Range:
        """What one part costs as it is: its price, or else what it is made of."""
        table = self.bom.sources
        low, high = table.price_low[source], table.price_high[source]
        if low is None or high is None:
            return self._made(table.part[source])
        return Range(low, high).times(self.rates[table.currency[source] or self.currency])

    def many(self, source: int) -> Fraction:
        """How many of a part come from a source, over all end products that are bought."""
        table = self.bom.sources
        return self.number[table.part[source]] * table.awarded[source]

    def change(self, one: Alternative) -> Change:
        """What one alternative would change, and what that costs."""
        table, at, many = self.bom.sources, one.replaces, self.many(one.replaces)
        before, after = self.of(at), one.price.times(self.rates[one.currency])
        name = self.bom.names[table.part[at]] if len(self.bom.names) else None
        high, low = (after.high - before.low) * many, (after.low - before.high) * many
        return Change(
            part=one.part,
            name=name,
            supplier_before=table.supplier[at],
            supplier=one.supplier,
            origin_before=tuple(table.origin[at]),
            origin=one.origin,
            each_before=before,
            each=after,
            number=many,
            qualification=rounded_minor(one.qualification, self.currency),
            cost=rounded_minor(high + one.qualification, self.currency),
            cost_low=rounded_minor(low + one.qualification, self.currency),
            lead_time=one.lead_time,
            available_from=one.available_from,
            together=one.together,
            row=one.row,
        )

    def option(self, alternatives: Iterable[Alternative]) -> Option:
        """Alternatives that are chosen together."""
        chosen = tuple(alternatives)
        changes = [self.change(each) for each in chosen]
        return Option(chosen, sum(each.cost for each in changes), sum(each.cost_low for each in changes))


def offered(bom: Bom, purchase: Purchase, alternatives: Sequence[Alternative], on: date | None) -> Offered:
    """The options of every part with alternatives that can be had in time. Raises JointbuyError.

    `on` is the day from which anything can be ordered; without it, that of the contract's signature.
    """
    prices, start = Prices(bom, purchase), on or purchase.events.signature
    late = [told for each in alternatives if (told := _late(each, purchase, start))]
    missing = {each.what for each in late}
    in_time = [each for each in alternatives if _named(each) not in missing]
    lost = {each.together for each in alternatives if each.together} - {each.together for each in in_time}
    broken = _broken(alternatives, in_time)
    in_time = [each for each in in_time if each.together not in broken]
    late += [
        TooLate(_named(each), f'"{each.together}" cannot be had whole: another part of it comes too late', each.row)
        for each in alternatives
        if each.together in broken - lost and _named(each) not in missing
    ]
    groups = tuple(tuple(map(prices.option, _options(tied))) for tied in _tied(in_time))
    return Offered(groups, tuple(_apart(bom, in_time)), tuple(late))


def _named(each: Alternative) -> str:
    return f"{each.part} from {each.supplier or 'another source'}"


def _late(each: Alternative, purchase: Purchase, start: date | None) -> TooLate | None:
    """Why an alternative cannot be had by the last delivery, where dates say so."""
    last = purchase.events.last_delivery
    begins = max((day for day in (each.available_from, start) if day), default=None)
    if last is None or begins is None:
        return None
    ready = begins + timedelta(days=each.lead_time or 0)
    if ready <= last:
        return None
    told = (
        f"ordered on {begins}, it is there on {ready}" if each.lead_time else f"it is there on {ready} at the soonest"
    )
    return TooLate(_named(each), f"{told}, after the last delivery on {last}", each.row)


def _broken(all_: Sequence[Alternative], in_time: Sequence[Alternative]) -> set[str | None]:
    """Labels of which a part has no alternative left."""
    left = {(each.together, each.replaces) for each in in_time}
    return {each.together for each in all_ if each.together and (each.together, each.replaces) not in left}


def _tied(alternatives: Sequence[Alternative]) -> Iterator[list[Alternative]]:
    """Alternatives by part, and those of parts that a label ties in one list."""
    of: dict[int, int] = {}

    def leads(source: int) -> int:
        while of.setdefault(source, source) != source:
            source = of[source]
        return source

    first: dict[str, int] = {}
    for each in alternatives:
        leads(each.replaces)
        if each.together:
            of[leads(each.replaces)] = leads(first.setdefault(each.together, each.replaces))
    groups: dict[int, list[Alternative]] = defaultdict(list)
    for each in alternatives:
        groups[leads(each.replaces)].append(each)
    yield from groups.values()


def _options(tied: Sequence[Alternative]) -> list[tuple[Alternative, ...]]:
    """Every choice of tied parts, "as it is" first: one source for each, and of a label all parts or none."""
    of: dict[int, list[Alternative | None]] = {}
    for each in tied:
        of.setdefault(each.replaces, [None]).append(each)
    number = prod(map(len, of.values()))
    if number > _MOST:
        labels = ", ".join(sorted({each.together for each in tied if each.together}))
        raise JointbuyError(
            f"the parts tied by {labels} can be combined in {number:,} ways, and at most {_MOST:,} are looked at; tie "
            "fewer parts together"
        )
    parts: dict[str, set[int]] = defaultdict(set)
    for each in tied:
        if each.together:
            parts[each.together].add(each.replaces)

    def whole(chosen: tuple[Alternative, ...]) -> bool:
        labels = {each.together for each in chosen if each.together}
        taken = {(each.together, each.replaces) for each in chosen}
        return all((label, part) in taken for label in labels for part in parts[label])

    choices = (tuple(each for each in pick if each is not None) for pick in each_of(*of.values()))
    return [chosen for chosen in choices if whole(chosen)]


def _apart(bom: Bom, alternatives: Sequence[Alternative]) -> Iterator[tuple[int, int]]:
    """Pairs of an assembly and a part in it: where the one is bought elsewhere, the other is no longer in the bill."""
    sources = sorted({each.replaces for each in alternatives})
    changed: Mapping[int, list[int]] = _by_part(bom, sources)
    edges = outgoing(bom)
    for source in sources:
        seen, ahead = set[int](), [bom.sources.part[source]]
        while ahead:
            for edge in edges[ahead.pop()]:
                child = bom.child[edge]
                if child not in seen:
                    seen.add(child)
                    ahead.append(child)
        yield from ((source, inner) for part in sorted(seen) for inner in changed.get(part, ()))


def _by_part(bom: Bom, sources: Iterable[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for source in sources:
        found[bom.sources.part[source]].append(source)
    return found
