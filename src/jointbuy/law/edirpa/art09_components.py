"""Article 9(12), first sentence: components from inside, measured against the value of the end product."""

from __future__ import annotations

from jointbuy.law.edirpa.entities import INSIDE
from jointbuy.law.shared.products import for_components
from jointbuy.rules import Expression, at_least_from, rule


@rule(
    title="Components from inside in the value of the product",
    provision="Art. 9(12)",
    condition="components",
    checked="2026-11-26",
    leaves="What is a component, where it originates, and what the end product is worth, where the bill does not say "
    "it: then the answer holds for every value up to the contract value of one.",
)
def components() -> Expression:
    """Components from the Union and associated countries reach their least share of the value of the end product.

    Work, engineering and profit are in the value and no components, so a bill that keeps the limit of SAFE may fail
    here. Each end product is measured for itself.
    """
    return for_components(at_least_from("art09.min_inside_share", "components", group=INSIDE))
