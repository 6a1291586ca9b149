"""FAR 25.106: the fallback threshold."""

from __future__ import annotations

from jointbuy.law.buy_american.shares import of_other_than_steel
from jointbuy.rules import Expression, all_of, for_each, judgement, more_than_from, rule


@rule(
    title="Fallback threshold",
    provision="FAR 25.106",
    condition="components",
    route="fallback",
    checked="2026-11-27",
    leaves="Whether no product that keeps the threshold is offered, or only at an unreasonable price.",
)
def fallback() -> Expression:
    """Domestic components exceed the fallback share, and nothing above the threshold is to be had at a fair price.

    It is for products that are not predominantly of iron or steel.
    """
    question = "Is no product that keeps the threshold offered, or only at an unreasonable price?"
    return all_of(
        of_other_than_steel(),
        for_each("end_products", more_than_from("far25.fallback_share", "components", group="united states")),
        judgement("buy-american-nothing-domestic", question, who="contracting officer"),
    )
