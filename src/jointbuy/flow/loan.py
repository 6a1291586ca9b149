"""A loan goes from its files to its schedule: read, held against the law, computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from jointbuy import law
from jointbuy.errors import NotInForce, Where
from jointbuy.flow.granted import granted
from jointbuy.flow.pool import digests_of_facts, pool
from jointbuy.formats import loan as reader
from jointbuy.formats.problems import Problems, listed
from jointbuy.fund import draws, schedule
from jointbuy.fund.calendar import FIRST_YEAR, months_after
from jointbuy.lending import Limits, Loan, Schedule
from jointbuy.lendingpool import Pool

INSTRUMENTS = ("safe",)
"""The acts that lend."""
_NEAR = 2


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A schedule, and the digests of the files and of the law it rests on."""

    schedule: Schedule
    digests: Mapping[str, str]


def loan(path: str | Path, facts: str | Path | None = None) -> Scheduled:
    """A loan's folder or file to its schedule, to the cent; `facts` of the user's are laid over ours.

    Raises Unusable with every problem, of files and of law.
    """
    read = reader.read(Path(path), law.places(), INSTRUMENTS)
    asked, limits = held(read.loan, read.problems, pool(facts=facts))
    read.problems.raise_if_any()
    return Scheduled(schedule.schedule(draws.cleared(asked), limits), digests_of(read, facts))


def digests_of(read: reader.ReadLoan, facts: str | Path | None = None) -> Mapping[str, str]:
    """Of the files, and of the law and the facts on its loans where an act lends."""
    lends = read.loan.instrument
    return {**read.digests, **({"law": law.act(lends).digest, **digests_of_facts(facts)} if lends else {})}


def held(asked: Loan, problems: Problems, stands: Pool) -> tuple[Loan, Limits | None]:
    """The loan with what the pool says of it added to its notes, and the limits of the act that lends; None of no act.

    Every breach is noted in `problems`.
    """
    limits = _limits(asked, problems)
    if limits is None:
        return asked, None
    return replace(asked, notes=(*asked.notes, *granted(asked, problems, stands))), limits


def _limits(asked: Loan, problems: Problems) -> Limits | None:
    _on_days_of_payment(asked, problems)
    if asked.instrument is None:
        return None
    try:
        limits = limits_of(asked.instrument, asked.signature)
    except NotInForce as error:
        problems.add(f"signature is {asked.signature}", asked.where.get("signature"), str(error), "correct the day")
        return None
    if asked.currency != "EUR":
        why = "loans under SAFE are in euro (Art. 9(2))"
        problems.add(f"currency is {asked.currency}", asked.where.get("currency"), why, "write EUR")
    _dates(asked, limits, problems)
    _prefinancing(asked, limits, problems)
    _requests(asked, limits, problems)
    return limits


def limits_of(instrument: str, on: date) -> Limits:
    """What the act says on a day. Raises NotInForce outside its dates."""
    act = law.act(instrument)
    view = law.view(act, on, act.as_of)
    names = {
        "last_payment": "art12.availability_ends",
        "years": "art10.max_years",
        "prefinancing": "art11.prefinancing_share",
        "requests": "art12.requests_a_year",
        "grace": "art10.grace_years",
    }
    found = {name: view.parameter(parameter) for name, parameter in names.items()}
    share = found["prefinancing"].value
    return Limits(
        last_payment=date.fromisoformat(str(found["last_payment"].value)),
        years=int(str(found["years"].value)),
        prefinancing=share if isinstance(share, Fraction) else Fraction(0),
        requests=int(str(found["requests"].value)),
        grace=int(str(found["grace"].value)),
        provisions={name: one.provision for name, one in found.items()},
    )


def _on_days_of_payment(asked: Loan, problems: Problems) -> None:
    if asked.signature.year < FIRST_YEAR:
        why = f"closing days of T2 are known from {FIRST_YEAR} on"
        problems.add(f"signature is {asked.signature}", asked.where.get("signature"), why, "correct the day")
    if problems.found and asked.maturity.year - asked.first.year > 200:
        return
    known = schedule.days_of_payment(asked)
    wanted: list[tuple[str, date, Where | None]] = [("maturity", asked.maturity, asked.where.get("maturity"))]
    wanted += [("principal from", asked.principal_from, asked.where.get("from"))]
    wanted += [("a repayment", day, asked.where.get("table")) for day, _ in asked.custom]
    for name, day, where in wanted:
        if day not in known:
            near = sorted(known, key=lambda each: abs((each - day).days))[:_NEAR]
            why = f"days of payment follow {asked.first} every {asked.months} months"
            do = f"write one of them, such as {listed([str(each) for each in sorted(near)])}"
            problems.add(f"{name} is {day}, which is no day of payment", where, why, do)
    _repaid_after_drawn(asked, problems)


def _repaid_after_drawn(asked: Loan, problems: Problems) -> None:
    for day, amount in asked.custom:
        repaid = sum(each for on, each in asked.custom if on <= day)
        drawn = sum(draw.claimed or draw.amount for draw in asked.draws if draw.on < day)
        if repaid > drawn:
            why = f"by then {reader.told(asked, repaid)} are repaid and {reader.told(asked, drawn)} are drawn"
            problems.add(f"the repayment of {day} is too early", asked.where.get("table"), why, "repay what is drawn")
        if not amount:
            return


def _dates(asked: Loan, limits: Limits, problems: Problems) -> None:
    for draw in asked.draws:
        if draw.on > limits.last_payment:
            why = f"payments may be approved until {limits.last_payment} ({limits.provisions['last_payment']})"
            problems.add(f"a draw is paid on {draw.on}", draw.where, why, "draw it earlier")
    last = months_after(asked.signature, 12 * limits.years)
    if asked.maturity > last:
        why = (
            f"a loan lasts at most {limits.years} years ({limits.provisions['years']}), here from its signature: {last}"
        )
        problems.add(f"maturity is {asked.maturity}", asked.where.get("maturity"), why, "end it earlier")


def _prefinancing(asked: Loan, limits: Limits, problems: Problems) -> None:
    ahead = [draw for draw in asked.draws if draw.prefinancing]
    paid = sum(draw.amount for draw in ahead)
    if paid * limits.prefinancing.denominator > asked.amount * limits.prefinancing.numerator:
        most = asked.amount * limits.prefinancing // 1
        share = f"{limits.prefinancing * 100} % of the loan ({limits.provisions['prefinancing']})"
        why = f"at most {share}, {reader.told(asked, most)}"
        problems.add(f"pre-financing is {reader.told(asked, paid)}", ahead[-1].where, why, "pay less ahead")


def _requests(asked: Loan, limits: Limits, problems: Problems) -> None:
    days = {(draw.requested or draw.on): draw.where for draw in asked.draws if not draw.prefinancing}
    for year, count in sorted(Counter(day.year for day in days).items()):
        if count > limits.requests:
            where = next(at for day, at in days.items() if day.year == year)
            why = f"a request may be submitted {limits.requests} times a year ({limits.provisions['requests']})"
            problems.add(f"{count} requests are made in {year}", where, why, "gather them, or state the day of each")
