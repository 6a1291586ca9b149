"""Rows of bars, one within the other, as SVG: loans by state, lines of a plan, years.

A picture is for the eye: positions are rounded. Every number in it stands in a table beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from jointbuy.report.charts import percent_of, picture
from jointbuy.report.markup import Markup, join, tag

_ROOM, _ROW, _TOP, _HEIGHT, _ABOVE = 46, 30, 6, 20, 20


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from `start` to `end` in cents; `inset` pixels lower than the widest on both sides."""

    start: int
    end: int
    kind: str
    inset: int = 0


def rows(key: str, title: str, told: str, every: Sequence[tuple[str, Sequence[Bar], str]], names: int) -> Markup:
    """A picture with a row for each: its name in the first `names` per cent, its bars, and what is said behind them.

    With no room for `names` they stand above the bars, where they may be long.
    """
    most = max((bar.end for _, bars, _ in every for bar in bars), default=1) or 1
    drawn = []
    above = 0 if names else _ABOVE
    for place, (name, bars, said) in enumerate(every):
        top = _TOP + (_ROW + above) * place
        label = tag("text", name, x=0, y=15)  # in a box of its own, which cuts a long name off on a narrow screen
        drawn.append(tag("svg", label, x=0, y=top, width=f"{names - 1}%" if names else "100%", height=_ROW))
        top += above
        for bar in bars:
            begin, end = (names + Fraction(each * _ROOM, most) for each in (bar.start, bar.end))
            box: dict[str, str | int] = {"x": percent_of(begin), "width": percent_of(end - begin), "class_": bar.kind}
            drawn.append(tag("rect", y=top + bar.inset, height=_HEIGHT - 2 * bar.inset, **box))
        longest = names + 1 + Fraction(max((bar.end for bar in bars), default=0) * _ROOM, most)
        drawn.append(tag("text", said, x=percent_of(longest), y=top + 15, class_="tick"))
    return picture(key, title, told, _TOP + (_ROW + above) * len(every), join(drawn))


def legend(keys: Sequence[tuple[str, str]]) -> Markup:
    """What the bars are: class and words of each."""
    boxes = (tag("svg", tag("rect", width=16, height=12, class_=kind), width=16, height=12) for kind, _ in keys)
    made = (tag("span", box, f" {told}", class_="key") for box, (_, told) in zip(boxes, keys, strict=True))
    return tag("p", *made, class_="quiet")
