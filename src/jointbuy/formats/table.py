"""A bill of materials as a table of texts, with the place of every cell; and the reading of CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jointbuy.errors import Problem, Where
from jointbuy.formats import markings
from jointbuy.formats.columns import HEADER_WITHIN, Header, find_header
from jointbuy.formats.files import Content, must_hold, needed_by_rows, text_of
from jointbuy.formats.problems import Problems, listed
from jointbuy.result import Lost

_TOTAL = r"((grand |sub[ -]?)?totals?|sum|(zwischen)?summe|gesamt(summe|preis|kosten|betrag|wert)?|razem|suma)"
_OF = (
    r"costs?|prices?|amount|value|net|gross|components?|parts|materials?|bom|kosten|preis|betrag|wert|netto|brutto"
    r"|general|général|ht|ttc|prix|coût|koszt|cena|kwota|wartość|eur|usd|cad|gbp|pln|€|£|zł"
)
TOTAL = re.compile(rf"{_TOTAL}( (of )?[(\[]?({_OF})[)\]]?)*", re.IGNORECASE)
"""A word for a total, of what, and nothing more: `Total station` is none."""
_BEGINS = re.compile(rf"{_TOTAL}\b", re.IGNORECASE)
_NUMBERS = ("quantity", "unit_cost", "cost_low", "cost_high", "line_cost")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
FOOT = 5
"""Rows at the end of a table in which a security marking may stand."""
DELIMITERS = (",", ";", "\t", "|")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell begins with that a spreadsheet takes for a formula, or may after it is split or trimmed."""
_QUOTED = re.compile(r"'[=+\-@\t\r\n]")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a header. `rows[i]` may be shorter than the header; `lines[i]` counts from 1.

    `sheet` is None for text files. `fractions` are (row index, column) of cells that a workbook
    holds as numbers with decimals. `totals` are lines left out because they sum up others.
    `spots` are the JSON paths of the rows of a document, whose lines are then just their numbers; so are those
    of several sheets read as one, with `sheets` for the sheet and line of each row, and where its
    columns stand there, and `ends` for the end product that the sheet is named after.
    `left` is what the file holds and the rows do not. `money` tells of (row index, column) the sign of a currency that
    a workbook shows beside the number, and the currencies it may stand for.
    """

    file: str
    header: Header
    header_line: int
    lines: list[int]
    rows: list[list[str]]
    sheet: str | None = None
    delimiter: str | None = None
    fractions: set[tuple[int, int]] = field(default_factory=set)
    totals: list[int] = field(default_factory=list)
    spots: list[str] | None = None
    sheets: list[tuple[str, int, tuple[int, ...]]] | None = None
    ends: list[str | None] | None = None
    left: list[Lost] = field(default_factory=list)
    money: dict[tuple[int, int], tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def where(self, row: int, column: str | None = None) -> Where:
        """The place of a row, or of the cell of one of our columns in it."""
        return self.at(self.lines[row], self.header.index.get(column or "part"))

    def at(self, line: int, column: int | None = None) -> Where:
        """A line, or a cell of it by the index of its column."""
        if self.spots is not None:
            return Where(self.file, line, self.spots[line - 1]) if line else Where(self.file)
        if self.sheets is not None:
            if not line:
                return Where(self.file)
            sheet, there, places = self.sheets[line - 1]
            return Where(self.file, line, f"{sheet}!{letters(places[column or 0])}{there}")
        if self.sheet is not None:
            return Where(self.file, line, f"{self.sheet}!{letters(column or 0)}{line}")
        if self.delimiter is not None:
            return Where(self.file, line)
        # A file of columns (Parquet) has rows, counted from 1, and no lines.
        name = f", {self.header.titles[column]}" if column is not None else ""
        return Where(self.file, line, f"row {line}{name}") if line else Where(self.file)

    def spot(self, row: int) -> str:
        """How a message names a row beside others."""
        if self.sheets is not None:
            sheet, there, _ = self.sheets[row]
            return f"{sheet}!{there}"
        return self.spots[row] if self.spots is not None else str(self.lines[row])

    def column(self, name: str) -> list[str] | None:
        """The texts of one of our columns without blanks around them; None when the bill has no such column."""
        index = self.header.index.get(name)
        if index is None:
            return None
        return [row[index].strip() if index < len(row) else "" for row in self.rows]


def is_total(header: Header, texts: Sequence[str]) -> bool:
    """Whether a row sums up others: it has no part id and no origin, and a cell that is a word for a total.

    Such a word alone in the column of parts, with no quantity beside it, is no part id either. Where a row has no
    quantity and no cost, more may follow the word; else it may be a part of that name, which has lost its id.
    """

    def cell(name: str) -> str:
        index = header.index.get(name, len(texts))
        return texts[index].strip() if index < len(texts) else ""

    named = cell("part")
    if named and (cell("quantity") or not TOTAL.fullmatch(named.rstrip(" :"))):
        return False
    if cell("origin"):
        return False
    words = [text.strip() for text in texts]
    empty = not any(map(cell, _NUMBERS))
    return any(TOTAL.fullmatch(word.rstrip(" :")) or (empty and _BEGINS.match(word)) for word in words)


def totals_said(file: str, lines: Sequence[int]) -> str:
    """The note on rows that were left out as totals."""
    which = f"row{'s' * (len(lines) > 1)} {listed(list(map(str, lines)))}"
    return f"{file}: left out as a total of other rows: {which}"


def letters(column: int) -> str:
    """A workbook's name of a column: 0 is A, 27 is AB."""
    name = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(65 + digit) + name
    return name


