"""Article 4(3): a purchase by one Member State, for early contracts only."""

from __future__ import annotations

from jointbuy.law.safe.buyers import (
    LAST_DAY,
    admitted,
    borrower,
    did_not_start_alone_too_late,
    does_not_only_intend,
    is_run_by_a_buyer,
    is_run_by_itself,
    joined_lawfully,
    nothing_was_added_late,
    was_offered,
)
from jointbuy.rules import (
    Expression,
    all_of,
    any_of,
    for_any,
    is_one_of,
    judgement,
    no,
    on_or_before,
    rule,
    under,
    unstated,
    when,
    yes,
)


@rule(
    title="Early purchase by one Member State",
    provision="Art. 4(3)",
    condition="buyers",
    checked="2026-11-27",
    leaves="Whether the steps taken to extend the contract to others are all that was necessary; recital 30 has them "
    "agreed in the operational arrangement. Whether what was ordered after the last day is a new contract.",
)
def single_buyer() -> Expression:
    """One Member State that receives assistance carries it out, signed in time and does its part to let others join.

    Who runs it for the buyer is no formality: an agent inside the Union is for a person, one outside is none. Countries
    that may only join in addition, or have only declared that they will, do not make it a common procurement; that
    the contract was offered to them counts, whatever they answered. Where one state signs and nobody says how another
    takes part, it is either this or a common procurement: it holds where it would both ways.
    """
    extends = judgement(
        "steps-to-extend",
        "Has the buyer taken all necessary steps to extend the benefit of the contract, as agreed in the operational "
        "arrangement?",
        who="contracting authority",
    )
    through_the_union = judgement(
        "single-through-union",
        "Article 4(3) does not refer to Article 16(15): may a Union institution carry it out for one Member State "
        "alone?",
        who="contracting authority",
    )
    by_itself = any_of(unstated("union_procurement"), no("union_procurement"), through_the_union)
    signed_in_time = on_or_before("events.signature", LAST_DAY)
    alone = all_of(
        admitted(), is_run_by_itself(), by_itself, signed_in_time, nothing_was_added_late(), was_offered(), extends
    )
    with_others = under("Art. 2(3)", all_of(joined_lawfully(), is_run_by_a_buyer(), did_not_start_alone_too_late()))
    signs = is_one_of("participation", "signed")
    return all_of(
        when(yes("single_buyer"), all_of(for_any("buyers", all_of(borrower(), does_not_only_intend())), alone)),
        when(yes("perhaps_single"), all_of(for_any("buyers", all_of(borrower(), signs)), alone, with_others)),
    )
