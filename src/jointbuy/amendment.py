"""What differs between two states of the law, and whose answers it changes: records. Frozen to the leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from jointbuy.result import Outcome

Kind = Literal["parameter", "group", "reading"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs: a parameter's value, who is in a group, or the default of a reading.

    `before` and `after` are None where no value stands; of a group they list who left and who came.
    """

    kind: Kind
    id: str
    title: str
    before: str | None
    after: str | None
    provision: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Amended:
    """A purchase under both: its answers, the findings that differ, and the changes that make the difference.

    `unread` says why its files could not be used; the answers are None then.
    """

    purchase: str
    before: Outcome | None
    after: Outcome | None
    findings: tuple[str, ...]
    through: tuple[str, ...]
    unread: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """Everything that differs between an act's law on two days, and the purchases looked at."""

    act: str
    before: date
    after: date
    changes: tuple[Change, ...]
    purchases: tuple[Amended, ...]
