"""A state's ledger as of a day: plan lines, contracts, requests and draws brought together to the cent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from jointbuy.ledger import (
    ALWAYS,
    LOAN,
    NATIONAL,
    Deal,
    DealSum,
    Draw,
    Ledger,
    LineSum,
    Lost,
    Request,
    RequestSum,
    Transfer,
)
from jointbuy.lendingpool import PoolTerms
from jointbuy.money import split


@dataclass(frozen=True)
class Books:
    """A ledger as of a day. What is dated later is planned: it is checked, and counts in no sum."""

    ledger: Ledger
    terms: PoolTerms
    on: date

    def booked(self, day: date | None) -> bool:
        """Whether something of that day has happened."""
        return day is not None and day <= self.on

    @cached_property
    def deals(self) -> dict[str, Deal]:
        """Contracts by id."""
        return {deal.id: deal for deal in self.ledger.contracts}

    @cached_property
    def requests(self) -> dict[str, Request]:
        """Requests by id."""
        return {request.id: request for request in self.ledger.requests}

    @cached_property
    def contract_of(self) -> dict[str, str]:
        """The contract of each invoice."""
        return {invoice.id: invoice.contract for invoice in self.ledger.invoices}

    @cached_property
    def planned(self) -> dict[str, int]:
        """The loan's part of each line, under the plan as last approved by the day."""
        found = {line.id: line.loan for line in self.ledger.lines}
        approved = [each for each in self.ledger.amendments if self.booked(each.approved)]
        for each in sorted(approved, key=lambda one: one.approved or date.max):
            found[each.line] = each.loan
        return found

    def funded(self, contract: str, source: str) -> int:
        """What of a contract a source pays."""
        return sum(each.amount for each in self.ledger.funding if (each.contract, each.source) == (contract, source))

    @cached_property
    def received(self) -> dict[tuple[str, str], int]:
        """What came from the loan by request and contract, pre-financing that was set off included.

        What came for a request is shared out over its claims to the cent: less may have come than was claimed.
        """
        found: dict[tuple[str, str], int] = defaultdict(int)
        for request in self.ledger.requests:
            came = sum(each.amount + each.cleared for each in self.draws_of(request.id))
            claims = [each for each in self.ledger.claims if each.request == request.id]
            if came and sum(each.amount for each in claims):
                for each, part in zip(claims, split(came, [each.amount for each in claims]), strict=True):
                    found[request.id, self.contract_of[each.invoice]] += part
        return found

    def draws_of(self, request: str) -> list[Draw]:
        """Draws for a request that have come by the day."""
        return [each for each in self.ledger.draws if each.request == request and self.booked(each.received)]

    @property
    def drawn(self) -> int:
        """All that came from the loan by the day."""
        return sum(each.amount for each in self.ledger.draws if self.booked(each.received))

    @property
    def uncleared(self) -> int:
        """Pre-financing that came and was not set off yet."""
        draws = [each for each in self.ledger.draws if self.booked(each.received)]
        came = sum(each.amount for each in draws if each.kind == "prefinancing")
        return came - sum(each.cleared for each in draws)


def deal_sums(books: Books) -> tuple[DealSum, ...]:
    """Every contract signed by the day, with what was invoiced, paid, delivered, claimed and received for it."""
    return tuple(_deal(books, deal) for deal in books.ledger.contracts if books.booked(deal.signed))


def _deal(books: Books, deal: Deal) -> DealSum:
    ledger = books.ledger
    invoices = [each for each in ledger.invoices if each.contract == deal.id and books.booked(each.dated)]
    claimed = [
        each.amount
        for each in ledger.claims
        if each.source == LOAN
        and books.contract_of[each.invoice] == deal.id
        and books.booked(books.requests[each.request].submitted)
    ]
    steps = [each for each in ledger.milestones if each.contract == deal.id]
    return DealSum(
        contract=deal.id,
        title=deal.title,
        line=deal.line,
        value=deal.value,
        funding=tuple((each.source, each.amount) for each in ledger.funding if each.contract == deal.id),
        invoiced=sum(each.amount for each in invoices),
        paid=sum(each.amount for each in invoices if books.booked(each.paid)),
        delivered=sum(each.amount for each in steps if books.booked(each.delivered)),
        claimed=sum(claimed),
        received=sum(part for (_, contract), part in books.received.items() if contract == deal.id),
    )


