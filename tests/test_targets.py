"""Spending against targets: positions at the limit, paths, editions, what is known when, dependence, the command."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import targets_kit as kit
from jointbuy import cli, flow
from jointbuy.errors import LawError, NotInForce, Unusable, Where
from jointbuy.exact import Range, exactly
from jointbuy.flow.targets import Asked, targets
from jointbuy.lendingpool import NOTHING, Amount
from jointbuy.money import Money
from jointbuy.report import targets as report
from jointbuy.report import targets_page
from jointbuy.report import targets_words as written
from jointbuy.spending import PROFILES, Figure, Planned, Position, Profile, State, Statement
from jointbuy.targets import facts as facts_module
from jointbuy.targets.dependence import doubts
from jointbuy.targets.facts import facts, share_of
from jointbuy.targets.paths import path, progress
from jointbuy.targets.positions import position, positions

EXAMPLE = flow.examples() / "targets-eurostat"
TERMS = facts().terms(date(2026, 11, 23))
HEAD = "country,year,edition,currency,spent,gdp,share,equipment,related\n"


def csv(folder: Path, rows: str, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_text(HEAD + rows, encoding="utf-8")
    return path


def state(asked: Asked) -> State:
    (found,) = targets(asked).states
    return found


# --- positions ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spent", "status", "short"),
    [
        # 3.5 % of 1,000,000.00 is 35,000.00.
        ("35000.00", "met", 0),
        ("34999.99", "not met", 1),
        ("35000.01", "met", 0),
        ("0", "not met", 3_500_000),
    ],
)
def test_the_floor_is_decided_to_the_cent(tmp_path: Path, spent: str, status: str, short: int) -> None:
    found = state(Asked("CA", data=[csv(tmp_path, f"CA,2026,M,CAD,{spent},1000000,,,\n")])).asked
    assert found.status == status
    assert found.short is not None
    assert found.short.low == found.short.high == Fraction(short, 100)
    assert found.gap == exactly(Fraction(7, 200) - Fraction(spent) / 1_000_000)


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [
        ("3.495", "3.505", "unknown"),
        ("3.5", "3.51", "met"),
        ("3.49", "3.4999999", "not met"),
        ("3.49", "3.5", "unknown"),
    ],
)
def test_a_rounded_figure_decides_only_when_all_of_it_lies_on_one_side(low: str, high: str, status: str) -> None:
    figure = share(2026, Fraction(low) / 100, Fraction(high) / 100)
    assert position("CA", 2026, [figure], TERMS).status == status


def share(year: int, low: Fraction, high: Fraction, country: str = "CA") -> Figure:
    return Figure(country, year, "share", Range(low, high), low, None, "", False, ("M",), None)


@pytest.mark.parametrize(("related", "counted"), [("0.9", 9), ("1.5", 15), ("1.51", 15), ("4", 15)])
def test_what_counts_under_the_ceiling_is_never_added_to_the_floor(tmp_path: Path, related: str, counted: int) -> None:
    found = state(Asked("CA", data=[csv(tmp_path, f"CA,2026,M,,,,2,,{related}\n")])).asked
    assert found.counted == exactly(Fraction(counted, 1000))
    assert found.gap == exactly(Fraction(15, 1000))  # 3.5 - 2, whatever else is spent


@pytest.mark.parametrize(("equipment", "status"), [("20", "met"), ("19.99", "not met"), ("", "unknown")])
def test_equipment_against_its_share(tmp_path: Path, equipment: str, status: str) -> None:
    assert state(Asked("CA", data=[csv(tmp_path, f"CA,2026,M,,,,2,{equipment},\n")])).asked.equipment_status == status


def test_a_year_that_nobody_states_is_unknown_and_not_zero(tmp_path: Path) -> None:
    found = state(Asked("CA", year=2024, data=[csv(tmp_path, "CA,2026,M,,,,2,,\n")])).asked
    assert (found.year, found.share, found.gap, found.short, found.status) == (2024, None, None, None, "unknown")


def test_the_year_that_was_asked_for_is_shown_even_when_nothing_is_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = csv(tmp_path, "CA,2024,M,,,,1.4,,\nCA,2026,M,,,,2,,\n")
    _, out, _ = run(capsys, "CA", "--year", "2025", "--data", str(data))
    rows = [line.split() for line in out.splitlines() if re.match(r"  20\d\d +(1\.40|–)", line)]
    assert [row[:2] for row in rows] == [["2024", "1.40"], ["2025", "–"]]
    assert rows[1][2] == "open"


@pytest.mark.parametrize(
    ("share", "told"), [("3.5", "2026: 10.00 and 3.50 %"), ("10", None), ("9.99", "2026: 10.00 and 9.99 %")]
)
def test_money_that_contradicts_a_share_is_shown_as_such(tmp_path: Path, share: str, told: str | None) -> None:
    """100 of 1,000 are 10 %, whatever stands beside it."""
    remarks = state(Asked("CA", data=[csv(tmp_path, f"CA,2026,M,CAD,100,1000,{share},,\n")])).remarks
    found = [remark for remark in remarks if "not the share stated beside it" in remark]
    assert [told is not None and told in remark for remark in found] == [True] * (told is not None)


def test_a_table_of_rounded_figures_contradicts_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(kit.saved(kit.new(kit.tables(2026))))
    found = targets(Asked(data=[tmp_path / "a.xlsx"]))
    assert not any("stated beside it" in remark for each in found.states for remark in each.remarks)


def test_who_has_not_pledged_is_said(tmp_path: Path) -> None:
    found = targets(Asked(data=[csv(tmp_path, "IE,2026,M,,,,0.2,,\nCA,2026,M,,,,2,,\n")])).states
    assert {one.country: one.bound for one in found} == {"CA": True, "IE": False}
    assert any("does not bind" in remark for remark in found[1].remarks)


# --- paths ----------------------------------------------------------------------------------


def test_a_linear_path_by_hand(tmp_path: Path) -> None:
    """From 2.5 % in 2025 to 3.5 % in 2035: a tenth of a point a year; GDP 1,000.00 growing by a tenth a year."""
    found = state(Asked("CA", data=[csv(tmp_path, "CA,2025,M,CAD,25.00,1000.00,,,\n")], growth=Fraction(1, 10))).path
    assert found is not None
    assert [step.year for step in found.steps] == list(range(2025, 2036))
    assert [step.share.low for step in found.steps] == [Fraction(25 + at, 1000) for at in range(11)]
    assert found.steps[1].level == exactly(Fraction("28.6"))  # 2.6 % of 1,100.00
    assert found.steps[1].more == exactly(Fraction("1.1"))  # 0.1 % of 1,100.00
    assert found.steps[2].more == exactly(Fraction("2.42"))  # 0.2 % of 1,210.00
    assert found.review == exactly(Fraction(29, 1000))
    # 1.1·0.1 %·(1 + 2·1.1 + 3·1.1² + … + 10·1.1⁹)·1000, summed by n·q^(n+1) and the geometric series: q = 11/10.
    q = Fraction(11, 10)
    assert found.more == exactly((1 - 11 * q**10 + 10 * q**11) / (1 - q) ** 2 * q)
    assert found.prices == "prices of 2025"


def test_a_path_in_money_from_rounded_shares_is_a_range() -> None:
    """Lithuania 2025: 2276.9 m EUR were 2.7 % of GDP, so that GDP lay between 2276.85/2.75 % and 2276.95/2.65 %."""
    found = state(Asked("LT", data=[EXAMPLE / "gov_ev.json"])).path
    assert found is not None
    low, high = Fraction(227685, 100) / Fraction(275, 10000), Fraction(227695, 100) / Fraction(265, 10000)
    assert found.steps[0].gdp == Range(low * 10**6, high * 10**6)
    assert found.steps[-1].level == Range(low * 35 * 1000, high * 35 * 1000)
    assert found.steps[1].share == Range(Fraction("0.02735"), Fraction("0.02825"))  # 2.65 % and 2.75 %, a tenth on
    assert found.steps[-1].share == exactly(Fraction(35, 1000))


def test_who_is_above_the_floor_is_asked_for_the_floor_and_for_no_more_money(tmp_path: Path) -> None:
    found = state(Asked("EE", data=[csv(tmp_path, "EE,2025,M,EUR,42,1000,,,\n")])).path
    assert found is not None
    assert {step.share for step in found.steps} == {exactly(Fraction(35, 1000))}
    assert found.more == exactly(0)


def test_without_gdp_there_is_no_money(tmp_path: Path) -> None:
    found = state(Asked("EE", data=[csv(tmp_path, "EE,2025,M,,,,2,,\n")])).path
    assert found is not None
    assert {step.level for step in found.steps} == {None}
    assert found.more is None
    assert any("no GDP" in told for told in found.assumed)


def test_a_table_that_ends_after_the_aim_year_has_no_way_to_go(tmp_path: Path) -> None:
    found = state(Asked("EE", data=[csv(tmp_path, "EE,2036,M,EUR,20,1000,,,\n")])).path
    assert found is not None
    assert [(step.year, step.share) for step in found.steps] == [(2036, exactly(Fraction(35, 1000)))]


SHARES = st.fractions(min_value=0, max_value=Fraction(6, 100), max_denominator=10_000)


@given(SHARES, SHARES, st.sampled_from(PROFILES), st.integers(2014, 2036), st.integers(-5, 5))
def test_paths_rise_to_the_floor_and_their_money_adds_up(
    one: Fraction, other: Fraction, profile: Profile, first: int, growth: int
) -> None:
    floor = Fraction(7, 200)
    base = share(first, min(one, other), max(one, other))
    gdp = Figure("CA", first, "gdp", exactly(10**6), Fraction(10**6), "CAD", "current prices", False, ("M",), None)
    years = positions("CA", [base, gdp], TERMS)
    found = path(years, [base, gdp], TERMS, profile, Fraction(growth, 100), [])
    assert found is not None
    assert found.steps[-1].share == exactly(floor)
    for before, after in pairwise(found.steps):
        assert before.share.low <= after.share.low <= floor
        assert before.share.high <= after.share.high <= floor
    for step in found.steps:
        assert step.gdp is not None
        assert step.level is not None
        assert step.more is not None
        assert step.gdp.low == 10**6 * (1 + Fraction(growth, 100)) ** (step.year - first)
        assert step.level == Range(step.share.low * step.gdp.low, step.share.high * step.gdp.low)
        # Each end of the base year has its own path; what it takes is what that path has risen by.
        for end in (base.value.low, base.value.high):
            start = min(end, floor)
            rise = (floor - start) * progress(profile, step.year, first, 2029, 2035)
            assert step.share.low <= start + rise <= step.share.high
            assert step.more.low <= rise * step.gdp.low <= step.more.high
    assert found.more == Range(
        sum((step.more.low for step in found.steps if step.more), Fraction(0)),
        sum((step.more.high for step in found.steps if step.more), Fraction(0)),
    )


@given(st.integers(2014, 2034), st.integers(2014, 2040))
def test_profiles_lie_in_their_order(first: int, year: int) -> None:
    late, even, early = (
        progress(p, max(year, first), first, 2029, 2035) for p in ("after-review", "linear", "by-review")
    )
    assert 0 <= late <= even <= early <= 1


@pytest.mark.parametrize(
    ("profile", "parts"),
    [
        ("linear", [0, Fraction(1, 10), Fraction(4, 10), Fraction(9, 10), 1]),
        ("after-review", [0, 0, 0, Fraction(5, 6), 1]),
        ("by-review", [0, Fraction(1, 4), 1, 1, 1]),
    ],
)
def test_profiles_by_hand(profile: Profile, parts: list[Fraction]) -> None:
    assert [progress(profile, year, 2025, 2029, 2035) for year in (2025, 2026, 2029, 2034, 2035)] == parts


def test_plans_and_loans_stand_beside_what_is_asked_for() -> None:
    found = state(Asked("LT", data=[EXAMPLE / "gov_ev.json", EXAMPLE / "planned.csv"])).path
    assert found is not None
    assert found.steps[1].planned == (Money(120_000_000_000, "EUR"),)
    assert found.steps[1].loans == (Money(90_000_000_000, "EUR"),)
    # Of 2027 it is not said what loans pay: that is not nothing.
    assert (found.steps[2].planned, found.steps[2].loans) == ((Money(100_000_000_000, "EUR"),), ())


def test_currencies_of_plans_are_never_added() -> None:
    base = share(2026, Fraction(2, 100), Fraction(2, 100), "PL")
    plans = [Planned("PL", 2027, 7, None, currency, "p", Where("p.csv", 2)) for currency in ("PLN", "EUR", "PLN")]
    found = path([position("PL", 2026, [base], TERMS)], [base], TERMS, "linear", Fraction(0), plans)
    assert found is not None
    assert found.steps[1].planned == (Money(7, "EUR"), Money(14, "PLN"))


# --- editions -------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path) -> list[Path]:
    """Two editions of NATO's tables: 2025 and 2026 say other things of 2024 and 2025."""
    older, newer = tmp_path / "def-exp-2025-en.xlsx", tmp_path / "def-exp-2026-en.xlsx"
    older.write_bytes(kit.saved(kit.starred(kit.tables(2025))))
    newer.write_bytes(kit.saved(kit.new(kit.tables(2026))))
    return [older, newer]


