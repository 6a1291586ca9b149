"""The pool of loans: what the facts add up to, the cap at its limit, days, and what a file of facts may not hold."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from jointbuy import cli, law
from jointbuy.errors import JointbuyError, NotInForce, Unusable
from jointbuy.flow.pool import facts_of, pool, terms_of
from jointbuy.fund.pool import at_the_top, concentration
from jointbuy.lendingpool import Amount
from jointbuy.report.pool import against, amount, between

BILLION = 100 * 10**9
TERMS = terms_of(date(2026, 11, 23))


def one(found: Any, country: str) -> Any:
    return next(each for each in found.allocations if each.country == country)


# --- the facts ------------------------------------------------------------------------------


def test_tentative_amounts_are_the_whole_of_article_6() -> None:
    """SAFE Art. 6: EUR 150 000 000 000, to the cent, over nineteen states."""
    found = [fact for fact in facts_of().facts if fact.what == "tentative"]
    assert len({fact.state for fact in found}) == len(found) == 19
    assert sum(fact.amount.low for fact in found if fact.amount and fact.amount.exact) == 150 * BILLION
    assert TERMS.maximum == 150 * BILLION


def test_the_first_wave_is_what_the_council_s_text_adds_up_to() -> None:
    """Eight states on 11 February 2026: 38,051,263,170 euro, added by hand; the press says 38 billion."""
    wave = [each for each in pool(on="2026-02-12").allocations if each.status == "decided"]
    assert {each.country for each in wave} == {"BE", "BG", "CY", "DK", "ES", "HR", "PT", "RO"}
    assert sum(each.decided.low for each in wave) == 38_051_263_170_00


# Cents of pre-financing as the Council's table has them.
COUNCIL = {
    "RO": 250_200_830_910,
    "BE": 125_100_415_470,
    "PT": 87_617_689_980,
    "BG": 48_925_500_000,
    "HR": 25_500_000_000,
    "CY": 17_722_558_860,
    "DK": 701_952_330,
    "EE": 35_158_455_000,
    "GR": 11_815_039_245,
}


@pytest.mark.parametrize("country", COUNCIL)
def test_prefinancing_is_fifteen_per_cent_to_the_cent(country: str) -> None:
    """Art. 11(1): up to 15 %. The two figures of the Council's table agree: 20 · advance is 3 · loan."""
    found = one(pool(), country)
    assert found.prefinancing.low == found.prefinancing.high == COUNCIL[country]
    assert 20 * found.prefinancing.low == 3 * found.decided.low
    assert found.at_the_top is True


def test_none_asked_is_nothing_and_not_said_is_unknown() -> None:
    found = pool()
    assert [one(found, each).prefinancing for each in ("IT", "ES", "FI")] == [Amount(0, 0)] * 3
    assert [one(found, each).prefinancing for each in ("PL", "LT", "LV", "SK", "FR")] == [None] * 5
    assert one(found, "RO").drawn is None


def test_round_words_stay_ranges() -> None:
    found = pool()
    assert not one(found, "PL").decided.exact
    assert one(found, "LV").decided == Amount(3_485 * 10**8, 3_495 * 10**8)
    assert one(found, "LT").decided is None
    assert one(found, "LT").status == "decided, amount not known"
    for fact in found.facts.facts:
        assert fact.amount is None or fact.amount.exact or fact.told, fact


def test_every_fact_has_a_source_and_a_day() -> None:
    facts = facts_of()
    for fact in facts.facts:
        assert len(fact.source) > 8, fact
        assert date(2025, 5, 29) <= fact.on <= fact.known_since <= facts.as_of, fact


def test_freed_money() -> None:
    """Estonia by the difference of two exact figures: 2,660,932,171 - 2,343,897,000 = 317,035,171."""
    found = pool()
    assert one(found, "EE").freed == Amount(317_035_171_00, 317_035_171_00)
    # Latvia: 5,680,431,322 less 3.485 to 3.495 billion.
    assert one(found, "LV").freed == Amount(2_185_431_322_00, 2_195_431_322_00)
    assert one(found, "RO").freed == Amount(0, 0)
    # France, Hungary and Czechia have no decision: 2 · 16,216,720,524 + 2,060,000,000.
    assert found.undecided == Amount(34_493_441_048_00, 34_493_441_048_00)
    assert found.unlent is None


