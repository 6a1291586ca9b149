"""The loops of `kernels.py` modulo several primes at once, for the exact numbers of `residues.py` (extra `large`).

Residues are below 2**31, so that the product of two of them fits into a machine word and nothing wraps. The residues
of one number stand side by side, in runs of `primes.size`, so that one walk over the graph serves all primes. `scale`
is by prime the residue of one over the denominator of the quantities, whose numerators `quantity` holds.
"""

from __future__ import annotations

import numba
import numpy as np

from jointbuy.ordering import compiled

PRICE, OWN = -1, -2
"""What an entry is worth, beside what its parts cost in a currency (from 0): its price, or its price less its parts."""
_LIGHT = 2**32


@compiled
def modulo(value, prime):  # type: ignore[no-untyped-def]
    """The residue of a number that is not negative."""
    return np.uint64(value) % prime


@numba.njit(inline="always")
def _add(total, base, quantity, values, at, width, primes, light):  # type: ignore[no-untyped-def]
    """Add a quantity times `width` residues of values[at] to the running sums from `base` on.

    Where quantities are `light`, a sum of them times residues stays below 2**63, and is reduced once it is complete.
    """
    if light:
        for j in range(width):
            total[base + j] += np.uint64(quantity) * np.uint64(values[at * width + j])
    else:
        for j in range(width):
            prime = primes[j % primes.size]
            more = modulo(quantity, prime) * np.uint64(values[at * width + j])
            total[base + j] = modulo(total[base + j] + more, prime)


@compiled
def light(start, child, quantity, most):  # type: ignore[no-untyped-def]
    """Whether the quantities that lead out of each row, `most` times over, and into each row sum to below 2**32."""
    into = np.zeros(start.size - 1, np.int64)
    for r in range(start.size - 1):
        out_of = 0
        for e in range(start[r], start[r + 1]):
            if quantity[e] >= _LIGHT:
                return False
            out_of += quantity[e]
            into[child[e]] += quantity[e]
            if out_of * most >= _LIGHT or into[child[e]] >= _LIGHT:
                return False
    return True


@compiled
def costs(prices, awarded, price_scale, awarded_scale, primes):  # type: ignore[no-untyped-def]
    """What each source adds to the cost of its part: uint32[sources x ends x primes], flat; nothing without a price.

    `prices` int64[ends, sources] and `awarded` int64 are numerators, the scales residues of one over the denominators.
    """
    ends, count = prices.shape[0], primes.size
    found = np.zeros(awarded.size * ends * count, np.uint32)
    for s in range(awarded.size):
        for k in range(ends):
            if prices[k, s] > 0:
                for m in range(count):
                    prime = primes[m]
                    share = modulo(modulo(awarded[s], prime) * awarded_scale[m], prime)
                    price = modulo(modulo(prices[k, s], prime) * price_scale[m], prime)
                    found[(s * ends + k) * count + m] = modulo(share * price, prime)
    return found


@compiled
def shares(made, first, price, awarded, awarded_scale, primes):  # type: ignore[no-untyped-def]
    """By row what is awarded to sources that state no price, all of it where there are none: uint32[made, primes]."""
    found = np.zeros((made, primes.size), np.uint32)
    for r in range(made):
        for m in range(primes.size):
            share = np.uint64(first[r] == first[r + 1])
            for s in range(first[r], first[r + 1]):
                if price[s] < 0:
                    own = modulo(modulo(awarded[s], primes[m]) * awarded_scale[m], primes[m])
                    share = modulo(share + own, primes[m])
            found[r, m] = share
    return found


