"""THE FLOW: the only place where rooms meet. A purchase goes from its files to a verdict in one screen of code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Literal

from jointbuy import content as content_of
from jointbuy import control as control_of
from jointbuy import formats, law
from jointbuy.content.base import by_contract_value, by_product_value
from jointbuy.decide.dates import impossible
from jointbuy.decide.verdict import LISTED, LISTED_GROUP, UNREAD, verdict
from jointbuy.errors import JointbuyError, NotInForce, Problem, Unusable, did_you_mean
from jointbuy.exact import Range, exactly, share_range, split
from jointbuy.model import Bom, Country, Purchase
from jointbuy.parameters import View
from jointbuy.places import Group
from jointbuy.result import Answer, Case, Content, Control, Converted, Explored, Moves, Variant
from jointbuy.rules import Judgement, Rule, walk


def check(
    folder: str | Path,
    *,
    act: str = "safe",
    on: str | date | None = None,
    known_on: str | date | None = None,
    readings: Mapping[str, str] | None = None,
    overlay: str | Path | None = None,
) -> Case:
    """Decide one purchase: its folder (or its `purchase.yaml`) to a case with verdict, content and control.

    `on` chooses the law, by default that of the day of signature; `known_on` what was published by
    then, by default the date of the law data (§5). `readings` maps a reading's id to an option; `overlay` is a folder
    of law data that corrects and adds to ours.
    Raises Unusable with every problem found in the files, NotInForce when the act has no law on the day, LawError
    with every fault of the overlay.
    """
    legislation = law.under(Path(overlay), act) if overlay else law.act(act)
    read = formats.read(Path(folder), law.places())
    purchase = read.purchase
    view = law.view(
        legislation,
        _law_day(on, purchase, legislation),
        _known_day(known_on, legislation),
        _chosen(readings or {}, purchase),
        _own_groups(purchase),
    )
    _third_countries_only(purchase, view)
    if faults := impossible(purchase, view):
        raise Unusable(faults)
    control = control_of.of(purchase.parties, view.group(legislation.perimeter).members, _presumption(view))
    contents = _contents(purchase, read.bom, view)
    found, content = verdict(purchase, control, contents, legislation, view), contents(view)
    return Case(
        purchase=purchase,
        bom=read.bom,
        notes=(
            *_mapping(read.mapping),
            *read.notes,
            *(content.notes if content else ()),
        ),
        control=control,
        content=content,
        verdict=replace(found, remarks=(*found.remarks, *_strays(purchase, legislation, view.known_on))),
        groups=_groups(purchase, content, control, legislation, view),
        digests={**read.digests, "law": legislation.digest},
        overlay=legislation.overlay,
    )


def convert(source: str | Path, target: str | Path) -> Converted:
    """Write the bill of a purchase folder, or a bill alone, in the format that the ending of `target` names.

    Raises Unusable when the target is there already, or the bill cannot be read or written.
    """
    # Imported on use: no other verb writes bills.
    from jointbuy.formats import convert as converting

    return converting.convert(Path(source), Path(target), law.places())


def _mapping(mapping: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """How the bill's columns were understood, in one line."""
    understood = ", ".join(f'{ours} from "{theirs}"' for ours, theirs in mapping)
    return (f"columns of the bill: {understood}",) if mapping else ()


def _day(day: str | date | None) -> date | None:
    if day is None or isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise JointbuyError(f'"{day}" is not a date; write it as 2026-09-15') from None


def _law_day(on: str | date | None, purchase: Purchase, legislation: law.Act) -> date:
    """The day whose law applies: signature, or the act's first day for a contract that existed before (Art. 2(3))."""
    in_force = min(value.since for value in legislation.parameters["act.entry_into_force"].values)
    day = _day(on)
    if day is not None:
        if day < in_force:
            raise NotInForce(f"{legislation.title} applies from {in_force}; there is no law of it on {day}")
        return day
    if purchase.events.signature is None:
        where = purchase.where.get("events")
        why = "the day of signature chooses the law"
        raise Unusable([Problem("no date to decide on", where, why, "state events.signature, or give --on DATE")])
    return max(purchase.events.signature, in_force)


