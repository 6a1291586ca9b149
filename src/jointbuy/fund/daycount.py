"""Lengths of periods in years, exactly, by day counts that bear the names of their standard.

30/360 (bond basis), 30E/360, ACT/360, ACT/365F and ACT/ACT ISDA: 2006 ISDA Definitions §4.16 (f), (g), (e), (d), (b).
ACT/ACT ICMA: ICMA Rule 251.1, which 2006 ISDA Definitions §4.16(c) names, with regular periods as reference.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from jointbuy.lending import DayCount


def fraction(count: DayCount, start: date, end: date, grid: Sequence[date] = (), months: int = 12) -> Fraction:
    """Years from `start` to `end`, which is not before it.

    `grid` are the days on which regular periods of `months` end, from at or before `start` to at or after `end`; only
    ACT/ACT ICMA looks at them. Raises ValueError where its grid does not reach so far.
    """
    actual = (end - start).days
    if count == "ACT/360":
        return Fraction(actual, 360)
    if count == "ACT/365F":
        return Fraction(actual, 365)
    if count == "ACT/ACT ISDA":
        return _isda(start, end)
    if count == "ACT/ACT ICMA":
        return _icma(start, end, grid, months)
    first, last = min(start.day, 30), end.day
    if count == "30E/360" or first == 30:
        last = min(last, 30)
    return Fraction(360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first, 360)


def _isda(start: date, end: date) -> Fraction:
    total = Fraction(0)
    for year in range(start.year, end.year + 1):
        began, ended = max(start, date(year, 1, 1)), min(end, date(year + 1, 1, 1))
        total += Fraction((ended - began).days, (date(year + 1, 1, 1) - date(year, 1, 1)).days)
    return total


def _icma(start: date, end: date, grid: Sequence[date], months: int) -> Fraction:
    if not grid or grid[0] > start or grid[-1] < end:
        raise ValueError("ACT/ACT ICMA needs the regular periods around what it counts")
    total = Fraction(0)
    first, last = bisect_right(grid, start) - 1, bisect_left(grid, end)
    for before, after in pairwise(grid[first : last + 1]):
        days = (min(end, after) - max(start, before)).days
        if days > 0:
            total += Fraction(days * months, (after - before).days * 12)
    return total
