"""Where the value of an end product comes from.

Two methods, each a reading of "components" and their origin (law.md §7, 1 and 2):

* first level: the parts that go directly into the end product, each whole, at its own declared
  origin. One that nobody declared is undeclared; it is not silently traced.
* traced: down to the parts that have no bill of their own; what an assembly costs beyond its
  parts counts at the assembly's own origin.

Costs are rolled up once into a cube origin x currency x cost kind; country groups, exchange rates
and limits are then small reductions (architecture, decision 2). All amounts are exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from jointbuy.collector import resting
from jointbuy.errors import Problem, Unusable
from jointbuy.exact import ZERO, Range
from jointbuy.graph import exploded, outgoing, parents_first
from jointbuy.model import Bom, CostKind, Country
from jointbuy.result import Cell, Content, Line, ProductContent, Sourced

FIRST_LEVEL = "first-level components"
TRACED = "traced to source"

COUNTED: frozenset[CostKind] = frozenset({"component", "raw material", "software", "transport", "duty"})
"""Cost kinds that are component cost (law.md §7, 4: purchase or make cost with inbound transport and duty)."""
MAKING: frozenset[CostKind] = COUNTED | {"final assembly", "test", "overhead"}
"""Kinds that are part of a component's own make cost, when they stand inside of it."""

_MOST = 10**30
"""Above this no cost or denominator is taken for real."""

ByCurrency = Mapping[str, Range]


@dataclass(frozen=True, slots=True)
class _Bill:
    """A bill with what both methods need: edges out, order, sources by part, and unit costs by currency."""

    bom: Bom
    currency: str
    rates: Mapping[str, Fraction]
    edges: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]
    sources: tuple[tuple[int, ...], ...]
    parts_cost: Mapping[int, ByCurrency]
    """What the children of one part cost together, for parts that have children."""

    def price(self, source: int) -> ByCurrency | None:
        """Price of one part from this source, by currency; None when it has none of its own."""
        low, high = self.bom.sources.price_low[source], self.bom.sources.price_high[source]
        if low is None or high is None:
            return None
        return {self.bom.sources.currency[source] or self.currency: Range(low, high)}

    def worth(self, amount: ByCurrency) -> Range:
        """An amount in the contract's currency."""
        return _total(value.times(self.rates[currency]) for currency, value in amount.items())


@resting()
def roll_up(bom: Bom, currency: str, rates: Mapping[str, Fraction]) -> Content:
    """Content of every end product of a bill without cycles, in `currency`.

    `rates` gives what one unit of each other currency is worth in `currency`, exactly.
    Raises KeyError for a currency without a rate; the reader refuses such a bill before.
    """
    bill = _prepare(bom, currency, {**rates, currency: Fraction(1)})
    notes: list[str] = []
    first = tuple(_first_level(bill, root) for root in bom.roots)
    traced = tuple(_traced(bill, root, notes) for root in bom.roots)
    return Content(currency, first, traced, _sourced(bill), tuple(notes))


def _prepare(bom: Bom, currency: str, rates: Mapping[str, Fraction]) -> _Bill:
    by_part: list[list[int]] = [[] for _ in bom.parts]
    for source, part in enumerate(bom.sources.part):
        by_part[part].append(source)
    sources = tuple(tuple(each) for each in by_part)
    order = parents_first(bom.parent, bom.child, len(bom.parts))
    costs: dict[int, ByCurrency] = {}
    bill = _Bill(bom, currency, rates, outgoing(bom), order, sources, costs)
    for part in reversed(order):
        if bill.edges[part]:
            costs[part] = _sum(
                (_unit_cost(bill, bom.child[edge]), bom.quantity[edge])
                for edge in bill.edges[part]
                if _kind(bill, bom.child[edge]) in MAKING
            )
            _within_reason(bill, part, costs[part])
    return bill


