"""What a share costs: the least cost at which it is kept, for one limit after another, and the next best choices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from time import monotonic

from jointbuy import law
from jointbuy.decide.demands import parts_of, product_of
from jointbuy.exact import share_range
from jointbuy.fix.amounts import TimeIsUp
from jointbuy.fix.problem import Solution, Status
from jointbuy.flow.sourcing import Answer, Asked, Sourcing, lightest
from jointbuy.remedy import Alternative, Frontier, Point

_POINTS = 10
"""Limits at which a frontier is worked out, beside that of the law."""


def asked(sourcing: Sourcing, answer: Answer) -> bool:
    """Whether there is a share to draw costs against; by absorption each point would be an integer program."""
    shares = any(row.demand.kind == "share" for row in answer.rows)
    return bool(sourcing.offers.groups) and shares and not any(row.absorbed for row in answer.rows)


def frontiers(
    sourcing: Sourcing, answer: Answer, spent: int, cost: int, solve: Callable[..., Solution], until: float | None
) -> Iterator[Frontier]:
    """Cost against the share that binds, and against dependence on the country outside that most comes from.

    `cost` is that of the `spent` actions, which every point has. The second keeps every limit, the first all others.
    """
    if not asked(sourcing, answer):
        return
    shares = [row for row in answer.rows if row.demand.kind == "share"]
    kept = {at: place for place, at in enumerate(answer.built.rows)}
    prices = {row: answer.solution.multipliers[kept[at]][0] if at in kept else 0 for at, row in enumerate(answer.rows)}
    first = max(shares, key=lambda row: bool(prices[row]))
    others = [row for row in answer.rows if row is not first]
    found = _frontier(sourcing, first, others, first.demand.limit, (spent, cost, solve, until))
    if found:
        yield found
    country = _most(sourcing, first)
    if country and not (first.demand.members == frozenset({country}) and not first.demand.others):
        title = law.places().titles[country]
        demand = replace(
            first.demand, title=f"from {title}", provision="", rule="", group=title, members=frozenset({country}),
            others=False, at_most=True, strictly=False, counts=None,
        )  # fmt: skip
        own = next(
            (row for row in shares if row.demand.members == demand.members and row.demand.at_most), Asked(0, demand)
        )
        kept_rows = [row for row in answer.rows if row is not own]
        limit = own.demand.limit if own in shares else None
        found = _frontier(
            sourcing, replace(own, demand=demand, sight=first.sight), kept_rows, limit, (spent, cost, solve, until)
        )
        if found:
            yield found


def _frontier(
    sourcing: Sourcing,
    row: Asked,
    others: Sequence[Asked],
    limit: Fraction | None,
    how: tuple[int, int, Callable[..., Solution], float | None],
) -> Frontier | None:
    """Points from the share as it is, or the limit where that is looser, to the best that the offers reach.

    Nothing where they move nothing.
    """
    spent, cost, solve, until = how
    try:
        ends = _ends(sourcing, row, spent)
    except TimeIsUp:
        return None
    if ends is None:
        return None
    now, best = ends
    looser = max if row.demand.at_most else min
    worst = now if limit is None else looser(now, limit)
    if worst == best:
        return None
    limits = {worst + (best - worst) * Fraction(at, _POINTS) for at in range(_POINTS + 1)}
    if limit is not None and min(worst, best) < limit < max(worst, best):
        limits.add(limit)
    rows = {one: replace(row, demand=replace(row.demand, limit=one, strictly=False)) for one in sorted(limits)}
    try:
        sourcing.measure(rows.values())
    except TimeIsUp:
        return None
    points = []
    for share, one in rows.items():
        if until is not None and monotonic() > until:
            break
        problem = sourcing.problem([one, *others], spent).problem
        found = solve(problem, seconds=None if until is None else max(0.05, until - monotonic()))
        if found.chosen is None or found.cost is None:
            continue
        changes = sum(len(sourcing.options[at].alternatives) for at in found.chosen.tolist())
        points.append(Point(share, cost + found.cost, changes + spent, found.status is Status.OPTIMAL))
    return Frontier(row.name, limit, row.demand.at_most, tuple(points)) if len(points) > 1 else None


def _ends(sourcing: Sourcing, row: Asked, spent: int) -> tuple[Fraction, Fraction] | None:
    """The share at its worst as the purchase is, and the best that any choice reaches; None without a share."""
    demand = row.demand

    def at(chosen: Sequence[Alternative] = ()) -> Fraction | None:
        found = share_range(parts_of(demand, sourcing.content(row.sight, chosen)))
        return None if found is None else found.high if demand.at_most else found.low

    now = at()
    if now is None:
        return None
    best = now
    for _ in range(8):  # the share is a ratio: the weights are those of the limit reached before (Dinkelbach 1967)
        here = replace(row, demand=replace(demand, limit=best, strictly=False))
        _, weights = sourcing.weights(here)
        most = None if sourcing.most is None else sourcing.most - spent
        chosen = lightest(sourcing.offers.groups, weights, most)
        reached = at([each for option in chosen for each in option.alternatives])
        if reached is None or reached == best:
            break
        best = reached
    return now, best


def _most(sourcing: Sourcing, row: Asked) -> str | None:
    """The country not inside that most of the product is declared to come from, as it is."""
    sight = sourcing.sights[row.sight]
    inside = sight.view.group(sight.act.perimeter).members
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for origin, amount in product_of(row.demand, sourcing.content(row.sight)).composition.items():
        for place, share in origin:
            if isinstance(place, str) and place and place not in inside:
                sums[place] += amount.high * share
    return max(sorted(sums), key=sums.__getitem__, default=None)
