"""Roll-up of large bills: compiled loops in floats first, then in residues, from which the exact answer is read.

The floats, whose error is bounded, say what is nothing, what weighs most, how large the exact numbers can become and
which sign a difference has; where the bound leaves a sign open, the residues decide. All that is handed out is exact.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from heapq import nlargest
from math import lcm, log2
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jointbuy import kernels
from jointbuy.content import small
from jointbuy.content.arithmetic import Entries, Exact, numbers
from jointbuy.content.basis import FIRST_LEVEL, MOST, SENSELESS, TRACED, Basis
from jointbuy.content.columns import KINDS, Columns, columns
from jointbuy.content.large_bounds import bounded
from jointbuy.content.sourced import names_any, one
from jointbuy.errors import Problem, Unusable
from jointbuy.exact import ZERO, Origin, Place, Range, undeclared, unsettled
from jointbuy.model import Bom, CostKind
from jointbuy.modular import OWN, PRICE
from jointbuy.packed import TooFine, coded
from jointbuy.residues import Reader, primes
from jointbuy.result import Cell, Content, Line, ProductContent, Sourced

Codes = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Residues = NDArray[np.uint64]
_Key = tuple[Place | None, str, CostKind]

KEPT = 1_000
"""Lines of a large bill that are handed out: those that weigh most, and the heaviest undeclared ones."""
_OPENED = 12
"""Parts of the first level whose own parts are handed out."""
_BITS = 20_000
"""Denominators with more digits than this are no quantities of anything."""
_DENSE = 4_000_000
_NAMED = 20


@dataclass(frozen=True, slots=True)
class Task:
    """One product (a row) by one method: what is summed by which cell, and what is read one by one.

    `passes` tells by row whether what it is made of counts by itself; `counted` by source whether it is cost of
    components, `lines` how many of these there are; `cheaper` are sources that cost less than their parts. The first
    `unsure` of the `single` entries are those whose sign the floats leave open; then come those of the lines that are
    handed out, which `line` tells: those of one line are summed.
    """

    root: int
    method: str
    passes: Flags
    summed: Entries
    cell: NDArray[np.int64]
    cells: NDArray[np.int64]
    single: Entries
    unsure: int
    line: NDArray[np.int64]
    counted: Flags
    lines: int
    cheaper: Codes


def roll_up(bom: Bom, currency: str, rates: Mapping[str, Fraction], basis: Basis, *, traced: bool = True) -> Content:
    """See `content.roll_up`."""
    try:
        cols = columns(bom, currency, {**rates, currency: Fraction(1)})
    except TooFine:
        return small.roll_up(bom, currency, rates, basis, traced=traced)
    bill = Bill(cols, basis)
    tasks = [
        _task(bill, root, method)
        for method in ((FIRST_LEVEL, TRACED) if traced else (FIRST_LEVEL,))
        for root in cols.roots
    ]
    notes: list[str] = []
    products = [_product(bill, task, *exact, notes) for task, exact in zip(tasks, exactly(bill, tasks), strict=True)]
    half = len(bom.roots)
    return Content(currency, tuple(products[:half]), tuple(products[half:]), _sourced(bill), tuple(notes))


class Bill:
    """A bill with what all products and methods share, in floats. Raises Unusable where quantities make no sense."""

    def __init__(self, cols: Columns, basis: Basis) -> None:
        graph = cols.graph
        self.cols, self.basis = cols, basis
        self.ends = 2 if cols.ranged else 1
        self.making = flags(basis.making)[cols.part_kind]
        self.phantom = np.zeros(graph.parts, np.bool_)
        self.phantom[list(cols.phantoms)] = True
        shared = np.zeros(graph.parts, np.bool_)
        shared[cols.part[cols.awarded % cols.awarded_per != 0]] = True
        self.deep = _deepest(graph, cols.quantity % cols.per != 0)
        self.splits = _deepest(graph, shared[graph.child])
        self.error = 2 * self._roundings() * 2.0**-53
        """Largest relative error of a float sum here; its terms are never negative (Higham 2002, section 3.1)."""
        self.floats = numbers(cols, self.making)
        self._within_reason()

    def _roundings(self) -> int:
        """Roundings that a number goes through at most: up through the layers, down through them, and in the sum.

        A sum of terms that are not negative is off by a factor of (1 + u)**roundings - 1 at most.
        """
        cols, graph = self.cols, self.cols.graph
        out_of, into = kernels.widths(graph.start, graph.child, graph.layer, graph.parts)
        several = int(np.diff(cols.first).max(initial=1))
        up = (out_of + 8 * len(graph.layer)) * several
        down = into + 3 * len(graph.layer)
        return int(up + down + cols.part.size + 16)

    def _within_reason(self) -> None:
        """Refuse quantities that multiply beyond all sense."""
        cols = self.cols
        bits = self.deep * log2(cols.per) + self.splits * log2(cols.awarded_per)
        made = cols.graph.made
        wrong = np.flatnonzero(~(self.floats.made.max(axis=1, initial=0) <= MOST) | (bits[:made] > _BITS))
        if wrong.size:
            row = int(wrong[0])
            what, why, do = SENSELESS
            where = cols.bom.edge_row[int(cols.graph.edge[cols.graph.start[row]])]
            raise Unusable([Problem(what.format(cols.name(row)), where, why, do)])

    def reached(self, root: int, passes: Flags) -> Flags:
        """Which rows stand in a root."""
        graph = self.cols.graph
        inside: Flags = kernels.reached(graph.start, graph.child, passes, root)
        return inside


def _deepest(graph: kernels.Graph, flagged: Flags) -> NDArray[np.int64]:
    """For each row the flagged edges on a way down from it, at most."""
    if not flagged.any():
        return np.zeros(graph.parts, np.int64)
    found: NDArray[np.int64] = kernels.deepest(graph.start, graph.child, flagged)
    return found


# --- what is added up -------------------------------------------------------------------------


def _task(bill: Bill, root: int, method: str) -> Task:
    cols = bill.cols
    grouping = bill.phantom.copy()
    grouping[root] = True
    counts = np.where(bill.reached(root, grouping), flags(bill.basis.counted)[cols.part_kind], bill.making)
    passes = counts | grouping if method == TRACED else grouping
    here = (bill.reached(root, passes) & ~bill.phantom)[cols.part]
    if method == TRACED:
        inside = counts[cols.part]
        each = *whole(bill, np.flatnonzero(here & ~inside)), *_own(bill, np.flatnonzero(here & inside))
    else:
        each = whole(bill, np.flatnonzero(here))
    entries = Entries.all_of(each)
    high = bill.floats.worth(entries, cols, bill.ends - 1)
    unsure, above = _signs(bill, entries, high)
    cheaper = entries.source[(entries.column == OWN) & ~unsure & ~above]
    summed = entries[above & ~unsure]
    # Whole, a source counts by its own kind; traced, by that of its part.
    counted = counts[cols.part] if method == TRACED else flags(bill.basis.counted)[cols.kind]
    cell, cells = _few(_code(cols, summed, counted), 2 * len(cols.origins) * len(cols.currencies) * len(KINDS))
    single = entries[unsure]
    amount = high[above & ~unsure] * bill.floats.awarded[summed.source]
    amount *= bill.floats.exploded(cols, passes, root)[summed.holder]
    single = Entries.all_of([single, *_shown(bill, summed, amount, counted, opened=method == FIRST_LEVEL)])
    listed = np.zeros(cols.part.size, np.bool_)
    listed[summed.source] = True
    lines = int((listed & counted).sum())
    alone = int(unsure.sum())
    line = _by_line(cols, single[alone:])
    return Task(root, method, passes, summed, cell, cells, single, alone, line, counted, lines, cheaper)


def _by_line(cols: Columns, shown: Entries) -> NDArray[np.int64]:
    """For each entry the line that it is of, counted from 0 in the order of the bill's own table."""
    uses = cols.graph.child.size + 1
    _, line = np.unique(cols.place[shown.source].astype(np.int64) * uses + shown.edge + 1, return_inverse=True)
    return np.asarray(line, np.int64)


