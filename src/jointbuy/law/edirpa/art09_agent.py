"""Article 9(1) and (2): the procurement agent."""

from __future__ import annotations

from jointbuy.rules import Expression, all_of, judgement, rule, under


@rule(
    title="Procurement agent",
    provision="Art. 2(5), 9(1), (2), (4) and (10)",
    condition="agent",
    checked="2026-11-27",
    leaves="All of it.",
)
def agent() -> Expression:
    """An agent is appointed and bound by an agreement, and procedure and contract carry the requirements."""
    appointed = judgement(
        "edirpa-agent",
        "Have the buyers unanimously appointed a procurement agent, and signed the agreement that governs the "
        "procurement with it?",
        who="buyers",
    )
    clauses = judgement(
        "edirpa-participation-clauses",
        "Do the procurement procedure and the contract carry the participation requirements, and what the tender "
        "specifications must ask of guarantees and of restrictions on use?",
        who="procurement agent",
    )
    return all_of(appointed, under("Art. 9(4) and (10)", clauses))
