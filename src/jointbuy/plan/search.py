"""The search: a good plan in seconds, then better ones and better bounds until the gap asked for, or until stopped.

A small plan goes to the solver as it is. A large one: the linear relaxation; then side by side our rounding of it
(`dive`) and the bounds of its capabilities (`blocks`); then a plan that buys the tiers that those would buy, and one
put together from what they would buy under several multipliers (`master`); at last a few capabilities at a time for the
plan (`hoods`), on two processors until the solver on the whole takes one of them: of a large plan it proves little in
its first minutes. Capabilities that were not proved are tried longer before that. Where a plan is known from another
question, neighbourhoods of it are searched while the relaxation is solved.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from jointbuy.plan.blocks import Bounds, split, ties
from jointbuy.plan.columns import Floats
from jointbuy.plan.dive import around, dive
from jointbuy.plan.hoods import Hoods
from jointbuy.plan.master import Master
from jointbuy.plan.rows import Model
from jointbuy.plan.solve import FOUND, NONE, STOPPED, Basis, Program, Stop

LARGE = 4_000
"""Columns from which on a plan is large."""
_SECONDS, _LONGER, _BOTH = 8.0, 30.0, 30.0
_WIDTHS = (3, 6, None)
Told = Callable[[float, float], None]


@dataclass
class Best:
    """The best so far, of several threads; `told` gets objective and bound whenever one of them is better.

    `duals` of the rows and the `basis` are of the linear relaxation.
    """

    told: Told
    gap: float
    values: Floats | None = None
    objective: float = float("inf")
    bound: float = -float("inf")
    duals: Floats | None = None
    basis: Basis | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> tuple[Floats | None, float]:
        """The best solution and its objective."""
        with self.lock:
            return self.values, self.objective

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
        size = abs(self.objective)
        return self.values is not None and self.objective - self.bound <= self.gap * size + max(1e-9, 1e-12 * size)


@dataclass(frozen=True, slots=True)
class Found:
    """How a search ended ("found" within the gap, "none" possible, "stopped"), its best solution and bound.

    `duals` of the rows and the `basis` are of the linear relaxation of a large plan, if it was solved.
    """

    end: str
    values: Floats | None
    objective: float
    bound: float
    duals: Floats | None = None
    basis: Basis | None = None


def search(
    model: Model,
    costs: Floats,
    stop: Stop,
    gap: float,
    told: Told,
    start: Floats | None = None,
    basis: Basis | None = None,
) -> Found:
    """The least costs of a model to a gap, from a solution, and the relaxation from a basis, if there are any."""
    best = Best(told, gap)
    if start is not None and _fits(model, start):
        best.solution(start, float(costs @ start))
    if model.columns.first["end"] < LARGE:
        end = _whole(model, costs, stop, best)
    else:
        end = _large(model, costs, stop, best, basis)
    if end == NONE:
        return Found(NONE, None, float("inf"), float("inf"))
    return Found(end, best.values, best.objective, best.bound, best.duals, best.basis)


def _fits(model: Model, values: Floats) -> bool:
    """Whether a solution of another question is one of this, to the solver's tolerance."""
    starts, index, value = model.matrix
    rows = np.repeat(np.arange(len(model.lower)), np.diff(starts))
    left = np.bincount(rows, weights=value * values[index], minlength=len(model.lower))
    slack = 1e-6
    return bool(np.all(left >= model.lower - slack) and np.all(left <= model.upper + slack))


def _whole(model: Model, costs: Floats, stop: Stop, best: Best) -> str:
    """The solver on the whole, from the best so far."""
    program = Program(model.arrays(costs), whole=True, exact=len(costs) < LARGE)
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


def _large(model: Model, costs: Floats, stop: Stop, best: Best, basis: Basis | None) -> str:
    """A plan too large for the solver alone."""
    relaxed, tied = Program(model.arrays(costs), whole=False), ties(model)
    if basis is not None:
        relaxed.warm(basis)
    hoods, master = Hoods(model, costs, tied.block, seed=0), Master(model, costs, tied)
    with ThreadPoolExecutor(1) as beside:
        solving = beside.submit(relaxed.run, stop, method="simplex")
        hoods.better(best.now, best.solution, stop.once(solving.done), best.gap / 4)
        first = solving.result()
        if first.end == NONE:
            return NONE
        if first.values is None or first.duals is None:
            return STOPPED
        best.duals, best.basis = first.duals, relaxed.basis
        best.proved(first.bound)
        bounds = Bounds(split(model, costs, tied, first.duals), first.values)
        proving = beside.submit(_prove, bounds, master, stop, best, _SECONDS)
        if best.values is None:
            found = dive(model, costs, relaxed, first, stop)
            if found is not None:
                best.solution(found, float(costs @ found))
        _prove(bounds, master, stop, best, _SECONDS)
        proving.result()
        enough = stop.once(lambda: best.enough)
        trying = beside.submit(_as_blocks, master.first(), model, costs, enough, best)
        _together(master, hoods, bounds, first.duals, enough, best, beside)
        trying.result()
        ended = threading.Event()
        stopped = enough.once(ended.is_set)
        better = beside.submit(hoods.better, best.now, best.solution, stopped, best.gap / 4, bounds.above)
        if bounds.again():
            _prove(bounds, master, enough, best, _LONGER)
        more = Hoods(model, costs, tied.block, seed=1)
        more.better(best.now, best.solution, enough.within(_BOTH), best.gap / 4, bounds.above)
        end = FOUND if best.enough else STOPPED if stop.now else _whole(model, costs, enough, best)
        ended.set()
        better.result()
    return FOUND if best.enough and end != NONE else end


def _prove(bounds: Bounds, master: Master, stop: Stop, best: Best, seconds: float) -> None:
    """Bounds of the blocks that are left, within some seconds each; `master` keeps their solutions."""
    for bound, place, values in bounds.prove(stop, seconds):
        best.proved(bound)
        if values is not None:
            master.keep(place, values)
        if best.enough:
            return


def _as_blocks(alone: Floats, model: Model, costs: Floats, stop: Stop, best: Best) -> None:
    """A plan that buys the tiers that the blocks alone would buy, with pieces not far from theirs."""
    z = np.arange(model.columns.first["z"], model.columns.first["b"])
    for width in _WIDTHS:
        if best.enough or stop.now:
            return
        found = around(model, costs, alone, z, width, stop.within(_SECONDS), best.gap / 4, threads=1)
        if found is not None:
            best.solution(found, float(costs @ found))
            return


def _together(
    master: Master, hoods: Hoods, bounds: Bounds, duals: Floats, stop: Stop, best: Best, beside: ThreadPoolExecutor
) -> None:
    """A plan put together from what capabilities do by themselves, also under other multipliers."""
    if best.values is not None:
        master.add(best.values)
    given = master.multipliers(duals, stop)
    if given is None or stop.now:
        return
    more = Bounds(split(master.model, master.costs, master.ties, given))
    proving = beside.submit(_prove, more, master, stop, best, _SECONDS)
    _prove(more, master, stop, best, _SECONDS)
    proving.result()
    found = beside.submit(master.together, best.values, stop.within(_SECONDS), best.gap / 4)
    hoods.better(best.now, best.solution, stop.once(found.done), best.gap / 4, bounds.above)
    if (plan := found.result()) is not None:
        best.solution(plan, float(master.costs @ plan))
