"""Every rule against its cases, evaluated both ways; and no number of a law that no case would miss."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from cases import Case, cases
from draws import draws
from jointbuy import law
from jointbuy.decide import columns, compiled, plain
from jointbuy.decide.explain import explain
from jointbuy.decide.verdict import MIXING, STATUS, decided
from jointbuy.law import inspect
from jointbuy.parameters import Parameter, View
from jointbuy.places import Group
from jointbuy.rules import Fact, Facts, Judgement, S
from random_facts import near
from vocabulary import Random

SAFE = law.act("safe")
ACTS = [law.act(name) for name in law.ACTS]
CASES = [case for act in ACTS for case in cases(act.name)]
EVERY_ACT = pytest.mark.parametrize("act", ACTS, ids=[act.name for act in ACTS])
LISTED = Group("contravening listed", "the purchase's list", frozenset({"CN"}), frozenset())


WITH_CANADA = {rule.condition for rule in SAFE.rules if rule.route == "canada"}
"""The conditions that the agreement answers by rules of its own."""


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


NEVER_UNKNOWN = (
    *("edip.art11_subcontractors", "edip_ukraine.art11_subcontractors", "edirpa.art09_subcontractors"),
    *("edip.art11_agent", "edip_ukraine.art11_agent", "edirpa.art09_agent"),
    *("edip.art11_informed", "edip_ukraine.art11_informed", "buy_american.far25_iron_and_steel"),
)
"""Whether the file lists its subcontracts is always known; a file silent on who procures, or on steel, is asked."""


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
NEVER_ALONE = {"canada.max_partner_share"}
"""With at least 20 % from inside, Canada cannot exceed 80 %: moving that limit up changes nothing (law.md §2)."""


@pytest.mark.parametrize(("act", "name"), LIMITS, ids=[f"{act.name}.{name}" for act, name in LIMITS])
def test_moving_a_limit_by_a_hair_makes_a_case_fail(act: law.Act, name: str) -> None:
    """One millionth, one day or one buyer: down and up, some case notices each."""
    uses = {rule.id for rule in act.rules if name in inspect.uses(rule).parameters}
    mine = [case for case in CASES if case.rule.id in uses]  # at the others nobody looks at the limit
    down, up = changed(act.parameters[name])
    for moved in (down,) if name in NEVER_ALONE else (down, up):
        views = [
            replace(view_of(act, each.on, each.readings, each.groups), parameters={**act.parameters, name: moved})
            for each in mine
        ]
        assert any(outcome(case, view) != case.expect for case, view in zip(mine, views, strict=True)), moved


def drawn_purchases(maker: Random, count: int) -> list[tuple[Facts, Mapping[str, Fact]]]:
    """Half at random, which hardly ever pass; half near the examples, which do."""
    return [near(maker, 0.01) if each % 2 == 0 else maker.purchase() for each in range(count)]


def test_one_definition_evaluated_both_ways_on_random_purchases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Explained one by one and as columns, under random readings: the same statuses, outcomes and routes taken.

    On some of the days no agreement is open yet.
    """
    dates = [value.value for each in SAFE.parameters.values() for value in each.values if isinstance(value.value, date)]
    maker = Random(20260915, [rule.expression for rule in SAFE.rules], dates)
    choose, seen, ways = random.Random(7), set(), set()
    for round_ in range(20):
        readings = {name: choose.choice(reading.options).name for name, reading in SAFE.readings.items()}
        on = date(2026, 2, 13) if round_ % 5 == 0 else date(2026, 9, 15)
        view = view_of(SAFE, on, readings, {LISTED.name: LISTED})
        engine = plain if round_ % 2 else compiled
        monkeypatch.setattr(columns, "_engine", lambda rows, engine=engine: engine)
        drawn = drawn_purchases(maker, draws(40))
        found = columns.verdicts(columns.table([facts for facts, _ in drawn], [said for _, said in drawn]), SAFE, view)
        answers = [decided(facts, said, SAFE, view) for facts, said in drawn]
        for place, rule in enumerate(found.rules):
            one_by_one = [answer.status[rule] for answer in answers]
            assert found.statuses[place].tolist() == one_by_one, rule
            seen |= {(rule, status) for status in one_by_one}
        assert [columns.OUTCOMES[number] for number in found.outcomes] == [answer.outcome for answer in answers]
        for way, answer in zip(found.ways.tolist(), answers, strict=True):
            taken = {route for condition, route in answer.taken.items() if condition in WITH_CANADA}
            assert taken == {found.routes[way]} if way >= 0 else readings[MIXING] == "each condition"
            ways.add((answer.outcome, way))
    # That some conditions hold by one route and some by the other never decides here: Canada's accepts more throughout.
    assert ways == {(outcome, way) for outcome in columns.OUTCOMES for way in (0, 1)}
    for rule in SAFE.rules:
        assert len({status for name, status in seen if name == rule.id}) >= 2, f"{rule.id} was hardly tried"


@pytest.mark.parametrize("act", [act for act in ACTS if act is not SAFE], ids=lambda act: act.name)
def test_neighbouring_acts_are_evaluated_both_ways_alike(act: law.Act) -> None:
    """Explained one by one and as columns, under random readings, every rule comes to one status."""
    dates = [value.value for each in act.parameters.values() for value in each.values if isinstance(value.value, date)]
    maker = Random(20260915, [rule.expression for rule in act.rules], dates)
    choose, seen = random.Random(7), set()
    on = act.period[1] - timedelta(days=1) if act.period[1] else date(2026, 9, 15)
    for _ in range(3):
        readings = {
            name: choose.choice(reading.options).name
            for name, reading in act.readings.items()
            if name not in act.settled
        }
        view = view_of(act, on, readings, {LISTED.name: LISTED})
        drawn = [maker.purchase() for _ in range(draws(80))]
        table = columns.table([facts for facts, _ in drawn], [said for _, said in drawn])
        for rule in act.rules:
            column = columns.statuses(rule.expression, table, view)
            one_by_one = [explain(rule.expression, facts, said, view)[0].status for facts, said in drawn]
            assert column.tolist() == one_by_one, rule.id
            seen |= {(rule.id, status) for status in one_by_one}
    for rule in act.rules:
        assert len({status for name, status in seen if name == rule.id}) >= 2, f"{rule.id} was hardly tried"
