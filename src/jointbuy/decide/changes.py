"""Facts about changes of a contract after its signature (Art. 18)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from jointbuy.decide import buyers
from jointbuy.decide.stated import fact
from jointbuy.model import Country, Modification, Purchase
from jointbuy.rules import Fact, Facts, Value


def last(purchase: Purchase) -> Fact:
    """The day of the last change."""
    days = {each.on: index for index, each in enumerate(purchase.modifications)}
    day = max(days, default=None)
    return Fact(None) if day is None else fact(purchase, day, *_paths(days[day], "on"))


def of(purchase: Purchase, known_on: date) -> tuple[Facts, ...]:
    """One member for each change. What is to appear, or to be agreed, after `known_on` has not been yet."""
    return tuple(_change(purchase, index, each, known_on) for index, each in enumerate(purchase.modifications))


def _change(purchase: Purchase, index: int, change: Modification, known_on: date) -> Facts:
    bought = {buyer.country: buyers.bought_by_newcomers(purchase, buyer.country) for buyer in purchase.buyers}
    added = {country for each in purchase.modifications for country in each.adds or ()}
    new = added - buyers.from_the_start(purchase)
    more = _more(change)
    before = None if change.agreed is None else change.agreed <= change.on
    to_come = bool(before and change.agreed and change.agreed > known_on)

    def stated(name: str, value: Value) -> Fact:
        return fact(purchase, value, *_paths(index, name))

    newcomers: tuple[Facts, ...] = tuple(
        {
            "subject": Fact(country),
            "country": stated("adds", country),
            "party_since": stated("on", change.on),
            "known_by": Fact(known_on),
            "buys": stated("adds", country in bought),
        }
        for country in change.adds or ()
    )
    return {
        "subject": Fact(f"the change of {change.on}"),
        "changed_on": stated("on", change.on),
        "events.tender": fact(purchase, purchase.events.tender, "events.tender"),
        "events.signature": fact(purchase, purchase.events.signature, "events.signature"),
        "changed_by": fact(purchase, purchase.conducted_by, "conducted_by"),
        "changed_by_newcomer": fact(purchase, purchase.conducted_by in new, "conducted_by"),
        "ground": stated("ground", change.ground),
        "adds_buyers": stated("adds", None if change.adds is None else bool(change.adds)),
        "newcomers": newcomers,
        "raises_quantity": stated("quantity_after", None if more is None else more > 0),
        "only_for_newcomers": stated("quantity_after", _only_for_newcomers(more, change, bought)),
        "to_come": stated("on", change.on if change.on > known_on else None),
        "agreed_before": stated("agreed", None if to_come else before),
        "agreement_to_come": stated("agreed", change.agreed if to_come else None),
        "equal_terms": stated("equal_terms", change.equal_terms),
        "notice_published": stated("notice", True if change.notice and change.notice <= known_on else None),
    }


def _paths(index: int, name: str) -> tuple[str, str]:
    return f"modifications[{index}].{name}", f"modifications[{index}]"


def _more(change: Modification) -> Fraction | None:
    """By how many end products a change raises the contract; None where one of the two numbers is not stated."""
    before, after = change.quantity_before, change.quantity_after
    return None if before is None or after is None else after - before


def _only_for_newcomers(
    more: Fraction | None, change: Modification, bought: Mapping[Country, Fraction | None]
) -> bool | None:
    """Whether no more is added than the countries added buy; None where who is added or a number is not stated."""
    if change.adds is None:
        return None
    theirs = [bought.get(country) for country in change.adds]
    known = [quantity for quantity in theirs if quantity is not None]
    return None if more is None or len(known) < len(theirs) else more <= sum(known)
