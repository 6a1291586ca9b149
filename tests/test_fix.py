"""Fix from file to answer: by hand at the cent, refusals in clear words, what is too late, what the command prints."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace as replace_
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from choices import family
from jointbuy import formats, law
from jointbuy.cli import main
from jointbuy.errors import JointbuyError, Unusable
from jointbuy.exact import exactly
from jointbuy.fix.problem import Problem, Solution, Status
from jointbuy.flow import fix as flow_fix
from jointbuy.flow.certified import verify
from jointbuy.flow.fix import Wanted, fix
from jointbuy.flow.offers import Option
from jointbuy.flow.sourcing import lightest
from jointbuy.flow.timing import actions_in_time
from jointbuy.remedy import Alternative
from jointbuy.report import remedies

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "recovery-vehicle"
HEAD = "part,supplier,origin,unit_cost,currency,lead_time,qualification_cost,available_from,together\n"
APART = HEAD.replace("together", "together,not_with")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    there = tmp_path / "purchase"
    shutil.copytree(EXAMPLE, there)
    return there


def offer(folder: Path, *rows: str, head: str = HEAD) -> None:
    (folder / "alternatives.csv").write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")


def replace(folder: Path, old: str, new: str, name: str = "purchase.yaml") -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def refused(folder: Path) -> str:
    with pytest.raises(JointbuyError) as error:
        fix(folder)
    return str(error.value)


def test_example() -> None:
    # By hand: (51 200 - 58 500 * 0.8526) * 60 + 95 000 = 174 374; (66 900 - 61 700) * 60 + 240 000 = 552 000;
    # (24 900 - 22 600) * 60 + 60 000 = 198 000; (21 200 - 19 800) * 60 + 45 000 = 129 000; 2 500; guarantees 180 000.
    found = fix(EXAMPLE)
    assert [(each.part, each.cost) for each in found.changes] == [
        ("ARV-310", 17437400),
        ("ARV-410", 55200000),
        ("ARV-520", 19800000),
        ("ARV-540", 12900000),
        ("ARV-550", 250000),
    ]
    assert [each.action.id for each in found.actions] == ["guarantees"]
    assert found.cost == found.bound == 123587400
    assert found.gap == 0
    assert found.after[0].verdict.outcome == "eligible"
    # Outside then: 168 814.80 + 121 069.20 + 96 000 + 30 % of 66 900 + 38 900 = 444 854.00 of 1 280 684.00.
    (limit,) = [each for each in found.limits if each.provision == "Art. 16(10)"]
    assert limit.after is not None
    assert (limit.after.low, limit.after.high) == (Fraction(444854, 1280684), Fraction(444854, 1280684))


def test_a_limit_is_kept_exactly_and_missed_by_one_cent(folder: Path) -> None:
    # 350 of 1 000 from outside is allowed, 350.01 of 1 000.01 is not.
    head = "Part,Parent,Quantity,Unit,Supplier,Country of origin,Unit cost,Currency\nARV-60,,1,pc,,,,\n"
    bill = "A,ARV-60,1,pc,One,US,400.00,EUR\nB,ARV-60,1,pc,Two,DE,650.00,EUR\n"
    (folder / "bom.csv").write_text(head + bill, encoding="utf-8")
    offer(folder, "A,Three,US,350.00,EUR,,0,,", "A,Four,DE,500.00,EUR,,0,,")
    cheap = fix(folder)
    assert [(each.supplier, each.cost) for each in cheap.changes] == [("Three", -50 * 60 * 100)]
    offer(folder, "A,Three,US,350.01,EUR,,0,,", "A,Four,DE,500.00,EUR,,0,,")
    dear = fix(folder)
    assert [(each.supplier, each.cost) for each in dear.changes] == [("Four", 100 * 60 * 100)]


def test_what_passes_needs_nothing(folder: Path) -> None:
    found = fix(EXAMPLE.parent / "armoured-vehicle")
    assert (found.cost, found.bound, found.changes) == (0, 0, ())
    assert "passes as it is" in remedies.text(found, colour=False, width=100)


def test_nothing_offered_is_said() -> None:
    with pytest.raises(Unusable, match="nothing is offered that could be changed"):
        fix(EXAMPLE.parent / "howitzer")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("ARV-999,New,DE,10,EUR,,0,,", 'there is no part "ARV-999" in the bill'),
        ("ARV-60,New,DE,10,EUR,,0,,", "is the end product itself"),
        ("ARV-310,New,DE,10,SEK,,0,,", "there is no exchange rate for SEK"),
        ("ARV-310,New,DE,-10,EUR,,0,,", "a cost cannot be negative"),
        ("ARV-310,New,DE,10,EUR,,-5,,", "a cost cannot be negative"),
        ("ARV-310,New,DE,10,EUR,,,,", "has no qualification_cost"),
        ("ARV-310,New,DE,,EUR,,0,,", "has no unit_cost"),
        ("ARV-310,New,DE,10,EUR,soon,0,,", "it is not a number"),
        ("ARV-310,New,DE,10,EUR,,0,03/04/2027,", "a date is written year-month-day"),
        ("ARV-310,New,Atlantis,10,EUR,,0,,", "no country is known by this code or name"),
        ("ARV-310,New,DE,10,EUR,,0,,alone", "no other part has that label"),
        ("ARV-400,Muster Ketten GmbH,DE,46200.00,EUR,,0,,", "comes from there already"),
        (",New,DE,10,EUR,,0,,", "this row names no part"),
        ("ARV-310,New,DE,10,EUR,,0,,,more", "this row is too long"),
    ],
)
def test_a_bad_row_is_refused_with_its_place(folder: Path, row: str, said: str) -> None:
    offer(folder, "ARV-300,Good,DE,10,EUR,,0,,", row)
    told = refused(folder)
    assert said in told
    assert "alternatives.csv:3" in told


def test_alternatives_in_a_workbook_are_read_as_those_in_text(folder: Path) -> None:
    import csv

    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet("Offers")
    with (folder / "alternatives.csv").open(encoding="utf-8", newline="") as text:
        for line, row in enumerate(csv.reader(text)):
            cells: list[Any] = list(row)
            if line:
                cells[3], cells[6], cells[7] = float(row[3]), float(row[6]), date.fromisoformat(row[7])
            sheet.append(cells)
    book.save(folder / "offers.xlsx")
    replace(folder, "alternatives: alternatives.csv", "alternatives: offers.xlsx#Offers")
    found = fix(folder)
    assert found.cost == 123587400
    assert str(found.changes[0].row) == "offers.xlsx:Offers!A6"
    replace(folder, "offers.xlsx#Offers", "offers.xlsx#Prices")
    assert 'there is no sheet "Prices"' in refused(folder)


def test_costs_beyond_64_bits_are_refused_in_words(folder: Path) -> None:
    offer(folder, f"ARV-310,X,DE,{10**25},EUR,10,0,2026-12-01,")
    assert "too large to be added up in 64 bits" in refused(folder)


def test_a_label_of_a_row_that_is_at_fault_is_no_fault_of_others(folder: Path) -> None:
    offer(
        folder,
        "ARV-310,A,DE,10,CHF,,0,,p,x",
        "ARV-300,B,DE,10,EUR,,0,,p,",
        "ARV-200,C,DE,10,EUR,,0,,,x",
        head=APART,
    )
    with pytest.raises(Unusable) as error:
        fix(folder)
    assert ["there is no exchange rate for CHF" in str(each) for each in error.value.problems] == [True]


@pytest.mark.parametrize("most", [0, 1, 2, 3, None])
def test_the_lightest_choice_is_that_of_all(most: int | None) -> None:
    """Options of one and of several changes, ties and weights of both signs, against every choice."""
    random = Random(most or 0)
    source = Alternative(part="A", replaces=0, supplier=None, origin=(), price=exactly(1), currency="EUR")
    for _ in range(60):
        groups = [
            [Option(), *(Option((source,) * random.randint(1, 2), cost=place) for place in range(random.randint(1, 3)))]
            for _ in range(random.randint(1, 4))
        ]
        weights = [Fraction(random.randint(-4, 4), random.randint(1, 3)) for group in groups for _ in group]
        of = dict(zip((id(one) for group in groups for one in group), weights, strict=True))

        def weighs(chosen: Sequence[Option], of: dict[int, Fraction] = of) -> Fraction:
            return sum((of[id(one)] for one in chosen), Fraction(0))

        found = lightest(groups, weights, most)
        able = [one for one in product(*groups) if most is None or sum(len(each.alternatives) for each in one) <= most]
        assert any(all(a is b for a, b in zip(found, one, strict=True)) for one in able)
        assert weighs(found) == min(map(weighs, able))


def test_every_problem_is_told_at_once(folder: Path) -> None:
    offer(
        folder,
        "ARV-999,New,DE,10,EUR,,0,,",
        "ARV-310,New,DE,10,SEK,,0,,",
        "ARV-300,A,DE,9,EUR,,0,,",
        "ARV-300,A,DE,8,EUR,,0,,",
    )
    told = refused(folder)
    for said in ("ARV-999", "SEK", "is offered twice"):
        assert said in told


def test_headers(folder: Path) -> None:
    offer(folder, "ARV-310,DE,10", head="part,origin,unit_cost\n")
    assert "have no column qualification_cost" in refused(folder)
    offer(folder, "ARV-310,DE,10,0,x", head="part,origin,unit_cost,qualification_cost,colour\n")
    assert 'there is no column "colour"' in refused(folder)
    offer(folder)
    assert "there are no alternatives" in refused(folder)
    (folder / "alternatives.csv").unlink()
    assert 'there is no file "alternatives.csv"' in refused(folder)


def test_an_origin_that_nobody_declared_counts_at_its_worst(folder: Path) -> None:
    offer(folder, "ARV-300,New,?,96000.00,EUR,,0,,")
    found = fix(folder)
    assert found.cost is None
    assert any("no origin is declared" in note for note in found.notes)


def test_no_part_of_a_pack_changes_alone(folder: Path) -> None:
    # The engine alone is enough: 578 761.10 - 168 814.80 + 14 600 open of 1 271 646.30, 33.39 %.
    offer(folder, "ARV-200,E,DE,170000,EUR,,0,,", "ARV-220,S,FI,25000,EUR,,0,,")
    assert {each.part for each in fix(folder).changes} == {"ARV-200"}
    offer(folder, "ARV-200,E,DE,170000,EUR,,0,,pack", "ARV-220,S,FI,25000,EUR,,0,,pack")
    assert {each.part for each in fix(folder).changes} == {"ARV-200", "ARV-220"}


def test_what_excludes_each_other_is_not_chosen_together(folder: Path) -> None:
    # One hundred of each: two of the three must move, and the two cheapest exclude each other.
    head = "Part,Parent,Quantity,Unit,Supplier,Country of origin,Unit cost,Currency\nARV-60,,1,pc,,,,\n"
    bill = "".join(f"{part},ARV-60,1,pc,S{part},US,100.00,EUR\n" for part in "ABC") + "D,ARV-60,1,pc,SD,DE,130.00,EUR\n"
    (folder / "bom.csv").write_text(head + bill, encoding="utf-8")
    rows = ("A,N,DE,101.00,EUR,,0,,,{}", "B,N,DE,102.00,EUR,,0,,,{}", "C,N,DE,110.00,EUR,,0,,,")
    offer(folder, *(row.format("") for row in rows), head=APART)
    assert {each.part for each in fix(folder).changes} == {"A", "B"}
    offer(folder, *(row.format("x") for row in rows), head=APART)
    assert {each.part for each in fix(folder).changes} == {"A", "C"}
    offer(folder, rows[0].format("x; y"), rows[1].format("x"), rows[2] + "y", head=APART)
    found = fix(folder)
    assert {each.part for each in found.changes} == {"B", "C"}
    assert found.cost == found.bound == 12 * 60 * 100 + 18000000


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["ARV-310,A,DE,10,EUR,,0,,,x"], "there is nothing it could exclude"),
        (["ARV-310,A,DE,10,EUR,,0,,,x", "ARV-310,B,DE,10,EUR,,0,,,x"], "one source of a part is chosen anyway"),
        (["ARV-310,A,DE,10,EUR,,0,,p,x", "ARV-300,B,DE,10,EUR,,0,,p,x"], "cannot change together"),
    ],
)
def test_labels_that_contradict_each_other_are_refused(folder: Path, rows: list[str], said: str) -> None:
    offer(folder, *rows, head=APART)
    told = refused(folder)
    assert said in told
    assert "alternatives.csv:" in told


def test_how_near_the_offers_come(folder: Path) -> None:
    # Only the radios: 578 761.10 - 22 600 outside of 1 270 461.10 - 22 600 + 24 900, and 14 600 undeclared.
    offer(folder, "ARV-520,New,EE,24900.00,EUR,,0,,")
    found = fix(folder)
    near = found.nearest[0]
    assert near.share.high == Fraction("556161.10") / Fraction("1272761.10") + Fraction("14600") / Fraction(
        "1272761.10"
    )
    assert "at best" in remedies.text(found, colour=False, width=100)


def test_what_comes_too_late_is_not_offered_and_why() -> None:
    told = {each.what: each.because for each in fix(EXAMPLE).too_late}
    assert "after the last delivery on 2030-06-28" in told["ARV-300 from Przykład Dźwigi Sp. z o.o."]
    assert "guarantees belong in the tender" in told["the same guarantees, with a bank's bond behind them"]


def test_after_the_tender_guarantees_are_too_late() -> None:
    # What is left is a screening that nobody has priced.
    found = fix(EXAMPLE, on=date(2027, 3, 1))
    assert [each.action.id for each in found.actions] == ["screening"]
    assert found.unpriced
    assert "Nothing passes for stated costs alone" in remedies.text(found, colour=False, width=100)


@pytest.mark.parametrize(
    ("act", "provision"),
    [("safe", "Art. 16(6)"), ("edirpa", "Art. 9(7)"), ("edip", None), ("edip_ukraine", None)],
)
def test_guarantees_belong_in_the_tender_where_the_act_says_so(act: str, provision: str | None) -> None:
    """EDIP has guarantees approved nationally (Art. 9(6), 26(6)) and asks for nothing in the specifications."""
    purchase = formats.read(EXAMPLE, law.places()).purchase
    taken, late = actions_in_time(purchase, [law.act(act)], date(2027, 3, 1))
    guaranteed = [each for each in late if "guarantees belong" in each.because]
    assert [provision for each in guaranteed if f"({provision})" in each.because] == [provision] * 2 * bool(provision)
    assert bool(guaranteed) is bool(provision)
    assert ("guarantees" in {each.id for each in taken}) is not bool(provision)


def test_an_action_without_a_cost_is_taken_only_where_nothing_else_passes(folder: Path) -> None:
    assert [each.action.id for each in fix(folder).actions] == ["guarantees"]


def test_a_rule_offers_what_no_action_states(folder: Path) -> None:
    text = (folder / "purchase.yaml").read_text(encoding="utf-8")
    start, end = text.index("# What could be changed"), text.index("exchange_rates:")
    (folder / "purchase.yaml").write_text(text[:start] + text[end:], encoding="utf-8")
    found = fix(folder)
    assert found.cost is None
    assert [each.provision for each in found.standing][:1] == ["Art. 16(3)"]
    assert "cost not stated" in remedies.text(found, colour=False, width=100)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("parties[NOBODY].guarantees.in_tender", "leads nowhere"),
        ("parties[MBF].guarantees.in_tendr", "is not a field"),
        ("parties..MBF", "is no path"),
        ("actions[guarantees].cost", "cannot be changed by an action"),
    ],
)
def test_an_action_that_leads_nowhere_is_refused(folder: Path, path: str, said: str) -> None:
    replace(folder, "parties[MBF].screening.outcome", path)
    told = refused(folder)
    assert said in told
    assert "purchase.yaml:" in told


def test_a_second_buyer_after_signature_needs_article_18(folder: Path) -> None:
    text = (folder / "purchase.yaml").read_text(encoding="utf-8")
    start, end = text.index("  - country: FI"), text.index("conducted_by: LT")
    text = text[:start] + text[end:]
    action = """\
  - id: finland-joins
    what: Finland joins
    cost: 1000.00
    available_from: 2027-09-01
    changes:
      - {set: 'buyers[+FI].country', to: FI}
      - {set: 'buyers[+FI].quantity', to: 24}
      - {set: 'buyers[+FI].borrows', to: yes}
      - {set: 'buyers[+FI].loan.council_decision', to: 2026-02-17}
      - {set: 'buyers[+FI].participation', to: signed}
