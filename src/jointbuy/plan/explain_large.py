"""Why nothing can be planned where a plan is large: a conflict in a part of it first, then one of all together.

A part is one capability, or one state that gets the best price of everything: what cannot hold there cannot hold in
the whole. If every part is possible, each condition of the linear relaxation may give at a price: where the least of it
is not nothing, the conditions with multipliers cannot all hold (Farkas), and a smallest conflict is among those few.
What gives is what the parts need, tried out by a plan for conditions that are so much looser.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from jointbuy.joint import Clash, Dependence, Fleet, Gives, Limit, Partners, Plan, Systems, Terms, Tier, WorkShare
from jointbuy.plan.build import build, goal
from jointbuy.plan.explain import Judge, clash_of_small, given, key_of, slacks, smallest
from jointbuy.plan.rows import Model
from jointbuy.plan.search import search
from jointbuy.plan.solve import FOUND, NONE, Program, Stop

_LOOK, _GAP = 5.0, 0.02
_PARTS, _SMALLEST = 0.5, 0.5
"""Parts of the time that is left for the parts, and for a smallest conflict of all."""
_EXACT, _MORE = 1e-6, 1.01
"""What is nothing; by how much more a condition in money gives than the relaxation needs, for whole pieces."""
Key = tuple[str, str]


def clash_of_large(model: Model, stop: Stop, judge: Judge) -> Clash:
    """A conflict and a way out; what is not found in time is left out."""
    plan, terms = model.columns.plan, model.columns.terms
    conflict, needed = Clash((), minimal=False, gives=(), least=False), dict[Key, Gives]()
    looking = stop.within(stop.left * _PARTS)
    for part, its_terms in _parts(plan, terms):
        if looking.now:
            break
        made = build(part, its_terms)
        program = Program(made.arrays(np.zeros(made.columns.first["end"])), whole=True)
        if program.run(looking.within(_LOOK)).end == NONE:
            found = clash_of_small(part, its_terms, looking, judge)
            conflict = conflict if conflict.conflict else found
            for each in found.gives:
                key = each.family, each.name
                needed[key] = max(each, needed.get(key, each), key=lambda one: one.by)
    if not conflict.conflict:
        conflict, needed = _of_all(model, stop)
    gives = _tried(model, needed, stop, judge) if needed else ()
    # What was found for a part alone is of the value of that part: no share of it would do for the whole.
    needs = tuple(replace(each, share=None) for each in needed.values())
    return replace(conflict, gives=gives or needs, least=False)


def _parts(plan: Plan, terms: Terms) -> Iterator[tuple[Plan, Terms]]:
    for capability in dict.fromkeys(each.capability for each in plan.needs):
        yield _of_capability(plan, capability), terms
    for state in plan.states:
        yield (
            _of_state(plan, state.code, borrows=state.may_borrow),
            replace(terms, least_buyers=1, counting=(state.code,)),
        )


def _of_capability(plan: Plan, capability: str) -> Plan:
    """A plan of one capability, without the limits that others could make up for."""
    return replace(
        plan,
        needs=tuple(each for each in plan.needs if each.capability == capability),
        limits=tuple(each for each in plan.limits if not isinstance(each, Dependence | Partners | WorkShare)),
    )


def _of_state(plan: Plan, code: str, *, borrows: bool) -> Plan:
    """A plan of one state that gets all of every capacity, at the best price and without set-up."""
    best = (replace(each, set_up=0, tiers=(Tier(1, min(one.price for one in each.tiers)),)) for each in plan.offers)
    return replace(
        plan,
        states=tuple(each for each in plan.states if each.code == code),
        needs=tuple(each for each in plan.needs if each.state == code),
        offers=tuple(best if borrows else (replace(each, alone=True) for each in best)),
        limits=tuple(one for each in plan.limits if (one := _its(each, code)) is not None),
    )


def _its(limit: Limit, code: str) -> Limit | None:
    """A limit as it binds one state alone; None where others could make up for it."""
    if isinstance(limit, Dependence | Partners) and limit.each and code in limit.states:
        return replace(limit, states=(code,))
    return limit if isinstance(limit, Systems | Fleet) and limit.states == (code,) else None


def _of_all(model: Model, stop: Stop) -> tuple[Clash, dict[Key, Gives]]:
    """A smallest conflict among the conditions with multipliers in the cheapest relaxation, and what gives there."""
    none = Clash((), minimal=False, gives=(), least=False)
    of = model.columns
    program = Program(model.arrays(np.zeros(of.first["end"])), whole=False)
    added = slacks(program, model, np.flatnonzero(model.soft))
    answer = program.run(stop, method="simplex")
    if answer.end != FOUND or answer.values is None or answer.duals is None or answer.objective <= _EXACT:
        return none, {}
    core = np.flatnonzero((np.abs(answer.duals) > _EXACT) & model.soft)
    needed = {}
    for (row, _), amount in zip(added, answer.values[of.first["end"] :].tolist(), strict=True):
        if amount > _EXACT:
            family, name = model.named(row)
            money = family.unit == "money"
            by = int(np.ceil(amount * _MORE * of.unit if money else amount - _EXACT))
            needed[family.name, name] = Gives(family.name, name, by, family.unit)
    return smallest(model, core.tolist(), stop.within(stop.left * _SMALLEST)), needed


def _tried(model: Model, needed: Mapping[Key, Gives], stop: Stop, judge: Judge) -> tuple[Gives, ...]:
    """What gives in a plan for conditions that are looser by what is needed; nothing where none was found."""
    of = model.columns
    lower, upper = model.lower.copy(), model.upper.copy()
    for row in np.flatnonzero(model.soft).tolist():
        gives = needed.get(key_of(model, row))
        if gives is not None:
            by = gives.by / of.unit if gives.unit == "money" else gives.by
            lower[row], upper[row] = lower[row] - by, upper[row] + by
    bounds = zip(model.families, model.starts, model.starts[1:], strict=False)
    loose = replace(model, families=tuple(replace(f, lower=lower[a:b], upper=upper[a:b]) for f, a, b in bounds))
    found = search(loose, goal(of, "cost"), stop, _GAP, lambda _best, _bound: None)
    return () if found.values is None else given(model, found.values, judge)
