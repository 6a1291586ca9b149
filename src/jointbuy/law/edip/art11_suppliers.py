"""Articles 9 and 11(6) and (7): who may be contractor or subcontractor."""

from __future__ import annotations

from jointbuy.law.shared.edip import PROGRAMME, suppliers
from jointbuy.rules import Expression, rule


@rule(
    title="Contractors and subcontractors from inside",
    provision="Art. 11(6), 9(1) and (5)",
    condition="who supplies",
    checked="2026-11-27",
    leaves="Whether the tasks of a subcontractor that brings no component contribute to design or manufacturing (Art. "
    "2(31)), which is asked; of any other they are taken to. Whether an earlier "
    "contract relates to the same defence product (Art. 11(7)). Criteria of a procurement need only be equivalent to "
    "Article 9.",
)
def contractors() -> Expression:
    """Every contractor and subcontractor is established, managed and controlled inside, or is excused.

    Inside are the Union and the associated countries; Ukraine is not. Excused are entities whose control approved
    guarantees make harmless, and subcontractors within a band of the contract value that worked on the product with
    the contractor before the regulation. A holder that is managed from outside is an entity from outside, wherever it
    is established (Art. 2(20)): where it is managed must be stated, or a person says it of an owner who is only named.
    """
    return suppliers(PROGRAMME)
