"""Article 8(1)(b): new cooperation."""

from __future__ import annotations

from jointbuy.rules import Expression, judgement, rule


@rule(
    title="New or extended cooperation",
    provision="Art. 8(1)(b)",
    condition="cooperation",
    checked="2026-11-26",
    leaves="All of it.",
)
def cooperation() -> Expression:
    """The cooperation is new, also within an existing framework, or is extended to another state."""
    return judgement(
        "edirpa-cooperation",
        "Is the cooperation new, or extended to at least one new Member State or associated country?",
        who="buyers",
    )
