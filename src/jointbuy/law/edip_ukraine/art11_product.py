"""Articles 2(11) and 11(1): what may be bought."""

from __future__ import annotations

from jointbuy.law.shared.products import DEFENCE
from jointbuy.rules import Expression, is_one_of, rule


@rule(
    title="Defence product",
    provision="Art. 2(11) and 11(1)",
    condition="product",
    checked="2026-11-26",
    leaves="Whether the product is listed in the Annex to Directive 2009/43/EC, or is a work, supply or service "
    "directly related to one that is.",
)
def product() -> Expression:
    """A common procurement action buys defence products; other products for defence purposes are none."""
    return is_one_of("product.kind", DEFENCE)
