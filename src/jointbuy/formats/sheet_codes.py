"""A large workbook's sheet as columns of codes: its XML is taken apart by a compiled loop while it is unpacked.

Nothing is laid out as a rectangle, and of each distinct text or number one is held. Whatever is unusual about a
workbook gives None, and the reader that tells of every trouble takes over.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import IO

import numpy as np
from numpy.typing import NDArray

from jointbuy import progress
from jointbuy.errors import Problem, Where
from jointbuy.formats import markings, sheet_loops
from jointbuy.formats.coded import A_ROW, COMPILED, Coded, Codes
from jointbuy.formats.columns import HEADER_WITHIN, Header, find_header
from jointbuy.formats.files import Content, must_hold
from jointbuy.formats.interning import NotText
from jointbuy.formats.numerals import Unusual, must
from jointbuy.formats.sheet_cells import Cells, Styles, runs
from jointbuy.formats.sheet_columns import Gathered
from jointbuy.formats.sheet_looks import Looks, must_not_span
from jointbuy.formats.table import FOOT, is_total, letters
from jointbuy.formats.workbook import (
    ALL,
    DAMAGED,
    Refused,
    archive_of,
    fault,
    formulas_said,
    parse,
    sheet_paths,
    sheets_said,
)
from jointbuy.packed import Made, Texts

MAX_UNPACKED = 2_000_000_000
_CHUNK = 1 << 22
"""Bytes taken apart in one go."""
_A_ROW, _LOOSE = 24, 1_000
"""Bytes of the shortest row that holds something; and rows of one chunk that name no part, at most."""
_ODD = 1 << sheet_loops.ODD | 1 << sheet_loops.ODD + sheet_loops.FORMULA
_LONGEST = 1 << 26
"""Bytes of the longest row, of the head of a sheet, and of what follows its rows."""
_SHARED = "xl/sharedStrings.xml"
_CODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)[\"'][^>]*\?>\s*")
_EXTENT = re.compile(rb"<dimension [^>]*ref=\"[A-Z]+\d+:[A-Z]+(\d{1,7})\"")


def read_workbook(content: Content, sheet: str | None, columns: Mapping[str, str]) -> Coded | None:
    """The one sheet of a workbook that has the header of a bill. Raises Limit."""
    try:
        with archive_of(content, MAX_UNPACKED) as archive:
            return _Book(content.name, archive, columns).coded(sheet)
    except (Unusual, Refused, NotText, *DAMAGED):
        return None


class _Book:
    """One workbook on its way from XML to codes. Raises Unusual."""

    def __init__(self, file: str, archive: zipfile.ZipFile, columns: Mapping[str, str]) -> None:
        self.file, self.archive, self.columns = file, archive, columns
        self.paths = {name: path for name, path in sheet_paths(archive).items() if path in archive.NameToInfo}

    def coded(self, chosen: str | None) -> Coded:
        """The columns of the sheet that is meant."""
        names = [name for name in self.paths if chosen in {None, ALL} or name.casefold() == str(chosen).casefold()]
        must(bool(names))
        with ExitStack() as stack:
            pieces = {}
            for name in names:
                pieces[name] = _Pieces(self.archive, self.paths[name])
                stack.callback(pieces[name].close)
            size = max(self.archive.getinfo(self.paths[name]).file_size for name in names)
            rows = min(sheet_loops.LAST_ROW, size // _A_ROW, *(one.rows for one in pieces.values()))
            strings = self.archive.getinfo(_SHARED).file_size if _SHARED in self.archive.NameToInfo else 0
            must_hold(self.file, rows, COMPILED + A_ROW * rows + 3 * strings)
            self.shared, self.styles = Shared.of(self.archive), Styles(self.archive)
            self.cells = Cells(self.shared, self.styles)
            heads = {name: head for name, one in pieces.items() if (head := self._head(one)) is not None}
            must(len(heads) == 1)
            ((name, (line, header)),) = heads.items()
            aside = [other for other in names if other != name and not pieces[other].chart]
            return self._read(name, line, header, pieces[name], aside)

    def _head(self, pieces: _Pieces) -> tuple[int, Header] | None:
        """The line of a sheet's header, and what it means; None where there is none."""
        rows: list[list[str]] = []
        for line, data in pieces.head():
            texts, dates = self.cells.row(data)
            # A date may stand above the header, not where a column might be named after it.
            must(not any(dates) or not self.columns)
            rows += [[] for _ in range(line - 1 - len(rows))]
            rows.append(texts)
            dated = dates
            found = find_header(rows, self.columns)
            if found:
                must(not any(dated))
                around = enumerate(rows[:-1], 1)
                markings.check_rows((Where(self.file, one), texts) for one, texts in around)
                return line, found[1]
        return None

    def _read(self, name: str, line: int, header: Header, pieces: _Pieces, aside: list[str]) -> Coded:
        """The rows below the header."""
        must("part" in header.index)
        rows = _Rows(self, name, header, line)
        progress.start(pieces.size, "bytes")
        pieces.through(rows.piece)
        around = [(one, self.cells.row(data)[0]) for one, data in rows.foot if one > rows.full - FOOT]
        markings.check_rows((Where(self.file, one), texts) for one, texts in around)
        notes, left = formulas_said(self.file, name, rows.formulas, rows.first)
        said, more = sheets_said(self.file, [name], aside)
        known, commas, later = rows.gathered.columns(self.file, header, self.shared.texts, self.styles)
        lines = np.concatenate(rows.lines) if rows.lines else np.zeros(0, np.int32)
        must_not_span(pieces.merged, header, lines)
        return Coded(
            self.file,
            header,
            known,
            lines,
            partial(Made, make=partial(_place, self.file, name, letters(header.index["part"]))),
            notes=(*notes, *rows.looks.said(self.file, name), *said),
            left=(*left, *more),
            totals=tuple(rows.totals),
            commas=commas,
            later=tuple(later),
            header_line=line,
            sheet=name,
            money=rows.looks.money(),
            faults=tuple(each for kind in rows.faults.values() for each in kind),
        )


