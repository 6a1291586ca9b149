"""What a loan saves, as one page: every case as a bar, and how each moves with its assumptions (tornado)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from jointbuy.lending import ASSUMPTIONS, Answer, Compared
from jointbuy.report import savings as words
from jointbuy.report.charts import percent_of, picture, pixels
from jointbuy.report.loan_words import LOAN
from jointbuy.report.markup import Markup, join, tag
from jointbuy.report.pieces import document, quiet, section, table

_ROW, _TOP, _LEFT, _RIGHT = 44, 26, Fraction(33), Fraction(68)

_EDGE = 15
"""Per cent of the width at either end where half a label would leave the picture of a narrow screen."""


def page(found: Compared) -> str:
    """The whole page as one text; the same comparison gives the same bytes."""
    question = found.question
    savings = [answer.saving for answer in found.answers]
    told = "; ".join(f"{each.assumed.name}: {words.said(each.saving, _currency(each))}" for each in found.answers)
    tone = "eligible" if min(savings) > 0 else "not-eligible" if max(savings) <= 0 else "undetermined"
    head = tag(
        "header",
        tag("p", question.id, class_="id"),
        tag("h1", question.title),
        tag("p", question.loan.title, class_="law"),
        tag("div", tag("p", f"{told}.", class_="summary"), class_=f"verdict {tone}"),
    )
    made = (section(key, one, LOAN) for key, one in _sections(found))
    return document(question.title, head, tag("main", *made, id="report"))


def _currency(answer: Answer) -> str:
    return answer.assumed.curve.currency


def _sections(found: Compared) -> Iterator[tuple[str, Markup]]:
    lent = found.question.loan.currency
    rows = [(answer.assumed.name, *words.case_cells(answer, lent)) for answer in found.answers]
    heads = ["case", "saving", "in currency", "break even", "loan rate", "own rate"]
    texts = {**LOAN, "in currency": LOAN["in loan currency"].format(currency=lent)}
    shown = table(LOAN["cases caption"], heads, rows, "name" + " number+word" * 5, texts=texts)
    yield "cases", join([_bars(found), shown])
    told = [
        (answer.assumed.name, *(said for _, said in words.assumptions(found, answer.assumed)))
        for answer in found.answers
    ]
    yield (
        "assumptions",
        table(LOAN["assumptions caption"], ["case", *ASSUMPTIONS], told, "name" + " word" * 5, texts=LOAN),
    )
    yield "tornado heading", join([_moves(answer, place) for place, answer in enumerate(found.answers)])


class _Scale:
    """From an amount to its place across; nothing saved is always on it."""

    def __init__(self, amounts: list[int], left: Fraction, right: Fraction) -> None:
        self.low, high = min(0, *amounts), max(0, *amounts)
        self.wide, self.left, self.span = (high - self.low) or 1, left, right - left

    def at(self, amount: int) -> Fraction:
        return self.left + self.span * Fraction(amount - self.low, self.wide)


def _zero(scale: _Scale, bottom: int) -> Iterator[Markup]:
    x = percent_of(scale.at(0))
    yield tag("line", x1=x, x2=x, y1=16, y2=bottom, class_="axis")
    yield tag("text", LOAN["nothing saved"], x=x, y=12, class_=f"tick {_side(scale.at(0))}")


def _side(at: Fraction) -> str:
    """On which side of its place a label stands, so that it does not leave the picture."""
    return "start" if at < _EDGE else "end" if at > 100 - _EDGE else "middle"


def _bars(found: Compared) -> Markup:
    """The saving of every case, at spot in the loan's currency, so that they can stand beside each other."""
    lent = found.question.loan.currency
    scale = _Scale([answer.in_loan_currency for answer in found.answers], _LEFT, _RIGHT)
    bottom = _TOP + 30 * len(found.answers)
    drawn = [*_zero(scale, bottom)]
    for place, answer in enumerate(found.answers):
        top, amount = _TOP + 30 * place, answer.in_loan_currency
        drawn.append(tag("text", answer.assumed.name, x=0, y=top + 15))
        drawn.append(_bar(scale, 0, amount, top, "kind-2" if amount > 0 else "kind-4"))
        drawn.append(_label(scale, amount, words.said(amount, lent), top + 15))
    told = LOAN["bars told"].format(
        cases="; ".join(f"{each.assumed.name} {words.said(each.in_loan_currency, lent)}" for each in found.answers)
    )
    return picture("saving-bars", LOAN["bars"].format(currency=lent), told, bottom + 6, join(drawn))


