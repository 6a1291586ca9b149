"""The content of a purchase under the readings that concern value: rolled up once for each way to count it."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache, lru_cache, partial
from typing import Any

from jointbuy import content as content_of
from jointbuy import law
from jointbuy.content import built_in, origins
from jointbuy.content.base import (
    by_contract_value,
    by_open_value,
    by_product_value,
    by_stated_value,
    priced,
    whole_contract,
)
from jointbuy.content.sourced import alternates, sourced
from jointbuy.decide.content_facts import SUPPLIERS, UNIT
from jointbuy.exact import Range, exactly
from jointbuy.model import Bom, CostKind, Country, Purchase
from jointbuy.parameters import View
from jointbuy.result import Absorbed, Content, Control
from jointbuy.rules import AtLeast, Every, NumberLimit, walk


def rates_of(purchase: Purchase) -> dict[str, Fraction]:
    """What one unit of each other currency is worth in the contract's."""
    return {rate.currency: rate.rate for rate in purchase.exchange_rates}


def contents_of(
    purchase: Purchase, bom: Bom | None, control: Control, legislation: law.Act, own: View
) -> Callable[[View], Content | None]:
    """The content of a purchase under the readings of a view that concern value; rolled up once for each basis."""
    apart, bom = _bought_apart(bom, own), as_components(bom, own) if bom else None
    asked = origins.questions(bom, control, own.chosen) if bom else frozenset()
    switches = _switches(bom) if bom else ((), False)
    named = cache(lambda: content_of.as_a_whole(own.group(legislation.perimeter).members, own.places.titles))
    bill, alike = _bills_of(bom, control, _favoured(legislation, own))
    brought = _brought(purchase, bom, legislation, own)

    @cache
    def rolling(how: origins.Read) -> Callable[..., Content]:
        assert bom is not None  # noqa: S101 - asked for only where there is a bill
        if how != origins.AS_STATED:
            return content_of.reread(rolling(origins.AS_STATED), tuple(bill(how).sources.origin))
        return content_of.rolling(bom, purchase.contract.currency, rates_of(purchase))

    @cache
    def rolled(how: origins.Read, basis: content_of.Basis, traced: bool) -> Content:
        found = rolling(how)(basis, traced=traced, shown=(basis, how) == chosen)
        return replace(found, **apart, suppliers=brought(basis), instead=alternates(bom))

    @cache
    def tested(how: origins.Read) -> Callable[..., tuple[Absorbed, ...]]:
        return absorbing(purchase, bill(how), legislation, own)

    @cache
    def counted(how: origins.Read, basis: content_of.Basis, method: str, traced: bool) -> Content:
        content = rolled(how, basis, traced)
        if not method or limit_of(legislation, own) is None:
            return content
        return content_of.by_absorption(content, tested(how)(basis, both_ways=method.endswith("both ways")), named())

    @cache
    def measured(
        how: origins.Read, basis: content_of.Basis, method: str, traced: bool, unit: str, base: str
    ) -> Content | None:
        content, each = _of_unit(purchase, counted(how, basis, method, traced), unit, base), each_worth(purchase, unit)
        if base == "component cost":
            return content
        if base == "product value":
            return by_stated_value(content, each) if "base" in own.settled else by_product_value(content)
        return by_contract_value(content, each) if each else _by_open_value(purchase, content)

    chosen = (_basis(switches, own), alike(origins.read_under(asked, own))) if bom else None

    def under(view: View) -> Content | None:
        if bom is None:
            return None
        # Looked up, not asked for: whether the method matters is for the rules to say.
        basis, method = _basis(switches, view), view.chosen.get("components", "")
        how = alike(origins.read_under(asked, view))
        # What is tried beside the verdict is traced only where that is what counts.
        traced = (basis, how) == chosen or method == "traced"
        absorption = method if method.startswith("absorption") else ""
        unit = view.reading(UNIT) if UNIT in view.readings and len(bom.roots) > 1 else ""
        return measured(how, basis, absorption, traced, unit, view.reading("base"))

    return under


