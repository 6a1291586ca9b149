"""A joint plan as one page of pictures, each with the table that says its numbers; opens without a network."""

from __future__ import annotations

from collections.abc import Iterator

from jointbuy.joint import Contract, Offer, Planned
from jointbuy.report import plan as words
from jointbuy.report import plan_charts as charts
from jointbuy.report.markup import Markup, join, tag
from jointbuy.report.pieces import bullets, document, quiet, section, table
from jointbuy.report.words import PAGE

_SHOWN = 40


def page(found: Planned) -> str:
    """The whole page as one text; the same plan gives the same bytes."""
    sections = list(_sections(found))
    tone = {"optimal": "eligible", "within the gap": "eligible", "stopped": "undetermined"}.get(
        found.status, "not-eligible"
    )
    told = [tag("p", words.STATUS[found.status], class_="outcome")]
    if found.cost is not None:
        said = PAGE["plan cost"].format(
            cost=words.money(found, found.cost), rate=words.percent(found.plan.discount), gap=words.gap_told(found)
        )
        told.append(tag("p", said, class_="summary"))
    if found.clash is not None:
        told += [tag("p", each, class_="summary") for each in words.conflict(found, found.clash)]
        told.append(quiet(words.proof(found.clash)))
    head = tag(
        "header",
        tag("p", found.plan.id, class_="id"),
        tag("h1", found.plan.title),
        tag("p", "; ".join(found.terms.says), class_="law"),
        tag("div", *told, class_=f"verdict {tone}"),
    )
    main = tag("main", *(section(key, made) for key, made in sections), id="report")
    return document(found.plan.title, head, main)


def _sections(found: Planned) -> Iterator[tuple[str, Markup]]:
    if found.clash is not None and found.clash.gives:
        rows = words.given(found, found.clash)
        made = table(PAGE["plan gives caption"], ["plan by", "plan what"], rows, "number word")
        yield "plan gives", join([made, quiet(words.settles(found.clash))])
    if found.cost is None:
        return
    yield "plan matrix", join([charts.matrix(found), _contracts(found)])
    yield "plan years", join([charts.years(found), _payments(found)])
    yield "plan work", join([charts.work(found), _work(found)])
    if found.frontier:
        yield "plan frontier", join([charts.frontier(found), _frontier(found)])
    yield "plan binds", _binding(found)
    yield "plan depends", _depends(found)
    if notes := words.notes(found):
        yield "notes", bullets(notes, "no notes")


def _contracts(found: Planned) -> Markup:
    offers, names = {each.id: each for each in found.plan.offers}, words.names(found)
    rows = [
        (
            f"{names[one.offer]} ({offers[one.offer].capability})",
            f"{one.quantity:,}",
            words.money(found, offers[one.offer].tiers[one.tier].price),
            _lead(found, one, offers[one.offer]),
            words.listed(sorted(words.title(found, code) for code in one.buyers)),
        )
        for one in sorted(found.contracts, key=lambda each: (offers[each.offer].capability, each.offer))
    ]
    heads = ["plan system", "plan pieces", "plan price", "plan lead", "plan buyers"]
    return table(PAGE["plan contracts"], heads, rows, "word number+word number+word word word")


def _lead(found: Planned, one: Contract, offer: Offer) -> str:
    """Who leads, or that it is bought outside the common procurement, and who then pays its set-up."""
    lead = words.title(found, one.lead)
    if not offer.alone:
        return lead
    return f"– ({words.OUTSIDE}; {lead} pays the set-up)" if one.set_up else f"– ({words.OUTSIDE})"


def _payments(found: Planned) -> Markup:
    rows = [
        (state, *(words.money(found, each) if each else "–" for each in amounts))
        for state, amounts in words.paid_by(found)
    ]
    heads = ["plan state", *map(str, found.plan.years)]
    return table(PAGE["plan payments"], heads, rows, "word" + " number+word" * len(found.plan.years))


def _work(found: Planned) -> Markup:
    rows = [
        (
            words.title(found, each.state),
            *words.paid(found, each.state),
            words.percent(each.cost, each.total),
            words.money(found, each.work),
            words.percent(each.work, each.total),
        )
        for each in found.work
    ]
    paid = ["plan pays", "plan set-up", "plan in all", "plan by loan"]
    heads = ["plan state", *paid, "plan cost share", "plan made", "plan work share"]
    return table(PAGE["plan work caption"], heads, rows, "word" + " number+word" * 7)


def _frontier(found: Planned) -> Markup:
    rows = [
        (
            words.money(found, each.cost),
            words.point_gap(each),
            words.money(found, each.amount),
            words.percent(each.amount, each.total),
        )
        for each in found.frontier
    ]
    heads = ["plan least", "plan bound", "plan dependence", "plan of value"]
    caption = PAGE["plan frontier caption"].format(countries=words.listed(found.plan.depends_on))
    return table(caption, heads, rows, "number+word " * 4)


def _binding(found: Planned) -> Markup:
    rows = [
        (row.name, row.family, words.worth(found, row) if row.price else "–") for row in words.binding(found)[:_SHOWN]
    ]
    return table(PAGE["plan binds caption"], ["plan what", "plan family", "plan worth"], rows, "word word word")


def _depends(found: Planned) -> Markup:
    rows = [
        (
            words.title(found, each.country),
            words.money(found, each.amount),
            words.percent(each.amount, each.total),
        )
        for each in sorted(found.depends, key=lambda one: -one.amount)
        if each.state is None
    ]
    hidden = next((each for each in found.depends if each.state is None), None)
    told = words.percent(hidden.undeclared, hidden.total) if hidden else words.percent(0)
    made = table(
        PAGE["plan depends caption"],
        ["plan country", "plan amount", "plan of value"],
        rows,
        "word number+word number+word",
    )
    return join([made, quiet(PAGE["plan undeclared"].format(share=told))])