def _known_day(known_on: str | date | None, legislation: law.Act) -> date:
    day = _day(known_on) or legislation.as_of
    if day > legislation.as_of:
        raise JointbuyError(f"the law data end on {legislation.as_of}; nothing is known as of {day}")
    return day


def _chosen(readings: Mapping[str, str], purchase: Purchase) -> Mapping[str, str]:
    """The readings asked for. A list of countries in the purchase file is itself a choice."""
    if purchase.contravening_countries is not None:
        return {LISTED: "listed", **readings}
    if readings.get(LISTED) == "listed":
        raise JointbuyError(
            f"{LISTED}=listed needs a list; state contravening_countries in the purchase file, or choose another"
        )
    return readings


def _third_countries_only(purchase: Purchase, view: View) -> None:
    """Refuse a Member State on the purchase's list: Art. 16(10) speaks of third countries."""
    union = view.group("union")
    wrong = [
        Problem(
            f"{path} is {country}",
            purchase.where.get(path) or purchase.where.get("contravening_countries"),
            "a Member State is no third country, and Art. 16(10) speaks of third countries",
            "take it out",
        )
        for index, country in enumerate(purchase.contravening_countries or ())
        if country in union
        for path in (f"contravening_countries[{index}]",)
    ]
    if wrong:
        raise Unusable(wrong)


def _own_groups(purchase: Purchase) -> Mapping[str, Group]:
    members = frozenset(purchase.contravening_countries or ())
    return {LISTED_GROUP: Group(LISTED_GROUP, "the purchase's list of contravening countries", members, frozenset())}


def _strays(purchase: Purchase, legislation: law.Act, known_on: date) -> tuple[str, ...]:
    """Statements that settle nothing, since a key misspelt leaves its condition open, or that come from the future."""
    keys = {node.key for rule in legislation.rules for node in walk(rule.expression) if isinstance(node, Judgement)}
    keys.add(UNREAD)
    nothing = [
        f'the statement that settles "{each.settles}" settles nothing; '
        + (did_you_mean(each.settles, keys) or f"keys are: {', '.join(sorted(keys))}")
        for each in purchase.statements
        if each.settles.partition(":")[0] not in keys
    ]
    ahead = [
        f'the statement that settles "{each.settles}" is of {each.on}, after {known_on}, by which this was decided'
        for each in purchase.statements
        if each.on > known_on
    ]
    return (*nothing, *ahead)


def _rates(purchase: Purchase) -> dict[str, Fraction]:
    """What one unit of each other currency is worth in the contract's."""
    return {rate.currency: rate.rate for rate in purchase.exchange_rates}


def _contents(purchase: Purchase, bom: Bom | None, own: View) -> Callable[[View], Content | None]:
    """The content of a purchase under the readings of a view that concern value; rolled up once for each basis."""
    decided = _basis(bom, own) if bom else content_of.DEFAULT

    @cache
    def rolled(basis: content_of.Basis, traced: bool) -> Content:
        assert bom is not None  # noqa: S101 - asked for only where there is one
        return content_of.roll_up(bom, purchase.contract.currency, _rates(purchase), basis, traced=traced)

    @cache
    def measured(basis: content_of.Basis, base: str, traced: bool) -> Content | None:
        content, value = rolled(basis, traced), purchase.contract.value
        if base == "component cost":
            return content
        if base == "product value":
            return by_product_value(content)
        (quantity, *others) = [product.quantity for product in purchase.end_products or ()] or [None]
        if value is None or not quantity or others:
            return None  # nobody knows what one is worth
        return by_contract_value(content, exactly(value.major / quantity))

    def under(view: View) -> Content | None:
        if bom is None:
            return None
        basis = _basis(bom, view)
        # What is tried beside the verdict is traced only where that is what counts.
        traced = basis == decided or view.reading("components") == "traced"
        return measured(basis, view.reading("base"), traced)

    return under


