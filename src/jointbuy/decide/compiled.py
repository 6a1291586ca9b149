"""The operations of `plain` as loops compiled by numba (extra `large`): a few times faster, the same to the bit."""

from __future__ import annotations

import numba
import numpy as np

from jointbuy.decide.plain import DOUBT, EXACT, ROUND

ROWS = 16_384
"""Purchases of a block."""
compiled = numba.njit(cache=True, nogil=True, boundscheck=False)
_CHUNK = 2_048
"""Rows over which all steps of logic run before the next: some hundred arrays of bytes then stay in the cache."""


@compiled
def look(codes, table, out):  # type: ignore[no-untyped-def]
    """See `plain`."""
    for i in range(out.size):
        out[i] = table[codes[i]]


@compiled
def answered(values, answer, out):  # type: ignore[no-untyped-def]
    """See `plain`."""
    for i in range(out.size):
        out[i] = np.int8(3) if values[i] == answer else np.int8(1) if values[i] < 0 else np.int8(0)


@compiled
def stated(values, absent, negated, out):  # type: ignore[no-untyped-def]
    """See `plain`."""
    for i in range(out.size):
        out[i] = np.int8(3) if (values[i] != absent) != negated else np.int8(0)


@compiled
def no_later(days, last, absent, negated, out):  # type: ignore[no-untyped-def]
    """See `plain`."""
    for i in range(out.size):
        out[i] = np.int8(1) if days[i] == absent else np.int8(3) if (days[i] <= last) != negated else np.int8(0)


@compiled
def number(low, high, over, n, d, at_most, out):  # type: ignore[no-untyped-def]
    """See `plain`."""
    for i in range(out.size):
        bound, a, b = over[i] * n, low[i] * d, high[i] * d
        certain, possible = (b <= bound, a <= bound) if at_most else (a >= bound, b >= bound)
        if over[i] == 0:
            out[i] = 1
        else:
            out[i] = np.int8(3) if certain else np.int8(1) if possible else np.int8(0)


@compiled
def shares(offsets, codes, classes, low, high, known, roles, terms, values):  # type: ignore[no-untyped-def]
    """See `plain`."""
    doubts, count, limits = 0, roles.shape[1], terms.shape[0]
    # What a cent of each class adds to the excess over each limit, at worst and at best, by its high and its low end.
    at_worst, at_best = np.zeros((limits, count, 2)), np.zeros((limits, count, 2))
    for k in range(limits):
        n, d = terms[k, 0], terms[k, 1]
        for c in range(count):
            at_worst[k, c, int(roles[k, c] == 1 and not known)] = d - n if roles[k, c] != 1 else -n
            at_best[k, c, int(roles[k, c] == 0 and not known)] = d - n if roles[k, c] == 0 else -n
    lows, highs = np.zeros(count), np.zeros(count)
    for i in range(offsets.size - 1):
        for c in range(count):
            highs[c] = lows[c] = 0.0
        total = 0.0
        for j in range(offsets[i], offsets[i + 1]):
            c, amount = classes[codes[j]], float(high[j])
            highs[c] += amount
            total += amount
            if not known:
                lows[c] += float(low[j])
        for k in range(limits):
            worst, best = 0.0, 0.0
            if known:
                for c in range(count):
                    worst += highs[c] * at_worst[k, c, 0]
                    best += highs[c] * at_best[k, c, 0]
            else:
                for c in range(count):
                    worst += highs[c] * at_worst[k, c, 0] + lows[c] * at_worst[k, c, 1]
                    best += highs[c] * at_best[k, c, 0] + lows[c] * at_best[k, c, 1]
            least, most = (-worst, -best) if terms[k, 2] else (best, worst)
            certain, possible = least >= terms[k, 4], most >= terms[k, 4]
            status = np.int8(3) if certain else np.int8(1) if possible else np.int8(0)
            values[terms[k, 3], i] = np.int8(1) if total == 0.0 else status
            size = total * (2.0 * max(abs(terms[k, 0]), terms[k, 1]))
            if size >= EXACT / 2:
                rounded = ROUND * (offsets[i + 1] - offsets[i] + 3 * count + 8)
                if min(abs(worst), abs(best)) <= size * rounded:
                    values[terms[k, 3], i] = DOUBT
                    doubts += 1
    return doubts


