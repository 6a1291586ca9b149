"""Article 9(13): that no subcontractor involved is left out."""

from __future__ import annotations

from jointbuy.law.shared.entities import states_enough
from jointbuy.rules import Expression, all_of, any_of, for_each, judgement, no_less_than, rule, when, yes


@rule(
    title="Subcontractors are all named",
    provision="Art. 9(13)",
    condition="subcontractors",
    checked="2026-11-27",
    leaves="Whether work was split to stay below the threshold: what looks like it is pointed out, never judged.",
)
def subcontractors() -> Expression:
    """The file lists the subcontracts, or says that there are none; where it is silent, a person must say so.

    So it must of a supplier whose part in the bill reaches the threshold and whom no subcontract names, or whose
    subcontracts state less than the threshold. Who has no access to secrets is not left out.
    """
    question = "Is there no subcontractor involved: a critical unique input and a share at the threshold?"
    unlisted = judgement(
        "edirpa-unlisted-supplier",
        "By the bill its part of the contract value reaches the threshold, and no subcontract names it: is its input "
        "not critical and unique, so that it is no subcontractor involved?",
        who="contractor",
    )
    large = when(no_less_than("art09.involved_share", "share_of_contract"), unlisted)
    return all_of(
        any_of(yes("subcontracts_listed"), judgement("edirpa-subcontractors", question, who="contractor")),
        for_each("unlisted_suppliers", large),
        states_enough("understated_inputs", "edirpa-", "art09.involved_share"),
    )
