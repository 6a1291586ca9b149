"""Article 16(3) to (9): who may be contractor or subcontractor involved."""

from __future__ import annotations

from jointbuy.law.safe.entities import suppliers_from
from jointbuy.law.safe.products import for_defence_products
from jointbuy.rules import Expression, rule


@rule(
    title="Contractors and subcontractors from inside",
    provision="Art. 16(3)",
    condition="who supplies",
    checked="2026-11-23",
    leaves="Whether an earlier contract concerns the same product, and whether the contractor has committed itself to "
    "the study (Art. 16(4)). For other products for defence purposes the Member States set the conditions "
    "(Art. 16(13)).",
)
def establishment() -> Expression:
    """Every contractor and subcontractor involved is established, managed and controlled inside, or is excused.

    Inside are the Union, the EEA-EFTA states and Ukraine. Excused are certain subcontractors from outside, entities
    whose control was screened or is guarded by guarantees, and those cleared under a sister act.
    """
    return for_defence_products(suppliers_from("inside"))
