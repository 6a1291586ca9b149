"""Rows in exact numbers to a problem in whole ones: each row over one denominator, so that nothing is rounded.

Where a row is too fine for 63 bits its weights are rounded up and its limit down: what keeps the rounded row keeps the
row. The same rounded the other way gives a problem no choice of which costs more, for the bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

import numpy as np

from jointbuy.errors import Limit
from jointbuy.fix.problem import Problem, Settle

_ROOM = 1 << 61
TOO_LARGE = "the amounts are too large to be added up in 64 bits; check their digits, or state them in a larger unit"


@dataclass(frozen=True, slots=True)
class Row:
    """Weights of all options, of which the chosen ones add up to the limit at most; below it where `strictly`."""

    name: str
    weights: tuple[Fraction, ...]
    limit: Fraction
    strictly: bool = False


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
    kept = [at for at, row in enumerate(every) if _bites(*row[:2], starts.tolist())] or ([0] if rows else [])
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


def _bites(weights: Sequence[int], limit: int, starts: Sequence[int]) -> bool:
    """Whether some choice breaks a row of whole numbers."""
    return sum(max(weights[one:two]) for one, two in pairwise(starts)) > limit


def _scaled(row: Row, whole: int) -> tuple[list[int], int, Fraction]:
    """Weights and limit as whole numbers with no common factor, and by what they were multiplied.

    Options from `whole` on may be taken in part: a row with any adds up to no whole numbers: its limit goes up.
    """
    over = lcm(row.limit.denominator, *{weight.denominator for weight in row.weights})
    weights = [weight.numerator * (over // weight.denominator) for weight in row.weights]
    common = gcd(*weights) or 1
    limit = int(row.limit * over)
    limit = -(-limit // common) if any(weights[whole:]) else (limit - row.strictly) // common
    return [weight // common for weight in weights], limit, Fraction(over, common)


def _fitted(weights: Sequence[int], limit: int, _scale: Fraction, *, up: bool) -> tuple[list[int], int, int]:
    """The row with as few bits taken off as 63 bits ask for, and how many."""
    size = max(sum(map(abs, weights)), abs(limit))
    shift = max(0, size.bit_length() - _ROOM.bit_length() + 1)
    if not shift:
        return list(weights), limit, 0
    step = 1 << shift
    return [-(-each // step) if up else each // step for each in weights], limit // step + (not up), shift


def _problem(
    starts: np.ndarray, costs: Sequence[int], rows: Sequence[tuple[list[int], int, int]], names: Sequence[str]
) -> Problem:
    return Problem(
        starts,
        np.array(costs, dtype=np.int64),
        np.array([weights for weights, *_ in rows], dtype=np.int64).reshape(len(rows), len(costs)),
        np.array([limit for _, limit, _ in rows], dtype=np.int64),
        tuple(names),
    )
