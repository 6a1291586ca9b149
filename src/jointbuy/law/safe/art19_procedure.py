"""Article 19: when no contract notice need be published first."""

from __future__ import annotations

from jointbuy.law.safe.buyers import borrower, does_not_only_intend
from jointbuy.law.shared.products import DEFENCE
from jointbuy.rules import (
    Expression,
    all_of,
    any_of,
    by_reading,
    for_any,
    is_one_of,
    judgement,
    no,
    not_before,
    rule,
    stated,
    under,
    unstated,
    when,
    yes,
)


@rule(
    title="Procedure without a contract notice",
    provision="Art. 19",
    condition="procedure",
    checked="2026-11-27",
    leaves="Everything else that procurement law asks of the procedure. Silence on it is not asked after: the "
    "regulation makes no condition of a notice. Whether assistance decided only later carries back (recital 32).",
)
def procedure() -> Expression:
    """Negotiated without publishing a notice first, since one buyer receives assistance, or for another lawful reason.

    The regulation deems such a procurement urgent because of a crisis. It could not do so before it was in force: what
    counts is the day the procedure began, or that of signature where nobody states it; by then a buyer that was there
    from the start must have received assistance, as the choice of the procedure was made before what came later.
    """
    first = "act.entry_into_force"
    launched = any_of(
        all_of(stated("events.tender"), not_before("events.tender", first)),
        all_of(unstated("events.tender"), not_before("events.signature", first)),
    )
    at_start = by_reading(
        "receiving assistance",
        council_decision_in_place=yes("decided_at_start"),
        loan_agreement_in_force=yes("in_force_at_start"),
        requested=yes("requested_at_start"),
    )
    from_the_start = all_of(unstated("came_on"), borrower(), does_not_only_intend(), at_start)
    deemed_urgent = all_of(launched, for_any("buyers", from_the_start))
    otherwise = judgement(
        "without-notice",
        "Does another ground of Directive 2009/81/EC allow to negotiate without publishing a notice first?",
        who="contracting authority",
    )
    without = all_of(stated("prior_notice"), no("prior_notice"), is_one_of("product.kind", DEFENCE))
    return when(without, any_of(under("Art. 19", deemed_urgent), otherwise))
