"""The least cost at which a share is reached, as a picture: a staircase, with the limit of the law where there is one.

Widths are in per cent and text in pixels, as in all pictures; every number stands in the table beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from jointbuy.remedy import Frontier
from jointbuy.report import figures
from jointbuy.report.charts import percent_at, picture, pixels
from jointbuy.report.markup import Markup, join, tag
from jointbuy.report.words import PAGE

_TOP, _BOTTOM, _LEFT, _RIGHT = 46, 252, Fraction(17, 100), Fraction(98, 100)
_TICKS, _ACROSS = 4, 3
_STEPS = (1, 2, 5)
_SIZES = ((10**9, "billion"), (10**6, "million"))


def drawn(frontier: Frontier, currency: str, digits: int, key: str) -> Markup:
    """The staircase of a frontier of at least two points; nothing of less."""
    points = sorted(frontier.points, key=lambda each: each.share)
    if len(points) < 2:
        return Markup("")
    costs = [Fraction(each.cost, 10**digits) for each in points]
    low, high = min(points[0].share, _of(frontier)), max(points[-1].share, _of(frontier))
    across = _Scale(low, high if high > low else low + 1, _LEFT, _RIGHT)
    steps = list(ticks(min(Fraction(0), *costs), max(Fraction(0), *costs) or Fraction(1)))
    up = _Scale(min(steps[0], *costs), max(steps[-1], *costs), Fraction(_BOTTOM), Fraction(_TOP))
    made = [*_grid(steps, up, currency), *_shares(across), *_limit(frontier, across)]
    for place, (one, cost) in enumerate(zip(points, costs, strict=True)):
        x, y = across.at(one.share), up.at(cost)
        if place + 1 < len(points):  # what does for a share does for every looser one
            other, after = across.at(points[place + 1].share), up.at(costs[place + 1])
            level, edge = (y, other) if frontier.at_most else (after, x)
            made += [_line(x, other, level, level), _line(edge, edge, y, after)]
        made.append(tag("circle", cx=percent_at(x), cy=pixels(y), r=4, class_="point"))
    told = PAGE["fix frontier told"].format(
        first=figures.percent(points[0].share),
        dear=figures.amount(costs[0], currency),
        last=figures.percent(points[-1].share),
        cheap=figures.amount(costs[-1], currency),
    )
    return picture(key, PAGE["fix frontier title"].format(name=frontier.name), told, _BOTTOM + 44, join(made))


def _of(frontier: Frontier) -> Fraction:
    return frontier.limit if frontier.limit is not None else frontier.points[0].share


class _Scale:
    """From a value to its place between two ends."""

    def __init__(self, low: Fraction, high: Fraction, start: Fraction, end: Fraction) -> None:
        self.low, self.wide, self.start, self.span = low, high - low, start, end - start

    def at(self, value: Fraction) -> Fraction:
        """Where a value lies."""
        return self.start + (value - self.low) / self.wide * self.span

    def value(self, share: Fraction) -> Fraction:
        """The value at a part of the way."""
        return self.low + self.wide * share


def ticks(low: Fraction, high: Fraction) -> Iterator[Fraction]:
    """Round values from at or below the low end to at or above the high one."""
    size = Fraction(1)
    while size * 10 * _TICKS <= high - low:
        size *= 10
    while size * _TICKS > (high - low) * 5:
        size /= 10
    step = next((size * each for each in (*_STEPS, 10) if size * each * _TICKS >= high - low), size * 10)
    value = low // step * step
    while True:
        yield value
        if value >= high:
            return
        value += step


def _grid(steps: list[Fraction], up: _Scale, currency: str) -> Iterator[Markup]:
    unit, labels = axis(steps, currency)
    yield tag("text", PAGE["fix cost axis"].format(unit=unit), x="0%", y=12, class_="tick start")
    for value, label in zip(steps, labels, strict=True):
        y = up.at(value)
        yield tag("line", x1="0%", x2="100%", y1=pixels(y), y2=pixels(y), class_="grid")
        yield tag("text", label, x="0%", y=pixels(y - 4), class_="tick start")


def axis(steps: Sequence[Fraction], currency: str) -> tuple[str, list[str]]:
    """The unit of round amounts, said once, and each amount in it with as few digits as say it."""
    size, word = next((each for each in _SIZES if max(map(abs, steps)) >= each[0]), (1, ""))
    return f"{word} {currency}".strip(), [figures.number(each / size) for each in steps]


def short(value: Fraction, currency: str) -> str:
    """A round amount with as few digits as say it: `1.5 million EUR`."""
    unit, (label,) = axis([value], currency)
    return f"{label} {unit}"


def _shares(across: _Scale) -> Iterator[Markup]:
    for at in range(_ACROSS + 1):
        share = across.value(Fraction(at, _ACROSS))
        anchor = {0: "start", _ACROSS: "end"}.get(at, "middle")
        x = percent_at(across.at(share))
        yield tag("line", x1=x, x2=x, y1=_BOTTOM, y2=_BOTTOM + 5, class_="axis")
        yield tag("text", figures.percent(share), x=x, y=_BOTTOM + 20, class_=f"tick {anchor}")
    yield tag("text", PAGE["fix share"], x="50%", y=_BOTTOM + 38, class_="middle")


def _line(x1: Fraction, x2: Fraction, y1: Fraction, y2: Fraction) -> Markup:
    return tag("line", x1=percent_at(x1), x2=percent_at(x2), y1=pixels(y1), y2=pixels(y2), class_="stair")


def _limit(frontier: Frontier, across: _Scale) -> list[Markup]:
    if frontier.limit is None:
        return []
    x = across.at(frontier.limit)
    anchor = "start" if x < Fraction(1, 8) else "end" if x > Fraction(7, 8) else "middle"
    label = PAGE["limit"].format(limit=figures.limit_percent(frontier.limit))
    return [
        tag("line", x1=percent_at(x), x2=percent_at(x), y1=_TOP - 10, y2=_BOTTOM, class_="limit-halo"),
        tag("line", x1=percent_at(x), x2=percent_at(x), y1=_TOP - 10, y2=_BOTTOM, class_="limit"),
        tag("text", label, x=percent_at(x), y=_TOP - 14, class_=f"limit-label {anchor}"),
    ]
