"""What an expression came to: status, reasons, values compared, and the questions that are open."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

from jointbuy.errors import Where
from jointbuy.exact import Range
from jointbuy.rules import S

IN_GROUP = " among "
"""Between a country and its group, where nobody has read that it belongs there."""


class Question(NamedTuple):
    """A judgement that nobody has settled yet, with the key that settles it, and the provision where one is named."""

    key: str
    text: str
    who: str
    provision: str = ""


class Node(NamedTuple):
    """What an expression came to. Branches carry the values of the member that decided."""

    status: S
    because: str
    value: Range | date | str | None = None
    limit: Fraction | date | str | None = None
    unit: Literal["share", "date", "country", "word", "count", ""] = ""
    margin: Range | int | None = None
    margin_money: Fraction | None = None
    sources: tuple[Where, ...] = ()
    unverified: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    subject: str = ""
    parts: tuple[Node, ...] = ()
    cited: str = ""
    """The provision under which it does not hold, where a rule names one."""
    by: tuple[str, ...] = ()
    """The provisions by which it is met, where a rule names several."""


Seen: TypeAlias = dict[tuple[int, int], Node]
"""What every expression came to, by its identity and that of the facts it was held against."""