def _presumption(view: View) -> control_of.Presumption:
    return control_of.Presumption(_share(view, "art16.control_majority"), _share(view, "art16.control_review"))


def _share(view: View, name: str) -> Fraction:
    value = view.parameter(name).value
    if not isinstance(value, Fraction):
        raise TypeError(f"{name} must be a share")
    return value


def _named(purchase: Purchase) -> Iterator[Country | None]:
    """Countries of seats, managements, facilities and restrictions."""
    for party in purchase.parties:
        yield from (party.established_in, party.executive_management_in, *(each.country for each in party.facilities))
    yield from (each.imposed_by for each in (purchase.design and purchase.design.restrictions) or ())


def _groups(
    purchase: Purchase, content: Content | None, control: Control, legislation: law.Act, view: View
) -> Mapping[Country, str]:
    """For each country that anything comes from, lies in or hangs on: inside, an agreement's partner, or outside."""
    products = (*content.products, *content.traced) if content else ()
    countries = {cell.origin for each in products for cell in each.cube if cell.origin}
    countries |= {each.country for each in control.parties.values() if each.country}
    countries |= set(filter(None, _named(purchase)))
    partners = [route.id for route in legislation.routes if _open(route.opens, view)]
    named = {name: view.group(name).members for name in (legislation.perimeter, *partners)}
    return {
        country: next((name for name in named if country in named[name]), "outside") for country in sorted(countries)
    }


def _open(parameter: str, view: View) -> bool:
    try:
        view.parameter(parameter)
    except NotInForce:
        return False
    return True


# --- questions about the content ------------------------------------------------------------

LIMIT = "art16.max_outside_share"


@dataclass(frozen=True, slots=True)
class Asked:
    """What to find out about the content of a purchase beside the verdict.

    `why`: a country, or "undeclared"; `used`: a part; `against`: an earlier version of the purchase; `stress`: by how
    much each price and rate may be off, as a share, with `seed` for the draws; `what_if`: a table of scenarios.
    """

    variants: bool = True
    why: str | None = None
    used: str | None = None
    against: str | Path | None = None
    stress: Fraction | None = None
    what_if: Path | None = None
    seed: int = 1


def explore(
    folder: str | Path, asked: Asked, *, on: str | date | None = None, readings: Mapping[str, str] | None = None
) -> Explored:
    """The case of a purchase with answers about where its value comes from. Raises as `check` does."""
    # Imported on use: no verdict needs them.
    from jointbuy import stress
    from jointbuy.content import why as why_
    from jointbuy.content.what_if import what_if
    from jointbuy.formats.scenarios import read_scenarios

    case = check(folder, on=on, readings=readings)
    view = _view_of(case)
    inside, limit = view.group(law.act("safe").perimeter).members, _share(view, LIMIT)
    if case.bom is None or case.content is None:
        return Explored(case)
    if asked.what_if and view.reading("base") != "component cost":
        raise JointbuyError("--what-if measures against the cost of components; leave the reading base as it is")
    currency, rates = case.content.currency, _rates(case.purchase)
    basis = _basis(case.bom, view)
    country = None if asked.why in {None, "undeclared"} else _country(asked.why or "")
    products, own = case.content.products, currency
    return Explored(
        case,
        tuple(_variants(case, view, inside, limit)) if asked.variants else (),
        why_.why(case.bom, currency, rates, basis, country) if asked.why else (),
        why_.where_used(case.bom, _part(case.bom, asked.used)) if asked.used else (),
        _moves(case, check(asked.against, on=on, readings=readings), inside) if asked.against else (),
        tuple(each for product in products for each in stress.break_evens(product, own, inside, limit))
        if asked.stress is not None
        else (),
        tuple(
            stress.scenarios(product, own, inside, limit, error=asked.stress, seed=asked.seed) for product in products
        )
        if asked.stress is not None
        else (),
        what_if(
            case.bom,
            currency,
            rates,
            basis,
            read_scenarios(asked.what_if, case.purchase, law.places()),
            inside,
            limit,
            traced=view.reading("components") == "traced",
        )
        if asked.what_if
        else (),
    )


