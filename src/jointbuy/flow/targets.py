"""Spending and dependence against targets: tables or single published facts, the pledges, plans, a purchase."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from jointbuy import law
from jointbuy.errors import JointbuyError, Problem, Unusable, did_you_mean
from jointbuy.exact import share_range, split
from jointbuy.flow.lookup import country_of
from jointbuy.flow.pool import HERE, facts_of
from jointbuy.formats import escape
from jointbuy.spending import (
    Activation,
    Decided,
    Edition,
    Figure,
    Given,
    Profile,
    Rearm,
    State,
    Statement,
    Table,
    Targets,
)
from jointbuy.targets import dependence
from jointbuy.targets.facts import Facts, facts
from jointbuy.targets.paths import path
from jointbuy.targets.positions import contradictions, position, positions
from jointbuy.targets.rearm import rearm

_EMPTY = Given((), (), (), {})


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the figures.

    Attributes:
        year: the year to look at; None for the latest that is known.
        data: files of the user's: tables, plans, planned spending, published shares.
        editions: which editions may be combined, the first where both have a figure; one alone chooses it.
        purchases: folders whose content joins the dependence on `supplier`.
        growth: of real GDP a year, as a part of one.
        on: the day as of which facts and pledges stand; None for the day of our facts.
    """

    country: str | None = None
    year: int | None = None
    data: Sequence[Path] = ()
    editions: Sequence[str] = ()
    purchases: Sequence[Path] = ()
    supplier: str = "US"
    profile: Profile = "linear"
    growth: Fraction = Fraction(0)
    on: date | None = None


def targets(asked: Asked) -> Targets:
    """States against their targets. Raises Unusable with every problem of the files, NotInForce before the pledges."""
    known = facts()
    on = asked.on or known.as_of
    terms = known.terms(on)
    code = str(country_of(asked.country)) if asked.country else None
    given = _given(asked.data)
    tables, notes = _chosen(given.tables, known, asked.editions, code, on)
    figures = _merged(tables)
    titles = law.places().titles
    codes = [code] if code else sorted({figure.country for figure in figures}, key=lambda one: titles.get(one, one))
    pool = _rearm(known, on)
    states = []
    for each in codes:
        years = positions(each, figures, terms)
        latest = max(
            (one.year for one in years if one.share), default=max((one.year for one in years), default=on.year)
        )
        states.append(
            State(
                country=each,
                title=titles.get(each, each),
                bound=each in known.allies,
                asked=position(each, asked.year or latest, figures, terms),
                years=years,
                path=path(years, figures, terms, asked.profile, asked.growth, given.planned),
                loan=next((one for one in reversed(pool.decisions) if one.country == each), None),
                clause=next((one for one in pool.active if one.country == each), None),
                remarks=(*_remarks(each, tables, known), *contradictions(each, figures)),
            )
        )
    supplier = str(country_of(asked.supplier))
    content = [one for folder in asked.purchases for one in _content(folder, supplier)]
    published = [one for one in known.statements if one.told is None or one.told <= on]
    stated = [one for one in (*published, *given.statements) if code is None or one.buyer == code or _group(one.buyer)]
    statements = (*stated, *content)
    return Targets(
        on=on,
        year=asked.year,
        only=code,
        terms=terms,
        states=tuple(states),
        editions=tuple(table.edition for table in tables),
        rearm=pool,
        statements=statements,
        doubts=dependence.doubts(statements),
        titles=titles,
        notes=(*notes, *(note for table in tables for note in table.notes), *_unused(given, codes)),
        digests={**given.digests, "facts": known.digest},
    )


def _rearm(known: Facts, on: date) -> Rearm:
    """The parts of ReArm Europe, from what is known of the escape clause and of the pool of loans."""
    places, decided = law.places(), dict[str, Decided]()
    clause = escape.read(HERE / "escape_clause.yaml", places)
    for fact in sorted(facts_of(None).facts, key=lambda one: one.on):
        if fact.what == "decided" and fact.known_since <= on:  # an amendment stands in for what was decided before
            decided[fact.state] = Decided(
                fact.state, fact.amount, fact.on, fact.source, fact.confidence == "high", fact.told
            )
    active = [
        Activation(
            country=state,
            since=one.high,
            source=one.source,
            verified=one.confidence == "high",
            remark="" if one.low == one.high else f"on a day between {one.low} and {one.high}; the last is taken",
        )
        for one in clause.activated
        for state in one.states
    ]
    return rearm(known, clause, active, decided.values(), on)


def _group(buyer: str) -> bool:
    """Whether who depends is a group of states, which each of them is told of."""
    return law.places().recognise(buyer) is None


def _given(paths: Sequence[Path]) -> Given:
    if not paths:
        return _EMPTY
    # Imported on use: what is known without a file needs no reader.
    from jointbuy.formats import spending

    return spending.read([Path(path) for path in paths], law.places())


# --- editions -------------------------------------------------------------------------------


