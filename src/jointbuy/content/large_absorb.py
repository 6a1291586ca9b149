"""Absorption in a large bill: in floats widened outward by their proven error, so a bound that holds."""

from __future__ import annotations

from collections.abc import Container, Mapping
from fractions import Fraction
from math import ceil, floor

import numpy as np

from jointbuy import kernels
from jointbuy.content.absorb import INSIDE, OPEN, OUTSIDE
from jointbuy.content.basis import Basis
from jointbuy.content.columns import Columns, columns
from jointbuy.content.large import Bill, flags
from jointbuy.exact import Composition, Parts, Range, divided, share_range
from jointbuy.model import Bom
from jointbuy.result import Absorbed

_PLACES = 10**6


def absorbed(
    bom: Bom, rates: Mapping[str, Fraction], basis: Basis, members: Container[str], limit: Fraction, *, both_ways: bool
) -> tuple[Absorbed, ...]:
    """As `absorb.Absorbing`, to six places; always a bound, as a test may stand nearer to its limit than that."""
    cols = columns(bom, next(iter(rates)), rates)
    bill = Bill(cols, basis)
    graph, floats = cols.graph, bill.floats
    has_parts = graph.start[:-1] < graph.start[1:]
    ends = [np.where(cols.low < 0, -1.0, floats.prices[end]) for end in (0, -1)]
    unit = kernels.absorbed(
        graph.start,
        graph.child,
        floats.quantity,
        bill.making,
        has_parts & ~bill.phantom,
        cols.first,
        _origins(cols, members),
        np.stack(ends, axis=1),
        floats.awarded,
        float(limit.numerator),
        float(limit.denominator),
        both_ways,
        2 * bill.error,
    )
    found = []
    for root in cols.roots:
        grouping = bill.phantom.copy()
        grouping[root] = True
        number = floats.exploded(cols, grouping, root)
        number[grouping | ~flags(basis.counted)[cols.part_kind]] = 0
        whole = number @ unit
        outside, inside, open_ = (_widened(whole[k], whole[k + 1], 4 * bill.error) for k in (0, 2, 4))
        parts = Parts(outside, inside, open_)
        share = share_range(parts)
        # In floats, of what is outside no country is told.
        told: Composition = {OUTSIDE: outside, INSIDE: inside, OPEN: open_}
        found.append(Absorbed(cols.name(root), both_ways, share and _outward(share), True, parts, told))
    return tuple(found)


def _origins(cols: Columns, members: Container[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """By source the shares of its origin that are from outside, inside and open."""
    each = [divided(origin, members) for origin in cols.origins]
    shares = [[float(outside), float(inside), float(open_)] for inside, outside, open_ in each]
    found: np.ndarray[tuple[int, int], np.dtype[np.float64]] = np.array(shares).reshape(-1, 3)[cols.origin]
    return found


def _outward(share: Range) -> Range:
    """A share to six places, rounded outward."""
    return Range(
        Fraction(floor(share.low * _PLACES), _PLACES), Fraction(min(_PLACES, ceil(share.high * _PLACES)), _PLACES)
    )


def _widened(low: float, high: float, error: float) -> Range:
    return Range(Fraction(max(0.0, low * (1 - error))), Fraction(high * (1 + error)))
