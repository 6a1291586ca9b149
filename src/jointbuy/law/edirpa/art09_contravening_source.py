"""Article 9(12), second sentence: components from countries that contravene security interests."""

from __future__ import annotations

from jointbuy.law.edirpa.entities import INTERESTS
from jointbuy.law.shared.contravening import Bar, nothing_from_contravening_countries
from jointbuy.rules import Expression, rule


@rule(
    title="No component from a contravening country",
    provision="Art. 9(12)",
    condition="contravening sources",
    checked="2026-11-27",
    leaves="Which countries contravene the security and defence interests of the Union and its Member States, here "
    "with the principle of good neighbourly relations: no text lists them. What a company supplies that is only "
    "controlled from such a country.",
)
def contravening_source() -> Expression:
    """No component is sourced from a third country that contravenes security and defence interests.

    The origin of a component counts, the country that supplies it, and the countries of contractors, subcontractors
    and suppliers, whether or not the bill names them. Control from there is for a person, screened or not, and so is a
    plant there.
    """
    return nothing_from_contravening_countries(Bar(INTERESTS, "Art. 9(6) and (12)", "Art. 9(9)"))
