"""The facts of a purchase's content: what hangs on the bill, and with it on the readings on value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from heapq import nsmallest

from jointbuy.decide import subcontracts
from jointbuy.decide.stated import fact, is_named
from jointbuy.errors import Where
from jointbuy.exact import unsettled
from jointbuy.model import Facility, Party, Purchase
from jointbuy.result import Content, Control, Perhaps, ProductContent, Sourced
from jointbuy.rules import Fact, Facts

UNDERSTATED = {
    "understated_subcontracts": subcontracts.may_be_involved,
    "understated_inputs": subcontracts.may_be_critical,
    "understated_tasks": subcontracts.may_have_tasks,
}
"""By which subcontracts each act means, those of which the bill shows more than they state."""
SUPPLIERS = frozenset({"unlisted_suppliers", *UNDERSTATED})
"""Collections of suppliers by what the bill shows of them: who is a member hangs on the readings on value."""
VALUED = frozenset({"end_products", "traced_products", "absorbed_products"}) | SUPPLIERS
"""Collections whose members hang on the readings on value."""
UNIT = "unit of test"
"""The reading on whether each end product is tested, or all of a contract together."""
HOW_MANY = (UNIT, "base")
"""The readings that are chosen before any of a product's sums: how many products there are, and measured by what."""
PART = "component"
PARTS = frozenset({PART, "software"})
"""Kinds of cost that are components beyond doubt; whether a raw material is one is for each act."""
_SUPPLIED = PARTS | {"raw material"}
OF_SOURCES = ("source_countries", "all_sources_declared", "open_sources", "companies", "unknown_makers")
"""Facts of the content that hang on nothing but where things are bought."""


def of_content(
    purchase: Purchase, control: Control, content: Content | None, like: tuple[Content, Facts] | None = None
) -> Facts:
    """The facts of a purchase's content.

    Of a content `like` it, what hangs on the same sources or on the same suppliers is taken over; beside it no rows are
    told.
    """
    told = like is None
    facts: dict[str, Fact | tuple[Facts, ...] | None] = {
        "end_products": _end_products(purchase, content.products if content else None, told=told),
        "traced_products": _end_products(purchase, content.traced if content else None, told=told),
        "absorbed_products": _end_products(purchase, content.absorbed if content else None, told=told),
    }
    if content and like and content.sourced is like[0].sourced:
        facts |= {name: like[1][name] for name in OF_SOURCES}
    else:
        sources, declared = _sources(purchase, content)
        open_sources, companies = _open_sources(purchase, content), _companies(purchase, control, content)
        told_of = (sources, declared, open_sources, companies, _unknown_makers(purchase, content))
        facts |= zip(OF_SOURCES, told_of, strict=True)
    if content and like and content.suppliers is like[0].suppliers:
        return {**facts, **{name: like[1][name] for name in SUPPLIERS}}
    shown = subcontracts.shown(purchase, content)
    facts["unlisted_suppliers"] = subcontracts.unlisted(purchase, shown)
    return facts | {name: subcontracts.understated(purchase, shown, may_be) for name, may_be in UNDERSTATED.items()}


def sites(purchase: Purchase, party: Party) -> tuple[Facts, ...]:
    """What a party uses for the purchase, each with where it lies, by the party's id and its own name.

    A plant without a name, or with one that another plant of the party has too, is told by its number.
    """
    own = f"parties[{party.id}]"
    names = Counter((each.name or "").strip().casefold() for each in party.facilities)
    return tuple(
        {
            "subject": Fact(f"{party.id}, {_site_name(each, number, names)}"),
            "country": fact(purchase, each.country, f"{own}.facilities", own),
            "why_no_alternative": fact(
                purchase,
                each.why_no_alternative if is_named(each.why_no_alternative) else None,
                f"{own}.facilities",
                own,
            ),
        }
        for number, each in enumerate(party.facilities, start=1)
    )


def _site_name(site: Facility, number: int, names: Mapping[str, int]) -> str:
    name = (site.name or "").strip()
    if not name:
        return f"facility {number}"
    return name if names[name.casefold()] == 1 else f"{name} (facility {number})"


