"""One option for each part, as cheap as can be, within the limits of several rows.

Prices of the rows' weights come from linear programs of the parts that hesitate at the prices before (sifting): they
bound the cost. An integer program of the parts that hesitate most, the others held, gives a choice. Options that bound
and choice rule out are barred, and what is left, the core, is searched by branch and bound.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from jointbuy.fix.lagrange import HALF, Enough, Found, Relaxed, meets, missed, mixed, relaxed, total
from jointbuy.fix.problem import Problem
from jointbuy.fix.solve_highs import Model
from jointbuy.fix.solve_tree import Tree

if TYPE_CHECKING:
    from jointbuy.fix.problem import Ints

_SIFTED = 2_000
"""Parts of which a linear program is solved at once."""
_SIFTS = 12
_TRIED = 60
"""Parts of which an integer program is solved for a first choice."""
_SECONDS = 3.0
"""What it may take."""
_AGAIN = 3
_TINY = 1e-10
_SEARCHED = 200_000
"""Options of a core that branch and bound is let loose on."""


@dataclass(frozen=True, slots=True)
class _Core:
    """Some parts with some of their options, by place among all; the others hold to a choice, which costs so much."""

    problem: Problem
    options: Ints
    parts: Ints
    held: Ints
    cost: int

    def whole(self, chosen: Ints) -> Ints:
        """A choice of these parts with what the others hold to."""
        every = self.held.copy()
        every[self.parts] = self.options[chosen]
        return every


def cheapest(problem: Problem, enough: Enough, gap: Fraction, until: float | None) -> Found:
    """The cheapest choice, or the best one when it was enough or time was up."""
    prices, none = _priced(problem, until)
    if none:
        return Found(None, None, prices)
    proven = relaxed(problem, prices)
    chosen = _tried(problem, proven, gap, until)
    cost = None if chosen is None else total(problem.costs[chosen])
    if (cost is not None and proven.bound >= cost) or enough(cost, proven.bound):
        return Found(chosen, proven.bound, prices)
    options = np.flatnonzero(proven.reduced < (HALF if cost is None else proven.over(cost)))
    if len(options) > _SEARCHED:
        return Found(chosen, proven.bound, prices)
    core = _hold(problem, proven.base, options)

    def enough_with(cost: int | None, bound: int) -> bool:
        return enough(None if cost is None else cost + core.cost, bound + core.cost)

    found = Tree(core.problem, prices, None if cost is None else cost - core.cost).found(enough_with)
    if found.chosen is not None:
        chosen = core.whole(found.chosen)
    proof = tuple(int(core.options[each]) if isinstance(each, int) else each for each in found.proof)
    return Found(chosen, None if found.bound is None else found.bound + core.cost, prices, proof)


def _hold(problem: Problem, base: Ints, options: Ints) -> _Core:
    """A problem of the parts that have several of some options; the others hold to their base."""
    whose = np.searchsorted(problem.starts, options, side="right") - 1
    counts = np.bincount(whose, minlength=len(base))
    parts = np.flatnonzero(counts > 1)
    options = options[counts[whose] > 1]
    others = np.delete(base, parts)
    held = [total(row[others]) for row in problem.weights]
    mine = Problem(
        np.r_[0, np.cumsum(counts[parts])],
        problem.costs[options],
        problem.weights[:, options],
        problem.limits - np.array(held, dtype=np.int64),
        problem.names,
    )
    return _Core(mine, options, parts, base, total(problem.costs[others]))


def _nearest(problem: Problem, proven: Relaxed, count: int) -> _Core:
    """The parts that hesitate most at some prices."""
    reduced = proven.reduced.copy()
    reduced[proven.base] = HALF
    near = np.minimum.reduceat(reduced, problem.starts[:-1])
    flags = np.ones(len(near), dtype=bool)
    if count < len(near):
        flags[np.argpartition(near, count)[count:]] = False
    return _hold(problem, proven.base, np.flatnonzero(np.repeat(flags, np.diff(problem.starts))))


def _priced(problem: Problem, until: float | None) -> tuple[tuple[Fraction, ...], bool]:
    """Prices that prove nearly as much as any can; or weights of the rows by which their sum is beyond its limit."""
    parts, count = len(problem.starts) - 1, _SIFTED
    prices = _sampled(problem, until) if parts > count else (Fraction(0),) * len(problem.limits)
    best = proven = relaxed(problem, prices)
    for _ in range(_SIFTS):
        core = _nearest(problem, proven, count)
        linear = Model(core.problem).linear(left(until)) if core.parts.size else None
        if linear is None:
            break
        if linear.share is None:
            if missed(problem, linear.prices):
                return linear.prices, True
            if count >= parts:
                break
            count *= 4
            continue
        proven = relaxed(problem, linear.prices)
        better = proven.least / proven.scale - best.least / best.scale
        if better > 0:
            best, prices = proven, linear.prices
        reached = float(linear.share @ core.problem.costs) + core.cost
        if count >= parts or reached - proven.least / proven.scale < 0.5 + _TINY * abs(reached):
            break
        count *= 1 if better > 0 else 2
    return prices, False


def _sampled(problem: Problem, until: float | None) -> tuple[Fraction, ...]:
    """Prices of a part of the problem that is like the whole."""
    parts = len(problem.starts) - 1
    some = np.flatnonzero(np.repeat(np.isin(np.arange(parts), mixed(parts)[:_SIFTED]), np.diff(problem.starts)))
    sizes = np.diff(problem.starts)[np.sort(mixed(parts)[:_SIFTED])]
    limits = np.array([int(each) * _SIFTED // parts for each in problem.limits])
    sample = Problem(np.r_[0, np.cumsum(sizes)], problem.costs[some], problem.weights[:, some], limits, problem.names)
    linear = Model(sample).linear(left(until))
    if linear is None or linear.share is None:
        return (Fraction(0),) * len(limits)
    return linear.prices


def _tried(problem: Problem, proven: Relaxed, gap: Fraction, until: float | None) -> Ints | None:
    """A choice that meets the rows, as cheap as parts that hesitate can make it."""
    count = _TRIED
    while True:
        core = _nearest(problem, proven, count)
        chosen = _integer(core, gap * abs(proven.bound), min(_SECONDS, left(until) or _SECONDS))
        if chosen is not None or count >= len(proven.base):
            return chosen
        count *= 8


def _integer(core: _Core, near: Fraction, seconds: float) -> Ints | None:
    """A choice by integer programming. HiGHS keeps rows only nearly: what breaks one is tried again with less room."""
    mine = core.problem
    for _ in range(_AGAIN):
        chosen = Model(mine).integer(seconds, float(near)) if core.parts.size else None
        if chosen is None or meets(core.problem, chosen):
            return None if chosen is None else core.whole(chosen)
        over = [total(row[chosen]) - int(limit) for row, limit in zip(mine.weights, mine.limits, strict=True)]
        mine = replace(mine, limits=mine.limits - np.maximum(np.array(over), 0))
    return None


def left(until: float | None) -> float | None:
    """Seconds left."""
    return None if until is None else max(0.0, until - time.monotonic())
