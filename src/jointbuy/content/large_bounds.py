"""Whether an uncertain price of a large bill counts in several places: then what its lines add up to is a bound.

The plain path follows every such price (`spread`); here its places are only told apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jointbuy.content.basis import TRACED
from jointbuy.modular import OWN, PRICE

if TYPE_CHECKING:
    from jointbuy.content.arithmetic import Entries
    from jointbuy.content.columns import Columns
    from jointbuy.content.large import Bill, Task

Codes = NDArray[np.int32]
_NEVER = np.iinfo(np.int32).max


def bounded(bill: Bill, task: Task) -> bool:
    """Whether the amounts of a product are bounds, since uncertain prices in it hang together. O(edges)."""
    cols = bill.cols
    uncertain = np.flatnonzero(cols.low != cols.high)
    if not uncertain.size:
        return False
    each = [task.summed, task.single[: task.unsure]]
    some = [entries[task.counted[entries.source]] for entries in each]
    if task.method == TRACED:
        rest = np.full((2, cols.graph.parts), (_NEVER,), np.int32)
        for entries in some:
            _put(rest, cols.part[entries.source[entries.column == OWN]], 0)
        within, _ = _fallen(bill, rest)
        return bool((within[cols.part[uncertain]] < _NEVER).any())
    # The smallest and the largest code (this negated) of the origins under which what makes a row counts.
    below, own = np.full((2, cols.graph.parts), _NEVER, np.int32), np.full((2, cols.part.size), _NEVER, np.int32)
    for entries in some:
        _assigned(cols, entries, below, own)
    fallen = np.minimum(_fallen(bill, below)[:, cols.part[uncertain]], own[:, uncertain])
    return bool(((fallen[0] < _NEVER) & (fallen[0] != -fallen[1])).any())


def _assigned(cols: Columns, entries: Entries, below: Codes, own: Codes) -> None:
    """Where the sources of a product count: those with a price by themselves, the others as what they are made of."""
    priced = entries.column == PRICE
    source, made = entries.source[priced], entries.source[~priced]
    for end, sign in enumerate((1, -1)):
        own[end, source] = sign * cols.origin[source]
        np.minimum.at(below[end], cols.part[made], sign * cols.origin[made])


def _put(codes: Codes, rows: Codes, code: int) -> None:
    codes[:, rows] = code


def _fallen(bill: Bill, below: Codes) -> Codes:
    """For each row the least code of what it is part of the cost of, of both kinds; int32[2, rows].

    `below` has those that begin with a row: what makes it takes them over, down to what has a price.
    """
    cols, graph = bill.cols, bill.cols.graph
    through = cols.first[:-1] == cols.first[1:]
    through[cols.part[cols.low < 0]] = True
    found = np.full_like(below, _NEVER)
    for begin, end in zip(graph.layer[:-1].tolist(), graph.layer[1:].tolist(), strict=True):
        end = min(end, graph.made)
        if begin >= end:
            break
        rows = slice(begin, end)
        passed = np.where(through[rows], np.minimum(found[:, rows], below[:, rows]), below[:, rows])
        child = graph.child[graph.start[begin] : graph.start[end]]
        handed = np.repeat(passed, np.diff(graph.start[begin : end + 1]), axis=1)
        counts = bill.making[child]
        for which in (0, 1):
            np.minimum.at(found[which], child[counts], handed[which, counts])
    return found
