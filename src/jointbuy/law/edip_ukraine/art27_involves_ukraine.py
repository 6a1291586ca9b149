"""Article 27(7): Ukraine's part."""

from __future__ import annotations

from jointbuy.law.shared.entities import seated_in, takes_part
from jointbuy.rules import Expression, all_of, any_of, for_any, rule, within


@rule(
    title="Part taken by Ukraine",
    provision="Art. 27(7)",
    condition="involves ukraine",
    checked="2026-11-26",
    leaves="Whether a company that only supplies is involved in the action.",
)
def involves_ukraine() -> Expression:
    """Ukraine buys too, or a contractor or subcontractor is established and managed there."""
    buys = for_any("buyers", all_of(within("country", "ukraine"), takes_part()))
    return any_of(buys, for_any("entities", seated_in("ukraine")))
