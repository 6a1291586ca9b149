"""The tables of a plan or a ledger: CSV with a fixed header, every cell with its place, every fault collected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from jointbuy.errors import Where
from jointbuy.formats import files, markings, scalars
from jointbuy.formats.problems import Problems, listed, shown
from jointbuy.formats.scalars import Wrong
from jointbuy.formats.table import DELIMITERS, records_of, unquoted
from jointbuy.places import Places

T = TypeVar("T")
_PLAN = Where("plan.yaml")
MAX_BYTES = 20_000_000
MAX_ROWS = 200_000
MOST = 10**12
"""Pieces and whole units of money beyond which a number is a slip of the hand; no sum of them leaves exact numbers."""
_FOOT = 3
"""Last rows in which a security marking is looked for."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Cells:
    """One row: its cells by column, without blanks around them, and its place."""

    cells: dict[str, str]
    where: Where
    problems: Problems

    def text(self, column: str) -> str:
        """A cell that must be filled; "" with a problem noted where it is not."""
        found = self.cells.get(column, "")
        if not found:
            self.wrong(column, "is empty", "", f"write the {column.replace('_', ' ')}")
        return found

    def given(self, column: str) -> str:
        """A cell that may be empty."""
        return self.cells.get(column, "")

    def read(self, column: str, reader: Callable[[str], T], *, needed: bool = True) -> T | None:
        """A cell through a reader; None where it is empty or wrong, which is noted unless it may be empty."""
        found = self.text(column) if needed else self.given(column)
        if not found:
            return None
        try:
            return reader(found)
        except Wrong as wrong:
            self.wrong(column, f"is {shown(found)}", wrong.why, wrong.do)
            return None

    def wrong(self, column: str, what: str, why: str = "", do: str = "") -> None:
        """Note a problem with a cell."""
        self.problems.add(f"{column} {what}", self.where, why, do)

    def left_out(self) -> None:
        """Note that the row is not taken up, for a fault that was told: other tables may name what it would hold."""
        self.problems.unread.add(self.where.file)


def rows(
    folder: Path,
    name: str,
    columns: Sequence[str],
    optional: Sequence[str],
    problems: Problems,
    *,
    years: bool = False,
    named_in: Where = _PLAN,
    guide: str = "docs/plan.md",
) -> Iterator[Cells]:
    """Rows of a table below its header, which names every one of `columns`; with `years`, columns of years too.

    `named_in` is where the table is asked for, `guide` the page that says what stands in it.
    """
    problems.files.append(name)
    problems.unread.add(name)
    content = _content(folder, name, problems, named_in, guide)
    text = files.text_of(content, problems) if content else None
    if text is None:
        return
    if hidden := _CONTROL.search(text):
        line = text.count("\n", 0, hidden.start()) + 1
        problems.add("a control character stands here", Where(name, line), "it is no part of a text", "take it out")
        return
    head = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=head.count)
    records, broken = records_of(text, delimiter)
    if broken:
        problems.add("this row cannot be read", Where(name, broken[0]), broken[1], "check its quotes")
        return
    if not records:
        problems.add("the table is empty", Where(name), do=f"write a header: {delimiter.join(columns)}")
        return
    markings.check_rows((Where(name, line), fields) for line, fields in (*records[:1], *records[-_FOOT:]))
    header = [cell.strip() for cell in records[0][1]]
    if not _header(name, header, columns, optional, problems, years=years):
        return
    if len(records) > MAX_ROWS:
        problems.add(f"{name} has {len(records):,} rows", Where(name), f"at most {MAX_ROWS:,} are read")
        return
    problems.unread.discard(name)
    for line, fields in records[1:]:
        cells = [unquoted(cell.strip()) for cell in fields]
        if not any(cells):
            continue
        if len(cells) > len(header):
            why = f"the row has {len(cells)} cells and the header {len(header)}"
            problems.add("a cell stands beyond the header", Where(name, line), why, "check the delimiters of this row")
            problems.unread.add(name)
            continue
        yield Cells(dict(zip(header, cells, strict=False)), Where(name, line), problems)


def _content(folder: Path, name: str, problems: Problems, at: Where, guide: str) -> files.Content | None:
    path = files.inside(folder, name)
    if path is None or not files.is_file(path):
        problems.add(f"there is no table {name}", at, do=f"put it beside {at.file}: {guide}")
        return None
    return files.load(path, name, at, MAX_BYTES, problems)


def _header(
    name: str, header: list[str], columns: Sequence[str], optional: Sequence[str], problems: Problems, *, years: bool
) -> bool:
    """Whether a header can be used; every fault of it is noted."""
    before = len(problems.found)
    known = [*columns, *optional]
    for column in dict.fromkeys(header):
        if header.count(column) > 1:
            problems.add(f"the column {shown(column)} stands twice", Where(name, 1), do="keep one")
        if column not in known and not (years and re.fullmatch(r"\d{4}", column)):
            do = problems.near(column, known, f"the columns are: {listed(known, 20)}")
            problems.add(f"there is no column {shown(column)}", Where(name, 1), "nothing would be done with it", do)
    for column in columns:
        if column not in header:
            problems.add(f"the column {column} is missing", Where(name, 1), do=f"the columns are: {listed(known, 20)}")
    return len(problems.found) == before


# --- readers of one cell --------------------------------------------------------------------


def whole(text: str) -> int:
    """A number of pieces: whole and not negative."""
    number = scalars.number(text)
    if number.denominator != 1 or number < 0:
        raise Wrong("pieces are whole and not below zero", "write digits, such as 12")
    if number > MOST:
        raise Wrong(f"it is beyond {MOST:,}", "check its digits")
    return int(number)


def some(text: str) -> int:
    """A number of pieces of at least one."""
    if not (number := whole(text)):
        raise Wrong("at least one piece is meant", "leave the row out where there is none")
    return number


def money(digits: int) -> Callable[[str], int]:
    """The reader of an amount of a currency with so many decimals, in minor units; not negative."""

    def read(text: str) -> int:
        amount = scalars.number(text)
        minor = amount * 10**digits
        if amount < 0:
            raise Wrong("an amount is not below zero", "write what is there, 0 for nothing")
        if minor.denominator != 1:
            raise Wrong("it is no whole number of cents", f"write at most {digits} decimals")
        if amount > MOST:
            raise Wrong(f"it is beyond {MOST:,}", "check its digits")
        return int(minor)

    return read


def year(text: str) -> int:
    """A calendar year."""
    if not re.fullmatch(r"\d{4}", text) or not 1990 <= int(text) <= 2199:
        raise Wrong("it is not a year", "write four digits, such as 2028")
    return int(text)


def yes(text: str) -> bool:
    """Yes or no."""
    found = scalars.truth(text)
    if found is None:
        raise Wrong("here it must be known", "write yes or no")
    return found


def country(places: Places) -> Callable[[str], str]:
    """The reader of a country's code or name."""

    def read(text: str) -> str:
        code = places.recognise(text)
        if code is None:
            raise Wrong("it is not a country", "write its ISO code, such as CA, or its name")
        return code

    return read


def words(text: str) -> tuple[str, ...]:
    """Words parted by blanks."""
    return tuple(dict.fromkeys(text.split()))


def share(text: str) -> Fraction:
    """A percentage as a part of one."""
    return scalars.share(text)