def _within_reason(bill: _Bill, part: int, cost: ByCurrency) -> None:
    """Quantities that multiply beyond all sense are a slip of the pen, or meant to exhaust the machine."""
    for value in cost.values():
        if value.high > _MOST or value.high.denominator > _MOST**4:
            row = bill.bom.edge_row[bill.edges[part][0]]
            what = f"the parts of {bill.bom.parts[part]} cost more than anything can, or in impossibly small fractions"
            raise Unusable(
                [Problem(what, row, "quantities multiply from level to level", "check the quantities below it")]
            )


def _unit_cost(bill: _Bill, part: int) -> ByCurrency:
    """What one part costs: its price, or its parts; sources in the shares awarded to them."""
    made: ByCurrency = bill.parts_cost.get(part, {})
    if not bill.sources[part]:
        return made
    awarded = bill.bom.sources.awarded
    return _sum((_price_or(bill, source, made), awarded[source]) for source in bill.sources[part])


def _price_or(bill: _Bill, source: int, made: ByCurrency) -> ByCurrency:
    price = bill.price(source)
    return made if price is None else price


def _kind(bill: _Bill, part: int) -> CostKind:
    return bill.bom.sources.cost_kind[bill.sources[part][0]] if bill.sources[part] else "component"


def _first_level(bill: _Bill, root: int) -> ProductContent:
    bom, lines, cube, left_out = bill.bom, [], _Cube(), _Cube()
    quantities: dict[int, Fraction] = defaultdict(Fraction)
    for edge in bill.edges[root]:
        quantities[bom.child[edge]] += bom.quantity[edge]
    for part, quantity in quantities.items():
        for line, cost in _bought(bill, part, quantity, (bom.parts[root],)):
            counted = line.cost_kind in COUNTED
            (cube if counted else left_out).add(bill, line, cost)
            if counted:
                lines.append(line)
    kept = {part: quantity for part, quantity in quantities.items() if _kind(bill, part) in COUNTED}
    below = tuple(_below(bill, root, kept))
    return ProductContent(bom.parts[root], FIRST_LEVEL, tuple(lines), cube.cells(), left_out.cells(), below)


def _bought(
    bill: _Bill, part: int, quantity: Fraction, above: tuple[str, ...]
) -> Iterator[tuple[Line, dict[str, Range]]]:
    """So many of a part, whole, from each of its suppliers: the line, and its cost by currency."""
    made: ByCurrency = bill.parts_cost.get(part, {})
    for source in bill.sources[part]:
        share = quantity * bill.bom.sources.awarded[source]
        cost = {name: value.times(share) for name, value in _price_or(bill, source, made).items()}
        yield _line(bill, source, cost, (*above, bill.bom.parts[part])), cost


def _below(bill: _Bill, root: int, quantities: Mapping[int, Fraction]) -> Iterator[Line]:
    """What stands directly in the parts of the first level and is part of their cost."""
    bom = bill.bom
    for part, quantity in quantities.items():
        for edge in bill.edges[part]:
            if _kind(bill, bom.child[edge]) in MAKING:
                above = (bom.parts[root], bom.parts[part])
                bought = _bought(bill, bom.child[edge], quantity * bom.quantity[edge], above)
                yield from (line for line, _ in bought)


def _traced(bill: _Bill, root: int, notes: list[str]) -> ProductContent:
    bom, lines, cube, left_out = bill.bom, [], _Cube(), _Cube()
    quantities = exploded(bom, root, bill.order)
    first_level = {bom.child[edge] for edge in bill.edges[root]}
    dropped = _below_left_out(bill, root, quantities)
    for part, quantity in quantities.items():
        if part == root or part in dropped:
            continue
        counted = _kind(bill, part) in (COUNTED if part in first_level else MAKING)
        for source in bill.sources[part]:
            cost = _own_cost(bill, part, source, notes)
            share = quantity * bom.sources.awarded[source]
            cost = {name: value.times(share) for name, value in cost.items()}
            if not any(value.high for value in cost.values()):
                continue  # made entirely of its parts: they are counted
            line = _line(bill, source, cost, (bom.parts[root], bom.parts[part]))
            (cube if counted else left_out).add(bill, line, cost)
            if counted:
                lines.append(line)
    return ProductContent(bom.parts[root], TRACED, tuple(lines), cube.cells(), left_out.cells())


