"""What jointbuy answers: the records that rooms hand to `flow` and reports print. Frozen to the leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from jointbuy.errors import Where
from jointbuy.exact import Composition, Origin, Parts, Place, Range, Sum, undeclared
from jointbuy.model import Bom, CostKind, Country, Purchase
from jointbuy.parameters import Overlay
from jointbuy.rules import Document
from jointbuy.turning import Turning, Turns

Status = Literal["met", "not met", "unknown", "not applicable", "for judgement"]
"""Status of a finding (conventions §8)."""
Outcome = Literal["eligible", "not eligible", "undetermined"]
"""Status of a verdict (conventions §8)."""
Answer = Literal["yes", "no", "unknown"]


# --- conversion ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lost:
    """Something of a file that is not in what was made of it: how often, the first few, and why."""

    what: str
    count: int
    examples: tuple[str, ...] = ()
    because: str = ""


# --- content ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One counted line of an end product: a part from one supplier, in the contract's currency.

    `amount` is what all of it costs in one end product; `origin` as declared, shares of the
    amount; `path` the part ids from the end product down to it.
    """

    part: str
    name: str | None
    supplier: str | None
    origin: Origin
    supplied_from: Country | None
    amount: Range
    currency: str
    cost_kind: CostKind
    path: tuple[str, ...]
    row: Where | None

    @property
    def undeclared(self) -> Fraction:
        """Share of the amount whose origin nobody has declared."""
        return undeclared(self.origin)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the cube: amount by origin (a country, one of several, or None: undeclared), currency and cost kind.

    `amount` is in the contract's currency.
    """

    origin: Place | None
    currency: str
    cost_kind: CostKind
    amount: Range


@dataclass(frozen=True, slots=True)
class ProductContent:
    """Where the component cost of one end product comes from, by one method."""

    product: str
    method: str
    composition: Composition
    """Component cost by how it is shared among countries of origin, in the contract's currency."""
    lines: tuple[Line, ...]
    """The lines counted; of a large bill those that weigh most."""
    counted: int
    """How many lines are counted."""
    cube: tuple[Cell, ...]
    left_out: tuple[Cell, ...]
    """What the cost basis leaves out of component cost (final assembly, engineering …)."""
    value: Range | None = None
    """What one costs by the bill's own word, where it says so, in the contract's currency."""
    below: tuple[Line, ...] = ()
    """What stands directly in the lines counted whole, at what it costs there: shown, never counted again."""
    bound: bool = False
    """Whether the true amounts may lie closer: uncertain prices hang together in ways that are not followed."""

    @property
    def total(self) -> Range:
        """Cost of all components counted."""
        whole = Sum()
        for cell in self.cube:
            whole.add(cell.amount)
        return whole.total()


@dataclass(frozen=True, slots=True)
class Absorbed:
    """The share of an end product from outside when assemblies that pass the test themselves count whole as inside.

    `both_ways`: and those that fail as outside. `bound`: the true range may be narrower, since prices are open and
    the method is not monotone in them.
    """

    product: str
    both_ways: bool
    outside: Range | None
    bound: bool
    parts: Parts
    """The cost of its components: what is from outside, as the part, from inside and open."""
    composition: Composition
    """The same by origin, as far as the countries outside are told; what counts as inside under one name."""


@dataclass(frozen=True, slots=True)
class Perhaps:
    """Countries of which one or some are the source; with `elsewhere` it may also be a place that is not named."""

    countries: tuple[Country, ...]
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Sourced:
    """Something bought or made somewhere at any tier, for the bar on contravening sources (Art. 16(10))."""

    part: str
    countries: tuple[Country, ...]
    supplied_from: Country | None
    declared: bool
    """Whether origin is declared in full, so that nothing about its source is open."""
    supplier: str | None
    kind: CostKind
    """Of what kind the line is: only a component can be barred."""
    row: Where | None
    perhaps: tuple[Perhaps, ...] = ()
    """Where a share comes from that is declared as from one of several places."""
    bought: bool = True
    """Whether it is bought by itself. What is made of its parts is not: only the countries that it names count."""


