"""Loops by which the prices of a large bill are stressed, compiled by numba (extra `large`); see `large_stress`.

Residues are as in `modular`: of one number side by side, one for each prime.
"""

from __future__ import annotations

import numpy as np

from jointbuy.modular import _add, modulo
from jointbuy.ordering import compiled

MOST_SPANS = 16
"""Spans between kinks that are handed out for one factor; of more than these few the floats tell nothing."""


@compiled
def fallen(start, child, quantity, making, share, seed):  # type: ignore[no-untyped-def]
    """How often one piece of each row counts as part of what others are made of: float64[rows, columns].

    `seed` float64[made, columns] is how often what a row is made of counts by itself; `share` by row what of it is
    awarded to sources that state no price.
    """
    found = np.zeros((making.size, seed.shape[1]))
    below = np.empty(seed.shape[1])
    for r in range(seed.shape[0]):
        for k in range(below.size):
            below[k] = seed[r, k] + found[r, k] * share[r]
        for e in range(start[r], start[r + 1]):
            if making[child[e]]:
                for k in range(below.size):
                    found[child[e], k] += quantity[e] * below[k]
    return found


@compiled
def fallen_modulo(start, child, quantity, making, share, seed, scale, primes, columns, light):  # type: ignore[no-untyped-def]
    """`fallen` in residues: uint64[rows x columns x primes], flat; `seed` and `share` flat too."""
    count, width = primes.size, columns * primes.size
    made = seed.size // width
    found, below = np.zeros(making.size * width, np.uint64), np.zeros(width, np.uint64)
    for r in range(made):
        for j in range(width):
            m = j % count
            found[r * width + j] = modulo(found[r * width + j], primes[m])
            more = modulo(found[r * width + j] * np.uint64(share[r * count + m]), primes[m])
            below[j] = modulo(modulo(seed[r * width + j] + more, primes[m]) * scale[m], primes[m])
        for e in range(start[r], start[r + 1]):
            if making[child[e]]:
                _add(found, child[e] * width, quantity[e], below, 0, width, primes, light)
    for at in range(made * width, found.size):
        found[at] = modulo(found[at], primes[at % count])
    return found


@compiled
def risen_modulo(users, parent, edge, making, made_share, share, quantity, part, rows, scale, primes, value):  # type: ignore[no-untyped-def]
    """`kernels.risen` in residues, for the `rows` that it found: uint64[rows, primes].

    `value` uint64[all rows x primes], all nothing, is left so.
    """
    count = primes.size
    times, one = np.zeros((rows.size, count), np.uint64), np.ones(count, np.uint64)
    for at in range(-1, rows.size):
        p = part if at < 0 else rows[at]
        for m in range(count):
            if at >= 0:
                times[at, m] = value[p * count + m]
                value[p * count + m] = 0
                one[m] = modulo(times[at, m] * np.uint64(share[p * count + m]), primes[m])
            one[m] = modulo(one[m] * scale[m], primes[m])
        if making[p] and (at < 0 or made_share[p] != 0.0):
            for u in range(users[p], users[p + 1]):
                for m in range(count):
                    more = modulo(quantity[edge[u]], primes[m]) * one[m]
                    to = parent[u] * count + m
                    value[to] = modulo(value[to] + more, primes[m])
    return times


