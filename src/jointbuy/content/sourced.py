"""What is bought somewhere, at any tier, for the bar on contravening sources (Art. 16(10))."""

from __future__ import annotations

from collections.abc import Container

from jointbuy.exact import Place, undeclared
from jointbuy.model import Bom, Country
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
    countries = {Country(place) for place, share in origin if share and isinstance(place, str)}
    return Sourced(
        part=bom.parts[table.part[source]],
        countries=tuple(sorted({*countries, supplied_from} if supplied_from else countries)),
        supplied_from=supplied_from,
        declared=not undeclared(origin) and all(_told(place, countries) for place, _ in origin),
        supplier=table.supplier[source],
        row=table.row[source],
    )


def _told(place: Place, countries: Container[str]) -> bool:
    """Whether a place leaves nothing open here: what comes from the Union comes from no third country (Art. 16(10))."""
    if isinstance(place, str):
        return True
    return all(
        choice.name == "EU" or (choice.countries and all(country in countries for country in choice.countries))
        for choice in place.choices
    )
