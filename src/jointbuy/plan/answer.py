"""From a plan to what was planned: goals one after another, checked in whole numbers before anything is returned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from jointbuy.joint import Goal, Plan, Planned, Point, Row, Status, Terms
from jointbuy.plan.build import build, goal
from jointbuy.plan.columns import Columns, Floats
from jointbuy.plan.explain import clash
from jointbuy.plan.recheck import Bought, Checked, check
from jointbuy.plan.rows import INF, Family, Model, tying
from jointbuy.plan.search import LARGE, Found, search
from jointbuy.plan.solve import FOUND, NONE, Program, Stop

Told = Callable[[Goal, int | None, int | None], None]
"""Gets the goal and, in its own whole units, the best value and the bound so far."""
_POINTS = 7
_MARGIN = 0.1
"""Units of money by which a second try keeps away from every limit in money: more than a rounded piece may be off."""


def planned(
    plan: Plan, terms: Terms, minimise: Sequence[Goal], gap: Fraction, stop: Stop, told: Told, *, points: bool = False
) -> Planned:
    """The best plan by the goals in their order, each to the gap; with `points`, cost against dependence, too."""
    model = build(plan, terms)
    searches = len(minimise) + (_POINTS + 1 if points else 0)
    state = _State(plan, terms, model, float(gap), stop, told, searches)
    answer = _ordered(state, tuple(minimise))
    if points and answer.cost is not None:
        answer = replace(answer, frontier=_frontier(state, answer))
    return replace(answer, interrupted=stop.asked.is_set())


class _State:
    """What a search needs, and the first solution to begin the next with."""

    def __init__(
        self, plan: Plan, terms: Terms, model: Model, gap: float, stop: Stop, told: Told, searches: int
    ) -> None:
        self.plan, self.terms, self.model, self.gap, self.stop, self.told = plan, terms, model, gap, stop, told
        self.searches = searches  # to come: each gets its part of the time that is left
        self.start: Floats | None = None

    def search(self, name: Goal, extra: Sequence[Family] = ()) -> tuple[Found, Checked | None]:
        """The least of one goal, under more rows; checked. A solution that the check refuses is none."""
        model = replace(self.model, families=(*self.model.families, *extra))
        of = model.columns
        costs = goal(of, name)
        scale = of.unit if name in {"cost", "dependence"} else 1

        def told(objective: float, bound: float) -> None:
            self.told(name, whole(objective * scale), whole(bound * scale))

        stop = self.stop.within(self.stop.left / max(1, self.searches))
        self.searches -= 1
        found = search(model, costs, stop, self.gap, told, self.start)
        if found.values is None:
            return found, None
        checked = judge(self.plan, self.terms, of, found.values)
        if checked.broken:
            found, checked = self._again(model, costs, found)
        if not checked.broken:
            self.start = found.values
        return found, None if checked.broken else checked

    def _again(self, model: Model, costs: Floats, found: Found) -> tuple[Found, Checked]:
        """The same tiers, farther from every limit in money: the solver's tolerance had gone over one."""
        tight = tuple(
            replace(each, upper=each.upper - _MARGIN) if each.soft and each.unit == "money" else each
            for each in model.families
        )
        model = replace(model, families=tight)
        of = model.columns
        program = Program(model.arrays(costs), whole=True)
        z = np.arange(of.first["z"], of.first["b"])
        at = np.rint(found.values[z])  # type: ignore[index]
        program.columns(z, at, at)
        values = program.run(self.stop, gap=self.gap).values
        kept = found.values if values is None else values
        assert kept is not None  # noqa: S101
        return replace(found, values=kept, objective=float(costs @ kept)), judge(self.plan, self.terms, of, kept)


def whole(value: float) -> int | None:
    """A float as a whole number; None where it is none yet."""
    return round(value) if np.isfinite(value) else None


def judge(plan: Plan, terms: Terms, of: Columns, values: Floats) -> Checked:
    """What a solution comes to, computed again from its deliveries and leads."""
    return check(plan, terms, *chosen(plan, of, values))


def chosen(plan: Plan, of: Columns, values: Floats) -> tuple[Bought, Mapping[str, str]]:
    """Deliveries and leads of a solution, in the plan's own names."""
    counts = np.rint(values[: of.first["z"]]).astype(np.int64)
    bought: dict[tuple[str, str, int], int] = {}
    for n in np.flatnonzero(counts):
        key = plan.states[of.x_state[n]].code, plan.offers[of.x_offer[n]].id, plan.years[of.x_year[n]]
        bought[key] = bought.get(key, 0) + int(counts[n])
    leads = {}
    for place in np.flatnonzero(np.rint(values[of.first["l"] : of.first["d"]])):
        s, o = of.pairs[of.leads[place]]
        leads[plan.offers[o].id] = plan.states[s].code
    return bought, leads


def _ordered(state: _State, minimise: tuple[Goal, ...]) -> Planned:
    """Goals one after another: what one reached is kept while the next is sought."""
    kept: list[Family] = []
    first: tuple[Found, Checked] | None = None
    last: Checked | None = None
    stopped = False
    for name in minimise:
        found, checked = state.search(name, kept)
        if checked is None:
            if first is None:
                return _nothing(state, minimise, found)
            stopped = True
            break
        first = first or (found, checked)
        last, stopped = checked, stopped or found.end != FOUND
        kept.append(_keep(state.model.columns, name, dict(checked.goals)[name]))
    assert first is not None and last is not None  # noqa: S101, PT018
    return _told(state, minimise, first, last, stopped=stopped)


