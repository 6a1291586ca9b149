"""Article 8(2): actions that are not funded."""

from __future__ import annotations

from jointbuy.rules import Expression, judgement, rule


@rule(
    title="No excluded action",
    provision="Art. 8(2)",
    condition="excluded",
    checked="2026-11-26",
    leaves="All of it.",
)
def excluded() -> Expression:
    """Nothing prohibited by international law is bought, and no lethal autonomous weapon without human control."""
    return judgement(
        "edirpa-excluded",
        "Is the purchase free of what Article 8(2) excludes: prohibited goods and services, and lethal autonomous "
        "weapons without meaningful human control?",
        who="buyers",
    )
