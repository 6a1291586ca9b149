"""Days that cannot be: what an act brought about before the act itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from jointbuy.errors import Problem
from jointbuy.law import Act
from jointbuy.model import Purchase
from jointbuy.parameters import View


def impossible(purchase: Purchase, act: Act, view: View) -> tuple[Problem, ...]:
    """Every Council decision and loan agreement older than the act, every clearance older than the act it is under.

    Loans are those of an act that takes requests for them, clearances those of acts whose day of publication it has.
    """
    return (*_loans(purchase, act, view), *_clearances(purchase, act, view))


def _loans(purchase: Purchase, act: Act, view: View) -> Iterator[Problem]:
    if "last request" not in act.roles:
        return
    first = _day(view, "act.entry_into_force")
    for index, buyer in enumerate(purchase.buyers):
        for name in ("council_decision", "agreement_in_force"):
            day = getattr(buyer.loan, name) if buyer.loan else None
            if day is not None and day < first:
                path = f"buyers[{index}].loan.{name}"
                why = f"nothing under the act can be older than its entry into force on {first}"
                yield _problem(purchase, path, f"buyers[{index}]", f"loan.{name} of {buyer.country} is {day}", why)


def _clearances(purchase: Purchase, act: Act, view: View) -> Iterator[Problem]:
    for party in purchase.parties:
        for index, clearance in enumerate(party.clearances):
            published = act.roles.get(f"{clearance.act} published")
            if published is None or clearance.on is None:
                continue
            if clearance.on < (first := _day(view, published)):
                path = f"parties[{party.id}].clearances[{index}].on"
                what = f"the {clearance.act} clearance of {party.id} is of {clearance.on}"
                why = f"that act was published on {first}"
                yield _problem(purchase, path, f"parties[{party.id}].clearances", what, why)


def _problem(purchase: Purchase, path: str, near: str, what: str, why: str) -> Problem:
    return Problem(what, purchase.where.get(path) or purchase.where.get(near), why, "correct the date")


def _day(view: View, name: str) -> date:
    value = view.parameter(name).value
    if not isinstance(value, date):
        raise TypeError(f"{name} must be a date")
    return value
