"""Article 27(2): actions that are not funded."""

from __future__ import annotations

from jointbuy.rules import Expression, judgement, rule


@rule(
    title="No excluded action",
    provision="Art. 27(2)",
    condition="excluded",
    checked="2026-11-26",
    leaves="All of it.",
)
def excluded() -> Expression:
    """The action concerns nothing prohibited, no such autonomous weapon, no cluster munition, nothing already paid."""
    return judgement(
        "edip-ukraine-excluded",
        "Is the action free of what Article 27(2) excludes: prohibited products, lethal autonomous systems outside "
        "human command or humanitarian law, cluster munitions, what others already finance in full?",
        who="buyers",
    )
