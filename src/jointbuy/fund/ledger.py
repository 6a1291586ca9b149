"""A state's ledger as of a day: plan lines, contracts, requests and draws brought together to the cent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from jointbuy.ledger import (
    ALWAYS,
    LOAN,
    NATIONAL,
    Claim,
    Deal,
    DealSum,
    Document,
    Draw,
    Funding,
    Invoice,
    Ledger,
    LineSum,
    Lost,
    Milestone,
    PlanLine,
    Request,
    RequestSum,
    Transfer,
)
from jointbuy.lendingpool import PoolTerms
from jointbuy.money import split

T = TypeVar("T")
Key = TypeVar("Key", bound=Hashable)


def grouped(rows: Iterable[T], key: Callable[[T], Key]) -> dict[Key, list[T]]:
    """Rows by a key, in their order."""
    found: dict[Key, list[T]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return dict(found)


def summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Amounts added up by their key."""
    found: dict[str, int] = defaultdict(int)
    for key, amount in pairs:
        found[key] += amount
    return dict(found)


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

    @cached_property
    def funding(self) -> dict[str, list[Funding]]:
        """Rows of funding by contract."""
        return grouped(self.ledger.funding, lambda each: each.contract)

    @cached_property
    def milestones(self) -> dict[str, list[Milestone]]:
        """Milestones by contract."""
        return grouped(self.ledger.milestones, lambda each: each.contract)

    @cached_property
    def invoices(self) -> dict[str, list[Invoice]]:
        """Invoices by contract."""
        return grouped(self.ledger.invoices, lambda each: each.contract)

    @cached_property
    def claims(self) -> dict[str, list[Claim]]:
        """Claims by request; those on other sources under ""."""
        return grouped(self.ledger.claims, lambda each: each.request)

    @cached_property
    def of_contract(self) -> dict[tuple[str, str], list[Document]]:
        """Documents by kind and contract."""
        return grouped(self.ledger.documents, lambda each: (each.kind, each.contract))

    @cached_property
    def of_request(self) -> dict[tuple[str, str], list[Document]]:
        """Documents by kind and request."""
        return grouped(self.ledger.documents, lambda each: (each.kind, each.request))

    @cached_property
    def _draws(self) -> dict[str, list[Draw]]:
        return grouped((each for each in self.ledger.draws if self.booked(each.received)), lambda each: each.request)

    @cached_property
    def _received(self) -> dict[str, int]:
        return summed((contract, part) for (_, contract), part in self.received.items())

    @cached_property
    def _claimed(self) -> dict[str, int]:
        booked = {each.id for each in self.ledger.requests if self.booked(each.submitted)}
        return summed(
            (self.contract_of[each.invoice], each.amount) for each in self.ledger.claims if each.request in booked
        )

    def funded(self, contract: str, source: str) -> int:
        """What of a contract a source pays."""
        return sum(each.amount for each in self.funding.get(contract, ()) if each.source == source)

    @cached_property
    def received(self) -> dict[tuple[str, str], int]:
        """What came from the loan by request and contract, pre-financing that was set off included.

        What came for a request is shared out over its claims to the cent: less may have come than was claimed.
        """
        found: dict[tuple[str, str], int] = defaultdict(int)
        for request in self.ledger.requests:
            came = sum(each.amount + each.cleared for each in self.draws_of(request.id))
            claims = self.claims.get(request.id, [])
            if came and sum(each.amount for each in claims):
                for each, part in zip(claims, split(came, [each.amount for each in claims]), strict=True):
                    found[request.id, self.contract_of[each.invoice]] += part
        return found

    def draws_of(self, request: str) -> list[Draw]:
        """Draws for a request that have come by the day."""
        return self._draws.get(request, [])

    def claimed(self, contract: str) -> int:
        """What of the loan is claimed for a contract, in requests submitted by the day."""
        return self._claimed.get(contract, 0)

    def came(self, contract: str) -> int:
        """What came from the loan for a contract."""
        return self._received.get(contract, 0)

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
    invoices = [each for each in books.invoices.get(deal.id, ()) if books.booked(each.dated)]
    steps = books.milestones.get(deal.id, ())
    return DealSum(
        contract=deal.id,
        title=deal.title,
        line=deal.line,
        value=deal.value,
        funding=tuple((each.source, each.amount) for each in books.funding.get(deal.id, ())),
        invoiced=sum(each.amount for each in invoices),
        paid=sum(each.amount for each in invoices if books.booked(each.paid)),
        delivered=sum(each.amount for each in steps if books.booked(each.delivered)),
        claimed=books.claimed(deal.id),
        received=books.came(deal.id),
    )


def line_sums(books: Books, deals: Sequence[DealSum]) -> tuple[LineSum, ...]:
    """Every plan line with its contracts; what a closed one does not need is freed."""
    by_line = grouped(deals, lambda deal: deal.line)
    return tuple(_line(books, line, by_line.get(line.id, [])) for line in books.ledger.lines)


def _line(books: Books, line: PlanLine, deals: Sequence[DealSum]) -> LineSum:
    planned, loan = books.planned[line.id], sum(dict(deal.funding).get(LOAN, 0) for deal in deals)
    return LineSum(
        line=line.id,
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
    claims = books.claims.get(request.id, [])
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

    One of a contract that names a request goes with that one only; one that names none goes with any.
    """
    day = request.submitted
    if contract is None:
        documents = books.of_request.get((kind, request.id), [])
    else:
        documents = [each for each in books.of_contract.get((kind, contract), ()) if each.request in {request.id, ""}]
    return any(
        (each.issued is None or each.issued <= day) and (each.expires is None or each.expires >= day)
        for each in documents
    )


def lost(books: Books, contract: str) -> Lost:
    """What follows if a contract loses its support; the contract must be in the ledger."""
    deal = books.deals[contract]
    by_request = [(request, part) for (request, each), part in books.received.items() if each == contract and part]
    open_ = {each.id for each in books.ledger.requests if books.booked(each.submitted) and not books.draws_of(each.id)}
    claims = [each for each in books.ledger.claims if books.contract_of[each.invoice] == contract]
    funded, repay = books.funded(contract, LOAN), sum(part for _, part in by_request)
    others = [deal.id for deal in books.ledger.contracts if deal.id != contract]
    left = sum(max(0, books.funded(each, LOAN) - books.came(each)) for each in others)
    in_time = books.on <= books.terms.last_decision
    return Lost(
        contract=contract,
        title=deal.title,
        repay=repay,
        by_request=tuple(by_request),
        withdraw=sum(each.amount for each in claims if each.request in open_),
        advance=max(0, books.uncleared - left),
        cover=funded - repay,
        freed=funded if in_time else 0,
        others=tuple(
            (each.source, each.amount)
            for each in books.funding.get(contract, ())
            if each.source not in {LOAN, NATIONAL}
        ),
    )