@lru_cache
def _limits_of_suppliers(legislation: law.Act) -> frozenset[str]:
    """The parameters with which an act's rules on who supplies compare a number."""
    suppliers = (
        branch.member
        for rule in legislation.rules
        for branch in walk(rule.expression)
        if isinstance(branch, Every | AtLeast) and branch.collection in SUPPLIERS
    )
    return frozenset(leaf.limit for member in suppliers for leaf in walk(member) if isinstance(leaf, NumberLimit))


def _asked_from(legislation: law.Act, view: View) -> Fraction | None:
    """The least part of the contract value from which an act asks who supplies it; None where it never does."""
    limits = _limits_of_suppliers(legislation)
    values = [value for each in limits if isinstance(value := view.parameter(each).value, Fraction)]
    return min(values, default=None)


def _brought(
    purchase: Purchase, bom: Bom | None, legislation: law.Act, view: View
) -> Callable[[content_of.Basis], Mapping[str, Fraction]]:
    """What each supplier brings to the contract, by basis; of a large bill who brings enough to be asked about.

    Nothing where the act asks about none, or the value or the subcontracts are not told.
    """
    value, least = purchase.contract.value, _asked_from(legislation, view)
    if bom is None or least is None or value is None or not value.minor or purchase.subcontracts is None:
        return lambda _: {}
    numbers = {name: number or Fraction(0) for name, number in quantities(purchase).items()}
    bringing = cache(
        partial(content_of.bringing, bom, purchase.contract.currency, rates_of(purchase), value.major * least)
    )
    on = cache(lambda basis: bringing()(basis, numbers))
    return lambda basis: on(basis._replace(materials=False))  # a supplier is paid for all of it


RAW_MATERIALS = "raw materials"
"""The reading on raw materials, which some acts settle."""


def _are_no_components(view: View) -> bool:
    return view.settled.get(RAW_MATERIALS) == "no component"


def _bought_apart(bom: Bom | None, view: View) -> dict[str, Any]:
    """What is bought, where raw materials count with what they are built into: a source of their own all the same."""
    return {"sourced": sourced(bom)} if bom and _are_no_components(view) and built_in.holds_any(bom) else {}


def as_components(bom: Bom, view: View) -> Bom:
    """The bill with raw materials as parts of what they are built into, where the act says that they are none."""
    return built_in.built_in(bom) if _are_no_components(view) else bom


def keeps_apart(bom: Bom, view: View) -> bool:
    """Whether raw materials that are built in count otherwise than the bill states them: only traced they do."""
    return _are_no_components(view) and view.reading("components") != "first level" and built_in.holds_any(bom)


def read_as(bom: Bom, control: Control, legislation: law.Act, view: View) -> Bom:
    """The bill with its origins as a view reads them."""
    bom = as_components(bom, view)
    how = origins.read_under(origins.questions(bom, control, view.chosen), view)
    return origins.read(bom, control, how, _favoured(legislation, view))


def _favoured(legislation: law.Act, view: View) -> frozenset[Country | str]:
    """The countries from which it helps to come: those inside, and the partners of agreements."""
    partners = [route.id for route in legislation.routes if route.id in view.places.group_titles]
    return frozenset().union(*(view.group(name).members for name in (legislation.perimeter, *partners)))


def _bills_of(
    bom: Bom | None, control: Control, favoured: Container[str]
) -> tuple[Callable[[origins.Read], Bom], Callable[[origins.Read], origins.Read]]:
    """The bill by how its origins are read, and the first way of reading that comes to the same."""
    known = [origins.AS_STATED]

    @cache
    def bill(how: origins.Read) -> Bom:
        assert bom is not None  # noqa: S101 - asked for only where there is a bill
        return origins.read(bom, control, how, favoured)

    @cache
    def alike(how: origins.Read) -> origins.Read:
        if how not in known:
            for other in known:
                if bill(other).sources.origin == bill(how).sources.origin:
                    return other
            known.append(how)
        return how

    return bill, alike


