"""Article 19: when no contract notice need be published first."""

from __future__ import annotations

from jointbuy.law.safe.buyers import borrower
from jointbuy.law.shared.products import DEFENCE
from jointbuy.rules import (
    Expression,
    all_of,
    any_of,
    for_any,
    is_one_of,
    judgement,
    no,
    not_before,
    rule,
    stated,
    under,
    when,
)


@rule(
    title="Procedure without a contract notice",
    provision="Art. 19",
    condition="procedure",
    checked="2026-11-26",
    leaves="Everything else that procurement law asks of the procedure. Silence on it is not asked after: the "
    "regulation makes no condition of a notice.",
)
def procedure() -> Expression:
    """Negotiated without publishing a notice first, since one buyer receives assistance, or for another lawful reason.

    The regulation deems such a procurement urgent because of a crisis. It could not do so before it was in force.
    """
    deemed_urgent = all_of(not_before("events.signature", "act.entry_into_force"), for_any("buyers", borrower()))
    otherwise = judgement(
        "without-notice",
        "Does another ground of Directive 2009/81/EC allow to negotiate without publishing a notice first?",
        who="contracting authority",
    )
    without = all_of(stated("prior_notice"), no("prior_notice"), is_one_of("product.kind", DEFENCE))
    return when(without, any_of(under("Art. 19", deemed_urgent), otherwise))
