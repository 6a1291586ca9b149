"""Article 27(7): Ukraine's part."""

from __future__ import annotations

from jointbuy.law.shared.edip import is_asked
from jointbuy.law.shared.entities import seated_in, takes_part
from jointbuy.rules import Expression, all_of, any_of, for_any, judgement, rule, within


@rule(
    title="Part taken by Ukraine",
    provision="Art. 27(7)",
    condition="involves ukraine",
    checked="2026-11-27",
    leaves="Whether a company from Ukraine that is no contractor, nor a subcontractor as defined, is involved in the "
    "action.",
)
def involves_ukraine() -> Expression:
    """Ukraine buys too, or a contractor or subcontractor is established and managed there.

    Of any other company from there, such as a supplier of components of its own, a person must say whether it is
    involved: the text asks neither for a share nor for a task.
    """
    supplies = judgement(
        "edip-ukraine-involvement",
        "It is neither contractor nor, as far as is stated, subcontractor (Art. 2(31)): is the action nevertheless "
        "carried out with its involvement?",
        who="procurement agent",
    )
    from_there = seated_in("ukraine")
    buys = for_any("buyers", all_of(within("country", "ukraine"), takes_part()))
    works = for_any("entities", all_of(from_there, is_asked()))
    return any_of(buys, works, for_any("companies", all_of(from_there, supplies)))