def _of_unit(purchase: Purchase, content: Content, unit: str, base: str) -> Content:
    """Each end product, or all of them together; by what they are sold for where their value counts."""
    if base == "product value":
        content = priced(content, prices_of(purchase))
    return whole_contract(content, quantities(purchase)) if unit == "whole contract" else content


def each_worth(purchase: Purchase, unit: str) -> Range | None:
    """What one end product is worth by the contract, where it is of one type only; all together are worth all of it."""
    value = purchase.contract.value
    if value is not None and unit == "whole contract":
        return exactly(value.major)
    (quantity, *others) = [product.quantity for product in purchase.end_products or ()] or [None]
    return exactly(value.major / quantity) if value is not None and quantity and not others else None


def _by_open_value(purchase: Purchase, content: Content) -> Content:
    """What comes from where is told all the same; of the share, what holds however the contract value is split."""
    value = purchase.contract.value
    if value is None:
        lacking = "the contract value is not stated"
    elif len(content.products) > 1:
        lacking = "how the contract value splits between the end products cannot be told"
    else:
        lacking = "how many end products the contract value is for is not stated"
    most = {name: value.major / number for name, number in quantities(purchase).items() if value and number}
    values = {name: Range(Fraction(0), each) for name, each in most.items()}
    values |= {name: exactly(price) for name, price in prices_of(purchase).items()}
    found = by_open_value(content, values)
    if all(product.product in prices_of(purchase) for product in content.products):
        return found
    note = f"{lacking}, so the share of it is told for every value of one that the file leaves possible"
    return replace(found, notes=(*found.notes, note))


def prices_of(purchase: Purchase) -> Mapping[str, Fraction]:
    """What one end product of each type is sold for, where the file says it in the contract's currency."""
    own = purchase.contract.currency
    stated = {product.id: product.price for product in purchase.end_products or ()}
    return {name: price.major for name, price in stated.items() if price is not None and price.currency == own}


def quantities(purchase: Purchase) -> Mapping[str, Fraction | None]:
    """How many of each end product are bought."""
    return {product.id: product.quantity for product in purchase.end_products or ()}


def absorbing(purchase: Purchase, bom: Bom, legislation: law.Act, view: View) -> Callable[..., tuple[Absorbed, ...]]:
    """The share from outside when assemblies are tested against the limit of the act's own rule; see `content`."""
    rates = {**rates_of(purchase), purchase.contract.currency: Fraction(1)}
    inside, limit = view.group(legislation.perimeter).members, limit_of(legislation, view)
    return content_of.absorbing(bom, rates, inside, limit) if limit is not None else lambda *_, **__: ()


def limit_of(legislation: law.Act, view: View) -> Fraction | None:
    """The highest share of components from outside by the act's own rule; None where it has no such rule."""
    if floor := legislation.roles.get("component floor"):
        return 1 - share_of(view, floor)
    limit = legislation.roles.get("component limit")
    return share_of(view, limit) if limit else None


def share_of(view: View, name: str) -> Fraction:
    """A parameter that is a share."""
    value = view.parameter(name).value
    if not isinstance(value, Fraction):
        raise TypeError(f"{name} must be a share")
    return value


def basis_of(bom: Bom, view: View) -> content_of.Basis:
    """Which costs count under the readings of a view."""
    return _basis(_switches(bom), view)


def _switches(bom: Bom) -> tuple[tuple[CostKind, ...], bool]:
    """The kinds of cost in a bill of which it is open whether they count, and whether raw materials stand in parts."""
    return tuple(sorted(content_of.kinds(bom) & set(content_of.SWITCHED))), content_of.material_inside(bom)


def _basis(switches: tuple[tuple[CostKind, ...], bool], view: View) -> content_of.Basis:
    kinds, materials = switches
    counts = {kind: view.reading(f"cost of {kind}") == "counted" for kind in kinds}
    if _are_no_components(view):
        return content_of.switched(counts, raw=False)
    asked = materials or RAW_MATERIALS in view.chosen
    return content_of.switched(counts, materials=asked and view.reading(RAW_MATERIALS) == "origin of material")
