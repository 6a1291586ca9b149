"""NATO's workbook "Defence Expenditure of NATO Countries" as a user downloads it, in the layouts of several editions.

A table is known by its number, in its title or in the sheet's name; a block of it by a row of years, with what
stands above that row; a year with an "e" is an estimate. Nothing is looked for at a fixed cell. What is not as it
should be is refused with the cell, and with what was found there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from jointbuy.errors import Where
from jointbuy.exact import Range, exactly, parse_decimal
from jointbuy.formats.files import Content
from jointbuy.formats.looks import percent
from jointbuy.formats.problems import Problems, listed, shown
from jointbuy.formats.table import letters
from jointbuy.formats.workbook import DAMAGED, Refused, Scan, cell_text, fault, grids_of
from jointbuy.money import DIGITS
from jointbuy.places import Places
from jointbuy.spending import Edition, Figure, Measure, Table, rounded

CREDIT = "Source: NATO, Defence Expenditure of NATO Countries. NATO's terms: credit it; no sale, no advertising."
_TITLE = re.compile(r"\s*table\s*(\d+)\s*([ab]?)\b", re.IGNORECASE)
_YEAR = re.compile(r"((?:19|20)\d\d)\s*(e?)\*?")
_MARKS = re.compile(r"[*†‡¹²³⁰⁴-⁹]+|\((?:[a-z]|\d)\)|(?<=[^\d\W])\d+$")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)\s*$")
_PRICES = re.compile(r"(\d{4})\s+prices")
_NOTHING = {"", "-", "–", "—", "..", "...", "n/a", "n.a.", "na", ":"}
_UNITS = {"million": 10**6, "billion": 10**9}
_FEW, _ABOVE, _MOST_SHARE = 3, 4, 100
_TOGETHER = ("nato", "total", "europe", "north america")
_OWN = {
    "AL": "ALL", "BG": "BGN", "CA": "CAD", "CZ": "CZK", "DK": "DKK", "GB": "GBP", "HU": "HUF", "MK": "MKD", "NO": "NOK",
    "PL": "PLN", "RO": "RON", "SE": "SEK", "TR": "TRY", "US": "USD",
}  # fmt: skip
"""Currencies that a label names by their unit alone, such as "Dollars"."""


@dataclass(frozen=True, slots=True)
class _Block:
    """The rows under one row of years; `above` is what stands over it, and `years` are (year, estimate) by column.

    `preface` is what stands between the table's title and its first row of years: units, for all of its blocks.
    """

    table: str
    sheet: str
    head: int
    years: Mapping[int, tuple[int, bool]]
    above: str
    title: str
    preface: str
    rows: tuple[tuple[int, list[Any]], ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A block that is read: its table, what must stand above it, how that is said, what it holds, if it is needed."""

    table: str
    above: str
    said: str
    measure: Measure
    needed: bool = True


_WANTED = (
    _Wanted("1", r"national currency|current prices", "national currency", "spent"),
    _Wanted("2", r"current prices", "current prices", "spent"),
    _Wanted("2", r"constant|\d{4} prices", "constant prices", "spent"),
    _Wanted("3", r"share of (real )?gdp", "share of real GDP", "share"),
    _Wanted("5", r"gdp|gross domestic product", "GDP", "gdp", needed=False),
    _Wanted("8a", r"equipment", "equipment", "equipment"),
)


def read(content: Content, places: Places, problems: Problems) -> Table | None:
    """The tables of a workbook as figures; None with every problem noted where it cannot be used."""
    before = len(problems.found)
    try:
        grids, scans = grids_of(content, problems)
    except Refused as refused:
        problems.add(refused.what, Where(content.name), refused.why, refused.do)
        return None
    except DAMAGED:
        advice = "download it again, and do not change its name's ending"
        problems.add("the workbook is damaged or not a workbook", Where(content.name), do=advice)
        return None
    found = [block for name, grid in grids.items() for block in _blocks(name, grid)]
    chosen = [(wanted, _chosen(wanted, found)) for wanted in _WANTED]
    _missing(content.name, chosen, found, grids, problems)
    blocks = [(wanted, block) for wanted, block in chosen if block]
    if len(problems.found) > before:
        return None
    year = _edition(content.name, [block for _, block in blocks], problems)
    reader = _Figures(content.name, f"NATO {year}", places, problems, [])
    figures = [figure for wanted, block in blocks for figure in reader.figures(wanted, block, scans[block.sheet])]
    if len(problems.found) > before:
        return None
    title = next(block.title for wanted, block in blocks if wanted.measure == "share")
    definition = "defence expenditure by NATO's definition, what the pledge is about"
    edition = Edition(f"NATO {year}", title, definition, CREDIT, content.name, content.digest)
    notes = [*reader.notes, *_told(content.name, figures, blocks)]
    return Table(edition, tuple(figures), tuple(notes))


