"""Every rule against its cases, evaluated both ways; and no number of a law that no case would miss."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from cases import Case, cases
from jointbuy import law
from jointbuy.decide import columns
from jointbuy.decide.explain import explain
from jointbuy.decide.verdict import STATUS
from jointbuy.law import inspect
from jointbuy.parameters import Parameter, View
from jointbuy.places import Group
from jointbuy.rules import Judgement, S
from vocabulary import Random

ACTS = [law.act(name) for name in law.ACTS]
CASES = [case for act in ACTS for case in cases(act.name)]
EVERY_ACT = pytest.mark.parametrize("act", ACTS, ids=[act.name for act in ACTS])
LISTED = Group("contravening listed", "the purchase's list", frozenset({"CN"}), frozenset())


def view_of(act: law.Act, on: date, readings: Mapping[str, str], groups: Mapping[str, Group]) -> View:
    return law.view(act, on, act.as_of, readings, groups)


def act_of(case: Case) -> law.Act:
    return law.act(case.rule.id.split(".")[0])


def outcome(case: Case, view: View) -> str:
    node, _ = explain(case.rule.expression, case.given, case.statements, view)
    return STATUS[node.status]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    view = view_of(act_of(case), case.on, case.readings, case.groups)
    assert outcome(case, view) == case.expect, case.because
    table = columns.table([case.given], [case.statements])
    assert STATUS[S(columns.statuses(case.rule.expression, table, view)[0])] == case.expect


@EVERY_ACT
def test_every_rule_has_cases_of_every_status_it_can_have(act: law.Act) -> None:
    """Met, not met and unknown; a rule that only asks a person is for judgement while nobody has answered."""
    for rule in act.rules:
        seen = {case.expect for case in CASES if case.rule is rule}
        asks = isinstance(rule.expression, Judgement) or rule.id.endswith(NEVER_UNKNOWN)
        assert {"met", "not met", "for judgement" if asks else "unknown"} <= seen, f"{rule.id}: {sorted(seen)}"


NEVER_UNKNOWN = ("edip.art11_subcontractors", "edip_ukraine.art11_subcontractors", "edirpa.art09_subcontractors")
"""Whether the file lists its subcontracts is always known."""


def used_by_rules(act: law.Act) -> set[str]:
    """The parameters that rules compare; those of control are held by tests/test_control.py."""
    return {name for rule in act.rules for name in inspect.uses(rule).parameters}


def changed(parameter: Parameter) -> list[Parameter]:
    """The parameter a little higher and a little lower."""

    def move(value: Fraction | date | str, step: int) -> Fraction | date | str:
        if isinstance(value, Fraction):
            return value + step * (1 if parameter.unit == "count" else Fraction(1, 10**6))
        return value + timedelta(days=step) if isinstance(value, date) else value

    return [
        replace(parameter, values=tuple(replace(each, value=move(each.value, step)) for each in parameter.values))
        for step in (-1, 1)
    ]


LIMITS = [(act, name) for act in ACTS for name in sorted(used_by_rules(act)) if act.parameters[name].unit != "word"]
NEVER_ALONE = {"canada.max_canadian_share"}
"""With at least 20 % from inside, Canada cannot exceed 80 %: moving that limit up changes nothing (law.md §2)."""


@pytest.mark.parametrize(("act", "name"), LIMITS, ids=[f"{act.name}.{name}" for act, name in LIMITS])
def test_moving_a_limit_by_a_hair_makes_a_case_fail(act: law.Act, name: str) -> None:
    """One millionth, one day or one buyer: down and up, some case notices each."""
    mine = [case for case in CASES if act_of(case) is act]
    down, up = changed(act.parameters[name])
    for moved in (down,) if name in NEVER_ALONE else (down, up):
        views = [
            replace(view_of(act, each.on, each.readings, each.groups), parameters={**act.parameters, name: moved})
            for each in mine
        ]
        assert any(outcome(case, view) != case.expect for case, view in zip(mine, views, strict=True)), moved


@EVERY_ACT
def test_one_definition_evaluated_both_ways_on_random_purchases(act: law.Act) -> None:
    """Explained one by one and as columns, under random readings, every rule comes to one status: 10,000 for SAFE."""
    dates = [value.value for each in act.parameters.values() for value in each.values if isinstance(value.value, date)]
    maker = Random(20260915, [rule.expression for rule in act.rules], dates)
    choose, seen = random.Random(7), set()
    for _ in range(20 if act.name == "safe" else 2):
        readings = {
            name: choose.choice(reading.options).name
            for name, reading in act.readings.items()
            if name not in act.settled
        }
        view = view_of(
            act,
            act.period[1] - timedelta(days=1) if act.period[1] else date(2026, 9, 15),
            readings,
            {LISTED.name: LISTED},
        )
        drawn = [maker.purchase() for _ in range(500)]
        table = columns.table([facts for facts, _ in drawn], [said for _, said in drawn])
        for rule in act.rules:
            column = columns.statuses(rule.expression, table, view)
            one_by_one = [explain(rule.expression, facts, said, view)[0].status for facts, said in drawn]
            assert column.tolist() == one_by_one, rule.id
            seen |= {(rule.id, status) for status in one_by_one}
    for rule in act.rules:
        assert len({status for name, status in seen if name == rule.id}) >= 2, f"{rule.id} was hardly tried"
