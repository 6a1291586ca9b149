"""The operations of `plain` as loops compiled by numba (extra `large`): a few times faster, the same to the bit."""

from __future__ import annotations

import numba
import numpy as np

from jointbuy.decide.plain import DOUBT, EXACT, OPEN, PART, REST, ROUND

ROWS = 32_768
"""Purchases of a block: many enough that calling costs little."""
compiled = numba.njit(cache=True, nogil=True, boundscheck=False)
_CHUNK = 2_048
"""Rows over which all steps of logic run before the next: some hundred arrays of bytes then stay in the cache."""
_SUMS = 512
"""Rows of which amounts are added up by class before limits are compared."""
_CHAIN = np.int8(3)
"""Keeps the statuses of the chain, and makes NOT_APPLICABLE the lowest."""
_ONE, _TWO, _THREE = np.uint64(1), np.uint64(2), np.uint64(3)
"""Without a sign an index needs no test of whether it counts from the end."""


@compiled
def look(codes, table, out):  # type: ignore[no-untyped-def]
    """See `plain`.

    Neighbouring codes often have one status (countries of a group stand together). Up to four stretches of codes are
    told apart by comparing, which is done to many at once; more are looked up one by one.
    """
    starts, of, changes = np.empty(3, codes.dtype), np.empty(3, np.int8), 0
    for c in range(1, table.size):
        if table[c] != table[c - 1]:
            if changes == 3:
                for i in range(out.size):
                    out[i] = table[codes[i]]
                return
            starts[changes], of[changes] = c, table[c]
            changes += 1
    if not changes:
        out[:] = table[0]
        return
    for k in range(changes, 3):  # what is asked too much is the last change again
        starts[k], of[k] = starts[changes - 1], of[changes - 1]
    first, second, third, last = table[0], of[0], of[1], of[2]
    to_second, to_third, to_last = starts[0], starts[1], starts[2]
    for i in range(out.size):
        c = codes[i]
        out[i] = last if c >= to_last else third if c >= to_third else second if c >= to_second else first


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
def number(low, high, over, known, n, d, at_most, out):  # type: ignore[no-untyped-def]
    """See `plain`."""
    if known:
        for i in range(out.size):
            bound, a = over[i] * n, low[i] * d
            keeps = a <= bound if at_most else a >= bound
            out[i] = np.int8(1) if over[i] == 0 else np.int8(3) if keeps else np.int8(0)
        return
    for i in range(out.size):
        bound, a, b = over[i] * n, low[i] * d, high[i] * d
        certain, possible = (b <= bound, a <= bound) if at_most else (a >= bound, b >= bound)
        if over[i] == 0:
            out[i] = 1
        else:
            out[i] = np.int8(3) if certain else np.int8(1) if possible else np.int8(0)


@compiled
def shares(offsets, codes, classes, low, high, known, roles, terms, values):  # type: ignore[no-untyped-def]
    """See `plain`. The amounts of some rows are added up by class; each limit then adds classes, many rows at once."""
    rows, (limits, count), ends, doubts = offsets.size - 1, roles.shape, 1 if known else 2, 0
    sums, parts, total = np.empty((ends, count, _SUMS)), np.empty((ends, 3, _SUMS)), np.empty(_SUMS)
    for lo in range(0, rows, _SUMS):
        here = offsets[lo : min(lo + _SUMS, rows) + 1]
        first, last = here[0] - offsets[0], here[-1] - offsets[0]
        _by_class(here, codes[first:last], classes, low[first:last], high[first:last], sums)
        total[:] = 0.0
        for c in range(count):
            total += sums[0, c]
        for k in range(limits):
            parts[:] = 0.0
            for end in range(ends):
                for c in range(count):
                    part, added = parts[end, roles[k, c]], sums[end, c]
                    for i in range(_SUMS):
                        part[i] += added[i]
            doubts += _kept(here, parts, total, terms[k], count, values[terms[k, 3], lo : lo + here.size - 1])
    return doubts


@compiled
def _by_class(offsets, codes, classes, low, high, sums):  # type: ignore[no-untyped-def]
    """Add amounts up by class and row, at their high ends and, if there is room for them, at their low ones.

    How many rows begin at each amount is counted first: a loop over each row's amounts would end where the processor
    does not expect it.
    """
    sums[:] = 0.0
    begin = np.zeros(codes.size + 1, np.uint32)
    for i in range(1, offsets.size - 1):
        begin[np.uint64(offsets[i] - offsets[0])] += np.uint32(1)
    highs, row = sums[0], np.uint64(0)
    if sums.shape[0] == 1:
        for j in range(codes.size):
            row += np.uint64(begin[j])
            highs[np.uint64(classes[codes[j]]), row] += float(high[j])
        return
    lows = sums[1]
    for j in range(codes.size):
        row += np.uint64(begin[j])
        highs[np.uint64(classes[codes[j]]), row] += float(high[j])
        lows[np.uint64(classes[codes[j]]), row] += float(low[j])


