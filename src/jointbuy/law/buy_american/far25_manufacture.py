"""FAR 25.101(a)(1): where the product is made."""

from __future__ import annotations

from jointbuy.rules import Expression, for_each, rule, within


@rule(
    title="Manufactured in the United States",
    provision="FAR 25.101(a)(1)",
    condition="manufacture",
    checked="2026-11-26",
    leaves="What is manufacture: the regulation does not define it.",
)
def manufacture() -> Expression:
    """Each end product is manufactured in the United States."""
    return for_each("end_products", within("made_in", "united states"))
