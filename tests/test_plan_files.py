"""Plans as files: what cannot be used is told with file and row, all of it in one run; the command line."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import signal
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from jointbuy import cli, flow, law
from jointbuy.errors import NotInForce, Unusable
from jointbuy.flow.plan import plan
from jointbuy.formats import plan as reader
from jointbuy.plan import answer

FOUR = flow.examples() / "plan-four-states"
IMPOSSIBLE = flow.examples() / "plan-impossible"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOUR, tmp_path / "plan"))


def change(folder: Path, name: str, before: str, after: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert before in text
    (folder / name).write_text(text.replace(before, after, 1), encoding="utf-8")


def problems(folder: Path) -> list[str]:
    with pytest.raises(Unusable) as refused:
        plan(folder)
    return [str(each) for each in refused.value.problems]


BAD = {
    "nobody offers it": (
        "needs.csv",
        "EE,drone,2028,20",
        "EE,submarine,2028,20",
        r"needs.csv:12: nobody offers \"submarine\"",
    ),
    "capacity zero": ("offers.csv", "2028,3,2,6,", "2028,0,0,0,", r"offers.csv:2: capacity is 0: nothing could ever"),
    "negative budget": (
        "states.csv",
        "EE,yes,150000000,20000000",
        "EE,yes,150000000,-1",
        r"states.csv:4: 2027 is \"-1\": an amount is not below zero",
    ),
    "a budget left out": (
        "states.csv",
        "EE,yes,150000000,20000000",
        "EE,yes,150000000,",
        r"states.csv:4: the budget of 2027 is empty",
    ),
    "a lender that may not": (
        "states.csv",
        "CA,no,",
        "CA,yes,",
        r"states.csv:5: CA may not borrow: only Member States",
    ),
    "a loan without borrowing": ("states.csv", "CA,no,", "CA,no,5", r"states.csv:5: loan is stated: CA may not borrow"),
    "unknown state": ("needs.csv", "EE,drone", "FR,drone", r"needs.csv:12: state FR is none of states.csv"),
    "no country": (
        "needs.csv",
        "EE,drone",
        "Estonja,drone",
        r"needs.csv:12: state is \"Estonja\": it is not a country",
    ),
    "unknown offer": (
        "prices.csv",
        "loon,1,",
        "lon,1,",
        r"prices.csv:17: offer \"lon\" is none of offers.csv; did you mean \"loon\"",
    ),
    "need twice": (
        "needs.csv",
        "EE,drone,2028,20,,",
        "EE,drone,2028,20,,\nEE,drone,2028,1,,",
        r"needs.csv:13: this need stands twice: line 12",
    ),
    "offer twice": ("offers.csv", "loon,", "swift,", r"offers.csv:9: offer \"swift\" stands twice"),
    "state twice": ("states.csv", "CA,no", "PL,no", r"states.csv:5: state PL stands twice: it stands at line 2"),
    "price twice": ("prices.csv", "tarn,6,", "tarn,1,", r"prices.csv:3: from 1 stands twice"),
    "no first price": ("prices.csv", "loon,1,", "loon,2,", r"prices.csv:17: from is 2 in the first price"),
    "origins beyond all": (
        "origins.csv",
        "loon,CA,70",
        "loon,CA,80",
        r"offers.csv:9: the origins add up to more than 100 %",
    ),
    "half a piece": ("needs.csv", "2028,20,", "2028,20.5,", r"needs.csv:12: quantity is \"20.5\": pieces are whole"),
    "none at all": ("needs.csv", "2028,20,", "2028,0,", r"needs.csv:12: quantity is \"0\""),
    "beyond the plan": (
        "needs.csv",
        "EE,drone,2028",
        "EE,drone,2035",
        r"needs.csv:12: year 2035 is no year of the plan",
    ),
    "late before due": (
        "needs.csv",
        "EE,drone,2028,20,",
        "EE,drone,2028,20,2027",
        r"needs.csv:12: latest 2027 is before 2028",
    ),
    "two standards": (
        "needs.csv",
        "PL,air defence,2030,4,,Link-16",
        "PL,air defence,2030,4,,",
        r"needs.csv:3: standards differ",
    ),
    "unknown act": ("offers.csv", "safe edip,tarn-1", "safes,tarn-1", r"offers.csv:2: acts holds \"safes\""),
    "a column too many": (
        "states.csv",
        "state,may_borrow",
        "state,rank,may_borrow",
        r"states.csv:1: there is no column \"rank\"",
    ),
    "a column missing": ("needs.csv", "capability,year", "capability,when", r"needs.csv:1: the column year is missing"),
    "a cell too many": (
        "needs.csv",
        "EE,drone,2028,20,,",
        "EE,drone,2028,20,,,,",
        r"needs.csv:12: a cell stands beyond the header",
    ),
    "a tenth of a cent": (
        "prices.csv",
        "loon,1,230000",
        "loon,1,230000.001",
        r"prices.csv:17: unit_price is .*no whole number of cents",
    ),
    "no such key": (
        "plan.yaml",
        "discount:",
        "discounts:",
        r"plan.yaml:7: there is no key \"discounts\"; did you mean \"discount\"",
    ),
    "no such goal": ("plan.yaml", "[cost]", "[price]", r"plan.yaml:10: minimise holds \"price\""),
    "no such group": (
        "plan.yaml",
        "from: [EU,",
        "from: [Atlantis,",
        r"plan.yaml:24: from holds \"Atlantis\": it is no country",
    ),
    "an impossible share": (
        "plan.yaml",
        "dependence: 30 %",
        "dependence: 130 %",
        r"plan.yaml:20: dependence is \"130 %\"",
    ),
    "no system": ("plan.yaml", "systems: 1 ", "systems: 0 ", r"plan.yaml:13: systems is \"0\""),
    "a limit of no kind": (
        "plan.yaml",
        "- systems: 1 ",
        "- sistems: 1 ",
        r"plan.yaml:13: this limit has no kind; did you mean \"systems\"",
    ),
    "a state beyond": (
        "plan.yaml",
        "of: [PL, CA]",
        "of: [PL, FR]",
        r"plan.yaml:28: of holds \"FR\": it is no state of the plan",
    ),
    "what is not needed": (
        "plan.yaml",
        "capability: howitzer",
        "capability: howitzers",
        r"plan.yaml:14: capability holds \"howitzers\": no state needs it",
    ),
    "what is not shared": ("plan.yaml", "shares: datalink", "shares: data", r"plan.yaml:17: shares is \"data\""),
    "years before the signature": (
        "plan.yaml",
        "signature: 2027-02-01",
        "signature: 2028-02-01",
        r"plan.yaml:6: years begins with 2027: nothing is delivered or paid under contracts .* signed on 2028-02-01",
    ),
    "years apart": (
        "plan.yaml",
        "[2027, 2028, 2029, 2030]",
        "[2027, 2029]",
        r"plan.yaml:6: years are not one after another",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_told_with_its_row(folder: Path, name: str) -> None:
    file, before, after, told = BAD[name]
    change(folder, file, before, after)
    found = problems(folder)
    assert any(re.match(told, each) for each in found), found


def test_nobody_may_lead(folder: Path) -> None:
    for code, loan in {"PL": "900000000", "LV": "250000000", "EE": "150000000"}.items():
        change(folder, "states.csv", f"{code},yes,{loan}", f"{code},no,")
    (told,) = problems(folder)
    assert told.startswith("states.csv:2: no state may borrow, so nobody may lead: a common procurement is led by one")


def test_who_buys_all_by_itself_needs_no_lead(folder: Path) -> None:
    (folder / "states.csv").write_text("state,may_borrow\nPL,no\nLV,no\nEE,no\nCA,no\n", encoding="utf-8")
    change(folder, "plan.yaml", (folder / "plan.yaml").read_text("utf-8").split("limits:")[1], " []\n")
    rows = (folder / "needs.csv").read_text(encoding="utf-8").splitlines()
    own = [f"{rows[0]},buy_alone", *(f"{row},yes" for row in rows[1:])]
    (folder / "needs.csv").write_text("\n".join(own) + "\n", encoding="utf-8")
    found = plan(folder, seconds=20, gap=Fraction(1, 10)).planned
    offers = {each.id: each for each in found.plan.offers}
    assert found.contracts
    assert all(offers[each.offer].alone for each in found.contracts)


def test_a_signature_before_the_act_is_told_in_words(folder: Path) -> None:
    change(folder, "plan.yaml", "signature: 2027-02-01", "signature: 2024-02-01")
    with pytest.raises(NotInForce, match=r"on 2024-02-01, the day of signature: .* applies from 2025-05-29"):
        plan(folder)


def test_every_problem_is_told_at_once(folder: Path) -> None:
    for name in ("negative budget", "half a piece", "unknown offer", "no such group"):
        change(folder, *BAD[name][:3])
    found = problems(folder)
    assert [each.split(":")[0] for each in found] == ["plan.yaml", "states.csv", "needs.csv", "prices.csv"]


def test_a_folder_without_a_plan(tmp_path: Path) -> None:
    (told,) = problems(tmp_path)
    assert "there is no plan.yaml" in told


def test_a_table_that_is_missing_or_hostile(folder: Path) -> None:
    (folder / "origins.csv").unlink()
    (folder / "needs.csv").write_bytes(b"state,capability\x00\n")
    found = problems(folder)
    assert any("there is no table origins.csv" in each for each in found)
    assert any("a control character stands here" in each for each in found)


@pytest.mark.parametrize("name", ["states.csv", "needs.csv", "offers.csv", "prices.csv", "origins.csv"])
def test_a_table_that_cannot_be_read_is_the_only_fault(folder: Path, name: str) -> None:
    """What the other tables and limits say of it cannot be looked up, and is no fault of theirs."""
    (folder / name).unlink()
    (told,) = problems(folder)
    assert told.startswith(f"plan.yaml: there is no table {name}")


ROOTS = {
    "header": ("states.csv", "state,may_borrow", "state,may_borow", ["there is no column", "the column may_borrow is"]),
    "row": ("states.csv", "EE,yes,", "EE,perhaps,", ["may_borrow is "]),
    "need": ("needs.csv", "LV,howitzer,", "Latvja,howitzer,", ["state is "]),
    "offer": ("prices.csv", "loon,1,", "lon,1,", ["offer "]),
}


@pytest.mark.parametrize("name", ROOTS)
def test_what_follows_from_a_fault_is_not_told(folder: Path, name: str) -> None:
    file, before, after, told = ROOTS[name]
    change(folder, file, before, after)
    found = [each.split(": ", 1)[1] for each in problems(folder)]
    assert [text for text in found if not text.startswith(tuple(told))] == []
    assert len(found) == len(told)


def test_names_and_groups_are_read() -> None:
    made = reader.read(FOUR / "plan.yaml", law.places(), law.ACTS).plan
    assert [each.code for each in made.states] == ["PL", "LV", "EE", "CA"]
    tarn = made.offers[0]
    assert (tarn.capacity, [tier.least for tier in tarn.tiers]) == ((0, 3, 5, 6), [1, 6, 10])
    partners = next(each for each in made.limits if type(each).__name__ == "Partners")
    assert {"PL", "NO", "UA", "CA"} <= set(partners.countries)  # type: ignore[union-attr]
    assert not {"US", "GB", "CH"} & set(partners.countries)  # type: ignore[union-attr]


def test_terms_are_the_law_s() -> None:
    """SAFE Art. 2(3): two buyers from inside, one of which borrows; Art. 12(1): payments until 31 December 2030."""
    made = plan(FOUR).planned
    assert (made.terms.least_buyers, made.terms.last_year) == (2, 2030)
    assert {"PL", "NO", "UA"} <= set(made.terms.counting)
    assert "CA" not in made.terms.counting
    assert not {"NO", "UA", "CA"} & set(made.terms.may_lead)


# --- the command line -----------------------------------------------------------------------


def test_json_has_what_it_must(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", str(FOUR), "--json", "--gap", "0"]) == 0
    out = capsys.readouterr()
    answer = json.loads(out.out)
    keys = {"status", "cost", "bound", "gap", "allocation", "binding", "dependence", "work_share"}
    assert keys <= set(answer)
    assert (answer["status"], out.err) == ("optimal", "")
    # By hand: 11 Tarn at 46 m, 68 Dnipro at 4.3 m, 190 Loon at 205,000; amounts are cents.
    assert sum(each["amount"] for each in answer["allocation"]) == 100 * (
        11 * 46_000_000 + 68 * 4_300_000 + 190 * 205_000
    )
    assert answer["bound"] <= answer["cost"]
    assert "highs" not in out.out.casefold()


def test_the_same_plan_gives_the_same_bytes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    texts = []
    for name in ("one", "other"):
        assert cli.main(["plan", str(FOUR), "--out", str(tmp_path / name)]) == 0
        texts.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert texts[0] == texts[1]
    assert set(texts[0]) == {
        "report.html",
        "plan.json",
        "allocation.csv",
        "work_share.csv",
        "dependence.csv",
        "conditions.csv",
        "payments.csv",
    }
    page = texts[0]["report.html"].decode()
    assert page.count('role="img"') == 3
    assert "Tarn SAM" in page
    rows = list(csv.DictReader(io.StringIO(texts[0]["allocation.csv"].decode("utf-8-sig"))))
    assert {row["system"] for row in rows} == {"Tarn SAM", "Dnipro howitzer", "Loon drone"}
    capsys.readouterr()


def test_what_is_paid_when_adds_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By year and state, payments are the deliveries of allocation.csv and the set-ups; by loan, at most the loan."""
    assert cli.main(["plan", str(FOUR), "--json", "--out", str(tmp_path)]) == 0
    found = json.loads(capsys.readouterr().out)
    paid = list(csv.DictReader(io.StringIO((tmp_path / "payments.csv").read_text(encoding="utf-8-sig"))))
    got = list(csv.DictReader(io.StringIO((tmp_path / "allocation.csv").read_text(encoding="utf-8-sig"))))
    assert len(paid) == 4 * 4
    for row in paid:
        mine = [each for each in got if (each["state"], each["year"]) == (row["state"], row["year"])]
        assert Decimal(row["pieces"]) == sum((Decimal(each["amount"]) for each in mine), Decimal(0))
        own = Decimal(row["pieces"]) + Decimal(row["set_up"]) - Decimal(row["of_it_by_loan"])
        assert own <= Decimal(row["budget"])
    set_ups = sum(each["set_up"] for each in found["contracts"])
    assert sum(Decimal(row["set_up"]) for row in paid) * 100 == set_ups > 0
    # By hand: Poland's loan is 900 million.
    assert sum(Decimal(row["of_it_by_loan"]) for row in paid if row["state"] == "PL") <= 900_000_000


