"""A good plan in seconds: our own rounding of the linear relaxation, repaired by a small program.

1. Price tiers that the relaxation buys almost wholly are bought; the largest of the others is rounded up, a few at a
   time, and the relaxation solved again from where it was, until no tier is bought in part.
2. Each offer that is bought gets its lead: of those that may, who buys most of it. Its buyers are those of most pieces.
3. Pieces are rounded up or down by a program in which little else is left open. Where that is impossible, all pieces
   of the offers that are bought are left open.
"""

from __future__ import annotations

import numpy as np

from jointbuy.plan.columns import Columns, Floats, Ints
from jointbuy.plan.rows import Model
from jointbuy.plan.solve import FOUND, Answer, Program, Stop

_EXACT = 1e-6
_BATCH = 4
"""A part of the tiers bought in part is rounded at a time: one in so many."""
_ROUNDS = 60


def dive(model: Model, costs: Floats, relaxed: Program, first: Answer, stop: Stop) -> Floats | None:
    """A solution near the relaxation `first`, which `relaxed` holds; None where none was found in time."""
    values = _tiers(model.columns, relaxed, first, stop)
    if values is None:
        return None
    fixed = _decided(model.columns, values)
    for widths in ((0, 1), (0, None), (None, None)):
        found = _pieces(model, costs, values, fixed, widths, stop)
        if found is not None or stop.now:
            return found
    return None


def _tiers(of: Columns, relaxed: Program, first: Answer, stop: Stop) -> Floats | None:
    """The relaxation once every tier is bought or not."""
    z = np.arange(of.first["z"], of.first["b"])
    answer = first
    for _ in range(_ROUNDS):
        if answer.end != FOUND or answer.values is None or stop.now:
            return None
        part = answer.values[z]
        open_ = np.flatnonzero((part > _EXACT) & (part < 1 - _EXACT))
        if not len(open_):
            return answer.values
        largest = open_[np.argsort(-part[open_], kind="stable")][: max(1, len(open_) // _BATCH)]
        # Of two tiers of an offer only one may be bought.
        _, own = np.unique(of.z[largest, 0], return_index=True)
        chosen = z[largest[np.sort(own)]]
        relaxed.columns(chosen, np.ones(len(chosen)), np.ones(len(chosen)))
        answer = relaxed.run(stop)
        while answer.end != FOUND and not stop.now:
            # They do not all fit: the smallest of them is not bought, and the others are tried again.
            relaxed.columns(chosen, np.zeros(len(chosen)), np.ones(len(chosen)))
            if len(chosen) == 1:
                relaxed.columns(chosen, np.zeros(1), np.zeros(1))
                answer = relaxed.run(stop)
                break
            chosen = chosen[: len(chosen) // 2]
            relaxed.columns(chosen, np.ones(len(chosen)), np.ones(len(chosen)))
            answer = relaxed.run(stop)
    return None


def _decided(of: Columns, values: Floats) -> tuple[Ints, Floats]:
    """Columns that are fixed after the tiers: the tiers, who leads, and the columns of limits."""
    z = np.arange(of.first["z"], of.first["b"])
    fixed, at = [z], [np.rint(values[z])]
    bought = np.zeros(len(of.plan.offers))
    np.maximum.at(bought, of.z[:, 0], np.rint(values[z]))
    pieces = np.bincount(of.x_pair, weights=values[: of.first["z"]], minlength=len(of.pairs))
    if len(of.l):
        lead = np.zeros(len(of.l))
        order = np.lexsort((-pieces[of.l], -values[of.first["l"] : of.first["d"]], of.pairs[of.l, 1]))
        offers = of.pairs[of.l[order], 1]
        chosen = order[np.append(True, offers[1:] != offers[:-1])]
        lead[chosen] = bought[of.pairs[of.l[chosen], 1]]
        fixed.append(np.arange(of.first["l"], of.first["d"]))
        at.append(lead)
    return np.concatenate(fixed), np.concatenate(at)


def _pieces(
    model: Model,
    costs: Floats,
    values: Floats,
    fixed: tuple[Ints, Floats],
    widths: tuple[int | None, int | None],
    stop: Stop,
) -> Floats | None:
    """Whole pieces beside what is fixed; `widths` is how far they, and who leads, may move (None: freely)."""
    of = model.columns
    program = Program(model.arrays(costs), whole=True)
    which, at = fixed
    if widths[0] is None:
        keep = which < of.first["b"]
        which, at = which[keep], at[keep]
    program.columns(which, at, at)
    x = np.arange(of.first["z"])
    if widths[1] is not None:
        least, most = np.floor(values[x] + _EXACT), np.ceil(values[x] - _EXACT)
        program.columns(x, least, np.minimum(most, of.upper[x]))
    answer = program.run(stop, gap=0.001)
    return answer.values
