"""What a loan saves, for people, as JSON and as tables: one number, and the five assumptions beside it."""

from __future__ import annotations

import json as as_json
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from jointbuy.lending import ASSUMPTIONS, Answer, Assumed, Compared, Swing
from jointbuy.money import DIGITS
from jointbuy.report import figures
from jointbuy.report.files import as_table, write_pages
from jointbuy.report.frontier_chart import short
from jointbuy.report.json import share
from jointbuy.report.layout import dim, finish, heading, labelled, paint, table, wrap
from jointbuy.report.loans import money, plain, rate

SIGN = "saving below zero: the loan costs more than bonds of the state itself"


def said(minor: int, currency: str) -> str:
    """An amount in billions or millions; for display only."""
    return short(Fraction(minor, 10 ** DIGITS[currency]), currency)


def assumptions(found: Compared, case: Assumed) -> Iterator[tuple[str, str]]:
    """The five, in words."""
    curve, lent = case.curve, found.question.loan.currency
    abroad = curve.currency != lent
    moves = f"; {lent} {_moves(case.drift)}" if abroad and case.hedge is None else ""
    spot = f", {figures.number(case.spot)} for one {lent}{moves}" if abroad else ""
    yield "currency", f"own bonds in {curve.currency}{spot}; {curve.name} of {curve.on}, {curve.quoted} yields"
    if not abroad:
        yield "hedging", "none needed: one currency"
    else:
        yield "hedging", "none" if case.hedge is None else f"at {rate(case.hedge)} a year of what is owed"
    flat = "" if case.discount is None else f"{rate(case.discount)} flat, compounded yearly, ACT/365F"
    yield "discounting", flat or f"own curve in {curve.currency}"
    yield "draw profile", case.profile
    lends = "as the loan states them" if case.loan_rate is None else rate(case.loan_rate)
    own = "own yields stay" if not case.shift else f"own yields {_moves(case.shift)}, for bonds sold later"
    yield "rate path", f"loan's rates {lends}; {own}"


def _moves(by: Fraction) -> str:
    if not by:
        return "stays"
    return f"{'up' if by > 0 else 'down'} {rate(abs(by))} a year"


def break_even(answer: Answer) -> str:
    """The spread at which nothing is saved."""
    if answer.break_even is None:
        return "none found"
    points = answer.break_even * 10_000
    return f"{'+' if points >= 0 else '-'}{figures.number(Fraction(round(abs(points) * 10), 10))} bp"


def text(found: Compared, colour: bool, width: int) -> str:
    """The comparison, for a terminal of so many columns."""
    question = found.question
    lent = question.loan.currency
    lines = [paint("bold", question.title), *dim([f"{question.id} · {question.loan.title}"])]
    lines += [*heading("What is saved"), *table(list(_cases(found)), frozenset({1, 2, 3, 4, 5}), width, 2)]
    lines += ["", *dim(wrap(f"Present values on the day of the curve; {SIGN}.", width))]
    for answer in found.answers:
        currency = answer.assumed.curve.currency
        lines += [*heading(f"{answer.assumed.name}: {said(answer.saving, currency)}")]
        for name, told in assumptions(found, answer.assumed):
            lines += labelled(name, told, width, column=16)
        beside = "" if currency == lent else f" ({said(answer.in_loan_currency, lent)} at spot)"
        told = f"{money(answer.saving, currency)}{beside}; nothing is saved at a spread of {break_even(answer)}"
        lines += labelled("saving", told, width, column=16)
        rows = [(each.assumption, *_swing(each, currency), "") for each in _by_size(answer)]
        lines += ["", *table([("Moves with", "", "", "", "", ""), *rows], frozenset({2, 4}), width, 2)]
    return finish(lines, colour=colour)


def _swing(swing: Swing, currency: str) -> tuple[str, str, str, str]:
    return swing.low, said(swing.at_low, currency), swing.high, said(swing.at_high, currency)


def _by_size(answer: Answer) -> list[Swing]:
    return sorted(answer.swings, key=lambda each: -spread(each, answer.saving))


def spread(swing: Swing, saving: int) -> int:
    """How far a saving moves with an assumption, from the lowest to the highest."""
    ends = (swing.at_low, swing.at_high, saving)
    return max(ends) - min(ends)


def _cases(found: Compared) -> Iterator[tuple[str, ...]]:
    lent = found.question.loan.currency
    yield "Case", "Saving", f"in {lent} at spot", "Break-even", "Loan pays", "Own pay", ""
    for answer in found.answers:
        yield (answer.assumed.name, *case_cells(answer, lent), "")


def case_cells(answer: Answer, lent: str) -> tuple[str, ...]:
    """What stands beside a case: its saving, the same at spot, the break-even, both average rates."""
    return (
        said(answer.saving, answer.assumed.curve.currency),
        said(answer.in_loan_currency, lent),
        break_even(answer),
        rate(Fraction(round(answer.loan_rate * 10**6), 10**6)),
        rate(Fraction(round(answer.own_rate * 10**6), 10**6)),
    )


def json(found: Compared, digests: Mapping[str, str]) -> dict[str, Any]:
    """The whole answer; amounts in minor units."""
    loan = found.question.loan
    return {
        "comparison": found.question.id,
        "loan": loan.id,
        "country": loan.country,
        "currency": loan.currency,
        "cases": [_answer(found, answer) for answer in found.answers],
        "varied": {name: share(value) for name, value in found.question.varied.items()},
        "digests": dict(digests),
    }


def _answer(found: Compared, answer: Answer) -> dict[str, Any]:
    case = answer.assumed
    return {
        "name": case.name,
        "currency": case.curve.currency,
        "as_of": str(case.curve.on),
        "saving": answer.saving,
        "saving_in_loan_currency": answer.in_loan_currency,
        "loan_present_value": answer.loan,
        "own_present_value": answer.own,
        "break_even_spread": share(answer.break_even) if answer.break_even is not None else None,
        "loan_rate": rate(answer.loan_rate).replace(figures.NBSP, " "),
        "own_rate": rate(answer.own_rate).replace(figures.NBSP, " "),
        "assumptions": {name: told.replace(figures.NBSP, " ") for name, told in assumptions(found, case)},
        "varied": [
            {
                "assumption": each.assumption,
                "low": each.low,
                "saving_at_low": each.at_low,
                "high": each.high,
                "saving_at_high": each.at_high,
            }
            for each in answer.swings
        ],
    }


def write(found: Compared, digests: Mapping[str, str], folder: Path) -> tuple[Path, ...]:
    """Write the comparison's files into a folder, each whole or not at all; returns their paths. Raises OSError."""
    from jointbuy.report import savings_page

    return write_pages(
        {
            "report.html": savings_page.page(found),
            "savings.json": as_json.dumps(json(found, digests), indent=2, ensure_ascii=False) + "\n",
            "savings.csv": as_table([*"case saving currency break_even_bp".split(), *ASSUMPTIONS], _rows(found)),
        },
        folder,
    )


def _rows(found: Compared) -> Iterator[Sequence[str]]:
    for answer in found.answers:
        currency = answer.assumed.curve.currency
        told = [words.replace(figures.NBSP, " ") for _, words in assumptions(found, answer.assumed)]
        yield [
            answer.assumed.name,
            plain(answer.saving, currency),
            currency,
            break_even(answer).replace(" bp", ""),
            *told,
        ]
