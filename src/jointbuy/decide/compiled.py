"""The operations of `plain` as loops compiled by numba (extra `large`): a few times faster, the same to the bit."""

from __future__ import annotations

import numba
import numpy as np

from jointbuy.decide.plain import DOUBT, EXACT, ROUND

ROWS = 32_768
"""Purchases of a block: many enough that calling costs little."""
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
    """See `plain`. Each amount is added to what every limit has left, at worst and at best, in one go."""
    doubts, count, limits = 0, roles.shape[1], terms.shape[0]
    # What a cent of each class adds, by its high and its low end, to what is left under each limit: at worst, at best.
    by_high, by_low = np.zeros((count, 2 * limits)), np.zeros((count, 2 * limits))
    strictly, factor, largest = np.empty(limits), np.empty(limits), 0.0
    for k in range(limits):
        n, d, sign = terms[k, 0], terms[k, 1], -1 if terms[k, 2] else 1
        worst, best = (k, limits + k) if terms[k, 2] else (limits + k, k)
        strictly[k], factor[k] = terms[k, 4], 2.0 * max(abs(n), d)
        largest = max(largest, factor[k])
        for c in range(count):
            at_worst = by_low if roles[k, c] == 1 and not known else by_high
            at_best = by_low if roles[k, c] == 0 and not known else by_high
            at_worst[c, worst] = sign * (d - n if roles[k, c] != 1 else -n)
            at_best[c, best] = sign * (d - n if roles[k, c] == 0 else -n)
    left = np.empty(2 * limits)
    for i in range(offsets.size - 1):
        left[:] = 0.0
        total = 0.0
        for j in range(offsets[i], offsets[i + 1]):
            c, amount = classes[codes[j]], float(high[j])
            total += amount
            for k in range(2 * limits):
                left[k] += amount * by_high[c, k]
            if not known:
                amount = float(low[j])
                for k in range(2 * limits):
                    left[k] += amount * by_low[c, k]
        for k in range(limits):
            certain, possible = left[k] >= strictly[k], left[limits + k] >= strictly[k]
            status = np.int8(3) if certain else np.int8(1) if possible else np.int8(0)
            values[terms[k, 3], i] = np.int8(1) if total == 0.0 else status
        if total * largest >= EXACT / 2:
            rounded = ROUND * (offsets[i + 1] - offsets[i] + 3 * count + 8)
            for k in range(limits):
                size = total * factor[k]
                if size >= EXACT / 2 and min(abs(left[k]), abs(left[limits + k])) <= size * rounded:
                    values[terms[k, 3], i] = DOUBT
                    doubts += 1
    return doubts


@compiled
def owners(offsets, out):  # type: ignore[no-untyped-def]
    """See `plain`.

    The first three members of a row are written without a branch that could be mistaken: what is too much, the next
    rows write over, and behind the last row there is room (`program.Space`).
    """
    for i in range(offsets.size - 1):
        lo, hi = offsets[i], offsets[i + 1]
        out[lo] = out[lo + 1] = out[lo + 2] = i
        for j in range(lo + 3, hi):
            out[j] = i


@compiled
def judged(own, of_purchase, owner, out):  # type: ignore[no-untyped-def]
    """See `plain`. What was said is fetched first; turned into statuses it then is many at once."""
    if of_purchase.size:
        for i in range(out.size):
            out[i] = of_purchase[owner[i]]
    else:
        out[:] = -1
    if own.size:
        for i in range(out.size):
            out[i] = own[i] if own[i] >= np.int8(0) else out[i]
    for i in range(out.size):
        out[i] = np.int8(3) if out[i] > np.int8(0) else np.int8(2) if out[i] < np.int8(0) else np.int8(0)


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

    Most rows have few members. Over all members at once, the lowest (or highest) of the one, two, three that start at
    each is found first; a row then takes one of these by how many it has, and goes on with those beyond the third.
    Arrays of statuses are longer than their rows (`program.Space`), so that what is read beyond the last is there.
    """
    rows, size = offsets.size - 1, offsets[-1] + 1
    few, longest = np.empty((4, size), np.int8), 0
    place = np.empty(rows, np.uint32)
    for i in range(rows):
        count = offsets[i + 1] - offsets[i]
        longest = max(longest, count)
        place[i] = min(count, 3) * size + offsets[i]
    flat = few.reshape(4 * size)
    for k in range(wanted.shape[0]):
        found, out, needed = members[wanted[k, 0]], values[wanted[k, 1]], wanted[k, 2]
        if needed > 1:
            for i in range(rows):
                unknown, judgement, met = 0, 0, 0
                for j in range(offsets[i], offsets[i + 1]):
                    status = found[j] & 3
                    met += status == 3
                    judgement += status >= 2
                    unknown += status >= 1
                out[i] = (met >= needed) + (judgement >= needed) + (unknown >= needed)
            continue
        none, one, two, three = few[0], few[1], few[2], few[3]
        if needed:
            for j in range(size):
                a, b, c = found[j] & np.int8(3), found[j + 1] & np.int8(3), found[j + 2] & np.int8(3)
                none[j], one[j], two[j], three[j] = 0, a, max(a, b), max(max(a, b), c)
        else:
            for j in range(size):
                a, b, c = found[j], found[j + 1], found[j + 2]
                none[j], one[j], two[j], three[j] = 4, a, min(a, b), min(min(a, b), c)
        for i in range(rows):
            out[i] = flat[place[i]]
        if longest > 3:
            for i in range(rows):
                for j in range(offsets[i] + 3, offsets[i + 1]):
                    out[i] = max(out[i], found[j] & 3) if needed else min(out[i], found[j])


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
