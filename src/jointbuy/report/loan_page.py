"""A loan's schedule as one page of pictures, each with the table that says its numbers; opens without a network."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from jointbuy.lending import Draw, Schedule
from jointbuy.money import DIGITS
from jointbuy.report import loan_charts as charts
from jointbuy.report import loans as words
from jointbuy.report.frontier_chart import short
from jointbuy.report.loan_words import LOAN
from jointbuy.report.markup import Markup, join, tag
from jointbuy.report.pieces import bullets, document, section, table


def page(found: Schedule) -> str:
    """The whole page as one text; the same loan gives the same bytes."""
    loan, totals = found.loan, found.totals
    summary = (
        f"{words.money(totals.drawn, loan.currency)} drawn, {words.money(totals.interest, loan.currency)} interest and "
        f"{words.money(totals.fees, loan.currency)} fees until {found.instalments[-1].on}."
    )
    head = tag(
        "header",
        tag("p", loan.id, class_="id"),
        tag("h1", loan.title),
        tag("div", tag("p", summary, class_="summary"), class_="verdict not-applicable"),
    )
    made = (section(key, one, LOAN) for key, one in _sections(found))
    return document(loan.title, head, tag("main", *made, id="report"))


def _sections(found: Schedule) -> Iterator[tuple[str, Markup]]:
    currency = found.loan.currency

    def says(minor: int) -> str:
        return short(Fraction(minor, 10 ** DIGITS[currency]), currency)

    yield "balance", join([charts.balance(found, says), charts.payments(found, says)])
    rows = [(str(row.on), *words.cells(row, currency)) for row in found.instalments]
    heads = ["on", "opening", "drawn", "interest", "principal", "fees", "closing"]
    classes = "name" + " number+word" * 6
    yield "schedule", table(f"{LOAN['schedule caption']}; {currency}", heads, rows, classes, texts=LOAN)
    yield "draws", _draws(found)
    yield "terms", table(LOAN["terms caption"], ["term", "value"], words.terms(found), "name word", texts=LOAN)
    yield "notes", bullets(words.notes(found), "no notes")


def _draws(found: Schedule) -> Markup:
    currency, clearing = found.loan.currency, found.loan.clearing
    rows = [
        (
            str(draw.on),
            _kind(draw),
            "" if draw.prefinancing else words.grouped(draw.claimed, currency),
            "" if draw.prefinancing else words.grouped(draw.claimed - draw.amount, currency),
            words.grouped(draw.amount, currency),
        )
        for draw in found.loan.draws
    ]
    caption = LOAN["draws caption"].format(clearing=clearing) if clearing else LOAN["draws caption plain"]
    heads = ["on", "kind", "claimed", "cleared", "paid"]
    return table(f"{caption}; {currency}", heads, rows, "name word" + " number+word" * 3, texts=LOAN)


def _kind(draw: Draw) -> str:
    if draw.prefinancing:
        return LOAN["pre-financing"]
    return LOAN["request"].format(day=draw.requested) if draw.requested else LOAN["request plain"]
