"""Roll-ups of one small bill on one basis after another: what these have in common is worked out once.

Most kinds of cost of which it is open whether they count are loose: they stand in end products alone and hold no parts,
so that counting them adds lines, and changes no other. An end product is rolled up with all of them, taken apart, and
put together for each basis; its amounts by origin are put together from as few numbers.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from copy import copy
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from jointbuy.collector import resting
from jointbuy.content.amounts import Amounts
from jointbuy.content.basis import COUNTED, FIRST_LEVEL, MAKING, SWITCHED, TRACED, Basis
from jointbuy.content.small import Bill, first_level, prepare, shape, to_source
from jointbuy.content.sourced import sourced
from jointbuy.exact import ZERO, Origin, Range
from jointbuy.model import Bom, CostKind
from jointbuy.result import Content, ProductContent

_Products: TypeAlias = tuple[ProductContent, ...]
_Composed: TypeAlias = tuple[Mapping[Origin, Range], bool]
"""Amounts by origin, and whether they are bounds."""


class _Whole(NamedTuple):
    """An end product with every loose kind counted: its amounts by loose kind, and under None all others together."""

    product: ProductContent
    amounts: Mapping[CostKind | None, Amounts]


class Rolling:
    """Roll-ups of one bill, on one basis after another."""

    def __init__(self, bom: Bom, currency: str, rates: Mapping[str, Fraction]) -> None:
        self._shape = shape(bom, currency, {**rates, currency: Fraction(1)})
        self._sourced = sourced(bom)
        self._loose = apart(bom) - self._shape.inside
        self._stated: Rolling | None = None  # where this is another reading of its origins
        self._bills: dict[frozenset[CostKind], Bill] = {}  # by what stands inside of parts
        self._wholes: dict[tuple[str, Basis], tuple[tuple[_Whole, ...], tuple[str, ...]]] = {}
        self._composed: dict[tuple[str, Basis], tuple[Mapping[CostKind | None, _Composed], ...]] = {}
        self._known: dict[tuple[str, Basis], _Products] = {}

    def reread(self, origin: tuple[Origin, ...]) -> Rolling:
        """The same bill with other origins by source; where things are bought stays, and so does what they cost.

        Where what it comes to is not `shown`, only the composition tells of the other origins: lines and cells stand
        for how much there is, and are those of the bill as it states its origins.
        """
        other, bom = copy(self), self._shape.bom
        other._stated = self
        other._shape = self._shape._replace(bom=replace(bom, sources=replace(bom.sources, origin=origin)))
        # What parts cost holds for both; lines that are known do not.
        other._bills = {kinds: bill._replace(shape=other._shape, deep={}) for kinds, bill in self._bills.items()}
        other._wholes, other._composed, other._known = {}, {}, {}
        return other

    @resting()
    def __call__(self, basis: Basis, *, traced: bool = True, shown: bool = True) -> Content:
        """See `content.roll_up`; what stands below the first level is `shown`, or not looked for."""
        whole, notes = basis._replace(materials=False), list[str]()  # traced, raw materials count alike
        if shown:
            bill, roots = self._bill(basis), self._shape.bom.roots
            first = tuple(first_level(bill, root, notes, opened=traced)[0] for root in roots)
            deep = tuple(to_source(bill, root, notes)[0] for root in roots) if traced else ()
            if traced and self._stated is None:
                self._known[TRACED, whole] = deep
        else:
            first = self._put_together(FIRST_LEVEL, basis, notes)
            deep = self._put_together(TRACED, whole, notes) if traced else ()
        return Content(self._shape.currency, first, deep, self._sourced, tuple(notes))

    def _bill(self, basis: Basis) -> Bill:
        making = basis.making & self._shape.inside
        known = self._bills.get(making)
        if known is None or known.basis.making != basis.making:
            known = prepare(self._shape, basis, known)
        self._bills[making] = known = known if known.basis == basis else known._replace(basis=basis)
        return known

    def _put_together(self, method: str, basis: Basis, notes: list[str]) -> _Products:
        """Every end product on a basis; beside the composition as the bill states its origins."""
        stated = self._stated or self
        whole, told = stated._with_all(method, basis)
        notes += [note for note in told if note not in notes]
        key = (method, basis)
        if key not in self._known:
            if self is stated:
                products = tuple(_counting(each.product, self._loose - basis.counted) for each in whole)
            else:
                products = stated._put_together(method, basis, [])
            composed = self._by_kind(method, basis, whole)
            self._known[key] = tuple(
                replace(product, composition=composition, bound=bound)
                for product, each in zip(products, composed, strict=True)
                for composition, bound in (_sum(each, basis.counted),)
            )
        return self._known[key]

    def _all(self, basis: Basis) -> Basis:
        """The basis with all that is loose; two that differ in nothing else are one."""
        return Basis(basis.counted | self._loose, basis.making & self._shape.inside, basis.materials)

    def _with_all(self, method: str, basis: Basis) -> tuple[tuple[_Whole, ...], tuple[str, ...]]:
        key = (method, self._all(basis))
        if key not in self._wholes:
            # What is made of parts costs the same whether or not what is loose is part of a make cost.
            bill, notes = self._bill(basis._replace(counted=key[1].counted)), list[str]()
            products = (
                first_level(bill, root, notes, opened=False) if method == FIRST_LEVEL else to_source(bill, root, notes)
                for root in bill.bom.roots
            )
            kinds, loose = bill.bom.sources.cost_kind, self._loose
            whole = tuple(_Whole(product, _by_kind(amounts, kinds, loose)) for product, amounts in products)
            self._wholes[key] = whole, tuple(notes)
        return self._wholes[key]

    def _by_kind(
        self, method: str, basis: Basis, whole: Sequence[_Whole]
    ) -> tuple[Mapping[CostKind | None, _Composed], ...]:
        key = (method, self._all(basis))
        if key not in self._composed:
            origin = self._shape.bom.sources.origin
            self._composed[key] = tuple(
                {kind: amounts.by(origin) for kind, amounts in each.amounts.items()} for each in whole
            )
        return self._composed[key]


def _by_kind(
    amounts: Amounts, kinds: Sequence[CostKind], loose: Container[CostKind]
) -> Mapping[CostKind | None, Amounts]:
    """Amounts by loose kind, and under None all others together; a price of a loose kind counts in one place alone."""
    by_source: dict[CostKind | None, dict[int, Range]] = {None: {}}
    for source, amount in amounts.by_source.items():
        by_source.setdefault(kinds[source] if kinds[source] in loose else None, {})[source] = amount
    beside = {source for source in amounts.by_source if source not in by_source[None]}
    return {
        kind: amounts._replace(by_source=each, followed=None)
        if kind
        else amounts._replace(by_source=each, followed=amounts.followed and amounts.followed.without(beside))
        for kind, each in by_source.items()
    }


def _sum(composed: Mapping[CostKind | None, _Composed], counted: Container[CostKind | None]) -> _Composed:
    """The amounts of all that is counted."""
    composition, bound = dict(composed[None][0]), composed[None][1]
    for kind, (more, _) in composed.items():
        if kind in counted:
            for origin, amount in more.items():
                composition[origin] = composition.get(origin, ZERO) + amount
    return composition, bound


def _counting(product: ProductContent, left: Container[CostKind]) -> ProductContent:
    """The product with some kinds left out."""
    lines = tuple(line for line in product.lines if line.cost_kind not in left)
    return replace(
        product,
        lines=lines,
        counted=len(lines),
        cube=tuple(cell for cell in product.cube if cell.cost_kind not in left),
        left_out=(*product.left_out, *(cell for cell in product.cube if cell.cost_kind in left)),
    )


def apart(bom: Bom) -> frozenset[CostKind]:
    """Kinds of which counting or not adds or takes away lines of an end product, and changes no other line.

    So it is where no part of the kind has parts of its own, and where it is either part of a make cost in any case or
    stands in end products alone.
    """
    table, roots = bom.sources, frozenset(bom.roots)
    kind: dict[int, CostKind] = {}
    mixed: set[CostKind] = set()
    for part, name in zip(table.part, table.cost_kind, strict=True):
        if kind.setdefault(part, name) != name:
            mixed |= {name, kind[part]}
    inside = {kind.get(child) for parent, child in zip(bom.parent, bom.child, strict=True) if parent not in roots}
    made = {kind.get(part) for part in set(bom.parent) - roots}
    return frozenset(set(SWITCHED) & set(kind.values())) - mixed - made - (inside - (MAKING - COUNTED))
