"""Article 16(11): freedom of design for category two."""

from __future__ import annotations

from jointbuy.law.safe.designs import free_to_design
from jointbuy.law.safe.products import for_defence_products
from jointbuy.rules import Expression, rule


@rule(
    title="Design authority",
    provision="Art. 16(11)",
    condition="design",
    checked="2026-11-23",
    leaves="Whether contracts and licences give the authority stated; recital 21 lets the consortium hold it.",
)
def design() -> Expression:
    """For category two, contractors decide on the design and no restriction of a third country stands in their way.

    A restricted component is no obstacle where the contractor may substitute or remove it. Where the main purpose
    decides and there are several end products, a person says of which category that of each is.
    """
    return for_defence_products(free_to_design())
