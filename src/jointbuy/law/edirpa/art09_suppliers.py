"""Article 9(4) to (8): who may be contractor or subcontractor involved."""

from __future__ import annotations

from jointbuy.law.edirpa.entities import suppliers
from jointbuy.rules import Expression, rule


@rule(
    title="Contractors and subcontractors from inside",
    provision="Art. 9(5)",
    condition="who supplies",
    checked="2026-11-27",
    leaves="Whether mitigation was necessary, and whether guarantees assure both points (Art. 9(7)).",
)
def contractors() -> Expression:
    """Every contractor and subcontractor involved is established and managed inside, and control is harmless.

    Inside are the Union and the EEA-EFTA states; Ukraine is not. Control from outside is cured by screening or by
    verified guarantees; nothing excuses a subcontractor that is seated outside. A holder that is managed from outside
    is an entity from outside, wherever it is established (Art. 2(4)): where it is managed must be stated, or a person
    says it of an owner who is only named.
    """
    return suppliers()
