"""What `jointbuy init` writes: a purchase file explained field by field, and an empty bill beside it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args, get_origin

from jointbuy.formats.decode import Slot, is_record, slots_of
from jointbuy.model import Purchase
from jointbuy.places import Places

_INTRO = """\
## A purchase. Fill in what stands open; empty means "not stated", which is never read as zero or no.
## What only excuses (screening, guarantees, earlier clearance, study of a replacement, reason for a plant outside)
## is not claimed while all of it is empty; once a part of it is stated, even as unknown, the rest is open.
## Lines that begin with one # are optional: take the # away to use one, and from its heading too.
## Dates: 2026-02-14. Amounts: 480 000 000.00. Shares: 35 %. Countries: code or English name.
## Answers: yes, no or unknown.

"""
_OPEN = {
    "title", "events.signature", "product.kind", "product.categories", "contract.value", "end_products",
    "bill_of_materials",
}  # fmt: skip
"""Optional fields that most purchases need, written without the #."""
_FILLED = {"instrument": " SAFE", "bill_of_materials": " bom.csv"}
_BILL = "part,name,parent,quantity,unit,supplier,origin,unit_cost,currency,cost_kind\n"
_WIDTH = 110


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the file: its mark in the first column, how far it is indented, and its text."""

    mark: str
    indent: int
    text: str

    def __str__(self) -> str:
        return f"{self.mark}{' ' * self.indent}{self.text}\n"


def template() -> dict[str, str]:
    """The files of a new purchase folder: name to text."""
    return {"purchase.yaml": _INTRO + "".join(map(str, _record(Purchase, "", 0, True))), "bom.csv": _BILL}


def workbook(places: Places) -> dict[str, bytes]:
    """The same to fill in with a spreadsheet: one workbook."""
    from jointbuy.formats.purchase_out import workbook

    return {"purchase.xlsx": workbook(None, None, places)}


def _record(record: type, path: str, indent: int, live: bool) -> Iterator[_Line]:
    """The lines of a record; where it is not live all are commented out."""
    for slot in slots_of(record):
        place = f"{path}.{slot.name}" if path else slot.name
        on = live and (slot.required or place in _OPEN)
        mark = "" if on else "#"
        head, doc = f"{slot.name}:{_FILLED.get(place, '')}", _explained(slot)
        if indent + len(head) + len(doc) + 5 > _WIDTH:
            yield from (_Line("##", indent + 1, line) for line in textwrap.wrap(doc, _WIDTH - indent - 3))
            yield _Line(mark, indent, head)
        else:
            yield _Line(mark, indent, f"{head}  # {doc}")
        if is_record(slot.many):
            yield from _member(slot.many, place, indent + 2, on)
        elif is_record(slot.hint):
            yield from _record(slot.hint, place, indent + 2, on)
        elif get_origin(slot.hint) is Mapping:
            yield _Line(mark, indent + 2, "unit_cost: Our price each")


def _member(record: type, place: str, indent: int, live: bool) -> Iterator[_Line]:
    """The lines of a list's first member, with the dash before its first field."""
    dash = "- "
    for line in _record(record, place, indent + 2, live):
        if dash and line.mark != "##":
            line, dash = _Line(line.mark, indent, dash + line.text), ""
        yield line


def _explained(slot: Slot) -> str:
    """A field's documentation with the words it may hold."""
    hint = slot.many or slot.hint
    if get_origin(hint) is Literal and len(get_args(hint)) > 1:
        return f"{slot.doc}: {' | '.join(get_args(hint))}"
    return slot.doc
