"""Why nothing can be planned: the fewest conditions that cannot all hold, and what they would have to give.

Conditions are the soft rows of the model, one by one, in the planner's words. A smallest conflict is found by
dividing: Junker, QuickXplain (AAAI 2004). It is smallest in that dropping any one of it makes the others possible;
there may be other conflicts. The cheapest relaxation lets every condition give: a unit of money counts for itself, a
piece twice its dearest price, so that money gives first, and a count (a system, a buyer, a lead) as ten of the dearest
pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

import numpy as np

from jointbuy.joint import Clash, Gives, Plan, Row, Terms
from jointbuy.plan.build import build
from jointbuy.plan.columns import Columns, Floats
from jointbuy.plan.recheck import Checked
from jointbuy.plan.rows import INF, Model
from jointbuy.plan.search import LARGE
from jointbuy.plan.solve import FOUND, NONE, Program, Stop

Judge = Callable[[Plan, Terms, Columns, Floats], Checked]
_PIECE, _COUNT = 2.0, 10.0
_SHARE = 0.5
_ONE = 1000
"""A share is told in per cent with one decimal."""


def clash(plan: Plan, terms: Terms, stop: Stop, judge: Judge) -> Clash:
    """The conflict and the cheapest relaxation; what is not found in time is left out."""
    model = build(plan, terms)
    if model.columns.first["end"] >= LARGE:
        from jointbuy.plan.explain_large import clash_of_large

        return clash_of_large(model, stop, judge)
    return clash_of_small(plan, terms, stop, judge)


def clash_of_small(plan: Plan, terms: Terms, stop: Stop, judge: Judge) -> Clash:
    """The same with every condition in one program."""
    model = build(plan, terms, whole=True)
    soft = np.flatnonzero(model.soft)
    gives = _gives(model, soft, stop, judge)
    # What has to give in the cheapest relaxation is where a conflict is: it is looked at last, and so kept.
    told = {(each.family, each.name) for each in gives}
    order = sorted(soft.tolist(), key=lambda row: (key_of(model, row) in told, row))
    return replace(smallest(model, order, stop.within(max(1.0, stop.left * _SHARE))), gives=gives)


def smallest(model: Model, candidates: Sequence[int], stop: Stop) -> Clash:
    """A smallest conflict among candidates, rows of a model, and whether it was shown to be one."""
    test = _Test(model, np.flatnonzero(model.soft), stop)
    found = test.smallest(candidates)
    minimal = not test.late and all(test.possible([one for one in found if one != each]) for each in found)
    return Clash(tuple(key_of(model, row) for row in found), minimal and not test.late, ())


def key_of(model: Model, row: int) -> tuple[str, str]:
    """The family and the name of a row."""
    family, name = model.named(row)
    return family.name, name


class _Test:
    """Whether some of the conditions can hold together; `late` once an answer was not in time."""

    def __init__(self, model: Model, soft: np.ndarray, stop: Stop) -> None:
        self.model, self.soft, self.stop, self.late = model, soft, stop, False
        zero = np.zeros(model.columns.first["end"])
        self.relaxed = Program(model.arrays(zero), whole=False, exact=True)
        self.whole = Program(model.arrays(zero), whole=True, exact=True)
        self.known: dict[frozenset[int], bool] = {}

    def possible(self, kept: Sequence[int]) -> bool:
        """Whether there is a plan that keeps these conditions, and drops the others."""
        key = frozenset(kept)
        if key not in self.known:
            self.known[key] = self._ask(np.array(sorted(key), dtype=np.int64))
        return self.known[key]

    def _ask(self, kept: np.ndarray) -> bool:
        lower, upper = np.full(len(self.model.lower), -INF), np.full(len(self.model.lower), INF)
        lower[kept], upper[kept] = self.model.lower[kept], self.model.upper[kept]
        for program in (self.relaxed, self.whole):
            program.rows(self.soft, lower[self.soft], upper[self.soft])
            end = program.run(self.stop).end
            if end == NONE:
                return False
            self.late = self.late or end != FOUND
        return True

    def smallest(self, candidates: Sequence[int]) -> list[int]:
        """A smallest set of candidates that cannot all hold; empty where they can."""
        if self.possible(candidates):
            return []
        return sorted(self._divide([], [], list(candidates)))

    def _divide(self, background: list[int], added: list[int], candidates: list[int]) -> list[int]:
        if self.late:
            return candidates
        if added and not self.possible(background):
            return []
        if len(candidates) == 1:
            return candidates
        half = len(candidates) // 2
        first, second = candidates[:half], candidates[half:]
        kept = self._divide([*background, *first], first, second)
        return [*self._divide([*background, *kept], kept, first), *kept]


def _gives(model: Model, soft: np.ndarray, stop: Stop, judge: Judge) -> tuple[Gives, ...]:
    """What the conditions give in the cheapest relaxation, computed again from its deliveries."""
    of = model.columns
    program = Program(model.arrays(np.zeros(of.first["end"])), whole=True, exact=True)
    slacks(program, model, soft)
    values = program.run(stop.within(max(1.0, stop.left * _SHARE)), gap=1e-3).values
    if values is None:
        return ()
    return given(model, values, judge)


def given(model: Model, values: Floats, judge: Judge) -> tuple[Gives, ...]:
    """What conditions give in a solution, computed again from its deliveries."""
    of = model.columns
    checked = judge(of.plan, of.terms, of, values[: of.first["end"]])
    return tuple(Gives(row.family, row.name, -row.room, row.unit, _to(row)) for row in checked.broken)


def _to(row: Row) -> tuple[Fraction, Fraction] | None:
    """A limit on a share, and the round one to which it would be loosened: beyond what the share is, never short."""
    if row.share is None:
        return None
    limit, found = row.share
    rounded = ceil if found > limit else floor
    return limit, Fraction(rounded(found * _ONE), _ONE)


def slacks(program: Program, model: Model, rows: np.ndarray) -> list[tuple[int, float]]:
    """Let rows give, each side at what a unit of it counts; the row and the sign of each column that is added."""
    costs, added = weights(model), []
    for row in rows.tolist():
        for sign, bound in ((1.0, model.lower[row]), (-1.0, model.upper[row])):
            if np.isfinite(bound):
                program.slack(row, sign, float(costs[row]))
                added.append((row, sign))
    return added


def weights(model: Model) -> Floats:
    """What a unit of each row counts, in units of money."""
    of = model.columns
    price = of.x_price / of.unit
    dearest = float(price.max(initial=1.0)) or 1.0
    starts, index, _ = model.matrix
    found = np.ones(len(model.lower))
    for place, family in enumerate(model.families):
        begin, end = model.starts[place], model.starts[place + 1]
        if family.unit == "count":
            found[begin:end] = _COUNT * dearest
        elif family.unit == "pieces" and family.soft:
            for row in range(begin, end):
                x = index[starts[row] : starts[row + 1]]
                x = x[x < of.first["z"]]
                found[row] = _PIECE * (float(price[x].max()) if len(x) else dearest)
    return np.maximum(found, 1e-6)
