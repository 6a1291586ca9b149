"""A joint purchase of several states over several years: what is asked, what the law gives, and what was planned.

Money is whole minor units of the plan's currency, quantities are whole pieces, years are calendar years, shares are
exact parts of one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from jointbuy.errors import Where

Goal: TypeAlias = Literal["cost", "dependence", "delay", "systems"]
GOALS: tuple[Goal, ...] = ("cost", "dependence", "delay", "systems")
SHARED = ("ammunition", "datalink", "spares")
"""What the systems of a fleet may have to have in common."""

# --- what is asked --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class State:
    """A state that buys.

    Attributes:
        code: its country code.
        may_borrow: whether it receives a loan, and so may lead a common procurement.
        loan: what of its loan this plan may use; None where there is none.
        budgets: by year, beside the loan; None where none is stated, so that nothing limits it.
    """

    code: str
    may_borrow: bool
    loan: int | None
    budgets: tuple[tuple[int, int], ...] | None
    where: Where


@dataclass(frozen=True, slots=True)
class Need:
    """So many pieces that a state needs by the end of `year`, and at the latest by the end of `latest`.

    `alone`: whether it may buy them outside the common procurement, by a contract of its own that no loan pays.
    """

    state: str
    capability: str
    year: int
    latest: int
    quantity: int
    standards: tuple[str, ...]
    where: Where
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Tier:
    """What a piece costs when all states together buy at least `least` of the offer: the price is for all of them."""

    least: int
    price: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A system that a supplier offers for one capability.

    Attributes:
        set_up: paid once, by the lead, in the year `earliest`, when anything is bought.
        earliest: first year of delivery.
        capacity: pieces that may be delivered by year, of every year of the plan.
        tiers: at least one, the first from one piece on.
        origin: shares of the value by country; what is missing to one is undeclared.
        acts: what it passes by a verdict that was given apart.
        shared: what it uses of `SHARED`, by kind.
        alone: whether a state may buy it by itself; then no loan pays for it.
        extras: what a piece costs a state beyond the price: transport, integration.
        only: the one state that may buy, where it buys outside the common procurement by a contract of its own, with
            its own price and set-up; "" where all may.
        source: the offer whose capacity this contract takes; "" for itself.
    """

    id: str
    system: str
    supplier: str
    capability: str
    set_up: int
    earliest: int
    capacity: tuple[int, ...]
    tiers: tuple[Tier, ...]
    origin: tuple[tuple[str, Fraction], ...]
    standards: tuple[str, ...]
    acts: tuple[str, ...]
    shared: tuple[tuple[str, str], ...]
    alone: bool
    extras: tuple[tuple[str, int], ...]
    where: Where
    only: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Systems:
    """At most so many systems of a capability among the states."""

    most: int
    capability: str
    states: tuple[str, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Fleet:
    """What these states buy of these capabilities uses one and the same of `kind`."""

    name: str
    kind: str
    states: tuple[str, ...]
    capabilities: tuple[str, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Dependence:
    """At most this share of the value bought comes from the countries; what is undeclared counts as from them.

    `states` is who is looked at, one by one where `each`, else together.
    """

    most: Fraction
    countries: tuple[str, ...]
    name: str
    states: tuple[str, ...]
    each: bool
    where: Where


@dataclass(frozen=True, slots=True)
class Partners:
    """At least this share of the value bought is declared to come from the countries."""

    least: Fraction
    countries: tuple[str, ...]
    name: str
    states: tuple[str, ...]
    each: bool
    where: Where


@dataclass(frozen=True, slots=True)
class WorkShare:
    """A state's part of the work lies at most so many points of the whole below, and above, its part of the cost."""

    below: Fraction | None
    above: Fraction | None
    states: tuple[str, ...]
    where: Where


def called(offers: Iterable[Offer], titles: Mapping[str, str]) -> Mapping[str, str]:
    """What each offer is called, by its id: its system, and what tells it from others of the same system."""
    offers = tuple(offers)
    own = Counter(each.system for each in offers if not each.only)
    return {
        each.id: f"{each.system} for {titles.get(each.only, each.only)} alone"
        if each.only
        else each.system
        if own[each.system] == 1
        else f"{each.system} ({each.id})"
        for each in offers
    }


def delivers(offer: Offer, name: str, year: int, most: int) -> str:
    """What the capacity of an offer in a year is called: so many pieces `most`, none before the first year."""
    if year < offer.earliest:
        return f"{name} delivers from {offer.earliest}, not in {year}"
    return f"{name} delivers {most} in {year}"


Limit: TypeAlias = Systems | Fleet | Dependence | Partners | WorkShare


@dataclass(frozen=True, slots=True)
class Credit:
    """What a loan costs: interest a year on what is owed, repaid in equal parts from the year after `grace` to `years`.

    Years count from the draw; 0 <= grace < years.
    """

    interest: Fraction
    grace: int
    years: int

    def worth(self, discount: Fraction) -> Fraction:
        """The present value, on the day of the draw, of interest and repayment of one unit drawn."""
        total, owed, part = Fraction(0), Fraction(1), Fraction(1, self.years - self.grace)
        for year in range(1, self.years + 1):
            repaid = part if year > self.grace else Fraction(0)
            total += (owed * self.interest + repaid) / (1 + discount) ** year
            owed -= repaid
        return total


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan file with its tables.

    `acts` are those that every offer bought must pass; `discount` is the rate of a year, from the first year on;
    `depends_on` are the countries that the goal "dependence" counts; `titles` names countries; `credit` is what loans
    cost, None where that is not stated: then what they pay counts as cash.
    """

    id: str
    title: str
    currency: str
    signature: date
    years: tuple[int, ...]
    discount: Fraction
    acts: tuple[str, ...]
    depends_on: tuple[str, ...]
    minimise: tuple[Goal, ...]
    states: tuple[State, ...]
    needs: tuple[Need, ...]
    offers: tuple[Offer, ...]
    limits: tuple[Limit, ...]
    titles: Mapping[str, str]
    file: str
    notes: tuple[str, ...] = ()
    credit: Credit | None = None

    @property
    def dearer(self) -> Fraction:
        """By how much a unit drawn costs more than one in cash, on the day of the draw; below zero where it is less."""
        return self.credit.worth(self.discount) - 1 if self.credit else Fraction(0)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the act on loans says: read from its parameters on the day of signature.

    Attributes:
        act: its name, such as "safe".
        least_buyers: buyers from inside that a common procurement needs.
        counting: states that count towards them.
        may_lead: states that may borrow by law.
        borrow: who borrows by law and by which provision, in words.
        last_year: the last year whose payments loans may make.
        says: the provisions, for whoever reads the plan.
    """

    act: str
    least_buyers: int
    counting: tuple[str, ...]
    may_lead: tuple[str, ...]
    borrow: str
    last_year: int
    says: tuple[str, ...]


# --- what was planned -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a state gets of an offer in a year; `price` is of a piece with its extras, `amount` is paid that year."""

    state: str
    offer: str
    year: int
    quantity: int
    price: int
    amount: int


@dataclass(frozen=True, slots=True)
class Contract:
    """An offer that is bought: the price reached, who leads, who buys, pieces and value."""

    offer: str
    lead: str
    buyers: tuple[str, ...]
    quantity: int
    tier: int
    value: int
    set_up: int


@dataclass(frozen=True, slots=True)
class Draw:
    """What a state draws of its loan in a year."""

    state: str
    year: int
    amount: int


@dataclass(frozen=True, slots=True)
class Payment:
    """What a state pays in a year: for pieces and set-up, of it by loan; `budget` is None where none is stated."""

    state: str
    year: int
    pieces: int
    set_up: int
    loan: int
    budget: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One condition as it stands: `left` against `limit` in `unit`; `room` is what is left of it, never negative.

    `price` is what one more unit of the limit would save in the relaxation with parts of pieces; None if unknown.
    `share` is of a limit on a share of a value: where it lies, and what the share is, exact parts of one.
    """

    family: str
    name: str
    left: int
    limit: int
    room: int
    unit: str
    price: int | None = None
    share: tuple[Fraction, Fraction] | None = None


@dataclass(frozen=True, slots=True)
class Depends:
    """What of a buyer's value comes from a country, and how much more is undeclared; `state` None is all together."""

    state: str | None
    country: str
    amount: Fraction
    undeclared: Fraction
    total: int


@dataclass(frozen=True, slots=True)
class Work:
    """The value that is made in a country against what it pays, both of the whole value bought."""

    state: str
    work: Fraction
    cost: int
    total: int


@dataclass(frozen=True, slots=True)
class Gives:
    """By how much a condition gives in the cheapest relaxation.

    `share` is of a limit on a share of a value: where it lies, and a round one to which it would have to be loosened;
    parts of one.
    """

    family: str
    name: str
    by: int
    unit: str
    share: tuple[Fraction, Fraction] | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """Why nothing can be planned.

    Attributes:
        conflict: conditions (family, name) that cannot all hold.
        minimal: whether it was shown that dropping any one of them makes the others possible.
        gives: what the conditions have to give, all together.
        least: whether that is the cheapest way, or one that was found.
        unmet: why no offer can meet some needs, whatever else gives, a sentence each; then nothing else was looked at.
    """

    conflict: tuple[tuple[str, str], ...]
    minimal: bool
    gives: tuple[Gives, ...]
    least: bool = True
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """One plan on the frontier: its cost and its dependence, as an amount and as a share of the value bought.

    Attributes:
        bound: no plan that depends as little costs less; None where nothing is known.
        within: whether cost lies within the gap asked for above it.
    """

    cost: int
    bound: int | None
    amount: Fraction
    total: int
    within: bool


@dataclass(frozen=True, slots=True)
class Reached:
    """What was reached of a goal while those before it were kept; none is below `bound`, if one is known."""

    goal: Goal
    value: int
    bound: int | None


Status: TypeAlias = Literal["optimal", "within the gap", "stopped", "infeasible", "none found"]


@dataclass(frozen=True, slots=True)
class Planned:
    """What was planned, and what proves it.

    Attributes:
        status: how the search ended; "none found" is a limit of time without any plan.
        cost: present value, minor units, computed from the deliveries in exact numbers, rounded; None without a plan.
        bound: no plan that keeps every condition costs less; None where nothing is known.
        gap: what cost lies above the bound, as a part of cost.
        reached: each goal that was sought, with its bound.
        goals: value of each goal: minor units, minor units, pieces times years, systems.
        borrowing: what of the cost is for paying by loan and not in cash, present value; None where it is not stated.
        rows: every condition with its room, recomputed from the deliveries.
        interrupted: whether the user stopped it.
    """

    plan: Plan
    terms: Terms
    status: Status
    minimised: tuple[Goal, ...]
    cost: int | None
    bound: int | None
    gap: Fraction | None
    reached: tuple[Reached, ...] = ()
    goals: tuple[tuple[Goal, Fraction], ...] = ()
    borrowing: Fraction | None = None
    deliveries: tuple[Delivery, ...] = ()
    contracts: tuple[Contract, ...] = ()
    draws: tuple[Draw, ...] = ()
    payments: tuple[Payment, ...] = ()
    rows: tuple[Row, ...] = ()
    depends: tuple[Depends, ...] = ()
    work: tuple[Work, ...] = ()
    clash: Clash | None = None
    frontier: tuple[Point, ...] = ()
    interrupted: bool = False
