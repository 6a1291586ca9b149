"""Articles 4 and 10(1): what the action must aim at."""

from __future__ import annotations

from jointbuy.rules import Expression, judgement, rule


@rule(
    title="Aim of the action",
    provision="Art. 4(1) and 10(1)",
    condition="aim",
    checked="2026-11-26",
    leaves="All of it: an aim is stated and argued in the proposal, not computed.",
)
def aim() -> Expression:
    """The action makes the Union's defence industry more competitive, resilient and ready."""
    return judgement(
        "edip-aim",
        "Does the action strengthen the Union's defence industry: cooperation in procurement, supply chains and "
        "capacity, or security of supply?",
        who="buyers",
    )
