"""Purchases made up as arrays, for the rules in columns: a seeded mix, and cases at each limit with known answers.

`Flat` has one array for each fact and place: `buyer.country` has shape (places, purchases). `table` makes the ragged
columns of it that rules read; a peer that knows no collections takes the flat arrays as they are.

Not made up, so nobody computes it: public acts that lie ahead of the day by which everything is known, statements on
one member by name, companies of a group beyond the company itself (share_of_group is share_of_contract), more than
three buyers or entities, consortia, lines that name several origins, companies between
a supplier and its last owner, plants of companies in contravening countries, subcontracts stating less than the bill
shows, a second state that is silent on how it takes part, days of tender, uncertain prices, and amounts and shares
beyond int64, which tests/test_columns.py tries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from jointbuy.decide.table import Answers, Collection, Column, Dates, Numbers, Shares, Table, Words
from jointbuy.law.safe.categories import CATEGORY_ONE, CATEGORY_TWO

Array = np.ndarray[Any, np.dtype[Any]]
COUNTRIES = ("DE", "PL", "FR", "IT", "NO", "UA", "CA", "US", "KR", "GB", "TR", "RU")
OUTSIDE = ("CA", "US", "KR", "GB")
WORDS = {
    "product.kind": ("defence product", "other product for defence purposes"),
    "categories.heading": (*CATEGORY_ONE, *CATEGORY_TWO),
    "design_holder": ("contractor", "consortium", "group company", "buying state"),
    "buyers.participation": ("signed", "declared intention"),
    "entities.cleared_under": ("EDIDP", "EDF", "ASAP", "EDIRPA"),
    "entities.role": ("contractor", "subcontractor"),
    "entities.screening_outcome": ("cleared", "cleared with mitigation", "prohibited"),
    "modifications.ground": ("Article 18", "the contract provides for it", "not substantial"),
    "source_countries.cost_kind": ("component", "test", "transport", "spares"),
    "restrictions.hold": ("without effect", "removable by right", "removable in fact", "blocked"),
}
PLACES = {
    "buyers": 3,
    "entities": 3,
    "companies": 4,
    "end_products": 2,
    "source_countries": 3,
    "categories": 2,
    "restrictions": 1,
    "outreach": 1,
    "modifications": 1,
    "unlisted_suppliers": 1,
}
"""Most members of each collection. Companies are the entities and, in the last place, a supplier of the bill."""
NESTED = {
    "entities": ("facilities", "controllers", "large_holders"),
    "modifications": ("newcomers",),
}
"""What members have themselves: one of each at most, in the place of the member."""
SHARED = ("established_in", "managed_from", "controlled", "controlled_by")
"""Facts of companies; those of entities are the same arrays without the last place."""
NOBODY = ("understated_subcontracts", "open_sources")
"""Collections without members anywhere."""
AMOUNTS = ("share", "contract", "amounts", "study_days")
"""Facts that are integers of their own kinds, from which columns are made."""
ORIGINS = ("DE", "CA", "US", None)
"""Amounts of each end product by these origins, in cents."""
STATEMENTS = (
    "aim",
    "plan",
    "participation-clauses",
    "participation",
    "who-conducts",
    "influence",
    "last-payment",
    "steps-to-extend",
    "late-change",
    "notification",
    "earlier-clearance",
    "facility",
    "facilities",
    "undeclared-sources",
    "subcontractors",
    "other-products",
    "joined-later",
    "joined-otherwise",
    "direct-relationship",
    "study",
    "screening-current",
    "clearance-current",
    "guarantees-assure",
    "prohibited-screening",
    "contravening-company",
    "contravening-cost",
    "unlisted-supplier",
    "strictly-necessary",
    "undertaking-agreed",
    "change-notice",
    "equal-terms",
    "without-notice",
    "opened-later",
    "contract-provides",
    "not-substantial",
    "change-by-member-state",
    "change-by-newcomer",
    "single-through-union",
    "single-through-agent",
    "through-agent",
    "through-partner",
    "no-step-yet",
)


@dataclass(frozen=True)
class Flat:
    """Facts by name; words and countries as codes from 1, answers -1, 0, 1, dates as days since 1970, 0 for none.

    `there` tells by collection and place which members a purchase has.
    """

    facts: dict[str, Array]
    there: dict[str, Array]
    statements: dict[str, Array]

    @property
    def rows(self) -> int:
        """How many purchases."""
        return len(self.facts["product.kind"])


def code(word: str, words: tuple[str, ...] = COUNTRIES) -> int:
    """A word's code."""
    return words.index(word) + 1


