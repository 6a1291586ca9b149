"""Single cells of a large workbook's sheet as the row-by-row reader has them: numbers, dates, texts in several runs.

What a number format makes of a number is asked of python-calamine itself, on a sheet of a few cells under the
workbook's own styles, so that both readers show the same.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jointbuy.formats import sheet_loops
from jointbuy.formats.looks import looks_of
from jointbuy.formats.numerals import Unusual, must
from jointbuy.formats.workbook import cell_text, parse
from jointbuy.packed import Texts

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATES = range(0xD800, 0xE000)
_STYLES = 64_000
"""Styles of cells that a workbook may have."""
_SMALL = 20_000_000
"""Bytes of what is read of a workbook beside its sheets and strings."""
STYLES, WORKBOOK = "xl/styles.xml", "xl/workbook.xml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PARTS = {
    "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def small(archive: zipfile.ZipFile, name: str) -> bytes:
    """A small entry of a workbook; empty where there is none. Raises Unusual for a large one."""
    if name not in archive.NameToInfo:
        return b""
    must(archive.getinfo(name).file_size <= _SMALL)
    return archive.read(name)


class Styles:
    """What the styles of a workbook make of numbers. Raises Unusual."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._styles = small(archive, STYLES)
        self._from_1904 = False
        parse(small(archive, WORKBOOK), self._workbook)
        cells = 0

        def count(tag: str, given: dict[str, str]) -> None:
            nonlocal cells
            if tag == "cellXfs":
                cells = int(given.get("count", _STYLES))

        if self._styles:
            parse(self._styles, count)
        must(cells <= _STYLES)
        seen = self.values([(style, "1.5") for style in range(cells)])
        self.dated = np.array([not isinstance(value, float) for value in seen], np.bool_)
        self.looks = looks_of(self._styles, parse) if self._styles else {}

    def _workbook(self, tag: str, given: dict[str, str]) -> None:
        if tag == "workbookPr":
            self._from_1904 |= given.get("date1904", "0") not in {"0", "false"}

    def values(self, cells: Sequence[tuple[int, str]]) -> list[Any]:
        """What python-calamine reads in cells of these styles that hold these numbers."""
        from python_calamine import CalamineError, CalamineWorkbook

        if not cells:
            return []
        must(all(_NUMBER.fullmatch(number) for _, number in cells))
        workbook = (
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
            f'<workbookPr date1904="{int(self._from_1904)}"/>'
            '<sheets><sheet name="Cells" sheetId="1" r:id="rId1"/></sheets></workbook>'
        )
        rows = "".join(
            f'<row r="{at}"><c r="A{at}" s="{style}"><v>{number}</v></c></row>'
            for at, (style, number) in enumerate(cells, 1)
        )
        sheet = f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as made:
            for name, text in {**_PARTS, WORKBOOK: workbook, "xl/worksheets/sheet1.xml": sheet}.items():
                made.writestr(name, text)
            if self._styles:
                made.writestr(STYLES, self._styles)
        file.seek(0)
        try:
            found = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python(skip_empty_area=False)
        except CalamineError:
            raise Unusual from None
        must(len(found) == len(cells))
        return [row[0] for row in found]


def as_shown(texts: Texts) -> tuple[NDArray[np.bool_], list[str], NDArray[np.bool_]]:
    """Which numbers are shown as they are written, how the others are, and which of all have decimals."""
    shown = sheet_loops.as_shown(texts.data, texts.starts)
    points = np.zeros(texts.data.size + 1, np.int64)
    np.cumsum(texts.data == ord("."), out=points[1:])
    broken = np.diff(points[texts.starts]) > 0
    others = []
    for at in np.flatnonzero(~shown[1:]) + 1:
        text = texts[int(at)]
        must(_NUMBER.fullmatch(text) is not None)
        value = float(text)
        others.append(cell_text(value))
        broken[at] = not value.is_integer()
    return shown, others, broken


class Cells:
    """The texts of single rows, and of shared strings in several runs."""

    def __init__(self, shared: Sequence[str], styles: Styles) -> None:
        self._shared, self._styles = shared, styles

    def row(self, data: bytes) -> tuple[list[str], list[bool]]:
        """The cells of a row from the first column on as texts, and which of them are dates. Raises Unusual."""
        cells: list[list[str]] = []  # column, kind, style, text
        element = ""

        def start(tag: str, given: dict[str, str]) -> None:
            nonlocal element
            if tag == "c":
                letters = given.get("r", "").rstrip("0123456789")
                column = _column(letters) if letters else (int(cells[-1][0]) + 1 if cells else 0)
                cells.append([str(column), given.get("t", "n"), given.get("s", "0"), ""])
            element = "rPh" if tag == "rPh" or (element == "rPh" and tag == "t") else tag

        def text(value: str) -> None:
            if element in {"v", "t"}:
                cells[-1][3] += value

        parse(data, start, text)
        found = [""] * (int(cells[-1][0]) + 1 if cells else 0)
        dates = [False] * len(found)
        for column, kind, style, value in cells:
            found[int(column)], dates[int(column)] = self._said(kind, int(style), value)
        return found, dates

    def odd(self, data: bytes) -> dict[int, tuple[str, str]]:
        """The cells of a row that hold no text or number, by column: what they hold, as `workbook.fault` names it.

        Raises Unusual for a cell that only the row-by-row reader knows.
        """
        found: dict[int, list[str]] = {}
        element, at = "", -1

        def start(tag: str, given: dict[str, str]) -> None:
            nonlocal element, at
            element = tag
            if tag == "c":
                letters = given.get("r", "").rstrip("0123456789")
                at = _column(letters) if letters else at + 1
                found[at] = [given.get("t", "n"), "", ""]
            elif tag == "f":
                found[at][2] = "f"

        def text(value: str) -> None:
            if element == "v":
                found[at][1] += value

        parse(data, start, text)
        told = {}
        for column, (kind, value, formula) in found.items():
            if kind == "b" and value in {"0", "1"}:
                told[column] = kind, "TRUE" if value == "1" else "FALSE"
            elif kind == "e" and value.strip():
                told[column] = kind, value
            elif formula and not value.strip():
                told[column] = formula, ""
        return told

    def _said(self, kind: str, style: int, value: str) -> tuple[str, bool]:
        """The text of a cell, and whether it is a date."""
        if kind == "e" or not value:
            return "", False
        if kind == "s":
            must(value.isdecimal() and int(value) < len(self._shared))
            return self._shared[int(value)], False
        if kind == "b":
            return str(value != "0"), False
        if kind != "n":
            must(kind in {"str", "inlineStr"})
            return _ESCAPED.sub(_sign, value), False
        if not _NUMBER.fullmatch(value):
            return value, False
        read = self._styles.values([(style, value)])[0]
        return cell_text(read), not isinstance(read, float)


def runs(data: bytes) -> str:
    """The text of a shared string in several runs. Raises Unusual."""
    found: list[str] = []
    element = ""

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal element
        element = "rPh" if tag == "rPh" or (element == "rPh" and tag == "t") else tag

    def text(value: str) -> None:
        if element == "t":
            found.append(value)

    parse(data, start, text)
    whole = "".join(found)
    must("\r" not in whole)
    return _ESCAPED.sub(_sign, whole)


def _sign(match: re.Match[str]) -> str:
    """The sign that a spreadsheet writes as `_x000D_`; half a sign is left as it is."""
    code = int(match[1], 16)
    return match[0] if code in _SURROGATES else chr(code)


def _column(letters: str) -> int:
    """A column from 0: AB is 27."""
    must(letters.isascii() and letters.isalpha() and letters.isupper() and len(letters) <= 3)
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1
