"""Facts in words, for whoever reads why a rule came out as it did. Each is written once, here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from jointbuy.exact import decimal
from jointbuy.money import DIGITS

_NBSP = "\N{NO-BREAK SPACE}"

FIELDS: Mapping[str, str] = {
    "controlled": "who controls it (controlled_by, or owners of whom shares tell it)",
    "controlled_by": "controlled_by",
    "managed_from": "executive_management_in",
    "share_of_contract": "value or share of the subcontract",
    "share_of_group": "value or share of every subcontract of its group",
    "tasks_of_contract": "value or share of the subcontract, and own_components",
    "tasks_of_group": "value or share of every subcontract of its group, and own_components",
    "brings_components": "components",
    "by_structure": "structure (or the answer no to whether one carries it out)",
    "unknown_makers": "bill_of_materials",
    "related_since": "relationship_since",
    "related_to_each_since": "relationship_since",
    "relationships_told": "relationship_since",
    "guarantees_offered": "guarantees",
    "guarantee_control": "guarantees.control_does_not_hamper",
    "guarantee_classified": "guarantees.classified_protected",
    "guarantee_in_tender": "guarantees.in_tender",
    "guarantee_verified_by": "guarantees.verified_by",
    "mitigation_in_place": "screening.mitigation_in_place",
    "loan_decided": "loan.council_decision",
    "loan_in_force": "loan.agreement_in_force",
    "loan_requested": "loan.requested",
    "design_authority": "design.authority",
    "restrictions": "design.restrictions",
    "entities": "contract.contractors",
    "end_products": "bill_of_materials",
    "all_sources_declared": "source of every part: its origin, and supplied_from or a supplier with a seat",
    "mostly_steel": "product.mostly_steel",
    "off_the_shelf": "product.off_the_shelf",
    "imposed_by": "design.restrictions imposed_by",
    "hold": "design.restrictions hold",
    "limits_use": "design.restrictions limits_use",
    "restrictions_listed": "design.restrictions",
    "contract_value_cad": "contract value in Canadian dollars, or a rate for them under exchange_rates",
    "in_use_since": "design.in_use_since",
    "screened": "screening",
    "screened_before_control": "screening.on and controlled_since",
    "screening_outcome": "screening.outcome",
    "clearance_claimed": "clearances",
    "cleared_earlier": "clearances.unchanged",
    "study_claimed": "replacement_study",
    "study_years": "replacement_study",
    "study_years_from_signature": "replacement_study",
    "study_commitment": "study_committed",
    "mitigation_notified": "screening.notified",
    "guarantees_notified": "guarantees.notified",
    "cleared_under": "clearances",
    "decided_at_start": "loan.council_decision",
    "in_force_at_start": "loan.agreement_in_force",
    "requested_at_start": "loan.requested",
    "subcontracts_told": "subcontracts",
    "facilities_told": "facilities",
    "supplies_components": "subcontracts components",
    "supplies_parts": "subcontracts components",
    "adds_buyers": "modifications adds",
    "changed_on": "modifications on",
    "changed_by": "conducted_by",
    "raises_quantity": "modifications quantity_before and quantity_after",
    "only_for_newcomers": "modifications quantity_after and buyers quantity",
    "to_come": "modifications on",
    "agreement_to_come": "modifications agreed",
    "agreed_before": "modifications agreed",
    "notice_published": "modifications notice",
}
"""Facts whose field in the purchase file has another name."""

_LABELS: Mapping[str, str] = {
    "country": "",
    "role": "",
    "conducted_by": "run by",
    "managed_from": "managed from",
    "imposed_by": "restricted by",
    "guarantee_verified_by": "guarantees verified by",
    "loan_decided": "Council decision on the loan of",
    "loan_in_force": "loan agreement in force since",
    "loan_requested": "loan requested on",
    "related_since": "earlier contract with the contractor since",
    "related_to_each_since": "earlier contracts with each contractor that awards it subcontracts since",
    "events.tender": "tender published on",
    "in_use_since": "in use since",
    "events.signature": "signed on",
    "events.last_delivery": "last delivery on",
    "events.last_payment": "last payment on",
    "made_in": "made in",
    "contract_value_cad": "contract value in Canadian dollars",
    "events.last_amendment": "last changed on",
    "ground": "allowed by",
    "changed_on": "changed on",
    "changed_by": "changed by an authority of",
    "modifications": "changes of the contract stated",
    "share_of_contract": "share of the contract value",
    "tasks_of_contract": "share of the contract value for tasks",
    "tasks_of_group": "share of its group in the contract value for tasks",
    "share_in_bill": "share of the contract value by the bill",
    "share_of_group": "share of its group in the contract value",
    "study_years": "years from the commitment (from signature where its day is not stated) to the study of its "
    "replacement",
    "study_years_from_signature": "years from signature to the study of its replacement",
    "product.kind": "kind of product",
    "cost_kind": "kind of cost",
    "heading": "heading of Article 1",
    "hold": "restriction",
    "participation": "participation",
    "screening_outcome": "outcome of the screening",
    "design_holder": "authority over the design held by",
    "mitigation_notified": "Commission notified of the mitigation on",
    "guarantees_notified": "Commission notified of the guarantees on",
    "study_commitment": "commitment to the study",
    "screened_on": "screened on",
    "joined": "joined on",
    "came_on": "came to the contract on",
    "party_since": "a party since",
    "known_by": "as known on",
    "why_no_alternative": "reason given:",
}
"""What stands before a fact's value; otherwise its name with blanks."""