def _entries(cols: Columns, source: NDArray[np.int64], column: int) -> Entries:
    codes = source.astype(np.int32)
    return Entries(codes, np.full(codes.size, column, np.int32), cols.part[codes], np.full(codes.size, -1, np.int32))


def whole(bill: Bill, source: NDArray[np.int64]) -> tuple[Entries, ...]:
    """Sources at their price, or where they state none at what the parts cost, by currency."""
    return tuple(_entries(bill.cols, source[at], column) for at, column in _valued(bill, source))


def _valued(bill: Bill, source: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], int]]:
    """Which of some sources have a price, and which without one have parts that cost something, by currency."""
    cols = bill.cols
    priced = cols.low[source] >= 0
    yield np.flatnonzero(priced), PRICE
    at = np.flatnonzero(~priced & (cols.part[source] < cols.graph.made))
    costs = bill.floats.made[cols.part[source[at]], bill.ends - 1 :: bill.ends] > 0
    for currency in range(len(cols.currencies)):
        yield at[costs[:, currency]], currency


def _own(bill: Bill, source: NDArray[np.int64]) -> tuple[Entries, ...]:
    """Sources at what they cost beyond their parts; those that state no price cost nothing beyond."""
    source = source[bill.cols.low[source] >= 0]
    made = bill.cols.part[source] < bill.cols.graph.made
    return _entries(bill.cols, source[~made], PRICE), _entries(bill.cols, source[made], OWN)


