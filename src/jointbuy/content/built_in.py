"""Raw materials where they are no components (EDIP, recital 27): what is built into a component is part of its cost."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from jointbuy.content import kinds
from jointbuy.content.basis import RAW
from jointbuy.model import Bom, Sources

_OF_ITS_OWN = ("price_low", "price_high", "currency", "cost_kind", "row", "materials", "price_per")
"""What a raw material keeps of its own row; origin, supplier and evidence are those of what it is built into."""


def built_in(bom: Bom) -> Bom:
    """The bill with every raw material in a component of that component's origin, so that it counts with it.

    One in several components becomes a part of each. In what nobody supplies, such as a group of parts inside of a
    component, it is of undeclared origin. One that stands in an end product by itself stays what it is. A bill without
    any comes back as it is; a large one with some loses its packed columns, and takes seconds for a hundred thousand
    rows.
    """
    if not holds_any(bom):
        return bom
    return _Building(bom).whole()


def holds_any(bom: Bom) -> bool:
    """Whether a raw material stands in anything but an end product."""
    if RAW not in kinds(bom):
        return False
    raw = _raw(bom)
    top = _top(bom)
    return any(child in raw and parent not in top for parent, child in zip(bom.parent, bom.child, strict=True))


def _raw(bom: Bom) -> frozenset[int]:
    table = bom.sources
    return frozenset(part for part, kind in zip(table.part, table.cost_kind, strict=True) if kind == RAW)


def _top(bom: Bom) -> frozenset[int]:
    """End products, and the groups of parts that stand in nothing else: what is in these is in an end product."""
    users: dict[int, set[int]] = {}
    for parent, child in zip(bom.parent, bom.child, strict=True):
        users.setdefault(child, set()).add(parent)
    found = set(bom.roots)
    waiting = set(bom.phantoms)
    while more := {phantom for phantom in waiting if users.get(phantom, set()) <= found}:
        found |= more
        waiting -= more
    return frozenset(found)


class _Building:
    """One bill on its way; the parts, edges and sources that it has in the end."""

    def __init__(self, bom: Bom) -> None:
        self.bom, self.raw, self.top = bom, _raw(bom), _top(bom)
        self.edges: dict[int, list[int]] = {}
        for edge, parent in enumerate(bom.parent):
            self.edges.setdefault(parent, []).append(edge)
        self.rows: dict[int, list[int]] = {}
        for row, part in enumerate(bom.sources.part):
            self.rows.setdefault(part, []).append(row)
        self.copied: list[int] = []  # by new part the one it is a copy of
        self.uses: list[tuple[int, int, int]] = []  # parent, child and the edge that said so
        self.sources: list[tuple[int, int, int | None, Fraction]] = []  # part, own row, row built into, awarded

    def whole(self) -> Bom:
        """The bill."""
        bom = self.bom
        for edge, (parent, child) in enumerate(zip(bom.parent, bom.child, strict=True)):
            inside = child in self.raw and parent not in self.top and parent not in self.raw
            self.uses.append((parent, self.copy(child, self.rows.get(parent, [])) if inside else child, edge))
        parts = [*range(len(bom.parts)), *self.copied]
        return replace(
            bom,
            parts=tuple(bom.parts[part] for part in parts),
            names=tuple(bom.names[part] for part in parts),
            units=tuple(bom.units[part] for part in parts) if bom.units else (),
            parent=tuple(parent for parent, _, _ in self.uses),
            child=tuple(child for _, child, _ in self.uses),
            quantity=tuple(bom.quantity[edge] for _, _, edge in self.uses),
            edge_row=tuple(bom.edge_row[edge] for _, _, edge in self.uses),
            sources=self.table(),
        )

    def copy(self, part: int, owner: list[int]) -> int:
        """A raw material, with what it is made of, as part of what its owner's sources supply; its place."""
        place = len(self.bom.parts) + len(self.copied)
        self.copied.append(part)
        awarded = self.bom.sources.awarded
        for row in self.rows.get(part, []):
            into: list[int | None] = [*owner] or [None]
            for of in into:
                self.sources.append((place, row, of, awarded[row] * (1 if of is None else awarded[of])))
        for edge in self.edges.get(part, []):
            child = self.bom.child[edge]
            self.uses.append((place, self.copy(child, owner) if child in self.raw else child, edge))
        return place

    def table(self) -> Sources:
        """The sources of all parts, those of copies last."""
        old = self.bom.sources
        columns: dict[str, tuple[object, ...]] = {}
        for name in old.__dataclass_fields__:
            column = tuple(getattr(old, name))
            if not column:
                columns[name] = ()
                continue
            own = name in _OF_ITS_OWN
            columns[name] = column + tuple(
                column[row] if own or of is None else column[of] for _, row, of, _ in self.sources
            )
        columns["part"] = (*old.part, *(part for part, _, _, _ in self.sources))
        columns["awarded"] = (*old.awarded, *(share for _, _, _, share in self.sources))
        nowhere = tuple(() if of is None else old.origin[of] for _, _, of, _ in self.sources)
        columns["origin"] = (*old.origin, *nowhere)
        return replace(old, **columns)  # type: ignore[arg-type]
