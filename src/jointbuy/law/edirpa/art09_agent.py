"""Article 9(1) and (2): the procurement agent."""

from __future__ import annotations

from jointbuy.law.shared.agents import agent_is_appointed
from jointbuy.rules import Expression, all_of, judgement, rule, under


@rule(
    title="Procurement agent",
    provision="Art. 2(5), 9(1), (2), (4) and (10)",
    condition="agent",
    checked="2026-11-27",
    leaves="Whom the buyers appointed, and what procedure and contract say. One from outside may not be "
    "agent, unless it is an international organisation.",
)
def agent() -> Expression:
    """An agent is appointed and bound by an agreement, and procedure and contract carry the requirements."""
    appointed = agent_is_appointed("inside edirpa", "edirpa-", "Art. 2(5)")
    clauses = judgement(
        "edirpa-participation-clauses",
        "Do the procurement procedure and the contract carry the participation requirements, and what the tender "
        "specifications must ask of guarantees and of restrictions on use?",
        who="procurement agent",
    )
    return all_of(appointed, under("Art. 9(4) and (10)", clauses))
