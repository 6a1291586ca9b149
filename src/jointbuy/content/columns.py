"""A bill as arrays for the compiled loops, whether it came packed or as tuples of values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from jointbuy import kernels
from jointbuy.model import Bom, CostKind
from jointbuy.packed import Indices, Ratios, Stated, coded, over_one

KINDS: tuple[CostKind, ...] = get_args(CostKind)
Codes = NDArray[np.int32]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Columns:
    """Arrays of a bill, whose parts are rows of `graph`. Numbers are numerator over denominator; a price of -1 is none.

    `quantity` int64 by edge in the order of `graph`; `part` (a row), `low`, `high`, `awarded`, `currency`, `kind`,
    `origin` by source, sources ordered by row; those of row r are `first[r]` up to `first[r + 1]`. `place` is a
    source's place in the bill's own table. `rates` is what one unit of each of `currencies` is worth. `roots` and
    `phantoms` are rows.
    """

    bom: Bom
    graph: kernels.Graph
    roots: tuple[int, ...]
    phantoms: tuple[int, ...]
    quantity: Integers
    per: int
    part: Codes
    first: Codes
    place: Codes
    low: Integers
    high: Integers
    price_per: int
    awarded: Integers
    awarded_per: int
    currency: Codes
    currencies: tuple[str, ...]
    rates: tuple[Fraction, ...]
    kind: Codes
    origin: Codes
    origins: Sequence[Any]
    part_kind: Codes
    ranged: bool

    def name(self, row: int) -> str:
        """The id of the part in a row."""
        return self.bom.parts[int(self.graph.order[row])]


def columns(bom: Bom, currency: str, rates: Mapping[str, Fraction]) -> Columns:
    """The arrays of a bill. Raises TooFine, KeyError for a currency without a rate, kernels.Cycle."""
    table, parts = bom.sources, len(bom.parts)
    graph = kernels.graph_of(indices(bom.parent), indices(bom.child), parts)
    numerators, per = ratios(bom.quantity)
    part = graph.row[indices(table.part)]
    place, first = kernels.sorted_by(part, parts)
    part = part[place]
    low, high, price_per = _prices(table.price_low, table.price_high)
    awarded, awarded_per = ratios(table.awarded)
    codes, names = coded(table.currency)
    own = [name or currency for name in names]
    kinds, kind_names = coded(table.cost_kind)
    kind = np.array([KINDS.index(name) for name in kind_names] or [0], np.int32)[kinds][place]
    origin, origins = coded(table.origin)
    part_kind = np.zeros(parts, np.int32)  # what nobody supplies is a component
    supplied = first[:-1] < first[1:]
    part_kind[supplied] = kind[first[:-1][supplied]]
    return Columns(
        bom=bom,
        graph=graph,
        roots=tuple(int(graph.row[root]) for root in bom.roots),
        phantoms=tuple(int(graph.row[part]) for part in bom.phantoms),
        quantity=kernels.along(graph, numerators),
        per=per,
        part=part,
        first=first,
        place=place,
        low=low[place],
        high=high[place],
        price_per=price_per,
        awarded=awarded[place],
        awarded_per=awarded_per,
        currency=codes[place],
        currencies=tuple(own),
        rates=tuple(rates[name] for name in own),
        kind=kind,
        origin=origin[place],
        origins=origins,
        part_kind=part_kind,
        ranged=low is not high and bool((low != high).any()),
    )


def indices(values: Sequence[int]) -> Codes:
    """Whole numbers as an array."""
    return values.values if isinstance(values, Indices) else np.asarray(values, np.int32)


def ratios(values: Sequence[Fraction]) -> tuple[Integers, int]:
    """Exact numbers as numerators over one denominator. Raises TooFine."""
    if isinstance(values, Ratios):
        return values.numerator, values.denominator
    return over_one(values)


def _prices(low: Sequence[Fraction | None], high: Sequence[Fraction | None]) -> tuple[Integers, Integers, int]:
    """Both ends of the prices over one denominator; -1 where none is stated."""
    if isinstance(low, Stated) and isinstance(high, Stated) and low.denominator == high.denominator:
        return low.numerator, high.numerator, low.denominator
    ends, per = over_one((*low, *high))
    return ends[: len(low)], ends[len(low) :], per
