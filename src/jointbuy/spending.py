"""What states spend on defence, what they pledged, and on whom they depend: figures as published, and what follows.

A share is an exact part of one; a figure that its publisher rounded is a range. Money in a figure is in whole units of
its currency; what a plan states is in minor units. Years are calendar years.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from jointbuy.errors import Where
from jointbuy.exact import Range
from jointbuy.lendingpool import Amount
from jointbuy.money import Money
from jointbuy.parameters import Standing

Measure: TypeAlias = Literal["share", "spent", "gdp", "equipment", "related"]
"""Core defence spending as a share of GDP; as money; GDP; equipment as a share of spending; defence-related spending
as a share of GDP."""
Status: TypeAlias = Literal["met", "not met", "unknown"]
Profile: TypeAlias = Literal["linear", "after-review", "by-review"]
PROFILES: tuple[Profile, ...] = ("linear", "after-review", "by-review")
What: TypeAlias = Literal["contracts", "capital spending", "content", "imports"]
WHATS: tuple[What, ...] = ("contracts", "capital spending", "content", "imports")

# --- what was published or stated -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of one publisher's table. Figures of two editions never meet unless a person says so.

    Attributes:
        name: such as "NATO 2026" or "Eurostat gov_ev 2026-04-27".
        definition: what counts as spending there, where that differs from what the pledge means.
        credit: what its terms ask whoever uses it to say.
    """

    name: str
    title: str
    definition: str
    credit: str
    file: str
    digest: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of one country and year.

    Attributes:
        value: all it can be, given how it was rounded.
        published: the number as published.
        currency: of money; None of a share.
        prices: "current prices", or of which year prices and exchange rates are.
        estimate: whether the publisher marks it so.
        editions: where it comes from; several where it was computed from several.
        source: address, or what it was computed from.
    """

    country: str
    year: int
    measure: Measure
    value: Range
    published: Fraction
    currency: str | None
    prices: str
    estimate: bool
    editions: tuple[str, ...]
    where: Where | None
    source: str = ""
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of one edition, and what has to be said of them."""

    edition: Edition
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """What a state plans to spend in a year, minor units; `loan` is the part of it that loans pay, None if unsaid."""

    state: str
    year: int
    amount: int
    loan: int | None
    currency: str
    name: str
    where: Where


@dataclass(frozen=True, slots=True)
class Statement:
    """One published share of what a buyer gets from one country.

    Attributes:
        buyer: code or name of who depends; `supplier`: on whom.
        what: the kind of dependence.
        base: what the share is a share of, in the source's own sense.
        unit: "money", "volume" (SIPRI's trend-indicator values), or "not said".
        since: first year it speaks of; `until`: the last; None where it is not said.
        share: what was stated; a bound one-sided ("more than 70 %") runs to the end.
        said: who said it, and how.
        told: the day it was said or published.
    """

    id: str
    buyer: str
    supplier: str
    what: What
    base: str
    unit: str
    since: int | None
    until: int | None
    share: Range
    said: str
    told: date | None
    source: str
    verified: bool
    aim: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """What the user's files state."""

    tables: tuple[Table, ...]
    planned: tuple[Planned, ...]
    statements: tuple[Statement, ...]
    digests: Mapping[str, str]


def rounded(published: Fraction, decimals: int) -> Range:
    """All that a number published with so many decimals can be, both ends included."""
    half = Fraction(1, 2 * 10**decimals)
    return Range(published - half, published + half)


# --- what we ship as facts ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Activation:
    """A state whose national escape clause is active, from a day on."""

    country: str
    since: date
    source: str
    verified: bool
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A loan that the Council decided; `amount` a range of euro cents, None where the sum was not found."""

    country: str
    amount: Amount | None
    on: date
    source: str
    verified: bool
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """What has to be said of figures of some countries; of all where it names none."""

    publisher: str
    countries: tuple[str, ...]
    text: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """The pledges as they stand on a day."""

    floor: Standing
    ceiling: Standing
    equipment: Standing
    aim_year: Standing
    review_year: Standing


# --- what follows ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Position:
    """A state in a year against floor, ceiling and equipment share.

    Attributes:
        share: core spending as a share of GDP; None where nothing states it.
        gap: floor less share, in points of GDP as parts of one; negative above the floor.
        counted: of defence-related spending what counts, at most the ceiling; None where it is not stated.
        money: spending as money, in the state's own currency where that is published.
        gdp: of that year, where it is stated or follows; `short` is what is missing to the floor, in its currency.
    """

    country: str
    year: int
    share: Figure | None
    status: Status
    gap: Range | None
    related: Figure | None
    counted: Range | None
    equipment: Figure | None
    equipment_status: Status
    money: Figure | None
    gdp: Figure | None
    short: Range | None


@dataclass(frozen=True, slots=True)
class Step:
    """One year of a path.

    Attributes:
        share: of GDP, as the path asks.
        gdp: in whole units of the path's currency; None where nothing states it.
        level: spending that the path asks for; `more`: what of it is beyond the base year's share of GDP.
        planned: what plans state for that year, one sum for each currency, minor units.
        loans: what of it loans pay, of plans that say so.
    """

    year: int
    share: Range
    gdp: Range | None
    level: Range | None
    more: Range | None
    planned: tuple[Money, ...] = ()
    loans: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """The way from the last year that is known to the floor.

    `more` is the sum of what every year takes beyond the base year's share; `assumed` says what was assumed.
    """

    profile: Profile
    base: Figure
    steps: tuple[Step, ...]
    currency: str | None
    prices: str
    more: Range | None
    review: Range | None
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """All about one state: each year that is known, the year asked for, and the path.

    `bound` tells whether it is an ally, and so has pledged; who has not is shown beside those who have. `loan` is what
    the Council decided for it under SAFE, `clause` its escape clause, where it is active.
    """

    country: str
    title: str
    bound: bool
    asked: Position
    years: tuple[Position, ...]
    path: Path | None
    loan: Decided | None
    clause: Activation | None
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why published shares cannot be set beside each other as they stand, and which ones."""

    kind: Literal["more than the whole", "do not agree", "not money"]
    text: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rearm:
    """ReArm Europe's sum and its two parts, in euro cents: what is potential, and what of it is decided.

    Attributes:
        clause: what escape clauses would make room for if every state used them in full: no money.
        loans: what loans may come to; `decided`: what the Council decided, as far as its sums are known.
        cap: room under the clause in a year, as a part of GDP.
        years: in which the clause applies.
    """

    total: int
    clause: int
    loans: int
    cap: Fraction
    years: tuple[int, int]
    active: tuple[Activation, ...]
    inactive: tuple[str, ...]
    decisions: tuple[Decided, ...]
    decided: Amount
    verified: Amount


@dataclass(frozen=True, slots=True)
class Targets:
    """The whole answer as of a day. `year` is the one asked for; None where each state has its own latest."""

    on: date
    year: int | None
    only: str | None
    terms: Terms
    states: tuple[State, ...]
    editions: tuple[Edition, ...]
    rearm: Rearm
    statements: tuple[Statement, ...]
    doubts: tuple[Doubt, ...]
    titles: Mapping[str, str]
    notes: tuple[str, ...]
    digests: Mapping[str, str]