def test_two_editions_are_not_mixed_unless_asked(two: list[Path]) -> None:
    with pytest.raises(Unusable) as error:
        targets(Asked(data=two))
    (told,) = map(str, error.value.problems)
    assert '"NATO 2025" in def-exp-2025-en.xlsx' in told
    assert '"NATO 2026" in def-exp-2026-en.xlsx' in told
    assert '--edition "NATO 2025" --edition "NATO 2026"' in told


def test_one_edition_is_chosen_and_the_other_is_not_looked_at(two: list[Path]) -> None:
    found = targets(Asked("CA", data=two, editions=["nato 2025"]))
    assert [one.name for one in found.editions] == ["NATO 2025"]
    assert {one.year for one in found.states[0].years} == {2023, 2024, 2025}
    assert "not used: NATO 2026" in found.notes


@pytest.mark.parametrize("order", [["NATO 2025", "NATO 2026"], ["NATO 2026", "NATO 2025"]])
def test_what_is_combined_carries_its_edition(two: list[Path], order: list[str]) -> None:
    found = state(Asked("CA", data=two, editions=order))
    by = {one.year: one.share for one in found.years}
    assert set(by) == {2023, 2024, 2025, 2026}
    # The kit's three figures: the edition of 2025 gives 2023 to 2025, that of 2026 gives 2024 to 2026.
    expected = {2023: ("NATO 2025", "1.33"), 2026: ("NATO 2026", "2.05")}
    both = {"NATO 2025": {2024: "1.47", 2025: "2.05"}, "NATO 2026": {2024: "1.33", 2025: "1.47"}}[order[0]]
    expected |= {year: (order[0], number) for year, number in both.items()}
    for year, (edition, number) in expected.items():
        figure = by[year]
        assert figure is not None
        assert (figure.editions, figure.published) == ((edition,), Fraction(number) / 100)
    assert any("several editions stand in one series" in remark for remark in found.remarks)


