"""The wanted columns of a large workbook's sheet: cells of every kind to codes of the texts that they show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jointbuy.formats.cells import NUMBERS, decimal_commas, numbers_of
from jointbuy.formats.coded import Codes, Column
from jointbuy.formats.columns import Header
from jointbuy.formats.decimals import abroad, two_ways
from jointbuy.formats.interning import Interner, column
from jointbuy.formats.looks import percent
from jointbuy.formats.numerals import must
from jointbuy.formats.sheet_cells import Styles, as_shown
from jointbuy.formats.sheet_loops import DATE, FORMULA, NUMBER, PERCENT, SHARED, TEXT
from jointbuy.formats.table import Table
from jointbuy.packed import Texts

Bytes = NDArray[np.uint8]
_KINDS = (NUMBER, SHARED, TEXT, DATE, PERCENT)


class _Column:
    """One column: what was met of each kind, and the codes of each piece of the sheet by kind."""

    def __init__(self) -> None:
        self.met = {kind: Interner() for kind in _KINDS if kind != SHARED}
        self.pieces: list[dict[int, Codes]] = []
        self.styles: list[NDArray[np.int32]] = []
        self.rows: list[int] = []

    def add(self, text: Bytes, cells: tuple[NDArray[np.int64], ...], style: NDArray[np.int32], seen: int) -> None:
        """The cells of more rows: where each begins and ends, and of which kind it is; an odd one counts as blank."""
        begin, end, kind = cells
        kinds = [one for one in _KINDS if seen >> one & 1 or seen >> (one + FORMULA) & 1]
        only = kind & 15
        found: dict[int, Codes] = {}
        for one in kinds:
            mine = only == one
            if not mine.any():  # such as that of the header alone
                continue
            if one == SHARED:
                found[one] = np.where(mine, begin + 1, 0).astype(np.int32)
            elif mine.all():
                found[one] = self.met[one].codes(text, begin, end)
            else:
                found[one] = self.met[one].codes(text, np.where(mine, begin, 0), np.where(mine, end, 0))
        self.pieces.append(found)
        self.rows.append(len(begin))
        if DATE in found:
            self.styles.append(np.where(only == DATE, style, 0).astype(np.int32))
        else:
            self.styles.append(np.zeros(0, np.int32))

    def codes(self, kind: int) -> Codes | None:
        """The codes of one kind by row, 0 where a cell is of another."""
        if not any(kind in piece for piece in self.pieces):
            return None
        parts = [piece.get(kind, np.zeros(rows, np.int32)) for piece, rows in zip(self.pieces, self.rows, strict=True)]
        return np.concatenate(parts)

    def dates(self, codes: Codes, styles: Styles) -> tuple[Codes, list[str]]:
        """Dates by row, and how they are shown by code; the first is none."""
        shades = [
            shade if len(shade) else np.zeros(rows, np.int32)
            for shade, rows in zip(self.styles, self.rows, strict=True)
        ]
        texts = self.met[DATE].texts()
        pairs, place = np.unique(np.concatenate(shades).astype(np.int64) * len(texts) + codes, return_inverse=True)
        split = [divmod(int(pair), len(texts)) for pair in pairs]
        shown = styles.values([(style, texts[code]) for style, code in split if code])
        words = iter(map(str, shown))
        return place.astype(np.int32), ["" if not code else next(words) for _, code in split]


class Gathered:
    """All wanted columns, in the order of their names. Raises Unusual."""

    def __init__(self, names: Sequence[str]) -> None:
        self._columns = {name: _Column() for name in names}

    def add(
        self,
        text: Bytes,
        begin: NDArray[np.int64],
        end: NDArray[np.int64],
        kind: NDArray[np.uint8],
        style: NDArray[np.int32],
        seen: NDArray[np.int64],
    ) -> None:
        """Rows of a piece of the sheet."""
        for at, one in enumerate(self._columns.values()):
            one.add(text, (begin[at], end[at], kind[at]), style[at], int(seen[at]))

    def columns(
        self, file: str, header: Header, shared: Texts, styles: Styles
    ) -> tuple[dict[str, Column], frozenset[str], list[str]]:
        """The columns as texts and codes; those that have a decimal comma, and what is to be noted of that."""
        shown = {name: _Shown(one, shared, styles) for name, one in self._columns.items()}
        level = shown.get("level")
        must(level is None or not level.with_decimals)
        commas, notes = frozenset[str](), list[str]()
        numbers = {name: shown[name] for name in NUMBERS if name in shown}
        if any(one.with_signs for one in numbers.values()):
            commas = _commas(file, header, numbers, notes)
        return {name: one.column() for name, one in shown.items()}, commas, notes


class _Shown:
    """One column with the texts that its cells show, numbers apart from others."""

    def __init__(self, given: _Column, shared: Texts, styles: Styles) -> None:
        self.rows = sum(given.rows)
        self._codes = {kind: codes for kind in _KINDS if (codes := given.codes(kind)) is not None}
        self._shared = shared
        self._words: dict[int, Texts] = {}
        self._decimals: dict[int, NDArray[np.bool_]] = {}
        for kind in {NUMBER, PERCENT} & self._codes.keys():
            self._words[kind], self._decimals[kind] = _numbers(given.met[kind].texts())
        if PERCENT in self._codes:
            self._words[PERCENT] = Texts.of([word and percent(word) for word in self._words[PERCENT]])
        if TEXT in self._codes:
            self._words[TEXT] = given.met[TEXT].texts()
        if SHARED in self._codes:
            self._words[SHARED] = self._strings()
        if DATE in self._codes:
            self._codes[DATE], dates = given.dates(self._codes[DATE], styles)
            self._words[DATE] = Texts.of(dates)

    def _strings(self) -> Texts:
        """The shared strings that the column uses, the first blank; its codes become places among these."""
        codes = self._codes[SHARED]
        used = np.zeros(len(self._shared) + 1, np.bool_)
        used[codes] = True
        used[0] = False
        place = np.cumsum(used).astype(np.int32) * used
        self._codes[SHARED] = place[codes].astype(np.int32)
        starts = self._shared.starts
        interner = Interner()
        chosen = np.flatnonzero(used) - 1
        taken = interner.codes(self._shared.data, starts[chosen], starts[chosen + 1])
        self._codes[SHARED] = np.concatenate([np.zeros(1, np.int32), taken])[self._codes[SHARED]]
        return interner.texts()

    @property
    def with_signs(self) -> bool:
        """Whether a text has a comma or a point, which may be for decimals."""
        kinds = {SHARED, TEXT} & self._words.keys()
        return any(bool((self._words[kind].data == ord(sign)).any()) for kind in kinds for sign in ",.")

    @property
    def with_decimals(self) -> bool:
        """Whether a number is not whole."""
        return any(broken.any() for broken in self._decimals.values())

    def texts(self) -> list[tuple[str, bool]]:
        """The distinct texts that are no dates, and whether each is a number with decimals."""
        decimals = {kind: broken.tolist() for kind, broken in self._decimals.items()}
        return [
            (word, kind in decimals and decimals[kind][at])
            for kind, words in self._words.items()
            for at, word in enumerate(words)
            if at
        ]

    def replace(self, numbers: dict[str, str]) -> None:
        """Show numbers with decimals otherwise."""
        for kind, broken in self._decimals.items():
            pairs = zip(self._words[kind], broken.tolist(), strict=True)
            self._words[kind] = Texts.of([numbers.get(word, word) if odd else word for word, odd in pairs])

    def column(self) -> Column:
        """The column as distinct texts and codes."""
        if not self._codes:
            return Column(Texts.of([""]), np.zeros(self.rows, np.int32))
        if len(self._codes) == 1 and self._codes.keys() <= {SHARED, TEXT}:
            ((kind, codes),) = self._codes.items()
            return column(self._words[kind], codes)
        interner, total = Interner(), np.zeros(self.rows, np.int32)
        for kind, codes in self._codes.items():
            total += interner.of(self._words[kind])[codes]
        return column(interner.texts(), total)


def _numbers(texts: Texts) -> tuple[Texts, NDArray[np.bool_]]:
    """Numbers as they are shown, and which of them are not whole."""
    shown, others, decimals = as_shown(texts)
    if not others:
        return texts, decimals
    words, odd = list(texts), np.flatnonzero(~shown[1:]) + 1
    for at, word in zip(odd.tolist(), others, strict=True):
        words[at] = word
    return Texts.of(words), decimals


def _commas(file: str, header: Header, shown: dict[str, _Shown], notes: list[str]) -> frozenset[str]:
    """The columns with a decimal comma, as the row-by-row reader finds them; their numbers get one, too.

    Raises Unusual where it is in doubt what a comma or point in a text marks.
    """
    texts = {name: one.texts() for name, one in shown.items()}
    height = max(map(len, texts.values()), default=0)
    padded = [[*words, *[("", False)] * (height - len(words))] for words in texts.values()]
    small = Header([header.title(name) for name in texts], {name: at for at, name in enumerate(texts)})
    rows = [[word for word, _ in row] for row in zip(*padded, strict=True)]
    broken = {(at, column) for column, words in enumerate(padded) for at, (_, odd) in enumerate(words) if odd}
    table = Table(file, small, 0, list(range(height)), rows, sheet="", fractions=broken)
    found = decimal_commas(table, notes)
    for name in found:
        at = small.index[name]
        numbers = {word: table.rows[row][at] for row, (word, odd) in enumerate(texts[name]) if odd}
        if numbers:
            shown[name].replace(numbers)
    points = bool(found or abroad(None, header))
    written = [number for name in small.index.keys() - found for number in numbers_of(table, name)]
    must(not any(two_ways(number) and (points or "," in number) for number in written))
    return found
