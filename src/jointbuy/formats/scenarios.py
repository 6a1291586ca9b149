"""What-if tables: scenarios that change prices and origins of some parts, a row for each change."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from jointbuy.change import Change
from jointbuy.errors import Unusable, Where
from jointbuy.exact import Range
from jointbuy.formats.cells import Reader, decimal_commas
from jointbuy.formats.columns import Header, fold
from jointbuy.formats.files import MAX_BYTES, load, text_of
from jointbuy.formats.problems import Problems
from jointbuy.formats.rows import suppliers
from jointbuy.formats.table import DELIMITERS, Table
from jointbuy.model import Purchase
from jointbuy.places import Places

COLUMNS = ("scenario", "part", "supplier", "unit_cost", "origin")


def read_scenarios(path: Path, purchase: Purchase, places: Places) -> dict[str, tuple[Change, ...]]:
    """The changes of each scenario, in the order of the file. Raises Unusable with every problem in it."""
    problems = Problems()
    content = load(path, path.name, Where(path.name), MAX_BYTES, problems)
    text = text_of(content, problems) if content else None
    problems.raise_if_any()
    table = _table(path.name, text or "", problems)
    reader = Reader(table, places, problems, [], decimal_commas(table, []))
    names, parts, prices = reader.texts("scenario"), reader.texts("part"), reader.spans("unit_cost")
    sold, origins = suppliers(reader, purchase), reader.origins()
    found: dict[str, list[Change]] = {}
    for row, (name, part, price, origin) in enumerate(zip(names, parts, prices, origins, strict=True)):
        if not part:
            problems.add("this row names no part", table.where(row), do="write its id as the bill does")
        elif price is None and origin is None and row not in reader.refused:
            do = "write another unit_cost, or another origin"
            problems.add(f'nothing of "{part}" is changed', table.where(row), do=do)
        change = Change(part or "", sold[row], Range(*price) if price else None, origin)
        found.setdefault(name or str(row + 1), []).append(change)
    problems.raise_if_any()
    return {name: tuple(changes) for name, changes in found.items()}


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
    index = {name: at for at, title in enumerate(titles) for name in COLUMNS if fold(title) == fold(name)}
    if "part" not in index or not {"unit_cost", "origin"} & index.keys() or len(rows) < 2:
        why = f"the header reads: {', '.join(titles)[:120]}" if titles else "the file is empty"
        problems.add(
            "no changes were found", Where(file, 1), why, f"write a header with {', '.join(COLUMNS)}, and rows"
        )
        raise Unusable(problems.in_order())
    return Table(file, Header(titles, index), 1, list(range(2, len(rows) + 1)), rows[1:], delimiter=delimiter)
