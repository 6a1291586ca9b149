"""Article 16(10), second sentence: components from countries that contravene security interests."""

from __future__ import annotations

from jointbuy.law.shared.products import nothing_from_contravening_countries
from jointbuy.rules import Expression, rule


@rule(
    title="No component from a contravening country",
    provision="Art. 16(10)",
    condition="contravening sources",
    checked="2026-11-23",
    leaves="Which countries contravene the security and defence interests of the Union and its Member States: no text "
    "lists them.",
)
def contravening_source() -> Expression:
    """No component is sourced from a third country that contravenes security and defence interests.

    No share is small enough. The bar covers every purchase the instrument supports, and both the origin of a component
    and the country that supplies it.
    """
    return nothing_from_contravening_countries()
