"""Article 2(3): who must buy together."""

from __future__ import annotations

from jointbuy.law.safe.buyers import (
    admitted,
    did_not_start_alone_too_late,
    is_run_by_a_buyer,
    joined_lawfully,
    paying_buyer,
    takes_part,
)
from jointbuy.rules import Expression, all_of, at_least, for_any, rule, within


@rule(
    title="Common procurement",
    provision="Art. 2(3)",
    condition="buyers",
    checked="2026-11-27",
    leaves="Whether each buyer takes part in the procedure and in the contracts; whether an existing contract fulfils "
    "the same conditions is asked by the other rules. Whether a state that buys nothing runs it for the buyers.",
)
def common_procurement() -> Expression:
    """A Member State that receives financial assistance buys with another state from inside; others may join them.

    The one that receives assistance is among those that take part. Candidates and security and defence partners may
    take part in addition; no other country may. Who comes to a contract of others is judged by the day it comes. Whose
    authority runs the procurement for the others is a reading; it is one of those that count, or an agent from inside
    or a partner that joins, for whom a person answers.
    """
    counted = all_of(within("country", "inside"), takes_part())
    return all_of(
        for_any("buyers", paying_buyer()),
        at_least("art02.min_buyers", "buyers", counted),
        admitted(),
        joined_lawfully(),
        is_run_by_a_buyer(),
        did_not_start_alone_too_late(),
    )
