"""Many loans at once, to the cent: one column a tranche, one row a period, equal to `schedule` on every cell.

Amounts are whole minor units in float64, exact below 2**53; a product is rounded by a float filter, and where it lies
within the error bound of a half, in exact numbers. 10**12 cents times a rate in parts of 10**9 leave int64: nothing is
multiplied there. A balance beyond 2**53 is refused, never wrapped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from jointbuy.fund.schedule import level, periods, rounder
from jointbuy.lending import Loan, Rounding

Whole: TypeAlias = npt.NDArray[np.int64]
Real: TypeAlias = npt.NDArray[np.float64]
BULLET, EQUAL, ANNUITY = 0, 1, 2
KINDS = {"bullet": BULLET, "equal principal": EQUAL, "annuity": ANNUITY}
SCALE = 10**9
"""Rates are whole parts of this."""
_LARGEST = 2.0**53
_ULPS = 2.0**-50
"""Bound of the relative error of a product of a balance, a rate and a length: four roundings of 2**-53, doubled."""


@dataclass(frozen=True, slots=True)
class Batch:
    """So many tranches (N) over so many periods at the most (K).

    Attributes:
        amount: (N,) minor units drawn.
        rate: (K, N), (K, 1) or (1, N), a year in parts of `SCALE`.
        years, over: the same shapes, numerator and denominator of the length of a period in years.
        periods: (N,) how many periods a tranche has, 1 to K.
        grace: (N,) the first period of principal, from 0; for BULLET the last.
        kind: (N,) BULLET, EQUAL or ANNUITY.
    """

    amount: Whole
    rate: Whole
    years: Whole
    over: Whole
    periods: Whole
    grace: Whole
    kind: Whole
    rounding: Rounding


@dataclass(frozen=True, slots=True)
class Columns:
    """Interest, principal and what is owed after each period, (K, N) whole minor units; 0 after a tranche's last."""

    interest: Whole
    principal: Whole
    closing: Whole


def batch(loans: Iterable[Loan]) -> Batch:
    """The tranches of loans, in their order. Raises ValueError for custom repayment, and for rates finer than `SCALE`."""
    found = [(loan, draw.amount, periods(loan, draw)) for loan in loans for draw in loan.draws]
    if not found or len({loan.rounding for loan, _, _ in found}) != 1:
        raise ValueError("a batch has loans of one way of rounding")
    shape = max(len(run) for _, _, run in found), len(found)
    rate, years, over = (np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.ones(shape, np.int64))
    for column, (loan, _, run) in enumerate(found):
        if loan.repayment not in KINDS:
            raise ValueError(f"{loan.id} is repaid as its own table says, which is not computed in arrays")
        for row, period in enumerate(run):
            scaled = period.rate * SCALE
            if scaled.denominator != 1:
                raise ValueError(f"{loan.id} has a rate finer than a part of {SCALE}")
            rate[row, column], years[row, column] = int(scaled), period.fraction.numerator
            over[row, column] = period.fraction.denominator
    waits = [sum(period.due < loan.principal_from for period in run) for loan, _, run in found]
    return Batch(
        amount=np.array([amount for _, amount, _ in found], np.int64),
        rate=rate,
        years=years,
        over=over,
        periods=np.array([len(run) for _, _, run in found], np.int64),
        grace=np.array(waits, np.int64),
        kind=np.array([KINDS[loan.repayment] for loan, _, _ in found], np.int64),
        rounding=found[0][0].rounding,
    )


