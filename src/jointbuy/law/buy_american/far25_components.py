"""FAR 25.101(a)(2): domestic content."""

from __future__ import annotations

from jointbuy.law.buy_american.shares import more_than_the_threshold
from jointbuy.rules import Expression, rule


@rule(
    title="Domestic components",
    provision="FAR 25.101(a)(2)(i)",
    condition="components",
    checked="2026-11-26",
    leaves="Whether the test is waived, as for articles off the shelf (FAR 12.505(a)), and whether the senior "
    "procurement executive allows the threshold of the day of award for all deliveries.",
)
def components() -> Expression:
    """Components made in the United States exceed their share of the cost of all components.

    What is delivered after the threshold rises must exceed the higher one. A component is what goes directly into the
    end product, whole.
    """
    return more_than_the_threshold("united states")
