"""Why a country's share of a large bill is what it is: as `why`, with floats to leave out what is no answer for sure.

Floats, each with a bound on its error, say how heavy the heaviest way on from every part is at least and at most. A
first search among them finds a weight that the last of the answers reaches; what stays below it at most is not looked
at again. The second search is that of `why`, in exact numbers, among the little that is left: so are order and ties.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from heapq import heappop, heappush
from itertools import count

import numpy as np
from numpy.typing import NDArray

from jointbuy import kernels, modular
from jointbuy.asked import Carrier, Use, Why
from jointbuy.content import large
from jointbuy.content.arithmetic import Exact, Floats
from jointbuy.content.basis import Basis
from jointbuy.content.columns import columns, indices, ratios
from jointbuy.content.why import share_of, times
from jointbuy.exact import ZERO, Range
from jointbuy.model import Bom
from jointbuy.packed import TooFine
from jointbuy.residues import Reader, primes, residue

__all__ = ["TooFine", "where_used", "why"]

_SLACK = 1 + 2.0**-40
"""More than the rounding of the few products that a path's weight is made of here, beside the error of the bill."""


def why(
    bom: Bom, currency: str, rates: Mapping[str, Fraction], basis: Basis, country: str | None, most: int
) -> tuple[Why, ...]:
    """See `why.why`. Raises TooFine where the numbers of the bill have no common denominator."""
    cols = columns(bom, currency, {**rates, currency: Fraction(1)})
    bill = large.Bill(cols, basis)
    traced = large.roll_up(bom, currency, rates, basis).traced
    found = []
    for root, product in zip(cols.roots, traced, strict=True):
        total = ZERO
        for origin, amount in product.composition.items():
            total = total + times(amount, share_of(origin, country))
        carriers = tuple(_heaviest(_Search.of(bill, root, country), root, most))
        found.append(Why(product.product, country, total, carriers))
    return tuple(found)


@dataclass(slots=True)
class _Search:
    """What one product's paths are made of: by row the least and most of its own weight and of the heaviest way on."""

    bill: large.Bill
    country: str | None
    counted: NDArray[np.bool_]
    own_least: Floats
    own_most: Floats
    least: Floats
    most: Floats
    slack: float
    exact: _Costs
    weights: dict[int, Fraction] = field(default_factory=dict)
    owns: dict[int, Range] = field(default_factory=dict)

    @classmethod
    def of(cls, bill: large.Bill, root: int, country: str | None) -> _Search:
        """The search in one product."""
        cols, graph, floats = bill.cols, bill.cols.graph, bill.floats
        grouping = bill.phantom.copy()
        grouping[root] = True
        counts = np.where(bill.reached(root, grouping), large.flags(bill.basis.counted)[cols.part_kind], bill.making)
        counts[root] = True
        counted = bill.reached(root, counts) & counts
        counted[root] = True
        share = np.array([float(share_of(origin, country).high) for origin in cols.origins])[cols.origin]
        share[~(counted & ~grouping)[cols.part] | (cols.low < 0)] = 0.0
        price, spent = floats.prices[-1], floats.spent(cols.part, 0)
        own, best = list[Floats](), list[Floats]()
        for error in (-bill.error, bill.error):
            each = np.maximum(0.0, price - spent + error * (price + spent)) * share * floats.awarded * (1 + 4 * error)
            own.append(np.bincount(cols.part, each, minlength=graph.parts).astype(np.float64))
            way = kernels.heaviest(graph.start, graph.child, floats.quantity, counted, own[-1])
            best.append(way * (1 + 2 * error))
        (own_least, own_most), (least, most), slack = own, best, _SLACK + 2 * bill.error
        return cls(bill, country, counted, own_least, own_most, least, most, slack, _Costs(bill))

    def edges(self, row: int) -> NDArray[np.int32]:
        """The edges of a row to what is counted, in the order of the file."""
        graph = self.bill.cols.graph
        edges = np.arange(graph.start[row], graph.start[row + 1], dtype=np.int32)
        edges = edges[self.counted[graph.child[edges]]]
        ordered: NDArray[np.int32] = edges[np.argsort(graph.edge[edges])]
        return ordered

    def quantity(self, edge: int) -> Fraction:
        """How many stand there."""
        return Fraction(int(self.bill.cols.quantity[edge]), self.bill.cols.per)

    def own(self, row: int) -> Range:
        """What one part carries of the country itself, beyond its parts."""
        if row not in self.owns:
            cols, found = self.bill.cols, ZERO
            if self.own_most[row] > 0:
                for source in range(cols.first[row], cols.first[row + 1]):
                    share = share_of(cols.origins[cols.origin[source]], self.country)
                    if share.high and cols.low[source] >= 0:
                        awarded = Fraction(int(cols.awarded[source]), cols.awarded_per)
                        found = found + times(self.exact.own(row, source), share).times(awarded)
            self.owns[row] = found
        return self.owns[row]

    def weight(self, row: int) -> Fraction:
        """The weight of the heaviest way on from a row: exact, from those of its parts that may be on it."""
        waiting = [row]
        while waiting:
            at = waiting[-1]
            if at in self.weights:
                waiting.pop()
                continue
            edges = self._ways(at)
            missing = [child for _, child in edges if child not in self.weights]
            if missing:
                waiting += missing
                continue
            found = [self.quantity(edge) * self.weights[child] for edge, child in edges]
            if self.own_most[at] * self.slack >= self.least[at]:
                found.append(self.own(at).high)
            self.weights[at] = max(found, default=Fraction(0))
        return self.weights[row]

    def _ways(self, row: int) -> list[tuple[int, int]]:
        """The edges, and where they lead, on which the heaviest way on may go."""
        graph, floats = self.bill.cols.graph, self.bill.floats
        edges = slice(graph.start[row], graph.start[row + 1])
        child = graph.child[edges]
        heavy = floats.quantity[edges] * self.most[child] * self.slack >= self.least[row]
        at = np.flatnonzero(heavy & (self.most[child] > 0))
        return list(zip((at + edges.start).tolist(), child[at].tolist(), strict=True))


