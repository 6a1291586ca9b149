"""One option for each part, as cheap as can be, within the limits of several rows."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import TYPE_CHECKING

from jointbuy.fix.lagrange import Enough, Found, relaxed
from jointbuy.fix.problem import Problem
from jointbuy.fix.solve_highs import Model

if TYPE_CHECKING:
    from jointbuy.fix.problem import Ints


def cheapest(problem: Problem, enough: Enough, until: float | None) -> Found:
    """The cheapest choice, or the best one when it was enough or time was up."""
    model = Model(problem)
    linear = model.linear(left(until))
    prices = linear.prices if linear else (Fraction(0),) * len(problem.limits)
    if linear is not None and linear.share is None:
        return Found(None, None, prices)
    bound = relaxed(problem, prices).bound
    chosen = model.integer(left(until), 0.0)
    return Found(chosen, bound, prices)


def left(until: float | None) -> float | None:
    """Seconds left."""
    return None if until is None else max(0.0, until - time.monotonic())
