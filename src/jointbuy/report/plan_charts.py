"""Pictures of a plan as SVG: who buys what, deliveries over years, work against cost, cost against dependence.

A picture is for the eye: positions are rounded. Every number in it stands in a table beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from jointbuy.joint import Planned
from jointbuy.money import DIGITS
from jointbuy.report import plan as words
from jointbuy.report.charts import percent_of, picture, pixels
from jointbuy.report.frontier_chart import axis, ticks
from jointbuy.report.markup import Markup, join, tag
from jointbuy.report.pieces import quiet
from jointbuy.report.words import PAGE

_ROW, _LEFT, _TOP, _FEW = 22, 26, 118, 8
_SHADES, _LABEL, _STATE = 5, 30, 52
_ROOF, _FLOOR, _BEGIN, _END = 40, 230, 18, 94
"""Of cost against dependence: where its costs end and begin, in pixels, and its amounts, in hundredths across."""


def matrix(found: Planned) -> Markup:
    """Who buys what: a row for each system bought, a column for each state; the darker, the more of the value.

    Where states are few, a system stands above its row, so that a narrow screen has room for both; where they are many,
    beside it, and such a screen scrolls.
    """
    buying = {code for one in found.contracts for code in one.buyers}
    states = sorted(buying, key=lambda code: words.title(found, code))
    offers, names = {each.id: each for each in found.plan.offers}, words.names(found)
    contracts = sorted(found.contracts, key=lambda one: (offers[one.offer].capability, one.offer))
    left, above = (0, 18) if len(states) <= _FEW else (_LEFT, 0)
    tall, wide = _ROW + above, Fraction(100 - left, len(states) or 1)
    most = max((_value(found, one.offer, code) for one in contracts for code in one.buyers), default=1) or 1
    drawn = [
        tag(
            "svg",
            tag("text", words.title(found, code), transform=f"translate(9 {_TOP - 8}) rotate(-60)"),
            x=percent_of(left + wide * place),
            y=0,
            width="30%",
            height=_TOP,
            class_="in over",
        )
        for place, code in enumerate(states)
    ]
    for row, one in enumerate(contracts):
        top = _TOP + row * tall
        mark = " ○" if offers[one.offer].alone else ""
        label = tag("text", f"{names[one.offer]}, {offers[one.offer].capability}{mark}", x=0, y=15)
        drawn.append(tag("svg", label, x=0, y=top, width="100%" if above else f"{left - 1}%", height=_ROW, class_="in"))
        for place, code in enumerate(states):
            pieces = sum(each.quantity for each in found.deliveries if (each.offer, each.state) == (one.offer, code))
            box: dict[str, str | int] = {
                "x": percent_of(left + wide * place),
                "y": top + above + 1,
                "width": percent_of(wide * Fraction(94, 100)),
            }
            if not pieces:
                drawn.append(tag("rect", **box, height=_ROW - 2, class_="cell none"))
                continue
            shade = min(_SHADES, 1 + int(_SHADES * Fraction(_value(found, one.offer, code), most)))
            lead = " lead" if one.lead == code and not mark else ""
            text = tag("text", f"{pieces:,}", x="50%", y=14, class_="middle")
            drawn.append(tag("rect", **box, height=_ROW - 2, class_=f"cell shade-{shade}{lead}"))
            drawn.append(tag("svg", text, **box, height=_ROW - 2))
    told = f"{len(contracts)} systems, {len(states)} states; a cell says how many pieces, a frame who leads."
    made = picture("plan-matrix", "Who buys what", told, _TOP + len(contracts) * tall + 4, join(drawn))
    apart = any(offers[one.offer].alone for one in contracts)
    key = [quiet(PAGE["plan matrix key"] + (PAGE["plan matrix apart"] if apart else ""))]
    return join([made if above else tag("div", made, class_="scrolls", tabindex=0), *key])


def _value(found: Planned, offer: str, state: str) -> int:
    return sum(each.amount for each in found.deliveries if (each.offer, each.state) == (offer, state))


def years(found: Planned) -> Markup:
    """What is delivered in each year, by value; the largest systems apart."""
    names = words.names(found)
    by = sorted(found.contracts, key=lambda one: -one.value)
    shown = [one.offer for one in by[:_SHADES]]
    sums = [
        [sum(e.amount for e in found.deliveries if e.year == year and e.offer == name) for name in shown]
        + [sum(e.amount for e in found.deliveries if e.year == year and e.offer not in shown)]
        for year in found.plan.years
    ]
    most = max(map(sum, sums), default=1) or 1
    drawn, room = [], 58
    for row, (year, parts) in enumerate(zip(found.plan.years, sums, strict=True)):
        top, start = 4 + 34 * row, Fraction(12)
        drawn.append(tag("text", str(year), x=0, y=top + 17))
        for shade, amount in enumerate(parts):
            part = Fraction(amount * room, most)
            if part:
                box: dict[str, str | int] = {"x": percent_of(start), "y": top, "width": percent_of(part), "height": 26}
                drawn.append(tag("rect", **box, class_=f"cell kind-{shade}"))
            start += part
        drawn.append(tag("text", words.money(found, sum(parts)), x=percent_of(start + 1), y=top + 17, class_="tick"))
    legend = [
        tag(
            "span",
            tag("svg", tag("rect", width=16, height=12, class_=f"cell kind-{shade}"), width=16, height=12),
            " ",
            name,
        )
        for shade, name in enumerate([*(names[name] for name in shown), "all others"])
        if shade < len(shown) or any(parts[-1] for parts in sums)
    ]
    told = "; ".join(
        f"{year}: {words.money(found, sum(parts))}" for year, parts in zip(found.plan.years, sums, strict=True)
    )
    title, apart = PAGE["plan years title"], sum(one.set_up for one in found.contracts)
    made = picture("plan-years", title, told, 8 + 34 * len(sums), join(drawn))
    key = tag("p", *(tag("span", each, "  ", class_="key") for each in legend), class_="quiet")
    said = PAGE["plan years set-up"].format(amount=words.money(found, apart)) if apart else PAGE["plan years pieces"]
    return join([quiet(said), made, key])


def work(found: Planned) -> Markup:
    """Each state's part of the work against its part of the cost: a bar for each, one below the other."""
    rows = [each for each in found.work if each.cost or each.work]
    most = max((max(each.work, Fraction(each.cost)) for each in rows), default=Fraction(1)) or Fraction(1)
    drawn = []
    for row, each in enumerate(rows):
        top = 20 + _STATE * row
        drawn.append(tag("text", words.title(found, each.state), x=0, y=top - 5))
        for line, (amount, kind) in enumerate(((Fraction(each.cost), "cost"), (each.work, "work"))):
            wide = amount / most * 64
            box: dict[str, str | int] = {"x": 0, "y": top + 13 * line, "width": percent_of(wide), "height": 12}
            drawn.append(tag("rect", **box, class_=f"cell {kind}"))
            label = f"{words.percent(amount, each.total)} of the {kind}"
            drawn.append(tag("text", label, x=percent_of(wide + 1), y=top + 13 * line + 10, class_="tick"))
    told = "; ".join(
        f"{words.title(found, each.state)}: {words.percent(each.work, each.total)} of the work, "
        f"{words.percent(each.cost, each.total)} of the cost"
        for each in rows
    )
    return picture("plan-work", "Work share against cost share", told, 8 + _STATE * len(rows), join(drawn))