@compiled
def owners(offsets, out):  # type: ignore[no-untyped-def]
    """See `plain`."""
    for i in range(offsets.size - 1):
        for j in range(offsets[i], offsets[i + 1]):
            out[j] = i


@compiled
def judged(own, of_purchase, owner, out):  # type: ignore[no-untyped-def]
    """See `plain`."""
    for i in range(out.size):
        said = own[i] if own.size else np.int8(-1)
        if said < 0 and of_purchase.size:
            said = of_purchase[owner[i]]
        out[i] = np.int8(3) if said > 0 else np.int8(2) if said < 0 else np.int8(0)


@compiled
def logic(steps, values, rows):  # type: ignore[no-untyped-def]
    """See `plain`."""
    for lo in range(0, rows, _CHUNK):
        hi = min(lo + _CHUNK, rows)
        for at in range(steps.shape[0]):
            a, b, out = values[steps[at, 2], lo:hi], values[steps[at, 3], lo:hi], values[steps[at, 1], lo:hi]
            what = steps[at, 0]
            if what == 0:
                for i in range(hi - lo):
                    out[i] = min(a[i], b[i])
            elif what == 1:
                for i in range(hi - lo):
                    out[i] = max(a[i], b[i])
            elif what == 2:
                for i in range(hi - lo):
                    out[i] = b[i] if a[i] == 4 else a[i] if b[i] == 4 else max(a[i], b[i])
            else:
                for i in range(hi - lo):
                    bound = np.int8(4) if a[i] == 0 else np.int8(0) if a[i] == 3 else a[i]
                    out[i] = max(bound, b[i])


@compiled
def collect(members, offsets, wanted, values):  # type: ignore[no-untyped-def]
    """See `plain`.

    Most rows have few members: the first three are read without a branch that could be mistaken. Arrays of statuses
    are longer than their rows (`program.Space`), so that what is read beyond the last member is there.
    """
    rows = offsets.size - 1
    for k in range(wanted.shape[0]):
        found, out, needed = members[wanted[k, 0]], values[wanted[k, 1]], wanted[k, 2]
        if needed == 0:
            for i in range(rows):
                lo, hi = offsets[i], offsets[i + 1]
                a, b, c = found[lo], found[lo + 1], found[lo + 2]
                lowest = min(
                    min(a if lo < hi else np.int8(4), b if lo + 1 < hi else np.int8(4)),
                    c if lo + 2 < hi else np.int8(4),
                )
                for j in range(lo + 3, hi):
                    lowest = min(lowest, found[j])
                out[i] = lowest
        elif needed == 1:
            for i in range(rows):
                lo, hi = offsets[i], offsets[i + 1]
                a, b, c = found[lo] & 3, found[lo + 1] & 3, found[lo + 2] & 3
                highest = max(max(a if lo < hi else 0, b if lo + 1 < hi else 0), c if lo + 2 < hi else 0)
                for j in range(lo + 3, hi):
                    highest = max(highest, found[j] & 3)
                out[i] = highest
        else:
            for i in range(rows):
                unknown, judgement, met = 0, 0, 0
                for j in range(offsets[i], offsets[i + 1]):
                    status = found[j] & 3
                    met += status == 3
                    judgement += status >= 2
                    unknown += status >= 1
                out[i] = (met >= needed) + (judgement >= needed) + (unknown >= needed)


@compiled
def choose(values, ways, ranks, rows, out):  # type: ignore[no-untyped-def]
    """See `plain`."""
    bad, open_ = np.empty(_CHUNK, np.int8), np.empty(_CHUNK, np.int8)
    best = np.empty(_CHUNK, np.int64)
    for lo in range(0, rows, _CHUNK):
        hi = min(lo + _CHUNK, rows)
        for w in range(ways.shape[0]):
            bad[:] = 0
            open_[:] = 0
            for c in range(ways.shape[1]):
                if ways[w, c] < 0:
                    break
                found = values[ways[w, c], lo:hi]
                for i in range(hi - lo):
                    bad[i] += found[i] == 0
                    open_[i] += found[i] == 1
            for i in range(hi - lo):
                rank = ranks[w, bad[i], open_[i]]
                if w == 0 or rank > best[i]:
                    best[i] = rank
                    out[lo + i] = w
