"""A purchase as a workbook with drop-downs: the template for those who will never open YAML, and what they filled in.

Every cell to fill in is formatted as text, so that a spreadsheet changes neither days nor decimals on the way.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from jointbuy.errors import Problem, Unusable
from jointbuy.formats import written
from jointbuy.formats.problems import shown
from jointbuy.formats.sheets import BILL, NONE, OWNER, QUESTIONS, Field, Sheet, layout, value_at
from jointbuy.formats.workbook_out import refuse_unwritable, timeless
from jointbuy.model import Bom, Country, Currency, Purchase, Share
from jointbuy.money import DIGITS, Money
from jointbuy.places import Places

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_ROWS = 300
"""Rows of a list that have drop-downs; more can be filled in without."""
_LISTS = "Lists"
_TEXT = "@"
_FONT = "Calibri"
_PARTY = {"subcontractor", "contractor", "party", OWNER}
"""Columns that hold the id of a party."""
_README = (
    "Fill in the sheets from left to right. A blank cell means: not stated; it is never read as no or as zero.",
    "Only what excuses (screening, guarantees, earlier clearance, study, reason for a plant) is not claimed if blank.",
    "Purchase asks one question a row. Each other sheet is a list, one member a row; its second row explains.",
    "Days: 2026-02-14. Amounts: 480000000.00 or 480000000.00 EUR. Shares: 35 %. Countries: name or code.",
    "Several values in one cell are parted by a semicolon. The word none says that a list has no members.",
    "Bold names must be filled in. Do not rename sheets or headings; sheets of your own are left alone.",
    "Then: jointbuy check FOLDER, the folder in which this workbook lies as purchase.xlsx.",
    "Classified information does not belong in here.",
)


def workbook(purchase: Purchase | None, bom: Bom | None, places: Places) -> bytes:
    """The workbook as bytes: filled in, or empty as a template. Raises Unusable for what no cell can hold."""
    from openpyxl import Workbook

    book = Workbook()
    questions, sheets = layout()
    _read_me(book)
    vocabulary = _Lists(book, places)
    _ask(book.create_sheet(QUESTIONS), questions, purchase, bom, vocabulary)
    for sheet in sheets:
        _list(book.create_sheet(sheet.title), sheet, purchase, vocabulary)
    _bill(book.create_sheet(BILL), bom, places, vocabulary)
    vocabulary.write()
    file = io.BytesIO()
    book.save(file)
    return timeless(file)


def text_of(value: Any, hint: Any) -> str:
    """A value as a cell holds it; reading it gives the value again."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return "; ".join(_apart(text_of(each, get_args(hint)[0])) for each in value) or NONE
        case Money():
            return f"{written.number(value.major)} {value.currency}"
        case Fraction():
            return f"{written.number(value * 100)} %" if hint is Share else written.number(value)
        case date():
            return value.isoformat()
    return str(value)


def _apart(text: str) -> str:
    """One of several texts in a cell. Raises Unusable for one that holds the sign that parts them."""
    if ";" in text or "\n" in text:
        what = f"{shown(text)} holds a semicolon or a new line, which part the values in a cell"
        raise Unusable([Problem(what, do="rename it")])
    return text


# --- sheets ---------------------------------------------------------------------------------


def _read_me(book: Workbook) -> None:
    sheet = book.active
    sheet.title = "Read me"
    sheet.column_dimensions["A"].width = 110
    for line in _README:
        sheet.append([line])


def _ask(sheet: Worksheet, fields: Sequence[Field], purchase: Purchase | None, bom: Bom | None, lists: _Lists) -> None:
    """One question a row: its name, the answer, what it asks."""
    from openpyxl.styles import Alignment, Font

    sheet.append(["Field", "Answer", "What it asks"])
    for field in fields:
        value = value_at(purchase, field.key)
        if field.slot.many and isinstance(value, tuple) and (value or field.slot.default == ()):
            value = None if _lists_records(field) or not value else value
        if field.key == "bill_of_materials" and bom is not None:
            value = None
        row = sheet.max_row + 1
        _put(sheet, row, 1, field.label)
        _put(sheet, row, 2, text_of(value, field.slot.hint) if purchase else _given(field))
        _put(sheet, row, 3, _explained(field))
        sheet.cell(row, 1).font = Font(name=_FONT, bold=field.slot.required)
        for column in (1, 2):
            sheet.cell(row, column).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(row, 3).alignment = Alignment(wrap_text=True, vertical="top")
        _height(sheet, row, 3, 90)
        lists.offer(sheet, field, f"B{row}")
    _finish(sheet, {"A": 30, "B": 44, "C": 90})
    sheet.column_dimensions["B"].number_format = _TEXT