def frontier(found: Planned) -> Markup:
    """Cost against dependence: each point is a plan that no other beats at both."""
    points = found.frontier
    left, right = _ends([point.amount for point in points])
    one = 10 ** DIGITS[found.plan.currency]
    steps = list(ticks(*_ends([Fraction(point.cost, one) for point in points])))
    low, high = steps[0], steps[-1]
    heights = [_FLOOR - (each - low) / (high - low) * (_FLOOR - _ROOF) for each in steps]
    unit, labels = axis(steps, found.plan.currency)
    drawn = [tag("text", PAGE["plan cost axis"].format(unit=unit), x="0%", y=12, class_="tick start")]
    for label, level in zip(labels, heights, strict=True):
        drawn.append(tag("line", x1="0%", x2="100%", y1=pixels(level), y2=pixels(level), class_="grid"))
        drawn.append(tag("text", label, x="0%", y=pixels(level - 4), class_="tick start"))
    drawn.append(tag("line", x1="0%", x2="100%", y1=_FLOOR, y2=_FLOOR, class_="axis"))
    places = [
        (
            _BEGIN + (point.amount - left) / (right - left) * (_END - _BEGIN),
            _FLOOR - (Fraction(point.cost, one) - low) / (high - low) * (_FLOOR - _ROOF),
        )
        for point in points
    ]
    # Steps, and no slope: between two plans there is none.
    for (x, y), (next_x, next_y) in pairwise(places):
        for a, b in (((x, y), (next_x, y)), ((next_x, y), (next_x, next_y))):
            drawn.append(
                tag("line", x1=percent_of(a[0]), y1=pixels(a[1]), x2=percent_of(b[0]), y2=pixels(b[1]), class_="curve")
            )
    for place, ((x, y), point) in enumerate(zip(places, points, strict=True)):
        drawn.append(tag("circle", cx=percent_of(x), cy=pixels(y), r=5, class_="point"))
        if place in {0, len(points) - 1}:
            side = "start" if place == 0 else "end"
            label = f"{words.money(found, point.cost)} at {words.percent(point.amount, point.total)}"
            # The last lies below the step that leads to it: its label goes above that.
            above = places[-2][1] if place and y - places[-2][1] < _LABEL else y
            drawn.append(tag("text", label, x=percent_of(x - (side == "end")), y=pixels(above - 12), class_=side))
            drawn.append(
                tag("text", words.money(found, point.amount), x=percent_of(x), y=_FLOOR + 18, class_=f"tick {side}")
            )
    drawn.append(
        tag(
            "text",
            f"value from {words.listed(found.plan.depends_on)} or undeclared",
            x="50%",
            y=_FLOOR + 36,
            class_="tick middle",
        )
    )
    told = "; ".join(f"{words.money(found, p.cost)} at {words.percent(p.amount, p.total)}" for p in points)
    return picture("plan-frontier", "Cost against dependence", told, _FLOOR + 44, join(drawn))


def _ends(values: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    low, high = min(values), max(values)
    return (low, high) if low < high else (low - 1, high + 1)
