"""The column `materials`: what raw materials one piece of a part holds, how much of each, and from where.

`nickel 2.4 kg mined CA refined NO; tungsten 120 g CN; copper 300 g`: name, mass, then the country, or for each stage
its country. A per cent stands for a part of the mass, where the part is counted in a unit of mass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from jointbuy.formats import scalars
from jointbuy.formats.cells import Reader
from jointbuy.formats.decode import country
from jointbuy.formats.problems import plain, shown
from jointbuy.formats.scalars import Wrong
from jointbuy.model import Country, Material
from jointbuy.units import unit

LONGEST, MOST = 4_000, 60
"""Signs, and materials, that one cell may have."""
_LONGEST_PIECE = 200
_PIECE = re.compile(
    r"(?P<name>.+?)[\s:=]+(?P<mass>[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?)\s*(?P<unit>%|[^\W\d_]+)(?:\s+(?P<rest>.*))?"
)
_NOTHING = {"none", "keine", "aucun", "aucune", "brak"}
_UNDECLARED = {"?", "-", "unknown", "unbekannt", "inconnu", "nieznany"}
STAGES = {
    "mined": "mined extracted abgebaut gefordert extrait wydobyty wydobyte",
    "concentrated": "concentrated beneficiated aufbereitet concentre wzbogacony",
    "separated": "separated getrennt separe rozdzielony",
    "smelted": "smelted verhuttet fondu wytopiony",
    "refined": "refined raffiniert raffine rafinowany",
    "reduced": "reduced reduziert reduit redukowany",
    "melted": "melted geschmolzen refondu stopiony",
    "alloyed": "alloyed legiert allie stopowy",
    "recycled": "recycled recycelt recycle",
}
"""A stage of the value chain by the words for it: English, German, French, Polish."""
_STAGE = {word: stage for stage, words in STAGES.items() for word in words.split()}
_HOW = "write it like: nickel 2.4 kg mined CA refined NO; tungsten 120 g"


class Piece(NamedTuple):
    """A material as a cell states it: `mass` in kilograms, or as a part of the mass of what holds it."""

    name: str
    mass: Fraction
    part: bool
    origins: tuple[tuple[str, Country], ...]


Held = tuple[Material, ...]


def pieces(reader: Reader) -> list[tuple[Piece, ...] | None]:
    """The column as read, by row; none where a cell is blank."""
    return reader.column("materials", _reading(reader), LONGEST)


def held(cell: Sequence[Piece], name: str | None) -> Held:
    """What one `name`, the unit that a part is counted in, holds. Raises Wrong where that cannot be."""
    known = unit(name) if name else None
    whole = known.factor if known and known.dimension == "mass" else None
    if whole is None and any(piece.part for piece in cell):
        counted = f"is counted in {shown(name)}" if name else "has no unit"
        do = "write the mass in one piece, such as nickel 2.4 kg, or count the part in kg"
        raise Wrong(f"a per cent needs a mass that it is a part of, and the part {counted}", do)
    found = tuple(
        Material(name=piece.name, mass=piece.mass * (whole or 1) if piece.part else piece.mass, origins=piece.origins)
        for piece in cell
    )
    total = sum((each.mass for each in found), Fraction(0))
    if whole is not None and total > whole:
        why = f"one {name} would hold {plain(total / whole)} {name} of materials"
        raise Wrong(why, f"give the masses in one {name} of the part")
    return found


def column(reader: Reader, part: Sequence[str]) -> list[Held | None]:
    """What one piece of each row's part holds, in the unit of the part's first row that names one."""
    cells, units = pieces(reader), reader.table.column("unit")
    first: dict[str, str] = {}
    known: dict[tuple[tuple[Piece, ...], str, str], Held | Wrong] = {}
    found: list[Held | None] = []
    for row, cell in enumerate(cells):
        own = units[row] if units else ""
        base = first.setdefault(part[row], own) if own else first.get(part[row], "")
        if cell is None:
            found.append(None)
            continue
        key = cell, own, base
        if key not in known:
            known[key] = _scaled(cell, own, base)
        told = known[key]
        if isinstance(told, Wrong):
            reader.refuse([row], "materials", told.why, told.do)
        found.append(None if isinstance(told, Wrong) else told)
    return found


def stated(values: Sequence[Held | None]) -> tuple[Held | None, ...]:
    """A column of what sources hold; none at all where the bill says nothing of it."""
    return () if all(each is None for each in values) else tuple(values)


def told(held: Held) -> str:
    """What one piece holds, as a message says it."""
    return "; ".join(f"{each.name} {plain(each.mass)} kg" for each in held) or "none"


def units(reader: Reader, part: Sequence[str]) -> dict[str, str]:
    """The unit of each part's first row that names one."""
    found: dict[str, str] = {}
    for name, one in zip(part, reader.table.column("unit") or (), strict=False):
        if one:
            found.setdefault(name, one)
    return found


