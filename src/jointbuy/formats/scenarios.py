"""What-if tables: scenarios that change prices and origins of some parts, a row for each change."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

from jointbuy.change import Change, finder
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

COLUMNS = ("scenario", "part", "supplier", "unit_cost", "origin")


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
    names, parts, prices = reader.texts("scenario"), reader.texts("part"), reader.spans("unit_cost")
    sold, origins = suppliers(reader, purchase), _origins(reader)
    find, found = finder(bom), dict[str, list[Change]]()
    first: dict[tuple[str, int], int] = {}
    for row, (name, part, price, origin) in enumerate(zip(names, parts, prices, origins, strict=True)):
        scenario = name or str(row + 1)
        if not part:
            problems.add("this row names no part", table.where(row), do="write its id as the bill does")
            continue
        if price is None and origin is None and row not in reader.refused:
            do = "write another unit_cost, or another origin; ? takes a declaration away"
            problems.add(f"nothing of {shown(part)} is changed", table.where(row), do=do)
        change = Change(part, sold[row], Range(*price) if price else None, origin)
        try:
            source = find(change)
        except JointbuyError as error:
            problems.add(str(error), table.where(row))
            continue
        if (before := first.setdefault((scenario, source), row)) != row:
            why = f"row {table.lines[before]} changes the same in this scenario"
            problems.add(f"{shown(part)} is changed twice", table.where(row), why, "keep one of the two")
        found.setdefault(scenario, []).append(_for_one(bom, change, source))
    problems.raise_if_any()
    return {name: tuple(changes) for name, changes in found.items()}


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
    if "part" not in index or not {"unit_cost", "origin"} & index.keys() or len(rows) < 2:
        why = f"the header reads: {', '.join(titles)[:120]}" if titles else "the file is empty"
        problems.add(
            "no changes were found", Where(file, 1), why, f"write a header with {', '.join(COLUMNS)}, and rows"
        )
        raise Unusable(problems.in_order())
    return Table(file, Header(titles, index), 1, list(range(2, len(rows) + 1)), rows[1:], delimiter=delimiter)
