"""Article 2(3): who must buy together."""

from __future__ import annotations

from jointbuy.law.safe.buyers import borrower
from jointbuy.law.shared.entities import takes_part
from jointbuy.rules import (
    Expression,
    all_of,
    any_of,
    at_least,
    for_any,
    for_each,
    rule,
    under,
    unstated,
    when,
    within,
    yes,
)


@rule(
    title="Common procurement",
    provision="Art. 2(3)",
    condition="buyers",
    checked="2026-11-23",
    leaves="Whether each buyer takes part in the procedure and in the contracts, and whether an existing contract "
    "fulfils the same conditions.",
)
def common_procurement() -> Expression:
    """A Member State that receives financial assistance buys with another state from inside; others may join them.

    Candidates and security and defence partners may take part in addition; no other country may. Only Member
    States borrow, and one of them carries the procurement out.
    """
    # Who pays with its loan takes part, unless the file says that it has only declared that it will.
    pays = all_of(yes("borrows"), unstated("participation"))
    counted = all_of(within("country", "inside"), any_of(pays, takes_part()))
    admitted = any_of(within("country", "inside"), within("country", "may join as buyers"))
    only_members_borrow = when(yes("borrows"), under("Art. 4(1)", within("country", "union")))
    return all_of(
        for_any("buyers", borrower()),
        at_least("art02.min_buyers", "buyers", counted),
        for_each("buyers", admitted),
        for_each("buyers", only_members_borrow),
        any_of(unstated("conducted_by"), all_of(within("conducted_by", "union"), yes("conducted_by_borrower"))),
    )
