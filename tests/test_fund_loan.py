"""A loan's schedule to the cent: cases worked out by hand, properties, the files and their faults."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loans
from jointbuy import cli
from jointbuy.errors import Unusable
from jointbuy.flow.loan import loan as flow_loan
from jointbuy.fund.calendar import easter, is_open, months_after
from jointbuy.fund.draws import cleared, profiled
from jointbuy.fund.schedule import rounder, schedule, tranches
from jointbuy.lending import ROUNDINGS, Fee, Loan, Rounding
from jointbuy.money import split

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
ROMANIA = EXAMPLES / "loan-romania"


def rows(loan: Loan) -> list[tuple[int, int, int]]:
    return [(row.interest, row.principal, row.closing) for row in schedule(loan).instalments]


# --- by hand --------------------------------------------------------------------------------


def test_a_bullet_pays_thirty_a_year() -> None:
    assert rows(loans.loan()) == [(3000, 0, 100_000)] * 9 + [(3000, 100_000, 0)]


def test_an_annuity_of_three_years_at_five_per_cent() -> None:
    """1000.00 · 0.05 / (1 - 1.05^-3) = 367.2086: 367.21 a year, the last one 0.00 off what is left."""
    asked = loans.loan(
        repayment="annuity",
        principal_from=date(2028, 3, 15),
        maturity=date(2030, 3, 15),
        rates=((date.min, Fraction(5, 100)),),
    )
    assert rows(asked) == [(5000, 31721, 68279), (3414, 33307, 34972), (1749, 34972, 0)]


def test_grace_then_equal_principal() -> None:
    """100.00 in three parts: 33.33 twice and 33.34, by what is still owed: 66.67, 33.33, 0 (half even)."""
    asked = loans.loan(
        draws=(loans.draw(date(2027, 3, 15), 10_000),),
        repayment="equal principal",
        principal_from=date(2030, 3, 15),
        maturity=date(2032, 3, 15),
    )
    assert rows(asked) == [(300, 0, 10000)] * 2 + [(300, 3333, 6667), (200, 3334, 3333), (100, 3333, 0)]


def test_a_draw_between_two_days_bears_interest_from_its_day() -> None:
    """Half a year of 30/360 at 3 %: 15.00 beside the 30.00 of the first draw."""
    asked = loans.loan(draws=(loans.draw(date(2027, 3, 15), 100_000), loans.draw(date(2027, 9, 15), 100_000)))
    first = schedule(asked).instalments[0]
    assert (first.opening, first.drawn, first.interest, first.closing) == (0, 200_000, 4500, 200_000)


@pytest.mark.parametrize("rate", [Fraction(0), Fraction(-1, 100)])
def test_rates_of_zero_and_below(rate: Fraction) -> None:
    asked = loans.loan(repayment="annuity", principal_from=date(2028, 3, 15), rates=((date.min, rate),))
    found = schedule(asked)
    assert found.instalments[-1].closing == 0
    assert found.totals.principal == 100_000
    assert found.instalments[0].interest == 100_000 * rate
    if not rate:
        assert {row.principal for row in found.instalments} == {10_000}


def test_one_period() -> None:
    asked = loans.loan(maturity=date(2028, 3, 15), principal_from=date(2028, 3, 15), repayment="annuity")
    assert rows(asked) == [(3000, 100_000, 0)]


def test_forty_five_years_by_month() -> None:
    """540 level payments at 3 %: 1000.00 · 0.0025 / (1 - 1.0025^-540) = 3.3770."""
    first = date(2027, 4, 15)
    end = months_after(first, 539)
    asked = loans.loan(repayment="annuity", months=1, first=first, principal_from=first, maturity=end)
    found = schedule(asked)
    assert len(found.instalments) == 540
    assert {row.interest + row.principal for row in found.instalments[:-1]} == {338}
    assert found.instalments[-1].closing == 0


def test_fees_flat_and_running() -> None:
    asked = loans.loan(
        fees=(Fee("once", date(2027, 3, 15), 500, Fraction(0)), Fee("a year", None, 0, Fraction(1, 1000)))
    )
    fees = [row.fees for row in schedule(asked).instalments]
    assert fees == [600] + [100] * 9


def test_a_rate_each_and_a_path() -> None:
    path = ((date(2027, 3, 15), Fraction(3, 100)), (date(2030, 1, 1), Fraction(4, 100)))
    asked = loans.loan(rates=path, draws=(loans.draw(date(2027, 3, 15), 100_000), loans.draw(date(2027, 3, 15), 100_000, Fraction(1, 100))))  # fmt: skip  # noqa: E501
    # The rate of 1 January 2030 first holds for the period that begins on 15 March 2030.
    assert [row.interest for row in schedule(asked).instalments[:4]] == [4000, 4000, 4000, 5000]


def test_custom_repays_the_oldest_first() -> None:
    asked = loans.loan(
        draws=(loans.draw(date(2027, 3, 15), 1000), loans.draw(date(2027, 6, 15), 2000)),
        repayment="custom",
        custom=((date(2030, 3, 15), 1500), (date(2037, 3, 15), 1500)),
    )
    first, second = tranches(asked)
    assert [part.principal for part in first.parts if part.principal] == [1000]
    assert [part.principal for part in second.parts if part.principal] == [500, 1500]


def test_easter_and_the_days_around() -> None:
    """Dates of Easter as published: 2027-03-28, 2038-04-25 (the latest there is), 2035-03-25."""
    assert [easter(year) for year in (2027, 2038, 2035)] == [date(2027, 3, 28), date(2038, 4, 25), date(2035, 3, 25)]
    assert not is_open(date(2027, 3, 26), "T2")
    assert not is_open(date(2027, 3, 29), "T2")
    assert is_open(date(2027, 3, 29), "weekends")


# --- clearing, profiles ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clearing", "paid"),
    [("pro rata", [150, 340, 510]), ("first requests", [150, 250, 600]), ("last requests", [150, 400, 450])],
)
def test_clearing(clearing: str, paid: list[int]) -> None:
    ahead = replace(loans.draw(date(2027, 3, 15), 150), prefinancing=True, claimed=0)
    asked = loans.loan(
        amount=1000,
        clearing=clearing,
        draws=(ahead, loans.draw(date(2028, 3, 15), 400), loans.draw(date(2029, 3, 15), 600)),
    )
    assert [draw.amount for draw in cleared(asked).draws] == paid


def test_what_no_request_clears_is_told() -> None:
    ahead = replace(loans.draw(date(2027, 3, 15), 150), prefinancing=True, claimed=0)
    asked = cleared(loans.loan(clearing="pro rata", draws=(ahead, loans.draw(date(2028, 3, 15), 100))))
    assert (asked.uncleared, sum(draw.amount for draw in asked.draws)) == (50, 150)


def test_profiles_keep_the_sum() -> None:
    asked = loans.drawn(3)
    for profile in ("all at once", "even"):
        assert sum(draw.amount for draw in profiled(asked, profile).draws) == asked.amount


# --- properties -----------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from(ROUNDINGS))
def test_principal_sums_and_nothing_is_left(seed: int, rounding: Rounding) -> None:
    loan = loans.drawn(seed, rounding=rounding)
    found = schedule(loan)
    assert found.totals.principal == found.totals.drawn == loan.amount
    assert found.instalments[-1].closing == 0
    for each in found.tranches:
        assert sum(part.principal for part in each.parts) == each.draw.amount
        assert all(part.interest.denominator == 1 for part in each.parts)
    for row in found.instalments:
        assert row.opening + row.drawn - row.principal == row.closing


@given(st.fractions(-(10**12), 10**12, max_denominator=10**6), st.sampled_from(ROUNDINGS))
def test_rounding_is_to_the_nearest(amount: Fraction, rounding: Rounding) -> None:
    found = rounder(rounding)(amount)
    assert found.denominator == 1
    assert abs(found - amount) <= Fraction(1, 2)
    assert rounder(rounding)(-amount) == -found


@given(st.integers(-(10**9), 10**9))
def test_halves_go_where_they_are_told(whole: int) -> None:
    half = whole + Fraction(1, 2)
    assert rounder("half even")(half) % 2 == 0
    assert abs(rounder("half up")(half)) == abs(half) + Fraction(1, 2)


@given(st.integers(0, 10**15), st.lists(st.fractions(0, 10**6, max_denominator=997), min_size=1, max_size=40))
def test_splitting_loses_no_cent(amount: int, weights: list[Fraction]) -> None:
    if not sum(weights):
        with pytest.raises(ValueError, match="weights"):
            split(amount, weights)
        return
    parts = split(amount, weights)
    assert sum(parts) == amount
    assert all(abs(part - amount * weight / sum(weights)) < 1 for part, weight in zip(parts, weights, strict=True))


# --- files ----------------------------------------------------------------------------------


def test_the_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["fund", "loan", str(ROMANIA), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["totals"]["drawn"] == told["totals"]["principal"] == told["amount"] == 16_680_055_394_00
    assert {"date", "opening", "interest", "principal", "closing"} <= set(told["instalments"][0])
    assert told["instalments"][-1]["closing"] == 0
    # 15 % of each request, which by the allocation is the pre-financing to the cent.
    assert [one["claimed"] - one["amount"] for one in told["draws"][1:]] == [
        one["claimed"] * 15 // 100 for one in told["draws"][1:]
    ]


@pytest.mark.parametrize("verb", ["loan", "compare"])
def test_golden(verb: str, golden: Callable[[str, str], None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip  # noqa: E501
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(EXAMPLES)
    assert cli.main(["fund", verb, "loan-romania"]) == 0
    golden(f"loan-romania.{verb}.txt", capsys.readouterr().out)


@pytest.mark.parametrize("verb", ["loan", "compare"])
def test_pages_load_nothing_and_are_whole(verb: str, tmp_path: Path) -> None:
    assert cli.main(["fund", verb, str(ROMANIA), "--out", str(tmp_path)]) == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="|url\(', page)  # an address may stand there as a source, and loads nothing
    assert page.count("<svg") >= 2
    assert not re.search(r"NaN|None", page)
    again = tmp_path / "again"
    assert cli.main(["fund", verb, str(ROMANIA), "--out", str(again)]) == 0
    assert (again / "report.html").read_text(encoding="utf-8") == page


def faults(folder: Path, *changes: tuple[str, str, str]) -> list[str]:
    """Every problem of the example with (file, text, other text) changed in it."""
    copy = folder / "loan"
    shutil.copytree(ROMANIA, copy, dirs_exist_ok=True)
    for file, old, new in changes:
        text = (copy / file).read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old}"
        (copy / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(Unusable) as caught:
        flow_loan(copy)
    return [str(problem) for problem in caught.value.problems]


def test_breaches_of_the_law_are_told_in_one_run(tmp_path: Path) -> None:
    told = faults(
        tmp_path,
        ("requests.csv", "2030-09-30,2030-11-29", "2030-12-30,2031-01-31"),
        ("requests.csv", "2029-10-31,2029-12-31,2000000000.00", "2029-10-31,2029-12-31,2000000000.01"),
        ("requests.csv", "2027-10-29,2027-12-30", "2028-01-31,2028-03-31"),
        ("loan.yaml", "maturity: 2066-04-30", "maturity: 2072-04-30"),
        ("loan.yaml", "amount: 2502008309.10", "amount: 2502008309.11"),
    )
    assert [re.sub(r";.*", "", line) for line in told] == [
        "loan.yaml:13: pre-financing is 2,502,008,309.11 EUR: at most 15 % of the loan (Art. 11(1)), 2,502,008,309.10 EUR",  # noqa: E501
        "loan.yaml:27: maturity is 2072-04-30: a loan lasts at most 45 years (Art. 10(2)), here from its signature: 2071-03-31",  # noqa: E501
        "requests.csv:4: 3 requests are made in 2028: a request may be submitted 2 times a year (Art. 12(2))",
        "requests.csv:10: draws are over the amount by 0.01 EUR: draws are 16,680,055,394.01 EUR",
        "requests.csv:10: draws are over the allocation by 0.01 EUR: draws are 16,680,055,394.01 EUR",
        "requests.csv:10: a draw is paid on 2031-01-31: payments may be approved until 2030-12-31 (Art. 12(1))",
    ]


# --- against what is known of its state -------------------------------------------------------

AMOUNTS = (("loan.yaml", "16680055394.00", "16680055394.01"), ("requests.csv", "1280055394.00", "1280055394.01"))


def test_a_loan_is_no_more_than_the_council_decided(tmp_path: Path) -> None:
    """The decision of 11 February 2026 lends Romania 16,680,055,394 EUR; a cent more is refused, line by line."""
    told = faults(tmp_path, *AMOUNTS)
    assert [line.split(":")[:3] for line in told] == [
        ["loan.yaml", "8", " amount is 16,680,055,394.01 EUR"],
        ["loan.yaml", "9", " allocation is 16,680,055,394.01 EUR"],
    ]
    assert all("on 2026-02-11 to lend Romania 16,680,055,394.00 EUR (facts as of 2026-11-23" in line for line in told)


def test_a_newer_decision_of_the_user_s_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    faults(tmp_path, *AMOUNTS)
    (tmp_path / "newer.yaml").write_text(
        "title: Amended\nby: Example\nas_of: 2026-12-20\nfacts:\n"
        "  - {state: RO, what: decided, on: 2026-12-15, amount: 16680055394.01, source: OJ, confidence: high}\n"
    )
    words = ["fund", "loan", str(tmp_path / "loan"), "--facts", str(tmp_path / "newer.yaml"), "--json"]
    assert cli.main(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["totals"]["drawn"] == 1668005539401
    assert {"law", "facts", "newer.yaml"} < set(found["digests"])
    assert any("on 2026-12-15 to lend Romania 16,680,055,394.01 EUR (OJ; facts as of 2026-12-20)" in note
               for note in found["notes"])  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("country: RO", "country: FR", "no decision of the Council on a loan of France is known"),
        ("country: RO", "country: LT", "what the Council decided for Lithuania on 2026-02-17 is in no source"),
        ("country: RO", "country: SE", "no loan of SE under SAFE is known"),
        ("country: RO\n", "", "whose loan it is is not stated"),
        ("signature: 2026-03-31", "signature: 2026-02-10", "signed on 2026-02-10, before that decision"),
    ],
)
def test_what_is_not_known_of_a_state_is_said(old: str, new: str, told: str, tmp_path: Path) -> None:
    copy = tmp_path / "loan"
    shutil.copytree(ROMANIA, copy)
    text = (copy / "loan.yaml").read_text(encoding="utf-8")
    assert old in text
    (copy / "loan.yaml").write_text(text.replace(old, new), encoding="utf-8")
    assert [note for note in flow_loan(copy).schedule.loan.notes if note.startswith(told)]


@pytest.mark.parametrize("country", ["US", "NO", "UA"])
def test_only_member_states_borrow(country: str, tmp_path: Path) -> None:
    told = faults(tmp_path, ("loan.yaml", "country: RO", f"country: {country}"))
    assert [line.partition(";")[0] for line in told] == [
        f"loan.yaml:5: country is {country}: SAFE lends to Member States of the Union (Art. 1)"
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("loan.yaml", "rate: 3.00 %", "rate: 3", r'loan.yaml:18: rate is "3": it may mean 3 % or 300 %.*write 3 % or'),
        ("loan.yaml", "rate: 3.00 %", "rate: 0.03", r"it may mean 0.03 % or 3 %"),
        ("loan.yaml", "rate: 3.00 %", "rate: 300 %", r"beyond 50 % a year"),
        ("loan.yaml", "ACT/ACT ICMA", "ACT/ACT", r"loan.yaml:19: .*several day counts are called so.*ACT/ACT ISDA"),
        ("loan.yaml", "ACT/ACT ICMA", "ACT/361", r"loan.yaml:19: .*it is none of ours.*30E/360"),
        ("loan.yaml", "amount: 16680055394.00\n", "amount: -5\n", r"loan.yaml:8: .*an amount is not below zero"),
        ("loan.yaml", "amount: 16680055394.00\n", "amount: 1e15\n", r"loan.yaml:8: .*beyond 1,000,000,000,000"),
        ("loan.yaml", "currency: EUR", "currency: RON", r"loan.yaml:6: currency is RON: loans under SAFE are in euro"),
        ("loan.yaml", "signature: 2026-03-31", "signature: 2024-01-31", r"loan.yaml:7: signature is 2024.*no value on"),
        ("loan.yaml", "maturity: 2066-04-30", "maturity: 2066-05-30", r"loan.yaml:27: .*which is no day of payment"),
        ("loan.yaml", "from: 2036-04-30", "from: 2067-04-30", r"principal begins on 2067-04-30: the loan ends on"),
        ("loan.yaml", "first: 2027-04-30", "first: 2026-04-30", r"interest is first paid on 2026-04-30"),
        ("loan.yaml", "clearing: pro rata", "clearing: somehow", r"loan.yaml:14: clearing"),
        ("loan.yaml", "rounding: half even", "rouding: half even", r'did you mean "rounding"'),
        ("loan.yaml", "table: requests.csv", "table: ../requests.csv", r"there is no table"),
        ("requests.csv", "2027-04-30,2027-06-30", "2027-07-30,2027-06-30", r"requests.csv:3: .*requested on 2027-07-30"),  # noqa: E501
        ("requests.csv", "2026-10-30,2026-12-30", "2027-10-30,2027-12-30", r"requests.csv:3: .*order of days"),
        ("requests.csv", "1800000000.00", "-1", r"requests.csv:3: .*not below zero"),
        ("requests.csv", "1800000000.00", "", r"requests.csv:3: amount is empty"),
        ("requests.csv", "requested,paid,amount", "requested,paid,amont", r'did you mean "amount"'),
    ],
)  # fmt: skip
def test_faults_of_files(file: str, old: str, new: str, told: str, tmp_path: Path) -> None:
    found = faults(tmp_path, (file, old, new))
    assert any(re.search(told, line) for line in found), found


def test_many_draws_are_refused(tmp_path: Path) -> None:
    rows = "\n".join("2029-10-31,2029-12-31,1.00" for _ in range(5000))
    told = faults(tmp_path, ("requests.csv", "2029-10-31,2029-12-31,2000000000.00", rows))
    assert any("draws are stated: at most 200 are worked out" in line for line in told)


@pytest.mark.parametrize("key", ["plan", "purchase"])
def test_names_that_no_system_takes(key: str, tmp_path: Path) -> None:
    source = f'  {key}: "a\\0b"\n  buyer: RO\n  milestones: m.csv\n  request_days: [03-31]\n  paid_after: 60\n'
    with pytest.raises(Unusable):
        flow_loan(with_source(tmp_path, source, "1000.00"))


@pytest.mark.parametrize("text", ["", "loan", "- a\n", "id: [", "a: &x 1\nb: *x\n"])
def test_what_is_no_loan(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "loan.yaml").write_text(text, encoding="utf-8")
    assert cli.main(["fund", "loan", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "loan.yaml" in error
    assert "our mistake" not in error


def test_no_such_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["fund", "loan", str(tmp_path / "none")]) == 2
    assert "our mistake" not in capsys.readouterr().err


# --- from a purchase, from a plan -------------------------------------------------------------


def with_source(folder: Path, source: str, amount: str) -> Path:
    copy = folder / "loan"
    shutil.copytree(ROMANIA, copy)
    text = (copy / "loan.yaml").read_text(encoding="utf-8")
    text = text.replace("  table: requests.csv         # what each request claims, before clearing\n", source)
    text = re.sub(r"  prefinancing:\n.*\n  clearing:.*\n", "", text)
    text = re.sub(r"(amount|allocation): 16680055394.00", rf"\1: {amount}", text)
    text = text.replace("first: 2027-04-30", "first: 2029-04-30")
    (copy / "loan.yaml").write_text(text, encoding="utf-8")
    return copy


def test_draws_from_a_purchase(tmp_path: Path) -> None:
    """Poland pays its part by quantity; what falls due in February is claimed in March, in June in September."""
    source = f"  purchase: {EXAMPLES / 'armoured-vehicle'}\n  milestones: milestones.csv\n  buyer: PL\n  request_days: [03-31, 09-30]\n  paid_after: 60\n"  # noqa: E501
    folder = with_source(tmp_path, source, "16680055394.00")
    (folder / "milestones.csv").write_text(
        "on,share,milestone\n2027-02-01,30 %,start\n2028-06-30,50 %,half\n2029-09-30,20 %,rest\n", encoding="utf-8"
    )
    found = flow_loan(folder).schedule.loan
    from jointbuy import formats, law

    purchase = formats.read(EXAMPLES / "armoured-vehicle", law.places()).purchase
    assert purchase.contract.value is not None
    quantities = {str(each.country): each.quantity or Fraction(0) for each in purchase.buyers}
    part = purchase.contract.value.minor * quantities["PL"] / sum(quantities.values())
    assert [draw.requested for draw in found.draws] == [date(2027, 3, 31), date(2028, 9, 30), date(2029, 9, 30)]
    assert abs(sum(draw.amount for draw in found.draws) - part) < 3
    assert abs(found.draws[0].amount - part * Fraction(3, 10)) < 1
    assert any("without VAT" in note for note in found.notes)


def test_draws_from_a_plan(tmp_path: Path) -> None:
    source = "  plan: plan.json\n  buyer: RO\n  request_days: [03-31, 09-30]\n  paid_after: 60\n"
    folder = with_source(tmp_path, source, "1000.00")
    told = {"currency": "EUR", "draws": [{"state": "RO", "year": 2028, "amount": 10_001}, {"state": "PL", "year": 2028, "amount": 7}]}  # fmt: skip  # noqa: E501
    (folder / "plan.json").write_text(json.dumps(told), encoding="utf-8")
    found = flow_loan(folder).schedule.loan
    assert [(draw.on, draw.amount) for draw in found.draws] == [(date(2028, 5, 30), 5001), (date(2028, 11, 29), 5000)]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"draws": 3}', '{"currency": "EUR", "draws": [{"state": "RO"}]}', "[" * 9999]
)
def test_what_is_no_plan(text: str, tmp_path: Path) -> None:
    source = "  plan: plan.json\n  buyer: RO\n  request_days: [03-31, 09-30]\n  paid_after: 60\n"
    folder = with_source(tmp_path, source, "1000.00")
    (folder / "plan.json").write_text(text, encoding="utf-8")
    with pytest.raises(Unusable, match="is no answer of a plan"):
        flow_loan(folder)
