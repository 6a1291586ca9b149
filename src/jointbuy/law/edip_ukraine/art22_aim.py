"""Articles 22 and 27(1): what the action must aim at."""

from __future__ import annotations

from jointbuy.rules import Expression, judgement, rule


@rule(
    title="Aim of the action",
    provision="Art. 22 and 27(1)",
    condition="aim",
    checked="2026-11-26",
    leaves="All of it: an aim is stated and argued in the proposal, not computed.",
)
def aim() -> Expression:
    """The action helps Ukraine's defence industry to recover, rebuild and modernise."""
    return judgement(
        "edip-ukraine-aim",
        "Does the action help Ukraine's defence industry to recover, rebuild and modernise, through cooperation across "
        "the border?",
        who="buyers",
    )
