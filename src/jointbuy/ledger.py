"""The ledger that a ministry keeps of its SAFE loan: what is booked, and what jointbuy finds in it.

Amounts are whole cents of euro (SAFE Art. 9(2)); None is not stated, which is not nothing. A row keeps its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from jointbuy.errors import Where
from jointbuy.lendingpool import Confidence, Deadline, PoolTerms, Way

LOAN, NATIONAL = "SAFE", "national"
"""Sources of money beside the Union programmes that a ledger names."""
ALWAYS = ("justification", "progress")
"""Kinds of documents that go with each request by the text itself (Art. 12(2))."""

# --- what is booked -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Loan:
    """What the Council decided; `agreement` is the day on which the loan agreement entered into force."""

    decided: date
    amount: int
    prefinancing: int
    agreement: date | None
    where: Where


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line of the investment plan: its estimated expenditure, and what of it the loan pays.

    `closed` is the day from which no further contract is made under it.
    """

    id: str
    title: str
    amount: int
    loan: int
    closed: date | None
    where: Where


@dataclass(frozen=True, slots=True)
class Amendment:
    """A new amount of the loan for a line, in an amended plan (Art. 7(5)); None in `approved`: not decided yet."""

    id: str
    line: str
    loan: int
    submitted: date
    approved: date | None
    where: Where


@dataclass(frozen=True, slots=True)
class Deal:
    """A contract: this state's part of its value.

    Attributes:
        line: the plan line it belongs to; empty where none is named.
        purchase: folder of its purchase, as the ledger names it; empty where none is named.
        study_from, study_done: commitment to study replacing a subcontractor (Art. 16(4)(b)), and its end.
    """

    id: str
    line: str
    title: str
    supplier: str
    signed: date
    value: int
    purchase: str
    study_from: date | None
    study_done: date | None
    where: Where


@dataclass(frozen=True, slots=True)
class Milestone:
    """A delivery or another step that is paid for; `delivered` is the day it was accepted."""

    id: str
    contract: str
    title: str
    due: date
    delivered: date | None
    amount: int
    where: Where


@dataclass(frozen=True, slots=True)
class Funding:
    """What of a contract's value a source of money pays."""

    contract: str
    source: str
    amount: int
    where: Where


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice under a contract, and the day it was paid."""

    id: str
    contract: str
    dated: date
    amount: int
    paid: date | None
    where: Where


@dataclass(frozen=True, slots=True)
class Claim:
    """What of an invoice is charged to a source; of the loan, in a request."""

    invoice: str
    source: str
    request: str
    amount: int
    where: Where


@dataclass(frozen=True, slots=True)
class Request:
    """A request for payment (Art. 12(2)); `decided` is the day on which its payment was authorised (Art. 12(3))."""

    id: str
    submitted: date
    amount: int
    decided: date | None
    where: Where


@dataclass(frozen=True, slots=True)
class Draw:
    """Money that came from the loan; `cleared` is pre-financing that was set off against the request beside it."""

    id: str
    kind: Literal["prefinancing", "instalment"]
    received: date
    amount: int
    request: str
    cleared: int
    where: Where


@dataclass(frozen=True, slots=True)
class Document:
    """A document of some kind that goes with a request or belongs to a contract."""

    id: str
    kind: str
    request: str
    contract: str
    issued: date | None
    expires: date | None
    where: Where


@dataclass(frozen=True, slots=True)
class Ledger:
    """A whole ledger.

    Attributes:
        kept: the day of the ledger.
        programmes: Union programmes that also pay.
        with_request, with_contract: kinds of documents that the operational arrangements ask for with each request,
            once and for each contract claimed in it; None where they are not stated.
        gdp: by year, as the user states it, and its source.
    """

    id: str
    title: str
    state: str
    kept: date
    loan: Loan
    programmes: tuple[str, ...]
    with_request: tuple[str, ...] | None
    with_contract: tuple[str, ...]
    gdp: Mapping[int, int]
    gdp_source: str
    lines: tuple[PlanLine, ...]
    amendments: tuple[Amendment, ...]
    contracts: tuple[Deal, ...]
    milestones: tuple[Milestone, ...]
    funding: tuple[Funding, ...]
    invoices: tuple[Invoice, ...]
    claims: tuple[Claim, ...]
    requests: tuple[Request, ...]
    draws: tuple[Draw, ...]
    documents: tuple[Document, ...]
    where: Where


# --- what is known of the escape clause -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Activation:
    """States that may use the clause, from a day that is known to lie between two."""

    states: tuple[str, ...]
    low: date
    high: date
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class EscapeClause:
    """The national escape clause: its share of GDP a year, its years, and who uses it since when."""

    share: Fraction
    first: int
    last: int
    source: str
    as_of: date
    activated: tuple[Activation, ...]
    not_activated: tuple[str, ...]


# --- what is found --------------------------------------------------------------------------

Weight: TypeAlias = Literal["wrong", "missing", "look"]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that does not add up ("wrong"), is not there ("missing") or needs an eye ("look").

    `amount` is the cents it is about, if any; `key` names the check.
    """

    weight: Weight
    key: str
    what: str
    where: Where | None
    why: str = ""
    do: str = ""
    provision: str = ""
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class LineSum:
    """A plan line as of a day: what the plan has, and what became of it, in cents.

    Attributes:
        planned: of the loan, under the plan as last approved.
        contracted: value of its contracts; `loan` is what of that the loan pays.
        claimed: of the loan, in requests; `received`: what of that came, pre-financing that was set off included.
        freed: of a closed line, planned less what its contracts take; 0 otherwise.
        short: what its contracts take beyond what is planned.
    """

    line: str
    title: str
    planned: int
    contracted: int
    loan: int
    invoiced: int
    paid: int
    delivered: int
    claimed: int
    received: int
    freed: int
    short: int


