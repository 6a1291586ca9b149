"""A loan's schedule for people, as JSON and as tables."""

from __future__ import annotations

import json as as_json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from jointbuy.lending import Instalment, Loan, Schedule
from jointbuy.money import DIGITS
from jointbuy.report import figures
from jointbuy.report.files import as_table, write_pages
from jointbuy.report.json import share
from jointbuy.report.layout import dim, finish, heading, paint, table, wrap

_ROWS = 60
_AMOUNTS = ("opening", "drawn", "interest", "principal", "fees", "closing")
NAMES = {
    "30/360": "30/360 (bond basis, ISDA 2006 §4.16(f))",
    "30E/360": "30E/360 (ISDA 2006 §4.16(g))",
    "ACT/360": "ACT/360 (ISDA 2006 §4.16(e))",
    "ACT/365F": "ACT/365 (Fixed) (ISDA 2006 §4.16(d))",
    "ACT/ACT ISDA": "ACT/ACT (ISDA 2006 §4.16(b))",
    "ACT/ACT ICMA": "ACT/ACT (ICMA Rule 251.1)",
}


def money(minor: int, currency: str) -> str:
    """An amount to its last minor unit."""
    return figures.amount(Fraction(minor, 10 ** DIGITS[currency]), currency)


def plain(minor: int, currency: str) -> str:
    """An amount for a spreadsheet, in whole units."""
    digits = DIGITS[currency]
    text = f"{abs(minor):0{digits + 1}d}"
    return ("-" if minor < 0 else "") + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)


def rate(value: Fraction) -> str:
    """A rate in per cent a year, with all its decimals up to six."""
    scaled = round(abs(value) * 10**8)
    digits = f"{scaled // 10**6}.{scaled % 10**6:06d}".rstrip("0")
    whole, _, rest = digits.partition(".")
    return f"{'-' if value < 0 and scaled else ''}{whole}.{rest:0<2}{figures.NBSP}%"


def rates(loan: Loan) -> str:
    """The rate, or the path of rates, or that each draw has its own."""
    if all(draw.rate is not None for draw in loan.draws):
        return "each draw has its own"
    if len(loan.rates) == 1:
        return rate(loan.rates[0][1])
    return ", ".join(f"{rate(value)} from {since}" for since, value in loan.rates[:4]) + (
        f" and {len(loan.rates) - 4} more" if len(loan.rates) > 4 else ""
    )


def terms(found: Schedule) -> Iterator[tuple[str, str]]:
    """The terms in words, one by one."""
    loan = found.loan
    yield "Rate", f"{rates(loan)}; a period has the rate of its first day"
    yield "Interest", f"every {loan.months} months from {loan.first}, {NAMES[loan.days.count]}"
    yield "Principal", f"{loan.repayment}, from {loan.principal_from} to {loan.maturity}"
    runs = "interest runs to the day it is paid" if loan.days.adjusted else "interest runs to the day it is due"
    yield "Days", f"{loan.days.convention} on the days of {loan.days.calendar} (ISDA 2006 §4.12); {runs}"
    yield "Rounding", f"{loan.rounding}, every instalment of every tranche once"
    if found.limits:
        said = found.limits.provisions
        yield (
            "Law",
            f"payments until {found.limits.last_payment} ({said['last_payment']}), at most {found.limits.years} years "
            f"({said['years']}), at most {figures.limit_percent(found.limits.prefinancing)} ahead "
            f"({said['prefinancing']}), {found.limits.requests} requests a year ({said['requests']})",
        )


def notes(found: Schedule) -> list[str]:
    """What a reader must know beside the figures."""
    loan, told = found.loan, list(found.loan.notes)
    if loan.uncleared:
        told.append(f"{money(loan.uncleared, loan.currency)} of pre-financing is cleared by no request")
    if left := loan.amount - found.totals.drawn:
        told.append(f"{money(left, loan.currency)} of the loan is not drawn")
    if loan.clearing:
        told.append("how pre-financing is cleared stands in the loan agreement (SAFE Art. 10(2)), which is not public")
    if found.limits and (years := loan.principal_from.year - loan.signature.year) > found.limits.grace:
        told.append(f"principal waits {years} years; {found.limits.provisions['grace']}: {found.limits.grace} years")
    if any(row.interest < 0 for row in found.instalments):
        told.append("interest below zero is taken as paid to the borrower; whether it is, the agreement says")
    starts = {part.period.start for each in found.tranches for part in each.parts}
    if late := [since for since, _ in loan.rates[1:] if since not in starts and since < loan.maturity]:
        told.append(f"the rate of {late[0]} first holds for the period that begins next")
    return told


