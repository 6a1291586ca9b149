"""Shares and numbers of many rows against a limit: floats where they are exact or clear, exact numbers elsewhere.

Whole numbers below 2**53 and what comes of adding and multiplying them below it are exact in a float. Beyond, an error
bound tells which rows are clear; the others are decided one by one as for a single purchase (conventions §3).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from jointbuy.decide.table import LARGEST, Numbers, Shares
from jointbuy.exact import Origin, best_excess, exactly, split, worst_excess
from jointbuy.rules import S

Statuses = NDArray[np.int8]
Floats = NDArray[np.float64]
EXACT = 2**53
"""Whole numbers up to this are exact as floats (IEEE 754, binary64)."""
_ROUND = 2.0**-52
"""Twice the relative error of one rounding."""
PART, REST, OPEN = "part", "rest", "open"
ONE = exactly(1)


def corners(certain: NDArray[np.bool_], possible: NDArray[np.bool_]) -> Statuses:
    """MET where it holds for certain, UNKNOWN where it may, else NOT_MET."""
    return certain.view(np.int8) * np.int8(S.MET) | (possible.view(np.int8) & ~certain.view(np.int8) & np.int8(1))


# --- numbers ------------------------------------------------------------------------------


def number(column: Numbers, limit: Fraction, *, at_most: bool) -> Callable[[Any], Statuses]:
    """Whether `low / over` to `high / over` keeps the limit, for the rows of a block."""
    n, d = limit.numerator, limit.denominator
    wide = column.largest * max(abs(n), d) >= LARGEST
    apart = np.array(sorted(column.apart), dtype=np.int64)

    def decided(block: Any) -> Statuses:
        lo, hi = block.lo, block.hi
        low, high, over = column.low[lo:hi], column.high[lo:hi], column.over[lo:hi]
        stated = over != 0
        if wide:  # as Python integers, which have no end
            low, high, over = (each.astype(object) for each in (low, high, over))
        bound = over * n
        low, high = low * d, (low if high is low else high) * d
        if at_most:
            certain, possible = high <= bound, low <= bound
        else:
            certain, possible = low >= bound, high >= bound
        result = corners(certain.astype(bool), possible.astype(bool))
        result *= stated
        result |= (~stated).view(np.int8)
        for row in apart[np.searchsorted(apart, lo) : np.searchsorted(apart, hi)].tolist():
            value = column.apart[row]
            ends = (value.high <= limit, value.low <= limit) if at_most else (value.low >= limit, value.high >= limit)
            result[row - lo] = _corner(*ends)
        return result

    return decided


def _corner(certain: bool, possible: bool) -> S:
    return S.MET if certain else S.UNKNOWN if possible else S.NOT_MET


# --- shares -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sums:
    """Amounts of a block by class, shape (classes, rows); `error` is the largest relative error of any sum of them."""

    low: Floats
    high: Floats
    error: float


Side: TypeAlias = tuple[frozenset[str], bool]
"""Countries of which a limit counts the share, and whether it counts that of all others instead."""


class Classes:
    """Origins of a column in classes that no limit tells apart; class 0 is undeclared."""

    def __init__(self, column: Shares, sides: Sequence[Side]) -> None:
        self.column, self.sides = column, sides
        origins: list[Origin] = [(), *(((word, Fraction(1)),) for word in column.words)]
        marks = [tuple(_mark(origin, side) for side in sides) for origin in origins]
        self._kinds = list(dict.fromkeys(marks))
        self._class = np.array([self._kinds.index(mark) for mark in marks], dtype=np.intp)
        self.count = len(self._kinds)
        self.apart = np.array(sorted(column.apart), dtype=np.int64)

    def counted(self, side: int, how: str) -> list[int]:
        """The classes that count in a part, in the rest, or are open."""
        return [place for place, kind in enumerate(self._kinds) if kind[side] == how]

    def of(self, lo: int, hi: int) -> Sums:
        """The sums of rows `lo` to `hi`."""
        column, rows = self.column, hi - lo
        offsets = column.offsets[lo : hi + 1]
        first, last = int(offsets[0]), int(offsets[-1])
        counts = np.diff(offsets)
        # By class and, within it, by row, so that each class's sums are neighbours.
        place = (self._class * rows).take(column.codes[first:last])
        place += np.repeat(np.arange(rows), counts)
        low = self._summed(place, column.low[first:last], rows)
        high = low if column.high is column.low else self._summed(place, column.high[first:last], rows)
        total = float(high.sum(axis=0).max()) if rows else 0.0
        # Adding m amounts below 2**53 is exact; else each conversion and each addition may round once.
        longest = int(counts.max()) if rows else 0
        return Sums(low, high, 0.0 if total < EXACT else (longest + self.count + 2) * _ROUND)

    def _summed(self, place: NDArray[np.intp], values: NDArray[np.int64], rows: int) -> Floats:
        return np.bincount(place, weights=values, minlength=self.count * rows).reshape(self.count, rows)


def _mark(origin: Origin, side: Side) -> str:
    """Where an amount of this origin counts: what holds of one purchase holds here."""
    members, others = side
    parts = split({origin: ONE}, members, others=others)
    return PART if parts.inside.high else REST if parts.outside.high else OPEN


def share(summed: Classes, side: int, limit: Fraction, *, at_most: bool) -> Callable[[Sums, int, int], Statuses]:
    """Whether the part that a limit counts keeps it in the whole, on the linear form (§4)."""
    n, d = limit.numerator, limit.denominator
    part, rest, open_ = (summed.counted(side, how) for how in (PART, REST, OPEN))
    members, others = summed.sides[side]

    def decided(sums: Sums, lo: int, hi: int) -> Statuses:
        low_part, low_rest = _sum(sums.low, part), _sum(sums.low, rest)
        high_part, high_rest = (
            (low_part, low_rest) if sums.high is sums.low else (_sum(sums.high, part), _sum(sums.high, rest))
        )
        undeclared = _sum(sums.high, open_)
        worst = (high_part + undeclared) * float(d - n) - low_rest * float(n)
        best = low_part * float(d - n) - (high_rest + undeclared) * float(n)
        total = high_part + high_rest + undeclared
        certain, possible = (worst <= 0, best <= 0) if at_most else (best >= 0, worst >= 0)
        result = corners(certain, possible)
        if not total.all():
            result[total == 0] = S.NOT_APPLICABLE
        for row in _doubtful(summed, sums, total, worst, best, max(abs(n), d), lo, hi):
            parts = split(summed.column.composition(row + lo), members, others=others)
            if parts.total.high == 0:
                result[row] = S.NOT_APPLICABLE
                continue
            ends = worst_excess(parts, limit), best_excess(parts, limit)
            result[row] = _corner(*(end <= 0 for end in ends)) if at_most else _corner(ends[1] >= 0, ends[0] >= 0)
        if summed.column.stated is not None:
            stated = summed.column.stated[lo:hi]
            result *= stated
            result |= (~stated).view(np.int8)
        return result

    return decided


def _sum(sums: Floats, classes: Sequence[int]) -> Floats:
    result = sums[classes[0]] if classes else np.zeros(sums.shape[1])
    for place in classes[1:]:
        result = result + sums[place]
    return result


def _doubtful(
    summed: Classes, sums: Sums, total: Floats, worst: Floats, best: Floats, factor: int, lo: int, hi: int
) -> list[int]:
    """Rows, counted from `lo`, that floats do not decide: too long, too near to the limit, or set apart."""
    apart = summed.apart
    rows = (apart[np.searchsorted(apart, lo) : np.searchsorted(apart, hi)] - lo).tolist()
    if sums.error == 0.0 and (not total.size or float(total.max()) * 2 * factor < EXACT):
        return rows
    # A sum times d - n or n is at most 2 * factor times the total; products and their difference round once more.
    reach = total * (2.0 * factor) * (sums.error + 4 * _ROUND)
    near = (np.abs(worst) <= reach) | (np.abs(best) <= reach)
    near &= total * (2.0 * factor) >= EXACT / 2
    return sorted({*rows, *np.flatnonzero(near).tolist()})
