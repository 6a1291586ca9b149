"""What a workbook says by how it shows its cells: per cents, currencies, rows hidden or struck out, merged cells.

A per cent is read as it is shown. A currency that is shown and is not the one that would be read is refused. Rows
that are hidden or struck out count, and a note says so. What a merged cell says holds for all its rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from jointbuy.errors import Where
from jointbuy.formats.problems import Problems, listed, shown
from jointbuy.formats.table import Table
from jointbuy.money import DIGITS

if TYPE_CHECKING:
    from jointbuy.formats.rows import Rows

Cell = tuple[int, int]
"""Row and column, both from 0."""
SHARES = ("scrap", "yield", "awarded", "usage")
COSTS = ("unit_cost", "cost_low", "cost_high", "line_cost")
_REPEATED = {
    "part", "name", "parent", "position", "unit", "supplier", "origin", "supplied_from", "cost_unit", "currency",
    "cost_kind", "declaration", "evidence",
}  # fmt: skip
"""Our columns of words, which a merged cell says of each row it spans; numbers would count once or several times."""
_PERCENTS = {"9", "10"}
"""Formats that every workbook has without listing them; its currencies (5 to 8, 42, 44) are the machine's own."""
_LISTS = {"fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"}
_BRACKET = re.compile(r"\[\$([^\]-]*)(?:-([0-9A-Fa-f]+))?\]")
_ASIDE = re.compile(r"\[[^\]]*\]|_.|\*.")
_DOLLARS = ("USD", "CAD", "AUD", "NZD", "SGD", "HKD")
_CURRENCIES = {
    "US$": ("USD",), "CA$": ("CAD",), "C$": ("CAD",), "A$": ("AUD",), "AU$": ("AUD",), "$": _DOLLARS, "€": ("EUR",),
    "£": ("GBP",), "zł": ("PLN",), "Kč": ("CZK",), "¥": ("JPY", "CNY"), "₩": ("KRW",), "₺": ("TRY",), "₴": ("UAH",),
    "₪": ("ILS",),
}  # fmt: skip
_LOCALES = {"409": ("USD",), "1009": ("CAD",), "C0C": ("CAD",), "C09": ("AUD",), "1409": ("NZD",)}
_REF = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")


class Look(NamedTuple):
    """What a cell's format says: a per cent, the currencies that its sign may stand for, and that it is struck out."""

    percent: bool
    sign: str
    currencies: tuple[str, ...]
    struck: bool

    @property
    def of_text(self) -> Look:
        """What it says of a cell that holds a text: formats of numbers do not bear on it."""
        return Look(False, "", (), self.struck)


