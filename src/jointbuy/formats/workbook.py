"""XLSX bills. The archive is bounded before anything opens it, and what the reader hides is looked up in its XML.

The reader shows errors and formulas without a cached value as empty cells; the sheet's own
XML tells them apart. It also lays a sheet out as a full rectangle, so the extent is checked first.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

from jointbuy.errors import Problem, Where
from jointbuy.formats import markings
from jointbuy.formats.columns import HEADER_WITHIN, Header, find_header
from jointbuy.formats.files import Content, must_hold, needed_by_rows
from jointbuy.formats.looks import Look, applied, looks_of
from jointbuy.formats.problems import Problems, listed, shown
from jointbuy.formats.table import FOOT, Table, is_total, letters, no_header
from jointbuy.result import Lost

MAX_UNPACKED = 200_000_000
MAX_RATIO = 200
MAX_CELLS = 20_000_000
ALL = "*"
"""Chooses every sheet that looks like a bill: `bill.xlsx#*`."""
_REF = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_STYLES = "xl/styles.xml"
_MACROS = "workbooks with macros are not read"


DAMAGED = (zipfile.BadZipFile, zlib.error, expat.ExpatError, NotImplementedError, ValueError, KeyError, EOFError)
"""What is raised by whoever opens a workbook that is none, or is broken."""


class Refused(Exception):
    """Why a workbook is not opened, and what to do."""

    def __init__(self, what: str, why: str = "", do: str = "") -> None:
        self.what, self.why, self.do = what, why, do
        super().__init__(what)


@dataclass(slots=True)
class Scan:
    """What a sheet's XML says that the reader does not: (row, column), both from 0."""

    rows: int = 0
    columns: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    valued: set[tuple[int, int]] = field(default_factory=set)
    looks: dict[tuple[int, int], Look] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)


def read_workbook(
    content: Content,
    sheet: str | None,
    columns: Mapping[str, str],
    ends: Mapping[str, str],
    problems: Problems,
    notes: list[str],
) -> Table | None:
    """The table of the sheet chosen, of the only sheet that has a header, or of all that have one.

    `ends` are the end products by what a sheet may be called. All sheets are read as one bill where `*` chooses
    them, or where each of them is named after an end product of its own; they must have the same columns.
    """
    try:
        grids, scans = _grids(content, sheet, problems)
    except Refused as refused:
        problems.add(refused.what, Where(content.name), refused.why, refused.do)
        return None
    except DAMAGED:
        advice = "open it in your spreadsheet program and save it again as .xlsx or as CSV UTF-8"
        problems.add("the workbook is damaged or not a workbook", Where(content.name), do=advice)
        return None
    found: dict[str, tuple[int, Header]] = {}
    for name, grid in grids.items():
        head = find_header([[cell_text(cell) for cell in row] for row in grid[:HEADER_WITHIN]], columns)
        if head:
            found[name] = head
    if not found:
        first = next((row for grid in grids.values() for row in grid if any(map(cell_text, row))), [])
        no_header(content.name, [cell_text(cell) for cell in first], problems)
        return None
    of_end = {name: ends[name] for name in found if name in ends}
    if len(found) > 1 and sheet != ALL and len(set(of_end.values())) < len(found):
        why = f"these look like bills of materials: {listed(list(found))}"
        one = f"{content.name}#{next(iter(found))}"
        advice = f"name one, {one}, or all as one bill, {content.name}#{ALL}"
        problems.add("several sheets could be meant", Where(content.name), why, advice)
        return None
    for name, (at, _) in found.items():
        around = [*range(at), *range(max(at + 1, len(grids[name]) - FOOT), len(grids[name]))]
        markings.check_rows((Where(content.name, row + 1), map(cell_text, grids[name][row])) for row in around)
    tables = [_table(content.name, name, at, head, grids[name], problems) for name, (at, head) in found.items()]
    for each in tables:
        scan = scans[str(each.sheet)]
        _hidden(each, scan, problems, notes)
        applied(each, scan.looks, scan.hidden, scan.merged, problems, notes)
    table = tables[0] if len(tables) == 1 else _together(tables, of_end, problems)
    others = [other for other in grids if other not in found]
    said, left = sheets_said(content.name, list(found), others)
    notes.extend(said)
    if table:
        table.left.extend(left)
    return table


