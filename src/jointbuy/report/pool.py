"""The pool of loans for people, as JSON and as tables: what each state has, the cap, last days, what is left."""

from __future__ import annotations

import json as as_json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from jointbuy.exact import Range, decimal, widened
from jointbuy.lendingpool import CENTS, NOTHING, Allocation, Amount, Concentration, Fact, Pool
from jointbuy.report.figures import NBSP
from jointbuy.report.files import as_table, write_pages
from jointbuy.report.layout import dim, finish, heading, paint, table, wrap

CURRENCY = "EUR"
NONE, BILLION = "–", 10**9
SUMS = ("tentative", "decided", "prefinancing", "drawn", "freed")
"""The sums that are over what is known of each state."""
STYLES = {"met": "green", "not met": "red", "unknown": "yellow"}


def cents(minor: int) -> str:
    """An amount to the cent, for people: 2,502,008,309.10, cents left out where there are none."""
    whole, rest = divmod(abs(minor), CENTS)
    return f"{'-' if minor < 0 else ''}{whole:,}" + (f".{rest:02}" if rest else "")


def plain(minor: int) -> str:
    """An amount for a spreadsheet: 2502008309.10."""
    whole, rest = divmod(abs(minor), CENTS)
    return f"{'-' if minor < 0 else ''}{whole}.{rest:02}"


def billions(minor: int, places: int = 2) -> str:
    """An amount in billions, rounded for display; one that is smaller than that shows in millions."""
    if abs(minor) < BILLION * CENTS:
        return f"{decimal(Fraction(minor, 10**6 * CENTS), places)}{NBSP}million"
    return f"{decimal(Fraction(minor, BILLION * CENTS), places)}{NBSP}billion"


def amount(value: Amount | None) -> str:
    """An amount to the cent, or the range in billions that a source's round words leave."""
    if value is None:
        return NONE
    return cents(value.low) if value.exact else between(value, 3)


