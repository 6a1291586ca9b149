"""Facts of many purchases as columns: what `columns` decides, from arrays or from facts by name.

A column holds one fact of every row; a collection holds the members of all rows one after the other, with offsets
that say whose they are. What is not stated has a mark of its own in every kind of column, and is never zero (§1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from jointbuy.exact import ADDED, Composition, Range
from jointbuy.rules import Fact, Facts, Value

LARGEST = 2**62
"""Integers are held as int64 below this and as Python's own from there on, so that nothing wraps (§3)."""


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Countries or words: `words[code - 1]`; code 0 is not stated. `codes` are unsigned, shape (rows,).

    `ahead` (bool, shape (rows,), None for none) tells what lies after the day by which everything is known.
    """

    codes: NDArray[Any]
    words: tuple[str, ...]
    ahead: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        _marked(self.ahead, len(self.codes))
        if self.codes.dtype.kind != "u" or (self.codes.size and int(self.codes.max()) > len(self.words)):
            raise ValueError(f"codes must be unsigned and at most {len(self.words)}, one for each word from 1 on")

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Yes (1), no (0) or not stated (-1): int8, shape (rows,)."""

    values: NDArray[np.int8]

    def __post_init__(self) -> None:
        if self.values.dtype != np.int8 or (self.values.size and not -1 <= self.values.min() <= self.values.max() <= 1):
            raise ValueError("answers must be int8: 1 for yes, 0 for no, -1 for not stated")

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True, eq=False)
class Dates:
    """Days: datetime64[D], NaT where not stated, shape (rows,). `ahead` as in `Words`."""

    days: NDArray[np.datetime64]
    ahead: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        _marked(self.ahead, len(self.days))
        if self.days.dtype != np.dtype("datetime64[D]"):
            raise ValueError(f"dates must be datetime64[D], not {self.days.dtype}")

    def __len__(self) -> int:
        return len(self.days)


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """Numbers from `low / over` to `high / over`, such as shares of one: int64, shape (rows,).

    `over` is above zero, and zero where the number is not stated. `apart` holds, by row, numbers too long for int64.
    `largest` is found when it is made: the largest integer in the arrays, without its sign.
    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    over: NDArray[np.int64]
    apart: Mapping[int, Range] = field(default_factory=dict)
    largest: int = field(init=False)

    def __post_init__(self) -> None:
        if not len(self.low) == len(self.high) == len(self.over):
            raise ValueError("low, high and over must be of one length")
        object.__setattr__(self, "largest", _whole("numbers", self.low, self.high, self.over))
        if self.over.size and int(self.over.min()) < 0:
            raise ValueError("over must not be below zero")

    def __len__(self) -> int:
        return len(self.over)


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Amounts by country of origin, several for each row: the composition of an end product.

    The amounts of row r are `low[offsets[r]:offsets[r + 1]]`, int64 and none below zero, all of a row in one unit
    (cents, or any fraction of them); `high` is `low` itself where no price is uncertain. `codes` are countries as in
    `Words`; code 0 is undeclared, the word "" value that is no component. `stated` (bool, None for all) tells rows
    whose composition nobody stated from those that have no component. `apart` holds, by row, what does not fit:
    uncertain amounts of several countries, and integers beyond int64.
    """

    offsets: NDArray[np.int64]
    codes: NDArray[Any]
    words: tuple[str, ...]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    stated: NDArray[np.bool_] | None = None
    apart: Mapping[int, Composition] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not len(self.codes) == len(self.low) == len(self.high):
            raise ValueError("codes, low and high must be of one length")
        _offsets(self.offsets, len(self.codes))
        Words(self.codes, self.words)
        _whole("amounts", self.low, self.high)
        if self.low.size and (int(self.low.min()) < 0 or (self.high is not self.low and (self.low > self.high).any())):
            raise ValueError("amounts must not be below zero, nor low above high")

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def composition(self, row: int) -> Composition:
        """One row's amounts by origin, exactly."""
        if row in self.apart:
            return self.apart[row]
        made: dict[Any, Range] = {}
        for at in range(int(self.offsets[row]), int(self.offsets[row + 1])):
            code = int(self.codes[at])
            origin = ((self.words[code - 1], Fraction(1)),) if code else ()
            amount = Range(Fraction(int(self.low[at])), Fraction(int(self.high[at])))
            made[origin] = made[origin] + amount if origin in made else amount
        return made


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Whether something is stated at all: bool, shape (rows,). For facts of which no rule asks more."""

    there: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.there)


Column: TypeAlias = Words | Answers | Dates | Numbers | Shares | Known


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """Members of all rows: those of row r are `members[offsets[r]:offsets[r + 1]]`; `stated` as in `Shares`."""

    offsets: NDArray[np.int64]
    members: Table
    stated: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        _offsets(self.offsets, self.members.rows)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Facts of `rows` purchases, or of `rows` members of a collection, by the names that rules use.

    A fact or collection without a column is stated of no row. `statements` answers, by key, what persons settled:
    int8 as in `Answers`, shape (rows,); among members those made about this member by name. Raises ValueError for
    columns that are shorter or longer.
    """

    rows: int
    facts: Mapping[str, Column] = field(default_factory=dict)
    collections: Mapping[str, Collection] = field(default_factory=dict)
    statements: Mapping[str, NDArray[np.int8]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, column in (*self.facts.items(), *self.statements.items()):
            if len(column) != self.rows:
                raise ValueError(f"{name} has {len(column)} rows, the table {self.rows}")
        for name, collection in self.collections.items():
            if len(collection.offsets) != self.rows + 1:
                raise ValueError(f"{name} has offsets for {len(collection.offsets) - 1} rows, the table {self.rows}")
            if collection.stated is not None and (np.diff(collection.offsets)[~collection.stated] != 0).any():
                raise ValueError(f"{name} has members in rows that do not state it")


def _offsets(offsets: NDArray[Any], members: int) -> None:
    if (
        offsets.dtype != np.int64
        or not offsets.size
        or offsets[0] != 0
        or offsets[-1] != members
        or (np.diff(offsets) < 0).any()
    ):
        raise ValueError(f"offsets must be int64, start at 0, never fall and end at the {members} members")


def _marked(ahead: NDArray[Any] | None, rows: int) -> None:
    if ahead is not None and (ahead.dtype != np.bool_ or len(ahead) != rows):
        raise ValueError(f"ahead must be bool, one for each of the {rows} rows")


def _whole(what: str, *arrays: NDArray[Any]) -> int:
    """The largest integer in the arrays, without its sign, when all are of the kind and size they must be."""
    largest = 0
    for each in arrays:
        ends = (-int(each.min()), int(each.max())) if each.size else ()
        largest = max((largest, *ends))
        if each.dtype != np.int64 or largest >= LARGEST:
            raise ValueError(f"{what} must be int64 between -2**62 and 2**62")
    return largest


# --- from facts by name -------------------------------------------------------------------


def table(facts: Sequence[Facts], statements: Sequence[Mapping[str, Fact]]) -> Table:
    """Purchases as `facts.of` and `facts.statements` give them, as columns; one by one, some thousand a second.

    Raises ValueError when the two differ in length.
    """
    if len(facts) != len(statements):
        raise ValueError("as many statements as facts are needed")
    keys = sorted({key for said in statements for key in said})
    said = {key: _answers([each[key].value if key in each else None for each in statements]).values for key in keys}
    return _table(facts, statements, said)


def _table(
    facts: Sequence[Facts], statements: Sequence[Mapping[str, Fact]], said: Mapping[str, NDArray[np.int8]]
) -> Table:
    columns: dict[str, Column] = {}
    collections: dict[str, Collection] = {}
    for name in sorted({name for each in facts for name in each} - {"subject", "company"}):
        found = [each.get(name) for each in facts]
        if any(isinstance(each, tuple) for each in found):
            collections[name] = _collection(found, statements)
        values = [each.value if isinstance(each, Fact) else None for each in found]
        if any(value is not None for value in values):
            column = _column(values)
            ahead = np.array([isinstance(each, Fact) and each.ahead for each in found], dtype=bool)
            # Of other columns no rule asks whether they lie ahead.
            columns[name] = (
                replace(column, ahead=ahead) if isinstance(column, Words | Dates) and ahead.any() else column
            )
    return Table(len(facts), columns, collections, said)


def _collection(found: Sequence[Any], statements: Sequence[Mapping[str, Fact]]) -> Collection:
    """Members one after the other, each with the statements that name it as their subject."""
    stated = np.array([isinstance(each, tuple) for each in found], dtype=bool)
    lists = [each if isinstance(each, tuple) else () for each in found]
    members = [member for each in lists for member in each]
    whose = [said for each, said in zip(lists, statements, strict=True) for _ in each]
    own: dict[str, list[Value]] = {}
    for row, (member, said) in enumerate(zip(members, whose, strict=True)):
        subject = member.get("subject")
        if not isinstance(subject, Fact) or not subject.value:
            continue
        tail = f":{subject.value}"
        for full, fact in said.items():
            if full.endswith(tail):
                own.setdefault(full.removesuffix(tail), [None] * len(members))[row] = fact.value
    about = {key: _answers(values).values for key, values in own.items()}
    return Collection(_ends([len(each) for each in lists]), _table(members, whose, about), stated)


def _ends(counts: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64))).astype(np.int64)


