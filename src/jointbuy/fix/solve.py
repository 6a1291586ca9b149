"""The cheapest choice that meets every row (docs/decisions/0017-cheapest-choice.md).

One row that can be missed is solved by `knapsack`, several by `solve_rows`. Whatever finds a choice, its cost and
weights are added up again here, in whole numbers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np

from jointbuy.errors import Limit
from jointbuy.fix import knapsack
from jointbuy.fix.build import TOO_LARGE
from jointbuy.fix.lagrange import HALF, Enough, Found, counted, first, largest, meets, total
from jointbuy.fix.problem import Price, Problem, Settle, Solution, Status

Progress = Callable[[int | None, int], None]
"""Told the cost of the best choice so far, None without one, and the bound, minor units."""


def cheapest(
    problem: Problem,
    *,
    gap: Fraction | int = 0,
    seconds: float | None = None,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    settle: Settle | None = None,
) -> Solution:
    """The cheapest choice; or one whose cost is within `gap` of the bound, a share of the cost; or the best in time.

    It ends, as if time were up, once `stop` says so. Of a problem with mixed parts `settle` works out the tests and
    amounts that follow from options.

    A problem of a few thousand parts is solved within seconds as a rule; `seconds` is for those that are not. Raises
    Limit where sums might leave int64.
    """
    until = None if seconds is None else time.monotonic() + seconds

    def left() -> float:
        if stop is not None and stop():
            return 0.0
        return float("inf") if until is None else max(0.0, until - time.monotonic())

    def enough(cost: int | None, bound: int) -> bool:
        if progress is not None:
            progress(cost, bound)
        return (cost is not None and cost - bound <= gap * abs(cost)) or left() <= 0

    if settle is not None and problem.mixed:
        from jointbuy.fix import solve_mixed

        _fits(problem)
        return _solution(problem, solve_mixed.cheapest(problem, settle, enough, Fraction(gap), left), gap)
    return _solved(problem, enough, Fraction(gap), left)


def _solved(problem: Problem, enough: Enough, gap: Fraction, left: Callable[[], float]) -> Solution:
    """By the solver for one row, or for several; rows that hold whatever is chosen are left out.

    `left` says how many seconds.
    """
    _fits(problem)
    least = [total(np.minimum.reduceat(row, problem.starts[:-1])) for row in problem.weights]
    most = [total(np.maximum.reduceat(row, problem.starts[:-1])) for row in problem.weights]
    limits = problem.limits.tolist()
    heavy = [row for row, limit in enumerate(limits) if least[row] > limit][:1]
    binding = heavy or [row for row, limit in enumerate(limits) if most[row] > limit]
    part = _only(problem, binding)
    plain = first(problem.starts, problem.costs, problem.weights.sum(axis=0, dtype=np.float64))
    if meets(problem, plain):
        found = Found(plain, total(problem.costs[plain]), (Fraction(0),) * len(binding))
    elif len(binding) > 1:
        from jointbuy.fix import solve_rows  # HiGHS is slow to import, and one row needs none

        found = solve_rows.cheapest(part, enough, gap, left)
    else:
        found = knapsack.cheapest(part, enough)
        cost = None if found.chosen is None else total(problem.costs[found.chosen])
        if cost is not None and found.bound is not None and found.bound < cost and not enough(cost, found.bound):
            from jointbuy.fix import solve_rows  # parts that are much dearer than others are for dividing

            found = solve_rows.divided(counted(part, found.counts), found, enough)
    return _solution(problem, found.among(binding, len(limits)), gap)


def _fits(problem: Problem) -> None:
    """Refuse what might leave int64 where differences of sums are taken."""
    for values, limit in ((problem.costs, 0), *zip(problem.weights, problem.limits.tolist(), strict=True)):
        reach = sum(abs(total(each.reduceat(values, problem.starts[:-1]))) for each in (np.minimum, np.maximum))
        if max(reach, largest(values), abs(limit)) >= HALF:
            raise Limit(TOO_LARGE)


def _only(problem: Problem, rows: list[int]) -> Problem:
    """Some rows of a problem; one that always holds, if none."""
    if not rows:
        return replace(problem, weights=np.zeros((1, len(problem.costs)), np.int64), limits=np.zeros(1, np.int64))
    return replace(problem, weights=problem.weights[rows], limits=problem.limits[rows])


def _solution(problem: Problem, found: Found, gap: Fraction | int) -> Solution:
    """What was found, with cost and rows added up again."""
    prices = _pairs(found.prices)
    proof = tuple(each if isinstance(each, int) else _pairs(each) for each in found.proof)
    if found.bound is None:
        return Solution(Status.INFEASIBLE, None, None, None, prices, proof)
    if found.chosen is None:
        return Solution(Status.STOPPED, None, None, found.bound, prices, proof)
    if not problem.mixed and not meets(problem, found.chosen):
        raise AssertionError("a choice that breaks a row was taken for one that meets all")
    cost = total(problem.costs[found.chosen])
    status = Status.STOPPED
    if cost <= found.bound:
        status = Status.OPTIMAL
    elif cost - found.bound <= gap * abs(cost):
        status = Status.WITHIN_GAP
    return Solution(
        status, found.chosen, cost, min(found.bound, cost), prices, proof, _pairs(found.shares), found.counts
    )


def _pairs(prices: tuple[Fraction, ...]) -> tuple[Price, ...]:
    return tuple((each.numerator, each.denominator) for each in prices)