@compiled
def made_of(start, middle, child, quantity, first, column, cost, share, counts, scale, primes, columns, light):  # type: ignore[no-untyped-def]
    """`kernels.made_of`: uint32[made x columns x primes], flat.

    `cost` as from `costs`, `share` uint32[made, primes]; `counts` bool by row says whether they are part of the cost
    of what the part stands in.
    """
    count, width = primes.size, columns * primes.size
    made, unit = np.zeros(middle.size * width, np.uint32), np.zeros(middle.size * width, np.uint32)
    total = np.zeros(width, np.uint64)
    wide = cost.size // max(1, column.size)
    for r in range(middle.size - 1, -1, -1):
        total[:] = 0
        for e in range(start[r], middle[r]):
            c = child[e]
            if counts[c]:
                for s in range(first[c], first[c + 1]):
                    _add(total, column[s] * count, quantity[e], cost, s, wide, primes, light)
        for e in range(middle[r], start[r + 1]):
            if counts[child[e]]:
                _add(total, 0, quantity[e], unit, child[e], width, primes, light)
        for j in range(width):
            prime = primes[j % count]
            rest = modulo(modulo(total[j], prime) * scale[j % count], prime)
            made[r * width + j] = rest
            total[j] = rest * np.uint64(share[r, j % count])
        for s in range(first[r], first[r + 1]):
            for j in range(wide):
                total[column[s] * count + j] = modulo(total[column[s] * count + j], primes[j % count])
            _add(total, column[s] * count, 1, cost, s, wide, primes, True)
        for j in range(width):
            unit[r * width + j] = modulo(total[j], primes[j % count])
    return made


@compiled
def exploded(start, made, child, quantity, passes, root, scale, primes, light):  # type: ignore[no-untyped-def]
    """`kernels.exploded`: uint64[rows x primes], flat."""
    count = primes.size
    number, factor = np.zeros(passes.size * count, np.uint64), np.zeros(count, np.uint64)
    for m in range(count):
        number[root * count + m] = 1
    for r in range(root, made):
        there = False
        for m in range(count):
            one = number[r * count + m]
            if one != 0:
                there = True
                number[r * count + m] = modulo(one, primes[m])
                factor[m] = modulo(number[r * count + m] * scale[m], primes[m])
            else:
                factor[m] = 0
        if there and passes[r]:
            for e in range(start[r], start[r + 1]):
                _add(number, child[e] * count, quantity[e], factor, 0, count, primes, light)
    for at in range(made * count, number.size):
        if number[at] != 0:
            number[at] = modulo(number[at], primes[at % count])
    return number


@compiled
def summed(  # type: ignore[no-untyped-def]
    source, column, holder, edge, cell, cells,
    part, price, currency, awarded, quantity, number, made, rates, price_rates, scale, awarded_scale, ends, end, primes,
):  # fmt: skip
    """Sums of entries (`content.large.Entries`) by cell, at one end of their ranges: uint64[cells, primes].

    By source: its `part` (a row), `price` and `awarded` (numerators), `currency`; by row `number`, and `made` as from
    `made_of`; by currency and prime `rates`, and `price_rates`, which are over the denominator of prices.
    """
    count, width = primes.size, rates.shape[0] * ends * primes.size
    total = np.zeros((cells, count), np.uint64)
    for at in range(source.size):
        s, what = source[at], column[at]
        for m in range(count):
            prime = primes[m]
            weight = number[holder[at] * count + m]
            if awarded[s] != 1:
                weight = modulo(weight * modulo(awarded[s], prime), prime)
            if edge[at] >= 0:
                weight = modulo(weight * modulo(quantity[edge[at]], prime), prime)
                weight = modulo(weight * scale[m], prime)
            below = part[s] * width + m
            if what >= 0:  # what its parts cost in one currency
                worth = modulo(np.uint64(made[below + (what * ends + end) * count]) * rates[what, m], prime)
            else:
                worth = modulo(modulo(price[s], prime) * price_rates[currency[s], m], prime)
            if what == OWN:  # less what its parts cost, at the other end
                for c in range(rates.shape[0]):
                    spent = np.uint64(made[below + (c * ends + ends - 1 - end) * count]) * rates[c, m]
                    worth += prime - modulo(spent, prime)
                worth = modulo(worth, prime)
            total[cell[at], m] = modulo(total[cell[at], m] + weight * worth, prime)
    for at in range(cells):
        for m in range(count):
            total[at, m] = modulo(total[at, m] * awarded_scale[m], primes[m])
    return total