@dataclass(frozen=True, slots=True)
class Content:
    """Content of every end product, under the method the readings name and traced to source beside it."""

    currency: str
    products: tuple[ProductContent, ...]
    traced: tuple[ProductContent, ...]
    sourced: tuple[Sourced, ...]
    notes: tuple[str, ...] = ()
    absorbed: tuple[ProductContent, ...] = ()
    """The same by absorption, where a reading asks for it."""
    suppliers: Mapping[str, Fraction] = field(default_factory=dict)
    """What each supplier brings to the whole contract at least, at whatever level; of a large bill those who matter."""
    instead: tuple[Sourced, ...] = ()
    """What may be used instead of what is bought: the bar on contravening sources asks about it."""

    def by(self, method: str) -> tuple[ProductContent, ...]:
        """The products as an option of the reading "components" counts them."""
        if method.startswith("absorption"):
            return self.absorbed
        return self.traced if method == "traced" else self.products


# --- control ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a party: its name, and the country it is established in or comes from where that is known.

    `managed_from` is where the executive management of a holder that is a party is, if stated. `person`: whether it is
    a natural person; None where nobody says what it is. `listed_as`: a party of the file, which can state where it is
    managed, or an owner who is only named; a state has no management. `ends_in`: from where the chain of majorities
    behind a large holder is controlled, where that is known; of a company that is the holder's own country.
    """

    name: str
    country: Country | None
    managed_from: Country | None = None
    person: bool | None = False
    listed_as: Literal["party", "owner", "state"] = "owner"
    ends_in: Country | None = None


@dataclass(frozen=True, slots=True)
class Controlled:
    """Who controls one party: the controlling country when one is found, the chain, and why."""

    party: str
    country: Country | None
    person: bool | None
    """Whether the controlling owner is a natural person (law.md §7, 29); None where nobody says what it is."""
    status: Literal["controlled", "not controlled", "undecidable"]
    chain: tuple[str, ...]
    because: str
    group: str = ""
    """Whom its chain of majorities ends with; parties of one group share it (law.md §7, 9)."""
    entities: tuple[Holder, ...] = ()
    """The entities of the chain that control it, each where it is established; natural persons are none."""
    large: tuple[Holder, ...] = ()
    """Holders from outside who hold much though no majority, where nobody inside outvotes them in one hand."""


@dataclass(frozen=True, slots=True)
class Control:
    """Who controls each party of the purchase."""

    parties: Mapping[str, Controlled]


# --- verdict ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """An exact share or range of shares of one."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found: its status, the values it compared, and what they rest on (§11)."""

    rule: str
    title: str
    condition: str
    route: str | None
    status: Status
    provision: str
    because: str
    value: Range | date | str | None = None
    limit: Fraction | date | str | None = None
    unit: Literal["share", "date", "country", "word", "count", ""] = ""
    margin: Range | int | None = None
    """Distance to the limit: points of one for shares (worst to best completion), days for dates."""
    margin_money: Fraction | None = None
    """For a share: what could still move to the wrong side in the worst completion, in the contract's currency."""
    subject: str = ""
    """What the value is about: a party, an end product, a restriction."""
    sources: tuple[Where, ...] = ()
    verified: bool = True
    readings: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Facts whose absence keeps the status open."""
    parts: tuple[Finding, ...] = ()
    """One finding for each member, where a rule looks at several."""
    turns: Turns | None = None
    """What would make it met, or where it is met no longer so; nothing of one that does not apply."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a person or a document must still settle (§8)."""

    key: str
    text: str
    who: str
    provision: str
    rule: str


@dataclass(frozen=True, slots=True)
class RouteResult:
    """One way open to the purchase: the ordinary rules, or an agreement's."""

    route: str
    title: str
    open: bool
    outcome: Outcome
    because: str
    verified: bool


