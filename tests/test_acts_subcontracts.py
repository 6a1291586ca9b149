"""Subcontracts of whole purchases under the neighbouring acts: what several of them with one firm come to."""

from __future__ import annotations

from pathlib import Path

import pytest

from jointbuy.result import Finding
from test_acts_purchases import verdict

FIRM = """parties:
  - {id: X, name: Example Firm, established_in: US, executive_management_in: US, controlled_by: US}
  - {id: Y, name: Another Firm, established_in: FR, executive_management_in: FR, controlled_by: FR}
"""
TASKS = "critical_input: yes, classified_access: yes, own_components: no"
OWN = "critical_input: yes, classified_access: yes, own_components: yes"
UNSAID = "critical_input: yes, classified_access: yes"
BEFORE, AFTER = "relationship_since: 2025-12-29", "relationship_since: 2025-12-30"
"""EDIP entered into force on 30 December 2025."""


def suppliers(at: Path, act: str, *rows: str) -> Finding:
    listed = "".join(f"  - {{subcontractor: X, {row}}}\n" for row in rows)
    found = verdict(at, act, party=("parties:\n", FIRM), subcontract=("subcontracts: []\n", f"subcontracts:\n{listed}"))
    rule = {"edip": "edip.art11_suppliers", "edirpa": "edirpa.art09_suppliers"}[act]
    return next(each for each in found.findings if each.rule == rule)


@pytest.mark.parametrize(
    ("act", "rows", "status"),
    [
        # EDIP, Art. 2(31): 15 % for tasks; what it supplies of its own counts for nothing.
        ("edip", (f"share: 20, {OWN}, {AFTER}", f"share: 0.001, {TASKS}, {AFTER}"), "met"),
        ("edip", (f"share: 20, {OWN}, {AFTER}", f"share: 14.99, {TASKS}, {AFTER}"), "met"),
        ("edip", (f"share: 20, {OWN}, {AFTER}", f"share: 15, {TASKS}, {AFTER}"), "not met"),
        ("edip", (f"share: 5, {TASKS}, {AFTER}", f"share: 10, {TASKS}, {AFTER}"), "not met"),
        # Of one nobody says what it is for: 10 or 20 %.
        ("edip", (f"share: 10, {UNSAID}, {AFTER}", f"share: 10, {TASKS}, {AFTER}"), "unknown"),
        ("edip", (f"share: 4, {UNSAID}, {AFTER}", f"share: 10, {TASKS}, {AFTER}"), "met"),
        # Art. 11(7): 20 % for tasks lie in the band of 15 to 35 %, whatever it supplies beside.
        ("edip", (f"share: 30, {OWN}, {BEFORE}", f"share: 20, {TASKS}, {BEFORE}"), "met"),
        ("edip", (f"share: 16, {TASKS}, {BEFORE}", f"share: 20, {TASKS}, {BEFORE}"), "not met"),
        # Art. 11(7): whatever 20 % are for, none is asked or the earlier contract excuses it; not above the band.
        ("edip", (f"share: 20, {UNSAID}, {BEFORE}",), "met"),
        ("edip", (f"share: 35, {UNSAID}, {BEFORE}",), "met"),
        ("edip", (f"share: 35.01, {UNSAID}, {BEFORE}",), "unknown"),
        ("edip", (f"share: 20, {UNSAID}, {AFTER}",), "unknown"),
        # EDIRPA, Art. 9(13): what the entity is allocated of the contract, whatever for.
        ("edirpa", (f"share: 10, {OWN}", f"share: 5, {TASKS}"), "not met"),
    ],
)
def test_what_a_firm_supplies_of_its_own_is_no_part_of_its_tasks(
    act: str, rows: tuple[str, ...], status: str, tmp_path: Path
) -> None:
    assert suppliers(tmp_path, act, *rows).status == status


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        # Art. 11(7): a direct contract had been concluded before; that another came later does not undo it.
        ((f"share: 10, {TASKS}, {BEFORE}", f"share: 10, {TASKS}, {AFTER}"), "met"),
        ((f"share: 10, {TASKS}, {AFTER}", f"share: 10, {TASKS}, {BEFORE}"), "met"),
        ((f"share: 10, {TASKS}, {BEFORE}", f"share: 10, {TASKS}"), "met"),
        ((f"share: 10, {TASKS}, {AFTER}", f"share: 10, {TASKS}, {AFTER}"), "not met"),
        ((f"share: 10, {TASKS}", f"share: 10, {TASKS}"), "unknown"),
        # With another party it is another relationship.
        ((f"share: 10, {TASKS}, {BEFORE}, contractor: Y", f"share: 10, {TASKS}, {AFTER}"), "not met"),
    ],
)
def test_a_relationship_is_of_two_companies_and_as_old_as_the_oldest_contract(
    rows: tuple[str, ...], status: str, tmp_path: Path
) -> None:
    assert suppliers(tmp_path, "edip", *rows).status == status


