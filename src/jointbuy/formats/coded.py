"""A bill's rows as columns of codes: for each of our columns its distinct texts, and which of them each row has.

For large bills only: texts are held once, however many rows repeat them. A format that makes these hands them to
`large.records`, which gives packed records or leaves the bill to the row-by-row reader.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jointbuy.errors import Problem, Where
from jointbuy.formats.columns import Header
from jointbuy.result import Lost

Codes = NDArray[np.int32]
COMPILED, A_ROW = 100_000_000, 320
"""Bytes that the compiled loops take, and that a row takes at the most while it is read (measured on ten million)."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """Distinct texts, without blanks around them, and the index into them by row; the first text is the blank."""

    texts: Sequence[str]
    codes: Codes

    @property
    def blank(self) -> bool:
        """Whether nothing is written in any row."""
        return not self.codes.any()


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """A file's header and columns.

    `lines` int32 by row, of which `placed` makes the places that records keep; `delimiter` None for what is no text
    with one. `left` is what the file holds and its rows do not.
    """

    file: str
    header: Header
    columns: dict[str, Column]
    lines: Codes
    placed: Callable[[Codes], Sequence[Where]]
    delimiter: str | None = None
    spot: Callable[[int], str] = str
    """How a note names a line beside others."""
    notes: tuple[str, ...] = ()
    left: tuple[Lost, ...] = ()
    totals: tuple[int, ...] = ()
    """Lines left out because they sum up others."""
    commas: frozenset[str] | None = None
    """Columns whose numbers have a decimal comma; None where nobody has looked yet."""
    later: tuple[str, ...] = ()
    """Notes that come after those on columns and totals."""
    header_line: int = 0
    sheet: str | None = None
    """The sheet of a workbook."""
    money: tuple[tuple[str, ...], ...] = ()
    """The currencies that each sign may stand for which a workbook shows beside costs."""
    faults: tuple[Problem, ...] = ()
    """What is wrong with single rows or cells already."""

    def column(self, name: str) -> Column | None:
        """One of our columns, unless it is absent or blank throughout."""
        found = self.columns.get(name)
        return found if found and not found.blank else None