def sheets_said(file: str, found: list[str], others: list[str]) -> tuple[list[str], list[Lost]]:
    """What is said of the sheets that were read, and of the others."""
    aside = f"; not read: {listed(others)}" if others else ""
    notes = []
    if len(found) > 1:
        notes.append(f"{file}: read as one bill: the sheets {listed(found)}{aside}")
    elif others:
        notes.append(f"{file}: the sheet read is {found[0]}, by its header{aside}")
    why = "they have no header of a bill"
    return notes, [Lost("sheets", len(others), tuple(others[:3]), why)] if others else []


def _together(tables: list[Table], of_end: Mapping[str, str], problems: Problems) -> Table | None:
    """Several sheets with the same columns as one table; None, and a problem, where they differ."""
    first = tables[0]
    for other in tables[1:]:
        if (other.header.index.keys(), other.header.currency) != (first.header.index.keys(), first.header.currency):
            differ = sorted(set(other.header.index) ^ set(first.header.index)) or ["the currency of the costs"]
            what = f"the sheets {first.sheet} and {other.sheet} cannot be read as one bill"
            why = f"they differ in {listed(differ)}"
            problems.add(what, Where(first.file), why, f"give both the same headers, or name one: {first.file}#SHEET")
            return None
    columns = list(first.header.index)
    places = [tuple(table.header.index[column] for column in columns) for table in tables]
    sheets = [(str(table.sheet), line, at) for table, at in zip(tables, places, strict=True) for line in table.lines]
    whole = Table(
        file=first.file,
        header=Header(
            [first.header.titles[first.header.index[column]] for column in columns],
            {column: at for at, column in enumerate(columns)},
            first.header.currency,
            tuple(dict.fromkeys(pair for table in tables for pair in table.header.twice)),
            tuple(dict.fromkeys(ours for table in tables for ours in table.header.absent)),
        ),
        header_line=0,
        lines=list(range(1, len(sheets) + 1)),
        rows=[],
        sheet=ALL,
        sheets=sheets,
        ends=[of_end.get(sheet) for sheet, *_ in sheets],
    )
    for table in tables:
        at = {table.header.index[column]: place for place, column in enumerate(columns)}
        base = len(whole.rows)
        whole.fractions.update((base + row, at[column]) for row, column in table.fractions if column in at)
        whole.money.update({(base + row, at[column]): sign for (row, column), sign in table.money.items()})
        whole.rows.extend([row[index] if index < len(row) else "" for index in at] for row in table.rows)
        whole.left.extend(table.left)
        if unused := table.header.unused:
            whole.left.append(Lost(f"columns of {table.sheet}", len(unused), tuple(unused[:3]), "a bill has none such"))
        if table.totals:
            lines = tuple(f"{table.sheet}!{line}" for line in table.totals[:3])
            whole.left.append(Lost("rows of totals", len(table.totals), lines, "they sum up other rows"))
    return whole


def _grids(
    content: Content, sheet: str | None, problems: Problems
) -> tuple[dict[str, list[list[Any]]], dict[str, Scan]]:
    """The cells of the sheets to look at, each as a full rectangle from A1, and the scan of every sheet."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

    plain, scans = _checked(content)
    try:
        workbook = CalamineWorkbook.from_filelike(plain)
        sheets = [one.name for one in workbook.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        chosen = _choose(sheet, [name for name in sheets if name in scans], problems)
        return {name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in chosen}, scans
    except CalamineError as error:
        raise ValueError(str(error)) from None


def grids_of(content: Content, problems: Problems) -> tuple[dict[str, list[list[Any]]], dict[str, Scan]]:
    """The cells of every sheet, each from A1, and the scan of each; guarded as a bill's are.

    Raises Refused, and whatever a damaged archive raises.
    """
    return _grids(content, None, problems)


def _choose(sheet: str | None, names: list[str], problems: Problems) -> list[str]:
    """The sheets to look at."""
    if sheet is None or sheet == ALL:
        return names
    for name in names:
        if name.casefold() == sheet.casefold():
            return [name]
    advice = problems.near(sheet, names, f"the sheets are: {listed(names)}")
    raise Refused(f"there is no sheet {shown(sheet)}", do=advice)


def cell_text(cell: Any) -> str:
    """A cell as text: a whole number without its point, any other as Python writes it, exactly."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)


