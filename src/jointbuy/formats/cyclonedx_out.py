"""A bill as a CycloneDX 1.7 document (JSON): the other direction of `cyclonedx.py`, property by property.

A component is a part from one supplier; `dependencies` say which parts an assembly is made of. The same bill gives
the same bytes: there is no timestamp, and the serial number is made from the content.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from fractions import Fraction
from itertools import count
from math import lcm
from typing import Any, BinaryIO

from jointbuy.formats.cyclonedx_component import PROPERTY, USE
from jointbuy.formats.written import by_part, counted_in, exactly, number, stated
from jointbuy.model import Bom
from jointbuy.places import Places

VERSION = "1.7"
_NONE = str(uuid.UUID(int=0))
_HEAD = f"""{{
  "bomFormat": "CycloneDX",
  "specVersion": "{VERSION}",
  "serialNumber": "urn:uuid:{_NONE}",
  "version": 1,
"""
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://cyclonedx.org/schema/bom-1.7.schema.json")


def write(bom: Bom, places: Places, out: BinaryIO) -> None:
    """Write the document in UTF-8, one component a line, so that a change of one part is a change of one line.

    It is never held as a whole: its serial number is filled in at the end, so `out` must be able to go back.
    """
    out.write(_HEAD.encode())
    digest = hashlib.sha1(_SPACE.bytes, usedforsecurity=False)
    for text in _body(bom, places):
        data = text.encode()
        digest.update(data)
        out.write(data)
    serial = uuid.UUID(bytes=digest.digest()[:16], version=5)  # what uuid.uuid5 makes of the whole
    out.seek(_HEAD.index(_NONE))
    out.write(str(serial).encode())


def _body(bom: Bom, places: Places) -> Iterator[str]:
    """The document but for its head, piece by piece."""
    sources, uses = by_part(bom)
    refs = _refs(bom, sources)
    top = bom.roots[0] if len(bom.roots) == 1 else None
    if top is not None and (len(sources[top]) > 1 or uses[top]):
        top = None
    if top is not None:
        source = sources[top][0] if sources[top] else None
        main = _component(bom, top, source, refs[top][0], sources, uses, refs, places)
        yield f'  "metadata": {{ "component": {main} }},\n'
    yield '  "components": ['
    sign = ""
    for part, mine in enumerate(sources):
        if part == top:
            continue
        for source, ref in zip(mine if mine else [None], refs[part], strict=True):
            yield f"{sign}\n    {_component(bom, part, source, ref, sources, uses, refs, places)}"
            sign = ","
    yield '\n  ],\n  "dependencies": ['
    below: dict[int, list[str]] = {}
    for parent, child in zip(bom.parent, bom.child, strict=True):
        below.setdefault(parent, []).extend(refs[child])
    sign = ""
    for part in sorted(below):
        yield f"{sign}\n    {_line({'ref': refs[part][0], 'dependsOn': below[part]})}"
        sign = ","
    yield "\n  ]\n}\n"


def _refs(bom: Bom, sources: list[list[int]]) -> list[list[str]]:
    """A bom-ref for each source of each part: the part's id, and with a number for further suppliers."""
    taken = set(bom.parts)
    found = []
    for part, mine in zip(bom.parts, sources, strict=True):
        refs = [part]
        for _ in mine[1:]:
            refs.append(next(ref for at in count(len(refs) + 1) if (ref := f"{part} ({at})") not in taken))
            taken.add(refs[-1])
        found.append(refs)
    return found


def _component(
    bom: Bom,
    part: int,
    source: int | None,
    ref: str,
    sources: list[list[int]],
    uses: list[list[int]],
    refs: list[list[str]],
    places: Places,
) -> str:
    """One component as a line of JSON."""
    said = {"phantom": "yes"} if part in bom.phantoms else {}
    if source is not None:
        said = stated(bom, source, len(sources[part]) > 1, places)
    supplier = said.pop("supplier", "")
    name = bom.parts[part]
    properties = [] if ref == name else [_property(PROPERTY["part"], name)]
    properties += _quantities(bom, uses[part], refs)
    if unit := counted_in(bom, part):
        properties.append(_property(PROPERTY["unit"], unit))
    properties += [_property(PROPERTY[column], text) for column, text in said.items()]
    found: dict[str, Any] = {
        "type": "application" if said.get("cost_kind") == "software" else "device",
        "bom-ref": ref,
        "name": bom.names[part] or name,
    }
    if supplier:
        found["supplier"] = {"name": supplier}
    if properties:
        found["properties"] = properties
    return _line(found)


def _quantities(bom: Bom, uses: list[int], refs: list[list[str]]) -> list[dict[str, str]]:
    """How many each parent needs; all for one number of parents, where decimals do not end."""
    counts = [bom.quantity[edge] for edge in uses]
    texts, per = [exactly(one) for one in counts], 1
    if None in texts:
        per = lcm(*(one.denominator for one in counts))
        texts = [exactly(one * per) for one in counts]
        if None in [*texts, exactly(Fraction(per))]:
            texts, per = [number(one) for one in counts], 1
    found = [
        _property(PROPERTY["quantity"] if len(uses) == 1 else USE + refs[bom.parent[edge]][0], text or "")
        for edge, text in zip(uses, texts, strict=True)
    ]
    return [*found, _property(PROPERTY["per"], str(per))] if per != 1 else found


def _property(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value}


_line = json.JSONEncoder(ensure_ascii=False).encode
