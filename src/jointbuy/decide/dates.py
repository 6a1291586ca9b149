"""Days that cannot be: what an act brought about before the act itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from jointbuy.decide.buyers import LOAN, by_country, loan_days
from jointbuy.decide.states import as_states
from jointbuy.errors import Problem
from jointbuy.law import Act
from jointbuy.model import Purchase
from jointbuy.parameters import View


def impossible(purchase: Purchase, act: Act, view: View) -> tuple[Problem, ...]:
    """Every Council decision, loan agreement and notification older than the act, every clearance older than its own.

    And two days of one step of a state's loan. Loans are those of an act that takes requests for them, notifications
    those under the act that pays, clearances those of acts whose first day it has.
    """
    return (
        *_loans(purchase, act, view),
        *_two_loans(purchase, act, view),
        *_notifications(purchase, act, view),
        *_clearances(purchase, act, view),
    )


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


def _two_loans(purchase: Purchase, act: Act, view: View) -> Iterator[Problem]:
    """The loan is granted to the Member State (Art. 5), so that its authorities cannot tell different days of it."""
    if "last request" not in act.roles:
        return
    for state, mine in by_country(as_states(purchase, view.places.states)).items():
        for name in LOAN.values():
            told = [(index, day) for index, each in mine for day in loan_days([each], name)]
            for index, day in told[1:]:
                first, other = told[0]
                if day == other:
                    continue
                place = purchase.where.get(f"buyers[{first}].loan.{name}") or purchase.where.get(f"buyers[{first}]")
                why = f"that of another of its authorities{f' at {place}' if place else ''} is {other}"
                where = purchase.where.get(f"buyers[{index}].loan.{name}") or purchase.where.get(f"buyers[{index}]")
                advice = "a loan is the state's (Art. 5): state its one day, that of the loan which pays this purchase"
                yield Problem(f"loan.{name} of {state} is {day}", where, why, advice)


def _notifications(purchase: Purchase, act: Act, view: View) -> Iterator[Problem]:
    """Nobody could notify under an article that was not yet in force (SAFE, Art. 16(7) and 23).

    Of an act that does not pay the day is none: it is right under the one that does (`notified_before`).
    """
    if paying(purchase) == act.name:
        for path, near, what, why in _told_before(purchase, act, view):
            yield _problem(purchase, path, near, what, why)


def notified_before(purchase: Purchase, act: Act, view: View) -> Iterator[str]:
    """Notifications older than an act that does not pay, as remarks: they were made under another one."""
    if paying(purchase) != act.name:
        for _, _, what, why in _told_before(purchase, act, view):
            yield f"{what}, and does not count: {why}"


def paying(purchase: Purchase) -> str:
    """The name of the act of the instrument that pays."""
    return purchase.instrument.lower().replace(" ", "_")


def _told_before(purchase: Purchase, act: Act, view: View) -> Iterator[tuple[str, str, str, str]]:
    """Of each notification older than the act: its place, what is near, what it is, and why it cannot be."""
    if "control majority" not in act.roles:
        return  # it does not ask who controls a company, and so hears of no screening and no guarantees
    first = _day(view, "act.entry_into_force")
    for party in purchase.parties:
        for name, told in (("screening", party.screening), ("guarantees", party.guarantees)):
            if told and told.notified and told.notified < first:
                path = f"parties[{party.id}].{name}"
                why = f"the Commission is notified under the act, which entered into force on {first}"
                yield f"{path}.notified", path, f"{name}.notified of {party.id} is {told.notified}", why


def _clearances(purchase: Purchase, act: Act, view: View) -> Iterator[Problem]:
    for party in purchase.parties:
        for index, clearance in enumerate(party.clearances):
            begins = act.roles.get(f"{clearance.act} since")
            if begins is None or clearance.on is None:
                continue
            if clearance.on < (first := _day(view, begins)):
                path = f"parties[{party.id}].clearances[{index}].on"
                what = f"the {clearance.act} clearance of {party.id} is of {clearance.on}"
                why = f"nothing under that act is older than {first}"
                yield _problem(purchase, path, f"parties[{party.id}].clearances", what, why)


def _problem(purchase: Purchase, path: str, near: str, what: str, why: str) -> Problem:
    return Problem(what, purchase.where.get(path) or purchase.where.get(near), why, "correct the date")


def _day(view: View, name: str) -> date:
    value = view.parameter(name).value
    if not isinstance(value, date):
        raise TypeError(f"{name} must be a date")
    return value
