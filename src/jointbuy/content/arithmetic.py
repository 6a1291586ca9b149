"""What the parts of a large bill cost and how many of them there are: in floats, and in residues modulo primes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from jointbuy import kernels, modular
from jointbuy.content.columns import Codes, Columns, Integers
from jointbuy.modular import OWN
from jointbuy.residues import residue

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Residues = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Entries:
    """Amounts: of a `source`, worth what `column` says, as often as `holder` (a row) stands in the product.

    `column` is a currency (what the parts cost in it), PRICE, or OWN: the price less what the parts cost. `edge` is
    -1, or the use by which the part stands in its holder.
    """

    source: Codes
    column: Codes
    holder: Codes
    edge: Codes

    def __getitem__(self, chosen: Flags | slice) -> Entries:
        return Entries(self.source[chosen], self.column[chosen], self.holder[chosen], self.edge[chosen])

    @classmethod
    def all_of(cls, several: Sequence[Entries]) -> Entries:
        """Entries one after another."""
        each = (np.concatenate([getattr(one, name) for one in several]) for name in cls.__slots__)
        return cls(*each)


# --- in floats --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a bill as floats.

    `quantity` by edge; `awarded` and `prices` (low and high, or one where they are alike; below 0 where none is stated)
    by source, in the contract's currency; `rates` by currency; `made`, what the parts of each part cost, by row that is
    made of others, and currency x end; `made_share`, what is awarded to sources that state no price, by row.
    """

    quantity: Floats
    awarded: Floats
    prices: tuple[Floats, ...]
    rates: Floats
    made: Floats
    made_share: Floats

    def worth(self, entries: Entries, cols: Columns, end: int) -> Floats:
        """What each entry is worth in the contract's currency, for one of its part."""
        source, column = entries.source, entries.column
        found = self.prices[end][source]
        made = np.flatnonzero(column >= 0)
        which = column[made]
        found[made] = self.made[cols.part[source[made]], which * len(self.prices) + end] * self.rates[which]
        own = np.flatnonzero(column == OWN)
        found[own] -= self.spent(cols.part[source[own]], len(self.prices) - 1 - end)
        return found

    def spent(self, row: Codes, end: int) -> Floats:
        """What the parts of parts cost in the contract's currency."""
        found = np.zeros(row.size)
        made = np.flatnonzero(row < len(self.made))
        found[made] = self.made[row[made], end :: len(self.prices)] @ self.rates
        return found

    def exploded(self, cols: Columns, passes: Flags, root: int) -> Floats:
        """How many of each row stand in a root."""
        number: Floats = kernels.exploded(cols.graph.start, cols.graph.child, self.quantity, passes, root)
        return number


def numbers(cols: Columns, making: Flags) -> Numbers:
    """The numbers of a bill in floats; the cost of a row counts in what it is in where `making`."""
    graph, ends = cols.graph, (cols.low, cols.high)[: 2 if cols.ranged else 1]
    rates, awarded = np.array([float(rate) for rate in cols.rates]), cols.awarded / cols.awarded_per
    stated = [end / cols.price_per for end in ends]
    priced = cols.low >= 0
    share = (cols.first[:-1] == cols.first[1:]).astype(np.float64)  # what has no source at all is made of its parts
    share += np.bincount(cols.part[~priced], awarded[~priced], minlength=share.size)
    counted = np.where(priced & making[cols.part], awarded, 0.0)
    quantity = cols.quantity / cols.per
    made = kernels.made_of(
        graph.start,
        graph.middle,
        graph.child,
        quantity,
        cols.first,
        cols.currency * np.int32(len(ends)),
        np.stack([price * counted for price in stated], axis=1),
        np.where(making, share, 0.0)[: graph.made],
        len(rates) * len(ends),
    )
    rate = rates[cols.currency]
    return Numbers(quantity, awarded, tuple(price * rate for price in stated), rates, made, share)


# --- exactly ----------------------------------------------------------------------------------