# --- where things stand ---------------------------------------------------------------------


def _blocks(sheet: str, grid: list[list[Any]]) -> Iterator[_Block]:
    """Every block of a sheet that belongs to a numbered table."""
    texts = [[cell_text(cell).strip() for cell in row] for row in grid]
    match = _TITLE.match(sheet)
    table, title = (match[1] + match[2].lower() if match else ""), ""
    heads = {row: years for row, cells in enumerate(texts) if (years := _years(cells))}
    last, preface = -1, ""
    for row, cells in enumerate(texts):
        first = next((cell for cell in cells if cell), "")
        if row not in heads and (match := _TITLE.match(first)) and not any(map(_is_number, cells[1:])):
            table, title, preface, last = match[1] + match[2].lower(), first, "", row
        if row not in heads or not table:
            continue
        end = min((head for head in heads if head > row), default=len(grid))
        near = texts[max(last + 1, row - _ABOVE) : row]
        above = " ".join(cell for line in near for cell in line if cell and not any(map(_is_number, line[1:])))
        above = " ".join(filter(None, (above, *(c for at, c in enumerate(cells) if c and at not in heads[row]))))
        preface = preface or " ".join(cell for line in texts[last + 1 : row] for cell in line if cell)
        rows = tuple((at, grid[at]) for at in range(row + 1, end) if any(texts[at]))
        yield _Block(table, sheet, row, heads[row], above, title or sheet, preface, rows)
        last = row


def _years(cells: list[str]) -> dict[int, tuple[int, bool]]:
    """The years of a header by column; nothing where a row is none."""
    found = {at: (int(match[1]), bool(match[2])) for at, cell in enumerate(cells) if (match := _YEAR.fullmatch(cell))}
    rising = [year for year, _ in found.values()]
    return found if len(found) >= _FEW and rising == sorted(set(rising)) else {}


def _is_number(text: str) -> bool:
    try:
        parse_decimal(text)
    except ValueError:
        return False
    return True


def _chosen(wanted: _Wanted, blocks: list[_Block]) -> _Block | None:
    """The first block of a table over which the right words stand; in a table of one block its title may say them."""
    of_table = [block for block in blocks if block.table == wanted.table]
    for block in of_table:
        told = f"{block.above} {block.title if len(of_table) == 1 else ''}".casefold()
        if re.search(wanted.above, told):
            return block
    return None


def _missing(
    file: str,
    chosen: list[tuple[_Wanted, _Block | None]],
    found: list[_Block],
    grids: Mapping[str, Any],
    problems: Problems,
) -> None:
    """Tell of each table that is needed and not there, with what stands in its place."""
    if not found:
        why = f"no sheet has a table with its number and a row of years; its sheets are {listed(list(grids), 6)}"
        do = "give NATO's workbook (def-exp-YEAR-en.xlsx) as it was downloaded, or a CSV: docs/targets.md"
        problems.add("this is not NATO's workbook on defence expenditure", Where(file), why, do)
        return
    for wanted, block in chosen:
        if block or not wanted.needed:
            continue
        at = [one for one in found if one.table == wanted.table]
        place = Where(file, cell=f"{at[0].sheet}!A{at[0].head + 1}") if at else Where(file)
        heads = listed([shown(one.above or one.title) for one in at], 4) or f"tables {listed(_tables(found))}"
        what = f"Table {wanted.table} has no block on {shown(wanted.said)}"
        do = "this layout is not known: give an edition from 2014 on as downloaded, or a CSV"
        problems.add(what, place, f"found: {heads}", do)


def _tables(found: list[_Block]) -> list[str]:
    return list(dict.fromkeys(block.table for block in found))


