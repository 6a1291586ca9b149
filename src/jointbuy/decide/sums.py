"""A limit on a share over every choice of which costs count, without going through the choices.

Of a kind of cost that only adds lines or takes them away (`content.apart`) the excess over a limit, d·part - n·whole,
is a sum with one term for each kind: of two choices the one with a kind counted has that kind's term more, whatever
the others are. So the largest excess counts the kinds with a term above zero and the smallest those below, and where
both lie on one side of zero no choice can cross it.

Measured against a value instead, the whole is what lies beyond the components too, and is never less than nothing. As
long as that floor is not touched the terms are as before; where it is, the terms measured one by one do not add up
to what all kinds together come to, and then there are no terms (`terms`): with x what lies beyond, falling by
a_k >= 0 with each kind, measured terms min(a_k, x) add up to x - max(0, x - sum a_k) only where they are right for
every choice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple, TypeAlias

from jointbuy.exact import ADDED, ZERO, Composition, Origin, divided
from jointbuy.rules import S, ShareLimit

Excess: TypeAlias = tuple[int, ...]
"""The largest excess and the smallest, of what is open as it may be, counted in, and left out; then the whole.

Whole numbers of some unit, as small as it takes: what is decided is on which side of zero they lie, which of them is
larger and which sums are the same, and that hangs on no unit.
"""
_WHOLE = -1


class Measured(NamedTuple):
    """An excess, of which `per` units are one of the contract's currency."""

    excess: Excess
    per: int

    def of(self, per: int) -> Excess:
        """The same in a unit that divides its own."""
        times = per // self.per
        return tuple(number * times for number in self.excess)


class Terms(NamedTuple):
    """An excess as a sum: with no kind counted, and what each kind adds; all in one unit, `per` of them one."""

    none: Excess
    by: Mapping[str, Excess]
    per: int

    def counting(self, kind: str) -> Terms:
        """The rest of the sum where a kind counts."""
        rest = {name: one for name, one in self.by.items() if name != kind}
        return Terms(_plus(self.none, self.by[kind]), rest, self.per)

    def without(self, kind: str) -> Terms:
        """The rest of the sum where a kind does not count."""
        return Terms(self.none, {name: one for name, one in self.by.items() if name != kind}, self.per)

    def ends(self) -> tuple[Excess, Excess]:
        """The smallest and the largest value of each number, over every choice of kinds."""
        below, above = self.none, self.none
        for one in self.by.values():
            below = tuple(end + min(term, 0) for end, term in zip(below, one, strict=True))
            above = tuple(end + max(term, 0) for end, term in zip(above, one, strict=True))
        return below, above


class Weights:
    """How much one unit from each origin weighs in the excess over a limit on a share; worked out once for each."""

    def __init__(self, leaf: ShareLimit, members: frozenset[str], limit: Fraction) -> None:
        self._others, self._members, self._limit = leaf.others, members, limit
        self._known: dict[int, tuple[Origin, int, int, int]] = {}  # by the object: they are slow to look up by

    def of(self, origin: Origin) -> tuple[Origin, int, int, int]:
        """The origin, its weight with what is open counted in, and left out, and what both are to be divided by."""
        known = self._known.get(id(origin))
        if known is None:
            n, d = self._limit.as_integer_ratio()
            inside, outside, open_ = divided(origin, self._members) if origin != ADDED else (ZERO.low,) * 3
            part = outside if self._others and origin != ADDED else inside
            (counted, left), over = _whole_numbers((d * (part + open_) - n, d * part - n))
            known = self._known[id(origin)] = origin, counted, left, over
        return known


class Amounts(NamedTuple):
    """A composition in whole numbers of a unit, `per` of which are one of the currency: each at least and at most."""

    by: tuple[tuple[Origin, int, int], ...]
    per: int


def in_units(composition: Composition) -> Amounts:
    """A composition in the largest unit of which all of it is whole numbers."""
    found, per = _whole_numbers([end for amount in composition.values() for end in (amount.low, amount.high)])
    return Amounts(tuple(zip(composition, found[::2], found[1::2], strict=True)), per)


