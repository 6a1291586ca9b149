"""Money: integer minor units with a currency (conventions §2). Minor-unit digits follow ISO 4217."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

_DIGITS_NOT_TWO = {
    "BHD": 3, "BIF": 0, "CLF": 4, "CLP": 0, "DJF": 0, "GNF": 0, "IQD": 3, "ISK": 0, "JOD": 3,
    "JPY": 0, "KMF": 0, "KRW": 0, "KWD": 3, "LYD": 3, "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3,
    "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip
_DIGITS_TWO = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG
HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU
MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR
SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES
WST XCD YER ZAR ZMW ZWG
""".split()
DIGITS = dict.fromkeys(_DIGITS_TWO, 2) | _DIGITS_NOT_TWO
"""Decimal digits of each currency's minor unit, by ISO 4217 code."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in integer minor units (cents) of one currency."""

    minor: int
    currency: str

    @property
    def major(self) -> Fraction:
        """The exact amount in whole units of the currency."""
        return Fraction(self.minor, 10 ** DIGITS[self.currency])


def to_money(amount: Fraction, currency: str) -> Money:
    """An amount in whole units as money. Raises ValueError when it has a part of a minor unit."""
    minor = amount * 10 ** DIGITS[currency]
    if minor.denominator != 1:
        raise ValueError(f"{amount} {currency} is not a whole number of minor units")
    return Money(minor.numerator, currency)


def rounded_minor(amount: Fraction, currency: str) -> int:
    """An amount in whole units rounded to minor units, half away from zero; for display only."""
    scaled = abs(amount) * 10 ** DIGITS[currency]
    minor = int(scaled + Fraction(1, 2))
    return minor if amount >= 0 else -minor


def margin_minor(amount: Fraction, currency: str) -> int:
    """A margin in whole minor units, rounded down: a limit missed by a hair is missed by a cent, never by nothing."""
    scaled = amount * 10 ** DIGITS[currency]
    return int(scaled // 1)


def split(minor: int, weights: Sequence[int | Fraction]) -> tuple[int, ...]:
    """An amount in minor units shared out by weights, so that the parts add up to it (§2).

    Each part is its exact share rounded down or up; the largest remainders are rounded up, the first of equal ones
    first. A negative amount is shared out like its opposite. Raises ValueError for no weight above 0, or one below.
    """
    whole = sum(weights, Fraction(0))
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("an amount is shared out by weights of which one is above 0 and none below")
    exact = [abs(minor) * Fraction(weight) / whole for weight in weights]
    parts = [int(share) for share in exact]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: abs(minor) - sum(parts)]:
        parts[place] += 1
    return tuple(parts if minor >= 0 else [-part for part in parts])
