"""Rows of a joint plan: what the families are made of, and how they are put together for the solver."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from jointbuy.plan.columns import Bits, Columns, Floats, Ints

INF = float("inf")
Listed: TypeAlias = tuple[Ints, Floats | float, float, float]
"""A row: its columns, their values (one for all, or one each), lower, upper."""


@dataclass(frozen=True, slots=True)
class Family:
    """Rows of one family: `lower <= sum of value * column <= upper`.

    Attributes:
        name: what the planner calls it.
        row, column, value: of shape (entries,): rows count from 0 within the family.
        lower, upper: of shape (rows,).
        tell: the name of a row in the planner's words.
        soft: whether it is a condition that could be dropped; else it only ties columns together.
        unit: "money" (of the columns' unit), "pieces" or "count".
    """

    name: str
    row: Ints
    column: Ints
    value: Floats
    lower: Floats
    upper: Floats
    tell: Callable[[int], str]
    soft: bool = True
    unit: str = "pieces"


def gathered(
    name: str,
    rows: Sequence[Listed],
    tell: Callable[[int], str],
    *,
    soft: bool = True,
    unit: str = "pieces",
) -> Family:
    """A family of rows that are listed one by one: columns, values, lower, upper."""
    counts = [len(columns) for columns, *_ in rows]
    values = [np.full(len(columns), value) if isinstance(value, float) else value for columns, value, *_ in rows]
    return Family(
        name,
        np.repeat(np.arange(len(rows)), counts),
        np.concatenate([np.zeros(0, dtype=np.int64), *(columns for columns, *_ in rows)]),
        np.concatenate([np.zeros(0), *values]),
        np.array([lower for *_, lower, _ in rows], dtype=np.float64),
        np.array([upper for *_, upper in rows], dtype=np.float64),
        tell,
        soft,
        unit,
    )


def tying(name: str, row: Ints, column: Ints, value: Floats, lower: Floats, upper: Floats) -> Family:
    """A family that only ties columns together."""
    return Family(name, row, column, value, lower, upper, lambda row: f"{name} {row}", soft=False)


@dataclass(frozen=True, slots=True)
class Arrays:
    """A program as the solver takes it: columns from 0 to `most`, rows of a matrix by rows (CSR)."""

    costs: Floats
    most: Floats
    integer: Bits
    starts: Ints
    index: Ints
    value: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True)
class Model:
    """Columns and all families, with the matrix by rows (CSR) as the solver takes it."""

    columns: Columns
    families: tuple[Family, ...]

    @cached_property
    def starts(self) -> Ints:
        """Where the rows of each family begin; one more for the end."""
        return np.cumsum([0, *(len(each.lower) for each in self.families)])

    @cached_property
    def matrix(self) -> tuple[Ints, Ints, Floats]:
        """Starts of rows, columns and values."""
        none = np.zeros(0, dtype=np.int64)
        shifted = (each.row + start for each, start in zip(self.families, self.starts, strict=False))
        row = np.concatenate([none, *shifted])
        column = np.concatenate([none, *(each.column for each in self.families)])
        value = np.concatenate([np.zeros(0), *(each.value for each in self.families)])
        order, starts = sorted_by(row, int(self.starts[-1]))
        return starts, column[order], value[order]

    @cached_property
    def lower(self) -> Floats:
        """The least of every row."""
        return np.concatenate([np.zeros(0), *(each.lower for each in self.families)])

    @cached_property
    def upper(self) -> Floats:
        """The most of every row."""
        return np.concatenate([np.zeros(0), *(each.upper for each in self.families)])

    @cached_property
    def soft(self) -> Bits:
        """Which rows could be dropped."""
        return np.concatenate(
            [np.zeros(0, dtype=bool), *(np.full(len(each.lower), each.soft) for each in self.families)]
        )

    def arrays(self, costs: Floats) -> Arrays:
        """The whole with an objective."""
        of = self.columns
        return Arrays(costs, of.upper, of.integer, *self.matrix, self.lower, self.upper)

    def named(self, row: int) -> tuple[Family, str]:
        """The family of a row and its name."""
        place = int(np.searchsorted(self.starts, row, side="right")) - 1
        family = self.families[place]
        return family, family.tell(row - int(self.starts[place]))


def spans(starts: Ints, ends: Ints) -> Ints:
    """All numbers from each start up to before its end, one span after the other."""
    sizes = ends - starts
    return np.repeat(starts - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())


def grouped(keys: Ints, count: int) -> Iterator[Ints]:
    """For each key below `count`, the places where it stands."""
    order, starts = sorted_by(keys, count)
    for start, end in pairwise(starts.tolist()):
        yield order[start:end]


def sorted_by(keys: Ints, count: int) -> tuple[Ints, Ints]:
    """Places in the order of their keys, all below `count`, and where each key starts there; one more for the end.

    Keys of 16 bits are sorted by their digits, ten times as fast as by comparing.
    """
    order = np.argsort(keys.astype(np.uint16) if count < 2**16 else keys, kind="stable")
    return order, np.append(0, np.cumsum(np.bincount(keys, minlength=count)))