def _below_left_out(bill: _Bill, root: int, quantities: Mapping[int, Fraction]) -> frozenset[int]:
    """Parts that stand only inside something that is no component cost, such as spares with a bill of their own."""
    kept = {root}
    first_level = {bill.bom.child[edge] for edge in bill.edges[root]}
    for part in bill.order:
        if part in kept:
            for edge in bill.edges[part]:
                child = bill.bom.child[edge]
                if part == root or _kind(bill, part) in (COUNTED if part in first_level else MAKING):
                    kept.add(child)
    return frozenset(quantities) - kept


def _own_cost(bill: _Bill, part: int, source: int, notes: list[str]) -> ByCurrency:
    """Price of a part less what its own parts cost; nothing when it has no price of its own."""
    price, below = bill.price(source), bill.parts_cost.get(part)
    if price is None:
        return {}
    if below is None:
        return price
    name = next(iter(price))
    paid, spent = bill.worth(price), bill.worth(below)
    if spent.low > paid.high:
        note = f"{bill.bom.parts[part]} costs less than its own parts do; traced, its parts count in full"
        if note not in notes:
            notes.append(note)
    rest = Range(max(Fraction(0), paid.low - spent.high), max(Fraction(0), paid.high - spent.low))
    return {name: rest.times(1 / bill.rates[name])}


def _line(bill: _Bill, source: int, cost: ByCurrency, path: tuple[str, ...]) -> Line:
    table = bill.bom.sources
    part = table.part[source]
    return Line(
        part=bill.bom.parts[part],
        name=bill.bom.names[part],
        supplier=table.supplier[source],
        origin=table.origin[source],
        supplied_from=table.supplied_from[source],
        amount=bill.worth(cost),
        currency=next(iter(cost)) if len(cost) == 1 else "several",
        cost_kind=table.cost_kind[source],
        path=path,
        row=table.row[source],
    )


class _Cube:
    """Amounts by origin, currency and cost kind, in the contract's currency."""

    def __init__(self) -> None:
        self.amounts: dict[tuple[Country | None, str, CostKind], Range] = {}

    def add(self, bill: _Bill, line: Line, cost: ByCurrency) -> None:
        shares: list[tuple[Country | None, Fraction]] = [*line.origin]
        if line.undeclared:
            shares.append((None, line.undeclared))
        for currency, value in cost.items():
            worth = value.times(bill.rates[currency])
            for origin, share in shares:
                key = (origin, currency, line.cost_kind)
                self.amounts[key] = self.amounts.get(key, ZERO) + worth.times(share)

    def cells(self) -> tuple[Cell, ...]:
        keys = sorted(self.amounts, key=lambda key: (key[0] or "~", key[1], key[2]))
        return tuple(Cell(*key, self.amounts[key]) for key in keys)


def _sourced(bill: _Bill) -> tuple[Sourced, ...]:
    """Every part that is bought somewhere, at any tier. What is made of its parts and has no supplier is not bought."""
    table, found = bill.bom.sources, []
    for source, part in enumerate(table.part):
        bought = table.supplier[source] or table.price_low[source] is not None or not bill.edges[part]
        if part in bill.bom.roots or not bought:
            continue
        origins = [country for country, share in table.origin[source] if share]
        supplied_from = table.supplied_from[source]
        countries = {*origins, supplied_from} if supplied_from else {*origins}
        found.append(
            Sourced(
                part=bill.bom.parts[part],
                countries=tuple(sorted(countries)),
                supplied_from=supplied_from,
                declared=sum((share for _, share in table.origin[source]), Fraction(0)) == 1,
                supplier=table.supplier[source],
                row=table.row[source],
            )
        )
    return tuple(found)


def _sum(amounts: Iterable[tuple[ByCurrency, Fraction]]) -> ByCurrency:
    total: dict[str, Range] = {}
    for amount, factor in amounts:
        for currency, value in amount.items():
            total[currency] = total.get(currency, ZERO) + value.times(factor)
    return total


def _total(ranges: Iterable[Range]) -> Range:
    total = ZERO
    for each in ranges:
        total = total + each
    return total
