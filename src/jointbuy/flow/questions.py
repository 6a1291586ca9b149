"""Questions about the content of a purchase beside the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from jointbuy import content as content_of
from jointbuy import law
from jointbuy.asked import BreakEven, Explored, Moves, Stressed, Variant
from jointbuy.change import Change, dated_origin
from jointbuy.decide.content_facts import UNIT
from jointbuy.decide.remarks import dearer_than_the_contract
from jointbuy.errors import JointbuyError, did_you_mean
from jointbuy.flow.case import check, law_of, members_of, own_groups
from jointbuy.flow.contents import (
    absorbing,
    as_components,
    basis_of,
    contents_of,
    each_worth,
    keeps_apart,
    limit_of,
    prices_of,
    quantities,
    rates_of,
    read_as,
    share_of,
)
from jointbuy.flow.lookup import country_of
from jointbuy.materials import Minerals
from jointbuy.model import Bom, Purchase
from jointbuy.parameters import View
from jointbuy.result import Case, ProductContent

BENCHMARK = "art05.one_third_country"


@dataclass(frozen=True, slots=True)
class Asked:
    """What to find out about the content of a purchase beside the verdict.

    `why`: a country, or "undeclared"; `used`: a part; `against`: an earlier version of the purchase; `stress`: by how
    much each price and rate may be off, as a share, with `seed` for the draws; `what_if`: a table of scenarios;
    `minerals`: strategic raw materials by country.
    """

    variants: bool = True
    why: str | None = None
    used: str | None = None
    against: str | Path | None = None
    stress: Fraction | None = None
    what_if: Path | None = None
    seed: int = 1
    minerals: bool = False


def explore(
    folder: str | Path,
    asked: Asked,
    *,
    on: str | date | None = None,
    readings: Mapping[str, str] | None = None,
    overlay: str | Path | None = None,
) -> Explored:
    """The case of a purchase with answers about where its value comes from. Raises as `check` does."""
    # Imported on use: no verdict needs them.
    from jointbuy.content import why as why_
    from jointbuy.content.what_if import what_if

    case = check(folder, on=on, readings=readings, overlay=overlay)
    view, legislation = _view_of(case), _law_of(case)
    if case.bom is None or case.content is None:
        return Explored(case)
    inside, limit = view.group(legislation.perimeter).members, limit_of(legislation, view)
    if limit is None:
        raise JointbuyError(f"{legislation.title} sets no limit on components")
    method = view.reading("components")
    if asked.what_if and view.reading("base") != "component cost":
        raise JointbuyError("--what-if measures against the cost of components; leave the reading base as it is")
    if (asked.what_if or asked.stress is not None) and method.startswith("absorption"):
        raise JointbuyError("--what-if and --stress need a method that is linear in prices; leave absorption out")
    if asked.stress is not None and basis_of(case.bom, view).materials:
        raise JointbuyError("--stress does not count raw materials apart; leave the reading raw materials as it is")
    if asked.what_if and keeps_apart(case.bom, view):
        raise JointbuyError(
            "--what-if does not count raw materials with the parts that they are built into; leave it out"
        )
    currency, rates = case.content.currency, rates_of(case.purchase)
    basis = basis_of(case.bom, view)
    country = None if asked.why in {None, "undeclared"} else country_of(asked.why or "")
    met, draws = _stressed(case, case.bom, case.content.by(method), view, asked)
    return Explored(
        replace(case, notes=(*case.notes, *dearer_than_the_contract(case.purchase, case.content))),
        limit,
        _variants(case, view, inside) if asked.variants else (),
        why_.why(as_components(case.bom, view), currency, rates, basis, country) if asked.why else (),
        why_.where_used(case.bom, _part(case.bom, asked.used)) if asked.used else (),
        _moves(case, check(asked.against, on=on, readings=readings), view, inside) if asked.against else (),
        met,
        draws,
        what_if(
            case.bom,
            currency,
            rates,
            basis,
            _scenarios(asked.what_if, case.purchase, case.bom, view),
            inside,
            limit,
            traced=method == "traced",
        )
        if asked.what_if
        else (),
        _minerals(case, case.bom, view) if asked.minerals else None,
    )


def _stressed(
    case: Case, bom: Bom, counted: tuple[ProductContent, ...], view: View, asked: Asked
) -> tuple[tuple[BreakEven, ...], tuple[Stressed, ...]]:
    """What would just meet the limit, and how often errors break it; nothing where it is not asked for.

    The end products are `counted` as the verdict does.
    """
    legislation = _law_of(case)
    limit = limit_of(legislation, view)
    if asked.stress is None or limit is None:
        return (), ()
    # Imported on use: no verdict needs them.
    from jointbuy.content.stressing import Measured, stressed

    unit = view.reading(UNIT) if UNIT in view.readings and len(bom.roots) > 1 else ""
    numbers = {name: many for name, many in quantities(case.purchase).items() if many is not None}
    whole = unit == "whole contract"
    if whole and any(bom.parts[root] not in numbers for root in bom.roots):
        raise JointbuyError("--stress of the whole contract needs to know how many of each end product are bought")
    base = view.reading("base")
    worth = each_worth(case.purchase, unit) if base == "contract value" else None
    if base == "contract value" and worth is None:
        raise JointbuyError("--stress by contract value needs to know what of it one end product is worth")
    return stressed(
        read_as(bom, case.control, legislation, view),
        case.purchase.contract.currency,
        rates_of(case.purchase),
        basis_of(bom, view),
        view.group(legislation.perimeter).members,
        limit,
        Measured(
            view.reading("components") == "traced",
            worth.low if worth else base == "product value",
            prices_of(case.purchase),
            numbers if whole else None,
        ),
        # Of what may cost nothing no share is defined.
        {each.product for each in counted if each.total.low},
        error=asked.stress,
        seed=asked.seed,
    )


def _scenarios(file: Path, purchase: Purchase, bom: Bom, view: View) -> Mapping[str, tuple[Change, ...]]:
    """The changes of every scenario, groups of countries as on the day of the law."""
    from jointbuy.formats.scenarios import read_scenarios

    members = members_of(view)
    return {
        name: tuple(
            replace(change, origin=dated_origin(change.origin, members)) if change.origin is not None else change
            for change in changes
        )
        for name, changes in read_scenarios(file, purchase, law.places(), bom).items()
    }


def _minerals(case: Case, bom: Bom, view: View) -> Minerals:
    """The strategic raw materials of a purchase, by the list that stands on the day whose law applies."""
    # Imported on use: no verdict needs them.
    from jointbuy.content import minerals
    from jointbuy.law.raw_materials import raw_materials

    act = raw_materials()
    own = View(view.places, act.parameters, {}, {}, view.on, view.known_on)
    listed, limit = act.materials.on(view.on, view.known_on), share_of(own, BENCHMARK)
    measure = minerals.Measure(listed, own.group("union").members, own.group("overseas").members, limit)
    bought = {each.id: each.quantity for each in case.purchase.end_products or ()}
    own_currency, rates = case.purchase.contract.currency, rates_of(case.purchase)
    products, whole, notes = minerals.held(bom, own_currency, rates, measure, bought)
    return Minerals(products, whole, limit, own.parameter(BENCHMARK).provision, listed, notes)


def _law_of(case: Case) -> law.Act:
    """The act of a case, as it was decided."""
    return law_of(case.verdict.act, case.overlay.folder if case.overlay else None)


def _view_of(case: Case) -> View:
    """The law of a case as it was decided."""
    chosen = {each.id: each.chosen for each in case.verdict.readings}
    return law.view(_law_of(case), case.verdict.on, case.verdict.known_on, chosen, own_groups(case.purchase))


def _variants(case: Case, view: View, inside: frozenset[str]) -> tuple[Variant, ...]:
    """The share under every method, base, switch of cost and policy, as far as the purchase has a use for them."""
    from jointbuy.content.variants import variants

    bom, content = case.bom, case.content
    if bom is None or content is None:
        return ()

    legislation = _law_of(case)
    basis, contents = basis_of(bom, view), contents_of(case.purchase, bom, case.control, legislation, view)
    touched = frozenset(each.id for each in case.verdict.readings)
    tested = absorbing(case.purchase, as_components(bom, view), legislation, view)
    found = [one for both in (False, True) for one in tested(basis, both_ways=both)]
    return tuple(variants(content, contents, found, view, touched, inside))


def _moves(case: Case, before: Case, view: View, inside: frozenset[str]) -> tuple[Moves, ...]:
    """What moved the share of every end product that both versions have; of the only one where each has one.

    Raises JointbuyError where the contracts are in two currencies without a rate between them.
    """
    from jointbuy.content.causes import Causes, Version
    from jointbuy.content.compare import moved

    if case.bom is None or before.bom is None or case.content is None or before.content is None:
        return ()
    method, worth, told = view.reading("components"), _worth(case, before), {}
    new, old = (each.by(method) for each in (case.content, before.content))
    if max(len(case.bom.parent), len(before.bom.parent)) < content_of.LARGE:
        own, was = case.content.currency, before.content.currency
        rates = {**rates_of(case.purchase), own: Fraction(1)}
        earlier = {name: rate * worth for name, rate in {**rates_of(before.purchase), was: Fraction(1)}.items()}
        versions = Version(before.bom, earlier, was), Version(case.bom, rates, own)
        told = {"causes": Causes(*versions, traced=method == "traced")}
    if len(new) == len(old) == 1:
        return (moved(old[0], new[0], inside, worth, **told),)
    known = {product.product: product for product in old}
    return tuple(
        moved(known[product.product], product, inside, worth, **told) for product in new if product.product in known
    )


def _worth(case: Case, before: Case) -> Fraction:
    """What one unit of the earlier contract's currency is worth in that of the later. Raises JointbuyError."""
    new, old = case.purchase.contract.currency, before.purchase.contract.currency
    if new == old:
        return Fraction(1)
    if rate := rates_of(case.purchase).get(old):
        return rate
    if rate := rates_of(before.purchase).get(new):
        return 1 / rate
    raise JointbuyError(
        f"the contract of the earlier version is in {old} and this one in {new}, and neither states a rate between "
        "them; state it under exchange_rates"
    )


def _part(bom: Bom, name: str) -> int:
    if name not in bom.parts:
        near = did_you_mean(name, bom.parts) if len(bom.parts) < content_of.LARGE else ""
        raise JointbuyError(f'there is no part "{name}" in the bill; {near or "write its id as the bill does"}')
    return list(bom.parts).index(name)