def day(text: str) -> int:
    """Days since 1970."""
    return int(np.datetime64(text).astype(np.int64))


# --- a purchase that meets everything -----------------------------------------------------


def sound(rows: int, draw: np.random.Generator) -> Flat:
    """Two states buy from two suppliers inside; amounts differ."""

    def all_(value: int, places: int = 0, kind: Any = np.int8) -> Array:
        return np.full((places, rows) if places else rows, value, dtype=kind)

    def there(places: int, count: int) -> Array:
        return np.repeat(np.arange(places)[:, None] < count, rows, axis=1)

    units = draw.integers(1, 10**10, rows)  # of a hundred cents: contracts of up to ten thousand million
    facts: dict[str, Array] = {
        "product.kind": all_(1, kind=np.uint8),
        "design_holder": all_(1, kind=np.uint8),
        "conducted_by": all_(code("PL"), kind=np.uint8),
        "events.signature": all_(day("2026-06-15"), kind=np.int32),
        "events.last_payment": all_(day("2029-12-31"), kind=np.int32),
        "events.last_amendment": all_(0, kind=np.int32),
        "categories.heading": all_(2, 2, np.uint8),
        "buyers.country": all_(code("DE"), 3, np.uint8),
        "buyers.participation": all_(1, 3, np.uint8),
        "buyers.joined": all_(0, 3, np.int32),
        "entities.related_since": all_(0, 3, np.int32),
        "entities.screened_on": all_(0, 3, np.int32),
        "entities.share": np.repeat((units * 3)[None], 3, axis=0),  # of a contract of a hundred units: 3 %
        "entities.contract": np.repeat((units * 100)[None], 3, axis=0),
        "entities.study_days": all_(-1, 3, np.int32),
        "unlisted_suppliers.share": (units * 3)[None].copy(),
        "unlisted_suppliers.contract": (units * 100)[None].copy(),
        "modifications.ground": all_(1, 1, np.uint8),
        "modifications.changed_by": all_(code("PL"), 1, np.uint8),
        "modifications.changed_on": all_(day("2026-08-01"), 1, np.int32),
        "controllers.country": all_(code("DE"), 3, np.uint8),
        "large_holders.country": all_(code("DE"), 3, np.uint8),
        "companies.established_in": all_(code("DE"), 4, np.uint8),
        "companies.managed_from": all_(code("DE"), 4, np.uint8),
        "companies.controlled_by": all_(0, 4, np.uint8),
        "companies.controlled": all_(0, 4),
        "companies.supplies_components": all_(1, 4),
        "entities.cleared_under": all_(2, 3, np.uint8),
        "entities.guarantee_verified_by": all_(0, 3, np.uint8),
        "entities.screening_outcome": all_(0, 3, np.uint8),
        "facilities.country": all_(code("DE"), 3, np.uint8),
        "source_countries.cost_kind": all_(1, 3, np.uint8),
        "source_countries.country": all_(code("DE"), 3, np.uint8),
        "restrictions.imposed_by": all_(code("DE"), 1, np.uint8),
        "restrictions.hold": all_(2, 1, np.uint8),
        "outreach.country": all_(code("FR"), 1, np.uint8),
        "end_products.amounts": np.zeros((2, len(ORIGINS), rows), dtype=np.int64),
    }
    facts["buyers.country"][0] = code("PL")
    facts["end_products.amounts"][:, 0] = units * 100
    for name in ("single_buyer", "perhaps_single", "concluded_alone", "outreach_listed"):
        facts[name] = all_(0)
    for name in (
        "conducted_by_borrower",
        "conducted_by_buyer",
        "conducted_by_single",
        "subcontracts_told",
        "all_sources_declared",
        "design_authority",
        "prior_notice",
    ):
        facts[name] = all_(1)
    facts["adverse_declaration"] = all_(-1)
    facts["union_procurement"] = all_(-1)
    for name in CHANGED:
        facts[name] = all_(1, 1)
    facts["modifications.changed_by_newcomer"] = all_(0, 1)
    facts["newcomers.country"] = all_(code("DE"), 1, np.uint8)
    for name in SHARED:
        facts[f"entities.{name}"] = facts[f"companies.{name}"][:3]
    facts["entities.role"] = all_(2, 3, np.uint8)
    facts["entities.role"][0] = 1
    for name in ("critical_input", "classified_access", "facilities_listed", "direct"):
        facts[f"entities.{name}"] = all_(1, 3)
    for name in (
        "mitigation_in_place",
        "cleared_before_control",
        "cleared_earlier",
        "screened_before_control",
        "studied_before_signature",
        *GUARANTEES,
    ):
        facts[f"entities.{name}"] = all_(-1, 3)
    for name in SILENT:
        facts[name] = all_(-1, PLACES.get(name.partition(".")[0], 3))
    for of_it in ("mitigation", "guarantees"):
        facts[f"entities.{of_it}_notified"] = all_(0, 3, np.int32)
    facts["buyers.borrows"] = all_(0, 3)
    facts["buyers.borrows"][0] = 1
    facts["buyers.conducts"] = facts["buyers.borrows"].copy()
    facts["buyers.decided_at_start"] = all_(1, 3)
    facts["buyers.loan_decided"] = all_(0, 3, np.int32)
    facts["buyers.loan_decided"][0] = day("2026-02-17")
    counts = {"buyers": 2, "entities": 2, "end_products": 1, "source_countries": 1, "categories": 1}
    members = {name: there(places, counts.get(name, 0)) for name, places in PLACES.items()}
    members |= {name: there(PLACES[of], 0) for of, names in NESTED.items() for name in names}
    members["facilities"] = there(3, 2)
    members["companies"] = np.vstack([members["entities"], there(1, 1)])
    said = {
        key: all_(1 if key in {"aim", "plan", "steps-to-extend", "participation-clauses"} else -1) for key in STATEMENTS
    }
    said["last-payment"] = all_(0)
    return Flat(facts, members, said)


