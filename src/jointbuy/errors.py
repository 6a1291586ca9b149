"""What goes wrong, and the words for it (conventions §9, §10).

Trouble in a user's file is a value, a `Problem`; one run collects them all. An
exception is for input that cannot be used at all (`Unusable` carries its problems)
and for mistakes in the law data or in our own code (`LawError`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in a user's file: `line` counts from 1; `cell` is a workbook's `Sheet!B7`, or a JSON path."""

    file: str
    line: int | None = None
    cell: str | None = None

    def __str__(self) -> str:
        if self.cell:
            return f"{self.file}:{self.cell}"
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stops a file from being used: what, where, why, and what to do next."""

    what: str
    where: Where | None = None
    why: str = ""
    do: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        why = f": {self.why}" if self.why else ""
        do = f"; {self.do}" if self.do else ""
        return f"{place}{self.what}{why}{do}"


class JointbuyError(Exception):
    """Base of all errors that are shown to a user as words, never as a traceback."""


class Limit(JointbuyError):
    """A limit of memory or time was hit; nothing was written."""


class Unusable(JointbuyError):
    """Input that cannot be used; `problems` holds every reason found, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class LawError(JointbuyError):
    """Law data that contradicts itself or cites nothing: a mistake in a law file (§8)."""


class NotInForce(LawError):
    """A parameter or agreement was asked for on a date for which no value stands (§5)."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The advice for a near miss: `did you mean "quantity"?`, or nothing."""
    folded = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=0.7)
    return f'did you mean "{folded[near[0]]}"?' if near else ""
