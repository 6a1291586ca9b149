"""What a large workbook's sheet says by its looks, as `looks.py` reads it: found on arrays, piece by piece."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from jointbuy.formats.columns import Header
from jointbuy.formats.looks import COSTS, SHARES, Look, counted_said, span
from jointbuy.formats.numerals import must
from jointbuy.formats.sheet_loops import DATE, NUMBER, ODD, PERCENT, SHARED, TEXT

Flags = NDArray[np.bool_]
_HIDDEN = re.compile(rb"\shidden=(?:\"([^\"]*)\"|'([^']*)')")


class Looks:
    """The looks of the rows of one sheet. Raises Unusual."""

    def __init__(self, looks: Mapping[str, Look], names: list[str], shared_blank: Flags) -> None:
        size = max(map(int, looks), default=-1) + 2  # the last is that of all others
        self._percent, self._struck = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        self._money = np.zeros(size, np.int32)
        self._shown: list[tuple[str, ...]] = [()]
        for style, look in looks.items():
            at = int(style)
            self._percent[at], self._struck[at] = look.percent, look.struck
            if look.currencies:
                self._money[at] = len(self._shown)
                self._shown.append(look.currencies)
        self._names, self._blank, self._none = names, shared_blank, size == 1
        self._used: set[int] = set()
        self.hidden: list[int] = []
        self.struck: list[int] = []

    def piece(
        self,
        data: bytes,
        text: NDArray[np.uint8],
        cells: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8], NDArray[np.int32]],
        rows: tuple[NDArray[np.int32], NDArray[np.int64], Flags],
        seen: NDArray[np.int64],
    ) -> None:
        """Take up rows that count: where their cells begin and end, their kinds and styles; their lines and bytes.

        Cells shown as per cents get that kind.
        """
        line, spans, kept = rows
        if b"hidden=" in data:
            for row in np.flatnonzero(kept).tolist():
                first = int(spans[row, 0])
                if (found := _HIDDEN.search(data, first, data.index(b">", first))) and (
                    (found[1] or found[2] or b"") not in {b"0", b"false"}
                ):
                    self.hidden.append(int(line[row]))
        if self._none:
            return
        begin, end, kind, style = cells
        only = kind & 15
        number = ((only == NUMBER) | (only == DATE)) & kept
        shade = np.minimum(style, len(self._struck) - 1)
        for at, name in enumerate(self._names):
            if name in SHARES and (shown := self._percent[shade[at]] & (only[at] == NUMBER)).any():
                kind[at][shown] += PERCENT - NUMBER
                seen[at] |= 1 << PERCENT
            if name in COSTS:
                self._used |= set(np.unique(self._money[shade[at]][number[at]]).tolist())
        crossed = self._struck[shade] & (only != 0) & (only != ODD) & kept
        if crossed.any():
            if (shared := crossed & (only == SHARED)).any():
                crossed[shared] = ~self._blank[begin[shared]]
            for at, row in np.argwhere(crossed & (only == TEXT)).tolist():
                crossed[at, row] = bool(text[begin[at, row] : end[at, row]].tobytes().decode().strip())
            self.struck.extend(line[np.flatnonzero(crossed.any(axis=0))].tolist())

    def money(self) -> tuple[tuple[str, ...], ...]:
        """The currencies that each sign beside a cost may stand for."""
        return tuple(self._shown[at] for at in sorted(self._used - {0}))

    def said(self, file: str, sheet: str) -> list[str]:
        """What is to be noted."""
        return counted_said(file, sheet, self.hidden, self.struck)


def must_not_span(merged: list[str], header: Header, lines: NDArray[np.int32]) -> None:
    """Leave what merged cells say of several rows to the row-by-row reader. Raises Unusual."""
    columns = set(header.index.values())
    for (top, first), (bottom, last) in filter(None, map(span, merged)):
        here = int(np.searchsorted(lines, bottom + 1, side="right")) - int(np.searchsorted(lines, top + 1))
        must(here < 2 or columns.isdisjoint(range(first, last + 1)))
