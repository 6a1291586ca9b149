"""Prices of the rows' weights that prove as much as any can: the peak of the Lagrangian bound.

The bound is concave in the prices, and every point has a plane above it: what the parts take there costs and weighs so
much. The highest point under the planes known, within a box around the best prices, is the next to look at (Kelley
1960; the box of Marsten, Hogan and Blankenship 1975). Floats find the prices; what they prove is for `lagrange`.
"""

from __future__ import annotations

from fractions import Fraction

import highspy
import numpy as np

from jointbuy.fix.core import nearest
from jointbuy.fix.lagrange import missed, mixed, owners, relaxed
from jointbuy.fix.problem import Problem
from jointbuy.fix.solve_highs import Floats, Model, Quiet, rational
from jointbuy.solver import Late

_SMALL = 500
"""Parts of which a linear program is solved; of more, of those that hesitate most, at the peak."""
_SAMPLE = 5_000
_STEPS = 120
_STALLED = 5
_NEAR = 1e-6


def priced(problem: Problem, late: Late) -> tuple[tuple[Fraction, ...], bool]:
    """Prices of the rows; or weights of the rows by which their sum is beyond its limit, and that it is.

    Of very many parts, first a sample has its peak, then those parts that change their option near it.
    """
    parts, rows = len(problem.starts) - 1, len(problem.limits)
    prices = np.zeros(rows)
    if parts > 2 * _SAMPLE:
        prices = _Peak(sample(problem, _SAMPLE)).climb(prices, 1.0, late)
    best = rational(problem, prices)
    proven = relaxed(problem, best)
    for count in (max(parts // 5, 2 * _SAMPLE), _SMALL):
        core = nearest(problem, proven, best, count)
        if not core.parts.size or late():
            break
        found, none = _solved(core.problem, best, late)
        if none and missed(problem, found):
            return found, True
        better = relaxed(problem, found)
        if better.least * proven.scale > proven.least * better.scale:
            best, proven = found, better
    return best, False


def _solved(problem: Problem, start: tuple[Fraction, ...], late: Late) -> tuple[tuple[Fraction, ...], bool]:
    """The same of few parts by linear programming, of many by climbing from some prices on."""
    if len(problem.starts) - 1 > _SMALL:
        near = 0.1 if any(start) else 1.0
        found = rational(problem, _Peak(problem).climb(np.array([float(each) for each in start]), near, late))
        return found, missed(problem, found)
    linear = Model(problem).linear()
    if linear is None:
        return start, False
    return (linear.prices, True) if linear.share is None else (linear.prices, False)


def sample(problem: Problem, count: int) -> Problem:
    """So many parts from everywhere, with their share of the limits."""
    parts, sizes = len(problem.starts) - 1, np.diff(problem.starts)
    some = np.sort(mixed(parts)[:count])
    flags = np.zeros(parts, dtype=bool)
    flags[some] = True
    options = np.flatnonzero(np.repeat(flags, sizes))
    limits = np.array([limit * count // parts for limit in problem.limits.tolist()], dtype=np.int64)
    starts = np.r_[0, np.cumsum(sizes[some])]
    return Problem(starts, problem.costs[options], problem.weights[:, options], limits, problem.names)


class _Peak:
    """The climb; prices are in units in which all rows weigh as much as the costs."""

    def __init__(self, problem: Problem) -> None:
        self.starts, self.whose = problem.starts, owners(problem.starts)
        self.costs = problem.costs.astype(np.float64)
        weights = problem.weights.astype(np.float64)
        self.unit = max(np.abs(self.costs).sum(), 1.0) / np.maximum(np.abs(weights).sum(axis=1), 1.0)
        self.weights = weights * self.unit[:, None]
        self.limits = problem.limits * self.unit
        self.most = float(np.maximum.reduceat(self.costs, self.starts[:-1]).sum())
        self.scale = max(float(np.abs(self.costs).sum()), 1.0)
        self.master = Quiet()
        for _ in self.limits:
            self.master.addVar(0.0, 1.0)
        self.master.addVar(-highspy.kHighsInf, highspy.kHighsInf)
        self.master.changeColCost(len(self.limits), -1.0)

    def look(self, prices: Floats) -> float:
        """The bound at some prices; its plane joins those known."""
        values = self.costs + prices @ self.weights
        least = np.minimum.reduceat(values, self.starts[:-1])
        at = np.flatnonzero(values == least[self.whose])
        if at.size > len(least):
            at = at[np.r_[True, np.diff(self.whose[at]) > 0]]
        slope = (self.weights[:, at].sum(axis=1) - self.limits) / self.scale
        bound = float(least.sum() - prices @ self.limits) / self.scale
        columns = np.arange(len(prices) + 1, dtype=np.int32)
        row = np.r_[-slope, 1.0]
        self.master.addRow(-highspy.kHighsInf, bound - float(slope @ prices), len(row), columns, row)
        return bound

    def climb(self, start: Floats, box: float, late: Late) -> Floats:
        """The best prices found from some on, within a box of so many times their size at first."""
        best = start / self.unit
        box *= max(1e-6, float(best.max())) if best.any() else 1.0
        high, stalled = self.look(best), 0
        for _ in range(_STEPS):
            if high * self.scale > self.most or late():
                break
            columns = np.arange(len(best), dtype=np.int32)
            self.master.changeColsBounds(len(best), columns, np.maximum(best - box, 0.0), best + box)
            self.master.run()
            if self.master.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                break
            there = np.asarray(self.master.getSolution().col_value)
            prices, hoped = np.maximum(there[:-1], 0.0), float(there[-1])
            edge = bool(np.any(np.abs(prices - best) > 0.99 * box))
            if np.array_equal(prices, best) or (hoped - high <= _NEAR * abs(high) and not edge) or stalled > _STALLED:
                break
            reached = self.look(prices)
            box *= 2.0 if edge and reached > high else 1.0 if reached > high else 0.5
            stalled = 0 if reached > high else stalled + 1
            if reached > high:
                best, high = prices, reached
        return np.asarray(best * self.unit)