@compiled
def _kept(offsets, parts, total, terms, count, out):  # type: ignore[no-untyped-def]
    """Whether rows keep one limit, by what counts for it; how many statuses are in DOUBT."""
    n, d, at_most, strictly = float(terms[0]), float(terms[1]), terms[2] != 0, float(terms[4])
    for i in range(out.size):
        worst, best = _excess(parts, n, d, i)
        certain, possible = (
            (worst <= -strictly, best <= -strictly) if at_most else (best >= strictly, worst >= strictly)
        )
        status = np.int8(3) if certain else np.int8(1) if possible else np.int8(0)
        out[i] = np.int8(1) if total[i] == 0.0 else status
    factor, doubts = 2.0 * max(abs(n), d), 0
    if total.max() * factor < EXACT / 2:
        return 0
    for i in range(out.size):
        worst, best = _excess(parts, n, d, i)
        size, members = total[i] * factor, offsets[i + 1] - offsets[i]
        if size >= EXACT / 2 and min(abs(worst), abs(best)) <= size * (ROUND * (members + 3 * count + 8)):
            out[i] = DOUBT
            doubts += 1
    return doubts


@compiled
def _excess(parts, n, d, i):  # type: ignore[no-untyped-def]
    """By how much d parts exceed n wholes in a row, at worst and at best."""
    highs, lows = parts[0], parts[parts.shape[0] - 1]
    worst = (highs[PART, i] + highs[OPEN, i]) * (d - n) - lows[REST, i] * n
    best = lows[PART, i] * (d - n) - (highs[REST, i] + highs[OPEN, i]) * n
    return worst, best


@compiled
def owners(offsets, out):  # type: ignore[no-untyped-def]
    """See `plain`.

    The first four members of a row are written without a branch that could be mistaken: what is too much, the next
    rows write over, and behind the last row there is room (`program.Space`).
    """
    for i in range(offsets.size - 1):
        lo, hi = np.uint64(offsets[i] - offsets[0]), np.uint64(offsets[i + 1] - offsets[0])
        out[lo] = out[lo + _ONE] = out[lo + _TWO] = out[lo + _THREE] = i
        for j in range(lo + _THREE + _ONE, hi):
            out[j] = i


@compiled
def judged(own, of_purchase, owner, out):  # type: ignore[no-untyped-def]
    """See `plain`. What was said is fetched first; turned into statuses it then is many at once."""
    if not of_purchase.size:
        if own.size:
            for i in range(out.size):
                out[i] = np.int8(3) if own[i] > 0 else np.int8(2) if own[i] < 0 else np.int8(0)
        else:
            out[:] = 2
        return
    for i in range(out.size):
        out[i] = of_purchase[owner[i]]
    if own.size:
        for i in range(out.size):
            out[i] = own[i] if own[i] >= np.int8(0) else out[i]
    for i in range(out.size):
        out[i] = np.int8(3) if out[i] > np.int8(0) else np.int8(2) if out[i] < np.int8(0) else np.int8(0)


@compiled
def logic(steps, slots, values, rows):  # type: ignore[no-untyped-def]
    """See `plain`. What only later steps read stays in the cache and is not written into `values`."""
    held = np.empty((slots.max() + 1, _CHUNK), np.int8)
    for lo in range(0, rows, _CHUNK):
        some = min(lo + _CHUNK, rows) - lo
        for at in range(steps.shape[0]):
            what, into, one, other = steps[at, 0], steps[at, 1], steps[at, 2], steps[at, 3]
            a = values[one, lo : lo + some] if slots[one] < 0 else held[slots[one], :some]
            b = values[other, lo : lo + some] if slots[other] < 0 else held[slots[other], :some]
            out = values[into, lo : lo + some] if slots[into] < 0 else held[slots[into], :some]
            if what == 0:
                for i in range(some):
                    out[i] = min(a[i], b[i])
            elif what == 1:
                for i in range(some):
                    out[i] = max(a[i], b[i])
            elif what == 2:
                for i in range(some):
                    out[i] = b[i] if a[i] == 4 else a[i] if b[i] == 4 else max(a[i], b[i])
            else:
                for i in range(some):
                    bound = np.int8(4) if a[i] == 0 else np.int8(0) if a[i] == 3 else a[i]
                    out[i] = max(bound, b[i])


