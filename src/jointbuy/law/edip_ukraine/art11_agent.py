"""Articles 11(4), (5) and 27(8): the procurement agent."""

from __future__ import annotations

from jointbuy.law.shared.agents import agent_is_appointed
from jointbuy.law.shared.edip import UKRAINE, participation_clauses, unless_by_the_commission
from jointbuy.rules import Expression, all_of, rule


@rule(
    title="Procurement agent",
    provision="Art. 2(24) and 11(4) to (6) with 27(8)",
    condition="agent",
    checked="2026-11-27",
    leaves="Whom the buyers appointed, and what procedure and contract say. An agent is a contracting "
    "authority of a Member State or associated country, a SEAP, the "
    "European Defence Agency or an international organisation.",
)
def agent() -> Expression:
    """An agent is appointed and bound by an agreement, and applies the criteria on participants.

    Where the Commission procures (Art. 28) no agent is asked for.
    """
    appointed = agent_is_appointed("inside edip", "edip-ukraine-", "Art. 2(24)")
    return all_of(unless_by_the_commission(appointed), participation_clauses(UKRAINE))
