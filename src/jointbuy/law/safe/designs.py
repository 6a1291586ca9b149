"""Freedom of design for category two (Art. 16(11)), by itself and under an agreement (Art. 17(2)(d))."""

from __future__ import annotations

from jointbuy.law.safe.categories import in_category_two
from jointbuy.law.shared.products import removable
from jointbuy.rules import Expression, all_of, any_of, by_reading, for_each, is_one_of, unstated, when, within, yes


def free_to_design(*partners: str) -> Expression:
    """For category two: the design can be decided on, and no third country but a partner stands in the way."""
    return when(
        in_category_two(), all_of(yes("design_authority"), is_held(), for_each("restrictions", free(*partners)))
    )


def is_held() -> Expression:
    """Held by whom the text asks for; a file that names no holder means a contractor or the consortium."""
    holder = by_reading(
        "design holder",
        contractor_or_consortium=is_one_of("design_holder", "contractor", "consortium"),
        group=is_one_of("design_holder", "contractor", "consortium", "group company"),
        state=is_one_of("design_holder", "contractor", "consortium", "group company", "buying state"),
    )
    return any_of(unstated("design_holder"), holder)


def free(*partners: str) -> Expression:
    """A restriction that the contractor may lift, or that no third country imposes.

    A country or territory overseas that belongs to a Member State is none.
    """
    ours = by_reading(
        "third country in 16(11)",
        literal=within("imposed_by", "union"),
        other_third_countries=within("imposed_by", "inside"),
    )
    overseas = within("imposed_by", "associated overseas")
    return any_of(removable(), ours, overseas, *(within("imposed_by", partner) for partner in partners))