def test_impossible_is_told_in_the_planner_s_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", str(IMPOSSIBLE), "--json"]) == 0
    clash = json.loads(capsys.readouterr().out)["conflict"]
    names = [each["name"] for each in clash["conditions"]]
    assert clash["minimal"] == "yes"
    assert "at most 1 system of howitzer among Latvia and Estonia" in names
    assert "Latvia's 12 of howitzer by 2028" in names
    # By hand: twelve at 5.7 m are 68.4 m, and 56 m are there until 2028.
    assert sum(each["by"] for each in clash["relaxation"]) == 12_400_000_00
    assert {each["family"] for each in clash["relaxation"]} == {"budget"}
    assert cli.main(["plan", str(IMPOSSIBLE)]) == 0
    assert "cannot all hold" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--gap", "-1"], "is no gap in per cent"),
        (["--seconds", "0"], "is no number of seconds"),
        (["--minimise", "cots"], 'did you mean "cost"'),
        (["--minimise", "cost,cost"], "names a goal twice"),
    ],
)
def test_wrong_words(capsys: pytest.CaptureFixture[str], words: list[str], told: str) -> None:
    assert cli.main(["plan", str(FOUR), *words]) == 2
    assert told in capsys.readouterr().err


def test_no_time_is_told_by_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", str(FOUR), "--seconds", "0.000001"]) == 3
    assert "No plan was found in time" in capsys.readouterr().out


