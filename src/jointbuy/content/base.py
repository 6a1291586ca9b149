"""Of what the share is measured: the cost of components, or a value in which they are part (law.md §7, 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from jointbuy.content.basis import MOST
from jointbuy.exact import ADDED, ZERO, Origin, Place, Range, Sum
from jointbuy.model import CostKind
from jointbuy.result import Cell, Content, Line, ProductContent

SPARES: CostKind = "spares"
"""No part of the value of an end product, unless a reading counts them among its components."""


def priced(content: Content, prices: Mapping[str, Fraction]) -> Content:
    """The content with what one end product is sold for as its value, where the bill itself does not say it."""

    def each(products: tuple[ProductContent, ...]) -> tuple[ProductContent, ...]:
        return tuple(
            replace(product, value=Range(price, price))
            if product.value is None and (price := prices.get(product.product)) is not None
            else product
            for product in products
        )

    return replace(
        content, products=each(content.products), traced=each(content.traced), absorbed=each(content.absorbed)
    )


def by_product_value(content: Content) -> Content:
    """Measured against what the end product costs: by the bill's own word, else everything in the bill but spares."""
    beside = [_beside(product) for product in content.products]
    wholes = [product.total for product in content.products]
    values = [
        product.value or whole + rest for product, whole, rest in zip(content.products, wholes, beside, strict=True)
    ]
    found = _each(content, wholes, values)
    products = tuple(
        one if product.value else _added_up(product, whole, rest)
        for product, one, whole, rest in zip(content.products, found.products, wholes, beside, strict=True)
    )
    return replace(found, products=products)


def by_stated_value(content: Content, most: Range | None) -> Content:
    """Measured against what the end product costs where the act itself asks for that: never against a guess.

    A bill that does not say it leaves it open, from everything in the bill up to `most`, if that is known.
    """
    wholes = [product.total for product in content.products]
    silent = [product.product for product in content.products if product.value is None]
    notes = [
        f"{product}: the bill does not say what it costs, so its value lies between what the bill adds up to and "
        + ("the contract value of one" if most else "anything above")
        for product in silent
    ]
    values = [
        product.value or Range(low := (whole + _beside(product)).low, max(low, most.high if most else Fraction(MOST)))
        for product, whole in zip(content.products, wholes, strict=True)
    ]
    found = _each(content, wholes, values)
    return replace(found, notes=(*found.notes, *notes))


def by_contract_value(content: Content, each: Range) -> Content:
    """Measured against the contract value of one end product, where there is but one type of it."""
    wholes = [product.total for product in content.products]
    return _each(content, wholes, [each])


def by_open_value(content: Content, values: Mapping[str, Range]) -> Content:
    """Measured against the contract value where its part for one end product is a range; any of which nobody knows."""
    wholes = [product.total for product in content.products]
    return _each(content, wholes, [values.get(product.product, _ANY) for product in content.products])


_ANY = Range(Fraction(0), Fraction(MOST))


def whole_contract(content: Content, quantities: Mapping[str, Fraction | None]) -> Content:
    """All end products together as one, each as often as it is bought.

    Where it is not stated how many, that one may weigh anything from nothing up, and so what it decides is open.
    """
    return replace(
        content,
        products=_together(content.products, quantities),
        traced=_together(content.traced, quantities),
        absorbed=_together(content.absorbed, quantities),
    )


def _together(
    products: tuple[ProductContent, ...], quantities: Mapping[str, Fraction | None]
) -> tuple[ProductContent, ...]:
    if len(products) < 2:
        return products
    number = [_number(quantities.get(product.product)) for product in products]
    composition: dict[Origin, Range] = {}
    for product, many in zip(products, number, strict=True):
        for origin, amount in product.composition.items():
            composition[origin] = composition.get(origin, ZERO) + _times(amount, many)
    values = [product.value and _times(product.value, many) for product, many in zip(products, number, strict=True)]
    known = [value for value in values if value is not None]
    return (
        replace(
            products[0],
            product=WHOLE,
            composition=composition,
            lines=_lines(products, number, "lines"),
            below=_lines(products, number, "below"),
            counted=sum(product.counted for product in products),
            cube=_cells(products, number, "cube"),
            left_out=_cells(products, number, "left_out"),
            value=sum(known, ZERO) if len(known) == len(values) else None,
        ),
    )


def _lines(products: Iterable[ProductContent], number: Iterable[Range], name: str) -> tuple[Line, ...]:
    return tuple(
        replace(line, amount=_times(line.amount, many))
        for product, many in zip(products, number, strict=True)
        for line in getattr(product, name)
    )


def _cells(products: Iterable[ProductContent], number: Iterable[Range], name: str) -> tuple[Cell, ...]:
    amounts: dict[tuple[Place | None, str, CostKind], Range] = {}
    for product, many in zip(products, number, strict=True):
        for cell in getattr(product, name):
            key = cell.origin, cell.currency, cell.cost_kind
            amounts[key] = amounts.get(key, ZERO) + _times(cell.amount, many)
    return tuple(Cell(*key, amount) for key, amount in amounts.items())


def _number(quantity: Fraction | None) -> Range:
    return Range(Fraction(0), Fraction(MOST)) if quantity is None else Range(quantity, quantity)


def _times(amount: Range, many: Range) -> Range:
    return Range(amount.low * many.low, amount.high * many.high)


WHOLE = "all end products"
"""What stands for the one product that all of a contract makes together."""


def _beside(product: ProductContent) -> Range:
    """What is no cost of components and still value of the product: everything left out but spares."""
    beside = Sum()
    for cell in product.left_out:
        if cell.cost_kind != SPARES:
            beside.add(cell.amount)
    return beside.total()


def _each(content: Content, wholes: Sequence[Range], values: Sequence[Range]) -> Content:
    """Each product against its value; `wholes` is what its components cost together."""
    products = tuple(
        _within(product, whole, value) for product, whole, value in zip(content.products, wholes, values, strict=True)
    )
    traced, absorbed = (
        tuple(_within(product, product.total, value) for product, value in zip(each, values, strict=False))
        for each in (content.traced, content.absorbed)
    )
    small = [
        f"{product.product}: its value is stated below the cost of its components, against which the share is measured"
        for product, whole, value in zip(content.products, wholes, values, strict=True)
        if value.high < whole.low
    ]
    return replace(content, products=products, traced=traced, absorbed=absorbed, notes=(*content.notes, *small))


def _within(product: ProductContent, whole: Range, value: Range) -> ProductContent:
    """The product with what it is worth beyond its components; where both are ranges, a bound."""
    rest = Range(max(ZERO.low, value.low - whole.high), max(ZERO.low, value.high - whole.low))
    bound = product.bound or not whole.known
    return replace(product, composition={**product.composition, ADDED: rest}, bound=bound)


def _added_up(product: ProductContent, whole: Range, rest: Range) -> ProductContent:
    """The product with what stands beside its components: that is known by itself, however uncertain these are."""
    bound = product.bound or not (whole.known or rest.known)
    return replace(product, composition={**product.composition, ADDED: rest}, bound=bound)
