"""Each state and year against the floor, what counts under the ceiling, and the equipment share. All exact.

A figure that its publisher rounded is a range: the floor is met when all of it lies at or above, not met when all of it
lies below, and otherwise unknown. The ceiling bounds what counts of other spending; it is no duty, and nothing is
missing where less is spent. Floor and ceiling are never added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import cast

from jointbuy.exact import Range, decimal
from jointbuy.spending import Figure, Measure, Position, Status, Terms

_TOLD = 3
COMPUTED = "spending over its share"
"""The source of a GDP that nobody states."""


def positions(country: str, figures: Sequence[Figure], terms: Terms) -> tuple[Position, ...]:
    """A position for every year for which something is known of the country, the earliest first."""
    own = [figure for figure in figures if figure.country == country]
    return tuple(position(country, year, own, terms) for year in sorted({figure.year for figure in own}))


def position(country: str, year: int, figures: Iterable[Figure], terms: Terms) -> Position:
    """The position of a country in a year; what no figure states is None, and then nothing is decided on it."""
    own = [figure for figure in figures if figure.country == country and figure.year == year]
    share = share_of(own)
    floor = cast(Fraction, terms.floor.value)
    related, equipment = one(own, "related"), one(own, "equipment")
    ceiling = cast(Fraction, terms.ceiling.value)
    gdp = gdp_of(share, own) if share else None
    return Position(
        country=country,
        year=year,
        share=share,
        status=status(share, floor),
        gap=Range(floor - share.value.high, floor - share.value.low) if share else None,
        related=related,
        counted=Range(min(related.value.low, ceiling), min(related.value.high, ceiling)) if related else None,
        equipment=equipment,
        equipment_status=status(equipment, cast(Fraction, terms.equipment.value)),
        money=_own_money(own),
        gdp=gdp,
        short=_short(share, gdp, own, floor) if share and gdp else None,
    )


def status(figure: Figure | None, least: Fraction) -> Status:
    """Whether a figure reaches the least; unknown without one, and where its rounding leaves it open."""
    if figure is None:
        return "unknown"
    if figure.value.low >= least:
        return "met"
    return "not met" if figure.value.high < least else "unknown"


def one(figures: Iterable[Figure], measure: Measure) -> Figure | None:
    """The figure of a measure; the first, where there are several."""
    return next((figure for figure in figures if figure.measure == measure), None)


def share_of(figures: Sequence[Figure]) -> Figure | None:
    """The share of GDP of one country and year: as money over GDP where both are exact, else as it is published."""
    stated = one(figures, "share")
    for spent in (figure for figure in figures if figure.measure == "spent"):
        for gdp in (figure for figure in figures if figure.measure == "gdp"):
            fits = (spent.currency, spent.prices) == (gdp.currency, gdp.prices) and gdp.published > 0
            if stated is None and fits:
                return _quotient(spent, gdp)
    return stated


def contradictions(country: str, figures: Sequence[Figure]) -> Iterator[str]:
    """Years in which spending over GDP, of one edition and in the same prices, cannot be the share stated beside it."""
    own = [figure for figure in figures if figure.country == country]
    apart: dict[int, str] = {}
    for stated in (figure for figure in own if figure.measure == "share"):
        same = [figure for figure in own if figure.year == stated.year and figure.editions == stated.editions]
        computed = share_of([figure for figure in same if figure.measure != "share"])
        if computed and (computed.value.high < stated.value.low or stated.value.high < computed.value.low):
            shares = (decimal(one.published * 100, 2) for one in (computed, stated))
            apart[stated.year] = "{} and {} %".format(*shares)
    if apart:
        years = ", ".join(f"{year}: {told}" for year, told in list(apart.items())[-_TOLD:])
        more = f" and {len(apart) - _TOLD} years more" if len(apart) > _TOLD else ""
        yield (
            f"spending over GDP is not the share stated beside it ({years}{more}): which is right the table does not "
            "say; floor and path rest on the stated share, and what is missing in money on spending and GDP"
        )


def gdp_of(base: Figure, figures: Sequence[Figure]) -> Figure | None:
    """GDP of the base year: as stated, or else what spending and its share say it is, in the same prices."""
    own = [figure for figure in figures if figure.country == base.country and figure.year == base.year]
    if stated := one(own, "gdp"):
        return stated
    for spent in (figure for figure in own if figure.measure == "spent"):
        if base.prices and spent.prices == base.prices and base.value.low > 0:
            return Figure(
                country=base.country,
                year=base.year,
                measure="gdp",
                value=Range(spent.value.low / base.value.high, spent.value.high / base.value.low),
                published=spent.published / base.published,
                currency=spent.currency,
                prices=spent.prices,
                estimate=base.estimate,
                editions=tuple(dict.fromkeys((*spent.editions, *base.editions))),
                where=spent.where,
                source=COMPUTED,
            )
    return None


def _quotient(spent: Figure, gdp: Figure) -> Figure:
    return Figure(
        country=spent.country,
        year=spent.year,
        measure="share",
        value=Range(spent.value.low / gdp.value.high, spent.value.high / gdp.value.low),
        published=spent.published / gdp.published,
        currency=None,
        prices=spent.prices,
        estimate=spent.estimate or gdp.estimate,
        editions=tuple(dict.fromkeys((*spent.editions, *gdp.editions))),
        where=spent.where,
        source="spending over GDP",
        verified=spent.verified and gdp.verified,
    )


def _short(share: Figure, gdp: Figure, figures: Sequence[Figure], floor: Fraction) -> Range:
    """What is missing to the floor in the currency of GDP, nothing where it is reached; exact where all is."""
    for spent in (figure for figure in figures if figure.measure == "spent"):
        if (spent.currency, spent.prices) == (gdp.currency, gdp.prices) and gdp.source != COMPUTED:
            low, high = floor * gdp.value.low - spent.value.high, floor * gdp.value.high - spent.value.low
            break
    else:
        low, high = ((floor - end) * gdp.value.low for end in (share.value.high, share.value.low))
        high = max(high, (floor - share.value.low) * gdp.value.high)
    return Range(max(Fraction(0), low), max(Fraction(0), high))


def _own_money(figures: Sequence[Figure]) -> Figure | None:
    """Spending as money: in current prices and not in dollars where there is a choice."""
    spent = [figure for figure in figures if figure.measure == "spent"]
    return min(spent, key=lambda figure: (figure.prices != "current prices", figure.currency == "USD"), default=None)