class _Run:
    """One pass over the periods; `owed` is the balance of every tranche."""

    def __init__(self, asked: Batch) -> None:
        self.asked, self.keep = asked, rounder(asked.rounding)
        rows = max(len(asked.rate), len(asked.years), int(asked.periods.max()))
        shape = rows, len(asked.amount)
        self.rate, self.years, self.over = (
            np.broadcast_to(each, shape) for each in (asked.rate, asked.years, asked.over)
        )
        # Three roundings: rate, length, their product; the balance brings the fourth.
        scaled = asked.rate.astype(np.float64) / SCALE
        self.factors = np.broadcast_to(scaled * (asked.years / asked.over), shape)
        self.amount = asked.amount.astype(np.float64)
        self.owed = self.amount.copy()
        self.paying = np.zeros(shape[1])
        self.equal, self.annuity = asked.kind == EQUAL, asked.kind == ANNUITY
        self.left = asked.periods - asked.grace
        self.all_last = bool((asked.periods == rows).all())
        self.rows = rows

    def rounded(self, exact: Real, relative: float, settle: Callable[[int], Fraction]) -> Real:
        """Every product rounded; those within the bound of a half are settled in exact numbers."""
        found = np.rint(exact)
        most = max(float(exact.max()), -float(exact.min()))
        if most >= _LARGEST / 4:
            raise OverflowError("an amount is beyond what is computed in arrays: 2**51 minor units")
        bound = 0.5 - most * relative
        far = exact - found
        np.abs(far, out=far)
        if far.max() >= bound:
            for place in np.flatnonzero(far >= bound).tolist():
                found[place] = int(settle(place))
        return found

    def interest(self, row: int) -> Real:
        """Interest of a period on what is owed."""

        def settle(place: int) -> Fraction:
            rate, years = int(self.rate[row, place]), int(self.years[row, place])
            return self.keep(Fraction(int(self.owed[place]) * rate * years, SCALE * int(self.over[row, place])))

        return self.rounded(self.owed * self.factors[row], _ULPS, settle)

    def principal(self, row: int, interest: Real) -> Real:
        """What is repaid in a period."""
        found = np.zeros(len(self.owed))
        done = row + 1 - self.asked.grace
        if self.equal.any():
            bears = self.equal & (done > 0)
            if bears.any():
                found = np.where(bears, self.owed - (self.amount - self._repaid(done)), found)
        if self.annuity.any():
            bears = self.annuity & (done > 0)
            begins = self.annuity & (done == 1)
            if row:
                begins |= bears & (self.rate[row] != self.rate[row - 1])
            if (begins & (row < self.asked.periods)).any():
                self._set(row, np.flatnonzero(begins & (row < self.asked.periods)))
            found = np.where(bears, self.paying - interest, found)
        return np.where(self.asked.periods - 1 <= row, self.owed, found)

    def _repaid(self, done: Whole) -> Real:
        """Equal principal repaid after so many of its periods."""
        steps = np.clip(done, 0, self.left)

        def settle(place: int) -> Fraction:
            return self.keep(Fraction(int(self.amount[place]) * int(steps[place]), int(self.left[place])))

        return self.rounded(self.amount * steps / self.left, _ULPS, settle)

    def _set(self, row: int, which: npt.NDArray[np.intp]) -> None:
        """The level payment of some tranches from a period on, at the rate that stands then."""
        rate, last = self.rate[row, which].astype(np.float64) / SCALE, self.asked.periods[which]
        worth = np.zeros(len(which))
        for later in range(int(last.max()) - 1, row - 1, -1):
            lengths = self.years[later, which] / self.over[later, which]
            worth = np.where(later < last, (worth + 1.0) / (1.0 + rate * lengths), worth)

        def settle(place: int) -> Fraction:
            column = int(which[place])
            now = Fraction(int(self.rate[row, column]), SCALE)
            factors = [
                now * Fraction(int(self.years[later, column]), int(self.over[later, column]))
                for later in range(row, int(last[place]))
            ]
            return self.keep(level(Fraction(int(self.owed[column])), factors))

        # Each step back rounds four times; 2**-50 a step bounds them twice over.
        relative = _ULPS * (int(last.max()) - row + 2)
        self.paying[which] = self.rounded(self.owed[which] / worth, relative, settle)


def schedules(asked: Batch) -> Columns:
    """Every schedule of a batch. Raises ValueError for amounts or periods that cannot be, OverflowError beyond 2**51."""
    if (asked.amount < 0).any() or (asked.periods < 1).any() or (asked.grace >= asked.periods).any():
        raise ValueError("amounts are not below zero, and principal begins before a tranche ends")
    if (asked.amount >= _LARGEST / 4).any():
        raise OverflowError("an amount is beyond what is computed in arrays: 2**51 minor units")
    run = _Run(asked)
    shape = run.rows, len(asked.amount)
    made = Columns(np.empty(shape, np.int64), np.empty(shape, np.int64), np.empty(shape, np.int64))
    for row in range(run.rows):
        interest = run.interest(row)
        principal = run.principal(row, interest)
        run.owed = run.owed - principal
        made.interest[row], made.principal[row], made.closing[row] = interest, principal, run.owed
    return made


def scenarios(asked: Batch, shifts: Sequence[int]) -> Whole:
    """Interest of every tranche (N) under each shift of all rates, in parts of `SCALE`: (len(shifts), N)."""
    from dataclasses import replace

    found = [schedules(replace(asked, rate=asked.rate + shift)).interest.sum(axis=0) for shift in shifts]
    return np.array(found)