def test_a_table_without_needs_is_told_once(folder: Path) -> None:
    (folder / "needs.csv").write_text("state,capability,year,quantity\n", encoding="utf-8")
    assert problems(folder) == ["needs.csv: needs.csv names no need; write a row for each need of a state"]


def test_a_state_may_buy_what_it_needs_by_itself(folder: Path) -> None:
    """Every offer of that capability once more for it; the rows of one need say the same."""
    text = (folder / "needs.csv").read_text(encoding="utf-8").splitlines()
    told = [
        line + (",buy_alone" if not n else ",yes" if line.startswith("PL,drone") else ",")
        for n, line in enumerate(text)
    ]
    (folder / "needs.csv").write_text("\n".join(told) + "\n", encoding="utf-8")
    found = reader.read(folder, law.places(), law.ACTS).plan
    own = {each.id: (each.source, each.only, each.alone) for each in found.offers if each.only}
    assert own == {"swift / PL": ("swift", "PL", True), "loon / PL": ("loon", "PL", True)}
    change(folder, "needs.csv", "PL,air defence,2028,4,2029,Link-16,", "PL,air defence,2028,4,2029,Link-16,yes")
    assert "needs.csv:3: buy_alone differs: line 2 says otherwise" in problems(folder)[0]


def test_what_loans_cost_is_read_and_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of 1 drawn at 3 % a year, discounted by 3 %, all is worth 1 whenever it is repaid: loans cost as much as cash."""
    assert cli.main(["plan", str(folder)]) == 0
    assert "without interest" in " ".join(capsys.readouterr().out.split())
    change(folder, "plan.yaml", "discount: 3 %", "loans: {interest: 3 %, grace: 10, years: 45}\ndiscount: 3 %")
    assert cli.main(["plan", str(folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["loans_beyond_cash"] == 0
    assert not any("interest" in each for each in found["notes"])
    change(folder, "plan.yaml", "grace: 10, years: 45", "grace: 10, years: 10")
    assert "years is 10: a loan is repaid after its 10 years of grace" in problems(folder)[0]


def test_the_frontier_needs_countries(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(folder, "plan.yaml", "depends_on: [US]", "depends_on: []")
    assert cli.main(["plan", str(folder), "--frontier"]) == 2
    assert "depends_on" in capsys.readouterr().err


def test_who_stops_it_gets_the_best_so_far(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The first interrupt asks the search to stop; what was found until then is printed, with exit code 3."""
    real = answer.search

    def interrupted(*given: Any) -> Any:
        found = real(*given)
        signal.raise_signal(signal.SIGINT)
        return found

    monkeypatch.setattr(answer, "search", interrupted)
    before = signal.getsignal(signal.SIGINT)
    assert cli.main(["plan", str(FOUR), "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert found["interrupted"] == "yes"
    assert found["allocation"]
    assert signal.getsignal(signal.SIGINT) is before
