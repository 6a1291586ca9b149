"""The loops of `kernels.py` modulo several primes at once, for the exact numbers of `residues.py` (extra `large`).

Residues are below 2**31, so that two of them, and a sum kept below 2**63 by subtracting a multiple of the prime, fit
into one machine word and nothing wraps. The residues of one number stand side by side (last axis, or in runs of
`primes.size`), so that one walk over the graph serves all primes. `scale` is by prime the residue of one over the
denominator of the quantities, whose numerators `quantity` holds.
"""

from __future__ import annotations

import numpy as np

from jointbuy.kernels import compiled

PRICE, OWN = -1, -2
"""What an entry is worth, beside what its parts cost in a currency (from 0): its price, or its price less its parts."""
_WORD = np.uint64(31)
_SMALL = 2**31


@compiled
def modulo(value, prime):  # type: ignore[no-untyped-def]
    """The residue of a number from 0 to below 2**63, by a float quotient that is off by one at most."""
    quotient = np.int64(np.float64(np.int64(value)) / np.float64(prime))
    rest = np.int64(value) - quotient * np.int64(prime)
    if rest < 0:
        rest += np.int64(prime)
    if rest >= np.int64(prime):
        rest -= np.int64(prime)
    return np.uint64(rest)


@compiled
def _add(total, base, quantity, values, at, width, primes, bounds):  # type: ignore[no-untyped-def]
    """Add a quantity times `width` residues of values[at] to the running sums from `base` on."""
    if quantity < _SMALL:
        q = np.uint32(quantity)
        for j in range(width):
            more = total[base + j] + np.uint64(q) * np.uint64(values[at, j])
            total[base + j] = more - bounds[j] if more >= bounds[j] else more
    else:
        for j in range(width):
            factor = modulo(quantity, primes[j % primes.size])
            more = total[base + j] + factor * np.uint64(values[at, j])
            total[base + j] = more - bounds[j] if more >= bounds[j] else more


@compiled
def _bounds(primes, width):  # type: ignore[no-untyped-def]
    """By place the multiple of its prime below which running sums are kept: above any product, below 2**62."""
    bounds = np.empty(width, np.uint64)
    for j in range(width):
        bounds[j] = primes[j % primes.size] << _WORD
    return bounds


@compiled
def costs(prices, awarded, price_scale, awarded_scale, primes):  # type: ignore[no-untyped-def]
    """What each source adds to the cost of its part: uint32[sources, ends x primes]; nothing where it has no price.

    `prices` int64[ends, sources] and `awarded` int64 are numerators, the scales residues of one over the denominators.
    """
    ends, count = prices.shape[0], primes.size
    found = np.zeros((awarded.size, ends * count), np.uint32)
    for s in range(awarded.size):
        for k in range(ends):
            if prices[k, s] > 0:
                for m in range(count):
                    prime = primes[m]
                    share = modulo(modulo(awarded[s], prime) * awarded_scale[m], prime)
                    price = modulo(modulo(prices[k, s], prime) * price_scale[m], prime)
                    found[s, k * count + m] = modulo(share * price, prime)
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
def made_of(start, middle, child, quantity, first, column, cost, share, counts, scale, primes, columns):  # type: ignore[no-untyped-def]
    """`kernels.made_of`: uint32[made, columns x primes].

    `cost` as from `costs`, `share` uint32[made, primes]; `counts` bool by row says whether they are part of the cost
    of what the part stands in.
    """
    count, width = primes.size, columns * primes.size
    made, unit = np.zeros((middle.size, width), np.uint32), np.zeros((middle.size, width), np.uint32)
    total, bounds = np.zeros(width, np.uint64), _bounds(primes, width)
    wide = cost.shape[1]
    for r in range(middle.size - 1, -1, -1):
        total[:] = 0
        for e in range(start[r], middle[r]):
            c = child[e]
            if counts[c]:
                for s in range(first[c], first[c + 1]):
                    _add(total, column[s] * count, quantity[e], cost, s, wide, primes, bounds)
        for e in range(middle[r], start[r + 1]):
            if counts[child[e]]:
                _add(total, 0, quantity[e], unit, child[e], width, primes, bounds)
        for j in range(width):
            m = j % count
            rest = modulo(modulo(total[j], primes[m]) * scale[m], primes[m])
            made[r, j] = rest
            total[j] = modulo(rest * np.uint64(share[r, m]), primes[m])
        for s in range(first[r], first[r + 1]):
            _add(total, column[s] * count, 1, cost, s, wide, primes, bounds)
        for j in range(width):
            unit[r, j] = modulo(total[j], primes[j % count])
    return made


@compiled
def exploded(start, made, child, quantity, passes, root, scale, primes):  # type: ignore[no-untyped-def]
    """`kernels.exploded`: uint64[rows, primes]."""
    count = primes.size
    number, bounds = np.zeros((passes.size, count), np.uint64), _bounds(primes, count)
    number[root, :] = 1
    factor = np.zeros((1, count), np.uint32)
    for r in range(root, made):
        there = False
        for m in range(count):
            number[r, m] = modulo(number[r, m], primes[m])
            factor[0, m] = modulo(number[r, m] * scale[m], primes[m])
            there = there or number[r, m] != 0
        if there and passes[r]:
            for e in range(start[r], start[r + 1]):
                _add(number[child[e]], 0, quantity[e], factor, 0, count, primes, bounds)
    for r in range(made, passes.size):
        for m in range(count):
            number[r, m] = modulo(number[r, m], primes[m])
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
    count = primes.size
    total, bounds = np.zeros((cells, count), np.uint64), _bounds(primes, count)
    for at in range(source.size):
        s, what = source[at], column[at]
        row = part[s]
        for m in range(count):
            prime = primes[m]
            weight = modulo(number[holder[at], m] * modulo(awarded[s], prime), prime)
            if edge[at] >= 0:
                weight = modulo(weight * modulo(quantity[edge[at]], prime), prime)
                weight = modulo(weight * scale[m], prime)
            if what >= 0:  # what its parts cost in one currency
                worth = modulo(np.uint64(made[row, (what * ends + end) * count + m]) * rates[what, m], prime)
            else:
                worth = modulo(modulo(price[s], prime) * price_rates[currency[s], m], prime)
            if what == OWN:  # less what its parts cost, at the other end
                for c in range(rates.shape[0]):
                    below = np.uint64(made[row, (c * ends + ends - 1 - end) * count + m]) * rates[c, m]
                    worth += prime - modulo(below, prime)
                worth = modulo(worth, prime)
            more = total[cell[at], m] + weight * worth
            total[cell[at], m] = more - bounds[m] if more >= bounds[m] else more
    for at in range(cells):
        for m in range(count):
            total[at, m] = modulo(modulo(total[at, m], primes[m]) * awarded_scale[m], primes[m])
    return total
