"""The linear and the integer program of a problem, by HiGHS (docs/decisions/0016-highs.md).

What comes back is in floats and within tolerances. It proves nothing: prices of rows are worth what `lagrange` finds
that they prove, a choice what its options add up to. The model status is read, never the return code, and nothing is
printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
from numpy.typing import NDArray

from jointbuy.fix.lagrange import largest, owners
from jointbuy.fix.problem import Problem
from jointbuy.solver import Late, Silent, ended, heed

if TYPE_CHECKING:
    from jointbuy.fix.problem import Ints

Floats = NDArray[np.float64]
_GRACE = 1.0
"""Seconds that the solver may take to stop."""
_BITS = 44
_COARSE = 24
"""Bits of a price, and how many of them may be done without."""


@dataclass(frozen=True, slots=True)
class Linear:
    """What the linear relaxation says.

    Attributes:
        share: of shape (options,): how much of each option, zero to one; None where no mixture meets the rows.
        prices: of shape (rows,): a unit of weight is worth so many minor units; without a mixture, the rows' weights in
            a sum that none can meet.
    """

    share: Floats | None
    prices: tuple[Fraction, ...]


class Quiet(highspy.Highs):  # type: ignore[misc]
    """HiGHS without its callbacks: setting those up prints a banner before output can be turned off."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        self.setOptionValue("output_flag", False)
        self.setOptionValue("threads", 1)


class Model:
    """A problem in HiGHS, with rows and costs scaled to one, whose options can be barred and allowed again.

    Where `late` is given it stops once that says so; if it does not, it is `lost`, and nothing more is asked of it.
    """

    def __init__(self, problem: Problem, late: Late | None = None) -> None:
        self.problem, self.late, self.lost = problem, late, False
        self.by_cost = float(largest(problem.costs))
        self.by_row = np.array([float(largest(row)) for row in problem.weights])
        self.parts, self.options = len(problem.starts) - 1, len(problem.costs)
        self.solver: Any = Quiet() if late is None else _heeding(late)
        self.costs = problem.costs / self.by_cost
        self.solver.passModel(self.model())

    def model(self) -> Any:
        """One variable for each option; last, for each row, by how much it is missed, held at zero."""
        model, rows = highspy.HighsLp(), len(self.by_row)
        model.num_col_, model.num_row_ = self.options + rows, self.parts + rows
        model.col_cost_ = np.r_[self.costs, np.zeros(rows)]
        model.col_lower_ = np.zeros(self.options + rows)
        model.col_upper_ = np.r_[np.ones(self.options), np.zeros(rows)]
        limits = self.problem.limits / self.by_row
        model.row_lower_ = np.r_[np.ones(self.parts), np.full(rows, -highspy.kHighsInf)]
        model.row_upper_ = np.r_[np.ones(self.parts), limits]
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        value = np.vstack([np.ones(self.options), self.problem.weights / self.by_row[:, None]]).T
        index = np.broadcast_to(self.parts - 1 + np.arange(rows + 1), value.shape).copy()
        index[:, 0] = owners(self.problem.starts)
        some = value != 0
        begin = np.r_[0, np.cumsum(some.sum(axis=1))]
        model.a_matrix_.start_ = np.r_[begin[:-1], begin[-1] + np.arange(rows + 1)]
        model.a_matrix_.index_ = np.r_[index[some], self.parts + np.arange(rows)]
        model.a_matrix_.value_ = np.r_[value[some], -np.ones(rows)]
        return model

    def allow(self, options: Ints, upper: float) -> None:
        """Bar options (0) or allow them again (1)."""
        if self.lost:
            return
        self.solver.changeColsBounds(len(options), options, np.zeros(len(options)), np.full(len(options), upper))

    def linear(self, seconds: float | None = None) -> Linear | None:
        """The linear relaxation; None where it was not solved."""
        status = self.run(seconds)
        if self.lost:
            return None
        if status == highspy.HighsModelStatus.kOptimal:
            solution = self.solver.getSolution()
            share = np.asarray(solution.col_value[: self.options])
            return Linear(share, self.prices(solution, self.by_cost))
        if status not in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        return self.missed(seconds)

    def missed(self, seconds: float | None) -> Linear | None:
        """By how much rows must be missed at the least, which weighs them."""
        rows = np.arange(self.options, self.options + len(self.by_row))
        every = np.arange(self.options)
        self.solver.changeColsCost(self.options, every, np.zeros(self.options))
        self.solver.changeColsCost(len(rows), rows, np.ones(len(rows)))
        self.solver.changeColsBounds(len(rows), rows, np.zeros(len(rows)), np.full(len(rows), highspy.kHighsInf))
        status = self.run(seconds)
        if self.lost:
            return None
        prices = self.prices(self.solver.getSolution(), 1.0)
        self.solver.changeColsBounds(len(rows), rows, np.zeros(len(rows)), np.zeros(len(rows)))
        self.solver.changeColsCost(len(rows), rows, np.zeros(len(rows)))
        self.solver.changeColsCost(self.options, every, self.costs)
        return Linear(None, prices) if status == highspy.HighsModelStatus.kOptimal else None

    def prices(self, solution: Any, unit: float) -> tuple[Fraction, ...]:
        """Of each row, from its dual value, as fine fractions of one denominator."""
        found = -np.asarray(solution.row_dual[self.parts :]) * unit / self.by_row
        return rational(self.problem, found)

    def integer(self, seconds: float | None, near: float) -> Ints | None:
        """A choice, by HiGHS's word within the rows, and the cheapest or so many minor units near it."""
        every = np.arange(self.options)
        self.solver.changeColsIntegrality(self.options, every, np.full(self.options, highspy.HighsVarType.kInteger))
        self.solver.setOptionValue("mip_rel_gap", 0.0)
        self.solver.setOptionValue("mip_abs_gap", max(near, 0.5) / self.by_cost)
        self.run(seconds)
        solution = None if self.lost else self.solver.getSolution()
        found = np.asarray(solution.col_value[: self.options]) if solution and solution.value_valid else None
        return None if found is None else nearest(self.problem, found)

    def run(self, seconds: float | None) -> Any:
        """Solve; the model status."""
        if self.lost:
            return highspy.HighsModelStatus.kInterrupt
        self.solver.setOptionValue(
            "time_limit", float("inf") if seconds is None else self.solver.getRunTime() + seconds
        )
        if self.late is None:
            self.solver.run()
        elif not ended(self.solver, self.late, _GRACE):
            self.lost = True
            return highspy.HighsModelStatus.kInterrupt
        return self.solver.getModelStatus()


