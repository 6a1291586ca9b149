"""Counting what a large bill holds: compiled loops in residues, from which the exact numbers are read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite, lcm

import numpy as np
from numpy.typing import NDArray

from jointbuy import kernels
from jointbuy.content.arithmetic import Exact
from jointbuy.content.basis import SENSELESS
from jointbuy.content.columns import Columns, columns
from jointbuy.content.minerals import KEPT
from jointbuy.errors import Problem, Unusable
from jointbuy.exact import ZERO, Range
from jointbuy.model import Bom
from jointbuy.packed import TooFine
from jointbuy.residues import Reader, primes, residue


def prepared(bom: Bom, currency: str, rates: Mapping[str, Fraction]) -> Large | None:
    """A large bill made ready; None where its numbers do not fit into machine words."""
    try:
        cols = columns(bom, currency, rates)
    except TooFine:
        return None
    uneven = cols.quantity % cols.per != 0
    deep = kernels.deepest(cols.graph.start, cols.graph.child, uneven)
    return Large(cols, deep)


@dataclass(frozen=True, slots=True)
class Large:
    """See `minerals.Bill`. `deep` is by row how many uneven quantities multiply below it at most."""

    cols: Columns
    deep: NDArray[np.int64]

    def counted(self, root: int, codes: Sequence[int], statements: int) -> list[Fraction]:
        """See `minerals.Bill`."""
        return self._sums(root, np.asarray(codes, np.int64), statements, None) if statements else []

    def costs(self, root: int, sources: Sequence[int]) -> tuple[list[tuple[int, Range]], Range]:
        """See `minerals.Bill`."""
        cols = self.cols
        if not sources:
            return [], ZERO
        place = np.empty_like(cols.place)
        place[cols.place] = np.arange(cols.place.size)
        at = place[np.asarray(sources)]
        weight = self._number(root) * self._price(cols.high)
        asked = np.flatnonzero((cols.low[at] >= 0) & (weight[at] > 0))
        shown = asked[np.argsort(-weight[at[asked]], kind="stable")][:KEPT]
        key = np.full(cols.place.size, -1, np.int64)
        key[np.asarray(sources)[asked]] = shown.size  # all that are not listed share one sum
        key[np.asarray(sources)[shown]] = np.arange(shown.size)
        lows, highs = (self._sums(root, key, shown.size + 1, end) for end in (cols.low, cols.high))
        each = [Range(low, high) for low, high in zip(lows, highs, strict=True)]
        found = sorted(
            ((sources[int(one)], cost) for one, cost in zip(shown, each[:-1], strict=True)),
            key=lambda one: (-one[1].high, one[0]),
        )
        return found, sum(each, ZERO)

    def below(self, part: int) -> Collection[int]:
        """See `minerals.Bill`."""
        graph = self.cols.graph
        inside = kernels.reached(graph.start, graph.child, self._all(), int(graph.row[part]))
        return {part, *graph.order[inside].tolist()}

    def _all(self) -> NDArray[np.bool_]:
        return np.ones(self.cols.graph.parts, np.bool_)

    def _number(self, root: int) -> NDArray[np.float64]:
        """How many pieces from each source stand in one root."""
        cols, graph = self.cols, self.cols.graph
        quantity, row = cols.quantity / cols.per, int(graph.row[root])
        number = kernels.exploded(graph.start, graph.child, quantity, self._all(), row)
        return np.asarray(number[cols.part] * (cols.awarded / cols.awarded_per))

    def _price(self, end: NDArray[np.int64]) -> NDArray[np.float64]:
        """Prices in the contract's currency; nothing where none is stated."""
        cols = self.cols
        rates = np.array([float(rate) for rate in cols.rates])
        return np.asarray(np.maximum(end, 0) / cols.price_per * rates[cols.currency])

    def _sums(self, root: int, key: NDArray[np.int64], keys: int, end: NDArray[np.int64] | None) -> list[Fraction]:
        """Pieces, or what they cost, by key of the source in the bill's own table; -1 is left out."""
        cols = self.cols
        key = key[cols.place]
        chosen = np.flatnonzero(key >= 0)
        scale = cols.per ** int(self.deep[cols.graph.row[root]]) * cols.awarded_per
        if end is not None:
            scale *= cols.price_per * lcm(*(rate.denominator for rate in cols.rates))
        worth = np.ones(cols.part.size) if end is None else self._price(end)
        most = float((self._number(root)[chosen] * worth[chosen]).sum()) * 2 + 1  # each rounding is tiny beside that
        if not isfinite(most):
            what, why, advice = SENSELESS
            raise Unusable([Problem(what.format(cols.bom.parts[root]), None, why, advice)])
        moduli = primes(scale.bit_length() + int(most).bit_length() + 2, [scale])
        exact = Exact(cols, np.zeros(cols.graph.parts, np.bool_), moduli)
        number = exact.exploded(self._all(), int(cols.graph.row[root])).reshape(-1, len(moduli))
        rows = []
        for at, prime in enumerate(np.array(moduli, np.uint64)):
            found = number[cols.part[chosen], at]
            for factor in self._factors(chosen, end, int(prime)):
                found = found * factor % prime
            total = np.zeros(keys, np.uint64)
            np.add.at(total, key[chosen], found)
            rows.append((total % prime).tolist())
        return Reader(moduli, scale).numbers(rows)

    def _factors(
        self, chosen: NDArray[np.int64], end: NDArray[np.int64] | None, prime: int
    ) -> Iterator[NDArray[np.uint64]]:
        """Residues of what each number of pieces is multiplied by: what is awarded, and the price."""
        cols = self.cols

        def modulo(values: NDArray[np.int64], per: int) -> NDArray[np.uint64]:
            return (values % prime).astype(np.uint64) * np.uint64(residue(Fraction(1, per), prime)) % np.uint64(prime)

        yield modulo(cols.awarded[chosen], cols.awarded_per)
        if end is not None:
            yield modulo(np.maximum(end[chosen], 0), cols.price_per)
            yield np.array([residue(rate, prime) for rate in cols.rates], np.uint64)[cols.currency[chosen]]
