"""Agreements under Article 17: who may supply (Art. 17(2)(a))."""

from __future__ import annotations

from jointbuy.law.safe.entities import suppliers_from
from jointbuy.law.safe.products import for_defence_products
from jointbuy.rules import Expression, terms


@terms(
    title="Contractors and subcontractors from inside or {partner}",
    condition="who supplies",
    checked="2026-11-26",
    leaves="What the agreement asks of management, of control of entities in {partner} by others and of subcontractors "
    "may differ from Article 16, whose conditions are applied here with {partner} counted as inside.",
)
def establishment(agreement: str) -> Expression:
    """Every contractor and subcontractor involved is established, managed and controlled inside or in {partner}.

    Or it is excused in the same ways as under Article 16.
    """
    return for_defence_products(suppliers_from(f"inside and {agreement}"))
