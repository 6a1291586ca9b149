"""What a limit costs: the cheapest cost against the limit of one row.

With one row, the choices that some price of its weight makes cheapest are the corners of the lower convex hull of cost
against weight: from the lightest choice on, parts change their options in the order of what a unit of weight saves
(Dyer 1984; Zemel 1984). Each corner is the cheapest choice at its own weight; between two of them the hull is a bound,
and only solving says what is reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jointbuy.fix import solve
from jointbuy.fix.lagrange import HALF, first, largest, owners, total
from jointbuy.fix.problem import Problem, Solution

if TYPE_CHECKING:
    from jointbuy.fix.problem import Ints


@dataclass(frozen=True, slots=True)
class Frontier:
    """Cost against the limit of a row.

    Attributes:
        limits: of shape (corners,), rising, in the unit of the row: from the least that can be met to where it costs
            nothing to meet it.
        costs: of shape (corners,), falling, minor units. Where the problem has other rows, they are left out of account
            here, and the hull is a bound only.
        points: the cheapest choice at each limit asked for, within every row.
    """

    limits: Ints
    costs: Ints
    points: tuple[Solution, ...]


def frontier(problem: Problem, row: int, limits: Sequence[int] = (), *, seconds: float | None = None) -> Frontier:
    """The hull, and the cheapest choice at some limits of a row; `seconds` for each of these."""
    points = []
    for limit in limits:
        changed = problem.limits.copy()
        changed[row] = limit
        points.append(solve.cheapest(replace(problem, limits=changed), seconds=seconds))
    return Frontier(*hull(problem, row), tuple(points))


def hull(problem: Problem, row: int) -> tuple[Ints, Ints]:
    """Weights and costs of the corners, lightest first, of shape (corners,) each."""
    weights, costs = problem.weights[row], problem.costs
    light = first(problem.starts, weights, costs)
    at = _corners(problem.starts, weights, costs)
    whose = owners(problem.starts)[at]
    same = np.flatnonzero(whose[1:] == whose[:-1])
    heavier, cheaper = np.diff(weights[at])[same], -np.diff(costs[at])[same]
    order = _falling(cheaper, heavier)
    limits = np.cumsum(np.r_[total(weights[light]), heavier[order]])
    return limits, np.cumsum(np.r_[total(costs[light]), -cheaper[order]])


def _corners(starts: Ints, weights: Ints, costs: Ints) -> Ints:
    """The options on the lower hull of each part, from its lightest to its cheapest."""
    whose = owners(starts)
    at = np.lexsort((costs, weights, whose))
    exact = largest(weights) * largest(costs) < HALF // 8
    while True:
        part, weight, cost = whose[at], weights[at], costs[at]
        kept = np.ones(len(at), dtype=bool)
        # No cheaper than a lighter one.
        kept[1:] = (part[1:] != part[:-1]) | (cost[1:] < cost[:-1])
        if kept.all():
            weight, cost = (weight, cost) if exact else (weight.astype(object), cost.astype(object))
            heavier, cheaper = np.diff(weight), -np.diff(cost)
            inner = (part[2:] == part[:-2]) & (cheaper[:-1] * heavier[1:] <= cheaper[1:] * heavier[:-1])
            kept[1:-1] = ~np.asarray(inner, dtype=bool)
        if kept.all():
            return at
        at = at[kept]


def _falling(cheaper: Ints, heavier: Ints) -> Ints:
    """The order of steps by what they save for their weight, most first."""
    order = np.argsort(-(cheaper / heavier), kind="stable")
    save: NDArray[Any] = cheaper[order].astype(object)
    weigh: NDArray[Any] = heavier[order].astype(object)
    if np.all(save[:-1] * weigh[1:] >= save[1:] * weigh[:-1]):
        return order
    return np.array(sorted(order.tolist(), key=lambda at: -Fraction(int(cheaper[at]), int(heavier[at]))))
