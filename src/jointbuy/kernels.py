"""Loops over the arrays of a large bill, compiled by numba (extra `large`): the graph, roll-up, explosion.

One pass over a topological order each: no recursion, no path enumeration, and a chain of a million parts costs what
a bush of a million does. Sums are in floats here; `modular.py` has them modulo primes. Indices are int32, so a bill
has at most 2**31 - 1 edges.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jointbuy import ordering
from jointbuy.ordering import compiled

Index = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_SHARED = 200_000
"""Edges of one layer from which on a second thread pays."""
_NEAR = 2**18
"""Edges that are brought into order together, so that they stay in the caches meanwhile."""

_REMEMBERED = 2
"""Graphs kept: of a bill, and of the one it is compared with."""


class Cycle(ValueError):
    """A part stands, over other parts, in itself; `part` is one on or below such a circle."""

    def __init__(self, part: int) -> None:
        super().__init__("the parts form a circle")
        self.part = part


@dataclass(frozen=True, slots=True)
class Graph:
    """Parts as rows in the order of the work: what is made of others first, parents before children, then the rest.

    Row r is part `order[r]`, part p is row `row[p]`; the first `made` rows are made of others. The edges of row r are
    `start[r]` up to `start[r + 1]`; those before `middle[r]` lead to rows that are made of nothing. `child` (rows) and
    `edge` (their place in the input) are in that order. No row from `layer[i]` up to `layer[i + 1]` stands in another
    of them.
    """

    start: Index
    middle: Index
    child: Index
    edge: Index
    order: Index
    row: Index
    layer: Index

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return len(self.order)

    @property
    def made(self) -> int:
        """How many of them are made of others."""
        return len(self.middle)


_known: OrderedDict[tuple[int, bytes, bytes], Graph] = OrderedDict()


def graph_of(parent: Index, child: Index, parts: int) -> Graph:
    """As `index`, but the same edges are ordered once: the last few graphs are found by a digest of the arrays."""
    key = parts, _digest(parent), _digest(child)
    graph = _known.pop(key, None) or index(parent, child, parts)
    _known[key] = graph
    while len(_known) > _REMEMBERED:
        _known.popitem(last=False)
    return graph


def _digest(values: Index) -> bytes:
    return sha256(np.ascontiguousarray(values).data, usedforsecurity=False).digest()


def index(parent: Index, child: Index, parts: int) -> Graph:
    """Order the parts and group their edges (counting sort; Kahn 1962). O(edges). Raises Cycle."""
    above, below = (np.asarray(each, np.int32).view(np.uint32) for each in (parent, child))
    made, before, edges = ordering.counted(above, parts)
    start, inner = ordering.grouped(*ordering.inner(above, below, made, before), edges.size)
    queue, layer, waiting = ordering.queued(start, inner)
    if queue.size < edges.size:
        raise Cycle(int(np.flatnonzero(made)[np.argmax(waiting > 0)]))
    order, row, first, middle = ordering.rows(queue, start, edges, made)
    shift = max(0, (edges.size * _NEAR // max(1, child.size)).bit_length() - 1)
    inside, edge = ordering.placed(*ordering.dealt(above, below, row, first, edges.size, shift), first, middle)
    arrays = [each.view(np.int32) for each in (first, middle, inside, edge, order, row, layer)]
    for each in arrays:
        each.flags.writeable = False
    return Graph(*arrays)


def along(graph: Graph, values: NDArray[Any]) -> NDArray[Any]:
    """What each edge has, in the order of the graph; `values` in the order of the input."""
    found: NDArray[Any] = ordering.taken(values, graph.edge.view(np.uint32))
    return found


@compiled
def sorted_by(row, rows):  # type: ignore[no-untyped-def]
    """Places in the order of their rows, and where those of each row begin (counting sort)."""
    first = np.zeros(rows + 1, np.int32)
    for at in range(row.size):
        first[row[at] + 1] += 1
    for r in range(rows):
        first[r + 1] += first[r]
    at_row, place = first[:-1].copy(), np.empty(row.size, np.int32)
    for at in range(row.size):
        place[at_row[row[at]]] = at
        at_row[row[at]] += 1
    return place, first


def roll_up(graph: Graph, quantity: Floats | NDArray[np.int64], group: Index, cost: Floats, groups: int) -> Floats:
    """What every part that is made of others contains, by group: float64[made, groups], in the order of rows.

    `quantity` float64 or int64 by edge in the graph's order; `group` int32 and `cost` float64 by part, the cost of an
    assembly being what it costs beyond its parts.
    """
    value = np.empty((graph.made, groups))
    groups_, costs = _by_row(graph.order, group.astype(np.uint8 if groups <= 2**8 else np.uint32), cost)
    start, middle, child = (each.view(np.uint32) for each in (graph.start, graph.middle, graph.child))
    layers = graph.layer
    if graph.child.size < _SHARED or (os.cpu_count() or 1) == 1:
        layers = np.array([0, graph.made], np.int32)
    with ThreadPoolExecutor(1) as pool:
        for at in range(len(layers) - 2, -1, -1):
            low, high = int(layers[at]), int(layers[at + 1])
            run = partial(_roll_up, start, middle, child, quantity, groups_, costs, value)
            first, last = int(graph.start[low]), int(graph.start[high])
            if last - first < _SHARED or len(layers) == 2:
                run(low, high)
                continue
            half = int(np.searchsorted(graph.start[low:high], (first + last) // 2)) + low
            beside = pool.submit(run, low, half)
            run(half, high)
            beside.result()
    return value


@compiled
def _by_row(order, group, cost):  # type: ignore[no-untyped-def]
    groups, costs = np.empty(order.size, group.dtype), np.empty(order.size)
    for r in range(order.size):
        groups[r], costs[r] = group[order[r]], cost[order[r]]
    return groups, costs


@compiled
def _roll_up(start, middle, child, quantity, group, cost, value, low, high):  # type: ignore[no-untyped-def]
    mine = np.zeros(value.shape[1])
    for r in range(high - 1, low - 1, -1):
        mine[:] = 0.0
        mine[group[r]] = cost[r]
        first, half, last = start[r], middle[r], start[r + 1]
        children, quantities = child[first:half], quantity[first:half]
        for e in range(children.size):
            c = children[e]  # made of nothing: what it costs, in its own group
            mine[group[c]] += quantities[e] * cost[c]
        children, quantities = child[half:last], quantity[half:last]
        for e in range(children.size):
            c, q = children[e], quantities[e]
            for k in range(mine.size):
                mine[k] += q * value[c, k]
        for k in range(mine.size):
            value[r, k] = mine[k]


# --- unit costs, children first ---------------------------------------------------------------


@compiled
def made_of(start, middle, child, quantity, first, column, cost, share, columns):  # type: ignore[no-untyped-def]
    """What the parts of each part cost, float64[made, columns].

    The sources of row r are `first[r]` up to `first[r + 1]`; each adds its `cost` float64[sources, ends], weighted by
    what it is awarded, to the columns from `column` on. `share` float64 by row, of those made of others: what is
    awarded to sources that state no price and so cost what the parts do. Both are nothing where the cost of a part is
    no part of the cost of what it stands in.
    """
    made, unit = np.zeros((share.size, columns)), np.zeros((share.size, columns))
    ends = cost.shape[1]
    for r in range(share.size - 1, -1, -1):
        for e in range(start[r], middle[r]):
            q = quantity[e]
            for s in range(first[child[e]], first[child[e] + 1]):
                for k in range(ends):
                    made[r, column[s] + k] += q * cost[s, k]
        for e in range(middle[r], start[r + 1]):
            c, q = child[e], quantity[e]
            for k in range(columns):
                made[r, k] += q * unit[c, k]
        for k in range(columns):
            unit[r, k] = share[r] * made[r, k]
        for s in range(first[r], first[r + 1]):
            for k in range(ends):
                unit[r, column[s] + k] += cost[s, k]
    return made


@compiled
def widths(start, child, layer, parts):  # type: ignore[no-untyped-def]
    """Over the layers: how many edges lead out of one row at most, summed, and how many into one."""
    into = np.zeros(parts, np.int32)
    for e in range(child.size):
        into[child[e]] += 1
    out_of, into_one, made = 0, 0, layer[-1]
    for at in range(layer.size - 1):
        most_out, most_in = 0, 0
        for r in range(layer[at], layer[at + 1]):
            most_out, most_in = max(most_out, start[r + 1] - start[r]), max(most_in, into[r])
        out_of += most_out
        into_one += most_in
    most = 0
    for r in range(made, parts):
        most = max(most, into[r])
    return out_of, into_one + most


@compiled
def deepest(start, child, flagged):  # type: ignore[no-untyped-def]
    """For each row the flagged edges on a way down from it, at most."""
    deep = np.zeros(start.size - 1, np.int64)
    for r in range(start.size - 2, -1, -1):
        for e in range(start[r], start[r + 1]):
            deep[r] = max(deep[r], deep[child[e]] + flagged[e])
    return deep


# --- quantities, parents first ----------------------------------------------------------------


@compiled
def exploded(start, child, quantity, passes, root):  # type: ignore[no-untyped-def]
    """How many of each row stand in one root, float64 by row; what a part is made of counts where it `passes`."""
    number = np.zeros(passes.size)
    number[root] = 1
    for r in range(root, passes.size):
        if start[r] == child.size:
            break
        if number[r] != 0 and passes[r]:
            for e in range(start[r], start[r + 1]):
                number[child[e]] += number[r] * quantity[e]
    return number


@compiled
def reached(start, child, passes, root):  # type: ignore[no-untyped-def]
    """Which rows stand in a root, through parts that pass on what they are made of; the root itself is not."""
    inside = np.zeros(passes.size, np.bool_)
    inside[root] = True
    for r in range(root, passes.size):
        if start[r] == child.size:
            break
        if inside[r] and passes[r]:
            for e in range(start[r], start[r + 1]):
                inside[child[e]] = True
    inside[root] = False
    return inside


@compiled
def heaviest(start, child, quantity, counted, own):  # type: ignore[no-untyped-def]
    """By row the weight of the heaviest way from it to something's `own` weight, through rows that are counted."""
    best = np.where(counted, own, 0.0)
    for r in range(start.size - 2, -1, -1):
        if counted[r]:
            for e in range(start[r], start[r + 1]):
                best[r] = max(best[r], quantity[e] * best[child[e]])
    return best


