"""Exact numbers (conventions §3): decimals from text, ranges, and deciding a share against its limit.

A share is never computed by dividing one range by another. A limit n/d on
`part / whole` is decided on the linear form `d·part - n·whole`, whose largest and
smallest value over everything still open are found line by line (§4).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_MAX_DIGITS = 60


@dataclass(frozen=True, slots=True)
class Range:
    """An exact amount known to lie in [low, high]; a known amount has low == high."""

    low: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"a range from {self.low} down to {self.high}")

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def times(self, factor: Fraction) -> Range:
        """The range scaled by a factor that is not negative."""
        return Range(self.low * factor, self.high * factor)

    @property
    def known(self) -> bool:
        """Whether the amount is one number."""
        return self.low == self.high


ZERO = Range(Fraction(0), Fraction(0))


def exactly(value: Fraction | int) -> Range:
    """The range that holds one number."""
    return Range(Fraction(value), Fraction(value))


def parse_decimal(text: str) -> Fraction:
    """A decimal or scientific number as written, exactly: `0.0034` is 34/10000.

    Raises ValueError for anything else, for more than 60 digits, and for `nan` or `inf`.
    """
    text = text.strip()
    if len(text) > _MAX_DIGITS or not _PLAIN.fullmatch(text):
        raise ValueError(f"not a plain decimal number: {text[:_MAX_DIGITS]}")
    return Fraction(text)


@dataclass(frozen=True, slots=True)
class Parts:
    """A whole split into what is certainly in a part, certainly not, and not known (same unit each)."""

    inside: Range
    outside: Range
    open: Range

    @property
    def total(self) -> Range:
        """The whole."""
        return self.inside + self.outside + self.open


def worst_excess(parts: Parts, limit: Fraction) -> Fraction:
    """Largest value of `d·part - n·whole` for `limit` = n/d, over all completions.

    `part` is `parts.inside`. Each amount takes its own worst corner: what counts in the
    part at its high end, what does not at its low end, what is open counts in.
    """
    n, d = limit.numerator, limit.denominator
    return (d - n) * (parts.inside.high + parts.open.high) - n * parts.outside.low


def best_excess(parts: Parts, limit: Fraction) -> Fraction:
    """Smallest value of `d·part - n·whole` over all completions; see `worst_excess`."""
    n, d = limit.numerator, limit.denominator
    return (d - n) * parts.inside.low - n * (parts.outside.high + parts.open.high)


def share_range(parts: Parts) -> Range | None:
    """Lowest and highest possible share of `parts.inside` in the whole; None when the whole may be nothing.

    A share rises with the part and falls with the rest, so its ends lie at corners.
    """
    most = parts.inside.high + parts.open.high
    least_rest, most_rest = parts.outside.low, parts.outside.high + parts.open.high
    if most + least_rest == 0 or parts.inside.low + most_rest == 0:
        return None
    return Range(parts.inside.low / (parts.inside.low + most_rest), most / (most + least_rest))


def per_cent(share: Fraction | Range, apart_from: Fraction | None = None) -> str:
    """A share or range of shares for people: `34.98 %`, `21.40 to 23.05 %`. For display only.

    Two decimals, and more where rounding would otherwise show a different number as `apart_from`:
    one cent over a limit never reads as the limit.
    """
    if isinstance(share, Range):
        if share.known:
            return per_cent(share.low, apart_from)
        return f"{per_cent(share.low, apart_from)[:-2]} to {per_cent(share.high, apart_from)}"
    for places in (2, 4, 8, 16):
        text = decimal(share * 100, places)
        if apart_from is None or share == apart_from or Fraction(text) != apart_from * 100:
            return f"{text} %"
    return f"{share.numerator}/{share.denominator}"


def decimal(number: Fraction, places: int) -> str:
    """A number with so many decimals, rounded half away from zero; for display only."""
    scaled = int(abs(number) * 10**places + Fraction(1, 2))
    digits = f"{scaled:0{places + 1}d}"
    sign = "-" if number < 0 and scaled else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
