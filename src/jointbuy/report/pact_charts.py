"""Pictures of agreements: events over time, and areas by rung. Every number in them stands in a table beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from importlib import resources
from typing import get_args

from jointbuy.commitments import Event, Kind, Register, Reported, Rung
from jointbuy.report.charts import percent_of, picture
from jointbuy.report.markup import Markup, join, tag

RUNGS: tuple[Rung, ...] = get_args(Rung)
LADDER: tuple[Reported, ...] = (*RUNGS, "not reported")
"""The rungs, and last those of which none was reported."""
NO_AREA = "no area told"
_UNDERTAKEN = RUNGS[:5]
_SHADES = 5
_TALL = re.compile(r'height="(\d+)" class="picture')
"""How tall a picture says it is."""
_WIDE = 960
"""Pixels that a picture takes in a file of its own."""

# --- areas by rung --------------------------------------------------------------------------

_NAMES = 34
"""Per cent of the width that the names of areas take."""
_HEAD, _HEAD_NARROW, _LINE, _GAP = 72, 88, 19, 4
_TITLE = 17
"""Pixels that the name of an area takes above its numbers, where the picture is narrow."""
_SIDES = 7
"""Per cent that the label of a side takes there."""


@dataclass(frozen=True, slots=True)
class Heat:
    """How many commitments stand in each area on each rung; several agreements stand below each other."""

    areas: tuple[tuple[str, str], ...]
    counts: tuple[Mapping[tuple[str, Reported], int], ...]
    labels: tuple[str, ...] = ("",)

    @property
    def rungs(self) -> tuple[Reported, ...]:
        """The rungs of promises, and any other that has a commitment."""
        used = {rung for counts in self.counts for (_, rung), number in counts.items() if number}
        return tuple(rung for rung in LADDER if rung in used or rung in _UNDERTAKEN)

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """The areas that have a commitment, in order, and last those without an area."""
        used = {area for counts in self.counts for (area, _), number in counts.items() if number}
        return tuple(one for one in (*self.areas, ("", NO_AREA)) if one[0] in used)


def tallied(every: Iterable[tuple[str | None, Reported]]) -> Mapping[tuple[str, Reported], int]:
    """Commitments by area and rung."""
    return Counter((area or "", rung) for area, rung in every)


def heat(found: Heat, title: str, *, narrow: bool = False) -> Markup:
    """Areas below each other, rungs beside each other: the number in the cell, and the darker the more.

    `narrow`: the name of an area stands above its numbers, which have the whole width.
    """
    most = max((number for counts in found.counts for number in counts.values()), default=1) or 1
    left = (_SIDES if any(found.labels) else 0) if narrow else _NAMES
    each = Fraction(100 - left, len(found.rungs))
    turn, head = (-72, _HEAD_NARROW) if narrow else (-55, _HEAD)
    drawn = [
        tag(
            "svg",
            tag("text", rung, x=0, y=0, transform=f"rotate({turn})"),
            x=percent_of(left + each * place + each / 2),
            y=head - 8,
            class_="over",
        )
        for place, rung in enumerate(found.rungs)
    ]
    top = head
    for area, name in found.rows:
        label = tag("text", name, x=0, y=13)
        drawn.append(tag("svg", label, x=0, y=top, width="100%" if narrow else f"{_NAMES - 3}%", height=_LINE))
        top += _TITLE if narrow else 0
        for at, counts in enumerate(found.counts):
            if found.labels[at]:
                drawn.append(tag("text", found.labels[at], x=percent_of(left - 1), y=top + 13, class_="tick end"))
            drawn += _cells([counts.get((area, rung), 0) for rung in found.rungs], top, left, most, at)
            top += _LINE
        top += _GAP
    return picture(f"areas-{'narrow' if narrow else 'heat'}", title, _told(found), top, join(drawn))


def _told(found: Heat) -> str:
    """The numbers in words, without the areas and rungs that have none."""
    lines = []
    for area, name in found.rows:
        cells = ((rung, [counts.get((area, rung), 0) for counts in found.counts]) for rung in found.rungs)
        said = ", ".join(f"{rung} {'|'.join(map(str, numbers))}" for rung, numbers in cells if any(numbers))
        lines.append(f"{name}: {said}")
    return "; ".join(lines)


def _cells(numbers: Sequence[int], top: int, start: int, most: int, at: int) -> Iterator[Markup]:
    """The numbers of one row, from `start` per cent of the width to its end."""
    each = Fraction(100 - start, len(numbers))
    for place, number in enumerate(numbers):
        shade = -(-number * _SHADES // most)
        kind = f"{'other' if at else 'shade'}-{shade}" if number else "empty"
        left = start + each * place
        box = {"x": percent_of(left), "width": percent_of(each)}
        yield tag("rect", **box, y=top, height=_LINE, class_=f"cell {kind}")
        if number:
            yield tag("text", str(number), x=percent_of(left + each / 2), y=top + 14, class_="middle")


# --- events over time -----------------------------------------------------------------------

_LANES: tuple[Kind, ...] = get_args(Kind)
_ENDS = frozenset({"lapsed", "contradicted"})
_POINT = {"high": "point", "medium": "point hollow", "low": "point weak"}
_TICKS, _EDGE = 5, 8
_NEAR, _LOW = Fraction(7), 17
"""Per cent of the width within which a second point goes below the first, and how many pixels below."""


def timeline(found: Register, title: str) -> Markup:
    """A lane for each kind of event, points by date with the number of the event; what lasted is a bar.

    How sure an event is shows: a full point, one with a rim, one with a broken rim.
    """
    happened = found.events
    days = [each for one in happened for each in (one.on, one.until) if each]
    first, last = min([*days, found.on]), max([*days, found.on])
    span = max(1, (last - first).days)

    def across(day: date) -> Fraction:
        return 2 + Fraction((day - first).days, span) * 94

    drawn: list[Markup] = []
    top = 0
    for kind in _LANES:
        own = [(at, one) for at, one in enumerate(happened, 1) if one.kind == kind]
        if not own:
            continue
        drawn.append(tag("text", kind, x=0, y=top + 12, class_="tick"))
        ends, deepest = [Fraction(-100)], 0
        for at, one in own:
            x = across(one.on)
            row = next((row for row, end in enumerate(ends) if x - end >= _NEAR), len(ends))
            ends[row : row + 1] = [across(one.until or one.on)]
            deepest = max(deepest, row)
            drawn += _point(at, one, x, across(one.until) if one.until else None, top + 26 + _LOW * row)
        top += 40 + _LOW * deepest
        drawn.append(tag("line", x1="0%", x2="100%", y1=top - 3, y2=top - 3, class_="lane"))
    drawn = [*_months(first, last, across, top), *drawn]
    told = "; ".join(f"{at}: {one.on}, {one.kind}, {one.summary}" for at, one in enumerate(happened, 1))
    return picture("events-timeline", title, told or "no event", top + 20, join(drawn))


def _point(number: int, one: Event, x: Fraction, until: Fraction | None, y: int) -> Iterator[Markup]:
    if until is not None:
        yield tag("line", x1=percent_of(x), x2=percent_of(until), y1=y, y2=y, class_="span")
    kind = _POINT[one.confidence] + (" ends" if one.kind in _ENDS else "")
    yield tag("circle", cx=percent_of(x), cy=y, r=5, class_=kind)
    # Behind the end of what lasted, so that its bar does not run through the number.
    yield tag(
        "svg", tag("text", str(number), x=8, y=4), x=percent_of(x if until is None else until), y=y, class_="over"
    )


def _months(first: date, last: date, across: Callable[[date], Fraction], top: int) -> Iterator[Markup]:
    """The first days of quarters, of many only some."""
    starts = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in (1, 4, 7, 10)]
    within = [day for day in starts if first <= day <= last]
    for day in within[:: max(1, -(-len(within) // _TICKS))]:
        at = across(day)
        x, anchor = percent_of(at), "start" if at < _EDGE else "end" if at > 100 - _EDGE else "middle"
        yield tag("line", x1=x, x2=x, y1=0, y2=top, class_="grid")
        yield tag("text", f"{day.year}-{day.month:02}", x=x, y=top + 14, class_=f"tick {anchor}")


def legend() -> Markup:
    """What the points mean."""
    keys = [
        tag(
            "span",
            tag("svg", tag("circle", cx=8, cy=6, r=5, class_=kind), width=16, height=12, aria_hidden="true"),
            f" confidence {name}",
            class_="key",
        )
        for name, kind in _POINT.items()
    ]
    return tag("p", *keys, class_="quiet")


# --- as files -------------------------------------------------------------------------------


def alone(drawn: Markup) -> str:
    """A picture as a file of its own, which needs nothing beside it."""
    tall = int(_TALL.search(drawn)[1])  # type: ignore[index]
    style = "".join(
        resources.files("jointbuy.report").joinpath(name).read_text(encoding="utf-8")
        for name in ("page.css", "pact.css")
    )
    ground = tag("rect", width="100%", height="100%", fill="#fff")
    made = tag(
        "svg",
        tag("style", Markup(style)),
        ground,
        tag("svg", drawn, x=10, y=10, width=_WIDE - 20, height=tall),
        xmlns="http://www.w3.org/2000/svg",
        width=_WIDE,
        height=tall + 20,
        viewBox=f"0 0 {_WIDE} {tall + 20}",
        font_family="system-ui, sans-serif",
    )
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + made
