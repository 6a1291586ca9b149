"""Article 11(9) and (10): who must hear of the procurement before it starts."""

from __future__ import annotations

from jointbuy.rules import Expression, judgement, rule


@rule(
    title="Other states informed",
    provision="Art. 11(9) and (10)",
    condition="others informed",
    checked="2026-11-26",
    leaves="All of it, and whether it can be asked of a procedure launched before the regulation. "
    "Associated countries and Ukraine are informed where possible.",
)
def informed() -> Expression:
    """Before the procedure was launched, Member States that do not take part could ask for quantities of their own."""
    return judgement(
        "edip-informed",
        "Were Member States that do not take part informed before the launch, and does the contract reserve the "
        "quantities that they asked for?",
        who="procurement agent",
    )
