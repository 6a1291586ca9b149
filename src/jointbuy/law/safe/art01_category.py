"""Article 1: products the instrument pays for."""

from __future__ import annotations

from jointbuy.law.safe.categories import CATEGORY_ONE, CATEGORY_TWO
from jointbuy.rules import Expression, for_any, is_one_of, rule


@rule(
    title="Product named in Article 1",
    provision="Art. 1",
    condition="product",
    checked="2026-11-23",
    leaves="Whether the product falls under the heading stated, and whether it is a defence product or another product "
    "for defence purposes (Art. 2(1) and (2)). Strategic enablers are an open list.",
)
def category() -> Expression:
    """The product falls under at least one heading of the two categories of Article 1."""
    return for_any("categories", is_one_of("heading", *CATEGORY_ONE, *CATEGORY_TWO))
