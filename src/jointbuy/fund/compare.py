"""What a loan saves against the state's own bonds, under five stated assumptions (docs/fund.md).

Both finance the same draws. Every repayment of the loan is matched by a bond of the state that is sold on the day of
the draw, falls due that day and bears the par coupon of its years, paid on the loan's days. Draws cancel out, so the
saving is the present value of what the bonds cost less that of what the loan costs, in the currency of the bonds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

from jointbuy.fund.curve import CONTEXT, Yields, decimal
from jointbuy.fund.draws import profiled
from jointbuy.fund.schedule import FINE, tranches
from jointbuy.lending import PROFILES, Answer, Assumed, Compared, Loan, Part, Profile, Question, Swing
from jointbuy.money import DIGITS

_STEP = Fraction(1, 1000)
_CLOSE = Decimal("1e-12")
_TRIES = 30


@dataclass(frozen=True, slots=True)
class _Costs:
    """Present values in minor units of the bonds' currency, and average rates."""

    loan: Decimal
    own: Decimal
    loan_rate: Decimal
    own_rate: Decimal

    @property
    def saving(self) -> Decimal:
        return self.own - self.loan


@dataclass(frozen=True, slots=True)
class _Flow:
    """What a tranche does in a period, before rounding, in decimals."""

    end: date
    paid: date
    length: Decimal
    owed: Decimal
    interest: Decimal
    fees: Decimal
    principal: Decimal


class _Book:
    """The loan's tranches as flows, each profile and rate worked out once."""

    def __init__(self, loan: Loan) -> None:
        self.loan = loan
        self._made: dict[tuple[Profile, Fraction | None, Fraction], list[tuple[date, list[_Flow]]]] = {}

    def flows(self, case: Assumed, spread: Fraction) -> list[tuple[date, list[_Flow]]]:
        """Day of the draw and flows of every tranche, with `spread` on the rates."""
        key = (case.profile, case.loan_rate, spread)
        if key not in self._made:
            asked = _spread(profiled(_rated(self.loan, case), case.profile), spread)
            self._made[key] = [(each.draw.on, [_flow(part) for part in each.parts]) for each in tranches(asked, FINE)]
        return self._made[key]


def _flow(part: Part) -> _Flow:
    period = part.period
    amounts = (part.opening, part.interest, part.fees, part.principal)
    return _Flow(period.end, period.paid, decimal(period.fraction), *map(decimal, amounts))


def compare(question: Question) -> Compared:
    """Every case of a question, each with its break-even and how far each assumption moves it."""
    book = _Book(question.loan)
    return Compared(question, tuple(_answer(question, book, case) for case in question.cases))


def _answer(question: Question, book: _Book, case: Assumed) -> Answer:
    yields = Yields(case.curve)
    costs = _costs(book, case, yields)
    with localcontext(CONTEXT):
        return Answer(
            assumed=case,
            loan=_whole(costs.loan),
            own=_whole(costs.own),
            saving=_whole(costs.saving),
            in_loan_currency=_whole(costs.saving / _per_unit(question.loan, case)),
            break_even=_break_even(book, case, yields, costs),
            loan_rate=Fraction(costs.loan_rate),
            own_rate=Fraction(costs.own_rate),
            swings=tuple(_swings(question, book, case, yields)),
        )


def _whole(amount: Decimal) -> int:
    return int(amount.to_integral_value())


def _per_unit(loan: Loan, case: Assumed) -> Decimal:
    """Minor units of the bonds' currency for one of the loan's at spot."""
    return decimal(case.spot * Fraction(10) ** (DIGITS[case.curve.currency] - DIGITS[loan.currency]))


def _years(case: Assumed, day: date) -> Fraction:
    return Fraction((day - case.curve.on).days, 365)


def _costs(
    book: _Book, case: Assumed, yields: Yields, spread: Fraction = Fraction(0), raised: Fraction = Fraction(0)
) -> _Costs:
    """What both cost, with `spread` on the loan's rates, discounted at `raised` more."""
    times, per = 12 // book.loan.months, _per_unit(book.loan, case)
    known: dict[date, tuple[Decimal, Decimal]] = {}

    def at(day: date) -> tuple[Decimal, Decimal]:
        """The discount factor and the exchange rate of a day."""
        if day not in known:
            years = _years(case, day)
            if case.discount is None:
                factor = yields.discount(years, raised)
            else:
                factor = (1 + decimal(case.discount + raised)) ** -decimal(years)
            drifts = case.hedge is None and case.drift
            known[day] = factor, per * (1 + decimal(case.drift)) ** decimal(years) if drifts else per
        return known[day]

    with localcontext(CONTEXT):
        lent = own = owed = interest = coupons = Decimal(0)
        hedge = decimal(case.hedge or 0)
        for drawn, flows in book.flows(case, spread):
            _, drawn_at = at(drawn)
            for flow, coupon in zip(flows, _coupons(drawn, flows, case, yields, times), strict=True):
                factor, rate = at(flow.paid)
                running = flow.interest + flow.fees + flow.owed * hedge * flow.length
                lent += factor * rate * (running + flow.principal)
                own += factor * drawn_at * (coupon * flow.length + flow.principal)
                owed += flow.owed * flow.length
                interest += flow.interest
                coupons += coupon * flow.length
        for fee in book.loan.fees:
            if fee.on:
                factor, rate = at(max(fee.on, case.curve.on))
                lent += factor * rate * fee.amount
        weight = owed or Decimal(1)
        return _Costs(lent, own, interest / weight, coupons / weight)


