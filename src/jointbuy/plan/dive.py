"""A good plan in seconds: our own rounding of the linear relaxation, repaired by a small program.

1. Price tiers that the relaxation buys almost wholly are bought; the largest of the others are rounded up, half of
   them at a time, and the relaxation solved again from where it was, until no tier is bought in part.
2. So is who leads each offer, all of them at a time.
3. Pieces are made whole by two programs side by side, of which the first to find a plan ends the other: one may move
   each of them a little, the other leaves all pieces of the offers that are bought open. Which of the two is the
   quicker, by ten times at that, cannot be told before. Where neither finds any, who leads is left open, too.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from jointbuy.plan.columns import Floats, Ints
from jointbuy.plan.rows import Model
from jointbuy.plan.solve import FOUND, NONE, Answer, Program, Stop

_EXACT = 1e-6
_TIERS, _LEADS = 2, 1
"""A part of what is bought, or led, in part is rounded at a time: one in so many."""
_ROUNDS = 60
_NEAR, _NEAR_GAP = 2, 0.005


def dive(model: Model, costs: Floats, relaxed: Program, first: Answer, stop: Stop) -> Floats | None:
    """A solution near the relaxation `first`, which `relaxed` holds; None where none was found in time."""
    of = model.columns
    z, leads = np.arange(of.first["z"], of.first["b"]), np.arange(of.first["l"], of.first["d"])
    answer = _rounded_up(relaxed, first, z, of.z[:, 0], _TIERS, stop)
    if answer is not None:
        answer = _rounded_up(relaxed, answer, leads, of.pairs[of.leads, 1], _LEADS, stop) or answer
    if answer is None or answer.values is None:
        return None
    found = _race(model, costs, answer.values, np.concatenate([z, leads]), stop)
    return around(model, costs, answer.values, z, None, stop, _NEAR_GAP) if found is None and not stop.now else found


def _rounded_up(relaxed: Program, first: Answer, columns: Ints, offers: Ints, batch: int, stop: Stop) -> Answer | None:
    """The relaxation once every one of the columns is 0 or 1; one of an offer is rounded up at a time."""
    answer = first
    for _ in range(_ROUNDS):
        if answer.end != FOUND or answer.values is None or stop.now:
            return None
        part = answer.values[columns]
        open_ = np.flatnonzero((part > _EXACT) & (part < 1 - _EXACT))
        if not len(open_):
            return answer
        largest = open_[np.argsort(-part[open_], kind="stable")]
        # Of several of an offer only one may be 1.
        own = np.sort(np.unique(offers[largest], return_index=True)[1])
        chosen = columns[largest[own][: max(1, len(own) // batch)]]
        answer = _fixed(relaxed, chosen, stop)
    return None


def _fixed(relaxed: Program, chosen: Ints, stop: Stop) -> Answer:
    """The relaxation with some columns at 1; where they do not all fit, with the first half of them, or one at 0."""
    while True:
        relaxed.columns(chosen, np.ones(len(chosen)), np.ones(len(chosen)))
        answer = relaxed.run(stop)
        if answer.end != NONE or stop.now:
            return answer
        relaxed.columns(chosen, np.zeros(len(chosen)), np.ones(len(chosen)))
        if len(chosen) == 1:
            relaxed.columns(chosen, np.zeros(1), np.zeros(1))
            return relaxed.run(stop)
        chosen = chosen[: len(chosen) // 2]


def _race(model: Model, costs: Floats, near: Floats, fixed: Ints, stop: Stop) -> Floats | None:
    """Whole pieces where tiers and leads are as in the relaxation: near its own or free, whatever is found first."""
    won = threading.Event()

    def run(width: int | None) -> Floats | None:
        found = around(model, costs, near, fixed, width, stop.once(won.is_set), _NEAR_GAP, threads=1)
        if found is not None:
            won.set()
        return found

    with ThreadPoolExecutor(2) as pool:
        return next((each for each in pool.map(run, (_NEAR, None)) if each is not None), None)


def around(
    model: Model,
    costs: Floats,
    near: Floats,
    fixed: Ints,
    width: int | None,
    stop: Stop,
    gap: float,
    *,
    threads: int = 2,
) -> Floats | None:
    """The best with `fixed` columns as in `near`, and pieces at most `width` away from it (None: free)."""
    of = model.columns
    program = Program(model.arrays(costs), whole=True, threads=threads)
    at = np.rint(near[fixed])
    program.columns(fixed, at, at)
    if width is not None:
        x = np.arange(of.first["z"])
        least, most = np.floor(near[x] + _EXACT) - width, np.ceil(near[x] - _EXACT) + width
        program.columns(x, np.maximum(least, 0), np.minimum(most, of.upper[x]))
    return program.run(stop, gap=gap).values
