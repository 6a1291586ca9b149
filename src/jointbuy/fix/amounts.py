"""Amounts that hang on what is chosen, and on tests that other amounts pass, as rows of whole and mixed choices.

What a test lets through is a product of a choice and an amount, what is left of an amount the larger of two; both are
told by rows with the least number that does (McCormick 1976; "big M"). A test is a part with two options, an amount one
of which any mixture may be taken. Given the options of the parts, the tests and amounts follow exactly: `settle` works
them out, and rows are kept or broken by these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from jointbuy.fix.build import Built, Row, built
from jointbuy.fix.problem import Settled

if TYPE_CHECKING:
    from jointbuy.fix.problem import Ints

_NONE, _ONE = Fraction(0), Fraction(1)
_CELLS = 100_000_000
"""Weights of rows, nothing among them, that are held at once."""


class TimeIsUp(Exception):
    """It was to stop before all was worked out."""


class TooMany(Exception):
    """More tests may come out either way than are held at once."""


def never() -> bool:
    """Of who may take all the time it wants."""
    return False


@dataclass(frozen=True, slots=True)
class Linear:
    """A sum: a fixed amount and, by option, test or amount, so much of it. Exact."""

    fixed: Fraction = _NONE
    terms: Mapping[int, Fraction] = field(default_factory=dict)

    def __add__(self, other: Linear) -> Linear:
        if not other.terms:
            return self if not other.fixed else Linear(self.fixed + other.fixed, self.terms)
        if not self.terms:
            return Linear(self.fixed + other.fixed, other.terms)
        terms = dict(self.terms)
        for at, each in other.terms.items():
            terms[at] = terms.get(at, _NONE) + each
        return Linear(self.fixed + other.fixed, {at: each for at, each in terms.items() if each})

    def __sub__(self, other: Linear) -> Linear:
        return self + other.times(Fraction(-1))

    def times(self, factor: Fraction) -> Linear:
        """So many times the sum."""
        if factor == 1:
            return self
        return Linear(self.fixed * factor, {at: each * factor for at, each in self.terms.items() if factor})

    @staticmethod
    def together(sums: Iterable[tuple[Linear, Fraction]]) -> Linear:
        """Many sums, each so many times, added up at once."""
        fixed, terms = _NONE, dict[int, Fraction]()
        for one, times in sums:
            fixed += one.fixed * times
            for at, each in one.terms.items():
                more = each * times
                terms[at] = terms[at] + more if at in terms else more
        return Linear(fixed, {at: each for at, each in terms.items() if each})


@dataclass(frozen=True, slots=True)
class Bound:
    """A row: the sum is at most nothing, below it where `strictly`."""

    name: str
    sum: Linear
    strictly: bool = False


@dataclass(frozen=True, slots=True)
class _Made:
    """How a test or an amount follows from others: by a sum; `most` is that of an amount, None for a test.

    A test is whether the sum is at most nothing, below it where `strictly`. An amount is the sum where a `test` holds,
    or, without one, what of the sum is above nothing.
    """

    of: Linear
    most: Fraction | None = None
    strictly: bool = False
    test: int | None = None


class Amounts:
    """Sums over the options of parts, whose first options are "as it is" and stand in no sum.

    Where not `both` ways, a test that holds may be taken to fail: that is for those who know that it never helps. Once
    it is `late`, whoever adds more meets TimeIsUp.
    """

    def __init__(self, sizes: Sequence[int], *, both: bool, late: Callable[[], bool] = never) -> None:
        self.sizes, self.both, self.late = tuple(sizes), both, late
        self.options = sum(sizes)
        self.part = [part for part, size in enumerate(sizes) for _ in range(size)]
        self.made: list[_Made] = []
        self.base: dict[int, Fraction] = {}
        self.rows: list[Bound] = []

    def span(self, sum_: Linear) -> tuple[Fraction, Fraction]:
        """No choice leads out of these bounds."""
        low = high = sum_.fixed
        ends: dict[int, tuple[Fraction, Fraction]] = {}
        for at, each in sum_.terms.items():
            if at < self.options:
                least, most = ends.get(self.part[at], (_NONE, _NONE))
                ends[self.part[at]] = min(least, each), max(most, each)
            else:
                end = each * (self.made[at - self.options].most or 1)
                low, high = low + min(end, _NONE), high + max(end, _NONE)
        for least, most in ends.values():
            low, high = low + least, high + most
        return low, high

    def at_base(self, sum_: Linear) -> Fraction:
        """What it comes to as everything is."""
        return self.value(sum_, self.base)

    @staticmethod
    def value(sum_: Linear, values: Mapping[int, Fraction]) -> Fraction:
        """What a sum comes to."""
        return _value(sum_, values)

    def keep(self, name: str, sum_: Linear, *, strictly: bool = False) -> None:
        """A row of its own."""
        if self.late():
            raise TimeIsUp
        self.rows.append(Bound(name, sum_, strictly))

    def test(self, name: str, sum_: Linear, *, strictly: bool = False) -> Linear:
        """One where a sum is at most nothing (below it, where `strictly`), else nothing."""
        low, high = self.span(sum_)
        if high < 0 or (high == 0 and not strictly):
            return Linear(_ONE)
        if low > 0 or (low == 0 and strictly):
            return Linear()
        passes = self._new(_Made(sum_, strictly=strictly))
        more = high + strictly
        self.keep(name, sum_ + passes.times(more) - Linear(more), strictly=strictly)
        if self.both:
            more = -low + (not strictly)
            self.keep(f"{name}, or not", Linear() - sum_ - passes.times(more), strictly=not strictly)
        return passes

    def where(self, name: str, test: Linear, sum_: Linear, most: Fraction | None = None) -> Linear:
        """A sum that is not below nothing where a test holds, else nothing; then it is at `most` so much."""
        if not test.terms or not sum_.terms:
            return sum_.times(test.fixed) if not test.terms else test.times(sum_.fixed)
        _, high = self.span(sum_)
        top = Fraction(ceil(high if most is None else min(high, most)))
        if top <= 0:
            return Linear()
        (flag,) = test.terms
        found = self._new(_Made(sum_, top, test=flag))
        self.keep(name, found - sum_)
        self.keep(name, found - test.times(top))
        if self.both:
            self.keep(name, sum_ - found + test.times(high) - Linear(high))
        return found

    def above(self, name: str, sum_: Linear) -> Linear:
        """What of a sum is above nothing."""
        low, high = self.span(sum_)
        if low >= 0 or high <= 0:
            return sum_ if low >= 0 else Linear()
        top = Fraction(ceil(high))
        below = self._new(_Made(sum_))
        found = self._new(_Made(sum_, top))
        self.keep(name, sum_ - found)
        self.keep(name, found - sum_ + below.times(low))
        self.keep(name, found + below.times(top) - Linear(top))
        return found

    def _new(self, made: _Made) -> Linear:
        at = self.options + len(self.made)
        self.made.append(made)
        self.base[at] = _follows(made, self.base)
        return Linear(terms={at: _ONE})

    def values(self, chosen: Iterable[int]) -> dict[int, Fraction]:
        """What every test and amount comes to with some options, by place."""
        values = dict.fromkeys(chosen, _ONE)
        for at, made in enumerate(self.made, start=self.options):
            values[at] = _follows(made, values)
        return values

    def problem(self, costs: Sequence[Sequence[int]], rows: Sequence[Row | Bound]) -> Built:
        """The problem of these rows and of its own, tests and then amounts after the parts; as `built` makes it.

        Raises TimeIsUp, and TooMany where it would not fit into memory.
        """
        tests = [at for at, made in enumerate(self.made, start=self.options) if made.most is None]
        mixed = [at for at, made in enumerate(self.made, start=self.options) if made.most is not None]
        places = {at: self.options + 2 * number + 1 for number, at in enumerate((*tests, *mixed))}
        every = self.options + 2 * len(self.made)
        if (len(rows) + len(self.rows)) * every > _CELLS:
            raise TooMany

        def row(given: Row | Bound) -> Row:
            if self.late():
                raise TimeIsUp
            if isinstance(given, Row):
                return replace(given, weights=given.some)
            weights = {}
            for at, each in given.sum.terms.items():
                most = self.made[at - self.options].most if at in places else None
                weights[places.get(at, at)] = each * (most or 1)
            return Row(given.name, weights, -given.sum.fixed, given.strictly)

        def settle(chosen: Ints) -> Settled:
            values = self.values(chosen[: len(self.sizes)].tolist())
            told = [places[at] - (not values[at]) for at in tests]
            shares = tuple(values[at] / (self.made[at - self.options].most or 1) for at in mixed)
            return np.array([*chosen[: len(self.sizes)], *told], dtype=np.int64), shares

        return built(
            [*costs, *([0, 0] for _ in self.made)], [*map(row, rows), *map(row, self.rows)], len(mixed), settle
        )


def _follows(made: _Made, values: Mapping[int, Fraction]) -> Fraction:
    """What a test or an amount comes to where all before it are known."""
    value = _value(made.of, values)
    if made.most is None:
        return Fraction(value < 0 if made.strictly else value <= 0)
    return max(value, _NONE) if made.test is None else value * values[made.test]


def _value(sum_: Linear, values: Mapping[int, Fraction]) -> Fraction:
    return sum_.fixed + sum((each * values[at] for at, each in sum_.terms.items() if values.get(at)), _NONE)
