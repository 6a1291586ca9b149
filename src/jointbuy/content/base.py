"""Of what the share is measured: the cost of components, or a value in which they are part (law.md §7, 3)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from jointbuy.content.basis import MOST
from jointbuy.exact import ADDED, ZERO, Range
from jointbuy.result import Content, ProductContent


def by_product_value(content: Content) -> Content:
    """Measured against what the end product costs: by the bill's own word, else everything in the bill."""
    return _each(content, *(product.value or _everything(product) for product in content.products))


def by_stated_value(content: Content, most: Range | None) -> Content:
    """Measured against what the end product costs where the act itself asks for that: never against a guess.

    A bill that does not say it leaves it open, from everything in the bill up to `most`, if that is known.
    """
    silent = [product.product for product in content.products if product.value is None]
    notes = [
        f"{product}: the bill does not say what it costs, so its value lies between what the bill adds up to and "
        + ("the contract value of one" if most else "anything above")
        for product in silent
    ]
    values = [
        product.value or Range(low := _everything(product).low, max(low, most.high if most else Fraction(MOST)))
        for product in content.products
    ]
    found = _each(content, *values)
    return replace(found, notes=(*found.notes, *notes))


def by_contract_value(content: Content, each: Range) -> Content:
    """Measured against the contract value of one end product, where there is but one type of it."""
    return _each(content, each)


def _everything(product: ProductContent) -> Range:
    return sum((cell.amount for cell in (*product.cube, *product.left_out)), ZERO)


def _each(content: Content, *values: Range) -> Content:
    products = tuple(_within(product, value) for product, value in zip(content.products, values, strict=True))
    traced, absorbed = (
        tuple(_within(product, value) for product, value in zip(each, values, strict=False))
        for each in (content.traced, content.absorbed)
    )
    small = [
        f"{product.product}: its value, against which the share is measured, is below the cost of its components"
        for product, value in zip(content.products, values, strict=True)
        if value.high < product.total.low
    ]
    return replace(content, products=products, traced=traced, absorbed=absorbed, notes=(*content.notes, *small))


def _within(product: ProductContent, value: Range) -> ProductContent:
    """The product with what it is worth beyond its components; where both are ranges, a bound."""
    whole = product.total
    rest = Range(max(ZERO.low, value.low - whole.high), max(ZERO.low, value.high - whole.low))
    return replace(product, composition={**product.composition, ADDED: rest})
