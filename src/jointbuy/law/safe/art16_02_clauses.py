"""Article 16(2): what procedure and contract must carry."""

from __future__ import annotations

from jointbuy.law.safe.products import for_defence_products
from jointbuy.rules import Expression, judgement, rule


@rule(
    title="Participation requirements in procedure and contract",
    provision="Art. 16(2)",
    condition="clauses",
    checked="2026-11-26",
    leaves="All of it: the documents are not among the files. An existing contract counts as common procurement only "
    "where it fulfils the same conditions (Art. 2(3)), so one signed before the act must carry them too, as amended.",
)
def clauses() -> Expression:
    """Procurement procedure and contract carry the requirements for contractors and subcontractors involved."""
    asked = judgement(
        "participation-clauses",
        "Do the procurement procedure and the contract carry the participation requirements of Article 16(3) to (13) "
        "and (15)?",
        who="contracting authority",
    )
    return for_defence_products(asked)
