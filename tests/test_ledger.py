"""A ministry's ledger: what adds up and what does not, to the cent, each finding with its file and line."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jointbuy import cli, flow, law
from jointbuy.errors import JointbuyError, NotInForce, Unusable
from jointbuy.flow.ledger import ledger
from jointbuy.flow.pool import HERE
from jointbuy.formats import escape
from jointbuy.fund.calendar import months_after
from jointbuy.fund.years import activated
from jointbuy.ledger import Kept
from jointbuy.money import split

AMBER = flow.examples() / "ledger-amber"
MENDED = [
    ("claims.csv", "I3,EDIP,1440000,", "I3,national,1360000,"),
    ("funding.csv", "C2,EDIP,1440000\nC2,national,4000000", "C2,national,5440000"),
    ("funding.csv", "C4,SAFE,90000000\nC4,national,3440000", "C4,SAFE,84000000\nC4,national,9440000"),
    ("documents.csv", "2025-11-01,2026-10-31", "2025-11-01,2027-10-31"),
]
"""What makes everything in the example add up, its purchases apart."""


def change(folder: Path, name: str, before: str, after: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert before in text, (name, before)
    (folder / name).write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example without the purchases it names, in which everything adds up."""
    made = Path(shutil.copytree(AMBER, tmp_path / "ledger"))
    text = (made / "contracts.csv").read_text(encoding="utf-8")
    (made / "contracts.csv").write_text(re.sub(r"\.\./[a-z-]+", "", text), encoding="utf-8")
    for each in MENDED:
        change(made, *each)
    return made


def found(kept: Kept, key: str) -> tuple[str, str, int | None]:
    (one,) = [each for each in kept.remarks if each.key == key]
    return one.weight, str(one.where), one.amount


# --- the example, by hand -------------------------------------------------------------------


def test_a_mended_ledger_adds_up(folder: Path) -> None:
    assert ledger(folder).remarks == ()


def test_the_example_has_the_faults_its_readme_names() -> None:
    kept = ledger(AMBER)
    assert [(each.weight, each.key, str(each.where), each.amount) for each in kept.remarks] == [
        # 22,000,000 + 1,440,000 charged for 23,360,000.
        ("wrong", "cost charged twice", "claims.csv:5", 80_000_00),
        ("wrong", "not eligible", "contracts.csv:5", 90_000_000_00),
        ("wrong", "line short", "plan.csv:5", 6_000_000_00),
        ("missing", "document", "requests.csv:3", None),
        ("look", "conditions", "contracts.csv:2", 428_160_000_00),
        ("look", "two sources", "funding.csv:4", 1_440_000_00),
    ]


def test_sums_of_the_example() -> None:
    kept = ledger(AMBER, lost="C5")
    assert (kept.drawn, kept.uncleared) == (115_200_000_00, 103_200_000_00)
    # 700 less 430 + 90 + 18 + 84 + 40 million.
    assert kept.free == 38_000_000_00
    assert [(line.line, line.freed, line.short) for line in kept.lines if line.freed or line.short] == [
        ("L3", 3_000_000_00, 0),
        ("L4", 0, 6_000_000_00),
    ]
    assert [(each.source, each.target, each.amount) for each in kept.transfers] == [
        ("L3", "L4", 3_000_000_00),
        ("", "L4", 3_000_000_00),
    ]
    assert kept.requests_left == 0
    by_year = {each.year: each for each in kept.years}
    # 23.36 + 15 + 12 million delivered in 2026; 1.5 % of 84 billion is 1.26 billion.
    assert (by_year[2026].accrued, by_year[2026].drawn, by_year[2026].room) == (
        50_360_000_00,
        115_200_000_00,
        1_260_000_000_00,
    )
    assert by_year[2026].paid == (12_000_000 + 42_816_000 + 23_360_000) * 100
    # 107.04 + 70.08 + 18 million are due in 2027.
    assert by_year[2027].planned == 195_120_000_00
    assert by_year[2029].clause == "not covered"
    assert kept.lost is not None
    assert (kept.lost.repay, kept.lost.cover, kept.lost.freed) == (12_000_000_00, 18_000_000_00, 30_000_000_00)


