"""The headings of Article 1, second subparagraph, in the words of `model.Category`."""

from __future__ import annotations

from jointbuy.rules import Expression, by_reading, for_any, is_one_of

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
    """The product is related to category two; mixed systems by reading."""
    return by_reading(
        "mixed systems",
        strictest=for_any("categories", is_one_of("heading", *CATEGORY_TWO)),
        main_purpose=is_one_of("main_category", *CATEGORY_TWO),
    )