class _Costs:
    """Exact costs of sources; what parts cost is read from residues, when it is asked for first."""

    def __init__(self, bill: large.Bill) -> None:
        self._bill = bill

    def own(self, row: int, source: int) -> Range:
        """The price of a source less what its parts cost, in the contract's currency."""
        cols = self._bill.cols
        rate = cols.rates[cols.currency[source]] / cols.price_per
        low, high = int(cols.low[source]) * rate, int(cols.high[source]) * rate
        if row < cols.graph.made:
            spent = self._spent(row)
            low, high = max(Fraction(0), low - spent.high), max(Fraction(0), high - spent.low)
        return Range(low, low if low == high else high)

    @cached_property
    def _read(self) -> tuple[Reader, Exact]:
        cols, made = self._bill.cols, self._bill.floats.made
        scale = cols.price_per * cols.per ** (int(self._bill.deep.max(initial=0)) + 1)
        scale *= cols.awarded_per ** (int(self._bill.splits.max(initial=0)) + 1)
        bits = scale.bit_length() + int(made.max(initial=0) * _SLACK + 1).bit_length() + 2
        moduli = primes(bits, [scale, *(rate.denominator for rate in cols.rates)])
        return Reader(moduli, scale), Exact(cols, self._bill.making, moduli)

    def _spent(self, row: int) -> Range:
        reader, exact = self._read
        cols, ends = self._bill.cols, self._bill.ends
        made = reader.numbers(exact.made(row).T.tolist())
        low, high = (sum(map(Fraction.__mul__, made[end::ends], cols.rates), Fraction(0)) for end in (0, ends - 1))
        return Range(low, low if low == high else high)


def _heaviest(search: _Search, root: int, most: int) -> list[Carrier]:
    """The heaviest paths, best first; the search of `why`, without what cannot reach the last of them."""
    bom, graph = search.bill.cols.bom, search.bill.cols.graph
    enough, found = _reached_by(search, root, most), list[Carrier]()
    tick = count()
    heap: list[tuple[Fraction, int, int, tuple[int, ...], Fraction, bool]] = []

    def put(path: tuple[int, ...], quantity: Fraction) -> None:
        if weight := quantity * search.weight(path[-1]):
            heappush(heap, (-weight, -len(path), next(tick), path, quantity, False))

    put((root,), Fraction(1))
    while heap and len(found) < most:
        *_, path, quantity, alone = heappop(heap)
        row = path[-1]
        if alone:
            amount, parts = search.own(row).times(quantity), [int(graph.order[at]) for at in path]
            found.append(Carrier(tuple(bom.parts[at] for at in parts), bom.names[parts[-1]], quantity, amount))
            continue
        if mine := search.own(row).high * quantity:
            heappush(heap, (-mine, -len(path), next(tick), path, quantity, True))
        edges = search.edges(row)
        reach = float(quantity) * search.bill.floats.quantity[edges] * search.most[graph.child[edges]]
        for edge in edges[(reach * search.slack >= enough) & (reach > 0)].tolist():
            put((*path, int(graph.child[edge])), quantity * search.quantity(edge))
    return found