def test_facts_that_the_act_does_not_allow_are_told(tmp_path: Path) -> None:
    """Art. 6: 150 billion in all; Art. 11(1): 15 % of 1,000,000,000 are 150,000,000, and a cent more is too much."""
    text = """title: Ours
by: Example
as_of: 2026-12-20
facts:
"""
    row = "  - {{state: {}, what: decided, on: 2026-12-15, amount: {}, source: x, confidence: high}}\n"
    text += row.format("HU", "60000000000")
    text += row.format("CZ", "1000000000, prefinancing: 150000000.01")
    text += row.format("FR", "1000000000, prefinancing: 150000000.00")
    (tmp_path / "facts.yaml").write_text(text, encoding="utf-8")
    told = [note for note in pool(facts=tmp_path / "facts.yaml").notes if "look at" in note]
    assert [note.partition(":")[0] for note in told] == [
        "more is decided than may be lent in all (Art. 6)",
        "pre-financing of Czechia is more than 15 % of its loan (Art. 11(1))",
    ]
    assert not any("look at" in note for note in pool().notes)


def test_amounts_that_no_primary_source_shows_are_named() -> None:
    """By the sheet of facts: starred figures of the Council's table are seen, the others are known from press lists."""
    told = {note.partition(",")[0]: note.rpartition(": ")[2] for note in pool().notes if "primary source" in note}
    assert set(told["tentative"].split(", ")) == {
        "Poland", "France", "Hungary", "Lithuania", "Latvia", "Estonia", "Slovakia", "Czechia"
    }  # fmt: skip
    assert set(told["decided"].split(", ")) == {"Poland", "Latvia"}
    assert set(told["prefinancing paid"].split(", ")) == {"Poland", "Lithuania"}


def test_a_range_shows_all_that_it_holds() -> None:
    """Latvia's 3.485 to 3.495 billion are no 3.49 to 3.50; France's 16.216720524 less 15.15 begins at 1.0667."""
    assert between(one(pool(), "LV").decided, 2) == "3.48 to 3.50\xa0bn"
    assert amount(pool().expected) == "1.066 to 1.167\xa0bn"
    # 90 billion less 44 and 16.680055394 are 29.319944606: the least that could break the cap is no less.
    assert "29.31\xa0billion" in against(pool(), pool().concentration[0])


# --- two clocks -----------------------------------------------------------------------------


def test_before_the_decisions_all_is_tentative() -> None:
    found = pool(on="2026-01-15")
    assert {each.status for each in found.allocations} == {"not decided"}
    assert [each.basis for each in found.concentration] == ["tentative"]
    assert found.decided == Amount(0, 0)


def test_what_was_known() -> None:
    """Hungary's state of April 2026 was reported a day later."""
    assert [fact.what for fact in one(pool(on="2026-04-22", known_on="2026-04-22"), "HU").facts] == ["tentative"]
    assert "open" in [fact.what for fact in one(pool(on="2026-04-22", known_on="2026-04-23"), "HU").facts]


def test_days_without_law_or_facts() -> None:
    with pytest.raises(NotInForce, match="2025-05-29"):
        pool(on="2025-05-28")
    with pytest.raises(JointbuyError, match="nothing is known as of 2030-01-01"):
        pool(known_on="2030-01-01")
    assert any("the facts end on" in note for note in pool(on="2027-01-01").notes)


@pytest.mark.parametrize(
    ("on", "open_"), [("2026-12-31", [True, True]), ("2027-01-01", [True, False]), ("2027-07-01", [False, False])]
)
def test_what_freed_money_could_do_ends(on: str, open_: list[bool]) -> None:
    """Art. 8(7): a call by 31 December 2026; Art. 8(8): decisions by 30 June 2027, amended ones too."""
    assert [way.open for way in pool(on=on).ways] == open_


def test_last_days_are_warned_of() -> None:
    found = {each.provision: each for each in pool(on="2026-11-23").deadlines}
    assert {key: each.state for key, each in found.items()} == {
        "Art. 7(1)": "past",
        "Art. 8(7)": "near",
        "Art. 8(8)": "ahead",
        "Art. 12(1)": "ahead",
    }
    # 23 November to 31 December: 7 days of November and 31 of December.
    assert found["Art. 8(7)"].days == 38
    assert pool(on="2026-12-31").deadlines[1].days == 0


# --- the cap --------------------------------------------------------------------------------


def exactly(cents: int) -> Amount:
    return Amount(cents, cents)


def test_the_cap_at_its_limit_and_a_cent_over() -> None:
    """Art. 13: three largest, 60 % of 150 billion is 90 billion."""
    loans = {"PL": exactly(40 * BILLION), "RO": exactly(30 * BILLION), "FR": exactly(20 * BILLION), "HU": exactly(1)}
    at = concentration("decided", loans, TERMS)
    assert (at.status, at.limit, at.amount, at.largest) == (
        "met",
        90 * BILLION,
        exactly(90 * BILLION),
        ("PL", "RO", "FR"),
    )
    over = concentration("decided", {**loans, "RO": exactly(30 * BILLION + 1)}, TERMS)
    assert over.status == "not met"


