"""A choice made cheaper by other options in one or two parts at once, while every row holds (local search)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jointbuy.fix.lagrange import HALF, Relaxed, owners, total
from jointbuy.fix.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from jointbuy.fix.problem import Ints

_MOVES = 1_000
"""Changes of one part that are tried in pairs: those that take a choice least beyond the bound."""
_ROUNDS = 60


def exchanged(problem: Problem, proven: Relaxed, chosen: Ints, late: Callable[[], bool]) -> Ints:
    """A choice that meets the rows and that no pair of changes tried makes cheaper; or the best when it was late."""
    whose = owners(problem.starts)
    for _ in range(_ROUNDS):
        if late() or total(problem.costs[chosen]) <= proven.bound:
            break
        worse = proven.reduced - proven.reduced[chosen][whose]
        worse[chosen] = HALF
        moves = np.argpartition(worse, _MOVES)[:_MOVES] if len(worse) > _MOVES else np.arange(len(worse))
        moves = moves[worse[moves] < HALF]
        pair = _best(problem, chosen, moves)
        if not len(pair):
            break
        chosen = chosen.copy()
        chosen[whose[pair]] = pair
    return chosen


def _best(problem: Problem, chosen: Ints, moves: Ints) -> Ints:
    """The one or two changes that save most, of different parts; none where no pair saves."""
    parts = np.searchsorted(problem.starts, moves, side="right") - 1
    costs = np.r_[problem.costs[moves] - problem.costs[chosen[parts]], 0]  # the last one changes nothing
    dearer = costs[:, None] + costs
    able = (dearer < 0) & (np.r_[parts, -1][:, None] != np.r_[parts, -2])
    for row, limit in zip(problem.weights, problem.limits.tolist(), strict=True):
        weights = np.r_[row[moves] - row[chosen[parts]], 0]
        able &= weights[:, None] + weights <= limit - total(row[chosen])
    if not able.any():
        return moves[:0]
    at = int(np.argmin(np.where(able, dearer, 0)))
    return moves[[each for each in divmod(at, len(costs)) if each < len(moves)]]
