"""Strategic raw materials as a picture: a bar for each material and stage, with the mark of the Union's benchmark."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from jointbuy.materials import Held, Minerals, Tally
from jointbuy.report import charts, figures, minerals
from jointbuy.report.markup import Markup, join, tag
from jointbuy.report.pieces import bullets, quiet, table
from jointbuy.report.words import PAGE

_SHOWN = 30
_GROUPS = {
    figures.OUTSIDE: "largest third country",
    figures.UNDECLARED: "not declared",
    "partner": "other countries",
    figures.INSIDE: "in the union",
}


def made(found: Minerals, currency: str) -> Markup:
    """The section of a page: what the benchmark is first, since nothing here decides anything."""
    several = [found.whole] if found.whole and len(found.products) > 1 else []
    parts = [tag("p", minerals.indicator(found))]
    for place, one in enumerate([*found.products, *several]):
        parts += _held(found, one, currency, f"minerals{place}")
    return join([*parts, *(quiet(each) for each in minerals.remarks(found))])


def _held(found: Minerals, one: Held, currency: str, key: str) -> Iterator[Markup]:
    head = PAGE["minerals of"].format(product=one.product) if one.product else PAGE["minerals of all"]
    yield tag("h3", head)
    if not one.holdings:
        yield quiet(PAGE["no minerals"])
    else:
        yield _legend()
        bars = [
            charts.Stacked(f"{minerals.name(each)} · {minerals.stage(stage)}", _parts(stage))
            for each in one.holdings
            for stage in each.stages
        ]
        yield charts.stacked(bars, found.limit, key, PAGE["minerals title"], _told(found, one))
        rows = [
            (
                minerals.name(each),
                minerals.mass(each.mass),
                minerals.stage(stage),
                minerals.countries(stage),
                minerals.against(stage, found.limit),
            )
            for each in one.holdings
            for stage in each.stages
        ]
        yield table(
            head, ["material", "mass", "stage", "by country", "benchmark row"], rows, "name number word word word"
        )
    if one.product is None:
        return
    yield tag("p", minerals.said(one))
    if one.others:
        yield tag("h4", PAGE["not listed"])
        yield bullets(list(minerals.others(one))[:_SHOWN], "nothing else")
    if one.unmeasured_count:
        yield tag("h4", PAGE["unknown mass"].format(cost=figures.amounts(one.unmeasured_cost, currency)))
        yield bullets(list(minerals.unmeasured(one, currency))[:_SHOWN], "all measured")


def _legend() -> Markup:
    items = [tag("li", charts.swatch(group), PAGE[name]) for group, name in _GROUPS.items()]
    return tag("ul", *items, class_="legend")


def _parts(one: Tally) -> tuple[tuple[str, str, Fraction], ...]:
    """The third country with most, then what may be its own as well, so that the mark stands against both; the rest."""
    whole, found = minerals.total(one), list[tuple[str, str, Fraction]]()
    found += [
        (figures.OUTSIDE, country, amount / whole) for country, _, amount in one.countries if country == one.largest
    ]
    if one.undeclared:
        found.append((figures.UNDECLARED, PAGE["not declared"], one.undeclared / whole))
    others = [each for each in one.countries if each[0] != one.largest]
    for country, standing, amount in sorted(others, key=lambda each: each[1] == "Union"):
        found.append((figures.INSIDE if standing == "Union" else "partner", country, amount / whole))
    return tuple(found)


def _told(found: Minerals, one: Held) -> str:
    """The picture in words."""
    return " ".join(
        PAGE["minerals told"].format(
            material=minerals.name(each),
            stage=minerals.stage(stage),
            countries=minerals.countries(stage),
            against=minerals.against(stage, found.limit),
        )
        for each in one.holdings
        for stage in each.stages
    )
