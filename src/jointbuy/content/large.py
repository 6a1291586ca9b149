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
from math import lcm, log2
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jointbuy import kernels
from jointbuy.content import small
from jointbuy.content.arithmetic import OWN, PRICE, numbers
from jointbuy.content.basis import FIRST_LEVEL, MOST, SENSELESS, TRACED, Basis
from jointbuy.content.columns import KINDS, Columns, TooFine, coded, columns
from jointbuy.content.sourced import one
from jointbuy.errors import Problem, Unusable
from jointbuy.exact import ZERO, Origin, Place, Range, exactly, undeclared, unsettled
from jointbuy.model import Bom, CostKind
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
class Entries:
    """Amounts: of a `source`, worth what `column` says, as often as `holder` stands in the product.

    `column` is a currency (what the parts cost in it), PRICE, or OWN: the price less what the parts cost. `edge` is
    -1, or the use by which the part stands in its holder.
    """

    source: Codes
    column: Codes
    holder: Codes
    edge: Codes

    def __getitem__(self, chosen: Flags | slice) -> Entries:
        return Entries(self.source[chosen], self.column[chosen], self.holder[chosen], self.edge[chosen])

    def __add__(self, other: Entries) -> Entries:
        return Entries(
            np.concatenate([self.source, other.source]),
            np.concatenate([self.column, other.column]),
            np.concatenate([self.holder, other.holder]),
            np.concatenate([self.edge, other.edge]),
        )


@dataclass(frozen=True, slots=True)
class Task:
    """One product by one method: what is summed by which cell, and what is read one by one.

    `passes` tells by part whether what it is made of counts by itself; `counted` by source whether it is cost of
    components, `lines` how many of these there are; `cheaper` are sources that cost less than their parts. The first
    `unsure` of the `single` entries are those whose sign the floats leave open; then come those of the lines that are
    handed out.
    """

    root: int
    method: str
    passes: Flags
    summed: Entries
    cell: NDArray[np.int64]
    cells: NDArray[np.int64]
    single: Entries
    unsure: int
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
        for root in bom.roots
    ]
    notes: list[str] = []
    products = [_product(bill, task, *exact, notes) for task, exact in zip(tasks, _exactly(bill, tasks), strict=True)]
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
        self.phantom[list(cols.bom.phantoms)] = True
        uneven = (cols.quantity % cols.per != 0).astype(np.int64)
        steps, self.deep = kernels.steps_up(graph.start, graph.child, graph.order, uneven)
        shared = np.zeros(graph.parts, np.int64)
        np.maximum.at(shared, cols.part, (cols.awarded % cols.awarded_per != 0).astype(np.int64))
        _, self.splits = kernels.steps_up(graph.start, graph.child, graph.order, shared[graph.child])
        down = kernels.steps_down(graph.start, graph.child, graph.order)
        roundings = int(steps.max(initial=0)) + int(down.max(initial=0)) + cols.part.size + 8
        self.error = 2 * roundings * 2.0**-53
        """Largest relative error of a float sum here; its terms are never negative (Higham 2002, section 3.1)."""
        self.floats = numbers(cols, self.making)
        self._within_reason()

    def _within_reason(self) -> None:
        """Refuse quantities that multiply beyond all sense."""
        cols = self.cols
        bits = self.deep * log2(cols.per) + self.splits * log2(cols.awarded_per)
        wrong = np.flatnonzero(~(self.floats.made.max(axis=1, initial=0) <= MOST) | (bits > _BITS))
        if wrong.size:
            part = int(wrong[0])
            what, why, do = SENSELESS
            row = cols.bom.edge_row[int(cols.graph.edge[cols.graph.start[part]])]
            raise Unusable([Problem(what.format(cols.bom.parts[part]), row, why, do)])

    def reached(self, root: int, passes: Flags) -> Flags:
        """Which parts stand in a root."""
        graph = self.cols.graph
        inside: Flags = kernels.reached(graph.start, graph.child, graph.order, passes, root)
        return inside


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
        entries = _whole(bill, np.flatnonzero(here & ~inside)) + _own(bill, np.flatnonzero(here & inside))
    else:
        entries = _whole(bill, np.flatnonzero(here))
    high = bill.floats.worth(entries.source, entries.column, cols, bill.ends - 1)
    unsure, above = _signs(bill, entries, high)
    cheaper = entries.source[(entries.column == OWN) & ~unsure & ~above]
    summed = entries[above & ~unsure]
    # Whole, a source counts by its own kind; traced, by that of its part.
    counted = counts[cols.part] if method == TRACED else flags(bill.basis.counted)[cols.kind]
    cell, cells = _cells_of(cols, summed, counted)
    single = entries[unsure]
    if method == FIRST_LEVEL:
        amount = high[above & ~unsure] * bill.floats.awarded[summed.source]
        for more in _shown(bill, summed, amount * bill.floats.exploded(cols, passes, root)[summed.holder]):
            single = single + more
    lines = int(np.unique(summed.source[counted[summed.source]]).size)
    return Task(root, method, passes, summed, cell, cells, single, int(unsure.sum()), counted, lines, cheaper)


