"""Branch and bound: choices are divided until prices prove of each division that nothing cheaper is in it.

The linear program of a division (HiGHS) says which prices to try and on which option to divide; whether it is closed
is for `lagrange` to say, in whole numbers. The divisions and their prices are the proof that `proof.recheck` repeats
(Land and Doig 1960).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count, product
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from jointbuy.fix.lagrange import Enough, Flags, Found, Proof, bound, meets, missed, relaxed, total
from jointbuy.fix.problem import Problem
from jointbuy.fix.solve_highs import Floats, Model, nearest

if TYPE_CHECKING:
    from jointbuy.fix.problem import Ints

_COMBINED = 4_096
"""How many mixtures of options are tried where the linear program leaves parts divided."""


@dataclass(slots=True)
class _Node:
    """Choices without the options barred; what proves their bound; how they are divided."""

    barred: tuple[int, ...]
    prices: tuple[Fraction, ...]
    option: int | None = None
    below: list[_Node] = field(default_factory=list)


def sizes(problem: Problem, prices: tuple[Fraction, ...]) -> Floats:
    """How far the options of each part are apart, in what their weights are worth and minor units."""
    values = [problem.costs * 1.0, *(row * float(price) for price, row in zip(prices, problem.weights, strict=True))]
    starts = problem.starts[:-1]
    apart = [np.maximum.reduceat(each, starts) - np.minimum.reduceat(each, starts) for each in values]
    return np.asarray(np.sum(apart, axis=0) + 1.0)


class Tree:
    """The search through a problem; `cost` is what to beat, None where no choice is known."""

    def __init__(
        self, problem: Problem, prices: tuple[Fraction, ...], cost: int | None, model: Model | None = None
    ) -> None:
        self.problem, self.cost = problem, cost
        self.chosen: Ints | None = None
        self.model = model or Model(problem)
        self.size = sizes(problem, prices)
        self.barred = np.zeros(len(problem.costs), dtype=bool)
        self.root = _Node((), prices)
        self.open: list[tuple[int, int, _Node]] = [(relaxed(problem, prices).bound, 0, self.root)]
        self.number = count(1)

    def found(self, enough: Enough) -> Found:
        """Search until nothing cheaper is open, or it is enough."""
        while self.open and not self.closed(self.open[0][0]) and not enough(self.cost, self.open[0][0]):
            _, _, node = heapq.heappop(self.open)
            self.visit(node)
        bounds = [low for low, _, _ in self.open[:1]] + [each for each in (self.cost,) if each is not None]
        return Found(self.chosen, min(bounds, default=None), self.root.prices, self.proof())

    def closed(self, low: int) -> bool:
        """Whether choices that cost so much are of no use."""
        return self.cost is not None and low >= self.cost

    def visit(self, node: _Node) -> None:
        """Close some choices, or divide them."""
        barred = self.bar(node)
        low = bound(self.problem, node.prices, barred)
        linear = self.model.linear()
        share = np.zeros(len(barred))
        if linear is not None and linear.share is None and missed(self.problem, linear.prices, barred):
            node.prices = linear.prices
            return
        if linear is not None and linear.share is not None:
            share = linear.share
            self.round(share, barred)
            better = bound(self.problem, linear.prices, barred)
            if better > low:
                low, node.prices = better, linear.prices
        if not self.closed(low):
            self.divide(node, share, barred, low)

    def bar(self, node: _Node) -> Flags:
        """Bring the model to these choices."""
        barred = np.zeros(len(self.barred), dtype=bool)
        barred[list(node.barred)] = True
        for flags, upper in ((barred & ~self.barred, 0.0), (self.barred & ~barred, 1.0)):
            if flags.any():
                self.model.allow(np.flatnonzero(flags), upper)
        self.barred = barred
        return barred

    def divide(self, node: _Node, share: Floats, barred: Flags, low: int) -> None:
        """By the option that has most of the part of which none has nearly all; amounts are not divided."""
        starts = self.problem.starts
        choices = np.add.reduceat(~barred, starts[:-1], dtype=np.int64)
        parts = np.flatnonzero(choices[: self.problem.whole] > 1)
        if not parts.size:
            self.single(node, np.flatnonzero(~barred))
            return
        divided = 1 - np.maximum.reduceat(share, starts[:-1])[parts]
        part = int(parts[np.argmax(np.where(divided > 1e-6, divided * self.size[parts], divided))])
        options = np.arange(starts[part], starts[part + 1])
        options = options[~barred[options]]
        node.option = int(options[np.argmax(share[options])])
        others = tuple(int(each) for each in options if each != node.option)
        for more in ((node.option,), others):
            child = _Node((*node.barred, *more), node.prices)
            node.below.insert(0, child)
            heapq.heappush(self.open, (low, -next(self.number), child))

    def single(self, node: _Node, chosen: Ints) -> None:
        """A single choice is left: it is what it costs, or one row says that it is none."""
        self.offer(chosen)
        over = [
            total(row[chosen]) > int(limit)
            for row, limit in zip(self.problem.weights, self.problem.limits, strict=True)
        ]
        worst = over.index(True) if True in over else None
        node.prices = tuple(Fraction(row == worst) for row in range(len(over)))

    def round(self, share: Floats, barred: Flags) -> None:
        """The cheapest choice with what is whole in a mixture, and any option of the parts that are divided."""
        starts = self.problem.starts
        chosen = nearest(self.problem, share)
        parts = np.flatnonzero(share[chosen] < 1 - 1e-6)
        options = [np.arange(starts[part], starts[part + 1]) for part in parts.tolist()]
        options = [each[~barred[each]] for each in options]
        if prod(len(each) for each in options) > _COMBINED:
            options = [each[share[each] > 1e-9] for each in options]
        if prod(len(each) for each in options) > _COMBINED:
            return
        tried = np.array(list(product(*options)), dtype=np.int64).reshape(
            prod(len(each) for each in options), len(parts)
        )
        kept = np.delete(chosen, parts)
        within = np.ones(len(tried), dtype=bool)
        for row, limit in zip(self.problem.weights, self.problem.limits.tolist(), strict=True):
            within &= row[tried].sum(axis=1) <= limit - total(row[kept])
        if within.any():
            best = np.flatnonzero(within)[np.argmin(self.problem.costs[tried[within]].sum(axis=1))]
            chosen[parts] = tried[best]
            self.offer(chosen)

    def offer(self, chosen: Ints) -> None:
        """Keep a choice if it meets the rows and is cheaper."""
        cost = total(self.problem.costs[chosen])
        if not self.closed(cost) and meets(self.problem, chosen):
            self.chosen, self.cost = chosen, cost

    def proof(self) -> Proof:
        """The divisions, each before those below it."""
        told: list[int | tuple[Fraction, ...]] = []
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            told.append(node.prices if node.option is None else node.option)
            waiting.extend(reversed(node.below))
        return tuple(told)
