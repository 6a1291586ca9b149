"""A part of a problem: some parts with some of their options, while the others hold to a choice."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from jointbuy.fix.lagrange import Relaxed, owners, total
from jointbuy.fix.problem import Problem

if TYPE_CHECKING:
    from jointbuy.fix.problem import Ints


@dataclass(frozen=True, slots=True)
class Core:
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


def hold(problem: Problem, base: Ints, options: Ints) -> Core:
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
    return Core(mine, options, parts, base, total(problem.costs[others]))


def nearest(problem: Problem, proven: Relaxed, prices: tuple[Fraction, ...], count: int) -> Core:
    """The parts that change their option first, when prices do: least beyond for what they are worth."""
    whose = owners(problem.starts)
    moved = np.ones(len(whose))
    for price, row in zip(prices, problem.weights, strict=True):
        moved += float(price * proven.scale) * np.abs(row - row[proven.base][whose])
    beyond = proven.reduced / moved
    beyond[proven.base] = np.inf
    near = np.minimum.reduceat(beyond, problem.starts[:-1])
    flags = np.ones(len(near), dtype=bool)
    if count < len(near):
        flags[np.argpartition(near, count)[count:]] = False
    return hold(problem, proven.base, np.flatnonzero(flags[whose]))
