"""Loans under scenarios of their rates: by how much all rates are raised, and the interest that follows.

Money is whole minor units, rates are exact parts of one a year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from jointbuy.errors import Where


@dataclass(frozen=True, slots=True)
class Shift:
    """A scenario: all rates of all loans are `by` higher than stated, lower where it is below zero."""

    name: str
    by: Fraction
    where: Where


@dataclass(frozen=True, slots=True)
class Lent:
    """One of the loans: what it is called, where it stands, its currency, and what is drawn in minor units."""

    id: str
    folder: str
    currency: str
    drawn: int


@dataclass(frozen=True, slots=True)
class Shifted:
    """The interest of every loan as stated and under every scenario, each rounded as its schedule is.

    Attributes:
        stated: (loans,) minor units.
        interest: by scenario, then by loan: (shifts, loans) minor units.
        digests: of the files, of the law, and of the facts the loans were held against.
    """

    loans: tuple[Lent, ...]
    shifts: tuple[Shift, ...]
    stated: tuple[int, ...]
    interest: tuple[tuple[int, ...], ...]
    digests: Mapping[str, str]

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of the loans; sums are by currency, never converted."""
        return tuple(sorted({each.currency for each in self.loans}))

    def total(self, interest: tuple[int, ...], currency: str) -> int:
        """The sum over the loans in a currency, minor units."""
        return sum(each for each, loan in zip(interest, self.loans, strict=True) if loan.currency == currency)
