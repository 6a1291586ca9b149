"""Article 9(3) and (4): where the purchase is made."""

from __future__ import annotations

from jointbuy.law.shared.edip import PROGRAMME, facilities
from jointbuy.rules import Expression, rule


@rule(
    title="Facilities inside",
    provision="Art. 11(6), 9(3) and (4)",
    condition="facilities",
    checked="2026-11-27",
    leaves="Whether nothing inside was readily available, and whether the use of what lies outside contravenes "
    "security and defence interests, good neighbourly relations or the aims of the programme. It is not paid.",
)
def sites() -> Expression:
    """What contractors and subcontractors use lies in the Union or an associated country, or outside with a reason."""
    return facilities(PROGRAMME)
