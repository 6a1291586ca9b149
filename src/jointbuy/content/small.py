"""Roll-up in plain exact numbers: for bills of up to some 50,000 uses, and the measure of the compiled loops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from jointbuy.collector import resting
from jointbuy.content.basis import FIRST_LEVEL, MOST, RAW, SENSELESS, TRACED, Basis
from jointbuy.content.sourced import sourced
from jointbuy.errors import Problem, Unusable
from jointbuy.exact import ZERO, Origin, Place, Range
from jointbuy.graph import exploded, outgoing, parents_first
from jointbuy.model import Bom, CostKind
from jointbuy.result import Cell, Content, Line, ProductContent

ByCurrency = Mapping[str, Range]


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill with what both methods need: edges out, order, sources by part, and unit costs by currency."""

    bom: Bom
    basis: Basis
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
def roll_up(bom: Bom, currency: str, rates: Mapping[str, Fraction], basis: Basis, *, traced: bool = True) -> Content:
    """See `content.roll_up`."""
    bill = prepare(bom, currency, {**rates, currency: Fraction(1)}, basis)
    notes: list[str] = []
    first = tuple(_first_level(bill, root, notes, opened=traced) for root in bom.roots)
    deep = tuple(_traced(bill, root, notes) for root in bom.roots) if traced else ()
    return Content(currency, first, deep, sourced(bom), tuple(notes))


def prepare(bom: Bom, currency: str, rates: Mapping[str, Fraction], basis: Basis) -> Bill:
    """A bill made ready; `rates` has the contract's currency too. Raises Unusable where quantities make no sense."""
    by_part: list[list[int]] = [[] for _ in bom.parts]
    for source, part in enumerate(bom.sources.part):
        by_part[part].append(source)
    sources = tuple(tuple(each) for each in by_part)
    order = parents_first(bom.parent, bom.child, len(bom.parts))
    costs: dict[int, ByCurrency] = {}
    bill = Bill(bom, basis, currency, rates, outgoing(bom), order, sources, costs)
    for part in reversed(order):
        if bill.edges[part]:
            costs[part] = _sum(
                (_unit_cost(bill, bom.child[edge]), bom.quantity[edge])
                for edge in bill.edges[part]
                if _kind(bill, bom.child[edge]) in bill.basis.making
            )
            _within_reason(bill, part, costs[part])
    return bill


def _within_reason(bill: Bill, part: int, cost: ByCurrency) -> None:
    """Refuse quantities that multiply beyond all sense."""
    for value in cost.values():
        if value.high > MOST or value.high.denominator > MOST**4:
            what, why, do = SENSELESS
            row = bill.bom.edge_row[bill.edges[part][0]]
            raise Unusable([Problem(what.format(bill.bom.parts[part]), row, why, do)])


def _unit_cost(bill: Bill, part: int) -> ByCurrency:
    """What one part costs: its price, or its parts; sources in the shares awarded to them."""
    made: ByCurrency = bill.parts_cost.get(part, {})
    if not bill.sources[part]:
        return made
    awarded = bill.bom.sources.awarded
    return _sum((_price_or(bill, source, made), awarded[source]) for source in bill.sources[part])


def _price_or(bill: Bill, source: int, made: ByCurrency) -> ByCurrency:
    price = bill.price(source)
    return made if price is None else price


def _kind(bill: Bill, part: int) -> CostKind:
    return bill.bom.sources.cost_kind[bill.sources[part][0]] if bill.sources[part] else "component"


def _first_level(bill: Bill, root: int, notes: list[str], *, opened: bool) -> ProductContent:
    bom, lines, cube, left_out = bill.bom, [], _Cube(), _Cube()
    quantities = exploded(bom, root, bill.order, {root, *bom.phantoms})
    first = {part: count for part, count in quantities.items() if part != root and part not in bom.phantoms}
    found = _materials(bill, root, first, notes) if bill.basis.materials else _whole(bill, root, first)
    for line, cost in found:
        counts = line.cost_kind in bill.basis.counted
        (cube if counts else left_out).add(bill, line, cost)
        if counts:
            lines.append(line)
    kept = {part: count for part, count in first.items() if _kind(bill, part) in bill.basis.counted}
    below = tuple(_below(bill, root, kept)) if opened else ()
    return _product(bill, root, FIRST_LEVEL, lines, cube, left_out, below)


