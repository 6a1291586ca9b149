"""The share after a change, in an instant: only what depends on the changed part is touched.

Quantities in the product are worked out once; a price then changes the answer by a product of three numbers, and the
cost of the assemblies above it, as far up as these have no price of their own. All of it is in floats, whose error is
bounded and carried along: an answer is a range that holds the exact one, some ten digits wide, and near a limit it
says that it cannot tell. The exact roll-up can.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from jointbuy import kernels
from jointbuy.content.basis import DEFAULT, FIRST_LEVEL, TRACED, Basis
from jointbuy.content.columns import columns
from jointbuy.content.large import Bill, flags
from jointbuy.exact import Origin, Parts, Range, best_excess, share_range, split, worst_excess
from jointbuy.model import Bom

Floats = NDArray[np.float64]
Method = Literal["first-level components", "traced to source"]


@dataclass(frozen=True, slots=True)
class _Count:
    """How one product is counted by one method: by row how many of it stand there, and whether its cost counts.

    `passes` says whether what a row is made of stands in the product by it.
    """

    number: Floats
    whole: NDArray[np.bool_]
    traced: bool
    passes: NDArray[np.bool_]


class Instant:
    """The content of a bill that changes, source by source.

    `currency` and `rates` as in `content.roll_up`. Raises as that does, and packed.TooFine where the numbers of the
    bill have no common denominator.
    """

    def __init__(self, bom: Bom, currency: str, rates: Mapping[str, Fraction], basis: Basis = DEFAULT) -> None:
        self._cols = cols = columns(bom, currency, {**rates, currency: Fraction(1)})
        self._bill = bill = Bill(cols, basis)
        graph, floats = cols.graph, bill.floats
        self._users = kernels.using(graph.start, graph.child, graph.parts)
        self._scratch = np.zeros(graph.parts, np.int8), np.empty(graph.parts), np.empty(graph.parts, np.int32)
        rows = np.arange(graph.parts, dtype=np.int32)
        self._price = np.stack(floats.prices, axis=1)
        self._price[cols.low < 0] = -1.0
        self._spent = np.stack([floats.spent(rows, end) for end in range(bill.ends)], axis=1)
        self._origin = cols.origin.copy()
        self._origins = list(cols.origins)
        self._code = {origin: code for code, origin in enumerate(self._origins)}
        self._part = {name: part for part, name in enumerate(bom.parts)}
        self._counts = [_count(bill, root, method) for method in (FIRST_LEVEL, TRACED) for root in cols.roots]
        self._amounts = [self._composed(count) for count in self._counts]
        self._peak = self._spent.copy()  # the most that it was, by which its error is bounded
        self._slack = [self._rounding(count) for count in self._counts]
        self._edges: list[tuple[int, float]] = []  # what was required before

    def replace(
        self, part: str, supplier: str | None = None, *, price: Range | None = None, origin: Origin | None = None
    ) -> None:
        """Another price, in the currency that stands, or another origin for what one supplier delivers of a part.

        Raises KeyError for a part or supplier that the bill does not have, and ValueError for the price of a part
        that is made of its parts and has none, or for a range where all prices of the bill are known.
        """
        source = self._source(part, supplier)
        new, code = self._price[source], int(self._origin[source])
        if origin is not None:
            code = self._coded(origin)
        if price is not None:
            if new[0] < 0:
                raise ValueError(f"{part} is made of its parts and has no price of its own")
            if not price.known and self._bill.ends == 1:
                raise ValueError("a range in a bill whose prices are all known")
            rate = self._cols.rates[self._cols.currency[source]]
            new = np.array([float(end * rate) for end in (price.low, price.high)[: self._bill.ends]])
        self._put(source, new, code)

    def require(self, parent: str, part: str, quantity: Fraction) -> None:
        """Another quantity of a part in one parent. Raises KeyError where it does not stand directly in that."""
        graph, floats = self._cols.graph, self._bill.floats
        above, row = int(graph.row[self._part[parent]]), int(graph.row[self._part[part]])
        edges = np.arange(graph.start[above], graph.start[above + 1])
        found = edges[graph.child[edges] == row]
        if not found.size:
            raise KeyError((parent, part))
        edge = int(found[0])
        by = float(quantity) - float(floats.quantity[edge])
        for at, count in enumerate(self._counts):
            if count.passes[above] and count.number[above]:
                self._sink(at, row, float(count.number[above]) * by)
        self._edges.append((edge, float(floats.quantity[edge])))
        floats.quantity[edge] = float(quantity)
        if self._bill.making[row]:
            self._rise(above, by * self._unit(row), itself=True)

    def award(self, part: str, shares: Mapping[str | None, Fraction]) -> None:
        """Other shares of a part for its suppliers, every one of them. Raises KeyError for one it does not have."""
        cols, floats = self._cols, self._bill.floats
        row = int(cols.graph.row[self._part[part]])
        before = self._unit(row)
        for supplier, share in shares.items():
            source = self._source(part, supplier)
            old, new = float(floats.awarded[source]), float(share)
            for at, count in enumerate(self._counts):
                if count.whole[row]:
                    worth = float(count.number[row]) * self._worth(source, self._price[source], traced=count.traced)
                    self._amounts[at][self._origin[source]] += (new - old) * worth
                    size = np.maximum(self._price[source], 0.0) + self._peak[row]
                    times = float(count.number[row]) * (new + old)
                    self._slack[at] += 4 * self._bill.error * times * float(size.sum())
            floats.awarded[source] = new
        every = slice(cols.first[row], cols.first[row + 1])
        floats.made_share[row] = floats.awarded[every][self._price[every, 0] < 0].sum()
        if (by := self._unit(row) - before).any():
            self._rise(row, by)

    def _unit(self, row: int) -> Floats:
        """What one part costs, from its suppliers in their shares; by end."""
        cols = self._cols
        source = np.arange(cols.first[row], cols.first[row + 1])
        if not source.size:
            made: Floats = self._spent[row].copy()
            return made
        price = self._price[source]
        found: Floats = self._bill.floats.awarded[source] @ np.where(price < 0, self._spent[row], price)
        return found

    def _sink(self, at: int, row: int, by: float) -> None:
        """So many more of a row stand in a product, and so of all that it is made of."""
        cols, floats, count = self._cols, self._bill.floats, self._counts[at]
        more = kernels.sunk(cols.graph.start, cols.graph.child, floats.quantity, count.passes, row, by)
        rows = np.flatnonzero(more)
        source, where = self._sources_of(rows[count.whole[rows]])
        price, spent = self._price[source], self._spent[cols.part[source]]
        if count.traced:
            worth = np.where(price < 0, 0.0, np.maximum(0.0, price - spent[:, ::-1]))
        else:
            worth = np.where(price < 0, spent, price)
        weight = more[where] * floats.awarded[source]
        np.add.at(self._amounts[at], self._origin[source], weight[:, None] * worth)
        size = np.maximum(price, 0.0) + self._peak[cols.part[source]]
        times = (np.abs(weight) + 2 * count.number[where] * floats.awarded[source])[:, None]
        self._slack[at] += 4 * self._bill.error * float((times * size).sum())
        self._counts[at] = replace(count, number=count.number + more)

    def _sources_of(self, rows: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The sources of some rows, and the row of each."""
        cols = self._cols
        counts = (cols.first[rows + 1] - cols.first[rows]).astype(np.int64)
        where = np.repeat(rows, counts)
        return np.repeat(cols.first[rows] - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum())), where

    def _source(self, part: str, supplier: str | None) -> int:
        """The source of a part by its supplier, or the only one. Raises KeyError for none or several."""
        cols, row = self._cols, self._cols.graph.row[self._part[part]]
        named = cols.bom.sources.supplier
        every = range(int(cols.first[row]), int(cols.first[row + 1]))
        found = [at for at in every if supplier is None or named[int(cols.place[at])] == supplier]
        if not found or (supplier is None and len(found) > 1):
            raise KeyError((part, supplier))
        return int(found[-1])

    def _put(self, source: int, new: Floats, code: int) -> None:
        """The move of the source itself, then of what is made with it."""
        part, awarded = int(self._cols.part[source]), float(self._bill.floats.awarded[source])
        old, was = self._price[source].copy(), int(self._origin[source])
        for at, count in enumerate(self._counts):
            if count.whole[part]:
                weight = float(count.number[part]) * awarded
                before, after = (self._worth(source, end, traced=count.traced) for end in (old, new))
                self._amounts[at][was] -= weight * before
                self._amounts[at][code] += weight * after
                size = np.maximum(old, 0.0) + np.maximum(new, 0.0) + 2 * self._peak[part]
                self._slack[at] += 4 * self._bill.error * weight * float(size.sum())
        self._price[source], self._origin[source] = new, code
        if (old != new).any():
            self._rise(part, awarded * (new - old))

    def _worth(self, source: int, price: Floats, *, traced: bool) -> Floats:
        """What one of a source adds: its price, whole or beyond its parts; without a price what the parts cost."""
        spent = self._spent[self._cols.part[source]]
        if price[0] < 0:
            return np.zeros_like(price) if traced else spent
        worth: Floats = np.maximum(0.0, price - spent[::-1]) if traced else price
        return worth

    def _rise(self, part: int, by: Floats, *, itself: bool = False) -> None:
        """What one part costs has changed: so has whatever is made with it, up to what has a price of its own.

        Or what `itself` is made of costs so much more, and with it what is made with it.
        """
        cols, floats = self._cols, self._bill.floats
        users, parent, edge = self._users
        marked, value, found = self._scratch
        count = kernels.risen(
            users, parent, edge, self._bill.making, floats.made_share, floats.quantity, part, marked, value, found
        )  # fmt: skip
        above, times = found[:count].copy(), value[found[:count]]
        if itself:
            above, times = np.append(above, np.int32(part)), np.append(times * floats.made_share[part], 1.0)
        if not above.size:
            return
        before = self._spent[above]
        after = before + times[:, None] * by
        self._spent[above] = after
        self._peak[above] = np.maximum(self._peak[above], after)
        source, _ = self._sources_of(above)
        which = np.repeat(np.arange(above.size), cols.first[above + 1] - cols.first[above])
        priced = self._price[source, 0] >= 0
        for at, count in enumerate(self._counts):
            chosen = count.whole[cols.part[source]] & (priced == count.traced)
            mine, where = source[chosen], which[chosen]
            weight = (count.number[cols.part[mine]] * floats.awarded[mine])[:, None]
            if count.traced:
                price = self._price[mine]
                move = np.maximum(0.0, price - after[where][:, ::-1]) - np.maximum(0.0, price - before[where][:, ::-1])
                size = price + 2 * self._peak[above][where]
            else:
                move, size = after[where] - before[where], 2 * self._peak[above][where]
            np.add.at(self._amounts[at], self._origin[mine], weight * move)
            self._slack[at] += 4 * self._bill.error * float((weight * size).sum())

    def _coded(self, origin: Origin) -> int:
        """The row of an origin, a new one where it has not been seen."""
        if origin not in self._code:
            self._code[origin] = len(self._origins)
            self._origins.append(origin)
            self._amounts = [np.vstack([amounts, np.zeros((1, self._bill.ends))]) for amounts in self._amounts]
        return self._code[origin]

    def _composed(self, count: _Count) -> Floats:
        """Amounts by origin and end."""
        cols, bill = self._cols, self._bill
        amounts = np.zeros((len(self._origins), bill.ends))
        source = np.flatnonzero(count.whole[cols.part])
        price, spent = self._price[source], self._spent[cols.part[source]]
        if count.traced:
            worth = np.where(price < 0, 0.0, np.maximum(0.0, price - spent[:, ::-1]))
        else:
            worth = np.where(price < 0, spent, price)
        weight = count.number[cols.part[source]] * bill.floats.awarded[source]
        np.add.at(amounts, self._origin[source], weight[:, None] * worth)
        return amounts

    def _rounding(self, count: _Count) -> float:
        """What the amounts of a product are off by at most."""
        cols, bill = self._cols, self._bill
        source = np.flatnonzero(count.whole[cols.part])
        size = (np.maximum(self._price[source], 0.0) + self._spent[cols.part[source]]).sum(axis=1)
        weight = count.number[cols.part[source]] * bill.floats.awarded[source]
        return bill.error * float(weight @ size)

    def kept(self) -> tuple[Any, ...]:
        """All that changes, for `back`."""
        floats = self._bill.floats
        arrays = (self._price, self._origin, self._spent, self._peak, floats.awarded, floats.made_share)
        self._edges.clear()
        amounts = [amounts.copy() for amounts in self._amounts]
        return tuple(each.copy() for each in arrays), amounts, list(self._slack), list(self._counts)

    def back(self, kept: tuple[Any, ...]) -> None:
        """As it was when that was `kept`: every change since is taken back."""
        floats = self._bill.floats
        arrays: tuple[NDArray[Any], ...] = kept[0]
        amounts, slack, counts = kept[1:]
        now: tuple[NDArray[Any], ...] = (
            self._price,
            self._origin,
            self._spent,
            self._peak,
            floats.awarded,
            floats.made_share,
        )
        for mine, old in zip(now, arrays, strict=True):
            np.copyto(mine, old)
        more = len(self._origins)
        self._amounts = [np.pad(each, ((0, more - len(each)), (0, 0))) for each in amounts]
        self._slack, self._counts = list(slack), list(counts)
        while self._edges:
            edge, quantity = self._edges.pop()
            floats.quantity[edge] = quantity

    def parts(self, method: Method, members: Container[str], product: int = 0) -> Parts:
        """What is from outside, from inside and open, each widened by the error; the part is what is from outside."""
        at = self._at(method, product)
        composition: dict[Origin, Range] = {}
        for origin, ends in zip(self._origins, self._amounts[at], strict=True):
            low, high = float(ends[0]) - self._slack[at], float(ends[-1]) + self._slack[at]
            if high > self._slack[at] or low > 0:
                composition[origin] = Range(Fraction(max(0.0, low)), Fraction(high))
        return split(composition, members, others=True)

    def _at(self, method: Method, product: int) -> int:
        return product + (len(self._cols.bom.roots) if method == TRACED else 0)

    def outside(self, method: Method, members: Container[str], product: int = 0) -> Range | None:
        """The share from outside, as a range that holds the exact one."""
        return share_range(self.parts(method, members, product))

    def keeps(
        self, method: Method, members: Container[str], limit: Fraction, product: int = 0
    ) -> Literal["yes", "no", "unknown", "too near"]:
        """Whether the limit is kept; `too near` where only the exact roll-up can tell."""
        parts, at = self.parts(method, members, product), self._at(method, product)
        worst, best = worst_excess(parts, limit), best_excess(parts, limit)
        slack = 8 * limit.denominator * Fraction(self._slack[at]) * len(self._origins)
        if abs(worst) <= slack or abs(best) <= slack:
            return "too near"
        return "yes" if worst < 0 else "no" if best > 0 else "unknown"


def _count(bill: Bill, root: int, method: str) -> _Count:
    grouping = bill.phantom.copy()
    grouping[root] = True
    counts = np.where(bill.reached(root, grouping), flags(bill.basis.counted)[bill.cols.part_kind], bill.making)
    passes = counts | grouping if method == TRACED else grouping
    here = bill.reached(root, passes) & counts & ~bill.phantom
    return _Count(bill.floats.exploded(bill.cols, passes, root), here, method == TRACED, passes)
