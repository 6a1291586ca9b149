"""A thousand tiny plans against every allocation there is: the same least cost, impossible where nothing is."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

import plans
from jointbuy.joint import Plan, State, Tier
from jointbuy.plan import answer, explain, recheck, search
from jointbuy.plan.build import build
from jointbuy.plan.solve import Stop


@pytest.mark.parametrize("start", range(0, 1000, 100))
def test_brute_force_agrees(start: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "clash", lambda *_: None)  # why nothing is possible is asked below
    possible = 0
    for seed in range(start, start + 100):
        made = plans.drawn(seed)
        best = plans.least(made)
        found = plans.planned(made)
        if best is None:
            assert (found.status, found.cost) == ("infeasible", None), seed
            continue
        possible += 1
        assert found.status == "optimal", seed
        assert dict(found.goals)["cost"] == best, seed
        assert found.bound is not None and found.cost is not None and found.bound <= found.cost  # noqa: PT018
    assert 20 < possible < 80, "both kinds must come up"


@pytest.mark.parametrize("times", [100, 10**7])
def test_a_cent_decides_where_pieces_are_dear(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same where a piece costs tens of millions, or 10**12, and a budget is what was paid, and then a cent less."""
    monkeypatch.setattr(answer, "clash", lambda *_: None)
    told = {"kept": 0, "a cent short": 0, "impossible": 0}
    for seed in range(30):
        made = dear(plans.drawn(seed), seed, times)
        paid = next((one for one in plans.planned(made).payments if one.pieces + one.set_up > one.loan), None)
        if paid is None:
            continue
        before = plans.least(made)
        for short in (0, 1):
            left = paid.pieces + paid.set_up - paid.loan - short
            poorer = replace(
                made,
                states=tuple(
                    spends(one, paid.year, left, made) if one.code == paid.state else one for one in made.states
                ),
            )
            best, found = plans.least(poorer), plans.planned(poorer)
            assert (dict(found.goals)["cost"] if found.goals else None) == best, (seed, short)
            assert found.status == ("infeasible" if best is None else "optimal"), (seed, short)
            told["impossible" if best is None else "kept" if best == before else "a cent short"] += 1
    assert min(told.values()) > 2, told


def dear(made: Plan, seed: int, times: int) -> Plan:
    """So many times as dear, and no price round."""
    pick = Random(seed)
    offers = tuple(
        replace(
            each,
            set_up=times * each.set_up,
            tiers=tuple(Tier(one.least, times * one.price + pick.randint(0, 3)) for one in each.tiers),
            extras=tuple((code, times * cost) for code, cost in each.extras),
        )
        for each in made.offers
    )
    states = tuple(
        replace(
            each,
            loan=None if each.loan is None else times * each.loan,
            budgets=None if each.budgets is None else tuple((year, times * one) for year, one in each.budgets),
        )
        for each in made.states
    )
    return replace(made, offers=offers, states=states)


def spends(state: State, year: int, budget: int, made: Plan) -> State:
    """A state with so much in a year, and in others what it had, or plenty."""
    budgets = dict(state.budgets or dict.fromkeys(made.years, 10**18)) | {year: budget}
    return replace(state, budgets=tuple(budgets.items()))


def test_what_loans_cost_is_counted() -> None:
    """The same against every allocation and every way to draw, where a loan costs more than cash, as much, or less."""
    told = {-1: 0, 1: 0}
    terms = replace(plans.TERMS, least_buyers=1)  # so that more of them are possible
    for seed in range(60):
        made = plans.drawn(seed, credit=True)
        best = plans.least(made, terms)
        found = plans.planned(made, terms=terms)
        assert (dict(found.goals)["cost"] if found.goals else None) == best, seed
        if found.borrowing:
            told[1 if found.borrowing > 0 else -1] += 1
    assert min(told.values()) > 3, told


def test_conflicts_are_real_and_the_way_out_is_one() -> None:
    """Of what is impossible, a smallest conflict is found, and giving what is told makes it possible."""
    seen = unmet = 0
    for seed in range(120):
        made = plans.drawn(seed)
        if plans.least(made) is not None:
            continue
        clash = plans.planned(made).clash
        assert clash is not None, seed
        if clash.unmet:
            freed = tuple(replace(one, budgets=None) for one in made.states)
            assert plans.least(replace(made, states=freed, limits=())) is None, seed
            unmet += 1
            continue
        assert clash.conflict, seed
        assert clash.minimal, seed
        assert clash.gives, seed
        seen += 1
        budgets = {each.name: each.by for each in clash.gives if each.family == "budget"}
        if len(budgets) < len(clash.gives):
            continue
        states = tuple(
            replace(
                one, budgets=tuple((y, b + budgets.get(f"{one.code}'s {y} budget", 0)) for y, b in one.budgets or ())
            )
            if one.budgets
            else one
            for one in made.states
        )
        assert plans.least(replace(made, states=states)) is not None, seed
    assert seen > 20
    assert unmet > 2


def test_conflicts_of_large_plans_are_real(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found in parts of a plan, or by multipliers, cannot hold in the whole; most of it is found."""
    monkeypatch.setattr(explain, "LARGE", 0)
    seen = found = 0
    for seed in range(70):
        made = plans.drawn(seed)
        if plans.least(made) is not None:
            continue
        clash = plans.planned(made).clash
        assert clash is not None, seed
        if clash.unmet:
            continue
        seen += 1
        if clash.conflict:
            found += 1
            model = build(made, plans.TERMS, whole=True)
            kept = [row for row in np.flatnonzero(model.soft).tolist() if explain.key_of(model, row) in clash.conflict]
            assert len(kept) == len(clash.conflict), (seed, clash.conflict)
            test = explain._Test(model, np.flatnonzero(model.soft), Stop())
            assert not test.possible(kept), (seed, clash.conflict)
            assert clash.minimal, seed
    assert found > 0.8 * seen > 8


def test_large_plans_are_searched_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done for large plans only (rounding, blocks, neighbourhoods) finds the same on small ones."""
    monkeypatch.setattr(search, "LARGE", 0)
    for seed in range(40):
        made = plans.drawn(seed)
        best = plans.least(made)
        found = plans.planned(made)
        assert (dict(found.goals)["cost"] if found.goals else None) == best, seed


def test_every_allocation_is_judged_alike() -> None:
    """The check of what is returned refuses what breaks a condition, and nothing else."""
    judged = {True: 0, False: 0}
    for seed in range(300):
        made = plans.drawn(seed)
        for place, bought in enumerate(plans.allocations(made)):
            if place % 3 or any(each.set_up for each in made.offers):
                continue  # who leads matters to set-up alone, and is tried out above
            right = plans.cost_of(made, bought)
            checked = recheck.check(made, plans.TERMS, bought, {})
            assert (right is None) == bool(checked.broken), (seed, bought, checked.broken)
            assert right is None or checked.cost == right
            judged[right is None] += 1
    assert min(judged.values()) > 20
