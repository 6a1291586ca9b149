"""The pool of SAFE loans: what is known of each state's loan, what the act says, and how the pool stands on a day.

Amounts are whole cents of euro, in which the loans are given (SAFE Art. 9(2)).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from jointbuy.errors import Where

CENTS = 100
What: TypeAlias = Literal["tentative", "asked", "proposed", "decided", "open", "prefinancing paid", "instalment paid"]
WHATS: tuple[What, ...] = (
    "tentative",
    "asked",
    "proposed",
    "decided",
    "open",
    "prefinancing paid",
    "instalment paid",
)
Confidence: TypeAlias = Literal["high", "medium", "low"]
CONFIDENCES: tuple[Confidence, ...] = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Amount:
    """Cents between `low` and `high`, one and the same where the amount is known to the cent."""

    low: int
    high: int

    @property
    def exact(self) -> bool:
        """Whether it is known to the cent."""
        return self.low == self.high

    def plus(self, other: Amount) -> Amount:
        """The sum of two amounts."""
        return Amount(self.low + other.low, self.high + other.high)

    def less(self, other: Amount) -> Amount:
        """The difference of two amounts that have nothing to do with each other."""
        return Amount(self.low - other.high, self.high - other.low)


NOTHING = Amount(0, 0)

# --- what is known --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    """One dated thing that a source says of a state's loan.

    Attributes:
        state: its country code.
        what: the kind; "open" tells only that nothing was decided.
        on: the day of it, or the last that it can have been.
        known_since: the day from which it was known (§5).
        amount: cents; None where the source has none.
        prefinancing: of a decision, what is to be paid in advance; None where the source does not say.
        told: the words of the source where the amount is round, or what else it says.
    """

    state: str
    what: What
    on: date
    known_since: date
    amount: Amount | None
    prefinancing: Amount | None
    told: str
    source: str
    confidence: Confidence
    where: Where


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts, and whose they are; `laid_over` names the file of the user's that was laid over ours, if any."""

    title: str
    as_of: date
    facts: tuple[Fact, ...]
    laid_over: str = ""


@dataclass(frozen=True, slots=True)
class PoolTerms:
    """What the act says on a day about all loans together, from its parameters.

    Attributes:
        maximum: cents that may be lent in all.
        largest, share: so many states may be granted no more than this share of the maximum.
        prefinancing: the highest share of a loan that may be asked for in advance.
        requests: requests for payment in a year.
        assessment_months: months within which the Commission assesses one.
        study_years: years in which replacing a subcontractor from outside is to be studied.
        last_request, last_call, last_decision, ends: last days of requests, a new call, decisions and payments.
        provisions: where each of these stands, by its name here.
        lenders: states that may borrow by law.
    """

    maximum: int
    largest: int
    share: Fraction
    prefinancing: Fraction
    requests: int
    assessment_months: int
    study_years: int
    last_request: date
    last_call: date
    last_decision: date
    ends: date
    provisions: Mapping[str, str]
    lenders: tuple[str, ...]


# --- how the pool stands --------------------------------------------------------------------

Status: TypeAlias = Literal["decided", "decided, amount not known", "not decided"]


@dataclass(frozen=True, slots=True)
class Allocation:
    """One state's loan on a day; None is not known, which is not nothing.

    Attributes:
        tentative, proposed, decided: amounts at each step.
        prefinancing: what the decision grants in advance; zero where none was asked.
        at_the_top: whether that is the highest share of the loan that the act allows, to the cent; None if unknown.
        drawn: what is known to have been paid.
        left: what of the decided amount is not known to have been paid.
        freed: tentative less decided, below zero where more was decided.
        facts: all that this rests on, oldest first.
    """

    country: str
    title: str
    status: Status
    tentative: Amount | None
    proposed: Amount | None
    decided: Amount | None
    decided_on: date | None
    prefinancing: Amount | None
    at_the_top: bool | None
    drawn: Amount | None
    left: Amount | None
    freed: Amount | None
    facts: tuple[Fact, ...]

    @property
    def amount(self) -> Amount | None:
        """The decided amount; before a decision the tentative one."""
        return self.tentative if self.status == "not decided" else self.decided


Basis: TypeAlias = Literal["decided", "tentative", "decided, else tentative"]
Answer: TypeAlias = Literal["met", "not met", "unknown"]


@dataclass(frozen=True, slots=True)
class Concentration:
    """The largest borrowers against the cap (SAFE Art. 13).

    Attributes:
        basis: which amounts are added up.
        largest: the states, largest first.
        alike: others with as much as the last of them, who might stand in its place.
        amount: what these have together, as far as it is known.
        unknown: states of that basis without a known amount.
        limit: cents.
        status: met, not met, or unknown because of what is not known.
        breaks_above: what the states in `unknown` would together have to exceed before the cap could break.
    """

    basis: Basis
    largest: tuple[str, ...]
    alike: tuple[str, ...]
    amount: Amount
    unknown: tuple[str, ...]
    limit: int
    status: Answer
    breaks_above: int | None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A last day, how many days are left to it (below zero: past), and where it stands."""

    what: str
    day: date
    days: int
    provision: str

    @property
    def state(self) -> Literal["past", "near", "ahead"]:
        """Past, within `NEAR` days, or further ahead."""
        return "past" if self.days < 0 else "near" if self.days <= NEAR else "ahead"


NEAR = 180
"""Days before a deadline from which on it is warned of: half a year, the time between two requests for payment."""


@dataclass(frozen=True, slots=True)
class Way:
    """Something that money left over may still be used for: until when, by which provision, and whether it is open."""

    what: str
    until: date
    open: bool
    provision: str


@dataclass(frozen=True, slots=True)
class Pool:
    """The pool on a day.

    Attributes:
        decided: sum of the decided amounts that are known; likewise the others.
        freed: tentative less decided, over the states of which both are known.
        expected: tentative less what the Commission has proposed, of states without a decision.
        undecided: tentative amounts of states without a decision.
        unlent: the maximum less what is decided, as far as known; None where a decided amount is not known.
        notes: what the answer rests on and cannot show.
    """

    on: date
    known_on: date
    facts: Facts
    terms: PoolTerms
    allocations: tuple[Allocation, ...]
    tentative: Amount
    decided: Amount
    prefinancing: Amount
    drawn: Amount
    freed: Amount
    expected: Amount
    undecided: Amount
    unlent: Amount | None
    concentration: tuple[Concentration, ...]
    deadlines: tuple[Deadline, ...]
    ways: tuple[Way, ...]
    notes: tuple[str, ...]
