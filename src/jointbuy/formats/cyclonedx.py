"""A bill of materials as a CycloneDX document (JSON, 1.5 to 1.7) to the table the other bills become.

A row is a component, or one more use of it. Components inside components are an assembly and its
parts; `dependencies` say the same for components that stand side by side. What CycloneDX has no
field for is read from properties (docs/cyclonedx.md). `origins` are those of the unreleased 2.0.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from jointbuy import memory
from jointbuy.errors import Where
from jointbuy.formats.alternates import EXCLUDED
from jointbuy.formats.cyclonedx_component import (
    OURS,
    TOTAL,
    USE,
    amount,
    id_of,
    meaning,
    objects,
    supplier_of,
    versioned,
)
from jointbuy.formats.cyclonedx_left import USED, Behind, columns_unused, inside
from jointbuy.formats.cyclonedx_left import header as columns_of
from jointbuy.formats.cyclonedx_shape import Shaper, Way, path
from jointbuy.formats.cyclonedx_text import parsed
from jointbuy.formats.files import Content
from jointbuy.formats.problems import Problems, listed, shown
from jointbuy.formats.table import Table
from jointbuy.model import Purchase

VERSIONS = ("1.5", "1.6", "1.7")
UNRELEASED = "2.0"
_SMALL, _A_BYTE = 20_000_000, 22
"""Bytes of a document that fits into any memory; and what a byte of a larger one takes (measured on 100,000 parts)."""
MAX_LEVELS = 100
"""Components inside components, at most."""

_OPTIONAL = {"1.5": frozenset({("property", "name")})}
"""What a version does not yet require: (shape, field)."""
_COSTS = ("unit_cost", "cost_low", "cost_high", "line_cost")
_MADE = ("manufactured", "assembled", "built")
_OF_COST = re.compile(r"\b(costs?|value|price)\b", re.IGNORECASE)


def read_cyclonedx(content: Content, purchase: Purchase, problems: Problems, notes: list[str]) -> Table | None:
    """The rows of a document. None, and problems with their JSON paths, where it is not sound or holds no bill."""
    if len(content.data) > _SMALL:
        do = f"split the bill, use a machine with more, or raise {memory.VARIABLE}; nothing was written"
        why = "which the reader for large documents does not take"
        memory.must_hold(_A_BYTE * len(content.data), f"{content.name}, {why},", do)
    document = parsed(content, problems)
    if document is None or not _envelope(document, content.name, problems):
        return None
    strict = document["specVersion"] != UNRELEASED
    if not strict:
        notes.append(f"{content.name}: CycloneDX 2.0 is not released; it was read as its draft stands")
    optional = _OPTIONAL.get(document["specVersion"], frozenset())
    shaper = Shaper(content.name, problems, strict, optional)
    if not shaper.check(document):
        return None
    if purchase.columns:
        notes.append(columns_unused(content.name))
    return _Bill(document, purchase, shaper, problems, notes).table()


# --- the document ---------------------------------------------------------------------------


def _envelope(document: dict[str, Any], file: str, problems: Problems) -> bool:
    """Whether it says that it is CycloneDX of a version we read."""
    version = document.get("specVersion")
    key = "specFormat" if version == UNRELEASED else "bomFormat"
    if document.get(key) != "CycloneDX":
        found = shown(str(document[key])) if key in document else "missing"
        advice = "give a bill that is not CycloneDX as CSV or XLSX"
        problems.add(f"{key} is {found}", Where(file, None, f"$.{key}"), 'it must be "CycloneDX"', advice)
        return False
    if version not in (*VERSIONS, UNRELEASED):
        found = shown(str(version)) if version is not None else "missing"
        why = f"versions {listed(VERSIONS)} are read"
        advice = "convert it to one of them, for example with the CycloneDX command line tool"
        problems.add(f"specVersion is {found}", Where(file, None, "$.specVersion"), why, advice)
        return False
    return True


# --- components -----------------------------------------------------------------------------


@dataclass(slots=True)
class _Row:
    """A component's cells by our columns; `ref` is its bom-ref, `above` the row it is nested in.

    `uses` are its quantities by the bom-ref of the parent; `total` tells that its quantity was given as a total.
    """

    way: Way
    cells: dict[str, str]
    ref: str | None
    above: int | None
    uses: dict[str, str] = field(default_factory=dict)
    total: bool = False


@dataclass(slots=True)
class _Bill:
    document: dict[str, Any]
    purchase: Purchase
    shaper: Shaper
    problems: Problems
    notes: list[str]
    rows: list[_Row] = field(default_factory=list)
    behind: Behind = field(default_factory=Behind)
    again: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    """The further uses of a part, by part and parent."""
    unshared: list[str] = field(default_factory=list)
    """Parts whose origins are shares of something other than cost."""

    def table(self) -> Table | None:
        """The table, or None where there is nothing in it to count."""
        file = self.shaper.file
        before = len(self.problems.found)
        self.components()
        if len(self.problems.found) == before:
            self.dependencies()
        if len(self.problems.found) > before or not self.worth(file):
            return None
        self.say(file)
        cells = [row.cells for row in self.rows]
        header = columns_of({column for row in cells for column in row})
        return Table(
            file=file,
            header=header,
            header_line=0,
            lines=list(range(1, len(cells) + 1)),
            rows=[[row.get(column, "") for column in header.index] for row in cells],
            spots=[path(row.way) for row in self.rows],
            left=self.behind.lost(),
        )

    def worth(self, file: str) -> bool:
        """Whether there are components, with costs and quantities at all: said once, not for each."""
        for absent, what, do in (
            (not self.rows, "the document holds no components", "a bill needs them under components"),
            (
                not any(column in row.cells for row in self.rows for column in _COSTS),
                "no component states a cost",
                "CycloneDX has no field for it: add the property jointbuy:unitCost, see docs/cyclonedx.md",
            ),
            (
                not any("quantity" in row.cells for row in self.rows),
                "no component states a quantity",
                "add the property jointbuy:quantity: how many one parent needs",
            ),
        ):
            if absent:
                self.problems.add(what, Where(file, None, "$.components"), do=do)
                return False
        return True

    def components(self) -> None:
        """A row for each component, an assembly before its parts."""
        main = self.document.get("metadata", {}).get("component")
        name = self.end_product(main) if main else None
        stack: list[tuple[dict[str, Any], Way, int | None, int]] = []
        self.push(stack, self.document, None, None if name is None else 0, 1)
        if name is not None:
            way: Way = ((None, "metadata"), "component")
            self.add(main, way, None)
            self.rows[0].cells["part"] = name
            self.push(stack, main, way, 0, 1)
        while stack:
            component, way, above, level = stack.pop()
            if level > MAX_LEVELS:
                advice = "an assembly so deep is a slip of the program that wrote it"
                self.shaper.fault(way, f"components are nested more than {MAX_LEVELS} deep", do=advice)
                return
            self.add(component, way, above)
            if "components" in component:
                self.push(stack, component, way, len(self.rows) - 1, level + 1)

    @staticmethod
    def push(
        stack: list[tuple[dict[str, Any], Way, int | None, int]],
        owner: dict[str, Any],
        way: Way,
        above: int | None,
        level: int,
    ) -> None:
        """Put the components of an object on the stack, the first on top."""
        within = (way, "components")
        found = enumerate(owner.get("components", ()))
        stack.extend(reversed([(one, (within, at), above, level) for at, one in found]))

    def end_product(self, main: dict[str, Any]) -> str | None:
        """The id of the end product that the document says it describes; with one end product it has to be that."""
        ends = [product.id for product in self.purchase.end_products or () if product.id]
        names = (id_of(main), main.get("bom-ref"), main["name"], versioned(main))
        found = next((name for name in names if name in ends), None)
        if found or not ends:
            return found or id_of(main)
        if len(ends) == 1 and ends[0] not in {id_of(component) for component in self.document.get("components", ())}:
            what = f"the document describes {shown(main['name'])}, and the purchase {shown(ends[0])}"
            do = f"if they are the same, write id: {id_of(main)} under end_products in purchase.yaml"
            self.shaper.fault(((None, "metadata"), "component"), what, do=do)
        return None

    def add(self, component: dict[str, Any], way: Way, above: int | None) -> None:
        """One more row."""
        row = _Row(way, {"part": id_of(component), "name": component["name"]}, component.get("bom-ref"), above)
        excluded = component.get("scope") == EXCLUDED and way != ((None, "metadata"), "component")
        for key, value in component.items():
            if key not in USED and not (key == "scope" and excluded):
                self.behind.leave(key, len(value) if isinstance(value, list) else 1, way)
        if supplier := supplier_of(component):
            row.cells["supplier"] = supplier
        self.properties(component, row)
        if excluded:
            row.cells["alternate"] = EXCLUDED
        if above is not None:
            row.cells["parent"] = self.rows[above].cells["part"]
        self.rows.append(row)

    @staticmethod
    def quantity(row: _Row, parent: str | None) -> dict[str, str]:
        """The cell with how many a parent needs, where the component says so for this parent."""
        return {"quantity": row.uses[parent]} if parent is not None and parent in row.uses else {}

    # --- what properties and the unreleased fields say --------------------------------------

    def properties(self, component: dict[str, Any], row: _Row) -> None:
        """Take values by rank: our own properties, then fields of 2.0, then properties others use."""
        best: dict[str, tuple[int, str, str]] = {}
        if not self.shaper.strict:
            for cell, text in (("quantity", amount(component)), ("origin", self.origins(component, row.way))):
                if text:
                    best[cell] = (1, text, cell)
        for at, one in enumerate(component.get("properties", ())):
            name, value = one.get("name", ""), one.get("value", "").strip()
            if name.startswith(USE):
                row.uses[name[len(USE) :]] = value
                continue
            column, rank = meaning(name)
            if column is None:
                self.behind.leave("other properties", 1, (((row.way, "properties"), at), "name"))
                if name.startswith("jointbuy:"):
                    advice = self.problems.near(name, OURS, f"ours are: {', '.join(OURS)}")
                    way = (((row.way, "properties"), at), "name")
                    self.shaper.fault(way, f"{shown(name)} is no property of ours", do=advice)
            elif value:
                known = best.get(column)
                if known is None or rank < known[0]:
                    best[column] = (rank, value, name)
                elif rank == known[0] and value != known[1]:
                    what = f"{shown(name)} is {shown(value)}, and {shown(known[2])} is {shown(known[1])}"
                    do = "state it once; several origins as jointbuy:origin, such as DE 60; US 40"
                    self.shaper.fault((((row.way, "properties"), at), "value"), what, do=do)
        for cell, (_, text, source) in best.items():
            row.cells[cell] = text
            row.total |= source == TOTAL

    def origins(self, component: dict[str, Any], way: Way) -> str:
        """The origin that `origins` of the 2.0 draft state as shares of cost, as a cell has it."""
        found: dict[str, str] = {}
        for entry in objects(component.get("origins")):
            stage, basis = entry.get("stage"), str(entry.get("basis", ""))
            if stage not in _MADE:
                continue
            if not _OF_COST.search(basis):
                self.unshared.append(f"{component['name']} ({stage}, by {shown(basis)[1:-1] or 'nothing stated'})")
                continue
            shares = [
                f"{one.get('isoCode', '?')} {one.get('percentage', '?')}" for one in objects(entry.get("distribution"))
            ]
            found[stage] = "; ".join(shares)
        if len(set(found.values())) > 1:
            why = ", ".join(f"{stage}: {text}" for stage, text in found.items())
            do = "say which one counts: add the property jointbuy:origin"
            if not any(one.get("name", "") == "jointbuy:origin" for one in component.get("properties", ())):
                self.shaper.fault((way, "origins"), "several stages could be the origin", why, do)
        return next(iter(found.values()), "")

    # --- who is part of what ----------------------------------------------------------------

    def dependencies(self) -> None:
        """Uses stated by `dependencies`, for components that are not inside another."""
        known = {row.ref: at for at, row in enumerate(self.rows) if row.ref is not None}
        users: dict[int, dict[int, Way]] = {}
        elsewhere = Counter[str]()
        for index, one in enumerate(self.document.get("dependencies", ())):
            way: Way = ((None, "dependencies"), index)
            parent = self.known(one["ref"], known, (way, "ref"))
            for at, ref in enumerate(one.get("dependsOn", ())):
                here = ((way, "dependsOn"), at)
                child = self.known(ref, known, here)
                if parent is None or child is None:
                    continue
                row = self.rows[child]
                nested = row.above is not None and not (row.above == 0 and self.at_top(row.way))
                if not nested:
                    users.setdefault(child, {}).setdefault(parent, here)
                elif row.above != parent:
                    elsewhere["uses"] += 1
        if count := elsewhere["uses"]:
            self.notes.append(inside(self.shaper.file, count))
        for at, row in enumerate(self.rows):
            if at not in users and row.above is not None:
                row.cells |= self.quantity(row, self.rows[row.above].ref)
        for child, above in users.items():
            self.used(self.rows[child], above)
        for row in self.rows:
            strangers = row.uses.keys() - {self.rows[at].ref for at in self.parents(row, users, known)}
            for ref in sorted(strangers):
                what = f"{USE}{ref} is stated, and {shown(ref)} does not use this component"
                self.shaper.fault((row.way, "properties"), what, do="name the bom-ref of a parent")

    @staticmethod
    def at_top(way: Way) -> bool:
        """Whether a component stands directly under the document's components."""
        return way is not None and way[0] == (None, "components")

    def parents(self, row: _Row, users: dict[int, dict[int, Way]], known: dict[str, int]) -> Iterable[int]:
        """The rows a component is part of."""
        if row.ref is not None and row.ref in known and known[row.ref] in users:
            return users[known[row.ref]]
        return () if row.above is None else (row.above,)

    def known(self, ref: str, rows: dict[str, int], way: Way) -> int | None:
        """The row of a reference; None for a service or another thing that is no component of the bill."""
        if ref not in rows and ref not in self.shaper.refs:
            other = ref.startswith("urn:cdx:")
            why = "it points into another document" if other else "nothing has this bom-ref"
            do = "put its components into this document" if other else self.problems.near(ref, rows, "correct it")
            self.shaper.fault(way, f"the reference {shown(ref)} leads nowhere", why, do)
        return rows.get(ref)

    def used(self, row: _Row, above: dict[int, Way]) -> None:
        """The parents of one component: its own row stands for the first, further rows for the others."""
        whole = row.cells.pop("quantity", None)
        stated = {"quantity": whole} if whole is not None and not (row.total and len(above) > 1) else {}
        if whole is not None and not stated and any(self.rows[at].ref not in row.uses for at in above):
            what = f"{shown(row.cells['part'])} is part of {len(above)} assemblies, and only its total is stated"
            do = f"add a property {USE}PARENT for each, with the bom-ref of the parent"
            self.shaper.fault(row.way, what, f"{TOTAL} is one number for all of them", do)
            stated = {"quantity": whole}
        shared = {column: row.cells[column] for column in ("part", "per", "alternate") if column in row.cells}
        for count, (at, way) in enumerate(above.items()):
            parent = self.rows[at]
            cells = {"parent": parent.cells["part"]} | stated | self.quantity(row, parent.ref)
            if count:
                # Each supplier's component may state the same further use of their part.
                key = row.cells["part"], cells["parent"]
                if self.again.setdefault(key, cells) is cells or self.again[key] != cells:
                    self.rows.append(_Row(way, shared | cells, None, at))
            else:
                row.cells |= cells

    def say(self, file: str) -> None:
        """Notes, and what was left behind."""
        totals = any(row.total for row in self.rows)
        self.notes.extend(self.behind.notes(file, self.document, totals, listed(self.unshared)))
        if self.unshared:
            self.behind.left["origins by other than cost"] = len(self.unshared)
            self.behind.seen["origins by other than cost"] = self.unshared[:3]
