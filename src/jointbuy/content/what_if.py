"""Many sets of changes to one bill, each by itself: the share under every one of them.

A few are rolled up again, exactly. Many, or those of a large bill, are answered by `instant`, and only those too near
to the limit for it are rolled up again.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from fractions import Fraction
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

from jointbuy import content as content_of
from jointbuy.asked import Scenario
from jointbuy.change import Change, awards, changed, finder
from jointbuy.content.basis import FIRST_LEVEL, TRACED, Basis
from jointbuy.exact import Range, best_excess, share_range, split, worst_excess
from jointbuy.model import Bom
from jointbuy.result import Answer, ProductContent

if TYPE_CHECKING:
    from jointbuy.content.instant import Instant

_FEW = 200_000
"""Uses rolled up again, over all scenarios, for which starting the compiled loops does not pay."""


def what_if(
    bom: Bom,
    currency: str,
    rates: Mapping[str, Fraction],
    basis: Basis,
    scenarios: Mapping[str, Sequence[Change]],
    members: Container[str],
    limit: Fraction,
    *,
    traced: bool,
) -> tuple[Scenario, ...]:
    """The share from outside `members` under each scenario, and whether it keeps the limit, for every end product.

    Raises JointbuyError for a part or supplier that the bill does not have.
    """
    find = finder(bom)
    for change in (change for each in scenarios.values() for change in each if change.of_source):
        find(change)
    instant = None
    known = _known(bom.sources.price_low, bom.sources.price_high)
    ranges = any(change.price and not change.price.known for each in scenarios.values() for change in each)
    # What is at once is a bound where an uncertain price counts in several places; a small bill can be followed.
    exactly_only = basis.materials or (known and ranges) or (not known and len(bom.parent) < content_of.LARGE)
    if len(bom.parent) * len(scenarios) > _FEW and find_spec("numba") and not exactly_only:
        # Imported on use: compiled loops take most of a second to start.
        from jointbuy.content.instant import Instant

        instant = Instant(bom, currency, rates, basis)
    kept = instant.kept() if instant else ()
    found = []
    for name, changes in scenarios.items():
        told = list(_at_once(instant, kept, bom, changes, members, limit, traced=traced)) if instant else []
        if not told or any(keeps is None for _, keeps in told):
            content = content_of.roll_up(changed(bom, changes), currency, rates, basis)
            products = content.traced if traced else content.products
            found += [_exactly(name, len(changes), product, members, limit) for product in products]
        else:
            for root, (share, keeps) in zip(bom.roots, told, strict=True):
                found.append(Scenario(name, bom.parts[root], len(changes), share, keeps or "unknown", bound=True))
    return tuple(found)


def _known(low: Sequence[Fraction | None], high: Sequence[Fraction | None]) -> bool:
    """Whether no price is a range."""
    if not isinstance(low, tuple):
        # Imported on use: only large bills have packed columns.
        from jointbuy.packed import Stated

        if isinstance(low, Stated) and isinstance(high, Stated) and low.denominator == high.denominator:
            return bool((low.numerator == high.numerator).all())
    return all(one == other for one, other in zip(low, high, strict=True))


def _exactly(name: str, changes: int, product: ProductContent, members: Container[str], limit: Fraction) -> Scenario:
    parts = split(product.composition, members, others=True)
    keeps: Answer = "yes" if worst_excess(parts, limit) <= 0 else "no" if best_excess(parts, limit) > 0 else "unknown"
    return Scenario(name, product.product, changes, share_range(parts), keeps, bound=False)


def _at_once(
    instant: Instant,
    kept: tuple[Any, ...],
    bom: Bom,
    changes: Sequence[Change],
    members: Container[str],
    limit: Fraction,
    *,
    traced: bool,
) -> Iterator[tuple[Range | None, Answer | None]]:
    """Share and whether the limit is kept after the changes, which are then taken back; None where it is too near."""
    for change in changes:
        if change.quantity is not None and change.parent:
            instant.require(change.parent, change.part, change.quantity)
    parts: dict[str, dict[str | None, Fraction]] = {}
    for source, share in awards(bom, changes).items():
        part = bom.parts[bom.sources.part[source]]
        parts.setdefault(part, {})[bom.sources.supplier[source]] = share
    for part, shares in parts.items():
        instant.award(part, shares)
    for change in changes:
        if change.of_source:
            instant.replace(change.part, change.supplier, price=change.price, origin=change.origin)
    method: Literal["first-level components", "traced to source"] = TRACED if traced else FIRST_LEVEL
    for product in range(len(bom.roots)):
        keeps = instant.keeps(method, members, limit, product)
        yield instant.outside(method, members, product), None if keeps == "too near" else keeps
    instant.back(kept)
