"""Neighbouring acts on whole purchases: what hangs on more than the facts that a rule's own cases give it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jointbuy import flow
from jointbuy.errors import Unusable
from jointbuy.report import checklist, words
from jointbuy.result import Verdict
from oracle import EXAMPLES
from test_verdicts import folder

PARTY = """parties:
  - id: EO
    name: Exemple Optronique SAS
    established_in: FR
    executive_management_in: FR
    controlled_by: FR
"""
TENTH = """subcontracts:
  - {subcontractor: EO, share: 10, critical_input: yes, own_components: no, classified_access: SECRETS}
"""


def verdict(at: Path, act: str, file: str = "purchase.yaml", **changes: str) -> Verdict:
    """The night sight with other words in one of its files, under the act on one of its days."""
    folder = at / "night-sight"
    shutil.copytree(EXAMPLES / "night-sight", folder)
    text = (folder / file).read_text("utf-8")
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    (folder / file).write_text(text, encoding="utf-8")
    return flow.check(folder, act=act, on="2025-12-30").verdict


def keys(found: Verdict) -> set[str]:
    return {each.key.partition(":")[0] for each in found.conditions}


HELD = "      - {party: H, share: 100}\n"
HOLDING = "parties:\n  - id: H\n    name: Example Holding\n    established_in: LT\n    controlled_by: LT\n"
ACTS = [("edip", "Art. 2(20)"), ("edip_ukraine", "Art. 2(2)"), ("edirpa", "Art. 2(4)")]


def held(at: Path, act: str, by: str, parties: str = "parties:\n") -> Verdict:
    """The night sight, its maker held by others than its employees."""
    text = (EXAMPLES / "night-sight" / "purchase.yaml").read_text("utf-8")
    owner = text[text.index("      - name: Näidis Optika employees") : text.index("    facilities:")]
    return verdict(at, act, owner=(owner, by), parties=("parties:\n", parties))


def suppliers(found: Verdict) -> str:
    return next(each.status for each in found.findings if each.condition == "who supplies" and "suppliers" in each.rule)


@pytest.mark.parametrize(("act", "where"), ACTS)
@pytest.mark.parametrize(
    ("managed", "status"),
    [("LT", "met"), ("", "unknown"), ("US", "not met")],
)
def test_where_a_holder_is_managed_decides(act: str, where: str, managed: str, status: str, tmp_path: Path) -> None:
    """EDIP, Art. 2(20) and 2(2), EDIRPA, Art. 2(4): inside and managed from outside is an entity from outside."""
    stated = f"    executive_management_in: {managed}\n" if managed else ""
    found = held(tmp_path, act, HELD, HOLDING + stated)
    assert suppliers(found) == status, where
    told = [item for each in found.findings if each.condition == "who supplies" for item in each.missing]
    assert ("executive_management_in of Example Holding" in told) is (status == "unknown")
    assert not {key for key in keys(found) if key.endswith("holder-management")}


@pytest.mark.parametrize(("act", "where"), ACTS)
@pytest.mark.parametrize(
    ("owner", "asked"),
    [
        ("{name: Holding, country: LT, kind: legal entity, share: 100}", True),
        ("{name: Holding, country: LT, share: 100}", True),  # it may be one
        ("{name: Lithuania, country: LT, kind: state, share: 100}", False),
        ("{name: A. Person, country: LT, kind: natural person, share: 100}", False),
        ("{name: Holding, country: US, kind: legal entity, share: 100}", False),  # from outside in any case
    ],
)
def test_of_an_owner_who_is_only_named_a_person_says_where_it_is_managed(
    act: str, where: str, owner: str, asked: bool, tmp_path: Path
) -> None:
    found = held(tmp_path, act, f"      - {owner}\n")
    assert {key for key in keys(found) if key.endswith("holder-management")} == (
        {f"{act.replace('_', '-')}-holder-management"} if asked else set()
    ), where


@pytest.mark.parametrize(("act", "where"), ACTS)
def test_a_holder_whose_management_decides_nothing_is_not_asked(act: str, where: str, tmp_path: Path) -> None:
    """A small part of a company, and one that is held beside a larger part in one hand, control nothing."""
    person = "      - {name: A. Person, country: EE, kind: natural person, share: 90}\n"
    found = held(tmp_path, act, person + HELD.replace("100", "10"), HOLDING)
    assert suppliers(found) == "met", where


def test_what_a_person_must_still_answer_does_not_hide_unverified_law(tmp_path: Path) -> None:
    """EDIP, Art. 2(3): Norway is the third to take part, beside Ukraine for whom a person must say what is bought."""
    text = (EXAMPLES / "night-sight" / "purchase.yaml").read_text("utf-8")
    buyers = text[text.index("buyers:") : text.index("conducted_by:")]
    three = "".join(
        f"  - {{country: {country}, quantity: 400, borrows: no, participation: signed}}\n"
        for country in ("EE", "LV", "NO", "UA")
    )
    found = verdict(tmp_path, "edip", buyers=(buyers, f"buyers:\n{three}"))
    finding = next(each for each in found.findings if each.rule == "edip.art11_partners")
    assert (found.outcome, finding.status, finding.verified) == ("eligible", "for judgement", False)
    assert any("Norway" in each for each in found.unverified), found.unverified
    assert "edip-unverified-law" in keys(found)


def test_what_fails_by_law_that_was_read_rests_on_no_other(tmp_path: Path) -> None:
    """EDIP, Art. 9(5) and 11(7): nothing excuses a contractor, be Norway inside or not."""
    seat = ("    established_in: EE\n", "    established_in: NO\n")
    owner = "      - name: Example owner\n        country: US\n        kind: legal entity\n        share: 100\n"
    text = (EXAMPLES / "night-sight" / "purchase.yaml").read_text("utf-8")
    own = text[text.index("      - name: Näidis Optika employees") : text.index("    facilities:")]
    found = verdict(tmp_path, "edip", seat=seat, owner=(own, owner))
    assert found.outcome == "not eligible"
    finding = next(each for each in found.findings if each.rule == "edip.art11_suppliers")
    assert (finding.status, finding.verified) == ("not met", True)


@pytest.mark.parametrize(
    ("structure", "status"), [("no", "not met"), ("none", "not met"), ("Example SEAP", "for judgement")]
)
def test_no_is_no_name_of_a_structure(structure: str, status: str, tmp_path: Path) -> None:
    """EDIP, Art. 11(3)(b)."""
    text = (EXAMPLES / "night-sight" / "purchase.yaml").read_text("utf-8")
    buyers = text[text.index("buyers:") : text.index("conducted_by:")]
    two = "buyers:\n" + "".join(
        f"  - {{country: {each}, borrows: no, participation: signed}}\n" for each in ("EE", "LV")
    )
    found = verdict(tmp_path, "edip", buyers=(buyers, f"structure: {structure}\n{two}"))
    finding = next(each for each in found.findings if each.rule == "edip.art11_partners")
    assert finding.status == status


@pytest.mark.parametrize("managed", ["", "    executive_management_in: US\n"])
def test_safe_does_not_ask_where_a_holder_is_managed(managed: str, tmp_path: Path) -> None:
    """SAFE, Art. 16(3) speaks of entities that are not established inside, and defines no others."""
    found = held(tmp_path, "safe", HELD, HOLDING + managed)
    assert next(each.status for each in found.findings if each.rule == "safe.art16_03_establishment") == "met"


@pytest.mark.parametrize(
    ("part", "rests"),
    [
        # Of 3800 EUR of components 800 come from outside; 1450 more would make 59 %, 170 more 26 %.
        ("NS-401,Image intensifier tube,NS-4,1,pc,Exemple Optronique SAS,FR", True),
        ("NS-408,Mount,NS-4,1,pc,Esimerkki Mekaniikka Oy,FI", False),
    ],
)
def test_a_share_says_that_it_rests_on_unverified_law_where_it_would_come_out_otherwise(
    part: str, rests: bool, tmp_path: Path
) -> None:
    """EDIP, Art. 2(3): which EEA-EFTA states apply the act is unverified, so what Norway supplies may be outside."""
    found = verdict(tmp_path, "edip", "bom.csv", part=(part, part[:-2] + "NO"))
    finding = next(each for each in found.findings if each.rule == "edip.art10_components")
    assert finding.status == "met"
    assert finding.verified is not rests
    assert any(each.startswith("NO in ") for each in found.unverified) is rests
    assert ("edip-unverified-law" in keys(found)) is rests


@pytest.mark.parametrize(
    ("act", "secrets", "asked"),
    [
        # By the bill 1450 of 6240 EUR, 23 % of the contract; its subcontract states 10 %.
        ("edirpa", "no", "edirpa-understated-subcontract"),  # Art. 9(13) does not ask for access to secrets
        ("edirpa", "yes", "edirpa-understated-subcontract"),
        ("edip", "no", ""),  # Art. 2(31) asks for it
        ("edip", "yes", "edip-understated-subcontract"),
        ("edip_ukraine", "yes", "edip-ukraine-understated-subcontract"),
        ("safe", "no", ""),  # Art. 16(12) asks for it
        ("safe", "yes", "understated-subcontract"),
    ],
)
def test_each_act_asks_about_subcontracts_that_may_be_its_own(
    act: str, secrets: str, asked: str, tmp_path: Path
) -> None:
    told = TENTH.replace("SECRETS", secrets)
    found = verdict(tmp_path, act, party=("parties:\n", PARTY), subcontract=("subcontracts: []\n", told))
    assert {key for key in keys(found) if key.endswith("understated-subcontract")} == {asked} - {""}


def test_a_supplier_of_components_of_its_own_is_no_subcontractor_under_edip(tmp_path: Path) -> None:
    told = TENTH.replace("SECRETS", "yes").replace("own_components: no", "own_components: yes")
    found = verdict(tmp_path, "edip", party=("parties:\n", PARTY), subcontract=("subcontracts: []\n", told))
    assert "edip-understated-subcontract" not in keys(found)  # Art. 2(31)


@pytest.mark.parametrize(
    ("act", "objectives", "neighbours"),
    [("edip", "Article 4", True), ("edip_ukraine", "Article 22", True), ("edirpa", "Article 3", False)],
)
def test_questions_name_every_test_of_the_act(act: str, objectives: str, neighbours: bool, tmp_path: Path) -> None:
    """EDIP, Art. 9(4), 9(6), 26(4) and 26(6); EDIRPA, Art. 9(6) and 9(9): interests, objectives, and for EDIP more."""
    plant = "      - name: Optics workshop (example)\n        country: EE\n"
    elsewhere = plant.replace("EE", "RU") + "        why_no_alternative: made nowhere else\n"
    owner = "        country: EE\n        kind: natural person\n"
    held = "        country: US\n        kind: legal entity\n"
    given = (
        "    guarantees: {control_does_not_hamper: yes, classified_protected: yes, verified_by: EE, in_tender: yes}\n"
    )
    found = verdict(
        tmp_path,
        act,
        plant=(plant, elsewhere),
        owner=(owner, held),
        given=("    none_from_contravening: yes\n", "    none_from_contravening: yes\n" + given),
    )
    prefix = f"{act.replace('_', '-')}-"
    asked = {each.key.partition(":")[0].removeprefix(prefix): each.text for each in found.conditions}
    for key in ("facility", "contravening-facility", "guarantees-assure"):
        assert "security and defence interests" in asked[key]
        assert f"objectives of {objectives}" in asked[key]
        assert ("good neighbourly relations" in asked[key]) is neighbours
    assert ("sensitive information" in asked["guarantees-assure"]) is neighbours  # EDIP, point (b) of 9(6) and 26(6)


@pytest.mark.parametrize(
    ("act", "on", "country", "said"),
    [
        ("edip", "2025-12-30", "US", True),  # EDIP, Art. 2(24)
        ("edip", "2025-12-30", "UA", True),  # no associated country
        ("edip", "2025-12-30", "LV", False),
        ("edip_ukraine", "2025-12-30", "UA", True),  # Art. 27(8) says nothing of Art. 2
        ("edirpa", "2025-11-18", "CH", True),  # EDIRPA, Art. 2(5)
    ],
)
def test_an_agent_from_outside_is_asked_about(act: str, on: str, country: str, said: bool, tmp_path: Path) -> None:
    folder = tmp_path / "night-sight"
    shutil.copytree(EXAMPLES / "night-sight", folder)
    text = (folder / "purchase.yaml").read_text("utf-8")
    changed = text.replace("conducted_by: EE", f"conducted_by: {country}")
    assert changed != text
    (folder / "purchase.yaml").write_text(changed, "utf-8")
    asked = keys(flow.check(folder, act=act, on=on).verdict)
    assert (f"{act.replace('_', '-')}-agent-seat" in asked) is said


def test_a_stated_notification_is_of_another_act(tmp_path: Path) -> None:
    """EDIP, Art. 11(8): its own procurement agent notifies, under this act."""
    text = "    established_in: EE\n"
    found = verdict(tmp_path / "more", "edip", party=(text, f"{text}    guarantees: {{notified: 2025-11-01}}\n"))
    assert any("edip-notification" in each for each in found.remarks)
    assert not any("edip-notification" in each for each in verdict(tmp_path / "less", "edip").remarks)


def test_buy_american_binds_nobody_else_and_says_what_it_leaves_out() -> None:
    found = flow.check(EXAMPLES / "night-sight", act="buy_american").verdict
    failed = {each.rule for each in found.findings if each.status == "not met"}
    assert found.outcome == "not eligible"
    assert failed >= {"buy_american.far25_buyer", "buy_american.dfars225_buyer"}
    assert "FAR 25.103" in " ".join(found.remarks)
    assert "buy-american-department" not in keys(found)  # nobody American buys: nothing is to be asked


def american(at: Path, bill: str, *, department: str = "", signed: str = "2026-06-15") -> Verdict:
    """Ten guns made in the United States for a buyer from there: what the department's question is answered, if it is.

    `bill`: origins and cost of the components, as `US 30; DE 50`, each a row.
    """
    answers = [("buy-american-department", department)] if department else []
    change = {
        "events": {"signature": signed, "last_delivery": signed},
        "product": {"off_the_shelf": "no", "mostly_steel": "no"},
        "buyers": [{"country": "US", "authority": "Example Agency", "participation": "signed"}],
        "conducted_by": "US",
        "end_products": [{"id": "GUN", "quantity": 10, "made_in": "US"}],
        "statements": [
            {"settles": key, "answer": said, "by": "Agency", "on": "2022-12-01", "source": "Letter"}
            for key, said in answers
        ],
    }
    rows = ["part,parent,quantity,origin,unit_cost"]
    for number, row in enumerate(bill.split("; ")):
        origin, cost = row.split(" ")
        rows.append(f"P{number},GUN,1,{origin},{cost}.00")
    return flow.check(folder({"change": change, "bill": "\n".join(rows)}, at), act="buy_american").verdict


@pytest.mark.parametrize(
    ("department", "outcome"),
    # 30 % are American and 80 % with Germany, a qualifying country: more than 65 % for the department alone.
    [("yes", "eligible"), ("no", "not eligible"), ("", "eligible")],
)
def test_qualifying_countries_count_where_the_department_of_defense_buys(
    department: str, outcome: str, tmp_path: Path
) -> None:
    """DFARS 225.101(a) and FAR 25.101(a)(2)(i)."""
    found = american(tmp_path, "US 30; DE 50; CN 20", department=department)
    assert found.outcome == outcome
    assert ("buy-american-department" in keys(found)) == (not department)


@pytest.mark.parametrize(
    ("department", "asked"),
    [("yes", set()), ("no", {"buy-american-nothing-domestic"}), ("", {"buy-american-department"})],
)
def test_the_threshold_of_2023_was_the_departments_own(department: str, asked: set[str], tmp_path: Path) -> None:
    """Exactly 60 %: more than the 55 % of DFARS then, and not more than the 60 % of the FAR, only than its fallback."""
    found = american(tmp_path, "US 60; CN 40", department=department, signed="2023-12-31")
    assert found.outcome == "eligible"
    assert keys(found) - {"buy-american-unverified-law"} == asked


@pytest.mark.parametrize(
    ("bill", "outcome"),
    [
        ("US 50; ? 20; CN 30", "not eligible"),  # 50 % is not more than 65 %, nor than the fallback's 55 %
        ("US 66; ? 34", "eligible"),
        ("DE/US 66; ? 34", "eligible"),  # for the department both count; else it is unknown whether it is American
    ],
)
@pytest.mark.parametrize("department", ["yes", "no"])
def test_components_of_unknown_origin_are_foreign(bill: str, outcome: str, department: str, tmp_path: Path) -> None:
    """FAR 25.003, domestic end product; DFARS 252.225-7000(c)(1)(ii)."""
    found = american(tmp_path, bill, department=department)
    assert found.outcome == ("not eligible" if bill.startswith("DE") and department == "no" else outcome)


def test_that_they_are_is_no_choice() -> None:
    with pytest.raises(Unusable, match=r'settles the reading "unknown origin"'):
        flow.check(EXAMPLES / "night-sight", act="buy_american", readings={"unknown origin": "worst case"})


@pytest.mark.parametrize(
    "reading", ["transport=left out", "duty=left out", "final assembly=counted", "overhead=counted", "profit=counted"]
)
def test_what_the_far_says_of_costs_is_no_choice(reading: str) -> None:
    """FAR 25.003, cost of components: transport and duty are in it, and no cost of making the end product."""
    kind, option = reading.split("=")
    with pytest.raises(Unusable, match="settles the reading"):
        flow.check(EXAMPLES / "night-sight", act="buy_american", readings={f"cost of {kind}": option})


def test_a_limit_that_must_be_exceeded_is_told_as_one(tmp_path: Path) -> None:
    """FAR 25.101(a)(2)(i): exceed."""
    found = american(tmp_path, "US 50; DE 50")
    finding = next(each for each in found.findings if each.rule == "buy_american.far25_components")
    told = [words.against(each) for each in (finding, *finding.parts) if each.unit == "share"]
    assert told
    assert all("against more than " in each for each in told if each)


def test_an_act_without_clauses_says_that_none_are_written() -> None:
    case = flow.check(EXAMPLES / "night-sight", act="edip", on="2025-12-30")
    assert "No clauses are written out for this act" in checklist.markdown(case)
    safe = flow.check(EXAMPLES / "loitering-munition", act="safe")
    assert "No clauses are written out" not in checklist.markdown(safe)


@pytest.mark.parametrize(
    ("rate", "status"),
    [
        # The contract of 56.16 million EUR: 25 million Canadian dollars and more at any rate up to 2.2464 EUR.
        ("2.2464", "for judgement"),
        ("2.2465", "not applicable"),
    ],
)
def test_a_rate_tells_the_value_in_canadian_dollars(rate: str, status: str, tmp_path: Path) -> None:
    """Before 15 June 2026 Buy Canadian asks from CAD 25 million on."""
    folder = tmp_path / "night-sight"
    shutil.copytree(EXAMPLES / "night-sight", folder)
    text = (folder / "purchase.yaml").read_text("utf-8")
    stated = f"exchange_rates:\n  - {{currency: CAD, rate: {rate}, on: 2025-11-18, source: Example Bank}}\nparties:\n"
    (folder / "purchase.yaml").write_text(text.replace("parties:\n", stated), "utf-8")
    found = flow.check(folder, act="buy_canadian", on="2026-06-14").verdict
    assert next(each.status for each in found.findings if each.rule == "buy_canadian.content") == status


@pytest.mark.parametrize(("awarded", "status"), [(("100", "0"), "met"), (("99", "1"), "not met")])
@pytest.mark.parametrize(
    ("act", "rule"),
    [
        ("safe", "safe.art16_10_contravening_source"),
        ("edip", "edip.art10_contravening_source"),
        ("edip_ukraine", "edip_ukraine.art27_contravening_source"),
        ("edirpa", "edirpa.art09_contravening_source"),
    ],
)
def test_a_source_that_is_awarded_nothing_bars_nothing(
    act: str, rule: str, awarded: tuple[str, str], status: str, tmp_path: Path
) -> None:
    """SAFE, Art. 16(10); EDIP, Art. 10(3); EDIRPA, Art. 9(12): no component is sourced from there."""
    one, two = awarded
    bill = f"""part,parent,quantity,supplier,origin,supplied_from,unit_cost,awarded
P1,GUN,1,G,DE,DE,80.00,{one}
P1,GUN,1,Zavod,RU,RU,80.00,{two}
P2,GUN,1,U,US,US,20.00,
"""
    found = flow.check(folder({"bill": bill}, tmp_path), act=act, on="2025-12-31").verdict
    finding = next(each for each in found.findings if each.rule == rule)
    assert (finding.status == "not met") == (status == "not met"), finding.because
    assert any("RU" in each.because for each in (finding, *finding.parts)) == (status == "not met")
