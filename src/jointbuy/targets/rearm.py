"""ReArm Europe's 800 bn in its two parts: what is potential, and what of it is decided, as of a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import reduce

from jointbuy.ledger import EscapeClause
from jointbuy.lendingpool import NOTHING, Amount
from jointbuy.spending import Activation, Decided, Rearm
from jointbuy.targets.facts import Facts


def rearm(
    facts: Facts, clause: EscapeClause, activations: Sequence[Activation], decisions: Iterable[Decided], on: date
) -> Rearm:
    """What stood on a day; sums that were not found are not counted as nothing. `activations` are of the clause."""
    active = tuple(sorted((one for one in activations if one.since <= on), key=lambda one: (one.since, one.country)))
    others = {*clause.not_activated, *(one.country for one in activations)} - {one.country for one in active}
    made = tuple(sorted((one for one in decisions if one.on <= on), key=lambda one: (one.on, one.country)))
    return Rearm(
        total=int(facts.number("total", on)) * 100,
        clause=int(facts.number("clause", on)) * 100,
        loans=int(facts.number("loans", on)) * 100,
        cap=clause.share,
        years=(clause.first, clause.last),
        active=active,
        inactive=tuple(sorted(others)),
        decisions=made,
        decided=_sum(made),
        verified=_sum(one for one in made if one.verified),
    )


def _sum(decisions: Iterable[Decided]) -> Amount:
    return reduce(Amount.plus, (one.amount for one in decisions if one.amount), NOTHING)
