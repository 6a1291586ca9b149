"""When an action began, of which Union funds cover only what is young enough (EDIP and EDIRPA ask it alike)."""

from __future__ import annotations

from jointbuy.rules import Expression, all_of, any_of, judgement, not_before, stated, unstated


def began_no_earlier(first_day: str, key: str) -> Expression:
    """Neither tender nor signature lies before the first day; a file without a day of a tender does not tell the start.

    `first_day` is a parameter, `key` stands before the key of the question.
    """
    asked = judgement(
        f"{key}start",
        "No day of a tender is stated, and a procurement begins before its signature: did it start no earlier than the "
        "act allows?",
        who="procurement agent",
    )
    tender = all_of(stated("events.tender"), not_before("events.tender", first_day))
    return all_of(not_before("events.signature", first_day), any_of(tender, all_of(unstated("events.tender"), asked)))
