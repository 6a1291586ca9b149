"""Agreement with Canada under Article 17: where the purchase is made."""

from __future__ import annotations

from jointbuy.law.safe.entities import facilities_in
from jointbuy.law.safe.products import for_defence_products
from jointbuy.rules import Expression, rule


@rule(
    title="Facilities inside or in Canada",
    provision="Agreement under Art. 17 (text not seen)",
    condition="facilities",
    route="canada",
    checked="2026-11-23",
    leaves="The agreement's text was not seen: Article 17(2)(b) has it settle where facilities may lie; Canada is "
    "counted as inside here.",
)
def facilities() -> Expression:
    """What contractors and subcontractors involved use for the purchase lies inside or in Canada, or has a reason."""
    return for_defence_products(facilities_in("inside and canada"))
