"""What a plan tells, by hand: relaxations to write down that do, conflicts one can read out, who pays what."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from jointbuy import flow
from jointbuy.cli import searching
from jointbuy.errors import Unusable
from jointbuy.flow.plan import plan as plan_folder
from jointbuy.joint import Dependence, Gives, Limit, Partners, Plan, Planned, WorkShare
from jointbuy.report import plan as words
from jointbuy.report import plan_page
from plans import AT, need, offer, plan, planned, state

THIRD = {"US": Fraction(1, 3), "PL": Fraction(2, 3)}
FOUR, IMPOSSIBLE = (flow.examples() / name for name in ("plan-four-states", "plan-impossible"))


def one_offer(limit: Limit) -> Plan:
    """Poland and Latvia buy one piece each of the only offer: a third of it is made in the US, the rest in Poland."""
    return plan(
        [state("PL"), state("LV")],
        [need("PL", "a", 2028, 1), need("LV", "a", 2028, 1)],
        [offer("only", "a", {1: 300_00}, origin=THIRD)],
        (limit,),
    )


def gives(found: Planned) -> tuple[Gives, ...]:
    assert found.clash is not None
    return found.clash.gives


@pytest.mark.parametrize(
    ("limit", "short", "enough"),
    [  # by hand: a third is above 33.3 %, two thirds are above 66.6 %; Poland makes 400 of 600 and pays 300
        (Dependence(Fraction(0), ("US",), "US", ("PL", "LV"), False, AT), "33.3", "33.4"),
        (Dependence(Fraction(1, 10), ("US",), "US", ("PL",), True, AT), "33.3", "33.4"),
        (Partners(Fraction(9, 10), ("PL",), "PL", ("PL", "LV"), False, AT), "66.7", "66.6"),
        (WorkShare(None, Fraction(1, 10), ("PL",), AT), "16.6", "16.7"),
        (WorkShare(Fraction(1, 10), None, ("LV",), AT), "49.9", "50"),
    ],
)
def test_a_relaxed_share_is_one_that_does(limit: Limit, short: str, enough: str) -> None:
    def at(percent: str) -> Limit:
        value = Fraction(percent) / 100
        if isinstance(limit, Dependence):
            return replace(limit, most=value)
        if isinstance(limit, Partners):
            return replace(limit, least=value)
        band = {"above": value} if isinstance(limit, WorkShare) and limit.above is not None else {"below": value}
        return replace(limit, **band)  # type: ignore[type-var]

    found = planned(one_offer(limit))
    (one,) = gives(found)
    assert one.share is not None
    assert one.share[1] == Fraction(enough) / 100
    (row,) = words.given(found, found.clash)  # type: ignore[arg-type]
    assert f"{enough}\u00a0%" in row[1]
    assert planned(one_offer(at(short))).status == "infeasible"
    assert planned(one_offer(at(enough))).cost == 600_00


def test_a_relaxed_share_is_told_in_per_cent_and_written_down(tmp_path: Path) -> None:
    """The example without any dependence: what is told is written into the file, and it has a plan."""
    folder = Path(shutil.copytree(FOUR, tmp_path / "plan"))
    text = (folder / "plan.yaml").read_text(encoding="utf-8")
    (folder / "plan.yaml").write_text(text.replace("dependence: 30 %", "dependence: 0 %"), encoding="utf-8")
    found = plan_folder(folder).planned
    told = " ".join(words.text(found, colour=False, width=100).split())
    shares = [Fraction(each) for each in re.findall(r"from 0 % to at least ([\d.]+) %", told)]
    assert len(shares) == len(gives(found)) > 1
    most = f"{float(max(shares)):g} %"
    (folder / "plan.yaml").write_text(text.replace("dependence: 30 %", f"dependence: {most}"), encoding="utf-8")
    assert plan_folder(folder).planned.cost is not None


def test_what_an_offer_delivers_is_one_phrase() -> None:
    """By hand, of offers.csv: Birch has 4 in the first year and 4 more each year up to 8; Rhin delivers from 2029."""
    found = plan_folder(IMPOSSIBLE).planned
    assert found.clash is not None
    told = words.phrases(found, found.clash)
    assert "Birch howitzer's deliveries 2027 to 2029 (at most 4, 8, 8)" in told
    assert len([each for each in told if "Birch" in each]) == 1
    page = plan_page.page(found)
    assert "deliveries 2027 to 2029 (at most 4, 8, 8)" in page


def test_a_row_has_one_name_in_conflict_and_relaxation() -> None:
    made = plan(
        [state("PL"), state("LV")],
        [need("PL", "a", 2027, 1), need("LV", "a", 2028, 1)],
        [offer("late", "a", {1: 100_00}, capacity=(0, 9), earliest=2028)],
    )
    found = planned(made)
    if found.clash is not None and not found.clash.unmet:
        conflict = {name for _, name in found.clash.conflict}
        assert {each.name for each in gives(found)} <= conflict


def test_years_apart_are_told_apart() -> None:
    assert words._phrase("X", [("", 2027, 1), ("", 2029, 2)]) == "X's deliveries 2027 and 2029 (at most 1, 2)"
    assert words._phrase("X", [("X delivers 1 in 2027", 2027, 1)]) == "X delivers 1 in 2027"


def test_who_pays_is_the_same_in_text_and_page() -> None:
    """By hand: one piece at 300.00 each, and 50.00 of set-up for the lead."""
    made = plan(
        [state("PL"), state("LV", borrows=False)],
        [need("PL", "a", 2028, 1), need("LV", "a", 2028, 1)],
        [offer("only", "a", {1: 300_00}, set_up=50_00)],
    )
    found = planned(made)
    assert words.paid(found, "PL") == ("300\u00a0EUR", "50\u00a0EUR", "350\u00a0EUR", "–")
    assert words.paid(found, "LV") == ("300\u00a0EUR", "–", "300\u00a0EUR", "–")
    text, page = words.text(found, colour=False, width=100), plan_page.page(found)
    row = next(line for line in text.splitlines() if line.split()[:1] == ["PL"] and "350" in line)
    assert row.split()[1:7] == ["300", "EUR", "50", "EUR", "350", "EUR"]
    assert "350\u00a0EUR" in page


def test_set_up_before_the_first_delivery_is_noted() -> None:
    made = plan(
        [state("PL"), state("LV")],
        [need("PL", "a", 2028, 1), need("LV", "a", 2028, 1)],
        [offer("only", "a", {1: 300_00}, set_up=50_00)],
        discount=Fraction(1, 10),
    )
    found = planned(made)
    assert {each.year for each in found.deliveries} == {2028}
    assert any("50\u00a0EUR in 2027, first delivery in 2028" in each for each in words.notes(found))


def test_what_is_bought_apart_is_marked_and_states_stand_by_name() -> None:
    made = plan(
        [state("PL"), state("LV"), state("EE")],
        [need(code, what, 2028, 1) for code in ("PL", "LV", "EE") for what in "ab"],
        [offer("joint", "a", {1: 300_00}), offer("apart", "b", {1: 100_00}, alone=True)],
    )
    made = replace(made, titles={"PL": "Aland", "LV": "Midland", "EE": "Zealand"})
    found = planned(made)
    text, page = words.text(found, colour=False, width=100), plan_page.page(found)
    assert "outside the common procurement: Aland, Midland, Zealand" in " ".join(text.split())
    assert "– (outside the common procurement)" in page
    assert "apart, b ○" in page
    assert [page.index(f">{name}</text>") for name in ("Aland", "Midland", "Zealand")] == sorted(
        page.index(f">{name}</text>") for name in ("Aland", "Midland", "Zealand")
    )
    joint = words.json(found, {})["contracts"]
    assert {each["offer"]: each["common"] for each in joint} == {"joint": "yes", "apart": "no"}


def test_half_a_cent_does_not_keep_a_proof_from_being_told() -> None:
    """By hand: three at 0.03, paid a year later at 100 % a year: 4.5 cents, told as 5; and none below."""
    made = plan(
        [state("PL"), state("LV")],
        [need("PL", "a", 2028, 2), need("LV", "a", 2028, 1)],
        [offer("only", "a", {1: 3}, capacity=(0, 9), earliest=2028)],
        discount=Fraction(1),
    )
    found = planned(made, gap=Fraction(0))
    assert (found.status, found.cost, found.bound, found.gap) == ("optimal", 5, 5, 0)


def test_small_amounts_of_a_search_are_told_in_whole_units() -> None:
    assert searching._line(1_234_500, -2_000_000_00, 100_000_000) == "12,345 found, none below -2.0 m"
    assert searching._line(5_00, 4_00, 100_000_000) == "5 found, none below 4, gap 20.00 %"
    assert searching._line(0, -5_00, 100_000_000) == "0 found, none below -5"


def test_a_price_that_rises_with_the_quantity_is_noted(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOUR, tmp_path / "plan"))
    text = (folder / "prices.csv").read_text(encoding="utf-8")
    assert "tarn,1," in text
    (folder / "prices.csv").write_text(re.sub(r"tarn,1,\d+", "tarn,1,1000000", text), encoding="utf-8")
    notes = plan_folder(folder, gap=Fraction(1, 2)).planned.plan.notes
    assert "tarn costs more a piece from 6 on than from 1 on: check prices.csv" in notes


def test_faults_of_needs_are_told_in_one_run(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOUR, tmp_path / "plan"))
    with (folder / "needs.csv").open("a", encoding="utf-8") as table:
        table.write("XX,drone,2028,1,,\nPL,submarine,2028,1,,\n")
    with pytest.raises(Unusable) as refused:
        plan_folder(folder)
    told = [str(each) for each in refused.value.problems]
    assert len(told) == 2
    assert "XX" in told[0]
    assert "nobody offers" in told[1]