def test_an_edition_that_is_not_there_is_refused_with_what_is(two: list[Path]) -> None:
    with pytest.raises(Unusable) as error:
        targets(Asked(data=two[:1], editions=["NATO 2026"]))
    assert 'there is no edition "NATO 2026": found: "NATO 2025" in def-exp-2025-en.xlsx' in str(error.value)


def test_one_edition_that_says_two_things_is_refused(tmp_path: Path) -> None:
    files = [csv(tmp_path, "CA,2026,M,,,,2,,\n"), csv(tmp_path, "CA,2026,M,,,,3,,\n", "b.csv")]
    with pytest.raises(Unusable, match=r"share of CA in 2026 is stated twice in M: a.csv:2 states another"):
        targets(Asked(data=files))


def test_the_financial_year_of_two_states_is_told(two: list[Path]) -> None:
    assert "financial year Y/Y+1" in state(Asked("CA", data=two[:1])).remarks[0]
    assert state(Asked("EE", data=two[:1])).remarks == ()


# --- facts, as of a day ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "active"),
    [
        (date(2025, 7, 7), 0),
        (date(2025, 7, 8), 15),
        (date(2025, 10, 31), 16),
        (date(2026, 2, 16), 16),
        (date(2026, 2, 17), 17),
        (date(2026, 11, 23), 18),
    ],
)
def test_states_with_the_escape_clause_by_day(on: date, active: int) -> None:
    """15 on 8 July 2025, Germany in October, Austria on 17 February 2026, Spain by November."""
    found = targets(Asked(on=on)).rearm
    assert (len(found.active), len(found.inactive)) == (active, 27 - active)


