"""Which actions beside the sources of parts can still be had when an act wants them, and why the others cannot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jointbuy import law
from jointbuy.model import Action, Purchase
from jointbuy.remedy import TooLate
from jointbuy.rules import Under, Yes, walk


def actions_in_time(
    purchase: Purchase, acts: Sequence[law.Act], on: date | None
) -> tuple[tuple[Action, ...], tuple[TooLate, ...]]:
    """The actions that can be had by the day by which they are needed, and why the others cannot.

    Guarantees are needed by the tender where an act asks for them in its specifications; a buyer joins after signature
    only by a change of the contract where an act has conditions for that; anything else is done by the last payment.
    """
    taken, late = [], []
    for action in purchase.actions:
        paths = [change.set for change in action.changes]
        ready = max((day for day in (action.available_from, on) if day), default=None)
        because = _too_late(purchase, acts, paths, ready)
        if because:
            what = action.what or action.id
            late.append(TooLate(what, because, purchase.where.get(f"actions[{action.id}]")))
        else:
            taken.append(action)
    return tuple(taken), tuple(late)


def _too_late(purchase: Purchase, acts: Sequence[law.Act], paths: Sequence[str], ready: date | None) -> str:
    events = purchase.events
    if ready is None:
        return ""
    in_tender, changed = _in_tender(acts), _by_change(acts)
    guaranteed = any(".guarantees." in f".{path}." for path in paths)
    if guaranteed and in_tender and events.tender and ready > events.tender:
        return (
            f"it can be had on {ready}, and guarantees belong in the tender specifications of {events.tender} "
            f"({in_tender})"
        )
    joins = any(path.startswith("buyers[+") for path in paths)
    changes = any(path.startswith("modifications[+") for path in paths)
    if joins and not changes and changed and events.signature and ready > events.signature:
        return (
            f"it can be had on {ready}, and after the signature of {events.signature} a buyer joins only by a change "
            f"of the contract ({changed}), to which the undertaking must agree: add it to the changes as "
            "modifications[+]"
        )
    if events.last_payment and ready > events.last_payment:
        return f"it can be had on {ready}, after the last payment on {events.last_payment}"
    return ""


def _in_tender(acts: Sequence[law.Act]) -> str:
    """The provision by which guarantees stand in the tender specifications; empty where no act asks for that."""
    told = ""
    for each in (each for act in acts for rule in act.rules for each in walk(rule.expression)):
        if isinstance(each, Under) and Yes("guarantee_in_tender") in walk(each.of):
            told = each.provision  # outermost first, so that the last is the nearest
    return told


def _by_change(acts: Sequence[law.Act]) -> str:
    """The provision on changes of the contract; empty where no act has one."""
    return next((rule.provision for act in acts for rule in act.rules if rule.condition == "changes"), "")