def _scaled(cell: tuple[Piece, ...], own: str, base: str) -> Held | Wrong:
    """What one `base` holds, where the cell is about one `own`."""
    try:
        found = held(cell, own or None)
    except Wrong as error:
        return error
    one, two = unit(own), unit(base)
    if own.casefold() == base.casefold() or one is None or two is None:
        return found
    factor = two.factor / one.factor
    return tuple(Material(name=each.name, mass=each.mass * factor, origins=each.origins) for each in found)


def _reading(reader: Reader) -> Callable[[str], tuple[Piece, ...]]:
    """What reads one cell."""

    def mass(text: str) -> Fraction:
        if reader.decimal_comma and "," in text:
            value = scalars.number(text.replace(".", "").replace(",", "."))
        else:
            value = reader.number("materials", text) if reader.decimal_comma else scalars.number(text)
        if value <= 0:
            raise Wrong(f"a mass of {text} is none", "it must be more than zero; leave out what the part does not hold")
        return value

    def one(text: str) -> Piece:
        match = _PIECE.fullmatch(text) if len(text) <= _LONGEST_PIECE else None
        if match is None:
            raise Wrong(f"{shown(text)} has no name, mass and unit", _HOW)
        name, measured, value = match["name"].strip(), match["unit"], mass(match["mass"])
        origins = _origins(match["rest"] or "", reader)
        if measured == "%":
            if value > 100:
                raise Wrong(f"{shown(name)} is more than 100 per cent", "correct it")
            return Piece(name, value / 100, True, origins)
        known = unit(measured)
        if known is None or known.dimension != "mass":
            raise Wrong(f"{shown(measured)} after {shown(name)} is no unit of mass", _HOW)
        return Piece(name, value * known.factor, False, origins)

    def read(text: str) -> tuple[Piece, ...]:
        if _fold(text) in _NOTHING:
            return ()
        written = [piece.strip() for piece in text.split(";") if piece.strip()]
        if len(written) > MOST:
            raise Wrong(f"it lists {len(written):,} materials", f"{MOST} are read; leave out what is not strategic")
        found = tuple(map(one, written))
        seen: set[tuple[str, tuple[tuple[str, Country], ...]]] = set()
        for piece in found:
            if (key := (_fold(piece.name), piece.origins)) in seen:
                why = f"{shown(piece.name)} stands twice with the same countries"
                raise Wrong(why, "add the two, or take out the copy")
            seen.add(key)
        return found

    return read


def _origins(text: str, reader: Reader) -> tuple[tuple[str, Country], ...]:
    """The stages and their countries that stand behind a mass."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for word in text.replace(":", " ").split():
        stage = _STAGE.get(_fold(word))
        if stage:
            found.append((stage, []))
        else:
            found[-1][1].append(word)
    origins: dict[str, Country] = {}
    for stage, words in found:
        name = " ".join(words)
        if stage in origins:
            raise Wrong(f"{stage} stands twice for one material", "list the material once for each country")
        if not name:
            if stage:
                raise Wrong(f"{stage} names no country", f"{_HOW}, or leave the stage out")
            continue
        if name.casefold() not in _UNDECLARED:
            do = f"write a country, or a stage and its country; stages are: {', '.join(STAGES)}"
            origins[stage] = Country(country(name, reader.places, reader.problems, do))
    return tuple(origins.items())


def _fold(text: str) -> str:
    # Imported on use: few bills say what raw materials they hold, and its records take time to make.
    from jointbuy.materials import fold

    return fold(text)
