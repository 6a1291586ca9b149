"""The texts of the page on spending and dependence, by their key, and how its numbers are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from jointbuy.exact import Range, decimal, widened
from jointbuy.lendingpool import Amount
from jointbuy.money import DIGITS, Money
from jointbuy.report.figures import NBSP
from jointbuy.spending import Activation, Figure, Position, State, Targets

TARGETS: Mapping[str, str] = {
    "title": "Defence spending and dependence against targets",
    "spending": "Spending against floor and ceiling",
    "spending caption": "Core spending as a share of GDP, and of it for equipment; e: an estimate of the publisher",
    "path": "The path to {year}",
    "paths": "The path to the floor",
    "path caption": "{state}: what the path asks for; money in {prices}",
    "path no money": "{state}: what the path asks for, as a share of GDP",
    "paths caption": "What each path asks for",
    "state": "State",
    "year": "Year",
    "share": "Core share",
    "floor": "Floor",
    "gap": "Still missing",
    "short": "In money",
    "related": "Other, counted",
    "equipment": "Equipment",
    "edition": "Edition",
    "mark": "Remark",
    "asked": "Asked for",
    "level": "In money",
    "more": "Beyond today's share",
    "planned": "Planned",
    "loans": "Of it by loans",
    "base": "From",
    "prices": "Prices",
    "share said": "Share",
    "review": "At the review",
    "sum": "Beyond, in all years",
    "rearm": "ReArm Europe: what 800 bn are",
    "rearm caption": "A potential and loans; neither is money spent",
    "part": "Part",
    "amount": "Amount",
    "what": "What it is",
    "decisions caption": "Loans decided",
    "on": "Decided on",
    "remark": "Remark",
    "dependence": "Dependence on one country",
    "dependence caption": "Published and computed shares, each with its base",
    "dependence years": "What names no years stands in the year in which it was said.",
    "buyer": "Who",
    "kind": "Of what",
    "of": "Base",
    "years": "Years",
    "doubts": "What cannot be compared as it stands",
    "sources": "Where the figures come from",
    "notes": "Notes",
    "no path": "No share of GDP is known: no path can be drawn.",
    "ceiling": "Floor and ceiling are two things and are never added: at least {floor} of GDP for core defence by "
    "{year} is a duty, up to {ceiling} for related spending is what may count, and nothing is missing where less is "
    "spent.",
}
STATUS = {"met": "reached", "not met": "below", "unknown": "open"}
WHY_OPEN = "open: the figure as it was rounded lies on both sides, or there is none"
MARK = "unverified"
NO_PLEDGE = "no pledge"


def percent(value: Fraction, places: int = 2) -> str:
    """A share in per cent; for display only."""
    return f"{decimal(value * 100, places)}{NBSP}%"


def span(value: Range | None, places: int = 2) -> str:
    """A share, or both its ends where they show, with all that lies between them."""
    if value is None:
        return "–"
    if percent(value.low, places) == percent(value.high, places):
        return percent(value.low, places)
    return f"{' to '.join(widened(value.times(Fraction(100)), places))}{NBSP}%"


def published(figure: Figure | None, places: int = 2) -> str:
    """A share as published, an estimate marked."""
    if figure is None:
        return "–"
    rough = figure.value.high - figure.value.low >= Fraction(1, 1000)  # published to a tenth of a per cent
    return percent(figure.published, 1 if rough else places) + (" e" if figure.estimate else "")


def gap(value: Range | None) -> str:
    """What is missing to the floor, or by how much a state is above it."""
    if value is None:
        return "–"
    if value.low == value.high == 0:
        return "none"
    if value.high <= 0:
        return f"{span(Range(-value.high, -value.low))} above"
    if value.low < 0:
        low, high = widened(value.times(Fraction(100)), 2)
        return f"{low.removeprefix('-')}{NBSP}% above to {high}{NBSP}% missing"
    if value.high < Fraction(1, 20000):
        return f"less than {percent(Fraction(1, 10000))}"
    return span(value)


def short(one: Position) -> str:
    """What is missing to the floor, in money; a cent is shown as a cent."""
    if one.short is None or one.gdp is None or one.gdp.currency is None:
        return "–"
    cent = Fraction(1, 10 ** DIGITS[one.gdp.currency])
    if 0 < one.short.high < 1:
        return f"{decimal(max(one.short.high, cent), DIGITS[one.gdp.currency])}{NBSP}{one.gdp.currency}"
    return amount(one.short, one.gdp.currency)


def amount(value: Range | None, currency: str | None) -> str:
    """An amount in whole units, in billions or millions, or both its ends; for display only."""
    if value is None or currency is None:
        return "–"
    size = max(abs(value.low), abs(value.high))
    unit, word = next(((unit, word) for unit, word in _SIZES if size >= unit), (1, ""))
    low, high = (decimal(end / unit, 1 if word else 0) for end in (value.low, value.high))
    if low != high:
        wide, finest = (value.high - value.low) / unit, 3 if word else 0
        places = next((each for each in range(1, finest) if wide * 10**each >= 10), finest)
        low, high = widened(Range(value.low / unit, value.high / unit), places)
    told = _grouped(low) if low == high else f"{_grouped(low)} to {_grouped(high)}"
    return f"{told}{NBSP}{word}{currency}"


_SIZES = ((10**9, f"bn{NBSP}"), (10**6, f"m{NBSP}"))


def _grouped(digits: str) -> str:
    whole, point, rest = digits.partition(".")
    return digits if whole.startswith("-0") else f"{int(whole):,}{point}{rest}"


def moneys(sums: Sequence[Money]) -> str:
    """Sums of several currencies after each other."""
    return "; ".join(amount(Range(one.major, one.major), one.currency) for one in sums) or "–"


def plain(value: Fraction, currency: str) -> str:
    """An amount for a spreadsheet, in whole units with the digits of its currency."""
    return decimal(value, DIGITS[currency])


def editions(figure: Figure | None) -> str:
    """Where a figure comes from."""
    if figure is None:
        return "–"
    return " + ".join(figure.editions) + ("" if figure.verified else f" ({MARK})")


def duty(found: Targets) -> str:
    """What floor and ceiling mean."""
    terms = found.terms
    floor, ceiling = percent(Fraction(str(terms.floor.value)), 1), percent(Fraction(str(terms.ceiling.value)), 1)
    return TARGETS["ceiling"].format(floor=floor, ceiling=ceiling, year=terms.aim_year.value)


def shown_prices(shown: Iterable[Position]) -> str | None:
    """In what prices the money is that is missing; None where none is shown."""
    found = dict.fromkeys(one.gdp.prices for one in shown if one.short is not None and one.gdp)
    told = ("current prices: each year in its own" if each == "current prices" else each for each in found)
    return f"In money: {'; '.join(told)}." if found else None


def prices(state: State) -> str:
    """In what a path's money is counted."""
    return f"{state.path.currency}, {state.path.prices}" if state.path and state.path.currency else ""


