"""Roll-up in plain exact numbers: for bills of up to some 50,000 uses, and the measure of the compiled loops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from jointbuy.collector import resting
from jointbuy.content.amounts import Amounts, Cube
from jointbuy.content.basis import FIRST_LEVEL, MOST, RAW, SENSELESS, TRACED, Basis
from jointbuy.content.sourced import sourced
from jointbuy.errors import Problem, Unusable
from jointbuy.exact import ZERO, Range, Sum
from jointbuy.graph import exploded, outgoing, parents_first
from jointbuy.model import Bom, CostKind
from jointbuy.result import Content, Line, ProductContent

if TYPE_CHECKING:
    from jointbuy.content.spread import Followed

ByCurrency = Mapping[str, Range]
_Bought: TypeAlias = tuple[int, Line, Mapping[str, Range]]
"""So many from one source: which, the line, and its cost by currency."""


class Shape(NamedTuple):
    """What a bill has on every basis: edges out, order, and by part sources and cost kind; by source its price."""

    bom: Bom
    currency: str
    rates: Mapping[str, Fraction]
    edges: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]
    sources: tuple[tuple[int, ...], ...]
    kind: tuple[CostKind, ...]
    prices: tuple[ByCurrency | None, ...]
    inside: frozenset[CostKind]
    """The kinds of what stands in anything but an end product: no other kind can change what a part costs."""
    uncertain: frozenset[int]
    """Parts that have a price that is a range, or hold a part that has."""


class Bill(NamedTuple):
    """A bill with what both methods need: its shape, the basis, and unit costs by currency."""

    shape: Shape
    basis: Basis
    parts_cost: Mapping[int, ByCurrency]
    """What the children of one part cost together, for parts that have children."""
    deep: dict[tuple[int, int, int, int], tuple[Line, ByCurrency, tuple[str, ...]]]
    """Traced lines that are known, by end product, source and quantity; with their cost and what is to be noted."""
    rest: dict[int, ByCurrency]
    """What one part from each source costs beyond its raw materials, where that is known; `told` is to be noted."""
    told: list[str]

    @property
    def bom(self) -> Bom:
        """The bill as it was read."""
        return self.shape.bom

    @property
    def edges(self) -> tuple[tuple[int, ...], ...]:
        """By part its uses of others."""
        return self.shape.edges

    @property
    def order(self) -> tuple[int, ...]:
        """Parents first."""
        return self.shape.order

    @property
    def sources(self) -> tuple[tuple[int, ...], ...]:
        """By part."""
        return self.shape.sources

    def price(self, source: int) -> ByCurrency | None:
        """Price of one part from this source, by currency; None when it has none of its own."""
        return self.shape.prices[source]

    def worth(self, amount: ByCurrency) -> Range:
        """An amount in the contract's currency."""
        rates = self.shape.rates
        if len(amount) == 1:
            ((currency, value),) = amount.items()
            return value.times(rates[currency])
        return _total(value.times(rates[currency]) for currency, value in amount.items())


@resting()
def roll_up(bom: Bom, currency: str, rates: Mapping[str, Fraction], basis: Basis, *, traced: bool = True) -> Content:
    """See `content.roll_up`."""
    bill, notes = prepare(shape(bom, currency, {**rates, currency: Fraction(1)}), basis), list[str]()
    first = tuple(first_level(bill, root, notes, opened=traced)[0] for root in bom.roots)
    deep = tuple(to_source(bill, root, notes)[0] for root in bom.roots) if traced else ()
    return Content(currency, first, deep, sourced(bom), tuple(notes))