def _heeding(late: Late) -> Silent:
    """The solver in one thread, which stops once it is late."""
    solver = Silent()
    solver.setOptionValue("threads", 1)
    heed(solver, late)
    return solver


def rational(problem: Problem, values: Floats) -> tuple[Fraction, ...]:
    """Prices as fractions of one power of two, none below zero; as fine as leaves their products in int64, or finer."""
    most = float(np.max(values, initial=0.0))
    if not 0 < most < float("inf"):
        return (Fraction(0),) * len(values)
    reach = largest(problem.costs) + sum(
        abs(float(each)) * largest(row) for each, row in zip(values, problem.weights, strict=True)
    )
    bits = max(_BITS - int(np.ceil(np.log2(most))), 0)
    room = 59 - int(np.ceil(np.log2(float(reach))))
    unit = Fraction(1, 2 ** (room if bits - room < _COARSE else bits)) if room > 0 else Fraction(1, 2**bits)
    return tuple(max(round(Fraction(float(each)) / unit), 0) * unit for each in values)


def nearest(problem: Problem, share: Floats) -> Ints:
    """For each part the option of the largest share."""
    sizes = np.diff(problem.starts)
    most = np.maximum.reduceat(share, problem.starts[:-1])
    at = np.flatnonzero(share == np.repeat(most, sizes))
    _, once = np.unique(np.searchsorted(problem.starts, at, side="right"), return_index=True)
    return at[once]
