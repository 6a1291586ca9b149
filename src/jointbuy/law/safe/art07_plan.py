"""Article 7: the plan that comes with the request for a loan."""

from __future__ import annotations

from jointbuy.rules import Expression, judgement, rule


@rule(
    title="Purchase in the approved plan",
    provision="Art. 7(2)",
    condition="plan",
    checked="2026-11-23",
    leaves="All of it: plans are not public. An amended plan may still take a purchase in (Art. 7(5)).",
)
def plan() -> Expression:
    """The purchase is among the activities of the borrowing state's approved plan."""
    return judgement("plan", "Is the purchase in the approved plan?", who="borrowing Member State")
