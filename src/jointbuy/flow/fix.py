"""The cheapest change that makes a purchase pass: actions tried, sources chosen, and all of it decided again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import partial
from itertools import combinations
from pathlib import Path
from time import monotonic
from typing import Literal, TypedDict

from jointbuy import formats, law
from jointbuy.decide.dates import paying
from jointbuy.decide.demands import Demand
from jointbuy.errors import JointbuyError, Problem, Unusable, Where
from jointbuy.fix.problem import Problem as Knapsack
from jointbuy.fix.problem import Settle, Solution, Status
from jointbuy.flow import fixed
from jointbuy.flow.case import day_of, decided, seen
from jointbuy.flow.lookup import country_of
from jointbuy.flow.offers import Offered, offered
from jointbuy.flow.sourcing import Answer, Asked, Sight, Sourcing
from jointbuy.flow.timing import actions_in_time
from jointbuy.model import Action, Purchase
from jointbuy.remedy import Alternative, Fix
from jointbuy.result import Case

_ACTIONS = 10
"""Actions of which every set is tried."""


class Looking(TypedDict):
    """How a purchase is looked at under one act, as `check` takes it."""

    on: str | date | None
    known_on: str | date | None
    readings: Mapping[str, str]
    overlay: str | Path | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a fix beside the law: shares of countries in each end product, and how many changes.

    `gap` is by how much, as a part of the cost, a cheaper answer may still exist; `seconds` how long may be searched.
    `stop` is asked whether to end with the best so far, `told` is given cost and bound as they improve.
    """

    most_from: tuple[tuple[str, Fraction], ...] = ()
    least_from: tuple[tuple[str, Fraction], ...] = ()
    changes: int | None = None
    gap: Fraction = Fraction(0)
    seconds: float | None = None
    stop: Callable[[], bool] | None = None
    told: Callable[[int | None, int], None] | None = None

    def late(self, until: float | None) -> bool:
        """Whether to stop, asked for or because it is later than a time of `time.monotonic`."""
        return (until is not None and monotonic() > until) or (self.stop is not None and self.stop())


@dataclass(frozen=True, slots=True)
class Tried:
    """Actions that were tried together, what they cost, and how each way of sourcing ended under them."""

    actions: tuple[Action, ...]
    cost: int
    unpriced: int
    sourcing: Sourcing | None
    answers: tuple[Answer, ...] = ()
    failing: tuple[tuple[int, tuple[str, ...]], ...] = ()
    """By the place of each act the conditions that stand in the way."""
    apart: str = ""
    """Why the actions do not go together, where they do not."""
    pruned: Literal["", "dearer", "changes", "time"] = ""
    """Why nothing was solved: even with the cheapest sources they cost no less, they are too many changes, or it was to
    stop before."""

    @property
    def best(self) -> Answer | None:
        """The cheapest way that passes."""
        passing = [answer for answer in self.answers if answer.cost is not None]
        return min(passing, key=lambda answer: answer.cost or 0, default=None)


@dataclass(frozen=True, slots=True)
class Job:
    """A purchase as it is read, with what is asked and what is offered."""

    path: Path
    read: formats.Read
    acts: tuple[str, ...]
    wanted: Wanted
    looking: Mapping[str, Looking]
    on: date | None = None
    """The day that was given: whose law applies, and from which anything can be had."""
    known_on: date | None = None
    readings: Mapping[str, str] = field(default_factory=dict)
    before: tuple[Case, ...] = ()
    own: tuple[Asked, ...] = ()
    passes: bool = False
    """Whether every act accepts the purchase as it is, and the user's own limits are kept."""
    alternatives: tuple[Alternative, ...] = ()
    actions: tuple[Action, ...] = ()
    offers: Offered = field(default_factory=lambda: Offered((), (), ()))
    digests: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def case(self, read: formats.Read, act: str) -> Case:
        """A verdict as `check` gives it."""
        return decided(read, act, **self.looking[act])

    def sight(self, read: formats.Read, act: str) -> Sight:
        """The purchase as an act sees it."""
        return Sight(read, *seen(read.purchase, act, **self.looking[act]))


def fix(
    folder: str | Path,
    *,
    acts: Sequence[str] = (),
    on: str | date | None = None,
    known_on: str | date | None = None,
    readings: Mapping[str, str] | None = None,
    overlay: str | Path | None = None,
    wanted: Wanted | None = None,
) -> Fix:
    """The cheapest change that makes a purchase eligible under all of some acts, by default that which pays.

    Raises as `check` does; JointbuyError where nothing is offered that could be changed.
    """
    wanted = wanted or Wanted()
    job = posed(folder, acts=acts, on=on, known_on=known_on, readings=readings, overlay=overlay, wanted=wanted)
    if not job.read.purchase.alternatives and not job.read.purchase.actions:
        return fixed.nothing_to_do(job)
    until = None if wanted.seconds is None else monotonic() + wanted.seconds
    return fixed.of(job, tuple(_tried(job, until)), _solver(job), until)


