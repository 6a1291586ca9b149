"""FAR 12.505(a): articles off the shelf."""

from __future__ import annotations

from jointbuy.law.buy_american.shares import has_components, of_other_than_steel
from jointbuy.rules import Expression, all_of, rule, when, yes


@rule(
    title="Article off the shelf",
    provision="FAR 12.505(a)",
    condition="components",
    checked="2026-11-27",
    leaves="Whether the product is such an article as defined in FAR 2.101; neither text was read. That it is made in "
    "the United States is asked all the same.",
)
def off_the_shelf() -> Expression:
    """What is sold in the same form on the commercial market is not held to a share of domestic components.

    The file says whether it is (`product.off_the_shelf`); where it is silent and the share is too low, that is open.
    """
    return when(all_of(has_components(), of_other_than_steel()), yes("off_the_shelf"))
