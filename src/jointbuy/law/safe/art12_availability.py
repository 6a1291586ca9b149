"""Article 12(1): how long loans are paid out."""

from __future__ import annotations

from jointbuy.rules import Expression, all_of, any_of, judgement, on_or_before, rule, unstated


@rule(
    title="Payments while loans are available",
    provision="Art. 12(1)",
    condition="availability",
    checked="2026-11-27",
    leaves="Whether requests for payment, of which there are two a year (Art. 12(2)), can be filed, assessed, which "
    "may take two months, and approved in time (Art. 12(3)); a payment near the end is pointed out.",
)
def availability() -> Expression:
    """The last payment falls into the period in which payments of loans may be approved, or the loan covers it not.

    The period is one of payments to the Member State; that a payment under the contract falls into it is the least
    that is needed. Of a contract signed after it nothing is paid in it.
    """
    question = "Do all payments that the loan is to cover fall into the period of availability?"
    asked = judgement("last-payment", question, who="contracting authority")
    paid_in_time = any_of(on_or_before("events.last_payment", "art12.availability_ends"), asked)
    signed_in_time = any_of(unstated("events.signature"), on_or_before("events.signature", "art12.availability_ends"))
    return all_of(paid_in_time, signed_in_time)