def posed(
    folder: str | Path,
    *,
    acts: Sequence[str] = (),
    on: str | date | None = None,
    known_on: str | date | None = None,
    readings: Mapping[str, str] | None = None,
    overlay: str | Path | None = None,
    wanted: Wanted,
) -> Job:
    """What a purchase poses: how it stands, and what may be changed about it; nothing is solved. Raises as `fix`."""
    path = Path(folder)
    read = formats.read(path, law.places())
    names = tuple(dict.fromkeys(acts)) or (paying(read.purchase),)
    looking: dict[str, Looking] = {
        act: {"on": on, "known_on": known_on, "readings": _open(act, readings or {}, names), "overlay": overlay}
        for act in names
    }
    job = Job(path, read, names, wanted, looking, day_of(on), day_of(known_on), readings or {})
    before = tuple(job.case(read, act) for act in names)
    own = _own_rows(job)
    passes = all(each.verdict.outcome == "eligible" for each in before) and _kept(job, own)
    job = replace(job, before=before, own=own, passes=passes)
    if not read.purchase.alternatives and not read.purchase.actions:
        if passes:
            return job
        told = [each.verdict.summary.rstrip(".") for each in before if each.verdict.outcome != "eligible"]
        why = "; ".join(told) or "a limit that was asked for is not kept"
        raise Unusable([_nothing_offered(read.purchase, why)])
    job = _with_offers(job)
    actions, late = actions_in_time(read.purchase, [law.act(name) for name in names], job.on)
    if len(actions) > _ACTIONS:
        raise JointbuyError(f"{len(actions)} actions could be combined, and at most {_ACTIONS} are; leave some out")
    return replace(job, actions=actions, offers=replace(job.offers, too_late=(*job.offers.too_late, *late)))


def _open(act: str, readings: Mapping[str, str], acts: Sequence[str]) -> Mapping[str, str]:
    """The readings that an act leaves open; of one act alone all of them, so that it refuses what it does not know."""
    if len(acts) == 1:
        return readings
    found = law.act(act)
    return {name: option for name, option in readings.items() if name in found.readings and name not in found.settled}


def _nothing_offered(purchase: Purchase, why: str) -> Problem:
    where = purchase.where.get("bill_of_materials") or purchase.where.get("id") or Where("purchase.yaml")
    do = (
        "name a file of other sources under alternatives:, or other changes under actions:; docs/fix.md says what they "
        "hold"
    )
    return Problem("nothing is offered that could be changed", where, why, do)


def _with_offers(job: Job) -> Job:
    """The job with its alternatives."""
    purchase, bom = job.read.purchase, job.read.bom
    if not purchase.alternatives:
        return job
    if bom is None:
        raise JointbuyError("alternatives are named and no bill of materials; state bill_of_materials")
    # Imported on use: a purchase may offer actions alone.
    from jointbuy.formats.alternatives import read_alternatives

    notes: list[str] = []
    folder = job.path if job.path.is_dir() else job.path.parent
    found, digests = read_alternatives(folder, purchase, law.places(), bom, notes)
    return replace(
        job, alternatives=found, offers=offered(bom, purchase, found, job.on), digests=digests, notes=tuple(notes)
    )


def _own_rows(job: Job) -> tuple[Asked, ...]:
    """The user's own limits, on every end product, as the first act counts components."""
    wanted, bom = job.wanted, job.read.bom
    limits = [(country_of(name), limit, True) for name, limit in wanted.most_from]
    limits += [(country_of(name), limit, False) for name, limit in wanted.least_from]
    _once(limits)
    if not limits:
        return ()
    if bom is None:
        raise JointbuyError("shares of countries need a bill of materials, and the purchase names none")
    sight = job.sight(job.read, job.acts[0])
    method = sight.view.reading("components")
    collection = "traced_products" if method == "traced" else "end_products"
    products = sight.content().traced if method == "traced" else sight.content().products
    found, names = [], {each.id: each.name or each.id for each in job.read.purchase.end_products or ()}
    for country, limit, at_most in limits:
        told = f"from {law.places().titles[country]}"
        for place, product in enumerate(products):
            demand = Demand(
                "share", told, "", "", collection, place, names.get(product.product, product.product),
                law.places().titles[country], frozenset({country}), at_most=at_most, limit=limit,
            )  # fmt: skip
            found.append(Asked(0, demand))
    return tuple(found)


def _once(limits: Sequence[tuple[str, Fraction, bool]]) -> None:
    """Refuse a country that is limited twice, or whose limits leave nothing between them. Raises JointbuyError."""
    known: dict[tuple[str, bool], Fraction] = {}
    for country, limit, at_most in limits:
        title, word = law.places().titles[country], "max" if at_most else "min"
        if (country, at_most) in known:
            raise JointbuyError(f"--{word}-share is given twice for {title}; give the one that counts")
        known[country, at_most] = limit
        most, least = known.get((country, True)), known.get((country, False))
        if most is not None and least is not None and most < least:
            raise JointbuyError(f"--min-share asks for more from {title} than --max-share allows; change one of them")


