"""Columns of text to columns of values: numbers under one decimal convention, origins, countries, words.

Whole columns are read at once, because the meaning of a comma is a matter of the column, and
because equal texts are read once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar, cast, get_args

from jointbuy.exact import Origin
from jointbuy.formats import decimals, origins, scalars
from jointbuy.formats.decode import country
from jointbuy.formats.problems import Problems, listed, shown
from jointbuy.formats.scalars import Wrong
from jointbuy.formats.table import Table
from jointbuy.model import CostKind, Country
from jointbuy.places import Places, fold

Value = TypeVar("Value")

_LONGEST = 300
NUMBERS = (
    "quantity", "per", "unit_cost", "cost_low", "cost_high", "line_cost", "cost_per", "awarded", "scrap", "yield",
    "usage",
)  # fmt: skip
"""Columns of numbers, in which a comma may be for decimals."""
_SPAN = re.compile(r"\s*(?P<low>[^\s.–—-].*?)\s*(?:\.\.\.?|–|—|\s-\s|(?<=\d)-(?=\d)|\bto\b|…)\s*(?P<high>[\d.].*?)\s*")
_KINDS: dict[str, CostKind] = {kind: kind for kind in get_args(CostKind)} | {
    "part": "component", "parts": "component", "components": "component", "bought part": "component",
    "material": "component",
    "raw materials": "raw material", "rohstoff": "raw material", "matiere premiere": "raw material",
    "licence software": "software", "freight": "transport", "shipping": "transport", "inbound transport": "transport",
    "duties": "duty", "customs": "duty", "customs duty": "duty", "tariff": "duty",
    "assembly": "final assembly", "integration": "final assembly", "labour": "final assembly",
    "labor": "final assembly",
    "design": "engineering", "development": "engineering", "r&d": "engineering", "nre": "engineering",
    "license": "licence", "licences": "licence", "licenses": "licence", "royalty": "licence", "royalties": "licence",
    "tools": "tooling", "tool": "tooling", "testing": "test", "tests": "test", "qualification": "test",
    "overheads": "overhead", "general overhead": "overhead", "g&a": "overhead", "margin": "profit", "fee": "profit",
    "spare": "spares", "spare part": "spares", "spare parts": "spares",
    "service": "services", "support": "services", "training": "services", "maintenance": "services",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads columns of one table; what cannot be read becomes None and a problem."""

    table: Table
    places: Places
    problems: Problems
    notes: list[str]
    decimal_comma: frozenset[str] = frozenset()
    """Our columns whose numbers use a decimal comma."""
    refused: set[int] = field(default_factory=set)
    """Rows with a cell that could not be read."""
    told: dict[str, bool] = field(default_factory=dict)
    """Whether a column tells that a point marks decimals, once that was asked."""
    percents: frozenset[str] = frozenset()
    """Columns of shares of which a row that is not in the table tells that they are per cents."""

    def column(self, name: str, read: Callable[[str], Value | None], longest: int = _LONGEST) -> list[Value | None]:
        """One of our columns read by a function of its text; absent cells and columns are None."""
        texts = self.table.column(name)
        if texts is None:
            return [None] * len(self.table.rows)
        known: dict[str, Value | None] = {"": None}
        wrong: dict[str, Wrong] = {}
        for text in dict.fromkeys(texts):
            if text:
                try:
                    if len(text) > longest and read is not str:
                        raise Wrong("it is too long for a value of this column")
                    known[text] = read(text)
                except Wrong as error:
                    wrong[text], known[text] = error, None
        if wrong:
            alike: dict[tuple[str, str], list[int]] = {}
            for row, text in enumerate(texts):
                if text in wrong:
                    alike.setdefault((wrong[text].why, wrong[text].do), []).append(row)
            for (why, do), rows in alike.items():
                self.refuse(rows, name, why, do)
        return [known[text] for text in texts]

    def refuse(self, rows: list[int], name: str, why: str, do: str) -> None:
        """One problem for the cells of a column that are wrong in the same way: the first, and where the others are."""
        first, *others = rows
        text = self.table.rows[first][self.table.header.index[name]]
        what = f"{shown(self.table.header.title(name))} is {shown(text)}"
        if others:
            lines = listed([self.table.spot(row) for row in others])
            what += f", and {len(others)} more like it (row{'s' * (len(others) > 1)} {lines})"
        self.problems.add(what, self.table.where(first, name), why, do)
        self.refused.update(rows)

    def texts(self, name: str) -> list[str | None]:
        """A column of words as written."""
        return self.column(name, str)

    def costs(self, name: str) -> list[Fraction | None]:
        """A column of costs."""
        return self.column(name, lambda text: self.cost(name, text))

    def cost(self, name: str, text: str) -> Fraction:
        """One cost; a word in its place gets the advice for a price that is not settled."""
        if not any(map(str.isdigit, text)):
            advice = (
                "write the price; while it is open leave this blank and write its ends under cost_low and cost_high"
            )
            raise Wrong("a price is a number, or a range", advice)
        value = self.number(name, text)
        if value < 0:
            raise Wrong("a cost cannot be negative", "correct it; a discount belongs in the cost of its part")
        return value

    def number(self, name: str, text: str) -> Fraction:
        """One number under its column's convention."""
        if name in self.decimal_comma:
            if (plain := decimals.commaed(text)) is None:
                raise Wrong("it is not a number", "write digits with a decimal comma, such as 1234,56")
            return scalars.number(plain)
        if decimals.plain(text):  # nearly always
            return scalars.number(text)
        if decimals.comma_told(text):
            raise Wrong("other numbers of this column have a decimal point", "write all of them with a point")
        if decimals.two_ways(text) and not self.settled(name, text):
            if "," in text:
                raise Wrong("a comma may mark decimals or thousands", "write 1234.56, with a point and no comma")
            do = f"write {text.replace('.', '')}, or {text.replace('.', ',' if self.decimal_comma else '.')}0"
            raise Wrong(f"{self.foreign()}, so the point here may mark thousands or decimals", do)
        return scalars.number(decimals.pointed(text) or text)

    def settled(self, name: str, text: str) -> bool:
        """Whether it is told how to read a number with one sign: by its column, or by its file if that is of one mind.

        A point is doubted only where there is a reason to; the numbers that a workbook holds as such never are.
        """
        if "." in text and not self.foreign():
            return True
        if self.table.sheet is not None and name in NUMBERS and text not in numbers_of(self.table, name):
            return True
        columns = (name,) if self.decimal_comma else NUMBERS
        for one in columns:
            if one not in self.told:
                self.told[one] = any(map(decimals.point_told, numbers_of(self.table, one)))
        return any(self.told[one] for one in columns)

    def foreign(self) -> str:
        """Why a point of this table may mark thousands; nothing where it does not."""
        if self.decimal_comma:
            return f"{shown(self.table.header.title(min(self.decimal_comma)))} uses a decimal comma"
        written = self.table.delimiter is not None or self.table.sheet is not None
        return decimals.abroad(self.table.delimiter, self.table.header) if written else ""

    def spans(self, name: str) -> list[tuple[Fraction, Fraction] | None]:
        """A column of costs or ranges of costs such as `90 - 110`."""

        def read(text: str) -> tuple[Fraction, Fraction]:
            if match := _SPAN.fullmatch(text):
                low, high = self.cost(name, match["low"]), self.cost(name, match["high"])
                if low > high:
                    raise Wrong("the range runs downwards", "write the lower number first")
                return low, high
            one = self.cost(name, text)
            return one, one

        return self.column(name, read)

    def positive(self, name: str) -> list[Fraction | None]:
        """A column of numbers above zero."""

        def read(text: str) -> Fraction:
            value = self.number(name, text)
            if value <= 0:
                raise Wrong("it must be more than zero", "correct it, or take the row out")
            return value

        return self.column(name, read)

    def shares(self, name: str) -> list[Fraction | None]:
        """A column of percentages as parts of one.

        Up to 1 without its sign a number may be a part of one as well: that it is a per cent is told by a number
        above 1 in the same column, and of a yield, which is never as small, by nothing.
        """
        told = name != "yield" and (name in self.percents or any(map(above_one, self.table.column(name) or ())))

        def read(text: str) -> Fraction:
            number = text.removesuffix("%").strip()
            value = self.number(name, number)
            if not 0 <= value <= 100:
                raise Wrong("a share lies between 0 and 100 per cent")
            if 0 < value <= 1 and number == text and not told:
                do = "write percentages: 60, not 0.6; and with its sign what is less than 1, such as 0.5 %"
                raise Wrong("up to 1 it may be a part of one or a per cent", do)
            return value / 100

        return self.column(name, read)

    def countries(self, name: str) -> list[Country | None]:
        """A column of countries; what says that it is not known is None."""

        def read(text: str) -> Country | None:
            return None if _undeclared(text) else Country(country(text, self.places, self.problems))

        return self.column(name, read)

    def origins(self) -> list[Origin | None]:
        """Countries of origin with their shares; None where nothing is declared."""

        def read(text: str) -> Origin | None:
            return None if _undeclared(text) else self.origin(text)

        return self.column("origin", read)

    def origin(self, text: str) -> Origin:
        """One declared origin: a country, or shares such as `DE 60; US 40` (`origins`)."""
        return origins.read(text, self.places, lambda name: country(name, self.places, self.problems, origins.ADVICE))

    def currencies(self) -> list[str | None]:
        """A column of currency codes."""
        return self.column("currency", scalars.currency)

    def kinds(self) -> list[CostKind | None]:
        """A column of cost kinds, with their near synonyms."""
        options = get_args(CostKind)

        def read(text: str) -> CostKind:
            found = scalars.choice(text, _KINDS)
            if found is None:
                raise Wrong("no kind of cost has this name", self.problems.near(text, options, scalars.one_of(options)))
            return _KINDS[found]

        # A type checker joins the words of a Literal to str on the way through a type variable.
        found = cast("list[CostKind | None]", self.column("cost_kind", read))
        written = self.table.column("cost_kind") or ()
        taken = {(text.casefold().replace("_", " "), kind) for text, kind in zip(written, found, strict=False) if kind}
        if odd := [f'"{text}" as {kind}' for text, kind in sorted(taken) if text not in kind and kind not in text]:
            self.notes.append(f"{self.table.file}: kinds of cost were read so: {listed(odd)}")
        return found