GUARANTEES = ("guarantee_control", "guarantee_classified", "guarantee_in_tender", "guarantee_verified_at_home")
CHANGED = (
    "modifications.adds_buyers",
    "modifications.raises_quantity",
    "modifications.only_for_newcomers",
    "modifications.agreed_before",
    "modifications.equal_terms",
    "modifications.notice_published",
    "newcomers.buys",
)
SILENT = (
    "buyers.added_by_change",
    "entities.screened",
    "entities.clearance_claimed",
    "facilities.why_no_alternative",
    "outreach.lies_ahead",
)
"""Facts that few purchases state; of most of them rules ask no more."""


# --- a mix --------------------------------------------------------------------------------


def mixed(rows: int, seed: int) -> Flat:
    """Sound purchases in which facts are exchanged at random, and left out, all over."""
    draw = np.random.default_rng(seed)
    flat = sound(rows, draw)

    def some(chance: float, shape: Any) -> Array:
        return np.asarray(draw.random(shape) < chance)

    for name, values in flat.facts.items():
        if name.partition(".")[2] in AMOUNTS:
            continue
        change, blank = some(0.04, values.shape), some(0.01, values.shape)
        if values.dtype == np.uint8:
            new, none = draw.integers(1, len(WORDS.get(name, COUNTRIES)) + 1, values.shape), 0
        elif values.dtype == np.int8:
            new, none = draw.integers(0, 2, values.shape), -1
        else:
            new, none = draw.integers(day("2025-01-01"), day("2031-12-31"), values.shape), 0
        values[change] = np.asarray(new)[change]
        values[blank] = none
    for of in ("entities", "unlisted_suppliers"):
        contract = flat.facts[f"{of}.contract"]
        flat.facts[f"{of}.share"][:] = contract // 1000 * draw.integers(0, 450, contract.shape)
    flat.facts["perhaps_single"][:] = 0
    days = flat.facts["entities.study_days"]
    days[:] = draw.integers(-400, 1400, days.shape)
    amounts = flat.facts["end_products.amounts"]
    whole = amounts[:, 0].copy()
    for place, most in ((1, 30), (2, 45), (3, 4)):
        part = whole // 100 * draw.integers(0, most, whole.shape) * some(0.6, whole.shape)
        amounts[:, place] += np.minimum(part, amounts[:, 0])
        amounts[:, 0] -= amounts[:, place]
    amounts.transpose(0, 2, 1)[some(0.01, whole.shape)] = 0  # components that nobody has priced
    for name in PLACES:
        there = flat.there[name]
        least = 0 if name in {"restrictions", "outreach", "modifications", "unlisted_suppliers"} else 1
        there[:] = np.arange(len(there))[:, None] < draw.integers(least, len(there) + 1, rows)
    flat.there["companies"][:3] = flat.there["entities"]
    flat.there["companies"][3] = some(0.5, rows)
    for of, names in NESTED.items():
        for name in names:
            flat.there[name][:] = flat.there[of] & some(1.0 if name == "facilities" else 0.5, flat.there[of].shape)
    for key, values in flat.statements.items():
        values[some(0.3 if key not in {"aim", "plan", "participation-clauses"} else 0.02, rows)] = -1
        change = some(0.04, rows)
        values[change] = draw.integers(0, 2, rows)[change]
    return flat