def _entries(cols: Columns, source: NDArray[np.int64], column: int) -> Entries:
    codes = source.astype(np.int32)
    return Entries(codes, np.full(codes.size, column, np.int32), cols.part[codes], np.full(codes.size, -1, np.int32))


def _whole(bill: Bill, source: NDArray[np.int64]) -> Entries:
    """Sources at their price, or where they state none at what the parts cost, by currency."""
    cols = bill.cols
    priced = cols.low[source] >= 0
    found = _entries(cols, source[priced], PRICE)
    made = source[~priced]
    for currency in range(len(cols.currencies)):
        costs = bill.floats.made[cols.part[made], (currency + 1) * bill.ends - 1] > 0
        found = found + _entries(cols, made[costs], currency)
    return found


def _own(bill: Bill, source: NDArray[np.int64]) -> Entries:
    """Sources at what they cost beyond their parts; those that state no price cost nothing beyond."""
    graph = bill.cols.graph
    source = source[bill.cols.low[source] >= 0]
    part = bill.cols.part[source]
    made = graph.start[part] < graph.start[part + 1]
    return _entries(bill.cols, source[~made], PRICE) + _entries(bill.cols, source[made], OWN)


def _signs(bill: Bill, entries: Entries, high: Floats) -> tuple[Flags, Flags]:
    """Which entries may be above nothing at one end and not at the other, or either; and which are above it."""
    unsure, above = np.zeros(high.size, np.bool_), high > 0
    own = np.flatnonzero(entries.column == OWN)
    if own.size:
        source, cols, last = entries.source[own], bill.cols, bill.ends - 1
        size = bill.floats.price(source, cols, last) + bill.floats.spent(cols.part[source], last)
        slack = bill.error * size
        low = bill.floats.worth(source, entries.column[own], cols, 0)
        unsure[own] = ~((low > slack) | (high[own] < -slack))
    return unsure, above


def _shown(bill: Bill, entries: Entries, amount: Floats) -> Iterator[Entries]:
    """The entries of the lines that weigh most and of the heaviest undeclared; then of what stands in the first."""
    cols, graph = bill.cols, bill.cols.graph
    counted = flags(bill.basis.counted)[cols.kind[entries.source]]
    weight = np.bincount(entries.source[counted], amount[counted], minlength=cols.part.size)
    open_ = np.array([float(unsettled(origin)) for origin in cols.origins])
    heaviest = _largest(weight)
    shown = np.union1d(heaviest, _largest(weight * open_[cols.origin]))
    yield entries[np.isin(entries.source, shown) & counted]
    left = KEPT
    for part in dict.fromkeys(map(int, cols.part[heaviest[:_OPENED]])):
        for edge in range(graph.start[part], graph.start[part + 1]):
            child = graph.child[edge]
            if bill.making[child] and left > 0:
                below = _whole(bill, np.arange(cols.first[child], cols.first[child + 1]))
                left -= below.source.size
                yield Entries(
                    below.source, below.column, np.full_like(below.source, part), np.full_like(below.source, edge)
                )


def _largest(weight: NDArray[Any]) -> NDArray[np.int64]:
    """Indices of the largest weights above nothing, largest first; of equal ones the earlier first."""
    chosen = np.arange(weight.size)
    if weight.size > KEPT:
        chosen = np.sort(np.argpartition(-weight, KEPT)[:KEPT])
    chosen = chosen[weight[chosen] > 0]
    ordered: NDArray[np.int64] = chosen[np.argsort(-weight[chosen], kind="stable")]
    return ordered


