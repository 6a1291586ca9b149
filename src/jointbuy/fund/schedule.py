"""The schedule of a loan: every tranche by itself, each amount rounded once, the last balance exactly zero.

Two recursions, told apart by `places`: with None every instalment is rounded to the minor unit in the loan's way, as
it is paid; with a number amounts are kept to so many decimals of a minor unit, which peers that round nothing are
compared with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction

from jointbuy.fund.calendar import adjusted, months_after
from jointbuy.fund.daycount import fraction
from jointbuy.lending import (
    Draw,
    Instalment,
    Limits,
    Loan,
    Part,
    Path,
    Period,
    Rounding,
    Schedule,
    Totals,
    Tranche,
)

Keep = Callable[[Fraction], Fraction]
FINE = 30
"""Decimals of a minor unit that are kept where nothing is rounded."""
_HALF = Fraction(1, 2)


def rounder(rounding: Rounding, places: int | None = None) -> Keep:
    """Rounds to whole minor units, or to so many decimals of one; half up is away from zero, as invoices do."""
    scale = 10 ** (places or 0)

    def keep(amount: Fraction) -> Fraction:
        scaled = amount * scale
        if rounding == "half even":
            return Fraction(round(scaled), scale)
        whole = int(abs(scaled) + _HALF)
        return Fraction(whole if scaled >= 0 else -whole, scale)

    return keep


def standing(path: Path, day: date) -> Fraction:
    """The value of a path that stands on a day; before its first day, the first."""
    return next((value for since, value in reversed(path) if since <= day), path[0][1])


def days_of_payment(loan: Loan) -> tuple[date, ...]:
    """Days of interest before they are moved: from `first` in steps of `months` to the maturity, which is the last."""
    found = [loan.first]
    while found[-1] < loan.maturity:
        found.append(months_after(loan.first, loan.months * len(found)))
    return tuple(found)


def periods(loan: Loan, draw: Draw) -> tuple[Period, ...]:
    """The periods of one tranche: from its draw, then from one day of payment to the next."""
    days, dues = loan.days, days_of_payment(loan)
    moved = {due: adjusted(due, days.convention, days.calendar) for due in dues}
    ends = {due: moved[due] if days.adjusted else due for due in dues}
    grid = _grid(loan, draw, [ends[due] for due in dues])
    found: list[Period] = []
    start = draw.on
    for due in dues:
        if min(due, moved[due]) <= draw.on:
            continue
        length = fraction(days.count, start, ends[due], grid, loan.months)
        rate = standing(loan.rates, start) if draw.rate is None else draw.rate
        found.append(Period(start, ends[due], due, moved[due], length, rate))
        start = ends[due]
    return tuple(found)


def _grid(loan: Loan, draw: Draw, ends: Sequence[date]) -> tuple[date, ...]:
    """Ends of regular periods, back to before the draw."""
    before: list[date] = []
    while (before or ends)[0] > draw.on:
        day = months_after(loan.first, -loan.months * (len(before) + 1))
        moved = adjusted(day, loan.days.convention, loan.days.calendar) if loan.days.adjusted else day
        before.insert(0, moved)
    return (*before, *ends)


def level(balance: Fraction, factors: Sequence[Fraction]) -> Fraction:
    """The payment that, made once a period, ends a balance after interest of `factors` (rate times years) in each.

    balance / Σ_k Π_{j≤k} 1 / (1 + factor_j), by Horner in whole numbers: nothing is rounded, and rates may be zero or
    below. Raises ZeroDivisionError where interest eats the whole balance (a factor of -1).
    """
    numerator, product = 0, 1
    for factor in reversed(factors):
        numerator = factor.denominator * (product + numerator)
        product *= factor.denominator + factor.numerator
    return balance * product / numerator


def tranche(loan: Loan, draw: Draw, keep: Keep, repaid: Sequence[Fraction] = ()) -> Tranche:
    """One tranche; `repaid` is its principal by period, where the loan states it ("custom")."""
    parts: list[Part] = []
    owed, run = Fraction(draw.amount), periods(loan, draw)
    running = sum((fee.rate for fee in loan.fees), Fraction(0))
    bears = [period.due >= loan.principal_from for period in run]
    count, done, paying = sum(bears), 0, Fraction(0)
    for place, period in enumerate(run):
        interest = keep(owed * period.rate * period.fraction)
        last = place == len(run) - 1
        principal = Fraction(0)
        if last:
            principal = owed
        elif loan.repayment == "custom":
            principal = repaid[place]
        elif bears[place] and loan.repayment == "equal principal":
            done += 1
            principal = owed - (draw.amount - keep(Fraction(draw.amount * done, count)))
        elif bears[place] and loan.repayment == "annuity":
            if not done or period.rate != run[place - 1].rate:
                paying = keep(level(owed, [each.rate * each.fraction for each in _from(run, place)]))
            done += 1
            principal = paying - interest
        closing = owed - principal
        parts.append(Part(period, owed, interest, principal, keep(owed * running * period.fraction), closing))
        owed = closing
    return Tranche(draw, tuple(parts))


def _from(run: Sequence[Period], place: int) -> list[Period]:
    """What is left of the periods, each at the rate that stands now: what comes is not known when a payment is set."""
    now = run[place].rate
    return [Period(each.start, each.end, each.due, each.paid, each.fraction, now) for each in run[place:]]


def tranches(loan: Loan, places: int | None = None) -> tuple[Tranche, ...]:
    """Every tranche, rounded as paid, or with `places` to so many decimals of a minor unit."""
    keep = rounder(loan.rounding, places)
    stated = _oldest_first(loan) if loan.repayment == "custom" else {}
    return tuple(tranche(loan, draw, keep, stated.get(place, ())) for place, draw in enumerate(loan.draws))


def _oldest_first(loan: Loan) -> dict[int, list[Fraction]]:
    """Principal of each tranche by its periods: what a day repays goes to the oldest tranche that still owes."""
    left = [draw.amount for draw in loan.draws]
    runs = [periods(loan, draw) for draw in loan.draws]
    found = {place: [Fraction(0)] * len(run) for place, run in enumerate(runs)}
    for day, amount in loan.custom:
        rest = amount
        for place, run in enumerate(runs):
            index = next((index for index, period in enumerate(run) if period.due == day), None)
            if index is not None:
                part = min(rest, left[place])
                found[place][index] += part
                left[place], rest = left[place] - part, rest - part
    return found


def schedule(loan: Loan, limits: Limits | None = None) -> Schedule:
    """The loan's schedule to the cent; `limits` are those of the law it was held against.

    The loan is taken as it is: formats and flow have refused what cannot be.
    """
    made = tranches(loan)
    days = [adjusted(due, loan.days.convention, loan.days.calendar) for due in days_of_payment(loan)]
    begun = min(draw.on for draw in loan.draws)
    rows: list[Instalment] = []
    owed, before = 0, date.min
    for day in dict.fromkeys(each for each in days if each > begun):
        parts = [part for each in made for part in each.parts if part.period.paid == day]
        interest, principal, running = (
            int(sum((getattr(part, name) for part in parts), Fraction(0))) for name in ("interest", "principal", "fees")
        )
        drawn = sum(draw.amount for draw in loan.draws if before < draw.on <= day)
        once = sum(fee.amount for fee in loan.fees if fee.on and before < fee.on <= day)
        closing = owed + drawn - principal
        rows.append(Instalment(day, owed, drawn, interest, principal, running + once, closing))
        owed, before = closing, day
    return Schedule(loan, limits, made, tuple(rows), _totals(rows))


def _totals(rows: Sequence[Instalment]) -> Totals:
    names = ("drawn", "interest", "principal", "fees")
    return Totals(*(sum(getattr(row, name) for row in rows) for name in names))