# --- at the limits ------------------------------------------------------------------------

LIMITS = (
    "art16.max_outside_share",
    "canada.max_neither_share",
    "canada.min_inside_share",
    "canada.max_partner_share",
    "art02.min_buyers",
    "art04.single_buyer_last_signature",
    "art08.last_decision",
    "art12.availability_ends",
    "art16.involved_share",
    "art16.derogation_top",
    "art16.study_years",
    "act.entry_into_force",
)
"""Every limit that a rule compares under the default readings and that decides. Others are compared before a rule sees
the purchase, or only tell what a person must answer."""


def at_limits(rows: int, seed: int) -> tuple[Flat, Array, Array]:
    """Sound purchases, each brought to a limit or one cent, one day or one buyer beyond it.

    Also whether each is eligible, known by how it was made, and which limit (a place in LIMITS) it is about. The
    numbers are those of the Regulation and of the agreement, written here a second time.
    """
    draw = np.random.default_rng(seed)
    flat, which = sound(rows, draw), np.arange(rows) % len(LIMITS)
    beyond = (np.arange(rows) // len(LIMITS) % 2).astype(np.int64)
    facts, limit = flat.facts, {name: which == place for place, name in enumerate(LIMITS)}
    units = draw.integers(1, 10**11, rows)

    def compose(name: str, de: int, ca: int, us: int, takes: int) -> None:
        """Shares in units; beyond the limit a cent moves from Germany to another origin."""
        at = limit[name]
        amounts = facts["end_products.amounts"][0]
        for place, count in enumerate((de, ca, us)):
            amounts[place, at] = units[at] * count
        amounts[0, at] -= beyond[at]
        amounts[takes, at] += beyond[at]

    compose("art16.max_outside_share", 13, 0, 7, takes=2)  # 35 of 100 from outside
    compose("canada.max_neither_share", 8, 5, 7, takes=2)  # 35 of 100 from neither
    compose("canada.min_inside_share", 1, 3, 1, takes=2)  # 20 of 100 from inside
    compose("canada.max_partner_share", 1, 4, 0, takes=1)  # 80 of 100 from Canada
    facts["buyers.country"][1, limit["art02.min_buyers"] & (beyond == 1)] = code("GB")  # may join, does not count
    alone = limit["art04.single_buyer_last_signature"]
    flat.there["buyers"][1, alone] = False
    facts["single_buyer"][alone] = 1
    facts["events.signature"][alone] = day("2026-05-30") + beyond[alone]
    for name, fact, last in (
        ("art08.last_decision", facts["buyers.loan_decided"][0], "2027-06-30"),
        ("art12.availability_ends", facts["events.last_payment"], "2030-12-31"),
    ):
        fact[limit[name]] = day(last) + beyond[limit[name]]
    _subcontractors(facts, limit, beyond, units)
    # At 15 % a subcontractor is involved: there the limit itself is what one from outside must not reach.
    fails = np.where(limit["art16.involved_share"], beyond == 0, beyond == 1)
    return flat, ~fails, which


def _subcontractors(facts: dict[str, Array], limit: dict[str, Array], beyond: Array, units: Array) -> None:
    """The second supplier is from the United States, and its share, its history or its study is at the limit."""
    share, contract = facts["entities.share"][1], facts["entities.contract"][1]
    names = ("art16.involved_share", "art16.derogation_top", "art16.study_years", "act.entry_into_force")
    for name, of_20, earlier in zip(names, (3, 7, 4, 4), (False, True, False, True), strict=True):
        at = limit[name]
        facts["entities.established_in"][1, at] = facts["entities.managed_from"][1, at] = code("US")
        share[at], contract[at] = units[at] * of_20, units[at] * 20
        facts["entities.related_since"][1, at] = day("2025-05-28") if earlier else day("2026-01-01")
    share[limit[names[0]]] -= beyond[limit[names[0]]]
    share[limit[names[1]]] += beyond[limit[names[1]]]
    facts["entities.study_days"][1, limit[names[2]]] = 2 * 366 + beyond[limit[names[2]]]
    facts["entities.related_since"][1, limit[names[3]]] += beyond[limit[names[3]]].astype(np.int32)


# --- as columns ---------------------------------------------------------------------------


def table(flat: Flat) -> Table:
    """The ragged columns of flat arrays."""
    return Table(
        flat.rows,
        {name: _column(name, values) for name, values in flat.facts.items() if values.ndim == 1},
        {**{name: _collection(flat, name) for name in PLACES}, **{name: _nobody(flat.rows) for name in NOBODY}},
        dict(flat.statements),
    )


def _collection(flat: Flat, name: str) -> Collection:
    there = flat.there[name]
    picked = there.T  # purchase by purchase, place by place
    facts = _facts(flat, name, picked)
    if f"{name}.share" in flat.facts:
        share, contract = (flat.facts[f"{name}.{each}"].T[picked] for each in ("share", "contract"))
        facts["share_of_contract"] = Numbers(share, share, contract)
    if name == "entities":
        facts["share_of_group"] = facts["share_of_contract"]
        days = flat.facts["entities.study_days"].T[picked].astype(np.int64)
        facts["study_years"] = Numbers(days, days, np.where(days < 0, 0, 366))
        facts["study_commitment"] = Words(np.where(days < 0, 0, 1).astype(np.uint8), ("given",))
        for told in ("award_known", "relationships_told"):
            facts[told] = Answers(np.ones(len(share), dtype=np.int8))
    if name == "buyers":  # one that a change added came with it
        joined, added = (flat.facts[f"buyers.{each}"].T[picked] for each in ("joined", "added_by_change"))
        facts["came_on"] = _column("buyers.joined", np.where((joined == 0) & (added >= 0), day("2026-08-01"), joined))
    if name == "companies":  # of a company that nobody is said to control, no country of control is told
        controlled = flat.facts["companies.controlled"].T[picked] == 1
        countries = flat.facts["companies.controlled_by"].T[picked]
        facts["controlled_by"] = Words(np.where(controlled, countries, 0).astype(np.uint8), COUNTRIES)
        del facts["controlled"]
    if name == "end_products":
        facts["components"] = _components(flat.facts["end_products.amounts"].transpose(2, 0, 1)[picked])
    collections = {each: _nested(flat, each, picked) for each in NESTED.get(name, ())}
    if name == "companies":
        collections |= {each: _nobody(int(there.sum())) for each in ("sites", "controllers")}
    return Collection(_ends(there.sum(axis=0)), Table(int(there.sum()), facts, collections))


def _nobody(rows: int) -> Collection:
    """A collection that has no members anywhere."""
    return Collection(np.zeros(rows + 1, dtype=np.int64), Table(0, {}))


def _nested(flat: Flat, name: str, owners: Array) -> Collection:
    """Members of members, of which each has one or none."""
    there = flat.there[name].T
    return Collection(_ends(there[owners]), Table(int(there[owners].sum()), _facts(flat, name, owners & there)))


def _facts(flat: Flat, of: str, picked: Array) -> dict[str, Column]:
    """Columns of a collection's facts, but for those that are made of several arrays."""
    named = {name.partition(".")[2]: values for name, values in flat.facts.items() if name.startswith(f"{of}.")}
    return {fact: _column(f"{of}.{fact}", values.T[picked]) for fact, values in named.items() if fact not in AMOUNTS}


def _components(amounts: Array) -> Shares:
    """Amounts above zero, product by product."""
    some = amounts > 0
    words = tuple(origin for origin in ORIGINS if origin)
    codes = np.array([words.index(origin) + 1 if origin else 0 for origin in ORIGINS], dtype=np.uint8)
    values = amounts[some]
    return Shares(_ends(some.sum(axis=1)), np.broadcast_to(codes, amounts.shape)[some], words, values, values)


def _ends(counts: Array) -> Array:
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)


def _column(name: str, values: Array) -> Column:
    values = np.ascontiguousarray(values)
    if values.dtype == np.uint8:
        return Words(values, WORDS.get(name, COUNTRIES))
    if values.dtype == np.int8:
        return Answers(values)
    days = values.astype("datetime64[D]")
    days[values == 0] = np.datetime64("NaT")
    return Dates(days)
