"""The JSON Schema of `purchase.yaml`, made from the same records that read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Literal, get_args, get_origin

from jointbuy.formats.decode import Slot, is_record, slots_of
from jointbuy.model import Country, Currency, Purchase, Share
from jointbuy.money import DIGITS, Money

_TEXT = {"type": ["string", "number"]}
_SCALARS: dict[Any, dict[str, Any]] = {
    str: _TEXT,
    date: {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    bool: {"enum": [True, False, "yes", "no", "unknown"]},
    Fraction: _TEXT,
    Share: _TEXT,
    Money: _TEXT,
    Country: {"type": "string"},
    Currency: {"enum": sorted(DIGITS)},
}
_ANSWERED = {"enum": [True, False, "yes", "no"]}
"""A yes or no that must be given: a statement says the one or the other."""


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of the purchase file; an empty value stands for one not stated."""
    definitions: dict[str, Any] = {}
    top = _record(Purchase, definitions)
    top["properties"]["marking"] = {"type": "string", "description": "security marking; classified files are not read"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Purchase file of jointbuy",
        **top,
        "$defs": dict(sorted(definitions.items())),
    }


def _record(record: type, definitions: dict[str, Any]) -> dict[str, Any]:
    slots = slots_of(record)
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {slot.name: _field(slot, definitions) for slot in slots},
        "required": [slot.name for slot in slots if slot.required],
    }


def _field(slot: Slot, definitions: dict[str, Any]) -> dict[str, Any]:
    """One field; a single value may stand for a list of one."""
    if slot.many:
        member = _one(slot.many, definitions)
        several: dict[str, Any] = {"type": "array", "items": member}
        shapes = [several | ({"minItems": 1} if slot.required else {}), member]
    else:
        shapes = [_ANSWERED if slot.required and slot.hint is bool else _one(slot.hint, definitions)]
    if not slot.required:
        shapes.append({"type": "null"})
    shape = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    return {"description": slot.doc, **shape}


def _one(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if get_origin(hint) is Literal:
        return {"enum": list(get_args(hint))}
    if get_origin(hint) is Mapping:
        return {"type": "object", "additionalProperties": {"type": "string"}}
    if not is_record(hint):
        return _SCALARS[hint]
    if hint.__name__ not in definitions:
        definitions[hint.__name__] = {}  # holds the place, should a record ever hold itself
        definitions[hint.__name__] = {"description": (hint.__doc__ or "").strip(), **_record(hint, definitions)}
    return {"$ref": f"#/$defs/{hint.__name__}"}
