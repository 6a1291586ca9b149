"""The headings of Article 1, second subparagraph, in the words of `model.Category`."""

from __future__ import annotations

from jointbuy.rules import Expression, all_of, any_of, by_reading, for_any, is_one_of, judgement, unstated, yes

CATEGORY_ONE = (
    "ammunition and missiles",
    "artillery",
    "ground combat",
    "small drones",
    "critical infrastructure protection",
    "cyber",
    "military mobility",
)
CATEGORY_TWO = (
    "air and missile defence",
    "maritime",
    "large drones",
    "strategic enablers",
    "space assets protection",
    "artificial intelligence",
    "electronic warfare",
)


def in_category_two() -> Expression:
    """The product is related to category two; mixed systems by reading.

    The headings are those of the purchase: of several end products nobody knows which each has, so that a main purpose
    in category one frees none of the others before a person says so.
    """
    one_is = judgement(
        "main-purpose-of-each",
        "The purchase has headings of both categories, and may be of several end products: is the main purpose of any "
        "of these products in category two?",
        who="contracting authority",
    )
    any_heading = for_any("categories", is_one_of("heading", *CATEGORY_TWO))
    several = any_of(unstated("several_products"), yes("several_products"))
    return by_reading(
        "mixed systems",
        strictest=any_heading,
        main_purpose=any_of(is_one_of("main_category", *CATEGORY_TWO), all_of(any_heading, several, one_is)),
    )
