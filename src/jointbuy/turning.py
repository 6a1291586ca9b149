"""What would turn a finding or a verdict: what would have to be otherwise. A statement, never advice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

Kind = Literal["money", "date", "number", "place", "word", "answer", "fact", "member", "judgement"]
"""What a step is about: `fact` is something stated or left out; `member` one more of a kind, such as a buyer."""

MEASURED: tuple[Kind, ...] = ("money", "date", "number")
"""Kinds of steps whose distance can be told."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that would have to be otherwise.

    `text` says what would be true, `subject` of whom. `fact` is its name among the facts of rules, such as
    `entities[0].established_in`, or the key of a question; `to` the nearest value that does, where there is one.
    """

    kind: Kind
    text: str
    subject: str
    fact: str
    to: str | bool | date | Fraction | None = None
    by: Fraction | int | None = None
    """How far that is. Days, earlier or later; for a number the difference; for money what moves in one end product at
    equal cost, in the contract's currency and in whole minor units."""
    alone: Fraction | None = None
    """For money: what would have to drop out, or be added, if nothing replaced it; of a share of the value of an end
    product how much lower, or higher, the value would have to be."""
    least: Fraction | None = None
    """For money: what would have to move if all that is undeclared proved to be on the right side."""
    group: str = ""
    """For a place or money: the id of the group of countries."""
    verified: bool = True
    """Whether the law it rests on was read by us."""
    of: tuple[Step, ...] = ()
    """For one more member: what would be true of it."""


@dataclass(frozen=True, slots=True)
class Way:
    """Steps that turn a finding together."""

    steps: tuple[Step, ...]

    @property
    def distance(self) -> tuple[int, Fraction]:
        """How far off it is: money first, then days and numbers, then what cannot be measured."""
        (step, *others) = self.steps
        measured = not others and step.kind in MEASURED and step.by is not None
        return (MEASURED.index(step.kind), Fraction(step.by or 0)) if measured else (len(MEASURED), Fraction(0))

    @property
    def measured(self) -> bool:
        """Whether it says how far off it is."""
        return self.distance[0] < len(MEASURED)


@dataclass(frozen=True, slots=True)
class Turns:
    """The shortest ways to turn a finding, and whether there are more of them. Without any, no fact turns it."""

    ways: tuple[Way, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Turned:
    """A finding that would turn, by its rule and route, and how."""

    rule: str
    title: str
    provision: str
    route: str | None
    turns: Turns


@dataclass(frozen=True, slots=True)
class Needed:
    """What turns one condition: any one of these findings."""

    condition: str
    findings: tuple[Turned, ...]


@dataclass(frozen=True, slots=True)
class Turning:
    """The smallest sets of conditions that turn a verdict: any one set, all of its conditions.

    Empty where no change of facts does. "No longer eligible" is not eligible, or undetermined where a set only opens
    what was met; the set nearest its edge is the first.
    """

    towards: Literal["eligible", "no longer eligible"]
    sets: tuple[tuple[Needed, ...], ...]
