"""What is bought somewhere, at any tier, for the bar on contravening sources (Art. 16(10))."""

from __future__ import annotations

from fractions import Fraction

from jointbuy.model import Bom
from jointbuy.result import Sourced


def sourced(bom: Bom) -> tuple[Sourced, ...]:
    """Every part that is bought somewhere. What is made of its parts and has no supplier is not bought."""
    table, made = bom.sources, frozenset(bom.parent)
    found = []
    for source, part in enumerate(table.part):
        bought = table.supplier[source] or table.price_low[source] is not None or part not in made
        if bought and part not in bom.roots and part not in bom.phantoms:
            found.append(one(bom, source))
    return tuple(found)


def one(bom: Bom, source: int) -> Sourced:
    """One source as the bar sees it."""
    table = bom.sources
    supplied_from, origin = table.supplied_from[source], table.origin[source]
    countries = {country for country, share in origin if share}
    return Sourced(
        part=bom.parts[table.part[source]],
        countries=tuple(sorted({*countries, supplied_from} if supplied_from else countries)),
        supplied_from=supplied_from,
        declared=sum((share for _, share in origin), Fraction(0)) == 1,
        supplier=table.supplier[source],
        row=table.row[source],
    )
