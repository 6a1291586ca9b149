"""A bill's rows as an XLSX workbook. Every text stays text, and a number that Excel would round is written as text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime

from jointbuy.errors import Problem, Unusable
from jointbuy.formats.problems import shown
from jointbuy.formats.written import NUMBERS

_DIGITS = 15
"""Digits that a spreadsheet keeps of a number."""
_MOST_ROWS, _MOST_SIGNS = 1_048_575, 32_767
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
"""Characters that XML has no way to hold or gives back otherwise, and what Excel takes for such a character."""
_DAY = datetime(1980, 1, 1)  # noqa: DTZ001 (a workbook has no zone; the same bill gives the same bytes)
_WIDTH = 18


def workbook(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The workbook as bytes, the same for the same rows. Raises Unusable for what no workbook can hold."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    _refuse(columns, rows)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Bill")
    sheet.freeze_panes = "A2"
    for at in range(len(columns)):
        sheet.column_dimensions[get_column_letter(at + 1)].width = _WIDTH
    head = [WriteOnlyCell(sheet, name) for name in columns]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    numeric = [name in NUMBERS for name in columns]
    for row in rows:
        cells: list[object] = []
        for text, counts in zip(row, numeric, strict=True):
            if not text:
                cells.append(None)
            elif counts and "%" not in text and sum(map(str.isdigit, text)) <= _DIGITS:
                cells.append(float(text) if "." in text else int(text))
            elif text[0] in "=+-@":  # never a formula, here or after somebody edits the cell
                cell = WriteOnlyCell(sheet, text)
                cell.data_type, cell.quotePrefix = "s", True
                cells.append(cell)
            else:
                cells.append(text)
        sheet.append(cells)
    book.properties.created = _DAY
    file = io.BytesIO()
    book.save(file)
    return timeless(file)


def _refuse(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Say what does not fit, before anything is written."""
    do = "choose .csv, .json or .parquet"
    if len(rows) > _MOST_ROWS:
        raise Unusable([Problem(f"a sheet has no room for {len(rows):,} rows", do=do)])
    found = []
    for row in rows:
        for name, text in zip(columns, row, strict=True):
            if len(text) > _MOST_SIGNS:
                found.append(Problem(f"the {name} of {shown(row[0])} is too long for a cell", do=do))
            elif _UNWRITABLE.search(text):
                what = f"the {name} of {shown(row[0])} holds a sign that a workbook cannot hold"
                found.append(Problem(what, do=do))
    if found:
        raise Unusable(found)


def refuse_unwritable(place: str, text: str) -> None:
    """Refuse a text that no cell can hold. Raises Unusable."""
    if len(text) > _MOST_SIGNS or _UNWRITABLE.search(text):
        what = f"{place}: {shown(text)} is too long for a cell, or holds a sign that a workbook cannot hold"
        raise Unusable([Problem(what, do="shorten or correct it")])


def timeless(file: io.BytesIO) -> bytes:
    """The archive with every time in it set to one day."""
    plain = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", f"{_DAY:%Y-%m-%dT%H:%M:%SZ}".encode(), data)
            made = zipfile.ZipInfo(entry.filename, _DAY.timetuple()[:6])
            made.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(made, data)
    return plain.getvalue()
