"""P9: schedules of ten thousand loans over 90 periods, to the cent, beside QuantLib with a bond a loan.

Ours by the compiled loops, which are loaded before (the note says how long that took), and in arrays as where numba is
absent; in turn with QuantLib. Answers first: before rounding they agree to 1e-12 of the largest amount. Both get the
same days; QuantLib's bonds share one schedule and one day counter, and every amount is read out.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from importlib import import_module
from importlib.metadata import version
from statistics import median
from typing import Any

import numpy as np
import QuantLib as ql  # noqa: N813
from row import Row

from jointbuy.errors import Where
from jointbuy.fund import many, schedule
from jointbuy.fund.calendar import months_after
from jointbuy.lending import Days, Draw, Loan, Repayment

IDS = ("P9",)
LOANS, PERIODS, GRACE = 10_000, 90, 20
_RUNS, _TURNS, _SAMPLE, _CLOSE = 7, 3, 60, 1e-12
_LOOPS = "jointbuy.fund.loops"
_DRIFT = 1.04**PERIODS
"""Minor units."""
_KINDS: tuple[Repayment, ...] = ("bullet", "equal principal", "annuity")
START = date(2027, 3, 15)


def loan(amount: int, rate: int, kind: int) -> Loan:
    """One loan as a record: half a year a period, 30/360."""
    end = months_after(START, 6 * PERIODS)
    since = end if kind == many.BULLET else months_after(START, 6 * (GRACE + 1))
    return Loan(
        id="L", title="L", instrument=None, country=None, currency="EUR", signature=START, amount=amount,
        allocation=None, draws=(Draw(START, amount, False, amount, None, None, Where("L")),),
        first=months_after(START, 6), months=6, principal_from=since, maturity=end, repayment=_KINDS[kind], custom=(),
        rates=((date.min, Fraction(rate, many.SCALE)),), fees=(), days=Days("30/360", "none", "T2", adjusted=False),
        rounding="half even", clearing=None, uncleared=0, notes=(), where={},
    )  # fmt: skip


def theirs(amounts: np.ndarray, rates: np.ndarray, kinds: np.ndarray) -> list[Any]:
    """A bond for every loan, and its amounts read out: interest and principal, as they stand in its cash flows."""
    end = months_after(START, 6 * PERIODS)
    days = ql.Schedule(
        ql.Date(START.day, START.month, START.year), ql.Date(end.day, end.month, end.year), ql.Period(6, ql.Months),
        ql.NullCalendar(), ql.Unadjusted, ql.Unadjusted, ql.DateGeneration.Forward, False,
    )  # fmt: skip
    counter, left = ql.Thirty360(ql.Thirty360.BondBasis), PERIODS - GRACE
    found = []
    for amount, rate, kind in zip(amounts.tolist(), rates.tolist(), kinds.tolist(), strict=True):
        yearly = rate / many.SCALE
        if kind == many.BULLET:
            owed = [float(amount)] * PERIODS
        elif kind == many.EQUAL:
            owed = [float(amount)] * GRACE + [amount * (left - k) / left for k in range(left)]
        else:
            sunk = ql.sinkingNotionals(ql.Period(left * 6, ql.Months), ql.Semiannual, yearly, float(amount))
            owed = [float(amount)] * GRACE + list(sunk)[:left]
        bond = ql.AmortizingFixedRateBond(0, owed, days, [yearly], counter)
        found.append((bond, [flow.amount() for flow in bond.cashflows()]))
    return found


def interest(bond: Any) -> list[float]:
    """The amounts of interest among a bond's cash flows."""
    coupons = map(ql.as_coupon, bond.cashflows())
    return [coupon.amount() for coupon in coupons if coupon is not None]


def arrays(amounts: np.ndarray, rates: np.ndarray, kinds: np.ndarray) -> many.Batch:
    """The same as a batch."""
    waits = np.where(kinds == many.BULLET, PERIODS - 1, GRACE)
    ones = np.ones((1, 1), np.int64)
    return many.Batch(amounts, rates[None, :], ones, 2 * ones, np.full(LOANS, PERIODS), waits, kinds, "half even")


def rows() -> list[Row]:
    """P9."""
    dice = np.random.default_rng(9)
    amounts = dice.integers(10**7, 10**12, LOANS)
    rates = dice.integers(1, 800, LOANS) * (many.SCALE // 10_000)
    kinds = dice.integers(0, 3, LOANS)
    asked = arrays(amounts, rates, kinds)
    sys.modules.pop(_LOOPS, None)
    ours, peer = many.schedules(asked), theirs(amounts, rates, kinds)
    told = np.array([interest(bond) for bond, _ in peer]).T
    # Cents rounded away from level payments bear interest themselves: a unit a period at the most, grown at 8 %.
    assert (np.abs(told - ours.interest) <= _DRIFT).all(), "interest differs by more than rounding"
    for place in range(_SAMPLE):
        plain = schedule.tranches(loan(int(amounts[place]), int(rates[place]), int(kinds[place])), schedule.FINE)[0]
        exact = np.array([float(part.interest) for part in plain.parts])
        assert np.abs(exact - told[:, place]).max() <= _CLOSE * amounts[place], "they differ before rounding"
        cents = schedule.tranches(loan(int(amounts[place]), int(rates[place]), int(kinds[place])))[0]
        assert [int(part.interest) for part in cents.parts] == ours.interest[:, place].tolist()
    assert (ours.principal.sum(axis=0) == amounts).all()
    assert not ours.closing[-1].any()
    del peer, told
    without = [_timed(lambda: many.schedules(asked)) for _ in range(_RUNS)]
    loading = _timed(lambda: import_module(_LOOPS)) + _timed(lambda: many.schedules(asked))
    same = many.schedules(asked)
    assert all((getattr(same, name) == getattr(ours, name)).all() for name in ("interest", "principal", "closing"))
    mine, other = [], []
    for _ in range(_TURNS):
        other.append(_timed(lambda: theirs(amounts, rates, kinds)))
        mine += [_timed(lambda: many.schedules(asked)) for _ in range(_RUNS)]
    fast, slow = median(mine), median(other)
    return [
        Row(
            id="P9", workload="loan schedules to the cent", size=f"{LOANS:,} loans x {PERIODS} periods",
            ours_s=round(fast, 4), peer="QuantLib", peer_version=version("QuantLib"), peer_s=round(slow, 3),
            ratio=round(slow / fast, 1), goal=">= 200x", met=slow >= 200 * fast,
            note=f"CPU; bullets, equal principal and annuities, a third each; equal to 1e-12 before rounding; "
            f"loading the loops {loading:.1f} s once, not counted; in arrays, without numba, {median(without):.4f} s; "
            f"load {os.getloadavg()[0]:.1f}",
        )
    ]  # fmt: skip


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    for each in rows():
        print(each)
