"""The cheapest choice that meets every row, and the next ones (docs/decisions/0017-cheapest-choice.md).

One row that can be missed is solved by `knapsack`, several by `solve_rows`. Whatever finds a choice, its cost and
weights are added up again here, in whole numbers.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from jointbuy.errors import Limit
from jointbuy.fix import knapsack
from jointbuy.fix.core import hold
from jointbuy.fix.lagrange import HALF, Enough, Flags, Found, Relaxed, first, largest, meets, owners, relaxed, total
from jointbuy.fix.problem import Price, Problem, Solution, Status

if TYPE_CHECKING:
    pass

Progress = Callable[[int | None, int], None]
"""Told the cost of the best choice so far, None without one, and the bound, minor units."""


def cheapest(
    problem: Problem, *, gap: Fraction | int = 0, seconds: float | None = None, progress: Progress | None = None
) -> Solution:
    """The cheapest choice; or one whose cost is within `gap` of the bound, a share of the cost; or the best in time.

    A problem of a few thousand parts is solved within seconds as a rule; `seconds` is for those that are not. Raises
    Limit where sums might leave int64.
    """
    until = None if seconds is None else time.monotonic() + seconds

    def enough(cost: int | None, bound: int) -> bool:
        if progress is not None:
            progress(cost, bound)
        near = cost is not None and cost - bound <= gap * abs(cost)
        return near or (until is not None and time.monotonic() > until)

    return _solved(problem, enough, Fraction(gap), until)


def _solved(problem: Problem, enough: Enough, gap: Fraction, until: float | None) -> Solution:
    """By the solver for one row, or for several; rows that hold whatever is chosen are left out."""
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

        found = solve_rows.cheapest(part, enough, gap, until)
    else:
        found = knapsack.cheapest(part, enough)
    whole = replace(
        found,
        prices=_spread(found.prices, binding, len(limits)),
        proof=tuple(each if isinstance(each, int) else _spread(each, binding, len(limits)) for each in found.proof),
    )
    return _solution(problem, whole, gap)


def runners_up(
    problem: Problem, solution: Solution, count: int, *, seconds: float | None = None
) -> tuple[Solution, ...]:
    """The next best choices after the cheapest, so many at most, none twice.

    What remains without a choice falls into divisions that have no choice in common: parts in a fixed order, those
    choices that agree with it before a part and differ there (Lawler 1972). They are solved in the order of their
    bounds, as far as they may hold a choice asked for. The bound of each is that of what remains; no proof is kept.
    """
    if solution.chosen is None or solution.cost is None:
        return ()
    until = None if seconds is None else time.monotonic() + seconds
    proven = relaxed(problem, tuple(Fraction(*each) for each in solution.multipliers))
    dearest = _swaps(problem, solution, count)
    every, number = np.ones(len(problem.costs), dtype=bool), itertools.count()
    waiting: list[tuple[int, int, Flags, Solution | None]] = [(solution.cost, next(number), every, solution)]
    found: list[Solution] = []
    while waiting and not (until is not None and time.monotonic() > until):
        bound, _, allowed, solved = heapq.heappop(waiting)
        if solved is None:
            solved = _within(problem, allowed, bound, dearest, until)
            if solved is not None and solved.cost is not None:
                heapq.heappush(waiting, (solved.cost, next(number), allowed, solved))
            continue
        found.append(solved)
        if len(found) > count:
            break
        for bound, less in _divisions(problem, proven, allowed, solved):
            if dearest is None or bound <= dearest:
                heapq.heappush(waiting, (bound, next(number), less, None))
    return tuple(found[1:])


def _swaps(problem: Problem, solution: Solution, count: int) -> int | None:
    """What the so-and-so best choice costs that has another option in one part; None where there are fewer."""
    chosen = np.asarray(solution.chosen)
    whose = owners(problem.starts)
    within = np.ones(len(problem.costs), dtype=bool)
    within[chosen] = False
    for row, limit in zip(problem.weights, problem.limits.tolist(), strict=True):
        within &= row - row[chosen][whose] <= limit - total(row[chosen])
    dearer = np.sort((problem.costs - problem.costs[chosen][whose])[within])
    return None if len(dearer) < count else int(dearer[count - 1]) + total(problem.costs[chosen])


def _divisions(problem: Problem, proven: Relaxed, allowed: Flags, solved: Solution) -> Iterator[tuple[int, Flags]]:
    """What remains of some choices without one of them, with a bound for each division."""
    chosen, starts = np.asarray(solved.chosen), problem.starts
    taken = np.zeros(len(allowed), dtype=bool)
    taken[chosen] = True
    other = np.minimum.reduceat(np.where(allowed & ~taken, proven.reduced, HALF), starts[:-1])
    least = np.minimum.reduceat(np.where(allowed, proven.reduced, HALF), starts[:-1]).tolist()
    beyond = proven.reduced[chosen].tolist()
    ahead, behind = 0, sum(least)
    fixed = allowed.copy()
    for part in np.argsort(-other, kind="stable").tolist():
        behind -= least[part]
        low, high = int(starts[part]), int(starts[part + 1])
        if other[part] < HALF:
            less = fixed.copy()
            less[chosen[part]] = False
            yield proven.beyond(ahead + int(other[part]) + behind), less
        ahead += beyond[part]
        fixed[low:high] = taken[low:high]


def _within(problem: Problem, allowed: Flags, bound: int, dearest: int | None, until: float | None) -> Solution | None:
    """The cheapest choice of some options, unless it is dearer than would be of use."""
    flags = np.flatnonzero(allowed)
    core = hold(problem, flags[np.searchsorted(flags, problem.starts[:-1])], flags)
    if not core.parts.size:
        if not meets(problem, core.held):
            return None
        return Solution(Status.OPTIMAL, core.held, core.cost, core.cost, ())

    def enough(_cost: int | None, bound: int) -> bool:
        late = until is not None and time.monotonic() > until
        return late or (dearest is not None and bound + core.cost > dearest)

    found = _solved(core.problem, enough, Fraction(0), until)
    if found.chosen is None or found.cost is None:
        return None
    low = max(bound, (found.bound or 0) + core.cost)
    return replace(found, chosen=core.whole(found.chosen), cost=found.cost + core.cost, bound=low, proof=())


def _fits(problem: Problem) -> None:
    """Refuse what might leave int64 where differences of sums are taken."""
    for values, limit in ((problem.costs, 0), *zip(problem.weights, problem.limits.tolist(), strict=True)):
        reach = sum(abs(total(each.reduceat(values, problem.starts[:-1]))) for each in (np.minimum, np.maximum))
        if max(reach, largest(values), abs(limit)) >= HALF:
            raise Limit("the amounts are too large to be added up in 64 bits; state them in a larger unit")


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
    if not meets(problem, found.chosen):
        raise AssertionError("a choice that breaks a row was taken for one that meets all")
    cost = total(problem.costs[found.chosen])
    status = Status.STOPPED
    if cost <= found.bound:
        status = Status.OPTIMAL
    elif cost - found.bound <= gap * abs(cost):
        status = Status.WITHIN_GAP
    return Solution(status, found.chosen, cost, min(found.bound, cost), prices, proof)


def _spread(prices: tuple[Fraction, ...], rows: list[int], count: int) -> tuple[Fraction, ...]:
    """Prices of some rows among those of all; the others are worth nothing."""
    known = dict(zip(rows, prices, strict=False))
    return tuple(known.get(row, Fraction(0)) for row in range(count))


def _pairs(prices: tuple[Fraction, ...]) -> tuple[Price, ...]:
    return tuple((each.numerator, each.denominator) for each in prices)
