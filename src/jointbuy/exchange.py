"""A large bill after some of its sources were exchanged: its columns stay packed, so that it is rolled up as fast."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jointbuy.model import Bom
from jointbuy.packed import LARGEST, Coded, Indices, Joined, Made, Ratios, Rows, Stated, TooFine

if TYPE_CHECKING:
    from jointbuy.remedy import Alternative

_Kept = NDArray[np.int64] | None
"""The rows that are kept, in their order; None where all are."""


@dataclass(frozen=True, slots=True)
class _Arrays:
    """The columns of a bill that kernels take. Raises TooFine where one is not packed."""

    parent: Indices
    child: Indices
    part: Indices
    low: Stated
    high: Stated

    @classmethod
    def of(cls, bom: Bom) -> _Arrays:
        """Those of a bill."""
        table = bom.sources
        parent, child, part, low, high = bom.parent, bom.child, table.part, table.price_low, table.price_high
        if (
            isinstance(parent, Indices)
            and isinstance(child, Indices)
            and isinstance(part, Indices)
            and isinstance(low, Stated)
            and isinstance(high, Stated)
        ):
            return cls(parent, child, part, low, high)
        raise TooFine


def resourced(bom: Bom, new: Mapping[int, Alternative]) -> Bom:
    """As `change.resourced`, by source. Raises TooFine where the new prices have no common denominator with the old."""
    table, arrays = bom.sources, _Arrays.of(bom)
    bought = np.zeros(len(bom.parts), dtype=bool)
    bought[[arrays.part[source] for source in new]] = True
    edges: _Kept = np.flatnonzero(~bought[arrays.parent.values])
    rows: _Kept = None
    if edges is not None and len(edges) < len(arrays.parent):
        here = _reached(bom, arrays.parent.values[edges], arrays.child.values[edges])
        rows = np.flatnonzero(here[arrays.part.values])
    else:
        edges = None

    def column(old: Sequence[Any], name: Callable[[Alternative], Any]) -> Sequence[Any]:
        return taken(exchanged(old, {source: name(each) for source, each in new.items()}), rows)

    low, high = repriced(arrays.low, arrays.high, {source: each.price for source, each in new.items()})
    sources = replace(
        table,
        part=taken(table.part, rows),
        supplier=column(table.supplier, lambda each: each.supplier),
        origin=column(table.origin, lambda each: each.origin),
        supplied_from=column(table.supplied_from, lambda _: None),
        price_low=(first := taken(low, rows)),
        price_high=first if low is high else taken(high, rows),
        currency=column(table.currency, lambda each: each.currency),
        cost_kind=taken(table.cost_kind, rows),
        awarded=taken(table.awarded, rows),
        declaration=column(table.declaration, lambda each: each.declaration),
        evidence=column(table.evidence, lambda each: each.evidence),
        row=column(table.row, lambda each: each.row),
        materials=column(table.materials, lambda _: None),
        price_per=taken(table.price_per, rows),
    )
    if edges is None:
        return replace(bom, sources=sources)
    return replace(
        bom,
        sources=sources,
        parent=taken(bom.parent, edges),
        child=taken(bom.child, edges),
        quantity=taken(bom.quantity, edges),
        edge_row=taken(bom.edge_row, edges),
    )


def _reached(bom: Bom, parent: NDArray[np.int32], child: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which parts stand in an end product by some edges; one level after another."""
    here = np.zeros(len(bom.parts), dtype=bool)
    here[list(bom.roots)] = True
    before = 0
    while before < (now := int(here.sum())):
        here[child[here[parent]]] = True
        before = now
    return here


def taken(column: Sequence[Any], rows: _Kept) -> Sequence[Any]:
    """Some rows of a column; an empty one stays empty."""
    if rows is None or not len(column):
        return column
    match column:
        case Coded(codes, values):
            return Coded(codes[rows], values)
        case Indices(numbers):
            return Indices(numbers[rows])
        case Ratios(numerator, denominator):
            return Ratios(numerator[rows], denominator)
        case Stated(numerator, denominator):
            return Stated(numerator[rows], denominator)
        case Rows(file, lines, title):
            return Rows(file, lines[rows], title)
        case Made(codes, make):
            return Made(codes[rows], make)
    return tuple(column[row] for row in rows.tolist())


def exchanged(column: Sequence[Any], new: Mapping[int, Any]) -> Sequence[Any]:
    """A column with other values in some places, as one of codes; an empty one stays empty."""
    if not len(column):
        return column
    if not isinstance(column, Coded):
        codes: NDArray[np.int32] = np.arange(len(column), dtype=np.int32)
        codes[list(new)] = len(column) + np.arange(len(new), dtype=np.int32)
        return Coded(codes, Joined(column, tuple(new.values())))
    codes, values = column.codes.copy(), column.values
    if not isinstance(values, tuple | list):  # so many words that they are made one by one
        codes[list(new)] = len(values) + np.arange(len(new), dtype=np.int32)
        return Coded(codes, Joined(values, tuple(new.values())))
    known = {value: code for code, value in reversed(list(enumerate(values)))}
    more = list(dict.fromkeys(value for value in new.values() if value not in known))
    known |= {value: len(values) + at for at, value in enumerate(more)}
    codes[list(new)] = [known[value] for value in new.values()]
    return Coded(codes, (*values, *more))


def repriced(low: Stated, high: Stated, new: Mapping[int, Any]) -> tuple[Stated, Stated]:
    """Both ends of prices, over one denominator, with other ranges in some places. Raises TooFine."""
    ends = [end for each in new.values() for end in (each.low, each.high)]
    per = lcm(low.denominator, high.denominator, *(end.denominator for end in ends))
    if max((end * per for end in ends), default=Fraction(0)) >= LARGEST:
        raise TooFine
    columns = []
    for column, name in ((low, "low"), (high, "high")):
        times = per // column.denominator
        if int(column.numerator.max(initial=0)) * times >= LARGEST:
            raise TooFine
        numerator = np.where(column.numerator < 0, -1, column.numerator * times)
        numerator[list(new)] = [int(getattr(each, name) * per) for each in new.values()]
        columns.append(Stated(numerator, per))
    same = bool((columns[0].numerator == columns[1].numerator).all())
    return columns[0], columns[0] if same else columns[1]
