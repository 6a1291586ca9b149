"""Counting what a large bill holds: compiled loops in residues, from which the exact numbers are read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite, lcm

import numpy as np
from numpy.typing import NDArray

from jointbuy import kernels
from jointbuy.content.arithmetic import Arithmetic, Array
from jointbuy.content.basis import SENSELESS
from jointbuy.content.columns import Columns, TooFine, columns
from jointbuy.content.minerals import KEPT
from jointbuy.errors import Problem, Unusable
from jointbuy.exact import ZERO, Range
from jointbuy.model import Bom
from jointbuy.residues import Reader, primes


def prepared(bom: Bom, currency: str, rates: Mapping[str, Fraction]) -> Large | None:
    """A large bill made ready; None where its numbers do not fit into machine words."""
    try:
        cols = columns(bom, currency, rates)
    except TooFine:
        return None
    uneven = (cols.quantity % cols.per != 0).astype(np.int64)
    _, deep = kernels.steps_up(cols.graph.start, cols.graph.child, cols.graph.order, uneven)
    return Large(cols, deep)


@dataclass(frozen=True, slots=True)
class Large:
    """See `minerals.Bill`. `deep` is by part how many uneven quantities multiply below it at most."""

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
        do = Arithmetic()
        weight = self._weights(root, do) * self._price(do, cols.high)
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
        inside = kernels.reached(graph.start, graph.child, graph.order, np.ones(graph.parts, np.bool_), part)
        return {part, *np.flatnonzero(inside).tolist()}

    def _weights(self, root: int, do: Arithmetic) -> Array:
        """How many pieces from each source stand in one root."""
        cols, graph = self.cols, self.cols.graph
        number = do.run(
            kernels.exploded,
            kernels.exploded_modulo,
            graph.start,
            graph.child,
            graph.order,
            do.ratios(cols.quantity, cols.per),
            np.ones(graph.parts, np.bool_),
            root,
        )
        return do.times(number[cols.part], do.ratios(cols.awarded, cols.awarded_per))

    def _price(self, do: Arithmetic, end: NDArray[np.int64]) -> Array:
        """Prices in the contract's currency; nothing where none is stated."""
        cols = self.cols
        price = do.ratios(np.maximum(end, 0), cols.price_per)
        return do.times(price, do.fractions(cols.rates)[cols.currency])

    def _sums(self, root: int, key: NDArray[np.int64], keys: int, end: NDArray[np.int64] | None) -> list[Fraction]:
        """Pieces, or what they cost, by key of the source in the bill's own table; -1 is left out."""
        cols = self.cols
        key = key[cols.place]
        chosen = np.flatnonzero(key >= 0)
        scale = cols.per ** int(self.deep[root]) * cols.awarded_per
        if end is not None:
            scale *= cols.price_per * lcm(*(rate.denominator for rate in cols.rates))

        def amounts(do: Arithmetic) -> tuple[Array, Array]:
            one = np.ones(cols.part.size, do.kind) if end is None else self._price(do, end)
            return self._weights(root, do)[chosen], one[chosen]

        weight, amount = amounts(Arithmetic())
        most = float((weight * amount).sum()) * 2 + 1  # each rounding is tiny beside that
        if not isfinite(most):
            what, why, advice = SENSELESS
            raise Unusable([Problem(what.format(cols.bom.parts[root]), None, why, advice)])
        moduli = primes(scale.bit_length() + int(most).bit_length() + 2, [scale])
        rows = []
        for prime in moduli:
            weight, amount = amounts(Arithmetic(prime))
            rows.append(kernels.summed_modulo(key[chosen], weight, amount, keys, prime))
        return Reader(moduli, scale).numbers(rows)