def _signs(bill: Bill, entries: Entries, high: Floats) -> tuple[Flags, Flags]:
    """Which entries may be above nothing at one end and not at the other, or either; and which are above it."""
    unsure, above = np.zeros(high.size, np.bool_), high > 0
    own = entries.column == OWN
    if own.any():
        source, cols, last = entries.source[own], bill.cols, bill.ends - 1
        size = bill.floats.prices[last][source] + bill.floats.spent(cols.part[source], last)
        slack = bill.error * size
        low = bill.floats.worth(entries[own], cols, 0)
        unsure[own] = ~((low > slack) | (high[own] < -slack))
    return unsure, above


def _shown(bill: Bill, entries: Entries, amount: Floats, counts: Flags, *, opened: bool) -> Iterator[Entries]:
    """The entries of the lines that weigh most and of the heaviest undeclared; `opened`, of what stands in the first.

    `counts` tells by source whether it is cost of components.
    """
    cols, counted = bill.cols, counts[entries.source]
    weight = np.bincount(entries.source[counted], amount[counted], minlength=cols.part.size)
    open_ = np.array([float(unsettled(origin)) for origin in cols.origins])
    heaviest = _largest(weight, cols.place)
    shown = np.union1d(heaviest, _largest(weight * open_[cols.origin], cols.place))
    yield entries[np.isin(entries.source, shown) & counted]
    left = KEPT
    for row in dict.fromkeys(map(int, cols.part[heaviest[:_OPENED]])) if opened else ():
        for below in _standing_in(bill, row, left):
            left = max(0, left - below.source.size)
            yield below


def _standing_in(bill: Bill, row: int, most: int) -> list[Entries]:
    """What stands directly in a row and is part of its cost, whole, in the order of the file; so many at most."""
    cols, graph = bill.cols, bill.cols.graph
    edge = np.arange(graph.start[row], graph.start[row + 1], dtype=np.int32)
    edge = edge[bill.making[graph.child[edge]]]
    edge = edge[np.argsort(graph.edge[edge])]
    source, of = _spread(cols.first, graph.child[edge])
    source, of = source[:most], of[:most]
    return [
        Entries(
            source[at].astype(np.int32),
            np.full(at.size, column, np.int32),
            np.full(at.size, row, np.int32),
            edge[of[at]],
        )
        for at, column in _valued(bill, source)
    ]