def shape(bom: Bom, currency: str, rates: Mapping[str, Fraction]) -> Shape:
    """A bill made ready for any basis; `rates` has the contract's currency too."""
    table = bom.sources
    by_part: list[list[int]] = [[] for _ in bom.parts]
    for source, part in enumerate(table.part):
        by_part[part].append(source)
    kind = tuple(table.cost_kind[each[0]] if each else "component" for each in by_part)
    prices = tuple(
        None if low is None or high is None else {name or currency: Range(low, high)}
        for low, high, name in zip(table.price_low, table.price_high, table.currency, strict=True)
    )
    roots = frozenset(bom.roots)
    inside = frozenset(kind[child] for parent, child in zip(bom.parent, bom.child, strict=True) if parent not in roots)
    order = parents_first(bom.parent, bom.child, len(bom.parts))
    sources = tuple(tuple(each) for each in by_part)
    edges = outgoing(bom)
    uncertain = {table.part[at] for at, price in enumerate(prices) for one in (price or {}).values() if not one.known}
    for part in reversed(order) if uncertain else ():
        if any(bom.child[edge] in uncertain for edge in edges[part]):
            uncertain.add(part)
    return Shape(bom, currency, rates, edges, order, sources, kind, prices, inside, frozenset(uncertain))


def prepare(ready: Shape, basis: Basis, known: Bill | None = None) -> Bill:
    """A bill on a basis; `known` is the same on another, on which no part but a root costs anything else.

    Raises Unusable where quantities make no sense.
    """
    costs: dict[int, ByCurrency] = {}
    bill = Bill(ready, basis, costs, *((known.deep, known.rest, known.told) if known else ({}, {}, [])))
    bom = ready.bom
    for part in reversed(bill.order):
        if not bill.edges[part]:
            continue
        if known is not None and part not in bom.roots:
            costs[part] = known.parts_cost[part]
            continue
        costs[part] = _sum(
            (unit_cost(bill, bom.child[edge]), bom.quantity[edge])
            for edge in bill.edges[part]
            if _kind(bill, bom.child[edge]) in basis.making
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


def unit_cost(bill: Bill, part: int) -> ByCurrency:
    """What one part costs: its price, or its parts; sources in the shares awarded to them."""
    made: ByCurrency = bill.parts_cost.get(part, {})
    sources, awarded = bill.sources[part], bill.bom.sources.awarded
    if not sources:
        return made
    if len(sources) == 1 and awarded[sources[0]] == 1:
        return _price_or(bill, sources[0], made)
    return _sum((_price_or(bill, source, made), awarded[source]) for source in sources)


def _price_or(bill: Bill, source: int, made: ByCurrency) -> ByCurrency:
    price = bill.price(source)
    return made if price is None else price


def _kind(bill: Bill, part: int) -> CostKind:
    return bill.shape.kind[part]


def first_level(bill: Bill, root: int, notes: list[str], *, opened: bool) -> tuple[ProductContent, Amounts]:
    """A root at the first level, and what it is made of; what stands below its lines is `opened`, or not looked for."""
    lines, cube, left_out = list[tuple[int, Line]](), Cube(), Cube()
    first = _directly(bill, root)
    found = _materials(bill, root, first, notes) if bill.basis.materials else _whole(bill, root, first)
    for source, line, cost in found:
        counts = line.cost_kind in bill.basis.counted
        (cube if counts else left_out).add(bill, line, cost)
        if counts:
            lines.append((source, line))
    opening = below(bill, root) if opened else ()
    where = None
    if bill.shape.uncertain and not bill.basis.materials:
        # Imported on use: where every price is known, none has to be followed.
        from jointbuy.content.spread import followed

        where = followed(bill, _times(bill, lines, first), traced=False)
    return _product(bill, root, FIRST_LEVEL, lines, where, cube, left_out, opening)


def _times(
    bill: Bill, lines: Iterable[tuple[int, Line]], quantities: Mapping[int, Fraction]
) -> Iterator[tuple[int, int, Fraction]]:
    """The part, the source and how often it stands there, of each line."""
    table = bill.bom.sources
    for source, _ in lines:
        part = table.part[source]
        yield part, source, quantities[part] * table.awarded[source]


def _whole(bill: Bill, root: int, first: Mapping[int, Fraction]) -> Iterator[_Bought]:
    for part, count in first.items():
        yield from _bought(bill, part, count, (bill.bom.parts[root],))


def _materials(bill: Bill, root: int, first: Mapping[int, Fraction], notes: list[str]) -> Iterator[_Bought]:
    """What goes directly into an end product less the raw materials in it, and these, wherever they stand."""
    bom = bill.bom
    if not bill.rest:
        bill.rest.update(_without_materials(bill, bill.told))
    notes += [note for note in bill.told if note not in notes]
    for part, count in first.items():
        if _kind(bill, part) not in bill.basis.counted:
            yield from _bought(bill, part, count, (bom.parts[root],))
        elif _kind(bill, part) != RAW:
            for source in bill.sources[part]:
                share = count * bom.sources.awarded[source]
                cost = {name: value.times(share) for name, value in bill.rest[source].items() if value.high}
                if cost:
                    yield source, _line(bill, source, cost, (bom.parts[root], bom.parts[part])), cost
    counting = counted(bill, root)
    through = {part for part in counting if _kind(bill, part) != RAW}
    for part, count in exploded(bom, root, bill.order, through, bill.edges).items():
        if part in counting and _kind(bill, part) == RAW:
            yield from _bought(bill, part, count, (bom.parts[root],))


def _without_materials(bill: Bill, notes: list[str]) -> Mapping[int, ByCurrency]:
    """What one part from each source costs beyond the raw materials in it."""
    bom, awarded = bill.bom, bill.bom.sources.awarded
    inside: dict[int, ByCurrency] = {}  # of parts that hold any
    unit: dict[int, ByCurrency] = {}  # of the same parts; any other costs what it always does
    found: dict[int, ByCurrency] = {}
    for part in reversed(bill.order):
        edges = [edge for edge in bill.edges[part] if _kind(bill, bom.child[edge]) in bill.basis.making]
        raw = [edge for edge in edges if _kind(bill, bom.child[edge]) == RAW]
        made = [edge for edge in edges if _kind(bill, bom.child[edge]) != RAW]
        if not raw and not any(bom.child[edge] in inside for edge in made):
            nothing = bill.parts_cost.get(part, {})
            found.update((source, _price_or(bill, source, nothing)) for source in bill.sources[part])
            continue
        inside[part] = _sum(
            [(unit_cost(bill, bom.child[edge]), bom.quantity[edge]) for edge in raw]
            + [(inside.get(bom.child[edge], {}), bom.quantity[edge]) for edge in made]
        )
        other = _sum(
            (unit[child] if (child := bom.child[edge]) in unit else unit_cost(bill, child), bom.quantity[edge])
            for edge in made
        )
        for source in bill.sources[part]:
            price = bill.price(source)
            below = "the raw materials in it do; these count in full"
            found[source] = other if price is None else _beyond(bill, part, price, inside[part], below, notes)
        unit[part] = _sum((found[source], awarded[source]) for source in bill.sources[part])
        if not bill.sources[part]:
            unit[part] = other
    return found


def _product(
    bill: Bill,
    root: int,
    method: str,
    lines: Iterable[tuple[int, Line]],
    where: Followed | None,
    cube: Cube,
    left_out: Cube,
    below: tuple[Line, ...] = (),
) -> tuple[ProductContent, Amounts]:
    prices = [price for source in bill.sources[root] if (price := bill.price(source))]
    value = bill.worth(prices[0]) if prices else None
    by_source: dict[int, Range] = {}
    for source, line in lines:
        by_source[source] = by_source.get(source, ZERO) + line.amount
    amounts = Amounts(by_source, where, bool(bill.shape.uncertain) and bill.basis.materials)
    composition, bound = amounts.by(bill.bom.sources.origin)
    told = tuple(line for _, line in lines)
    product = ProductContent(
        bill.bom.parts[root],
        method,
        composition,
        told,
        len(told),
        cube.cells(),
        left_out.cells(),
        value,
        below,
        bound,
    )
    return product, amounts


def _bought(bill: Bill, part: int, quantity: Fraction, above: tuple[str, ...]) -> Iterator[_Bought]:
    """So many of a part, whole, from each of its suppliers: the line, and its cost by currency."""
    made: ByCurrency = bill.parts_cost.get(part, {})
    for source in bill.sources[part]:
        share = quantity * bill.bom.sources.awarded[source]
        cost = {name: value.times(share) for name, value in _price_or(bill, source, made).items()}
        yield source, _line(bill, source, cost, (*above, bill.bom.parts[part])), cost


def _directly(bill: Bill, root: int) -> dict[int, Fraction]:
    """How many of each part go directly into a root."""
    bom = bill.bom
    quantities = exploded(bom, root, bill.order, {root, *bom.phantoms}, bill.edges)
    return {part: count for part, count in quantities.items() if part != root and part not in bom.phantoms}


def below(bill: Bill, root: int) -> tuple[Line, ...]:
    """What stands directly in the parts of the first level that count, and is part of their cost."""
    bom, found = bill.bom, list[Line]()
    for part, quantity in _directly(bill, root).items():
        for edge in bill.edges[part] if _kind(bill, part) in bill.basis.counted else ():
            if _kind(bill, bom.child[edge]) in bill.basis.making:
                above = (bom.parts[root], bom.parts[part])
                bought = _bought(bill, bom.child[edge], quantity * bom.quantity[edge], above)
                found += [line for _, line, _ in bought]
    return tuple(found)


def to_source(bill: Bill, root: int, notes: list[str]) -> tuple[ProductContent, Amounts]:
    """A root traced to source, and what it is made of; the same wherever raw materials count."""
    bill = bill._replace(basis=bill.basis._replace(materials=False))
    bom, lines, cube, left_out = bill.bom, list[tuple[int, Line]](), Cube(), Cube()
    counting = counted(bill, root)
    quantities = exploded(bom, root, bill.order, counting, bill.edges)
    standing: list[tuple[int, int, Fraction]] = []
    for part, quantity in quantities.items():
        if part == root or part in bom.phantoms:
            continue
        if part not in counting:  # spares, say: whole, with whatever stands in them
            for _, line, spent in _bought(bill, part, quantity, (bom.parts[root],)):
                left_out.add(bill, line, spent)
            continue
        for source in bill.sources[part]:
            line, cost, told = _own_line(bill, root, source, quantity)
            if part in bill.shape.uncertain:
                standing.append((part, source, quantity * bom.sources.awarded[source]))
            notes += [note for note in told if note not in notes]
            if any(value.high for value in cost.values()):  # else made entirely of its parts: they are counted
                cube.add(bill, line, cost)
                lines.append((source, line))
    where = None
    if standing:
        # Imported on use: where every price is known, none has to be followed.
        from jointbuy.content.spread import followed

        where = followed(bill, standing, traced=True)
    return _product(bill, root, TRACED, lines, where, cube, left_out)


def _own_line(bill: Bill, root: int, source: int, quantity: Fraction) -> tuple[Line, ByCurrency, tuple[str, ...]]:
    """What so many of a part cost beyond their own parts, as a line; worked out once for all bases."""
    key = (root, source, *quantity.as_integer_ratio())  # fractions are slow to look up by
    if key not in bill.deep:
        bom, notes = bill.bom, list[str]()
        part = bom.sources.part[source]
        share = quantity * bom.sources.awarded[source]
        cost = {name: value.times(share) for name, value in own_cost(bill, part, source, notes).items()}
        line = _line(bill, source, cost, (bom.parts[root], bom.parts[part]))
        bill.deep[key] = line, cost, tuple(notes)
    return bill.deep[key]


def counted(bill: Bill, root: int) -> frozenset[int]:
    """The root, and what stands in it through nothing but what counts; inside a component more kinds do."""
    bom, basis = bill.bom, bill.basis
    first = exploded(bom, root, bill.order, {root, *bom.phantoms}, bill.edges)
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
    return {name: paid.beyond(spent).times(1 / bill.shape.rates[name])}


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


def _sum(amounts: Iterable[tuple[ByCurrency, Fraction]]) -> ByCurrency:
    total: dict[str, Sum] = {}
    for amount, factor in amounts:
        for currency, value in amount.items():
            total.setdefault(currency, Sum()).add(value, factor)
    return {currency: sum_.total() for currency, sum_ in total.items()}


def _total(ranges: Iterable[Range]) -> Range:
    total = ZERO
    for each in ranges:
        total = total + each
    return total