def excess(amounts: Amounts, weights: Weights) -> Measured:
    """What decides the limit, however what is open counts; see `exact.worst_excess`.

    The largest takes each amount at its high end where it weighs more than nothing and at its low end where less, the
    smallest the other way round.
    """
    weighed = [weights.of(origin)[1:] for origin, _, _ in amounts.by]
    over = lcm(*(each for _, _, each in weighed))
    most_in = least_in = most_out = least_out = whole = 0
    for (_, low, high), (counted, left, each) in zip(amounts.by, weighed, strict=True):
        whole += high
        if each != over:
            counted, left = counted * (over // each), left * (over // each)
        more, less = (high, low) if counted > 0 else (low, high)
        most_in += more * counted
        least_in += less * counted
        more, less = (high, low) if left > 0 else (low, high)
        most_out += more * left
        least_out += less * left
    numbers = (most_in, least_out, most_in, least_in, most_out, least_out, whole * over)
    return Measured(numbers, amounts.per * over)


def terms(at: Callable[[Sequence[str]], Measured], kinds: Sequence[str]) -> Terms | None:
    """The excess as a sum over kinds; None where it is none. `at` gives it with some kinds counted."""
    none, *each = [at(()), *(at((kind,)) for kind in kinds)]
    every = at(kinds)
    per = lcm(none.per, every.per, *(one.per for one in each))
    least = none.of(per)
    by = {kind: _minus(one.of(per), least) for kind, one in zip(kinds, each, strict=True)}
    all_of_them = least
    for one in by.values():
        all_of_them = _plus(all_of_them, one)
    return Terms(least, by, per) if all_of_them == every.of(per) else None


def open_number(sum_: Terms, leaf: ShareLimit) -> int | None:
    """Which number still hangs on the kinds; None where no choice of them can change anything."""
    below, above = sum_.ends()
    if below[_WHOLE] == 0 and above[_WHOLE] > 0:
        return len(below) - 1
    for number, (low, high) in enumerate(zip(below[:_WHOLE], above[:_WHOLE], strict=True)):
        if _side(low, leaf) != _side(high, leaf):
            return number
    return None


def heaviest(sum_: Terms, number: int) -> str:
    """The kind that moves a number most."""
    return max(sum_.by, key=lambda kind: abs(sum_.by[kind][number]))


def status(values: Excess, leaf: ShareLimit, counts: bool | None) -> S:
    """What the limit comes to; `counts` says how what is open counts, None that it may or may not."""
    if values[_WHOLE] == 0:
        return S.UNKNOWN
    certain, possible = _corners(values, leaf, counts)
    return S.MET if certain else S.UNKNOWN if possible else S.NOT_MET


def asks(values: Excess, leaf: ShareLimit) -> bool:
    """Whether it hangs on how what is open counts."""
    worst, best = _turned(values[:2], leaf)
    return worst > 0 >= best or (leaf.strictly and worst == 0 > best)


def _corners(values: Excess, leaf: ShareLimit, counts: bool | None) -> tuple[bool, bool]:
    way = {None: 0, True: 2, False: 4}[counts]
    worst, best = _turned(values[way : way + 2], leaf)
    return (worst < 0, best < 0) if leaf.strictly else (worst <= 0, best <= 0)


def _turned(ends: Excess, leaf: ShareLimit) -> tuple[int, int]:
    # Where the share of the group must be high, the excess must not be negative.
    worst, best = ends
    return (worst, best) if leaf.at_most else (-best, -worst)


def _side(value: int, leaf: ShareLimit) -> int:
    """On which side of zero a number lies, as far as the limit tells sides apart."""
    if leaf.strictly:
        return (value > 0) - (value < 0)
    return value <= 0 if leaf.at_most else value >= 0


def _plus(one: Excess, other: Excess) -> Excess:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _minus(one: Excess, other: Excess) -> Excess:
    return tuple(a - b for a, b in zip(one, other, strict=True))


def _whole_numbers(values: Sequence[Fraction]) -> tuple[list[int], int]:
    """Fractions over one denominator, and which."""
    per = lcm(*(value.denominator for value in values))
    return [value.numerator * (per // value.denominator) for value in values], per
