"""A bill with other prices or origins for some of its parts, or with the groups that it names as they are on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from jointbuy.errors import JointbuyError, did_you_mean
from jointbuy.exact import Among, Choice, Origin, Range
from jointbuy.model import Bom

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
