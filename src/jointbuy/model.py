"""What a user states about a purchase: the records of `purchase.yaml` and of the bill of materials.

Frozen to the leaves. Field names are the regulation's terms; every field carries its own
documentation, from which the JSON Schema and the template are made. `None` means "not
stated" and stays so (conventions §1). Results are in `result.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal, NewType

from jointbuy.errors import Where
from jointbuy.exact import Origin
from jointbuy.money import Money

Country = NewType("Country", str)
"""ISO 3166-1 alpha-2 code, as `places` knows it."""
Currency = NewType("Currency", str)
"""ISO 4217 code."""
Share = NewType("Share", Fraction)
"""A part of one, exact; written in files as a percentage (`35` or `35 %`)."""
Amount = NewType("Amount", Fraction)
"""An amount in whole units of the contract's currency, exact."""


def said(doc: str, default: Any = None, *, required: bool = False) -> Any:
    """A field of the purchase file with its documentation; required ones have no default."""
    if required:
        return field(metadata={"doc": doc})
    return field(default=default, metadata={"doc": doc})


ProductKind = Literal["defence product", "other product for defence purposes"]
Category = Literal[
    "ammunition and missiles", "artillery", "ground combat", "small drones",
    "critical infrastructure protection", "cyber", "military mobility",
    "air and missile defence", "maritime", "large drones", "strategic enablers",
    "space assets protection", "artificial intelligence", "electronic warfare",
]  # fmt: skip
"""The products of Article 1, second subparagraph, one word or phrase for each."""
Instrument = Literal["SAFE", "EDIP", "EDIP Ukraine", "EDIRPA"]
"""The act of each has its name in small letters."""
OwnerKind = Literal["state", "legal entity", "natural person"]
Ground = Literal["Article 18", "the contract provides for it", "not substantial"]
"""What allows a change of a contract; without Art. 18 only what is not substantial (Directive 2009/81, Art. 29(2))."""
DesignHolder = Literal["contractor", "consortium", "group company", "buying state"]
Hold = Literal["without effect", "removable by right", "removable in fact", "blocked"]
"""What a third country's restriction leaves to the contractor (law.md §7, 17)."""
CostKind = Literal[
    "component", "raw material", "software", "transport", "duty",
    "final assembly", "engineering", "licence", "tooling", "test", "overhead", "profit",
    "spares", "services",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """The dated events of the purchase (§5). `signature` chooses the law unless the user says otherwise."""

    tender: date | None = said("day the tender or request was published or sent")
    signature: date | None = said("day the contract was or will be signed; the law of this day is applied")
    last_delivery: date | None = said("day of the last delivery; the US threshold is that of the year of delivery")
    last_payment: date | None = said("day of the last payment under the contract")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """How far a buyer's SAFE loan has come (Art. 7, 8, 10)."""

    requested: date | None = said("day the request and plan went to the Commission (Art. 7(1))")
    council_decision: date | None = said("day of the Council implementing decision (Art. 8)")
    agreement_in_force: date | None = said("day the loan agreement entered into force (Art. 10)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """One country that buys (Art. 2(3))."""

    country: Country = said("country that buys", required=True)
    authority: str | None = said("its contracting authority")
    street: str | None = said("street and number of that authority, for the VAT exemption certificate (Art. 20)")
    place: str | None = said("postcode and place of that authority")
    tax_authority: str | None = said("authority that stamps its VAT exemption certificate (Art. 20(2))")
    quantity: Fraction | None = said("how many end products it buys")
    borrows: bool | None = said("yes when it pays with a SAFE loan")
    loan: Loan | None = said("dates of its SAFE loan")
    participation: Literal["signed", "declared intention"] | None = said(
        "how it takes part: it signs the contract, or has declared that it intends to"
    )
    joined: date | None = said("day it joined a contract that others had signed before (Art. 18)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Modification:
    """A change of the contract after its signature (Art. 18)."""

    on: date = said("day of the change", required=True)
    ground: Ground | None = said("what allows it; Article 18 adds buyers, and the quantities that they need")
    adds: tuple[Country, ...] | None = said(
        "countries whose contracting authorities it adds as parties (Art. 18(2)); [] when it adds none"
    )
    quantity_before: Fraction | None = said("how many end products the contract was for until then (Art. 18(3))")
    quantity_after: Fraction | None = said("how many it is for since then (Art. 18(3))")
    agreed: date | None = said("day the undertaking agreed to it (Art. 18(1))")
    equal_terms: bool | None = said(
        "yes when all authorities have equal rights and duties, also on what added quantities cost (Art. 18(6))"
    )
    notice: date | None = said("day its notice appeared in the Official Journal (Art. 18(5))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What is bought (Art. 1 and 2)."""

    kind: ProductKind | None = said("as defined in Art. 2(1) and 2(2)")
    categories: tuple[Category, ...] | None = said(
        "the headings of Article 1 it falls under; several for mixed systems, [] when none applies"
    )
    mostly_steel: bool | None = said(
        "yes when it is wholly or predominantly of iron or steel, of which the US Buy American test asks otherwise"
    )
    off_the_shelf: bool | None = said(
        "yes when it is sold in the same form on the commercial market: the US test asks no share of components then"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """The contract and who carries it out."""

    value: Money | None = said("contract value without VAT, in the contract's currency")
    currency: Currency = said("currency of the contract; shares are computed in it", required=True)
    contractors: tuple[str, ...] = said("ids of the contractors; several for a consortium", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """One holder of a party's capital or votes."""

    name: str | None = said("name of the owner")
    party: str | None = said("id of the owner, when it is itself among the parties")
    country: Country | None = said(
        "country of the owner, when it is not among the parties; who holds a company in turn is asked about"
    )
    kind: OwnerKind | None = said("a state, a legal entity or a natural person")
    share: Share | None = said("part of capital or votes held, in per cent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """A place, plant or asset used for the purchase (Art. 16(8))."""

    name: str | None = said("what it is")
    country: Country | None = said("country it is located in")
    why_no_alternative: str | None = said("why nothing inside was readily available (Art. 16(8))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """An earlier finding under a sister act that may stand in for paragraphs 3 to 7 (Art. 16(9))."""

    act: Literal["EDIDP", "EDF", "ASAP", "EDIRPA"] = said("the act it was given under", required=True)
    on: date | None = said("day of that finding")
    unchanged: bool | None = said("yes when nothing since calls it into question")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """A screening under Regulation (EU) 2019/452 (Art. 16(5))."""

    on: date | None = said("day it ended")
    outcome: Literal["cleared", "cleared with mitigation", "prohibited"] | None = said("how it ended")
    mitigation_in_place: bool | None = said("yes when every mitigation asked for is in place")
    notified: date | None = said("day the Commission was told of the mitigation (Art. 16(7))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantees:
    """Guarantees against a third country's influence (Art. 16(5) and (6))."""

    control_does_not_hamper: bool | None = said(
        "yes when point (a) of Art. 16(6) is assured (EDIP Art. 9(6) or 26(6), EDIRPA Art. 9(7))"
    )
    classified_protected: bool | None = said(
        "yes when point (b) of Art. 16(6) is assured (EDIP Art. 9(6) or 26(6), EDIRPA Art. 9(7))"
    )
    verified_by: Country | None = said("Member State of establishment that verified them")
    in_tender: bool | None = said("yes when they are part of the tender specifications")
    notified: date | None = said("day the Commission was told (Art. 16(7))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A company or body that has to do with the purchase (Art. 16(3))."""

    id: str = said("short name used elsewhere in the files", required=True)
    name: str | None = said("full name")
    street: str | None = said("street and number, for the VAT exemption certificate (Art. 20)")
    place: str | None = said("postcode and place")
    vat_number: str | None = said("its VAT identification number")
    established_in: Country | None = said("country under whose law it is established")
    executive_management_in: Country | None = said("country where its executive management structure is")
    controlled_by: Country | None = said(
        "country whose state or entities control it, when that is known and documented; its own country when none does"
    )
    controlled_since: date | None = said("day since which who controls it now does; tells whether a screening is of it")
    owners: tuple[Owner, ...] = said("who holds its capital or votes", ())
    facilities: tuple[Facility, ...] = said("what it uses for this purchase", ())
    clearances: tuple[Clearance, ...] = said("earlier findings under sister acts (Art. 16(9))", ())
    screening: Screening | None = said("foreign-investment screening (Art. 16(5))")
    guarantees: Guarantees | None = said("guarantees offered (Art. 16(5) and (6))")
    none_from_contravening: bool | None = said(
        "yes when it declares that nothing it supplies comes from a country that contravenes security interests"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Subcontract:
    """A subcontract of any tier (Art. 16(4) and (12))."""

    subcontractor: str = said("id of the party", required=True)
    contractor: str | None = said("id of the party that awards it; the contractor when left out")
    product: str | None = said("what it supplies")
    value: Money | None = said("value allocated to it, in the contract's currency")
    share: Share | None = said("the same as per cent of the contract value, when the value is not known")
    critical_input: bool | None = said(
        "yes when it supplies a critical input with unique attributes essential to the product"
    )
    classified_access: bool | None = said("yes when it needs access to classified information")
    own_components: bool | None = said(
        "yes when it only delivers components of its own design or production, no when it does tasks under the "
        "contractor's supervision (EDIP, Art. 2(31))"
    )
    components: bool | None = said(
        "no when it brings services or works only and no component; asked for a company of a contravening country"
    )
    relationship_since: date | None = said("first direct contract on this product with the contractor (Art. 16(4)(a))")
    replacement_study: date | None = said(
        "day by which the contractor has committed itself to have studied replacing its input by one from inside that "
        "is free of restrictions (Art. 16(4)(b))"
    )
    study_committed: date | None = said(
        "day on which the contractor committed itself to that study; the two years run from it (Art. 16(4)(b))"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A third country's restriction on the design or on a component (Art. 16(11))."""

    component: str = said("what it bears on", required=True)
    imposed_by: Country | None = said("country, or country of the entity, that imposes it")
    hold: Hold | None = said("how far it binds the contractor")
    limits_use: bool | None = said("yes when it limits how a state may use the product (EDIRPA, Art. 9(10))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Who may decide on the design; SAFE asks for it in category two only (Art. 16(11)), EDIP always (Art. 10(5))."""

    authority: bool | None = said(
        "yes when its holder can decide on definition, adaptation and evolution of the design"
    )
    holder: DesignHolder | None = said("who holds that authority; a contractor or the consortium when left out")
    restrictions: tuple[Restriction, ...] | None = said("every restriction by a third country; [] when there is none")
    in_use_since: date | None = said(
        "day by which the armed forces of most Member States that buy had the product in use (EDIRPA, Art. 9(11))"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outreach:
    """A step by which a single buyer opens the benefit of its contract to another country (Art. 4(3))."""

    country: Country = said("country it was offered to", required=True)
    on: date = said("day of the step", required=True)
    step: str = said("what was done, and how it was answered", required=True)
    source: str = said("the document that shows it", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndProduct:
    """A type of end product whose components are counted (Art. 16(10))."""

    id: str = said("its id in the bill of materials", required=True)
    name: str | None = said("what it is called")
    quantity: Fraction | None = said("how many are bought in all")
    price: Money | None = said("price of one without VAT, in the contract's currency")
    made_in: Country | None = said("country it is manufactured in; asked for by the US Buy American test")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRate:
    """What one unit of a currency is worth in the contract's currency."""

    currency: Currency = said("the other currency", required=True)
    rate: Fraction = said("one unit of it in the contract's currency", required=True)
    on: date = said("day of the rate", required=True)
    source: str = said("who published it", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A person's dated, sourced statement that settles a judgement or a gate (§8)."""

    settles: str = said("key printed beside the condition it settles", required=True)
    answer: bool = said("yes or no", required=True)
    by: str = said("who states it", required=True)
    on: date = said("when", required=True)
    source: str = said("the document it rests on", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A value of the purchase file that an action would change."""

    set: str = said("which value, such as parties[ABC].guarantees.in_tender; [+] is one more of a list", required=True)
    to: str = said("what it would be", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something beside the sources of parts that could be changed: `jointbuy fix` weighs it."""

    id: str = said("short name of the action", required=True)
    what: str | None = said("what would be done, in a few words")
    cost: Money | None = said("what it costs in all, in the contract's currency; without it, the cost is not known")
    available_from: date | None = said("first day on which it can be had")
    changes: tuple[Setting, ...] = said("what this file would say then", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """A purchase as its file states it. `where` tells the file and line of a value by its path."""

    id: str = said("short name of the purchase", required=True)
    title: str | None = said("what is bought, in a few words")
    instrument: Instrument = said("instrument that pays for it", required=True)
    events: Events = said("dated events of the purchase", required=True)
    product: Product = said("what is bought", required=True)
    buyers: tuple[Buyer, ...] = said("the countries that buy together", required=True)
    conducted_by: Country | None = said("country whose authority runs the procurement")
    union_procurement: bool | None = said(
        "yes when a Union institution carries it out with or for the buyers (Art. 16(15); Financial Regulation, "
        "Art. 168(2) or (3))"
    )
    prior_notice: bool | None = said("no when it was negotiated without publishing a contract notice first (Art. 19)")
    contract: Contract = said("contract value, currency and contractors", required=True)
    modifications: tuple[Modification, ...] = said("changes of the contract after its signature (Art. 18)", ())
    parties: tuple[Party, ...] = said("contractors, subcontractors, suppliers and their owners", ())
    subcontracts: tuple[Subcontract, ...] | None = said("subcontracts of any tier; [] when there is none")
    outreach: tuple[Outreach, ...] | None = said(
        "for a single buyer: steps that opened the contract to others (Art. 4(3)); [] when none was taken"
    )
    design: Design | None = said("who may decide on the design; under SAFE needed for category two, under EDIP always")
    structure: str | None = said(
        "Structure for European Armament Programme (SEAP) that carries it out, if one does (EDIP, Art. 11(3)(b))"
    )
    end_products: tuple[EndProduct, ...] | None = said(
        "what the bill of materials is a bill of; [] when nothing bought has components, such as services"
    )
    bill_of_materials: str | None = said(
        "CSV, XLSX, CycloneDX (JSON) or Parquet file beside this one; a sheet after #: bill.xlsx#Parts, all: #*"
    )
    alternatives: str | None = said(
        "CSV or XLSX file of other sources for parts of the bill, for `jointbuy fix`; a sheet after #: bill.xlsx#Offers"
    )
    actions: tuple[Action, ...] = said("what else could be changed, for `jointbuy fix`", ())
    columns: Mapping[str, str] | None = said("column names of the bill, where they are not recognised: ours: theirs")
    exchange_rates: tuple[ExchangeRate, ...] = said("for every other currency in the bill", ())
    contravening_countries: tuple[Country, ...] | None = said(
        "countries you treat as contravening security and defence interests (Art. 16(10)); [] for none"
    )
    statements: tuple[Statement, ...] = said("who settled which judgement", ())
    where: Mapping[str, Where] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A raw material in one piece of a part: `mass` kilograms of it, exact, by the name that was written.

    `origins` pairs stages of the value chain with the country where each was done; "" where the stage is not said.
    A stage that is not among them is undeclared.
    """

    name: str
    mass: Fraction
    origins: tuple[tuple[str, Country], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Who supplies a part, from where and at what price: one row for each part and supplier.

    Parallel columns of equal length: tuples, or `packed` columns where the bill is large. `price_low`
    and `price_high` are exact amounts for one part in `currency`; None where the part is made of its
    children and has no price of its own. `origin` lists (country, share of the price), or instead of a
    country several that the share may be from; what is missing to one is undeclared. `materials` are the raw materials
    in one piece beyond what its own parts hold, None where nothing is said of them; the whole column is empty where
    the bill has none. `price_per` is for how many of a part, in the unit it is counted in, the bill states its price:
    None where for one; empty where for one throughout.
    """

    part: Sequence[int] = ()
    supplier: Sequence[str | None] = ()
    origin: Sequence[Origin] = ()
    supplied_from: Sequence[Country | None] = ()
    price_low: Sequence[Fraction | None] = ()
    price_high: Sequence[Fraction | None] = ()
    currency: Sequence[Currency | None] = ()
    cost_kind: Sequence[CostKind] = ()
    awarded: Sequence[Fraction] = ()
    declaration: Sequence[str | None] = ()
    evidence: Sequence[str | None] = ()
    row: Sequence[Where] = ()
    materials: Sequence[tuple[Material, ...] | None] = ()
    price_per: Sequence[Fraction | None] = ()


@dataclass(frozen=True, slots=True)
class Instead:
    """A part that may be used in place of one that counts, or that stands in such a part: as its row tells of it."""

    part: str
    supplier: str | None
    origin: Origin
    supplied_from: Country | None
    cost_kind: CostKind
    row: Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Bom:
    """A bill of materials as edges between parts, with one table of sources.

    `parent[i]`, `child[i]` index `parts`; `quantity[i]` is the exact number of child parts
    in one parent, batches already divided out. `roots` are the end products. `phantoms` are
    parts that only group others for planning: they are never made, bought or counted, and what
    stands in them stands in whatever uses them. `units` names the unit that each part is counted in; the column is
    empty where the bill has none.
    """

    parts: Sequence[str] = ()
    names: Sequence[str | None] = ()
    roots: tuple[int, ...] = ()
    parent: Sequence[int] = ()
    child: Sequence[int] = ()
    quantity: Sequence[Fraction] = ()
    edge_row: Sequence[Where] = ()
    sources: Sources = field(default_factory=Sources)
    phantoms: tuple[int, ...] = ()
    units: Sequence[str | None] = ()
    instead: tuple[Instead, ...] = ()
    """What may be used instead of what is in `sources`, in the order of the file: it counts nowhere."""
