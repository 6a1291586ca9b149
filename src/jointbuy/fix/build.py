"""Rows in exact numbers to a problem in whole ones: each row over one denominator, so that nothing is rounded.

Where a row is too fine for 63 bits its weights are rounded up and its limit down: what keeps the rounded row keeps the
row. The same rounded the other way gives a problem no choice of which costs more, for the bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm

import numpy as np

from jointbuy.errors import Limit
from jointbuy.fix.problem import Problem, Settle

_ROOM = 1 << 61
TOO_LARGE = "the amounts are too large to be added up in 64 bits; check their digits, or state them in a larger unit"


@dataclass(frozen=True, slots=True)
class Row:
    """Weights of all options, of which the chosen ones add up to the limit at most; below it where `strictly`.

    A mapping has only those that weigh something, by place.
    """

    name: str
    weights: Sequence[Fraction] | Mapping[int, Fraction]
    limit: Fraction
    strictly: bool = False

    @property
    def some(self) -> Mapping[int, Fraction]:
        """The options that weigh something, by place."""
        if isinstance(self.weights, Mapping):
            return self.weights
        return {at: weight for at, weight in enumerate(self.weights) if weight}


_Whole = Mapping[int, int]
"""Weights as whole numbers, of the options that weigh something."""


@dataclass(frozen=True, slots=True)
class Built:
    """A problem; `scales` turn a weight of each row into a whole one. `looser` is for the bound of a rounded one."""

    problem: Problem
    scales: tuple[Fraction, ...]
    rows: tuple[int, ...]
    """Which of the rows are in it: those that some choice breaks."""
    looser: Problem | None = None
    settle: Settle | None = None


def built(costs: Sequence[Sequence[int]], rows: Sequence[Row], mixed: int = 0, settle: Settle | None = None) -> Built:
    """The problem of options by group, each with its cost in minor units, the first of each group "as it is".

    Rows that every choice keeps are left out. Where some groups, the last, are `mixed`, rounded rows are only loosened:
    rows that tie amounts to choices from both sides would leave nothing. Raises Limit for costs beyond 63 bits.
    """
    starts = np.cumsum([0, *(len(group) for group in costs)], dtype=np.int64)
    flat = [cost for group in costs for cost in group]
    if sum(abs(cost) for cost in flat) >= _ROOM:
        raise Limit(TOO_LARGE)
    every = [_scaled(row, int(starts[len(costs) - mixed])) for row in rows]
    sizes = [len(group) for group in costs]
    part = [group for group, size in enumerate(sizes) for _ in range(size)]
    kept = [at for at, row in enumerate(every) if _bites(*row[:2], part, sizes)] or ([0] if rows else [])
    scaled = [every[at] for at in kept]
    tight = [_fitted(*each, up=not mixed) for each in scaled]
    problem = replace(_problem(starts, flat, tight, [rows[at].name for at in kept]), mixed=mixed)
    rounded = not mixed and any(shift for *_, shift in tight)
    loose = [_fitted(*each, up=False) for each in scaled] if rounded else []
    return Built(
        problem,
        tuple(scale / (1 << shift) for (*_, scale), (*_, shift) in zip(scaled, tight, strict=True)),
        tuple(kept),
        _problem(starts, flat, loose, [rows[at].name for at in kept]) if rounded else None,
        settle,
    )


def _bites(weights: _Whole, limit: int, part: Sequence[int], sizes: Sequence[int]) -> bool:
    """Whether some choice breaks a row of whole numbers."""
    most: dict[int, list[int]] = {}
    for at, weight in weights.items():
        most.setdefault(part[at], []).append(weight)
    # What is not told weighs nothing.
    return sum(max(each) if len(each) == sizes[group] else max(*each, 0) for group, each in most.items()) > limit


def _scaled(row: Row, whole: int) -> tuple[_Whole, int, Fraction]:
    """Weights and limit as whole numbers with no common factor, and by what they were multiplied.

    Options from `whole` on may be taken in part: a row with any adds up to no whole numbers: its limit goes up.
    """
    some = row.some
    over = lcm(row.limit.denominator, *{weight.denominator for weight in some.values()})
    weights = {at: weight.numerator * (over // weight.denominator) for at, weight in some.items()}
    common = gcd(*weights.values()) or 1
    limit = int(row.limit * over)
    apart = any(at >= whole for at in weights)
    limit = -(-limit // common) if apart else (limit - row.strictly) // common
    return {at: weight // common for at, weight in weights.items()}, limit, Fraction(over, common)


def _fitted(weights: _Whole, limit: int, _scale: Fraction, *, up: bool) -> tuple[_Whole, int, int]:
    """The row with as few bits taken off as 63 bits ask for, and how many."""
    size = max(sum(map(abs, weights.values())), abs(limit))
    shift = max(0, size.bit_length() - _ROOM.bit_length() + 1)
    if not shift:
        return weights, limit, 0
    step = 1 << shift
    fitted = {at: -(-each // step) if up else each // step for at, each in weights.items()}
    return fitted, limit // step + (not up), shift


def _problem(
    starts: np.ndarray, costs: Sequence[int], rows: Sequence[tuple[_Whole, int, int]], names: Sequence[str]
) -> Problem:
    every = np.zeros((len(rows), len(costs)), dtype=np.int64)
    for row, (weights, *_) in zip(every, rows, strict=True):
        row[list(weights)] = list(weights.values())
    return Problem(
        starts,
        np.array(costs, dtype=np.int64),
        every,
        np.array([limit for _, limit, _ in rows], dtype=np.int64),
        tuple(names),
    )
