"""The two ways in which the numbers of a large bill are computed: as floats, and as residues modulo a prime.

Both are arrays with the same operations, so that what is added up is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jointbuy import kernels
from jointbuy.content.columns import Columns
from jointbuy.residues import residue

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Numbers as floats, or as residues modulo `prime`."""

    prime: int | None = None

    @property
    def kind(self) -> type[np.generic]:
        """The type of the arrays."""
        return np.float64 if self.prime is None else np.uint64

    def ratios(self, numerator: NDArray[np.int64], denominator: int) -> Array:
        """Whole numbers over one denominator."""
        if self.prime is None:
            return numerator / denominator
        return self.times((numerator % self.prime).astype(np.uint64), self.fractions([Fraction(1, denominator)])[0])

    def fractions(self, values: Sequence[Fraction]) -> Array:
        """A few exact numbers."""
        if self.prime is None:
            return np.array([float(value) for value in values])
        return np.array([residue(value, self.prime) for value in values], np.uint64)

    def times(self, one: Array, other: Array) -> Array:
        """Products."""
        return self._reduced(one * other)

    def plus(self, one: Array, other: Array) -> Array:
        """Sums."""
        return self._reduced(one + other)

    def less(self, one: Array, other: Array) -> Array:
        """Differences."""
        return one - other if self.prime is None else (one + np.uint64(self.prime) - other) % np.uint64(self.prime)

    def _reduced(self, value: Array) -> Array:
        return value if self.prime is None else value % np.uint64(self.prime)

    def run(self, in_floats: Callable[..., Array], modulo: Callable[..., Array], *arguments: Any) -> Array:
        """The kernel for this kind of numbers."""
        return in_floats(*arguments) if self.prime is None else modulo(*arguments, np.uint64(self.prime))


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a bill, as arrays.

    `quantity` by edge; `awarded` and `prices` (low and high, or one where they are alike) by source; `rates` by
    currency; `made`, what the parts of each part cost, by part and currency x end.
    """

    arithmetic: Arithmetic
    quantity: Array
    awarded: Array
    prices: tuple[Array, ...]
    rates: Array
    made: Array

    def worth(self, source: Array, column: Array, cols: Columns, end: int) -> Array:
        """What each entry is worth in the contract's currency, by what its column says (`large.Entries`)."""
        do, found = self.arithmetic, np.zeros(source.size, self.arithmetic.kind)
        made = np.flatnonzero(column >= 0)
        which = column[made]
        cost = self.made[cols.part[source[made]], which * len(self.prices) + end]
        found[made] = do.times(cost, self.rates[which])
        bought = np.flatnonzero(column < 0)
        found[bought] = self.price(source[bought], cols, end)
        own = np.flatnonzero(column == OWN)
        below = self.spent(cols.part[source[own]], len(self.prices) - 1 - end)
        found[own] = do.less(found[own], below)
        return found

    def price(self, source: Array, cols: Columns, end: int) -> Array:
        """Prices in the contract's currency."""
        return self.arithmetic.times(self.prices[end][source], self.rates[cols.currency[source]])

    def spent(self, part: Array, end: int) -> Array:
        """What the parts of parts cost in the contract's currency."""
        do, found = self.arithmetic, np.zeros(part.size, self.arithmetic.kind)
        for currency, rate in enumerate(self.rates):
            found = do.plus(found, do.times(self.made[part, currency * len(self.prices) + end], rate))
        return found

    def exploded(self, cols: Columns, passes: Array, root: int) -> Array:
        """How many of each part stand in a root."""
        graph = cols.graph
        arguments = (graph.start, graph.child, graph.order, self.quantity, passes, root)
        return self.arithmetic.run(kernels.exploded, kernels.exploded_modulo, *arguments)


PRICE, OWN = -1, -2
"""What an entry is worth, beside what the parts cost in a currency (from 0): its price, or its price less its parts."""


def numbers(cols: Columns, making: NDArray[np.bool_], prime: int | None = None) -> Numbers:
    """The numbers of a bill in floats, or modulo a prime; the cost of a part counts in what it is in where `making`."""
    do, ends = Arithmetic(prime), 2 if cols.ranged else 1
    prices = tuple(do.ratios(end, cols.price_per) for end in (cols.low, cols.high)[:ends])
    known = Numbers(
        arithmetic=do,
        quantity=do.ratios(cols.quantity, cols.per),
        awarded=do.ratios(cols.awarded, cols.awarded_per),
        prices=prices,
        rates=do.fractions(cols.rates),
        made=np.zeros((0, 0)),
    )
    bought, share = _bought(cols, known)
    graph = cols.graph
    arguments = (graph.start, graph.child, graph.order, known.quantity, making, bought, share)
    return replace(known, made=do.run(kernels.made_of, kernels.made_of_modulo, *arguments))


def _bought(cols: Columns, known: Numbers) -> tuple[Array, Array]:
    """Cost of one part from suppliers with a price, by currency x end, and the share awarded to those without."""
    do, ends = known.arithmetic, len(known.prices)
    bought = np.zeros((cols.graph.parts, len(cols.currencies) * ends), do.kind)
    priced = np.flatnonzero(cols.low >= 0)
    for end, price in enumerate(known.prices):
        cost = do.times(price[priced], known.awarded[priced])
        np.add.at(bought, (cols.part[priced], cols.currency[priced] * ends + end), cost)
    share = (cols.first[:-1] == cols.first[1:]).astype(do.kind)  # what has no source at all is made of its parts
    unpriced = np.flatnonzero(cols.low < 0)
    np.add.at(share, cols.part[unpriced], known.awarded[unpriced])
    return (bought, share) if do.prime is None else (bought % np.uint64(do.prime), share % np.uint64(do.prime))
