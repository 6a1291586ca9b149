"""A solution added up again, and its bound proven again, by plain arithmetic and without any solver.

Nothing here is shared with the code that found it. Prices on the weights prove a bound by themselves: every part takes
the option of least cost and priced weight. Where a solution divides its choices, every division is proven so; where it
has one row and divides nothing, what its price leaves open is enumerated, if that is not too much.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jointbuy.fix.problem import Count, Price, Problem, Solution, Status

if TYPE_CHECKING:
    from jointbuy.fix.problem import Ints

STATES = 1_000_000
"""Partial choices that are enumerated at most."""


@dataclass(frozen=True, slots=True)
class Recheck:
    """What became of the doubts.

    Attributes:
        faults: what does not hold, in words; none where all does.
        relaxed: minor units: what the multipliers prove alone; None where they prove that nothing meets the rows.
        proven: whether all of the bound, or that nothing meets the rows, was proven again. If not, and without a fault,
            only the rest, from `relaxed` to the bound, rests on the solver.
    """

    faults: tuple[str, ...]
    relaxed: int | None
    proven: bool


def recheck(problem: Problem, solution: Solution) -> Recheck:
    """Cost, rows and bound of a solution, computed again."""
    faults, given = tuple(_faults(problem, solution)), len(problem.limits)
    if solution.counts:
        if problem.mixed or not all(_proves(each.prices, given) for each in solution.counts):
            return Recheck((*faults, "a count does not follow from the rows"), None, False)
        problem = _counted(problem, solution.counts)
    if not _proves(solution.multipliers, len(problem.limits)):
        return Recheck((*faults, "there is not one multiplier, none below zero, for each row"), None, False)
    every = np.ones(len(problem.costs), dtype=bool)
    if problem.mixed:
        return _mixed(problem, solution, faults)
    if solution.bound is None:
        none = _divided(problem, solution, every) if solution.proof else _none(problem, solution.multipliers, every)
        return Recheck(faults if none else (*faults, "some choice may meet every row"), None, none)
    least, scale, values = _least(problem, solution.multipliers, every)
    relaxed = -(-least // scale)
    if relaxed >= solution.bound:
        return Recheck(faults, relaxed, True)
    # Options that are so far beyond are in no choice that costs less than the bound.
    gap = (solution.bound - 1) * scale - least + 1
    beyond = values - np.repeat(np.minimum.reduceat(values, problem.starts[:-1]), np.diff(problem.starts))
    allowed = np.asarray(beyond < gap, dtype=bool)
    if solution.proof:
        wrong: bool | None = not _divided(problem, solution, allowed)
    else:
        priced = [row for row, (top, _) in enumerate(solution.multipliers[:given]) if top]
        wrong = _cheaper(problem, given, priced, allowed, beyond, gap, solution.bound)
    return Recheck((*faults, "a choice may cost less than the bound") if wrong else faults, relaxed, wrong is False)


def _proves(prices: tuple[Price, ...], rows: int) -> bool:
    return len(prices) == rows and all(top >= 0 and below >= 1 for top, below in prices)


def _counted(problem: Problem, counts: tuple[Count, ...]) -> Problem:
    """The problem with the rows that follow because options are whole: each proven by prices, and rounded down."""
    every, most = np.ones(len(problem.costs), dtype=bool), []
    for each in counts:
        least, scale, _ = _least(replace(problem, costs=-each.numbers), each.prices, every)
        most.append(-least // scale)
    return replace(
        problem,
        weights=np.vstack([problem.weights, *(each.numbers for each in counts)]),
        limits=np.r_[problem.limits, np.array(most, dtype=np.int64)],
        names=(*problem.names, *("count" for _ in counts)),
    )


def _faults(problem: Problem, solution: Solution) -> Iterator[str]:
    """What is wrong with a choice, its cost and what is said of it."""
    chosen, cost, bound = solution.chosen, solution.cost, solution.bound
    if chosen is None:
        if cost is not None or solution.status in (Status.OPTIMAL, Status.WITHIN_GAP):
            yield "there is no choice, yet a cost or a status that needs one"
        return
    places, starts = [int(each) for each in chosen], [int(each) for each in problem.starts[: problem.whole + 1]]
    if len(places) != len(starts) - 1 or any(
        not low <= place < high for place, low, high in zip(places, starts, starts[1:], strict=False)
    ):
        yield "a part is without an option of its own"
        return
    found = sum(int(problem.costs[place]) for place in places)
    if cost != found:
        yield f"the choice costs {found}, not {cost}"
    seconds, shares = problem.starts[problem.whole : -1] + 1, [Fraction(*each) for each in solution.shares]
    if len(shares) != problem.mixed or any(not 0 <= share <= 1 for share in shares):
        yield "an amount is without a share between none and all of it"
        return
    for name, row, limit in zip(problem.names, problem.weights, problem.limits, strict=True):
        amounts = row[seconds]
        weight = Fraction(sum(int(row[place]) for place in places))
        weight += sum((shares[at] * int(amounts[at]) for at in np.flatnonzero(amounts)), Fraction(0))
        if weight > int(limit):
            yield f"{name}: {weight} is beyond the limit of {limit}"
    if bound is None or solution.status is Status.INFEASIBLE:
        yield "a choice is given where none is said to be"
    elif bound > found:
        yield f"the bound {bound} is beyond the cost {found}"
    elif solution.status is Status.OPTIMAL and bound < found:
        yield f"the choice is called the cheapest, and the bound {bound} is below its cost {found}"


def _mixed(problem: Problem, solution: Solution, faults: tuple[str, ...]) -> Recheck:
    """As `recheck`, where some parts may be mixed: prices bound any mixture, and only the others may be divided."""
    least, waiting = list[int](), [np.ones(len(problem.costs), dtype=bool)]
    whole = int(problem.starts[problem.whole])
    for node in solution.proof or (solution.multipliers,):
        if not waiting or (isinstance(node, int) and not 0 <= node < whole):
            return Recheck((*faults, "the proof does not cover every choice"), None, False)
        mine = waiting.pop()
        if isinstance(node, int):
            waiting += _halves(problem, mine, node)
        elif np.logical_or.reduceat(mine, problem.starts[:-1]).all() and not _none(problem, node, mine):
            low, scale, _ = _least(problem, node, mine)
            least.append(-(-low // scale))
    if waiting:
        return Recheck((*faults, "the proof does not cover every choice"), None, False)
    bound = min(least, default=None)
    return Recheck(faults, bound, bound is None or (solution.bound is not None and bound >= solution.bound))


def _halves(problem: Problem, allowed: NDArray[np.bool_], option: int) -> list[NDArray[np.bool_]]:
    """Of the options allowed those without an option, and those with it alone of its part."""
    having, without = allowed.copy(), allowed.copy()
    part = int(np.searchsorted(problem.starts, option, side="right")) - 1
    having[problem.starts[part] : problem.starts[part + 1]] = False
    having[option], without[option] = allowed[option], False
    return [without, having]


def _least(problem: Problem, prices: tuple[Price, ...], allowed: NDArray[np.bool_]) -> tuple[int, int, NDArray[Any]]:
    """What the parts cost at least, weights priced, among the options allowed, less what the limits are worth.

    In `1 / scale` of a minor unit, with scale, and with what each option is at.
    """
    scale = lcm(*(below for _, below in prices))
    tops = [top * (scale // below) for top, below in prices]
    reach = scale * _most(problem.costs) + sum(top * _most(row) for top, row in zip(tops, problem.weights, strict=True))
    kind: Any = np.int64 if reach < 2**60 else object
    values: NDArray[Any] = problem.costs.astype(kind) * scale
    for top, row in zip(tops, problem.weights, strict=True):
        values = values + row.astype(kind) * top
    least = np.minimum.reduceat(np.where(allowed, values, 2 * reach + 1), problem.starts[:-1])
    worth = sum(top * int(limit) for top, limit in zip(tops, problem.limits, strict=True))
    return sum(least.tolist()) - worth, scale, values


def _most(values: Ints) -> int:
    return max(1, int(values.max()), -int(values.min()))


def _none(problem: Problem, prices: tuple[Price, ...], allowed: NDArray[np.bool_]) -> bool:
    """Whether the rows, weighted and summed, are beyond their limit whatever is chosen of the options allowed."""
    free = Problem(problem.starts, np.zeros_like(problem.costs), problem.weights, problem.limits, problem.names)
    return _least(free, prices, allowed)[0] > 0


def _part(problem: Problem, allowed: NDArray[np.bool_]) -> tuple[Problem, dict[int, int], int]:
    """The parts with several of the options allowed; where these went; what the others cost, with their only option."""
    counts = np.add.reduceat(allowed, problem.starts[:-1], dtype=np.int64)
    several = np.repeat(counts > 1, np.diff(problem.starts))
    only, places = np.flatnonzero(allowed & ~several), np.flatnonzero(allowed & several)
    limits = [int(limit) - sum(row[only].tolist()) for row, limit in zip(problem.weights, problem.limits, strict=True)]
    starts = np.r_[0, np.cumsum(counts[counts > 1])]
    part = Problem(starts, problem.costs[places], problem.weights[:, places], np.array(limits), problem.names)
    return part, {place: at for at, place in enumerate(places.tolist())}, sum(problem.costs[only].tolist())


def _divided(problem: Problem, solution: Solution, allowed: NDArray[np.bool_]) -> bool:
    """Whether the tree covers all choices of the options allowed, and each branch ends with what proves the bound."""
    part, places, held = _part(problem, allowed)
    if not places:  # a single choice
        return bool(np.any(part.limits < 0)) or (solution.bound is not None and held >= solution.bound)
    bound = None if solution.bound is None else solution.bound - held
    waiting = [np.ones(len(places), dtype=bool)]
    for node in solution.proof:
        if not waiting:
            return False
        mine = waiting.pop()
        if isinstance(node, int):
            if node in places:
                waiting += _halves(part, mine, places[node])
            else:  # its part has one option left: this one, or the other half is all of the choices
                none = np.zeros_like(mine)
                waiting += [none, mine] if 0 <= node < len(allowed) and allowed[node] else [mine, none]
        elif any(top < 0 or below < 1 for top, below in node) or not _ends(part, node, mine, bound):
            return False
    return not waiting


def _ends(problem: Problem, prices: tuple[Price, ...], allowed: NDArray[np.bool_], bound: int | None) -> bool:
    """Whether prices prove that no choice of the options allowed meets the rows and costs less than the bound."""
    if not np.logical_or.reduceat(allowed, problem.starts[:-1]).all():
        return True
    if bound is not None:
        least, scale, _ = _least(problem, prices, allowed)
        if -(-least // scale) >= bound:
            return True
    return _none(problem, prices, allowed)


def _cheaper(
    problem: Problem,
    given: int,
    priced: list[int],
    allowed: NDArray[np.bool_],
    beyond: NDArray[Any],
    gap: int,
    bound: int,
) -> bool | None:
    """Whether a choice of the options allowed costs less than the bound; None where enumeration does not tell.

    `beyond` is by how much an option is beyond the one its part takes; from `gap` on, together, a choice is no cheaper.
    Only the row that is priced is looked at, or the first that some choice breaks: a choice that breaks another of
    those given is no counterexample, and the rows after these follow from them.
    """
    most = [sum(np.maximum.reduceat(row, problem.starts[:-1]).tolist()) for row in problem.weights[:given]]
    others = [row for row in range(given) if most[row] > int(problem.limits[row]) and row not in priced]
    if len(priced) > 1:
        return None
    rows = priced or others[:1]
    part, places, held = _part(problem, allowed)
    weights = part.weights[rows[0]] if rows else np.zeros(len(places), dtype=np.int64)
    limit = int(part.limits[rows[0]]) if rows else 0
    beyond = beyond[list(places)]
    starts = part.starts.tolist()
    light = sum(np.minimum.reduceat(weights, part.starts[:-1]).tolist()) if places else 0
    weight, cost, paid = np.zeros(1, np.int64), np.zeros(1, np.int64), beyond[:1] * 0
    for low, high in pairwise(starts):
        light -= int(weights[low:high].min())
        weight, cost, paid = (
            (had[:, None] + more[low:high]).ravel()
            for had, more in ((weight, weights), (cost, part.costs), (paid, beyond))
        )
        kept = np.flatnonzero((paid < gap) & (weight + light <= limit))
        kept = kept[np.argsort(weight[kept], kind="stable")]
        if kept.size:
            least = np.minimum.accumulate(cost[kept])
            kept = kept[np.r_[True, cost[kept][1:] < least[:-1]]]
        if kept.size > STATES:
            return None
        weight, cost, paid = weight[kept], cost[kept], paid[kept]
    found = bool(np.any((weight <= limit) & (cost + held < bound)))
    return None if others and found else found