def above_one(text: str) -> bool:
    """Whether a share without its sign is a number above 1, whatever its comma or point marks."""
    whole = re.match(r"\d{1,3}(?=[.,]?\d*$)", text)
    return whole is not None and (int(whole[0]) > 1 or bool(re.fullmatch(r"1[.,]0*[1-9]\d*", text)))


def _undeclared(text: str) -> bool:
    if text == "NA":
        raise Wrong('it may mean "not available" or Namibia', "leave it empty, or write Namibia")
    return not text or fold(text) in origins.NOT_KNOWN


def decimal_commas(table: Table, notes: list[str]) -> frozenset[str]:
    """The columns whose numbers use a decimal comma: all of them can, and one only so.

    One number that tells it is enough where none of the column tells the opposite; a column in which each number may
    be read two ways goes with the others. Asked of text files, and of the cells that a workbook holds as text; its
    numbers are then written with a comma too.
    """
    if table.delimiter is None and table.sheet is None:
        return frozenset()
    found, open_, plain = [], [], []
    for name in NUMBERS:
        numbers = numbers_of(table, name)
        if any(map(decimals.comma_told, numbers)):
            if not any(map(decimals.point_told, numbers)):
                found.append(name)
        elif any("," in one for one in numbers):
            if all(decimals.COMMA.fullmatch(one) and "." not in one for one in numbers):
                open_.append(name)
        elif name in table.header.index and not any("." in one for one in numbers):
            plain.append(name)
    if not found:
        return frozenset()
    found += open_
    titles = listed([table.header.title(name) for name in NUMBERS if name in found])
    notes.append(f"{table.file}: numbers with a decimal comma were read as such in: {titles}")
    return frozenset(found + _with_commas(table, found + plain))


def numbers_of(table: Table, name: str) -> dict[str, None]:
    """The distinct numbers that a column writes as text, without those that a workbook holds as such."""
    at = table.header.index.get(name)
    texts = table.column(name) or ()
    if table.fractions:
        texts = [text for row, text in enumerate(texts) if (row, at) not in table.fractions]
    written = dict.fromkeys(texts)
    written.pop("", None)
    return dict.fromkeys(part for text in written for part in _parts(text.removesuffix("%").strip()))


def _with_commas(table: Table, names: list[str]) -> list[str]:
    """Write the numbers of a workbook in these columns with a comma; the columns where there are any."""
    columns = {table.header.index[name]: name for name in names}
    changed = [(row, column) for row, column in table.fractions if column in columns]
    for row, column in changed:
        number, mark, _ = table.rows[row][column].partition(" %")
        table.rows[row][column] = f"{Decimal(number):f}".replace(".", ",") + mark
    return sorted({columns[column] for _, column in changed})


def _parts(text: str) -> tuple[str, ...]:
    """The numbers of a cell: two where it is a range."""
    match = _SPAN.fullmatch(text) if len(text) <= _LONGEST and not text.replace(".", "").isdecimal() else None
    return (match["low"], match["high"]) if match else (text,)
