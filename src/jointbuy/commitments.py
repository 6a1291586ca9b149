"""Agreements: what a text promises, and what is known of promises that were made.

Lines count from 1, places in a sentence from 0. Nothing here holds a sentence of an agreement: a register says in its
own words what was reported, and a text is the user's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from jointbuy.judged import Average, Compliance, Legalization, Overruled, Parties, Unmet

Rung: TypeAlias = Literal["bound", "firm", "intended", "effort", "explored", "called", "restated", "stated"]
Reported: TypeAlias = Rung | Literal["not reported"]
"""How firm a commitment is as reported; where no verb was reported, that is not known."""
Modality: TypeAlias = Literal["obligation", "permission", "prohibition", "statement"]
Place: TypeAlias = Literal["paragraph", "item", "heading", "footnote"]
Rule: TypeAlias = Literal["word", "stem", "substring"]
Unit: TypeAlias = Literal["line", "page", "paragraph"]
"""What places in a file are told by: a PDF has pages, a DOCX paragraphs."""
RULES: tuple[Rule, ...] = ("word", "stem", "substring")

# --- a text ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an item of a list, a heading or a footnote.

    Attributes:
        lines: places in `text` at which a line of the file begins, with its number; of a page or a paragraph alike.
        label: of an item, such as "(a)" or "3."; "" where there is none.
        depth: how far an item is indented, in characters; of a heading its level.
    """

    text: str
    place: Place
    lines: tuple[tuple[int, int], ...]
    label: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Prose:
    """A text as blocks, with what was left out on the way (scripts, front matter); `unit` is what its lines are."""

    file: str
    digest: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]
    unit: Unit = "line"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or an item read with the words that introduce its list.

    Attributes:
        text: white space made single; `lead` of its characters stand before the list and not in it.
        paragraph: number of its block in the text, from 1.
        quoted: parts of `text` within quotation marks, as places.
        heading: the heading above it, "" without one.
        above: what stands over it, the nearest first: what introduces its list and is not in `text`, then headings.
    """

    text: str
    place: Place
    paragraph: int
    line: int
    label: str
    lead: int
    quoted: tuple[tuple[int, int], ...]
    heading: str
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """What one verb of a sentence says that somebody will, may or must not do, or thinks.

    Attributes:
        actor: who, as written; None where the text does not say.
        meant: whom a pronoun stands for, as far as the sentence before tells; otherwise `actor`.
        verb: what is to be done, as written: the last verb of the chain.
        strength: the rung of the weakest verb of the chain.
        commitment: whether the actor undertakes something (docs/pact.md).
        conditions: phrases that hold it back, as written.
        words: the words that were matched, in order.
        due: the day, or the first and the last day, that the deadline names, as ISO 8601 (2027-06-30,
            2027-01-01/2027-12-31); None where it names none.
        amounts: money, shares and numbers of things, as written; `pact.amounts.amount` brings them in one form.
        frequency: how often, as written; `pact.amounts.frequency` brings it in one form. None where untold.
        clause: the words of the sentence that are this promise, an item with those that introduce its list; "" of one
            that a person added.
    """

    id: str
    sentence: Sentence
    actor: str | None
    meant: str | None
    verb: str
    modality: Modality
    strength: Rung
    commitment: bool
    object: str
    area: str | None
    deadline: str | None
    conditions: tuple[str, ...]
    negated: bool
    quoted: bool
    words: tuple[str, ...]
    due: str | None = None
    amounts: tuple[str, ...] = ()
    frequency: str | None = None
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How often a term occurs, by the rule that was asked for; `by_place` counts each kind of block."""

    term: str
    rule: Rule
    headings: bool
    footnotes: bool
    count: int
    by_place: tuple[tuple[Place, int], ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text promises.

    Attributes:
        unit: what the numbers of its lines count.
        parties: whose text it is; `outside` are ids of what somebody else is told to do, which is no commitment.
        overruled: what a person said otherwise, and `unmet` what of it no longer fits the text.
        scores: of each promise in order; None of what is no commitment.
    """

    file: str
    digest: str
    words: int
    sentences: int
    promises: tuple[Promise, ...]
    counts: tuple[Count, ...]
    areas: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    unit: Unit = "line"
    parties: Parties | None = None
    outside: tuple[str, ...] = ()
    overruled: tuple[Overruled, ...] = ()
    unmet: tuple[Unmet, ...] = ()
    scores: tuple[Legalization | None, ...] = ()


# --- a register -----------------------------------------------------------------------------

Kind: TypeAlias = Literal[
    "announced",
    "under way",
    "concluded",
    "signed",
    "provisionally applied",
    "in force",
    "lapsed",
    "contradicted",
    "step",
]
"""What an event says of the commitments it touches; a `step` is on the way and changes no status."""
Status: TypeAlias = Literal[
    "no evidence found", "announced", "under way", "concluded", "signed", "provisionally applied", "in force",
    "lapsed", "contradicted", "not yet made", "not followed",
]  # fmt: skip
"""`not yet made` on a day before the agreement was; `not followed` where no events are kept."""
Confidence: TypeAlias = Literal["high", "medium", "low"]
"""High: the primary source, or several. Medium: one decent report. Low: weak, general knowledge, or not recorded."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """One commitment of an agreement, in our own words.

    Attributes:
        parties: ISO 3166 codes, and EU for the Union.
        verb: as the source reports it, which need not be the agreement's.
        frequency, amounts, deadline: as reported; None, or no amount, where none was.
        delegated: who was reported to judge it or carry it out for the parties; None where nobody was.
        ties: what of jointbuy works on the same matter: verbs of the command line.
    """

    id: str
    agreement: str
    parties: tuple[str, ...]
    area: str
    summary: str
    verb: str
    strength: Reported
    deadline: str | None
    source: str
    confidence: Confidence
    remark: str = ""
    ties: tuple[str, ...] = ()
    frequency: str | None = None
    amounts: tuple[str, ...] = ()
    delegated: str | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement of the register; `binds` says whether it binds in law."""

    id: str
    title: str
    parties: tuple[str, ...]
    binds: bool
    signed: date
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Basis:
    """What the agreements build on, with its year as far as it was reported."""

    id: str
    title: str
    year: int | None
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `until` ends what lasted; where `day_known` is False, `on` is the latest it can be."""

    id: str
    on: date
    until: date | None
    day_known: bool
    kind: Kind
    summary: str
    touches: tuple[str, ...]
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Partnership:
    """An agreement of the same family: with whom, when signed, and what is known of it.

    Attributes:
        on: the day of signature; None where it was not found, then `year` may be known, or when it was `announced`.
        status: that on the day of the register.
        commitments: those reported of it, by the rules of our own.
    """

    id: str
    title: str
    partner: str
    on: date | None
    source: str
    confidence: Confidence
    remark: str = ""
    status: str = ""
    commitments: tuple[Commitment, ...] = ()
    announced: date | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A commitment with the events that touch it, in order, and the status that follows from them.

    `because` names the event that decided, None where no event did.
    """

    commitment: Commitment
    events: tuple[Event, ...]
    status: Status
    because: Event | None
    legal: Legalization
    compliance: Compliance


@dataclass(frozen=True, slots=True)
class Register:
    """Every commitment as it stood on a day, and the partnerships that it may be compared with.

    Attributes:
        others: commitments reported of other partnerships, of which no events are kept.
        events: what had happened by the day, in order.
        notes: what a reader must know of the day that was asked for.
    """

    on: date
    as_of: date
    agreements: tuple[Agreement, ...]
    areas: tuple[tuple[str, str], ...]
    standings: tuple[Standing, ...]
    partnerships: tuple[Partnership, ...]
    digest: str
    average: Average
    others: tuple[Standing, ...]
    basis: tuple[Basis, ...]
    events: tuple[Event, ...]
    notes: tuple[str, ...] = ()


Shown: TypeAlias = Standing | Event | Partnership | Agreement | Basis
"""What of the register an id may name."""
