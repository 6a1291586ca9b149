"""Agreement with Canada under Article 17: freedom of design."""

from __future__ import annotations

from jointbuy.law.safe.designs import free_to_design
from jointbuy.law.safe.products import for_defence_products
from jointbuy.rules import Expression, rule


@rule(
    title="Design authority, Canada being no third country",
    provision="Agreement under Art. 17 (text not seen)",
    condition="design",
    route="canada",
    checked="2026-11-23",
    leaves="The agreement's text was not seen: Article 17(2)(d) has it settle restrictions by countries that are not "
    "parties to it, which those of the United States on Canadian products are; Canada's own are taken as harmless.",
)
def design() -> Expression:
    """For category two, contractors decide on the design and no third country but Canada stands in their way.

    A restricted component is no obstacle where the contractor may substitute or remove it.
    """
    return for_defence_products(free_to_design("canada"))
