"""Pictures of a loan: what is owed over time, and what is paid each year. Every number stands in the table below."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from jointbuy.exact import decimal
from jointbuy.lending import Schedule
from jointbuy.money import DIGITS
from jointbuy.report.charts import percent_of, picture, pixels
from jointbuy.report.loan_words import LOAN
from jointbuy.report.markup import Markup, join, tag

_TOP, _TALL, _LEFT, _RIGHT = 26, 150, Fraction(13), Fraction(98)
_TICKS = 4
_SIZES = ((10**9, "billion "), (10**6, "million "), (10**3, "thousand "))
_KINDS = ("interest", "principal", "fees")
Says = Callable[[int], str]


def balance(found: Schedule, says: Says) -> Markup:
    """What is owed over time, as steps: it moves on days of draws and of payments only."""
    steps = list(_steps(found))
    first, last = steps[0][0].toordinal(), steps[-1][0].toordinal()
    most = max(owed for _, owed in steps) or 1

    def across(day: date) -> Fraction:
        return _LEFT + (_RIGHT - _LEFT) * Fraction(day.toordinal() - first, max(1, last - first))

    drawn = [*_grid(most, found.loan.currency)]
    bottom = _TOP + _TALL
    for place, (day, owed) in enumerate(steps[:-1]):
        start, end = across(day), across(steps[place + 1][0])
        tall = Fraction(owed * _TALL, most)
        box = {"x": percent_of(start), "y": pixels(bottom - tall), "width": percent_of(end - start)}
        if owed:
            drawn.append(tag("rect", **box, height=pixels(tall), class_="cell kind-1 flush"))
    years = range(steps[0][0].year + 1, steps[-1][0].year + 1)
    drawn += _years(years, lambda year: across(date(year, 1, 1)), bottom)
    top = max(steps, key=lambda each: each[1])
    told = LOAN["balance told"].format(begun=steps[0][0], most=says(top[1]), when=top[0], ends=steps[-1][0])
    return picture("loan-balance", LOAN["balance title"], told, bottom + 24, join(drawn))


def _steps(found: Schedule) -> Iterator[tuple[date, int]]:
    """What is owed from each day on on which it moves."""
    moves: dict[date, int] = {}
    for draw in found.loan.draws:
        moves[draw.on] = moves.get(draw.on, 0) + draw.amount
    for row in found.instalments:
        moves[row.on] = moves.get(row.on, 0) - row.principal
    owed = 0
    for day in sorted(moves):
        owed += moves[day]
        yield day, owed


def payments(found: Schedule, says: Says) -> Markup:
    """What is paid each year: a column of interest, principal and fees."""
    years = list(range(found.instalments[0].on.year, found.instalments[-1].on.year + 1))
    sums = {year: dict.fromkeys(_KINDS, 0) for year in years}
    for row in found.instalments:
        for kind in _KINDS:
            sums[row.on.year][kind] += getattr(row, kind)
    # Interest below zero is paid to the state: it is drawn as nothing, and the table says it.
    heights = {year: {kind: max(0, amount) for kind, amount in parts.items()} for year, parts in sums.items()}
    most = max(sum(parts.values()) for parts in heights.values()) or 1
    wide, bottom = (_RIGHT - _LEFT) / len(years), _TOP + _TALL
    drawn = [*_grid(most, found.loan.currency)]
    for place, year in enumerate(years):
        level = Fraction(bottom)
        for shade, kind in enumerate(_KINDS):
            tall = Fraction(heights[year][kind] * _TALL, most)
            if tall:
                level -= tall
                box = {"x": percent_of(_LEFT + wide * place), "width": percent_of(wide * Fraction(9, 10))}
                drawn.append(tag("rect", **box, y=pixels(level), height=pixels(tall), class_=f"cell kind-{2 * shade}"))
    drawn += _years(years, lambda year: _LEFT + wide * (year - years[0]) + wide / 2, bottom)
    dear = max(years, key=lambda year: sum(heights[year].values()))
    told = LOAN["payments told"].format(
        most=says(sum(sums[dear].values())),
        year=dear,
        interest=says(found.totals.interest),
        principal=says(found.totals.principal),
    )
    made = picture("loan-payments", LOAN["payments title"], told, bottom + 24, join(drawn))
    return join([made, _legend([kind for kind in _KINDS if any(parts[kind] for parts in sums.values())])])


def _legend(kinds: Sequence[str]) -> Markup:
    keys = [
        tag(
            "span",
            tag(
                "svg",
                tag("rect", width=16, height=12, class_=f"cell kind-{2 * _KINDS.index(kind)}"),
                width=16,
                height=12,
                aria_hidden="true",
            ),
            f" {LOAN[kind]}",
            class_="key",
        )
        for kind in kinds
    ]
    return tag("p", *keys, class_="quiet")


def _grid(most: int, currency: str) -> Iterator[Markup]:
    """Lines with numbers beside them, short enough for a narrow screen: what they count stands once, above."""
    size, word = next(((size, word) for size, word in _SIZES if most >= size * 10 ** DIGITS[currency]), (1, ""))
    yield tag("text", f"{word}{currency}", x=0, y=10, class_="tick")
    for tick in range(_TICKS + 1):
        y = pixels(Fraction(_TOP + _TALL) - Fraction(_TALL * tick, _TICKS))
        yield tag("line", x1=percent_of(_LEFT), x2=percent_of(_RIGHT), y1=y, y2=y, class_="grid")
        label = decimal(Fraction(most * tick, _TICKS * size * 10 ** DIGITS[currency]), 2)
        yield tag("text", label, x=percent_of(_LEFT - Fraction(1, 2)), y=y, dy=4, class_="tick end")


def _years(years: Sequence[int], across: Callable[[int], Fraction], bottom: int) -> Iterator[Markup]:
    every = max(1, -(-len(years) // 9))
    for year in years:
        if (year - years[0]) % every == 0:
            yield tag("text", str(year), x=percent_of(across(year)), y=bottom + 18, class_="tick middle")
