"""The cheapest change that makes a purchase pass, as a page with the cost against each share drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from jointbuy.money import DIGITS
from jointbuy.remedy import Change, Fix, Frontier, Limit, Standing, Taken
from jointbuy.report import charts, figures, frontier_chart, remedies
from jointbuy.report.markup import Markup, join, tag
from jointbuy.report.pieces import bullets, document, quiet, section, table
from jointbuy.report.words import PAGE


def page(found: Fix) -> str:
    """The whole page as one text; the same answer gives the same bytes."""
    purchase = found.before[0].purchase
    title = PAGE["fixed"].format(title=purchase.title or purchase.id)
    head = tag("header", tag("h1", title), tag("p", purchase.id, class_="id"), _answer(found))
    main = tag("main", *(section(key, made) for key, made in _sections(found)), id="report")
    return document(title, charts.patterns(), head, main)


def _answer(found: Fix) -> Markup:
    tone = "eligible" if remedies.passes(found) else "undetermined" if found.stopped else "not-eligible"
    told = [tag("p", each, class_="summary") for each in remedies.summary(found)]
    return tag("div", tag("p", remedies.headline_plain(found), class_="outcome"), *told, class_=f"verdict {tone}")


def _sections(found: Fix) -> Iterator[tuple[str, Markup]]:
    currency = found.currency
    if found.changes:
        yield "fix changes", _changes(found.changes, currency)
    if found.actions:
        yield "fix actions", _actions(found.actions, currency)
    if conditions := [each for case in found.after for each in case.verdict.conditions]:
        yield (
            "fix conditions",
            bullets([f"{each.text} ({each.who}; {each.provision})" for each in conditions], "fix none"),
        )
    if found.limits:
        yield "fix limits", _limits(found.limits, currency)
    if found.frontiers:
        yield "fix frontier", join(_frontier(each, currency, place) for place, each in enumerate(found.frontiers))
    if found.loosened:
        yield "fix loosened", tag("p", remedies.loosened(found))
    if found.runners_up:
        yield "fix runners", bullets([remedies.runner(each, currency) for each in found.runners_up], "fix none")
    if found.standing:
        yield "fix standing", join(map(_standing, found.standing))
    if found.nearest:
        yield "fix near", bullets(map(remedies.near, found.nearest), "fix none")
    if found.too_late:
        yield "fix late", bullets([f"{each.what}: {each.because}" for each in found.too_late], "fix none")
    if found.refused and remedies.passes(found):
        yield "fix refused", bullets(found.refused, "fix none")
    if found.notes:
        yield "notes", bullets(found.notes, "no notes")


def _changes(changes: Sequence[Change], currency: str) -> Markup:
    rows = [
        (
            f"{each.name} ({each.part})" if each.name else each.part,
            remedies.source(each.supplier_before, each.origin_before),
            remedies.source(each.supplier, each.origin),
            remedies.detail(each, currency),
            remedies.amount(each.cost, currency),
        )
        for each in changes
    ]
    heads = ["fix part", "fix before", "fix after", "fix detail", "fix cost"]
    return table(PAGE["fix changes caption"], heads, rows, "word word word word number+word")


def _actions(actions: Iterable[Taken], currency: str) -> Markup:
    rows = [
        (
            each.action.what or each.action.id,
            ", ".join(each.provisions),
            remedies.NOT_STATED if each.cost is None else remedies.amount(each.cost, currency),
        )
        for each in actions
    ]
    return table(PAGE["fix actions caption"], ["fix action", "fix for", "fix cost"], rows, "word word number+word")


def _limits(limits: Iterable[Limit], currency: str) -> Markup:
    rows = [
        (
            each.name,
            remedies.share(each.before, each.limit),
            remedies.share(each.after, each.limit),
            f"{'at most' if each.at_most else 'at least'} {figures.limit_percent(each.limit)}",
            "–" if each.point is None else remedies.amount(round(each.point), currency),
        )
        for each in limits
    ]
    heads = ["fix limit", "fix share before", "fix share after", "fix at", "fix point"]
    return table(PAGE["fix limits caption"], heads, rows, "word number+word number+word word number+word")


def _frontier(frontier: Frontier, currency: str, place: int) -> Markup:
    side = "at most" if frontier.at_most else "at least"
    rows = [
        (
            f"{side} {figures.percent(each.share, frontier.limit)}",
            str(each.changes),
            figures.amount(Fraction(each.cost, 10 ** DIGITS[currency]), currency),
        )
        for each in remedies.spread(frontier.points)
    ]
    heads = ["fix share", "fix number", "fix cost"]
    return join(
        [
            frontier_chart.drawn(frontier, currency, DIGITS[currency], f"frontier-{place}"),
            table(PAGE["fix frontier caption"].format(name=frontier.name), heads, rows, "word number+word number+word"),
        ]
    )


def _standing(each: Standing) -> Markup:
    remedy = [f"{one} ({remedies.NOT_STATED})" for one in each.remedies]
    return tag(
        "div",
        tag("h3", f"{each.title} ({each.provision})"),
        tag("p", each.because),
        bullets(remedy, "fix none") if remedy else quiet(PAGE["fix none"]),
    )