# --- absorption -------------------------------------------------------------------------------


@compiled
def _test(one, n, d, both_ways, slack):  # type: ignore[no-untyped-def]
    low, high = one[0] + one[2] + one[4], one[1] + one[3] + one[5]
    error = slack * d * high
    worst = (d - n) * (one[1] + one[5]) - n * one[2]
    best = (d - n) * one[0] - n * (one[3] + one[5])
    if worst <= -error or high == 0.0:
        one[:] = 0.0
        one[2], one[3] = low, high
    elif best <= error:
        out_low, out_high = one[0], one[1]
        one[0] = one[1] = 0.0
        one[4] += out_low
        one[5] += out_high
        if both_ways:
            one[4], one[5] = low, high
            one[2] = one[3] = 0.0
    elif both_ways:
        one[:] = 0.0
        one[0], one[1] = low, high


@compiled
def absorbed(  # type: ignore[no-untyped-def]
    start, child, quantity, counts, tested, first, own, price, awarded, n, d, both_ways, slack
):
    """What is from outside, inside and open in one of each part, low and high: float64[parts, 6], widened outward.

    Assemblies are tested as in `content.absorb`, against n / d. By source: `own` float64[sources, 3],
    its origin as shares from outside, inside and open; `price` float64[sources, 2], -1 where it states none; `awarded`.
    The sources of row p are `first[p]` up to `first[p + 1]`. `counts` and `tested` bool by row; `slack` is a relative
    error that no sum here exceeds. A test that it leaves open counts as open.
    """
    unit = np.zeros((counts.size, 6))
    for p in range(counts.size - 1, -1, -1):
        made = np.zeros(6)
        for e in range(start[p], start[p + 1]):
            if counts[child[e]]:
                for k in range(6):
                    made[k] += quantity[e] * unit[child[e], k]
        if first[p] == first[p + 1]:
            unit[p] = made
        for s in range(first[p], first[p + 1]):
            one = made.copy()
            if price[s, 0] >= 0:
                low = max(0.0, price[s, 0] - (made[1] + made[3] + made[5]) * (1 + slack))
                high = max(0.0, price[s, 1] * (1 + slack) - (made[0] + made[2] + made[4]))
                for k in range(3):
                    one[2 * k] += own[s, k] * low
                    one[2 * k + 1] += own[s, k] * high
            if tested[p]:
                _test(one, n, d, both_ways, slack)
            for k in range(6):
                unit[p, k] += awarded[s] * one[k]
    return unit