def _spread(first: Codes, row: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The sources of some rows one after another, and for each which of these rows it is of."""
    count = (first[row + 1] - first[row]).astype(np.int64)
    of = np.repeat(np.arange(row.size), count)
    return first[row][of] + np.arange(of.size) - (np.cumsum(count) - count)[of], of


def _largest(weight: NDArray[Any], place: Codes) -> NDArray[np.int64]:
    """Indices of the largest weights above nothing, largest first; of equal ones the earlier first."""
    chosen = np.arange(weight.size)
    if weight.size > KEPT:
        chosen = np.sort(np.argpartition(-weight, KEPT)[:KEPT])
    chosen = chosen[weight[chosen] > 0]
    ordered: NDArray[np.int64] = chosen[np.lexsort((place[chosen], -weight[chosen]))]
    return ordered


def _few(code: NDArray[np.int64], most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For codes below `most`, of which few are distinct, the index of each among those there are, and these."""
    if most > _DENSE:
        found, at = np.unique(code, return_inverse=True)
        return at.astype(np.int64), found
    found = np.flatnonzero(np.bincount(code)).astype(np.int64)
    place = np.zeros(int(found.max(initial=0)) + 1, np.int64)
    place[found] = np.arange(found.size)
    return place[code], found


def _code(cols: Columns, entries: Entries, counted: Flags) -> NDArray[np.int64]:
    """The cell of each entry as one number: whether it is counted, origin, currency and cost kind."""
    source = entries.source
    currency = np.where(entries.column >= 0, entries.column, cols.currency[source])
    code = counted[source] * len(cols.origins) + cols.origin[source].astype(np.int64)
    coded: NDArray[np.int64] = (code * len(cols.currencies) + currency) * len(KINDS) + cols.kind[source]
    return coded


def flags(kinds: frozenset[CostKind]) -> Flags:
    """By kind of cost, whether it is among these."""
    return np.array([kind in kinds for kind in KINDS])


# --- exactly ----------------------------------------------------------------------------------

Amounts = list[list[Fraction]]
"""Exact amounts by end, and by cell or entry."""


def exactly(bill: Bill, tasks: Sequence[Task]) -> list[tuple[Amounts, Amounts]]:
    """The sums and the single entries of every task, from their residues."""
    cols, roots = bill.cols, list(bill.cols.roots)
    scale = lcm(*(rate.denominator for rate in cols.rates)) * cols.price_per
    scale *= cols.per ** (int(bill.deep[roots].max(initial=0)) + 1)
    scale *= cols.awarded_per ** (int(bill.splits[roots].max(initial=0)) + 1)
    bits = scale.bit_length() + int(_most(bill, tasks)).bit_length() + 2
    moduli = primes(bits, [scale])
    # Each thread walks the bill once for all of its primes.
    hands = min(len(moduli), os.cpu_count() or 1)
    with ThreadPoolExecutor(hands) as pool:
        found = list(pool.map(lambda some: _residues(bill, tasks, some), (moduli[at::hands] for at in range(hands))))
    reader = Reader([prime for at in range(hands) for prime in moduli[at::hands]], scale)

    def read(task: int, which: int) -> Amounts:
        return [
            reader.numbers(np.concatenate([each[task][which][end] for each in found], axis=1).T.tolist())
            for end in range(bill.ends)
        ]

    return [(read(task, 0), read(task, 1)) for task in range(len(tasks))]


def _most(bill: Bill, tasks: Sequence[Task]) -> float:
    """More than any exact amount of the tasks, whatever its sign."""
    cols, floats = bill.cols, bill.floats
    each = np.maximum(floats.prices[-1], 0) + floats.spent(cols.part, bill.ends - 1)
    largest, each_awarded = float(each.max(initial=0)), each * floats.awarded
    numbers_ = [floats.exploded(cols, task.passes, task.root) for task in tasks]
    whole = max((float(number[cols.part] @ each_awarded) for number in numbers_), default=0.0)
    single = max((float(number.max()) * largest for number in numbers_), default=0.0)
    return max(whole, single * float(floats.quantity.max(initial=1))) * (1 + bill.error) + 1


def _residues(bill: Bill, tasks: Sequence[Task], moduli: Sequence[int]) -> list[tuple[list[Residues], list[Residues]]]:
    """For every task the residues of its sums and of its single entries, each by end."""
    exact, found = Exact(bill.cols, bill.making, moduli), []
    for task in tasks:
        number = exact.exploded(task.passes, task.root)
        sums = exact.summed(task.summed, task.cell, task.cells.size, number)
        place = np.concatenate([np.arange(task.unsure), task.unsure + task.line])
        found.append((sums, exact.summed(task.single, place, int(place.max(initial=-1)) + 1, number)))
    return found


# --- as records -------------------------------------------------------------------------------


def _product(bill: Bill, task: Task, sums: Amounts, single: Amounts, notes: list[str]) -> ProductContent:
    cols, product = bill.cols, bill.cols.name(task.root)
    table = {int(code): _range([end[at] for end in sums]) for at, code in enumerate(task.cells)}
    lines, cheaper = task.lines, list(task.cheaper)
    unsure, more = task.single[: task.unsure], list[Line]()
    for at, code in enumerate(_code(cols, unsure, task.counted)):
        ends = [end[at] for end in single]
        if ends[-1] < 0:
            cheaper.append(unsure.source[at])
        elif ends[-1] > 0:
            amount = _range([max(end, ZERO.low) for end in ends])
            table[int(code)] = table.get(int(code), ZERO) + amount
            lines += 1
            more.append(_line_of(cols, int(unsure.source[at]), amount, product))
    _told(cols, cheaper, notes)
    composition: dict[Origin, Range] = {}
    cube: dict[_Key, Range] = {}
    left_out: dict[_Key, Range] = {}
    for code, amount in table.items():
        rest, kind = divmod(code, len(KINDS))
        rest, currency = divmod(rest, len(cols.currencies))
        counted, at = divmod(rest, len(cols.origins))
        origin: Origin = cols.origins[at]
        if counted:
            composition[origin] = composition.get(origin, ZERO) + amount
        cells = cube if counted else left_out
        open_ = undeclared(origin)
        for country, share in (*origin, *([(None, open_)] if open_ else [])):
            key = (country, cols.currencies[currency], KINDS[kind])
            cells[key] = cells.get(key, ZERO) + amount.times(share)
    shown, below = _lines(bill, task, single)
    shown += tuple(nlargest(KEPT, more, key=lambda line: line.amount.high))
    if lines > len(shown):
        how = product if task.method == FIRST_LEVEL else f"{product}, traced"
        notes.append(f"{how}: of {lines:,} lines, all counted, the {len(shown):,} that weigh most are listed")
    priced = [at for at in range(cols.first[task.root], cols.first[task.root + 1]) if cols.low[at] >= 0]
    value = _stated(cols, priced[0]) if priced else None
    bound = cols.ranged and bounded(bill, task)
    return ProductContent(
        product, task.method, composition, shown, lines, _sorted(cube), _sorted(left_out), value, below, bound
    )


def _stated(cols: Columns, source: int) -> Range:
    """The price of a source in the contract's currency."""
    rate = cols.rates[cols.currency[source]] / cols.price_per
    return _range([int(cols.low[source]) * rate, int(cols.high[source]) * rate])


def _range(ends: Sequence[Fraction]) -> Range:
    low, high = ends[0], ends[-1]
    return Range(low, low) if low is high or low == high else Range(low, high)


def _sorted(cells: Mapping[_Key, Range]) -> tuple[Cell, ...]:
    keys = sorted(cells, key=lambda key: (str(key[0] or "~"), key[1], key[2]))
    return tuple(Cell(country, currency, kind, cells[country, currency, kind]) for country, currency, kind in keys)


def _told(cols: Columns, cheaper: Sequence[int], notes: list[str]) -> None:
    """Say which parts cost less than what they are made of, by name where they are few."""
    parts = list(dict.fromkeys(int(cols.part[source]) for source in sorted(cheaper, key=lambda at: cols.place[at])))
    told = [
        f"{cols.name(part)} costs less than its own parts do; traced, its parts count in full"
        for part in parts[:_NAMED]
    ]
    if len(parts) > _NAMED:
        told.append(f"so do {len(parts) - _NAMED:,} other parts")
    notes += [note for note in told if note not in notes]


def _lines(bill: Bill, task: Task, single: Amounts) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines handed out, and what stands in the first of them; both in the order of the bill's own table."""
    cols, shown = bill.cols, task.single[task.unsure :]
    _, first = np.unique(task.line, return_index=True)
    code = np.where(shown.column >= 0, shown.column, cols.currency[shown.source])
    several = np.zeros(first.size, np.bool_)
    several[task.line[code != code[first][task.line]]] = True
    product = cols.name(task.root)
    lines: list[Line] = []
    below: list[Line] = []
    for at, one_ in enumerate(first.tolist()):
        source, edge = int(cols.place[shown.source[one_]]), int(shown.edge[one_])
        path = (product,) if edge < 0 else (product, cols.name(shown.holder[one_]))
        currency = "several" if several[at] else cols.currencies[code[one_]]
        amount = _range([end[task.unsure + at] for end in single])
        (lines if edge < 0 else below).append(_line(cols.bom, source, amount, currency, path))
    return tuple(lines), tuple(below)


def _line_of(cols: Columns, source: int, amount: Range, product: str) -> Line:
    """What a source costs beyond its parts, in one product."""
    return _line(cols.bom, int(cols.place[source]), amount, cols.currencies[cols.currency[source]], (product,))


def _line(bom: Bom, source: int, amount: Range, currency: str, above: tuple[str, ...]) -> Line:
    table = bom.sources
    part = table.part[source]
    name = bom.parts[part]
    return Line(
        part=name,
        name=bom.names[part],
        supplier=table.supplier[source],
        origin=table.origin[source],
        supplied_from=table.supplied_from[source],
        amount=amount,
        currency=currency,
        cost_kind=table.cost_kind[source],
        path=(*above, name),
        row=table.row[source],
    )


def _sourced(bill: Bill) -> tuple[Sourced, ...]:
    """What is bought somewhere: of what differs in nothing that the bar on contravening sources looks at, the first."""
    cols, table = bill.cols, bill.cols.bom.sources
    suppliers, names = coded(table.supplier)
    countries, froms = coded(table.supplied_from)
    place = cols.place
    made_up = bill.phantom.copy()
    made_up[list(cols.roots)] = True
    named = np.array([bool(name) for name in names])[suppliers[place]]
    bought = named | (cols.low >= 0) | (cols.part >= cols.graph.made)
    told = np.array([bool(country) for country in froms])[countries[place]]
    told |= np.array([names_any(origin) for origin in cols.origins])[cols.origin]
    here = np.flatnonzero((bought | told) & (cols.awarded > 0) & ~made_up[cols.part])
    code = (cols.origin[here].astype(np.int64) * len(names) + suppliers[place[here]]) * len(froms)
    code += countries[place[here]]
    code = (code * len(KINDS) + cols.kind[here]) * 2 + bought[here]
    alike, found = _few(code, 2 * len(cols.origins) * len(names) * len(froms) * len(KINDS))
    first = np.full(found.size, place.size, np.int32)
    np.minimum.at(first, alike, place[here])
    return tuple(one(cols.bom, *each) for each in sorted(zip(first.tolist(), (found % 2 > 0).tolist(), strict=True)))
