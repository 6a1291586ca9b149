"""Article 11(9) and (10): who must hear of the procurement before it starts."""

from __future__ import annotations

from jointbuy.law.shared.edip import unless_by_the_commission
from jointbuy.rules import Expression, judgement, rule


@rule(
    title="Other states informed",
    provision="Art. 11(9) and (10)",
    condition="others informed",
    checked="2026-11-27",
    leaves="All of it, and whether it can be asked of a procedure launched before the regulation. "
    "Associated countries and Ukraine are informed where possible.",
)
def informed() -> Expression:
    """Before the launch, Member States that do not take part could ask for quantities of their own.

    So could associated countries and Ukraine, where possible. None of it is asked where the Commission procures.
    """
    asked = judgement(
        "edip-informed",
        "Were Member States that do not take part informed before the launch, and where possible associated countries "
        "and Ukraine, and does the contract reserve the quantities that any of them asked for?",
        who="procurement agent",
    )
    return unless_by_the_commission(asked)
