"""A large CycloneDX document as columns of codes: the rows that `cyclonedx.py` makes of it, on arrays.

Nothing here tells of trouble; where a document has any, or something few have, the answer is None, and
`cyclonedx.py` reads it again and tells what is wrong and where.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jointbuy import memory, progress
from jointbuy.errors import Where
from jointbuy.formats.coded import Coded, Codes, Column
from jointbuy.formats.cyclonedx import MAX_LEVELS, VERSIONS
from jointbuy.formats.cyclonedx_left import EXAMPLES, Behind, columns_unused, header, inside
from jointbuy.formats.cyclonedx_shape import Shaper
from jointbuy.formats.cyclonedx_taken import Row, Taken
from jointbuy.formats.files import Content, text_of
from jointbuy.formats.problems import Problems
from jointbuy.model import Purchase
from jointbuy.packed import Made

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
_START, _A_COMPONENT = 150_000_000, 700
"""Bytes that the program takes, and that a component takes beside its text (measured on a million)."""
_DESCRIBED, _AT_TOP = -1, -2
"""What stands for the row around a component: around the one the document describes, and around those at its top."""


class _Unusual(Exception):
    """The document has something that only the other reader deals with."""


def read(content: Content, purchase: Purchase) -> Coded | None:
    """The rows of a document; None where the other reader is needed. Raises errors.Limit."""
    _must_hold(content)
    if b'"excluded"' in content.data:  # a component that is not counted, with what stands in it alone
        return None
    text = text_of(content, Problems())
    taken = Taken()
    document = taken.document(text) if text is not None else None
    del text
    try:
        return _Rows(content.name, document, taken, purchase).coded()
    except _Unusual:
        return None


def _must_hold(content: Content) -> None:
    """Refuse a document that would not fit into memory. Raises errors.Limit."""
    components = content.data.count(b'"type"')
    highest = int(np.frombuffer(content.data, np.uint8).max(initial=0))
    wide = 4 if highest >= 0xF0 else 2 if highest > 0xC3 else 1  # bytes that Python keeps for each sign
    do = f"split the bill, use a machine with more, or raise {memory.VARIABLE}; nothing was written"
    needed = _START + (1 + wide) * len(content.data) + components * _A_COMPONENT
    memory.must_hold(needed, f"{content.name}, with some {components:,} components,", do)
    progress.start(components, "components")


@dataclass(frozen=True, slots=True)
class _Spots:
    """Where rows stand: in which row and at which index of it; and of further uses, in which dependency and where."""

    file: str
    around: Codes
    index: Codes
    entry: Codes
    at: Codes

    def where(self, line: int) -> Where:
        """The place of a row by its number from 1."""
        return Where(self.file, line, self.path(line - 1))

    def path(self, row: int) -> str:
        """The JSON path of a row."""
        if row >= len(self.around):
            more = row - len(self.around)
            return f"$.dependencies[{self.entry[more]}].dependsOn[{self.at[more]}]"
        steps = ""
        while (around := int(self.around[row])) != _DESCRIBED:
            steps = f".components[{self.index[row]}]{steps}"
            if around == _AT_TOP:
                return f"${steps}"
            row = around
        return f"$.metadata.component{steps}"


@dataclass(frozen=True, slots=True)
class _Uses:
    """Uses that `dependencies` state: those of one component stand together, the first of each is marked.

    `entry` and `at` tell where each stands, `quantity` is a code. Components, by the number of their row.
    """

    child: Integers
    parent: Integers
    entry: Integers
    at: Integers
    first: Flags
    quantity: Codes


class _Rows:
    """One document on its way to columns. Rows are numbered an assembly before its parts."""

    def __init__(self, file: str, document: Any, taken: Taken, purchase: Purchase) -> None:
        self.file, self.taken, self.purchase = file, taken, purchase
        _must(isinstance(document, dict) and document.get("bomFormat") == "CycloneDX" and not taken.twice)
        _must(document.get("specVersion") in VERSIONS)
        self.dependencies = document.pop("dependencies", [])
        top, metadata = document.pop("components", []), document.get("metadata", {})
        _must(isinstance(metadata, dict) and isinstance(self.dependencies, list))
        main = metadata.pop("component", ...)
        shaper = Shaper(file, Problems(), strict=True)
        _must(shaper.check(document))
        _must(taken.refs.keys().isdisjoint(shaper.refs) and taken.others.isdisjoint(shaper.refs))
        _must(taken.others.isdisjoint(taken.refs))
        self.document, self.elsewhere = document, shaper.refs.keys() | taken.others
        self.order, self.around, self.index = array("i"), array("i"), array("i")
        if main is not ...:
            self.describe(main)
        self.walk(top, _AT_TOP)
        self.number = np.full(len(taken.part), -1, np.int32)
        self.number[self.order] = np.arange(len(self.order), dtype=np.int32)
        self.part: Codes = np.array(taken.part, np.int32)[self.order]
        self.above: Codes = np.array(self.around, np.int32)
        self.nested = self.above >= 0
        self.above[self.above == _AT_TOP] = 0 if main is not ... else -1

    def describe(self, main: Any) -> None:
        """The component that the document describes is the first row, under the id of its end product."""
        _must(type(main) is Row)
        taken, ends = self.taken, {product.id for product in self.purchase.end_products or ()}
        texts = list(taken.parts)[taken.part[main]], taken.ref[main], list(taken.names)[taken.name[main]]
        name = next((text for text in texts if text in ends), None)
        _must(name is not None)
        taken.part[main] = taken.parts.setdefault(str(name).strip(), len(taken.parts))
        self.order.append(main)
        self.around.append(_DESCRIBED)
        self.index.append(0)
        self.walk(taken.below.get(main, []), 0)

    def walk(self, rows: Any, around: int) -> None:
        """Number components and what is inside them."""
        _must(isinstance(rows, list) and {type(row) for row in rows} <= {Row})
        below = self.taken.below
        stack = [(around, iter(enumerate(rows)))]
        while stack:
            around, ahead = stack[-1]
            for at, row in ahead:
                self.order.append(row)
                self.around.append(around)
                self.index.append(at)
                if row in below:
                    _must(len(stack) < MAX_LEVELS)
                    stack.append((len(self.order) - 1, iter(enumerate(below[row]))))
                    break
            else:
                stack.pop()

    # --- who is part of what ----------------------------------------------------------------

    def stated(self) -> tuple[Integers, Integers, Integers, Integers]:
        """Who uses whom as `dependencies` state it, and where; -1 for what is no component."""
        parents, children, counts = array("i"), array("i"), array("i")
        refs = self.taken.refs
        for one in self.dependencies:
            _must(type(one) is dict and one.keys() <= {"ref", "dependsOn", "provides"} and "ref" in one)
            used, provided = one.get("dependsOn", []), one.get("provides", [])
            _must(type(used) is type(provided) is list and all(type(ref) is str and ref for ref in provided))
            parents.append(self.row_of(one["ref"]))
            counts.append(len(used))
            try:
                children.extend([refs[ref] for ref in used])
            except (KeyError, TypeError):
                children.extend([self.row_of(ref) for ref in used])
        often = np.array(counts, np.int64)
        entry = np.repeat(np.arange(often.size), often)
        at = np.arange(entry.size) - np.repeat(np.cumsum(often) - often, often)
        parent, child = np.array(parents, np.int64)[entry], np.array(children, np.int64)
        both = (parent >= 0) & (child >= 0)
        parent, child = self.number[parent[both]].astype(np.int64), self.number[child[both]].astype(np.int64)
        described = bool(self.around) and self.around[0] == _DESCRIBED
        _must(bool((parent >= 0).all() and (child >= int(described)).all()))
        return entry[both], at[both], parent, child

    def row_of(self, ref: Any) -> int:
        """The row of a bom-ref; -1 for a service or another thing that is no component."""
        _must(type(ref) is str and (ref in self.taken.refs or ref in self.elsewhere))
        return self.taken.refs.get(ref, -1)

    def uses(self, quantity: Codes, notes: list[str]) -> _Uses:
        """The uses of components that stand in no other, each once; `quantity` by row is filled in where it is said."""
        entry, at, parent, child = self.stated()
        nested = self.nested[child]
        if count := int((nested & (self.above[child] != parent)).sum()):
            notes.append(inside(self.file, count))
        entry, at, parent, child = entry[~nested], at[~nested], parent[~nested], child[~nested]
        _, once = np.unique(child * len(self.order) + parent, return_index=True)
        once.sort()
        met = np.zeros(len(self.order), np.int64)
        met[child[once][::-1]] = once[::-1]  # where each component is used first
        once = once[np.lexsort((once, met[child[once]]))]
        entry, at, parent, child = entry[once], at[once], parent[once], child[once]
        first = np.diff(child, prepend=-1) != 0
        return _Uses(child, parent, entry, at, first, self.quantities(parent, child, first, quantity))

    def quantities(self, parent: Integers, child: Integers, first: Flags, quantity: Codes) -> Codes:
        """The quantity of each use; of components without one, the quantity for the one they stand in is filled in."""
        taken, number = self.taken, self.number
        often = np.bincount(child, minlength=len(self.order))
        start = np.zeros(len(self.order), np.int64)
        start[child[first]] = np.flatnonzero(first)
        shared = {row for one in taken.totals if (row := int(number[one])) >= 0 and often[row] > 1}
        found = quantity[child]
        codes = taken.cells["quantity"].texts if "quantity" in taken.cells else {}
        refs = taken.ref
        for one, uses in taken.uses.items():
            row = int(number[one])
            if row < 0:
                continue
            _must(bool(codes))
            mine = range(int(start[row]), int(start[row] + often[row]))
            parents = [int(parent[use]) for use in mine] or [int(self.above[row])] * (self.above[row] >= 0)
            known = [refs[self.order[above]] for above in parents]
            _must(uses.keys() <= set(known) and (row not in shared or set(known) <= uses.keys()))
            shared.discard(row)
            for use, ref in zip(mine or [-1], known, strict=False):
                if ref in uses:
                    code = codes.setdefault(uses[ref], len(codes))
                    if use >= 0:
                        found[use] = code
                    else:
                        quantity[row] = code
        _must(not shared)
        return found

    # --- columns ----------------------------------------------------------------------------

    def coded(self) -> Coded:
        """The columns, and what is said beside them."""
        taken, count = self.taken, len(self.order)
        notes = [columns_unused(self.file)] if self.purchase.columns else []
        quantity = self.cells("quantity", count)
        uses = self.uses(quantity, notes)
        own, more = np.flatnonzero(uses.first), self.further(uses)
        self.above[uses.child[own]] = uses.parent[own]
        quantity[uses.child[own]] = uses.quantity[own]
        child, parent = uses.child[more], uses.parent[more]
        blank = np.zeros(more.size, np.int32)
        stated = {
            name: Column(list(cells.texts), np.append(self.cells(name, count), blank))
            for name, cells in taken.cells.items()
            if bool((self.number[cells.rows] >= 0).any())
        }
        if "per" in stated:
            stated["per"].codes[count:] = stated["per"].codes[child]
        texts = list(taken.parts)
        above = np.where(self.above >= 0, self.part[self.above], 0)
        stated["part"] = Column(texts, np.append(self.part, self.part[child]))
        stated["parent"] = Column(texts, np.append(above, self.part[parent]).astype(np.int32))
        stated["name"] = Column(list(taken.names), np.append(np.array(taken.name, np.int32)[self.order], blank))
        texts = list(taken.cells["quantity"].texts) if "quantity" in taken.cells else [""]
        stated["quantity"] = Column(texts, np.append(quantity, uses.quantity[more]))
        spots = _Spots(
            self.file, np.array(self.around, np.int32), np.array(self.index, np.int32),
            uses.entry[more].astype(np.int32), uses.at[more].astype(np.int32),
        )  # fmt: skip
        behind = self.behind(spots)
        live = any(self.number[row] >= 0 for row in taken.totals)
        notes.extend(behind.notes(self.file, self.document, live))
        lines = np.arange(1, count + more.size + 1, dtype=np.int32)
        placed = partial(Made, make=spots.where)
        return Coded(
            self.file, header(set(stated)), stated, lines, placed, notes=tuple(notes), left=tuple(behind.lost())
        )

    def cells(self, name: str, count: int) -> Codes:
        """The codes of a column by row."""
        found = np.zeros(count, np.int32)
        if name in self.taken.cells:
            cells = self.taken.cells[name]
            rows = self.number[cells.rows]
            found[rows[rows >= 0]] = np.array(cells.codes, np.int32)[rows >= 0]
        return found

    def further(self, uses: _Uses) -> Integers:
        """The uses that need a row of their own. Each supplier's component may state the same use of their part."""
        more = np.flatnonzero(~uses.first)
        key = self.part[uses.child[more]].astype(np.int64) * len(self.taken.parts) + self.part[uses.parent[more]]
        _, first, place = np.unique(key, return_index=True, return_inverse=True)
        original = first[place]
        same = uses.quantity[more] == uses.quantity[more[original]]
        kept: Integers = more[(original == np.arange(more.size)) | ~same]
        return kept

    def behind(self, spots: _Spots) -> Behind:
        """What components hold and a bill has no place for."""
        behind = Behind()
        for kind, left in self.taken.left.items():
            rows, counts, at = self.number[left.rows], np.array(left.counts), np.array(left.at)
            behind.left[kind] = int(counts[rows >= 0].sum())
            some = np.flatnonzero((rows >= 0) & (counts > 0))
            some = some[np.lexsort((at[some], rows[some]))][:EXAMPLES]
            behind.seen[kind] = [
                spots.path(int(rows[one])) + (f".properties[{at[one]}].name" if at[one] >= 0 else "") for one in some
            ]
        return behind


def _must(ordinary: bool) -> None:
    if not ordinary:
        raise _Unusual
