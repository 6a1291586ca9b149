"""What of a CycloneDX document a bill has no place for, and what is said of the document's own completeness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jointbuy.formats.columns import COLUMNS, Header
from jointbuy.formats.cyclonedx_component import PROPERTY, TOTAL
from jointbuy.formats.cyclonedx_shape import Way, path
from jointbuy.result import Lost

EXAMPLES = 3
"""Places that are told of each kind."""
USED = frozenset(
    {
        "type", "name", "bom-ref", "group", "version", "components", "properties", "supplier", "manufacturer",
        "origins", "quantity", "parties",
    }
)  # fmt: skip
"""Fields of a component that a bill has a place for."""


@dataclass(slots=True)
class Behind:
    """What was left behind: how many of each kind, and where the first few are."""

    left: Counter[str] = field(default_factory=Counter)
    seen: dict[str, list[str]] = field(default_factory=dict)

    def leave(self, kind: str, number: int, way: Way) -> None:
        """Count what a bill has no place for."""
        self.left[kind] += number
        places = self.seen.setdefault(kind, [])
        if number and len(places) < EXAMPLES:
            places.append(path(way))

    def notes(self, file: str, document: dict[str, Any], totals: bool, unshared: str = "") -> Iterator[str]:
        """Notes: what of the document is not in the bill, and what was read in a way one should know."""
        if totals:
            own = PROPERTY["quantity"]
            yield f"{file}: {TOTAL} was read as the number in one parent; where it counts all in a product, state {own}"
        if unshared:
            why = "shares of anything but cost or value say nothing about cost"
            yield f"{file}: origins left undeclared, because {why}: {unshared}"
        partial = sum(one["aggregate"] != "complete" for one in document.get("compositions", ()))
        if partial:
            yield f"{file}: it says of {partial} of its own compositions that they are not known complete"
        for key, value in document.items():
            if key in {"metadata", "components", "dependencies"} or not isinstance(value, list | dict):
                continue
            self.leave(key, len(value) if isinstance(value, list) else 1, (None, key))
        if told := ", ".join(f"{key} {count}" for key, count in sorted(self.left.items()) if count):
            yield f"{file}: not carried over into the bill: {told}"

    def lost(self) -> list[Lost]:
        """The same, as a conversion tells it."""
        return [
            Lost(kind, number, tuple(self.seen[kind]), "a bill has no place for it")
            for kind, number in sorted(self.left.items())
            if number
        ]


def inside(file: str, count: int) -> str:
    """The note on dependencies that add no parts."""
    why = "they are part of the assembly they stand in"
    return f"{file}: {count} dependencies on components inside others add no parts: {why}"


def columns_unused(file: str) -> str:
    """The note on columns named in the purchase file."""
    return f"{file}: the columns of purchase.yaml are for tables and were not used"


def header(stated: set[str]) -> Header:
    """The header of a table of the columns that components state; part, parent and quantity are always there."""
    columns = [column for column in COLUMNS if column in stated | {"part", "parent", "quantity"}]
    titles = [PROPERTY.get(column, column).removeprefix("jointbuy:") for column in columns]
    return Header(titles, {column: at for at, column in enumerate(columns)})
