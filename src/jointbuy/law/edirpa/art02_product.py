"""Articles 2(6) and 8(1)(a): what may be bought."""

from __future__ import annotations

from jointbuy.law.shared.products import DEFENCE, OTHER
from jointbuy.rules import Expression, all_of, any_of, is_one_of, judgement, rule, under


@rule(
    title="Urgent and critical defence product",
    provision="Art. 2(6) and 8(1)(a)",
    condition="product",
    checked="2026-11-27",
    leaves="Whether the product meets the most urgent and critical needs (Art. 3(2)).",
)
def product() -> Expression:
    """The product falls within Directive 2009/81/EC, combat medical equipment included, and is urgent and critical.

    Of another product for defence purposes a person says whether it is such equipment.
    """
    question = "Does the purchase address the most urgent and critical needs of defence products?"
    medical = judgement("edirpa-medical", "Is it combat medical equipment?", who="buyers")
    other = under("Art. 2(6)", all_of(is_one_of("product.kind", OTHER), medical))
    kind = any_of(is_one_of("product.kind", DEFENCE), other)
    return all_of(kind, judgement("edirpa-urgent", question, who="buyers"))
