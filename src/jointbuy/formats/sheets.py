"""A purchase laid out as sheets: which sheet, row and column holds which field, taken from the records themselves.

One sheet asks for what there is once; every list of records has a sheet of its own, one row a member. Writing and
reading a workbook both follow this layout, so that nothing is lost between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_origin

from jointbuy.formats.decode import Slot, is_record, slots_of
from jointbuy.model import Purchase

QUESTIONS, BILL = "Purchase", "Bill"
"""The sheet of what there is once, and that of the bill of materials."""
NONE = "none"
"""What says, beside a list, that it has no members, where blank says nothing."""
OWNER = "of"
"""The column that names the party whose owner, facility or clearance a row is."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question or column. `key` is its path in the record, such as `loan.requested`."""

    key: str
    slot: Slot

    @property
    def label(self) -> str:
        """How people read the key: `loan: council decision`."""
        return self.key.replace(".", ": ").replace("_", " ")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One list of records. `inside` is the list whose members hold this one, for a list in a list."""

    path: str
    fields: tuple[Field, ...]
    inside: str | None

    @property
    def title(self) -> str:
        """The sheet's name."""
        return self.path.rpartition(".")[2].replace("_", " ").capitalize()


@cache
def layout() -> tuple[tuple[Field, ...], tuple[Sheet, ...]]:
    """The questions of the first sheet, and a sheet for each list."""
    questions: list[Field] = []
    sheets: list[Sheet] = []
    for field in _fields(Purchase, ""):
        if not _is_list(field.slot):
            questions.append(field)
            continue
        if not field.slot.required and field.slot.default is None:
            questions.append(field)
        inner = [each for each in _fields(field.slot.many, "") if _is_list(each.slot)]
        own = tuple(each for each in _fields(field.slot.many, "") if not _is_list(each.slot))
        sheets.append(Sheet(field.key, own, None))
        for each in inner:
            sheets.append(Sheet(f"{field.key}.{each.key}", tuple(_fields(each.slot.many, "")), field.key))
    return tuple(questions), tuple(sheets)


def _fields(record: type, prefix: str) -> Iterator[Field]:
    """The fields of a record, those of a record within it beside them. How headers are called is the bill's affair."""
    for slot in slots_of(record):
        key = f"{prefix}{slot.name}"
        if is_record(slot.hint):
            yield from _fields(slot.hint, f"{key}.")
        elif get_origin(slot.hint) is not Mapping:
            yield Field(key, slot)


def _is_list(slot: Slot) -> bool:
    return bool(slot.many) and is_record(slot.many)


def value_at(record: Any, key: str) -> Any:
    """The value at a path; None where a record on the way is not stated."""
    for name in key.split("."):
        record = None if record is None else getattr(record, name)
    return record
