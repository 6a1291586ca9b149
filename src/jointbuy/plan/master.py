"""Plans put together from plans of single capabilities, and multipliers for a better bound (Dantzig-Wolfe).

Every plan p of one capability that was found is kept. The master chooses one of each capability, and what several of
them share (y), so that the rows that tie them hold:

    min  sum of cost p l[p] + cost y   with   sum of T p l[p] + T y within the tied rows,  sum of l[p] = 1 in each block

With l whole that is a plan, put together from the best of many. With l in parts its duals are multipliers under which
other plans of the capabilities would pay. There a row may be missed at a price a little above the best multipliers so
far, which keeps the new ones near them; of the way there half is gone, so that the bound does not swing.

Dantzig, Wolfe: Decomposition principle for linear programs, 1960; du Merle, Villeneuve, Desrosiers, Hansen: Stabilized
column generation, 1999.
"""

from __future__ import annotations

import numpy as np

from jointbuy.plan.blocks import Ties
from jointbuy.plan.columns import Floats, Ints
from jointbuy.plan.dive import around
from jointbuy.plan.rows import Arrays, Model, sorted_by
from jointbuy.plan.solve import FOUND, Program, Stop

_ROOM = 0.3
"""How far multipliers may go in a step, beside what a unit of their row is worth: money itself, or a piece."""
_HALF = 0.5


class Master:
    """The plans of each capability, found so far, of a model with an objective."""

    def __init__(self, model: Model, costs: Floats, ties: Ties) -> None:
        self.model, self.costs, self.ties = model, costs, ties
        self.tied = np.flatnonzero(ties.rows)
        self.shared = np.flatnonzero(ties.block < 0)
        starts, index, value = model.matrix
        row = np.repeat(np.arange(len(ties.rows)), np.diff(starts))
        kept = ties.rows[row]
        self.row = np.searchsorted(self.tied, row[kept])
        self.column, self.value = index[kept], value[kept]
        # What a unit of a row is worth: one where it is money, else a piece on the average.
        money = np.array([model.named(row)[0].unit == "money" for row in self.tied.tolist()], dtype=bool)
        self.room = _ROOM * np.where(money, 1.0, np.abs(costs[: model.columns.first["z"]]).mean())
        self.parts: list[dict[bytes, Floats]] = [{} for _ in range(ties.count)]

    def add(self, values: Floats) -> None:
        """Keep what each capability does in a solution."""
        for place in range(self.ties.count):
            self.keep(place, values[self.ties.block == place])

    def keep(self, place: int, part: Floats) -> None:
        """Keep a plan of one capability: the values of its columns."""
        whole = self._rounded(place, part)
        self.parts[place].setdefault(whole.tobytes(), whole)

    def _rounded(self, place: int, part: Floats) -> Floats:
        return np.where(self.model.columns.integer[self.ties.block == place], np.rint(part), part)

    def _same(self, values: Floats) -> Floats:
        """Which of the plans that are kept a solution is made of: 1 for these, 0 for others."""
        own = (self._rounded(place, values[self.ties.block == place]).tobytes() for place in range(self.ties.count))
        return np.array([float(key == its) for its, kept in zip(own, self.parts, strict=True) for key in kept])

    def first(self) -> Floats:
        """What each capability does in its plan that was kept first; nothing where there is none."""
        values = np.zeros(len(self.costs))
        for place, kept in enumerate(self.parts):
            values[self.ties.block == place] = next(iter(kept.values()), 0.0)
        return values

    def together(self, start: Floats | None, stop: Stop, gap: float) -> Floats | None:
        """The best solution whose capabilities all do what one of theirs was found to do; None if none was found.

        `start` is a solution to begin with.
        """
        if start is not None:
            self.add(start)
        block, costs, acts = self._chosen()
        program = self._program(block, costs, acts, whole=True)
        if start is not None:
            program.start(np.append(self._same(start), start[self.shared]))
        found = program.run(stop, gap=gap).values
        if found is None:
            return None
        values = np.zeros(len(self.costs))
        values[self.shared] = found[len(block) : len(block) + len(self.shared)]
        for place, kept in enumerate(self.parts):
            mine = np.flatnonzero(block == place)
            values[self.ties.block == place] = list(kept.values())[int(np.argmax(found[mine]))]
        # Loans and what else is no whole number are told by the rows of the whole.
        pieces = np.flatnonzero(self.model.columns.integer & (self.ties.block >= 0))
        return around(self.model, self.costs, values, pieces, None, stop, gap)

    def multipliers(self, best: Floats, stop: Stop) -> Floats | None:
        """Multipliers half way from the best so far to those of the master; None where it was not solved in time."""
        at = best[self.tied]
        program = self._program(*self._chosen(), whole=False, above=at + self.room, below=at - self.room)
        answer = program.run(stop)
        if answer.end != FOUND or answer.duals is None:
            return None
        found = np.array(best)
        found[self.tied] += _HALF * (answer.duals[: len(self.tied)] - at)
        return found

    def _chosen(self) -> tuple[Ints, Floats, Floats]:
        """Of every plan that is kept: its capability, its cost, and what it adds to each tied row."""
        block, costs, acts = [], [], []
        for place, kept in enumerate(self.parts):
            mine = self.ties.block == place
            whole = np.zeros(len(self.costs))
            for part in kept.values():
                whole[mine] = part
                block.append(place)
                costs.append(float(self.costs[mine] @ part))
                acts.append(np.bincount(self.row, self.value * whole[self.column], len(self.tied)))
        added = np.array(acts, dtype=np.float64).reshape(len(block), len(self.tied))
        return np.array(block, dtype=np.int64), np.array(costs), added

    def _program(
        self,
        block: Ints,
        costs: Floats,
        acts: Floats,
        *,
        whole: bool,
        above: Floats | None = None,
        below: Floats | None = None,
    ) -> Program:
        """The master; rows may be missed at the prices `above` and `below`, if there are any."""
        count, rows, own = len(block), len(self.tied), np.arange(len(self.tied))
        plan, row = np.nonzero(acts)
        place = np.full(len(self.costs), -1)
        place[self.shared] = count + np.arange(len(self.shared))
        kept = place[self.column] >= 0
        entries = [
            (row, plan, acts[plan, row]),
            (self.row[kept], place[self.column[kept]], self.value[kept]),
            (rows + block, np.arange(count), np.ones(count)),
        ]
        costs, most = np.append(costs, self.costs[self.shared]), self.model.columns.upper[self.shared]
        integer = np.append(np.ones(count, dtype=bool), self.model.columns.integer[self.shared])
        for sign, prices in ((1.0, above), (-1.0, below)):
            if prices is not None:
                entries.append((own, len(costs) + own, np.full(rows, sign)))
                costs, integer = np.append(costs, np.maximum(sign * prices, 0.0)), np.append(integer, own < 0)
                most = np.append(most, np.full(rows, np.inf))
        row, column, value = (np.concatenate(each) for each in zip(*entries, strict=True))
        order, starts = sorted_by(row, rows + self.ties.count)
        one = np.ones(self.ties.count)
        lower, upper = (np.append(each[self.tied], one) for each in (self.model.lower, self.model.upper))
        most = np.append(np.ones(count), most)
        return Program(
            Arrays(costs, most, integer, starts, column[order], value[order], lower, upper), whole=whole, threads=1
        )
