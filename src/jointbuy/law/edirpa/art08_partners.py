"""Articles 2(1), 8(1)(c) and 10: who must buy together."""

from __future__ import annotations

from jointbuy.law.edirpa.entities import INSIDE
from jointbuy.law.shared.entities import takes_part
from jointbuy.rules import Expression, all_of, any_of, at_least, for_each, judgement, rule, under, within


@rule(
    title="Three Member States",
    provision="Art. 2(1), 8(1)(c) and 10",
    condition="buyers",
    checked="2026-11-26",
    leaves="Whether each buyer is a public authority, and whether each EEA-EFTA state took part: Art. 5 leaves the "
    "conditions to the EEA Agreement.",
)
def partners() -> Expression:
    """Three Member States conduct the procurement together; associated countries may join them, and nobody else.

    Additional quantities may be bought for Ukraine and Moldova.
    """
    for_others = judgement(
        "edirpa-additional-quantities",
        "Does it not buy itself: has every Member State agreed that the procurement agent buys additional quantities "
        "for it?",
        who="procurement agent",
    )
    admitted = any_of(
        within("country", INSIDE), under("Art. 9(3)", all_of(within("country", "additional recipients"), for_others))
    )
    members = at_least("art08.min_members", "buyers", all_of(within("country", "union"), takes_part()))
    return all_of(members, for_each("buyers", admitted))
