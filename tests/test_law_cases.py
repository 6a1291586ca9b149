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
from jointbuy.parameters import Parameter, View
from jointbuy.places import Group
from jointbuy.rules import Judgement, S
from vocabulary import Random

SAFE = law.act("safe")
CASES = cases("safe")
LISTED = Group("contravening listed", "the purchase's list", frozenset({"CN"}), frozenset())


def view_of(on: date, readings: Mapping[str, str], groups: Mapping[str, Group]) -> View:
    return law.view(SAFE, on, SAFE.as_of, readings, groups)


def outcome(case: Case, view: View) -> str:
    node, _ = explain(case.rule.expression, case.given, case.statements, view)
    return STATUS[node.status]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    view = view_of(case.on, case.readings, case.groups)
    assert outcome(case, view) == case.expect, case.because
    table = columns.table([case.given], [case.statements])
    assert STATUS[S(columns.statuses(case.rule.expression, table, view)[0])] == case.expect


def test_every_rule_has_cases_of_every_status_it_can_have() -> None:
    """Met, not met and unknown; a rule that only asks a person is for judgement while nobody has answered."""
    for rule in SAFE.rules:
        seen = {case.expect for case in CASES if case.rule is rule}
        asks = isinstance(rule.expression, Judgement)
        assert {"met", "not met", "for judgement" if asks else "unknown"} <= seen, f"{rule.id}: {sorted(seen)}"


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


LIMITS = [name for name, each in SAFE.parameters.items() if each.unit in {"share", "date", "count"}]
OF_CONTROL = {"art16.control_majority", "art16.control_review"}
"""Used by `control`, not by a rule: tests/test_control.py holds them."""
OF_DATES = {name for name in SAFE.parameters if name.startswith("sister.")} | {"art08.last_call"}
"""Used to refuse impossible dates and to say who may borrow: tests/test_law_dates.py holds them."""


NEVER_ALONE = {"canada.max_partner_share"}
"""With at least 20 % from inside, Canada cannot exceed 80 %: moving that limit up changes nothing (law.md §2)."""


@pytest.mark.parametrize("name", sorted(set(LIMITS) - OF_CONTROL - OF_DATES))
def test_moving_a_limit_by_a_hair_makes_a_case_fail(name: str) -> None:
    """One millionth, one day or one buyer: down and up, some case notices each."""
    down, up = changed(SAFE.parameters[name])
    for moved in (down,) if name in NEVER_ALONE else (down, up):
        views = [
            replace(view_of(each.on, each.readings, each.groups), parameters={**SAFE.parameters, name: moved})
            for each in CASES
        ]
        assert any(outcome(case, view) != case.expect for case, view in zip(CASES, views, strict=True)), moved


def test_one_definition_evaluated_both_ways_on_ten_thousand_random_purchases() -> None:
    """Explained one by one and as columns, under random readings, every rule comes to the same status."""
    dates = [value.value for each in SAFE.parameters.values() for value in each.values if isinstance(value.value, date)]
    maker = Random(20260915, [rule.expression for rule in SAFE.rules], dates)
    choose, seen = random.Random(7), set()
    for _ in range(20):
        readings = {name: choose.choice(reading.options).name for name, reading in SAFE.readings.items()}
        view = view_of(date(2026, 9, 15), readings, {LISTED.name: LISTED})
        drawn = [maker.purchase() for _ in range(500)]
        table = columns.table([facts for facts, _ in drawn], [said for _, said in drawn])
        for rule in SAFE.rules:
            column = columns.statuses(rule.expression, table, view)
            one_by_one = [explain(rule.expression, facts, said, view)[0].status for facts, said in drawn]
            assert column.tolist() == one_by_one, rule.id
            seen |= {(rule.id, status) for status in one_by_one}
    for rule in SAFE.rules:
        assert len({status for name, status in seen if name == rule.id}) >= 2, f"{rule.id} was hardly tried"
