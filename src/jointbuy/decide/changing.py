"""Of the facts that a way may change: which tell of one thing, which of a whole company, and which are no way alone."""

from __future__ import annotations

from collections.abc import Mapping

from jointbuy.rules import Fact, Facts, Value

GIVEN = frozenset(
    {
        "product.kind",
        "heading",
        "role",
        "mostly_steel",
        "union_procurement",
        "listed_as",
        "off_the_shelf",
        "is_contractor",
    }
)
"""Facts that make the purchase, or a party's part in it, what it is; changed only where nothing else helps."""
ONE_FACT: Mapping[str, str] = {
    "controlled": "owners",
    "controlled_by": "owners",
    "controller_is_person": "owners",
    "conducted_by_buyer": "conducted_by",
    "conducted_by_borrower": "conducted_by",
    "conducted_by_single": "conducted_by",
    "screened": "screening_outcome",
    "guarantee_verified_at_home": "guarantee_verified_by",
    "studied_before_signature": "study_years",
    "study_years_from_signature": "study_years",
    "study_commitment": "study_years",
    "cleared_under": "cleared_earlier",
    "clearance_claimed": "cleared_earlier",
}
"""Facts that tell of the same thing in the purchase file, so that they count as one change."""
SILENCE = frozenset(
    {"outreach_listed", "conducted_by", "product.kind", "events.tender", "events.signature", "raises_quantity"}
)
"""Facts of which it is no way that the file be silent: what is so does not change by not being said."""
FOLLOWS = frozenset({"guarantees_offered", "study_claimed"})
"""Facts that are stated where others are, so that to state them is no way by itself."""
CLOSED = frozenset({"ground", "listed_as"})
"""Words of which another is no way by itself: a conclusion of law, of which the rule asks a person, or who it is."""
_SINCE_SIGNATURE = (
    "events.last_delivery",
    "events.last_payment",
    "events.last_amendment",
    "buyers.joined",
    "modifications.changed_on",
    "changed_on",
)
FOLLOWING: Mapping[str, tuple[str, ...]] = {
    "events.tender": ("events.signature", *_SINCE_SIGNATURE),
    "events.signature": _SINCE_SIGNATURE,
    "loan_requested": ("loan_decided", "loan_in_force"),
    "loan_decided": ("loan_in_force",),
    "screened_on": ("mitigation_notified",),
}
"""Days, and those that no file may state to lie before them; `buyers.joined` is that of any buyer."""
OF_A_SUBCONTRACT = frozenset({"own_components", "brings_components", "stands_for_company"})
"""Facts of one subcontract alone; all others of a subcontractor are those of the company in all of its subcontracts."""


def company(facts: Facts) -> tuple[Value, Value] | None:
    """Whose subcontract a member is and as what it is there; None of one that is no company's."""
    found = facts.get("company"), facts.get("role")
    return (found[0].value, found[1].value) if isinstance(found[0], Fact) and isinstance(found[1], Fact) else None


def about(path: str) -> str:
    """What in the purchase a fact tells of, at its path; several facts may tell of one thing."""
    owner, inner, _ = path.rpartition("controllers[")
    if inner:
        return f"{owner}owners"
    before, dot, fact = path.rpartition("].")
    return f"{before}{dot}{ONE_FACT.get(fact, fact)}"
