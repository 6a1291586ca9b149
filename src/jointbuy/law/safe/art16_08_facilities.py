"""Article 16(8): where the purchase is made."""

from __future__ import annotations

from jointbuy.law.safe.entities import facilities_in
from jointbuy.law.safe.products import for_defence_products
from jointbuy.rules import Expression, rule


@rule(
    title="Facilities inside",
    provision="Art. 16(8)",
    condition="facilities",
    checked="2026-11-27",
    leaves="Whether nothing inside was readily available, and whether the use of what lies outside contravenes "
    "security and defence interests. Assets and resources held outside count like facilities. Areas of Ukraine that "
    "its government does not control: the paragraph excludes none of its territory, and no code tells them.",
)
def facilities() -> Expression:
    """What contractors and subcontractors involved use for the purchase lies inside, or outside with a reason.

    Inside are the territories of the Member States, the EEA-EFTA states and Ukraine.
    """
    return for_defence_products(facilities_in("inside"))
