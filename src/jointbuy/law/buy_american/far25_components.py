"""FAR 25.101(a)(2): domestic content."""

from __future__ import annotations

from jointbuy.law.buy_american.shares import more_than_the_threshold
from jointbuy.rules import Expression, rule


@rule(
    title="Domestic components",
    provision="FAR 25.101(a)(2)(i)",
    condition="components",
    checked="2026-11-27",
    leaves="Whether the test is waived, as it is for articles off the shelf (far25_off_the_shelf), and whether the "
    "senior procurement executive allows the threshold of the day of award for all deliveries.",
)
def components() -> Expression:
    """Components made in the United States exceed their share of the cost of all components.

    What is delivered after the threshold rises must exceed the higher one, however often it has risen. A component is
    what goes directly into the end product, whole. A product predominantly of iron or steel is not asked for it.
    """
    steps = (("far25.raised_on", "far25.raised_share"), ("far25.highest_on", "far25.highest_share"))
    return more_than_the_threshold("united states", "far25.domestic_share", steps)
