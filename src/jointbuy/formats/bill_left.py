"""What of a table is not in the records of its bill, as a conversion tells it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from jointbuy.formats.table import Table
from jointbuy.model import CostKind
from jointbuy.result import Lost

LEFT_OUT = get_args(CostKind)[5:]
"""Kinds of cost that are no cost of components."""


def left_behind(table: Table) -> Iterable[Lost]:
    """What a file holds and the records of a bill do not."""
    yield from table.left
    if unused := table.header.unused:
        yield Lost("columns", len(unused), tuple(unused[:3]), "a bill has no such column")
    if table.totals:
        lines = tuple(f"row {line}" for line in table.totals[:3])
        yield Lost("rows of totals", len(table.totals), lines, "they sum up other rows")
    for column, why in (
        ("position", "what stands at several positions is added"),
        ("cost_unit", "a cost is for one"),
        ("scrap", "it is in the quantity"),
        ("yield", "it is in the quantity"),
        ("alternate", "what may be used instead is not counted"),
        ("usage", "it is in the quantity"),
    ):
        texts = [text for text in table.column(column) or () if text]
        if texts:
            yield Lost(f"column {column}", len(texts), tuple(dict.fromkeys(texts))[:3], why)
    yield from _converted(table)


def _converted(table: Table) -> Iterable[Lost]:
    """Units that a part is not counted in, because an earlier row of it names another one."""
    first: dict[str, str] = {}
    units = table.column("unit") or []
    other = [
        unit
        for part, unit in zip(table.column("part") or (), units, strict=False)
        if unit and first.setdefault(part, unit).casefold() != unit.casefold()
    ]
    if other:
        why = "the quantity is in the unit of the part's first row"
        yield Lost("column unit", len(other), tuple(dict.fromkeys(other))[:3], why)


def kinds_said(mapping: tuple[tuple[str, str], ...], file: str, notes: list[str]) -> None:
    """Say so where nothing tells which rows are no components."""
    if "cost_kind" not in dict(mapping):
        said = "there is no column cost_kind, so every row is counted as a component"
        notes.append(f"{file}: {said}; of these kinds the cost would be left out: {', '.join(LEFT_OUT)}")