def between(value: Amount, places: int) -> str:
    """Both ends of a range, in billions with so many decimals or in millions with one; what it holds lies within."""
    large = max(abs(value.low), abs(value.high)) >= BILLION * CENTS
    unit, shown, sign = (BILLION, places, "bn") if large else (BILLION // 1000, 1, "m")
    ends = Range(Fraction(value.low, unit * CENTS), Fraction(value.high, unit * CENTS))
    return f"{' to '.join(widened(ends, shown))}{NBSP}{sign}"


def percent(share: Fraction, places: int = 1) -> str:
    """A share in per cent, whole where it is."""
    whole = share * 100
    return f"{whole if whole.denominator == 1 else decimal(whole, places)}{NBSP}%"


def prefinancing(each: Allocation) -> str:
    """What is granted in advance, in words where nothing was asked."""
    return "none asked" if each.prefinancing == NOTHING else amount(each.prefinancing)


def ahead(days: int) -> str:
    """How far a day is away."""
    if days < 0:
        return f"{-days:,} days ago"
    return "today" if days == 0 else f"in {days:,} days"


# --- for a terminal -------------------------------------------------------------------------


def text(pool: Pool, colour: bool, width: int) -> str:
    """The pool, for a terminal of so many columns."""
    lines = [paint("bold", f"{pool.facts.title}, on {pool.on}"), *dim([f"as known on {pool.known_on}"]), ""]
    lines += table(list(_rows(pool)), frozenset({1, 2, 3, 4}), width, 0) if pool.allocations else [nothing(pool)]
    lines += [*heading("The cap of the largest"), *wrap(cap(pool), width, 2), ""]
    for each in pool.concentration:
        lines += [f"  {paint(STYLES[each.status], each.status)}   {each.basis}"]
        lines += wrap(against(pool, each), width, 4)
    lines += [*heading("Last days"), *table(list(_days(pool)), frozenset({1}), width, 2)]
    requests = f"requests for payment: at most {pool.terms.requests} a year ({pool.terms.provisions['requests']})"
    lines += wrap(requests, width, 2)
    lines += heading("What is left, and what it could do")
    for told in left(pool):
        lines += wrap(told, width, 2, 2)
    lines += ["", *(line for note in pool.notes for line in dim(wrap(note, width)))]
    lines += dim(wrap("Sources of every fact: --json, or --out FOLDER.", width))
    return finish(lines, colour=colour)


def _rows(pool: Pool) -> Iterator[tuple[str, ...]]:
    yield "State", "Tentative", "Decided", "Pre-financing", "Known paid", ""
    for each in pool.allocations:
        decided = amount(each.decided)
        if each.status == "decided, amount not known":
            decided = "amount not known"
        yield each.title, amount(each.tentative), decided, prefinancing(each), amount(each.drawn), ""
    yield ("Sum of what is known", *(amount(known(pool, name)) for name in SUMS[:4]), "")


def nothing(pool: Pool) -> str:
    """What stands in place of the states where no fact is of that day or before."""
    first = min(fact.on for fact in pool.facts.facts)
    return f"Nothing is known of any state's loan on {pool.on}: the first fact is of {first}."


def known(pool: Pool, name: str) -> Amount | None:
    """A sum over the states, by its name; None where of no state it is known: that is not nothing."""
    own = [getattr(each, name) for each in pool.allocations]
    return getattr(pool, name) if any(each is not None for each in own) else None


def cap(pool: Pool) -> str:
    """What the cap says."""
    terms = pool.terms
    return (
        f"The loans granted to the {terms.largest} largest may not exceed {percent(terms.share)} of "
        f"{billions(terms.maximum, 0)} ({terms.provisions['share']})."
    )


def against(pool: Pool, each: Concentration) -> str:
    """One set of amounts against the cap, in a sentence."""
    titles = {one.country: one.title for one in pool.allocations}
    names = " or ".join([", ".join(titles[state] for state in each.largest), *(titles[state] for state in each.alike)])
    told = f"{names}: {amount(each.amount)} of {cents(each.limit)}"
    if each.unknown:
        unknown = " and ".join(titles[state] for state in each.unknown)
        told += f"; not known: {unknown}"
    if each.breaks_above is not None:
        least = each.breaks_above - each.breaks_above % (BILLION * CENTS // 100)  # rounded down, it is still the least
        told += f", who would together need more than {billions(least)} to break it"
    return told


def _days(pool: Pool) -> Iterator[tuple[str, ...]]:
    marks = {"past": "dim", "near": "yellow", "ahead": ""}
    for each in pool.deadlines:
        told = ahead(each.days)
        style = marks[each.state]
        yield str(each.day), paint(style, told) if style else told, f"{each.what} ({each.provision})"


def left(pool: Pool) -> Iterator[str]:
    """What is left of the money, and what may still be done with it."""
    if freed := known(pool, "freed"):
        yield f"Freed against the tentative amounts, where the decision is known: {amount(freed)}."
    if pool.expected != NOTHING:
        yield f"And by what the Commission has proposed without a decision yet: {amount(pool.expected)}."
    if pool.undecided != NOTHING:
        names = ", ".join(each.title for each in pool.allocations if each.status == "not decided")
        yield f"Without a decision: {amount(pool.undecided)} ({names})."
    if pool.unlent is not None:
        yield f"Of the most that may be lent, not decided: {amount(pool.unlent)}."
    if told := ", ".join(f"{each.title} {amount(each.left)}" for each in pool.allocations if each.left):
        yield f"Of decided loans not known to be paid, where a payment is known: {told}."
    for way in pool.ways:
        still = f"until {way.until}" if way.open else f"no longer, since {way.until} is past"
        yield f"{'Open' if way.open else 'Closed'}: {way.what}; {still} ({way.provision})."


# --- as JSON --------------------------------------------------------------------------------


def amount_json(value: Amount | None) -> Any:
    """Cents; both ends where the amount is a range, null where it is not known."""
    if value is None:
        return None
    return value.low if value.exact else {"low": value.low, "high": value.high}


def json(pool: Pool) -> dict[str, Any]:
    """The whole answer; amounts in cents."""
    return {
        "as_of": str(pool.on),
        "known_on": str(pool.known_on),
        "currency": CURRENCY,
        "total": pool.terms.maximum,
        "allocations": [_allocation(each) for each in pool.allocations],
        "sums": {
            **{name: amount_json(known(pool, name)) for name in SUMS},
            **{name: amount_json(getattr(pool, name)) for name in ("expected", "undecided", "unlent")},
        },
        "concentration": [
            {
                "basis": each.basis,
                "status": each.status,
                "largest": list(each.largest),
                "alike": list(each.alike),
                "amount": amount_json(each.amount),
                "limit": each.limit,
                "unknown": list(each.unknown),
                "breaks_above": each.breaks_above,
                "provision": pool.terms.provisions["share"],
            }
            for each in pool.concentration
        ],
        "deadlines": [
            {
                "what": each.what,
                "on": str(each.day),
                "days": each.days,
                "state": each.state,
                "provision": each.provision,
            }
            for each in pool.deadlines
        ],
        "requests_a_year": pool.terms.requests,
        "ways": [
            {
                "what": way.what,
                "until": str(way.until),
                "open": "yes" if way.open else "no",
                "provision": way.provision,
            }
            for way in pool.ways
        ],
        "facts": [fact_json(fact) for each in pool.allocations for fact in each.facts],
        "facts_as_of": str(pool.facts.as_of),
        "laid_over": pool.facts.laid_over or None,
        "notes": list(pool.notes),
    }


def _allocation(each: Allocation) -> dict[str, Any]:
    top = {True: "yes", False: "no", None: "unknown"}[each.at_the_top]
    return {
        "country": each.country,
        "status": each.status,
        "amount": amount_json(each.amount),
        "prefinancing": amount_json(each.prefinancing),
        "highest_prefinancing": top,
        "drawn": amount_json(each.drawn),
        "left": amount_json(each.left),
        "tentative": amount_json(each.tentative),
        "proposed": amount_json(each.proposed),
        "decided": amount_json(each.decided),
        "decided_on": str(each.decided_on) if each.decided_on else None,
        "freed": amount_json(each.freed),
    }


def fact_json(fact: Fact) -> dict[str, Any]:
    """One fact with its source."""
    return {
        "country": fact.state,
        "what": fact.what,
        "on": str(fact.on),
        "known_since": str(fact.known_since),
        "amount": amount_json(fact.amount),
        "prefinancing": amount_json(fact.prefinancing),
        "told": fact.told or None,
        "source": fact.source,
        "confidence": fact.confidence,
        "where": str(fact.where),
    }


# --- as files -------------------------------------------------------------------------------


def write(pool: Pool, folder: Path) -> tuple[Path, ...]:
    """Write the pool's files into a folder, each whole or not at all; returns their paths. Raises OSError."""
    from jointbuy.report import pool_page

    ends = [f"{name}_{end}" for name in _COLUMNS for end in ("low", "high")]
    texts = {
        "report.html": pool_page.page(pool),
        "pool.json": as_json.dumps(json(pool), indent=2, ensure_ascii=False) + "\n",
        "allocations.csv": as_table(["state", "status", "decided_on", *ends, "currency"], _table(pool)),
        "facts.csv": as_table(
            "state what on known_since low high told source confidence".split(),
            (
                [
                    *(fact.state, fact.what, str(fact.on), str(fact.known_since)),
                    *_ends(fact.amount),
                    *(fact.told, fact.source, fact.confidence),
                ]
                for each in pool.allocations
                for fact in each.facts
            ),
        ),
    }
    return write_pages(texts, folder)


_COLUMNS = ("tentative", "decided", "prefinancing", "drawn", "left", "freed")


def _ends(value: Amount | None) -> list[str]:
    return [plain(value.low), plain(value.high)] if value else ["", ""]


def _table(pool: Pool) -> Iterator[list[str]]:
    for each in pool.allocations:
        numbers = [cell for name in _COLUMNS for cell in _ends(getattr(each, name))]
        yield [each.country, each.status, str(each.decided_on or ""), *numbers, CURRENCY]
