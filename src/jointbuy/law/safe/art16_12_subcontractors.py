"""Article 16(12): that no subcontractor involved is left out."""

from __future__ import annotations

from dataclasses import replace

from jointbuy.rules import Expression, all_of, any_of, for_each, judgement, no_less_than, rule, when, yes


@rule(
    title="Subcontractors are all named",
    provision="Art. 16(12)",
    condition="subcontractors",
    checked="2026-11-27",
    leaves="Whether work was split to stay below the threshold: what looks like it is pointed out, never judged.",
)
def subcontractors() -> Expression:
    """The file lists the subcontracts, or says that there are none; where it is silent it is open, or a person says so.

    A person must of a supplier whose part in the bill, at all its levels, reaches the threshold and whom no subcontract
    names, or whose subcontracts state less than the threshold.
    """
    question = (
        "Is there no subcontractor involved: a critical unique input, a share at the threshold, classified access?"
    )
    unlisted = judgement(
        "unlisted-supplier",
        "By the bill its part of the contract value reaches the threshold, and no subcontract names it: is it no "
        "subcontractor involved?",
        who="contractor",
    )
    understated = judgement(
        "understated-subcontract",
        "By the bill its part of the contract value reaches the threshold, and its subcontracts state less: is what "
        "they state right?",
        who="contractor",
    )
    reaches = any_of(no_less_than("art16.involved_share", "share_of_contract"), understated)
    less = when(no_less_than("art16.involved_share", "share_in_bill"), reaches)
    large = when(no_less_than("art16.involved_share", "share_of_contract"), unlisted)
    none = replace(judgement("subcontractors", question, who="contractor"), volunteered=True)
    listed = any_of(yes("subcontracts_told"), none)
    return all_of(listed, for_each("unlisted_suppliers", large), for_each("understated_subcontracts", less))