def test_the_cap_under_what_is_not_known() -> None:
    loans: dict[str, Amount | None] = {"PL": Amount(40 * BILLION, 50 * BILLION), "RO": exactly(30 * BILLION)}
    assert concentration("decided", {**loans, "FR": exactly(10 * BILLION)}, TERMS).status == "met"
    assert concentration("decided", {**loans, "FR": exactly(10 * BILLION + 1)}, TERMS).status == "unknown"
    silent = concentration("decided", {**loans, "FR": exactly(BILLION), "SK": None}, TERMS)
    assert (silent.status, silent.unknown) == ("unknown", ("SK",))
    # Beside 50 and 30 billion, Slovakia would need more than 10.
    assert silent.breaks_above == 10 * BILLION
    high = {"PL": exactly(60 * BILLION), "RO": exactly(30 * BILLION), "FR": exactly(BILLION), "SK": None}
    assert concentration("decided", high, TERMS).status == "not met"


def test_the_cap_today() -> None:
    found = {each.basis: each for each in pool().concentration}
    # 43,734,100,805 + 16,680,055,394 + 16,216,720,524 by hand.
    assert found["tentative"].amount == exactly(76_630_876_723_00)
    assert (found["tentative"].largest, found["tentative"].alike) == (("PL", "RO", "FR"), ("HU",))
    assert found["tentative"].status == found["decided, else tentative"].status == "met"
    assert found["decided"].status == "unknown"
    # 90 billion less Poland at the most and Romania: 90 - 44 - 16.680055394.
    assert found["decided"].breaks_above == 29_319_944_606_00


def test_an_advance_that_is_no_whole_cent_is_rounded_down() -> None:
    assert at_the_top(exactly(1_01), exactly(15), Fraction(15, 100)) is True
    assert at_the_top(exactly(1_01), exactly(16), Fraction(15, 100)) is False
    assert at_the_top(Amount(1, 2), exactly(0), Fraction(15, 100)) is None


# --- a user's facts -------------------------------------------------------------------------

MINE = """title: Decisions seen since
by: Example Treasury, Budapest
as_of: 2026-12-20
facts:
  - state: HU
    what: decided
    on: 2026-12-15
    amount: 12000000000
    prefinancing: 1800000000
    source: Council implementing decision (example)
    confidence: high
  - state: LV
    what: decided
    on: 2026-02-17
    amount: 3491234567.89
    source: Council implementing decision (example)
    confidence: high
"""