def _end_products(
    purchase: Purchase, products: tuple[ProductContent, ...] | None, *, told: bool
) -> tuple[Facts, ...] | None:
    if products is None:
        return () if _without_components(purchase) else None
    where = [place] if (place := purchase.where.get("bill_of_materials")) else []
    stated = list(purchase.end_products or ())
    names = {product.id: product.name or product.id for product in stated}
    made_in = {
        product.id: fact(purchase, product.made_in, f"end_products[{index}].made_in")
        for index, product in enumerate(stated)
    }
    return tuple(
        {
            "subject": Fact(names.get(product.product, product.product)),
            "made_in": made_in.get(product.product, Fact(None)),
            "components": Fact(product.composition, (*where, *_telling_rows(product)) if told else ()),
        }
        for product in products
    )


def _without_components(purchase: Purchase) -> bool:
    """Whether the file says that nothing bought has components: services, works, training (law.md §0a)."""
    return purchase.end_products == ()


def _telling_rows(product: ProductContent) -> tuple[Where, ...]:
    """The rows that tell most: those whose origin is open, then the dearest; three at most."""
    origins = {id(line.origin): line.origin for line in product.lines}  # by the object: few are distinct
    declared = {name: not unsettled(origin) for name, origin in origins.items()}
    # In floats, as nothing but the order hangs on it.
    lines = nsmallest(3, product.lines, key=lambda line: (declared[id(line.origin)], -float(line.amount.high)))
    return tuple(line.row for line in lines if line.row)


def _sources(purchase: Purchase, content: Content | None) -> tuple[tuple[Facts, ...] | None, Fact]:
    """The countries anything is sourced from, one member each with the rows, and whether nothing is left open.

    A country from where no component comes has one member for each kind of cost that does.
    """
    if content is None:
        return ((), Fact(True)) if _without_components(purchase) else (None, Fact(None))
    parties = {party.id: party for party in purchase.parties}
    rows: dict[tuple[str, str], list[Where]] = {}
    open_rows: list[Where] = []
    for sourced in content.sourced:
        supplier = parties.get(sourced.supplier or "")
        for country in countries_of_source(sourced, supplier):
            rows.setdefault((country, kind_of(sourced)), []).extend([sourced.row] if sourced.row else [])
        if not is_settled(sourced, supplier) and sourced.row:
            open_rows.append(sourced.row)
    parts = {country for country, kind in rows if kind == PART}
    members: tuple[Facts, ...] = tuple(
        {
            "subject": Fact(country if kind == PART else f"{country} ({kind})"),
            "country": Fact(country, tuple(found[:3])),
            "cost_kind": Fact(kind),
        }
        for (country, kind), found in sorted(rows.items())
        if kind == PART or country not in parts
    )
    return members, Fact(None if open_rows else True, tuple(open_rows[:3]))


def _unknown_makers(purchase: Purchase, content: Content | None) -> tuple[Facts, ...] | None:
    """The countries where components originate of which nobody says who makes them, or where that company is seated."""
    if content is None:
        return () if _without_components(purchase) else None
    seated = {party.id for party in purchase.parties if party.established_in}
    rows: dict[str, list[Where]] = {}
    for sourced in content.sourced:
        if kind_of(sourced) == PART and sourced.supplier not in seated:
            for country in sourced.countries:
                rows.setdefault(country, []).extend([sourced.row] if sourced.row else [])
    return tuple(
        {"subject": Fact(country), "country": Fact(country, tuple(found[:3]))}
        for country, found in sorted(rows.items())
    )


def _open_sources(purchase: Purchase, content: Content | None) -> tuple[Facts, ...] | None:
    """Where the bill names several countries of which one is the source: one member for each such choice.

    And one for each part that may be used instead of another, which may come from where that does.
    """
    if content is None:
        return () if _without_components(purchase) else None
    rows: dict[tuple[Perhaps, str], list[Where]] = {}
    for sourced in content.sourced:
        for perhaps in sourced.perhaps:
            rows.setdefault((perhaps, kind_of(sourced)), []).extend([sourced.row] if sourced.row else [])
    found = []
    for (perhaps, kind), where in sorted(
        rows.items(), key=lambda item: (item[0][0].countries, item[0][0].elsewhere, item[0][1])
    ):
        names = [*perhaps.countries, *(["elsewhere"] if perhaps.elsewhere else [])]
        of_kind = "" if kind == PART else f" ({kind})"
        possible: tuple[Facts, ...] = tuple(
            {
                "subject": Fact(f"{country}{of_kind}"),
                "country": Fact(country, tuple(where[:3])),
                "cost_kind": Fact(kind),
            }
            for country in perhaps.countries
        )
        member: Facts = {
            "subject": Fact(f"{' or '.join(names)}{of_kind}"),
            "may_be_elsewhere": Fact(perhaps.elsewhere, tuple(where[:3])),
            "possible": possible,
        }
        found.append(member)
    return (*found, *_instead(purchase, content))


