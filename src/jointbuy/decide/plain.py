"""Operations on the columns of a block in numpy alone. `compiled` has the same ones as loops, for large tables.

Each writes statuses (int8 of `rules.S`) into `out`; `offsets` say where the members of each row start and end, and the
first of them where those of the block do. `shares` writes DOUBT where floats do not decide.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from jointbuy.rules import S

ROWS = 4_096
"""Purchases of a block: few enough that its arrays of floats stay in the cache."""
DOUBT = -1
PART, REST, OPEN = 0, 1, 2
"""Where an amount counts for a limit."""
LOWEST, HIGHEST, BETTER, WHEN = range(4)
"""Steps of logic: the lower status, the higher one, the higher of those that apply, and `rules.When`."""
EXACT = 2.0**53
"""Whole numbers up to this are exact as floats (IEEE 754, binary64)."""
ROUND = 2.0**-52
"""Twice the relative error of one rounding."""
_MET, _NONE = np.int8(S.MET), np.int8(S.NOT_APPLICABLE)
_BLOCKED_BY_NONE = np.int8(S.JUDGEMENT)
"""The lowest status that makes a purchase eligible, as a number of `columns.OUTCOMES` too."""


def look(codes: Any, table: Any, out: Any) -> None:
    """The status that a table has for each code."""
    out[:] = table.take(codes)


def answered(values: Any, answer: int, out: Any) -> None:
    """MET where the answer is this one."""
    out[:] = (values == answer).view(np.int8) * _MET | (values < 0).view(np.int8)


def stated(values: Any, absent: Any, negated: bool, out: Any) -> None:
    """MET where there is a value, or none with `negated`."""
    out[:] = ((values != absent) ^ negated).view(np.int8) * _MET


def no_later(days: Any, last: int, absent: int, negated: bool, out: Any) -> None:
    """MET up to the last day, or after it where `negated`; days as integers."""
    unstated = (days == absent).view(np.int8)
    out[:] = (((days <= last) ^ negated).view(np.int8) & ~unstated) * _MET | unstated


def number(low: Any, high: Any, over: Any, known: bool, n: int, d: int, at_most: bool, out: Any) -> None:
    """MET where `low / over` to `high / over` keeps n / d; the products must fit, or be Python integers.

    `known`: `low` is `high`.
    """
    bound = over * n
    certain = high * d <= bound if at_most else low * d >= bound
    possible = certain if known else low * d <= bound if at_most else high * d >= bound
    stated = (over != 0).astype(bool)
    out[:] = _corners(certain.astype(bool) & stated, possible.astype(bool) | ~stated)


def _corners(certain: Any, possible: Any) -> Any:
    return certain.view(np.int8) * _MET | (possible & ~certain).view(np.int8)


def shares(
    offsets: Any, codes: Any, classes: Any, low: Any, high: Any, known: bool, roles: Any, terms: Any, values: Any
) -> int:
    """Whether amounts keep limits in their whole; how many statuses are in DOUBT.

    `known`: no amount is uncertain, and `low` is `high`. `classes` by code; by limit and class `roles` (PART, REST or
    OPEN), shape (limits, classes), and `terms` n, d, whether at most, the place in `values` to write to, and whether
    strictly, shape (limits, 5). Whole numbers below 2**53 are exact in floats, and so is what comes of adding and
    multiplying them below it. Beyond, a status is clear where the excess is larger than all roundings on the way to it
    may add to.
    """
    rows, count = len(offsets) - 1, roles.shape[1]
    members = np.diff(offsets)
    place = (classes * rows).take(codes) + np.repeat(np.arange(rows), members)
    lows = np.bincount(place, weights=low, minlength=count * rows).reshape(count, rows)
    highs = lows if known else np.bincount(place, weights=high, minlength=count * rows).reshape(count, rows)
    total, doubts = highs.sum(axis=0), 0
    for role, (n, d, at_most, into, strictly) in zip(roles, terms.tolist(), strict=True):
        low_part, low_rest = (lows[role == each].sum(axis=0) for each in (PART, REST))
        high_part, high_rest, open_ = (highs[role == each].sum(axis=0) for each in (PART, REST, OPEN))
        worst = (high_part + open_) * float(d - n) - low_rest * float(n)
        best = low_part * float(d - n) - (high_rest + open_) * float(n)
        # Whole numbers: less than nothing is at most -1.
        certain, possible = (
            (worst <= -strictly, best <= -strictly) if at_most else (best >= strictly, worst >= strictly)
        )
        out = values[into, :rows]
        out[:] = _corners(certain, possible)
        out[total == 0] = S.UNKNOWN
        size = total * (2.0 * max(abs(n), d))
        doubt = (size >= EXACT / 2) & (
            np.minimum(np.abs(worst), np.abs(best)) <= size * (ROUND * (members + 3 * count + 8))
        )
        out[doubt] = DOUBT
        doubts += int(doubt.sum())
    return doubts


def owners(offsets: Any, out: Any) -> None:
    """The row of each member."""
    out[:] = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))


def judged(own: Any, of_purchase: Any, owner: Any, out: Any) -> None:
    """What was said of each member, else of its purchase, else a judgement; without `owner` of purchases themselves.

    Arrays without elements where nobody said anything.
    """
    said = own if own.size else np.full(len(out), -1, dtype=np.int8)
    if of_purchase.size:
        said = np.maximum(said, np.where(said < 0, of_purchase.take(owner), -1))
    out[:] = (said > 0).view(np.int8) * _MET | (said < 0).view(np.int8) * np.int8(S.JUDGEMENT)


def logic(steps: Any, slots: Any, values: Any, rows: int) -> None:  # noqa: ARG001 - `compiled` has use for all
    """Steps (what, into, one, other) over the first `rows` of an array of statuses, shape (places, rows or more).

    By place, a slot where statuses may stand that no more than later steps read, or -1.
    """
    for what, into, one, other in steps.tolist():
        a, b, out = (values[place, :rows] for place in (one, other, into))
        if what == LOWEST:
            np.minimum(a, b, out=out)
        elif what == HIGHEST:
            np.maximum(a, b, out=out)
        elif what == BETTER:
            none = np.minimum(a, b) == _NONE
            np.maximum(a * (a != _NONE), b * (b != _NONE), out=out)
            out[none] = _NONE
        else:  # the rule's own status where it applies, none where it does not, the better where that is open
            bound = (a | (a == 0).view(np.int8) * _NONE) * (a != _MET)
            np.maximum(bound, b, out=out)


def collect(members: Any, offsets: Any, wanted: Any, values: Any) -> None:
    """For each of `wanted` (place among members, place to write to, n) the n-th highest status of a row's members.

    Of those that apply; NOT_MET where there are fewer. With n = 0 the lowest, NOT_APPLICABLE where there are none. At
    least one row has a member.
    """
    rows, size = len(offsets) - 1, int(offsets[-1] - offsets[0])
    some = offsets[1:] > offsets[:-1]
    starts = (
        offsets[:-1][some] - offsets[0]
    )  # the members of one row end where those of the next row that has any start
    for place, into, needed in wanted.tolist():
        found, out = members[place, :size], values[into, :rows]
        out[:] = S.NOT_MET if needed else S.NOT_APPLICABLE
        if not needed:
            out[some] = np.minimum.reduceat(found, starts)
            continue
        for status in (S.UNKNOWN, S.JUDGEMENT, S.MET):
            reach = ((found >= status) & (found != _NONE)).astype(np.int64)
            out[some] += np.add.reduceat(reach, starts) >= needed


def choose(values: Any, lowest: Any, mixed: int, ways: Any, ranks: Any, rows: int, outcomes: Any, out: Any) -> None:
    """The first of the ways with the highest rank, by how many of its conditions are not met and how many unknown.

    Its outcome is by the `lowest` of its conditions (a place each way). With the place `mixed`, of the lowest of all
    conditions by whichever way, the outcome is by that, and the way is -1 where its own is another. `ways`: places of
    each way's conditions, shape (ways, conditions), -1 beyond the last; `ranks` by way, not met and unknown. One not
    met, then one unknown, decides; a judgement never blocks.
    """
    counted = []
    for way, rank in zip(ways, ranks, strict=True):
        found = values[way[way >= 0], :rows]
        counted.append(rank[(found == S.NOT_MET).sum(axis=0), (found == S.UNKNOWN).sum(axis=0)])
    out[:] = np.array(counted).argmax(axis=0)
    outcomes[:] = np.minimum(values[lowest, :rows][out, np.arange(rows)], _BLOCKED_BY_NONE)
    if mixed >= 0:
        each_best = np.minimum(values[mixed, :rows], _BLOCKED_BY_NONE)
        out[each_best != outcomes] = -1
        outcomes[:] = each_best
