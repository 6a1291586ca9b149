"""Article 8: the Council's decision on the loan."""

from __future__ import annotations

from jointbuy.rules import Expression, all_of, any_of, for_any, judgement, on_or_before, rule, yes


@rule(
    title="Council decision on the loan",
    provision="Art. 8(2) and (8)",
    condition="decision",
    checked="2026-11-23",
    leaves="Whether the decision covers this purchase, where its date is not stated.",
)
def decision() -> Expression:
    """The Council has made the assistance available to a buyer that borrows, by the last day for decisions."""
    decided = for_any("buyers", all_of(yes("borrows"), on_or_before("loan_decided", "art08.last_decision")))
    question = "Has the Council made the loan of a borrowing buyer available?"
    return any_of(decided, judgement("council-decision", question, who="borrowing Member State"))