def _bar(scale: _Scale, start: int, end: int, top: int, kind: str) -> Markup:
    low, high = sorted((scale.at(start), scale.at(end)))
    return tag(
        "rect",
        x=percent_of(low),
        width=percent_of(high - low),
        y=pixels(Fraction(top)),
        height=20,
        class_=f"cell {kind}",
    )


def _label(scale: _Scale, amount: int, text: str, y: int) -> Markup:
    """A label right of a bar, or of nothing saved where the bar goes left from there."""
    return tag("text", text, x=percent_of(scale.at(max(0, amount)) + Fraction(1, 2)), y=y, class_="tick start")


def _moves(answer: Answer, place: int) -> Markup:
    currency = _currency(answer)
    swings = sorted(answer.swings, key=lambda each: -words.spread(each, answer.saving))
    rows = [
        (each.assumption, each.low, words.said(each.at_low, currency), each.high, words.said(each.at_high, currency))
        for each in swings
    ]
    caption = LOAN["tornado caption"].format(name=answer.assumed.name)
    heads = ["assumption", "low", "at low", "high", "at high"]
    shown = table(caption, heads, rows, "name word number+word word number+word", texts=LOAN)
    return join([tag("h3", answer.assumed.name), _tornado(answer, place), shown])


def _key() -> Markup:
    """Which colour is which end."""
    boxes = [
        tag(
            "span",
            tag("svg", tag("rect", width=16, height=12, class_=f"cell {kind}"), width=16, height=12),
            f" {name}",
            class_="key",
        )
        for kind, name in (("kind-1", LOAN["first end"]), ("kind-4", LOAN["second end"]))
    ]
    return quiet(*boxes)


def _tornado(answer: Answer, place: int) -> Markup:
    """How the saving moves with each assumption, the strongest on top, around the saving as assumed."""
    currency = _currency(answer)
    swings = sorted(answer.swings, key=lambda each: -words.spread(each, answer.saving))
    ends = [amount for each in swings for amount in (each.at_low, each.at_high)]
    scale = _Scale([*ends, answer.saving], Fraction(1), Fraction(99))
    bottom = _TOP + _ROW * len(swings)
    drawn, texts = [*_zero(scale, bottom)], list[Markup]()
    for row, each in enumerate(swings):
        top = _TOP + _ROW * row
        varied = each.low if each.low == each.high else f"{each.low} … {each.high}".replace(" a year …", " …")
        texts.append(tag("text", f"{each.assumption}: {varied}", x=0, y=top + 12))
        for amount, kind in ((each.at_low, "kind-1"), (each.at_high, "kind-4")):
            drawn.append(_bar(scale, answer.saving, amount, top + 18, kind))
    x = percent_of(scale.at(answer.saving))
    drawn.append(tag("line", x1=x, x2=x, y1=_TOP - 4, y2=bottom, class_="limit"))
    drawn += texts  # above the lines, which would run through them
    label = words.said(answer.saving, currency)
    drawn.append(tag("text", label, x=x, y=bottom + 14, class_=f"limit-label {_side(scale.at(answer.saving))}"))
    widest = swings[0]
    told = LOAN["tornado told"].format(
        saving=label,
        most=widest.assumption,
        low=words.said(min(widest.at_low, widest.at_high), currency),
        high=words.said(max(widest.at_low, widest.at_high), currency),
    )
    title = LOAN["tornado"].format(name=answer.assumed.name)
    made = picture(f"tornado-{place}", title, told, bottom + 20, join(drawn))
    return join([made, _key()])
