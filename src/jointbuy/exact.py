"""Exact numbers (conventions §3): decimals from text, ranges, and deciding a share against its limit.

A share is never computed by dividing one range by another. A limit n/d on
`part / whole` is decided on the linear form `d·part - n·whole`, whose largest and
smallest value over everything still open are found line by line (§4).
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_MAX_DIGITS, _MAX_EXPONENT = 60, 30


def _exponent(text: str) -> int:
    return abs(int(text.lower().partition("e")[2] or 0))


@dataclass(frozen=True, slots=True)
class Range:
    """An exact amount known to lie in [low, high]; a known amount has low == high.

    Most amounts are known, and then both ends are mostly one object: what is worked out for it once serves twice.
    """

    low: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        if self.low is not self.high and self.low > self.high:
            raise ValueError(f"a range from {self.low} down to {self.high}")

    def __add__(self, other: Range) -> Range:
        if self is ZERO:
            return other
        if other is ZERO:
            return self
        low = self.low + other.low
        same = self.low is self.high and other.low is other.high
        return Range(low, low if same else self.high + other.high)

    def times(self, factor: Fraction) -> Range:
        """The range scaled by a factor that is not negative."""
        if factor == 1 or self is ZERO:
            return self
        if not factor:
            return ZERO
        low = self.low * factor
        return Range(low, low if self.low is self.high else self.high * factor)

    def beyond(self, held: Range) -> Range:
        """What is left of it beyond what it holds, and nothing where that is more."""
        low = max(ZERO.low, self.low - held.high)
        same = self.low is self.high and held.low is held.high
        return Range(low, low if same else max(ZERO.low, self.high - held.low))

    @property
    def known(self) -> bool:
        """Whether the amount is one number."""
        return self.low is self.high or self.low == self.high


def exactly(value: Fraction | int) -> Range:
    """The range that holds one number."""
    one = Fraction(value)
    return Range(one, one)


ZERO = exactly(0)


class Sum:
    """Ranges times factors that are not negative, added up; brought to lowest terms once, and not for every term."""

    __slots__ = ("_high", "_low")

    def __init__(self) -> None:
        self._low: dict[int, int] = {}  # numerators by denominator: few are distinct
        self._high: dict[int, int] | None = None  # None while every amount is known

    def add(self, amount: Range, factor: Fraction = Fraction(1)) -> None:
        """One more term."""
        times, over = factor.as_integer_ratio()
        if self._high is None and amount.low is not amount.high:
            self._high = dict(self._low)
        for sums, end in ((self._low, amount.low), (self._high, amount.high)):
            if sums is not None:
                numerator, denominator = end.as_integer_ratio()
                denominator *= over
                sums[denominator] = sums.get(denominator, 0) + numerator * times

    def total(self) -> Range:
        """The sum, exactly."""
        low = _lowest_terms(self._low)
        return Range(low, low if self._high is None else _lowest_terms(self._high))


def _lowest_terms(sums: Mapping[int, int]) -> Fraction:
    found: Fraction | None = None
    for denominator, numerator in sums.items():
        one = Fraction(numerator, denominator)
        found = one if found is None else found + one
    return ZERO.low if found is None else found


def parse_decimal(text: str) -> Fraction:
    """A decimal or scientific number as written, exactly: `0.0034` is 34/10000.

    Raises ValueError for anything else, for more than 60 digits or an exponent beyond 30, and for `nan` or `inf`.
    """
    text = text.strip()
    if len(text) > _MAX_DIGITS or not _PLAIN.fullmatch(text) or _exponent(text) > _MAX_EXPONENT:
        raise ValueError(f"not a plain decimal number: {text[:_MAX_DIGITS]}")
    digits = text.replace(".", "", 1)
    if digits.isdecimal():  # nearly always, and twice as fast
        return Fraction(int(digits), 10 ** (len(text) - 1 - text.index(".")) if "." in text else 1)
    return Fraction(text)


@dataclass(frozen=True, slots=True)
class Choice:
    """A place that a share may come from: up to `most` of it, from any of `countries` or, where none is named, any.

    `name` is as in a bill: `DE`, `DE/US` for one or the other, a group such as `EU`, nothing for what is undeclared.
    """

    name: str
    countries: tuple[str, ...]
    most: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Among:
    """Where a share comes from when that is declared in part: from these places, how much from each is open."""

    choices: tuple[Choice, ...]

    def __str__(self) -> str:
        names = [name or "undeclared" for choice in self.choices for name in choice.name.split("/")]
        if len(names) == 1:
            return f"{names[0]}, country not declared" if self.choices[0].countries[1:] else names[0]
        return f"{', '.join(names[:-1])} or {names[-1]}"

    @property
    def countries(self) -> tuple[str, ...]:
        """Every country that it may be from, where these are named."""
        return tuple(dict.fromkeys(country for choice in self.choices for country in choice.countries))

    def within(self, members: Container[str]) -> tuple[Fraction, Fraction]:
        """The least and the most of the share that may be from the members, exactly."""
        surely = maybe = Fraction(0)
        for choice in self.choices:
            inside = [country in members for country in choice.countries]
            if not inside or any(inside):
                maybe += choice.most
            if not inside or not all(inside):
                surely += choice.most
        return max(Fraction(0), 1 - surely), min(Fraction(1), maybe)


Place: TypeAlias = str | Among


def named(place: Place) -> str:
    """What a bill calls a place: `DE`, or `DE/US` for one or the other."""
    return place if isinstance(place, str) else "/".join(choice.name or "?" for choice in place.choices)


def countries_of(place: Place) -> tuple[str, ...]:
    """Every country that a place names."""
    return (place,) if isinstance(place, str) else place.countries


Origin: TypeAlias = tuple[tuple[Place, Fraction], ...]
"""Shares of an amount by where it comes from; what is missing to one is undeclared, all of it where there are none."""
ADDED: Origin = (("", Fraction(1)),)
"""Value that is no component: it counts in the whole, and neither as from inside nor as from outside."""
BY_ABSORPTION = "inside, by absorption"


def whole(name: str, countries: tuple[str, ...]) -> Origin:
    """An origin that is all from some countries, no matter which."""
    return ((Among((Choice(name, countries),)), Fraction(1)),)


Composition: TypeAlias = Mapping[Origin, Range]
"""Amounts by how they are shared among countries, in one unit."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A whole split into what is certainly in a part, certainly not, and not known (same unit each).

    `mixed` holds amounts of uncertain size whose split is fixed: (share in the part, share not
    known, amount). Their portions rise and fall together, so they stand apart.
    """

    inside: Range
    outside: Range
    open: Range
    mixed: tuple[tuple[Fraction, Fraction, Range], ...] = ()

    @property
    def total(self) -> Range:
        """The whole."""
        whole = self.inside + self.outside + self.open
        for _, _, amount in self.mixed:
            whole = whole + amount
        return whole


def divided(origin: Origin, members: Container[str]) -> tuple[Fraction, Fraction, Fraction]:
    """The shares of an origin that are from the members for certain, for certain not, and open.

    A share among several countries is open only where some of these are members and some are not.
    """
    inside = outside = Fraction(0)
    for place, share in origin:
        if isinstance(place, Among):
            least, most = place.within(members)
            inside, outside = inside + share * least, outside + share * (1 - most)
        elif place in members:
            inside += share
        else:
            outside += share
    return inside, outside, 1 - inside - outside


def undeclared(origin: Origin) -> Fraction:
    """The share of which nothing is declared."""
    return 1 - sum((share for _, share in origin), Fraction(0))


def unsettled(origin: Origin) -> Fraction:
    """The share of which no one country is declared."""
    return 1 - sum((share for place, share in origin if isinstance(place, str)), Fraction(0))


def split(composition: Composition, members: Container[str], *, others: bool = False) -> Parts:
    """A composition as from the members, not from them, and open; `others` swaps the first two."""
    ends, mixed = (Sum(), Sum(), Sum()), []
    for origin, amount in composition.items():
        inside, outside, unknown = divided(origin, members)
        part, rest = (outside, inside) if others else (inside, outside)
        shares = (part, rest, unknown) if origin != ADDED else (Fraction(0), Fraction(1), Fraction(0))
        if amount.known or 1 in shares:
            for end, share in zip(ends, shares, strict=True):
                if share:
                    end.add(amount, share)
        else:
            mixed.append((part, unknown, amount))
    return Parts(ends[0].total(), ends[1].total(), ends[2].total(), tuple(mixed))


def assumed(parts: Parts, *, counts: bool) -> Parts:
    """The parts with what is open taken to be in the part, or not to be."""
    inside, outside = (
        (parts.inside + parts.open, parts.outside) if counts else (parts.inside, parts.outside + parts.open)
    )
    mixed = tuple((part + unknown if counts else part, Fraction(0), amount) for part, unknown, amount in parts.mixed)
    return Parts(inside, outside, ZERO, mixed)


def bounded(composition: Composition) -> bool:
    """Whether its amounts are bounds only: it is by absorption, which is not monotone, and they are ranges."""
    names = {named(place) for origin in composition for place, _ in origin}
    return BY_ABSORPTION in names and not all(amount.known for amount in composition.values())


def worst_excess(parts: Parts, limit: Fraction) -> Fraction:
    """Largest value of `d·part - n·whole` for `limit` = n/d, over all completions.

    `part` is `parts.inside`. Each amount takes its own worst corner: what counts in the part at its
    high end, what does not at its low end, what is open counts in.
    """
    n, d = limit.numerator, limit.denominator
    excess = (d - n) * (parts.inside.high + parts.open.high) - n * parts.outside.low
    for part, unknown, amount in parts.mixed:
        weight = d * (part + unknown) - n
        excess += weight * (amount.high if weight > 0 else amount.low)
    return excess


def best_excess(parts: Parts, limit: Fraction) -> Fraction:
    """Smallest value of `d·part - n·whole` over all completions; see `worst_excess`."""
    n, d = limit.numerator, limit.denominator
    excess = (d - n) * parts.inside.low - n * (parts.outside.high + parts.open.high)
    for part, _, amount in parts.mixed:
        weight = d * part - n
        excess += weight * (amount.low if weight > 0 else amount.high)
    return excess


def share_range(parts: Parts) -> Range | None:
    """Lowest and highest possible share of `parts.inside` in the whole; None when the whole may be nothing."""
    highest = [(Fraction(1), parts.inside), (Fraction(1), parts.open), (Fraction(0), parts.outside)]
    highest += [(part + unknown, amount) for part, unknown, amount in parts.mixed]
    lowest = [(Fraction(1), parts.inside), (Fraction(0), parts.open), (Fraction(0), parts.outside)]
    lowest += [(part, amount) for part, _, amount in parts.mixed]
    high = _extreme(highest)
    low = _extreme([(1 - share, amount) for share, amount in lowest])
    return None if low is None or high is None else Range(1 - low, high)


def _extreme(pieces: Sequence[tuple[Fraction, Range]]) -> Fraction | None:
    """Highest average share when each amount may lie anywhere in its range; None when all may be nothing.

    What lies above the average counts at its high end, the rest at its low end; the average is
    raised until nothing changes (Dinkelbach 1967), which takes few steps and is exact.
    """
    average = Fraction(0)
    while True:
        sized = [(share, amount.high if share > average else amount.low) for share, amount in pieces]
        whole = sum((size for _, size in sized), Fraction(0))
        if not whole:
            return None
        raised = sum((share * size for share, size in sized), Fraction(0)) / whole
        if raised <= average:
            return average
        average = raised


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
        if apart_from is None or share == apart_from or not _reads_as(text, apart_from, places):
            return f"{text} %"
    return f"{share.numerator}/{share.denominator}"


def _reads_as(text: str, share: Fraction, places: int) -> bool:
    """Whether a share in per cent, written with so many decimals, reads as exactly this one."""
    units: int = 10 ** (places + 2)
    return int(text.replace(".", "")) * share.denominator == share.numerator * units


def decimal(number: Fraction, places: int) -> str:
    """A number with so many decimals, rounded half away from zero; for display only."""
    over = number.denominator
    scaled = (2 * abs(number.numerator) * 10**places + over) // (2 * over)
    digits = f"{scaled:0{places + 1}d}"
    sign = "-" if number < 0 and scaled else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def widened(value: Range, places: int) -> tuple[str, str]:
    """Both ends of a range with so many decimals: the low one rounded down, the high one up; for display only.

    What is shown holds all that is meant; rounded to the nearest it would leave some of it out.
    """
    scale = 10**places
    return (
        decimal(Fraction(value.low * scale // 1, scale), places),
        decimal(Fraction(-(-value.high * scale // 1), scale), places),
    )
