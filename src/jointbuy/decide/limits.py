"""Numbers and shares of many rows against a limit: by an engine where it is sure, one by one where it is not (§3)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from jointbuy.decide.plain import DOUBT, OPEN, PART, REST
from jointbuy.decide.plain import number as in_python_integers
from jointbuy.decide.table import LARGEST, Numbers, Shares
from jointbuy.exact import Composition, Origin, Parts, assumed, best_excess, exactly, split, worst_excess
from jointbuy.rules import S, ShareLimit

Side: TypeAlias = tuple[frozenset[str], bool, bool | None]
"""Countries of which a limit counts the share; whether it counts that of all others instead; and whether what is open
is taken to count in it, None where it may or may not."""
_ONE = exactly(1)


def number(column: Numbers, limit: Fraction, engine: Any, *, at_most: bool) -> Callable[[Any, Any], None]:
    """A leaf that decides whether `low / over` to `high / over` keeps the limit."""
    n, d = limit.numerator, limit.denominator
    wide = column.largest * max(abs(n), d) >= LARGEST
    known, apart = column.high is column.low, np.array(sorted(column.apart), dtype=np.int64)

    def leaf(block: Any, out: Any) -> None:
        lo, hi = block.lo, block.hi
        ends = [each[lo:hi] for each in (column.low, column.high, column.over)]
        if wide:
            low, high, over = (each.astype(object) for each in ends)
            in_python_integers(low, high, over, known, n, d, at_most, out)
        else:
            engine.number(*ends, known, n, d, at_most, out)
        for row in _between(apart, lo, hi):
            value = column.apart[row]
            certain, possible = (value.high, value.low) if at_most else (value.low, value.high)
            out[row - lo] = _corner(_keeps(certain, limit, at_most), _keeps(possible, limit, at_most))

    return leaf


class ShareLimits:
    """All limits on one column of amounts, decided in one pass. Origins that none of them tells apart are one class."""

    def __init__(self, column: Shares) -> None:
        self._column = column
        self._limits: list[tuple[Side, ShareLimit, Fraction, int]] = []
        self._apart = np.array(sorted(column.apart), dtype=np.int64)

    def add(self, side: Side, leaf: ShareLimit, limit: Fraction, place: int) -> None:
        """One more limit, and where its statuses go."""
        self._limits.append((side, leaf, limit, place))

    def finish(self) -> None:
        """Find the classes; before the first block."""
        origins: list[Origin] = [(), *(((word, Fraction(1)),) for word in self._column.words)]
        marks = [tuple(_role(origin, side) for side, *_ in self._limits) for origin in origins]
        kinds = list(dict.fromkeys(marks))
        self._classes = np.array([kinds.index(mark) for mark in marks], dtype=np.int64)
        self._roles = np.array(kinds, dtype=np.int64).T.copy()
        self._terms = np.array(
            [
                (limit.numerator, limit.denominator, leaf.at_most, place, leaf.strictly)
                for _, leaf, limit, place in self._limits
            ],
            dtype=np.int64,
        )

    def decide(self, block: Any, engine: Any) -> None:
        """Write the statuses of a block."""
        column, lo, hi = self._column, block.lo, block.hi
        offsets = column.offsets[lo : hi + 1]
        first, last = int(offsets[0]), int(offsets[-1])
        codes, low, high = (each[first:last] for each in (column.codes, column.low, column.high))
        known, fixed = column.high is column.low, (self._roles, self._terms)
        doubts = engine.shares(offsets, codes, self._classes, low, high, known, *fixed, block.values)
        apart = _between(self._apart, lo, hi)
        for side, leaf, limit, place in self._limits:
            out = block.values[place, : hi - lo]
            open_ = np.flatnonzero(out == DOUBT).tolist() if doubts else []
            for row in {*open_, *(row - lo for row in apart)}:
                out[row] = _exactly(column, row + lo, side, leaf, limit)
            if column.stated is not None:
                out[~column.stated[lo:hi]] = S.UNKNOWN


def _role(origin: Origin, side: Side) -> int:
    """Where an amount of this origin counts: what holds of one purchase holds here."""
    parts = _parts({origin: _ONE}, side)
    return PART if parts.inside.high else REST if parts.outside.high else OPEN


def _parts(composition: Composition, side: Side) -> Parts:
    members, others, counts = side
    parts = split(composition, members, others=others)
    return parts if counts is None else assumed(parts, counts=counts)


def _exactly(column: Shares, row: int, side: Side, leaf: ShareLimit, limit: Fraction) -> S:
    parts = _parts(column.composition(row), side)
    if parts.total.high == 0:
        return S.UNKNOWN
    worst, best = worst_excess(parts, limit), best_excess(parts, limit)
    least, most = (worst, best) if leaf.at_most else (-best, -worst)
    return _corner(least < 0, most < 0) if leaf.strictly else _corner(least <= 0, most <= 0)


def _between(rows: Any, lo: int, hi: int) -> list[int]:
    found: list[int] = rows[np.searchsorted(rows, lo) : np.searchsorted(rows, hi)].tolist()
    return found


def _keeps(value: Fraction, limit: Fraction, at_most: bool) -> bool:
    return value <= limit if at_most else value >= limit


def _corner(certain: bool, possible: bool) -> S:
    return S.MET if certain else S.UNKNOWN if possible else S.NOT_MET