def contributes(state: State) -> list[str]:
    """What loans, the escape clause and plans give a state, and what that does not mean."""
    told = []
    if state.loan:
        sum_ = between(state.loan.amount) if state.loan.amount else "a sum that was not found"
        told.append(
            f"loan under SAFE: {sum_}, decided {state.loan.on.isoformat()}"
            + marked(state.loan.verified)
            + "; what it pays for counts as spending once, and is not added to it"
        )
    if state.clause:
        told.append(f"escape clause active {since(state.clause)}" + marked(state.clause.verified))
    if state.path and any(step.planned for step in state.path.steps):
        told.append("planned spending stands beside what the path asks for: what of it is new, no file says")
    return told


def since(one: Activation) -> str:
    """From when a state uses the clause; what is known of the day where that is not one."""
    return f"from {one.since} at the latest, {one.remark.partition(';')[0]}" if one.remark else f"from {one.since}"


def marked(verified: bool) -> str:
    """The mark of what nobody here has verified."""
    return "" if verified else f" ({MARK})"


def euros(minor: int) -> Range:
    """Euro cents as an amount in whole units."""
    return Range(Fraction(minor, 100), Fraction(minor, 100))


def between(cents: Amount) -> str:
    """A range of euro cents in whole units."""
    return amount(Range(Fraction(cents.low, 100), Fraction(cents.high, 100)), "EUR")


def years(since: int | None, until: int | None) -> str:
    """The years that a statement speaks of."""
    if since is None:
        return "not said"
    return str(since) if until in {None, since} else f"{since}–{until}"


def wordy(share: Range) -> str:
    """A stated share: `52 %`, `more than 70 %`."""
    if share.known:
        return percent(share.low, 1).replace(".0", "")
    if share.high == 1:
        return f"more than {percent(share.low, 1).replace('.0', '')}"
    if share.low == 0:
        return f"less than {percent(share.high, 1).replace('.0', '')}"
    return span(share, 1)