def _table(file: str, sheet: str, at: int, header: Header, grid: list[list[Any]], problems: Problems) -> Table:
    """The rows below the header as text; yes/no cells are problems where we read."""
    lines: list[int] = []
    rows: list[list[str]] = []
    fractions: set[tuple[int, int]] = set()
    table = Table(file, header, at + 1, lines, rows, sheet, fractions=fractions)
    for line, cells in enumerate(grid[at + 1 :], at + 2):
        texts = [cell_text(cell) for cell in cells]
        if not any(text.strip() for text in texts):
            continue
        if is_total(header, texts):
            table.totals.append(line)
            continue
        for column, index in header.index.items():
            cell = cells[index]
            if cell is True or cell is False:
                problems.found.append(fault("b", str(cell).upper(), header.title(column), table.at(line, index)))
                texts[index] = ""
            elif isinstance(cell, float) and not cell.is_integer():
                fractions.add((len(rows), index))
        lines.append(line)
        rows.append(texts)
    return table


def _hidden(table: Table, scan: Scan, problems: Problems, notes: list[str]) -> None:
    """Errors, and formulas without a value, in the cells we read."""
    used, passed = set(table.header.index.values()), {line - 1 for line in table.totals}

    def read(cells: set[tuple[int, int]]) -> list[tuple[int, int]]:
        return sorted(
            (row, column) for row, column in cells if column in used and row >= table.header_line and row not in passed
        )

    for row, column in read(set(scan.errors)):
        problems.found.append(fault("e", scan.errors[row, column], "", table.at(row + 1, column)))
    for row, column in read(scan.formulas - scan.valued - scan.errors.keys()):
        problems.found.append(fault("f", "", "", table.at(row + 1, column)))
    kept = read(scan.formulas & scan.valued)
    said, left = formulas_said(table.file, str(table.sheet), len(kept), [(row + 1, column) for row, column in kept])
    notes.extend(said)
    table.left.extend(left)


def fault(kind: str, value: str, title: str, where: Where) -> Problem:
    """What is said of a cell that holds a truth ("b"), an error ("e"), or a formula without a value ("f")."""
    if kind == "b":
        return Problem(f"{shown(title)} holds {value}", where, "text or a number is expected", "write the value itself")
    if kind == "e":
        return Problem(f"the cell holds the error {value}", where, do="correct the formula or write the value")
    advice = "open the workbook, let it calculate and save it, or write the value"
    return Problem("the formula has no calculated value", where, do=advice)


def formulas_said(file: str, sheet: str, count: int, cells: list[tuple[int, int]]) -> tuple[list[str], list[Lost]]:
    """What is said of cells whose values formulas gave; of the first the line, and the column from 0."""
    if not count:
        return [], []
    names = tuple(f"{sheet}!{letters(column)}{line}" for line, column in cells[:3])
    note = f"{file}: the saved values of formulas were read in {count} of the cells"
    return [note], [Lost("formulas", count, names, "their values were taken")]


def _checked(content: Content) -> tuple[io.BytesIO, dict[str, Scan]]:
    """A plain copy of the archive, and a scan of each sheet by name. Raises Refused.

    The copy holds no more than each entry's stated size, so a false size cannot grow later.
    """
    with archive_of(content, MAX_UNPACKED) as archive:
        entries = archive.infolist()
        copy = io.BytesIO()
        with zipfile.ZipFile(copy, "w") as plain:
            for entry in entries:
                plain.writestr(entry.filename, archive.read(entry))
        paths = sheet_paths(archive)
        held = archive.namelist()
        looks = looks_of(archive.read(_STYLES), parse) if _STYLES in held else {}
        scans = {name: _scan(archive.read(path), looks) for name, path in paths.items() if path in held}
    for name, scan in scans.items():
        if scan.rows * scan.columns > MAX_CELLS:
            last = f"{name}!{letters(scan.columns - 1)}{scan.rows}"
            raise Refused(f"the sheet reaches to {last}", do="delete the rows and columns beyond the bill")
    rows = sum(one.rows for one in scans.values())
    cells = sum(one.rows * one.columns for one in scans.values())
    must_hold(content.name, rows, copy.tell() + needed_by_rows(rows, 2 * cells))
    copy.seek(0)
    return copy, scans


