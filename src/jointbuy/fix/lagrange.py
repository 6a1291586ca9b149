"""What a price on the weight of each row proves, in whole numbers: no choice that meets the rows costs less.

With multipliers `numerators / denominator`, one for each row and none below zero, every part takes the option of least
`denominator * cost + sum(numerator * weight)`: the sum of those, less what the limits are worth, is a lower bound of
the cost (Lagrangian relaxation; for one row Sinha and Zoltners 1979). What another option has beyond it, its reduced
cost, says by how much any choice with that option is dearer than the bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jointbuy.fix.problem import Count, Problem

if TYPE_CHECKING:
    from jointbuy.fix.problem import Ints

Proof = tuple[int | tuple[Fraction, ...], ...]
"""A tree, each node before those below: an option, where first those choices follow that have it, then those that do
not; or the prices that prove the bound of choices that are divided no further."""

Flags = NDArray[np.bool_]
HALF = 2**62
"""What no sum in int64 may reach: two of them still add up."""


Enough = Callable[[int | None, int], bool]
"""Of the cost of the best choice, None without one, and a bound: whether they are near enough, or time is up."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a solver ends with.

    Attributes:
        chosen: of shape (parts,): the best choice seen, by place among all options.
        bound: minor units: no choice costs less; None where none meets the rows.
        prices: of each row, and then of each count, minor units by unit of weight; where no choice meets the rows,
            the weights of a sum of rows that none meets.
        proof: what divides the choices, where prices alone do not prove the bound.
        shares: of each mixed part, how much of its second option the choice takes.
        counts: rows that follow from the others.
    """

    chosen: Ints | None
    bound: int | None
    prices: tuple[Fraction, ...]
    proof: Proof = ()
    shares: tuple[Fraction, ...] = ()
    counts: tuple[Count, ...] = ()

    def among(self, rows: list[int], count: int) -> Found:
        """What was found with some rows, told of so many: the others are worth nothing."""
        mine = [*rows, *range(count, count + len(self.counts))]

        def spread(prices: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
            known = dict(zip(mine, prices, strict=False))
            return tuple(known.get(row, Fraction(0)) for row in range(count + len(self.counts)))

        def told(made: Count) -> Count:
            known = dict(zip(rows, made.prices, strict=True))
            return Count(made.numbers, tuple(known.get(row, (0, 1)) for row in range(count)))

        return replace(
            self,
            prices=spread(self.prices),
            proof=tuple(each if isinstance(each, int) else spread(each) for each in self.proof),
            counts=tuple(told(each) for each in self.counts),
        )


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What multipliers prove.

    Attributes:
        base: of shape (parts,): the option that each part takes, by its place among all.
        reduced: of shape (options,), int64: by how much an option is beyond it, in `1 / scale` of a minor unit,
            rounded down.
        least: what the parts take less what the limits are worth, in `1 / scale`, rounded down.
        scale: whole, at least one.
    """

    base: Ints
    reduced: Ints
    least: int
    scale: Fraction

    @property
    def bound(self) -> int:
        """Minor units: no choice that meets every row costs less."""
        return self.beyond(0)

    def over(self, cost: int) -> int:
        """Reduced costs from which on a choice costs so much at least."""
        room = (cost - 1) * self.scale - self.least
        return min(HALF, room.numerator // room.denominator + 1)

    def beyond(self, reduced: int) -> int:
        """Minor units: no choice costs less whose options are, together, so much beyond what the parts take."""
        return -(-(self.least + reduced) * self.scale.denominator // self.scale.numerator)


def total(values: NDArray[Any]) -> int:
    """The exact sum, however large."""
    if values.dtype == object:
        return int(sum(values.tolist()))
    return (int((values >> 32).sum()) << 32) + int((values & 0xFFFFFFFF).sum())


def largest(values: Ints) -> int:
    """The largest absolute value, at least one."""
    return max(1, int(values.max(initial=0)), -int(values.min(initial=0)))


def owners(starts: Ints) -> Ints:
    """The part of every option."""
    return np.repeat(np.arange(len(starts) - 1), np.diff(starts))


def first(starts: Ints, by: NDArray[Any], then: NDArray[Any]) -> Ints:
    """For each part the place of the option that is least by one measure, and of several by another."""
    least = np.minimum.reduceat(by, starts[:-1])
    at = np.flatnonzero(by == np.repeat(least, np.diff(starts)))
    if at.size == len(starts) - 1:
        return at
    whose = np.searchsorted(starts, at, side="right") - 1
    order = np.lexsort((then[at], whose))
    at, whose = at[order], whose[order]
    return at[np.r_[True, whose[1:] != whose[:-1]]]


def common(multipliers: tuple[Fraction, ...]) -> tuple[list[int], int]:
    """Their numerators over one denominator."""
    denominator = lcm(*(each.denominator for each in multipliers))
    return [int(each * denominator) for each in multipliers], denominator


def relaxed(problem: Problem, multipliers: tuple[Fraction, ...]) -> Relaxed:
    """What multipliers prove. None of them may be below zero: a ValueError.

    Reduced costs are rounded down to a scale on which all that a choice can have of them stays in int64.
    """
    values, base, least, denominator = _priced(problem, multipliers)
    reduced = values - np.repeat(values[base], np.diff(problem.starts))
    most = [np.maximum.reduceat(each, problem.starts[:-1]) for each in (reduced, problem.costs)]
    coarse = max(0, max(total(most[0]), total(most[1]) * denominator - least).bit_length() - 61)
    if reduced.dtype == object:
        reduced = np.array([each >> coarse for each in reduced.tolist()], dtype=np.int64)
    elif coarse:
        reduced >>= coarse
    return Relaxed(base, reduced, least >> coarse, Fraction(denominator, 2**coarse))


def counted(problem: Problem, counts: tuple[Count, ...]) -> Problem:
    """The problem with a row for each count, whose limit is what the prices of the others prove of it."""
    if not counts:
        return problem
    most = []
    for each in counts:
        prices = tuple(Fraction(*price) for price in each.prices)
        _, _, least, denominator = _priced(replace(problem, costs=-each.numbers), prices)
        most.append(-least // denominator)
    return replace(
        problem,
        weights=np.vstack([problem.weights, *(each.numbers for each in counts)]),
        limits=np.r_[problem.limits, np.array(most, dtype=np.int64)],
        names=(*problem.names, *("count" for _ in counts)),
    )


def bound(problem: Problem, multipliers: tuple[Fraction, ...], barred: Flags) -> int:
    """What multipliers prove, minor units, of choices without the options barred."""
    _, _, least, denominator = _priced(problem, multipliers, barred)
    return -(-least // denominator)


def missed(problem: Problem, multipliers: tuple[Fraction, ...], barred: Flags | None = None) -> bool:
    """Whether no choice without the options barred meets the rows: their sum by these weights is beyond its limit."""
    return _priced(replace(problem, costs=np.zeros_like(problem.costs)), multipliers, barred)[2] > 0


def _priced(
    problem: Problem, multipliers: tuple[Fraction, ...], barred: Flags | None = None
) -> tuple[NDArray[Any], Ints, int, int]:
    """What every option costs with its weights priced; which the parts take; the sum less what the limits are worth.

    All over a denominator, the last. Where products would leave int64, Python's whole numbers take over.
    """
    if any(each < 0 for each in multipliers):
        raise ValueError("a multiplier below zero proves nothing")
    numerators, denominator = common(multipliers)
    reach = denominator * largest(problem.costs)
    reach += sum(each * largest(row) for each, row in zip(numerators, problem.weights, strict=True))
    fits = reach < HALF // 2
    values: NDArray[Any] = (problem.costs if fits else problem.costs.astype(object)) * denominator
    for each, row in zip(numerators, problem.weights, strict=True):
        if each:
            values = values + (row if fits else row.astype(object)) * each
    if barred is not None:
        values[barred] = HALF if fits else 4 * reach
    base = first(problem.starts, values, problem.costs)
    worth = sum(each * int(limit) for each, limit in zip(numerators, problem.limits, strict=True))
    return values, base, total(values[base]) - worth, denominator


def meets(problem: Problem, chosen: Ints, shares: tuple[Fraction, ...] = ()) -> bool:
    """Whether a choice is within every row, with so much of the second option of each mixed part."""
    seconds = problem.starts[problem.whole : -1] + 1
    for row, limit in zip(problem.weights, problem.limits.tolist(), strict=True):
        amounts = row[seconds]
        more = sum((shares[at] * int(amounts[at]) for at in np.flatnonzero(amounts)), Fraction(0))
        if total(row[chosen]) + more > limit:
            return False
    return True


def mixed(count: int, turn: float = 0.6180339887498949) -> Ints:
    """The numbers below `count` in an order in which any few that follow each other are from everywhere."""
    return np.argsort(np.arange(count) * turn % 1, kind="stable")


def fine(problem: Problem, price: Fraction) -> Fraction:
    """A multiplier to a millionth of the price of one row, whose products stay in int64 where that is near enough."""
    spread = [
        total(np.maximum.reduceat(each, problem.starts[:-1])) - total(np.minimum.reduceat(each, problem.starts[:-1]))
        for each in (problem.costs, problem.weights[0])
    ]
    room = HALF // 4 // (spread[0] + int(price * spread[1]) + 1)
    return price.limit_denominator(max(room, 2**20, int(2**20 / price) if price else 0))