"""
    (folder / "purchase.yaml").write_text(text.replace("actions:\n", "actions:\n" + action), encoding="utf-8")
    found = fix(folder)
    assert found.cost is None
    assert any("only by a change of the contract (Art. 18)" in each.because for each in found.too_late)
    replace(folder, "available_from: 2027-09-01", "available_from: 2027-06-01")
    assert {each.action.id for each in fix(folder).actions} == {"guarantees", "finland-joins"}


def test_actions_that_do_not_go_together_are_told(folder: Path) -> None:
    more = """\
  - id: sooner
    what: an earlier signature
    cost: 1.00
    changes: [{set: events.signature, to: 2027-02-01}]
  - id: tender-later
    what: a later tender
    cost: 1.00
    changes: [{set: events.tender, to: 2027-03-01}]
"""
    replace(folder, "actions:\n", "actions:\n" + more)
    found = fix(folder)
    assert {each.action.id for each in found.actions} == {"guarantees"}
    assert any(each.what == "sooner with tender-later" for each in found.too_late)


def test_a_purchase_without_a_bill_is_fixed_by_actions(folder: Path) -> None:
    replace(folder, "bill_of_materials: bom.csv\nalternatives: alternatives.csv\n", "")
    text = (folder / "purchase.yaml").read_text(encoding="utf-8")
    start, end = text.index("end_products:"), text.index("# What could")
    (folder / "purchase.yaml").write_text(text[:start] + "end_products: []\n" + text[end:], encoding="utf-8")
    found = fix(folder)
    assert ([each.action.id for each in found.actions], found.cost, found.changes) == (["guarantees"], 18000000, ())


def test_several_limits_at_once() -> None:
    found = fix(EXAMPLE, wanted=Wanted(most_from=(("US", Fraction(1, 10)),)))
    assert {"ARV-200", "ARV-210"} <= {each.part for each in found.changes}
    assert found.cost == found.bound == 430533400
    assert fix(EXAMPLE, wanted=Wanted(least_from=(("CA", Fraction(1, 10)),))).cost is None


def test_several_acts_at_once() -> None:
    # Nothing offered gives EDIP its third partner, or says who may decide on the design.
    found = fix(EXAMPLE, acts=("safe", "edip"))
    assert [case.verdict.act for case in found.before] == ["safe", "edip"]
    assert found.cost is None
    assert {(each.act, each.provision) for each in found.standing} == {
        ("edip", "Art. 11(2) and (3), 15(1) to (5)"),
        ("edip", "Art. 10(5)"),
    }


def test_no_more_changes_than_asked_for() -> None:
    # Guarantees, engine and transmission are three: a pack counts each of its parts.
    found = fix(EXAMPLE, wanted=Wanted(changes=3))
    assert len(found.changes) + len(found.actions) <= 3
    assert found.cost is not None
    assert found.cost > (fix(EXAMPLE).cost or 0)
    found = fix(EXAMPLE, wanted=Wanted(changes=1))
    assert found.cost is None
    assert "with at most 1 change." in " ".join(remedies.summary(found))  # and not that nothing offered would do


def test_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["fix", str(EXAMPLE), "--json", "--out", str(tmp_path / "out")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"cost", "bound", "gap", "changes", "shadow_prices", "verdict"} <= found.keys()
    assert found["cost"] == 123587400
    assert found["verdict"]["status"] == "eligible"
    assert {"report.html", "changes.csv", "certificate.json"} <= {path.name for path in (tmp_path / "out").iterdir()}


def test_an_interrupt_ends_with_the_best_so_far(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first interrupt asks the search to stop: what is known then is printed, with exit code 3."""
    import signal

    from jointbuy.fix import knapsack, solve

    asked = list[None]()
    given, real = family("strongly correlated", 300, 10, 1), solve.cheapest

    def interrupted(problem: Problem, **how: Any) -> Solution:
        if not asked:
            asked.append(None)
            signal.raise_signal(signal.SIGINT)
        stopped = real(given, **{**how, "seconds": 60.0})
        assert stopped.status is Status.STOPPED
        assert stopped.cost is not None
        return replace_(real(problem), status=Status.STOPPED, bound=-(10**9))

    monkeypatch.setattr(knapsack, "ROUNDS", (3,))
    monkeypatch.setattr(solve, "cheapest", interrupted)
    before = signal.getsignal(signal.SIGINT)
    assert main(["fix", str(EXAMPLE), "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert (found["stopped"], found["cost"]) == ("yes", 123587400)
    assert signal.getsignal(signal.SIGINT) is before


def test_actions_that_time_leaves_are_told(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand: guarantees, 180 000, and sources are the answer; with a third action of 1 000 nothing was looked at."""
    more = "  - id: more\n    cost: 1000.00\n    changes:\n      - set: title\n        to: another\n\nexchange_rates:"
    replace(folder, "exchange_rates:", more)
    looked, one = threading.Event(), flow_fix._one

    def looked_at(*given: Any) -> flow_fix.Tried:
        tried = one(*given)
        looked.set() if tried.best else None
        return tried

    whole = fix(folder)
    assert (whole.bound, bool(whole.frontiers), [each for each in whole.notes if "is not drawn" in each]) == (
        123587400,
        True,
        [],
    )
    monkeypatch.setattr(flow_fix, "_one", looked_at)
    found = fix(folder, wanted=Wanted(stop=looked.is_set))
    assert (found.cost, found.bound, found.status, found.stopped) == (123587400, 18100000, Status.STOPPED.value, True)
    assert found.certificate is not None
    assert found.frontiers == ()
    assert any("cost against share is not drawn" in each and "--seconds" in each for each in found.notes)
    (left,) = [each for each in found.certificate["not_solved"] if each["because"] == "time was up before"]
    assert sorted(left["actions"]) == ["guarantees", "more"]
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(found.certificate), encoding="utf-8")
    again = verify(path)
    assert (again.result, again.cost, again.bound) == ("same", 123587400, 18100000)


def test_progress_tells_cost_and_bound() -> None:
    told: list[tuple[int | None, int]] = []
    found = fix(EXAMPLE, wanted=Wanted(told=lambda cost, bound: told.append((cost, bound))))
    assert found.cost is not None
    assert told
    assert all(bound <= cost for cost, bound in told if cost is not None)


@pytest.mark.parametrize(
    "words",
    [["--max-share", "US"], ["--max-share", "US=110%"], ["--max-changes", "-1"], ["--seconds", "0"], ["--gap", "x"]],
)
def test_bad_words_are_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", str(EXAMPLE), *words]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(JointbuyError):
        fix(EXAMPLE, wanted=Wanted(most_from=(("Atlantis", Fraction(1, 10)),)))


def test_the_next_best_may_be_with_another_action(folder: Path) -> None:
    """Guarantees for 180 000 are in the answer, 1 235 874; for 181 000 they cost 1 000 more, and both are no news."""
    text = (folder / "purchase.yaml").read_text(encoding="utf-8")
    start = text.index("  - id: guarantees\n")
    end = min(at for at in (text.find("  - id:", start + 5), text.find("\nexchange_rates:", start)) if at > 0)
    again = text[start:end].replace("id: guarantees", "id: guarantees-too").replace("180000.00", "181000.00")
    (folder / "purchase.yaml").write_text(text[:end].rstrip() + "\n" + again.rstrip() + "\n" + text[end:], "utf-8")
    found = fix(folder)
    assert (found.cost, [each.action.id for each in found.actions]) == (123587400, ["guarantees"])
    others = [each for each in found.runners_up if [one.id for one in each.actions] != ["guarantees"]]
    assert [(each.cost, [one.id for one in each.actions]) for each in others] == [(123687400, ["guarantees-too"])]
    assert {each.part for each in others[0].changes} == {each.part for each in found.changes}


def test_the_headline_says_saves_and_of_what_the_gap_is() -> None:
    """By hand: 200.00 against a bound of 150.00 lies 50.00 above it, a quarter of 200.00, a third of 150.00."""
    example = fix(EXAMPLE)
    open_ = replace_(example, cost=200_00, cost_low=200_00, bound=150_00)
    assert remedies.headline_plain(open_) == "✓ passes for 200.00\u00a0EUR"
    assert remedies.proof(open_) == (
        "No choice costs less than 150.00\u00a0EUR. The cost found may lie 50.00\u00a0EUR above the least, "
        "25.00\u00a0% of itself."
    )
    saving = replace_(example, cost=-90_00, cost_low=-100_00, bound=-100_00)
    assert remedies.headline_plain(saving) == "✓ passes and saves 90.00\u00a0EUR to 100.00\u00a0EUR"
    assert remedies.proof(saving).startswith("No choice saves more than 100.00\u00a0EUR. The cost found may lie 10.00")
    either = replace_(example, cost=5_00, cost_low=-3_00)
    assert remedies.headline_plain(either) == "✓ passes for 5.00\u00a0EUR at most, or saves up to 3.00\u00a0EUR"


def test_report(golden: Callable[[str, str], None]) -> None:
    golden("recovery-vehicle.fix.txt", remedies.text(fix(EXAMPLE), colour=False, width=100))