def _list(sheet: Worksheet, told: Sheet, purchase: Purchase | None, lists: _Lists) -> None:
    """One member a row, below the names of the columns and what they ask for."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    first = [OWNER] if told.inside else []
    sheet.append([*first, *(field.label for field in told.fields)])
    sheet.append([*(["id of the party it belongs to"] * len(first)), *map(_explained, told.fields)])
    for member in _members(told, purchase):
        row = sheet.max_row + 1
        for column, text in enumerate(member, 1):
            _put(sheet, row, column, text)
    widths = {}
    for column in range(1, len(first) + len(told.fields) + 1):
        letter = get_column_letter(column)
        widths[letter] = 26
        required = column <= len(first) or told.fields[column - 1 - len(first)].slot.required
        sheet.cell(1, column).font = Font(name=_FONT, bold=required)
        sheet.cell(1, column).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(2, column).font = Font(name=_FONT, italic=True, color="666666")
        sheet.cell(2, column).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[letter].number_format = _TEXT
        if column > len(first):
            lists.offer(sheet, told.fields[column - 1 - len(first)], f"{letter}3:{letter}{_ROWS}")
        else:
            lists.offer_parties(sheet, f"{letter}3:{letter}{_ROWS}")
    for row in (1, 2):
        _height(sheet, row, None, 22)
    _finish(sheet, widths)
    sheet.freeze_panes = "A3"


def _members(told: Sheet, purchase: Purchase | None) -> Iterable[list[str]]:
    if purchase is None:
        return
    for member in value_at(purchase, told.inside or told.path) or ():
        of = [member.id] if told.inside else []
        inner = getattr(member, told.path.rpartition(".")[2]) if told.inside else (member,)
        for each in inner:
            yield of + [text_of(value_at(each, field.key), field.slot.hint) for field in told.fields]


def _bill(sheet: Worksheet, bom: Bom | None, places: Places, lists: _Lists) -> None:
    """The bill of materials in our own columns."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    columns, rows = written.table(bom, places) if bom else (list(written.FIELDS), [])
    sheet.append(columns)
    for row, cells in enumerate(rows, 2):
        for column, text in enumerate(cells, 1):
            _put(sheet, row, column, text)
    for column, name in enumerate(columns, 1):
        letter = get_column_letter(column)
        sheet.cell(1, column).font = Font(name=_FONT, bold=name in {"part", "quantity"})
        sheet.column_dimensions[letter].number_format = _TEXT
        lists.offer_in_bill(sheet, name, f"{letter}2:{letter}{_ROWS}")
    _finish(sheet, {get_column_letter(column): 18 for column in range(1, len(columns) + 1)})


