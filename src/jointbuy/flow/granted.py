"""A loan under SAFE against what is known of its state: whether it may borrow, and what the Council decided."""

from __future__ import annotations

from collections.abc import Iterator

from jointbuy.formats.loan import told
from jointbuy.formats.problems import Problems
from jointbuy.lending import Loan
from jointbuy.lendingpool import Allocation, Pool


def granted(asked: Loan, problems: Problems, stands: Pool) -> tuple[str, ...]:
    """What the pool says of the borrower, in words, with source and day; more than was decided is a problem."""
    if asked.country is None:
        return ("whose loan it is is not stated: it is held against no decision",)
    if asked.country not in stands.terms.lenders:
        why = "SAFE lends to Member States of the Union (Art. 1)"
        problems.add(f"country is {asked.country}", asked.where.get("country"), why, "write one of them")
        return ()
    known = next((each for each in stands.allocations if each.country == asked.country), None)
    if known is None or known.decided is None or known.decided_on is None:
        return (_undecided(known, asked, stands),)
    _beyond(known, asked, problems, stands)
    return tuple(_decided(known, asked, stands))


def _undecided(known: Allocation | None, asked: Loan, stands: Pool) -> str:
    facts = f"facts as of {stands.facts.as_of}"
    if known is None:
        return f"no loan of {asked.country} under SAFE is known ({facts}): it is held against no decision"
    if known.decided_on:
        return f"what the Council decided for {known.title} on {known.decided_on} is in no source ({facts})"
    tentative = f": {told(asked, known.tentative.low)} is tentative" if known.tentative else ""
    return f"no decision of the Council on a loan of {known.title} is known ({facts}){tentative}"


def _lent(known: Allocation, asked: Loan) -> str:
    ends = sorted({known.decided.low, known.decided.high}) if known.decided else []
    amount = " to ".join(told(asked, end) for end in ends)
    return f"the Council decided on {known.decided_on} to lend {known.title} {amount}"


def _beyond(known: Allocation, asked: Loan, problems: Problems, stands: Pool) -> None:
    for key, value in (("amount", asked.amount), ("allocation", asked.allocation)):
        if known.decided and value is not None and value > known.decided.high:
            why = f"{_lent(known, asked)} (facts as of {stands.facts.as_of}: jointbuy fund pool)"
            do = "correct it, or give a newer decision with --facts (docs/pool.md)"
            problems.add(f"{key} is {told(asked, value)}", asked.where.get(key), why, do)


def _decided(known: Allocation, asked: Loan, stands: Pool) -> Iterator[str]:
    fact = next(each for each in reversed(known.facts) if each.what == "decided")
    words = f", {fact.told}" if fact.told else ""
    yield f"{_lent(known, asked)}{words} ({fact.source}; facts as of {stands.facts.as_of})"
    if known.decided_on and asked.signature < known.decided_on:
        yield f"signed on {asked.signature}, before that decision: look at the days again"
    ahead = sum(draw.amount for draw in asked.draws if draw.prefinancing)
    if known.prefinancing and ahead > known.prefinancing.high:
        most = told(asked, known.prefinancing.high)
        yield f"{told(asked, ahead)} is paid ahead; the decision grants {most} of pre-financing (Art. 11(1))"