ANOTHER = "contractor: Y"
UNNAMED = "product: mount"
"""Of a consortium of two: what the second one awards, and what nobody says who does."""


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        # Art. 11(7): a contract between the contractor and that subcontractor, of whichever member awards.
        (BEFORE, f"{ANOTHER}, {BEFORE}", "met"),
        (BEFORE, f"{ANOTHER}, {AFTER}", "for judgement"),
        (BEFORE, ANOTHER, "for judgement"),
        (BEFORE, f"{UNNAMED}, {AFTER}", "for judgement"),
        (BEFORE, UNNAMED, "for judgement"),
        (AFTER, f"{ANOTHER}, {AFTER}", "not met"),
        # An earlier contract of the member that tells no day would count.
        (AFTER, ANOTHER, "unknown"),
        ("product: tube", ANOTHER, "unknown"),
    ],
)
@pytest.mark.parametrize("reverse", [False, True])
def test_the_earlier_contract_of_one_member_of_a_consortium_excuses_not_what_another_awards(
    first: str, second: str, status: str, reverse: bool, tmp_path: Path
) -> None:
    rows = [f"share: 1, {TASKS}, contractor: NOP, {first}", f"share: 14, {TASKS}, {second}"]
    listed = "".join(f"  - {{subcontractor: X, {row}}}\n" for row in (reversed(rows) if reverse else rows))
    found = verdict(
        tmp_path,
        "edip",
        party=("parties:\n", FIRM),
        consortium=("contractors: [NOP]", "contractors: [NOP, Y]"),
        subcontract=("subcontracts: []\n", f"subcontracts:\n{listed}"),
    )
    finding = next(each for each in found.findings if each.rule == "edip.art11_suppliers")
    assert finding.status == status
    asked = {each.key for each in found.conditions}
    assert ("edip-direct-relationship:Example Firm" in asked) == (status in {"for judgement", "unknown"})


@pytest.mark.parametrize(
    ("part", "status"),
    [
        (("NS-408,Mount,NS-4,1,pc,Esimerkki Mekaniikka Oy,FI", "NS-408,Mount,NS-4,1,pc,,UA"), "for judgement"),
        (("NS-408,Mount,NS-4,1,pc,Esimerkki Mekaniikka Oy,FI", "NS-408,Mount,NS-4,1,pc,Zavod TOV,UA"), "for judgement"),
        (("NS-408,Mount,NS-4,1,pc,Esimerkki Mekaniikka Oy,FI", "NS-408,Mount,NS-4,1,pc,,FI"), "not met"),
    ],
)
def test_whoever_makes_parts_from_ukraine_may_be_its_part(part: tuple[str, str], status: str, tmp_path: Path) -> None:
    """EDIP, Art. 27(7): a supplier from there is for a person to judge, so one that nobody names is."""
    found = verdict(tmp_path, "edip_ukraine", "bom.csv", part=part)
    finding = next(each for each in found.findings if each.rule == "edip_ukraine.art27_involves_ukraine")
    assert finding.status == status


def test_subcontracts_that_are_not_listed_may_be_with_ukraine(tmp_path: Path) -> None:
    found = verdict(tmp_path, "edip_ukraine", subcontract=("subcontracts: []\n", ""))
    finding = next(each for each in found.findings if each.rule == "edip_ukraine.art27_involves_ukraine")
    assert finding.status == "for judgement"
    assert "edip-ukraine-unlisted-involvement" in {each.key for each in found.conditions}
