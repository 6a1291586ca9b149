"""Article 10(3), second sentence: components from countries that contravene security interests."""

from __future__ import annotations

from jointbuy.law.shared.products import nothing_from_contravening_countries
from jointbuy.rules import Expression, rule


@rule(
    title="No component from a contravening country",
    provision="Art. 10(3)",
    condition="contravening sources",
    checked="2026-11-26",
    leaves="Which countries contravene the security and defence interests of the Union and its Member States: no text "
    "lists them.",
)
def contravening_source() -> Expression:
    """No component is sourced from a third country that contravenes security and defence interests.

    No share is small enough; the origin of a component counts, and the country that supplies it.
    """
    return nothing_from_contravening_countries()
