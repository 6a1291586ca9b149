"""A bill with other prices or origins for some of its parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from jointbuy.errors import JointbuyError, did_you_mean
from jointbuy.exact import Origin, Range
from jointbuy.model import Bom, Country


@dataclass(frozen=True, slots=True)
class Change:
    """Another price, in the currency that stands, or another origin for a part; None leaves what stands.

    `supplier` says which source is meant, where a part has several.
    """

    part: str
    supplier: str | None = None
    price: Range | None = None
    origin: Origin | None = None


def source_of(bom: Bom, change: Change) -> int:
    """The source that a change is about. Raises JointbuyError where there is none, or several it may mean."""
    if change.part not in bom.parts:
        near = did_you_mean(change.part, bom.parts) or "write its id as the bill does"
        raise JointbuyError(f'there is no part "{change.part}" in the bill; {near}')
    part = list(bom.parts).index(change.part)
    mine = [source for source, of in enumerate(bom.sources.part) if of == part]
    found = [source for source in mine if change.supplier in {None, bom.sources.supplier[source]}]
    if len(found) == 1:
        return found[0]
    suppliers = ", ".join(bom.sources.supplier[source] or "one without a name" for source in mine)
    if not mine:
        raise JointbuyError(f"{change.part} comes from nobody that the bill tells of, so nothing about it can change")
    what = "comes from several suppliers" if found else f'does not come from "{change.supplier}"'
    raise JointbuyError(f"{change.part} {what}; name one of: {suppliers}")


def changed(bom: Bom, changes: Iterable[Change]) -> Bom:
    """The bill after some changes. Raises JointbuyError for a part or supplier that it does not have."""
    low, high = list(bom.sources.price_low), list(bom.sources.price_high)
    origin = list(bom.sources.origin)
    for change in changes:
        source = source_of(bom, change)
        if change.price is not None:
            if low[source] is None:
                raise JointbuyError(f"{change.part} is made of its parts and has no price of its own that could change")
            low[source], high[source] = change.price.low, change.price.high
        if change.origin is not None:
            origin[source] = tuple((Country(country), share) for country, share in change.origin)
    table = replace(bom.sources, price_low=tuple(low), price_high=tuple(high), origin=tuple(origin))
    return replace(bom, sources=table)