_MOVED: Mapping[str, str] = {
    "events.tender": "its tender published",
    "events.signature": "the contract signed",
    "events.last_delivery": "the last delivery made",
    "events.last_payment": "the last payment made",
    "events.last_amendment": "its changes made",
    "modifications.changed_on": "its changes made",
    "changed_on": "it changed",
    "buyers.joined": "later buyers joining",
    "loan_requested": "the loan requested",
    "loan_decided": "the Council decision taken",
    "loan_in_force": "the loan agreement in force",
    "screened_on": "the screening made",
    "mitigation_notified": "the Commission notified",
}
"""What comes about on a day that has to move with another one."""

_ANSWERS: Mapping[str, tuple[str, str]] = {
    "borrows": ("pays with a SAFE loan", "does not pay with a SAFE loan"),
    "conducted_by_buyer": ("a buyer runs it", "a state that does not buy runs it"),
    "conducts": ("runs the procurement", "does not run the procurement"),
    "conducted_by_single": ("the one buyer runs it", "the one buyer does not run it itself"),
    "conducted_by_borrower": ("a buyer that borrows runs it", "the state that runs it does not borrow"),
    "single_buyer": ("at most one state from inside takes part", "several states from inside take part"),
    "is_contractor": ("a contractor", "no contractor"),
    "by_structure": (
        "a Structure for European Armament Programme carries it out",
        "no Structure for European Armament Programme carries it out",
    ),
    "perhaps_single": (
        "one state from inside signs, and how others take part is not stated",
        "who takes part is stated",
    ),
    "concluded_alone": (
        "at most one state from inside concluded the contract, and others were added later",
        "several states from inside concluded the contract, or but one takes part",
    ),
    "critical_input": ("supplies a critical unique input", "supplies no critical unique input"),
    "supplies_components": ("supplies components", "supplies services or works only"),
    "supplies_parts": ("supplies components", "supplies raw materials, services or works only"),
    "brings_components": ("brings components", "brings services or works only"),
    "classified_access": ("needs access to classified information", "needs no access to classified information"),
    "own_components": ("delivers components of its own", "does tasks under the contractor's supervision"),
    "mostly_steel": ("predominantly of iron or steel", "not predominantly of iron or steel"),
    "off_the_shelf": ("sold on the commercial market as it is", "not sold on the commercial market as it is"),
    "union_procurement": ("a Union institution carries it out", "no Union institution is said to carry it out"),
    "prior_notice": ("a contract notice was published first", "negotiated without publishing a contract notice first"),
    "added_by_change": ("added by a change of the contract", "added by no change of the contract"),
    "changed_by_newcomer": ("a country that it adds runs it", "no country that it adds runs it"),
    "adds_buyers": ("it adds buyers", "it adds no buyer"),
    "buys": ("is among the buyers", "is not among the buyers"),
    "raises_quantity": ("it raises the quantity", "it does not raise the quantity"),
    "only_for_newcomers": (
        "it adds no more than the countries added buy",
        "it adds more than the countries added buy",
    ),
    "agreed_before": ("the undertaking agreed beforehand", "the undertaking agreed only afterwards"),
    "equal_terms": ("all authorities have equal rights and duties", "not all authorities have equal rights and duties"),
    "notice_published": ("its notice has appeared in the Official Journal", "its notice has not appeared"),
    "restrictions_listed": ("restrictions are listed", "no restriction is listed"),
    "limits_use": ("limits how a state may use the product", "does not limit how a state may use the product"),
    "award_known": ("it is plain who awards it", "it is not plain which contractor awards it what"),
    "relationships_told": (
        "each contractor that awards it subcontracts says since when",
        "not each contractor that awards it subcontracts says since when",
    ),
    "may_be_elsewhere": ("it may come from a place that is not named", "it comes from one of these"),
    "stands_for_company": ("counted for its company", "counted with another subcontract of its company"),
    "direct": ("engaged by a contractor", "not engaged by a contractor itself"),
    "controlled": ("under somebody's control", "no one holder controls it"),
    "controller_is_person": ("controlled by a natural person", "not controlled by a natural person"),
    "is_person": ("a natural person", "not a natural person"),
    "mitigation_in_place": ("every mitigation is in place", "its mitigation is not in place"),
    "guarantee_control": (
        "guarantees assure that control does not hamper the order",
        "no guarantee assures that control does not hamper the order",
    ),
    "guarantee_classified": (
        "guarantees assure that classified information is protected",
        "no guarantee assures that classified information is protected",
    ),
    "guarantee_in_tender": (
        "the guarantees are in the tender specifications",
        "the guarantees are not in the tender specifications",
    ),
    "guarantee_verified_at_home": (
        "verified by the state of establishment",
        "verified by another state than that of establishment",
    ),
    "studied_before_signature": (
        "the study was due before signature or the commitment",
        "the study is due after signature and the commitment",
    ),
    "screened_before_control": (
        "screened before the control of today",
        "screened under the control of today",
    ),
    "cleared_before_control": (
        "cleared before the control of today",
        "cleared under the control of today",
    ),
    "cleared_earlier": (
        "cleared under an earlier act, unchanged since",
        "what has changed calls the earlier clearance into question",
    ),
    "decided_at_start": ("decided when the procedure began", "decided only after the procedure began"),
    "in_force_at_start": ("in force when the procedure began", "in force only after the procedure began"),
    "requested_at_start": ("requested when the procedure began", "requested only after the procedure began"),
    "facilities_listed": ("its facilities are listed", "no facility of it is listed"),
    "subcontracts_told": (
        "the file lists subcontracts, or says that there are none",
        "the file is silent on subcontracts",
    ),
    "facilities_told": ("its facilities are listed", "no facility of it is listed"),
    "subcontracts_listed": (
        "the file lists subcontracts, or says that there are none",
        "the file is silent on subcontracts",
    ),
    "outreach_listed": ("steps towards other states are listed", "the file lists no steps towards other states"),
    "design_authority": ("its holder can decide on the design", "nobody can decide freely on the design"),
    "all_sources_declared": ("every source is declared", "not every source is declared"),
}
"""What yes and what no says."""

