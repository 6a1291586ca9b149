"""The share from outside under every other method, base, switch of cost and policy, side by side."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from jointbuy.asked import Variant
from jointbuy.content.basis import SWITCHED
from jointbuy.exact import ADDED, Range, assumed, share_range, split
from jointbuy.parameters import View
from jointbuy.result import Absorbed, Content, ProductContent
from jointbuy.rules import UNKNOWN_ORIGIN

METHODS = {
    "first level": "component test: direct components, each whole",
    "traced": "tracing, or look-through",
    "absorption": "absorption, or roll-up",
    "absorption both ways": "roll-up and roll-down",
}
"""The options of the reading "components", and the terms that trade law has for them."""

_KIND: Mapping[str, Literal["base", "material", "cost"]] = {"base": "base", "raw materials": "material"}


def variants(
    content: Content,
    contents: Callable[[View], Content | None],
    absorbed: Sequence[Absorbed],
    view: View,
    touched: Container[str],
    inside: Container[str],
) -> Iterator[Variant]:
    """One for each option of each reading on value that the purchase has a use for, and each end product.

    `content` is that of the verdict, `contents` gives it under the readings of another view, `absorbed` is that by
    absorption, one way and both; `touched` are the readings that the verdict asked for.
    """
    method = view.reading("components")
    for option, term in METHODS.items():
        chosen = option == method
        if option.startswith("absorption"):
            yield from _absorbed(option, term, contents, absorbed, view, inside)
        else:
            for product in content.by(option):
                share = _share(product, inside)
                yield Variant(product.product, "method", option, term, share, product.bound, chosen=chosen)
    for reading in ("base", "raw materials", *(f"cost of {kind}" for kind in sorted(SWITCHED))):
        if reading not in touched:
            continue  # the bill has no such cost
        kind = _KIND.get(reading, "cost")
        for each in view.readings[reading].options:
            other = contents(view.reading_as(reading, each.name))
            told = f"{reading.removeprefix('cost of ')} {each.name}" if kind == "cost" else each.name
            chosen = each.name == view.reading(reading)
            for product in other.by(method) if other else ():
                share = _share(product, inside)
                yield Variant(product.product, kind, told, each.argument, share, product.bound, chosen=chosen)
    products = content.by(method)
    if any(_open(product, inside) for product in products):
        for each in view.readings[UNKNOWN_ORIGIN].options:
            chosen = each.name == view.reading(UNKNOWN_ORIGIN)
            for product in products:
                share = _share(product, inside, each.name)
                yield Variant(product.product, "policy", each.name, each.argument, share, product.bound, chosen=chosen)


def _absorbed(
    option: str,
    term: str,
    contents: Callable[[View], Content | None],
    absorbed: Sequence[Absorbed],
    view: View,
    inside: Container[str],
) -> Iterator[Variant]:
    """By absorption: as each product's own test found it, or of another base as the verdict would have it."""
    mine = [each for each in absorbed if each.both_ways == option.endswith("both ways")]
    chosen, bound = option == view.reading("components"), any(each.bound for each in mine)
    other = contents(replace(view, chosen={**view.chosen, "components": option}, touched=set())) if mine else None
    products = other.by(option) if other else ()
    if [each.product for each in products] == [each.product for each in mine] and not any(map(_measured, products)):
        for one in mine:
            yield Variant(one.product, "method", option, term, one.outside, one.bound, chosen=chosen)
        return
    for product in products:
        yield Variant(product.product, "method", option, term, _share(product, inside), bound, chosen=chosen)


def _measured(product: ProductContent) -> bool:
    """Whether it is measured against more than the cost of its components."""
    return ADDED in product.composition


def _share(product: ProductContent, inside: Container[str], policy: str = "range") -> Range | None:
    parts = split(product.composition, inside, others=True)
    return share_range(parts if policy == "range" else assumed(parts, counts=True))


def _open(product: ProductContent, inside: Container[str]) -> bool:
    """Whether anything may be from inside or not."""
    parts = split(product.composition, inside)
    return bool(parts.open.high) or any(unknown for _, unknown, _ in parts.mixed)
