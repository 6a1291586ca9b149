"""Many loans at once, to the cent: one column a tranche, one row a period, equal to `schedule` on every cell.

Amounts are whole minor units in float64, exact below 2**53; a product is rounded by a float filter, and where it lies
within the error bound of a half, in exact numbers. 10**12 cents times a rate in parts of 10**9 leave int64: nothing is
multiplied there. A balance beyond 2**53 is refused, never wrapped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
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
_BLOCK = 32_768
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
    """The tranches of loans, in their order. Raises ValueError for custom repayment and rates finer than `SCALE`."""
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
    """One pass over the periods of tranches of one kind; `owed` is what is owed on each."""

    def __init__(self, asked: Batch, rows: int) -> None:
        self.asked, self.keep, self.rows = asked, rounder(asked.rounding), rows
        shape = rows, len(asked.amount)
        self.rate, self.years, self.over = (
            np.broadcast_to(each, shape) for each in (asked.rate, asked.years, asked.over)
        )
        # Three roundings: rate, length, their product; the balance brings the fourth.
        factors = asked.rate / SCALE * (asked.years / asked.over)
        self.factors, self.largest = np.broadcast_to(factors, shape), float(np.abs(factors).max()) * (1 + _ULPS)
        self.amount = self.owed = asked.amount.astype(np.float64)
        self.paying = np.zeros(shape[1])
        self.first_last, self.last_grace = int(asked.periods.min()) - 1, int(asked.grace.max())
        self.parts = (asked.periods - asked.grace).astype(np.float64)
        self.whole, self.rest = np.divmod(self.owed, self.parts)
        self.fixed = len(asked.rate) == 1

    def interest(self, first: int, owed: Real) -> Real:
        """Interest of the periods from `first` on, on what is owed in each: (rows, N)."""
        count, wide = owed.shape

        def settle(place: int) -> int:
            row, column = first + place // wide, place % wide
            bears = int(owed.flat[place]) * int(self.rate[row, column]) * int(self.years[row, column])
            return nearest(bears, SCALE * int(self.over[row, column]), self.asked.rounding)

        size = float(owed.max()) * self.largest  # what is owed is never below zero
        return _rounded(owed * self.factors[first : first + count], size, _ULPS, settle)

    def unforced(self, first: int, count: int) -> Real:
        """What is owed after each of `count` periods where interest has no say in it: bullets, equal principal."""
        rows = np.arange(first + 1, first + count + 1)[:, None]
        if int(self.asked.kind[0]) == BULLET:
            found: Real = np.broadcast_to(self.amount, (count, len(self.owed)))
        else:
            found = self.amount - self._repaid(rows)
        return np.where(self.asked.periods <= rows, 0.0, found) if first + count > self.first_last else found

    def annuity(self, row: int, interest: Real) -> Real:
        """What is owed after a period of level payments."""
        self._set_anew(row)
        found = self.owed + interest - self.paying
        if row < self.last_grace:
            found = np.where(self.asked.grace > row, self.owed, found)
        return np.where(self.asked.periods <= row + 1, 0.0, found) if row >= self.first_last else found

    def _repaid(self, rows: Whole) -> Real:
        """Equal principal repaid by the end of periods: exact, since what is divided there is small.

        amount · done / n = whole · done + rest · done / n with rest and done below n, so that a quotient that is no
        half is further from one than its rounding error.
        """
        done = np.clip(rows - self.asked.grace, 0, self.parts)
        quotient = self.rest * done / self.parts
        closest = np.rint(quotient)
        found: Real = self.whole * done + closest
        ties = np.nonzero(np.abs(quotient - closest) == 0.5)
        below = (self.whole * done)[ties] + np.floor(quotient[ties])
        found[ties] = below + (1 if self.asked.rounding == "half up" else below % 2)
        return found

    def _set_anew(self, row: int) -> None:
        """Level payments that begin with this period, or whose rate is another than before."""
        begins = self.asked.grace == row if row <= self.last_grace else np.zeros(len(self.owed), bool)
        if row and not self.fixed:
            begins = begins | ((self.asked.grace < row) & (self.rate[row] != self.rate[row - 1]))
        which = np.flatnonzero(begins & (row < self.asked.periods))
        if which.size:
            self._set(row, which)

    def _set(self, row: int, which: npt.NDArray[np.intp]) -> None:
        """The level payment of some tranches from a period on, at the rate that stands then."""
        rate, last = self.rate[row, which] / SCALE, self.asked.periods[which]
        everywhere = int(last.min())
        worth = np.zeros(len(which))
        for later in range(int(last.max()) - 1, row - 1, -1):
            step = (worth + 1.0) / (1.0 + rate * (self.years[later, which] / self.over[later, which]))
            worth = step if later < everywhere else np.where(later < last, step, worth)

        def settle(place: int) -> int:
            column = int(which[place])
            now = Fraction(int(self.rate[row, column]), SCALE)
            factors = [
                now * Fraction(int(self.years[later, column]), int(self.over[later, column]))
                for later in range(row, int(last[place]))
            ]
            return int(self.keep(level(Fraction(int(self.owed[column])), factors)))

        # A step back rounds at most five times, two of them on a rate that is small beside one: 2**-51 bounds it.
        relative = _ULPS / 2 * (int(last.max()) - row + 4)
        paying = self.owed[which] / worth
        self.paying[which] = _rounded(paying, float(paying.max()), relative, settle)


def nearest(numerator: int, denominator: int, rounding: Rounding) -> int:
    """A quotient rounded exactly, its denominator above zero; half up is away from zero."""
    whole, rest = divmod(abs(numerator), denominator)
    if 2 * rest > denominator or (2 * rest == denominator and (rounding == "half up" or whole % 2)):
        whole += 1
    return whole if numerator >= 0 else -whole


def _rounded(exact: Real, size: float, relative: float, settle: Callable[[int], int]) -> Real:
    """Every product rounded to the nearest; those within the bound of a half are settled in exact numbers.

    No product is beyond `size` in either direction; `exact` is used up.
    """
    if size >= _LARGEST / 4:
        raise OverflowError("an amount is beyond what is computed in arrays: 2**51 minor units")
    found = np.rint(exact)
    np.subtract(exact, found, out=exact)
    far = np.abs(exact, out=exact)
    bound = 0.5 - size * relative
    if float(far.max()) >= bound:
        for place in np.flatnonzero(far >= bound).tolist():
            # What is within the common bound may still be clear by its own.
            if far.flat[place] >= 0.5 - (abs(found.flat[place]) + 1) * relative:
                found.flat[place] = settle(place)
    return found


def schedules(asked: Batch) -> Columns:
    """Every schedule of a batch. Raises ValueError for what cannot be, OverflowError for amounts from 2**51 on."""
    if (asked.amount < 0).any() or (asked.periods < 1).any() or (asked.grace >= asked.periods).any():
        raise ValueError("amounts are not below zero, and principal begins before a tranche ends")
    if (asked.amount >= _LARGEST / 4).any():
        raise OverflowError("an amount is beyond what is computed in arrays: 2**51 minor units")
    shape = int(asked.periods.max()), len(asked.amount)
    interest, closing = np.empty(shape, np.int64), np.empty(shape, np.int64)
    order = np.argsort(asked.kind, kind="stable")  # tranches of one kind side by side: rows are written in one piece
    start = 0
    for kind in KINDS.values():
        which = order[start : start + int((asked.kind == kind).sum())]
        if which.size:
            columns = slice(start, start + which.size)
            _fill(interest[:, columns], closing[:, columns], _Run(_part(asked, which), shape[0]))
        start += which.size
    if (order[1:] < order[:-1]).any():
        back = np.argsort(order)
        interest, closing = np.take(interest, back, axis=1), np.take(closing, back, axis=1)
    principal = np.empty_like(closing)
    np.subtract(asked.amount, closing[0], out=principal[0])
    np.subtract(closing[:-1], closing[1:], out=principal[1:])
    return Columns(interest, principal, closing)


def _fill(interest: Whole, closing: Whole, run: _Run) -> None:
    """Annuities period by period, the others in blocks of periods that stay near the processor."""
    if int(run.asked.kind[0]) == ANNUITY:
        for row in range(run.rows):
            interest[row] = bears = run.interest(row, run.owed[None, :])[0]
            closing[row] = run.owed = run.annuity(row, bears)
        return
    step = max(1, _BLOCK // len(run.owed))
    for first in range(0, run.rows, step):
        count = min(step, run.rows - first)
        after = run.unforced(first, count)
        before = np.concatenate([run.owed[None, :], after[:-1]])
        interest[first : first + count] = run.interest(first, before)
        closing[first : first + count], run.owed = after, after[-1]


def _part(asked: Batch, which: npt.NDArray[np.intp]) -> Batch:
    """Some columns of a batch."""

    def wide(each: Whole) -> Whole:
        return each[:, which] if each.shape[1] > 1 else each

    return Batch(
        asked.amount[which],
        wide(asked.rate),
        wide(asked.years),
        wide(asked.over),
        asked.periods[which],
        asked.grace[which],
        asked.kind[which],
        asked.rounding,
    )


def scenarios(asked: Batch, shifts: Sequence[int]) -> Whole:
    """Interest of every tranche (N) under each shift of all rates, in parts of `SCALE`: (len(shifts), N)."""
    found = [schedules(replace(asked, rate=asked.rate + shift)).interest.sum(axis=0) for shift in shifts]
    return np.array(found)
