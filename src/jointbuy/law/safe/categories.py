"""The headings of Article 1, second subparagraph, in the words of `model.Category`."""

from __future__ import annotations

from jointbuy.rules import Expression, all_of, any_of, by_reading, for_any, for_each, is_one_of, judgement

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

    The headings are those of the purchase, in no order: where they are of both categories, nobody but a person knows
    which is the main purpose of the product, or of each of several.
    """
    main = judgement(
        "main-purpose",
        "The purchase has headings of both categories: is the main purpose of the product, or of any of its products, "
        "in category two?",
        who="contracting authority",
    )
    two = is_one_of("heading", *CATEGORY_TWO)
    return by_reading(
        "mixed systems",
        strictest=for_any("categories", two),
        main_purpose=all_of(for_any("categories", two), any_of(for_each("categories", two), main)),
    )
