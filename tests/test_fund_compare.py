"""What a loan saves: identities that hold whatever the code, the example whose sign changes, faults of the files."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import pytest

import loans
from jointbuy.errors import Unusable
from jointbuy.flow.compared import compare as flow_compare
from jointbuy.fund.compare import compare
from jointbuy.fund.curve import CONTEXT, Yields
from jointbuy.fund.yields import published
from jointbuy.lending import VARIED, Answer, Assumed, Curve, Loan, Question

ROMANIA = Path(__file__).resolve().parents[1] / "examples" / "loan-romania"
START = date(2027, 3, 15)


def curve(*points: tuple[int, Fraction], currency: str = "EUR", times: int = 1) -> Curve:
    return Curve("c", currency, START, "par", times, tuple((Fraction(years), rate) for years, rate in points))


def case(of: Curve, **changes: object) -> Assumed:
    plain = Assumed(
        "a case", of, Fraction(1), Fraction(0), None, None, "as planned", None, Fraction(0), loans.HERE
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def answer(loan: Loan, one: Assumed) -> Answer:
    return compare(Question("q", "q", loan, (one,), VARIED)).answers[0]


def test_a_loan_at_the_states_own_yields_saves_nothing() -> None:
    flat = curve((1, Fraction(3, 100)), (30, Fraction(3, 100)))
    found = answer(loans.loan(), case(flat))
    assert found.saving == 0
    assert found.break_even == 0


def test_the_saving_of_a_point_by_hand() -> None:
    """4 % against 3 % on 1000.00 for ten years, discounted at nothing: ten times 10.00."""
    flat = curve((1, Fraction(4, 100)), (30, Fraction(4, 100)))
    found = answer(loans.loan(), case(flat, discount=Fraction(0)))
    assert found.saving == 10 * 1000
    assert found.break_even is not None
    assert abs(found.break_even - Fraction(1, 100)) < Fraction(1, 10**9)


def test_what_is_hedged_breaks_even_at_the_difference() -> None:
    """6.3 % own, 3.0 % loan, 3.6 % hedge: the loan would have to be 0.3 points cheaper, whatever is discounted."""
    lei = curve((1, Fraction(63, 1000)), (30, Fraction(63, 1000)), currency="RON")
    for discount in (None, Fraction(2, 100)):
        lent = loans.loan(repayment="equal principal", principal_from=date(2030, 3, 15), draws=(
            loans.draw(START, 10**8), loans.draw(date(2027, 11, 2), 10**8)))  # fmt: skip
        found = answer(lent, case(lei, hedge=Fraction(36, 1000), discount=discount, spot=Fraction(5)))
        assert found.break_even is not None
        assert abs(found.break_even + Fraction(3, 1000)) < Fraction(1, 10**9)
        assert found.saving < 0


def test_a_rising_currency_costs_what_interest_parity_says() -> None:
    """A bullet of one year: (1.03)(1.02) - 1 = 5.06 % in lei; own bonds at 5.06 % save nothing."""
    lei = curve((1, Fraction(506, 10_000)), (30, Fraction(506, 10_000)), currency="RON")
    one = loans.loan(maturity=date(2028, 3, 14), principal_from=date(2028, 3, 14), first=date(2028, 3, 14),
                     days=loans.Days("ACT/365F", "none", "T2", adjusted=False))  # fmt: skip
    found = answer(one, case(lei, drift=Fraction(2, 100), spot=Fraction(5)))
    assert abs(found.saving) <= 1


def test_bonds_at_par_are_worth_their_nominal() -> None:
    """Σ c · DF + DF = 1 for every year of a curve, to the last digit it is worked out to."""
    found = Yields(curve((1, Fraction(2, 100)), (10, Fraction(4, 100)), (30, Fraction(35, 1000)), times=2))
    with localcontext(CONTEXT):
        total = Decimal(0)
        for factor, par in zip(found.factors[1:], found.pars, strict=True):
            total += factor
            assert abs(par / 2 * total + factor - 1) < Decimal("1e-35")
        assert found.factors[20] != found.factors[21]
    assert float(found.par(Fraction(10), 2)) == pytest.approx(0.04, rel=1e-15)
    assert float(found.par(Fraction(10), 1)) == pytest.approx(1.02**2 - 1, rel=1e-12)


def test_zero_yields_discount_as_they_say() -> None:
    zero = replace(curve((1, Fraction(3, 100)), (30, Fraction(3, 100))), quoted="zero")
    assert float(Yields(zero).discount(Fraction(10))) == pytest.approx(1.03**-10, rel=1e-14)
    assert float(Yields(zero).discount(Fraction(21, 2))) == pytest.approx(1.03**-10.5, rel=1e-14)


def test_the_sign_of_the_example_changes_with_one_assumption() -> None:
    answers = {each.assumed.name: each for each in flow_compare(ROMANIA).compared.answers}
    base, other = answers["base"], answers["discounted at 3 %"]
    assert base.saving > 0 > other.saving
    assert replace(base.assumed, name="", where=loans.HERE, discount=None) == replace(
        other.assumed, name="", where=loans.HERE, discount=None
    )
    assert len(answers) >= 5
    assert {swing.assumption for swing in base.swings} == {
        "currency", "hedging", "discounting", "draw profile", "rate path"
    }  # fmt: skip
    hedged = answers["hedged"]
    assert hedged.break_even is not None
    assert abs(hedged.break_even + Fraction(3, 1000)) < Fraction(1, 10**9)


def test_published_yields_are_the_unions_and_its_spreads() -> None:
    """Spreads as quoted in basis points: 16.6, 23.8, 52.5, 59.1 below; 8.6, 19.3, 22.6, 39.0 above."""
    found = published().curves
    spreads = {
        name: [(a - b) * 10_000 for (_, a), (_, b) in zip(found[name].points, found["EU"].points, strict=True)]
        for name in ("DE", "FR")
    }
    assert [float(each) for each in spreads["DE"]] == [-16.6, -23.8, -52.5, -59.1]
    assert [float(each) for each in spreads["FR"]] == [8.6, 19.3, 22.6, 39.0]


def changed(folder: Path, *changes: tuple[str, str, str]) -> Path:
    copy = folder / "loan"
    shutil.copytree(ROMANIA, copy)
    for file, old, new in changes:
        text = (copy / file).read_text(encoding="utf-8")
        assert old in text
        (copy / file).write_text(text.replace(old, new), encoding="utf-8")
    return copy


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("lei.csv", "2026-02-27,10y,6.30 %", "2026-02-27,20y,6.30 %", r"lei.csv:3: .*gap in the curve: nothing is stated between 1 and 20"),  # noqa: E501
        ("lei.csv", "2026-02-27,1y", "2026-02-27,5y", r"lei.csv:2: the curve lei.csv leaves a gap: its first point is at 5"),  # noqa: E501
        ("lei.csv", "10y,6.30 %", "10y,6.30", r"lei.csv:3: yield is .*6.3 % or 630 %"),
        ("lei.csv", "10y,6.30 %,annual", "10y,6.30 %,semiannual", r"lei.csv:3: .*2 ways of compounding: annual, semi"),
        # Par yields of 0, 0 and 50 %: (1 - 0.5 · 2) / 1.5 is nothing.
        ("lei.csv", "1y,6.30 %,annual\n2026-02-27,10y,6.30 %,annual", "1y,0 %,annual\n2026-02-27,2y,0 %,annual\n2026-02-27,3y,50 %,annual\n2026-02-27,10y,50 %,annual", r"no bond has the par yields of lei.csv: .*money in 3 years is worth nothing"),  # noqa: E501
        ("lei.csv", "2026-02-27,10y", "2026-02-26,10y", r"lei.csv:3: .*holds 2 days"),
        ("lei.csv", "2026-02-27", "2027-02-26", r"the first draw is paid on 2026-04-30"),
        ("lei.csv", "10y", "ten", r"lei.csv:3: .*no tenor"),
        ("compare.yaml", "    curve: lei.csv\n    quoted: par\n    beyond: flat\n", "    curve: lei.csv\n    quoted: par\n", r"lei.csv is too short: the loan is repaid after 40"),  # noqa: E501
        ("compare.yaml", "    spot: 5.09                # lei for one euro\n", "", r"compare.yaml:7: base states no spot"),  # noqa: E501
        ("compare.yaml", "hedging: 3.6 %", "hedging: 3.6", r"it may mean 3.6 % or 360 %"),
        ("compare.yaml", "discounting: 3 %", "discounting: 0.03", r"it may mean 0.03 % or 3 %"),
        ("compare.yaml", "name: hedged", "name: base", r"two cases are called base"),
        ("compare.yaml", "curve: euro.csv", "curve: published XX", r"not published here; the published ones are: EU, DE, FR"),  # noqa: E501
        ("compare.yaml", "loan: loan.yaml", "loan: other.yaml", r"there is no other.yaml"),
    ],
)  # fmt: skip
def test_faults(file: str, old: str, new: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(Unusable) as caught:
        flow_compare(changed(tmp_path, (file, old, new)))
    found = [str(problem) for problem in caught.value.problems]
    assert any(re.search(told, line) for line in found), found


def test_faults_of_loan_and_comparison_are_told_together(tmp_path: Path) -> None:
    folder = changed(
        tmp_path, ("loan.yaml", "rate: 3.00 %", "rate: 3"), ("compare.yaml", "hedging: 3.6 %", "hedging: 4")
    )
    with pytest.raises(Unusable) as caught:
        flow_compare(folder)
    assert {problem.where.file for problem in caught.value.problems if problem.where} == {"loan.yaml", "compare.yaml"}


def test_a_curve_that_ships(tmp_path: Path) -> None:
    found = flow_compare(changed(tmp_path, ("compare.yaml", "curve: euro.csv", "curve: published FR"))).compared
    assert found.answers[1].assumed.curve.points[0] == (3, Fraction(2512, 100_000))
