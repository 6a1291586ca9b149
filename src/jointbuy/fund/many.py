"""Many loans at once, to the cent: one column a tranche, one row a period, equal to `schedule` on every cell.

Amounts are whole minor units in float64, exact below 2**53; a product is rounded by a float filter, and where it lies
within the error bound of a half, in exact numbers. 10**12 cents times a rate in parts of 10**9 leave int64: nothing is
multiplied there. Amounts from 2**51 on are refused, never wrapped. Very many are left to the compiled `loops`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib.util import find_spec
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
_LARGEST = 2.0**51
_BEYOND = "an amount is beyond what is computed in arrays: 2**51 minor units"
_LENGTHS = 2**31
"""Denominators of lengths from which on a remainder in `loops` no longer fits."""
_MANY = 2**25
"""Instalments from which on compiled loops save more time than it takes to load them."""
_BLOCK = 16_384
"""Tranches that are worked out together, so that they stay near the processor."""
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


def unfit(loan: Loan) -> str | None:
    """Why a loan is not computed in arrays: custom repayment, or a rate finer than `SCALE`; None where it is."""
    if loan.repayment not in KINDS:
        return f"{loan.id} is repaid as its own table says, which is not computed in arrays"
    stated = [*(value for _, value in loan.rates), *(draw.rate for draw in loan.draws if draw.rate is not None)]
    if any((value * SCALE).denominator != 1 for value in stated):
        return f"{loan.id} has a rate finer than a part of {SCALE}"
    return None


def batch(loans: Iterable[Loan]) -> Batch:
    """The tranches of loans, in their order. Raises ValueError for loans that are `unfit`."""
    found = [(loan, draw.amount, periods(loan, draw)) for loan in loans for draw in loan.draws]
    if not found or len({loan.rounding for loan, _, _ in found}) != 1:
        raise ValueError("a batch has loans of one way of rounding")
    shape = max(len(run) for _, _, run in found), len(found)
    rate, years, over = (np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.ones(shape, np.int64))
    for column, (loan, _, run) in enumerate(found):
        if why := unfit(loan):
            raise ValueError(why)
        for row, period in enumerate(run):
            rate[row, column], years[row, column] = int(period.rate * SCALE), period.fraction.numerator
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
    """One pass over the periods of tranches of all kinds; `owed` is what is owed on each.

    Principal is `paying` less interest where a payment is level, and `each` and what `carried` makes up in equal parts;
    both are nothing for what repays nothing yet.
    """

    def __init__(self, asked: Batch, rows: int) -> None:
        self.asked = asked
        count = len(asked.amount)
        self.rate, self.years, self.over = (
            np.broadcast_to(each, (rows, count)) for each in (asked.rate, asked.years, asked.over)
        )
        # Three roundings: rate, length, their product; the balance brings the fourth.
        factors = asked.rate / SCALE * (asked.years / asked.over)
        self.factors, self.largest = np.broadcast_to(factors, (rows, count)), float(np.abs(factors).max()) * (1 + _ULPS)
        self.owed = asked.amount.astype(np.float64)
        self.begins, self.ends = set(asked.grace.tolist()), set((asked.periods - 1).tolist())
        self.first, self.fixed, self.even = min(self.begins), len(asked.rate) == 1, asked.rounding == "half even"
        self.paying, self.level, self.each, self.more, self.spare, self.far = np.zeros((6, count))
        # Halves of a minor unit's parts: what is carried begins with one half, so that a whole one is rounded to.
        self.carried = (asked.periods - asked.grace).astype(np.float64)
        self.unit = 2 * self.carried
        self.alike = len(asked.years) == len(asked.over) == 1
        self.equal = bool((asked.kind == EQUAL).any())

    def period(self, row: int, interest: Whole, closing: Whole) -> None:
        """One period of all, written to rows of the answer."""
        bears = self._interest(row)
        interest[:] = bears
        if row >= self.first:
            if row in self.begins or not self.fixed:
                self._begin(row)
            repaid = np.multiply(bears, self.level, out=bears)
            np.subtract(self.paying, repaid, out=repaid)
            if self.equal:
                self._equal(repaid)
            if row in self.ends:
                self._end(row, repaid)
            self.owed -= repaid
        closing[:] = self.owed

    def _interest(self, row: int) -> Real:
        def settle(column: int) -> int:
            bears = int(self.owed[column]) * int(self.rate[row, column]) * int(self.years[row, column])
            return nearest(bears, SCALE * int(self.over[row, column]), self.asked.rounding)

        # Small level payments, rounded up, may repay more than is owed.
        size = max(float(self.owed.max()), -float(self.owed.min())) * self.largest
        return _rounded(np.multiply(self.owed, self.factors[row], out=self.far), size, _ULPS, settle, self.spare)

    def _begin(self, row: int) -> None:
        """Principal that begins with this period, and level payments whose rate is another than before."""
        anew = np.zeros(len(self.owed), bool)
        if row in self.begins:
            anew = self.asked.grace == row
            equal = np.flatnonzero(anew & (self.asked.kind == EQUAL))
            self.each[equal], rest = np.divmod(self.owed[equal], self.unit[equal] / 2)
            self.more[equal] = 2 * rest
            anew &= self.asked.kind == ANNUITY
        if row and not self.fixed:
            anew |= (self.level > 0) & (self.rate[row] != self.rate[row - 1])
        which = np.flatnonzero(anew)
        if which.size:
            self.level[which] = 1
            self._set(row, which)

    def _equal(self, repaid: Real) -> None:
        """Adds equal parts: `each`, and a unit whenever what is carried, all in whole numbers, comes to one."""
        self.carried += self.more
        whole = np.divide(self.carried, self.unit, out=self.far)
        np.floor(whole, out=whole)
        if self.even:
            ties = self.carried == self.unit
            if ties.any():  # halfway: a unit now where that makes what is repaid even, else with the next period
                whole[ties] = (self.asked.amount[ties] - self.owed[ties] + self.each[ties]) % 2
        repaid += self.each
        repaid += whole
        np.multiply(whole, self.unit, out=whole)
        self.carried -= whole

    def _end(self, row: int, repaid: Real) -> None:
        """Last periods repay what is left, and nothing comes after them."""
        ended = np.flatnonzero(self.asked.periods == row + 1)
        repaid[ended] = self.owed[ended]
        for each in (self.paying, self.level, self.each, self.more):
            each[ended] = 0

    def _set(self, row: int, which: npt.NDArray[np.intp]) -> None:
        """The level payment of some tranches from a period on, at the rate that stands then."""
        rate, last = self.rate[row, which] / SCALE, self.asked.periods[which]
        everywhere, growth, worth = int(last.min()), np.empty(0), np.zeros(len(which))
        for later in range(int(last.max()) - 1, row - 1, -1):
            if not growth.size or not self.alike:
                growth = 1.0 + rate * (self.years[later, which] / self.over[later, which])
            worth += 1.0
            worth /= growth
            if later >= everywhere:
                worth[last <= later] = 0

        def settle(place: int) -> int:
            column = int(which[place])
            return _level(self.asked, row, column, int(self.owed[column]))

        # A step back rounds at most five times, two of them on a rate that is small beside one: 2**-51 bounds it.
        relative = _ULPS / 2 * (int(last.max()) - row + 4)
        paying = self.owed[which] / worth
        self.paying[which] = _rounded(paying, float(np.abs(paying).max()), relative, settle, np.empty_like(paying))


def _level(asked: Batch, row: int, column: int, owed: int) -> int:
    """The level payment of a tranche from a period on, in exact numbers."""
    terms, left = (asked.rate, asked.years, asked.over), slice(row, int(asked.periods[column]))
    rows = max(left.stop, *map(len, terms))  # terms may have more than these tranches need
    wide = (np.broadcast_to(each, (rows, len(asked.amount))) for each in terms)
    rates, *lengths = (each[left, column].tolist() for each in wide)
    now, run = Fraction(rates[0], SCALE), list(zip(*lengths, strict=True))
    factor = {each: now * Fraction(*each) for each in set(run)}  # few lengths occur
    return int(rounder(asked.rounding)(level(Fraction(owed), [factor[each] for each in run])))


def nearest(numerator: int, denominator: int, rounding: Rounding) -> int:
    """A quotient rounded exactly, its denominator above zero; half up is away from zero."""
    whole, rest = divmod(abs(numerator), denominator)
    if 2 * rest > denominator or (2 * rest == denominator and (rounding == "half up" or whole % 2)):
        whole += 1
    return whole if numerator >= 0 else -whole


def _rounded(exact: Real, size: float, relative: float, settle: Callable[[int], int], found: Real) -> Real:
    """Every product rounded to the nearest; those within the bound of a half are settled in exact numbers.

    No product is beyond `size` in either direction; `exact` is used up, `found` is filled.
    """
    if size >= _LARGEST:
        raise OverflowError(_BEYOND)
    np.rint(exact, out=found)
    np.subtract(exact, found, out=exact)
    far = np.abs(exact, out=exact)
    bound = 0.5 - size * relative
    if float(far.max()) >= bound:
        for place in np.flatnonzero(far >= bound).tolist():
            # What is within the common bound may still be clear by its own.
            if far[place] >= 0.5 - (abs(found[place]) + 1) * relative:
                found[place] = settle(place)
    return found


def schedules(asked: Batch) -> Columns:
    """Every schedule of a batch. Raises ValueError for what cannot be, OverflowError for amounts from 2**51 on."""
    return _schedules(asked, 1)


def _schedules(asked: Batch, times: int) -> Columns:
    """As `schedules`, of which so many are to come."""
    if (asked.amount < 0).any() or (asked.periods < 1).any() or (asked.grace >= asked.periods).any():
        raise ValueError("amounts are not below zero, and principal begins before a tranche ends")
    if (asked.amount >= _LARGEST).any():
        raise OverflowError(_BEYOND)
    rows, count = int(asked.periods.max()), len(asked.amount)
    loaded = "jointbuy.fund.loops" in sys.modules
    if (loaded or (rows * count * times >= _MANY and find_spec("numba"))) and asked.over.max() < _LENGTHS:
        return _looped(asked, rows, count)
    found = np.empty((3, rows, count), np.int64)  # in one piece, which is had sooner than three
    for first in range(0, count, _BLOCK):
        some = slice(first, first + _BLOCK)
        run = _Run(_part(asked, some), rows)
        before = asked.amount[some]
        for row, (interest, principal, closing) in enumerate(found[:, :, some].swapaxes(0, 1)):
            run.period(row, interest, closing)
            np.subtract(before, closing, out=principal)
            before = closing
    return Columns(*found)


def _looped(asked: Batch, rows: int, count: int) -> Columns:
    """Every schedule by compiled loops, which hand back the level payments that a float leaves open."""
    from jointbuy.fund import loops

    into = np.empty((3, count, rows), np.int64)  # tranche by tranche, as they are worked out
    found, half_up = Columns(*into.swapaxes(1, 2)), asked.rounding == "half up"
    terms = asked.amount, asked.rate, asked.years, asked.over, asked.rate / SCALE, asked.years / asked.over
    column, row, paying = 0, 0, loops.OPEN
    while True:
        column, row = loops.fill(*terms, asked.periods, asked.grace, asked.kind, half_up, column, row, paying, into)
        if column == count:
            return found
        if column >= 0:
            paying = _level(asked, row, column, int(found.closing[row - 1, column] if row else asked.amount[column]))
        if column < 0 or abs(paying) >= _LARGEST:
            raise OverflowError(_BEYOND)


def _part(asked: Batch, some: slice) -> Batch:
    """Some columns of a batch."""

    def wide(each: Whole) -> Whole:
        return each[:, some] if each.shape[1] > 1 else each

    return Batch(
        asked.amount[some],
        wide(asked.rate),
        wide(asked.years),
        wide(asked.over),
        asked.periods[some],
        asked.grace[some],
        asked.kind[some],
        asked.rounding,
    )


def scenarios(asked: Batch, shifts: Sequence[int]) -> Whole:
    """Interest of every tranche (N) under each shift of all rates, in parts of `SCALE`: (len(shifts), N)."""
    runs = (_schedules(replace(asked, rate=asked.rate + shift), len(shifts)) for shift in shifts)
    return np.array([run.interest.sum(axis=0) for run in runs])
