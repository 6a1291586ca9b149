"""Agreements under Article 17: freedom of design (Art. 17(2)(d))."""

from __future__ import annotations

from jointbuy.law.safe.designs import free_to_design
from jointbuy.law.safe.products import for_defence_products
from jointbuy.rules import Expression, terms


@terms(
    title="Design authority, {partner} being no third country",
    condition="design",
    checked="2026-11-26",
    leaves="Article 17(2)(d) has an agreement settle restrictions by countries that are not parties to it, such as "
    "those of the United States on products made by its partner; the partner's own are taken as harmless.",
)
def design(agreement: str) -> Expression:
    """For category two, contractors decide on the design and no third country but {partner} stands in their way.

    A restricted component is no obstacle where the contractor may substitute or remove it.
    """
    return for_defence_products(free_to_design(agreement))