def test_the_800_are_650_and_150_and_what_is_decided_is_known_by_day() -> None:
    found = targets(Asked()).rearm
    assert found.total == found.clause + found.loans == 80_000_000_000_000
    # Eight of 11 February 2026: 8340027698 + 3261700000 + 1181503924 + 46796822 + 1000000000 + 1700000000 +
    # 5841179332 + 16680055394 euros, added by hand.
    assert targets(Asked(on=date(2026, 2, 11))).rearm.decided == Amount(38_051_263_170_00, 38_051_263_170_00)
    assert targets(Asked(on=date(2026, 2, 10))).rearm.decided == NOTHING
    # Verified of 17 February: Estonia 2343897000, Finland 1000000000, Greece 787669283, Italy 14900000000.
    assert found.verified.low == found.verified.high == (38_051_263_170 + 19_031_566_283) * 100
    assert [one.country for one in found.decisions if one.amount is None] == ["LT", "SK"]


def test_before_the_pledge_there_is_nothing_to_compare_with() -> None:
    with pytest.raises(NotInForce):
        targets(Asked("CA", on=date(2025, 6, 24)))


def test_without_a_table_single_figures_of_one_edition_are_shown() -> None:
    found = targets(Asked("Canada"))
    assert [one.name for one in found.editions] == ["NATO 2025"]  # that of 2026 was not found for Canada
    assert found.states[0].asked.status == "not met"
    assert [one.name for one in targets(Asked()).editions] == ["NATO 2026"]
    assert [one.name for one in targets(Asked(on=date(2026, 7, 9))).editions] == ["NATO 2025"]
    # Denmark's 3.5 was published with one decimal: it may be 3.45 or 3.54.
    assert state(Asked("DK")).asked.status == "unknown"


