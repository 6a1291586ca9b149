"""What a buyer must be, for the rules on common procurement and on purchases by one Member State."""

from __future__ import annotations

from jointbuy.rules import (
    Expression,
    all_of,
    any_of,
    by_reading,
    for_any,
    judgement,
    no,
    on_or_before,
    unstated,
    within,
    yes,
)

LAST_DAY = "art04.single_buyer_last_signature"


def is_assisted() -> Expression:
    """The buyer receives financial assistance; from when on is a reading.

    Each date is held against the last day on which it can still lead to a payment, so that a date
    that nobody stated leaves the answer open.
    """
    return by_reading(
        "receiving assistance",
        council_decision_in_place=on_or_before("loan_decided", "art08.last_decision"),
        loan_agreement_in_force=on_or_before("loan_in_force", "art12.availability_ends"),
        requested=on_or_before("loan_requested", "art08.last_decision"),
    )


def borrower() -> Expression:
    """A Member State that receives financial assistance and pays with it."""
    return all_of(within("country", "union"), yes("borrows"), is_assisted())


def nothing_was_added_late() -> Expression:
    """Not changed after the last day of signature, or only by what belonged to the contract (law.md §7, 22)."""
    belongs = judgement(
        "late-change",
        "Is what was changed or called off after the last day of signature part of the contract signed in time?",
        who="contracting authority",
    )
    return any_of(unstated("events.last_amendment"), on_or_before("events.last_amendment", LAST_DAY), belongs)


def was_offered() -> Expression:
    """Where the file logs the steps taken, one of them reached another state inside."""
    return any_of(no("outreach_listed"), for_any("outreach", within("country", "inside")))
