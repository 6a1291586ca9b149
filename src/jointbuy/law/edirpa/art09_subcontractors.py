"""Article 9(13): that no subcontractor involved is left out."""

from __future__ import annotations

from jointbuy.rules import Expression, any_of, judgement, rule, yes


@rule(
    title="Subcontractors are all named",
    provision="Art. 9(13)",
    condition="subcontractors",
    checked="2026-11-26",
    leaves="Whether work was split to stay below the threshold: what looks like it is pointed out, never judged.",
)
def subcontractors() -> Expression:
    """The file lists the subcontracts, or says that there are none; where it is silent, a person must say so."""
    question = "Is there no subcontractor involved: a critical unique input and a share at the threshold?"
    return any_of(yes("subcontracts_listed"), judgement("edirpa-subcontractors", question, who="contractor"))