def test_a_user_s_facts_are_laid_over_ours(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(MINE, encoding="utf-8")
    found = pool(facts=file)
    assert found.on == date(2026, 12, 20)
    assert one(found, "HU").decided == exactly(12 * BILLION)
    assert one(found, "HU").at_the_top is True
    assert one(found, "LV").decided == exactly(3_491_234_567_89)
    assert any(
        "Decisions seen since, Example Treasury, Budapest, 2026-12-20 (mine.yaml)" in note for note in found.notes
    )
    before = pool(facts=file, on="2026-12-01")
    assert one(before, "HU").status == "not decided"


BAD = {
    "unknown state": ("state: HU", "state: Ruritania", r'mine.yaml:5: state is "Ruritania": it is not a country'),
    "no lender": ("state: HU", "state: CA", r"mine.yaml:5: CA may not borrow"),
    "negative": ("amount: 12000000000", "amount: -1", r'mine.yaml:8: amount is "-1": an amount is not below zero'),
    "decimal comma": ("12000000000", '"12000000000,50"', r"mine.yaml:8: amount is .*a comma may mark decimals"),
    "tenth of a cent": ("12000000000", "12000000000.001", r"mine.yaml:8: amount is .*no whole number of cents"),
    "float": ("12000000000", "1.2e10.5", r"mine.yaml:8: amount is .*not a number"),
    "no kind": ("what: decided", "what: decided it", r'mine.yaml:6: what is "decided it"; did you mean "decided"'),
    "no confidence": ("confidence: high", "confidence: sure", r'mine.yaml:11: confidence is "sure"'),
    "a misspelt key": ("source: C", "sorce: C", r'mine.yaml:10: there is no key "sorce"; did you mean "source"'),
    "no source": ("    source: Council implementing decision (example)\n", "", r"mine.yaml:5: source is missing"),
    "later than the file": ("on: 2026-12-15", "on: 2026-12-25", r"mine.yaml:5: this fact is of 2026-12-25"),
    "no day": ("on: 2026-12-15", "on: 15.12.2026", r"mine.yaml:7: on is .*year-month-day"),
    "more in advance than lent": (
        "prefinancing: 1800000000",
        "prefinancing: 18000000000",
        r"mine.yaml:9: prefinancing is more",
    ),
    "twice": ("state: LV", "state: HU", r"mine.yaml:5: this fact of HU stands twice|mine.yaml:12: this fact of HU"),
    "a range without words": ("amount: 12000000000", "amount: {low: 1, high: 2}", r"mine.yaml:8: amount is a range"),
    "a range upside down": ("amount: 12000000000", "amount: {low: 3, high: 2}", r"mine.yaml:8: amount has a low above"),
    "an alias": ("state: HU", "state: &a HU", r"mine.yaml:5: YAML aliases"),
    "a list": ("amount: 12000000000", "amount: [1]", r"mine.yaml:8: amount is a list"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_facts_are_told_with_their_line(tmp_path: Path, name: str) -> None:
    before, after, told = BAD[name]
    text = MINE.replace("on: 2026-02-17", "on: 2026-12-15") if name == "twice" else MINE
    assert before in text
    file = tmp_path / "mine.yaml"
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(Unusable) as refused:
        pool(facts=file)
    assert any(re.match(told, str(each)) for each in refused.value.problems), refused.value.problems


def test_all_faults_at_once_and_hostile_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.yaml"
    text = MINE.replace("state: HU", "state: CA").replace("confidence: high", "confidence: sure")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Unusable) as refused:
        pool(facts=file)
    assert len(refused.value.problems) == 3
    for content in (b"", b"\x00\xff\xfe", b"- a\n- b\n", b"facts: 3\n", b"{" * 3000):
        file.write_bytes(content)
        assert cli.main(["fund", "pool", "--facts", str(file)]) == 2
    assert cli.main(["fund", "pool", "--facts", str(tmp_path / "none.yaml")]) == 2
    told = capsys.readouterr().err
    assert "there is no file none.yaml" in told
    assert "Traceback" not in told
    assert "our mistake" not in told


# --- the command line -----------------------------------------------------------------------


def test_json_keeps_its_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["fund", "pool", "--on", "2026-11-23", "--json"]) == 0
    out = capsys.readouterr()
    found = json.loads(out.out)
    assert out.err == ""
    assert {"as_of", "total", "allocations", "concentration"} <= set(found)
    assert (found["as_of"], found["total"], found["currency"]) == ("2026-11-23", 15_000_000_000_000, "EUR")
    romania = next(each for each in found["allocations"] if each["country"] == "RO")
    assert (romania["amount"], romania["prefinancing"], romania["drawn"]) == (1_668_005_539_400, 250_200_830_910, None)
    poland = next(each for each in found["allocations"] if each["country"] == "PL")
    assert poland["drawn"] == {"low": 655_000_000_000, "high": 665_000_000_000}
    assert all(fact["source"] and fact["on"] and fact["confidence"] for fact in found["facts"])


def test_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = []
    for name in ("one", "other"):
        assert cli.main(["fund", "pool", "--out", str(tmp_path / name)]) == 0
        texts.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert texts[0] == texts[1]
    assert set(texts[0]) == {"report.html", "pool.json", "allocations.csv", "facts.csv"}
    rows = {row["state"]: row for row in csv.DictReader(io.StringIO(texts[0]["allocations.csv"].decode("utf-8-sig")))}
    assert rows["GR"]["prefinancing_low"] == "118150392.45"
    assert rows["LT"]["decided_low"] == rows["RO"]["drawn_low"] == ""
    page = texts[0]["report.html"].decode()
    assert page.count('role="img"') == 2
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="', page)
    capsys.readouterr()


def test_text_tells_the_words_of_round_figures(
    capsys: pytest.CaptureFixture[str], golden: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert cli.main(["fund", "pool", "--on", "2026-11-23"]) == 0
    golden("fund-pool.txt", capsys.readouterr().out)


def test_a_day_before_any_fact(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["fund", "pool", "--on", "2025-06-01", "--out", str(tmp_path)]) == 0
    assert pool(on="2025-06-01").allocations == ()
    out = capsys.readouterr().out
    assert "Nothing is known of any state's loan on 2025-06-01: the first fact is of 2025-09-09." in out
    assert "of 90,000,000,000" not in out  # nothing is no amount to hold against the cap
    assert "Freed" not in out
    told = json.loads((tmp_path / "pool.json").read_text(encoding="utf-8"))
    assert (told["concentration"], told["sums"]["tentative"], told["sums"]["freed"]) == ([], None, None)


def test_titles_are_places() -> None:
    assert {each.title for each in pool().allocations} <= set(law.places().titles.values())
