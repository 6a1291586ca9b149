"""One option for each part, as cheap as can be, where one row limits the weight: the multiple-choice knapsack problem.

Between the cheapest and the lightest choice, the price of weight at which they balance is found by tangents of the
concave bound (Sinha and Zoltners 1979; Dyer 1984 and Zemel 1984 have it in linear time). The bound at that price tells
for every option how much dearer any choice with it is; options beyond the best choice known are in no better one. What
is left, the core (Pisinger 1995), nearest options first, is enumerated in two halves of undominated pairs of weight and
cost, which one pass over both sorted lists joins (Horowitz and Sahni 1974). Narrow rounds that let states go find good
choices, which shrinks the core; what a round let go limits what it proves. All of it in whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jointbuy.fix.counting import Priced, balance, counting
from jointbuy.fix.lagrange import Enough, Found, Relaxed, counted, fine, first, mixed, relaxed, total
from jointbuy.fix.problem import Problem

if TYPE_CHECKING:
    from jointbuy.fix.problem import Ints

ROUNDS = (300, 3_000, 30_000, 300_000)
"""How many partial choices a half keeps, round by round; over all its parts so many times as many."""
_COUNTED = 3_000
"""The round after which options are counted, where price and search have not come together."""
_LONG = 20
_SINGLES = 50_000


@dataclass(frozen=True, slots=True)
class _States:
    """Partial choices, lightest first and each cheaper than those before; how they came about; the nearest let go."""

    weight: Ints
    cost: Ints
    trail: tuple[tuple[Ints, Ints], ...]
    whose: Ints
    lost: int


@dataclass(frozen=True, slots=True)
class _Core:
    """Parts with options to change to, nearest first.

    Where these begin and end among all of them, which part it is, and by how much they change the weight at most.
    """

    options: Ints
    begin: Ints
    end: Ints
    whose: Ints
    light: Ints
    heavy: Ints


def cheapest(problem: Problem, enough: Enough) -> Found:
    """The cheapest choice of a problem with one row, or the best one when it was enough."""
    starts, costs, (weights,), limit = problem.starts, problem.costs, problem.weights, int(problem.limits[0])
    light = first(starts, weights, costs)
    if total(weights[light]) > limit:
        return Found(None, None, (Fraction(1),))
    plain = first(starts, costs, weights)
    if total(weights[plain]) <= limit:
        return Found(plain, total(costs[plain]), (Fraction(0),))
    price, _, best = balance(problem, plain, light)
    return _Search(problem, fine(problem, price), best).found(enough)


class _Search:
    """The enumeration of the core around the bound that one price gives, or two where options are counted as well."""

    def __init__(self, problem: Problem, price: Fraction, best: Ints, also: Priced | None = None) -> None:
        self.problem, self.counts = problem, () if also is None else (also.counted,)
        self.prices = (price,) if also is None else (price, also.number)
        self.starts, self.costs, self.weights = problem.starts, problem.costs, problem.weights[0]
        self.limit, self.price = int(problem.limits[0]), price
        self.relaxed: Relaxed = relaxed(counted(problem, self.counts), self.prices)
        self.reduced = self.relaxed.reduced
        self.base = self.level(self.relaxed.base)
        self.excess = total(self.weights[self.base]) - self.limit
        self.least = total(self.costs[self.base])
        self.best, self.cost = best, total(self.costs[best])
        self.bound = self.relaxed.bound

    def level(self, base: Ints) -> Ints:
        """Of options that are as near, those that bring the weight to the limit: ties leave a choice of base."""
        at = np.flatnonzero(self.reduced == 0)
        if at.size == len(base):
            return base
        whose = np.searchsorted(self.starts, at, side="right") - 1
        order = np.lexsort((self.weights[at], whose))
        at, whose = at[order], whose[order]
        base = at[np.r_[True, whose[1:] != whose[:-1]]]
        heavier = at[np.r_[whose[1:] != whose[:-1], True]]
        order = mixed(len(base), 0.7548776662466927)
        grown = np.cumsum((self.weights[heavier] - self.weights[base])[order])
        count = int(np.searchsorted(grown, self.limit - total(self.weights[base]), side="right"))
        base[order[:count]] = heavier[order[:count]]
        return base

    def found(self, enough: Enough) -> Found:
        """The best choice with its bound."""
        self.fill()
        self.swap(self.base)
        self.swap(self.best)
        odd = np.arange(len(self.base)) % 2 == 1
        self.join(self.singles(odd), self.singles(~odd))
        for width in ROUNDS:
            cost = None
            while cost != self.cost:
                if self.bound >= self.cost or enough(self.cost, self.bound):
                    return self.told()
                cost = self.cost
                self.round(width, enough)
            better = self.with_count(enough) if width == _COUNTED and not self.counts else None
            if better is not None:
                return better.found(enough)
        return self.told()

    def told(self) -> Found:
        """The best choice so far with its bound."""
        return Found(self.best, min(self.bound, self.cost), self.prices, counts=self.counts)

    def with_count(self, enough: Enough) -> _Search | None:
        """The search from here with the count that proves most; None where none proves more than is known."""
        priced = counting(self.problem, self.best, lambda: enough(self.cost, self.bound))
        found = [_Search(self.problem, each.weight, self.best, each) for each in priced]
        better = max(found, key=lambda each: each.bound, default=self)
        return better if better.bound > self.bound else None

    def fill(self) -> None:
        """From the parts' own options, the nearest deviations until the limit is just kept."""
        at = np.flatnonzero(self.heavier(self.base) * (1 if self.excess <= 0 else -1) > 0)
        whose = np.searchsorted(self.starts, at, side="right") - 1
        order = np.argsort(self.reduced[at], kind="stable")
        earliest = np.full(len(self.base), at.size)
        np.minimum.at(earliest, whose[order], np.arange(at.size))
        at = at[order[np.sort(earliest[earliest < at.size])]]
        whose = np.searchsorted(self.starts, at, side="right") - 1
        moved = np.cumsum(np.abs(self.weights[at] - self.weights[self.base[whose]]))
        count = int(np.searchsorted(moved, abs(self.excess), side="right" if self.excess <= 0 else "left"))
        count += self.excess > 0
        chosen = self.base.copy()
        chosen[whose[:count]] = at[:count]
        self.offer(chosen)

    def heavier(self, chosen: Ints) -> Ints:
        """How much heavier each option is than the one chosen of its part."""
        return np.asarray(self.weights - np.repeat(self.weights[chosen], np.diff(self.starts)))

    def offer(self, chosen: Ints) -> None:
        """Keep a choice if it is within the limit and cheaper."""
        cost = total(self.costs[chosen])
        if cost < self.cost and total(self.weights[chosen]) <= self.limit:
            self.best, self.cost = chosen, cost

    def swap(self, chosen: Ints) -> None:
        """Another option of one part."""
        allowed = np.flatnonzero(self.heavier(chosen) <= self.limit - total(self.weights[chosen]))
        if allowed.size:
            dearer = (self.costs - np.repeat(self.costs[chosen], np.diff(self.starts)))[allowed]
            at = int(allowed[np.argmin(dearer)])
            other = chosen.copy()
            other[np.searchsorted(self.starts, at, side="right") - 1] = at
            self.offer(other)

    def round(self, width: int, enough: Enough) -> None:
        """Every choice better than the best, of the nearest options of ever more parts, as far as `width` goes."""
        gap = self.relaxed.over(self.cost)
        core = self.core(gap)
        one, other = (self.half(core, side, gap, width, enough) for side in (0, 1))
        self.join(one, other)
        for half in (one, other):
            self.join(half, self.singles(~np.isin(np.arange(len(self.base)), half.whose)))
        self.bound = max(self.bound, min(self.cost, self.relaxed.beyond(min(one.lost, other.lost))))

    def singles(self, parts: NDArray[np.bool_]) -> _States:
        """Choices that deviate in one of some parts at most, and may be better than the best."""
        at = np.flatnonzero(self.reduced < self.relaxed.over(self.cost))
        at = at[parts[np.searchsorted(self.starts, at, side="right") - 1]]
        if at.size > _SINGLES:
            near = at[np.argpartition(self.reduced[at], _SINGLES)[:_SINGLES]]
            kept = np.zeros(len(self.costs), dtype=bool)
            kept[near] = kept[at[:: at.size // _SINGLES]] = True
            at = np.flatnonzero(kept)
        own = self.base[np.searchsorted(self.starts, at, side="right") - 1]
        weight, cost = self.weights[at] - self.weights[own], self.costs[at] - self.costs[own]
        kept = _undominated(weight, cost, np.arange(at.size))
        return _States(
            weight[kept], cost[kept], ((np.zeros(kept.size, dtype=np.int32), at[kept]),), np.flatnonzero(parts), 0
        )

    def core(self, gap: int) -> _Core:
        """The options that a better choice may have, by part, those with the nearest option first."""
        sizes = np.diff(self.starts)
        dearer = self.costs - np.repeat(self.costs[self.base], sizes)
        at = np.flatnonzero((self.reduced < gap) & ((self.heavier(self.base) < 0) | (dearer < 0)))
        whose = np.searchsorted(self.starts, at, side="right") - 1
        order = np.lexsort((self.reduced[at], whose))
        at, whose = at[order], whose[order]
        cuts = np.flatnonzero(np.r_[True, whose[1:] != whose[:-1]]) if at.size else np.zeros(0, dtype=np.int64)
        order = mixed(len(cuts))
        by_nearest = order[np.argsort(self.reduced[at[cuts]][order], kind="stable")]
        ends = np.r_[cuts[1:], at.size] if at.size else cuts
        moves = self.weights[at] - self.weights[self.base[whose]]
        light, heavy = (
            each.reduceat(moves, cuts)[by_nearest] if at.size else cuts for each in (np.minimum, np.maximum)
        )
        return _Core(
            at, cuts[by_nearest], ends[by_nearest], whose[cuts][by_nearest], np.minimum(light, 0), np.maximum(heavy, 0)
        )

    def half(self, core: _Core, side: int, gap: int, width: int, enough: Enough) -> _States:
        """Partial choices of every other part of the core."""
        light, heavy = total(core.light), total(core.heavy)
        weight, cost, reduced = (np.zeros(1, dtype=np.int64) for _ in range(3))
        trail: list[tuple[Ints, Ints]] = []
        lost, spent = gap, 0
        for place in range(side, len(core.whose), 2):
            mine, own = core.options[core.begin[place] : core.end[place]], self.base[core.whose[place]]
            if spent > _LONG * width or enough(self.cost, self.bound):
                lost = min(lost, int(self.reduced[mine[0]]))
                break
            light, heavy = light - int(core.light[place]), heavy - int(core.heavy[place])
            mine = np.r_[own, mine]
            paid = (reduced[:, None] + self.reduced[mine]).ravel()
            origin = np.flatnonzero(paid < gap)
            parent, item = origin // len(mine), mine[origin % len(mine)]
            paid = paid[origin]
            grown = weight[parent] + (self.weights[item] - self.weights[own])
            dear = cost[parent] + (self.costs[item] - self.costs[own])
            kept = _undominated(grown, dear, np.flatnonzero(self.promising(grown, paid, light, heavy, gap)))
            if kept.size > width:
                kept, dropped = _nearest(kept, paid[kept], width)
                lost = min(lost, dropped)
            trail.append((parent[kept].astype(np.int32), item[kept]))
            weight, cost, reduced = grown[kept], dear[kept], paid[kept]
            spent += kept.size
        return _States(weight, cost, tuple(trail), core.whose[side::2][: len(trail)], lost)

    def promising(self, weight: Ints, reduced: Ints, light: int, heavy: int, gap: int) -> NDArray[np.bool_]:
        """Which partial choices the parts to come can bring within the limit, and leave better than the best."""
        over = weight + self.excess
        worth = int(self.price * self.relaxed.scale)
        idle = np.minimum(over + heavy, 0)  # what stays unused of the limit at the least, below 0
        far = idle < -(gap // max(worth, 1)) - 1
        return np.asarray((over + light <= 0) & ~far & (reduced - worth * np.where(far, 0, idle) < gap))

    def join(self, one: _States, other: _States) -> None:
        """The cheapest pair within the limit."""
        if not (one.weight.size and other.weight.size):
            return
        mate = np.searchsorted(other.weight, -self.excess - one.weight, side="right") - 1
        able = np.flatnonzero(mate >= 0)
        if not able.size:
            return
        at = int(able[np.argmin(one.cost[able] + other.cost[mate[able]])])
        chosen = self.base.copy()
        for states, place in ((one, at), (other, int(mate[at]))):
            for parent, item in reversed(states.trail):
                chosen[np.searchsorted(self.starts, item[place], side="right") - 1] = item[place]
                place = int(parent[place])
        self.offer(chosen)


def _nearest(at: Ints, paid: Ints, width: int) -> tuple[Ints, int]:
    """So many of those that are nearest, of equals evenly spread; and how near the nearest let go is."""
    last = int(np.partition(paid, width)[width])
    equal = np.flatnonzero(paid == last)
    room = width - int(np.count_nonzero(paid < last))
    flags = paid < last
    flags[equal[np.arange(room) * equal.size // max(room, 1)]] = True
    return at[flags], last


def _undominated(weight: Ints, cost: Ints, at: Ints) -> Ints:
    """Those of some places that none lighter beats in cost, lightest first."""
    at = at[np.argsort(weight[at], kind="stable")]
    found = cost[at]
    if not found.size:
        return at
    return at[np.r_[True, found[1:] < np.minimum.accumulate(found)[:-1]]]
