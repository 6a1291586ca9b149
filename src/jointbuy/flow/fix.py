"""The cheapest change that makes a purchase pass: actions tried, sources chosen, and all of it decided again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
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

    read: formats.Read
    acts: tuple[str, ...]
    wanted: Wanted
    looking: Mapping[str, Looking]
    alternatives: tuple[Alternative, ...] = ()
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
    path = Path(folder)
    read = formats.read(path, law.places())
    names = tuple(dict.fromkeys(acts)) or (paying(read.purchase),)
    looking: dict[str, Looking] = {
        act: {"on": on, "known_on": known_on, "readings": _open(act, readings or {}, names), "overlay": overlay}
        for act in names
    }
    wanted = wanted or Wanted()
    job = Job(read, names, wanted, looking)
    before = tuple(job.case(read, act) for act in names)
    own = _own_rows(job)
    if all(each.verdict.outcome == "eligible" for each in before) and _kept(job, own):
        return fixed.nothing_to_do(job.read, before)
    if not read.purchase.alternatives and not read.purchase.actions:
        told = [each.verdict.summary.rstrip(".") for each in before if each.verdict.outcome != "eligible"]
        why = "; ".join(told) or "a limit that was asked for is not kept"
        raise Unusable([_nothing_offered(read.purchase, why)])
    job = _with_offers(job, path, day_of(on))
    until = None if wanted.seconds is None else monotonic() + wanted.seconds
    actions, late = actions_in_time(read.purchase, [law.act(name) for name in names], day_of(on))
    if len(actions) > _ACTIONS:
        raise JointbuyError(f"{len(actions)} actions could be combined, and at most {_ACTIONS} are; leave some out")
    job = replace(job, offers=replace(job.offers, too_late=(*job.offers.too_late, *late)))
    tried = tuple(_tried(job, path, actions, own, until))
    return fixed.of(job, before, tried, _solver(job), until)


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


def _with_offers(job: Job, path: Path, on: date | None) -> Job:
    """The job with its alternatives."""
    purchase, bom = job.read.purchase, job.read.bom
    if not purchase.alternatives:
        return job
    if bom is None:
        raise JointbuyError("alternatives are named and no bill of materials; state bill_of_materials")
    # Imported on use: a purchase may offer actions alone.
    from jointbuy.formats.alternatives import read_alternatives

    notes: list[str] = []
    folder = path if path.is_dir() else path.parent
    found, digests = read_alternatives(folder, purchase, law.places(), bom, notes)
    return replace(
        job, alternatives=found, offers=offered(bom, purchase, found, on), digests=digests, notes=tuple(notes)
    )


def _own_rows(job: Job) -> tuple[Asked, ...]:
    """The user's own limits, on every end product, as the first act counts components."""
    wanted, bom = job.wanted, job.read.bom
    limits = [(name, limit, True) for name, limit in wanted.most_from]
    limits += [(name, limit, False) for name, limit in wanted.least_from]
    if not limits:
        return ()
    if bom is None:
        raise JointbuyError("shares of countries need a bill of materials, and the purchase names none")
    sight = job.sight(job.read, job.acts[0])
    method = sight.view.reading("components")
    collection = "traced_products" if method == "traced" else "end_products"
    products = sight.content().traced if method == "traced" else sight.content().products
    found = []
    for name, limit, at_most in limits:
        country = country_of(name)
        told = f"from {law.places().titles[country]}"
        for place, product in enumerate(products):
            demand = Demand(
                "share", told, "", "", collection, place, product.product, law.places().titles[country],
                frozenset({country}), at_most=at_most, limit=limit,
            )  # fmt: skip
            found.append(Asked(0, demand))
    return tuple(found)


def _kept(job: Job, own: Sequence[Asked]) -> bool:
    """Whether the purchase as it is keeps the user's own limits."""
    if not own:
        return True
    sourcing = Sourcing([job.sight(job.read, job.acts[0])], Offered((), (), ()), own, None)
    return all(sourcing.weights(row)[0] <= 0 for row in own)


def _tried(
    job: Job, path: Path, actions: Sequence[Action], own: Sequence[Asked], until: float | None
) -> Iterator[Tried]:
    """Every set of actions, cheapest first; what cannot lead to a cheaper answer, or is too late, is not solved."""
    acted = _acting(path, job.read.purchase) if job.read.purchase.actions else None
    least = job.offers.least
    best: tuple[int, int] | None = None
    for place, chosen in enumerate(_sets(actions)):
        cost, unpriced = _cost(chosen), sum(action.cost is None for action in chosen)
        if best is not None and (unpriced, cost + least) >= best:
            yield Tried(chosen, cost, unpriced, None, pruned="dearer")
            continue
        if job.wanted.changes is not None and len(chosen) > job.wanted.changes:
            yield Tried(chosen, cost, unpriced, None, pruned="changes")
            continue
        if place and job.wanted.late(until):
            yield Tried(chosen, cost, unpriced, None, pruned="time")
            continue
        try:
            purchase = acted(chosen) if chosen and acted else job.read.purchase
            found = _one(job, purchase, chosen, cost, unpriced, own, until)
        except Unusable as error:  # each alone can be read; these do not go together
            yield Tried(chosen, cost, unpriced, None, apart=str(error.problems[0]))
            continue
        if found.best is not None:
            best = min(filter(None, (best, (unpriced, cost + (found.best.cost or 0)))))
        yield found


def _sets(actions: Sequence[Action]) -> list[tuple[Action, ...]]:
    """Every set of actions: those without an unknown cost first, then the cheapest, then the smallest."""
    found = [chosen for size in range(len(actions) + 1) for chosen in combinations(actions, size)]
    return sorted(found, key=lambda one: (sum(each.cost is None for each in one), _cost(one), len(one)))


def _cost(actions: Sequence[Action]) -> int:
    return sum(action.cost.minor for action in actions if action.cost)


def _acting(path: Path, purchase: Purchase) -> Callable[[Sequence[Action]], Purchase]:
    # Imported on use: most purchases state no action.
    from jointbuy.formats import purchase_file
    from jointbuy.formats.acting import acting

    return acting(purchase_file(path), purchase, law.places())


def _one(
    job: Job,
    purchase: Purchase,
    chosen: tuple[Action, ...],
    cost: int,
    unpriced: int,
    own: Sequence[Asked],
    until: float | None,
) -> Tried:
    """One set of actions: what stands in the way of sourcing, or how each way ended."""
    read = replace(job.read, purchase=purchase)
    sights = [job.sight(read, act) for act in job.acts]
    sourcing = Sourcing(sights, job.offers, own, job.wanted.changes, lambda: job.wanted.late(until))
    failing = tuple((at, failing) for at in range(len(sights)) if (failing := sourcing.demanded(at).failing))
    if failing:
        return Tried(chosen, cost, unpriced, sourcing, failing=failing)
    answers = tuple(sourcing.solved(way, len(chosen), _solver(job, cost), until) for way in sourcing.ways)
    return Tried(chosen, cost, unpriced, sourcing, answers)


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
