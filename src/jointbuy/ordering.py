"""Loops that bring the edges of a large bill into the order of the work, compiled by numba (extra `large`).

What is made of others is numbered densely, since little else has an order and all that is met again and again then
stays near. Numbers are uint32: an index that could be below zero would be looked at twice, which doubles the time.
"""

from __future__ import annotations

import numba
import numpy as np

compiled = numba.njit(cache=True, nogil=True, boundscheck=False)

_CHUNK = 1024
"""Edges whose rows are looked up in one go: lookups do not wait for each other, but for what is stored between them."""
_ONE = np.uint32(1)


@compiled
def counted(parent, parts):  # type: ignore[no-untyped-def]
    """By part whether it is made of others (uint8) and how many such come before it; and how many edges each has."""
    uses = np.zeros(parts, np.uint32)
    for p in parent:
        uses[p] += _ONE
    made, before, edges = np.empty(parts, np.uint8), np.empty(parts, np.uint32), np.empty(parts, np.uint32)
    count = np.uint64(0)
    for p in range(parts):
        made[p], before[p], edges[count] = uses[p] > 0, count, uses[p]
        count += np.uint64(made[p])
    return made, before, edges[:count].copy()


@compiled
def inner(parent, child, made, before):  # type: ignore[no-untyped-def]
    """The edges between what is made of others, by dense numbers."""
    above, below = np.empty(parent.size + 1, np.uint32), np.empty(parent.size + 1, np.uint32)
    count = np.uint64(0)
    for e in range(parent.size):  # without a branch, which nobody could foresee
        above[count], below[count] = parent[e], child[e]
        count += np.uint64(made[child[e]])
    above, below = above[:count], below[:count]
    for e in range(above.size):
        above[e] = before[above[e]]
    for e in range(below.size):
        below[e] = before[below[e]]
    return above, below


@compiled
def grouped(above, below, made):  # type: ignore[no-untyped-def]
    """What stands below each, as in the input: from `start[p]` up to `start[p + 1]` (counting sort)."""
    start, found = np.zeros(made + 2, np.uint32), np.empty(below.size, np.uint32)
    at = start[1:]  # where the next one below each goes; in the end, where those of the next begin
    for p in above:
        start[p + np.uint32(2)] += _ONE
    for p in range(made):
        at[p + 1] += at[p]
    for e in range(above.size):
        place = at[above[e]]
        at[above[e]] = place + _ONE
        found[place] = below[e]
    return start[: made + 1], found


@compiled
def queued(start, below):  # type: ignore[no-untyped-def]
    """Dense numbers after all that use them (Kahn 1962), where each layer ends, and how many uses each waits for."""
    made = start.size - 1
    waiting = np.zeros(made, np.uint32)
    for p in below:
        waiting[p] += _ONE
    queue, layer = np.empty(made + 1, np.uint32), np.zeros(made + 1, np.int32)
    found, at, layers = np.uint64(0), np.uint64(0), 0
    for p in range(made):
        queue[found] = p
        found += np.uint64(waiting[p] == 0)
    while at < found:
        end = found
        while at < end:
            p = queue[at]
            at += np.uint64(1)
            for c in below[start[p] : start[p + _ONE]]:
                waiting[c] -= _ONE
                queue[found] = c
                found += np.uint64(waiting[c] == 0)
        layers += 1
        layer[layers] = end
    return queue[:found], layer[: layers + 1].copy(), waiting


@compiled
def rows(queue, start, edges, made):  # type: ignore[no-untyped-def]
    """See `kernels.Graph`: order, row, start and middle. What is made of nothing comes last, in the order of parts."""
    parts = made.size
    rank, first, middle = np.empty(queue.size, np.uint32), np.empty(parts + 1, np.uint32), np.empty_like(queue)
    last = np.uint32(0)
    for r in range(queue.size):
        p = queue[r]
        rank[p], first[r] = r, last
        last += edges[p]
        middle[r] = last - (start[p + _ONE] - start[p])
    first[queue.size :] = last
    order, row = np.empty(parts, np.uint32), np.empty(parts, np.uint32)
    dense, other = np.uint64(0), np.uint64(queue.size)
    for p in range(parts):
        if made[p]:
            row[p] = rank[dense]
            dense += np.uint64(1)
        else:
            row[p] = other
            other += np.uint64(1)
        order[row[p]] = p
    return order, row, first, middle


@compiled
def dealt(parent, child, row, first, made, shift):  # type: ignore[no-untyped-def]
    """By blocks of 2**shift rows, of each edge its place in the input with its child's row, and where it goes.

    That is to 2 r from row r to what is made of nothing, and to 2 r + 1 otherwise.
    """
    at, bits = np.empty(((made - 1) >> shift) + 1, np.uint32), np.uint32(shift + 1)
    for block in range(at.size):
        at[block] = first[block << shift]
    both, to = np.empty(child.size, np.uint64), np.empty(child.size, np.uint32)
    goes, below = np.empty(_CHUNK, np.uint32), np.empty(_CHUNK, np.uint32)
    for begin in range(0, child.size, _CHUNK):
        parents, children = parent[begin : begin + _CHUNK], child[begin : begin + _CHUNK]
        for e in range(parents.size):
            below[e] = row[children[e]]
            goes[e] = (row[parents[e]] << _ONE) | np.uint32(below[e] < np.uint32(made))
        for e in range(parents.size):
            place = at[goes[e] >> bits]
            at[goes[e] >> bits] = place + _ONE
            both[place] = np.uint64(begin + e) << np.uint64(32) | np.uint64(below[e])
            to[place] = goes[e]
    return both, to


@compiled
def placed(both, to, first, middle):  # type: ignore[no-untyped-def]
    """By place in the order of rows the child, as a row, and the edge; what is made of nothing first in each row."""
    at = np.empty(2 * middle.size, np.uint32)
    for r in range(middle.size):
        at[2 * r], at[2 * r + 1] = first[r], middle[r]
    found, edge = np.empty(both.size, np.uint32), np.empty(both.size, np.uint32)
    for e in range(both.size):
        place = at[to[e]]
        at[to[e]] = place + _ONE
        found[place], edge[place] = both[e], both[e] >> np.uint64(32)
    return found, edge


@compiled
def taken(values, places):  # type: ignore[no-untyped-def]
    """The values at these places (uint32); numpy would first make wider numbers of the places."""
    found = np.empty(places.size, values.dtype)
    for at in range(places.size):
        found[at] = values[places[at]]
    return found
