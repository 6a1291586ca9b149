"""The share after a change, in an instant: only what depends on the changed part is touched.

Quantities in the product are worked out once; a price then changes the answer by a product of three numbers, and the
cost of the assemblies above it, as far up as these have no price of their own. All of it is in floats, whose error is
bounded and carried along: an answer is a range that holds the exact one, some ten digits wide, and near a limit it
says that it cannot tell. The exact roll-up can.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

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
    """How one product is counted by one method: by row how many of it stand there, and whether its cost counts."""

    number: Floats
    whole: NDArray[np.bool_]
    traced: bool


class Instant:
    """The content of a bill that changes, source by source.

    `currency` and `rates` as in `content.roll_up`. Raises as that does, and columns.TooFine where the numbers of the
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
        self._slack = [bill.error * float(amounts.sum()) for amounts in self._amounts]

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

    def _source(self, part: str, supplier: str | None) -> int:
        """The source of a part by its supplier, or the only one. Raises KeyError for none or several."""
        cols, row = self._cols, self._cols.graph.row[self._part[part]]
        named = cols.bom.sources.supplier
        every = range(int(cols.first[row]), int(cols.first[row + 1]))
        found = [at for at in every if supplier is None or named[int(cols.place[at])] == supplier]
        if not found or (supplier is None and len(found) > 1):
            raise KeyError((part, supplier))
        return found[-1]

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
                self._slack[at] += 4 * self._bill.error * weight * float(abs(before).sum() + abs(after).sum())
        self._price[source], self._origin[source] = new, code
        if (old != new).any():
            self._rise(part, awarded * (new - old))

    def _worth(self, source: int, price: Floats, *, traced: bool) -> Floats:
        """What one of a source adds: its price, whole or beyond its parts; without a price what the parts cost."""
        spent = self._spent[self._cols.part[source]]
        if price[0] < 0:
            return np.zeros_like(price) if traced else spent
        return np.maximum(0.0, price - spent[::-1]) if traced else price

    def _rise(self, part: int, by: Floats) -> None:
        """What one part costs has changed: so has whatever is made with it, up to what has a price of its own."""
        cols, floats = self._cols, self._bill.floats
        users, parent, edge = self._users
        marked, value, found = self._scratch
        count = kernels.risen(
            users, parent, edge, self._bill.making, floats.made_share, floats.quantity, part, marked, value, found
        )  # fmt: skip
        if not count:
            return
        above = found[:count]
        times = value[above]
        before = self._spent[above]
        after = before + times[:, None] * by
        self._spent[above] = after
        counts = cols.first[above + 1] - cols.first[above]
        which = np.repeat(np.arange(above.size), counts)
        source = np.repeat(cols.first[above] - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
        priced = self._price[source, 0] >= 0
        for at, count in enumerate(self._counts):
            chosen = count.whole[cols.part[source]] & (priced == count.traced)
            mine, where = source[chosen], which[chosen]
            weight = (count.number[cols.part[mine]] * floats.awarded[mine])[:, None]
            if count.traced:
                price = self._price[mine]
                move = np.maximum(0.0, price - after[where][:, ::-1]) - np.maximum(0.0, price - before[where][:, ::-1])
                size = price + after[where] + before[where]
            else:
                move, size = after[where] - before[where], after[where] + before[where]
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
    return _Count(bill.floats.exploded(bill.cols, passes, root), here, method == TRACED)
