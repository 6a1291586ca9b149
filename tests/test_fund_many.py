"""Loans in arrays: every cell equal to the plain schedule, on thousands of random tranches."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date
from fractions import Fraction
from functools import cache
from importlib import import_module
from types import ModuleType

import numpy as np
import pytest

import loans
from jointbuy.fund import many
from jointbuy.fund.schedule import tranches
from jointbuy.lending import ROUNDINGS, Loan, Rounding, Tranche

LOOPS = "jointbuy.fund.loops"


@cache
def loaded() -> ModuleType:
    """The compiled loops, loaded once."""
    return import_module(LOOPS)


@pytest.fixture(autouse=True, params=["arrays", "loops"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it in arrays and by compiled loops, which are taken once they are loaded."""
    if request.param == "loops":
        pytest.importorskip("numba", reason="needs the extra `large`")
        monkeypatch.setitem(sys.modules, LOOPS, loaded())
    else:
        monkeypatch.delitem(sys.modules, LOOPS, raising=False)
        monkeypatch.setattr(many, "_BLOCK", 64)  # so that there are several


@cache
def drawn(rounding: Rounding) -> tuple[list[Loan], list[tuple[Tranche, ...]]]:
    """Random loans with their plain schedules, which are the same for both ways."""
    asked = [loans.drawn(seed, rounding=rounding) for seed in range(300)]
    return asked, [tranches(loan) for loan in asked]


def same(asked: list[Loan], plain: list[tuple[Tranche, ...]] | None = None) -> int:
    """Holds a batch against the plain schedules; returns how many tranches it had."""
    found = many.schedules(many.batch(asked))
    column = 0
    for loan, expected in zip(asked, plain or map(tranches, asked), strict=True):
        for each in expected:
            for row, part in enumerate(each.parts):
                cell = tuple(int(getattr(found, name)[row, column]) for name in ("interest", "principal", "closing"))
                assert cell == (part.interest, part.principal, part.closing), (loan, row)
            assert not found.interest[len(each.parts) :, column].any()
            column += 1
    return column


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_arrays_are_the_plain_schedules(rounding: Rounding) -> None:
    asked, plain = drawn(rounding)
    assert same(asked, plain) > 1000
    kinds = Counter(loan.repayment for loan in asked)
    assert min(kinds.values()) > 80


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_halves_are_settled_exactly(rounding: Rounding) -> None:
    """5 % of 10 cents a year is half a cent: a float filter cannot say to which side it goes."""
    asked = [loans.loan(rounding=rounding, draws=(loans.draw(date(2027, 3, 15), 10 * odd),),
                        rates=((date.min, Fraction(5, 100)),)) for odd in range(1, 40, 2)]  # fmt: skip
    same(asked)
    first = many.schedules(many.batch(asked)).interest[0]
    assert first[:3].tolist() == ([0, 2, 2] if rounding == "half even" else [1, 2, 3])


def test_a_path_of_rates_sets_the_payment_anew() -> None:
    path = ((date(2027, 3, 15), Fraction(2, 100)), (date(2030, 3, 15), Fraction(5, 100)))
    same([loans.loan(repayment="annuity", principal_from=date(2028, 3, 15), rates=path, draws=(
        loans.draw(date(2027, 3, 15), 10**12 + seed),)) for seed in range(50)])  # fmt: skip


def test_large_amounts_are_refused_and_not_wrapped() -> None:
    huge = many.batch([loans.loan(draws=(loans.draw(date(2027, 3, 15), 2**60),), rates=((date.min, Fraction(2, 5)),))])
    with pytest.raises(OverflowError, match="2\\*\\*51"):
        many.schedules(huge)


def test_level_payments_rounded_up_repay_more_than_is_owed() -> None:
    """6 cents at 5 % over 18 years are 0.51 a year, so 1: after 16 years -10 are owed, and -0.5 is rounded to -1."""
    asked = loans.loan(repayment="annuity", rounding="half up", principal_from=date(2028, 3, 15),
                       maturity=date(2045, 3, 15), rates=((date.min, Fraction(5, 100)),),
                       draws=(loans.draw(date(2027, 3, 15), 6),))  # fmt: skip
    same([asked])
    found = many.schedules(many.batch([asked]))
    assert (int(found.closing[15, 0]), int(found.interest[16, 0])) == (-10, -1)


def test_interest_beyond_what_is_computed_is_refused() -> None:
    """2**50 minor units at 400 % bear 2**52, in whichever way they are computed."""
    huge = many.batch([loans.loan(draws=(loans.draw(date(2027, 3, 15), 2**50),), rates=((date.min, Fraction(4)),))])
    with pytest.raises(OverflowError, match="2\\*\\*51"):
        many.schedules(huge)


def test_a_trillion_cents_times_a_rate_leaves_int64_and_is_exact() -> None:
    amount = 10**14 + 1
    with np.errstate(over="ignore"):
        assert np.int64(amount) * np.int64(3 * 10**7) * np.int64(365) != amount * 3 * 10**7 * 365
    days = loans.Days("ACT/365F", "none", "T2", adjusted=False)
    same([loans.loan(draws=(loans.draw(date(2027, 3, 15), amount + step),), days=days) for step in range(300)])


def test_scenarios_are_schedules_at_shifted_rates() -> None:
    asked = many.batch([loans.drawn(seed, rounding="half even", repayment="equal principal") for seed in range(20)])
    told = many.scenarios(asked, [0, 10**7])
    assert (told[0] == many.schedules(asked).interest.sum(axis=0)).all()
    assert (told[1] > told[0]).any()


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="own table"):
        many.batch([loans.loan(repayment="custom")])
    with pytest.raises(ValueError, match="finer"):
        many.batch([loans.loan(rates=((date.min, Fraction(1, 3)),))])
    with pytest.raises(ValueError, match="one way of rounding"):
        many.batch([loans.loan(), loans.loan(rounding="half up")])
