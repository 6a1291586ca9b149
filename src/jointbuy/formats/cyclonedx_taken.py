"""What a bill needs of the components of a large CycloneDX document, taken up while its text is read.

The reader of JSON gives objects innermost first. A sound component is taken up at once, and the number of its row
stands in the document in its place; so a million of them are never held as dictionaries. What is no sound component,
or says something only few say, stays as it was: whoever then finds it where a row should be leaves the document to
`cyclonedx.py`, which tells what is wrong and where.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jointbuy import progress
from jointbuy.formats.cyclonedx_component import OURS, TOTAL, USE, meaning, supplier_of, versioned
from jointbuy.formats.cyclonedx_left import USED
from jointbuy.formats.cyclonedx_shape import Shaper, component_types
from jointbuy.formats.cyclonedx_text import HALF, Refused, no_number
from jointbuy.formats.problems import Problems

_SOME = 4_096
"""Components of which progress is told at once."""
_COLUMNS: dict[str, tuple[str, int]] = {**{name: (column, 0) for name, column in OURS.items()}, TOTAL: ("quantity", 2)}


class Row(int):
    """The number of a component that was taken up."""

    __slots__ = ()


@dataclass(slots=True)
class Cells:
    """The texts of one column, for the rows that have any: code 0 is the blank."""

    texts: dict[str, int] = field(default_factory=lambda: {"": 0})
    rows: array[int] = field(default_factory=lambda: array("i"))
    codes: array[int] = field(default_factory=lambda: array("i"))

    def add(self, row: int, text: str) -> None:
        """The text of a row."""
        self.rows.append(row)
        self.codes.append(self.texts.setdefault(text, len(self.texts)))


@dataclass(slots=True)
class Left:
    """What a bill has no place for, of one kind: in which row, how many, and the index of the property, -1 for none."""

    rows: array[int] = field(default_factory=lambda: array("i"))
    counts: array[int] = field(default_factory=lambda: array("q"))
    at: array[int] = field(default_factory=lambda: array("i"))


@dataclass(slots=True)
class Taken:
    """What was taken up, by the number of the row: inner components come before those they stand in.

    `part` and `name` are codes into `parts` and `names`; `refs` finds the row of a bom-ref and `ref` the reverse;
    `below` holds the rows inside a row; `uses` its quantities by the bom-ref of a parent; `totals` the rows whose
    quantity is a total; `others` the bom-refs of what is no component. `twice` tells of a bom-ref that came again.
    """

    part: array[int] = field(default_factory=lambda: array("i"))
    name: array[int] = field(default_factory=lambda: array("i"))
    parts: dict[str, int] = field(default_factory=lambda: {"": 0})
    names: dict[str, int] = field(default_factory=lambda: {"": 0})
    cells: dict[str, Cells] = field(default_factory=dict)
    refs: dict[str, int] = field(default_factory=dict)
    ref: list[str | None] = field(default_factory=list)
    below: dict[int, Sequence[Row]] = field(default_factory=dict)
    uses: dict[int, dict[str, str]] = field(default_factory=dict)
    totals: set[int] = field(default_factory=set)
    left: dict[str, Left] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    twice: bool = False

    def document(self, text: str) -> Any:
        """The document in a text, with rows for components. None where it is no text of JSON as everybody reads it."""
        if HALF.search(text):
            return None
        try:
            return json.loads(text, parse_float=Decimal, parse_constant=no_number, object_pairs_hook=self.object)
        except (ValueError, RecursionError):
            return None

    def object(self, pairs: list[tuple[str, Any]]) -> Any:
        """An object of the document: a row where it is a sound component."""
        found = dict(pairs)
        if len(found) < len(pairs):
            raise Refused
        return self.component(found) if "type" in found and "name" in found else found

    def component(self, found: dict[str, Any]) -> Row | dict[str, Any]:
        """A component's row; the component itself where it is not sound."""
        plain = 2 if found["type"] in component_types() and type(found["name"]) is str else -99
        ref, supplier, inside = found.get("bom-ref"), found.get("supplier"), found.get("components")
        if type(ref) is str and ref:
            plain += 1
        if type(found.get("version")) is str:
            plain += 1
        if type(supplier) is dict and len(supplier) == 1 and type(supplier.get("name")) is str:
            plain += 1
        if type(inside) is list and {type(one) for one in inside} <= {Row}:
            plain += 1
        properties = found.get("properties", ())
        said = self.properties(properties) if type(properties) is list else _Said()
        if said is None:
            return found
        plain += type(found.get("properties")) is list
        if plain != len(found) and not self.sound(found):
            return found
        row = Row(len(self.part))
        if not row % _SOME:
            progress.more(_SOME)
        part = said.cells.pop("part", None) or str(ref or "").strip() or versioned(found)
        self.part.append(self.parts.setdefault(part.strip(), len(self.parts)))
        self.name.append(self.names.setdefault(found["name"].strip(), len(self.names)))
        self.ref.append(ref)
        if ref is not None:
            self.twice |= self.refs.setdefault(ref, row) != row
        if inside:
            self.below[row] = inside
        if plain != len(found):
            for key in found.keys() - USED:
                value = found[key]
                self.leave(key, row, len(value) if isinstance(value, list) else 1, -1)
        if text := supplier_of(found):
            said.cells["supplier"] = text.strip()
        self.say(row, said)
        return row

    def say(self, row: Row, said: _Said) -> None:
        """Keep what the properties of a component say."""
        for column, text in said.cells.items():
            cells = self.cells.get(column)
            if cells is None:
                cells = self.cells[column] = Cells()
            cells.add(row, text)
        for at in said.others:
            self.leave("other properties", row, 1, at)
        if said.uses:
            self.uses[row] = said.uses
        if said.total:
            self.totals.add(row)

    def leave(self, kind: str, row: Row, count: int, at: int) -> None:
        """Count what a bill has no place for."""
        left = self.left.setdefault(kind, Left())
        left.rows.append(row)
        left.counts.append(count)
        left.at.append(at)

    def sound(self, found: dict[str, Any]) -> bool:
        """Whether a component with more than the usual fields has its shape, and holds no others beside its parts."""
        shaper = Shaper("", Problems(), strict=True)
        inside = found.get("components", [])
        if "pedigree" in found or type(inside) is not list or any(type(one) is not Row for one in inside):
            return False
        alone = {key: value for key, value in found.items() if key != "components"}
        if not shaper.check(alone, "component"):
            return False
        own = shaper.refs.keys() - {found.get("bom-ref")}
        self.twice |= not own.isdisjoint(self.others)
        self.others |= own
        return True

    def properties(self, properties: Sequence[Any]) -> _Said | None:
        """What properties say; None where one is not sound, or contradicts another."""
        said = _Said()
        ranks: dict[str, int] = {}
        for at, one in enumerate(properties):
            if type(one) is not dict or len(one) != 2:
                return None
            name, value = one.get("name"), one.get("value")
            if type(name) is not str or type(value) is not str:
                return None
            column, rank = _COLUMNS.get(name) or (None, 9)
            if column is None:
                if name.startswith(USE):
                    said.uses[name[len(USE) :]] = value.strip()
                    continue
                if name.startswith("jointbuy:"):
                    return None
                column, rank = meaning(name)
                if column is None:
                    said.others.append(at)
                    continue
            text = value.strip()
            if not text:
                continue
            before = ranks.get(column)
            if before is None or rank < before:
                ranks[column], said.cells[column] = rank, text
                if column == "quantity":
                    said.total = name == TOTAL
            elif rank == before and text != said.cells[column]:
                return None
        return None if "" in said.uses.values() else said


@dataclass(slots=True)
class _Said:
    """What the properties of one component say: cells by column, quantities by parent, indices of other properties."""

    cells: dict[str, str] = field(default_factory=dict)
    uses: dict[str, str] = field(default_factory=dict)
    others: list[int] = field(default_factory=list)
    total: bool = False
