"""A ledger as one page: plan lines and years as pictures, every finding, what falls due; opens offline."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from jointbuy.ledger import Kept
from jointbuy.report import bar_rows as bars
from jointbuy.report import ledger as words
from jointbuy.report.bar_rows import Bar
from jointbuy.report.markup import Markup, join, tag
from jointbuy.report.pieces import bullets, document, quiet, section, table
from jointbuy.report.pool import NONE, ahead, cents, percent
from jointbuy.report.words import PAGE

_PLAN = (
    ("faint", "plan"),
    ("cell kind-1", "contracts, the loan's part"),
    ("cell kind-2", "claimed"),
    ("cell kind-0", "received"),
)
_YEARS = (("cell kind-2", "delivered"), ("cell kind-3", "to be delivered"), ("cell kind-0", "loan drawn"))


def page(kept: Kept) -> str:
    """The whole page as one text; the same ledger gives the same bytes."""
    wrong = any(each.weight == "wrong" for each in kept.remarks)
    tone = "not-eligible" if wrong else "undetermined" if kept.remarks else "eligible"
    head = tag(
        "header",
        tag("p", kept.ledger.id, class_="id"),
        tag("h1", f"{kept.ledger.title}, on {kept.on}"),
        tag("p", kept.titles[kept.ledger.state], class_="law"),
        tag(
            "div",
            tag("p", words.summary(kept), class_="outcome"),
            tag("p", words.loan(kept), class_="summary"),
            class_=f"verdict {tone}",
        ),
    )
    main = tag("main", *(section(key, made) for key, made in _sections(kept)), id="report")
    return document(kept.ledger.title, head, main)


def _sections(kept: Kept) -> Iterator[tuple[str, Markup]]:
    if kept.lost:
        yield "ledger lost", bullets(words.lost(kept.lost, kept), "no notes")
    if kept.remarks:
        yield "ledger remarks", _remarks(kept)
    yield "ledger plan", join([plan(kept), _plan(kept), bullets(words.moves(kept), "no notes")])
    yield "ledger requests", join([_requests(kept), quiet(words.more_requests(kept))])
    yield "ledger due", _due(kept)
    yield "ledger pays", join([_sources(kept), _payers(kept), _made(kept)])
    yield "ledger years", join([years(kept), _years(kept), quiet(words.clause(kept))])


# --- pictures -------------------------------------------------------------------------------


def plan(kept: Kept) -> Markup:
    """A row for each line: the plan in outline, and what became of it within."""
    rows = [
        (
            f"{each.line} {each.title}",
            [
                Bar(0, each.planned, "faint"),
                Bar(0, each.loan, "cell kind-1", 3),
                Bar(0, each.claimed, "cell kind-2", 6),
                Bar(0, each.received, "cell kind-0", 8),
            ],
            words.millions(each.loan) + (f", {words.millions(each.short)} over the plan" if each.short else ""),
        )
        for each in kept.lines
    ]
    told = "; ".join(
        f"{each.line}: plan {cents(each.planned)}, contracts {cents(each.loan)}, claimed {cents(each.claimed)}, "
        f"received {cents(each.received)}"
        for each in kept.lines
    )
    return join([bars.rows("ledger-plan", PAGE["ledger plan"], told, rows, names=0), bars.legend(_PLAN)])


def years(kept: Kept) -> Markup:
    """Two bars a year: what is delivered, and what is drawn."""
    rows: list[tuple[str, list[Bar], str]] = []
    for each in kept.years:
        whole = each.accrued + each.planned
        parts = [Bar(0, each.accrued, "cell kind-2", 3), Bar(each.accrued, whole, "cell kind-3", 3)]
        rows.append((str(each.year), parts, f"{words.millions(whole)} deliveries"))
        if each.drawn:
            rows.append(("", [Bar(0, each.drawn, "cell kind-0", 3)], f"{words.millions(each.drawn)} drawn"))
    told = "; ".join(
        f"{each.year}: delivered {cents(each.accrued)}, to come {cents(each.planned)}, drawn {cents(each.drawn)}"
        for each in kept.years
    )
    return join([bars.rows("ledger-years", PAGE["ledger years"], told, rows, 8), bars.legend(_YEARS)])


# --- tables ---------------------------------------------------------------------------------


def _remarks(kept: Kept) -> Markup:
    rows = [(each.weight, words.told(each), each.provision or NONE, str(each.where or NONE)) for each in kept.remarks]
    heads = ["ledger weight", "ledger what", "ledger provision", "ledger where"]
    return table(PAGE["ledger remarks caption"], heads, rows, "name word word word")


def _plan(kept: Kept) -> Markup:
    rows = [row[:-1] for row in words.plan_rows(kept)][1:]
    heads = [
        "ledger line",
        "ledger planned",
        "ledger contracted",
        "ledger loan",
        "ledger delivered",
        "ledger claimed",
        "ledger received",
    ]
    return table(
        PAGE["ledger plan caption"],
        heads,
        rows,
        "name number+word number+word number+word number+word number+word number+word",
    )


def _requests(kept: Kept) -> Markup:
    heads = ["ledger request", "ledger submitted", "ledger amount", "ledger came", "ledger set off", "ledger missing"]
    rows = list(words.request_rows(kept))[1:]
    return table(PAGE["ledger requests caption"], heads, rows, "name word number+word number+word number+word word")


def _due(kept: Kept) -> Markup:
    rows = [(str(each.day), ahead(each.days), words.due_told(each)) for each in kept.due]
    heads = ["ledger day", "ledger days", "ledger what"]
    return table(PAGE["ledger due caption"].format(on=kept.on), heads, rows, "name word word")


def _sources(kept: Kept) -> Markup:
    whole = sum(deal.value for deal in kept.contracts)
    rows = [
        (source, cents(amount), percent(Fraction(amount, whole)) if whole else NONE)
        for source, amount in words.sources(kept)
    ]
    heads = ["ledger source", "ledger amount", "ledger share"]
    return table(PAGE["ledger sources caption"], heads, rows, "name number+word number+word")


def _payers(kept: Kept) -> Markup | None:
    return bullets((words.buyers(each, kept) for each in kept.bought), "no notes") if kept.bought else None


def _made(kept: Kept) -> Markup | None:
    rows = [(kept.titles[code], *words.at_least_at_most(low, high)) for code, low, high in words.made(kept)]
    if not rows:
        return None
    heads = ["ledger country", "ledger least", "ledger most"]
    return join([table(PAGE["ledger made caption"], heads, rows, "name number+word number+word"), quiet(words.MADE)])


def _years(kept: Kept) -> Markup:
    heads = [
        "ledger year",
        "ledger delivered",
        "ledger to be",
        "ledger drawn",
        "ledger paid",
        "ledger room",
        "ledger clause",
    ]
    rows = list(words.year_rows(kept))[1:]
    return table(
        PAGE["ledger years caption"],
        heads,
        rows,
        "name number+word number+word number+word number+word number+word word",
    )
