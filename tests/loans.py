"""Random loans, seeded: the terms that occur and those at the edges."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction

from jointbuy.errors import Where
from jointbuy.fund.calendar import adjusted, months_after
from jointbuy.lending import CONVENTIONS, DAY_COUNTS, ROUNDINGS, Days, Draw, Loan, Path
from jointbuy.money import split

HERE = Where("loan.yaml", 1)


def loan(**changes: object) -> Loan:
    """A plain loan: one draw of 1000.00, 3 %, yearly, repaid whole after ten years; with what is changed."""
    start = date(2027, 3, 15)
    stated: dict[str, object] = {
        "id": "L", "title": "A loan", "instrument": None, "country": None, "currency": "EUR", "signature": start,
        "amount": 100_000, "allocation": None, "draws": (draw(start, 100_000),), "first": date(2028, 3, 15),
        "months": 12, "principal_from": date(2037, 3, 15), "maturity": date(2037, 3, 15), "repayment": "bullet",
        "custom": (), "rates": ((start, Fraction(3, 100)),), "fees": (),
        "days": Days("30/360", "none", "T2", adjusted=False), "rounding": "half even", "clearing": None,
        "uncleared": 0, "notes": (), "where": {},
    }  # fmt: skip
    return Loan(**(stated | changes))  # type: ignore[arg-type]


def draw(on: date, amount: int, rate: Fraction | None = None) -> Draw:
    """A draw on a request."""
    return Draw(on, amount, False, amount, None, rate, HERE)


def _open(day: date) -> date:
    """Money is paid on days on which it can be."""
    return adjusted(day, "following", "T2")


def drawn(seed: int, **fixed: object) -> Loan:
    """A random loan of a seed: one to eight draws, one to 540 periods, with or without grace."""
    dice = random.Random(seed)
    start = _open(date(2026, 1, 1) + timedelta(days=dice.randrange(1000)))
    months = dice.choice([1, 3, 6, 12])
    first = months_after(start, dice.randint(1, months)) + timedelta(days=dice.randrange(12, 20))
    count = dice.choice([1, 2, dice.randint(3, 45 * 12 // months - 2)])
    maturity = months_after(first, months * (count - 1))
    grace = dice.randint(0, count - 1) if dice.random() < 0.6 else 0
    amount = dice.randint(1000, 10 ** dice.randint(4, 13))
    span = (maturity - start).days
    days = [_open(start + timedelta(days=dice.randrange(min(span, 1500)))) for _ in range(dice.randrange(8))]
    ons = [on for on in sorted({start, *days}) if on < maturity - timedelta(days=9)] or [start]
    parts = split(amount, [Fraction(dice.randint(1, 9)) for _ in ons])
    rate = Fraction(dice.choice([0, dice.randint(-150, 900), dice.randint(1, 99_999)]), 10_000)
    rate = rate if abs(rate) < Fraction(1, 5) else rate / 100
    rates: Path = ((start, rate),)
    stated: dict[str, object] = {
        "amount": amount,
        "draws": tuple(draw(on, part) for on, part in zip(ons, parts, strict=True)),
        "first": first,
        "months": months,
        "principal_from": months_after(first, months * grace),
        "maturity": maturity,
        "repayment": dice.choice(["bullet", "equal principal", "annuity"]),
        "rates": rates,
        "days": Days(
            dice.choice(DAY_COUNTS), dice.choice(CONVENTIONS), dice.choice(("T2", "weekends")), dice.random() < 0.5
        ),
        "rounding": dice.choice(ROUNDINGS),
    }
    return loan(**(stated | fixed))