_OTHERS: Mapping[tuple[str, str], str] = {
    ("role", "contractor"): "a contractor, and this excuses subcontractors from outside",
}
"""What it says of a word that it is not the one wanted, where the word alone would not tell."""

_STATED: Mapping[str, tuple[str, str]] = {
    "adverse_declaration": (
        "{} declares that something it supplies comes from a contravening country",
        "no supplier declares a component from a contravening country",
    ),
    "union_procurement": ("who carries it out is stated", "no Union institution is said to carry it out"),
    "prior_notice": ("whether a notice was published is stated", "nothing is stated under prior_notice"),
    "agreed_before": ("the day of the undertaking's agreement is stated", "no day of the undertaking's agreement"),
    "added_by_change": ("a change of the contract adds it", "no change of the contract adds it"),
    "only_for_newcomers": ("the quantities are stated", "the quantities added are not stated"),
    "equal_terms": ("equal_terms is stated", "nothing is stated under equal_terms"),
    "notice_published": ("its notice is stated", "no notice is stated"),
    "screened": ("a screening is claimed", "nothing is stated under screening"),
    "screened_before_control": (
        "the days of the screening and of the control are stated",
        "the day of the screening or that of the control is not stated",
    ),
    "participation": ("participation: {}", "nothing is stated under participation"),
    "joined": ("joined on {}", "a buyer from the start"),
    "clearance_claimed": ("an earlier clearance is claimed", "nothing is stated under clearances"),
    "design_holder": (
        "the holder of the design authority is named",
        "no other holder is named than contractor or consortium",
    ),
    "events.last_amendment": ("changed since signature", "not changed since signature"),
    "cleared_before_control": (
        "the days of the clearance and of its control are stated",
        "the days of the clearance and of its control are not both stated",
    ),
    "to_come": ("the change of {} lies ahead", "the change has been made"),
    "agreement_to_come": ("the agreement of {} lies ahead", "no agreement of the undertaking lies ahead"),
    "lies_ahead": ("the step of {} lies ahead", "the step has been taken"),
}
"""What it says that a fact is stated, with its value where that tells something, and that it is not."""