def read_csv(content: Content, columns: Mapping[str, str], problems: Problems) -> Table | None:
    """The table of a CSV file, its delimiter taken from its header."""
    rows = content.data.count(b"\n")
    cells = rows + max(content.data.count(sign.encode()) for sign in DELIMITERS)
    must_hold(content.name, rows, needed_by_rows(rows, cells))
    text = text_of(content, problems)
    if text is None:
        return None
    if hidden := _CONTROL.search(text):
        line = text.count("\n", 0, hidden.start()) + 1
        why = f"the sign U+{ord(hidden[0]):04X} cannot be seen and is no part of a text"
        problems.add("a control character stands here", Where(content.name, line), why, "take it out")
        return None
    if not text.strip():
        problems.add("the file is empty", Where(content.name), do="write a header row and one row for each part")
        return None
    best = header_of(text, columns)
    if best is None:
        head, _ = records_of(text, ",", 1)
        first = head[0][1] if head else []
        no_header(content.name, first, problems)
        return None
    at, header, line, delimiter = best
    records, broken = records_of(text, delimiter)
    around = [*records[:at], *records[max(at + 1, len(records) - FOOT) :]]
    markings.check_rows((Where(content.name, one), fields) for one, fields in around)
    if _QUOTED.search(text):
        records = [(one, [unquoted(cell) for cell in fields]) for one, fields in records]
    if broken:
        problems.add("this row cannot be read", Where(content.name, broken[0]), broken[1], "check its quotes")
        if len(records) <= at + 1:
            return None
    table = Table(content.name, header, line, [], [], delimiter=delimiter)
    for one, fields in records[at + 1 :]:
        if is_total(header, fields):
            table.totals.append(one)
        elif any(map(str.strip, fields)):
            table.lines.append(one)
            table.rows.append(fields)
    _too_wide(table, problems)
    return table


def header_of(text: str, columns: Mapping[str, str]) -> tuple[int, Header, int, str] | None:
    """The record that is the header, what it means, its line, and the delimiter that makes most of it."""
    best: tuple[int, Header, int, str] | None = None
    for delimiter in DELIMITERS:
        head, _ = records_of(text, delimiter, HEADER_WITHIN)
        found = find_header([fields for _, fields in head], columns)
        if found and (best is None or len(found[1].index) > len(best[1].index)):
            best = (*found, head[found[0]][0], delimiter)
    return best


def quoted(text: str) -> str:
    """A text with the apostrophe that keeps a spreadsheet from taking it for a formula; `unquoted` takes it away."""
    return f"'{text}" if text.lstrip("'")[:1] in _FORMULA else text


def unquoted(text: str) -> str:
    """A cell without the apostrophe that only keeps a spreadsheet from taking it for a formula."""
    return text[1:] if text[:1] == "'" and text.lstrip("'")[:1] in _FORMULA else text


def no_header(file: str, first: list[str], problems: Problems) -> None:
    """Say that no row of a file looks like a header."""
    seen = f"the first row reads: {' | '.join(first)[:120]}"
    advice = "give it a header such as part, parent, quantity, unit_cost, origin, or name your columns under columns:"
    why = f"a header names the part and one of parent, level, quantity or cost, within {HEADER_WITHIN} rows; {seen}"
    problems.add("no header row was found", Where(file, 1), why, advice)


def records_of(
    text: str, delimiter: str, most: int | None = None
) -> tuple[list[tuple[int, list[str]]], tuple[int, str] | None]:
    """Records with the line each begins on, and where and why reading broke off, if it did."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for fields in reader:
            found.append((line, fields))
            line = reader.line_num + 1
            if len(found) == most:
                break
    except csv.Error as error:
        return found, (line, str(error))
    return found, None


def _too_wide(table: Table, problems: Problems) -> None:
    """Tell of the rows that are too long."""
    for index, row in enumerate(table.rows):
        if too_wide(table.header, row):
            problems.found.append(too_long(table.header, row, table.delimiter, table.where(index)))


def too_wide(header: Header, row: Sequence[str]) -> bool:
    """Whether a row has more values than the header has names: it is shifted, and nothing in it can be trusted."""
    width = len(header.titles)
    return len(row) > width and any(value.strip() for value in row[width:])


def too_long(header: Header, row: Sequence[str], delimiter: str | None, where: Where) -> Problem:
    """What is said of such a row."""
    why = f"it has {len(row)} values and the header {len(header.titles)} names"
    advice = f"put quotes around values that hold {'a tab' if delimiter == chr(9) else delimiter}"
    return Problem("this row is too long", where, why, advice)