def _place(file: str, sheet: str, column: str, line: int) -> Where:
    """The cell of the part in a row."""
    return Where(file, line, f"{sheet}!{column}{line}")


@dataclass(frozen=True, slots=True, eq=False)
class Shared(Sequence[str]):
    """The shared strings of a workbook, where they stand in its XML; `blank` tells which say nothing."""

    texts: Texts
    blank: NDArray[np.bool_]

    @classmethod
    def of(cls, archive: zipfile.ZipFile) -> Shared:
        """Those of a workbook; none where it has none. Raises Unusual."""
        if _SHARED not in archive.NameToInfo:
            return cls(Texts.of([]), np.zeros(0, np.bool_))
        raw = archive.read(_SHARED)
        raw = raw[_prolog(raw, b"<sst") :]
        at = raw.find(b">") + 1
        must(at > 1 and raw[at - 2 : at - 1] != b"/")
        most = (len(raw) - at) // 5 + 1
        data = np.frombuffer(raw, np.uint8)[at:].copy()
        begin, end, odd = np.zeros(most, np.int64), np.zeros(most, np.int64), np.zeros(most, np.bool_)
        count = sheet_loops.strings(data, begin, end, odd)
        must(count >= 0)
        begin, end, runs_of = begin[:count], end[:count], np.flatnonzero(odd[:count])
        if runs_of.size:
            words = [runs(raw[at + int(begin[one]) : at + int(end[one])]).encode() for one in runs_of]
            sizes = np.cumsum([0, *map(len, words)]) + data.size
            data = np.concatenate([data, np.frombuffer(b"".join(words), np.uint8)])
            begin[runs_of], end[runs_of] = sizes[:-1], sizes[1:]
        texts, blank = sheet_loops.closed_up(data, begin, end)
        return cls(Texts(*texts), blank)

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, index: int) -> str:  # type: ignore[override]
        return self.texts[index]


def _prolog(data: bytes, root: bytes) -> int:
    """Where the root element of a document in UTF-8 begins, which must be this one. Raises Unusual."""
    at = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    if match := _CODING.match(data, at):
        must(match[1].decode("ascii", errors="replace").casefold() in {"utf-8", "utf8", "us-ascii"})
        at = match.end()
    elif data.startswith(b"<?xml", at):
        at = data.find(b"?>", at) + 2
    while data[at : at + 1].isspace():
        at += 1
    must(data.startswith(root, at))
    return at


