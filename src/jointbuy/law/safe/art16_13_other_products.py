"""Article 16(13): other products for defence purposes."""

from __future__ import annotations

from jointbuy.law.safe.products import OTHER
from jointbuy.rules import Expression, is_one_of, judgement, rule, when


@rule(
    title="Conditions for other products",
    provision="Art. 16(13)",
    condition="other products",
    checked="2026-11-23",
    leaves="Which conditions protect security and defence interests: the Member States choose them, and the plan "
    "details them (Art. 16(14)).",
)
def other_products() -> Expression:
    """For other products for defence purposes, procedure and contracts carry appropriate conditions of eligibility."""
    question = "Do procedure and contracts carry appropriate conditions that protect security and defence interests?"
    asked = judgement("other-products", question, who="contracting authority")
    return when(is_one_of("product.kind", OTHER), asked)
