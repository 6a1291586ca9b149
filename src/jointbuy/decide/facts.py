"""The facts that rules compare, taken from a purchase, its control and its content.

The names here and in the rules under `law/` are one vocabulary; a name nobody provides would make a
rule unknown for ever, so a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from jointbuy.decide import buyers, changes, subcontracts
from jointbuy.decide.content_facts import of_content, sites
from jointbuy.decide.stated import fact, is_named
from jointbuy.decide.states import States, as_states, territories, verified_at_home
from jointbuy.exact import Range, exactly
from jointbuy.model import Party, Purchase, Subcontract
from jointbuy.result import Content, Control, Controlled, Holder
from jointbuy.rules import Fact, Facts, Value


def of(
    purchase: Purchase,
    control: Control,
    content: Content | None,
    inside: Container[str],
    states: States,
    known_on: date,
) -> Facts:
    """Every fact of a purchase by name; what is not stated has the value None (§1)."""
    return {**stated(purchase, control, inside, states, known_on), **of_content(purchase, control, content)}


def stated(purchase: Purchase, control: Control, inside: Container[str], states: States, known_on: date) -> Facts:
    """The facts that do not hang on the bill: the same under every reading on value.

    `inside` are the countries that count towards a common procurement, `states` those of territories: a territory
    buys as its state. What a public act is said to do after `known_on` has not happened yet: its date lies ahead (§5).
    So it is with who joins and what changes then; the contract itself is taken as planned.
    """
    named, purchase = purchase, as_states(purchase, states)
    so_far = buyers.so_far(purchase, known_on)
    categories = purchase.product.categories
    design = purchase.design
    return {
        "product.kind": fact(purchase, purchase.product.kind, "product.kind"),
        "mostly_steel": fact(purchase, purchase.product.mostly_steel, "product.mostly_steel"),
        "off_the_shelf": fact(purchase, purchase.product.off_the_shelf, "product.off_the_shelf"),
        "categories": None
        if categories is None
        else tuple({"heading": fact(purchase, name, "product.categories")} for name in categories),
        "events.tender": fact(purchase, purchase.events.tender, "events.tender"),
        "events.signature": fact(purchase, purchase.events.signature, "events.signature"),
        "events.last_delivery": fact(purchase, purchase.events.last_delivery, "events.last_delivery"),
        "events.last_payment": fact(purchase, purchase.events.last_payment, "events.last_payment"),
        "events.last_amendment": changes.last(purchase),
        "contract_value_cad": fact(purchase, _in_dollars_of_canada(purchase), "contract.value"),
        "conducted_by": fact(purchase, purchase.conducted_by, "conducted_by"),
        "union_procurement": fact(purchase, _by_the_union(purchase), "union_procurement", "conducted_by"),
        "prior_notice": fact(purchase, purchase.prior_notice, "prior_notice"),
        "modifications": changes.of(purchase, known_on),
        "by_structure": fact(purchase, is_named(purchase.structure), "structure"),
        "single_buyer": fact(purchase, buyers.is_single(so_far, inside), "buyers"),
        "perhaps_single": fact(purchase, buyers.only_signing(so_far, inside) is not None, "buyers"),
        "concluded_alone": fact(purchase, buyers.concluded_alone(so_far, inside), "buyers"),
        "conducted_by_buyer": fact(purchase, buyers.conductor_buys(purchase), "conducted_by"),
        "conducted_by_single": fact(purchase, buyers.conductor_is_alone(so_far, inside), "conducted_by"),
        "conducted_by_borrower": fact(purchase, buyers.conductor_borrows(purchase), "conducted_by"),
        "buyers": buyers.of(purchase, known_on, lambda state: territories(named, state, states)),
        "entities": _entities(purchase, control, states, known_on),
        "outreach_listed": fact(purchase, purchase.outreach is not None, "outreach"),
        "outreach": _outreach(purchase, buyers.signing(so_far, inside), known_on),
        "subcontracts_listed": fact(purchase, purchase.subcontracts is not None, "subcontracts"),
        "subcontracts_told": fact(purchase, True if purchase.subcontracts is not None else None, "subcontracts"),
        "adverse_declaration": _adverse(purchase),
        "design_authority": fact(purchase, design.authority if design else None, "design.authority", "design"),
        "design_holder": fact(purchase, design.holder if design else None, "design.holder", "design"),
        "restrictions_listed": fact(purchase, _lists_restrictions(purchase), "design.restrictions", "design"),
        "restrictions": _restrictions(purchase),
        "in_use_since": fact(purchase, design.in_use_since if design else None, "design.in_use_since", "design"),
    }


def statements(purchase: Purchase) -> Mapping[str, Fact]:
    """What persons have stated, by the key it settles; the latest statement on a key counts."""
    return {
        each.settles: fact(purchase, each.answer, f"statements[{index}].settles", f"statements[{index}]")
        for index, each in sorted(enumerate(purchase.statements), key=lambda item: item[1].on)
    }


def _outreach(purchase: Purchase, itself: Container[str], known_on: date) -> tuple[Facts, ...] | None:
    """Steps towards others than the one buyer itself (Art. 4(3)), whatever they answered; some may lie ahead.

    Whoever has accepted is listed as a buyer, and the step that won it counts all the same.
    """
    if purchase.outreach is None:
        return None
    return tuple(
        {
            "subject": Fact(each.country),
            "country": fact(purchase, each.country, f"outreach[{index}].country"),
            "lies_ahead": fact(purchase, each.on if each.on > known_on else None, f"outreach[{index}].country"),
        }
        for index, each in enumerate(purchase.outreach)
        if each.country not in itself
    )


def _entities(purchase: Purchase, control: Control, states: States, known_on: date) -> tuple[Facts, ...] | None:
    """Contractors, and subcontractors with everything that tells whether they are involved (Art. 16(12))."""
    if not purchase.contract.contractors:
        return None
    parties = {party.id: party for party in purchase.parties}
    all_of_them: list[tuple[Party, Subcontract | None, int | None]] = [
        (parties[name], None, None) for name in purchase.contract.contractors
    ]
    for index, subcontract in enumerate(purchase.subcontracts or ()):
        all_of_them.append((parties[subcontract.subcontractor], subcontract, index))
    return tuple(
        {
            **_entity(purchase, party, control, subcontract, index, known_on),
            "guarantee_verified_at_home": _at_home(purchase, party, states),
        }
        for party, subcontract, index in all_of_them
    )


def _at_home(purchase: Purchase, party: Party, states: States) -> Fact:
    own = f"parties[{party.id}]"
    return fact(purchase, verified_at_home(party, states), f"{own}.guarantees", own)


def _entity(
    purchase: Purchase,
    party: Party,
    control: Control,
    subcontract: Subcontract | None,
    index: int | None,
    known_on: date,
) -> Facts:
    def own(value: Value, name: str) -> Fact:
        return fact(purchase, value, f"parties[{party.id}].{name}", f"parties[{party.id}]")

    def sub(value: Value, name: str) -> Fact:
        return fact(purchase, value, f"subcontracts[{index}].{name}", f"subcontracts[{index}]")

    screening, controlled = party.screening, control.parties[party.id]
    held = "controlled_by" if party.controlled_by else "owners"
    ahead = screening is not None and _is_ahead(screening.on, known_on)
    mine = subcontracts.of_entity(purchase, subcontract)
    telling = subcontracts.earliest(purchase, mine)
    committed, to_come = subcontracts.commitment(mine, known_on)
    return {
        "subject": Fact(party.name or party.id),
        "company": Fact(party.id),
        "role": own("subcontractor" if subcontract else "contractor", "id"),
        "direct": sub(subcontracts.in_any(subcontracts.is_direct(purchase, each) for each in mine), "contractor"),
        "award_known": sub(subcontracts.awarded_by_contractor(purchase, mine), "contractor"),
        **_shares(purchase, party, control, subcontract, sub),
        "critical_input": sub(subcontracts.in_any(each.critical_input for each in mine), "critical_input"),
        "classified_access": sub(subcontracts.in_any(each.classified_access for each in mine), "classified_access"),
        "established_in": own(party.established_in, "established_in"),
        "managed_from": own(party.executive_management_in, "executive_management_in"),
        "controlled": replace(own(_yes_no(controlled), held), open=_open(party, controlled)),
        "controlled_by": replace(own(controlled.country, held), open=_open(party, controlled)),
        "controller_is_person": own(controlled.person, held),
        "own_components": sub(subcontract.own_components if subcontract else None, "own_components"),
        "controllers": _holders(controlled.entities, own, held),
        "large_holders": _holders(controlled.large, own, held, party.name or party.id),
        "stands_for_company": sub(subcontracts.stands_for_company(mine, subcontract), "subcontractor"),
        "brings_components": sub(subcontract.components if subcontract else None, "components"),
        "related_since": sub(telling.relationship_since if telling else None, "relationship_since"),
        "related_to_each_since": sub(subcontracts.related_to_each_since(purchase, mine), "relationship_since"),
        "relationships_told": sub(subcontracts.relationships_told(purchase, mine), "relationship_since"),
        "study_claimed": sub(subcontracts.study_claimed(mine), "study_committed"),
        "study_years": sub(subcontracts.study_years(purchase, mine), "replacement_study"),
        "study_years_from_signature": sub(subcontracts.study_years_from_signature(purchase, mine), "replacement_study"),
        "study_commitment": replace(sub(committed, "study_committed"), ahead=to_come),
        "studied_before_signature": sub(subcontracts.studied_before(purchase, mine), "replacement_study"),
        "screened": own(True if screening else None, "screening"),
        "screened_on": own(screening.on if screening else None, "screening"),
        "screened_before_control": own(_screened_before_control(party), "screening"),
        "screening_outcome": replace(own(screening.outcome if screening else None, "screening"), ahead=ahead),
        "mitigation_in_place": own(screening.mitigation_in_place if screening else None, "screening"),
        "mitigation_notified": own(_by(screening.notified if screening else None, known_on), "screening"),
        "facilities_listed": own(bool(party.facilities), "facilities"),
        # Asked only where nothing is listed, and then nobody has told.
        "facilities_told": own(None, "facilities"),
        "facilities": sites(purchase, party),
        **_guarantees(party, known_on, own),
        **_earlier(party, known_on, own),
    }


def _shares(
    purchase: Purchase,
    party: Party,
    control: Control,
    subcontract: Subcontract | None,
    sub: Callable[[Value, str], Fact],
) -> Mapping[str, Fact]:
    """What it and its group are allocated, in all and for tasks (EDIP, Art. 2(31)); nothing of a contractor."""
    own, group = ({party.id}, _group_of(party, control)) if subcontract else (None, None)

    def told(companies: Container[str] | None, *, tasks: bool) -> Fact:
        share = (subcontracts.for_tasks if tasks else subcontracts.allocated)(purchase, companies)
        stated = share is None or subcontracts.all_stated(purchase, companies, tasks=tasks)
        return replace(sub(share, "value"), open="" if stated else "not every subcontract states its value")

    return {
        "share_of_contract": told(own, tasks=False),
        "share_of_group": told(group, tasks=False),
        "tasks_of_contract": told(own, tasks=True),
        "tasks_of_group": told(group, tasks=True),
    }


def _holders(
    holders: tuple[Holder, ...], own: Callable[[Value, str], Fact], held: str, of: str = ""
) -> tuple[Facts, ...]:
    """Who holds a party, by name and country; `of` names the party where the name alone would not say of which."""
    return tuple(
        {
            "subject": Fact(f"{each.name} in {of}" if of else each.name),
            "country": own(each.country, held),
            "managed_from": own(each.managed_from, held),
            "is_person": own(each.person, held),
            "listed_as": own(each.listed_as, held),
            "ends_in": own(each.ends_in, held),
        }
        for each in holders
    )


def _screened_before_control(party: Party) -> bool | None:
    """Whether who controls it now came after the screening; None where one of the two days is not stated."""
    if party.screening is None or party.screening.on is None or party.controlled_since is None:
        return None
    return party.screening.on < party.controlled_since


def _cleared_before_control(party: Party) -> bool | None:
    """Whether who controls it now came after every earlier clearance; None where one of the days is not stated."""
    days = [each.on for each in party.clearances]
    known = [day for day in days if day is not None]
    if not known or len(known) < len(days) or party.controlled_since is None:
        return None
    return max(known) < party.controlled_since


def _cleared(party: Party) -> bool | None:
    """Whether an earlier clearance stands unchanged; None where none is claimed or its state is not stated."""
    answers = {each.unchanged for each in party.clearances}
    return True if True in answers else None if None in answers or not answers else False


def _earlier(party: Party, known_on: date, own: Callable[[Value, str], Fact]) -> Mapping[str, Fact]:
    """What earlier clearances a party claims (Art. 16(9)), and how they stand."""
    return {
        "clearance_claimed": own(True if party.clearances else None, "clearances"),
        "cleared_under": _cleared_under(party, known_on, own),
        "cleared_before_control": own(_cleared_before_control(party), "clearances"),
        "cleared_earlier": own(_cleared(party), "clearances"),
    }


def _guarantees(party: Party, known_on: date, own: Callable[[Value, str], Fact]) -> Mapping[str, Fact]:
    """What guarantees a party offers (Art. 16(5) to (7)); that there are any is told by any part of them."""
    guarantees = party.guarantees
    return {
        "guarantees_offered": own(True if guarantees else None, "guarantees"),
        "guarantee_control": own(guarantees.control_does_not_hamper if guarantees else None, "guarantees"),
        "guarantee_classified": own(guarantees.classified_protected if guarantees else None, "guarantees"),
        "guarantee_verified_by": own(guarantees.verified_by if guarantees else None, "guarantees"),
        "guarantee_in_tender": own(guarantees.in_tender if guarantees else None, "guarantees"),
        "guarantees_notified": own(_by(guarantees.notified if guarantees else None, known_on), "guarantees"),
    }


def _cleared_under(party: Party, known_on: date, own: Callable[[Value, str], Fact]) -> Fact:
    """The act of an earlier clearance; of several one that has been given, and of these one that stands unchanged."""
    given = sorted(party.clearances, key=lambda each: (_is_ahead(each.on, known_on), each.unchanged is not True))
    if not given:
        return Fact(None)
    return replace(own(given[0].act, "clearances"), ahead=_is_ahead(given[0].on, known_on))


def _by(day: date | None, known_on: date) -> date | None:
    """A day by which something was done; what is to be done later has not been done."""
    return None if _is_ahead(day, known_on) else day


def _is_ahead(day: date | None, known_on: date) -> bool:
    return day is not None and day > known_on


def _yes_no(controlled: Controlled) -> bool | None:
    """Whether anybody controls it; who holds it by a majority does, be it that nobody knows who is behind that."""
    if controlled.entities or controlled.status == "controlled":
        return True
    return False if controlled.status == "not controlled" else None


def _open(party: Party, controlled: Controlled) -> str:
    """Why it is open who controls a party of which something is stated: what is stated leaves it open, or disagrees."""
    silent = controlled.status != "undecidable" or not (party.owners or party.controlled_by)
    return "" if silent else f"who controls it is open: {controlled.because}"


def _group_of(party: Party, control: Control) -> set[str]:
    """The parties whose chain of majorities ends with the same holder as this one's, and itself."""
    group = control.parties[party.id].group
    return {name for name, each in control.parties.items() if each.group == group}


