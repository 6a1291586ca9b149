"""Article 9(9): where the purchase is made."""

from __future__ import annotations

from jointbuy.law.edirpa.entities import INSIDE, INTERESTS, is_involved
from jointbuy.law.shared.entities import facilities_in
from jointbuy.rules import Expression, rule


@rule(
    title="Facilities inside",
    provision="Art. 9(9)",
    condition="facilities",
    checked="2026-11-27",
    leaves="Whether nothing inside was readily available, and whether the use of what lies outside contravenes "
    "security and defence interests or the objectives of Art. 3.",
)
def sites() -> Expression:
    """What contractors and subcontractors involved use lies inside, or outside with a reason.

    Inside are the territories of the Member States and of the associated countries.
    """
    return facilities_in(INSIDE, is_involved(), "edirpa-", its_use=INTERESTS.use)