def _reached_by(search: _Search, root: int, most: int) -> float:
    """A weight that as many paths reach as are wanted; 0 where there are fewer. Best first, in floats."""
    graph, quantity_of = search.bill.cols.graph, search.bill.floats.quantity
    least, tick = list[float](), count()
    heap = [(-float(search.most[root]), next(tick), root, 1.0, False)]
    while heap and len(least) < most:
        weight, _, row, quantity, alone = heappop(heap)
        if alone:
            least.append(-weight)
            continue
        if search.own_least[row] > 0:
            heappush(heap, (-quantity * float(search.own_least[row]), next(tick), row, quantity, True))
        edges = slice(graph.start[row], graph.start[row + 1])
        times = quantity * quantity_of[edges]
        reach = times * search.least[graph.child[edges]] * search.counted[graph.child[edges]]
        # Each way leads to one path at least that weighs as much, so more of them than are wanted need no look.
        for at in np.argsort(-reach)[:most].tolist():
            if reach[at] > 0:
                child = int(graph.child[edges.start + at])
                heappush(heap, (-float(reach[at]), next(tick), child, float(times[at]), False))
    return min(least) / search.slack if len(least) == most else 0.0


# --- where a part is used -----------------------------------------------------------------------


def where_used(bom: Bom, part: int) -> tuple[Use, ...]:
    """See `why.where_used`. Raises TooFine where the quantities have no common denominator."""
    graph = kernels.graph_of(indices(bom.parent), indices(bom.child), len(bom.parts))
    numerators, per = ratios(bom.quantity)
    edges = np.flatnonzero(graph.child == graph.row[part])
    parents = np.searchsorted(graph.start, edges, side="right") - 1
    edges = edges[np.lexsort((graph.edge[edges], parents))]
    parents.sort()
    inside = [_numbers(graph, numerators[graph.edge], per, int(graph.row[root]), parents) for root in bom.roots]
    found = []
    for at, (edge, parent) in enumerate(zip(graph.edge[edges].tolist(), parents.tolist(), strict=True)):
        quantity = bom.quantity[edge]
        stand = [(bom.parts[root], numbers[at]) for root, numbers in zip(bom.roots, inside, strict=True)]
        found.append(
            Use(
                parent=bom.parts[graph.order[parent]],
                name=bom.names[graph.order[parent]],
                quantity=quantity,
                inside=tuple((root, number * quantity) for root, number in stand if number is not None),
                row=bom.edge_row[edge],
            )
        )
    return tuple(found)


def _numbers(
    graph: kernels.Graph, quantity: NDArray[np.int64], per: int, root: int, rows: NDArray[np.int64]
) -> list[Fraction | None]:
    """How many of some rows stand in one root, exactly; None where none does."""
    every = np.ones(graph.parts, np.bool_)
    there = kernels.reached(graph.start, graph.child, every, root)
    there[root] = True
    floats = kernels.exploded(graph.start, graph.child, quantity / per, every, root)
    deep = kernels.deepest(graph.start, graph.child, quantity % per != 0)
    scale = per ** int(deep[root])
    moduli = primes(scale.bit_length() + int(floats[rows].max(initial=1) * 2).bit_length() + 2, [scale, per])
    light = modular.light(graph.start, graph.child, quantity, 1)
    one = np.array([residue(Fraction(1, per), prime) for prime in moduli], np.uint64)
    number = modular.exploded(
        graph.start, graph.made, graph.child, quantity, every, root, one, np.array(moduli, np.uint64), light
    )
    exact = Reader(moduli, scale).numbers(number.reshape(-1, len(moduli))[rows].T.tolist())
    return [number if there[row] else None for number, row in zip(exact, rows.tolist(), strict=True)]
