"""Columns of a large bill: a number or a code for each row, and the value itself made when it is asked for.

A bill of a million rows as Python objects takes gigabytes; as arrays it takes tens of megabytes. A packed column
is a `Sequence` like the tuple it stands for, so whoever reads single rows need not know; kernels take the arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Any, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from jointbuy.errors import Where
from jointbuy.model import Bom

Value = TypeVar("Value")
Integers = NDArray[np.int64]
Codes = NDArray[np.int32]
LARGEST = 2**62
"""What the numerators of a column stay below."""
_CHUNK = 2**16
"""Rows of which plain numbers are made at once, where all of a column are gone through."""


class TooFine(ValueError):
    """The numbers of a bill have no common denominator that machine words hold; the plain path has no such limit."""


class _Column(Sequence[Value], Generic[Value]):
    """A sequence of made values; slices are lists of them."""

    __slots__ = ()

    def one(self, index: int) -> Value:
        """The value at an index from 0."""
        raise NotImplementedError

    @overload
    def __getitem__(self, index: int) -> Value: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Value]: ...
    def __getitem__(self, index: int | slice) -> Value | Sequence[Value]:
        if isinstance(index, slice):
            return [self.one(at) for at in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self.one(index)


@dataclass(frozen=True, slots=True, eq=False)
class Ratios(_Column[Fraction]):
    """Exact numbers over one denominator: `numerator[i] / denominator`; int64, none below zero."""

    numerator: Integers
    denominator: int = 1

    def __len__(self) -> int:
        return len(self.numerator)

    def one(self, index: int) -> Fraction:
        """The number at an index."""
        return Fraction(int(self.numerator[index]), self.denominator)


@dataclass(frozen=True, slots=True, eq=False)
class Stated(_Column["Fraction | None"]):
    """Exact numbers of which some are not stated: -1 stands for None, which is never zero (§1)."""

    numerator: Integers
    denominator: int = 1

    def __len__(self) -> int:
        return len(self.numerator)

    def one(self, index: int) -> Fraction | None:
        """The number at an index, or None."""
        value = int(self.numerator[index])
        return None if value < 0 else Fraction(value, self.denominator)


@dataclass(frozen=True, slots=True, eq=False)
class Indices(_Column[int]):
    """Whole numbers, as of parts; int32."""

    values: Codes

    def __len__(self) -> int:
        return len(self.values)

    def one(self, index: int) -> int:
        """The number at an index."""
        return int(self.values[index])

    def __iter__(self) -> Iterator[int]:
        for at in range(0, len(self.values), _CHUNK):
            yield from self.values[at : at + _CHUNK].tolist()


@dataclass(frozen=True, slots=True, eq=False)
class Coded(_Column[Any]):
    """Values of which few are distinct: `values[codes[i]]`."""

    codes: Codes
    values: Sequence[Any]

    def __len__(self) -> int:
        return len(self.codes)

    def one(self, index: int) -> Any:
        """The value at an index."""
        return self.values[int(self.codes[index])]

    def __iter__(self) -> Iterator[Any]:
        for at in range(0, len(self.codes), _CHUNK):
            yield from map(self.values.__getitem__, self.codes[at : at + _CHUNK].tolist())

    def present(self) -> list[Any]:
        """The values there are, each once."""
        return [self.values[int(code)] for code in np.unique(self.codes)]


@dataclass(frozen=True, slots=True, eq=False)
class Rows(_Column[Where]):
    """Places in one file by line; or by row and the column that is shown, in a file without lines such as Parquet."""

    file: str
    lines: Codes
    column: str | None = None

    def __len__(self) -> int:
        return len(self.lines)

    def one(self, index: int) -> Where:
        """The place at an index."""
        line = int(self.lines[index])
        return Where(self.file, line, f"row {line}, {self.column}" if self.column is not None else None)


@dataclass(frozen=True, slots=True, eq=False)
class Texts(_Column[str]):
    """Words, UTF-8 in one array: word i is `data[starts[i] : starts[i + 1]]`; uint8 and int64, one more than words."""

    data: NDArray[np.uint8]
    starts: Integers

    @classmethod
    def of(cls, words: Sequence[str]) -> Texts:
        """These words packed."""
        if isinstance(words, cls):
            return words
        coded = [word.encode() for word in words]
        starts = np.zeros(len(coded) + 1, np.int64)
        np.cumsum(np.array([len(word) for word in coded], np.int64), out=starts[1:])
        # As other texts are: what may not be written to would be compiled for by itself.
        return cls(np.frombuffer(bytearray().join(coded), np.uint8), starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def one(self, index: int) -> str:
        """The word at an index."""
        return self.data[self.starts[index] : self.starts[index + 1]].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        whole = self.data[self.starts[0] : self.starts[-1]].tobytes()
        places = (self.starts - self.starts[0]).tolist()
        text = whole.decode("latin-1")
        if text.isascii():
            return (text[begin:end] for begin, end in pairwise(places))
        return (whole[begin:end].decode() for begin, end in pairwise(places))


@dataclass(frozen=True, slots=True, eq=False)
class Words(_Column["str | None"]):
    """Words of which the first is blank and stands for None."""

    texts: Sequence[str]

    def __len__(self) -> int:
        return len(self.texts)

    def one(self, index: int) -> str | None:
        """The word at an index, or None."""
        return self.texts[index] if index else None


@dataclass(frozen=True, slots=True, eq=False)
class Joined(_Column[Any]):
    """Two sequences, one after the other."""

    first: Sequence[Any]
    then: Sequence[Any]

    def __len__(self) -> int:
        return len(self.first) + len(self.then)

    def one(self, index: int) -> Any:
        """The value at an index."""
        at = index - len(self.first)
        return self.first[index] if at < 0 else self.then[at]


@dataclass(frozen=True, slots=True, eq=False)
class Made(_Column[Value], Generic[Value]):
    """Values that a function makes of a whole number, as a place of the number of its row."""

    codes: Codes
    make: Callable[[int], Value]

    def __len__(self) -> int:
        return len(self.codes)

    def one(self, index: int) -> Value:
        """The value at an index."""
        return self.make(int(self.codes[index]))


def over_one(values: Sequence[Fraction | None]) -> tuple[Integers, int]:
    """Exact numbers as int64 numerators over one denominator, -1 for None. Raises TooFine."""
    per = lcm(*{value.denominator for value in values if value is not None})
    if per >= LARGEST:
        raise TooFine
    scaled = [-1 if value is None else value.numerator * (per // value.denominator) for value in values]
    if max(scaled, default=0) >= LARGEST:
        raise TooFine
    return np.array(scaled, np.int64), per


def coded(values: Sequence[Any]) -> tuple[Codes, Sequence[Any]]:
    """A column as int32 codes and the values they stand for."""
    if isinstance(values, Coded):
        return values.codes, values.values
    known: dict[Any, int] = {}
    codes = [known.setdefault(value, len(known)) for value in values]
    return np.array(codes, np.int32), tuple(known)


def packed(bom: Bom) -> Bom:
    """A bill of tuples with those columns packed that kernels take. Raises TooFine."""
    table = bom.sources
    ends, per = over_one((*table.price_low, *table.price_high))
    low = Stated(ends[: len(table.part)], per)
    return replace(
        bom,
        parent=Indices(np.array(bom.parent, np.int32)),
        child=Indices(np.array(bom.child, np.int32)),
        quantity=Ratios(*over_one(bom.quantity)),
        sources=replace(
            table,
            part=Indices(np.array(table.part, np.int32)),
            origin=Coded(*coded(table.origin)),
            price_low=low,
            price_high=low if table.price_low == table.price_high else Stated(ends[len(table.part) :], per),
            currency=Coded(*coded(table.currency)),
            cost_kind=Coded(*coded(table.cost_kind)),
            awarded=Ratios(*over_one(table.awarded)),
        ),
    )
