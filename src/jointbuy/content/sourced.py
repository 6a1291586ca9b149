"""What comes from somewhere, at any tier, for the bar on contravening sources (Art. 16(10))."""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache

from jointbuy.exact import Among, Origin, Place, undeclared
from jointbuy.model import Bom, Country
from jointbuy.result import Perhaps, Sourced


def sourced(bom: Bom) -> tuple[Sourced, ...]:
    """Every part that is bought somewhere, or said to come from somewhere.

    What is made of its parts and has no supplier and no price is not bought: it leaves nothing open, and is there only
    where it names a country itself. A component from there is one, whatever its price and whatever is in it. What a
    supplier is awarded nothing of is not there.
    """
    made = frozenset(bom.parent)
    found = ((source, bought(bom, source, made)) for source in range(len(bom.sources.part)))
    return tuple(one(bom, source, by_itself) for source, by_itself in found if by_itself is not None)


def bought(bom: Bom, source: int, made: Container[int]) -> bool | None:
    """Whether a source is bought by itself, or only said to come from somewhere; None where it is neither.

    `made` are the parts that are made of others.
    """
    table, part = bom.sources, bom.sources.part[source]
    if part in bom.roots or part in bom.phantoms or not table.awarded[source]:
        return None
    if table.supplier[source] or table.price_low[source] is not None or part not in made:
        return True
    return False if table.supplied_from[source] or names_any(table.origin[source]) else None


def alternates(bom: Bom | None) -> tuple[Sourced, ...]:
    """What may be used instead of what is bought, where it names a country or a supplier."""
    found = []
    for each in bom.instead if bom else ():
        countries, declared, perhaps = told(each.origin)
        if each.supplied_from and each.supplied_from not in countries:
            countries = tuple(sorted((*countries, each.supplied_from)))
        if countries or perhaps or each.supplier:
            from_, kind = each.supplied_from, each.cost_kind
            found.append(Sourced(each.part, countries, from_, declared, each.supplier, kind, each.row, perhaps))
    return tuple(found)


def names_any(origin: Origin) -> bool:
    """Whether an origin names a country, for certain or as one of several."""
    countries, _, perhaps = told(origin)
    return bool(countries or perhaps)


def one(bom: Bom, source: int, bought: bool = True) -> Sourced:
    """One source as the bar sees it."""
    table = bom.sources
    supplied_from = table.supplied_from[source]
    countries, declared, perhaps = told(table.origin[source])
    if supplied_from and supplied_from not in countries:
        countries = tuple(sorted((*countries, supplied_from)))
    return Sourced(
        part=bom.parts[table.part[source]],
        countries=countries,
        supplied_from=supplied_from,
        declared=declared,
        supplier=table.supplier[source],
        kind=table.cost_kind[source],
        row=table.row[source],
        perhaps=perhaps,
        bought=bought,
    )


@lru_cache(maxsize=1024)
def told(origin: Origin) -> tuple[tuple[Country, ...], bool, tuple[Perhaps, ...]]:
    """The countries that an origin names for certain, whether it leaves nothing open, and of which it names several.

    Few are distinct.
    """
    countries = {Country(place) for place, share in origin if share and isinstance(place, str)}
    nothing_open = not undeclared(origin) and all(_told(place, countries) for place, _ in origin)
    perhaps = (_perhaps(place) for place, share in origin if share and isinstance(place, Among))
    return tuple(sorted(countries)), nothing_open, tuple(each for each in perhaps if each.countries)


def _perhaps(place: Among) -> Perhaps:
    """The countries that a place names one by one; a group names none."""
    names = {name for choice in place.choices for name in choice.name.split("/")}
    return Perhaps(tuple(sorted(Country(name) for name in names - _NO_COUNTRY)), not names.isdisjoint(_NO_COUNTRY))


_NO_COUNTRY = frozenset({"", "EU", "EEA", "non-EU", "non-EEA"})
"""What a bill may say in place of a country."""


def _told(place: Place, countries: Container[str]) -> bool:
    """Whether a place leaves nothing open here: what comes from the Union comes from no third country (Art. 16(10))."""
    if isinstance(place, str):
        return True
    return all(
        choice.name == "EU" or (choice.countries and all(country in countries for country in choice.countries))
        for choice in place.choices
    )
