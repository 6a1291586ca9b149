"""What jointbuy answers beside a verdict: a bill in another format, and questions about the content of a purchase."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from jointbuy.errors import Where
from jointbuy.exact import Range
from jointbuy.materials import Minerals
from jointbuy.result import Answer, Case, Lost


@dataclass(frozen=True, slots=True)
class Converted:
    """A bill of materials written in another format.

    `parts`, `uses` and `sources` count the records of the bill; `digests` holds `sha256:…` of every file read,
    by its name, and of the one written.
    """

    source: str
    target: str
    parts: int
    uses: int
    sources: int
    lost: tuple[Lost, ...]
    notes: tuple[str, ...]
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Carrier:
    """One path from an end product to a part, and what it carries of a country's value.

    `quantity` is how many of the part stand in one end product by this path; `amount` in the contract's currency.
    """

    path: tuple[str, ...]
    name: str | None
    quantity: Fraction
    amount: Range


@dataclass(frozen=True, slots=True)
class Why:
    """The value from a country (None: undeclared) in one end product, and the paths that carry most of it."""

    product: str
    country: str | None
    total: Range
    carriers: tuple[Carrier, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a part: how many one parent needs, and how many stand so in each end product."""

    parent: str
    name: str | None
    quantity: Fraction
    inside: tuple[tuple[str, Fraction], ...]
    row: Where


@dataclass(frozen=True, slots=True)
class Moved:
    """A line that changed between two versions: its cost, what of it is outside, and by how much it moved the share.

    `because` is what was changed in the file, where that can be told.
    """

    part: str
    supplier: str
    cost_before: Fraction
    cost_after: Fraction
    outside_before: Fraction
    outside_after: Fraction
    by: Fraction
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moves:
    """What moved the share of an end product from outside, undeclared counted as outside."""

    product: str
    before: Fraction | None
    after: Fraction | None
    lines: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Price:
    """A price of the bill, and how often it counts in an end product; what is not surely from inside is outside.

    `worth` in the contract's currency. Of what counts by itself `whole` is in the cost of components, `outside` of that
    is outside, and `beside` is value that is no component. `rests` tells how often it counts in which rest, `valued`
    how often in what the share is measured against.
    """

    part: str
    supplier: str | None
    currency: str
    worth: Range
    outside: Fraction
    whole: Fraction
    beside: Fraction
    valued: Fraction
    rests: tuple[tuple[int, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Priced:
    """What an end product costs and what of it is outside, as a function of the prices of the bill.

    `rests` are amounts that are never below nothing, what assemblies cost beyond their parts, each by the share of it
    that is outside. `value` and what prices are `valued` is what the share is measured against, where the cost of
    components is less; None: nothing else.
    """

    product: str
    prices: tuple[Price, ...]
    rests: tuple[Fraction, ...]
    value: Fraction | None


@dataclass(frozen=True, slots=True)
class BreakEven:
    """By how much a currency, or the price of a part, must change for a limit to be met exactly (0.05: 5 % dearer)."""

    product: str
    currency: str | None
    part: str | None
    supplier: str | None
    change: Fraction


@dataclass(frozen=True, slots=True)
class Stressed:
    """What became of a share from outside when every price and rate was off by up to `error`, over `draws` draws.

    `broken` of them broke the limit; `histogram` has the lower end of each step of the share and its draws; `varied`
    says how many lines were varied by themselves, `others` whether more lines moved with their rates alone.
    """

    product: str
    limit: Fraction
    error: Fraction
    seed: int
    draws: int
    broken: int
    quantiles: tuple[tuple[str, Fraction], ...]
    histogram: tuple[tuple[Fraction, int], ...]
    varied: int
    others: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """What became of the share of an end product from outside under some changes, and whether it keeps the limit.

    `outside` is exact, or where `bound` a range that holds the exact one, some ten digits wide.
    """

    name: str
    product: str
    changes: int
    outside: Range | None
    keeps: Answer
    bound: bool


@dataclass(frozen=True, slots=True)
class Variant:
    """The share from outside under another method, cost basis or base, under the name that trade law has for it."""

    product: str
    kind: Literal["method", "cost", "base", "policy", "material"]
    name: str
    term: str
    outside: Range | None
    bound: bool = False
    """Whether the true range may be narrower."""
    chosen: bool = False
    """Whether the verdict was made with it."""


@dataclass(frozen=True, slots=True)
class Explored:
    """A case with what was asked about its content beside the verdict; empty where it was not asked."""

    case: Case
    limit: Fraction | None = None
    """The highest share of components from outside by the act's own rule."""
    variants: tuple[Variant, ...] = ()
    why: tuple[Why, ...] = ()
    used: tuple[Use, ...] = ()
    moves: tuple[Moves, ...] = ()
    break_evens: tuple[BreakEven, ...] = ()
    stressed: tuple[Stressed, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    minerals: Minerals | None = None
