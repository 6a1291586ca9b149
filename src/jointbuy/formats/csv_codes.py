"""A large CSV file as columns of codes: split by a compiled loop, chunk by chunk, each distinct text held once.

Whatever is unusual about a file gives None, and the reader that tells of every trouble takes over.
"""

from __future__ import annotations

import codecs
import csv
import os
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from numpy.typing import NDArray

from jointbuy import progress
from jointbuy.errors import Problem, Where
from jointbuy.formats import loops, markings
from jointbuy.formats.coded import A_ROW, COMPILED, Coded, Codes
from jointbuy.formats.columns import Header
from jointbuy.formats.files import Content, must_hold
from jointbuy.formats.interning import Interner, NotText, column
from jointbuy.formats.table import FOOT, header_of, is_total, records_of, too_long, too_wide
from jointbuy.packed import Rows

_ESCAPED = re.compile(rb"'[=+\-@\t\r\n]")
_HEAD = 100_000
_CHUNK = 1 << 22
"""Bytes split in one go."""
_SHORTEST, _LOOSE = 4, 1_000
"""Bytes of the shortest row that names a part; and rows of one chunk that name none, at most."""


def read_csv(content: Content, columns: Mapping[str, str]) -> Coded | None:
    """A CSV file in UTF-8 whose every line is a row."""
    data = content.data.removeprefix(codecs.BOM_UTF8)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"PK")) or _ESCAPED.search(data):
        return None
    head = data[:_HEAD].rpartition(b"\n")[0].decode("utf-8", errors="replace")
    best = header_of(head, columns)
    if best is None:
        return None
    at, header, above, delimiter = best
    first, _ = records_of(head, delimiter, at + 2)
    if len(first) < at + 2 or "part" not in header.index or not _is_utf8(data):
        return None
    tail, _ = records_of(data[-_HEAD:].partition(b"\n")[2].decode("utf-8", errors="replace"), delimiter)
    markings.check_rows((Where(content.name, one), fields) for one, fields in [*first[:at], *tail[-FOOT:]])
    rows = data.count(b"\n") + (not data.endswith(b"\n")) - first[at + 1][0] + 1
    must_hold(content.name, rows, COMPILED + A_ROW * rows)
    progress.start(rows, "rows")
    return _Splitter(content.name, data, header, above, delimiter, first[at + 1][0]).coded()


def _is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8, looked at in pieces."""
    if data.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(data), _CHUNK):
            decoder.decode(data[at : at + _CHUNK], final=at + _CHUNK >= len(data))
    except UnicodeDecodeError:
        return False
    return True


class _Splitter:
    """One file on its way from bytes to codes; `above` is the line of the header, `line` the first below it."""

    def __init__(self, file: str, data: bytes, header: Header, above: int, delimiter: str, line: int) -> None:
        self.file, self.data, self.header, self.delimiter, self.line = file, data, header, delimiter, line
        self.above = above
        self.names = list(header.index)
        self.wanted = np.full(len(header.titles), -1, np.int64)
        self.wanted[list(header.index.values())] = np.arange(len(self.names))
        rows = _CHUNK // _SHORTEST
        self.begin, self.end = (np.zeros((len(self.names), rows), np.int64) for _ in range(2))
        self.lines, self.loose = np.zeros(rows, np.int32), np.zeros((_LOOSE, 3), np.int64)
        self.totals: list[int] = []
        self.faults: list[Problem] = []

    def coded(self) -> Coded | None:
        """The columns of the file."""
        interners = [Interner() for _ in self.names]
        codes: list[list[Codes]] = [[] for _ in self.names]
        lines: list[Codes] = []
        at = 0
        for _ in range(self.line - 1):
            at = self.data.find(b"\n", at) + 1
        with ThreadPoolExecutor(min(len(self.names), os.cpu_count() or 1)) as pool:
            while at < len(self.data):
                piece = np.frombuffer(self.data, np.uint8, min(_CHUNK, len(self.data) - at), at).copy()
                found = self._chunk(piece, at)
                if found is None:
                    return None
                kept, taken = found
                lines.append(self.lines[kept].copy())
                progress.more(len(lines[-1]))

                def intern(one: int, piece: NDArray[np.uint8] = piece, kept: slice | Codes = kept) -> Codes:
                    return interners[one].codes(piece, self.begin[one][kept], self.end[one][kept])

                try:
                    for one, part in enumerate(pool.map(intern, range(len(self.names)))):
                        codes[one].append(part)
                except NotText:
                    return None
                at += taken
        if not lines:
            return None
        known = {
            name: column(interners[one].texts(), np.concatenate(codes[one])) for one, name in enumerate(self.names)
        }
        placed = partial(Rows, self.file)
        return Coded(
            self.file,
            self.header,
            known,
            np.concatenate(lines),
            placed,
            self.delimiter,
            totals=tuple(self.totals),
            header_line=self.above,
            faults=tuple(self.faults),
        )

    def _chunk(self, piece: NDArray[np.uint8], at: int) -> tuple[slice | Codes, int] | None:
        """The rows that count among those of one piece of the file, and the bytes they take."""
        rows, taken, line, loose = loops.split(
            piece,
            at + piece.size == len(self.data),
            ord(self.delimiter),
            self.wanted,
            self.begin,
            self.end,
            self.lines,
            self.line,
            self.names.index("part"),
            self.loose,
        )
        if rows < 0 or not taken:
            return None
        self.line = line
        if not loose:
            return slice(0, rows), taken
        kept = np.ones(rows, np.bool_)
        for row, first, last in self.loose[:loose].tolist():
            cells = next(csv.reader([self.data[at + first : at + last].decode()], delimiter=self.delimiter), [])
            if is_total(self.header, cells):
                self.totals.append(int(self.lines[row]))
                kept[row] = False
            elif too_wide(self.header, cells):
                self.faults.append(too_long(self.header, cells, self.delimiter, Where(self.file, int(self.lines[row]))))
        return np.flatnonzero(kept).astype(np.int32), taken
