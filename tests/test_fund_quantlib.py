"""Schedules against QuantLib, before rounding: days, lengths of periods, interest and balances of a thousand loans."""

from __future__ import annotations

import random
import sys
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

import loans
from jointbuy.fund import calendar, daycount, schedule
from jointbuy.lending import DAY_COUNTS, ROUNDINGS, Convention, Loan, Tranche

ql = pytest.importorskip("QuantLib", reason="needs: QuantLib (make setup)")

TOLERANCE = 1e-12
CONVENTIONS = {
    "none": ql.Unadjusted,
    "following": ql.Following,
    "modified following": ql.ModifiedFollowing,
    "preceding": ql.Preceding,
    "modified preceding": ql.ModifiedPreceding,
}
COUNTS = {
    "30/360": ql.Thirty360(ql.Thirty360.BondBasis),
    "30E/360": ql.Thirty360(ql.Thirty360.EurobondBasis),
    "ACT/360": ql.Actual360(),
    "ACT/365F": ql.Actual365Fixed(),
    "ACT/ACT ISDA": ql.ActualActual(ql.ActualActual.ISDA),
}


def theirs(day: date) -> ql.Date:
    return ql.Date(day.day, day.month, day.year)


def ours(day: ql.Date) -> date:
    return date(day.year(), day.month(), day.dayOfMonth())


def test_closing_days_of_t2() -> None:
    target = ql.TARGET()
    day = date(calendar.FIRST_YEAR, 1, 1)
    while day.year < 2080:
        assert calendar.is_open(day, "T2") == target.isBusinessDay(theirs(day)), day
        day += timedelta(days=1)


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_days_are_moved_alike(convention: Convention) -> None:
    day = date(2026, 1, 1)
    while day.year < 2040:
        moved = ql.TARGET().adjust(theirs(day), CONVENTIONS[convention])
        assert calendar.adjusted(day, convention, "T2") == ours(moved), day
        day += timedelta(days=1)


@pytest.mark.parametrize("count", COUNTS)
def test_lengths_of_periods(count: str) -> None:
    dice = random.Random(7)
    for _ in range(3000):
        start = date(2024, 1, 1) + timedelta(days=dice.randrange(9000))
        end = start + timedelta(days=dice.choice([dice.randrange(40), dice.randrange(9000)]))
        told = COUNTS[count].yearFraction(theirs(start), theirs(end))
        assert float(daycount.fraction(count, start, end)) == pytest.approx(told, rel=1e-14, abs=1e-15), (start, end)


def bond(loan: Loan, made: Tranche) -> tuple[ql.AmortizingFixedRateBond, list[float]]:
    """The tranche as QuantLib's bond, on QuantLib's own dates; notionals by formulas of our own, in floats."""
    draw, days = made.draw, loan.days
    target = ql.TARGET() if days.calendar == "T2" else ql.WeekendsOnly()
    moving = CONVENTIONS[days.convention] if days.adjusted else ql.Unadjusted
    first = made.parts[0].period.due
    grid = ql.Schedule(
        theirs(draw.on), theirs(loan.maturity), ql.Period(loan.months, ql.Months), target, moving, moving,
        ql.DateGeneration.Forward, False, theirs(first) if first < loan.maturity else ql.Date(),
    )  # fmt: skip
    ends = [theirs(part.period.end) for part in made.parts]
    # Their steps begin at the tranche's first day, ours at the loan's, which may be a later day of the month.
    assert loan.first.day > 28 or len(ends) == 1 or [*map(ours, grid)][1:] == [*map(ours, ends)]
    tenor, forward = ql.Period(loan.months, ql.Months), ql.DateGeneration.Forward
    regular = [True] * len(ends)
    rule = ql.Schedule([theirs(draw.on), *ends], target, ql.Unadjusted, ql.Unadjusted, tenor, forward, False, regular)
    count = COUNTS[days.count]
    rate = float(made.parts[0].period.rate)
    factors = [rate * count.yearFraction(a, b) for a, b in pairwise([theirs(draw.on), *ends])]
    paying = [part.period.due >= loan.principal_from for part in made.parts]
    owed = notionals(loan.repayment, float(draw.amount), factors, paying)
    payment = CONVENTIONS[days.convention]
    made_bond = ql.AmortizingFixedRateBond(0, owed, rule, [rate], count, payment, theirs(draw.on))
    return made_bond, owed


def notionals(repayment: str, amount: float, factors: list[float], paying: list[bool]) -> list[float]:
    """What is owed at the start of every period."""
    owed, grace = [amount] * len(factors), paying.index(True)
    left = len(factors) - grace
    if repayment == "equal principal":
        return [amount] * grace + [amount * (left - k) / left for k in range(left)]
    if repayment == "annuity":
        # Backward from nothing: each balance is what the payments still to come are worth.
        worth = [0.0] * (left + 1)
        for k in range(left - 1, -1, -1):
            worth[k] = (worth[k + 1] + 1.0) / (1.0 + factors[grace + k])
        return [amount] * grace + [amount * worth[k] / worth[0] for k in range(left)]
    return owed


def test_a_thousand_loans_agree_before_rounding() -> None:
    seen: Counter[str] = Counter()
    worst = 0.0
    keep = {rounding: schedule.rounder(rounding, schedule.FINE) for rounding in ROUNDINGS}
    for seed in range(1000):
        loan = loans.drawn(seed)
        if loan.days.count == "ACT/ACT ICMA":  # below, by reference periods
            loan = loans.drawn(seed, days=loans.Days("ACT/365F", "following", "T2", adjusted=True))
        made = schedule.tranche(loan, loan.draws[seed % len(loan.draws)], keep[loan.rounding])
        peer, owed = bond(loan, made)
        coupons = [(ours(c.date()), c.amount()) for c in map(ql.as_coupon, peer.cashflows()) if c is not None]
        assert [day for day, _ in coupons] == [part.period.paid for part in made.parts]
        most = max(abs(amount) for _, amount in coupons) or 1.0
        for part, (_, amount), balance in zip(made.parts, coupons, owed, strict=True):
            # They take interest as what a factor near one lies above it: that costs them two places of their last one.
            lost = 2 * sys.float_info.epsilon * made.draw.amount
            worst = max(worst, (abs(float(part.interest) - amount) - lost) / most)
            worst = max(worst, abs(float(part.opening) - balance) / made.draw.amount)
        seen[f"{loan.repayment}, {'grace' if made.parts[0].principal == 0 else 'at once'}"] += 1
        seen[loan.days.count] += 1
    assert worst <= TOLERANCE
    assert min(seen.values()) > 30, seen


def test_act_act_icma_by_reference_periods() -> None:
    count = ql.ActualActual(ql.ActualActual.ISMA)
    for seed in range(300):
        first = date(2027, seed % 12 + 1, seed % 28 + 1)
        days = loans.Days("ACT/ACT ICMA", "none", "T2", adjusted=False)
        last = calendar.months_after(first, 60)
        paid = (loans.draw(first - timedelta(days=seed), 100_000),)
        loan = loans.loan(days=days, months=6, first=first, maturity=last, principal_from=last, draws=paid)
        for part in schedule.tranches(loan, places=schedule.FINE)[0].parts:
            period = part.period
            begin = calendar.months_after(period.due, -6)
            if period.start < begin:  # its parts have reference periods of their own
                continue
            told = count.yearFraction(*map(theirs, (period.start, period.end, begin, period.due)))
            assert float(period.fraction) == pytest.approx(told, rel=1e-14)


def test_every_day_count_is_looked_at() -> None:
    assert {*COUNTS, "ACT/ACT ICMA"} == {*DAY_COUNTS}
