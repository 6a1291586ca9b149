"""The records of a bill as rows of text, such that reading them gives the same records again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Context
from fractions import Fraction
from math import lcm

from jointbuy.exact import Origin
from jointbuy.formats import origins
from jointbuy.model import Bom, Country, Material
from jointbuy.places import Places

FIELDS = (
    "part", "name", "parent", "quantity", "per", "unit", "supplier", "awarded", "origin", "supplied_from", "unit_cost",
    "cost_low", "cost_high", "cost_per", "currency", "cost_kind", "phantom", "declaration", "evidence",
    "materials",
)  # fmt: skip
"""Our columns that a bill's records fill, in the order in which they are written."""
NUMBERS = frozenset({"quantity", "per", "awarded", "unit_cost", "cost_low", "cost_high", "cost_per"})
_ALWAYS = frozenset({"part", "parent", "quantity", "origin", "unit_cost", "cost_kind"})
_LONGEST = 60
"""Signs of a number that the reader takes."""
_ROUNDED = Context(prec=30)


def table(bom: Bom, places: Places) -> tuple[list[str], list[list[str]]]:
    """Headers and rows: a part at its first place once for each supplier, at every further place bare.

    A column that nothing fills is left out, unless a person would look for it.
    """
    rows = list(_rows(bom, places))
    kept = [at for at, name in enumerate(FIELDS) if name in _ALWAYS or any(row[at] for row in rows)]
    return [FIELDS[at] for at in kept], [[row[at] for at in kept] for row in rows]


def by_part(bom: Bom) -> tuple[list[list[int]], list[list[int]]]:
    """For each part its sources, and the edges that use it."""
    sources: list[list[int]] = [[] for _ in bom.parts]
    uses: list[list[int]] = [[] for _ in bom.parts]
    for source, part in enumerate(bom.sources.part):
        sources[part].append(source)
    for edge, child in enumerate(bom.child):
        uses[child].append(edge)
    return sources, uses


def _rows(bom: Bom, places: Places) -> Iterator[tuple[str, ...]]:
    sources, uses = by_part(bom)
    for part, name in enumerate(bom.parts):
        title, unit = bom.names[part] or "", counted_in(bom, part)
        said = [stated(bom, source, len(sources[part]) > 1, places) for source in sources[part]]
        said = said or [{"phantom": "yes"} if part in bom.phantoms else {}]
        spots = [(bom.parts[bom.parent[edge]], *quantity(bom.quantity[edge])) for edge in uses[part]]
        if not spots and not sources[part]:
            continue  # an end product that only its parts name
        for at, (parent, count, per) in enumerate(spots or [("", "", "")]):
            place = {"part": name, "name": title, "parent": parent, "quantity": count, "per": per, "unit": unit}
            for more in said if not at else [{}]:
                cells = place | more
                yield tuple(cells.get(field, "") for field in FIELDS)


def counted_in(bom: Bom, part: int) -> str:
    """The unit that a part is counted in; nothing where none is named."""
    return (bom.units[part] or "") if bom.units else ""


def stated(bom: Bom, source: int, several: bool, places: Places) -> dict[str, str]:
    """What a source says, by our columns, without blanks; `several` tells that its part has other sources too."""
    one = bom.sources
    found = {
        "supplier": one.supplier[source] or "",
        "origin": origin(one.origin[source], places),
        "supplied_from": _country(one.supplied_from[source], places),
        "currency": one.currency[source] or "",
        "cost_kind": one.cost_kind[source],
        "declaration": one.declaration[source] or "",
        "evidence": one.evidence[source] or "",
        "materials": _materials(one.materials[source] if one.materials else None, places),
    }
    if several or one.awarded[source] != 1:
        # With its sign where it would else be taken for a part of one.
        found["awarded"] = number(one.awarded[source] * 100) + " %" * (0 < one.awarded[source] <= Fraction(1, 100))
    low, high = one.price_low[source], one.price_high[source]
    if low is not None and high is not None:
        (first, last), per = together([low, high])
        found |= {"unit_cost": first} if low == high else {"cost_low": first, "cost_high": last}
        found["cost_per"] = per
    return {column: text for column, text in found.items() if text}


# --- numbers --------------------------------------------------------------------------------


def exactly(value: Fraction) -> str | None:
    """A number with all its decimals; None where they do not end, or the reader would not take so many."""
    bottom = value.denominator
    if bottom == 1:
        text = str(value.numerator) if value.numerator.bit_length() < 4 * _LONGEST else ""
        return text if 0 < len(text) <= _LONGEST else None
    twos = (bottom & -bottom).bit_length() - 1
    rest, fives = bottom >> twos, 0
    while rest % 5 == 0 and fives < _LONGEST:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    if rest != 1 or places > _LONGEST or value.numerator.bit_length() > 8 * _LONGEST:
        return None
    digits = f"{abs(value.numerator) * 10**places // bottom:0{places + 1}d}"
    text = f"{'-' * (value < 0)}{digits[:-places]}.{digits[-places:]}"
    return text if len(text) <= _LONGEST else None


def number(value: Fraction) -> str:
    """A number exactly, and else to thirty digits; the conversion says of which numbers that is so."""
    return exactly(value) or str(_ROUNDED.divide(value.numerator, value.denominator))


def quantity(value: Fraction) -> tuple[str, str]:
    """A quantity, and for how many of the parent: one third is 1 for 3."""
    (text,), per = together([value])
    return text, per


def together(values: Sequence[Fraction]) -> tuple[list[str], str]:
    """Numbers as texts, and what they are for: nothing where their decimals end, else as whole numbers for so many."""
    texts = [exactly(value) for value in values]
    if None not in texts:
        return [text or "" for text in texts], ""
    per = lcm(*(value.denominator for value in values))
    whole = [exactly(value * per) for value in [*values, Fraction(1)]]
    if None in whole:
        return [number(value) for value in values], ""
    return [text or "" for text in whole[:-1]], whole[-1] or ""


# --- countries ------------------------------------------------------------------------------


def origin(shares: Origin, places: Places) -> str:
    """An origin as a cell has it: `DE`, `DE 60; US 40`, `DE 60-80; US 20-40`."""
    if len(shares) == 1 and isinstance(place := shares[0][0], str) and shares[0][1] == 1:
        return _country(Country(place), places)
    return origins.written(shares, number)


def _materials(held: Sequence[Material] | None, places: Places) -> str:
    """What one piece holds, as a cell has it: `nickel 2.4 kg mined CA refined NO`."""
    if held is None:
        return ""
    pieces = (
        " ".join(
            [each.name, number(each.mass), "kg"]
            + [word for stage, country in each.origins for word in (stage, _country(country, places)) if word]
        )
        for each in held
    )
    return "; ".join(pieces) or "none"


def _country(code: Country | None, places: Places) -> str:
    """A country's code; its name where the code reads as "not available"."""
    return places.titles[code] if code == "NA" else code or ""