def line_sums(books: Books, deals: Sequence[DealSum]) -> tuple[LineSum, ...]:
    """Every plan line with its contracts; what a closed one does not need is freed."""
    return tuple(_line(books, line.id, [deal for deal in deals if deal.line == line.id]) for line in books.ledger.lines)


def _line(books: Books, id_: str, deals: Sequence[DealSum]) -> LineSum:
    line = next(each for each in books.ledger.lines if each.id == id_)
    planned, loan = books.planned[id_], sum(dict(deal.funding).get(LOAN, 0) for deal in deals)
    return LineSum(
        line=id_,
        title=line.title,
        planned=planned,
        contracted=sum(deal.value for deal in deals),
        loan=loan,
        invoiced=sum(deal.invoiced for deal in deals),
        paid=sum(deal.paid for deal in deals),
        delivered=sum(deal.delivered for deal in deals),
        claimed=sum(deal.claimed for deal in deals),
        received=sum(deal.received for deal in deals),
        freed=max(0, planned - loan) if books.booked(line.closed) else 0,
        short=max(0, loan - planned),
    )


def transfers(lines: Sequence[LineSum], free: int) -> tuple[Transfer, ...]:
    """What an amended plan could move: from closed lines, then from what no line has, to lines that are short."""
    found = []
    left = [(line.line, line.freed) for line in lines if line.freed] + ([("", free)] if free > 0 else [])
    for line in lines:
        short = line.short
        while short and left:
            source, amount = left[0]
            moved = min(short, amount)
            found.append(Transfer(source, line.line, moved))
            short -= moved
            left[:1] = [(source, amount - moved)] if amount > moved else []
    return tuple(found)


def request_sums(books: Books) -> tuple[RequestSum, ...]:
    """Every request with its claims, what came for it, and its documents."""
    return tuple(
        _request(books, request)
        for request in sorted(books.ledger.requests, key=lambda each: (each.submitted, each.id))
    )


def _request(books: Books, request: Request) -> RequestSum:
    claims = [each for each in books.ledger.claims if each.request == request.id]
    draws = books.draws_of(request.id)
    contracts = dict.fromkeys(books.contract_of[each.invoice] for each in claims)
    there: list[str] = []
    missing: list[str] = []
    for kind in dict.fromkeys((*ALWAYS, *(books.ledger.with_request or ()))):
        (there if _has(books, request, kind, None) else missing).append(kind)
    for contract in contracts:
        for kind in books.ledger.with_contract:
            (there if _has(books, request, kind, contract) else missing).append(f"{kind} of {contract}")
    return RequestSum(
        request=request.id,
        submitted=request.submitted,
        amount=request.amount,
        claimed=sum(each.amount for each in claims),
        drawn=sum(each.amount for each in draws),
        cleared=sum(each.cleared for each in draws),
        there=tuple(there),
        missing=tuple(missing),
    )


def _has(books: Books, request: Request, kind: str, contract: str | None) -> bool:
    """Whether a document of a kind is there, and in date on the day of the request.

    One that names a request goes with that one only; one that names none may go with any.
    """
    return any(
        each.kind == kind
        and each.request in {request.id, ""}
        and each.contract == (contract or each.contract)
        and (contract is not None or each.request == request.id)
        and (each.issued is None or each.issued <= request.submitted)
        and (each.expires is None or each.expires >= request.submitted)
        for each in books.ledger.documents
    )


def lost(books: Books, contract: str) -> Lost:
    """What follows if a contract loses its support; the contract must be in the ledger."""
    deal = books.deals[contract]
    by_request = [(request, part) for (request, each), part in books.received.items() if each == contract and part]
    open_ = {each.id for each in books.ledger.requests if books.booked(each.submitted) and not books.draws_of(each.id)}
    claims = [each for each in books.ledger.claims if books.contract_of[each.invoice] == contract]
    funded, repay = books.funded(contract, LOAN), sum(part for _, part in by_request)
    in_time = books.on <= books.terms.last_decision
    return Lost(
        contract=contract,
        title=deal.title,
        repay=repay,
        by_request=tuple(by_request),
        withdraw=sum(each.amount for each in claims if each.request in open_),
        cover=funded - repay,
        freed=funded if in_time else 0,
        others=tuple(
            (each.source, each.amount)
            for each in books.ledger.funding
            if each.contract == contract and each.source not in {LOAN, NATIONAL}
        ),
    )