def _view_of(case: Case) -> View:
    """The law of a case as it was decided."""
    chosen = {each.id: each.chosen for each in case.verdict.readings}
    return law.view(
        law.act(case.verdict.act), case.verdict.on, case.verdict.known_on, chosen, _own_groups(case.purchase)
    )


def _variants(case: Case, view: View, inside: frozenset[str], limit: Fraction) -> Iterator[Variant]:
    """The share from outside by every method, with every kind of cost counted or left out, and of every base."""
    contents = _contents(case.purchase, case.bom, view)

    def shares(content: Content | None, *, traced: bool = False) -> Iterator[tuple[str, Range | None]]:
        for product in (content.traced if traced else content.products) if content else ():
            yield product.product, share_range(split(product.composition, inside, others=True))

    content = case.content
    traced = view.reading("components") == "traced"
    for product, share in shares(content):
        yield Variant(
            product, "method", "first level", "component test: direct components, each whole", share, chosen=not traced
        )
    for product, share in shares(content, traced=True):
        yield Variant(product, "method", "traced", "tracing, or look-through", share, chosen=traced)
    if case.bom is not None:
        rates = {**_rates(case.purchase), case.purchase.contract.currency: Fraction(1)}
        for both_ways, term in ((False, "absorption, or roll-up"), (True, "roll-up and roll-down")):
            basis = _basis(case.bom, view)
            for found in content_of.absorbed(case.bom, rates, basis, inside, limit, both_ways=both_ways):
                name = "absorption both ways" if both_ways else "absorption"
                yield Variant(found.product, "method", name, term, found.outside, found.bound)
    for reading in ("base", *(f"cost of {kind}" for kind in sorted(content_of.SWITCHED))):
        if reading not in {each.id for each in case.verdict.readings}:
            continue  # the bill has no such cost
        for option in view.readings[reading].options:
            other = replace(view, chosen={**view.chosen, reading: option.name}, touched=set())
            for product, share in shares(contents(other), traced=traced):
                kind: Literal["base", "cost"] = "base" if reading == "base" else "cost"
                told = f"{reading.removeprefix('cost of ')} {option.name}" if kind == "cost" else option.name
                yield Variant(product, kind, told, option.argument, share, chosen=option.name == view.reading(reading))


def _basis(bom: Bom, view: View) -> content_of.Basis:
    """Which costs count under the readings of a view."""
    open_ = sorted(content_of.kinds(bom) & set(content_of.SWITCHED))
    return content_of.switched({kind: view.reading(f"cost of {kind}") == "counted" for kind in open_})


def _moves(case: Case, before: Case, inside: frozenset[str]) -> tuple[Moves, ...]:
    """What moved the share of every end product that both versions have; of the only one where each has one."""
    from jointbuy.content.compare import moved

    new, old = (each.content.products if each.content else () for each in (case, before))
    if len(new) == len(old) == 1:
        return (moved(old[0], new[0], inside),)
    known = {product.product: product for product in old}
    return tuple(moved(known[product.product], product, inside) for product in new if product.product in known)


def _country(name: str) -> Country:
    places = law.places()
    code = places.recognise(name)
    if code is None:
        near = did_you_mean(name, [*places.names, *places.titles.values()])
        raise JointbuyError(f'"{name}" is not a country; ' + (near or "write its ISO code, such as CA, or its name"))
    return Country(code)


def _part(bom: Bom, name: str) -> int:
    if name not in bom.parts:
        near = did_you_mean(name, bom.parts) if len(bom.parts) < content_of.LARGE else ""
        raise JointbuyError(f'there is no part "{name}" in the bill; {near or "write its id as the bill does"}')
    return list(bom.parts).index(name)


