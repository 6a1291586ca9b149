"""Days that cannot be are refused, days to come make nothing met, and what a country may do depends on the day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jointbuy import flow, law
from jointbuy.decide import columns
from jointbuy.decide.explain import explain
from jointbuy.errors import NotInForce, Unusable
from jointbuy.rules import Fact, S, is_one_of, on_or_before
from test_verdicts import CASES, folder, statuses

FIRST = {"EDIDP": "2018-08-10", "EDF": "2021-05-12", "ASAP": "2023-07-25", "EDIRPA": "2023-10-27"}
"""Days of publication as the footnotes of SAFE give them; of EDIRPA, whose text was read, the day after."""


def refused(change: dict[str, Any], at: Path) -> list[str]:
    try:
        flow.check(folder({"change": change}, at))
    except Unusable as caught:
        return [str(problem) for problem in caught.problems]
    return []


@pytest.mark.parametrize(("act", "day"), FIRST.items())
def test_no_clearance_is_older_than_its_act(act: str, day: str, tmp_path: Path) -> None:
    before = date.fromordinal(date.fromisoformat(day).toordinal() - 1)
    assert refused({"parties": {"C": {"clearances": [{"act": act, "on": day, "unchanged": "yes"}]}}}, tmp_path) == []
    change = {"parties": {"C": {"clearances": [{"act": act, "on": str(before), "unchanged": "yes"}]}}}
    (problem,) = refused(change, tmp_path)
    assert "purchase.yaml:" in problem
    assert f"the {act} clearance of C is of {before}: nothing under that act is older than {day}" in problem


def test_nothing_under_the_act_is_older_than_it(tmp_path: Path) -> None:
    loan = {"council_decision": "2025-05-28", "agreement_in_force": "2025-05-28"}
    buyers = [
        {"country": "PL", "borrows": "yes", "loan": loan, "participation": "signed"},
        {"country": "DE", "borrows": "no", "participation": "signed"},
    ]
    problems = refused({"buyers": buyers}, tmp_path)
    assert len(problems) == 2, "both days are reported in one run"
    loan.update(council_decision="2025-05-29", agreement_in_force="2025-05-29")
    assert refused({"buyers": buyers}, tmp_path) == []


def test_no_notification_is_older_than_the_act_or_than_its_screening(tmp_path: Path) -> None:
    def told(screened: str, mitigation: str, guarantees: str) -> list[str]:
        screening = {"on": screened, "outcome": "cleared with mitigation", "notified": mitigation}
        return refused({"parties": {"C": {"screening": screening, "guarantees": {"notified": guarantees}}}}, tmp_path)

    assert told("2025-05-29", "2025-05-29", "2025-05-29") == []
    both = told("2024-05-01", "2025-05-28", "2025-05-28")
    assert [each.partition(": ")[2].partition(":")[0] for each in both] == [
        "screening.notified of C is 2025-05-28",
        "guarantees.notified of C is 2025-05-28",
    ]
    (problem,) = told("2026-05-02", "2026-05-01", "2026-05-01")
    assert "screening.notified is 2026-05-01: it lies before parties[C].screening.on, 2026-05-02" in problem


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"events": {"last_delivery": "2026-06-14"}}, "events.last_delivery is 2026-06-14: it lies before"),
        (
            {
                "buyers": [
                    {"country": "PL", "borrows": "yes", "participation": "signed"},
                    {"country": "DE", "borrows": "no", "participation": "signed", "joined": "2026-06-14"},
                ]
            },
            "buyers[1].joined is 2026-06-14: it lies before events.signature, 2026-06-15",
        ),
    ],
)
def test_nothing_is_delivered_or_joined_before_signature(change: dict[str, Any], told: str, tmp_path: Path) -> None:
    (problem,) = refused(change, tmp_path)
    assert told in problem


@pytest.mark.parametrize("answers", [("yes", "no"), ("no", "yes")])
def test_two_answers_of_one_day_are_refused_in_either_order(answers: tuple[str, str], tmp_path: Path) -> None:
    def said(answer: str, on: str) -> dict[str, str]:
        return {"settles": "plan", "answer": answer, "by": "Authority", "on": on, "source": "Letter 2"}

    one, other = answers
    (problem,) = refused({"statements": [said(one, "2026-04-01"), said(other, "2026-04-01")]}, tmp_path)
    assert f'says {other} to "plan" on 2026-04-01: the one at purchase.yaml:' in problem
    assert refused({"statements": [said(one, "2026-04-01"), said(one, "2026-04-01")]}, tmp_path) == []
    assert refused({"statements": [said(one, "2026-04-01"), said(other, "2026-04-02")]}, tmp_path) == []
    remarks = flow.check(tmp_path).verdict.remarks
    assert f'of the statements that settle "plan" that of 2026-04-02, {other}, counts' in " ".join(remarks)


@pytest.mark.parametrize(
    ("leaf", "value", "expected"),
    [
        (on_or_before("day", "art08.last_decision"), date(2027, 6, 30), S.UNKNOWN),
        (on_or_before("day", "art08.last_decision"), date(2027, 7, 1), S.NOT_MET),
        (is_one_of("day", "cleared"), "cleared", S.UNKNOWN),
        (is_one_of("day", "cleared"), "prohibited", S.NOT_MET),
    ],
)
def test_what_lies_ahead_makes_nothing_met(leaf: Any, value: Any, expected: S) -> None:
    act = law.act("safe")
    view = law.view(act, date(2026, 9, 15), act.as_of, {}, {})
    facts = {"day": Fact(value, ahead=True)}
    node, _ = explain(leaf, facts, {}, view)
    assert node.status is expected
    assert columns.statuses(leaf, columns.table([facts], [{}]), view).tolist() == [expected]
    assert expected is S.NOT_MET or "lies ahead" in node.because


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2025-11-30", "yes"),
        ("2025-12-01", "unknown"),
        ("2027-06-30", "unknown"),
        ("2027-07-01", "no"),
    ],
)
def test_whether_a_member_state_may_borrow_depends_on_the_day(day: str, answer: str) -> None:
    found = flow.access("Germany", on=day)
    assert found.may_borrow == answer
    assert ("2026-12-31 (Art. 8(7))" in " ".join(found.because)) == (answer == "unknown")
    assert flow.access("Canada", on=day).may_borrow == "no"


@pytest.mark.parametrize(
    ("act", "country", "buy", "supply"),
    [
        ("safe", "Ukraine", "yes", "yes"),  # Art. 2(3) and 16(3)
        ("edip", "Ukraine", "no", "no"),  # Art. 9(1) and 11(3): it is no associated country
        ("edip_ukraine", "Ukraine", "yes", "yes"),  # Art. 26(1) and 27(8)
        ("edip", "Norway", "yes", "yes"),  # Art. 2(3)
        ("edip_ukraine", "Norway", "no", "no"),  # Art. 27(8) takes associated countries out
        ("edirpa", "Norway", "yes", "yes"),  # Art. 10(b)
        ("edirpa", "Ukraine", "no", "no"),
    ],
)
def test_access_is_of_one_act(act: str, country: str, buy: str, supply: str) -> None:
    found = flow.access(country, act=act)
    assert (found.act, found.may_buy, found.may_supply) == (act, buy, supply)


def test_access_on_a_day_without_law_is_refused() -> None:
    assert flow.access("Norway", on="2025-05-29").may_buy == "yes"
    with pytest.raises(NotInForce, match="applies from 2025-05-29"):
        flow.access("Norway", on="2025-05-28")
    with pytest.raises(NotInForce, match="to 2025-12-31"):
        flow.access("Norway", on="2026-01-01", act="edirpa")


@pytest.mark.parametrize(("territory", "state"), [("GF", "France"), ("AX", "Finland")])
def test_a_territory_counts_with_its_state(territory: str, state: str) -> None:
    found = flow.access(territory)
    assert found.may_buy == "yes"
    assert any(f"part of {state} and counts with it" in each for each in found.because)
    assert not any("counts with it" in each for each in flow.access(state).because)


@pytest.mark.parametrize(
    ("on", "signed", "status"),
    [
        (None, "2026-01-26", "not met"),  # a day before the partnership of 27 January 2026
        ("2026-01-27", "2026-01-26", "not met"),
        ("2026-09-01", "2026-01-26", "not met"),
        ("2026-09-01", "2026-01-27", "met"),
        ("2026-01-26", "2026-01-27", "met"),
    ],
)
def test_the_law_of_another_day_moves_no_day_on_which_a_country_took_part(
    on: str | None, signed: str, status: str, tmp_path: Path
) -> None:
    """SAFE, Art. 2(3) by the default of the reading `later partnership`; conventions, §5: `on` selects the law."""
    name = "India signs first, two weeks before its partnership"
    buyers = next(each["change"]["buyers"] for each in CASES if each["case"] == name)
    at = folder({"change": {"buyers": buyers, "events": {"signature": signed}}}, tmp_path)
    assert statuses(flow.check(at, on=on))["safe.art02_common_procurement"] == status


def test_a_value_stands_until_that_which_follows_it_is_known() -> None:
    """Buy Canadian: its limit fell from 25 to 5 million dollars on 15 June 2026, which nobody knew in January."""
    limit = law.act("buy_canadian").parameters["policy.content_from"]
    day = date(2026, 6, 15)
    assert limit.on(day, date(2026, 1, 1)).value == 25_000_000
    assert limit.on(day, day).value == 5_000_000
    assert limit.on(date(2026, 6, 14), day).value == 25_000_000
