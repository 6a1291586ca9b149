"""Article 11(4) and (5): the procurement agent."""

from __future__ import annotations

from jointbuy.rules import Expression, judgement, rule


@rule(
    title="Procurement agent",
    provision="Art. 2(24) and 11(4) and (5)",
    condition="agent",
    checked="2026-11-26",
    leaves="All of it. An agent is a contracting authority of a Member State or associated country, a SEAP, the "
    "European Defence Agency or an international organisation.",
)
def agent() -> Expression:
    """The buyers have unanimously appointed a procurement agent, and signed an agreement with it."""
    return judgement(
        "edip-agent",
        "Have the buyers unanimously appointed a procurement agent, and signed the agreement that governs the "
        "procurement with it?",
        who="buyers",
    )