# --- one change -------------------------------------------------------------------------------


@compiled
def using(start, child, parts):  # type: ignore[no-untyped-def]
    """Edges grouped by child: the edges into row p are `users[p]` up to `users[p + 1]`, with parent and edge."""
    users = np.zeros(parts + 1, np.int32)
    for e in range(child.size):
        users[child[e] + 1] += 1
    for p in range(parts):
        users[p + 1] += users[p]
    at = users[:-1].copy()
    parent, edge = np.empty(child.size, np.int32), np.empty(child.size, np.int32)
    for p in range(parts):
        for e in range(start[p], start[p + 1]):
            place = at[child[e]]
            at[child[e]] = place + 1
            parent[place] = p
            edge[place] = e
    return users, parent, edge


@compiled
def sunk(start, child, quantity, passes, row, by):  # type: ignore[no-untyped-def]
    """How many more of each row there are, float64 by row, where there are so many more of one; see `exploded`."""
    more = np.zeros(passes.size)
    more[row] = by
    for r in range(row, start.size - 1):
        if start[r] == child.size:
            break
        if more[r] != 0 and passes[r]:
            for e in range(start[r], start[r + 1]):
                more[child[e]] += more[r] * quantity[e]
    return more


@compiled
def risen(users, parent, edge, counts, made_share, quantity, part, marked, value, found):  # type: ignore[no-untyped-def]
    """How many times over what each row above `part` is made of contains one of it, at its cost.

    Stops where a part has a price of its own and so costs no more than before. Returns how many there are: they stand
    at the beginning of `found` (int32), how many times in `value` (float64) by row. `marked` int8 by row, all nothing,
    is left so.
    """
    value[part] = 1.0
    left, count, p, last = 1, 0, part, -1
    while left:
        if p == part or marked[p]:
            marked[p] = 0
            left -= 1
            times = value[p]
            if p != part:
                found[count] = p
                count += 1
                times *= made_share[p]
            if counts[p] and times != 0.0:
                for u in range(users[p], users[p + 1]):
                    to = parent[u]
                    if marked[to] == 0:
                        marked[to] = 1
                        value[to] = 0.0
                        left += 1
                        last = max(last, to)
                    value[to] += quantity[edge[u]] * times
        # What is made of nothing stands last, in no order; above it all is in order.
        p = last if p == part else p - 1
    return count
