"""Large indented bills: the parent of every row from its level, as `tree.py` finds it; what it tells of is Unusual.

Rows are numbered from 0; a parent row of TOP is none above, and of no edge NOWHERE.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jointbuy.formats import loops
from jointbuy.formats.coded import Codes, Column
from jointbuy.formats.numerals import must

_DOTTED = re.compile(r"\d+(\.\d+)*")
_WHOLE = re.compile(r"\d+\.0")
_DEEPEST = 999


def above(level: Column, ends: NDArray[np.bool_]) -> Codes:
    """The row above each row; `ends` bool by row, whether its part is an end product. Raises Unusual."""
    texts = list(level.texts)
    used = [texts[code] for code in np.flatnonzero(np.bincount(level.codes, minlength=len(texts))).tolist()]
    if any("." in text.strip(".") and not _WHOLE.fullmatch(text) for text in used):
        return _by_number([texts[code] for code in level.codes.tolist()])
    plain = [text.lstrip(".").split(".")[0] for text in texts]
    depth = np.array([int(text) if text.isdecimal() and len(text) <= 3 else -1 for text in plain], np.int32)
    by_row = depth[level.codes]
    must(int(by_row.min()) >= 0)
    base = 0 if int(by_row.min()) == 0 else 1
    must(bool(ends[by_row == 0].all()))  # at level 0 stands nothing but an end product
    found = loops.rows_above(by_row - np.int32(base), _DEEPEST)
    must(int(found.min(initial=0)) != loops.NOWHERE)
    return np.asarray(found)


def _by_number(levels: Sequence[str]) -> Codes:
    """The row above each row, from numbers such as 1.2.3."""
    numbers = [text.rstrip(".") for text in levels]
    must(all(map(_DOTTED.fullmatch, numbers)))
    seen = {number: row for row, number in enumerate(numbers)}
    must(len(seen) == len(numbers))
    shortest = min(number.count(".") for number in numbers)
    found = [seen.get(number.rpartition(".")[0], loops.TOP) for number in numbers]
    must(all(row != loops.TOP or number.count(".") <= shortest for row, number in zip(found, numbers, strict=True)))
    return np.array(found, np.int32)


def parents(above: Codes, part: Codes, made_of: NDArray[np.int64], ends: int, parts: int) -> Codes:
    """The parent of each row: a part, or -1 for a row that gives no use.

    `made_of` int64 by row: what makes two rows below an assembly alike. A sub-assembly that is listed several times
    gives its uses once and must be the same each time. Raises Unusual.
    """
    found, alike = loops.once(above, part, made_of, parts)
    must(bool(alike))
    top = above == loops.TOP
    own = top & (part < ends)
    must(ends == 1 or bool((own == top).all()))
    found[top] = 0
    found[own] = -1
    return np.asarray(found)
