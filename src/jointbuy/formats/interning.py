"""Texts of one column to codes, chunk by chunk: equal texts alike, the blank 0, the others in the order they come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jointbuy.formats import loops
from jointbuy.formats.coded import Codes, Column
from jointbuy.packed import Texts

Bytes = NDArray[np.uint8]


class NotText(ValueError):
    """Bytes that are not UTF-8, or two texts that only a reader one by one tells apart."""


class Interner:
    """The texts met so far, in a table of their keys that grows with them."""

    def __init__(self) -> None:
        self._table = np.zeros(1 << 15, np.uint64)
        self._starts = np.zeros((1 << 13) + 1, np.int64)
        self._pool = np.zeros(1 << 17, np.uint8)
        self._count = 1  # the blank is known

    def codes(self, data: Bytes, begin: NDArray[Any], end: NDArray[Any]) -> Codes:
        """The codes of the texts from `begin[i]` up to `end[i]` in `data`. Raises NotText."""
        begin, end = np.ascontiguousarray(begin), np.ascontiguousarray(end)
        found = np.empty(len(begin), np.int32)
        at = 0
        while True:
            at, self._count, needed = loops.intern(
                data, begin, end, at, found, self._table, self._starts, self._pool, self._count
            )
            if at < 0:
                raise NotText
            if at == len(begin):
                return found
            self._grow(int(needed))

    def of(self, words: Sequence[str]) -> Codes:
        """The codes of words."""
        packed = Texts.of(words)
        return self.codes(packed.data, packed.starts[:-1], packed.starts[1:])

    def _grow(self, needed: int) -> None:
        """Room for one more chunk of texts, of so many bytes together; and in all for twice as much as there was."""
        used, texts = int(self._starts[self._count]), self._count + loops.CHUNK
        if used + needed > self._pool.size:
            self._pool = np.concatenate([self._pool, np.zeros(max(self._pool.size, needed), np.uint8)])
        if texts >= self._starts.size:
            self._starts = np.concatenate([self._starts, np.zeros(self._starts.size - 1, np.int64)])
        if 4 * texts > self._table.size:
            table = np.zeros(2 * self._table.size, np.uint64)
            loops.spread(self._table, table)
            self._table = table

    def texts(self) -> Texts:
        """The texts by code. Raises NotText."""
        starts = self._starts[: self._count + 1].copy()
        data = self._pool[: starts[-1]].copy()
        if (data >= 128).any():
            first = data[starts[1:-1]] if self._count > 1 else data[:0]
            try:
                if ((first >= 128) & (first < 192)).any():  # else two halves could make up a sign
                    raise NotText
                data.tobytes().decode()
            except UnicodeDecodeError:
                raise NotText from None
        return Texts(data, starts)


def column(texts: Texts, codes: Codes) -> Column:
    """A column of interned texts, without blanks around them that are not ASCII either."""
    if (texts.data < 128).all():
        return Column(texts, codes)
    words = list(texts)
    bare = [word.strip() for word in words]
    if bare == words:
        return Column(texts, codes)
    known = {"": 0}
    place = np.array([known.setdefault(word, len(known)) for word in bare], np.int32)
    return Column(Texts.of(list(known)), place[codes])
