"""A bill with other prices, origins, quantities, awards or sources, or with the groups it names as of a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from jointbuy.errors import JointbuyError, did_you_mean
from jointbuy.exact import Among, Choice, Origin, Range, decimal
from jointbuy.model import Bom

if TYPE_CHECKING:
    from jointbuy.remedy import Alternative

_NAMED = 5
_MANY = 50_000
"""Names among which a near miss is not looked for."""


@dataclass(frozen=True, slots=True)
class Change:
    """Another price, in the currency that stands, or another origin for a part; None leaves what stands.

    `supplier` says which source is meant, where a part has several, and `awarded` what share of the part that one gets:
    the others share the rest as they do now. `quantity` is how many one `parent` needs, in the unit of the part.
    """

    part: str
    supplier: str | None = None
    price: Range | None = None
    origin: Origin | None = None
    parent: str | None = None
    quantity: Fraction | None = None
    awarded: Fraction | None = None

    @property
    def of_source(self) -> bool:
        """Whether it is about who supplies the part, and not about a quantity alone."""
        return self.quantity is None or not (self.price is None and self.origin is None and self.awarded is None)


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


def use_finder(bom: Bom) -> Callable[[Change], int]:
    """What finds the use of a part, an edge, whose quantity a change is about. It raises JointbuyError for none."""
    index = {name: part for part, name in enumerate(bom.parts)}
    uses: dict[int, list[int]] = {}

    def used(child: int) -> Sequence[int]:
        column: Sequence[int] = bom.child
        if not isinstance(column, tuple):
            # Imported on use: only large bills have packed columns.
            from jointbuy.packed import Indices

            if isinstance(column, Indices):
                return [int(edge) for edge in (column.values == child).nonzero()[0]]
        if not uses:
            for edge, part in enumerate(column):
                uses.setdefault(part, []).append(edge)
        return uses.get(child, [])

    def find(change: Change) -> int:
        if change.parent not in index:
            raise JointbuyError(f'there is no part "{change.parent}" in the bill; write as parent what the part is in')
        parent, stands = index[change.parent], used(index.get(change.part, -1))
        for edge in stands:
            if bom.parent[edge] == parent:
                return edge
        names = [bom.parts[bom.parent[edge]] for edge in stands]
        others = f"it stands in {', '.join(names[:_NAMED])}" if names else "nothing is made with it"
        raise JointbuyError(f"{change.part} does not stand directly in {change.parent}; {others}")

    return find


def awards(bom: Bom, changes: Sequence[Change]) -> dict[int, Fraction]:
    """What every source gets of a part of which the changes award another share to some, by source.

    What is left goes to the others as they share it now. Raises JointbuyError where that cannot be.
    """
    each = [change for change in changes if change.awarded is not None]
    if not each:
        return {}
    find = finder(bom)
    stated = {find(change): change.awarded for change in each if change.awarded is not None}
    of_part: dict[int, list[int]] = {bom.sources.part[source]: [] for source in stated}
    for source, part in enumerate(bom.sources.part):
        if part in of_part:
            of_part[part].append(source)
    found: dict[int, Fraction] = {}
    for part, sources in of_part.items():
        others = {source: bom.sources.awarded[source] for source in sources if source not in stated}
        given = {source: stated[source] for source in sources if source in stated}
        left, shared = 1 - sum(given.values(), Fraction(0)), sum(others.values(), Fraction(0))
        if left < 0 or (left and not shared):
            told = f"{bom.parts[part]} would be awarded to {decimal(100 * (1 - left), 2)} per cent"
            what = "nobody is left who now gets any of it" if left > 0 else "the shares are parts of 100"
            raise JointbuyError(f"{told}; {what}")
        found |= given | {source: left * now / shared if shared else now for source, now in others.items()}
    return found


def _unclear(bom: Bom, change: Change, mine: list[int], *, several: bool) -> str:
    if not mine:
        return f"{change.part} comes from nobody that the bill tells of, so nothing about it can change"
    suppliers = ", ".join(bom.sources.supplier[source] or "one without a name" for source in mine)
    what = "comes from several suppliers" if several else f'does not come from "{change.supplier}"'
    return f"{change.part} {what}; name one of: {suppliers}"


def changed(bom: Bom, changes: Iterable[Change]) -> Bom:
    """The bill after some changes. Raises JointbuyError for one that cannot be made."""
    changes = tuple(changes)
    low, high, origin = list(bom.sources.price_low), list(bom.sources.price_high), list(bom.sources.origin)
    find = finder(bom)
    for change in changes:
        if not change.of_source:
            continue
        source = find(change)
        if change.price is not None:
            low[source], high[source] = change.price.low, change.price.high
        if change.origin is not None:
            origin[source] = change.origin
    table = replace(bom.sources, price_low=tuple(low), price_high=tuple(high), origin=tuple(origin))
    if others := awards(bom, changes):
        table = replace(table, awarded=tuple(others.get(at, each) for at, each in enumerate(table.awarded)))
    use = use_finder(bom)
    more = [(use(change), change.quantity) for change in changes if change.quantity is not None]
    if not more:
        return replace(bom, sources=table)
    quantity = list(bom.quantity)
    for at, many in more:
        quantity[at] = many
    return replace(bom, sources=table, quantity=tuple(quantity))


def resourced(bom: Bom, chosen: Iterable[Alternative]) -> Bom:
    """The bill after some of its sources were exchanged for alternatives.

    An assembly that is bought elsewhere stands with its declaration for all that is in it: what it was made of is no
    longer part of the bill.
    """
    table, new = bom.sources, {each.replaces: each for each in chosen}
    if not new:
        return bom
    if not isinstance(bom.parent, tuple):
        # Imported on use: only large bills have packed columns.
        from jointbuy import exchange
        from jointbuy.packed import TooFine

        with suppress(TooFine):
            return exchange.resourced(bom, new)
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
