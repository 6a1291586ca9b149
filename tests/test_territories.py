"""A territory with a code of its own is part of its Member State: counted with it, once, whoever verifies there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jointbuy import flow, law
from jointbuy.result import Finding, Verdict
from oracle import EXAMPLES
from test_verdicts import FILE, folder

RULES = {
    "edip": "edip.art11_partners",
    "edip_ukraine": "edip_ukraine.art11_partners",
    "edirpa": "edirpa.art08_partners",
}
DAYS = {"edirpa": "2025-06-15"}
"""EDIRPA ended with 2025; the others stand on the day of the example."""


NONE = ("edip-structure", "edip-ukraine-structure")


def buying(at: Path, act: str, *countries: str) -> Verdict:
    """The night sight bought by these countries, each of which signs; they are no structure for armament."""
    at = at / "night-sight"
    shutil.copytree(EXAMPLES / "night-sight", at)
    text = (at / "purchase.yaml").read_text("utf-8")
    start, end = text.index("buyers:\n"), text.index("conducted_by:")
    buyers = "".join(f"  - {{country: {each}, participation: signed}}\n" for each in countries)
    said = "".join(
        f"  - {{settles: {key}, answer: no, by: Authority, on: 2026-06-01, source: Letter}}\n" for key in NONE
    )
    rest = text[end:].replace("statements:\n", f"statements:\n{said}")
    assert said in rest
    (at / "purchase.yaml").write_text(f"{text[:start]}buyers:\n{buyers}{rest}", "utf-8")
    return flow.check(at, act=act, on=DAYS.get(act, "2026-06-15")).verdict


def finding(found: Verdict, rule: str) -> Finding:
    return next(each for each in found.findings if each.rule == rule)


@pytest.mark.parametrize(
    ("act", "countries", "status"),
    [
        # EDIP, Art. 11(3)(a): three states, two of them members. Guiana, Guadeloupe and France are one of each.
        ("edip", ("FR", "GF", "GP"), "not met"),
        ("edip", ("PL", "FR", "GF"), "not met"),
        ("edip", ("PL", "FI", "AX"), "not met"),
        ("edip", ("PL", "DE", "GF"), "met"),  # Guiana stands for France
        ("edip_ukraine", ("PL", "FI", "AX"), "not met"),
        ("edip_ukraine", ("UA", "FI", "AX"), "not met"),
        ("edip_ukraine", ("UA", "PL", "AX"), "met"),
        # EDIRPA, Art. 2(1): three Member States.
        ("edirpa", ("FR", "GF", "GP"), "not met"),
        ("edirpa", ("NO", "PL", "FR", "GF"), "not met"),
        ("edirpa", ("PL", "DE", "RE"), "met"),
    ],
)
def test_a_territory_counts_with_its_state(act: str, countries: tuple[str, ...], status: str, tmp_path: Path) -> None:
    assert finding(buying(tmp_path, act, *countries), RULES[act]).status == status


def test_under_safe_two_parts_of_one_state_are_no_common_procurement(tmp_path: Path) -> None:
    """Art. 2(3): one Member State and one more."""
    borrows = {"borrows": "yes", "loan": {"council_decision": "2026-02-17"}, "participation": "signed"}
    case = {"change": {"buyers": [{"country": "FR", **borrows}, {"country": "GF", **borrows}], "conducted_by": "FR"}}
    found = finding(flow.check(folder(case, tmp_path)).verdict, "safe.art02_common_procurement")
    assert found.status == "not met"


def test_a_state_may_run_what_its_territory_buys(tmp_path: Path) -> None:
    """Art. 2(3): France runs it, and Réunion is France."""
    buyers = [FILE["base"]["buyers"][0], {"country": "RE", "borrows": "no", "participation": "signed"}]
    found = flow.check(folder({"change": {"buyers": buyers, "conducted_by": "FR"}}, tmp_path)).verdict
    assert finding(found, "safe.art02_common_procurement").status == "met"


@pytest.mark.parametrize(
    ("seat", "by", "status"),
    [
        ("GP", "FR", "for judgement"),  # what is left is asked of persons
        ("FR", "GP", "for judgement"),
        ("AX", "FI", "for judgement"),
        ("GP", "FI", "not met"),
        ("AX", "SE", "not met"),
    ],
)
def test_the_state_of_a_territory_verifies_guarantees(seat: str, by: str, status: str, tmp_path: Path) -> None:
    """SAFE, Art. 16(5): the Member State in which the entity is established; of Guadeloupe that is France."""
    guarantees = {"control_does_not_hamper": "yes", "classified_protected": "yes", "in_tender": "yes"}
    party = {
        "established_in": seat,
        "executive_management_in": seat,
        "controlled_by": "US",
        "guarantees": {**guarantees, "verified_by": by, "notified": "2026-05-01"},
    }
    found = flow.check(folder({"change": {"parties": {"C": party}}}, tmp_path)).verdict
    assert finding(found, "safe.art16_03_establishment").status == status


def test_every_territory_in_the_union_has_its_state_there_and_no_state_has_one() -> None:
    """Of codes in the Union only those of its members are states of their own: 27, and before 2020 one more."""
    places = law.places()
    codes = {each.country for each in places.memberships["union"]}
    inside = {territory: state for territory, state in places.states.items() if state in codes}
    assert set(inside) < codes
    assert set(inside.values()) <= codes - set(inside)
    assert len(codes - set(inside)) == 28
