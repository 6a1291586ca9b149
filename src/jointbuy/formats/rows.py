"""The rows of a bill with every value typed, before they are put together as a tree."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from jointbuy.errors import Where
from jointbuy.exact import Origin
from jointbuy.formats import materials, measures, scalars
from jointbuy.formats.cells import Reader
from jointbuy.formats.problems import Problems, alike, listed, plain, shown
from jointbuy.formats.table import Table
from jointbuy.model import CostKind, Country, Purchase
from jointbuy.places import fold

Price = tuple[Fraction, Fraction]
_CENT = Fraction(1, 100)
_ONE, _NOTHING = Fraction(1), Fraction(0)
_MARKS = {"x", "X", "1", "0", "-"}
_NO = {"no", "n", "0", "false", "-", "nein", "non", "nie"}


class Rows(NamedTuple):
    """Parallel lists, one entry for each row; None is a blank cell or an absent column.

    `price` is (low, high) for one part, `quantity` with what is scrapped, both in the unit of the part's first row.
    `alternate` are rows of what may be used instead; `group` is the mark or name of their group, `usage` how often each
    is used, as a share. `broken` are rows whose cost or id has a
    problem of its own already, so that no further one is made of it.
    """

    table: Table
    part: list[str]
    name: list[str | None]
    quantity: list[Fraction | None]
    per: list[Fraction | None]
    position: list[str | None]
    supplier: list[str | None]
    origin: list[Origin | None]
    supplied_from: list[Country | None]
    price: list[Price | None]
    currency: list[str | None]
    cost_kind: list[CostKind | None]
    awarded: list[Fraction | None]
    declaration: list[str | None]
    evidence: list[str | None]
    materials: list[materials.Held | None]
    phantom: list[bool | None]
    alternate: frozenset[int]
    group: list[str | None]
    usage: list[Fraction | None]
    broken: set[int]
    units: dict[str, str]
    """The unit that a part is counted in, where a row names one."""
    price_per: list[Fraction | None]
    """For how many of the part, in that unit, the price is stated; None where for one."""

    def where(self, row: int, column: str | None = None) -> Where:
        """The place of a row, or of one of its cells."""
        return self.table.where(row, column)

    def bare(self, row: int) -> bool:
        """Whether a row says nothing about its part beyond where it is used."""
        told = (self.price, self.origin, self.supplied_from, self.awarded, self.declaration, self.evidence)
        return self.supplier[row] is None and all(column[row] is None for column in (*told, self.materials))


def read_rows(reader: Reader, purchase: Purchase) -> Rows:
    """Every column of the table, typed."""
    table = reader.table
    kinds = reader.kinds()
    quantity, per = reader.positive("quantity"), reader.positive("per")
    scrap, yields = reader.shares("scrap"), reader.shares("yield")
    raised = [
        (1 + (lost or 0)) / (good or _ONE) if lost or good else _ONE for lost, good in zip(scrap, yields, strict=True)
    ]
    price, currency = _prices(reader, quantity, raised)
    awarded = reader.shares("awarded")
    row_of = {line: row for row, line in enumerate(table.lines)}
    told = (problem.where for problem in reader.problems.found)
    broken = {row_of[at.line] for at in told if at and at.file == table.file and at.line in row_of} | reader.refused
    part = _parts(reader, broken)
    _with_scrap(reader, quantity, scrap, yields)
    measures.alike(reader, part, quantity, price)
    price_per = _price_per(reader, part, price)
    group = [text if text and text.casefold() not in _NO else None for text in reader.texts("alternate")]
    return Rows(
        table=table,
        part=part,
        name=reader.texts("name"),
        quantity=quantity,
        per=per,
        position=reader.texts("position"),
        supplier=suppliers(reader, purchase),
        origin=reader.origins(),
        supplied_from=reader.countries("supplied_from"),
        price=price,
        currency=currency,
        cost_kind=kinds,
        awarded=awarded,
        declaration=reader.texts("declaration"),
        evidence=reader.texts("evidence"),
        materials=materials.column(reader, part),
        phantom=reader.column("phantom", mark),
        alternate=frozenset(row for row, text in enumerate(group) if text),
        group=group,
        usage=reader.shares("usage"),
        broken=broken,
        units=materials.units(reader, part),
        price_per=price_per,
    )


def mark(text: str) -> bool | None:
    """A mark in a column of yes and no, as programs write it."""
    return {"x": True, "1": True, "0": False, "-": False}[text.casefold()] if text in _MARKS else scalars.truth(text)


def _with_scrap(
    reader: Reader, quantity: list[Fraction | None], scrap: list[Fraction | None], yields: list[Fraction | None]
) -> None:
    """Raise quantities by what is scrapped: q (1 + scrap), as component scrap is; or q / yield."""
    if not any(scrap) and not any(good is not None for good in yields):  # nearly always
        return
    raised = 0
    for row, (lost, good) in enumerate(zip(scrap, yields, strict=True)):
        where, count = reader.table.where(row, "yield"), quantity[row]
        if lost and good not in {None, 1}:
            do = "leave one of them blank; scrap is what is added, yield what is left"
            reader.problems.add("both scrap and yield are stated", where, "they say the same in two ways", do)
        elif good == 0:
            reader.problems.add("the yield is nothing", where, "no quantity is enough then", "correct it")
        elif count is not None and (factor := (1 + (lost or 0)) / (good or _ONE)) != 1:
            quantity[row] = count * factor
            raised += 1
    if raised:
        reader.notes.append(f"{reader.table.file}: scrap or yield raised the quantity in {raised:,} rows")


def _parts(reader: Reader, broken: set[int]) -> list[str]:
    """The id of each row; one without gets a stand-in, so that the tree can still be looked at."""
    found = []
    for row, text in enumerate(reader.table.column("part") or [""] * len(reader.table.rows)):
        if not text:
            broken.add(row)
            advice = "give each part its number; take out totals and remarks"
            reader.problems.add("this row has no part id", reader.table.where(row), do=advice)
        found.append(text or f"(row {reader.table.lines[row]})")
    _told_apart(reader, found)
    return found


def _told_apart(reader: Reader, parts: list[str]) -> None:
    """Ids that a reader cannot tell apart may be one part or two; only the author knows."""
    if pairs := list(alike(dict.fromkeys(parts))):
        row = parts.index(pairs[0][1])
        more = f"; so are {listed([shown(other) for _, other in pairs[1:]], most=5)}" if pairs[1:] else ""
        why = f"it differs from {shown(pairs[0][0])} only in capitals, blanks or signs that cannot be seen{more}"
        advice = "write one part alike everywhere, or give two parts clearly different ids"
        reader.problems.add(f"the part is {shown(pairs[0][1])}", reader.table.where(row, "part"), why, advice)


def suppliers(reader: Reader, purchase: Purchase) -> list[str | None]:
    """Who supplies: a party's id where its id or name was written, else the text."""
    parties = {fold(party.name): party.id for party in purchase.parties if party.name}
    parties |= {fold(party.id): party.id for party in purchase.parties if party.id}
    return reader.column("supplier", lambda text: parties.get(fold(text), text))