class Exact:
    """The numbers of a bill modulo primes; see `modular`. As `numbers` otherwise."""

    def __init__(self, cols: Columns, making: Flags, primes: Sequence[int]) -> None:
        self._cols, self._primes, self._making = cols, np.array(primes, np.uint64), making
        self._ends = (cols.low, cols.high)[: 2 if cols.ranged else 1]
        self._scratch: Residues | None = None
        scale, price_scale, awarded_scale = (
            self._of([Fraction(1, denominator)])[0] for denominator in (cols.per, cols.price_per, cols.awarded_per)
        )
        self._scale, self._awarded_scale = scale, awarded_scale
        self._rates, self._price_rates = self._of(cols.rates), self._of([r / cols.price_per for r in cols.rates])
        graph, several = cols.graph, int(np.diff(cols.first).max(initial=1))
        self._light = modular.light(graph.start, graph.child, cols.quantity, several)
        costs = modular.costs(np.stack(self._ends), cols.awarded, price_scale, awarded_scale, self._primes)
        self._share = modular.shares(graph.made, cols.first, cols.low, cols.awarded, awarded_scale, self._primes)
        self._made = modular.made_of(
            graph.start,
            graph.middle,
            graph.child,
            cols.quantity,
            cols.first,
            cols.currency * np.int32(len(self._ends)),
            costs,
            self._share,
            making,
            scale,
            self._primes,
            len(cols.rates) * len(self._ends),
            self._light,
        )

    def _of(self, values: Sequence[Fraction]) -> Residues:
        return np.array([[residue(value, int(prime)) for prime in self._primes] for value in values], np.uint64)

    def of(self, values: Sequence[Fraction]) -> Residues:
        """The residues of numbers, uint64[values, primes]."""
        return self._of(values).reshape(len(values), -1)

    def cut(self, values: Residues) -> Residues:
        """Sums or products of two residues, reduced; primes last."""
        reduced: Residues = values % self._primes
        return reduced

    def awarded(self) -> Residues:
        """By source what is awarded to it."""
        return self.cut((self._cols.awarded[:, None].astype(np.uint64) % self._primes) * self._awarded_scale)

    def prices(self) -> Residues:
        """By source its price in the contract's currency, at the low end; nothing where it states none."""
        cols = self._cols
        price = np.maximum(cols.low, 0)[:, None].astype(np.uint64)
        return self.cut(self.cut(price) * self._price_rates[cols.currency])

    def spent(self, row: Integers, currency: int | None = None) -> Residues:
        """What the parts of made rows cost in the contract's currency, at the low end; or what is in one currency."""
        ends, width = len(self._ends), len(self._cols.rates)
        made = self._made.reshape(-1, width, ends, len(self._primes))[row, :, 0].astype(np.uint64)
        each = self.cut(made * self._rates)
        return self.cut(each.sum(axis=1)) if currency is None else each[:, currency]

    def fallen(self, seed: Residues) -> Residues:
        """See `loops.fallen`; uint64[rows, columns, primes] from uint64[made, columns, primes]."""
        # Imported on use: only the stress of a large bill needs it.
        from jointbuy.content import loops

        graph, columns = self._cols.graph, seed.shape[1]
        flat = loops.fallen_modulo(
            graph.start, graph.child, self._cols.quantity, self._making, self._share.reshape(-1), seed.reshape(-1),
            self._scale, self._primes, columns, self._light,
        )  # fmt: skip
        found: Residues = flat.reshape(graph.parts, columns, len(self._primes))
        return found

    def risen(self, users: tuple[Codes, Codes, Codes], part: int, rows: Integers, made_share: Floats) -> Residues:
        """How many times over the `rows` that `kernels.risen` found contain one of a part; uint64[rows, primes]."""
        # Imported on use: only the stress of a large bill needs it.
        from jointbuy.content import loops

        if self._scratch is None:
            self._scratch = np.zeros(self._cols.graph.parts * len(self._primes), np.uint64)
        found: Residues = loops.risen_modulo(
            *users, self._making, made_share, self._share.reshape(-1), self._cols.quantity, part, rows, self._scale,
            self._primes, self._scratch,
        )  # fmt: skip
        return found

    def made(self, row: int) -> Residues:
        """What the parts of a row cost, by currency x end, and prime."""
        width = len(self._cols.rates) * len(self._ends) * len(self._primes)
        found: Residues = self._made[row * width : (row + 1) * width].reshape(-1, len(self._primes))
        return found

    def exploded(self, passes: Flags, root: int) -> Residues:
        """How many of each row stand in a root."""
        graph = self._cols.graph
        number: Residues = modular.exploded(
            graph.start,
            graph.made,
            graph.child,
            self._cols.quantity,
            passes,
            root,
            self._scale,
            self._primes,
            self._light,
        )
        return number

    def summed(self, entries: Entries, cell: Integers, cells: int, number: Residues) -> list[Residues]:
        """By end of the ranges the sums of the entries by cell, uint64[cells, primes]."""
        cols = self._cols
        return [
            modular.summed(
                entries.source, entries.column, entries.holder, entries.edge, cell, cells,
                cols.part, price, cols.currency, cols.awarded, cols.quantity, number, self._made, self._rates,
                self._price_rates, self._scale, self._awarded_scale, len(self._ends), end, self._primes,
            )
            for end, price in enumerate(self._ends)
        ]  # fmt: skip
