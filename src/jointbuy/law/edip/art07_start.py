"""Article 7(4): actions that began before their proposal."""

from __future__ import annotations

from jointbuy.law.shared.start import began_no_earlier
from jointbuy.rules import Expression, rule


@rule(
    title="Start of the action",
    provision="Art. 7(4)",
    condition="start",
    checked="2026-11-26",
    leaves="When the action started, if that was before the tender, and whether covering what came before the "
    "proposal is necessary.",
)
def start() -> Expression:
    """Neither tender nor signature is earlier than the day from which actions may be funded.

    Where no day of a tender is stated, a person says that it did not start earlier.
    """
    return began_no_earlier("art07.earliest_start", "edip-")
