"""What is to be chosen, in whole numbers: one option for each part, at least cost, while every row holds.

A multiple-choice knapsack with one or several rows (Kellerer, Pferschy, Pisinger: Knapsack Problems, 2004, chapters 9
and 11). A limit on a share is a row without division (§3): `20 * outside - 7 * cost <= 0` gives an option the weight
`20 * outside - 7 * cost` of what it costs and where that comes from, at its worst completion (§4). A least share has
the signs turned; "at most k changes" is a row whose weights are one for every option but the first of its part. Parts
that must change together are one part here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Problem:
    """Options of all parts, at least one, one after another; whole numbers, int64.

    `solve.cheapest` refuses what might leave int64 when it is added up.

    Attributes:
        starts: of shape (parts + 1,): the options of part p are `starts[p]` to `starts[p + 1]`, the first is
            "as it is".
        costs: of shape (options,), minor units that an option costs more than the first of its part; may be negative.
        weights: of shape (rows, options), in the unit of the row.
        limits: of shape (rows,): the weights chosen may add up to this at most.
        names: of the rows, for results and messages.
        mixed: of so many parts, the last, which have two options without cost, any mixture may be taken: they are
            amounts that hang on the others, none of one and all of the other.
    """

    starts: Ints
    costs: Ints
    weights: Ints
    limits: Ints
    names: tuple[str, ...]
    mixed: int = 0

    @property
    def whole(self) -> int:
        """How many parts take one option."""
        return len(self.starts) - 1 - self.mixed


Settled: TypeAlias = "tuple[Ints, tuple[Fraction, ...]]"
"""A choice for the parts that take one option, and of each mixed part the share of its second option."""
Settle: TypeAlias = "Callable[[Ints], Settled]"
"""What follows from the options of the parts that have a choice: tests among the others, and amounts."""

Price = tuple[int, int]
"""Cost per unit of weight: numerator and denominator."""


@dataclass(frozen=True, slots=True)
class Count:
    """A row that follows from the others, because options are whole: `numbers` chosen add up to so much at most.

    With prices of the rows, a mixture of options reaches at most the sum, over the parts, of the largest number less
    priced weights, and of the priced limits. A choice reaches no more than that rounded down.

    Attributes:
        numbers: of shape (options,), int64.
        prices: of each row, as (numerator, denominator), none below zero.
    """

    numbers: Ints
    prices: tuple[Price, ...]


class Status(Enum):
    """How a solution ended."""

    OPTIMAL = "optimal"
    WITHIN_GAP = "within the gap asked for"
    STOPPED = "stopped at a limit of time"
    INFEASIBLE = "no choice meets every row"


@dataclass(frozen=True, slots=True)
class Solution:
    """What was chosen and what proves it.

    Attributes:
        status: how it ended; `STOPPED` may be without a choice.
        chosen: of shape (parts - mixed,): for each of them the place of its option among all; None without a choice.
        cost: minor units, recomputed in whole numbers from `chosen`; None without a choice.
        bound: minor units: no choice that meets every row costs less; None where there is no choice at all.
        multipliers: of each row, cost per unit of weight, as (numerator, denominator): the Lagrangian bound they give
            is recomputed without a solver by whoever doubts it. Where nothing meets every row: weights of the rows by
            which their sum is beyond its limit, whatever is chosen.
        proof: where these alone do not prove the bound, choices are divided: a tree, each node before those below it.
            An option stands for two nodes, first the choices that have it, then those that do not; multipliers end a
            branch. Without any, what they do not prove was enumerated (one row); `proof.recheck` repeats either.
        shares: of each mixed part, how much of its second option, as (numerator, denominator).
        counts: rows that follow from those of the problem; their multipliers come after those of the problem's.
    """

    status: Status
    chosen: Ints | None
    cost: int | None
    bound: int | None
    multipliers: tuple[Price, ...]
    proof: tuple[int | tuple[Price, ...], ...] = ()
    shares: tuple[Price, ...] = ()
    counts: tuple[Count, ...] = ()
