"""Pictures of a case as SVG inside the page: widths in per cent and text in pixels, so that they fit any width.

A picture is for the eye: positions are rounded. Every number in it stands in a table beside it. Groups differ by
pattern as well as by colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from jointbuy.asked import Stressed
from jointbuy.exact import Range
from jointbuy.report import figures, measured, words
from jointbuy.report.figures import Block, Product
from jointbuy.report.markup import Markup, join, tag
from jointbuy.report.words import PAGE

HEIGHT = 720
"""Pixels that the whole cost of one end product takes in the drawing of its bill; fits a page of A4."""
SMALLEST = Fraction(14, HEIGHT)
"""Share of the cost below which parts are drawn together: one line of small text."""
_GAP = Fraction(1)
_BAR = 46
_LABELLED = Fraction(6, 100)
"""Share of a bar from which on its part bears its label."""
_MARKS = {
    "partner": '<circle cx="4" cy="4" r="1.3"/>',
    "outside": '<path d="M-2 2L2 -2M0 8L8 0M6 10L10 6"/>',
    "undeclared": '<path d="M0 4H8M4 0V8"/>',
}


def kind(group: str) -> str:
    """How a group is drawn: inside, outside, undeclared; every other one is a partner."""
    return group if group in {figures.INSIDE, figures.OUTSIDE, figures.UNDECLARED} else "partner"


def patterns() -> Markup:
    """The fills that all pictures of a page share."""
    made = [
        tag(
            "pattern",
            tag("rect", width=8, height=8, class_=f"ground {name}"),
            Markup(_MARKS.get(name, "")),
            id=f"fill-{name}",
            class_=f"marks {name}",
            width=8,
            height=8,
            patternUnits="userSpaceOnUse",
        )
        for name in ("inside", "partner", "outside", "undeclared")
    ]
    return tag("svg", tag("defs", *made), class_="hidden", width=0, height=0, aria_hidden="true")


def swatch(group: str) -> Markup:
    """The small box that stands for a group in legends and tables."""
    box = _box(group, Fraction(0), Fraction(1), 1, 10)
    return tag("span", tag("svg", box, width=16, height=12, aria_hidden="true"), class_="swatch")


def share_bar(product: Product, key: str, name: str, told: str) -> Markup:
    """Share from outside: what is certain, what is open, the rest, and the limit. `told` says it in words."""
    if product.outside is None:
        return Markup("")
    low, high = product.outside.low, product.outside.high
    end = 1 - measured.drawn(product.rest, product.outside)
    spans = [(figures.OUTSIDE, Fraction(0), low), (figures.UNDECLARED, low, high), (figures.INSIDE, high, end)]
    drawn = [_box(group, start, end, 22, 36) for group, start, end in spans if start < end]
    marks = [
        tag("text", f"{tick} %", x="100%" if tick == 100 else f"{tick}%", y=76, class_=f"tick {_anchor(tick)}")
        for tick in (0, 25, 50, 75, 100)
    ]
    if product.standing:
        limit = product.standing.limit
        at = percent_at(limit)
        label = PAGE["limit"].format(limit=figures.limit_percent(limit))
        anchor = _anchor(0 if limit < Fraction(1, 8) else 100 if limit > Fraction(7, 8) else 50)
        marks += [
            tag("line", x1=at, x2=at, y1=17, y2=63, class_="limit-halo"),
            tag("line", x1=at, x2=at, y1=17, y2=63, class_="limit"),
            tag("text", label, x=at, y=12, class_=f"limit-label {anchor}"),
        ]
    return picture(
        f"bar-{key}", PAGE["bar title"].format(name=name, base=words.of_base(product)), told, 82, join([*drawn, *marks])
    )


def mini_bar(group: str, share: Range | None, most: Fraction) -> Markup:
    """A share as a bar in a row of a table that says the number; `most` fills the cell, what is open is faint."""
    if share is None or not most:
        return Markup("")
    low, high = share.low / most, share.high / most
    faint = tag("rect", x=percent_at(low), y=1, width=percent_at(high - low), height=12, class_="faint")
    box = _box(group, Fraction(0), low, 1, 12) if low else None
    return tag("svg", faint if low < high else None, box, width="100%", height=14, aria_hidden="true")


@dataclass(frozen=True, slots=True)
class Stacked:
    """A bar of parts that make up a whole: its label, and the group, label and share of each part, left to right."""

    label: str
    parts: tuple[tuple[str, str, Fraction], ...]


def stacked(bars: Sequence[Stacked], benchmark: Fraction, key: str, title: str, told: str) -> Markup:
    """Bars below each other, and the mark of one benchmark on all of them."""
    drawn, bottom = [], 20 + _BAR * len(bars)
    for place, one in enumerate(bars):
        top, start = 20 + _BAR * place, Fraction(0)
        drawn.append(tag("text", one.label, x=0, y=top + 14))
        for group, label, share in one.parts:
            drawn.append(_box(group, start, start + share, top + 19, 20))
            if share >= _LABELLED:
                inner = tag("text", label, x=6, y=14)
                drawn.append(
                    tag("svg", inner, x=percent_at(start), y=top + 19, width=percent_at(share), height=20, class_="in")
                )
            start += share
        # Drawn bar by bar, so that the mark never runs through a label.
        at = percent_at(benchmark)
        drawn += [tag("line", x1=at, x2=at, y1=top + 17, y2=top + 41, class_=name) for name in ("limit-halo", "limit")]
    label = PAGE["benchmark"].format(limit=figures.limit_percent(benchmark))
    drawn.append(tag("text", label, x=percent_at(benchmark), y=12, class_="limit-label middle"))
    return picture(f"bill-{key}", title, told, bottom + 6, join(drawn))


def histogram(found: Stressed, key: str, title: str, told: str) -> Markup:
    """How many draws gave which share, and where the limit stands among them."""
    low, step = found.histogram[0][0], found.histogram[1][0] - found.histogram[0][0]
    wide, most = step * len(found.histogram), max(count for _, count in found.histogram)
    drawn = []
    for share, count in found.histogram:
        tall = Fraction(count, most) * 120
        group = figures.OUTSIDE if share >= found.limit else figures.INSIDE
        start = (share - low) / wide if wide else Fraction(0)
        drawn.append(_box(group, start, start + Fraction(1, len(found.histogram)), 140 - tall, tall))
    marks = [
        tag("text", share, x=percent_at(Fraction(at)), y=156, class_=f"tick {_anchor(at * 100)}")
        for at, share in enumerate(words.told_apart([low, low + wide]))
    ]
    if wide and low <= found.limit <= low + wide:
        at = (found.limit - low) / wide
        anchor = _anchor(0 if at < Fraction(1, 8) else 100 if at > Fraction(7, 8) else 50)
        label = PAGE["limit"].format(limit=figures.limit_percent(found.limit))
        marks += [
            tag("line", x1=percent_at(at), x2=percent_at(at), y1=16, y2=142, class_="limit-halo"),
            tag("line", x1=percent_at(at), x2=percent_at(at), y1=16, y2=142, class_="limit"),
            tag("text", label, x=percent_at(at), y=12, class_=f"limit-label {anchor}"),
        ]
    return picture(key, title, told, 162, join([*drawn, *marks]))


def icicle(blocks: tuple[Block, ...], whole: Fraction, key: str, title: str, told: str) -> Markup:
    """The bill: parts of the first level left, what is in them right; heights by the upper end of cost."""
    drawn = list(_column(blocks, whole, Fraction(0), Fraction(HEIGHT), 0))
    top = Fraction(0)
    for block in blocks:
        room = block.amount.high / whole * HEIGHT
        inner = sum((each.amount.high for each in block.inner), Fraction(0))
        drawn += _column(block.inner, max(inner, block.amount.high), top, room, 1)
        top += room
    return picture(f"bill-{key}", title, told, HEIGHT, join(drawn))


def _column(blocks: tuple[Block, ...], whole: Fraction, top: Fraction, room: Fraction, column: int) -> Iterator[Markup]:
    """Blocks below each other in `room` pixels from `top`; `whole` is the amount that fills the room."""
    start, wide = (Fraction(0), Fraction(48, 100)) if column == 0 else (Fraction(49, 100), Fraction(51, 100))
    for block in blocks:
        tall = block.amount.high / whole * room if whole else Fraction(0)
        gap = min(_GAP, tall / 4)
        left = start
        for slice_ in block.slices:
            part = slice_.amount.high / block.amount.high * wide if block.amount.high else Fraction(0)
            yield _box(slice_.group, left, left + part, top, tall - gap)
            left += part
        if tall >= 13:
            yield _label(block, start, wide, top, tall - gap)
        top += tall


def _label(block: Block, left: Fraction, wide: Fraction, top: Fraction, tall: Fraction) -> Markup:
    """Share and name of a block, below each other where there is room, cut at its edge where there is not."""
    share = figures.percents(block.share) if block.share else ""
    name = PAGE["smaller"].format(number=block.several) if block.several > 1 else block.name or block.part
    lines = [share, name] if tall >= 34 and share else [f"{share}  {name}"]
    first = tall / 2 + 4 - 7 * (len(lines) - 1)
    texts = [tag("text", line, x=7, y=pixels(first + 14 * place)) for place, line in enumerate(lines)]
    box = {"x": percent_at(left), "y": pixels(top), "width": percent_at(wide), "height": pixels(tall)}
    return tag("svg", *texts, **box, class_="in")


def _box(group: str, start: Fraction, end: Fraction, top: Fraction | int, tall: Fraction | int) -> Markup:
    name = kind(group)
    return tag(
        "rect",
        x=percent_at(start),
        y=pixels(Fraction(top)),
        width=percent_at(end - start),
        height=pixels(Fraction(tall)),
        fill=f"url(#fill-{name})",
        class_=f"box {name}",
    )


def picture(key: str, title: str, told: str, height: int, drawn: Markup) -> Markup:
    """An image with a name and a description for those who do not see it."""
    return tag(
        "svg",
        tag("title", title, id=f"{key}-title"),
        tag("desc", told, id=f"{key}-desc"),
        drawn,
        role="img",
        aria_labelledby=f"{key}-title",
        aria_describedby=f"{key}-desc",
        width="100%",
        height=height,
        class_=f"picture {key.split('-')[0]}",
    )


def _anchor(percent: int) -> str:
    return {0: "start", 100: "end"}.get(percent, "middle")


def percent_at(share: Fraction) -> str:
    """A place across, as a share of the width."""
    return f"{pixels(share * 100)}%"


def percent_of(hundredths: Fraction | int) -> str:
    """A position in per cent of the picture's width."""
    return f"{pixels(Fraction(hundredths))}%"


def pixels(value: Fraction) -> str:
    """A position with three decimals, the same on every machine."""
    return f"{round(value * 1000) / 1000:.3f}".rstrip("0").rstrip(".")