def test_a_share_as_the_facts_write_it() -> None:
    assert share_of("52 %") == exactly(Fraction(52, 100))
    assert share_of("more than 70 %") == Range(Fraction(7, 10), Fraction(1))
    assert share_of("less than 20 %") == Range(Fraction(0), Fraction(1, 5))
    assert [share_of(text) for text in ("52", "about 50 %", "120 %", "-1 %")] == [None] * 4


# --- dependence -----------------------------------------------------------------------------


def said(id_: str, share: str, supplier: str = "US", **more: Any) -> Statement:
    found = share_of(share)
    assert found is not None
    fields: dict[str, Any] = {"what": "contracts", "base": "b", "unit": "money", "since": None, "until": None} | more
    return Statement(
        id=id_, buyer="CA", supplier=supplier, share=found, said="", told=None, source="", verified=True, **fields
    )


def kinds(*statements: Statement) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.kind, one.statements) for one in doubts(statements)]


def test_shares_that_are_more_than_the_whole_cannot_share_a_base() -> None:
    us, own = said("us", "70 %", what="capital spending"), said("own", "43 %", "CA")
    assert kinds(us, own) == [("more than the whole", ("us", "own"))]
    assert "113 %" in doubts([us, own])[0].text
    assert kinds(said("us", "57 %"), own) == []  # 100 % is the whole
    assert kinds(said("us", "57.1 %"), own) == [("more than the whole", ("us", "own"))]
    assert kinds(said("us", "70 %", since=2010, until=2015), said("own", "43 %", "CA", since=2016)) == []
    assert kinds(us, said("own", "43 %", "CA", aim=True)) == []
    assert kinds(us, said("own", "43 %", "CA", unit="not said")) == []


