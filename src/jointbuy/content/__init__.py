"""Where the value of an end product comes from.

Two methods, each a reading of "components" and their origin (law.md §7, 1 and 2):

* first level: the parts that go directly into the end product, each whole, at its own declared
  origin. One that nobody declared is undeclared; it is not silently traced.
* traced: down to the parts that have no bill of their own; what an assembly costs beyond its
  parts counts at the assembly's own origin.

Costs are rolled up once into a cube origin x currency x cost kind; country groups, exchange rates
and limits are then small reductions (architecture, decision 2). All amounts are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial
from importlib.util import find_spec

from jointbuy.content import small
from jointbuy.content.basis import DEFAULT, FIRST_LEVEL, RAW, SWITCHED, TRACED, Basis, switched
from jointbuy.content.rolling import Rolling, apart
from jointbuy.exact import BY_ABSORPTION, Origin, whole
from jointbuy.model import Bom, CostKind
from jointbuy.result import Absorbed, Content

__all__ = [
    "DEFAULT",
    "FIRST_LEVEL",
    "SWITCHED",
    "TRACED",
    "Basis",
    "absorbing",
    "apart",
    "as_a_whole",
    "bringing",
    "by_absorption",
    "kinds",
    "material_inside",
    "reread",
    "roll_up",
    "rolling",
    "switched",
]

LARGE = 50_000
"""Uses of parts from which on starting the compiled loops pays (decision 0011)."""


def roll_up(
    bom: Bom, currency: str, rates: Mapping[str, Fraction], basis: Basis = DEFAULT, *, traced: bool = True
) -> Content:
    """Content of every end product of a bill without cycles, in `currency`.

    `traced` as well, or else at the first level alone, and without what stands below it.
    `rates` gives what one unit of each other currency is worth in `currency`, exactly.
    Raises KeyError for a currency without a rate; the reader refuses such a bill before. Raises Unusable where
    quantities multiply beyond all sense.
    """
    return rolling(bom, currency, rates)(basis, traced=traced)


def rolling(bom: Bom, currency: str, rates: Mapping[str, Fraction]) -> Callable[..., Content]:
    """`roll_up` of one bill, as a function of basis, `traced` and `shown`: for one basis after another.

    What a small bill has in common on all of them is worked out once.
    """
    if len(bom.parent) < LARGE:
        return Rolling(bom, currency, rates)
    return partial(_roll_up_large, bom, currency, rates)


def reread(rolled: Callable[..., Content], origin: tuple[Origin, ...]) -> Callable[..., Content]:
    """`rolling` of the same bill with other origins by source. Raises TypeError for a large bill."""
    if not isinstance(rolled, Rolling):
        raise TypeError("the origins of a large bill are packed")
    return rolled.reread(origin)


def _roll_up_large(
    bom: Bom, currency: str, rates: Mapping[str, Fraction], basis: Basis, *, traced: bool = True, shown: bool = True
) -> Content:
    # Raw materials apart are a question that few ask of a large bill: the compiled loops have no answer to it.
    if basis.materials:
        return Rolling(bom, currency, rates)(basis, traced=traced, shown=shown)
    if find_spec("numba") is None:
        content = small.roll_up(bom, currency, rates, basis, traced=traced)
        note = 'this bill is large; it is computed much faster after: pip install "jointbuy[large]"'
        return Content(content.currency, content.products, content.traced, content.sourced, (*content.notes, note))
    # Imported on use: compiled loops take most of a second to start.
    from jointbuy.content import large

    return large.roll_up(bom, currency, rates, basis, traced=traced)


def bringing(
    bom: Bom, currency: str, rates: Mapping[str, Fraction], least: Fraction
) -> Callable[[Basis, Mapping[str, Fraction]], Mapping[str, Fraction]]:
    """What each supplier brings, by basis and for so many of each end product (`allotted`).

    Of a large bill those who bring `least` at least.
    """
    # Imported on use: without subcontracts nobody asks.
    from jointbuy.content import allotted

    if len(bom.parent) < LARGE or find_spec("numba") is None:
        return allotted.allotting(bom, currency, rates)
    # Imported on use: compiled loops take most of a second to start.
    from jointbuy.content import large_allotted

    return lambda basis, numbers: large_allotted.allotted(bom, currency, rates, basis, numbers, least)


def absorbing(
    bom: Bom, rates: Mapping[str, Fraction], members: Container[str], limit: Fraction
) -> Callable[..., tuple[Absorbed, ...]]:
    """The share from outside `members` when assemblies that pass the test themselves count whole as inside.

    As a function of a basis and `both_ways`, see `absorb`; `rates` has the contract's own currency too.
    """
    # Imported on use: not every act sets a limit.
    from jointbuy.content import absorb

    if len(bom.parent) < LARGE or find_spec("numba") is None:
        return absorb.Absorbing(bom, rates, members, limit)
    plain = cache(lambda: absorb.Absorbing(bom, rates, members, limit))
    # Imported on use: compiled loops take most of a second to start.
    from jointbuy.content import large_absorb
    from jointbuy.packed import TooFine

    def tested(basis: Basis, *, both_ways: bool) -> tuple[Absorbed, ...]:
        with suppress(TooFine):
            return large_absorb.absorbed(bom, rates, basis, members, limit, both_ways=both_ways)
        return plain()(basis, both_ways=both_ways)

    return tested


def by_absorption(content: Content, found: tuple[Absorbed, ...], named: Mapping[Origin, Origin]) -> Content:
    """The content with the products as absorption counts them, for a verdict to rest on; see `as_a_whole`."""
    absorbed_ = tuple(
        replace(
            traced,
            method="absorption both ways" if one.both_ways else "absorption",
            composition={named.get(origin, origin): amount for origin, amount in one.composition.items()},
        )
        for traced, one in zip(content.traced or content.products, found, strict=True)
    )
    return replace(content, absorbed=absorbed_)


def as_a_whole(inside: Container[str], everywhere: Iterable[str]) -> Mapping[Origin, Origin]:
    """What absorption counts as inside or outside as a whole is from any country of `everywhere` that is, or is not."""
    # Imported on use: no other verdict needs it.
    from jointbuy.content.absorb import INSIDE, OUTSIDE

    within = tuple(sorted(country for country in everywhere if country in inside))
    beyond = tuple(sorted(country for country in everywhere if country not in inside))
    return {INSIDE: whole(BY_ABSORPTION, within), OUTSIDE: whole("outside", beyond)}


def material_inside(bom: Bom) -> bool:
    """Whether a raw material stands in anything but an end product; not looked for in a large bill."""
    if len(bom.parent) >= LARGE or RAW not in kinds(bom):
        return False
    table = bom.sources
    raw = {part for part, kind in zip(table.part, table.cost_kind, strict=True) if kind == RAW}
    return any(
        child in raw and parent not in bom.roots and parent not in bom.phantoms
        for parent, child in zip(bom.parent, bom.child, strict=True)
    )


def kinds(bom: Bom) -> frozenset[CostKind]:
    """The kinds of cost that a bill has."""
    column = bom.sources.cost_kind
    if isinstance(column, tuple):
        return frozenset(column)
    # Imported on use: only large bills have packed columns.
    from jointbuy.packed import Coded

    return frozenset(column.present() if isinstance(column, Coded) else column)
