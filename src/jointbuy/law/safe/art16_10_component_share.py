"""Article 16(10), first sentence: components from outside."""

from __future__ import annotations

from jointbuy.law.safe.products import for_defence_products
from jointbuy.law.shared.products import for_components
from jointbuy.rules import Expression, at_most, rule


@rule(
    title="Components from outside",
    provision="Art. 16(10)",
    condition="components",
    checked="2026-11-23",
    leaves="What is a component, where it originates and which costs count: the text defines none of them. For other "
    "products for defence purposes the Member States set the conditions (Art. 16(13)).",
)
def component_share() -> Expression:
    """Components from outside the Union, EEA-EFTA states and Ukraine keep their limit in the cost of all components.

    Each end product is measured for itself.
    """
    share = at_most("art16.max_outside_share", "components", outside="inside")
    return for_defence_products(for_components(share))
