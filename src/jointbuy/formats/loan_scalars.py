"""Values of loan.yaml and its tables: rates, which must bear their sign, signed amounts, days of the year."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import TypeVar

from jointbuy.formats import scalars
from jointbuy.formats.problems import listed, plain
from jointbuy.formats.scalars import Wrong
from jointbuy.lending import DAY_COUNTS, DayCount

W = TypeVar("W", bound=str)
_MOST = Fraction(1, 2)
_SIGNED = re.compile(r"(?P<number>[^%a-zA-Z]+?)\s*(?P<sign>%|bp)")
_DAY = re.compile(r"(\d{2})-(\d{2})")
_ALIASES = {
    "30/360 (bond basis)": "30/360",
    "bond basis": "30/360",
    "30u/360": "",
    "eurobond basis": "30E/360",
    "actual/360": "ACT/360",
    "actual/365 (fixed)": "ACT/365F",
    "act/365 (fixed)": "ACT/365F",
    "actual/365": "",
    "act/365": "",
    "act/act": "",
    "actual/actual": "",
    "actual/actual (isda)": "ACT/ACT ISDA",
    "act/act (isda)": "ACT/ACT ISDA",
    "actual/actual (icma)": "ACT/ACT ICMA",
    "act/act (icma)": "ACT/ACT ICMA",
    "act/act isma": "ACT/ACT ICMA",
}
"""Other names of day counts; an empty one means several of them, and is asked about."""


def rate(text: str) -> Fraction:
    """A rate a year as a part of one, with its sign: `3 %`, `-0.25 %`, `12 bp`. A number alone is asked about."""
    match = _SIGNED.fullmatch(text.strip())
    if match is None:
        number = scalars.number(text)
        shown = plain(number)
        if not number:
            raise Wrong("a rate is written with its sign", "write 0 %")
        do = f"write {shown} % or {plain(number * 100)} %, whichever is meant"
        raise Wrong(f"it may mean {shown} % or {plain(number * 100)} %, and is not guessed", do)
    found = scalars.number(match["number"]) / (100 if match["sign"] == "%" else 10_000)
    if abs(found) > _MOST:
        raise Wrong(f"it is beyond {plain(_MOST * 100)} % a year", "check its digits and its sign")
    return found


def positive(reader: Callable[[str], int]) -> Callable[[str], int]:
    """The same reader of an amount, which refuses nothing at all."""

    def read(text: str) -> int:
        if not (found := reader(text)):
            raise Wrong("it is nothing", "leave it out where there is none")
        return found

    return read


def word(options: Sequence[W]) -> Callable[[str], W]:
    """The reader of one of some words."""

    def read(text: str) -> W:
        found = scalars.choice(text, options)
        if found is None:
            raise Wrong("it is none of ours", scalars.one_of(options))
        return next(option for option in options if option == found)

    return read


def day_count(text: str) -> DayCount:
    """A day count by the name of its standard; a name that several bear is refused with all of them."""
    name = _ALIASES.get(" ".join(text.casefold().split()), text)
    if not name:
        raise Wrong("several day counts are called so", f"write which: {listed(DAY_COUNTS)}")
    return word(DAY_COUNTS)(name)


def months(text: str) -> int:
    """Months from one payment to the next."""
    if text not in {"1", "3", "6", "12"}:
        raise Wrong("payments are every 1, 3, 6 or 12 months", "write one of these")
    return int(text)


def day_of_year(text: str) -> tuple[int, int]:
    """A day of every year: month-day."""
    match = _DAY.fullmatch(text.strip())
    try:
        found = date(2027, int(match[1]), int(match[2])) if match else None
    except ValueError:
        found = None
    if found is None:
        raise Wrong("a day of the year is written month-day", "write it like 09-30; 29 February is none of every year")
    return found.month, found.day


def days(text: str) -> int:
    """A number of days, up to a year."""
    if not re.fullmatch(r"\d{1,3}", text) or int(text) > 366:
        raise Wrong("it is no number of days", "write digits, such as 60")
    return int(text)
