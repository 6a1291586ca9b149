"""What is judged of promises beside what was read: by a person, by who is party to a text, by scores of the field."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from jointbuy.errors import Where

Degree: TypeAlias = Literal["none", "low", "medium", "high"]
Part: TypeAlias = Literal["commitment", "actor", "strength", "area"]
PARTS: tuple[Part, ...] = ("commitment", "actor", "strength", "area")
"""What of a promise a person may overrule."""


@dataclass(frozen=True, slots=True)
class Overruling:
    """What a person says of one promise in place of the reader.

    Attributes:
        id: of the promise when the person judged it.
        sentence: the first twelve hexadecimal digits of the SHA-256 of its sentence, white space made single.
        says: what it is instead; `commitment` is yes or no, "" of an actor or an area is none.
        where: the line of the person's file.
    """

    id: str
    sentence: str
    says: tuple[tuple[Part, str], ...]
    reason: str
    who: str
    where: Where


@dataclass(frozen=True, slots=True)
class Overruled:
    """An overruling that met its sentence: the promise's id today, and what the reader had said."""

    by: Overruling
    id: str
    before: tuple[tuple[Part, str], ...]


@dataclass(frozen=True, slots=True)
class Unmet:
    """An overruling that no longer fits the text, and why; it is kept in its file and changes nothing."""

    by: Overruling
    why: str


@dataclass(frozen=True, slots=True)
class Parties:
    """Whose text it is: ISO 3166 codes, EU and G7; `how` says how that is known. Of no parties anybody may promise."""

    names: tuple[str, ...]
    how: str


@dataclass(frozen=True, slots=True)
class Legalization:
    """How far something is law: obligation, precision, delegation (Abbott and others, 2000), with the words for it.

    How far it obliges is not reported where no verb was.
    """

    obligation: Degree | Literal["not reported"]
    precision: Degree
    delegation: Degree
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compliance:
    """The research groups' score: 1 complied, 0 in part or under way, -1 not; None where nothing can be scored."""

    score: int | None
    because: str


@dataclass(frozen=True, slots=True)
class Average:
    """Scores together: how many of those that could have one, their mean, and it if the rest were all -1, or all 1.

    There is no mean where fewer than half have a score: it would tell of those that make news. `unreported` of the
    commitments could have none because no verb was reported.
    """

    scored: int
    of: int
    mean: Fraction | None
    low: Fraction
    high: Fraction
    unreported: int = 0
