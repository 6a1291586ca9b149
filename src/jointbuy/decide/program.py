"""Expressions made into array operations once, then run over blocks of a table that fit into the cache.

Readings, groups and limits are looked up when the program is made; what several rules ask for is computed once.
A level holds the operations on one table; each collection in it is a level of its own. Statuses are int8 of `rules.S`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jointbuy.decide import amounts
from jointbuy.decide.table import Answers, Collection, Column, Dates, Known, Numbers, Shares, Table, Words
from jointbuy.parameters import View
from jointbuy.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    ByReading,
    Every,
    Expression,
    Is,
    Judgement,
    NoLaterThan,
    NumberLimit,
    S,
    ShareLimit,
    Stated,
    Under,
    When,
    Within,
    Yes,
    walk,
)

Statuses = NDArray[np.int8]
_MET, _JUDGEMENT, _UNKNOWN, _NONE = np.int8(S.MET), np.int8(S.JUDGEMENT), np.int8(S.UNKNOWN), np.int8(S.NOT_APPLICABLE)
_FEW = 3
"""Up to so many words are compared one by one; more are looked up."""


class Block:
    """Rows `lo` to `hi` of a table, with what its operations have come to; `above` holds those whose members they are."""

    __slots__ = ("above", "below", "hi", "lo", "owner", "table", "values")

    def __init__(self, table: Table, lo: int, hi: int, above: Block | None = None, owner: Any = None) -> None:
        self.table, self.lo, self.hi, self.above, self.owner = table, lo, hi, above, owner
        self.values: list[Any] = []
        self.below: dict[str, tuple[Block, Segments]] = {}

    @property
    def rows(self) -> int:
        """How many rows."""
        return self.hi - self.lo


Operation = Callable[[Block], Any]


class Level:
    """Operations on one table, in an order in which each comes after what it needs."""

    def __init__(self, table: Table, sides: Sequence[amounts.Side]) -> None:
        self.table, self.sides = table, sides
        self.operations: list[Operation] = []
        self.applies: list[bool] = []
        """Whether an operation's result is never NOT_APPLICABLE."""
        self.places: dict[Hashable, int] = {}
        self.levels: dict[str, Level] = {}

    def place(self, key: Hashable, operation: Operation, *, applies: bool = True) -> int:
        """Where the operation's result will stand; equal keys share one."""
        if key not in self.places:
            self.places[key] = len(self.operations)
            self.operations.append(operation)
            self.applies.append(applies)
        return self.places[key]

    def run(self, block: Block) -> list[Any]:
        """Every operation over a block."""
        for operation in self.operations:
            block.values.append(operation(block))
        return block.values