def _chosen(
    given: tuple[Table, ...], known: Facts, named: Sequence[str], country: str | None, on: date
) -> tuple[list[Table], list[str]]:
    """The tables that are used, in the order in which their figures count; editions are mixed only when named."""
    facts_on = [table for day, table in known.editions if day <= on]
    tables = list(given) or facts_on
    if named:
        return _named(tables, named), _left_out(tables, named)
    editions = list(dict.fromkeys(table.edition.name for table in tables))
    if given and len(editions) > 1:
        each = "; ".join(f'"{table.edition.name}" in {table.edition.file}' for table in tables)
        options = " ".join(f'--edition "{name}"' for name in editions)
        do = f"choose one, or say in which order they count: {options}"
        raise Unusable([Problem("figures of several editions would be mixed", None, each, do)])
    if given or not tables:
        return tables, [] if given else [f"no edition was published by {on}: give a table with --data"]
    # Of our facts the latest edition counts; for one country the latest that has it.
    has = [table for table in tables if country is None or any(one.country == country for one in table.figures)]
    chosen = (has or tables)[-1:]
    notes = ["single published figures, and no table: give one with --data (docs/targets.md)"]
    return chosen, [*notes, *_left_out(tables, [table.edition.name for table in chosen])]


def _named(tables: Sequence[Table], named: Sequence[str]) -> list[Table]:
    """The tables of the editions that were named, in their order. Raises Unusable for one that is not there."""
    there = list(dict.fromkeys(table.edition.name for table in tables))
    found: list[Table] = []
    problems = []
    for name in named:
        of = [table for table in tables if table.edition.name.casefold() == name.casefold()]
        if not of:
            each = "; ".join(f'"{one.edition.name}"{_in(one.edition)}' for one in tables) or "no table"
            near = did_you_mean(name, there) or "give a file of that edition with --data"
            problems.append(Problem(f'there is no edition "{name}"', None, f"found: {each}", near))
        found += [table for table in of if table not in found]
    if problems:
        raise Unusable(problems)
    return found


def _in(edition: Edition) -> str:
    return f" in {edition.file} ({edition.title})" if edition.file else ""


def _left_out(tables: Iterable[Table], named: Sequence[str]) -> list[str]:
    folded = {name.casefold() for name in named}
    names = dict.fromkeys(table.edition.name for table in tables if table.edition.name.casefold() not in folded)
    return [f"not used: {name}" for name in names]


def _merged(tables: Sequence[Table]) -> list[Figure]:
    """Every figure once: that of the first edition which has it.

    Raises Unusable where two files say other things of one edition. Within a file the first counts: NATO gives dollars
    of the United States in Tables 1 and 2, not always with as many digits.
    """
    found: dict[tuple[object, ...], Figure] = {}
    problems = []
    for table in tables:
        for figure in table.figures:
            key = (figure.country, figure.year, figure.measure, figure.currency, figure.prices)
            other = found.setdefault(key, figure)
            apart = other.published != figure.published and _file(other) != _file(figure)
            if apart and other.editions == figure.editions:
                what = f"{figure.measure} of {figure.country} in {figure.year} is stated twice in {table.edition.name}"
                problems.append(Problem(what, figure.where, f"{other.where} states another", "keep one"))
    if problems:
        raise Unusable(problems)
    return list(found.values())


def _file(figure: Figure) -> str:
    return figure.where.file if figure.where else ""


def _remarks(country: str, tables: Sequence[Table], known: Facts) -> Iterable[str]:
    """What has to be said of a country's figures."""
    if country not in known.allies:
        yield "no ally: the pledge does not bind it, and is shown for comparison"
    for remark in known.remarks:
        if any(remark.publisher in table.edition.name for table in tables) and country in (
            remark.countries or (country,)
        ):
            yield f"{remark.publisher}: {remark.text}" + ("" if remark.verified else " (unverified)")
    own = {name for table in tables for one in table.figures if one.country == country for name in one.editions}
    if len(own) > 1:
        yield f"figures of several editions stand in one series, as was asked: {', '.join(sorted(own))}"


def _unused(given: Given, codes: Sequence[str]) -> Iterable[str]:
    aside = sorted({one.state for one in given.planned} - set(codes))
    if aside:
        yield f"plans of states that are not shown: {', '.join(aside)}"


# --- the content of a purchase ---------------------------------------------------------------


def _content(folder: Path, supplier: str) -> list[Statement]:
    """What of each end product's content comes from a country, as a share beside the published ones."""
    from jointbuy.flow.case import check

    case = check(folder)
    found = []
    for product in case.content.products if case.content else ():
        share = share_range(split(product.composition, {supplier}))
        if share is not None:
            found.append(
                Statement(
                    id=f"content:{case.purchase.id}:{product.product}",
                    buyer=", ".join(sorted(buyer.country for buyer in case.purchase.buyers)),
                    supplier=supplier,
                    what="content",
                    base=f"cost of the components of one {product.product}, {product.method}",
                    unit="money",
                    since=case.verdict.on.year,
                    until=case.verdict.on.year,
                    share=share,
                    said=case.purchase.title or case.purchase.id,
                    told=None,
                    source=f"computed from {Path(folder).name}",
                    verified=True,
                )
            )
    if not found:
        raise JointbuyError(f"{folder} has no content that can be rolled up; see: jointbuy content {folder}")
    return found
