"""Article 4(1): what the purchase must aim at."""

from __future__ import annotations

from jointbuy.rules import Expression, judgement, rule


@rule(
    title="Aim of the purchase",
    provision="Art. 4(1)",
    condition="aim",
    checked="2026-11-23",
    leaves="All of it: an aim is stated and argued in the plan, not computed.",
)
def aim() -> Expression:
    """The purchase aims at industrial adjustment, at timely availability, or at interoperability in the Union."""
    return judgement(
        "aim",
        "Does the purchase aim to adjust or ramp up industry, to make products available in time, or to ensure "
        "interoperability?",
        who="borrowing Member State",
    )
