"""Article 10(3), second sentence: components from countries that contravene security interests."""

from __future__ import annotations

from jointbuy.law.shared.contravening import nothing_from_contravening_countries
from jointbuy.law.shared.edip import PROGRAMME, unless_central
from jointbuy.rules import Expression, rule


@rule(
    title="No component from a contravening country",
    provision="Art. 10(3)",
    condition="contravening sources",
    checked="2026-11-27",
    leaves="Which countries contravene the security and defence interests of the Union and its Member States: no text "
    "lists them. What a company supplies that is only controlled from such a country.",
)
def contravening_source() -> Expression:
    """No component is sourced from a third country that contravenes security and defence interests.

    No share is small enough. The origin of a component counts, the country that supplies it, and the countries of
    contractors, subcontractors and suppliers, whether or not the bill names them. Control from there is for a person
    (Art. 9(6) and (8)), and so is a plant there (Art. 9(4)).

    The Commission as a central purchasing body is not bound by it (Art. 15).
    """
    return unless_central(PROGRAMME, nothing_from_contravening_countries(PROGRAMME.bar))
