"""Article 12(1): how long loans are paid out."""

from __future__ import annotations

from jointbuy.rules import Expression, all_of, any_of, judgement, on_or_before, rule, unstated


@rule(
    title="Payments while loans are available",
    provision="Art. 12(1)",
    condition="availability",
    checked="2026-11-26",
    leaves="Whether requests for payment can be filed and assessed in time; the Commission may take two months "
    "(Art. 12(3)). What falls due later is not paid by the loan.",
)
def availability() -> Expression:
    """The last payment falls into the period in which loans are paid out, or the loan does not cover what is later.

    Of a contract signed after that period nothing is paid in it.
    """
    question = "Do all payments that the loan is to cover fall into the period of availability?"
    asked = judgement("last-payment", question, who="contracting authority")
    paid_in_time = any_of(on_or_before("events.last_payment", "art12.availability_ends"), asked)
    signed_in_time = any_of(unstated("events.signature"), on_or_before("events.signature", "art12.availability_ends"))
    return all_of(paid_in_time, signed_in_time)
