"""From a plan to what was planned: goals one after another, checked in whole numbers before anything is returned."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from jointbuy.joint import Clash, Delivery, Goal, Plan, Planned, Point, Reached, Row, Status, Terms
from jointbuy.plan.build import build, goal
from jointbuy.plan.columns import Columns, Floats
from jointbuy.plan.dive import around
from jointbuy.plan.explain import clash
from jointbuy.plan.recheck import Bought, Checked, check
from jointbuy.plan.rows import INF, Family, Model, tying
from jointbuy.plan.search import LARGE, Found, search
from jointbuy.plan.solve import FOUND, NONE, STOPPED, Basis, Program, Stop
from jointbuy.plan.unmet import unmet

Told = Callable[[Goal, int | None, int | None], None]
"""Gets the goal and, in its own whole units, the best value and the bound so far."""
_POINTS = 7
_PROVED = Fraction(1, 10**6)
"""The tolerance of the solver's own proof."""
_HAIR = 1e-9
"""What floats of a bound may be off, as a part of it, or of a minor unit where it is nothing."""
_MARGIN = 0.1
"""Units of money by which a second try keeps away from every limit in money: more than a rounded piece may be off."""


def planned(
    plan: Plan, terms: Terms, minimise: Sequence[Goal], gap: Fraction, stop: Stop, told: Told, *, points: bool = False
) -> Planned:
    """The best plan by the goals in their order, each to the gap; with `points`, cost against dependence, too."""
    if why := unmet(plan):
        none = Clash((), minimal=False, gives=(), least=False, unmet=why)
        return Planned(plan, terms, "infeasible", tuple(minimise), None, None, None, clash=none)
    model = build(plan, terms)
    searches = len(minimise) + (_POINTS + (minimise[0] != "cost") if points else 0)
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
        self.bases: dict[Goal, Basis] = {}  # where the relaxation of a goal ended, without rows of other goals
        self.duals: Floats | None = None  # of the cost, likewise

    def search(self, name: Goal, extra: Sequence[Family] = ()) -> tuple[Found, Checked | None]:
        """The least of one goal, under more rows; checked. A solution that the check refuses is none."""
        model = replace(self.model, families=(*self.model.families, *extra))
        of = model.columns
        costs = goal(of, name)
        scale = of.unit if name in {"cost", "dependence"} else 1

        known = threading.Event()

        def told(objective: float, bound: float) -> None:
            if np.isfinite(objective):
                known.set()
            self.told(name, whole(objective * scale), whole(bound * scale))

        # Without any plan, what is meant for later questions is spent on finding one.
        until = time.monotonic() + self.stop.left / max(1, self.searches)
        stop = self.stop.once(lambda: known.is_set() and time.monotonic() >= until)
        self.searches -= 1
        found = search(model, costs, stop, self.gap, told, self.start, self._basis(name, extra))
        if found.basis is not None and not extra:
            self.bases[name] = found.basis
            self.duals = found.duals if name == "cost" else self.duals
        if found.values is None:
            return found, None
        checked = judge(self.plan, self.terms, of, found.values)
        if checked.broken:
            values, checked = self._again(model, costs, found.values, stop)
            found = replace(found, values=values, objective=float(costs @ values))
            near = found.objective - found.bound <= self.gap * abs(found.objective)
            found = found if near else replace(found, end=STOPPED)
        if not checked.broken:
            self.start = found.values
        return found, None if checked.broken else checked

    def _basis(self, name: Goal, extra: Sequence[Family]) -> Basis | None:
        """Where the relaxation of a goal begins: at its own end under fewer rows, or at that of another that is kept.

        With nothing kept, the end of another goal is far from that of this one: it begins anew.
        """
        if name in self.bases or not extra:
            return self.bases.get(name)
        return next((replace(each, primal=True) for each in self.bases.values()), None)

    def _again(self, model: Model, costs: Floats, broken: Floats, stop: Stop) -> tuple[Floats, Checked]:
        """Farther from every limit in money, over one of which the solver's tolerance had gone.

        With the same tiers, and then with any.
        """
        tight = tuple(
            replace(each, upper=each.upper - _MARGIN) if each.soft and each.unit == "money" else each
            for each in model.families
        )
        model = replace(model, families=tight)
        of = model.columns
        z = np.arange(of.first["z"], of.first["b"])
        values = around(model, costs, broken, z, None, stop, self.gap)
        if values is None:
            values = search(model, costs, stop, self.gap, lambda _best, _bound: None).values
        kept = broken if values is None else values
        return kept, judge(self.plan, self.terms, of, kept)


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
    reached: list[Reached] = []
    last: Checked | None = None
    stopped, proved = False, True
    for name in minimise:
        found, checked = state.search(name, kept)
        if checked is None:
            if last is None:
                return _nothing(state, minimise, found)
            stopped = True
            break
        last, stopped = checked, stopped or found.end != FOUND
        value = dict(checked.goals)[name]
        proved = proved and _proved(state.model.columns, name, found.bound, value)
        reached.append(Reached(name, _cents(value), _bound(state.model.columns, name, found.bound, value)))
        kept.append(_keep(state.model.columns, name, value))
    assert last is not None  # noqa: S101
    return _told(state, minimise, tuple(reached), last, proved=proved, stopped=stopped)