def test_who_pays_and_who_makes() -> None:
    """Carriers: 1,784 million for 120, 48 and 32 of 200; the loitering munition's origins are in its own README."""
    kept = ledger(AMBER)
    carriers, _, munition, other = kept.bought
    assert {each.country: each.amount for each in carriers.payers} == {
        "PL": 1_070_400_000_00,
        "LT": 428_160_000_00,
        "NO": 285_440_000_00,
    }
    assert sum(each.amount for each in carriers.payers) == carriers.value
    assert sum(each.low for each in munition.makers) == 1
    assert munition.undeclared == 0
    assert (other.purchase, other.outcome) == ("../missile-new-supplier", "not eligible")
    for one in kept.bought:
        assert sum(each.low for each in one.makers) <= 1
        assert all(0 <= each.low <= each.high <= 1 for each in one.makers)


# --- what cannot be read --------------------------------------------------------------------

BAD = {
    "unknown state": ("ledger.yaml", "state: LT", "state: Ruritania", r'ledger.yaml:5: state is "Ruritania"'),
    "no lender": ("ledger.yaml", "state: LT", "state: CA", r"ledger.yaml:5: CA may not borrow"),
    "another currency": ("ledger.yaml", "EUR", "PLN", r'ledger.yaml:7: currency is "PLN": SAFE lends in euro'),
    "no loan": ("ledger.yaml", "loan:", "lone:", r"ledger.yaml:9: there is no key \"lone\"; did you mean \"loan\""),
    "a loan without amount": ("ledger.yaml", "  amount: 700000000.00\n", "", r"ledger.yaml:10: amount is missing"),
    "gdp in billions": (
        "ledger.yaml", "2026: 84000000000", "2026: 0",
        r"ledger.yaml:24: 2026 is \"0\": it is no gross",
    ),
    "gdp without source": ("ledger.yaml", "gdp_source: i", "source: i", r"ledger.yaml:\d+: gdp_source is missing"),
    "negative": ("funding.csv", "C3,SAFE,15000000", "C3,SAFE,-15000000", r"funding.csv:5: amount is \"-15000000\": an"),
    "decimal comma": (
        "claims.csv", "I1,SAFE,12000000,R1", 'I1,SAFE,"12000000,00",R1',
        r"claims.csv:2: amount is .*comma",
    ),
    "tenth of a cent": (
        "draws.csv", "10200000,R1", "10200000.001,R1",
        r"draws.csv:3: amount is .*whole number of cents",
    ),
    "a column missing": (
        "plan.csv", "title,amount,loan", "title,amount,lent",
        r"plan.csv:1: the column loan is missing",
    ),
    "a column too many": ("plan.csv", "title,amount", "title,rank,amount", r"plan.csv:1: there is no column \"rank\""),
    "a cell too many": ("plan.csv", "40000000,40000000,", "40000000,40000000,,,9", r"plan.csv:6: a cell stands beyond"),
    "line twice": ("plan.csv", "L2,", "L1,", r"plan.csv:3: line \"L1\" stands twice: line 2 has it too"),
    "contract twice": ("contracts.csv", "C2,", "C1,", r"contracts.csv:3: contract \"C1\" stands twice"),
    "draw twice": ("draws.csv", "D2,", "D1,", r"draws.csv:3: draw \"D1\" stands twice"),
    "source twice": ("funding.csv", "C4,national", "C4,SAFE", r"funding.csv:\d+: source SAFE stands twice"),
    "no such line": ("contracts.csv", "C3,L3", "C3,L9", r"contracts.csv:4: line \"L9\" is in no row of plan.csv"),
    "no such contract": (
        "invoices.csv", "I1,C5", "I1,C9",
        r"invoices.csv:2: contract \"C9\" is in no row of contracts",
    ),
    "no such invoice": (
        "claims.csv", "I2,SAFE", "I9,SAFE",
        r"claims.csv:3: invoice \"I9\" is in no row of invoices.csv",
    ),
    "no such request": ("draws.csv", "10200000,R1", "10200000,R9", r"draws.csv:3: request \"R9\" is in no row"),
    "no such source": ("funding.csv", "C5,SAFE", "C5,ASAP", r"funding.csv:\d+: source is \"ASAP\""),
    "a claim without request": ("claims.csv", "22000000,R2", "22000000,", r"claims.csv:4: request is empty: the loan"),
    "national by request": ("claims.csv", "1360000,", "1360000,R2", r"claims.csv:5: request is stated: national pays"),
    "an instalment without request": ("draws.csv", "10200000,R1", "10200000,", r"draws.csv:3: request is empty"),
    "an advance with request": (
        "draws.csv", "105000000,,", "105000000,R1,",
        r"draws.csv:2: request or cleared is stated",
    ),
    "another kind of draw": ("draws.csv", "D2,instalment", "D2,tranche", r"draws.csv:3: kind is \"tranche\""),
    "the loan over all": (
        "plan.csv", "430000000,430000000", "430000000,430000001",
        r"plan.csv:2: loan is more than amo",
    ),
    "approved before": (
        "amendments.csv", "2026-06-10", "2026-01-10",
        r"amendments.csv:2: approved is before submitted",
    ),
    "decided before": ("requests.csv", "2026-08-03", "2026-06-01", r"requests.csv:2: decided is before submitted"),
    "expires before": ("documents.csv", "2027-12-01", "2025-11-30", r"documents.csv:5: expires is before issued"),
    "a study not promised": (
        "contracts.csv", "2025-12-10,\n", ",2026-12-10\n",
        r"contracts.csv:6: study_done is stated",
    ),
    "another calendar": ("draws.csv", "2026-08-10", "10/08/2026", r"draws.csv:3: received is .*year-month-day"),
    "a path from the root": (
        "contracts.csv", "93440000,,,\nC3", "93440000,/etc,,\nC3",
        r"contracts.csv:3: purchase is \"/etc",
    ),
    "no programme": ("ledger.yaml", "[EDIP]", "[SAFE]", r"ledger.yaml:\d+: programmes holds \"SAFE\""),
}  # fmt: skip