def _cells_of(cols: Columns, entries: Entries, counted: Flags) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each entry the index of its cell among those there are, and the codes of these."""
    code = _code(cols, entries, counted)
    if 2 * len(cols.origins) * len(cols.currencies) * len(KINDS) > _DENSE:
        cells, cell = np.unique(code, return_inverse=True)
        return cell.astype(np.int64), cells
    cells = np.flatnonzero(np.bincount(code)).astype(np.int64)
    place = np.zeros(int(cells.max(initial=0)) + 1, np.int64)
    place[cells] = np.arange(cells.size)
    return place[code], cells


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


def _exactly(bill: Bill, tasks: Sequence[Task]) -> list[tuple[Amounts, Amounts]]:
    """The sums and the single entries of every task, from their residues."""
    cols, roots = bill.cols, list(bill.cols.bom.roots)
    scale = lcm(*(rate.denominator for rate in cols.rates)) * cols.price_per
    scale *= cols.per ** (int(bill.deep[roots].max(initial=0)) + 1)
    scale *= cols.awarded_per ** (int(bill.splits[roots].max(initial=0)) + 1)
    bits = scale.bit_length() + int(_most(bill, tasks)).bit_length() + 2
    moduli = primes(bits, [scale])
    with ThreadPoolExecutor(min(len(moduli), os.cpu_count() or 1)) as pool:
        found = list(pool.map(lambda prime: _residues(bill, tasks, prime), moduli))
    reader = Reader(moduli, scale)

    def read(task: int, which: int) -> Amounts:
        return [reader.numbers([each[task][which][end] for each in found]) for end in range(bill.ends)]

    return [(read(task, 0), read(task, 1)) for task in range(len(tasks))]


def _most(bill: Bill, tasks: Sequence[Task]) -> float:
    """More than any exact amount of the tasks, whatever its sign."""
    cols, floats = bill.cols, bill.floats
    each = np.maximum(floats.prices[-1], 0) * floats.rates[cols.currency] + floats.spent(cols.part, bill.ends - 1)
    numbers_ = [floats.exploded(cols, task.passes, task.root) for task in tasks]
    whole = max((float((number[cols.part] * floats.awarded * each).sum()) for number in numbers_), default=0.0)
    single = max((float(number.max()) * float(each.max()) for number in numbers_), default=0.0)
    return max(whole, single * float(floats.quantity.max(initial=1))) * (1 + bill.error) + 1


def _residues(bill: Bill, tasks: Sequence[Task], prime: int) -> list[tuple[list[Residues], list[Residues]]]:
    """For every task the residues of its sums and of its single entries, each by end."""
    cols = bill.cols
    known = numbers(cols, bill.making, prime)
    do = known.arithmetic
    found = []
    for task in tasks:
        number = known.exploded(cols, task.passes, task.root)

        def weights(entries: Entries, number: Residues = number) -> Residues:
            used = entries.edge >= 0
            weight = do.times(number[entries.holder], known.awarded[entries.source])
            weight[used] = do.times(weight[used], known.quantity[entries.edge[used]])
            return weight

        sums, single = weights(task.summed), weights(task.single)
        found.append(
            (
                [
                    kernels.summed_modulo(
                        task.cell,
                        sums,
                        known.worth(task.summed.source, task.summed.column, cols, end),
                        task.cells.size,
                        prime,
                    )
                    for end in range(bill.ends)
                ],
                [
                    do.times(single, known.worth(task.single.source, task.single.column, cols, end))
                    for end in range(bill.ends)
                ],
            )
        )
    return found


# --- as records -------------------------------------------------------------------------------


def _product(bill: Bill, task: Task, sums: Amounts, single: Amounts, notes: list[str]) -> ProductContent:
    cols, product = bill.cols, bill.cols.bom.parts[task.root]
    table = {int(code): _range([end[at] for end in sums]) for at, code in enumerate(task.cells)}
    lines, cheaper = task.lines, list(task.cheaper)
    unsure = task.single[: task.unsure]
    for at, code in enumerate(_code(cols, unsure, task.counted)):
        ends = [end[at] for end in single]
        if ends[-1] < 0:
            cheaper.append(unsure.source[at])
        elif ends[-1] > 0:
            table[int(code)] = table.get(int(code), ZERO) + _range([max(end, ZERO.low) for end in ends])
            lines += 1
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
    if task.method == FIRST_LEVEL and lines > len(shown):
        notes.append(f"{product}: of {lines:,} lines, all counted, the {len(shown):,} that weigh most are listed")
    priced = [at for at in range(cols.first[task.root], cols.first[task.root + 1]) if cols.low[at] >= 0]
    value = _stated(cols, priced[0]) if priced else None
    return ProductContent(
        product, task.method, composition, shown, lines, _sorted(cube), _sorted(left_out), value, below
    )


def _stated(cols: Columns, source: int) -> Range:
    """The price of a source in the contract's currency."""
    rate = cols.rates[cols.currency[source]] / cols.price_per
    return _range([int(cols.low[source]) * rate, int(cols.high[source]) * rate])