@compiled
def collect(members, offsets, wanted, values):  # type: ignore[no-untyped-def]
    """See `plain`.

    Most rows have few members. Over all members at once, what the one, two, three, four that start at each come to is
    found first; a row then takes one of these by how many it has, and is counted if it has or needs more. Arrays are
    longer than their rows (`program.Space`), so that what is read beyond the last is there.
    """
    place, few = np.empty(_CHUNK, np.uint32), np.empty((5, 4 * _CHUNK), np.int8)
    for lo in range(0, offsets.size - 1, _CHUNK):
        here = offsets[lo : min(lo + _CHUNK, offsets.size - 1) + 1]
        first, rows = here[0] - offsets[0], here.size - 1
        size, longest = here[rows] - here[0] + 1, 0
        if size > few.shape[1]:
            few = np.empty((5, size), np.int8)
        for i in range(rows):
            count = here[i + 1] - here[i]
            longest = max(longest, count)
            place[i] = min(count, 4) * few.shape[1] + (here[i] - here[0])
        flat = few.reshape(few.size)
        for k in range(wanted.shape[0]):
            found, needed = members[wanted[k, 0], first:], wanted[k, 2]
            out = values[wanted[k, 1], lo : lo + rows]
            _of_few(found, needed, few[:, :size])
            for i in range(rows):
                out[i] = flat[place[i]]
            counted = 3 if needed > 2 else 5
            for i in range(rows if longest >= counted else 0):
                if here[i + 1] - here[i] >= counted:
                    out[i] = _of_many(found[here[i] - here[0] : here[i + 1] - here[0]], needed)


@compiled
def _of_few(found, needed, few):  # type: ignore[no-untyped-def]
    """What none, one, two, three and four members come to, from each one on; no more than two of them wanted."""
    none, one, two, three, four = few[0], few[1], few[2], few[3], few[4]
    if not needed:
        for j in range(one.size):
            a, b, c, d = found[j], found[j + 1], found[j + 2], found[j + 3]
            both = min(a, b)
            none[j], one[j], two[j], three[j], four[j] = 4, a, both, min(both, c), min(both, min(c, d))
        return
    if needed == 1:
        for j in range(one.size):
            a, b, c, d = found[j] & _CHAIN, found[j + 1] & _CHAIN, found[j + 2] & _CHAIN, found[j + 3] & _CHAIN
            both = max(a, b)
            none[j], one[j], two[j], three[j], four[j] = 0, a, both, max(both, c), max(both, max(c, d))
        return
    for j in range(one.size):
        none[j], one[j], two[j], three[j], four[j] = 0, 0, 0, 0, 0
    if needed == 2:
        for j in range(one.size):
            a, b, c, d = found[j] & _CHAIN, found[j + 1] & _CHAIN, found[j + 2] & _CHAIN, found[j + 3] & _CHAIN
            first, second = max(a, b), min(a, b)
            second, first = max(second, min(first, c)), max(first, c)
            two[j], three[j], four[j] = min(a, b), second, max(second, min(first, d))


@compiled
def _of_many(found, needed):  # type: ignore[no-untyped-def]
    """What any number of members come to."""
    unknown, judgement, met, lowest = 0, 0, 0, 4
    for j in range(found.size):
        status = found[j] & 3
        met += status == 3
        judgement += status >= 2
        unknown += status >= 1
        lowest = min(lowest, found[j])
    return (met >= needed) + (judgement >= needed) + (unknown >= needed) if needed else lowest


@compiled
def choose(values, lowest, mixed, ways, ranks, rows, outcomes, out):  # type: ignore[no-untyped-def]
    """See `plain`."""
    bad, open_ = np.empty(_CHUNK, np.uint8), np.empty(_CHUNK, np.uint8)
    best, least = np.empty(_CHUNK, np.int64), np.empty(_CHUNK, np.int8)
    for lo in range(0, rows, _CHUNK):
        hi = min(lo + _CHUNK, rows)
        taken, came = out[lo:hi], outcomes[lo:hi]
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
            rank, found = ranks[w].reshape(ranks[w].size), values[lowest[w], lo:hi]
            for i in range(hi - lo):
                here = rank[np.uint32(bad[i]) * np.uint32(ranks.shape[2]) + np.uint32(open_[i])]
                better = w == 0 or here > best[i]
                best[i] = here if better else best[i]
                taken[i] = w if better else taken[i]
                least[i] = found[i] if better else least[i]
        for i in range(hi - lo):
            came[i] = min(least[i], np.int8(2))
        if mixed >= 0:
            found = values[mixed, lo:hi]
            for i in range(hi - lo):
                each_best = min(found[i], np.int8(2))
                taken[i] = taken[i] if each_best == came[i] else np.int8(-1)
                came[i] = each_best