class _Pieces:
    """The XML of one sheet, piece by piece, the next one unpacked meanwhile. Raises Unusual."""

    def __init__(self, archive: zipfile.ZipFile, path: str) -> None:
        self._file: IO[bytes] = archive.open(path)
        self._pool = ThreadPoolExecutor(1)
        self.size = archive.getinfo(path).file_size
        first = self._file.read(_CHUNK)
        while first and b"<sheetData" not in first and (more := self._file.read(_CHUNK)):
            first += more
            must(len(first) < _LONGEST)
        self.chart = b"<chartsheet" in first[:1_000]
        at = first.find(b"<sheetData")
        must(self.chart or (at > 0 and _prolog(first, b"<worksheet") < at))
        end = first.find(b">", at) + 1
        self._before = first[:at]
        self._rest = b"" if self.chart else first[end:]
        self._empty = self.chart or first[end - 2 : end - 1] == b"/"
        stated = _EXTENT.search(self._before)
        self.rows = int(stated[1]) if stated else sheet_loops.LAST_ROW
        self.merged: list[str] = []
        """The names of merged cells, once all was read."""

    def close(self) -> None:
        """Leave the rest unread."""
        self._pool.shutdown()
        self._file.close()

    def head(self) -> Iterator[tuple[int, bytes]]:
        """The first rows, with their lines."""
        if self._empty:
            return
        while self._rest.count(b"<row") <= HEADER_WITHIN and (more := self._file.read(_CHUNK)):
            self._rest += more
            must(len(self._rest) < _LONGEST)
        whole, line = self._rest.partition(b"</sheetData>")[0], 0
        for one in whole.split(b"<row")[1 : HEADER_WITHIN + 1]:
            stated = re.match(rb"[^>]*\sr=[\"'](\d{1,7})[\"']", one)
            before, line = line, int(stated[1]) if stated else line + 1
            must(line > before)
            if line > HEADER_WITHIN:
                return
            yield line, b"<row" + one.rstrip()

    def through(self, take: Callable[[bytes], int]) -> None:
        """Hand over whole rows, piece by piece, to what tells how many bytes it took; and look at what follows them."""
        ended = self._empty
        ahead = self._pool.submit(self._file.read, _CHUNK)
        piece = self._rest
        while not ended:
            more = ahead.result()
            if more:
                ahead = self._pool.submit(self._file.read, _CHUNK)
            piece += more
            whole = piece.rfind(b"<row") if more else len(piece)
            at = 0
            while at < whole and (taken := take(piece[at:whole])):
                at += taken
            progress.more(at)
            piece = piece[at:]
            ended = piece.startswith(b"</sheetData>")
            must((bool(more) or ended) and len(piece) < _LONGEST)
        self._after(piece if not self._empty else b"</sheetData>" + piece, ahead.result())

    def _after(self, piece: bytes, more: bytes) -> None:
        """What stands around the rows is XML, too, and the entry ends as it should."""
        tail = [piece, more]
        while more := self._file.read(_CHUNK):
            tail.append(more)
            must(sum(map(len, tail)) < _LONGEST)

        def start(tag: str, given: dict[str, str]) -> None:
            if tag == "mergeCell":
                self.merged.append(given.get("ref", ""))

        parse(self._before + b"<sheetData>" + b"".join(tail), start)


