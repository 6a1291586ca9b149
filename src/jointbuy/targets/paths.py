"""From the last year that is known to the floor in its year: shares and money year by year, as assumptions have it.

With b the base year's share, F the floor and t running from 0 to 1, a year asks for min(b, F) + t (F - min(b, F)): who
is above the floor is asked for no more than the floor. All of it is exact; ranges come from figures that were rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import cast

from jointbuy.exact import ZERO, Range, decimal
from jointbuy.money import Money
from jointbuy.spending import Figure, Path, Planned, Position, Profile, Step, Terms
from jointbuy.targets.positions import COMPUTED, gdp_of

TELLS: dict[Profile, str] = {
    "linear": "the share of GDP rises by as many points every year",
    "after-review": "the share stays as it is until the review, then rises by as many points every year",
    "by-review": "the share rises by as many points every year and reaches the floor in the year of the review",
}


def path(
    years: Sequence[Position],
    figures: Sequence[Figure],
    terms: Terms,
    profile: Profile,
    growth: Fraction,
    planned: Iterable[Planned],
) -> Path | None:
    """The path of one state; None where no share of GDP is known. `growth` is that of real GDP a year, part of one."""
    known = [position.share for position in years if position.share]
    if not known:
        return None
    base, last, review = known[-1], _year(terms.aim_year.value), _year(terms.review_year.value)
    floor = cast(Fraction, terms.floor.value)
    gdp = gdp_of(base, figures)
    plans = [one for one in planned if one.state == base.country]
    start = Range(min(base.value.low, floor), min(base.value.high, floor))
    steps = []
    for year in range(base.year, max(last, base.year) + 1):
        part = progress(profile, year, base.year, review, last)
        rise = Range((floor - start.high) * part, (floor - start.low) * part)
        share = Range(start.low + rise.high, start.high + rise.low)
        output = gdp.value.times((1 + growth) ** (year - base.year)) if gdp else None
        steps.append(
            Step(
                year=year,
                share=share,
                gdp=output,
                level=_times(share, output),
                more=_times(rise, output),
                planned=_sums((one.amount, one.currency) for one in plans if one.year == year),
                loans=_sums((one.loan, one.currency) for one in plans if one.year == year and one.loan is not None),
            )
        )
    more = ZERO
    for step in steps:
        more = more + step.more if step.more else more
    return Path(
        profile=profile,
        base=base,
        steps=tuple(steps),
        currency=gdp.currency if gdp else None,
        prices=_prices(gdp, base.year) if gdp else "",
        more=more if gdp else None,
        review=next((step.share for step in steps if step.year == review), None),
        assumed=tuple(_assumed(profile, base, gdp, growth, review)),
    )


def progress(profile: Profile, year: int, first: int, review: int, last: int) -> Fraction:
    """How far a path has come in a year: 0 in its first year, 1 in its last; never less than the year before."""
    start, end = first, last
    if profile == "after-review" and first < review < last:
        start = review
    if profile == "by-review" and first < review:
        end = review
    if year >= end:
        return Fraction(1)
    return Fraction(max(0, year - start), end - start)


def _year(value: object) -> int:
    return int(str(value))


def _times(share: Range, output: Range | None) -> Range | None:
    """A share of GDP as money; both are never below zero. A bound where both are ranges."""
    return Range(share.low * output.low, share.high * output.high) if output else None


def _sums(amounts: Iterable[tuple[int | None, str]]) -> tuple[Money, ...]:
    found: dict[str, int] = {}
    for amount, currency in amounts:
        if amount is not None:
            found[currency] = found.get(currency, 0) + amount
    return tuple(Money(minor, currency) for currency, minor in sorted(found.items()))


def _prices(gdp: Figure, year: int) -> str:
    return f"prices of {year}" if gdp.prices == "current prices" else gdp.prices


def _assumed(profile: Profile, base: Figure, gdp: Figure | None, growth: Fraction, review: int) -> Iterable[str]:
    """What the path rests on, in words."""
    marked = ", an estimate" if base.estimate else ""
    yield f"{TELLS[profile]}; from {base.year}{marked}"
    yield f"the review of {review} may change the path; it is not foreseen here"
    if gdp is None:
        yield f"no GDP of {base.year} is known: a path in money needs one"
        return
    rate = f"{decimal(growth * 100, 2)} % a year" if growth else "no growth"
    yield f"GDP from {base.year} on: {rate} in real terms; money in {_prices(gdp, base.year)}"
    if gdp.source == COMPUTED:
        yield "GDP is taken from spending and its rounded share, so that money is a range"
    if set(gdp.editions) != set(base.editions):
        yield f"GDP of {', '.join(gdp.editions)}, share of {', '.join(base.editions)}"
