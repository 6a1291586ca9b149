"""Articles 26(3) and (4): where the purchase is made."""

from __future__ import annotations

from jointbuy.law.shared.edip import UKRAINE, facilities
from jointbuy.rules import Expression, rule


@rule(
    title="Facilities inside",
    provision="Art. 11(6) with 27(8), 26(3) and (4)",
    condition="facilities",
    checked="2026-11-27",
    leaves="Whether nothing inside was readily available, and whether the use of what lies outside contravenes "
    "security and defence interests, good neighbourly relations or the aims of the instrument. It is not paid.",
)
def sites() -> Expression:
    """What contractors and subcontractors use lies in the Union or in Ukraine, or outside with a reason."""
    return facilities(UKRAINE)