def _whole(bill: Bill, root: int, first: Mapping[int, Fraction]) -> Iterator[tuple[Line, dict[str, Range]]]:
    for part, count in first.items():
        yield from _bought(bill, part, count, (bill.bom.parts[root],))


def _materials(
    bill: Bill, root: int, first: Mapping[int, Fraction], notes: list[str]
) -> Iterator[tuple[Line, dict[str, Range]]]:
    """What goes directly into an end product less the raw materials in it, and these, wherever they stand."""
    bom, rest = bill.bom, _without_materials(bill, notes)
    for part, count in first.items():
        if _kind(bill, part) not in bill.basis.counted:
            yield from _bought(bill, part, count, (bom.parts[root],))
        elif _kind(bill, part) != RAW:
            for source in bill.sources[part]:
                share = count * bom.sources.awarded[source]
                cost = {name: value.times(share) for name, value in rest[source].items() if value.high}
                if cost:
                    yield _line(bill, source, cost, (bom.parts[root], bom.parts[part])), cost
    counting = counted(bill, root)
    through = {part for part in counting if _kind(bill, part) != RAW}
    for part, count in exploded(bom, root, bill.order, through).items():
        if part in counting and _kind(bill, part) == RAW:
            yield from _bought(bill, part, count, (bom.parts[root],))


def _without_materials(bill: Bill, notes: list[str]) -> Mapping[int, ByCurrency]:
    """What one part from each source costs beyond the raw materials in it."""
    bom = bill.bom
    inside: dict[int, ByCurrency] = {}
    other: dict[int, ByCurrency] = {}
    found: dict[int, ByCurrency] = {}
    unit: dict[int, ByCurrency] = {}
    for part in reversed(bill.order):
        edges = [edge for edge in bill.edges[part] if _kind(bill, bom.child[edge]) in bill.basis.making]
        raw = [edge for edge in edges if _kind(bill, bom.child[edge]) == RAW]
        made = [edge for edge in edges if _kind(bill, bom.child[edge]) != RAW]
        inside[part] = _sum(
            [(_unit_cost(bill, bom.child[edge]), bom.quantity[edge]) for edge in raw]
            + [(inside[bom.child[edge]], bom.quantity[edge]) for edge in made]
        )
        other[part] = _sum((unit[bom.child[edge]], bom.quantity[edge]) for edge in made)
        for source in bill.sources[part]:
            price = bill.price(source)
            below = "the raw materials in it do; these count in full"
            found[source] = other[part] if price is None else _beyond(bill, part, price, inside[part], below, notes)
        awarded = bom.sources.awarded
        unit[part] = _sum((found[source], awarded[source]) for source in bill.sources[part])
        if not bill.sources[part]:
            unit[part] = other[part]
    return found


def _product(
    bill: Bill, root: int, method: str, lines: list[Line], cube: _Cube, left_out: _Cube, below: tuple[Line, ...] = ()
) -> ProductContent:
    prices = [price for source in bill.sources[root] if (price := bill.price(source))]
    value = bill.worth(prices[0]) if prices else None
    product = bill.bom.parts[root]
    amounts: dict[Origin, Range] = {}
    for line in lines:
        amounts[line.origin] = amounts.get(line.origin, ZERO) + line.amount
    return ProductContent(
        product, method, amounts, tuple(lines), len(lines), cube.cells(), left_out.cells(), value, below
    )


def _bought(
    bill: Bill, part: int, quantity: Fraction, above: tuple[str, ...]
) -> Iterator[tuple[Line, dict[str, Range]]]:
    """So many of a part, whole, from each of its suppliers: the line, and its cost by currency."""
    made: ByCurrency = bill.parts_cost.get(part, {})
    for source in bill.sources[part]:
        share = quantity * bill.bom.sources.awarded[source]
        cost = {name: value.times(share) for name, value in _price_or(bill, source, made).items()}
        yield _line(bill, source, cost, (*above, bill.bom.parts[part])), cost


