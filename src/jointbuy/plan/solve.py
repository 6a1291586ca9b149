"""HiGHS, for joint plans: the only place of this room that calls it. Its model status is read, not its return code."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np

from jointbuy.plan.columns import Floats, Ints
from jointbuy.plan.rows import Arrays
from jointbuy.solver import Silent, ended, heed

FOUND, NONE, STOPPED = "found", "none", "stopped"
_END = {
    highspy.HighsModelStatus.kOptimal: FOUND,
    highspy.HighsModelStatus.kInfeasible: NONE,
}
_DUAL, _PRIMAL = 1, 4
_EXACT = {
    **dict.fromkeys(("primal_feasibility_tolerance", "mip_feasibility_tolerance", "mip_abs_gap"), 1e-9),
    "small_matrix_value": 1e-12,
}
"""Far below a cent, which is a millionth of a unit of money at the least (`columns.unit`)."""
Seen = Callable[[Floats, float], None]


def _never() -> bool:
    return False


@dataclass
class Stop:
    """When to stop: at a time of `time.monotonic`, when somebody sets the event, or once `done` says so."""

    at: float = float("inf")
    asked: threading.Event = field(default_factory=threading.Event)
    done: Callable[[], bool] = _never

    @property
    def now(self) -> bool:
        """Whether to stop at once."""
        return self.asked.is_set() or time.monotonic() >= self.at or self.done()

    @property
    def left(self) -> float:
        """Seconds until then."""
        return max(0.0, self.at - time.monotonic())

    def within(self, seconds: float) -> Stop:
        """The same, but so many seconds from now at the latest."""
        return Stop(min(self.at, time.monotonic() + seconds), self.asked, self.done)

    def once(self, done: Callable[[], bool]) -> Stop:
        """The same, and once `done` says so."""
        return Stop(self.at, self.asked, lambda: self.done() or done())


@dataclass(frozen=True)
class Answer:
    """How a call ended ("found", "none" or "stopped"), and what it found.

    Attributes:
        values: of every column; None where nothing was found.
        duals: of every row, for a linear program; None otherwise.
        reduced: of every column, likewise.
        bound: no solution has a lower objective; -inf where nothing is known.
    """

    end: str
    values: Floats | None
    objective: float
    bound: float
    duals: Floats | None = None
    reduced: Floats | None = None


@dataclass(frozen=True)
class Basis:
    """What is basic among the columns and rows of a linear program.

    `primal` where another program begins from it whose costs are others, so that the end of the first keeps its rows;
    otherwise its costs are the same and its last rows are new.
    """

    columns: list[Any]
    rows: list[Any]
    primal: bool = False


class Program:
    """A program held by the solver: bounds and costs may be changed between calls, and it goes on from where it was.

    Where it is `exact`, a cent decides: by the solver's own tolerances a row may be missed by one, or by many where
    pieces are dear, which takes a large program half as long.
    """

    def __init__(self, given: Arrays, *, whole: bool, threads: int = 2, exact: bool = False) -> None:
        self.whole, self.lost, self.strategy = whole, False, _DUAL
        # Of a program without columns the solver only says that it is empty, whatever its rows ask.
        empty = bool(np.all(given.lower <= 0) and np.all(given.upper >= 0))
        self.empty = None if len(given.costs) else FOUND if empty else NONE
        self.highs = Silent()
        for name, value in {"threads": threads, "random_seed": 0, **(_EXACT if exact else {})}.items():
            self.highs.setOptionValue(name, value)
        self.size = len(given.costs)
        integer = given.integer if whole else np.zeros(self.size, dtype=bool)
        self.highs.passModel(
            self.size,
            len(given.lower),
            len(given.index),
            int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            given.costs,
            np.zeros(self.size),
            given.most,
            given.lower,
            given.upper,
            given.starts.astype(np.int32),
            given.index.astype(np.int32),
            given.value,
            integer.astype(np.int32),
        )

    def columns(self, which: Ints, lower: Floats, upper: Floats) -> None:
        """Other bounds of some columns (places)."""
        if len(which):
            places = which.astype(np.int32)
            self.highs.changeColsBounds(len(which), places, lower.astype(np.float64), upper.astype(np.float64))

    def rows(self, which: Ints, lower: Floats, upper: Floats) -> None:
        """Other bounds of some rows (places)."""
        if len(which):
            places = which.astype(np.int32)
            self.highs.changeRowsBounds(len(which), places, lower.astype(np.float64), upper.astype(np.float64))

    def slack(self, row: int, sign: float, cost: float) -> None:
        """One more column, which fills what a row lacks at a cost."""
        self.highs.addCol(cost, 0.0, highspy.kHighsInf, 1, np.array([row], dtype=np.int32), np.array([sign]))

    @property
    def basis(self) -> Basis:
        """Where a linear program ended."""
        found = self.highs.getBasis()
        return Basis(list(found.col_status), list(found.row_status))

    def warm(self, basis: Basis) -> None:
        """Begin where a program with the same columns and first rows ended."""
        more = self.highs.getNumRow() - len(basis.rows)
        given = highspy.HighsBasis()
        given.col_status = basis.columns
        given.row_status = [*basis.rows, *[highspy.HighsBasisStatus.kBasic] * more]
        given.valid = True
        self.highs.setBasis(given)
        self.strategy = _PRIMAL if basis.primal else _DUAL

    def start(self, values: Floats) -> None:
        """A solution to begin with."""
        self.highs.setSolution(len(values), np.arange(len(values), dtype=np.int32), values)

    def run(
        self, stop: Stop, *, gap: float = 0.0, method: str = "choose", seen: Seen | None = None, told: Any = None
    ) -> Answer:
        """Solve until `gap` or until it is to stop. `seen` gets every better solution, `told` (bound) how far it is."""
        if self.empty is not None:
            return Answer(self.empty, np.zeros(0), 0.0, 0.0, None, None)
        if self.lost:
            return Answer(STOPPED, None, float("inf"), -float("inf"))
        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + min(stop.left, 1e6))
        self.highs.setOptionValue("mip_rel_gap", gap)
        self.highs.setOptionValue("solver", method)
        self.highs.setOptionValue("simplex_strategy", self.strategy)
        self.strategy = _DUAL
        _listen(self.highs, stop, seen, told)
        if not ended(self.highs, lambda: stop.now):
            self.lost = True  # what it found on the way is with `seen`
            return Answer(STOPPED, None, float("inf"), -float("inf"))
        self.highs.clearCallbacks()
        return self._answer()

    def _answer(self) -> Answer:
        status = self.highs.getModelStatus()
        info, solution = self.highs.getInfo(), self.highs.getSolution()
        end = _END.get(status, STOPPED)
        integer = self.whole
        known = end == FOUND or (
            integer and info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
        )
        values = np.array(solution.col_value) if known else None
        objective = info.objective_function_value if known else float("inf")
        bound = info.mip_dual_bound if integer else objective if end == FOUND else -float("inf")
        if integer or values is None:
            return Answer(end, values, objective, bound)
        return Answer(end, values, objective, bound, np.array(solution.row_dual), np.array(solution.col_dual))


def _listen(highs: Any, stop: Stop, seen: Seen | None, told: Any) -> None:
    """Stop when it is time, and hand on what is found on the way."""

    def found(event: Any) -> None:
        if seen is not None:
            seen(np.array(event.data_out.mip_solution), float(event.data_out.mip_dual_bound))

    def far(event: Any) -> None:
        if told is not None:
            told(float(event.data_out.mip_dual_bound))

    heed(highs, lambda: stop.now)
    highs.cbMipImprovingSolution += found
    highs.cbMipLogging += far
