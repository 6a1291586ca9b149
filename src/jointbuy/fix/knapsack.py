"""One choice in every class, as cheap as can be, of no more weight than allowed; with a bound that anybody can recheck.

The multiple-choice knapsack problem in integers. With a multiplier `t / 2**shift` for a unit of weight every class
takes the item of least `cost * 2**shift + t * weight`: that is a lower bound (Lagrange), and what an item costs beyond
it, its reduced cost, says how much worse any answer with that item is. Items dearer than the gap between bound and best
answer are in no better one. What is left, the core, is enumerated by dynamic programming over undominated pairs of
weight and cost, class by class, cheapest deviations first (Dyer 1984; Pisinger 1995, in our own writing).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
STATES = 400_000
"""How many partial answers are kept; where more would be, the dearest are let go and the bound says so."""
_BEAMS = ((1_000, 50), (5_000, 500))
"""Rounds that look for a good answer first, by how many partial answers and classes: the core shrinks with the gap."""
_BITS = 62
_TANGENTS = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer: by class the item chosen, its cost and weight, and a bound that no answer is below.

    `multiplier / 2**shift` is the price of a unit of weight that proves `relaxed`, the bound of the relaxation, by
    itself: `sum(min(cost * 2**shift + multiplier * weight)) - multiplier * capacity`, divided by `2**shift` and rounded
    up. `bound` is what the enumeration adds to it; where it is `cost`, the answer is proven to be the cheapest.
    """

    item: tuple[int, ...]
    cost: int
    weight: int
    bound: int
    relaxed: int
    multiplier: int
    shift: int

    @property
    def proven(self) -> bool:
        """Whether no cheaper answer exists."""
        return self.bound >= self.cost


@dataclass(frozen=True, slots=True)
class Problem:
    """Items in a row, class after class: those of class `i` from `start[i]` up to `start[i + 1]`.

    `cost` and `weight` are int64 of any sign; `start` is int64 with one more entry than there are classes, none of
    which is empty. Weight may add up to `capacity` at most.
    """

    cost: Integers
    weight: Integers
    start: Integers
    capacity: int

    @property
    def classes(self) -> int:
        """How many."""
        return len(self.start) - 1


def cheapest(problem: Problem, states: int = STATES) -> Choice | None:
    """The cheapest answer, or one within a stated gap; None where even the lightest is too heavy.

    Raises OverflowError where costs and weights leave no room for a multiplier in 63 bits.
    """
    lightest = _first(problem, problem.weight, problem.cost)
    if total(problem.weight[lightest]) > problem.capacity:
        return None
    plain = _first(problem, problem.cost, problem.weight)
    if total(problem.weight[plain]) <= problem.capacity:
        cost = total(problem.cost[plain])
        return _answer(problem, plain, cost, cost, 0, 0)
    price, feasible = _price(problem, plain, lightest)
    return _Search(problem, *_scaled(problem, price), feasible, states).answer()


def total(values: Integers) -> int:
    """The exact sum of int64, however large."""
    return (int((values >> 32).sum()) << 32) + int((values & 0xFFFFFFFF).sum())


def _first(problem: Problem, by: NDArray[Any], then: NDArray[Any]) -> Integers:
    """By class the item that is least by one measure, and of several by another."""
    least = np.minimum.reduceat(by, problem.start[:-1])
    sizes = np.diff(problem.start)
    at = np.flatnonzero(by == np.repeat(least, sizes))
    whose = np.repeat(np.arange(problem.classes), sizes)[at]
    order = np.lexsort((then[at], whose))
    at, whose = at[order], whose[order]
    return np.asarray(at[np.r_[True, whose[1:] != whose[:-1]]], dtype=np.int64)


def _price(problem: Problem, cheap: Integers, light: Integers) -> tuple[float, Integers]:
    """The price of weight at which cheap and light just balance, and the best allowed answer seen on the way.

    Two tangents of the concave bound, one from each side of its peak, meet nearer to it.
    """
    cost, weight, capacity = problem.cost, problem.weight, problem.capacity
    low = (total(cost[cheap]), total(weight[cheap]))
    high = (total(cost[light]), total(weight[light]))
    best, price = light, 0.0
    for _ in range(_TANGENTS):
        price = (high[0] - low[0]) / (low[1] - high[1])
        found = _first(problem, cost + price * weight, weight)
        here = (total(cost[found]), total(weight[found]))
        if here in (low, high) or not high[1] < here[1] < low[1]:
            break
        if here[1] <= capacity:
            high, best = here, found
        else:
            low = here
    return price, best


