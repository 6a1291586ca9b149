"""Article 16(11): freedom of design for category two."""

from __future__ import annotations

from jointbuy.law.safe.categories import in_category_two
from jointbuy.law.safe.products import for_defence_products
from jointbuy.rules import Expression, all_of, any_of, by_reading, for_each, is_one_of, rule, when, within, yes


@rule(
    title="Design authority",
    provision="Art. 16(11)",
    condition="design",
    checked="2026-11-23",
    leaves="Whether contracts and licences give the authority stated; recital 21 lets the consortium hold it.",
)
def design() -> Expression:
    """For category two, contractors decide on the design and no restriction of a third country stands in their way.

    A restricted component is no obstacle where the contractor may substitute or remove it.
    """
    removable = by_reading(
        "removal of restrictions",
        by_right=is_one_of("hold", "none", "removable by right"),
        in_fact=is_one_of("hold", "none", "removable by right", "removable in fact"),
    )
    no_third_country = by_reading(
        "third country in 16(11)",
        literal=within("imposed_by", "union"),
        other_third_countries=within("imposed_by", "inside"),
    )
    free = for_each("restrictions", any_of(removable, no_third_country))
    return for_defence_products(when(in_category_two(), all_of(yes("design_authority"), free)))