def _nothing(state: _State, minimise: tuple[Goal, ...], found: Found) -> Planned:
    empty = Planned(state.plan, state.terms, "none found", minimise, None, None, None)
    if found.end != NONE:
        first = minimise[0]
        bound = _bound(state.model.columns, first, found.bound) if first == "cost" else None
        return replace(empty, bound=bound)
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
    state: _State,
    minimise: tuple[Goal, ...],
    reached: tuple[Reached, ...],
    last: Checked,
    *,
    proved: bool,
    stopped: bool,
) -> Planned:
    cost, first = _cents(last.cost), reached[0]
    bound = first.bound if first.goal == "cost" else None
    status: Status = "stopped" if stopped else "optimal" if proved else "within the gap"
    prices = _prices(state)
    return Planned(
        plan=state.plan,
        terms=state.terms,
        status=status,
        minimised=minimise,
        cost=cost,
        bound=bound,
        gap=_part(cost, bound) if bound is not None else None,
        reached=reached,
        goals=last.goals,
        borrowing=last.borrowing if state.plan.credit else None,
        deliveries=last.deliveries,
        contracts=last.contracts,
        draws=last.draws,
        payments=last.payments,
        rows=tuple(_priced(row, prices) for row in last.rows),
        depends=last.depends,
        work=last.work,
    )


def _proved(of: Columns, name: Goal, bound: float, value: Fraction) -> bool:
    """Whether the least possible of a goal is what was reached, before either is rounded, as far as is told apart."""
    scaled = bound * (of.unit if name in {"cost", "dependence"} else 1)
    return bool(np.isfinite(bound)) and float(value) - scaled <= float(_PROVED * value) + _HAIR


def _part(value: int, bound: int) -> Fraction:
    """What lies above the bound, as a part of the value."""
    return Fraction(value - bound, value) if value else Fraction(0)


def _bound(of: Columns, name: Goal, bound: float, value: Fraction | None = None) -> int | None:
    """The least possible of a goal, in its own whole units; never above what was reached, if anything was."""
    if not np.isfinite(bound):
        return None
    money = name in {"cost", "dependence"}
    scaled = bound * (of.unit if money else 1)
    if value is not None and float(value) - scaled <= abs(scaled) * _HAIR + _HAIR:
        return _cents(value)  # both are rounded alike: what is reached is the least
    # Money is rounded to whole minor units; of what is counted there are no parts.
    least = np.ceil(scaled - abs(scaled) * _HAIR - (0.5 if money else 1e-6))
    return max(0, int(least)) if value is None else min(_cents(value), max(0, int(least)))


def _cents(exact: Fraction) -> int:
    return int(exact + Fraction(1, 2))


def _prices(state: _State) -> Mapping[tuple[str, str], int]:
    """What one more unit of each limit would save, from the duals of the relaxation of the cost."""
    model, of = state.model, state.model.columns
    duals = state.duals
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
    """Cost against dependence: the cheapest plan, the least dependent, the cheapest under limits between the two."""
    of = state.model.columns
    points = [_point(answer.deliveries, dict(answer.goals), answer.bound)]
    if answer.minimised[0] != "cost":
        points += _cheapest(state, ())
    most = min(points, key=lambda each: each.cost).amount
    _, checked = state.search("dependence")
    if checked is None:
        return _lowest(points, state.gap)
    least = dict(checked.goals)["dependence"]
    for step in range(_POINTS - 1):
        limit = least + (most - least) * Fraction(step, _POINTS - 1)
        points += _cheapest(state, (_keep(of, "dependence", limit),))
    return _lowest(points, state.gap)


def _cheapest(state: _State, extra: Sequence[Family]) -> list[Point]:
    """The cheapest plan under more rows, if one was found."""
    found, checked = state.search("cost", extra)
    if checked is None:
        return []
    bound = _bound(state.model.columns, "cost", found.bound, checked.cost)
    return [_point(checked.deliveries, dict(checked.goals), bound)]


def _point(deliveries: Sequence[Delivery], goals: Mapping[Goal, Fraction], bound: int | None) -> Point:
    whole = sum(each.amount for each in deliveries)
    return Point(_cents(goals["cost"]), bound, goals["dependence"], whole, within=False)


def _lowest(points: Sequence[Point], gap: float) -> tuple[Point, ...]:
    """Points that no other beats at both; what is proved of plans that depend more holds of those that depend less."""
    kept: list[Point] = []
    for each in sorted(points, key=lambda one: (one.amount, one.cost)):
        if not kept or each.cost < kept[-1].cost:
            kept.append(each)
    found = []
    for each in reversed(kept):
        known = [one.bound for one in points if one.amount >= each.amount and one.bound is not None]
        proved = min(each.cost, max(known)) if known else None
        within = proved is not None and _part(each.cost, proved) <= max(Fraction(gap), _PROVED)
        found.append(replace(each, bound=proved, within=within))
    return tuple(reversed(found))
