"""Article 16(12): that no subcontractor involved is left out."""

from __future__ import annotations

from jointbuy.rules import Expression, any_of, judgement, rule, yes


@rule(
    title="Subcontractors are all named",
    provision="Art. 16(12)",
    condition="subcontractors",
    checked="2026-11-23",
    leaves="Whether work was split to stay below the threshold: what looks like it is pointed out, never judged.",
)
def subcontractors() -> Expression:
    """The file lists the subcontracts, or says that there are none; where it is silent, a person must say so."""
    question = (
        "Is there no subcontractor involved: a critical unique input, a share at the threshold, classified access?"
    )
    return any_of(yes("subcontracts_listed"), judgement("subcontractors", question, who="contractor"))
