"""Articles 11(9), (10) and 27(8): who must hear of the procurement before it starts."""

from __future__ import annotations

from jointbuy.law.shared.edip import unless_by_the_commission
from jointbuy.rules import Expression, judgement, rule


@rule(
    title="Other states informed",
    provision="Art. 11(9) with 27(8)",
    condition="others informed",
    checked="2026-11-27",
    leaves="All of it, and whether it can be asked of a procedure launched before the regulation. "
    "Ukraine is among those who are informed.",
)
def informed() -> Expression:
    """Before the launch, Member States that do not take part, and Ukraine, could ask for quantities.

    It is not asked where the Commission procures.
    """
    asked = judgement(
        "edip-ukraine-informed",
        "Were Member States and Ukraine, as far as they do not take part, informed before the launch, and does the "
        "contract reserve the quantities that they asked for?",
        who="procurement agent",
    )
    return unless_by_the_commission(asked)
