"""Canadian suppliers and Canadian content."""

from __future__ import annotations

from jointbuy.rules import Expression, judgement, no_less_than, rule, when


@rule(
    title="Canadian suppliers and content first",
    provision="Policy on Prioritizing Canadian Suppliers and Canadian Content",
    condition="content",
    checked="2026-11-26",
    leaves="Who is a Canadian supplier and what is Canadian content, and how far they are preferred.",
)
def content() -> Expression:
    """From a contract value on, Canadian suppliers and content were given priority."""
    question = "Were Canadian suppliers and Canadian content given the priority that the policy asks for?"
    asked = judgement("buy-canadian-content", question, who="contracting authority")
    return when(no_less_than("policy.content_from", "contract_value_cad"), asked)
