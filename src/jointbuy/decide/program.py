"""Expressions made into operations on arrays once, then run over blocks of a table that fit into the cache.

Readings, groups and limits are looked up when the program is made; what several rules ask for is computed once. A level
holds the operations on one table; each collection in it is a level of its own. `plain` and `compiled` are two engines
with the same operations.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Sequence, Set
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jointbuy.decide.limits import ShareLimits, number
from jointbuy.decide.plain import BETTER, HIGHEST, LOWEST, WHEN
from jointbuy.decide.table import Answers, Collection, Column, Dates, Known, Numbers, Shares, Table, Words
from jointbuy.parameters import View
from jointbuy.rules import (
    UNKNOWN_ORIGIN,
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
)

Statuses = NDArray[np.int8]
_ABSENT = int(np.datetime64("NaT").astype(np.int64))
_SPARE = 16
"""By how much arrays are longer than their rows at least: loops may read and write a little beyond the last."""
_NOBODY: NDArray[np.int8] = np.zeros(0, dtype=np.int8)


class Block:
    """Rows `lo` to `hi` of a table and their statuses, `values`; members know the `top` block and whose they are."""

    __slots__ = ("hi", "lo", "owner", "table", "top", "values")

    def __init__(self, table: Table, lo: int, hi: int, top: Block | None = None, owner: Any = None) -> None:
        self.table, self.lo, self.hi, self.top, self.owner = table, lo, hi, top, owner
        self.values: Any = None

    @property
    def rows(self) -> int:
        """How many rows."""
        return self.hi - self.lo


class Space:
    """Arrays that one thread uses again for every block: getting new ones costs more than filling them."""

    def __init__(self) -> None:
        self._held: dict[Hashable, Any] = {}

    def take(self, key: Hashable, places: int, rows: int, kind: Any = np.int8) -> Any:
        """An array of more rows than these; what stood in it is gone."""
        held = self._held.get(key)
        if held is None or held.shape[1] < rows + _SPARE:
            held = self._held[key] = np.empty((places, rows + rows // 4 + _SPARE), dtype=kind)
        return held


Leaf = Callable[[Block, Any], None]
"""Writes the statuses of a block's rows into an array."""


