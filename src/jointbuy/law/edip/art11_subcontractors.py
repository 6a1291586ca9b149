"""Articles 2(31) and 11(6): that no subcontractor is left out."""

from __future__ import annotations

from jointbuy.law.shared.edip import PROGRAMME, all_named
from jointbuy.rules import Expression, rule


@rule(
    title="Subcontractors are all named",
    provision="Art. 2(31) and 11(6)",
    condition="subcontractors",
    checked="2026-11-27",
    leaves="Whether a supplier that the bill alone names delivers components of its own, as it is taken to. Whether "
    "work was split to stay below the threshold: what looks like it is pointed out, never judged.",
)
def subcontractors() -> Expression:
    """The file lists the subcontracts, or says that there are none; where it is silent, a person must say so.

    So it must of a subcontractor whose part in the bill reaches the threshold and whose subcontracts state less.
    """
    return all_named(PROGRAMME)