@dataclass(frozen=True, slots=True)
class MissingDeclaration:
    """An origin nobody has declared, and what it weighs."""

    product: str
    part: str
    name: str | None
    supplier: str | None
    amount: Range
    """Undeclared amount, in the contract's currency."""
    settles: bool
    """Whether it is among the fewest that settle the share when they prove to come from inside."""
    row: Where | None


@dataclass(frozen=True, slots=True)
class ReadingUsed:
    """An option that the evaluation touched (§7)."""

    id: str
    question: str
    chosen: str
    is_default: bool
    alternatives: tuple[str, ...]
    matters: bool = False
    """Whether another option changes the status of any finding."""
    outcomes: tuple[tuple[str, str], ...] = ()
    """Each other option with the outcome of the verdict under it."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What tender, contract, annexes, notices or requests for payment must carry for this purchase."""

    id: str
    document: Document
    text: str
    provision: str
    required: bool
    """By the text; otherwise advised."""
    about: tuple[str, ...]
    """Contractors and subcontractors on whose account it is needed; empty where it is for all."""
    open: tuple[str, ...]
    """Facts that nobody has stated and that decide whether it is needed; empty where it is."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the purchase is eligible under one act, why, and what it hangs on."""

    purchase: str
    act: str
    on: date
    known_on: date
    outcome: Outcome
    summary: str
    """The verdict in two sentences."""
    conditions: tuple[Condition, ...]
    routes: tuple[RouteResult, ...]
    findings: tuple[Finding, ...]
    readings: tuple[ReadingUsed, ...]
    missing: tuple[MissingDeclaration, ...]
    checklist: tuple[Carried, ...]
    remarks: tuple[str, ...]
    """What a person should look at; pointed out, never judged."""
    unverified: tuple[str, ...]
    """Provisions whose text nobody on our side has read and that the outcome rests on (§6)."""
    pays: str = ""
    """What the act pays where it accepts a purchase; empty where the law data do not say."""
    hangs_on: tuple[str, ...] = ()
    """Readings of an eligible verdict another option of which makes it not eligible."""
    turning: Turning | None = None
    """What would turn it; nothing where that was not asked for."""


@dataclass(frozen=True, slots=True)
class Combination:
    """An outcome that some choice of readings leads to, with the fewest that must be read otherwise than they were."""

    outcome: Outcome
    otherwise: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Leads:
    """What one option of a reading can lead to; of each outcome with the fewest others that must be read otherwise."""

    reading: str
    option: str
    chosen: bool
    outcomes: tuple[Combination, ...]


@dataclass(frozen=True, slots=True)
class AllReadings:
    """What a purchase comes to under every combination of readings, and how far that had to be looked into.

    `outcomes` are those that are possible, that of the verdict first. A reading is in `hangs_on` where some two
    combinations that differ in it alone have different outcomes, and has a row for each option in `table`.
    """

    outcomes: tuple[Combination, ...]
    hangs_on: tuple[str, ...]
    table: tuple[Leads, ...]
    asked: tuple[str, ...]
    """Readings that the rules ask for under some combination, and that nobody has fixed."""
    never: tuple[str, ...]
    """Readings that no rule asks for, whatever the others are."""
    fixed: tuple[tuple[str, str], ...]
    """Readings that the user, or the purchase's own list, has fixed: the others are explored under these."""
    combinations: int
    """Of all options of the readings that are asked for."""
    evaluated: int
    """Facts compared and limits worked out, in place of one verdict for each combination."""
    points: int
    """Places where options come to something else, over all rules."""


@dataclass(frozen=True, slots=True)
class Case:
    """A purchase with everything computed about it, and the digests of what it was computed from."""

    purchase: Purchase
    bom: Bom | None
    notes: tuple[str, ...]
    control: Control
    content: Content | None
    verdict: Verdict
    groups: Mapping[Country, str]
    """Group each origin counts as on the day of the law: inside, partner or outside."""
    digests: Mapping[str, str] = field(default_factory=dict)
    overlay: Overlay | None = None
    """The law data that the user laid over ours."""
    all_readings: AllReadings | None = None
    """The outcome under every combination of readings, where that was asked for."""
