"""Article 27(7): Ukraine's part."""

from __future__ import annotations

from jointbuy.law.shared.edip import UKRAINE, is_asked, where_ukraine_governs
from jointbuy.law.shared.entities import seated_in, takes_part
from jointbuy.rules import Expression, all_of, any_of, for_any, judgement, no, rule, within


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

    Established in an area that the government does not control, it does not count (Art. 26(1)). Of any other company
    from there, such as a supplier of components of its own, a person must say whether it is involved: the text asks
    neither for a share nor for a task. So must somebody where the file does not list its subcontracts, or does not say
    who makes what comes from Ukraine.
    """
    supplies = judgement(
        "edip-ukraine-involvement",
        "It is neither contractor nor, as far as is stated, subcontractor (Art. 2(31)): is the action nevertheless "
        "carried out with its involvement?",
        who="procurement agent",
    )
    unlisted = judgement(
        "edip-ukraine-unlisted-involvement",
        "The file does not list its subcontracts: is the action carried out with the involvement of a company that is "
        "established and managed in Ukraine?",
        who="procurement agent",
    )
    maker = judgement(
        "edip-ukraine-maker-involvement",
        "Parts come from there and nobody says who makes them: is that a company established and managed in Ukraine, "
        "and is the action carried out with its involvement?",
        who="procurement agent",
    )
    from_there = all_of(seated_in("ukraine"), where_ukraine_governs())
    buys = for_any("buyers", all_of(within("country", "ukraine"), takes_part()))
    works = for_any("entities", all_of(from_there, is_asked(UKRAINE)))
    made = for_any("unknown_makers", all_of(within("country", "ukraine"), maker))
    others = (
        for_any("companies", all_of(no("is_contractor"), from_there, supplies)),
        all_of(no("subcontracts_listed"), unlisted),
        made,
    )
    return any_of(buys, works, *others)
