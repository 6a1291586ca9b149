"""A loan against bonds of the state itself: read both files, hold them against each other and the law, compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from jointbuy import law
from jointbuy.errors import Unusable
from jointbuy.exact import decimal
from jointbuy.flow.loan import INSTRUMENTS, digests_of, held
from jointbuy.formats import comparison
from jointbuy.formats import loan as reader
from jointbuy.formats.problems import Problems
from jointbuy.fund import compare as room
from jointbuy.fund import draws
from jointbuy.lending import Assumed, Compared, Loan, Question

_YEAR = Fraction(4, 1461)


@dataclass(frozen=True, slots=True)
class ComparedFiles:
    """A comparison, and the digests of the files and of the law it rests on."""

    compared: Compared
    digests: Mapping[str, str]


def compare(path: str | Path) -> ComparedFiles:
    """A comparison's folder or file to the saving of every case. Raises Unusable with every problem of all files."""
    places = law.places()
    asked = comparison.read(Path(path), places)
    try:
        read = reader.read(asked.loan, places, INSTRUMENTS)
    except Unusable as wrong:
        raise Unusable([*asked.problems.in_order(), *wrong.problems]) from None
    held(read.loan, read.problems)
    if not read.problems.found:
        _fits(read.loan, asked, asked.problems)
    if told := [*asked.problems.in_order(), *read.problems.in_order()]:
        raise Unusable(told)
    cases = tuple(replace(case, spot=case.spot or Fraction(1)) for case in asked.cases)
    question = Question(asked.id, asked.title, draws.cleared(read.loan), cases, asked.varied)
    return ComparedFiles(room.compare(question), {**asked.digests, **digests_of(read)})


def _fits(loan: Loan, asked: comparison.ReadComparison, problems: Problems) -> None:
    for case in asked.cases:
        _currency(loan, case, problems)
        first = min(draw.on for draw in loan.draws)
        if case.curve.on > first:
            why = f"the first draw is paid on {first}"
            problems.add(f"the curve {case.curve.name} is of {case.curve.on}", case.where, why, "use one of before")
        needed = (loan.maturity - first).days * _YEAR
        last = case.curve.points[-1][0]
        if last < needed and case.name not in asked.beyond:
            why = f"the loan is repaid after {decimal(needed, 1)} years and the curve ends at {decimal(last, 1)}"
            do = "add yields, or write beyond: flat, which lets the last one stay"
            problems.add(f"the curve {case.curve.name} is too short", case.where, why, do)


def _currency(loan: Loan, case: Assumed, problems: Problems) -> None:
    if case.curve.currency == loan.currency:
        if case.spot not in {0, 1} or case.drift or case.hedge is not None:
            why = f"loan and bonds are in {loan.currency}"
            do = "take spot and drift out, and write hedging: none"
            problems.add(f"{case.name} has an exchange rate or a hedge", case.where, why, do)
    elif not case.spot:
        why = f"bonds are in {case.curve.currency} and the loan in {loan.currency}"
        do = f"write spot: units of {case.curve.currency} for one {loan.currency}"
        problems.add(f"{case.name} states no spot", case.where, why, do)
