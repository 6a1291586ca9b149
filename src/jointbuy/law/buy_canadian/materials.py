"""Canadian steel, aluminium and wood."""

from __future__ import annotations

from jointbuy.rules import Expression, judgement, no_less_than, rule, when


@rule(
    title="Canadian materials",
    provision="Policy on Prioritizing Canadian Materials",
    condition="materials",
    checked="2026-11-26",
    leaves="Whether so much of these materials is needed that the policy applies (reported as CAD 250,000), and "
    "whether a Canadian source is available.",
)
def materials() -> Expression:
    """From a contract value on, steel, aluminium and wood are made in Canada where a source is available."""
    question = "Are steel, aluminium and wood products made in Canada, as far as the policy asks for it?"
    asked = judgement("buy-canadian-materials", question, who="contracting authority")
    return when(no_less_than("policy.materials_from", "contract_value_cad"), asked)
