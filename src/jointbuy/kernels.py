"""Loops over the arrays of a large bill, compiled by numba (extra `large`): index, order, roll-up, explosion.

One pass over a topological order each: no recursion, no path enumeration, and a chain of a million parts costs what
a bush of a million does. Each sum exists twice: in floats, and in residues modulo a prime, of which `residues.py`
makes exact numbers. Indices are int32, so a bill has at most 2**31 - 1 edges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Residues = NDArray[np.uint64]

compiled = numba.njit(cache=True, nogil=True, boundscheck=False)


class Cycle(ValueError):
    """A part stands, over other parts, in itself; `part` is one on or below such a circle."""

    def __init__(self, part: int) -> None:
        super().__init__("the parts form a circle")
        self.part = part


@dataclass(frozen=True, slots=True)
class Graph:
    """Edges grouped by parent.

    The edges of part p are `start[p]` up to `start[p + 1]`; `child` and `edge` (their place in the input) are in
    that order. `order` lists the parts, parents before children.
    """

    start: Index
    child: Index
    edge: Index
    order: Index

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return len(self.order)


def index(parent: Index, child: Index, parts: int) -> Graph:
    """Group edges by parent and order the parts (counting sort; Kahn 1962). O(edges). Raises Cycle."""
    start, grouped, edge = _grouped(parent, child, parts)
    order, found = _order(start, grouped, parts)
    if found < parts:
        seen = np.zeros(parts, np.bool_)
        seen[order[:found]] = True
        raise Cycle(int(np.argmin(seen)))
    return Graph(start, grouped, edge, order)


@compiled
def _grouped(parent, child, parts):  # type: ignore[no-untyped-def]
    start = np.zeros(parts + 1, np.int32)
    for e in range(parent.size):
        start[parent[e] + 1] += 1
    for p in range(parts):
        start[p + 1] += start[p]
    at = start[:-1].copy()
    grouped, edge = np.empty(child.size, np.int32), np.empty(child.size, np.int32)
    for e in range(parent.size):
        place = at[parent[e]]
        at[parent[e]] = place + 1
        grouped[place] = child[e]
        edge[place] = e
    return start, grouped, edge


@compiled
def _order(start, child, parts):  # type: ignore[no-untyped-def]
    waiting = np.zeros(parts, np.int32)
    for e in range(child.size):
        waiting[child[e]] += 1
    order = np.empty(parts, np.int32)
    found = 0
    for p in range(parts):
        if waiting[p] == 0:
            order[found] = p
            found += 1
    at = 0
    while at < found:
        p = order[at]
        at += 1
        for e in range(start[p], start[p + 1]):
            c = child[e]
            waiting[c] -= 1
            if waiting[c] == 0:
                order[found] = c
                found += 1
    return order, found


def roll_up(graph: Graph, quantity: Floats, group: Index, cost: Floats, groups: int) -> Floats:
    """What every part contains, by group: float64[parts, groups].

    `quantity` float64 by edge in the graph's order; `group` int32 and `cost` float64 by part, the cost of an assembly
    being what it costs beyond its parts.
    """
    return _roll_up(graph.start, graph.child, graph.order, quantity, group, cost, groups)  # type: ignore[no-any-return]


@compiled
def _roll_up(start, child, order, quantity, group, cost, groups):  # type: ignore[no-untyped-def]
    value = np.zeros((order.size, groups))
    for p in range(order.size):
        value[p, group[p]] = cost[p]
    mine = np.zeros(groups)
    for at in range(order.size - 1, -1, -1):
        p = order[at]
        if start[p] == start[p + 1]:
            continue
        for k in range(groups):
            mine[k] = value[p, k]
        for e in range(start[p], start[p + 1]):
            # One row of memory a use, and the sum stays in registers.
            c, q = child[e], quantity[e]
            for k in range(groups):
                mine[k] += q * value[c, k]
        for k in range(groups):
            value[p, k] = mine[k]
    return value


# --- unit costs, children first ---------------------------------------------------------------


@compiled
def made_of(start, child, order, quantity, counts, bought, made_share):  # type: ignore[no-untyped-def]
    """What the parts of each part cost, float64[parts, columns].

    `counts` bool by part: its cost is part of the cost of what it stands in. `bought` float64[parts, columns]: what
    one costs from the suppliers that state a price, weighted by what they are awarded; `made_share` float64 by part:
    the share awarded to those that state none and so cost what the parts do.
    """
    made = np.zeros(bought.shape)
    for at in range(order.size - 1, -1, -1):
        p = order[at]
        for e in range(start[p], start[p + 1]):
            c = child[e]
            if counts[c]:
                q, own = quantity[e], made_share[c]
                for k in range(bought.shape[1]):
                    made[p, k] += q * (bought[c, k] + own * made[c, k])
    return made


@compiled
def made_of_modulo(start, child, order, quantity, counts, bought, made_share, prime):  # type: ignore[no-untyped-def]
    """`made_of` modulo a prime below 2**31; every argument of amounts holds residues, uint64."""
    made = np.zeros(bought.shape, np.uint64)
    for at in range(order.size - 1, -1, -1):
        p = order[at]
        for e in range(start[p], start[p + 1]):
            c = child[e]
            if counts[c]:
                q, own = quantity[e], made_share[c]
                for k in range(bought.shape[1]):
                    unit = (bought[c, k] + own * made[c, k]) % prime
                    made[p, k] = (made[p, k] + q * unit) % prime
    return made


@compiled
def steps_up(start, child, order, fractional):  # type: ignore[no-untyped-def]
    """For each part the roundings its unit cost has gone through at most, and the fractional edges below it at most.

    Sums of terms that are not negative: the relative error of a result is at most (1 + u)**steps - 1.
    """
    steps, deep = np.zeros(order.size, np.int64), np.zeros(order.size, np.int64)
    for at in range(order.size - 1, -1, -1):
        p = order[at]
        most = 0
        for e in range(start[p], start[p + 1]):
            c = child[e]
            most = max(most, steps[c] + 6)
            deep[p] = max(deep[p], deep[c] + fractional[e])
        steps[p] = most + start[p + 1] - start[p]
    return steps, deep


# --- quantities, parents first ----------------------------------------------------------------


@compiled
def exploded(start, child, order, quantity, passes, root):  # type: ignore[no-untyped-def]
    """How many of each part stand in one root, float64 by part; what a part is made of counts where it `passes`."""
    number = np.zeros(order.size)
    number[root] = 1
    for at in range(order.size):
        p = order[at]
        if number[p] != 0 and passes[p]:
            for e in range(start[p], start[p + 1]):
                number[child[e]] += number[p] * quantity[e]
    return number


@compiled
def exploded_modulo(start, child, order, quantity, passes, root, prime):  # type: ignore[no-untyped-def]
    """`exploded` modulo a prime below 2**31; residues, uint64."""
    number = np.zeros(order.size, np.uint64)
    number[root] = 1
    for at in range(order.size):
        p = order[at]
        if number[p] != 0 and passes[p]:
            for e in range(start[p], start[p + 1]):
                number[child[e]] = (number[child[e]] + number[p] * quantity[e]) % prime
    return number


@compiled
def reached(start, child, order, passes, root):  # type: ignore[no-untyped-def]
    """Which parts stand in a root, through parts that pass on what they are made of; the root itself is not."""
    inside = np.zeros(order.size, np.bool_)
    inside[root] = True
    for at in range(order.size):
        p = order[at]
        if inside[p] and passes[p]:
            for e in range(start[p], start[p + 1]):
                inside[child[e]] = True
    inside[root] = False
    return inside


@compiled
def steps_down(start, child, order):  # type: ignore[no-untyped-def]
    """Roundings that each quantity has gone through at most; see `steps_up`."""
    steps = np.zeros(order.size, np.int64)
    for at in range(order.size):
        p = order[at]
        for e in range(start[p], start[p + 1]):
            c = child[e]
            steps[c] = max(steps[c] + 1, steps[p] + 3)
    return steps


# --- sums by key ------------------------------------------------------------------------------


@compiled
def summed(key, weight, amount, keys):  # type: ignore[no-untyped-def]
    """Sum of weight x amount by key, float64[keys]."""
    total = np.zeros(keys)
    for at in range(key.size):
        total[key[at]] += weight[at] * amount[at]
    return total


@compiled
def summed_modulo(key, weight, amount, keys, prime):  # type: ignore[no-untyped-def]
    """`summed` modulo a prime below 2**31; residues, uint64."""
    total = np.zeros(keys, np.uint64)
    for at in range(key.size):
        total[key[at]] = (total[key[at]] + weight[at] * amount[at]) % prime
    return total


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
    start, child, order, quantity, counts, tested, first, own, price, awarded, n, d, both_ways, slack
):
    """What is from outside, inside and open in one of each part, low and high: float64[parts, 6], widened outward.

    Assemblies are tested as in `content.absorb`, against n / d. By source: `own` float64[sources, 3],
    its origin as shares from outside, inside and open; `price` float64[sources, 2], -1 where it states none; `awarded`.
    The sources of part p are `first[p]` up to `first[p + 1]`. `counts` and `tested` bool by part; `slack` is a relative
    error that no sum here exceeds. A test that it leaves open counts as open.
    """
    unit = np.zeros((order.size, 6))
    for at in range(order.size - 1, -1, -1):
        p = order[at]
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
    """Edges grouped by child: the edges into part p are `users[p]` up to `users[p + 1]`, with parent and edge."""
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
def risen(users, parent, edge, order, position, counts, made_share, quantity, part, marked, value, found):  # type: ignore[no-untyped-def]
    """How many times over what each part above `part` is made of contains one of it, at its cost.

    Stops where a part has a price of its own and so costs no more than before. Returns how many there are: they stand
    at the beginning of `found` (int32), how many times in `value` (float64) at their place in the order. `marked` int8
    by place, all nothing, is left so.
    """
    first = position[part]
    marked[first] = 1
    value[first] = 1.0
    left, count = 1, 0
    for at in range(first, -1, -1):
        if marked[at] == 0:
            continue
        marked[at] = 0
        left -= 1
        p = order[at]
        times = value[at]
        if at != first:
            found[count] = p
            count += 1
            times *= made_share[p]
        if counts[p] and times != 0.0:
            for u in range(users[p], users[p + 1]):
                to = position[parent[u]]
                if marked[to] == 0:
                    marked[to] = 1
                    value[to] = 0.0
                    left += 1
                value[to] += quantity[edge[u]] * times
        if left == 0:
            break
    return count