@compiled
def spans(excess, beyond, bound, kink, order, first, size, level, slope, weight, value, n, side, spots):  # type: ignore[no-untyped-def]
    """Where the excess may come to nothing, going from a factor of one to one `side` (1: up, -1: down to nothing).

    The move u is the factor less one. `excess` and `beyond` are (now, rise by u), `bound` (by u, of what is flipped):
    what floats may be off. Rest i is `level[i]` - `slope[i]` u; those that flip on this side are `order`, nearest
    first, at `kink`; from there on they count as nothing, or, where they do not at `first`, begin to count, in the
    excess by `weight` and in what is measured beyond by `value`; `size` is how large their terms are. Writes (flips,
    begin, end) of each span into `spots` and hands out how many there are, or more than it holds.
    """
    g0, g1, y0, y1 = excess[0], excess[1], beyond[0], beyond[1]
    off, sign, begin, found = 0.0, 1.0 if excess[2] > 0 else -1.0, 0.0, 0
    measured = beyond[2] != 0.0
    for at in range(order.size + 1):
        last = np.inf if side > 0 else -1.0
        end = kink[order[at]] if at < order.size else last
        clear, turned = True, False
        far = not np.isfinite(end)
        for stop in range(3):
            u = begin if stop == 0 else end
            if stop == 2:  # where what is measured beyond the components comes to nothing
                if not measured or y1 == 0.0:
                    continue
                u = -y0 / y1
                if (u - begin) * side <= 0.0 or (u - end) * side >= 0.0:
                    continue
            if far and stop == 1:
                one = g1 * sign
                two = (g1 - n * y1) * sign if measured else one
                clear = clear and min(one, two) > bound[0]
                continue
            here = g0 + g1 * u
            if measured:
                here -= n * max(0.0, y0 + y1 * u)
            slack = bound[0] * abs(u) + bound[1] * off
            if here * sign <= slack:
                clear = False
                turned = turned or (stop == 1 and here * sign < -slack)
        if not clear:
            if found == spots.shape[0]:
                return found + 1
            spots[found, 0], spots[found, 1], spots[found, 2] = at, begin, end
            found += 1
        if turned or at == order.size:
            return found
        i = order[at]
        by = 1.0 if first[i] else -1.0
        g0, g1 = g0 - by * weight[i] * level[i], g1 + by * weight[i] * slope[i]
        y0, y1 = y0 - by * value[i] * level[i], y1 + by * value[i] * slope[i]
        off += size[i]
        begin = end
    return found


@compiled
def standing(start, child, making, carry, through, wanted):  # type: ignore[no-untyped-def]
    """By row whether it is part of the cost of what is `wanted` (bool by made row), which grows by what makes that.

    Only what may `carry` is looked at, and what stands below a row only where its cost goes `through` to that.
    """
    reached = np.zeros(making.size, np.bool_)
    for r in range(wanted.size):
        wanted[r] = wanted[r] or (reached[r] and through[r])
        if wanted[r]:
            for e in range(start[r], start[r + 1]):
                c = child[e]
                if making[c] and carry[c]:
                    reached[c] = True
    return reached


@compiled
def carrying(start, child, making, share, varied):  # type: ignore[no-untyped-def]
    """By row whether what one costs varies: bool; `varied` bool by row, where one of its own prices does."""
    carry = varied.copy()
    for r in range(share.size - 1, -1, -1):
        if share[r] != 0.0 and not carry[r]:
            for e in range(start[r], start[r + 1]):
                if making[child[e]] and carry[child[e]]:
                    carry[r] = True
                    break
    return carry


@compiled
def varying(start, child, quantity, making, carry, share, slot, rows, first, place, coefficient, factors, found):  # type: ignore[no-untyped-def]
    """Puts what varied prices add to the cost of what `rows` are made of into `found`, float64[rows, draws].

    `rows` from the last to the first, `slot` where each stands among them, -1 for others; `place` by source where it
    stands among the varied, -1 for others, whose `coefficient` is what it is awarded of at its price; `factors`
    float64[varied, draws].
    """
    for at in range(rows.size):
        r, mine = rows[at], found[at]
        mine[:] = 0.0
        for e in range(start[r], start[r + 1]):
            c = child[e]
            if not (making[c] and carry[c]):
                continue
            for s in range(first[c], first[c + 1]):
                if place[s] >= 0:
                    times, by = quantity[e] * coefficient[place[s]], factors[place[s]]
                    for k in range(mine.size):
                        mine[k] += times * by[k]
            if c < slot.size and slot[c] >= 0 and share[c] != 0.0:
                times, other = quantity[e] * share[c], found[slot[c]]
                for k in range(mine.size):
                    mine[k] += times * other[k]


@compiled
def left(slot, own, paid, fixed, weight, varied, factors, sums):  # type: ignore[no-untyped-def]
    """Adds what rests come to, where above nothing, to `sums` (float64[2, draws]), by their `weight` float64[2, rests].

    Rest i is what it is `paid`, by the factor of its `own` price, less what is `fixed` (float64[rests, draws]) and
    `varied` in it.
    """
    for i in range(slot.size):
        spent, by, kept, one, two = varied[slot[i]], factors[own[i]], fixed[i], weight[0, i], weight[1, i]
        for k in range(by.size):
            rest = max(0.0, paid[i] * by[k] - kept[k] - spent[k])
            sums[0, k] += one * rest
            sums[1, k] += two * rest