class Level:
    """Operations on one table: leaves, what collections come to, and steps of logic over both, in this order."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.places: dict[Hashable, int] = {}
        self.applies: list[bool] = []
        """Whether the status in a place is never NOT_APPLICABLE."""
        self.leaves: list[tuple[int, Leaf]] = []
        self.shares: dict[str, ShareLimits] = {}
        self.collected: dict[str, list[tuple[int, int, int]]] = {}
        """By collection: from which place of its members, where to, and how many must hold; 0 for all."""
        self.steps: list[tuple[int, int, int, int]] = []
        self.below: dict[str, Level] = {}
        self.judges = False
        """Whether statements are asked for here or below, for which one must know whose the members are."""

    def new(self, key: Hashable, *, applies: bool) -> int:
        """A place for the statuses known by a key."""
        place = self.places[key] = len(self.applies)
        self.applies.append(applies)
        return place

    def leaf(self, key: Hashable, make: Callable[[], Leaf], *, applies: bool = True) -> int:
        """The place of a leaf; equal keys share one."""
        if key not in self.places:
            leaf = make()
            self.leaves.append((self.new(key, applies=applies), leaf))
        return self.places[key]

    def constant(self, status: S) -> int:
        """The place of one status for all rows."""

        def fill(block: Block, out: Any) -> None:  # noqa: ARG001 - one signature for all leaves
            out[:] = status

        return self.leaf(status, lambda: fill, applies=status is not S.NOT_APPLICABLE)

    def step(self, what: int, of: Sequence[int], *, applies: bool) -> int:
        """The place of two statuses or more combined, pair by pair."""
        key = (what, *of)
        if key not in self.places:
            so_far = of[0]
            for number, other in enumerate(of[1:], start=2):  # never in place: loops over distinct arrays are faster
                into = self.new((what, *of[:number]), applies=applies)
                self.steps.append((what, into, so_far, other))
                so_far = into
        return self.places[key]


class Program:
    """Expressions over one table in one view, placed one by one before the first run.

    Raises NotInForce where a parameter has no value on the view's date, TypeError for a column of another kind.
    """

    def __init__(self, table: Table, view: View, engine: Any) -> None:
        self._view, self._engine = view, engine
        self.top = Level(table)
        self._ready: dict[Level, tuple[Any, Any, dict[str, Any]]] = {}

    def place(self, expression: Expression) -> int:
        """Where the statuses of an expression will stand."""
        return self._place(expression, self.top)

    def finish(self, kept: Iterable[int]) -> None:
        """To be called when all expressions have been placed, with the places whose statuses are asked for."""
        waiting = [(self.top, {*kept})]
        while waiting:
            level, read = waiting.pop()
            waiting += [(below, {of for of, _, _ in level.collected[name]}) for name, below in level.below.items()]
            wanted = {name: np.array(each, dtype=np.int64) for name, each in level.collected.items()}
            steps = np.array(level.steps, dtype=np.int64).reshape(-1, 4)
            self._ready[level] = (steps, _slots(level, read), wanted)
            for each in level.shares.values():
                each.finish()

    def run(self, lo: int, hi: int, space: Space) -> Any:
        """The statuses of rows `lo` to `hi` in the places kept, shape (places, rows or more).

        Good until the space is used again.
        """
        block = Block(self.top.table, lo, hi)
        self._run(self.top, block, space)
        return block.values

    def _run(self, level: Level, block: Block, space: Space) -> None:
        rows = block.rows
        values = block.values = space.take(level, len(level.applies), rows)
        steps, slots, wanted = self._ready[level]
        for place, leaf in level.leaves:
            leaf(block, values[place, :rows])
        for shares in level.shares.values():
            shares.decide(block, self._engine)
        for name, below in level.below.items():
            self._collected(level.table.collections[name], below, wanted[name], block, space)
        self._engine.logic(steps, slots, values, rows)

    def _collected(self, collection: Collection, below: Level, wanted: Any, block: Block, space: Space) -> None:
        """What the members of a block's rows come to."""
        offsets = collection.offsets[block.lo : block.hi + 1]
        lo, hi = int(offsets[0]), int(offsets[-1])
        if lo == hi:
            for _, into, needed in wanted.tolist():
                block.values[into, : block.rows] = S.NOT_MET if needed else S.NOT_APPLICABLE
        else:
            owner = self._owner(below, block, offsets, space) if below.judges else None
            members = Block(collection.members, lo, hi, block.top or block, owner)
            self._run(below, members, space)
            self._engine.collect(members.values, offsets, wanted, block.values)
        stated = None if collection.stated is None else collection.stated[block.lo : block.hi]
        if stated is not None and not stated.all():
            for into in wanted[:, 1].tolist():
                block.values[into, : block.rows][~stated] = S.UNKNOWN

    def _owner(self, below: Level, block: Block, offsets: Any, space: Space) -> Any:
        """Which purchase of the top block each member belongs to."""
        count = int(offsets[-1] - offsets[0])
        owner = space.take((below, "owner"), 1, count, np.uint32)[0, :count]
        self._engine.owners(offsets, owner)
        if block.owner is not None:
            owner[:] = block.owner.take(owner)
        return owner

    # --- from expressions to places ---

    def _place(self, expression: Expression, level: Level) -> int:
        match expression:
            case Under(_, of):
                return self._place(of, level)
            case ByReading(reading, options):
                return self._place(options[self._view.reading(reading)], level)
            case AllOf(of):
                return self._all(of, level)
            case AnyOf(of):
                return self._any(of, level)
            case When(condition, then):
                both = (self._place(condition, level), self._place(then, level))
                return level.step(WHEN, both, applies=False)
            case Every(collection, member):
                return self._collect(level, collection, member, 0)
            case AtLeast(collection, count, member):
                return self._collect(level, collection, member, int(self._number(count)) if count else 1)
            case Judgement(key, _, _, volunteered):
                level.judges = True
                return level.leaf(("judgement", key, volunteered), lambda: self._judged(key, volunteered=volunteered))
            case Stated(fact, negated):
                return self._stated(fact, level, negated=negated)
            case ShareLimit(fact) if isinstance(level.table.facts.get(fact), Shares):
                return self._share(expression, level)
        return self._compared(expression, level)

    def _all(self, of: Sequence[Expression], level: Level) -> int:
        places = sorted({self._place(each, level) for each in of})
        if len(places) < 2:
            return places[0] if places else level.constant(S.NOT_APPLICABLE)
        # NOT_APPLICABLE is the highest number, so the lowest leaves it only where nothing else applies.
        return level.step(LOWEST, places, applies=any(level.applies[place] for place in places))

    def _any(self, of: Sequence[Expression], level: Level) -> int:
        places = sorted({self._place(each, level) for each in of})
        if len(places) < 2:
            return places[0] if places else level.constant(S.NOT_MET)
        applies = [level.applies[place] for place in places]
        return level.step(HIGHEST if all(applies) else BETTER, places, applies=any(applies))

    def _collect(self, level: Level, name: str, member: Expression, needed: int) -> int:
        collection = level.table.collections.get(name)
        if collection is None:
            return level.constant(S.UNKNOWN)
        below = level.below.setdefault(name, Level(collection.members))
        of = self._place(member, below)
        level.judges |= below.judges
        key = ("members", name, of, needed)
        if key not in level.places:
            level.collected.setdefault(name, []).append((of, level.new(key, applies=needed > 0), needed))
        return level.places[key]

    def _judged(self, key: str, *, volunteered: bool) -> Leaf:
        def leaf(block: Block, out: Any) -> None:
            top = block.top
            own, said = (_said(each, key) if each else _NOBODY for each in (block, top))
            self._engine.judged(own, said, _NOBODY if block.owner is None else block.owner, out)
            if volunteered:
                out[out == S.JUDGEMENT] = S.NOT_MET

        return leaf

    def _stated(self, fact: str, level: Level, *, negated: bool) -> int:
        column = level.table.facts.get(fact)
        if column is None:
            return level.constant(S.MET if negated else S.NOT_MET)
        values, absent = _marks(column)

        def leaf(block: Block, out: Any) -> None:
            self._engine.stated(values[block.lo : block.hi], absent, negated, out)

        return level.leaf(("stated", fact, negated), lambda: leaf)

    def _compared(self, leaf: Within | Is | Yes | NoLaterThan | NumberLimit | ShareLimit, level: Level) -> int:
        column = level.table.facts.get(leaf.fact)
        if column is None:
            return level.constant(S.UNKNOWN)
        if isinstance(leaf, Within) and leaf.on:
            days = level.table.facts.get(leaf.on)
            if isinstance(days, Dates):
                return level.leaf(leaf, lambda: self._then(leaf, column, days))
        return level.leaf(leaf, lambda: self._how(leaf, column))

    def _then(self, leaf: Within, column: Column, days: Dates) -> Leaf:
        """Membership on each row's own day, or on that of the law where none is stated."""
        if not isinstance(column, Words):
            return self._how(leaf, column)
        first, own = self._how(leaf, column), days.days
        told = [
            (np.datetime64(day), self._held(leaf, column, self._view.group(leaf.group, day).members))
            for day in self._view.changes(leaf.group)
        ]

        def on_its_day(block: Block, out: Any) -> None:
            first(block, out)
            there = own[block.lo : block.hi]
            for at, (day, table) in enumerate(told):
                reached = there >= day if at else ~np.isnat(there)  # none is earlier than the first
                out[reached] = table[column.codes[block.lo : block.hi][reached]]

        return on_its_day

    @staticmethod
    def _held(leaf: Within, column: Words, members: Container[str]) -> Any:
        """Statuses by the code of a word."""
        holds = [S.MET if (word in members) is not leaf.negated else S.NOT_MET for word in column.words]
        return np.array([S.UNKNOWN, *holds], dtype=np.int8)

    def _share(self, leaf: ShareLimit, level: Level) -> int:
        if leaf not in level.places:
            column = level.table.facts[leaf.fact]
            assert isinstance(column, Shares)  # noqa: S101 - the only way here
            limits = level.shares.setdefault(leaf.fact, ShareLimits(column))
            policy = self._view.reading(UNKNOWN_ORIGIN) if UNKNOWN_ORIGIN in self._view.readings else "range"
            counts = None if policy == "range" else leaf.counts(policy)
            side = (self._view.group(leaf.group).members, leaf.others, counts)
            limits.add(side, leaf, self._number(leaf.limit), level.new(leaf, applies=True))
        return level.places[leaf]

    def _how(self, leaf: Within | Is | Yes | NoLaterThan | NumberLimit | ShareLimit, column: Column) -> Leaf:
        engine = self._engine
        match leaf, column:
            case Within(_, group), Words():
                table = self._held(leaf, column, self._view.group(group).members)
                return lambda block, out: engine.look(column.codes[block.lo : block.hi], table, out)
            case Is(_, words), Words():
                return _to_come(self._one_of(column, [word in words for word in column.words]), column.ahead)
            case Yes(_, answer), Answers(values):
                wanted = np.int8(answer)
                return lambda block, out: engine.answered(values[block.lo : block.hi], wanted, out)
            case NoLaterThan(_, limit, strictly, negated), Dates():
                day = self._view.parameter(limit).value
                if isinstance(day, date):
                    last, days = int(np.datetime64(day).astype(np.int64)) - strictly, column.days.view(np.int64)
                    return _to_come(
                        lambda block, out: engine.no_later(days[block.lo : block.hi], last, _ABSENT, negated, out),
                        column.ahead,
                    )
            case NumberLimit(_, at_most, limit), Numbers():
                return number(column, self._number(limit), engine, at_most=at_most)
        raise TypeError(
            f"{leaf.fact} is a column of {type(column).__name__}, which {type(leaf).__name__} cannot compare"
        )

    def _one_of(self, column: Words, holds: Sequence[bool]) -> Leaf:
        table = np.array([S.UNKNOWN, *(S.MET if each else S.NOT_MET for each in holds)], dtype=np.int8)
        return lambda block, out: self._engine.look(column.codes[block.lo : block.hi], table, out)

    def _number(self, name: str) -> Fraction:
        value = self._view.parameter(name).value
        if not isinstance(value, Fraction):
            raise TypeError(f"{name} must be a number")
        return value


