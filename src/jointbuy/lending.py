"""A loan in tranches: its terms, its schedule, and what it saves against bonds of the state itself.

Money is whole minor units of the loan's currency, rates are exact parts of one a year (3 % is 3/100), dates are days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Literal, TypeAlias

from jointbuy.errors import Where

DayCount: TypeAlias = Literal["30/360", "30E/360", "ACT/360", "ACT/365F", "ACT/ACT ISDA", "ACT/ACT ICMA"]
DAY_COUNTS: tuple[DayCount, ...] = ("30/360", "30E/360", "ACT/360", "ACT/365F", "ACT/ACT ISDA", "ACT/ACT ICMA")
Convention: TypeAlias = Literal["none", "following", "modified following", "preceding", "modified preceding"]
CONVENTIONS: tuple[Convention, ...] = ("none", "following", "modified following", "preceding", "modified preceding")
Calendar: TypeAlias = Literal["T2", "weekends"]
CALENDARS: tuple[Calendar, ...] = ("T2", "weekends")
Repayment: TypeAlias = Literal["bullet", "equal principal", "annuity", "custom"]
REPAYMENTS: tuple[Repayment, ...] = ("bullet", "equal principal", "annuity", "custom")
Rounding: TypeAlias = Literal["half even", "half up"]
ROUNDINGS: tuple[Rounding, ...] = ("half even", "half up")
Clearing: TypeAlias = Literal["pro rata", "first requests", "last requests"]
CLEARINGS: tuple[Clearing, ...] = ("pro rata", "first requests", "last requests")
Profile: TypeAlias = Literal["as planned", "all at once", "even"]
PROFILES: tuple[Profile, ...] = ("as planned", "all at once", "even")
Path: TypeAlias = tuple[tuple[date, Fraction], ...]
"""Values that stand from a day on, in the order of days; the first also stands before its day."""

# --- what is asked --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Draw:
    """One payment of the loan to the state, which is a tranche of its own.

    Attributes:
        on: day it is paid, from which it bears interest.
        amount: what is paid, after pre-financing was cleared.
        prefinancing: whether it is paid ahead (SAFE Art. 11) and not on a request.
        claimed: what the request asks for; `claimed - amount` clears pre-financing. 0 for pre-financing.
        requested: day of the request, where stated.
        rate: rate of this tranche; None where that of the loan holds.
    """

    on: date
    amount: int
    prefinancing: bool
    claimed: int
    requested: date | None
    rate: Fraction | None
    where: Where


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee: `amount` once, on the day `on`, told with the next instalment; or `rate` a year of what is owed."""

    name: str
    on: date | None
    amount: int
    rate: Fraction


@dataclass(frozen=True, slots=True)
class Days:
    """How days are counted and moved.

    Attributes:
        count: ISDA 2006 §4.16 by its name there; ACT/ACT ICMA is ICMA rule 251.1.
        convention: ISDA 2006 §4.12, on the closing days of `calendar`.
        adjusted: whether interest runs to the day that was moved to, not to the day before it was moved.
    """

    count: DayCount
    convention: Convention
    calendar: Calendar
    adjusted: bool


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan as its agreement states it.

    Attributes:
        instrument: the act whose limits hold, such as "safe"; None where none does.
        country: the borrower's code.
        amount: the loan; all draws together are no more.
        allocation: what the state may draw in all; None where it is not stated.
        first: first day of interest, from which the others follow in steps of `months`.
        principal_from: first day of principal; before it is grace.
        maturity: last day of both.
        custom: principal by day, where `repayment` is "custom"; it repays the oldest tranche first.
        rates: the rate that stands from a day on; a period has the rate of its first day.
        clearing: how requests clear pre-financing; None where there is none.
        uncleared: pre-financing that no request cleared.
    """

    id: str
    title: str
    instrument: str | None
    country: str | None
    currency: str
    signature: date
    amount: int
    allocation: int | None
    draws: tuple[Draw, ...]
    first: date
    months: int
    principal_from: date
    maturity: date
    repayment: Repayment
    custom: tuple[tuple[date, int], ...]
    rates: Path
    fees: tuple[Fee, ...]
    days: Days
    rounding: Rounding
    clearing: Clearing | None
    uncleared: int
    notes: tuple[str, ...]
    where: Mapping[str, Where]


@dataclass(frozen=True, slots=True)
class Limits:
    """What the act on loans says of one loan: read from its parameters on the day of signature."""

    last_payment: date
    years: int
    prefinancing: Fraction
    requests: int
    grace: int
    provisions: Mapping[str, str]


# --- the schedule ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Period:
    """One period of interest: accrued from `start` to `end`, paid on `paid`; `due` is the day before it was moved.

    `fraction` is its length in years by the day count; `rate` is the rate of its first day.
    """

    start: date
    end: date
    due: date
    paid: date
    fraction: Fraction
    rate: Fraction


@dataclass(frozen=True, slots=True)
class Part:
    """What a tranche does in one period: minor units, or exact parts of one before rounding."""

    period: Period
    opening: Fraction
    interest: Fraction
    principal: Fraction
    fees: Fraction
    closing: Fraction


@dataclass(frozen=True, slots=True)
class Tranche:
    """A draw and its parts, to a last balance of exactly zero."""

    draw: Draw
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Instalment:
    """All tranches on one day of payment: opening + drawn - principal = closing, minor units.

    `drawn` is what was paid to the state since the instalment before, this day included.
    """

    on: date
    opening: int
    drawn: int
    interest: int
    principal: int
    fees: int
    closing: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over a schedule, minor units."""

    drawn: int
    interest: int
    principal: int
    fees: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """A loan's schedule to the cent."""

    loan: Loan
    limits: Limits | None
    tranches: tuple[Tranche, ...]
    instalments: tuple[Instalment, ...]
    totals: Totals


