"""A bound better than that of the linear relaxation, capability by capability (Lagrangian relaxation).

Capabilities are tied to each other only by money and a few limits. Let y be multipliers of the rows that tie them
(the duals of the relaxation), at least 0 on rows `>=` and at most 0 on rows `<=`. For every y

    sum of y b  +  sum over blocks of min (c - y A) x  <=  cost of every plan

where x in each block keeps its own rows and is whole, so that the sum is at least the bound of the relaxation. Each
block is a small program of its own; what the solver proved of it counts, whether or not it came to an end.
Geoffrion: Lagrangean relaxation for integer programming, 1974.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from jointbuy.plan.columns import Bits, Columns, Floats, Ints
from jointbuy.plan.rows import Arrays, Model, spans
from jointbuy.plan.solve import FOUND, Program, Stop

_GAP, _SAFE = 1e-4, 1e-9
"""To which gap a block is solved; the part of a bound that is given away to the rounding of floats."""


@dataclass(frozen=True, slots=True)
class Block:
    """The part of one capability: its columns as places in the whole, and its program without what ties it."""

    columns: Ints
    arrays: Arrays


@dataclass(frozen=True, slots=True)
class Split:
    """All blocks; `rest` is what multipliers and columns of no block add to the bound."""

    blocks: tuple[Block, ...]
    rest: float

    def costs(self, values: Floats) -> Floats:
        """What each block of a solution costs under the multipliers."""
        return np.array([float(one.arrays.costs @ values[one.columns]) for one in self.blocks])


@dataclass(frozen=True, slots=True)
class Ties:
    """Which capability a column is of, and a row if it is of one alone (a number; -1 for none)."""

    block: Ints
    owner: Ints

    @property
    def count(self) -> int:
        """How many capabilities there are."""
        return int(self.block.max(initial=-1)) + 1

    @property
    def rows(self) -> Bits:
        """The rows that tie capabilities, or what they share."""
        return self.owner < 0


def ties(model: Model) -> Ties:
    """What ties the capabilities of a model."""
    starts, index, _ = model.matrix
    block, count = block_of(model.columns), len(model.lower)
    rows = np.repeat(np.arange(count), np.diff(starts))
    least, most = np.full(count, np.iinfo(np.int64).max), np.full(count, -1)
    np.minimum.at(least, rows, block[index])
    np.maximum.at(most, rows, block[index])
    return Ties(block, np.where(least == most, least, -1))


def split(model: Model, costs: Floats, tied: Ties, duals: Floats) -> Split:
    """The blocks of a model under multipliers, one for each row."""
    of = model.columns
    starts, index, value = model.matrix
    rows = np.repeat(np.arange(len(model.lower)), np.diff(starts))
    usable = np.where(duals > 0, np.isfinite(model.lower), np.isfinite(model.upper))
    y = np.where(tied.rows & usable, duals, 0.0)
    side = np.where(y > 0, model.lower, model.upper)
    rest = float(np.sum(y[y != 0] * side[y != 0]))
    reduced = costs - np.bincount(index, weights=value * y[rows], minlength=len(costs))
    shared = tied.block < 0
    gain = np.minimum(reduced[shared], 0.0)
    rest += float(np.sum(np.where(gain < 0, gain * of.upper[shared], 0.0)))
    blocks = (_block(model, reduced, np.flatnonzero(tied.block == b), tied.owner == b) for b in range(tied.count))
    return Split(tuple(blocks), rest)


def block_of(of: Columns) -> Ints:
    """The capability of each column, as a number; -1 for columns of none."""
    names = list(dict.fromkeys(each.capability for each in of.plan.offers))
    number = {name: place for place, name in enumerate(names)}
    offer = np.array([number[each.capability] for each in of.plan.offers])
    found = np.full(of.first["end"], -1)
    found[: of.first["z"]] = offer[of.x_offer]
    found[of.first["z"] : of.first["b"]] = offer[of.z[:, 0]]
    found[of.first["b"] : of.first["l"]] = offer[of.pairs[of.b, 1]]
    found[of.first["l"] : of.first["d"]] = offer[of.pairs[of.leads, 1]]
    found[of.first["w"] : of.first["u"]] = [number[of.wanted[n].capability] for n in of.w[:, 0]]
    found[of.first["g"] : of.first["h"]] = [number[of.plan.limits[n].capability] for n, _ in of.g]  # type: ignore[union-attr]
    found[of.first["v"] : of.first["c"]] = offer[of.v]
    return found


def _block(model: Model, reduced: Floats, columns: Ints, rows: Bits) -> Block:
    starts, index, value = model.matrix
    kept = np.flatnonzero(rows)
    entries = spans(starts[kept], starts[kept + 1])
    place = np.full(len(reduced), -1)
    place[columns] = np.arange(len(columns))
    sizes = np.cumsum([0, *(starts[kept + 1] - starts[kept])])
    of = model.columns
    return Block(
        columns,
        Arrays(
            reduced[columns],
            of.upper[columns],
            of.integer[columns],
            sizes,
            place[index[entries]],
            value[entries],
            model.lower[kept],
            model.upper[kept],
        ),
    )


class Bounds:
    """The bound of the whole as blocks are proved, by any number of threads.

    A block that was not looked at yet counts with the relaxation, if the multipliers are those of its solution
    `relaxed`.
    """

    def __init__(self, part: Split, relaxed: Floats | None = None) -> None:
        self.part = part
        self.each = np.full(len(part.blocks), -np.inf) if relaxed is None else part.costs(relaxed)
        # The small ones first: they are proved soon, and most of the bound is theirs all together.
        self.left = sorted(range(len(part.blocks)), key=lambda place: -len(part.blocks[place].columns))
        self.hard: list[int] = []
        self.lock = threading.Lock()

    def again(self) -> bool:
        """Whether some were not proved to their end: these are left to be proved once more."""
        with self.lock:
            self.left, self.hard = self.hard, []
            return bool(self.left)

    @property
    def whole(self) -> float:
        """The bound so far; -inf where a block was not proved and no relaxation is known."""
        rest, each = self.part.rest, float(self.each.sum())
        return rest + each - _SAFE * (abs(rest) + float(np.abs(self.each).sum())) if np.isfinite(each) else each

    def above(self, values: Floats) -> Floats:
        """What each block of a solution costs above what is proved of it."""
        return self.part.costs(values) - self.each

    def prove(self, stop: Stop, seconds: float) -> Iterator[tuple[float, int, Floats | None]]:
        """The bound after each block that this thread took, its place, and its solution; `seconds` is for each."""
        while not stop.now:
            with self.lock:
                if not self.left:
                    return
                place = self.left.pop()
            block = self.part.blocks[place]
            answer = Program(block.arrays, whole=True, threads=1).run(stop.within(seconds), gap=_GAP)
            with self.lock:
                if answer.end != FOUND:
                    self.hard.append(place)
                if np.isfinite(answer.bound):
                    self.each[place] = max(self.each[place], answer.bound)
                whole = self.whole
            yield whole, place, answer.values
