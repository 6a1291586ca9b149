"""Article 10(3), first sentence: components from outside."""

from __future__ import annotations

from jointbuy.law.shared.edip import PROGRAMME, unless_central
from jointbuy.law.shared.products import for_components
from jointbuy.rules import Expression, at_most, rule


@rule(
    title="Components from outside",
    provision="Art. 10(3)",
    condition="components",
    checked="2026-11-27",
    leaves="What else is a component, where it originates and which costs count: the text defines none, as under "
    "Article 16(10) of SAFE.",
)
def components() -> Expression:
    """Components from outside the Union and associated countries keep their limit in the cost of all components.

    Ukraine is outside. Each end product is measured for itself. Raw materials are no components
    (recital 27): one that stands by itself is left out, one that is built in is part of what its component costs.

    The Commission as a central purchasing body is not bound by it (Art. 15).
    """
    return unless_central(
        PROGRAMME, for_components(at_most("art10.max_outside_share", "components", outside="inside edip"))
    )