class Program:
    """Expressions over one table in one view. Raises NotInForce where a parameter has no value on its date."""

    def __init__(self, expressions: Iterable[Expression], table: Table, view: View) -> None:
        expressions = list(expressions)
        limits = (each for one in expressions for each in walk(one) if isinstance(each, ShareLimit))
        self._sides = sorted({(each.group, each.others) for each in limits})
        self._view = view
        self.top = Level(table, [(view.group(group).members, others) for group, others in self._sides])
        self._wanted = [self._place(each, self.top) for each in expressions]

    def run(self, lo: int, hi: int) -> list[Statuses]:
        """The statuses of rows `lo` to `hi`, one array for each expression."""
        values = self.top.run(Block(self.top.table, lo, hi))
        return [values[place] for place in self._wanted]

    # --- leaves ---

    def _place(self, expression: Expression, level: Level) -> int:
        match expression:
            case Under(_, of):
                return self._place(of, level)
            case ByReading(reading, options):
                return self._place(options[self._view.reading(reading)], level)
            case AllOf() | AnyOf() | When():
                return self._branch(expression, level)
            case Every(collection, member) | AtLeast(collection, _, member):
                return self._collected(expression, collection, member, level)
            case Judgement(key, _, _):
                return level.place(("judgement", key), lambda block: _judged(block, key))
            case ShareLimit():
                return self._share(expression, level)
        return self._compared(expression, level)

    def _compared(self, leaf: Within | Is | Yes | Stated | NoLaterThan | NumberLimit, level: Level) -> int:
        column = level.table.facts.get(leaf.fact)
        if isinstance(leaf, Stated):
            return level.place(leaf, _stated(column, negated=leaf.negated))
        if column is None:
            return level.place("nobody states it", lambda block: np.full(block.rows, S.UNKNOWN, dtype=np.int8))
        return level.place(leaf, self._how(leaf, column))

    def _how(self, leaf: Within | Is | Yes | NoLaterThan | NumberLimit, column: Column) -> Operation:
        match leaf, column:
            case Within(_, group, negated), Words():
                members = self._view.group(group).members
                return _one_of(column, [(word in members) is not negated for word in column.words])
            case Is(_, words), Words():
                return _one_of(column, [word in words for word in column.words])
            case Yes(_, answer), Answers():
                return lambda block: _answered(column.values[block.lo : block.hi], int(answer))
            case NoLaterThan(_, limit, strictly), Dates():
                day = self._view.parameter(limit).value
                if isinstance(day, date):
                    return _no_later(column, np.datetime64(day), strictly=strictly)
            case NumberLimit(_, at_most, limit), Numbers():
                return amounts.number(column, self._number(limit), at_most=at_most)
        raise TypeError(f"{leaf.fact} is a column of {type(column).__name__}, which {type(leaf).__name__} cannot compare")

    def _share(self, leaf: ShareLimit, level: Level) -> int:
        column, limit = level.table.facts.get(leaf.fact), self._number(leaf.limit)
        if column is None:
            return level.place("nobody states it", lambda block: np.full(block.rows, S.UNKNOWN, dtype=np.int8))
        if not isinstance(column, Shares):
            raise TypeError(f"{leaf.fact} is a column of {type(column).__name__}, and a share is of amounts by country")
        summed = amounts.Classes(column, level.sides)
        sums = level.place(("sums", leaf.fact), lambda block: summed.of(block.lo, block.hi))
        side = self._sides.index((leaf.group, leaf.others))
        decide = amounts.share(summed, side, limit, at_most=leaf.at_most)
        return level.place(leaf, lambda block: decide(block.values[sums], block.lo, block.hi), applies=False)

    def _number(self, name: str) -> Fraction:
        value = self._view.parameter(name).value
        if not isinstance(value, Fraction):
            raise TypeError(f"{name} must be a number")
        return value

    # --- branches ---

    def _branch(self, branch: AllOf | AnyOf | When, level: Level) -> int:
        if isinstance(branch, When):
            condition, then = self._place(branch.condition, level), self._place(branch.then, level)
            return level.place(
                ("when", condition, then),
                lambda block: _when(block.values[condition], block.values[then]),
                applies=False,
            )
        of = tuple(sorted({self._place(each, level) for each in branch.of}))
        applies = bool(of) and any(level.applies[place] for place in of)
        if len(of) == 1:
            return of[0]
        if not of:
            nothing = S.NOT_APPLICABLE if isinstance(branch, AllOf) else S.NOT_MET
            return level.place(
                ("nothing", nothing),
                lambda block: np.full(block.rows, nothing, dtype=np.int8),
                applies=nothing is S.NOT_MET,
            )
        if isinstance(branch, AllOf):
            return level.place(("all", of), lambda block: _lowest([block.values[each] for each in of]), applies=applies)
        all_apply = all(level.applies[place] for place in of)
        combine = _highest if all_apply else highest_applying
        return level.place(("any", of), lambda block: combine([block.values[each] for each in of]), applies=applies)

    def _collected(self, branch: Every | AtLeast, name: str, member: Expression, level: Level) -> int:
        collection = level.table.collections.get(name)
        if collection is None:
            return level.place("nobody states it", lambda block: np.full(block.rows, S.UNKNOWN, dtype=np.int8))
        below = level.levels.setdefault(name, Level(collection.members, level.sides))
        place = self._place(member, below)
        if isinstance(branch, Every):
            reduce, key = _every, 0
        else:
            key = int(self._number(branch.count)) if branch.count else 1
            reduce = _at_least(key, applies=below.applies[place])

        def collected(block: Block) -> Statuses:
            if name not in block.below:
                block.below[name] = _members(block, collection, below)
            members, segments = block.below[name]
            return segments.told(reduce(members.values[place], segments))

        return level.place((type(branch), name, key, place), collected, applies=isinstance(branch, AtLeast))


