"""A row that follows from a row of weights because options are whole: how many of a kind any choice has at most.

Where costs are a fixed amount and a share of the weight (strongly correlated), the best mixture of options pays a
fraction of that amount, and no price on the weight proves more than it costs. But so many options of a kind as fit are
a whole number: what a price proves of them is rounded down to a row of its own (a cut of Gomory 1958), and a price on
that row proves the rest (Martello and Toth 1997, for the knapsack problem; Pisinger 1998). All of it in whole numbers;
floats only find the prices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from jointbuy.fix.lagrange import HALF, counted, fine, first, owners, total
from jointbuy.fix.problem import Count, Problem

if TYPE_CHECKING:
    from jointbuy.fix.problem import Ints

_TANGENTS = 200
_FINE = 10_000
"""The largest denominator of what a unit of the count is worth, while prices are sought."""


class Priced(NamedTuple):
    """A count, and what a unit of weight and of the count are worth, minor units."""

    counted: Count
    weight: Fraction
    number: Fraction


class _Mixture(NamedTuple):
    """The cheapest mixture within the row of weights: the price of weight there, what it costs and what it counts."""

    price: Fraction
    cost: Fraction
    number: Fraction


def balance(problem: Problem, cheap: Ints, light: Ints) -> tuple[Fraction, Ints, Ints]:
    """The price of weight at which cheap and light just balance; choices on both sides, beyond the limit and within.

    Two tangents of the concave bound, one from each side of its peak, meet nearer to it. A part on which both sides
    agree keeps its option at every price between, and is no longer looked at. Floats find the price; it proves what
    it does, whichever it is.
    """
    costs, (weights,), limit = problem.costs, problem.weights, int(problem.limits[0])
    whose = owners(problem.starts)
    low, high = cheap.copy(), light.copy()
    below, above = ((total(costs[each]), total(weights[each])) for each in (low, high))
    for _ in range(_TANGENTS):
        open_ = np.flatnonzero(low != high)
        price = Fraction(above[0] - below[0], below[1] - above[1])
        if not open_.size:
            break
        flags = np.zeros(len(low), dtype=bool)
        flags[open_] = True
        options = np.flatnonzero(flags[whose])
        starts = np.r_[0, np.cumsum(np.diff(problem.starts)[open_])]
        found = options[first(starts, costs[options] + float(price) * weights[options], weights[options])]
        here = (
            below[0] + total(costs[found] - costs[low[open_]]),
            below[1] + total(weights[found] - weights[low[open_]]),
        )
        if not above[1] < here[1] < below[1]:
            break
        if here[1] <= limit:
            high[open_], above = found, here
        else:
            low[open_], below = found, here
    return price, low, high


def counting(problem: Problem, known: Ints, late: Callable[[], bool]) -> Iterator[Priced]:
    """Counts that the cheapest mixture is beyond, of a problem with one row, with prices at the peak of the bound.

    `known` is a choice within the row, the better the sooner they are found. When it is late, prices are those so far.
    """
    for numbers in _kinds(problem):
        kind = replace(problem, costs=-numbers)
        most = first(problem.starts, -numbers, problem.weights[0])
        if total(problem.weights[0][most]) <= int(problem.limits[0]):
            continue  # as many as there are, fit
        light = first(problem.starts, problem.weights[0], -numbers)
        price = fine(kind, balance(kind, most, light)[0])
        count = Count(numbers, ((price.numerator, price.denominator),))
        prices = _peak(problem, numbers, int(counted(problem, (count,)).limits[-1]), known, late)
        if prices is not None:
            yield Priced(count, *prices)


def _kinds(problem: Problem) -> Iterator[Ints]:
    """What is counted: how many options of its part are lighter; which parts stay as they are."""
    order = np.lexsort((problem.weights[0], owners(problem.starts)))
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(order)) - np.repeat(problem.starts[:-1], np.diff(problem.starts))
    yield ranks
    stays = np.zeros_like(order)
    stays[problem.starts[:-1]] = 1
    yield stays


def _peak(
    problem: Problem, numbers: Ints, most: int, known: Ints, late: Callable[[], bool]
) -> tuple[Fraction, Fraction] | None:
    """The prices of weight and count that prove most; None where the cheapest mixture does not count too many.

    As in `balance`, tangents of a concave bound, one from each side of its peak, meet nearer to it.
    """
    beyond = _mixture(problem, numbers, Fraction(0))
    within = _Mixture(Fraction(0), Fraction(total(problem.costs[known])), Fraction(total(numbers[known])))
    if beyond.number <= most:
        return None
    reach = [int(np.abs(each).astype(np.float64).sum()) + 1 for each in (problem.costs, numbers)]
    best, tried = (beyond.cost, beyond.price, Fraction(0)), set[Fraction]()
    for _ in range(_TANGENTS):
        worth = ((within.cost - beyond.cost) / (beyond.number - within.number)).limit_denominator(_FINE)
        large = worth.denominator * reach[0] + worth.numerator * reach[1] > HALF // 2
        if large or worth in tried or late():
            break
        tried.add(worth)
        here = _mixture(problem, numbers, worth)
        best = max(best, (here.cost + worth * (here.number - most), here.price, worth))
        if here.number > most:
            beyond = here
        else:
            within = here
    return fine(problem, best[1]), best[2]


def _mixture(problem: Problem, numbers: Ints, worth: Fraction) -> _Mixture:
    """The cheapest mixture within the row of weights where a unit of the count costs so much."""
    costs, (weights,), limit = problem.costs, problem.weights, int(problem.limits[0])
    scaled = replace(problem, costs=costs * worth.denominator + numbers * worth.numerator)
    cheap, light = first(problem.starts, scaled.costs, weights), first(problem.starts, weights, scaled.costs)
    if total(weights[cheap]) <= limit:
        return _Mixture(Fraction(0), Fraction(total(costs[cheap])), Fraction(total(numbers[cheap])))
    price, low, high = balance(scaled, cheap, light)
    heavy, idle = total(weights[low]) - total(weights[high]), limit - total(weights[high])
    cost, number = (
        total(each[high]) + Fraction(idle * (total(each[low]) - total(each[high])), heavy) for each in (costs, numbers)
    )
    return _Mixture(price / worth.denominator, cost, number)
