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
from jointbuy.flow.pool import pool
from jointbuy.formats import comparison
from jointbuy.formats import loan as reader
from jointbuy.formats.problems import Problems, listed
from jointbuy.fund import compare as room
from jointbuy.fund import draws
from jointbuy.fund.curve import Yields
from jointbuy.fund.yields import published
from jointbuy.lending import Assumed, Compared, Loan, Question

_YEAR = Fraction(4, 1461)


@dataclass(frozen=True, slots=True)
class ComparedFiles:
    """A comparison, and the digests of the files and of the law it rests on."""

    compared: Compared
    digests: Mapping[str, str]


def compare(path: str | Path, facts: str | Path | None = None) -> ComparedFiles:
    """A comparison's folder or file to the saving of every case; `facts` of the user's are laid over ours.

    Raises Unusable with every problem of all files.
    """
    places = law.places()
    asked = comparison.read(Path(path), places)
    try:
        read = reader.read(asked.loan, places, INSTRUMENTS)
    except Unusable as wrong:
        raise Unusable([*asked.problems.in_order(), *wrong.problems]) from None
    lent, _ = held(read.loan, read.problems, pool(facts=facts))
    cases = tuple(_with_curve(case, asked.problems) for case in asked.cases)
    if not read.problems.found:
        _fits(read.loan, cases, asked.beyond, asked.problems)
    if told := [*asked.problems.in_order(), *read.problems.in_order()]:
        raise Unusable(told)
    cases = tuple(replace(case, spot=case.spot or Fraction(1)) for case in cases)
    question = Question(asked.id, asked.title, draws.cleared(lent), cases, asked.varied)
    return ComparedFiles(room.compare(question), {**asked.digests, **digests_of(read, facts)})


def _with_curve(case: Assumed, problems: Problems) -> Assumed:
    """The case with a curve that ships with us put in, where it names one."""
    if case.curve.points:
        return case
    known = published().curves
    found = known.get(case.curve.name.removeprefix(comparison.PUBLISHED).strip())
    if found is None:
        do = f"the published ones are: {listed(list(known))}; or name a table"
        problems.add(f"{case.name} names a curve that is not published here", case.where, do=do)
        return case
    if (found.currency, found.quoted) != (case.curve.currency, case.curve.quoted):
        why = f"{found.name} holds {found.quoted} yields in {found.currency}"
        problems.add(f"{case.name} reads a curve as another", case.where, why, "write these")
    return replace(case, curve=found)


def _fits(loan: Loan, cases: tuple[Assumed, ...], beyond: frozenset[str], problems: Problems) -> None:
    for case in cases:
        if not case.curve.points:
            continue
        _currency(loan, case, problems)
        try:
            Yields(case.curve)
        except ValueError as error:
            do = "check its yields, and whether they are zero yields"
            problems.add(f"no bond has the par yields of {case.curve.name}", case.where, str(error), do)
            continue
        first = min(draw.on for draw in loan.draws)
        if case.curve.on > first:
            why = f"the first draw is paid on {first}"
            problems.add(f"the curve {case.curve.name} is of {case.curve.on}", case.where, why, "use one of before")
        needed = (loan.maturity - first).days * _YEAR
        last = case.curve.points[-1][0]
        if last < needed and case.name not in beyond:
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
