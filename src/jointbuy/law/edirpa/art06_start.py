"""Article 6(3): actions that began before their proposal."""

from __future__ import annotations

from jointbuy.rules import Expression, all_of, any_of, not_before, rule, unstated


@rule(
    title="Start of the action",
    provision="Art. 6(3)",
    condition="start",
    checked="2026-11-26",
    leaves="When the action started, if that was before the tender.",
)
def start() -> Expression:
    """Neither tender nor signature is earlier than the day from which actions could be funded."""
    tender = any_of(unstated("events.tender"), not_before("events.tender", "art06.earliest_start"))
    return all_of(not_before("events.signature", "art06.earliest_start"), tender)