def _below(bill: Bill, root: int, quantities: Mapping[int, Fraction]) -> Iterator[Line]:
    """What stands directly in the parts of the first level and is part of their cost."""
    bom = bill.bom
    for part, quantity in quantities.items():
        for edge in bill.edges[part]:
            if _kind(bill, bom.child[edge]) in bill.basis.making:
                above = (bom.parts[root], bom.parts[part])
                bought = _bought(bill, bom.child[edge], quantity * bom.quantity[edge], above)
                yield from (line for line, _ in bought)


def _traced(bill: Bill, root: int, notes: list[str]) -> ProductContent:
    bom, lines, cube, left_out = bill.bom, [], _Cube(), _Cube()
    counting = counted(bill, root)
    for part, quantity in exploded(bom, root, bill.order, counting).items():
        if part == root or part in bom.phantoms:
            continue
        if part not in counting:  # spares, say: whole, with whatever stands in them
            for line, cost in _bought(bill, part, quantity, (bom.parts[root],)):
                left_out.add(bill, line, cost)
            continue
        for source in bill.sources[part]:
            share = quantity * bom.sources.awarded[source]
            cost = {name: value.times(share) for name, value in own_cost(bill, part, source, notes).items()}
            if any(value.high for value in cost.values()):  # else made entirely of its parts: they are counted
                line = _line(bill, source, cost, (bom.parts[root], bom.parts[part]))
                cube.add(bill, line, cost)
                lines.append(line)
    return _product(bill, root, TRACED, lines, cube, left_out)


def counted(bill: Bill, root: int) -> frozenset[int]:
    """The root, and what stands in it through nothing but what counts; inside a component more kinds do."""
    bom, basis = bill.bom, bill.basis
    first = exploded(bom, root, bill.order, {root, *bom.phantoms})
    found = {root}
    for part in bill.order:
        if part in found:
            for edge in bill.edges[part]:
                child = bom.child[edge]
                if _kind(bill, child) in (basis.counted if child in first else basis.making):
                    found.add(child)
    return frozenset(found)


def own_cost(bill: Bill, part: int, source: int, notes: list[str]) -> ByCurrency:
    """Price of a part less what its own parts cost; nothing when it has no price of its own."""
    price, below = bill.price(source), bill.parts_cost.get(part)
    if price is None:
        return {}
    if below is None:
        return price
    return _beyond(bill, part, price, below, "its own parts do; traced, its parts count in full", notes)


def _beyond(
    bill: Bill, part: int, price: ByCurrency, below: ByCurrency, told: str, notes: list[str]
) -> dict[str, Range]:
    """A price less what it holds, and nothing where that costs more; then a note says so."""
    name = next(iter(price))
    paid, spent = bill.worth(price), bill.worth(below)
    if spent.low > paid.high:
        note = f"{bill.bom.parts[part]} costs less than {told}"
        if note not in notes:
            notes.append(note)
    rest = Range(max(Fraction(0), paid.low - spent.high), max(Fraction(0), paid.high - spent.low))
    return {name: rest.times(1 / bill.rates[name])}


def _line(bill: Bill, source: int, cost: ByCurrency, path: tuple[str, ...]) -> Line:
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
        self.amounts: dict[tuple[Place | None, str, CostKind], Range] = {}

    def add(self, bill: Bill, line: Line, cost: ByCurrency) -> None:
        shares: list[tuple[Place | None, Fraction]] = [*line.origin]
        if line.undeclared:
            shares.append((None, line.undeclared))
        for currency, value in cost.items():
            worth = value.times(bill.rates[currency])
            for origin, share in shares:
                key = (origin, currency, line.cost_kind)
                self.amounts[key] = self.amounts.get(key, ZERO) + worth.times(share)

    def cells(self) -> tuple[Cell, ...]:
        keys = sorted(self.amounts, key=lambda key: (str(key[0] or "~"), key[1], key[2]))
        return tuple(Cell(*key, self.amounts[key]) for key in keys)


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
