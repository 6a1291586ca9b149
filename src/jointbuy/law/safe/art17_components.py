"""Agreements under Article 17: origin of components (Art. 17(2)(c))."""

from __future__ import annotations

from jointbuy.law.safe.products import for_defence_products
from jointbuy.law.shared.products import for_components
from jointbuy.rules import Expression, all_of, at_least_from, at_most, at_most_from, terms


@terms(
    title="Components from {partner}",
    condition="components",
    checked="2026-11-26",
    leaves="What counts as a component from {partner}, and on which base its shares are measured, is for the "
    "agreement to say; here they are measured as under Article 16(10).",
)
def components(agreement: str) -> Expression:
    """Enough components come from inside, not too many from {partner}, and few enough from neither.

    Each end product is measured for itself, on the same base as under Article 16(10).
    """
    shares = for_components(
        all_of(
            at_least_from(f"{agreement}.min_inside_share", "components", group="inside"),
            at_most_from(f"{agreement}.max_partner_share", "components", group=agreement),
            at_most(f"{agreement}.max_neither_share", "components", outside=f"inside and {agreement}"),
        ),
    )
    return for_defence_products(shares)
