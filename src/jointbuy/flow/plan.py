"""A joint purchase goes from its files to a plan: read, the law's terms, the search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from threading import Event

from jointbuy import law
from jointbuy.errors import JointbuyError, NotInForce, Problem, Unusable
from jointbuy.formats import plan as reader
from jointbuy.joint import Goal, Plan, Planned, Terms

Told = Callable[[Goal, int | None, int | None], None]
LENDS = "safe"
"""The act whose loans a plan draws on."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was planned, and the digests of the files and of the law it rests on."""

    planned: Planned
    digests: Mapping[str, str]


def plan(
    folder: str | Path,
    *,
    minimise: Sequence[Goal] = (),
    frontier: bool = False,
    gap: Fraction = Fraction(1, 1000),
    seconds: float = 60.0,
    asked: Event | None = None,
    told: Told | None = None,
) -> Made:
    """Plan a joint purchase: its folder, or its plan.yaml, to who buys what, from whom and when.

    `minimise` are goals in their order, by default those of the file; `gap` is how far the cost may lie above the
    bound; `seconds` is for all of the search, which stops when `asked` is set, too. `told` hears of each goal's best
    value and bound. Raises Unusable with every problem of the files, NotInForce before the act on loans has law.
    """
    read = reader.read(Path(folder), law.places(), law.ACTS)
    terms = terms_of(read.plan.signature)
    _ready(read.plan, terms, frontier=frontier or "dependence" in (minimise or read.plan.minimise))
    # Imported on use: the solver is slow to import, and a fault of the files is told without it.
    import time

    from jointbuy.plan.answer import planned
    from jointbuy.plan.solve import Stop

    stop = Stop(time.monotonic() + seconds, asked or Event())
    found = planned(
        read.plan,
        terms,
        tuple(minimise) or read.plan.minimise,
        gap,
        stop,
        told or (lambda _goal, _best, _bound: None),
        points=frontier,
    )
    return Made(found, {**read.digests, "law": law.act(LENDS).digest})


def terms_of(on: date) -> Terms:
    """What the act on loans says on a day: who counts, who may borrow, until when loans pay. Raises NotInForce."""
    act = law.act(LENDS)
    since, _ = act.period
    if on < since:
        why = f"it says who may buy together and borrow, and applies from {since}"
        raise NotInForce(f"there is no law of {act.title} on {on}, the day of signature: {why}; state a later one")
    view = law.view(act, on, act.as_of)
    names = ("art02.min_buyers", act.roles["borrowers"], act.roles["availability ends"])
    least, borrowers, ends = (view.parameter(name) for name in names)
    last = date.fromisoformat(str(ends.value))
    return Terms(
        act=LENDS,
        least_buyers=int(str(least.value)),
        counting=tuple(sorted(view.group(act.perimeter).members)),
        may_lead=tuple(sorted(view.group(str(borrowers.value)).members)),
        borrow=f"only Member States borrow ({borrowers.provision})",
        # A year counts if all of it does: when in a year something is paid, the plan does not say.
        last_year=last.year if (last.month, last.day) == (12, 31) else last.year - 1,
        says=(
            f"at least {least.value} buyers from inside, of which one borrows ({least.provision})",
            f"loans pay until {ends.value} ({ends.provision})",
        ),
    )


def _ready(plan: Plan, terms: Terms, *, frontier: bool) -> None:
    """Refuse what the law or the question leaves no room for. Raises Unusable."""
    problems = [
        Problem(f"{each.code} may not borrow", each.where, terms.borrow, "write no")
        for each in plan.states
        if each.may_borrow and each.code not in terms.may_lead
    ]
    states = law.places().states
    problems += [
        Problem(f"{each.code} is no state of its own", each.where, f"it is part of {states[each.code]}", "plan as one")
        for each in plan.states
        if each.code in states
    ]
    joint = [offer for offer in plan.offers if not offer.alone]
    by_itself = all(each.alone for each in plan.needs)
    if joint and not by_itself and not any(each.may_borrow for each in plan.states):
        why = f"a common procurement is led by one that does; {len(joint)} offers are bought in common only"
        do = "write yes under may_borrow for a Member State with a loan, or buy_alone yes for offers bought without one"
        problems.append(Problem("no state may borrow, so nobody may lead", plan.states[0].where, why, do))
    if frontier and not plan.depends_on:
        why = "the goal dependence counts what comes from the countries under depends_on"
        raise JointbuyError(f"{plan.file} names no depends_on: {why}; write depends_on: [US], for example")
    if problems:
        raise Unusable(problems)