def test_shares_that_cannot_all_be_true_are_shown_as_such() -> None:
    assert kinds(said("a", "75 %"), said("b", "more than 70 %")) == []
    assert kinds(said("a", "75 %"), said("b", "more than 70 %"), said("c", "less than 20 %")) == [
        ("do not agree", ("a", "b", "c"))
    ]
    assert kinds(said("a", "52 %", since=2015, until=2019), said("b", "64 %", since=2020, until=2024)) == []
    assert kinds(said("a", "52 %", since=2015, until=2019), said("b", "64 %", since=2019, until=2024)) != []


def test_volumes_are_no_money() -> None:
    assert kinds(said("a", "64 %", what="imports", unit="volume")) == [("not money", ("a",))]


def test_the_published_shares_of_canada_are_shown_as_contradictory() -> None:
    found = targets(Asked("CA"))
    together = {one.statements for one in found.doubts if one.kind == "more than the whole"}
    assert ("carney-later", "officials-contracts") in together
    assert any("113 %" in one.text for one in found.doubts)
    apart = [set(one.statements) for one in found.doubts if one.kind == "do not agree"]
    assert {"carney-capital", "carney-later", "analyst-some-years"} in apart
    assert all(one.base for one in found.statements)


def test_the_content_of_a_purchase_joins_with_its_base() -> None:
    """The carrier of the examples; its US share as `jointbuy content` has it by origin."""
    found = targets(Asked(purchases=[flow.examples() / "howitzer"], supplier="US")).statements[-1]
    case = flow.check(flow.examples() / "howitzer")
    from jointbuy.report import figures

    (product,) = figures.products(case)
    (us,) = [one for one in product.by_origin if one.name == "US"]
    assert us.share is not None
    assert found.what == "content"
    assert found.share.low == us.share.low
    assert found.base.startswith("cost of the components of one ")