class _Rows:
    """The rows of a sheet on their way to codes."""

    def __init__(self, book: _Book, sheet: str, header: Header, line: int) -> None:
        self.book, self.sheet, self.header, self.line = book, sheet, header, line
        self.names = list(header.index)
        self.gathered = Gathered(self.names)
        self.looks = Looks(book.styles.looks, self.names, book.shared.blank)
        self.wanted = np.full(len(header.titles), -1, np.int64)
        self.wanted[list(header.index.values())] = np.arange(len(self.names))
        rows = _CHUNK // _A_ROW
        shape = len(self.names), rows
        self.begin, self.end = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        self.kind, self.style = np.zeros(shape, np.uint8), np.zeros(shape, np.int32)
        self.at, self.spans = np.zeros(rows, np.int32), np.zeros((rows, 2), np.int64)
        self.loose = np.zeros(_LOOSE, np.int64)
        self.row = self.full = self.formulas = 0
        self.first: list[tuple[int, int]] = []
        self.lines: list[Codes] = []
        self.totals: list[int] = []
        self.foot: list[tuple[int, bytes]] = []
        self.faults: dict[str, list[Problem]] = {"b": [], "e": [], "f": []}

    def piece(self, data: bytes) -> int:
        """Take up whole rows; how many bytes that were."""
        text = np.frombuffer(data, np.uint8).copy()
        seen = np.zeros(len(self.names), np.int64)
        cells = self.begin, self.end, self.kind, self.style, seen, self.at, self.spans, self.loose
        part = self.names.index("part")
        rows, taken, self.row, full, loose = sheet_loops.cells(
            text, self.wanted, part, self.book.shared.blank, self.book.styles.dated, self.row, *cells
        )
        must(rows >= 0)
        self.full = full or self.full
        kept, counted = np.ones(rows, np.bool_), np.ones(rows, np.bool_)
        above = int(np.searchsorted(self.at[:rows], self.line, side="right"))
        kept[:above] = counted[:above] = False
        for row in self.loose[:loose].tolist():
            if row < above:
                continue
            texts, _ = self.book.cells.row(data[self.spans[row, 0] : self.spans[row, 1]])
            if is_total(self.header, texts):
                self.totals.append(int(self.at[row]))
                kept[row] = counted[row] = False
            elif not any(map(str.strip, texts)):
                kept[row] = False
        if any(int(each) >> sheet_loops.FORMULA for each in seen):
            self._formulas(rows, counted)
        if any(int(each) & _ODD for each in seen):
            self._odd(data, rows, counted)
        last = [(int(self.at[row]), data[slice(*self.spans[row])]) for row in range(max(above, rows - FOOT), rows)]
        self.foot = [*self.foot, *last][-FOOT:]
        self.looks.piece(
            data[:taken],
            text,
            (self.begin[:, :rows], self.end[:, :rows], self.kind[:, :rows], self.style[:, :rows]),
            (self.at[:rows], self.spans[:rows], kept),
            seen,
        )
        chosen: slice | NDArray[np.int64] = slice(0, rows) if kept.all() else np.flatnonzero(kept)
        self.lines.append(self.at[chosen].copy())
        begin, end = self.begin[:, chosen], self.end[:, chosen]
        self.gathered.add(text, begin, end, self.kind[:, chosen], self.style[:, chosen], seen)
        return int(taken)

    def _formulas(self, rows: int, counted: NDArray[np.bool_]) -> None:
        """Count the cells whose values formulas gave, and keep the first few: line, and column from 0."""
        kind = self.kind[:, :rows]
        given = (kind & sheet_loops.FORMULA > 0) & (kind & 15 != sheet_loops.ODD) & counted
        self.formulas += int(given.sum())
        if len(self.first) < 3:
            found = np.flatnonzero(given.any(axis=0))[:3].tolist()
            columns = [self.header.index[name] for name in self.names]
            more = [
                (int(self.at[row]), columns[each]) for row in found for each in np.flatnonzero(given[:, row]).tolist()
            ]
            self.first = [*self.first, *sorted(more)][:3]

    def _odd(self, data: bytes, rows: int, counted: NDArray[np.bool_]) -> None:
        """Tell of the cells that hold no text or number."""
        odd = (self.kind[:, :rows] & 15 == sheet_loops.ODD) & counted
        found = np.flatnonzero(odd.any(axis=0)).tolist()
        must(len(found) + sum(map(len, self.faults.values())) <= _LOOSE)
        for row in found:
            cells, line = self.book.cells.odd(data[slice(*self.spans[row])]), int(self.at[row])
            for name in (self.names[each] for each in np.flatnonzero(odd[:, row]).tolist()):
                column = self.header.index[name]
                must(column in cells)
                kind, value = cells[column]
                where = Where(self.book.file, line, f"{self.sheet}!{letters(column)}{line}")
                self.faults[kind].append(fault(kind, value, self.header.title(name), where))