def field(name: str) -> str:
    """The field of the purchase file that states a fact."""
    return FIELDS.get(name, name)


def label(name: str) -> str:
    """What stands before a fact's value: `established_in` is "established in"."""
    return _LABELS.get(name, name.split(".")[-1].replace("_", " "))


def told(name: str, value: object) -> str:
    """A fact and its value: "established in Poland"; a country by itself is only named."""
    return f"{label(name)} {value}".strip()


def moved(names: Iterable[str]) -> str:
    """What comes about on some days, as a reader lists it: "the contract signed and the last payment made"."""
    found = list(dict.fromkeys(_MOVED[name] for name in names))
    return " and ".join(filter(None, (", ".join(found[:-1]), *found[-1:])))


def word(name: str, value: str) -> str:
    """A fact and the word it holds: "kind of product: defence product"; a role speaks for itself."""
    return f"{label(name)}: {value}" if label(name) else value


def other_word(name: str, value: str) -> str:
    """The same of a word that is not the one wanted: of a contractor, that a way out is for subcontractors."""
    return _OTHERS.get((name, value)) or word(name, value)


def answer(name: str, yes: bool) -> str:
    """What a yes or a no to a fact says."""
    both = _ANSWERS.get(name)
    return both[not yes] if both else f"{label(name)}: {'yes' if yes else 'no'}"


def stated(name: str, value: object) -> str:
    """That a fact is stated, or is not."""
    both = _STATED.get(name)
    if both:
        return both[value is None].format(value)
    if isinstance(value, bool):
        return answer(name, value)
    return told(name, value) if value is not None else f"nothing is stated under {field(name).partition('.')[0]}"


def money(amount: Fraction, currency: str) -> str:
    """An amount in whole minor units, its digits grouped."""
    whole, point, cents = decimal(amount, DIGITS[currency]).partition(".")
    return f"{int(whole):,}".replace(",", _NBSP) + f"{point}{cents}{_NBSP}{currency}"


def either(names: list[str]) -> str:
    """Names of which one will do, as a reader lists them."""
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
