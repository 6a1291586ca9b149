"""Agreements beside each other, and many texts in one run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from jointbuy.commitments import Count, Partnership, Reported, Rung, Status, Unit
from jointbuy.judged import Degree

Change: TypeAlias = Literal[
    "reversed", "firmer", "softer", "firmness not reported", "other actor", "other area",
    "deadline added", "deadline dropped", "deadline changed", "deadline reported of one alone",
    "amount added", "amount dropped", "amount changed", "amount reported of one alone",
    "frequency added", "frequency dropped", "frequency changed", "frequency reported of one alone",
    "condition added", "condition dropped", "condition changed",
    "status changed", "reads otherwise",
    "no longer a promise: permitted", "no longer a promise: denied", "no longer a promise: called for",
    "no longer a promise: stated", "now a promise: permitted before", "now a promise: denied before",
    "now a promise: called for before", "now a promise: stated before",
]  # fmt: skip
"""How the second of two matched commitments differs from the first; `reversed` where one says not to do it."""
Lesser: TypeAlias = Literal["permitted", "denied", "called for", "stated"]
"""What is told of somebody's deed without a promise."""
Reach: TypeAlias = Literal["whole", "in part", "nothing reported", "not made yet"]
"""How much of an agreement a side knows: a text is whole, of the register is known what was reported, if anything."""


@dataclass(frozen=True, slots=True)
class Item:
    """A commitment of one side, from a text or from the register.

    Attributes:
        strength: of the register not reported where no verb was.
        text: its sentence, or the register's own words.
        line: of a text, or its page or paragraph, as `unit` says; None in the register.
        status: of the register on the day; None of a text.
        clause: of a text, the words of the sentence that are this commitment; "" where that is not told.
        lesser: where it is no commitment, what it is.
        due: of a text, the day or days that the deadline names, as ISO 8601; None where it names none.
    """

    id: str
    actor: str
    verb: str
    strength: Reported
    area: str | None
    object: str
    deadline: str | None
    text: str
    line: int | None = None
    unit: Unit = "line"
    status: Status | None = None
    negated: bool = False
    frequency: str | None = None
    amounts: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    due: str | None = None
    clause: str = ""
    lesser: Lesser | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One of two agreements: `name` as it was asked for.

    Attributes:
        words: how long a text is; None of the register, whose commitments are as reported and in our own words.
        lesser: what a text permits, denies, calls for or states of somebody, which is no commitment.
        facts: of a registered partnership: with whom, when, and how sure that is.
    """

    name: str
    title: str
    items: tuple[Item, ...]
    counts: tuple[Count, ...]
    digest: str
    words: int | None = None
    on: date | None = None
    facts: Partnership | None = None
    notes: tuple[str, ...] = ()
    reach: Reach = "whole"
    lesser: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two commitments that speak of the same; `alike` is the share of the shorter one's words that both have.

    Where it is no longer a promise, or is now one, one of the two is none. `apart` are the words that only the first
    and only the second has, where they read otherwise; empty elsewhere.
    """

    first: Item
    second: Item
    alike: Fraction
    changes: tuple[Change, ...]
    apart: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two agreements side by side; what only one has is in the order of its text.

    Where nothing is reported of one of them, nothing is set beside each other and nothing is only in one.
    """

    first: Side
    second: Side
    pairs: tuple[Pair, ...]
    only_first: tuple[Item, ...]
    only_second: tuple[Item, ...]
    areas: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One of many texts: how many commitments it has for each area and rung (area "" where none was told)."""

    file: str
    digest: str
    words: int
    sentences: int
    commitments: int
    by: tuple[tuple[tuple[str, Rung], int], ...]
    precision: tuple[tuple[Degree, int], ...]
    counts: tuple[Count, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A text that could not be read, and all that is wrong with it."""

    file: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Documents:
    """Many texts in the order of their names; the faults of some stopped none of the others."""

    documents: tuple[Document, ...]
    faults: tuple[Fault, ...]
    areas: tuple[tuple[str, str], ...]
