"""Answers about where the value comes from as a page of pictures, each with the table that says its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from jointbuy.asked import Explored, Moves, Scenario, Stressed, Variant, Why
from jointbuy.exact import Range
from jointbuy.report import charts, exploring, figures, words
from jointbuy.report.markup import Markup, join, tag
from jointbuy.report.pieces import bullets, document, quiet, section, table
from jointbuy.report.words import PAGE

_SHOWN = 30


def page(found: Explored) -> str:
    """The whole page as one text; the same answers give the same bytes."""
    title = found.case.purchase.title or found.case.verdict.purchase
    sections = list(_sections(found))
    head = tag("header", tag("h1", PAGE["explored"].format(title=title)))
    main = tag("main", *(section(key, made) for key, made in sections), id="report")
    return document(PAGE["explored"].format(title=title), charts.patterns(), head, main)


def _sections(found: Explored) -> Iterator[tuple[str, Markup]]:
    if found.variants:
        yield "variants", _variants(found.variants, found.limit)
    if found.why:
        yield "why", join(_why(each, words.currency(found.case)) for each in found.why)
    if found.moves:
        yield "moves", join(_moves(each, found.limit) for each in found.moves)
    if found.scenarios:
        yield "what if", _scenarios(found.scenarios, found.limit)
    if found.minerals:
        # Imported on use: few ask for them.
        from jointbuy.report import minerals_page

        yield "minerals", minerals_page.made(found.minerals, words.currency(found.case))
    if found.break_evens:
        each = bullets([exploring.told(each) for each in found.break_evens[:_SHOWN]], "nothing breaks")
        yield "break-evens", join([each, quiet(exploring.OF_THE_BILL)])
    if found.stressed:
        yield "stress", join(_stressed(each, place) for place, each in enumerate(found.stressed))


def _variants(variants: tuple[Variant, ...], limit: Fraction | None) -> Markup:
    several = len({each.product for each in variants}) > 1
    rows = [
        (
            ("→ " if each.chosen else "") + (f"{each.product}: {each.name}" if several else each.name),
            figures.percents(each.outside, limit) if each.outside else "–",
            charts.mini_bar(figures.OUTSIDE, each.outside, Fraction(1)),
            each.term + (f" ({PAGE['bound']})" if each.bound else ""),
        )
        for each in variants
    ]
    heads = ["variant", "of base", "drawn", "term"]
    return table(PAGE["variants caption"], heads, rows, "word number bar word")


def _why(why: Why, currency: str) -> Markup:
    most = max((each.amount.high for each in why.carriers), default=Fraction(0))
    rows = [
        (
            exploring.path(each),
            figures.amounts(each.amount, currency),
            charts.mini_bar(figures.OUTSIDE, Range(each.amount.low, each.amount.high), most),
        )
        for each in why.carriers
    ]
    told = PAGE["why caption"].format(
        country=why.country or PAGE["undeclared"], product=why.product, total=figures.amounts(why.total, currency)
    )
    return table(told, ["path", "carried", "drawn"], rows, "word number bar")


def _moves(moves: Moves, limit: Fraction | None) -> Markup:
    most = max((abs(each.by) for each in moves.lines), default=Fraction(0))
    rows = [
        (
            (f"{each.part}, {each.supplier}" if each.supplier else each.part) + f" ({exploring.changed(each)})",
            exploring.points(each.by),
            charts.mini_bar(
                figures.OUTSIDE if each.by > 0 else figures.INSIDE, Range(abs(each.by), abs(each.by)), most
            ),
        )
        for each in moves.lines[:_SHOWN]
    ]
    told = PAGE["moves caption"].format(
        product=moves.product, before=exploring.share(moves.before, limit), after=exploring.share(moves.after, limit)
    )
    return table(told, ["line", "moved", "drawn"], rows, "word number bar")


def _scenarios(scenarios: tuple[Scenario, ...], limit: Fraction | None) -> Markup:
    several = len({each.product for each in scenarios}) > 1
    rows = [
        (
            f"{each.product}: {each.name}" if several else each.name,
            figures.percents(each.outside, limit) if each.outside else "–",
            charts.mini_bar(figures.OUTSIDE, each.outside, Fraction(1)),
            exploring.KEEPS[each.keeps],
        )
        for each in scenarios
    ]
    return table(PAGE["what if caption"], ["scenario", "of base", "drawn", "limit row"], rows, "word number bar word")


def _stressed(found: Stressed, place: int) -> Markup:
    told = exploring.assumed(found)
    often = exploring.often(found)
    points = words.told_apart([share for _, share in found.quantiles])
    rows = [(name, point) for (name, _), point in zip(found.quantiles, points, strict=True)]
    return join(
        [
            tag("p", often),
            charts.histogram(found, f"stress-{place}", often, told),
            table(
                PAGE["stress caption"].format(product=found.product), ["draws below", "of base"], rows, "word number"
            ),
            quiet(told),
        ]
    )