def _nothing(state: _State, minimise: tuple[Goal, ...], found: Found) -> Planned:
    empty = Planned(state.plan, state.terms, "none found", minimise, None, None, None)
    if found.end != NONE:
        return empty
    return replace(empty, status="infeasible", clash=clash(state.plan, state.terms, state.stop, judge))


def _keep(of: Columns, name: Goal, reached: Fraction) -> Family:
    """A row that keeps a goal at what was reached; a millionth of a unit is left to the solver's tolerance."""
    costs = goal(of, name)
    columns = np.flatnonzero(costs)
    scale = of.unit if name in {"cost", "dependence"} else 1
    most = np.array([float(reached / scale) + 1e-6])
    return tying(
        f"kept {name}", np.zeros(len(columns), dtype=np.int64), columns, costs[columns], np.array([-INF]), most
    )


def _told(
    state: _State, minimise: tuple[Goal, ...], first: tuple[Found, Checked], last: Checked, *, stopped: bool
) -> Planned:
    found = first[0]
    of = state.model.columns
    cost = _cents(last.cost)
    bound, gap = None, None
    if minimise[0] == "cost" and np.isfinite(found.bound):
        bound = min(cost, _least(found.bound * of.unit))
        gap = Fraction(cost - bound, cost) if cost else Fraction(0)
    reached = gap if gap is not None else _gap(found)
    # A millionth of the cost is the tolerance of the solver's own proof.
    status: Status = "stopped" if stopped else "optimal" if reached <= Fraction(1, 10**6) else "within the gap"
    prices = _prices(state, found)
    return Planned(
        plan=state.plan,
        terms=state.terms,
        status=status,
        minimised=minimise,
        cost=cost,
        bound=bound,
        gap=gap,
        goals=last.goals,
        deliveries=last.deliveries,
        contracts=last.contracts,
        draws=last.draws,
        rows=tuple(_priced(row, prices) for row in last.rows),
        depends=last.depends,
        work=last.work,
    )


def _gap(found: Found) -> Fraction:
    if not np.isfinite(found.bound):
        return Fraction(1)
    return Fraction(max(0.0, found.objective - found.bound) / max(1e-9, abs(found.objective)))


def _cents(exact: Fraction) -> int:
    return int(exact + Fraction(1, 2))


def _least(value: float) -> int:
    """What every plan costs at least once it is rounded to whole minor units; a little is left to floats."""
    return int(np.ceil(value - abs(value) * 1e-9 - 0.5))


def _prices(state: _State, found: Found) -> Mapping[tuple[str, str], int]:
    """What one more unit of each limit would save, from the duals of the relaxation of the cost."""
    model, of = state.model, state.model.columns
    duals = found.duals
    if duals is None and of.first["end"] < LARGE:
        duals = Program(model.arrays(goal(of, "cost")), whole=False).run(state.stop, method="simplex").duals
    if duals is None:
        return {}
    prices = {}
    for row in np.flatnonzero((np.abs(duals[: len(model.lower)]) > 1e-7) & model.soft):
        family, name = model.named(int(row))
        one = 1 if family.unit == "money" else of.unit
        # Of money: cents saved by a hundred units of it, in whole cents; of pieces and counts: of one.
        prices[family.name, name] = round(abs(float(duals[row])) * (100 if family.unit == "money" else one))
    return prices


def _priced(row: Row, prices: Mapping[tuple[str, str], int]) -> Row:
    return replace(row, price=prices.get((row.family, row.name))) if row.room == 0 or row.price else row


# --- the frontier ---------------------------------------------------------------------------


def _frontier(state: _State, answer: Planned) -> tuple[Point, ...]:
    """Cost against dependence: the least dependence, then limits of it between that and the cheapest plan's."""
    of = state.model.columns
    found, checked = state.search("dependence")
    if checked is None:
        return ()
    least, most = dict(checked.goals)["dependence"], dict(answer.goals)["dependence"]
    points = []
    for step in range(_POINTS):
        limit = least + (most - least) * Fraction(step, _POINTS - 1)
        found, checked = state.search("cost", [_keep(of, "dependence", limit)])
        if checked is None:
            continue
        cost = _cents(checked.cost)
        bound = min(cost, _least(found.bound * of.unit)) if np.isfinite(found.bound) else 0
        amount = dict(checked.goals)["dependence"]
        points.append(Point(cost, bound, amount, sum(each.amount for each in checked.deliveries)))
    return _lowest(points)


def _lowest(points: list[Point]) -> tuple[Point, ...]:
    """Points that no other beats at both, each once, with the best bound."""
    best: dict[tuple[int, Fraction], Point] = {}
    for each in sorted(points, key=lambda one: one.bound):
        best[each.cost, each.amount] = each
    kept = [
        each
        for key, each in best.items()
        if not any(o != key and o[0] <= each.cost and o[1] <= each.amount for o in best)
    ]
    return tuple(sorted(kept, key=lambda each: (each.amount, each.cost)))