def archive_of(content: Content, most: int) -> zipfile.ZipFile:
    """The archive of a workbook that by its own account unpacks to `most` bytes at the most. Raises Refused."""
    if PurePosixPath(content.name).suffix.casefold() in {".xlsm", ".xltm", ".xlam"}:
        raise Refused(_MACROS, do="save it as .xlsx")
    if content.data.startswith(b"\xd0\xcf\x11\xe0"):
        advice = "save it without a password as .xlsx"
        raise Refused("the workbook is protected by a password or in the old .xls form", do=advice)
    archive = zipfile.ZipFile(io.BytesIO(content.data))
    entries = archive.infolist()
    if any("vbaproject" in entry.filename.casefold() for entry in entries):
        raise Refused(_MACROS, do="save it as .xlsx")
    if sum(entry.file_size for entry in entries) > most:
        why = f"it unpacks to more than {most // 1_000_000} MB"
        raise Refused("the workbook is too large", why, "save the sheet alone as CSV UTF-8")
    for entry in entries:
        if entry.file_size > 1_000_000 and entry.file_size > MAX_RATIO * entry.compress_size:
            raise Refused("the workbook is packed more tightly than real ones are", do="save it as CSV UTF-8")
    return archive


def sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Where each sheet's XML lies in the archive."""
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(tag: str, given: dict[str, str]) -> None:
        if tag == "Relationship":
            targets[given.get("Id", "")] = given.get("Target", "")

    def sheet(tag: str, given: dict[str, str]) -> None:
        if tag == "sheet":
            sheets[given.get("name", "")] = next((given[key] for key in given if key.endswith(":id")), "")

    parse(archive.read("xl/_rels/workbook.xml.rels"), relation)
    parse(archive.read("xl/workbook.xml"), sheet)
    found = {name: targets.get(id_, "") for name, id_ in sheets.items()}
    return {name: path[1:] if path.startswith("/") else f"xl/{path}" for name, path in found.items()}


def parse(data: bytes, start: Callable[[str, dict[str, str]], None], text: Callable[[str], None] | None = None) -> None:
    """Run handlers over a document's elements, their names without prefix, and its text."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, given: start(tag.rpartition(":")[2], given)
    parser.CharacterDataHandler = text

    def refuse(*_: object) -> None:
        raise Refused("the workbook holds a document type definition", "no spreadsheet program writes one")

    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(data, True)


def _scan(data: bytes, looks: Mapping[str, Look]) -> Scan:
    """Extent, formulas, values and errors of a sheet, and what it says by its looks."""
    scan = Scan()
    at = (-1, -1)
    kind: str | None = None
    element = ""

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal at, kind, element
        element = tag
        if tag == "c":
            kind = given.get("t")
            match = _REF.fullmatch(given.get("r", ""))
            at = _position(match[1], match[2]) if match else (at[0], at[1] + 1)
            if look := looks.get(given.get("s", "0")):
                scan.looks[at] = look if kind in {None, "n"} else look.of_text
        elif tag == "row":
            at = int(given.get("r", at[0] + 2)) - 1, -1
            if given.get("hidden", "0") not in {"0", "false"}:
                scan.hidden.add(at[0])
        elif tag == "mergeCell":
            scan.merged.append(given.get("ref", ""))
        elif tag == "f":
            scan.formulas.add(at)
        elif tag in {"v", "is"}:
            scan.rows, scan.columns = max(scan.rows, at[0] + 1), max(scan.columns, at[1] + 1)
            if kind == "str":  # an empty text is a value
                scan.valued.add(at)

    def text(value: str) -> None:
        if element != "v":
            return
        if kind == "e":
            scan.errors[at] = value
        elif at in scan.formulas and value.strip():
            scan.valued.add(at)

    parse(data, start, text)
    return scan


def _position(name: str, number: str) -> tuple[int, int]:
    """A cell's row and column from 0: `B7` is (6, 1)."""
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - 64
    return int(number) - 1, column - 1