def _range(ends: Sequence[Fraction]) -> Range:
    return exactly(ends[0]) if len(ends) == 1 or ends[0] == ends[1] else Range(ends[0], ends[1])


def _sorted(cells: Mapping[_Key, Range]) -> tuple[Cell, ...]:
    keys = sorted(cells, key=lambda key: (str(key[0] or "~"), key[1], key[2]))
    return tuple(Cell(country, currency, kind, cells[country, currency, kind]) for country, currency, kind in keys)


def _told(cols: Columns, cheaper: Sequence[int], notes: list[str]) -> None:
    """Say which parts cost less than what they are made of, by name where they are few."""
    parts = list(dict.fromkeys(cols.bom.parts[int(cols.part[source])] for source in cheaper))
    told = [f"{part} costs less than its own parts do; traced, its parts count in full" for part in parts[:_NAMED]]
    if len(parts) > _NAMED:
        told.append(f"so do {len(parts) - _NAMED:,} other parts")
    notes += [note for note in told if note not in notes]


def _lines(bill: Bill, task: Task, single: Amounts) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines handed out, and what stands in the first of them; both in the order of the bill's own table."""
    cols, entries = bill.cols, task.single
    amounts: dict[tuple[int, int], Range] = {}
    currencies: dict[tuple[int, int], set[str]] = {}
    for at in range(task.unsure, entries.source.size):
        key = int(entries.source[at]), int(entries.edge[at])
        amounts[key] = amounts.get(key, ZERO) + _range([end[at] for end in single])
        column = int(entries.column[at])
        code = column if column >= 0 else cols.currency[entries.source[at]]
        currencies.setdefault(key, set()).add(cols.currencies[code])
    lines: list[Line] = []
    below: list[Line] = []
    for (source, edge), amount in sorted(amounts.items(), key=lambda item: (int(cols.place[item[0][0]]), item[0][1])):
        holder = [] if edge < 0 else [int(np.searchsorted(cols.graph.start, edge, side="right")) - 1]
        path = [task.root, *holder, int(cols.part[source])]
        currency = next(iter(currencies[source, edge])) if len(currencies[source, edge]) == 1 else "several"
        (below if holder else lines).append(_line(cols, source, amount, currency, path))
    return tuple(lines), tuple(below)


def _line(cols: Columns, source: int, amount: Range, currency: str, path: Sequence[int]) -> Line:
    bom, place = cols.bom, int(cols.place[source])
    part = int(cols.part[source])
    return Line(
        part=bom.parts[part],
        name=bom.names[part],
        supplier=bom.sources.supplier[place],
        origin=bom.sources.origin[place],
        supplied_from=bom.sources.supplied_from[place],
        amount=amount,
        currency=currency,
        cost_kind=bom.sources.cost_kind[place],
        path=tuple(bom.parts[at] for at in path),
        row=bom.sources.row[place],
    )


def _sourced(bill: Bill) -> tuple[Sourced, ...]:
    """What is bought somewhere: of what differs in nothing that the bar on contravening sources looks at, the first."""
    cols, table = bill.cols, bill.cols.bom.sources
    suppliers, names = coded(table.supplier)
    countries, froms = coded(table.supplied_from)
    place = cols.place
    made = cols.graph.start[:-1] < cols.graph.start[1:]
    made_up = bill.phantom.copy()
    made_up[list(cols.bom.roots)] = True
    named = np.array([bool(name) for name in names])[suppliers[place]]
    bought = np.flatnonzero((named | (cols.low >= 0) | ~made[cols.part]) & ~made_up[cols.part])
    code = (cols.origin[bought].astype(np.int64) * len(names) + suppliers[place[bought]]) * len(froms)
    _, first = np.unique(code + countries[place[bought]], return_index=True)
    return tuple(one(cols.bom, int(at)) for at in np.sort(place[bought[first]]))