# --- the comparison -------------------------------------------------------------------------

ASSUMPTIONS = ("currency", "hedging", "discounting", "draw profile", "rate path")
VARIED: Mapping[str, Fraction] = MappingProxyType(
    {
        "drift": Fraction(1, 100),
        "hedge": Fraction(1, 200),
        "discount": Fraction(1, 100),
        "shift": Fraction(1, 1000),
    }
)
"""Points a year by which a picture varies an assumption unless the file says otherwise; choices of ours."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Yields of a state's own bonds on a day: (years, yield), rising years; what is between is linear.

    `quoted` tells par yields (of bonds at their nominal) from zero yields; `compounding` is times a year.
    """

    name: str
    currency: str
    on: date
    quoted: Literal["par", "zero"]
    compounding: int
    points: tuple[tuple[Fraction, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Assumed:
    """The five assumptions on which a saving rests: currency, hedging, discounting, draw profile, rate path.

    Attributes:
        curve: the state's own curve, in the currency in which it would borrow.
        spot: units of that currency for one of the loan's on the day of the curve; 1 where both are one.
        drift: by which the loan's currency rises against it a year, while nothing is hedged.
        hedge: cost of a hedge a year, of what is owed; None: the loan is not hedged, and `drift` counts.
        discount: a flat rate a year (compounded yearly, ACT/365F); None: the state's own curve.
        profile: the draws as planned, all at once on the first day, or even over their years.
        loan_rate: the rate of every draw, in place of what the loan states; None: as it states.
        shift: by which the state's own yields rise a year from the day of the curve, for bonds sold then.
    """

    name: str
    curve: Curve
    spot: Fraction
    drift: Fraction
    hedge: Fraction | None
    discount: Fraction | None
    profile: Profile
    loan_rate: Fraction | None
    shift: Fraction
    where: Where


@dataclass(frozen=True, slots=True)
class Swing:
    """How far a saving moves with one assumption, the others as they are: words and savings at both ends."""

    assumption: str
    low: str
    high: str
    at_low: int
    at_high: int


@dataclass(frozen=True, slots=True)
class Question:
    """What a comparison asks: a loan, cases of assumptions, and by how much each is varied (`VARIED`, a year)."""

    id: str
    title: str
    loan: Loan
    cases: tuple[Assumed, ...]
    varied: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Answer:
    """The saving of one case, on the day of the curve.

    Attributes:
        loan: present value of what the loan costs, minor units of the curve's currency.
        own: of what the state's own bonds cost, the same draws and repayments.
        saving: own - loan; below zero the loan costs more.
        in_loan_currency: the saving at spot, minor units of the loan's currency.
        break_even: spread on the loan's rates at which nothing is saved, parts of one a year; None where none is found.
        loan_rate: average rate of the loan, weighted by what is owed.
        own_rate: average coupon of the own bonds, weighted in the same way.
    """

    assumed: Assumed
    loan: int
    own: int
    saving: int
    in_loan_currency: int
    break_even: Fraction | None
    loan_rate: Fraction
    own_rate: Fraction
    swings: tuple[Swing, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """All cases of a comparison."""

    question: Question
    answers: tuple[Answer, ...]