def _column(values: Sequence[Value]) -> Column:
    """The column that fits the values; of mixed ones only whether they are stated."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {str}:
        return _words(values)
    if kinds == {bool}:
        return _answers(values)
    if kinds == {date}:
        return Dates(np.array([value or "NaT" for value in values], dtype="datetime64[D]"))
    if kinds == {Range}:
        return _numbers(values)
    if all(isinstance(value, Mapping) for value in values if value is not None):
        return _shares(values)
    return Known(np.array([value is not None for value in values], dtype=bool))


def _words(values: Sequence[Value]) -> Words:
    words = sorted({value for value in values if isinstance(value, str)})
    code = {word: number for number, word in enumerate(words, start=1)}
    codes = [code[value] if isinstance(value, str) else 0 for value in values]
    return Words(np.array(codes, dtype=np.min_scalar_type(len(words))), tuple(words))


def _answers(values: Sequence[Value]) -> Answers:
    return Answers(np.array([-1 if value is None else bool(value) for value in values], dtype=np.int8))


def _numbers(values: Sequence[Value]) -> Numbers:
    rows = np.zeros((3, len(values)), dtype=np.int64)
    apart: dict[int, Range] = {}
    for row, value in enumerate(values):
        if not isinstance(value, Range):
            continue
        over = lcm(value.low.denominator, value.high.denominator)
        three = (int(value.low * over), int(value.high * over), over)
        if max(map(abs, three)) < LARGEST:
            rows[:, row] = three
        else:
            rows[2, row], apart[row] = 1, value
    return Numbers(rows[0], rows[1], rows[2], apart)


def _shares(values: Sequence[Value]) -> Shares:
    cells: list[tuple[str | None, int, int]] = []
    counts: list[int] = []
    apart: dict[int, Composition] = {}
    for row, value in enumerate(values):
        found = _cells(value) if isinstance(value, Mapping) else []
        if found is None:
            assert isinstance(value, Mapping)  # noqa: S101 - only a composition can stand apart
            apart[row], found = value, []
        cells += found
        counts.append(len(found))
    origins = _words([country for country, _, _ in cells])
    low, high = (np.array([cell[end] for cell in cells], dtype=np.int64) for end in (1, 2))
    stated = np.array([value is not None for value in values], dtype=bool)
    return Shares(_ends(counts), origins.codes, origins.words, low, high, stated, apart)


def _cells(composition: Composition) -> list[tuple[str | None, int, int]] | None:
    """(country, low, high) in whole numbers over one denominator of their own; None where they do not fit."""
    pieces: list[tuple[str | None, Range]] = []
    for origin, amount in composition.items():
        if origin == ADDED:
            pieces.append(("", amount))
            continue
        if not all(isinstance(place, str) for place, _ in origin):
            return None  # from one country or another
        declared = [(str(place) or None, share) for place, share in origin]
        rest = 1 - sum((share for _, share in declared), Fraction(0))
        shares = [each for each in (*declared, (None, rest)) if each[1]]
        if len(shares) > 1 and not amount.known:
            return None
        pieces += [(country, amount.times(share)) for country, share in shares]
    scale = lcm(1, *(end.denominator for _, amount in pieces for end in (amount.low, amount.high)))
    cells = [(country, int(amount.low * scale), int(amount.high * scale)) for country, amount in pieces]
    fits = all(low >= 0 and high < LARGEST for _, low, high in cells)
    return cells if fits else None
