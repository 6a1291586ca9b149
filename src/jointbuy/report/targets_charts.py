"""Pictures of spending paths and of dependence over time. A picture is for the eye; every number stands in a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import cast

from jointbuy.report import targets_words as words
from jointbuy.report.charts import percent_of, picture, pixels
from jointbuy.report.markup import Markup, join, tag
from jointbuy.spending import State, Statement, Targets

_LEFT, _RIGHT, _SMALL = 8, 97, 200
_MARKS = ("kind-0", "kind-4", "kind-2", "kind-1", "kind-3", "kind-5")


def path(found: Targets, state: State, tall: int = 230) -> Markup:
    """One state: what is known as points (an estimate hollow), the path as a line, floor and review as marks."""
    known = [(one.year, one.share) for one in state.years if one.share]
    steps = state.path.steps if state.path else ()
    all_years = [year for year, _ in known] + [step.year for step in steps]
    left = _LEFT if tall > _SMALL else 2 * _LEFT
    floor = cast(Fraction, found.terms.floor.value)
    first, last = min(all_years, default=0), max(all_years, default=1)
    top = max([floor, *(figure.published for _, figure in known)]) * Fraction(23, 20)
    bottom = tall - 22

    def across(year: int) -> Fraction:
        return left + Fraction(year - first, max(1, last - first)) * (_RIGHT - left)

    def down(share: Fraction) -> Fraction:
        return bottom - share / top * (bottom - 8)

    drawn = list(_grid(top, left, down, bottom))
    drawn.append(_line(left, down(floor), _RIGHT, down(floor), "limit-thin"))
    drawn.append(
        tag("text", f"floor {words.percent(floor, 1)}", x=percent_of(_RIGHT), y=pixels(down(floor) - 5), class_="end")
    )
    review = int(str(found.terms.review_year.value))
    if first < review < last:
        drawn.append(_line(across(review), Fraction(8), across(review), bottom, "grid-dashed"))
        drawn.append(
            tag(
                "text",
                f"review {review}",
                x=percent_of(across(review)),
                y=pixels(Fraction(bottom - 5)),
                class_="tick middle",
            )
        )
    for one, other in pairwise(steps):
        for low in (True, False):
            ends = [(step.share.low if low else step.share.high) for step in (one, other)]
            drawn.append(_line(across(one.year), down(ends[0]), across(other.year), down(ends[1]), "way"))
    for (year, figure), (after, later) in pairwise(known):
        if figure.editions != later.editions:
            continue  # no line leads from one edition into another
        drawn.append(_line(across(year), down(figure.published), across(after), down(later.published), "curve"))
    for year, figure in known:
        kind = "point hollow" if figure.estimate else "point"
        place = {"cx": percent_of(across(year)), "cy": pixels(down(figure.published))}
        drawn.append(tag("circle", **cast(dict[str, str | int | None], place), r=4, class_=kind))
    for year in sorted({first, last}):
        side = "start" if year == first else "end"
        drawn.append(tag("text", str(year), x=percent_of(across(year)), y=tall - 4, class_=f"tick {side}"))
    said = "; ".join(f"{year}: {words.published(figure)}" for year, figure in known)
    ways = f"; path: {steps[0].year} to {steps[-1].year}, {words.span(steps[-1].share)}" if steps else ""
    return picture(
        f"path-{state.country}", f"Core spending of {state.title} and its path", said + ways, tall, join(drawn)
    )


def _grid(top: Fraction, left: int, down: Callable[[Fraction], Fraction], bottom: int) -> Iterator[Markup]:
    """A line for every per cent, with its number."""
    every = 1 if top < Fraction(7, 100) else 2
    for whole in range(0, int(top * 100) + 1, every):
        y = down(Fraction(whole, 100)) if whole else Fraction(bottom)
        yield _line(left, y, _RIGHT, y, "grid")
        yield tag("text", f"{whole} %", x=percent_of(left - 1), y=pixels(y + 4), class_="tick end")


def _line(x1: Fraction | int, y1: Fraction | int, x2: Fraction | int, y2: Fraction | int, kind: str) -> Markup:
    ends = {"x1": percent_of(x1), "x2": percent_of(x2), "y1": pixels(Fraction(y1)), "y2": pixels(Fraction(y2))}
    return tag("line", **cast(dict[str, str | int | None], ends), class_=kind)


def dependence(statements: Sequence[Statement]) -> Markup | None:
    """Shares over the years that they speak of: a bar as long as they are, as high as the share; a bound is a band.

    Statements without years stand at the year in which they were made, as a point: that is when, not of what years.
    """
    placed = [(one, *span) for one in statements if (span := _years(one))]
    if not placed:
        return None
    first, last = min(since for _, since, _ in placed), max(until for _, _, until in placed) + 1
    bases = list(dict.fromkeys(_base(one) for one, _, _ in placed))
    tall, bottom = 320, 296

    def across(year: int | Fraction) -> Fraction:
        return _LEFT + (Fraction(year) - first) / (last - first) * (_RIGHT - _LEFT)

    def down(share: Fraction) -> Fraction:
        return bottom - share * (bottom - 10)

    drawn = []
    for whole in range(0, 101, 20):
        y = down(Fraction(whole, 100))
        drawn += [
            _line(_LEFT, y, _RIGHT, y, "grid"),
            tag("text", f"{whole} %", x=percent_of(_LEFT - 1), y=pixels(y + 4), class_="tick end"),
        ]
    for year in range(first, last + 1):
        if (year - first) % max(1, (last - first) // 6) == 0:
            drawn.append(tag("text", str(year), x=percent_of(across(year)), y=tall - 6, class_="tick middle"))
    for number, (one, since, until) in enumerate(placed, 1):
        kind = _MARKS[bases.index(_base(one)) % len(_MARKS)]
        drawn += _bar(one, number, (across(since), across(until + 1)), down, kind)
    told = "; ".join(
        f"{at}: {words.wordy(one.share)} of {one.base}, {words.years(one.since, one.until)}"
        for at, (one, _, _) in enumerate(placed, 1)
    )
    made = picture("dependence", "Dependence on one country over time", told, tall, join(drawn))
    key = [
        tag(
            "li",
            f"{at}  {one.buyer} from {one.supplier}: {words.wordy(one.share)} of {one.base} ({one.what}, {_unit(one)})",
        )
        for at, (one, _, _) in enumerate(placed, 1)
    ]
    return join([made, tag("ul", *key, class_="numbered")])


def _base(one: Statement) -> str:
    """What has one colour."""
    return f"{one.buyer}, {one.what}, {one.unit}: {one.base}"


def _unit(one: Statement) -> str:
    return "volume, no money" if one.unit == "volume" else one.unit


def _bar(
    one: Statement, number: int, ends: tuple[Fraction, Fraction], down: Callable[[Fraction], Fraction], kind: str
) -> Iterator[Markup]:
    left, right = ends
    high, low = down(one.share.high), down(one.share.low)
    thick = max(low - high, Fraction(5))
    top = high if low - high > 5 else (high + low) / 2 - Fraction(5, 2)
    classes = f"cell {kind}" + (" aim" if one.aim else "") + (" band" if not one.share.known else "")
    box = {"x": percent_of(left), "y": pixels(top), "width": percent_of(right - left), "height": pixels(thick)}
    yield tag("rect", **cast(dict[str, str | int | None], box), class_=classes)
    at = down(one.share.low) if one.share.high == 1 else high
    yield tag("text", str(number), x=percent_of((left + right) / 2), y=pixels(at - 5), class_="middle")


def _years(one: Statement) -> tuple[int, int] | None:
    if one.since is not None:
        return one.since, one.until if one.until is not None else one.since
    return (one.told.year, one.told.year) if one.told else None
