"""The search: a good plan in seconds, then better ones and better bounds until the gap asked for, or until stopped.

A small plan goes to the solver as it is. A large one: the linear relaxation; then side by side our rounding of it
(`dive`) and the bounds of its capabilities (`blocks`); then a plan that buys the tiers that those would buy, then what
lies between it and the best, a few capabilities at a time; at last the solver on the whole, from the best so far.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from jointbuy.plan.blocks import Bounds, Split, split
from jointbuy.plan.columns import Floats
from jointbuy.plan.dive import around, dive
from jointbuy.plan.rows import Model
from jointbuy.plan.solve import FOUND, NONE, STOPPED, Program, Stop

LARGE = 4_000
"""Columns from which on a plan is large."""
_HOOD, _HOODS, _SECONDS = 6, 8, 8.0
_WIDTHS = (3, 6, None)
Told = Callable[[float, float], None]


@dataclass
class Best:
    """The best so far, of several threads; `told` gets objective and bound whenever one of them is better."""

    told: Told
    gap: float
    values: Floats | None = None
    objective: float = float("inf")
    bound: float = -float("inf")
    lock: threading.Lock = field(default_factory=threading.Lock)

    def solution(self, values: Floats, objective: float) -> None:
        """A solution was found."""
        with self.lock:
            if objective < self.objective:
                self.values, self.objective = values, objective
                self.told(self.objective, self.bound)

    def proved(self, bound: float) -> None:
        """A bound was proved."""
        with self.lock:
            if bound > self.bound:
                self.bound = min(bound, self.objective)
                self.told(self.objective, self.bound)

    @property
    def enough(self) -> bool:
        """Whether the gap asked for is reached."""
        return self.values is not None and self.objective - self.bound <= self.gap * abs(self.objective) + 1e-9


@dataclass(frozen=True, slots=True)
class Found:
    """How a search ended ("found" within the gap, "none" possible, "stopped"), its best solution and bound."""

    end: str
    values: Floats | None
    objective: float
    bound: float
    duals: Floats | None = None


def search(model: Model, costs: Floats, stop: Stop, gap: float, told: Told, start: Floats | None = None) -> Found:
    """The least costs of a model to a gap, from a solution if there is one."""
    best = Best(told, gap)
    if start is not None and _fits(model, start):
        best.solution(start, float(costs @ start))
    if model.columns.first["end"] >= LARGE:
        if not _large(model, costs, stop, best):
            return Found(NONE, None, float("inf"), float("inf"))
        if best.enough or stop.now:
            return Found(FOUND if best.enough else STOPPED, best.values, best.objective, best.bound)
    end = _whole(model, costs, stop, best)
    return Found(end, best.values, best.objective, best.bound)


def _fits(model: Model, values: Floats) -> bool:
    """Whether a solution of another question is one of this, to the solver's tolerance."""
    starts, index, value = model.matrix
    rows = np.repeat(np.arange(len(model.lower)), np.diff(starts))
    left = np.bincount(rows, weights=value * values[index], minlength=len(model.lower))
    slack = 1e-6
    return bool(np.all(left >= model.lower - slack) and np.all(left <= model.upper + slack))


def _whole(model: Model, costs: Floats, stop: Stop, best: Best) -> str:
    """The solver on the whole, from the best so far."""
    program = Program(model.arrays(costs), whole=True)
    if best.values is not None:
        program.start(best.values)

    def seen(values: Floats, bound: float) -> None:
        best.solution(values, float(costs @ values))
        best.proved(bound)

    answer = program.run(stop, gap=best.gap, seen=seen, told=best.proved)
    if answer.values is not None:
        best.solution(answer.values, float(costs @ answer.values))
    if answer.end != NONE:
        best.proved(answer.bound)
    return FOUND if best.enough and answer.end != NONE else answer.end


def _large(model: Model, costs: Floats, stop: Stop, best: Best) -> bool:
    """Everything before the solver on the whole; whether the plan is possible as far as is known."""
    relaxed = Program(model.arrays(costs), whole=False)
    first = relaxed.run(stop, method="simplex")
    if first.end == NONE:
        return False
    if first.end != FOUND or first.values is None or first.duals is None:
        return True
    best.proved(first.bound)
    part = split(model, costs, first.duals)
    bounds, pattern = Bounds(part, first.values), np.array(first.values)
    with ThreadPoolExecutor(1) as beside:
        proving = beside.submit(_prove, bounds, pattern, stop, best)
        if best.values is None:
            found = dive(model, costs, relaxed, first, stop)
            if found is not None:
                best.solution(found, float(costs @ found))
        _prove(bounds, pattern, stop, best)
        proving.result()
    for found in _improved(model, costs, pattern, part, stop, best):
        if found is not None:
            best.solution(found, float(costs @ found))
        if best.enough or stop.now:
            break
    return True


def _prove(bounds: Bounds, pattern: Floats, stop: Stop, best: Best) -> None:
    """Bounds of the blocks that are left; `pattern` becomes their solutions."""
    for bound, block, values in bounds.prove(stop, _SECONDS):
        best.proved(bound)
        if values is not None:
            pattern[block.columns] = values
        if best.enough:
            return


def _improved(
    model: Model, costs: Floats, pattern: Floats, part: Split, stop: Stop, best: Best
) -> Iterator[Floats | None]:
    """Better plans: as the blocks would have it, then what lies between that and the best, a few blocks at a time."""
    of, gap = model.columns, best.gap / 4
    z = np.arange(of.first["z"], of.first["b"])
    for width in _WIDTHS:
        found = around(model, costs, (pattern, pattern), z, width, stop.within(_SECONDS), gap)
        yield found
        if found is not None:
            break
    random = np.random.default_rng(0)
    for _ in range(_HOODS if best.values is not None else 0):
        now = best.values
        assert now is not None  # noqa: S101
        free = np.zeros(of.first["end"], dtype=bool)
        for b in random.choice(len(part.blocks), min(_HOOD, len(part.blocks)), replace=False):
            free[part.blocks[b].columns] = True
        other = np.where(free, pattern, now)
        same = z[np.rint(other[z]) == np.rint(now[z])]
        yield around(model, costs, (now, other), same, _WIDTHS[0], stop.within(_SECONDS), gap, now)