def looks_of(styles: bytes, parse: Callable[[bytes, Callable[[str, dict[str, str]], None]], None]) -> dict[str, Look]:
    """The formats of a workbook that say something, by the number that cells name them by; `styles` is their XML."""
    codes: dict[str, str] = {}
    struck: list[bool] = []
    found: dict[str, Look] = {}
    within, count = "", 0

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal within, count
        if tag in _LISTS:
            within = tag
        elif tag == "numFmt":
            codes[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif tag == "font" and within == "fonts":
            struck.append(False)
        elif tag == "strike" and within == "fonts" and struck:
            struck[-1] = given.get("val", "1") not in {"0", "false"}
        elif tag == "xf" and within == "cellXfs":
            look = _look(given, codes, struck)
            if look != _PLAIN:
                found[str(count)] = look
            count += 1

    parse(styles, start)
    return found


_PLAIN = Look(False, "", (), False)


def _look(given: Mapping[str, str], codes: Mapping[str, str], struck: list[bool]) -> Look:
    """What one format says."""
    number, font = given.get("numFmtId", "0"), given.get("fontId", "0")
    code = codes.get(number, "0%" if number in _PERCENTS else "").split(";")[0]
    sign, currencies = _currency(code)
    crossed = font.isdecimal() and int(font) < len(struck) and struck[int(font)]
    return Look("%" in re.sub(r'"[^"]*"|\\.', "", code), sign, currencies, crossed)


def _currency(code: str) -> tuple[str, tuple[str, ...]]:
    """The sign of a currency in a number's format, and the currencies that it may stand for."""
    if (bracket := _BRACKET.search(code)) and (sign := bracket[1].strip()):
        dollar = sign == "$" and _LOCALES.get((bracket[2] or "").lstrip("0").upper())
        return sign, dollar or _CURRENCIES.get(sign, (sign,) if sign in DIGITS else ())
    text = _ASIDE.sub("", code).replace('"', "").replace("\\", "")
    for sign, currencies in _CURRENCIES.items():
        if sign in text:
            return sign, currencies
    named = [word for word in re.findall(r"\b[A-Z]{3}\b", text) if word in DIGITS]
    return (named[0], (named[0],)) if named else ("", ())


# --- applied ------------------------------------------------------------------------------


def applied(
    table: Table, cells: Mapping[Cell, Look], hidden: set[int], merged: list[str], problems: Problems, notes: list[str]
) -> None:
    """Bring to the rows of a sheet what its looks say. `cells` and `hidden` count from 0, as the sheet does."""
    row_of = {line - 1: row for row, line in enumerate(table.lines)}
    ours = {at: name for name, at in table.header.index.items()}
    crossed: dict[int, None] = {}
    for (line, column), look in sorted(cells.items()):
        row, name = row_of.get(line), ours.get(column)
        if row is None or name is None or not table.rows[row][column].strip():
            continue
        if look.struck:
            crossed[line] = None
        if look.percent and name in SHARES:
            table.rows[row][column] = percent(table.rows[row][column])
        if look.currencies and name in COSTS:
            table.money[row, column] = look.sign, look.currencies
    unseen = [line + 1 for line in sorted(hidden) if line in row_of]
    notes.extend(counted_said(table.file, str(table.sheet), unseen, [line + 1 for line in crossed]))
    for ref in merged:
        _spread(table, ref, row_of, ours, problems, notes)


def counted_said(file: str, sheet: str, hidden: list[int], struck: list[int]) -> list[str]:
    """The notes on rows that are hidden or struck out, by their lines."""
    notes = []
    for how, lines in (("hidden", hidden), ("struck out", struck)):
        if lines:
            which = f"row{'s' * (len(lines) > 1)} {listed(list(map(str, lines)))}"
            notes.append(f"{file}: {how} in the sheet {sheet}, and counted all the same: {which}")
    return notes


def percent(text: str) -> str:
    """A cell shown as a per cent as text: times 100, exactly, where it is a number as Python writes it."""
    if not re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", text):
        return text
    hundred = f"{Decimal(text) * 100:f}"
    return f"{hundred.rstrip('0').rstrip('.') if '.' in hundred else hundred} %"


def _spread(
    table: Table,
    ref: str,
    row_of: Mapping[int, int],
    ours: Mapping[int, str],
    problems: Problems,
    notes: list[str],
) -> None:
    """What a merged cell says goes to all the rows it spans; where it is a number, or spans columns, it is refused."""
    spanned = span(ref)
    if spanned is None:
        return
    (top, first), (bottom, last) = spanned
    rows = [row for line, row in row_of.items() if top <= line <= bottom]
    read = [at for at in range(first, last + 1) if at in ours]
    if top not in row_of or len(rows) < 2 or not read or not table.rows[row_of[top]][first].strip():
        return
    name = ours.get(first)
    if first != last or name not in _REPEATED:
        what = f"the cells {ref} are merged"
        why = "it is not told whether its number is that of each row or of all of them"
        why = "they span several columns" if first != last else why
        problems.add(what, table.at(top + 1, first), why, "take the merger away and write what each row says")
        return
    for row in rows:
        table.rows[row][first] = table.rows[row_of[top]][first]
    notes.append(f"{table.file}: what the merged cells {table.sheet}!{ref} say was read in each of their rows")


def span(ref: str) -> tuple[Cell, Cell] | None:
    """The first and the last of merged cells; None where their names are none."""
    match = _REF.fullmatch(ref)
    return match and ((int(match[2]) - 1, _column(match[1])), (int(match[4]) - 1, _column(match[3])))


def _column(name: str) -> int:
    """The index of a column from its letters: A is 0."""
    found = 0
    for letter in name:
        found = found * 26 + ord(letter) - 64
    return found - 1


def other_currencies(rows: Rows, own: str | None, problems: Problems) -> None:
    """Refuse costs that are shown in another currency than the one that is read; said once for each sign."""
    alike: dict[tuple[str, str], list[Where]] = {}
    for (row, column), (sign, currencies) in sorted(rows.table.money.items()):
        currency = rows.currency[row] or own
        if rows.price[row] is not None and currency is not None and currency not in currencies:
            alike.setdefault((sign, currency), []).append(rows.table.at(rows.table.lines[row], column))
    for (sign, currency), cells in alike.items():
        more = f", and {len(cells) - 1} more" if len(cells) > 1 else ""
        what = f"the cell is shown in {shown(sign)}{more}"
        why = f"its number would be read as {currency}"
        do = "write the currency in a column currency, or show the cells in the one that is meant"
        problems.add(what, cells[0], why, do)
