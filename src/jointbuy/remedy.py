"""What would make a purchase pass, and at what price: what may be chosen, what was chosen, and what proves it.

Amounts are exact; costs that are chosen among are whole minor units of the contract's currency (§2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from jointbuy.errors import Where
from jointbuy.exact import Origin, Range
from jointbuy.model import Action, Currency
from jointbuy.result import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another source for a part: one row of the file of alternatives.

    `replaces` is the source it takes the place of, by its index in the bill. `price` is for one part in `currency`, as
    the bill counts it. `qualification` is paid once, in the contract's currency. `lead_time` is in days.
    """

    part: str
    replaces: int
    supplier: str | None
    origin: Origin
    price: Range
    currency: Currency
    lead_time: int | None = None
    qualification: Fraction = Fraction(0)
    available_from: date | None = None
    declaration: str | None = None
    evidence: str | None = None
    together: str | None = None
    not_with: tuple[str, ...] = ()
    """Labels: of all alternatives that bear one, no two are chosen."""
    row: Where | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One part that would come from elsewhere.

    `cost` is what it adds over all end products, in minor units; `cost_low` where prices are ranges and turn out well.
    """

    part: str
    name: str | None
    supplier_before: str | None
    supplier: str | None
    origin_before: Origin
    origin: Origin
    each_before: Range
    """What one part costs as it is, in the contract's currency."""
    each: Range
    number: Fraction
    """How many of the part stand in all end products that are bought, from the source that is replaced."""
    qualification: int
    cost: int
    cost_low: int
    lead_time: int | None
    available_from: date | None
    together: str | None
    row: Where | None


@dataclass(frozen=True, slots=True)
class Taken:
    """An action that is part of the answer; `cost` in minor units, None where nobody stated one."""

    action: Action
    cost: int | None
    provisions: tuple[str, ...]
    """The provisions of the findings that it turns."""


@dataclass(frozen=True, slots=True)
class TooLate:
    """An alternative or an action that is not offered, and why."""

    what: str
    because: str
    row: Where | None


@dataclass(frozen=True, slots=True)
class Limit:
    """One row that must hold: a share of a law or of the user, or a number of changes.

    `before` and `after` are shares of one (lowest and highest), or None for what is counted; `room` is what is left to
    the limit in the worst completion, in minor units of one end product. `point` is the price of one percentage point
    of the share: minor units over the whole purchase that the cheapest answer would cost less, were the limit that
    much looser; None where the row is no share or no price was found.
    """

    name: str
    act: str
    provision: str
    product: str
    at_most: bool
    limit: Fraction
    before: Range | None
    after: Range | None
    binds: bool
    room: int | None
    point: Fraction | None


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a frontier: the least cost (minor units) at which a share is at most, or at least, `share`."""

    share: Fraction
    cost: int
    changes: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Frontier:
    """Least cost against a share; `limit` is where the law or the user draws the line, if one does."""

    name: str
    limit: Fraction | None
    at_most: bool
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Runner:
    """A choice that is nearly as cheap: what it costs in all, what is bought elsewhere, and which actions are taken."""

    cost: int
    changes: tuple[Change, ...]
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A finding that no change offered would turn, and what would by the rule's own words."""

    act: str
    title: str
    provision: str
    because: str
    remedies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nearest:
    """How near to a limit that cannot be kept the offers come, and by which changes."""

    name: str
    share: Range
    limit: Fraction
    at_most: bool
    changes: tuple[Change, ...]

    @property
    def keeps(self) -> bool:
        """Whether it is kept by these changes, were it the only limit."""
        return self.share.high <= self.limit if self.at_most else self.share.low >= self.limit


@dataclass(frozen=True, slots=True)
class Fix:
    """The cheapest change that makes a purchase pass, or why there is none among what is offered.

    `cost` and `bound` are minor units; None where nothing passes. `unpriced` says that an action was taken whose cost
    nobody stated, so that the cost is a lower end. `status` says how the search ended.
    """

    before: tuple[Case, ...]
    after: tuple[Case, ...]
    currency: str
    status: str
    cost: int | None
    cost_low: int | None
    bound: int | None
    changes: tuple[Change, ...] = ()
    actions: tuple[Taken, ...] = ()
    unpriced: bool = False
    limits: tuple[Limit, ...] = ()
    frontiers: tuple[Frontier, ...] = ()
    runners_up: tuple[Runner, ...] = ()
    loosened: tuple[Change, ...] = ()
    """Changes that cost more without being needed for their origin: a dearer part from inside loosens the ratio."""
    too_late: tuple[TooLate, ...] = ()
    standing: tuple[Standing, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    refused: tuple[str, ...] = ()
    """What `check` held against cheaper choices that keep every row."""
    notes: tuple[str, ...] = ()
    stopped: bool = False
    """Whether a limit of time was hit."""
    passed: bool = False
    """Whether the purchase passes as it is, so that a change is there only to save."""
    bare: str = ""
    """Why no part can come from elsewhere, where none can."""
    most_changes: int | None = None
    """How many changes were allowed, where nothing passes and that was limited."""
    certificate: Mapping[str, object] = field(default_factory=dict)
    """What `jointbuy verify` rechecks without a solver."""

    @property
    def gap(self) -> Fraction | None:
        """By how much, as a part of the cost, a cheaper answer may at most exist; zero where none does."""
        if self.cost is None or self.bound is None:
            return None
        return Fraction(self.cost - self.bound, max(1, abs(self.cost)))


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether a certificate holds: the same, different, or invalid, with where and why; and what it says."""

    result: Literal["same", "different", "invalid"]
    where: str
    because: str
    cost: int | None = None
    bound: int | None = None
    """Minor units: proven again without a solver that no choice costs less."""
    proven: bool = False
    """Whether that is all that the certificate claims."""
    currency: str = ""
    posed: bool = False
    """Whether a purchase was given, and poses these problems and no others by the law."""
    files: tuple[tuple[str, str], ...] = ()
    """The files that were read, each with `same`, `different` or `not there` where a purchase was given."""
