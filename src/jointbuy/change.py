"""A bill with other prices, origins or sources for some parts, or with the groups it names as they are on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jointbuy.errors import JointbuyError, did_you_mean
from jointbuy.exact import Among, Choice, Origin, Range
from jointbuy.model import Bom
from jointbuy.remedy import Alternative

_MANY = 50_000
"""Names among which a near miss is not looked for."""


@dataclass(frozen=True, slots=True)
class Change:
    """Another price, in the currency that stands, or another origin for a part; None leaves what stands.

    `supplier` says which source is meant, where a part has several.
    """

    part: str
    supplier: str | None = None
    price: Range | None = None
    origin: Origin | None = None


def finder(bom: Bom) -> Callable[[Change], int]:
    """What finds the source that a change is about.

    It raises JointbuyError where there is none, where several may be meant, or where the change cannot be made.
    """
    index = {name: part for part, name in enumerate(bom.parts)}
    of_part: dict[int, list[int]] = {}
    for source, part in enumerate(bom.sources.part):
        of_part.setdefault(part, []).append(source)

    def find(change: Change) -> int:
        if change.part not in index:
            near = did_you_mean(change.part, index) if len(index) < _MANY else ""
            raise JointbuyError(
                f'there is no part "{change.part}" in the bill; {near or "write its id as the bill does"}'
            )
        mine = of_part.get(index[change.part], [])
        found = [source for source in mine if change.supplier in {None, bom.sources.supplier[source]}]
        if len(found) != 1:
            raise JointbuyError(_unclear(bom, change, mine, several=bool(found)))
        if change.price is not None and bom.sources.price_low[found[0]] is None:
            raise JointbuyError(f"{change.part} is made of its parts and has no price of its own that could change")
        return found[0]

    return find


def _unclear(bom: Bom, change: Change, mine: list[int], *, several: bool) -> str:
    if not mine:
        return f"{change.part} comes from nobody that the bill tells of, so nothing about it can change"
    suppliers = ", ".join(bom.sources.supplier[source] or "one without a name" for source in mine)
    what = "comes from several suppliers" if several else f'does not come from "{change.supplier}"'
    return f"{change.part} {what}; name one of: {suppliers}"


def changed(bom: Bom, changes: Iterable[Change]) -> Bom:
    """The bill after some changes. Raises JointbuyError for one that cannot be made."""
    low, high, origin = list(bom.sources.price_low), list(bom.sources.price_high), list(bom.sources.origin)
    find = finder(bom)
    for change in changes:
        source = find(change)
        if change.price is not None:
            low[source], high[source] = change.price.low, change.price.high
        if change.origin is not None:
            origin[source] = change.origin
    table = replace(bom.sources, price_low=tuple(low), price_high=tuple(high), origin=tuple(origin))
    return replace(bom, sources=table)


def resourced(bom: Bom, chosen: Iterable[Alternative]) -> Bom:
    """The bill after some of its sources were exchanged for alternatives.

    An assembly that is bought elsewhere stands with its declaration for all that is in it: what it was made of is no
    longer part of the bill.
    """
    table, new = bom.sources, {each.replaces: each for each in chosen}
    if not new:
        return bom
    bought = {table.part[source] for source in new}
    kept = [edge for edge, parent in enumerate(bom.parent) if parent not in bought]
    whole = len(kept) == len(bom.parent)
    here = None if whole else _reached(bom, kept)
    rows = [source for source, part in enumerate(table.part) if here is None or part in here]

    def column(old: Sequence[Any], name: Callable[[Alternative], Any]) -> tuple[Any, ...]:
        return tuple(name(new[source]) if source in new else old[source] for source in rows) if len(old) else ()

    sources = replace(
        table,
        part=tuple(table.part[source] for source in rows),
        supplier=column(table.supplier, lambda each: each.supplier),
        origin=column(table.origin, lambda each: each.origin),
        supplied_from=column(table.supplied_from, lambda _: None),
        price_low=column(table.price_low, lambda each: each.price.low),
        price_high=column(table.price_high, lambda each: each.price.high),
        currency=column(table.currency, lambda each: each.currency),
        cost_kind=tuple(table.cost_kind[source] for source in rows),
        awarded=tuple(table.awarded[source] for source in rows),
        declaration=column(table.declaration, lambda each: each.declaration),
        evidence=column(table.evidence, lambda each: each.evidence),
        row=column(table.row, lambda each: each.row),
        materials=column(table.materials, lambda _: None),
        price_per=tuple(table.price_per[source] for source in rows) if table.price_per else (),
    )
    if whole:
        return replace(bom, sources=sources)
    edges = {name: tuple(getattr(bom, name)[edge] for edge in kept) for name in ("parent", "child", "quantity")}
    return replace(bom, sources=sources, edge_row=tuple(bom.edge_row[edge] for edge in kept if bom.edge_row), **edges)


def _reached(bom: Bom, kept: Iterable[int]) -> set[int]:
    """The parts that stand in an end product by the edges that are kept."""
    below: dict[int, list[int]] = {}
    for edge in kept:
        below.setdefault(bom.parent[edge], []).append(bom.child[edge])
    found, ahead = set(bom.roots), list(bom.roots)
    while ahead:
        fresh = [part for part in below.get(ahead.pop(), ()) if part not in found]
        found.update(fresh)
        ahead += fresh
    return found


def dated(bom: Bom, members: Mapping[str, frozenset[str]]) -> Bom:
    """The bill with the countries of every group, such as the EU, that an origin names."""
    column: Sequence[Origin] = bom.sources.origin
    if isinstance(column, tuple):
        if not any(map(_grouped, column)):
            return bom
        return replace(bom, sources=replace(bom.sources, origin=tuple(dated_origin(each, members) for each in column)))
    # Imported on use: only large bills have packed columns.
    from jointbuy.packed import Coded

    if not isinstance(column, Coded) or not any(map(_grouped, column.values)):
        return bom
    packed = Coded(column.codes, tuple(dated_origin(each, members) for each in column.values))
    return replace(bom, sources=replace(bom.sources, origin=packed))


def _grouped(origin: Origin) -> bool:
    return any(
        choice.name and not choice.countries
        for place, _ in origin
        if isinstance(place, Among)
        for choice in place.choices
    )


def dated_origin(origin: Origin, members: Mapping[str, frozenset[str]]) -> Origin:
    """An origin with the countries of the groups that it names."""

    def known(choice: Choice) -> Choice:
        if choice.countries or not choice.name:
            return choice
        each = [sorted(members.get(name, {name})) for name in choice.name.split("/")]
        return replace(choice, countries=tuple(dict.fromkeys(name for names in each for name in names)))

    return tuple(
        (Among(tuple(map(known, place.choices))), share) if isinstance(place, Among) else (place, share)
        for place, share in origin
    )
