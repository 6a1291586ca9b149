"""Closing days, business-day conventions and steps of months.

T2 (the successor of TARGET2) is closed on Saturdays, Sundays, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26
December: the ECB's long-term calendar of 14 December 2000, from 2002 on. Conventions are those of ISDA 2006 §4.12.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from jointbuy.lending import Calendar, Convention

FIRST_YEAR = 2002
"""From which on the long-term calendar holds; before, other days were closed."""
_DAY = timedelta(days=1)
_SATURDAY = 5


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, Astronomical Algorithms, ch. 8, after Butcher 1876)."""
    golden, century, rest = year % 19, year // 100, year % 100
    shift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - century // 4 - shift + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=512)
def _closed(year: int) -> frozenset[date]:
    sunday = easter(year)
    fixed = ((1, 1), (5, 1), (12, 25), (12, 26))
    return frozenset({sunday - 2 * _DAY, sunday + _DAY, *(date(year, month, day) for month, day in fixed)})


def is_open(day: date, calendar: Calendar) -> bool:
    """Whether payments are made on a day."""
    return day.weekday() < _SATURDAY and (calendar == "weekends" or day not in _closed(day.year))


def adjusted(day: date, convention: Convention, calendar: Calendar) -> date:
    """The day moved to one on which payments are made; as it is under "none"."""
    if convention == "none" or is_open(day, calendar):
        return day
    ahead = not convention.endswith("preceding")
    moved = _next(day, calendar, _DAY if ahead else -_DAY)
    if convention.startswith("modified") and moved.month != day.month:
        moved = _next(day, calendar, -_DAY if ahead else _DAY)
    return moved


def _next(day: date, calendar: Calendar, step: timedelta) -> date:
    while not is_open(day, calendar):
        day += step
    return day


def months_after(day: date, months: int) -> date:
    """So many months later, or earlier where negative; the last day of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - _DAY).day
    return date(year, month + 1, min(day.day, last))
