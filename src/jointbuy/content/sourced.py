"""What is bought somewhere, at any tier, for the bar on contravening sources (Art. 16(10))."""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache

from jointbuy.exact import Among, Origin, Place, undeclared
from jointbuy.model import Bom, Country
from jointbuy.result import Perhaps, Sourced


def sourced(bom: Bom) -> tuple[Sourced, ...]:
    """Every part that is bought somewhere. What is made of its parts and has no supplier is not bought.

    Nor is what a supplier is awarded nothing of.
    """
    made = frozenset(bom.parent)
    return tuple(one(bom, source) for source in range(len(bom.sources.part)) if bought(bom, source, made))


def bought(bom: Bom, source: int, made: Container[int] = ()) -> bool:
    """Whether a source is one of what is bought; `made` are parts that need a supplier or a price of their own for it.

    By default that is not asked.
    """
    table, part = bom.sources, bom.sources.part[source]
    stands = table.supplier[source] or table.price_low[source] is not None or part not in made
    return bool(stands and table.awarded[source]) and part not in bom.roots and part not in bom.phantoms


def one(bom: Bom, source: int) -> Sourced:
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