def _one_of(column: Words, holds: Sequence[bool]) -> Operation:
    """MET for the words that hold, UNKNOWN for none stated."""
    codes = [code for code, each in enumerate(holds, start=1) if each]
    if len(codes) <= _FEW:
        wanted = [column.codes.dtype.type(code) for code in codes]

        def compared(block: Block) -> Statuses:
            here = column.codes[block.lo : block.hi]
            result: Statuses = (here == 0).view(np.int8)
            for code in wanted:
                result |= (here == code).view(np.int8) * _MET
            return result

        return compared
    found = np.array([S.UNKNOWN, *(S.MET if each else S.NOT_MET for each in holds)], dtype=np.int8)
    return lambda block: found.take(column.codes[block.lo : block.hi])


def _answered(values: NDArray[np.int8], answer: int) -> Statuses:
    return (values == answer).view(np.int8) * _MET | (values < 0).view(np.int8)


def _stated(column: Column | None, *, negated: bool) -> Operation:
    """Silence is an answer here."""
    if column is None:
        return lambda block: np.full(block.rows, S.MET if negated else S.NOT_MET, dtype=np.int8)
    return lambda block: (known(column, block.lo, block.hi) ^ negated).view(np.int8) * _MET


def known(column: Column, lo: int, hi: int) -> NDArray[np.bool_]:
    """Which rows from `lo` to `hi` state the fact."""
    match column:
        case Words(codes, _):
            return codes[lo:hi] != 0
        case Answers(values):
            return values[lo:hi] >= 0
        case Dates(days):
            return ~np.isnat(days[lo:hi])
        case Numbers():
            return column.over[lo:hi] != 0
        case Known(there):
            return there[lo:hi]
        case Shares():
            return np.ones(hi - lo, dtype=bool) if column.stated is None else column.stated[lo:hi]


def _no_later(column: Dates, limit: np.datetime64, *, strictly: bool) -> Operation:
    # As integers: NaT is the lowest of them, so that a day not stated has to be told apart in any case.
    days, last = column.days.view(np.int64), np.int64(limit.astype(np.int64)) - strictly
    absent = np.int64(np.datetime64("NaT").astype(np.int64))

    def compared(block: Block) -> Statuses:
        here = days[block.lo : block.hi]
        unstated = (here == absent).view(np.int8)
        return ((here <= last).view(np.int8) - unstated) * _MET + unstated

    return compared


def _judged(block: Block, key: str) -> Statuses:
    """What a person said of this member, else of the purchase; a judgement while nobody has."""
    of_purchase = _of_purchase(block, key)
    if block.above is None or key not in block.table.statements:
        return of_purchase
    said = block.table.statements[key][block.lo : block.hi]
    return _said(said, of_purchase)


def _of_purchase(block: Block, key: str) -> Statuses:
    if block.above is not None:
        return _of_purchase(block.above, key).take(block.owner)
    said = block.table.statements.get(key)
    if said is None:
        return np.full(block.rows, S.JUDGEMENT, dtype=np.int8)
    return _said(said[block.lo : block.hi], _JUDGEMENT)


def _said(said: NDArray[np.int8], otherwise: Statuses | np.int8) -> Statuses:
    return (said > 0).view(np.int8) * _MET | (said < 0).view(np.int8) * otherwise


def _lowest(of: Sequence[Statuses]) -> Statuses:
    """NOT_APPLICABLE is the highest number, so the minimum leaves it only where nothing else applies."""
    result = np.minimum(of[0], of[1])
    for each in of[2:]:
        np.minimum(result, each, out=result)
    return result


def _highest(of: Sequence[Statuses]) -> Statuses:
    result = np.maximum(of[0], of[1])
    for each in of[2:]:
        np.maximum(result, each, out=result)
    return result