def _coupons(drawn: date, flows: list[_Flow], case: Assumed, yields: Yields, times: int) -> list[Decimal]:
    """What the bonds that still run pay a year, period by period: each bears the par yield of its years."""
    later = decimal(case.shift * _years(case, drawn))
    found, total = [], Decimal(0)
    for flow in reversed(flows):
        if flow.principal:
            total += flow.principal * (yields.par(Fraction((flow.end - drawn).days * 4, 1461), times) + later)
        found.append(total)
    return found[::-1]


def _rated(loan: Loan, case: Assumed) -> Loan:
    if case.loan_rate is None:
        return loan
    draws = tuple(replace(draw, rate=None) for draw in loan.draws)
    return replace(loan, rates=((date.min, case.loan_rate),), draws=draws)


def _spread(loan: Loan, spread: Fraction) -> Loan:
    if not spread:
        return loan
    draws = tuple(replace(draw, rate=draw.rate + spread if draw.rate is not None else None) for draw in loan.draws)
    return replace(loan, rates=tuple((day, value + spread) for day, value in loan.rates), draws=draws)


def _break_even(book: _Book, case: Assumed, yields: Yields, now: _Costs) -> Fraction | None:
    """The spread on the loan's rates at which nothing is saved, by secants; None where they do not close in."""
    before, after = Fraction(0), _STEP
    low, size = now.saving, abs(now.own) or Decimal(1)
    for _ in range(_TRIES):
        if abs(low) <= _CLOSE * size:
            return before
        high = _costs(book, case, yields, spread=after).saving
        if high == low:
            return None
        next_ = after - Fraction(high) * (after - before) / Fraction(high - low)
        before, low, after = after, high, Fraction(round(next_ * 10**15), 10**15)
        if abs(after) > 1:
            return None
    return None


def _swings(question: Question, book: _Book, case: Assumed, yields: Yields) -> Iterator[Swing]:
    """One assumption at a time; one that has no meaning in a case does not move it, and says so."""
    lent, by = question.loan.currency, question.varied
    saving = _whole(_costs(book, case, yields).saving)
    abroad = case.curve.currency != lent

    def two(assumption: str, told: Callable[[Assumed], str], low: Assumed, high: Assumed) -> Swing:
        savings = [_whole(_costs(book, one, yields).saving) for one in (low, high)]
        return Swing(assumption, told(low), told(high), savings[0], savings[1])

    def still(assumption: str, why: str) -> Swing:
        return Swing(assumption, why, why, saving, saving)

    if abroad and case.hedge is None:
        ends = (replace(case, drift=case.drift - by["drift"]), replace(case, drift=case.drift + by["drift"]))
        yield two("currency", lambda one: f"{lent} {_moves(one.drift)}", *ends)
    else:
        yield still("currency", "hedged: no effect" if abroad else "one currency: no effect")
    if abroad:
        # An open position is held against a hedge that costs what the exchange rate is assumed to bring.
        cost = case.drift if case.hedge is None else case.hedge
        ends = (replace(case, hedge=cost - by["hedge"]), replace(case, hedge=cost + by["hedge"]))
        yield two("hedging", lambda one: f"hedged at {_points(one.hedge or Fraction(0))} a year", *ends)
    else:
        yield still("hedging", "one currency: nothing to hedge")
    base = "own curve" if case.discount is None else _points(case.discount)
    lower, higher = (
        _whole(_costs(book, case, yields, raised=each).saving) for each in (-by["discount"], by["discount"])
    )
    told = [f"{base} {sign} {_points(by['discount'])}" for sign in "-+"]
    yield Swing("discounting", told[0], told[1], lower, higher)
    others = [replace(case, profile=each) for each in PROFILES if each != case.profile]
    yield two("draw profile", lambda one: one.profile, others[0], others[1])
    ends = (replace(case, shift=case.shift - by["shift"]), replace(case, shift=case.shift + by["shift"]))
    yield two("rate path", lambda one: f"yields {_moves(one.shift)}", *ends)


def _points(rate: Fraction) -> str:
    scaled = round(abs(rate) * 10**5)
    digits = f"{scaled // 1000}.{scaled % 1000:03d}".rstrip("0").rstrip(".")
    return f"{'-' if rate < 0 and scaled else ''}{digits} %"


def _moves(rate: Fraction) -> str:
    if not rate:
        return "as they are"
    return f"{'up' if rate > 0 else 'down'} {_points(abs(rate))} a year"
