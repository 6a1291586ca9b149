"""Origins of a bill read otherwise: only as far as they are shown, or at the seat of the group (law.md §7, 20 and 27).

Not asked of a large bill, whose columns are packed: there origins count as they stand. That something comes from
outside is an admission, which needs no document: what is not shown is only that it comes from where it helps.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from jointbuy.content import LARGE
from jointbuy.exact import Origin, countries_of
from jointbuy.model import Bom, Country
from jointbuy.parameters import View
from jointbuy.result import Control

EVIDENCE, SITES = "proof of origin", "sites of groups"


class Read(NamedTuple):
    """How origins are read: what must show them, and whether the seat of a group stands for the place of making."""

    proof: str = "as stated"
    by_seat: bool = False


AS_STATED = Read()


def questions(bom: Bom, control: Control, chosen: Container[str]) -> frozenset[str]:
    """The readings on origins under which the bill could come out otherwise.

    Of a bill that shows nothing for any origin, proof is a question only where the user has `chosen` a reading of it.
    """
    if len(bom.parent) >= LARGE:
        return frozenset()
    proved = _is_proved(bom) or EVIDENCE in chosen
    elsewhere = any(_seat(bom, control, at) for at in range(len(bom.sources.part)))
    return frozenset(name for name, asked in ((EVIDENCE, proved), (SITES, elsewhere)) if asked)


def read_under(asked: Container[str], view: View) -> Read:
    """How a view reads the origins of a bill of which these questions are `asked`."""
    proof = view.reading(EVIDENCE) if EVIDENCE in asked and EVIDENCE in view.readings else "as stated"
    sites = SITES in asked and SITES in view.readings
    return Read(proof, sites and view.reading(SITES) == "seat of the group")


def notes(bom: Bom, view: View) -> tuple[str, ...]:
    """What to say of a bill of which proof was not asked."""
    if EVIDENCE not in view.readings:
        return ()
    if len(bom.parent) >= LARGE:
        asked = view.chosen.get(EVIDENCE, "as stated") != "as stated"
        return (f"the bill is large: its origins count as stated, whatever {EVIDENCE} says",) if asked else ()
    if _is_proved(bom) or EVIDENCE in view.chosen or not any(bom.sources.origin):
        return ()
    why = "the bill names no declaration and no document for any origin, so each counts as stated"
    return (f"{why}; --reading '{EVIDENCE}=document' asks for them",)


def read(bom: Bom, control: Control, how: Read, favoured: Container[str]) -> Bom:
    """The bill with its origins read so: what is not shown to come from a `favoured` country is undeclared."""
    if how == AS_STATED:
        return bom
    table = bom.sources
    origins = tuple(_origin(bom, control, at, how, favoured) for at in range(len(table.part)))
    return replace(bom, sources=replace(table, origin=origins))


def _origin(bom: Bom, control: Control, at: int, how: Read, favoured: Container[str]) -> Origin:
    table = bom.sources
    if not _shown(bom, at, how.proof):
        return tuple(
            (place, share)
            for place, share in table.origin[at]
            if not any(one in favoured for one in countries_of(place))
        )
    seat = _seat(bom, control, at) if how.by_seat else None
    return ((seat, sum((share for _, share in table.origin[at]), Fraction(0))),) if seat else table.origin[at]


def _shown(bom: Bom, at: int, proof: str) -> bool:
    """Whether the origin of a source is shown as a reading asks for it."""
    table = bom.sources
    return proof == "as stated" or bool(table.evidence[at] or (proof == "declaration" and table.declaration[at]))


def _is_proved(bom: Bom) -> bool:
    """Whether the bill shows a declaration or a document for anything."""
    return any(bom.sources.declaration) or any(bom.sources.evidence)


def _seat(bom: Bom, control: Control, at: int) -> Country | None:
    """The country that controls the supplier of a source, where its declared origin is another one."""
    table = bom.sources
    supplier = control.parties.get(table.supplier[at] or "")
    if supplier is None or supplier.country is None or not table.origin[at]:
        return None
    return None if [place for place, _ in table.origin[at]] == [supplier.country] else supplier.country
