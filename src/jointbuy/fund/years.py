"""Days and years of a ledger: what falls due, and what deliveries and draws do to deficit and debt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, TypeAlias

from jointbuy.fund.calendar import months_after
from jointbuy.fund.ledger import Books
from jointbuy.ledger import Due, EscapeClause, Year
from jointbuy.lendingpool import Deadline

Clause: TypeAlias = Literal["within", "beyond", "unknown", "not activated", "not covered"]


def due(books: Books, deadlines: Sequence[Deadline]) -> tuple[Due, ...]:
    """What falls due and is not done, by day."""
    found = [*_law(deadlines), *_rows(books)]
    return tuple(sorted(found, key=lambda each: (each.day, each.kind, each.what)))


def _law(deadlines: Sequence[Deadline]) -> Iterator[Due]:
    for each in deadlines:
        if each.days >= 0:
            yield Due(each.day, each.days, "deadline", each.what, each.provision, None)


def _rows(books: Books) -> Iterator[Due]:
    ledger, on = books.ledger, books.on
    for step in ledger.milestones:
        if not books.booked(step.delivered):
            what = f"{step.id}, contract {step.contract}: {step.title}"
            yield Due(step.due, (step.due - on).days, "delivery", what, "", step.where)
    for deal in ledger.contracts:
        if deal.study_from and not books.booked(deal.study_done):
            last = months_after(deal.study_from, 12 * books.terms.study_years)
            what = f"contract {deal.id}: study of replacing a subcontractor"
            provision = books.terms.provisions["study_years"]
            yield Due(last, (last - on).days, "study", what, provision, deal.where)
    for request in ledger.requests:
        if books.booked(request.submitted) and not books.booked(request.decided):
            last = months_after(request.submitted, books.terms.assessment_months)
            what, provision = f"assessment of request {request.id}", books.terms.provisions["assessment_months"]
            yield Due(last, (last - on).days, "assessment", what, provision, request.where)
    for document in ledger.documents:
        if document.expires:
            what = f"{document.kind} {document.id} expires"
            yield Due(document.expires, (document.expires - on).days, "document", what, "", document.where)


def requests_left(books: Books) -> int:
    """Requests that may still be submitted in the year of the day."""
    made = [
        each for each in books.ledger.requests if each.submitted.year == books.on.year and books.booked(each.submitted)
    ]
    return max(0, books.terms.requests - len(made))


# --- deficit and debt -----------------------------------------------------------------------


def years(books: Books, clause: EscapeClause) -> tuple[Year, ...]:
    """By year: deliveries, which count for the deficit when accepted, and draws, which are debt when they come."""
    ledger = books.ledger
    done = [
        (step.delivered, step.amount) for step in ledger.milestones if step.delivered and books.booked(step.delivered)
    ]
    ahead = [(max(step.due, books.on), step.amount) for step in ledger.milestones if not books.booked(step.delivered)]
    drawn = [(each.received, each.amount) for each in ledger.draws if books.booked(each.received)]
    paid = [(each.paid, each.amount) for each in ledger.invoices if each.paid and books.booked(each.paid)]
    every = {day.year for rows in (done, ahead, drawn, paid) for day, _ in rows}
    found = []
    for year in range(min(every), max(every) + 1) if every else ():
        accrued, planned, came, cash = (
            sum(amount for day, amount in rows if day.year == year) for rows in (done, ahead, drawn, paid)
        )
        gdp = ledger.gdp.get(year)
        room = clause.share * gdp if gdp else None
        answer = _clause(books, clause, year, accrued + planned, gdp)
        found.append(Year(year, accrued, planned, came, cash, room, answer))
    return tuple(found)


def _clause(books: Books, clause: EscapeClause, year: int, amount: int, gdp: int | None) -> Clause:
    """Whether what is delivered in a year lies within the clause's share of GDP, decided exactly (§3)."""
    if not clause.first <= year <= clause.last:
        return "not covered"
    active = activated(clause, books.ledger.state, books.on)
    if active is False:
        return "not activated"
    if active is None or gdp is None:
        return "unknown"
    return "within" if clause.share.denominator * amount <= clause.share.numerator * gdp else "beyond"


def activated(clause: EscapeClause, state: str, on: date) -> bool | None:
    """Whether a state may use the clause on a day; None where the lists leave that open."""
    for each in clause.activated:
        if state in each.states:
            return True if on >= each.high else None if on >= each.low else False
    return False if state in clause.not_activated and on <= clause.as_of else None
