"""What a fix comes to: the choice as changes with their costs, the limits it keeps, or how near the offers come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from time import monotonic
from typing import TYPE_CHECKING

from jointbuy import formats
from jointbuy.change import resourced
from jointbuy.decide.demands import Demand, excess, parts_of, product_of
from jointbuy.exact import divided, share_range
from jointbuy.fix.amounts import TimeIsUp
from jointbuy.fix.problem import Solution, Status
from jointbuy.flow.certified import certificate
from jointbuy.flow.frontiers import asked, frontiers
from jointbuy.flow.offers import Prices
from jointbuy.flow.sourcing import Answer, Asked, Sourcing, lightest
from jointbuy.model import Action
from jointbuy.money import margin_minor
from jointbuy.remedy import Alternative, Change, Fix, Limit, Nearest, Runner, Standing, Taken, TooLate
from jointbuy.result import Case, Content

if TYPE_CHECKING:
    from jointbuy.flow.fix import Job, Tried

_RUNNERS, _CLOSE = 2, Fraction(5, 100)
"""How many of the next choices are told, and by how much of the cost they may be dearer."""
_BY_SOLVER = "by absorption the bound may rest on the solver: jointbuy verify says how much of it is proven without"
_NOT_DRAWN = (
    "cost against share {how}: the search for the answer was stopped or took the time. More of it with --seconds; "
    "with --gap 1, for example, that search ends sooner"
)
_REMEDIES = 3
"""Ways of a rule to turn a finding that are told."""


def nothing_to_do(job: Job) -> Fix:
    """The answer for a purchase that passes as it is, and that offers nothing to choose."""
    currency = job.read.purchase.contract.currency
    return Fix(job.before, job.before, currency, "nothing has to change", 0, 0, 0, passed=True, bare=_bare(job))


def _bare(job: Job) -> str:
    """Why no part can come from elsewhere, where none can."""
    if job.offers.groups:
        return ""
    if job.alternatives:
        return "every other source that is offered comes too late"
    return "no other sources are named, by alternatives: in the purchase file"


def of(job: Job, tried: Sequence[Tried], solve: Callable[..., Solution], until: float | None) -> Fix:
    """The cheapest of all that was tried, or why nothing passes."""
    apart = [TooLate(" with ".join(one.id for one in each.actions), each.apart, None) for each in tried if each.apart]
    before, every, tried = job.before, tried, [each for each in tried if not each.apart and not each.pruned]
    left = [each for each in every if each.pruned == "time"]
    currency = job.read.purchase.contract.currency
    refused = tuple(dict.fromkeys(why for each in tried for answer in each.answers for why in answer.refused))
    passing = [each for each in tried if each.best is not None]
    if not passing:
        ways = [each for each in tried if each.answers]
        short = any(answer.solution.status is Status.STOPPED for each in tried for answer in each.answers)
        short = short or bool(left)
        status = Status.STOPPED if short else Status.INFEASIBLE
        standing = () if ways else tuple(_standing(job, tried))
        nearest = tuple(_nearest(ways[0])) if ways else ()
        found = Fix(before, (), currency, status.value, None, None, None, standing=standing, nearest=nearest)
        found = replace(found, most_changes=job.wanted.changes)
    else:
        won = min(passing, key=lambda each: (each.unpriced, each.cost + _cost(each.best)))
        found = _passing(job, (*tried, *left), won, solve, until)
        short = (found.gap or 0) > job.wanted.gap
        found = replace(found, status=Status.STOPPED.value) if short else found
    notes = (
        *job.notes,
        *found.notes,
        *(
            [_BY_SOLVER]
            if any(row.absorbed for each in tried for answer in each.answers for row in answer.rows)
            else []
        ),
    )
    found = replace(found, too_late=(*job.offers.too_late, *apart), refused=refused, notes=notes, stopped=short)
    found = replace(found, passed=job.passes, bare=_bare(job))
    return replace(found, certificate=certificate(job, found, every))


def _cost(answer: Answer | None) -> int:
    return (answer.cost or 0) if answer else 0


def _passing(
    job: Job,
    tried: Sequence[Tried],
    won: Tried,
    solve: Callable[..., Solution],
    until: float | None,
) -> Fix:
    answer, sourcing = won.best, won.sourcing
    assert answer is not None and sourcing is not None  # noqa: S101, PT018 - it passes
    first = sourcing.sights[0].read
    read = replace(first, bom=resourced(first.bom, answer.alternatives)) if first.bom is not None else first
    after = tuple(job.case(read, act) for act in job.acts)
    changes = changes_of(first, answer.alternatives)
    bounds = [
        each.cost + found.bound
        for each in tried
        if each.unpriced == won.unpriced
        for found in each.answers
        if found.bound is not None
    ]
    bounds += [each.cost + job.offers.least for each in tried if each.pruned and each.unpriced == won.unpriced]
    cost = won.cost + _cost(answer)
    stopped = job.wanted.late(until)
    drawn = () if stopped else tuple(frontiers(sourcing, answer, len(won.actions), won.cost, solve, until))
    cut, how = stopped or job.wanted.late(until), "is drawn as far as time went" if drawn else "is not drawn"
    return Fix(
        job.before,
        after,
        job.read.purchase.contract.currency,
        answer.solution.status.value,
        cost,
        won.cost + sum(option.cost_low for option in answer.chosen),
        min(cost, *bounds),
        changes,
        tuple(_taken(won.actions, job.before, after)),
        unpriced=bool(won.unpriced),
        limits=tuple(_limits(job, sourcing, answer, after)),
        frontiers=drawn,
        runners_up=tuple(_runners_up(won, tried, () if stopped else tuple(_next(won, solve, until)))),
        loosened=tuple(_loosened(answer, changes)),
        notes=(_NOT_DRAWN.format(how=how),) if cut and asked(sourcing, answer) else (),
    )


def _runners_up(won: Tried, tried: Sequence[Tried], after: Iterable[Answer]) -> Iterator[Runner]:
    """The next choices, where they are nearly as cheap; none that is a cheaper one with more changes.

    `after` are those with the answer's own actions; of every other set of actions that was solved, its cheapest.
    """
    assert won.best is not None  # noqa: S101 - it passes
    cost, cheaper = won.cost + _cost(won.best), [_made_of(won, won.best)]
    ranked = [(won.cost + _cost(one), won, one) for one in after]
    for each in tried:
        if each is not won and each.best is not None and each.unpriced == won.unpriced:
            ranked.append((each.cost + _cost(each.best), each, each.best))
    for total, each, one in sorted(ranked, key=lambda place: place[0]):
        if len(cheaper) > _RUNNERS or total - cost > _CLOSE * abs(cost):
            return
        taken, bought = _made_of(each, one)
        if not any(does <= taken and buys <= bought for does, buys in cheaper):
            cheaper.append((taken, bought))
            assert each.sourcing is not None  # noqa: S101 - it was solved
            yield Runner(total, changes_of(each.sourcing.sights[0].read, one.alternatives), each.actions)


def _made_of(tried: Tried, answer: Answer) -> tuple[frozenset[str], frozenset[Alternative]]:
    return frozenset(each.id for each in tried.actions), frozenset(answer.alternatives)


def _next(won: Tried, solve: Callable[..., Solution], until: float | None) -> Iterator[Answer]:
    """The next choices with the same actions, the cheapest first."""
    answer, sourcing = won.best, won.sourcing
    assert answer is not None and sourcing is not None  # noqa: S101, PT018 - it passes
    found = [answer]
    while len(found) <= _RUNNERS and found[-1].alternatives and (until is None or monotonic() < until):
        after = [sourcing.solved(way, len(won.actions), solve, until, found) for way in sourcing.ways]
        next_ = min((each for each in after if each.cost is not None), key=_cost, default=None)
        cost = won.cost + _cost(answer)
        if next_ is None or won.cost + _cost(next_) - cost > _CLOSE * abs(cost):
            return
        yield next_
        found.append(next_)


def changes_of(read: formats.Read, alternatives: Sequence[Alternative]) -> tuple[Change, ...]:
    """Alternatives as changes, each with its cost."""
    if not alternatives or read.bom is None:
        return ()
    prices = Prices(read.bom, read.purchase)
    return tuple(map(prices.change, alternatives))


def _taken(actions: Iterable[Action], before: Sequence[Case], after: Sequence[Case]) -> Iterator[Taken]:
    """The actions with the provisions that they help to meet."""
    turned: list[str] = []
    for old, new in zip(before, after, strict=True):
        stood = {each.condition for each in old.verdict.findings if each.status in {"not met", "unknown"}}
        turned += [
            each.provision
            for each in new.verdict.findings
            if each.condition in stood and each.status in {"met", "for judgement"} and not _of_sources(each.unit)
        ]
    for action in actions:
        yield Taken(action, action.cost.minor if action.cost else None, tuple(dict.fromkeys(turned)))


def _of_sources(unit: str) -> bool:
    return unit == "share"


def _limits(job: Job, sourcing: Sourcing, answer: Answer, cases: Sequence[Case]) -> Iterator[Limit]:
    """Every share row of the way that was taken, before and after (in `cases`), with the price of a point."""
    kept = {at: place for place, at in enumerate(answer.built.rows)}
    for at, row in enumerate(answer.rows):
        if row.demand.kind != "share":
            continue
        before, after = sourcing.content(row.sight), cases[row.sight].content
        unit = Fraction(0)
        if at in kept:
            numerator, denominator = answer.solution.multipliers[kept[at]]
            unit = Fraction(numerator, denominator) * answer.built.scales[kept[at]]
        yield _limit(job, sourcing, row, before, after, unit)


def _limit(
    job: Job, sourcing: Sourcing, row: Asked, before: Content | None, after: Content | None, unit: Fraction
) -> Limit:
    demand = row.demand
    assert before is not None and after is not None  # noqa: S101, PT018 - a share has a content
    left = -excess(demand, sourcing.sights[row.sight].read.purchase)(after) / demand.limit.denominator
    whole = parts_of(demand, after).total.high
    return Limit(
        row.name,
        job.acts[row.sight] if demand.rule else "",
        demand.provision,
        product_of(demand, after).product,
        demand.at_most,
        demand.limit,
        share_range(parts_of(demand, before)),
        share_range(parts_of(demand, after)),
        unit > 0,
        margin_minor(left, job.read.purchase.contract.currency),
        unit * demand.limit.denominator * whole / 100 if unit else None,
    )


def _loosened(answer: Answer, changes: Sequence[Change]) -> Iterator[Change]:
    """Dearer sources whose origin is no better for any limit that binds: they only make the whole larger."""
    kept = {at: place for place, at in enumerate(answer.built.rows)}
    binding = [
        row.demand
        for at, row in enumerate(answer.rows)
        if row.demand.kind == "share" and at in kept and answer.solution.multipliers[kept[at]][0]
    ]
    for change in changes:
        dearer = change.each.low > change.each_before.high
        if dearer and binding and not any(_better(demand, change) for demand in binding):
            yield change


def _better(demand: Demand, change: Change) -> bool:
    """Whether the share of the part that counts against a limit is smaller after the change."""

    def against(origin: object) -> Fraction:
        inside, outside, open_ = divided(origin, demand.members)  # type: ignore[arg-type]
        counted = (outside if demand.others else inside) if demand.at_most else (inside if demand.others else outside)
        return counted + open_

    return against(change.origin) < against(change.origin_before)


def _standing(job: Job, tried: Sequence[Tried]) -> Iterator[Standing]:
    """The findings that no action offered would turn, by the rule's own words on what would."""
    nearest = min(tried, key=lambda each: sum(len(conditions) for _, conditions in each.failing))
    assert nearest.sourcing is not None  # noqa: S101 - something was tried
    for at, conditions in nearest.failing:
        case = job.case(nearest.sourcing.sights[at].read, job.acts[at])
        for finding in case.verdict.findings:
            if finding.condition not in conditions or finding.status not in {"not met", "unknown"}:
                continue
            ways = finding.turns.ways[:_REMEDIES] if finding.turns else ()
            told = tuple(
                ", and ".join(f"{step.subject}: {step.text}" if step.subject else step.text for step in way.steps)
                for way in ways
            )
            yield Standing(job.acts[at], finding.title, finding.provision, finding.because, told)


def _nearest(tried: Tried) -> Iterator[Nearest]:
    """For each share row how near the offers come to it, were it the only one."""
    sourcing = tried.sourcing
    assert sourcing is not None  # noqa: S101 - it was tried
    for row in dict.fromkeys(row for answer in tried.answers for row in answer.rows):
        if row.demand.kind != "share" or row.absorbed:
            continue
        try:
            base, weights = sourcing.weights(row)
        except TimeIsUp:
            return
        if base <= 0:
            continue
        most = None if sourcing.most is None else sourcing.most - len(tried.actions)
        chosen = lightest(sourcing.offers.groups, weights, most)
        alternatives = [each for option in chosen for each in option.alternatives]
        sight = sourcing.sights[row.sight]
        share = share_range(parts_of(row.demand, sourcing.content(row.sight, alternatives)))
        if share is not None:
            yield Nearest(row.name, share, row.demand.limit, row.demand.at_most, changes_of(sight.read, alternatives))