def text(found: Schedule, colour: bool, width: int) -> str:
    """The schedule, for a terminal of so many columns."""
    loan, totals = found.loan, found.totals
    lines = [paint("bold", loan.title), *dim([f"{loan.id} · signed {loan.signature}"]), ""]
    said = (
        f"{money(totals.drawn, loan.currency)} drawn, {money(totals.interest, loan.currency)} interest and "
        f"{money(totals.fees, loan.currency)} fees until {found.instalments[-1].on}; the last balance is "
        f"{money(found.instalments[-1].closing, loan.currency)}."
    )
    lines += wrap(said, width)
    lines += [*heading("Terms"), *table(list(terms(found)), frozenset(), width, 2)]
    lines += [*heading("Draws"), *table(list(_draws(found)), frozenset({2, 3, 4}), width, 2)]
    lines += [*heading(f"Instalments, in {loan.currency}")]
    lines += table(list(_rows(found)), frozenset(range(1, 7)), width, 2)
    if told := notes(found):
        lines += ["", *(line for each in told for line in dim(wrap(each, width)))]
    return finish(lines, colour=colour)


def _draws(found: Schedule) -> Iterator[tuple[str, ...]]:
    yield "Paid", "On", "Claimed", "Cleared", "Amount", ""
    currency = found.loan.currency
    for draw in found.loan.draws:
        asked = f"request of {draw.requested}" if draw.requested else "request"
        kind = "pre-financing" if draw.prefinancing else asked
        claimed, cleared = (grouped(each, currency) for each in (draw.claimed, draw.claimed - draw.amount))
        paid = grouped(draw.amount, currency)
        yield (str(draw.on), kind, *(("", "") if draw.prefinancing else (claimed, cleared)), paid, "")


def grouped(minor: int, currency: str) -> str:
    """An amount without its currency, which stands above the column."""
    return money(minor, currency).removesuffix(f"{figures.NBSP}{currency}")


def _rows(found: Schedule) -> Iterator[tuple[str, ...]]:
    yield "Paid on", "Opening", "Drawn since", "Interest", "Principal", "Fees", "Closing", ""
    currency = found.loan.currency
    for row in found.instalments[:_ROWS]:
        yield (str(row.on), *cells(row, currency), "")
    if (more := len(found.instalments) - _ROWS) > 0:
        yield (f"and {more} more", *([""] * 6), "")
    totals = found.totals
    sums = (grouped(each, currency) for each in (totals.drawn, totals.interest, totals.principal, totals.fees))
    yield ("In all", "", *sums, "", "")


def cells(row: Instalment, currency: str) -> tuple[str, ...]:
    """The amounts of an instalment."""
    return tuple(grouped(getattr(row, name), currency) for name in _AMOUNTS)


def json(found: Schedule, digests: Mapping[str, str]) -> dict[str, Any]:
    """The whole answer; amounts in minor units."""
    loan, totals = found.loan, found.totals
    return {
        "loan": loan.id,
        "instrument": loan.instrument,
        "country": loan.country,
        "currency": loan.currency,
        "amount": loan.amount,
        "allocation": loan.allocation,
        "draws": [
            {
                "date": str(draw.on),
                "amount": draw.amount,
                "prefinancing": "yes" if draw.prefinancing else "no",
                "claimed": None if draw.prefinancing else draw.claimed,
                "requested": str(draw.requested) if draw.requested else None,
                "rate": share(draw.rate) if draw.rate is not None else None,
            }
            for draw in loan.draws
        ],
        "instalments": [
            {"date": str(row.on), **{name: getattr(row, name) for name in _AMOUNTS}} for row in found.instalments
        ],
        "totals": {name: getattr(totals, name) for name in ("drawn", "interest", "principal", "fees")},
        "uncleared": loan.uncleared,
        "terms": dict(terms(found)),
        "notes": notes(found),
        "digests": dict(digests),
    }


def write(found: Schedule, digests: Mapping[str, str], folder: Path) -> tuple[Path, ...]:
    """Write the schedule's files into a folder, each whole or not at all; returns their paths. Raises OSError."""
    from jointbuy.report import loan_page

    return write_pages(
        {
            "report.html": loan_page.page(found),
            "schedule.json": as_json.dumps(json(found, digests), indent=2, ensure_ascii=False) + "\n",
            "instalments.csv": as_table(["date", *_AMOUNTS, "currency"], _instalments(found)),
            "tranches.csv": as_table(
                "drawn start due paid years rate opening interest principal fees closing currency".split(),
                _tranches(found),
            ),
        },
        folder,
    )


def _instalments(found: Schedule) -> Iterator[Sequence[str]]:
    currency = found.loan.currency
    for row in found.instalments:
        yield [str(row.on), *(plain(getattr(row, name), currency) for name in _AMOUNTS), currency]


def _tranches(found: Schedule) -> Iterator[Sequence[str]]:
    currency = found.loan.currency
    for each in found.tranches:
        for part in each.parts:
            period = part.period
            days: list[date] = [each.draw.on, period.start, period.due, period.paid]
            amounts = (part.opening, part.interest, part.principal, part.fees, part.closing)
            yield [
                *map(str, days),
                f"{period.fraction.numerator}/{period.fraction.denominator}",
                rate(period.rate).replace(figures.NBSP, " "),
                *(plain(int(amount), currency) for amount in amounts),
                currency,
            ]