def _edition(file: str, blocks: list[_Block], problems: Problems) -> int:
    """The year of the edition: the last year of every table. Tables that end elsewhere are of another edition."""
    ends: dict[tuple[int, bool], list[tuple[str, str]]] = {}
    for block in blocks:
        column = max(block.years)
        year, estimate = block.years[column]
        cell = f"{block.sheet}!{letters(column)}{block.head + 1}"
        ends.setdefault((year, estimate), []).append((block.table, cell))
    if len(ends) > 1:
        told = "; ".join(
            f"Table {places[0][0]} ends in {year}{'e' * estimate} ({places[0][1]})"
            for (year, estimate), places in ends.items()
        )
        cell = list(ends.values())[1][0][1]
        do = "tables of two editions are never mixed: give each workbook as it was downloaded"
        problems.add("the tables of this workbook are of different editions", Where(file, cell=cell), told, do)
    return max(year for year, _ in ends)


def _told(file: str, figures: list[Figure], blocks: list[tuple[_Wanted, _Block]]) -> Iterator[str]:
    """What has to be said of what was read."""
    shares = {figure.country for figure in figures if figure.measure == "share"}
    years = next(block.years for wanted, block in blocks if wanted.measure == "share")
    marked = [str(year) for year, estimate in years.values() if estimate]
    yield f"{file}: {len(shares)} countries; estimates: {listed(marked) or 'none marked'}"
    if not marked:
        yield f'{file}: no year bears an "e", which NATO gives its last ones: figures may be estimates and not say so'
    if not any(wanted.measure == "gdp" for wanted, _ in blocks):
        yield f"{file}: no GDP was found in Table 5; it is taken from spending and share, and so is a range"
    for measure in ("spent", "equipment"):
        if lacking := shares - {figure.country for figure in figures if figure.measure == measure}:
            yield f"{file}: nothing on {measure} of {listed(sorted(lacking))}"