# --- questions that need no purchase ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Access:
    """What a country may do under SAFE on a date, beyond what any country may supply within the limit."""

    country: Country
    title: str
    on: date
    groups: tuple[str, ...]
    may_buy: Answer
    may_supply: Answer
    may_borrow: Answer
    because: tuple[str, ...]
    unverified: tuple[str, ...]
    """Groups that it is said to belong to and that nobody here has checked."""


def rule(name: str) -> Rule:
    """The rule of that id. Raises JointbuyError, with the nearest known id, for any other."""
    rules = {each.id: each for each in law.act(name.split(".")[0] if "." in name else "safe").rules}
    if name not in rules:
        near = did_you_mean(name, rules) or f"known: {', '.join(rules)}"
        raise JointbuyError(f'there is no rule "{name}"; {near}')
    return rules[name]


def access(country: str, on: str | date | None = None) -> Access:
    """Whether a country may buy, supply and borrow under SAFE on a day (Art. 2(3), 4, 16, 17)."""
    legislation, places = law.act("safe"), law.places()
    code = _country(country)
    day = _day(on) or legislation.as_of
    view = law.view(legislation, day, legislation.as_of, {}, {})
    groups = tuple(name for name in places.memberships if code in view.group(name))
    inside, union = code in view.group(legislation.perimeter), code in view.group("union")
    too = code in view.group("may join as buyers")
    agreements = [route for route in legislation.routes if code in view.group(route.id) and _open(route.opens, view)]
    doubt = [name for name in groups if code in view.group(name).unverified]
    borrow, why_borrow = _borrowing(view) if union else ("no", "only Member States borrow (Art. 4(1), 5)")
    return Access(
        country=Country(code),
        title=places.titles[code],
        on=day,
        groups=groups,
        may_buy="yes" if inside or too else "no",
        may_supply="yes" if inside or agreements else "no",
        may_borrow=borrow,
        because=(
            _why_buy(inside, too),
            _why_supply(inside, agreements[0].title if agreements else ""),
            why_borrow,
            *(f"its place among {places.group_titles[name]} is unverified" for name in doubt),
        ),
        unverified=tuple(places.group_titles[name] for name in doubt),
    )


def _borrowing(view: View) -> tuple[Answer, str]:
    """Whether a Member State may have a loan made available to it from a day on, and why."""
    request, call, decision = (
        view.parameter(name).value for name in ("art07.last_request", "art08.last_call", "art08.last_decision")
    )
    if str(view.on) <= str(request):
        return "yes", f"a Member State may ask for a SAFE loan until {request} (Art. 4(1), 7(1))"
    if str(view.on) <= str(decision):
        late = f"requests were due by {request} (Art. 7(1)); who asked may get a decision until {decision} (Art. 8(8))"
        return "unknown", f"{late}, who did not only under a new call published by {call} (Art. 8(7))"
    return (
        "no",
        f"no decision on a loan may be adopted after {decision} (Art. 8(8)); loans decided by then are paid out",
    )


def _why_buy(inside: bool, too: bool) -> str:
    if inside:
        return "it counts towards the two countries a common procurement needs (Art. 2(3))"
    if too:
        return "it may join a common procurement as a further buyer (Art. 2(3), second sentence)"
    return "it is neither inside nor an acceding, candidate or partnership country (Art. 2(3))"


def _why_supply(inside: bool, agreement: str) -> str:
    if inside:
        return "its companies and components count as inside (Art. 16(3) and (10))"
    if agreement:
        return f"its companies and components count under the {agreement} (Art. 17)"
    return "no agreement under Art. 17 stands for it; its components count as from outside (Art. 16(10))"


def examples() -> Path:
    """The folder of examples, in a checkout or in an installed package."""
    here = Path(__file__).resolve().parent
    inside = here / "examples"
    return inside if inside.is_dir() else here.parents[1] / "examples"
