"""Articles 11(2), (3) and 27(8): who must buy together."""

from __future__ import annotations

from jointbuy.law.shared.edip import UKRAINE, buys_together
from jointbuy.rules import Expression, rule


@rule(
    title="Consortium of buyers",
    provision="Art. 11(2) and (3) with 27(8), 28(1) to (4)",
    condition="buyers",
    checked="2026-11-27",
    leaves="Whether each buyer is a contracting authority.",
)
def partners() -> Expression:
    """Authorities of three Member States, Ukraine counted as one, or a SEAP; associated countries do not buy.

    Where the Commission procures for states (Art. 28) no number is asked; that Ukraine and a Member State asked it to
    and that its procedure is as the article has it is for a person.
    """
    return buys_together(UKRAINE)