# --- what stands there ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Figures:
    """Reads the cells of blocks."""

    file: str
    edition: str
    places: Places
    problems: Problems
    notes: list[str]

    def figures(self, wanted: _Wanted, block: _Block, scan: Scan) -> list[Figure]:
        """The figures of a block."""
        told = f"{block.title} {block.above} {block.preface}".casefold()
        money = wanted.measure in {"spent", "gdp"}
        scale = self._scale(block, told) if money else Fraction(1, 100)
        prices = (
            _prices(block.above)
            or _prices(block.title)
            or _prices(block.preface)
            or ("current prices" if money else "")
        )
        cells = [
            (country, label, row, column, text)
            for country, label, row, line in self._countries(block)
            for column in block.years
            if (text := self._number(block, scan, row, column, line)) is not None
        ]
        finest = max((_decimals(text) for *_, text in cells), default=0)
        found = []
        for country, label, row, column, text in cells:
            year, estimate = block.years[column]
            currency = self._currency(country, label, block, told) if money else None
            if money and currency is None:
                continue
            number = parse_decimal(text)
            where = self._at(block, row, column)
            if not money and not 0 <= number <= _MOST_SHARE:
                self.problems.add(f"a share is {text}", where, "it lies between 0 and 100 per cent")
            places = finest if finest <= 2 else 2 if _decimals(text) <= 2 else None
            value = exactly(number) if places is None else rounded(number, places)
            if value.low < 0 <= value.high:
                value = Range(Fraction(0), value.high)
            figure = Figure(
                country=country,
                year=year,
                measure=wanted.measure,
                value=value.times(scale),
                published=number * scale,
                currency=currency,
                prices=prices,
                estimate=estimate,
                editions=(self.edition,),
                where=where,
                source=CREDIT,
            )
            found.append(figure)
        if wanted.needed and not found:
            place, rows = self._at(block, block.head, 0), [cell_text(line[0]) for _, line in block.rows[:3]]
            why = f"below the years stand {listed([shown(label) for label in rows]) or 'no rows'}"
            self.problems.add(f"Table {block.table} has no figures of a country", place, why, "download it again")
        if not money and found and max(figure.published for figure in found) < Fraction(1, 500):
            self.problems.add(
                "the shares are not in per cent",
                Where(self.file, cell=f"{block.sheet}!A{block.head + 1}"),
                "the largest is below 0.2",
                "give the workbook as it was downloaded",
            )
        return found

    def _countries(self, block: _Block) -> Iterator[tuple[str, str, int, list[Any]]]:
        """The rows of countries: code, label, row, cells; an unknown label over numbers is a problem."""
        seen: dict[str, int] = {}
        for row, line in block.rows:
            # A label, and in some editions its currency in a column of its own.
            named = [text for cell in line[: min(block.years)] if (text := cell_text(cell).strip())]
            label = f"{named[0]} ({named[1]})" if len(named) == 2 else " ".join(named)
            plain = _IN_BRACKETS.sub("", _MARKS.sub("", label).strip())
            plain = " ".join(_MARKS.sub("", plain).split())
            if plain.casefold().startswith(("note", "source")):
                return
            if not plain or plain.casefold().startswith(_TOGETHER):
                continue
            country = self.places.recognise(plain)
            if country is None:
                if any(column < len(line) and _is_number(cell_text(line[column])) for column in block.years):
                    do = self.problems.near(
                        plain, list(self.places.titles.values()), "write the country's English name"
                    )
                    self.problems.add(f"{shown(label)} is not a country", self._at(block, row, 0), do=do)
                continue
            if country in seen:
                why = f"row {seen[country] + 1} has it too"
                self.problems.add(f"{shown(plain)} stands twice", self._at(block, row, 0), why, "keep one")
                continue
            seen[country] = row
            yield country, label, row, line

    def _number(self, block: _Block, scan: Scan, row: int, column: int, line: list[Any]) -> str | None:
        """A cell as the text of a number; None where nothing stands there, or something that was noted."""
        at, place = (row, column), self._at(block, row, column)
        if at in scan.errors:
            self.problems.found.append(fault("e", scan.errors[at], "", place))
            return None
        if at in scan.formulas - scan.valued:
            self.problems.found.append(fault("f", "", "", place))
            return None
        cell = line[column] if column < len(line) else ""
        text = cell_text(cell).strip().replace("\u00a0", "").replace(" ", "")
        if text.casefold() in _NOTHING:
            return None
        if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
            text = text.replace(",", "")
        if cell is True or cell is False or not _is_number(text):
            self.problems.add(f"the cell holds {shown(text)}", place, "a number is expected", "download it again")
            return None
        look = scan.looks.get(at)
        return percent(text).removesuffix(" %") if look and look.percent else text

    def _scale(self, block: _Block, told: str) -> Fraction:
        """What one unit of a block of money is worth in whole units of its currency."""
        for word, scale in _UNITS.items():
            if word in told:
                return Fraction(scale)
        place = Where(self.file, cell=f"{block.sheet}!A{block.head + 1}")
        why = f"neither million nor billion stands over it, but {shown(block.above or block.title)}"
        self.problems.add(f"Table {block.table} does not say its unit", place, why)
        return Fraction(1)

    def _currency(self, country: str, label: str, block: _Block, told: str) -> str | None:
        """The currency of a row: US dollars where the table says so, else what its label names."""
        if block.table != "1" and ("us dollar" in told or "us$" in told or "usd" in told):
            return "USD"
        named = _IN_BRACKETS.search(_MARKS.sub("", label).strip())
        word = named[1].strip().casefold() if named else ""
        if word.upper() in DIGITS:
            return word.upper()
        found = "EUR" if word.startswith("euro") else _OWN.get(country) if word else None
        if found is None:
            said = f"the currency of {country} in Table {block.table} is not named: its row is not read"
            note = f"{self.file}: {said}"
            if note not in self.notes:
                self.notes.append(note)
        return found

    def _at(self, block: _Block, row: int, column: int) -> Where:
        return Where(self.file, cell=f"{block.sheet}!{letters(column)}{row + 1}")


def _prices(text: str) -> str:
    folded = text.casefold()
    if match := _PRICES.search(folded):
        return f"prices and exchange rates of {match[1]}"
    return "current prices" if "current prices" in folded else ""


def _decimals(text: str) -> int:
    """Decimals of a number as it is written; what is in scientific notation has many."""
    return 9 if "e" in text.casefold() else len(text.partition(".")[2])
