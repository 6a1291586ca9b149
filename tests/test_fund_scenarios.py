"""Loans under scenarios of their rates, from their folders: sums by hand, and by the plain schedules of other files."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from jointbuy import cli
from jointbuy.errors import Unusable
from jointbuy.flow.loan import loan as flow_loan
from jointbuy.flow.shifted import scenarios

ROMANIA = Path(__file__).parents[1] / "examples" / "loan-romania"
PLAIN = """id: {id}
currency: EUR
signature: 2027-03-15
amount: 1000.00
draws:
  requests: [{{paid: 2027-03-15, amount: 1000.00}}]
interest: {{rate: {rate}, day_count: 30/360, first: 2028-03-15, months: 12, rounding: {rounding}}}
principal: {{repayment: bullet, maturity: 2037-03-15}}
business_days: {{convention: none, calendar: T2, interest: to the day it is due}}
"""


def table(folder: Path, rows: str) -> Path:
    path = folder / "shifts.csv"
    path.write_text(f"scenario,shift\n{rows}", encoding="utf-8")
    return path


def plain(folder: Path, name: str, rate: str, rounding: str = "half even", **changes: str) -> None:
    text = PLAIN.format(id=name.upper(), rate=rate, rounding=rounding)
    for old, new in changes.items():
        text = text.replace(f"{old}:", f"{old}: {new} #", 1)
    (folder / name).mkdir(parents=True)
    (folder / name / "loan.yaml").write_text(text, encoding="utf-8")


def test_many_loans_by_hand(tmp_path: Path) -> None:
    """1000.00 for ten years: 300.00 at 3 %, 50.00 at 0.5 %; a point more is 100.00 each, 3 points less 300.00."""
    loans = tmp_path / "loans"
    plain(loans, "a", "3 %")
    plain(loans, "b", "0.5 %", "half up")  # rounded otherwise, and so worked out apart
    found = scenarios(loans, table(tmp_path, "higher,+1 %\nlower,-300 bp\nsame,0 %\n"))
    assert [(each.id, each.folder, each.drawn) for each in found.loans] == [("A", "a", 100_000), ("B", "b", 100_000)]
    assert found.stated == (30_000, 5_000)
    assert found.interest == ((40_000, 15_000), (0, -25_000), (30_000, 5_000))
    assert {"shifts.csv", "a/loan.yaml", "b/loan.yaml"} == set(found.digests)


def test_a_loan_under_a_shift_is_the_plain_schedule_at_that_rate(tmp_path: Path) -> None:
    """Ten tranches of Romania's loan, pre-financing cleared, at 3 % and at 4 %: to the cent as its own schedule."""
    found = scenarios(ROMANIA, table(tmp_path, "four,1 %\n"))
    shutil.copytree(ROMANIA, tmp_path / "four")
    text = (tmp_path / "four" / "loan.yaml").read_text(encoding="utf-8")
    (tmp_path / "four" / "loan.yaml").write_text(text.replace("rate: 3.00 %", "rate: 4.00 %"), encoding="utf-8")
    assert found.stated == (flow_loan(ROMANIA).schedule.totals.interest,)
    assert found.interest == ((flow_loan(tmp_path / "four").schedule.totals.interest,),)


def test_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loans = tmp_path / "loans"
    plain(loans, "a", "3 %")
    plain(loans, "b", "3 %", currency="RON")
    words = ["fund", "loan", str(loans), "--scenarios", str(table(tmp_path, "higher,+1 %\n"))]
    assert cli.main([*words, "--out", str(tmp_path / "out")]) == 0
    text = capsys.readouterr().out.replace("\xa0", " ")
    assert "2 loans under 1 scenario" in text
    assert [line.split() for line in text.splitlines() if line.startswith("  higher")] == [
        ["higher", "+1.00", "%", "400.00", "100.00"]
    ] * 2  # a sum for each currency, never of both
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out" / "scenarios.csv").read_text(encoding="utf-8-sig"))))
    assert [(row["loan"], row["currency"], row["as stated"], row["higher"]) for row in rows] == [
        ("A", "EUR", "300.00", "400.00"),
        ("B", "RON", "300.00", "400.00"),
    ]
    assert cli.main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(each["interest"], each["scenarios"]) for each in found["loans"]] == [(30_000, [40_000])] * 2
    assert found["scenarios"][0]["totals"][0] == {"currency": "EUR", "interest": 40_000, "more": 10_000}


def test_every_fault_of_every_loan_is_told_with_its_folder(tmp_path: Path) -> None:
    loans = tmp_path / "loans"
    plain(loans, "a", "3")
    plain(loans, "b", "3.00000001 %")
    plain(loans, "c", "3 %", signature="2028-03-15")
    rows = "x,3\ny,1 %\ny,2 %\nz,0.00000001 %\n,1 %\n"
    with pytest.raises(Unusable) as caught:
        scenarios(loans, table(tmp_path, rows))
    told = [str(problem).partition(";")[0] for problem in caught.value.problems]
    expected = [
        'shifts.csv:2: shift is "3": it may mean 3 % or 300 %',
        "shifts.csv:4: scenario y stands twice",
        "shifts.csv:5: shift is finer than a part of 1,000,000,000",
        "shifts.csv:6: scenario is empty",
        'a/loan.yaml:7: rate is "3": it may mean 3 % or 300 %',
        "b/loan.yaml: this loan has no scenarios: B has a rate finer than a part of 1000000000",
        "c/loan.yaml:6: a draw is paid on 2027-03-15",
    ]
    assert [line[: len(begins)] for line, begins in zip(told, expected, strict=True)] == expected


@pytest.mark.parametrize("text", ["", "scenario,shift\n", "name,by\nx,1 %\n", "\x00"])
def test_what_is_no_table_of_scenarios(text: str, tmp_path: Path) -> None:
    (tmp_path / "shifts.csv").write_text(text, encoding="utf-8")
    with pytest.raises(Unusable, match=r"shifts\.csv"):
        scenarios(ROMANIA, tmp_path / "shifts.csv")


def test_the_largest_amounts_and_a_folder_without_loans(tmp_path: Path) -> None:
    plain(tmp_path / "loans", "a", "3 %")
    file = tmp_path / "loans" / "a" / "loan.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("1000.00", "900000000000.00"), encoding="utf-8")
    assert scenarios(tmp_path / "loans", table(tmp_path, "x,0 %\n")).stated == (27_000_000_000_000,)
    with pytest.raises(Unusable, match=r"there is no loan\.yaml in"):
        scenarios(tmp_path, table(tmp_path, "x,0 %\n"))