def _instead(purchase: Purchase, content: Content) -> Iterator[Facts]:
    """The parts that may be used instead of another, each with the countries that it may then come from."""
    parties = {party.id: party for party in purchase.parties}
    countries: dict[tuple[str, str], set[str]] = {}
    rows: dict[tuple[str, str], list[Where]] = {}
    for each in content.instead:
        key = each.part, kind_of(each)
        named: set[str] = {country for one in each.perhaps for country in one.countries}
        named |= countries_of_source(each, parties.get(each.supplier or ""))
        if named:
            countries.setdefault(key, set()).update(named)
            rows.setdefault(key, []).extend([each.row] if each.row else [])
    for (part, kind), those in countries.items():
        where = tuple(rows[part, kind][:3])
        possible: tuple[Facts, ...] = tuple(
            {"subject": Fact(country), "country": Fact(country, where), "cost_kind": Fact(kind)}
            for country in sorted(those)
        )
        yield {
            "subject": Fact(f"{part} (may be used instead)"),
            "may_be_elsewhere": Fact(True, where),
            "possible": possible,
        }


def kind_of(sourced: Sourced) -> str:
    """What kind of cost a line is; software is a component too."""
    return PART if sourced.kind in PARTS else sourced.kind


def is_settled(sourced: Sourced, supplier: Party | None) -> bool:
    """Whether nothing about the source of a part is open for the bar on contravening sources."""
    supplied = sourced.supplied_from or (supplier and supplier.established_in)
    return bool(not sourced.bought or (sourced.declared and supplied) or (supplier and supplier.none_from_contravening))


def countries_of_source(sourced: Sourced, supplier: Party | None) -> set[str]:
    """Where a part comes from and who supplies it: two facts, both count (law.md §0a)."""
    found: set[str] = set(sourced.countries)
    if supplier and supplier.established_in:
        found.add(supplier.established_in)
    return found


def _companies(purchase: Purchase, control: Control, content: Content | None) -> tuple[Facts, ...]:
    """Contractors, subcontractors and suppliers of the bill, whoever is involved: where each is at home (Art. 16(10)).

    A contractor supplies the product, a supplier of the bill a part of it or what is no component, such as a test;
    whether a subcontract brings a component is stated. That it is a critical input does not tell: software that is
    written as a service may be one (Art. 16(12) speaks of inputs, 16(10) of components).
    """
    names = dict.fromkeys(purchase.contract.contractors)
    names |= dict.fromkeys(each.subcontractor for each in purchase.subcontracts or ())
    billed = content.sourced if content else ()
    supplying = {each.supplier for each in billed if each.supplier}
    of_parts = {each.supplier for each in billed if kind_of(each) == PART}
    of_supplies = {each.supplier for each in billed if each.kind in _SUPPLIED}
    found = []
    for party in purchase.parties:
        if party.id not in names and party.id not in supplying:
            continue
        own, controlled = f"parties[{party.id}]", control.parties[party.id]
        held = "controlled_by" if party.controlled_by else "owners"
        named = _supplies_components(purchase, party) if party.id in names else False
        facts: Facts = {
            "subject": Fact(party.name or party.id),
            "is_contractor": Fact(party.id in purchase.contract.contractors),
            "established_in": fact(purchase, party.established_in, f"{own}.established_in", own),
            "managed_from": fact(purchase, party.executive_management_in, f"{own}.executive_management_in", own),
            "controlled_by": fact(
                purchase, controlled.country if controlled.status == "controlled" else None, f"{own}.{held}", own
            ),
            "controllers": tuple(
                {"subject": Fact(each.name), "country": fact(purchase, each.country, f"{own}.{held}", own)}
                for each in controlled.entities
            ),
            "supplies_components": fact(purchase, party.id in of_supplies or named, own),
            "supplies_parts": fact(purchase, party.id in of_parts or named, own),
            "sites": sites(purchase, party),
        }
        found.append(facts)
    return tuple(found)


def _supplies_components(purchase: Purchase, party: Party) -> bool | None:
    """Whether what a contractor or subcontractor brings is, or holds, a component; None where nobody says so."""
    if party.id in purchase.contract.contractors:
        return not _without_components(purchase)
    answers = {each.components for each in purchase.subcontracts or () if each.subcontractor == party.id}
    return True if True in answers else None if None in answers else False