def _prices(
    reader: Reader, quantity: list[Fraction | None], raised: list[Fraction]
) -> tuple[list[Price | None], list[str | None]]:
    """What one part costs, and in which currency: the row's, else that of the header; None is the contract's.

    `raised` is by how much scrap raises the quantity of a row.
    """
    units, lines = reader.spans("unit_cost"), reader.costs("line_cost")
    lows, highs, cost_per = reader.costs("cost_low"), reader.costs("cost_high"), reader.positive("cost_per")
    currency = reader.currencies()
    headed = reader.table.header.currency
    prices: list[Price | None] = []
    for row, unit in enumerate(units):
        low, high, line, count = lows[row], highs[row], lines[row], quantity[row]
        price, column = unit, "unit_cost"
        if low is not None or high is not None:
            price, column = _between(reader, row, unit, low, high), "cost_low"
        elif unit is None and line is not None and count is not None:
            price, column = (line / count, line / count), "line_cost"
        if price and line is not None and count is not None and column != "line_cost":
            _agrees(reader, row, price, count / (cost_per[row] or 1), line, raised[row])
        if price and column != "line_cost" and (count_of := cost_per[row]):
            price = price[0] / count_of, price[1] / count_of
        prices.append(price)
        named = headed.get(column)
        if price and named and currency[row] not in {None, named}:
            what = f"the row says {currency[row]} and the header {shown(reader.table.header.title(column))}"
            reader.problems.add(what, reader.table.where(row, "currency"), do="correct one of the two")
        if price:
            currency[row] = currency[row] or named
    return prices, currency


def _price_per(reader: Reader, part: list[str], price: list[Price | None]) -> list[Fraction | None]:
    """For how many of its part, in the unit that this is counted in, each row states its price, where it does."""
    silent = replace(reader, problems=Problems(), refused=set())  # all that is wrong has been told
    ones: list[Price | None] = [(1 / per if per else _ONE, _NOTHING) for per in silent.positive("cost_per")]
    measures.alike(silent, part, [None] * len(part), ones)
    return [1 / one[0] if one and stated and one[0] != 1 else None for one, stated in zip(ones, price, strict=True)]


def _agrees(reader: Reader, row: int, price: Price, count: Fraction, line: Fraction, raised: Fraction) -> None:
    """The cost of a line is its count times the cost of one, with what is scrapped or without, each as rounded."""
    for number in (count, count * raised):
        slack = _CENT * (1 + number) / 2
        if price[0] * number - slack <= line <= price[1] * number + slack:
            return
    low, high = price[0] * count, price[1] * count
    told = plain(low) if low == high else f"{plain(low)} to {plain(high)}"
    where = reader.table.where(row, "line_cost")
    why = f"quantity times cost is {told}"
    reader.problems.add(f"the cost of the line is {plain(line)}", where, why, "correct one, or leave one blank")


def _between(reader: Reader, row: int, unit: Price | None, low: Fraction | None, high: Fraction | None) -> Price | None:
    """A price stated by its ends."""
    where = reader.table.where(row, "cost_low")
    if low is None or high is None:
        missing = "high" if high is None else "low"
        reader.problems.add(
            f"the {missing} cost is missing", where, "a range has two ends", "write both, or the cost alone"
        )
    elif low > high:
        reader.problems.add("the low cost is above the high cost", where, do="exchange or correct them")
    elif unit and not (low <= unit[0] and unit[1] <= high):
        reader.problems.add("the cost lies outside its low and high", where, do="correct one of the three")
    else:
        return low, high
    return None
