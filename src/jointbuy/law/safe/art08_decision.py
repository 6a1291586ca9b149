"""Article 8: the Council's decision on the loan."""

from __future__ import annotations

from jointbuy.law.safe.buyers import does_not_only_intend
from jointbuy.rules import Expression, all_of, for_any, on_or_before, rule, within, yes


@rule(
    title="Council decision on the loan",
    provision="Art. 8(2) and (8)",
    condition="decision",
    checked="2026-11-27",
    leaves="Whether the decision covers this purchase. Decisions are published; who does not know the day looks it up.",
)
def decision() -> Expression:
    """The Council has made the assistance available to a buyer that borrows, by the last day for decisions.

    The loan of a state that only intends to take part pays for nothing here, unless such an intention counts.
    """
    decided = all_of(within("country", "union"), yes("borrows"), on_or_before("loan_decided", "art08.last_decision"))
    return for_any("buyers", all_of(decided, does_not_only_intend()))