def _scaled(problem: Problem, price: float) -> tuple[int, int]:
    """The price as a whole multiplier over a power of two, as fine as 63 bits allow."""
    most_cost, most_weight = (int(np.abs(each).max(initial=1)) or 1 for each in (problem.cost, problem.weight))
    room = _BITS - int(np.ceil(np.log2(float(most_cost) + price * float(most_weight) + 1))) - 1
    if room < 0:
        raise OverflowError("costs and weights are too large for exact arithmetic in 63 bits; use larger units")
    shift = min(room, 40)
    return max(0, round(price * 2.0**shift)), shift


def _answer(problem: Problem, item: Integers, bound: int, relaxed: int, multiplier: int, shift: int) -> Choice:
    cost, weight = total(problem.cost[item]), total(problem.weight[item])
    return Choice(tuple((item - problem.start[:-1]).tolist()), cost, weight, min(bound, cost), relaxed, multiplier, shift)


class _Search:
    """The enumeration of the core."""

    def __init__(self, problem: Problem, multiplier: int, shift: int, feasible: Integers, states: int) -> None:
        self.problem, self.multiplier, self.shift, self.states = problem, multiplier, shift, states
        value = (problem.cost << shift) + multiplier * problem.weight
        self.base = _first(problem, value, problem.weight)
        sizes = np.diff(problem.start)
        self.reduced = value - np.repeat(value[self.base], sizes)
        self.heavier = problem.weight - np.repeat(problem.weight[self.base], sizes)
        self.dearer = problem.cost - np.repeat(problem.cost[self.base], sizes)
        self.least = total(problem.cost[self.base])
        self.low = total(value[self.base]) - multiplier * problem.capacity
        self.excess = total(problem.weight[self.base]) - problem.capacity
        self.best, self.cost = feasible, total(problem.cost[feasible])

    @property
    def gap(self) -> int:
        """By how much the best answer lies above the relaxation, scaled."""
        return (self.cost << self.shift) - self.low

    def answer(self) -> Choice:
        """The best answer with its bound."""
        relaxed = -(-self.low >> self.shift)
        self.fill()
        self.swap()
        for width, most in (*_BEAMS, (self.states, self.problem.classes)):
            if self.cost <= relaxed:
                break
            lost, whole = self.enumerate(width, most)
            if lost is None and whole:
                return _answer(self.problem, self.best, self.cost, relaxed, self.multiplier, self.shift)
            bound = -(-(self.low + min(self.gap, self.gap if lost is None else lost)) >> self.shift)
        else:
            return _answer(self.problem, self.best, bound, relaxed, self.multiplier, self.shift)
        return _answer(self.problem, self.best, relaxed, relaxed, self.multiplier, self.shift)

    def fill(self) -> None:
        """From the answer of the relaxation, the cheapest deviations until the capacity is just used, or just kept."""
        toward = self.heavier > 0 if self.excess <= 0 else self.heavier < 0
        at = np.flatnonzero(toward)
        whose = np.searchsorted(self.problem.start, at, side="right") - 1
        order = np.lexsort((self.reduced[at], whose))
        at, whose = at[order], whose[order]
        at = at[np.r_[True, whose[1:] != whose[:-1]]] if at.size else at
        at = at[np.argsort(self.reduced[at], kind="stable")]
        moved = np.cumsum(np.abs(self.heavier[at]))
        count = int(np.searchsorted(moved, abs(self.excess), side="right" if self.excess <= 0 else "left"))
        count = count if self.excess <= 0 else count + 1
        chosen = self.base.copy()
        chosen[np.searchsorted(self.problem.start, at[:count], side="right") - 1] = at[:count]
        self.offer(chosen)

    def offer(self, chosen: Integers) -> None:
        """Keep an answer if it is allowed and cheaper."""
        cost = total(self.problem.cost[chosen])
        if cost < self.cost and total(self.problem.weight[chosen]) <= self.problem.capacity:
            self.best, self.cost = chosen, cost

    def swap(self) -> None:
        """Another item in one class, from the answer of the relaxation and from the best one: often nearly all of it."""
        for chosen in (self.base, self.best):
            sizes = np.diff(self.problem.start)
            dearer = self.problem.cost - np.repeat(self.problem.cost[chosen], sizes)
            heavier = self.problem.weight - np.repeat(self.problem.weight[chosen], sizes)
            slack = self.problem.capacity - total(self.problem.weight[chosen])
            allowed = np.flatnonzero(heavier <= slack)
            if not allowed.size:
                continue
            at = int(allowed[np.argmin(dearer[allowed])])
            other = chosen.copy()
            other[np.searchsorted(self.problem.start, at, side="right") - 1] = at
            self.offer(other)

    def enumerate(self, width: int, most: int) -> tuple[int | None, bool]:
        """Every answer better than the best that deviates in the `most` cheapest classes to deviate in.

        Where partial answers are too many, as many of the nearest as `width`. Returns the least reduced cost of those let
        go, None where there were none, and whether every class was looked at.
        """
        items, starts = self.core()
        lightest, heaviest = self.outlook(items, starts)
        weight, cost, reduced = np.array([self.excess]), np.array([0]), np.array([0])
        trail: list[tuple[Integers, Integers]] = []
        lost: int | None = None
        for place in range(min(most, len(starts) - 1)):
            mine = items[starts[place] : starts[place + 1]]
            mine = mine[self.reduced[mine] < self.gap]
            paid = (reduced[:, None] + self.reduced[mine]).ravel()
            origin = np.flatnonzero(paid < self.gap)
            parent, item = origin // len(mine), mine[origin % len(mine)]
            grown, paid = weight[parent] + self.heavier[item], paid[origin]
            kept = np.flatnonzero(self.promising(grown, paid, int(lightest[place + 1]), int(heaviest[place + 1])))
            spent = cost[parent] + self.dearer[item]
            kept = kept[_undominated(grown[kept], spent[kept])]
            if kept.size > width:
                near = np.argpartition(paid[kept], width)
                dropped = int(paid[kept[near[width:]]].min())
                lost = dropped if lost is None else min(lost, dropped)
                kept = kept[near[:width]]
            trail.append((parent[kept], item[kept]))
            weight, cost, reduced = grown[kept], spent[kept], paid[kept]
            self.take(weight, cost, trail)
            if not weight.size:
                return lost, True
        return lost, len(starts) - 1 <= most

    def core(self) -> tuple[Integers, Integers]:
        """The items that a better answer may have, in classes that have a choice, cheapest deviations first."""
        near = np.flatnonzero(self.reduced < self.gap)
        whose = np.searchsorted(self.problem.start, near, side="right") - 1
        count = np.bincount(whose, minlength=self.problem.classes)
        kept = count[whose] > 1
        near, whose = near[kept], whose[kept]
        others = near != self.base[whose]
        nearest = np.full(self.problem.classes, np.iinfo(np.int64).max)
        np.minimum.at(nearest, whose[others], self.reduced[near[others]])
        order = np.lexsort((near, whose, nearest[whose]))
        near, whose = near[order], whose[order]
        starts = np.flatnonzero(np.r_[True, whose[1:] != whose[:-1]]) if near.size else np.array([], dtype=np.int64)
        return near, np.r_[starts, near.size].astype(np.int64)

    def outlook(self, items: Integers, starts: Integers) -> tuple[Integers, Integers]:
        """By place, how much lighter and heavier the classes from there on can make an answer."""
        if len(starts) < 2:
            return np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
        least = np.minimum.reduceat(self.heavier[items], starts[:-1])
        most = np.maximum.reduceat(self.heavier[items], starts[:-1])
        return np.r_[np.cumsum(least[::-1])[::-1], 0], np.r_[np.cumsum(most[::-1])[::-1], 0]

    def promising(self, weight: Integers, reduced: Integers, lightest: int, heaviest: int) -> Flags:
        """Which partial answers can still become allowed, and better than the best."""
        idle = np.minimum(weight + heaviest, 0)  # what stays unused of the capacity at the least, below 0
        dear = idle < -(self.gap // max(self.multiplier, 1)) - 1
        worth = np.where(dear, self.gap, reduced - self.multiplier * np.where(dear, 0, idle))
        return np.asarray((worth < self.gap) & (weight + lightest <= 0))

    def take(self, weight: Integers, cost: Integers, trail: list[tuple[Integers, Integers]]) -> None:
        """Note the best allowed answer among these, every later class at its base."""
        allowed = np.flatnonzero(weight <= 0)
        if not allowed.size:
            return
        at = int(allowed[np.argmin(cost[allowed])])
        if self.least + int(cost[at]) >= self.cost:
            return
        chosen = self.base.copy()
        for parent, item in reversed(trail):
            chosen[np.searchsorted(self.problem.start, item[at], side="right") - 1] = item[at]
            at = int(parent[at])
        self.offer(chosen)


def _undominated(weight: Integers, cost: Integers) -> Integers:
    """Those that no other beats in weight and cost, lightest first."""
    order = np.lexsort((cost, weight))
    found = cost[order]
    least = np.minimum.accumulate(found)
    return order[np.r_[True, found[1:] < least[:-1]]] if found.size else order