def _kept(job: Job, own: Sequence[Asked]) -> bool:
    """Whether the purchase as it is keeps the user's own limits."""
    if not own:
        return True
    sourcing = Sourcing([job.sight(job.read, job.acts[0])], Offered((), (), ()), own, None)
    return all(sourcing.weights(row)[0] <= 0 for row in own)


def _tried(job: Job, until: float | None) -> Iterator[Tried]:
    """Every set of actions, cheapest first; what cannot lead to a cheaper answer, or is too late, is not solved."""
    opening, least = opener(job), job.offers.least
    best: tuple[int, int] | None = None
    for place, chosen in enumerate(sets_of(job.actions)):
        cost, unpriced = cost_of(chosen), sum(action.cost is None for action in chosen)
        if best is not None and (unpriced, cost + least) >= best:
            yield Tried(chosen, cost, unpriced, None, pruned="dearer")
            continue
        if job.wanted.changes is not None and len(chosen) > job.wanted.changes:
            yield Tried(chosen, cost, unpriced, None, pruned="changes")
            continue
        if place and job.wanted.late(until):
            yield Tried(chosen, cost, unpriced, None, pruned="time")
            continue
        found = _one(job, opening(chosen, until), until)
        if found.best is not None:
            best = min(filter(None, (best, (unpriced, cost + (found.best.cost or 0)))))
        yield found


def sets_of(actions: Sequence[Action]) -> list[tuple[Action, ...]]:
    """Every set of actions: those without an unknown cost first, then the cheapest, then the smallest."""
    found = [chosen for size in range(len(actions) + 1) for chosen in combinations(actions, size)]
    return sorted(found, key=lambda one: (sum(each.cost is None for each in one), cost_of(one), len(one)))


def cost_of(actions: Sequence[Action]) -> int:
    """What actions cost together, as far as that is stated; minor units."""
    return sum(action.cost.minor for action in actions if action.cost)


def opener(job: Job) -> Callable[[Sequence[Action], float | None], Tried]:
    """What opens a set of actions: what may be sourced under it, and what stands in the way; nothing is solved."""
    acted = _acting(job.path, job.read.purchase) if job.read.purchase.actions else None

    def opened(chosen: Sequence[Action], until: float | None = None) -> Tried:
        actions, unpriced = tuple(chosen), sum(action.cost is None for action in chosen)
        found = Tried(actions, cost_of(actions), unpriced, None)
        try:
            purchase = acted(actions) if actions and acted else job.read.purchase
            read = replace(job.read, purchase=purchase)
            sights = [job.sight(read, act) for act in job.acts]
            passes, late = job.passes and not actions, partial(job.wanted.late, until)
            known = () if actions else [case.content for case in job.before]
            sourcing = Sourcing(sights, job.offers, job.own, job.wanted.changes, late, passes=passes, known=known)
            failing = [(at, sourcing.demanded(at).failing) for at in range(len(sights))]
        except Unusable as error:  # each alone can be read; these do not go together
            return replace(found, apart=str(error.problems[0]))
        return replace(found, sourcing=sourcing, failing=tuple((at, names) for at, names in failing if names))

    return opened


def _acting(path: Path, purchase: Purchase) -> Callable[[Sequence[Action]], Purchase]:
    # Imported on use: most purchases state no action.
    from jointbuy.formats import purchase_file
    from jointbuy.formats.acting import acting

    return acting(purchase_file(path), purchase, law.places())


def _one(job: Job, opened: Tried, until: float | None) -> Tried:
    """One set of actions: what stands in the way of sourcing, or how each way ended."""
    sourcing = opened.sourcing
    if sourcing is None or opened.failing:
        return opened
    solve, spent = _solver(job, opened.cost), len(opened.actions)
    return replace(opened, answers=tuple(sourcing.solved(way, spent, solve, until) for way in sourcing.ways))


def _solver(job: Job, spent: int | None = None) -> Callable[..., Solution]:
    """What solves; beside what is `spent` on actions, it tells how far it is."""
    # Imported on use: solvers are slow to start.
    import numpy as np

    from jointbuy.fix.solve import cheapest

    told, stop = job.wanted.told, job.wanted.stop

    def progress(cost: int | None, bound: int) -> None:
        if told is not None and spent is not None:
            told(None if cost is None else cost + spent, bound + spent)

    def solve(problem: Knapsack, *, seconds: float | None, settle: Settle | None = None) -> Solution:
        if len(problem.starts) == 1:  # nothing to choose: each row holds as it is, or none does
            holds = all(limit >= 0 for limit in problem.limits.tolist())
            none = tuple((0, 1) for _ in problem.names)
            if not holds:
                return Solution(Status.INFEASIBLE, None, None, None, none)
            return Solution(Status.OPTIMAL, np.array([], dtype=np.int64), 0, 0, none)
        return cheapest(problem, gap=job.wanted.gap, seconds=seconds, progress=progress, stop=stop, settle=settle)

    return solve
