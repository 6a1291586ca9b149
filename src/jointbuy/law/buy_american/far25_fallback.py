"""FAR 25.106 and DFARS 225.103: the fallback threshold."""

from __future__ import annotations

from jointbuy.law.buy_american.shares import bought_by_the_department, of_other_than_steel
from jointbuy.rules import Expression, all_of, any_of, for_each, judgement, more_than_from, rule, under


@rule(
    title="Fallback threshold",
    provision="FAR 25.106 and DFARS 225.103(b)",
    condition="components",
    route="fallback",
    checked="2026-11-27",
    leaves="Whether no product that keeps the threshold is offered, or only at an unreasonable price.",
)
def fallback() -> Expression:
    """Domestic components exceed the fallback share, and nothing above the threshold is to be had at a fair price.

    Of the Department of Defense components of qualifying countries count as domestic here too. It is for products that
    are not predominantly of iron or steel.
    """
    question = "Is no product that keeps the threshold offered, or only at an unreasonable price?"
    domestic = for_each("end_products", more_than_from("far25.fallback_share", "components", group="united states"))
    both = more_than_from("dfars225.fallback_share", "components", group="united states and qualifying countries")
    for_defence = all_of(for_each("end_products", both), bought_by_the_department())
    return all_of(
        of_other_than_steel(),
        any_of(domestic, under("DFARS 225.103(b)", for_defence)),
        judgement("buy-american-nothing-domestic", question, who="contracting officer"),
    )
