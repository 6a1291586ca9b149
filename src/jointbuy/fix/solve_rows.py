"""One option for each part, as cheap as can be, within the limits of several rows.

Prices of the rows' weights bound the cost. An integer program of the parts that change first when prices do, the others
held, gives a choice. Options that bound and choice rule out are barred; branch and bound searches what is left.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from jointbuy.fix import knapsack
from jointbuy.fix.core import Core, hold, nearest
from jointbuy.fix.exchange import exchanged
from jointbuy.fix.lagrange import HALF, Enough, Found, counted, meets, relaxed, total
from jointbuy.fix.problem import Problem
from jointbuy.fix.solve_highs import Model
from jointbuy.fix.solve_prices import priced
from jointbuy.fix.solve_tree import Tree

if TYPE_CHECKING:
    from jointbuy.fix.problem import Ints

_TRIED = (60, 300, 2_000)
"""Parts of which integer programs are solved for a first choice."""
_SECONDS = 1.5
"""What it may take."""
_AGAIN = 3
_NODES = 10_000
"""Divisions that are tried after an enumeration."""
_SEARCHED = 200_000
"""Options of a core that branch and bound is let loose on."""


def cheapest(problem: Problem, enough: Enough, gap: Fraction, left: Callable[[], float]) -> Found:
    """The cheapest choice, or the best one when it was enough or time was up."""
    prices, none = priced(problem, lambda: left() <= 0)
    if none:
        return Found(None, None, prices)
    proven = relaxed(problem, prices)
    alone = [row for row, price in enumerate(prices) if price]
    if len(alone) == 1:
        one = replace(problem, weights=problem.weights[alone], limits=problem.limits[alone])
        found = knapsack.cheapest(one, lambda cost, bound: left() <= 0 or (cost or 0) - bound <= gap * abs(cost or 0))
        if found.chosen is not None and meets(problem, found.chosen):
            least, found = total(problem.costs[found.chosen]), found.among(alone, len(prices))
            done = found.bound is not None and (found.bound >= least or enough(least, found.bound))
            return found if done else divided(counted(problem, found.counts), found, enough)
    chosen, cost = None, None
    for count in _TRIED:
        core = nearest(problem, proven, prices, count)
        tried = _integer(core, gap * abs(proven.bound), min(_SECONDS, left()))
        if tried is not None:
            tried = exchanged(problem, proven, tried, lambda: left() <= 0)
        if tried is not None and (cost is None or total(problem.costs[tried]) < cost):
            chosen, cost = tried, total(problem.costs[tried])
        if (cost is not None and proven.bound >= cost) or enough(cost, proven.bound):
            return Found(chosen, proven.bound, prices)
        if count >= len(proven.base):
            break
    options = np.flatnonzero(proven.reduced < (HALF if cost is None else proven.over(cost)))
    return _searched(hold(problem, proven.base, options), Found(chosen, proven.bound, prices), cost, enough)


def divided(problem: Problem, known: Found, enough: Enough) -> Found:
    """What branch and bound adds to a choice and a bound that enumeration could not bring together."""
    proven, nodes = relaxed(problem, known.prices), itertools.count()
    cost = total(problem.costs[np.asarray(known.chosen)])
    core = hold(problem, proven.base, np.flatnonzero(proven.reduced < proven.over(cost)))
    found = _searched(core, known, cost, lambda best, bound: next(nodes) >= _NODES or enough(best, bound))
    if found.bound is not None and known.bound is not None and found.bound < known.bound:
        return replace(known, chosen=found.chosen)
    return found


def _searched(core: Core, known: Found, cost: int | None, enough: Enough) -> Found:
    """By branch and bound, what is cheaper than the best choice known."""
    if len(core.options) > _SEARCHED:
        return known
    if not core.parts.size:  # what is left is one choice, and it meets the rows or not
        if np.all(core.problem.limits >= 0):
            return replace(known, chosen=core.held, bound=core.cost, proof=(known.prices,))
        return replace(known, bound=cost, proof=(known.prices,))

    def enough_with(cost: int | None, bound: int) -> bool:
        return enough(None if cost is None else cost + core.cost, bound + core.cost)

    found = Tree(core.problem, known.prices, None if cost is None else cost - core.cost).found(enough_with)
    return Found(
        known.chosen if found.chosen is None else core.whole(found.chosen),
        None if found.bound is None else found.bound + core.cost,
        known.prices,
        tuple(int(core.options[each]) if isinstance(each, int) else each for each in found.proof),
        counts=known.counts,
    )


def _integer(core: Core, near: Fraction, seconds: float) -> Ints | None:
    """A choice by integer programming. HiGHS keeps rows only nearly: what breaks one is tried again with less room."""
    mine = core.problem
    for _ in range(_AGAIN):
        chosen = Model(mine).integer(seconds, float(near)) if core.parts.size else None
        if chosen is None or meets(core.problem, chosen):
            return None if chosen is None else core.whole(chosen)
        over = [total(row[chosen]) - int(limit) for row, limit in zip(mine.weights, mine.limits, strict=True)]
        mine = replace(mine, limits=mine.limits - np.maximum(np.array(over), 0))
    return None
