"""What an end product costs, and what of it is outside, as a function of the prices in the bill (see `spread`)."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from jointbuy.asked import Price, Priced
from jointbuy.content import small
from jointbuy.content.base import SPARES, WHOLE
from jointbuy.content.basis import Basis
from jointbuy.content.spread import Spread, spread
from jointbuy.exact import ADDED, Origin, divided
from jointbuy.model import Bom


def priced(
    bom: Bom,
    currency: str,
    rates: Mapping[str, Fraction],
    basis: Basis,
    members: Container[str],
    *,
    traced: bool,
    value: Fraction | bool = False,
    sold: Mapping[str, Fraction] | None = None,
    together: Mapping[str, Fraction] | None = None,
) -> tuple[Priced, ...]:
    """Every end product, or all `together` with so many of each; `members` are inside.

    `value` is what the share is measured against: a contract's value of one, or (True) what the product costs by the
    bill's own word, else what one is `sold` for, else with what is no cost of components. A basis that counts raw
    materials apart is not known here.
    """
    bill = small.prepare(small.shape(bom, currency, {**rates, currency: Fraction(1)}), basis)
    own = [_worth(bill, root, sold or {}) if value is True else _Worth() for root in bom.roots]
    if together is not None and not all(each.known for each in own):
        own = [_Worth() for _ in own]
    alike: dict[Fraction, Origin] = {}

    @cache
    def outside(origin: Origin) -> Fraction:
        return Fraction(0) if origin == ADDED else 1 - divided(origin, members)[0]

    def named(origin: Origin) -> Origin:
        return alike.setdefault(outside(origin), origin)

    def beside(source: int) -> bool:
        return bom.sources.cost_kind[source] != SPARES

    def found(at: int, many: Fraction) -> _Counts:
        valued: Mapping[int, Fraction] = {}
        root, said = bom.roots[at], own[at]
        if said.source is not None:
            valued = {said.source: Fraction(1)}
        elif value is True and traced and not said.known:
            whole = spread(bill, root, traced=False, beside=beside, named=named).weights
            valued = {source: sum(weights.values(), Fraction(0)) for source, weights in whole.items()}
        added = beside if value is True and not (valued or said.known) else None
        return _Counts(spread(bill, root, traced=traced, beside=added, named=named), many, valued, said.fixed)

    fixed = value if isinstance(value, Fraction) else None
    if together is None:
        return tuple(
            _priced(bill, bom.parts[root], [found(at, Fraction(1))], outside, fixed)
            for at, root in enumerate(bom.roots)
        )
    every = [found(at, together[bom.parts[root]]) for at, root in enumerate(bom.roots)]
    return (_priced(bill, WHOLE, every, outside, fixed),)


@dataclass(frozen=True, slots=True)
class _Worth:
    """What one end product is worth: by a source of the bill, or a `fixed` price it is sold for; else not known."""

    source: int | None = None
    fixed: Fraction | None = None

    @property
    def known(self) -> bool:
        """Whether anybody says it."""
        return self.source is not None or self.fixed is not None


@dataclass(frozen=True, slots=True)
class _Counts:
    """How often prices count in one product, of which there are `many`, and by source in what it is worth."""

    spread: Spread
    many: Fraction
    valued: Mapping[int, Fraction]
    fixed: Fraction | None
    """What one is worth, whatever prices are."""


def _worth(bill: small.Bill, root: int, sold: Mapping[str, Fraction]) -> _Worth:
    """What an end product is worth: by the source that says it, where the bill does, else what it is sold for."""
    source = next((source for source in bill.sources[root] if bill.price(source)), None)
    return _Worth(source) if source is not None else _Worth(fixed=sold.get(bill.bom.parts[root]))


def _priced(
    bill: small.Bill,
    product: str,
    each: Sequence[_Counts],
    outside: Callable[[Origin], Fraction],
    fixed: Fraction | None,
) -> Priced:
    table, parts = bill.bom.sources, bill.bom.parts
    rests = [(at, source) for at, one in enumerate(each) for source in one.spread.rests]
    place = {rest: at for at, rest in enumerate(rests)}
    every = sorted({source for one in each for source in (*one.spread.weights, *one.valued)})
    prices = []
    for source in every:
        sums, within = dict.fromkeys(("outside", "whole", "beside", "valued"), Fraction(0)), []
        for at, one in enumerate(each):
            sums["valued"] += one.many * one.valued.get(source, 0)
            for key, weight in one.spread.weights.get(source, {}).items():
                if isinstance(key, int):
                    within.append((place[at, key], weight * one.many))
                elif key == ADDED:
                    sums["beside"] += weight * one.many
                else:
                    sums["whole"] += weight * one.many
                    sums["outside"] += weight * one.many * outside(key)
        worth = bill.worth(bill.price(source) or {})
        name, of = table.supplier[source], table.currency[source] or bill.shape.currency
        prices.append(Price(parts[table.part[source]], name, of, worth, **sums, rests=tuple(within)))
    if any(one.valued or one.fixed is not None for one in each):
        fixed = sum((one.many * one.fixed for one in each if one.fixed is not None), Fraction(0))
    return Priced(product, tuple(prices), tuple(outside(table.origin[source]) for _, source in rests), fixed)
