"""The cheapest choice where amounts hang on it through tests: branch and bound, and HiGHS where that takes long.

Whatever options are tried, the tests and amounts that follow from them are worked out exactly (`settle`), and the rows
looked at with these. Branch and bound divides tests like options, never amounts, of which prices bound any mixture: its
proof is like any other. Where it is not soon done, HiGHS's integer program finds choices and a bound; the latter is in
floats, and what branch and bound does not prove of it rests on the solver, which `proof.recheck` says.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import count
from math import ceil
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

from jointbuy.fix.lagrange import HALF, Enough, Flags, Found, first, meets, total
from jointbuy.fix.problem import Problem, Settle
from jointbuy.fix.solve_highs import Floats, Model, nearest
from jointbuy.fix.solve_tree import Tree, _Node
from jointbuy.solver import Late

if TYPE_CHECKING:
    from jointbuy.fix.problem import Ints

_SOON, _LONG, _SECONDS = 150, 2_000, 3.0
"""Divisions before HiGHS is asked, and after, when they may take so many seconds at most."""
_NEAR, _TIGHT = 1e-9, 1e-9
"""By how much of itself HiGHS's bound may be beyond what its floats say, and its tolerance."""


def cheapest(problem: Problem, settle: Settle, enough: Enough, gap: Fraction, seconds: Callable[[], float]) -> Found:
    """The cheapest choice, or the best one when it was enough or time was up.

    Where rows hold by HiGHS's tolerance for a choice whose amounts break one, and which would be the cheapest, it is
    that choice: who asks looks at it, and bars it.
    """
    late: Late = lambda: seconds() <= 0  # noqa: E731
    tree, nodes = _Tree(problem, settle, late), count()
    tree.begin(lambda: enough(tree.cost, tree.open[0][0]))
    found = tree.found(lambda cost, low: tree.wrong is not None or next(nodes) >= _SOON or enough(cost, low))
    if tree.done or tree.wrong is not None or enough(tree.cost, found.bound or 0):
        return tree.told(found)
    program = _Program(tree, enough, late)
    none, bound = program.run_within(float(gap), seconds())
    if none:
        return replace(found, bound=None)
    nodes, until = count(), time.monotonic() + min(_SECONDS, seconds() / 4)
    if tree.wrong is None:
        found = tree.found(
            lambda cost, low: (
                tree.wrong is not None or next(nodes) >= _LONG or time.monotonic() > until or enough(cost, low)
            )
        )
    if bound is not None and found.bound is not None and not tree.done:
        found = replace(found, bound=max(found.bound, bound if tree.cost is None else min(bound, tree.cost)))
    return tree.told(found)


class _Tree(Tree):
    """Divisions of the parts that take one option, tests among them."""

    def __init__(self, problem: Problem, settle: Settle, late: Late) -> None:
        model = Model(problem, late)
        linear = model.linear()
        super().__init__(problem, linear.prices if linear else (Fraction(0),) * len(problem.names), None, model)
        self.settle = settle
        self.shares: tuple[Fraction, ...] = ()
        self.wrong: Ints | None = None
        """The cheapest choice that is left and whose amounts break a row, where one was met."""

    @property
    def done(self) -> bool:
        """Whether nothing is open that is cheaper."""
        return not self.open or self.closed(self.open[0][0])

    def told(self, found: Found) -> Found:
        """What was found, with its amounts."""
        if self.wrong is None:
            return replace(found, shares=self.shares)
        chosen, shares = self.settle(self.wrong)
        return replace(found, chosen=chosen, shares=shares)

    def begin(self, stop: Callable[[], bool]) -> None:
        """A first choice: the lightest options in the first row, then the cheapest again where the rows still hold."""
        starts = self.problem.starts[: self.problem.whole + 1]
        costs, weights = (each[: starts[-1]] for each in (self.problem.costs, self.problem.weights[0]))
        light, cheap = first(starts, weights, costs), first(starts, costs, weights)
        self.offer(light)
        if self.chosen is None:
            return
        saved = costs[light] - costs[cheap]
        for part in np.argsort(-saved, kind="stable")[: np.count_nonzero(saved > 0)].tolist():
            if stop():
                return
            light[part], dearer = cheap[part], light[part]
            cost = self.cost
            self.offer(light)
            if self.cost == cost:
                light[part] = dearer

    def single(self, node: _Node, chosen: Ints) -> None:
        """A single choice is left: it costs what it does, unless its amounts break a row."""
        self.offer(chosen)
        node.prices = (Fraction(0),) * len(self.problem.names)
        cost = total(self.problem.costs[chosen[: self.problem.whole]])
        if not self.closed(cost):  # what the floats of the linear program allow, and exact amounts do not
            self.wrong = chosen[: self.problem.whole]

    def round(self, share: Floats, _barred: Flags) -> None:
        """The options that have most of their parts."""
        self.offer(nearest(self.problem, share))

    def offer(self, chosen: Ints) -> None:
        """Keep a choice if its amounts meet the rows and it is cheaper."""
        chosen, shares = self.settle(chosen)
        cost = total(self.problem.costs[chosen])
        if not self.closed(cost) and meets(self.problem, chosen, shares):
            self.chosen, self.cost, self.shares = chosen, cost, shares


class _Program(Model):
    """The integer program; every better solution of it is offered to the tree."""

    def __init__(self, tree: _Tree, enough: Enough, late: Late) -> None:
        super().__init__(tree.problem, late)
        self.tree, self.enough = tree, enough
        self.bound: int | None = None
        """The best known while it runs, minor units."""

    def run_within(self, gap: float, seconds: float) -> tuple[bool, int | None]:
        """Whether, by HiGHS's word, nothing meets the rows; and a bound, minor units, where it has one."""
        options = np.arange(int(self.problem.starts[self.problem.whole]))
        self.solver.changeColsIntegrality(len(options), options, np.full(len(options), highspy.HighsVarType.kInteger))
        near = {"mip_rel_gap": gap, "mip_abs_gap": 0.5 / self.by_cost, "mip_feasibility_tolerance": _TIGHT}
        for name, value in near.items():
            self.solver.setOptionValue(name, value)
        self.solver.cbMipImprovingSolution += self.better
        self.solver.cbMipInterrupt += self.look
        status = self.run(min(seconds, 1e6))
        if self.lost:
            return False, self.bound
        solution = self.solver.getSolution()
        if solution.value_valid:
            self.tree.offer(chosen := nearest(self.problem, np.asarray(solution.col_value[: self.options])))
            places = chosen[: self.problem.whole]
            if status == highspy.HighsModelStatus.kOptimal and not self.tree.closed(total(self.problem.costs[places])):
                self.tree.wrong = places
        none = status == highspy.HighsModelStatus.kInfeasible and self.tree.cost is None
        return none, self.low(self.solver.getInfo().mip_dual_bound)

    def better(self, event: Any) -> None:
        """A solution, by HiGHS's word."""
        if not self.lost:
            self.tree.offer(nearest(self.problem, np.asarray(event.data_out.mip_solution)[: self.options]))

    def look(self, event: Any) -> None:
        """Whether to go on."""
        low = self.low(event.data_out.mip_dual_bound)
        self.bound = low if self.bound is None or low is None else max(low, self.bound)
        if self.lost or self.enough(self.tree.cost, self.tree.open[0][0] if low is None else low):
            event.interrupt()

    def low(self, bound: float) -> int | None:
        """A bound by HiGHS's word in minor units; None without one."""
        bound *= self.by_cost
        return ceil(bound - _NEAR * abs(bound) - 0.01) if abs(bound) < HALF else None