def _slots(level: Level, read: Set[int]) -> NDArray[np.int64]:
    """By place a slot for what no more than later steps of the level read, -1 for all else; used again after the last.

    So steps fill few arrays, which stay in the cache.
    """
    last = {place: at for at, (_, _, *of) in enumerate(level.steps) for place in of}
    slots, free, made = np.full(len(level.applies), -1, dtype=np.int64), list[int](), 0
    for at, (_, into, *of) in enumerate(level.steps):
        if into not in read and into in last:
            if not free:
                free.append(made)
                made += 1
            slots[into] = free.pop()
        free += [int(slots[place]) for place in {*of} if last[place] == at and slots[place] >= 0]
    return slots


def _to_come(leaf: Leaf, ahead: NDArray[np.bool_] | None) -> Leaf:
    """The leaf, but unknown where it holds of what lies ahead: that may still not come about."""
    if ahead is None:
        return leaf

    def holds_yet(block: Block, out: Any) -> None:
        leaf(block, out)
        out[ahead[block.lo : block.hi] & (out == S.MET)] = S.UNKNOWN

    return holds_yet


def _said(block: Block, key: str) -> NDArray[np.int8]:
    said = block.table.statements.get(key)
    return _NOBODY if said is None else said[block.lo : block.hi]


def _marks(column: Column) -> tuple[Any, Any]:
    """Values that tell whether the fact is stated, and the one that says it is not; in one type, loops are faster."""
    match column:
        case Words(codes):
            return codes, codes.dtype.type(0)
        case Answers(values):
            return values, np.int8(-1)
        case Dates(days):
            return days.view(np.int64), _ABSENT
        case Numbers():
            return column.over, 0
        case Known(there):
            return there, False
        case Shares():
            return np.ones(len(column), dtype=bool) if column.stated is None else column.stated, False
