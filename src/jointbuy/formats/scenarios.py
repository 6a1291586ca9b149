"""What-if tables: scenarios that change prices, origins, quantities and awards, a row for each change."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from jointbuy.change import Change, awards, finder, use_finder
from jointbuy.errors import JointbuyError, Unusable, Where
from jointbuy.exact import Origin, Range
from jointbuy.formats.cells import Reader, decimal_commas
from jointbuy.formats.columns import Header, fold
from jointbuy.formats.files import MAX_BYTES, load, text_of
from jointbuy.formats.problems import Problems, shown
from jointbuy.formats.rows import suppliers
from jointbuy.formats.table import DELIMITERS, Table
from jointbuy.model import Bom, Purchase
from jointbuy.places import Places

COLUMNS = ("scenario", "part", "supplier", "unit_cost", "origin", "parent", "quantity", "awarded")
_CHANGES = {"unit_cost", "origin", "quantity", "awarded"}


def read_scenarios(path: Path, purchase: Purchase, places: Places, bom: Bom) -> dict[str, tuple[Change, ...]]:
    """The changes of each scenario to a bill, in the order of the file. Raises Unusable with every problem in it.

    A price is read as the bill's own cell is: for as many, and in the unit and the currency, as stand there.
    """
    problems = Problems()
    content = load(path, path.name, Where(path.name), MAX_BYTES, problems)
    text = text_of(content, problems) if content else None
    problems.raise_if_any()
    table = _table(path.name, text or "", problems)
    reader = Reader(table, places, problems, [], decimal_commas(table, []))
    found, rows, stands = dict[str, list[Change]](), dict[str, list[int]](), _Standing(bom)
    first: dict[tuple[str, str, int], int] = {}
    for row, (scenario, change) in enumerate(_rows(reader, purchase)):
        if not change.part:
            problems.add("this row names no part", table.where(row), do="write its id as the bill does")
            continue
        if _nothing(change) and row not in reader.refused:
            do = "write another unit_cost, origin, quantity or awarded; ? takes a declaration away"
            problems.add(f"nothing of {shown(change.part)} is changed", table.where(row), do=do)
        try:
            standing, change = stands.of(change)
        except JointbuyError as error:
            problems.add(str(error), table.where(row))
            continue
        for kind, place in standing:
            if (before := first.setdefault((scenario, kind, place), row)) != row:
                why = f"row {table.lines[before]} changes the same in this scenario"
                problems.add(f"{shown(change.part)} is changed twice", table.where(row), why, "keep one of the two")
        found.setdefault(scenario, []).append(change)
        rows.setdefault(scenario, []).append(row)
    problems.raise_if_any()
    for scenario, changes in found.items():
        _check_awards(bom, changes, rows[scenario], table, problems)
    problems.raise_if_any()
    return {name: tuple(changes) for name, changes in found.items()}


def _rows(reader: Reader, purchase: Purchase) -> Iterator[tuple[str, Change]]:
    """The scenario and the change of each row; a part without a name is blank."""
    names, parts, parents = (reader.texts(column) for column in ("scenario", "part", "parent"))
    prices, many, shares = reader.spans("unit_cost"), reader.positive("quantity"), reader.shares("awarded")
    sold, origins = suppliers(reader, purchase), _origins(reader)
    for row, name in enumerate(names):
        price = prices[row]
        yield (
            name or str(row + 1),
            Change(
                part=parts[row] or "",
                supplier=sold[row],
                price=Range(*price) if price else None,
                origin=origins[row],
                parent=parents[row],
                quantity=many[row],
                awarded=shares[row],
            ),
        )


def _nothing(change: Change) -> bool:
    """Whether a row changes nothing."""
    return change.quantity is None and change.price is None and change.origin is None and change.awarded is None


class _Standing:
    """Where in a bill what changes stands."""

    def __init__(self, bom: Bom) -> None:
        self._bom, self._source, self._use = bom, finder(bom), use_finder(bom)

    def of(self, change: Change) -> tuple[list[tuple[str, int]], Change]:
        """The use and the source that a change is about, and the change with the price of one. Raises JointbuyError."""
        places: list[tuple[str, int]] = []
        if change.quantity is not None:
            if not change.parent:
                raise JointbuyError(f"the quantity of {change.part} is for one of what? name its parent")
            places.append(("use", self._use(change)))
        elif change.parent:
            raise JointbuyError(f"{change.part} has a parent and no quantity; a parent is named for a quantity alone")
        if change.of_source:
            source = self._source(change)
            places.append(("source", source))
            change = _for_one(self._bom, change, source)
        return places, change


def _check_awards(bom: Bom, changes: list[Change], rows: list[int], table: Table, problems: Problems) -> None:
    """Whether the shares that are awarded, part by part, leave what others can take."""
    of_part: dict[str, list[Change]] = {}
    first: dict[str, int] = {}
    for change, row in zip(changes, rows, strict=True):
        if change.awarded is not None:
            of_part.setdefault(change.part, []).append(change)
            first.setdefault(change.part, row)
    for part, each in of_part.items():
        try:
            awards(bom, each)
        except JointbuyError as error:
            problems.add(str(error), table.where(first[part], "awarded"))


def _origins(reader: Reader) -> list[Origin | None]:
    """Origins as in a bill; a word that says it is not known takes the declaration away, a blank leaves what stands."""
    texts = reader.table.column("origin") or [""] * len(reader.table.rows)
    return [() if text and one is None else one for text, one in zip(texts, reader.origins(), strict=True)]


def _for_one(bom: Bom, change: Change, source: int) -> Change:
    """The change with the price of one part, as the bill holds it."""
    per = bom.sources.price_per[source] if bom.sources.price_per else None
    return replace(change, price=change.price.times(1 / per)) if per and change.price else change


def _table(file: str, text: str, problems: Problems) -> Table:
    """The rows below the header. Raises Unusable where there are none."""
    head = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=head.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if any(row)]
    except csv.Error as error:
        problems.add("the file cannot be read", Where(file), str(error), "check its quotes")
        raise Unusable(problems.in_order()) from None
    titles = rows[0] if rows else []
    strange = [title for title in titles if title.strip() and fold(title) not in set(map(fold, COLUMNS))]
    for title in strange if len(rows) > 1 and any(fold(each) == "part" for each in titles) else ():
        do = problems.near(title, COLUMNS, f"take it out; there are {', '.join(COLUMNS)}")
        problems.add(f"there is no column {shown(title)}", Where(file, 1), do=do)
    problems.raise_if_any()
    index = {name: at for at, title in enumerate(titles) for name in COLUMNS if fold(title) == fold(name)}
    if "part" not in index or not _CHANGES & index.keys() or len(rows) < 2:
        why = f"the header reads: {', '.join(titles)[:120]}" if titles else "the file is empty"
        problems.add(
            "no changes were found", Where(file, 1), why, f"write a header with {', '.join(COLUMNS)}, and rows"
        )
        raise Unusable(problems.in_order())
    return Table(file, Header(titles, index), 1, list(range(2, len(rows) + 1)), rows[1:], delimiter=delimiter)