def problems(folder: Path) -> list[str]:
    with pytest.raises(Unusable) as refused:
        ledger(folder)
    return [str(each) for each in refused.value.problems]


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_told_with_its_row(folder: Path, name: str) -> None:
    file, before, after, told = BAD[name]
    change(folder, file, before, after)
    listed = problems(folder)
    assert any(re.match(told, each) for each in listed), listed


def test_every_problem_is_told_at_once_and_nothing_that_follows_from_it(folder: Path) -> None:
    for name in ("negative", "decimal comma", "draw twice"):
        change(folder, *BAD[name][:3])
    change(folder, "plan.csv", "L5,Drone shelters,40000000", "L5,Drone shelters,four")
    listed = problems(folder)
    assert [each.split(":")[0] for each in listed] == ["plan.csv", "funding.csv", "claims.csv", "draws.csv"]


HOSTILE = {
    "nul": b"invoice,source,amount,request\x00\n",
    "open quotes": b'invoice,source,amount,request\nI1,SAFE,"12000000,R1\n',
    "no text": b"\xff\xfe\x00\xd8\xff\xff",
    "empty": b"",
    "other header": b"a,b\n1,2\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_tables_end_in_a_refusal(folder: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "claims.csv").write_bytes(HOSTILE[name])
    assert cli.main(["fund", "ledger", str(folder)]) == 2
    told = capsys.readouterr().err
    assert "claims.csv" in told
    assert "our mistake" not in told


MARKED = {
    "a key": ("ledger.yaml", "id: AMBER", "marking: SECRET UE\nid: AMBER", "ledger.yaml:3: the file is marked"),
    "a comment": ("ledger.yaml", "id: AMBER", "# SECRET\nid: AMBER", "ledger.yaml:3: the file is marked"),
    "a last row": ("draws.csv", "1800000\n", "1800000\nNATO RESTRICTED,,,,,\n", "draws.csv:4: the file is marked"),
}  # fmt: skip


@pytest.mark.parametrize("name", MARKED)
def test_what_is_marked_is_not_read(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file, before, after, told = MARKED[name]
    change(folder, file, before, after)
    (one,) = problems(folder)
    assert one.startswith(told)
    if name != "a last row":
        monkeypatch.setenv("JOINTBUY_CLEARED", "1")
        assert ledger(folder).remarks == ()


def test_a_folder_without_a_ledger_or_a_table(folder: Path, tmp_path: Path) -> None:
    (folder / "draws.csv").unlink()
    assert any("there is no table draws.csv; put it beside ledger.yaml" in each for each in problems(folder))
    (folder / "ledger.yaml").write_text("- one\n", encoding="utf-8")
    assert any("the file holds no keys" in each for each in problems(folder))
    assert any("there is no file ledger.yaml" in each for each in problems(tmp_path))


def test_formulas_stay_text(folder: Path, tmp_path: Path) -> None:
    change(folder, "plan.csv", "Armoured carriers", '=HYPERLINK("x")')
    assert cli.main(["fund", "ledger", str(folder), "--out", str(tmp_path / "out")]) == 0
    rows = list(csv.reader(io.StringIO((tmp_path / "out/lines.csv").read_text("utf-8-sig"))))
    assert rows[1][1].startswith("'=")
    assert "<script" not in (tmp_path / "out/report.html").read_text("utf-8")


def test_a_purchase_that_is_not_there(folder: Path) -> None:
    change(folder, "contracts.csv", "93440000,,,\nC3", "93440000,../nowhere,,\nC3")
    assert any("../nowhere" in each for each in problems(folder))


# --- what does not add up -------------------------------------------------------------------

FOUND: dict[str, tuple[list[tuple[str, str, str]], str, tuple[str, str, int | None]]] = {
    "no plan line": ([("contracts.csv", "C5,L5", "C5,")], "no plan line", ("wrong", "contracts.csv:6", None)),
    "plan a cent over the loan": (
        [("plan.csv", "430000000,430000000", "468000000.01,468000000.01")],
        "plan over loan",
        ("wrong", "plan.csv", 1),
    ),
    "line a cent short": ([("plan.csv", "84000000", "83999999.99")], "line short", ("wrong", "plan.csv:5", 1)),
    "financed a cent over": (
        [("funding.csv", "C5,SAFE,30000000", "C5,SAFE,30000000\nC5,national,0.01")],
        "financed over value",
        ("wrong", "funding.csv:9", 1),
    ),
    "a cent without source": (
        [("funding.csv", "C5,SAFE,30000000", "C5,SAFE,29999999.99")],
        "no source",
        ("missing", "contracts.csv:6", 1),
    ),
    "invoiced over value": (
        [("invoices.csv", "I1,C5,2026-05-21,12000000", "I1,C5,2026-05-21,30000000.01")],
        "invoiced over value",
        ("wrong", "invoices.csv:2", 1),
    ),
    "paid twice": (
        [("invoices.csv", "2026-11-12\n", "2026-11-12\nI9,C2,2026-10-29,23360000,2026-11-13\n")],
        "paid twice",
        ("look", "invoices.csv:5", 23_360_000_00),
    ),
    "charged a cent over an invoice": (
        [("claims.csv", "I3,national,1360000", "I3,national,1360000.01")],
        "cost charged twice",
        ("wrong", "claims.csv:5", 1),
    ),
    "charged over the source": (
        [("funding.csv", "C2,SAFE,88000000\nC2,national,5440000", "C2,SAFE,21999999.99\nC2,national,71440000.01")],
        "charged over funding",
        ("wrong", "claims.csv:4", 1),
    ),
    "request and claims": (
        [("requests.csv", "64816000", "64816000.01")],
        "request and claims",
        ("wrong", "requests.csv:3", 1),
    ),
    "third request in a year": (
        [("requests.csv", "R2,2026-11-16,64816000,\n", "R2,2026-11-16,64816000,\nR3,2026-12-31,0,\n")],
        "too many requests",
        ("wrong", "requests.csv:4", None),
    ),
    "claimed before dated": (
        [("invoices.csv", "I1,C5,2026-05-21", "I1,C5,2026-06-16")],
        "claimed before dated",
        ("wrong", "claims.csv:2", None),
    ),
    "a draw after the last day": (
        [("draws.csv", "1800000\n", "1800000\nD3,prefinancing,2031-01-01,0,,\n")],
        "draw too late",
        ("wrong", "draws.csv:4", 0),
    ),
    "approved after the last day": (
        [
            ("requests.csv", "64816000,", "64816000,2031-01-02"),
            ("draws.csv", "1800000\n", "1800000\nD3,instalment,2031-01-20,64816000,R2,\n"),
        ],
        "draw too late",
        ("wrong", "draws.csv:4", 64_816_000_00),
    ),
    "drawn a cent over the loan": (
        [("ledger.yaml", "amount: 700000000.00", "amount: 115199999.99")],
        "drawn over loan",
        ("wrong", "draws.csv:3", 1),
    ),
    "advance a cent over the grant": (
        [("draws.csv", "105000000,", "105000000.01,")],
        "advance over grant",
        ("wrong", "draws.csv:2", 1),
    ),
    "advance a cent over 15 %": (
        [("ledger.yaml", "prefinancing: 105000000.00", "prefinancing: 105000000.01")],
        "advance over share",
        ("wrong", "ledger.yaml:10", None),
    ),
    "a draw before the agreement": (
        [("draws.csv", "2026-05-20", "2026-05-03")],
        "draw too early",
        ("wrong", "draws.csv:2", None),
    ),
    "no agreement": (
        [("ledger.yaml", "  agreement: 2026-05-04\n", "")],
        "agreement",
        ("missing", "ledger.yaml:10", None),
    ),
    "decided too late": (
        [("ledger.yaml", "  decided: 2026-02-17", "  decided: 2027-07-01")],
        "decided too late",
        ("wrong", "ledger.yaml:10", None),
    ),
    "cleared over the advance": (
        [("draws.csv", "10200000,R1,1800000", "10200000,R1,105000000.01")],
        "cleared over advance",
        ("wrong", "draws.csv:3", 1),
    ),
    "paid without decision": (
        [("requests.csv", "12000000,2026-08-03", "12000000,")],
        "paid without decision",
        ("wrong", "requests.csv:2", 12_000_000_00),
    ),
    "paid a cent over": (
        [("draws.csv", "10200000,R1", "10200000.01,R1")],
        "paid over request",
        ("wrong", "requests.csv:2", 1),
    ),
    "paid in part": ([("draws.csv", "10200000,R1", "9200000,R1")], "paid in part", ("look", "requests.csv:2", 10**8)),
    "a document out of date by a day": (
        [("documents.csv", "2025-11-01,2027-10-31", "2025-11-01,2026-11-15")],
        "document",
        ("missing", "requests.csv:3", None),
    ),
    "no justification": (
        [("documents.csv", "J2,justification,R2,,2026-11-13,\n", "")],
        "document",
        ("missing", "requests.csv:3", None),
    ),
    "a document of the day after": (
        [("documents.csv", "P2,progress,R2,,2026-11-13", "P2,progress,R2,,2026-11-17")],
        "document",
        ("missing", "requests.csv:3", None),
    ),
    "no arrangements": (
        [("ledger.yaml", "with_request: [control-statement]\n", "")],
        "arrangements",
        ("missing", "ledger.yaml:3", None),
    ),
    "a study done a day late": (
        [("contracts.csv", "2025-12-10,\n", "2023-12-10,2025-12-11\n")],
        "study late",
        ("wrong", "contracts.csv:6", 30_000_000_00),
    ),
    "a delivery after the last day": (
        [("milestones.csv", "2029-11-30", "2031-01-01")],
        "too late for the loan",
        ("look", "milestones.csv:4", 160_560_000_00),
    ),
    "milestones over value": (
        [("milestones.csv", "2027-06-30,18000000", "2027-06-30,18000000.01")],
        "milestones over value",
        ("wrong", "contracts.csv:6", 1),
    ),
    "a Union programme beside": (
        [("funding.csv", "C5,SAFE,30000000", "C5,SAFE,29000000\nC5,EDIP,1000000")],
        "two sources",
        ("look", "funding.csv:9", 1_000_000_00),
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_does_not_add_up_is_found_with_its_row(folder: Path, name: str) -> None:
    changes, key, expected = FOUND[name]
    for each in changes:
        change(folder, *each)
    assert found(ledger(folder), key) == expected


AT_THE_LIMIT = {
    "the plan is the loan": [("plan.csv", "430000000,430000000", "468000000,468000000")],
    "the last day of a document": [("documents.csv", "2025-11-01,2027-10-31", "2025-11-01,2026-11-16")],
    "the last day of a study": [("contracts.csv", "2025-12-10,\n", "2023-12-10,2025-12-10\n")],
    "the last day of a draw": [("draws.csv", "1800000\n", "1800000\nD3,prefinancing,2030-12-31,0,,\n")],
    "the last day of a delivery": [("milestones.csv", "2029-11-30", "2030-12-31")],
    "a request next year": [("requests.csv", "64816000,\n", "64816000,\nR3,2027-01-01,0,\n")],
}  # fmt: skip


@pytest.mark.parametrize("name", AT_THE_LIMIT)
def test_exactly_at_the_limit_adds_up(folder: Path, name: str) -> None:
    for each in AT_THE_LIMIT[name]:
        change(folder, *each)
    assert [each.what for each in ledger(folder).remarks if each.key != "document"] == []


def test_the_provisions_of_paying_twice(folder: Path) -> None:
    """SAFE Art. 4(2) lets a loan and a programme go together; the others forbid the same costs twice."""
    change(folder, "claims.csv", "I3,national,1360000", "I3,national,1360000.01")
    (one,) = [each for each in ledger(folder).remarks if each.key == "cost charged twice"]
    assert (
        one.provision
        == "Art. 4(2); Regulation (EU, Euratom) 2024/2509, Art. 194(3); Regulation (EU) 2025/2643, Art. 6(1)"
    )


def test_the_loan_against_known_facts(folder: Path) -> None:
    """Estonia's loan is 2,343,897,000 by the Council's table, and the ledger has 700 million."""
    change(folder, "ledger.yaml", "state: LT", "state: EE")
    assert found(ledger(folder), "loan and facts") == ("look", "ledger.yaml:10", None)


# --- days -----------------------------------------------------------------------------------


def test_an_amendment_counts_from_its_approval(folder: Path) -> None:
    change(folder, "amendments.csv", "A2,L4,90000000,2026-10-05,", "A2,L4,90000000,2026-10-05,2026-11-20")
    assert {line.line: line.planned for line in ledger(folder, on="2026-11-19").lines}["L4"] == 84_000_000_00
    kept = ledger(folder, on="2026-11-20")
    assert {line.line: line.planned for line in kept.lines}["L4"] == 90_000_000_00
    assert kept.free == 32_000_000_00


def test_what_is_later_than_the_day_is_not_booked(folder: Path) -> None:
    early = ledger(folder, on="2026-06-01")
    assert early.drawn == 105_000_000_00
    assert [deal.contract for deal in early.contracts] == ["C5"]
    assert {each.what for each in early.due if each.kind == "assessment"} == set()
    late = ledger(folder, on="2026-11-20")
    (assessed,) = [each for each in late.due if each.kind == "assessment"]
    # Art. 12(3): two months from 16 November.
    assert (assessed.day, assessed.days) == (date(2027, 1, 16), 57)
    with pytest.raises(NotInForce):
        ledger(folder, on="2025-05-28")


def test_due_is_in_order_and_whole(folder: Path) -> None:
    kept = ledger(folder)
    assert [each.day for each in kept.due] == sorted(each.day for each in kept.due)
    # Three last days ahead, six deliveries, one study, one assessment, three documents that expire.
    counts = {
        kind: sum(each.kind == kind for each in kept.due)
        for kind in ("deadline", "delivery", "study", "assessment", "document")
    }
    assert counts == {"deadline": 3, "delivery": 6, "study": 1, "assessment": 1, "document": 3}
    (study,) = [each for each in kept.due if each.kind == "study"]
    assert (study.day, study.provision) == (date(2027, 12, 10), "Art. 16(4)(b)")


def test_after_the_last_decision_nothing_is_free(folder: Path) -> None:
    """Art. 8(8): an amended plan needs a decision by 30 June 2027."""
    for day, freed in (("2027-06-30", 30_000_000_00), ("2027-07-01", 0)):
        kept = ledger(folder, on=day, lost="C5")
        assert kept.lost is not None
        assert kept.lost.freed == freed


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2024-02-29", 24, "2026-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-11-16", 2, "2027-01-16"),
        ("2025-12-10", 24, "2027-12-10"),
    ],
)
def test_months_after(day: str, months: int, then: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(then)


# --- a contract that is lost ----------------------------------------------------------------


def test_what_came_for_several_contracts_is_shared_out(folder: Path) -> None:
    """R2 claims 42,816,000 and 22,000,000; of it 10,000,000.01 come: shares by claims, the cent to the larger rest."""
    change(folder, "requests.csv", "64816000,", "64816000,2026-11-18")
    change(folder, "draws.csv", "1800000\n", "1800000\nD3,instalment,2026-11-19,10000000.01,R2,\n")
    parts = {name: ledger(folder, lost=name).lost for name in ("C1", "C2")}
    repay = {name: part.repay for name, part in parts.items() if part}
    assert sum(repay.values()) == 10_000_000_01
    # 1000000001 * 42816 / 64816 = 660577635.77…, and 339422365.22… is left.
    assert repay == {"C1": 660_577_636, "C2": 339_422_365}


def test_a_contract_in_an_open_request(folder: Path) -> None:
    lost = ledger(folder, lost="C2").lost
    assert lost is not None
    assert (lost.repay, lost.withdraw, lost.cover) == (0, 22_000_000_00, 88_000_000_00)


def test_an_advance_that_nothing_can_set_off_any_more(folder: Path) -> None:
    """103.2 million are not set off. Without C1 the others still take 88 + 15 + 84 + 18 million, which is enough."""
    lost = ledger(folder, lost="C1").lost
    assert lost is not None
    assert lost.advance == 0
    change(folder, "funding.csv", "C2,SAFE,88000000\nC2,national,5440000", "C2,SAFE,22000000\nC2,national,71440000")
    change(folder, "funding.csv", "C4,SAFE,84000000\nC4,national,9440000", "C4,SAFE,40000000\nC4,national,53440000")
    lost = ledger(folder, lost="C1").lost
    assert lost is not None
    # 22 + 15 + 40 + 18 = 95 million are left for 103.2.
    assert lost.advance == 8_200_000_00


EMPTY = ("milestones.csv", "funding.csv", "invoices.csv", "claims.csv", "requests.csv", "draws.csv", "documents.csv")


def test_a_ledger_that_is_only_begun(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in EMPTY:
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.split("\n")[0] + "\n", encoding="utf-8")
    assert {each.key for each in ledger(folder).remarks} == {"no source"}
    assert cli.main(["fund", "ledger", str(folder), "--out", str(tmp_path / "out"), "--lost", "C1"]) == 0
    assert "still possible in 2026: 2" in capsys.readouterr().out


def test_a_contract_that_is_not_there(folder: Path) -> None:
    with pytest.raises(JointbuyError, match='there is no contract "C9"'):
        ledger(folder, lost="C9")


# --- deficit, debt and the escape clause ----------------------------------------------------


def test_the_escape_clause_at_its_limit(folder: Path) -> None:
    """50,360,000 is 1.5 % of 3,357,333,333.33…: a GDP of 3,357,333,334 holds it, and one euro less does not."""
    change(folder, "ledger.yaml", "2026: 84000000000", "2026: 3357333334")
    assert ledger(folder).years[0].clause == "within"
    change(folder, "ledger.yaml", "2026: 3357333334", "2026: 3357333333")
    assert ledger(folder).years[0].clause == "beyond"


def test_states_and_the_clause(folder: Path) -> None:
    clause = escape.read(HERE / "escape_clause.yaml", law.places())
    assert clause.share == Fraction(15, 1000)
    fifteen = "BE BG HR CZ DK EE FI GR HU LV LT PL PT SK SI".split()
    assert all(activated(clause, code, date(2025, 7, 8)) for code in fifteen)
    assert not any(activated(clause, code, date(2025, 7, 7)) for code in fifteen)
    assert [activated(clause, "DE", date(2025, 10, day)) for day in (1, 31)] == [None, True]
    assert [activated(clause, code, date(2026, 6, 1)) for code in ("ES", "AT", "FR", "RO")] == [
        None,
        True,
        False,
        False,
    ]
    named = {code for each in clause.activated for code in each.states} | set(clause.not_activated)
    assert named <= set(law.view(law.act("safe"), date(2026, 11, 23), date(2026, 11, 23)).group("union").members)
    assert len(named) == 27
    change(folder, "ledger.yaml", "state: LT", "state: RO")
    assert {each.clause for each in ledger(folder).years} == {"not activated", "not covered"}


def test_no_gdp_is_unknown(folder: Path) -> None:
    change(folder, "ledger.yaml", "  2027: 88000000000\n", "")
    by_year = {each.year: each for each in ledger(folder).years}
    assert (by_year[2027].clause, by_year[2027].room) == ("unknown", None)


# --- sharing out money ----------------------------------------------------------------------

WEIGHTS = st.lists(st.integers(0, 10**15), min_size=1, max_size=12).filter(any)
slow = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
"""A machine that is busy is no fault of what is drawn."""


@slow
@given(st.integers(-(10**17), 10**17), WEIGHTS)
def test_parts_add_up_and_each_is_its_share_to_the_cent(amount: int, weights: list[int]) -> None:
    parts = split(amount, weights)
    assert sum(parts) == amount
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * whole - amount * weight) < whole
    assert split(-amount, weights) == tuple(-part for part in parts)
    assert split(amount, [weight * 7 for weight in weights]) == parts


@slow
@given(st.integers(0, 10**12), WEIGHTS)
def test_larger_weights_never_get_less(amount: int, weights: list[int]) -> None:
    parts = split(amount, weights)
    for one, two in zip(
        sorted(zip(weights, parts, strict=True)), sorted(zip(weights, parts, strict=True))[1:], strict=False
    ):
        assert one[0] == two[0] or one[1] <= two[1]


def test_splits_by_hand() -> None:
    assert split(100, [1, 1, 1]) == (34, 33, 33)
    assert split(1, [Fraction(1, 3), Fraction(2, 3)]) == (0, 1)
    assert split(0, [5]) == (0,)
    for weights in ([], [0, 0], [1, -1]):
        with pytest.raises(ValueError, match="weights"):
            split(1, weights)


# --- the command line -----------------------------------------------------------------------


def test_text(
    capsys: pytest.CaptureFixture[str], golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert cli.main(["fund", "ledger", str(AMBER), "--lost", "C5"]) == 0
    golden("ledger-amber.txt", capsys.readouterr().out)


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["fund", "ledger", str(AMBER), "--lost", "C5", "--json"]) == 0
    out = capsys.readouterr()
    answer: dict[str, Any] = json.loads(out.out)
    assert out.err == ""
    assert answer["loan"] == {
        "amount": 70_000_000_000,
        "prefinancing": 10_500_000_000,
        "drawn": 11_520_000_000,
        "uncleared": 10_320_000_000,
        "left": 58_480_000_000,
        "free": 3_800_000_000,
    }
    assert answer["lost"]["repay"] == 1_200_000_000
    assert {each["check"] for each in answer["remarks"] if each["weight"] == "wrong"} == {
        "cost charged twice",
        "not eligible",
        "line short",
    }
    assert [each["source"] for each in answer["sources"]] == ["SAFE", "EDIP", "national"]
    assert sum(each["amount"] for each in answer["sources"]) == sum(each["value"] for each in answer["contracts"])


def test_files(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = []
    for name in ("one", "other"):
        assert cli.main(["fund", "ledger", str(folder), "--out", str(tmp_path / name)]) == 0
        texts.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert texts[0] == texts[1]
    assert set(texts[0]) == {
        *("report.html", "ledger.json", "remarks.csv", "lines.csv", "contracts.csv", "due.csv", "years.csv"),
    }
    page = texts[0]["report.html"].decode()
    assert "Everything adds up." in page
    assert page.count('role="img"') == 2
    assert not re.search(r'(?:src|href)="', page)
    rows = {row["line"]: row for row in csv.DictReader(io.StringIO(texts[0]["lines.csv"].decode("utf-8-sig")))}
    assert rows["L5"]["received"] == "12000000.00"
    capsys.readouterr()
