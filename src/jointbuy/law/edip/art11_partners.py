"""Article 11(2) and (3): who must buy together."""

from __future__ import annotations

from jointbuy.law.shared.edip import PROGRAMME, buys_together
from jointbuy.rules import Expression, rule


@rule(
    title="Consortium of buyers",
    provision="Art. 11(2) and (3), 15(1) to (5)",
    condition="buyers",
    checked="2026-11-27",
    leaves="Whether each buyer is a contracting authority, and takes part as a member of the consortium rather than "
    "by receiving additional quantities (Art. 11(9) and (10)).",
)
def partners() -> Expression:
    """Authorities of three Member States or associated countries, two of them Member States, or a SEAP.

    Nobody else buys; additional quantities may be bought for Ukraine and Moldova. Where the Commission procures for
    states (Art. 15) no number is asked; that they asked it to and that its procedure is as the article has it is for a
    person.
    """
    return buys_together(PROGRAMME)