def highest_applying(of: Sequence[Statuses]) -> Statuses:
    """The highest status of those that apply; NOT_APPLICABLE where none does. Two or more."""
    none = (_lowest(of) == _NONE).view(np.int8) * _NONE
    return _highest([*(each * (each != _NONE) for each in of), none])


def _when(condition: Statuses, then: Statuses) -> Statuses:
    """The rule's own status where it applies, nothing where it does not, the better of both where that is open."""
    bound = (condition | (condition == 0).view(np.int8) * _NONE) * (condition != _MET)
    return np.maximum(bound, then)


# --- members ------------------------------------------------------------------------------


class Segments:
    """Members of the rows of a block: neighbours in one array."""

    __slots__ = ("_first", "_second", "_stated", "depth", "ends", "size", "starts")

    def __init__(self, starts: NDArray[np.int64], ends: NDArray[np.int64], stated: NDArray[np.bool_] | None) -> None:
        counts = ends - starts
        longest = int(counts.max()) if counts.size else 0
        self.starts, self.ends, self.size = starts, ends, int(ends[-1]) if ends.size else 0
        self.depth = max(longest, 1).bit_length()
        # Two stretches of 2**k members that may overlap cover a row's members, 2**k being half of them or more.
        power = np.frexp(np.maximum(counts, 1).astype(np.float64))[1].astype(np.int64) - 1
        row = power * (self.size + 1)
        empty = counts == 0
        self._first, self._second = row + starts, row + ends - (np.int64(1) << power)
        if empty.any():  # the place behind the last member holds what changes nothing
            self._first[empty] = self._second[empty] = self.size
        self._stated = None if stated is None or stated.all() else stated

    def reduce(self, values: Statuses, combine: Any, nothing: int) -> Statuses:
        """The lowest or highest of each row's members; `nothing` where there are none."""
        stretches = np.empty((self.depth, self.size + 1), dtype=np.int8)
        stretches[0, : self.size] = values
        stretches[0, self.size] = nothing
        for power in range(1, self.depth):
            half = 1 << (power - 1)
            below, here = stretches[power - 1], stretches[power]
            combine(below[: self.size - half], below[half : self.size], out=here[: self.size - half])
        flat = stretches.ravel()
        result: Statuses = combine(flat.take(self._first), flat.take(self._second))
        return result

    def count(self, values: NDArray[np.bool_]) -> NDArray[Any]:
        """How many of each row's members are true."""
        so_far = np.zeros(self.size + 1, dtype=np.int64)
        np.cumsum(values, out=so_far[1:])
        return so_far.take(self.ends) - so_far.take(self.starts)

    def told(self, result: Statuses) -> Statuses:
        """The result where the members are stated, UNKNOWN elsewhere."""
        if self._stated is None:
            return result
        return result * self._stated + ~self._stated * _UNKNOWN


def _members(block: Block, collection: Collection, level: Level) -> tuple[Block, Segments]:
    """The members of a block's rows, with every operation on them done."""
    offsets = collection.offsets[block.lo : block.hi + 1]
    lo, hi = int(offsets[0]), int(offsets[-1])
    starts, ends = offsets[:-1] - lo, offsets[1:] - lo
    owner = np.repeat(np.arange(block.rows), ends - starts)
    members = Block(collection.members, lo, hi, block, owner)
    level.run(members)
    stated = None if collection.stated is None else collection.stated[block.lo : block.hi]
    return members, Segments(starts, ends, stated)


def _every(values: Statuses, segments: Segments) -> Statuses:
    return segments.reduce(values, np.minimum, S.NOT_APPLICABLE)


def _at_least(needed: int, *, applies: bool) -> Callable[[Statuses, Segments], Statuses]:
    """The n-th highest status of those that apply; NOT_MET where fewer do."""

    def reached(values: Statuses, segments: Segments) -> Statuses:
        counted = values if applies else values * (values != _NONE)
        if needed == 1:
            return segments.reduce(counted, np.maximum, S.NOT_MET)
        result = np.zeros(len(segments.starts), dtype=np.int8)
        for status in (S.UNKNOWN, S.JUDGEMENT, S.MET):
            result += segments.count(counted >= status) >= needed
        return result

    return reached