def _put(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """A text that stays one, whatever it begins with."""
    if not text:
        return
    refuse_unwritable(f"{sheet.title}, row {row}", text)
    cell = sheet.cell(row, column)
    cell.value, cell.data_type, cell.number_format = text, "s", _TEXT
    cell.quotePrefix = text[0] in "=+-@"


def _height(sheet: Worksheet, row: int, column: int | None, signs: int) -> None:
    """Make a row high enough for its longest text, or that of one column, with so many signs to a line."""
    cells = [sheet.cell(row, column)] if column else list(sheet[row])
    lines = max(ceil(len(str(cell.value or "")) / signs) for cell in cells)
    sheet.row_dimensions[row].height = 15 * max(1, lines)


def _finish(sheet: Worksheet, widths: dict[str, int]) -> None:
    """Widths, the head that stays in sight, and paper: A4 across, all columns on one page."""
    for letter, width in widths.items():
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows, sheet.print_options.gridLines = "1:1", True


def _lists_records(field: Field) -> bool:
    return any(field.key == sheet.path for sheet in layout()[1])


def _explained(field: Field) -> str:
    """What a field asks for, with the words it may hold, and how to say that there are none."""
    slot, doc = field.slot, field.slot.doc
    doc = doc.replace("[] ", f"{NONE} ")
    hint = slot.many or slot.hint
    if _lists_records(field):
        title = next(sheet.title for sheet in layout()[1] if sheet.path == field.key)
        return f"{slot.doc.partition('; [] ')[0]}: write {NONE} here when there is none, else fill in the sheet {title}"
    if field.key == "bill_of_materials":
        return f"leave blank and fill in the sheet {BILL}; or {doc}"
    if get_origin(hint) is Literal:
        doc = f"{doc}: {' | '.join(get_args(hint))}"
    return f"{doc} (several: parted by ;)" if slot.many else doc


def _given(field: Field) -> str:
    """The one answer there is."""
    options = get_args(field.slot.hint) if get_origin(field.slot.hint) is Literal else ()
    return options[0] if len(options) == 1 else ""


# --- drop-downs -----------------------------------------------------------------------------


class _Lists:
    """The words to choose from, on a sheet of their own, and the drop-downs that point there."""

    def __init__(self, book: Workbook, places: Places) -> None:
        self.book, self.places = book, places
        self.columns: dict[tuple[str, ...], int] = {}

    def offer(self, sheet: Worksheet, field: Field, cells: str) -> None:
        """A drop-down for what a field may hold, if that is known. Only a closed list refuses other words."""
        hint = field.slot.many or field.slot.hint
        if _lists_records(field):
            self._drop(sheet, (NONE,), cells, closed=True)
        elif field.slot.name in _PARTY:
            self.offer_parties(sheet, cells)
        elif get_origin(hint) is Literal:
            self._drop(sheet, get_args(hint), cells, closed=not field.slot.many)
        elif hint is bool:
            self._drop(sheet, ("yes", "no", "unknown"), cells, closed=True)
        elif hint is Country:
            self._drop(sheet, self._countries(), cells, closed=False)
        elif hint is Currency:
            self._drop(sheet, tuple(sorted(DIGITS)), cells, closed=False)

    def offer_in_bill(self, sheet: Worksheet, column: str, cells: str) -> None:
        """Drop-downs for the columns of the bill."""
        from jointbuy.model import CostKind

        words = {"cost_kind": get_args(CostKind), "currency": tuple(sorted(DIGITS))}
        words |= dict.fromkeys(("origin", "supplied_from"), self._countries())
        if column in words:
            self._drop(sheet, words[column], cells, closed=column == "cost_kind")
        elif column == "supplier":
            self.offer_parties(sheet, cells)

    def offer_parties(self, sheet: Worksheet, cells: str) -> None:
        """The ids on the sheet of parties."""
        self._refer(sheet, f"=Parties!$A$3:$A${_ROWS}", cells, closed=False)

    def _countries(self) -> tuple[str, ...]:
        return tuple(sorted(self.places.titles.values()))

    def _drop(self, sheet: Worksheet, words: tuple[str, ...], cells: str, *, closed: bool) -> None:
        from openpyxl.utils import get_column_letter

        letter = get_column_letter(self.columns.setdefault(words, len(self.columns) + 1))
        self._refer(sheet, f"={_LISTS}!${letter}$1:${letter}${len(words)}", cells, closed=closed)

    @staticmethod
    def _refer(sheet: Worksheet, formula: str, cells: str, *, closed: bool) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        chosen = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=closed)
        chosen.error = "Choose one of the words in the list, or leave the cell blank."
        sheet.add_data_validation(chosen)
        chosen.add(cells)

    def write(self) -> None:
        """The sheet with the words, last."""
        sheet = self.book.create_sheet(_LISTS)
        for words, column in self.columns.items():
            for row, word in enumerate(words, 1):
                _put(sheet, row, column, word)
            sheet.column_dimensions[sheet.cell(1, column).column_letter].width = 26
        sheet.sheet_state = "hidden"
