"""Article 9(1) and (2): the procurement agent."""

from __future__ import annotations

from jointbuy.rules import Expression, judgement, rule


@rule(
    title="Procurement agent",
    provision="Art. 2(5) and 9(1) and (2)",
    condition="agent",
    checked="2026-11-26",
    leaves="All of it.",
)
def agent() -> Expression:
    """The buyers have unanimously appointed a procurement agent, and signed an agreement with it."""
    return judgement(
        "edirpa-agent",
        "Have the buyers unanimously appointed a procurement agent, and signed the agreement that governs the "
        "procurement with it?",
        who="buyers",
    )