@dataclass(frozen=True, slots=True)
class DealSum:
    """A contract as of a day; `funding` is by source."""

    contract: str
    title: str
    line: str
    value: int
    funding: tuple[tuple[str, int], ...]
    invoiced: int
    paid: int
    delivered: int
    claimed: int
    received: int


@dataclass(frozen=True, slots=True)
class RequestSum:
    """A request: its claims, what came for it, and which documents are there and missing."""

    request: str
    submitted: date
    amount: int
    claimed: int
    drawn: int
    cleared: int
    there: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """Something that falls due: the day, days to it (below zero: past), what, and by which provision."""

    day: date
    days: int
    kind: Literal["deadline", "delivery", "study", "document", "assessment"]
    what: str
    provision: str
    where: Where | None


@dataclass(frozen=True, slots=True)
class Year:
    """One year: deliveries (deficit), the loan's payments (debt), what was paid, and the room of the escape clause.

    `accrued` is the value delivered in it, `planned` that of what is due in it and not delivered yet; `room` is None
    where no GDP is stated; `clause` says whether both lie within it.
    """

    year: int
    accrued: int
    planned: int
    drawn: int
    paid: int
    room: Fraction | None
    clause: Literal["within", "beyond", "unknown", "not activated", "not covered"]


@dataclass(frozen=True, slots=True)
class Transfer:
    """Freed money that an amended plan could move from one line to another; `source` empty: not planned yet."""

    source: str
    target: str
    amount: int


@dataclass(frozen=True, slots=True)
class Lost:
    """What follows if a contract loses its support.

    Attributes:
        repay: what came from the loan for its costs; `by_request` splits it.
        withdraw: what is claimed for it in requests without a payment yet.
        advance: pre-financing that is not set off and that what is left of the other contracts can no longer set off.
        cover: what the loan was still to pay, and another source must.
        freed: what of the plan is free for an amended one; 0 when it is too late for a decision.
        others: what Union programmes pay for it, whose own rules say what follows.
    """

    contract: str
    title: str
    repay: int
    by_request: tuple[tuple[str, int], ...]
    withdraw: int
    advance: int
    cover: int
    freed: int
    others: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Payer:
    """A buyer's part of a purchase's contract value by the pieces it buys."""

    country: str
    quantity: Fraction
    amount: int


@dataclass(frozen=True, slots=True)
class Maker:
    """What of the components' cost is declared to come from a country: least and most share."""

    country: str
    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase that a contract names: its verdict, who pays and who makes what.

    `value` is the whole contract's in cents of `currency`; None where the file has none.
    """

    contract: str
    purchase: str
    title: str
    outcome: str
    conditions: tuple[str, ...]
    value: int | None
    currency: str
    payers: tuple[Payer, ...]
    makers: tuple[Maker, ...]
    undeclared: Fraction | None


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer: the ledger as of a day, with everything found in it.

    `free` is what of the loan no plan line has; `uncleared` is pre-financing that came and was not set off yet.
    """

    ledger: Ledger
    on: date
    terms: PoolTerms
    clause: EscapeClause
    titles: Mapping[str, str]
    remarks: tuple[Remark, ...]
    lines: tuple[LineSum, ...]
    contracts: tuple[DealSum, ...]
    requests: tuple[RequestSum, ...]
    drawn: int
    uncleared: int
    free: int
    requests_left: int
    due: tuple[Due, ...]
    years: tuple[Year, ...]
    transfers: tuple[Transfer, ...]
    ways: tuple[Way, ...]
    deadlines: tuple[Deadline, ...]
    bought: tuple[Bought, ...]
    lost: Lost | None
    digests: Mapping[str, str]
