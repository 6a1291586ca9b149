"""One written value to one exact value: numbers, money, shares, dates, countries, words.

Each function takes the text as written and raises `Wrong`, which says why it cannot be
read and what to write instead; who calls knows the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from jointbuy.exact import parse_decimal
from jointbuy.formats.problems import listed
from jointbuy.money import DIGITS

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ _\u00a0\u202f]\d{3})+(?:\.\d*)?")
_BLANKS = str.maketrans("", "", " _\u00a0\u202f")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WITH_CURRENCY = re.compile(r"(?P<before>[A-Za-z]{3})?\s*(?P<number>[^A-Za-z]+?)\s*(?P<after>[A-Za-z]{3})?")
_LONGEST = 80
_YEARS = range(1900, 2200)
"""Whatever lies outside is a slip of the hand: a two-digit year, a digit too many."""
_SYMBOLS = {"€": "EUR", "£": "GBP", "zł": "PLN"}
_TRUTH: dict[str, bool | None] = {"yes": True, "true": True, "no": False, "false": False, "unknown": None}


class Wrong(ValueError):
    """A value that cannot be read: why, and what to do."""

    def __init__(self, why: str, do: str = "") -> None:
        self.why, self.do = why, do
        super().__init__(why)


def number(text: str) -> Fraction:
    """A number as written, exactly; blanks or underscores may part thousands, a comma may not."""
    plain = text.strip()
    if _GROUPED.fullmatch(plain):
        plain = plain.translate(_BLANKS)
    if "," in plain:
        raise Wrong("a comma may mark decimals or thousands", "write 1234.56, with a point and no comma")
    try:
        return parse_decimal(plain)
    except ValueError:
        raise Wrong("it is not a number", "write digits with a decimal point, such as 1234.56") from None


def share(text: str) -> Fraction:
    """A percentage, with or without its sign, as a part of one: `35 %` is 35/100."""
    percent = number(text.strip().removesuffix("%"))
    if not 0 <= percent <= 100:
        raise Wrong("a share lies between 0 and 100 per cent")
    return percent / 100


def currency(text: str) -> str:
    """An ISO 4217 code."""
    code = _SYMBOLS.get(text.strip(), text.strip().upper())
    if code not in DIGITS:
        raise Wrong("it is not a currency code of ISO 4217", "write three letters, such as EUR, CAD or PLN")
    return code


def amount(text: str) -> tuple[Fraction, str | None]:
    """An amount in whole units and the currency written with it, if any: `12000000 USD`."""
    match = _WITH_CURRENCY.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if not match or (match["before"] and match["after"]):
        raise Wrong("it is not an amount", "write a number, or a number and a currency such as 12000000 EUR")
    code = match["before"] or match["after"]
    return number(match["number"]), currency(code) if code else None


def day(text: str) -> date:
    """A date written year-month-day (ISO 8601)."""
    if not _ISO_DAY.fullmatch(text.strip()):
        raise Wrong(
            "a date is written year-month-day, because 03/04 is March to some and April to others",
            "write it like 2026-02-14",
        )
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise Wrong("there is no such day in the calendar", "write it like 2026-02-14") from None
    if found.year not in _YEARS:
        raise Wrong(f"no purchase has to do with the year {found.year}", "write it like 2026-02-14")
    return found


def truth(text: str) -> bool | None:
    """Yes, no, or unknown (None)."""
    word = text.strip().casefold()
    if word not in _TRUTH:
        raise Wrong("it is neither yes nor no", "write yes, no or unknown")
    return _TRUTH[word]


def choice(text: str, options: Iterable[str]) -> str | None:
    """The option that was written, whatever its capitals; None when it is none of them."""
    folded = " ".join(text.casefold().replace("_", " ").split())
    return next((option for option in options if option.casefold() == folded), None)


def one_of(options: Iterable[str]) -> str:
    """The advice that lists what may be written."""
    return f"write one of: {listed(list(options), most=20)}"
