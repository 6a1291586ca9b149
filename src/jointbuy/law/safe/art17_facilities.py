"""Agreements under Article 17: where the purchase is made (Art. 17(2)(b))."""

from __future__ import annotations

from jointbuy.law.safe.entities import facilities_in
from jointbuy.law.safe.products import for_defence_products
from jointbuy.rules import Expression, terms


@terms(
    title="Facilities inside or in {partner}",
    condition="facilities",
    checked="2026-11-26",
    leaves="Article 17(2)(b) has an agreement settle where facilities may lie; {partner} is counted as inside here.",
)
def facilities(agreement: str) -> Expression:
    """What contractors and subcontractors involved use lies inside or in {partner}, or has a reason."""
    return for_defence_products(facilities_in(f"inside and {agreement}"))