# --- the command ----------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(["targets", *words])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize("words", [["CA"], []], ids=["one state", "all states"])
def test_the_keys_of_json_are_a_contract(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    code, out, err = run(capsys, *words, "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    keys = {"country", "year", "floor", "ceiling", "actual", "gap", "edition"}
    assert keys <= found.keys()
    assert all(keys <= one.keys() for one in found["states"])
    assert found["floor"] == {"decimal": "0.035000", "numerator": "7", "denominator": "200"}
    assert found["ceiling"]["decimal"] == "0.015000"
    if words:
        assert (found["country"], found["year"], found["edition"]) == ("CA", 2025, "NATO 2025")
        assert found["actual"]["decimal"] == "0.020100"
        assert found["gap"]["low"]["decimal"] == "0.014850"
        assert found["states"][0]["verified"] == "no"


def test_files_are_written_and_the_same_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["report.html", "targets.json", "spending.csv", "path.csv", "dependence.csv"]
    texts = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        code, _, _ = run(capsys, "--data", str(EXAMPLE / "gov_ev.json"), "--out", str(folder))
        assert code == 0
        texts.append({name: (folder / name).read_bytes() for name in names})
    assert texts[0] == texts[1]
    page = texts[0]["report.html"].decode()
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert page.count("<svg") >= 6 + 1  # a path for each state, and dependence
    rows = texts[0]["path.csv"].decode("utf-8-sig").splitlines()
    # Lithuania asks for 3.5 % of a GDP between 2276.85/2.75 % and 2276.95/2.65 % m EUR in 2035.
    (last,) = [row for row in rows if row.startswith("LT,2035")]
    assert last.split(",")[2:6] == ["0.035000", "0.035000", "2897809090.91", "3007292452.83"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["Atlantis"], '"Atlantis" is not a country'),
        (["CA", "--data", "no.csv"], 'there is no file "no.csv"'),
        (["CA", "--year", "26"], '"26" is no year'),
        (["CA", "--growth", "200"], "is no growth"),
        (["CA", "--on", "2024-01-01"], "hague.floor has no value on 2024-01-01"),
        (["CA", "--path", "steep"], "invalid choice"),
        (["CA", "--edition", "NATO 1999"], 'there is no edition "NATO 1999"'),
        (["CA", "--purchase", "nowhere"], "nowhere"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert told in err
    assert "our mistake" not in err


def test_a_hostile_name_cannot_steer_terminal_or_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "<script>alert(1)</script>\x1b[31m"
    (tmp_path / "a.csv").write_text(f'{HEAD}CA,2026,"{name.replace(chr(27), "")}",,,,2,,\n', encoding="utf-8")
    code, out, _ = run(capsys, "--data", str(tmp_path / "a.csv"), "--out", str(tmp_path / "out"))
    assert code == 0
    assert "\x1b" not in out
    assert "<script" not in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [["LT"], []], ids=["LT", "all"])
def test_what_a_user_sees(
    words: list[str],
    golden: Callable[[str, str], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(EXAMPLE.parent)
    data = ["--data", "targets-eurostat/gov_ev.json", "--data", "targets-eurostat/planned.csv"]
    code, out, _ = run(capsys, *words, *data)
    assert code == 0
    golden(f"targets-{words[0].lower() if words else 'all'}.txt", out)


@pytest.mark.parametrize("country", ["CA", "LT", "RO", None])
def test_every_figure_bears_its_source(country: str | None, tmp_path: Path) -> None:
    """What is shown of our facts names where it comes from, in the text, on the page and in the tables."""
    found = targets(Asked(country))
    shown = [figure for each in found.states for one in each.years if (figure := one.share)]
    cited = {one.source for one in (*shown, *found.rearm.decisions, *found.rearm.active, *found.statements)}
    assert all(cited)
    text = " ".join(report.text(found, False, 10_000).split())
    page = html.unescape(targets_page.page(found))
    assert [source for source in cited if " ".join(source.split()) not in text] == []
    assert [source for source in cited if source not in page] == []
    report.write(found, tmp_path)
    rows = (tmp_path / "spending.csv").read_text(encoding="utf-8")
    assert all(figure.source.split(";")[0] in rows for figure in shown)


def test_a_state_without_a_figure_shows_its_loan_and_the_clause() -> None:
    """Romania borrows 16,680,055,394 euro and has not activated the clause; no share of it is among our facts."""
    text = " ".join(report.text(targets(Asked("RO")), False, 100).split())
    assert "No share of GDP is known: no path can be drawn. loan under SAFE: 16.7 bn EUR, decided 2026-02-11" in text
    assert "escape clause active" not in text
    spain = " ".join(report.text(targets(Asked("ES")), False, 1000).split())
    assert "escape clause active from 2026-11-23 at the latest, on a day between 2026-01-01 and 2026-11-23" in spain


def test_years_left_out_of_the_text_are_counted_and_the_page_has_all(tmp_path: Path) -> None:
    rows = "".join(f"CA,{year},M,CAD,20,1000,,,\n" for year in range(2010, 2027))
    found = targets(Asked("CA", data=[csv(tmp_path, rows)]))
    text = report.text(found, False, 100)
    assert "5 years before: --json, or --out FOLDER" in text
    assert "In money: current prices: each year in its own." in text
    assert "2014 " not in text.partition("THE PATH")[0]
    assert ">2010</th>" in targets_page.page(found)


def test_ranges_show_all_that_they_hold() -> None:
    """2.01 % as published is 2.005 to 2.015 %; 1.485 to 1.495 points are missing to 3.5 %."""
    found = state(Asked("CA"))
    assert written.gap(found.asked.gap) == "1.48 to 1.50\xa0%"
    assert found.path is not None
    assert written.span(found.path.steps[0].share) == "2.00 to 2.02\xa0%"
    money = Range(Fraction(1_049_900_000), Fraction(1_050_100_000))
    assert written.amount(money, "EUR") == "1.049 to 1.051\xa0bn\xa0EUR"


def test_a_position_is_of_its_own_country(tmp_path: Path) -> None:
    found = targets(Asked(data=[csv(tmp_path, "CA,2026,M,,,,2,,\nEE,2026,M,,,,4,,\n")]))
    asked: dict[str, Position] = {one.country: one.asked for one in found.states}
    assert (asked["CA"].status, asked["EE"].status) == ("not met", "met")


# --- the facts' files -----------------------------------------------------------------------


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """The files of pledges and facts, to be changed."""
    source, folder = Path(facts_module.__file__).parent, tmp_path / "targets"
    folder.mkdir()
    for name in ("parameters.yaml", "facts.yaml"):
        (folder / name).write_text((source / name).read_text(encoding="utf-8"), encoding="utf-8")
    return folder


def change(folder: Path, name: str, before: str, after: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert before in text
    (folder / name).write_text(text.replace(before, after, 1), encoding="utf-8")


def test_the_pledges_are_parameters_and_no_literals(shelf: Path) -> None:
    change(shelf, "parameters.yaml", "value: 3.5 %", "value: 2 %")
    change(shelf, "parameters.yaml", "value: 2035", "value: 2031")
    change(shelf, "parameters.yaml", "value: 2029", "value: 2027")
    terms = facts(shelf).terms(date(2026, 11, 23))
    base = share(2025, Fraction(1, 100), Fraction(1, 100))
    assert position("CA", 2025, [base], terms).gap == exactly(Fraction(1, 100))
    found = path(positions("CA", [base], terms), [base], terms, "by-review", Fraction(0), [])
    assert found is not None
    assert [step.share.low for step in found.steps] == [Fraction(n, 200) for n in (2, 3, 4, 4, 4, 4, 4)]


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        ("facts.yaml", "share: 2.06 %", "share: more than 2 %", "is no published share"),
        ("facts.yaml", "share: 75 %", "share: three quarters", "this is no share"),
        ("facts.yaml", "what: imports", "what: luck", '"luck" is no kind of dependence'),
        ("facts.yaml", "    said: SIPRI\n", "", "said missing"),
        (
            "facts.yaml",
            "confidence: unverified, checked",
            "confidence: sure, checked",
            "must be verified or unverified",
        ),
        ("parameters.yaml", "value: 20 %", "value: a fifth", "does not fit the unit share"),
    ],
)
def test_a_fault_of_the_facts_is_told_with_its_line(shelf: Path, name: str, before: str, after: str, told: str) -> None:
    change(shelf, name, before, after)
    with pytest.raises(LawError, match=rf"targets/{name}:\d+: .*{re.escape(told)}"):
        facts(shelf)