def _adverse(purchase: Purchase) -> Fact:
    """The first party that declares that something it supplies comes from a contravening country."""
    for party in purchase.parties:
        if party.none_from_contravening is False:
            return fact(purchase, party.name or party.id, f"parties[{party.id}].none_from_contravening")
    return Fact(None)


def _in_dollars_of_canada(purchase: Purchase) -> Range | None:
    """The contract value in that currency, or by the rate that the file states for it."""
    value = purchase.contract.value
    if value is None:
        return None
    # One unit of another currency in that of the contract.
    rates: dict[str, Fraction] = {each.currency: each.rate for each in purchase.exchange_rates}
    rates[value.currency] = Fraction(1)
    return exactly(value.major / rates["CAD"]) if rates.get("CAD") else None


def _by_the_union(purchase: Purchase) -> bool | None:
    """Whether a Union institution carries it out; no where the file names a country that does, and no institution."""
    stated = purchase.union_procurement
    return False if stated is None and purchase.conducted_by is not None else stated


def _lists_restrictions(purchase: Purchase) -> bool | None:
    """Whether the file lists restrictions, be it that there are none; None while it is silent."""
    return True if purchase.design and purchase.design.restrictions is not None else None


def _restrictions(purchase: Purchase) -> tuple[Facts, ...] | None:
    if purchase.design is None or purchase.design.restrictions is None:
        return None
    return tuple(
        {
            "subject": Fact(each.component),
            "imposed_by": fact(purchase, each.imposed_by, f"design.restrictions[{index}].imposed_by"),
            "hold": fact(purchase, each.hold, f"design.restrictions[{index}].hold"),
            "limits_use": fact(purchase, each.limits_use, f"design.restrictions[{index}].limits_use"),
        }
        for index, each in enumerate(purchase.design.restrictions)
    )
