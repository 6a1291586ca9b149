"""Articles 11(6), (7), 26 and 27(8): who may be contractor or subcontractor."""

from __future__ import annotations

from jointbuy.law.shared.edip import UKRAINE, suppliers
from jointbuy.rules import Expression, rule


@rule(
    title="Contractors and subcontractors from inside",
    provision="Art. 11(6) with 27(8), 26(1) and (5)",
    condition="who supplies",
    checked="2026-11-27",
    leaves="Whether the tasks of a subcontractor that brings no component contribute to design or manufacturing (Art. "
    "2(31)), which is asked; of any other they are taken to. Whether an earlier "
    "contract relates to the same defence product (Art. 11(7)). Criteria of a procurement need only be equivalent to "
    "Article 26. Article 11(7) says Union or associated country; it is read with Article 26 as Union or Ukraine.",
)
def contractors() -> Expression:
    """Every contractor and subcontractor is established, managed and controlled inside, or is excused.

    Inside are the Union and Ukraine where its government is in control; associated countries are not, though their
    control does no harm. Excused are entities whose control approved
    guarantees make harmless, and subcontractors within a band of the contract value that worked on the product with
    the contractor before the regulation. A holder that is managed from outside is an entity from outside, wherever it
    is established (Art. 2(2)): where it is managed must be stated, or a person says it of an owner who is only named.
    """
    return suppliers(UKRAINE)
