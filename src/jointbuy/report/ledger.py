"""A ledger for people, as JSON and as tables: what does not add up, what falls due, who pays and who makes what."""

from __future__ import annotations

import json as as_json
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from jointbuy.exact import Range, decimal, widened
from jointbuy.ledger import LOAN, NATIONAL, Bought, Due, Kept, Lost, Remark, Year
from jointbuy.lendingpool import CENTS
from jointbuy.report.files import as_table, write_pages
from jointbuy.report.json import share
from jointbuy.report.layout import dim, finish, heading, paint, table, wrap
from jointbuy.report.pool import CURRENCY, NONE, ahead, cents, percent, plain

_SHOWN, _MAKERS = 12, 5
_STYLE = {"wrong": "red", "missing": "yellow", "look": "cyan"}
MADE = (
    "Where components come from, as a share of their cost, times this state's part of the contract; at most if all "
    "that is open came from there."
)
CLAUSE = {
    "within": "within it",
    "beyond": "beyond it",
    "unknown": "unknown",
    "not activated": "not activated",
    "not covered": "no year of it",
}


def summary(kept: Kept) -> str:
    """What was found, in numbers."""
    counts = {weight: sum(each.weight == weight for each in kept.remarks) for weight in _STYLE}
    if not kept.remarks:
        return "Everything adds up."
    return f"{counts['wrong']} wrong, {counts['missing']} missing, {counts['look']} to look at"


def loan(kept: Kept) -> str:
    """The loan in one sentence."""
    book = kept.ledger
    left = book.loan.amount - kept.drawn
    return (
        f"Loan {cents(book.loan.amount)}, drawn {cents(kept.drawn)}, of that pre-financing not set off yet "
        f"{cents(kept.uncleared)}; left {cents(left)}. In no line of the plan: {cents(kept.free)}."
    )


def told(remark: Remark) -> str:
    """A remark in a sentence, with why and what to do."""
    why = f": {remark.why}" if remark.why else ""
    do = f"; {remark.do}" if remark.do else ""
    return f"{remark.what}{why}{do}"


def sources(kept: Kept) -> list[tuple[str, int]]:
    """What each source pays of the contracts, the loan first and national money last."""
    whole: dict[str, int] = dict.fromkeys((LOAN, *kept.ledger.programmes, NATIONAL), 0)
    for deal in kept.contracts:
        for source, amount in deal.funding:
            whole[source] += amount
    return list(whole.items())


def made(kept: Kept) -> list[tuple[str, Fraction, Fraction]]:
    """By country, what of the contracts' value is made there: least and most, by the components' share, in cents."""
    values = {deal.contract: deal.value for deal in kept.contracts}
    whole: dict[str, list[Fraction]] = {}
    for one in kept.bought:
        for maker in one.makers:
            ends = whole.setdefault(maker.country, [Fraction(0), Fraction(0)])
            ends[0] += maker.low * values.get(one.contract, 0)
            ends[1] += maker.high * values.get(one.contract, 0)
    found = [(country, low, high) for country, (low, high) in whole.items() if high]
    return sorted(found, key=lambda each: (-each[1], -each[2], each[0]))


# --- for a terminal -------------------------------------------------------------------------


def text(kept: Kept, colour: bool, width: int) -> str:
    """What was found, for a terminal of so many columns."""
    book = kept.ledger
    style = "red" if any(each.weight == "wrong" for each in kept.remarks) else "yellow" if kept.remarks else "green"
    lines = [paint("bold", f"{book.title}, on {kept.on}"), *dim([f"{book.id} · {kept.titles[book.state]}"]), ""]
    lines += [paint(style, summary(kept)), *wrap(loan(kept), width)]
    if kept.lost:
        lines += heading(f"If {kept.lost.contract} loses its support")
        lines += [line for each in lost(kept.lost, kept) for line in wrap(each, width, 2, 2)]
    if kept.remarks:
        lines += heading("What does not add up")
        lines += [line for each in kept.remarks for line in _remark(each, width)]
    lines += [*heading("Plan"), *table(list(plan_rows(kept)), frozenset(range(1, 7)), width, 2)]
    lines += [line for each in moves(kept) for line in wrap(each, width, 2, 2)]
    lines += [*heading("Requests"), *table(list(request_rows(kept)), frozenset({2, 3, 4}), width, 2)]
    lines += wrap(
        f"still possible in {kept.on.year}: {kept.requests_left} ({kept.terms.provisions['requests']})", width, 2
    )
    lines += [*heading("What falls due"), *table(list(_due(kept)), frozenset({1}), width, 2)]
    lines += [*heading("Who pays"), *table(list(_sources(kept)), frozenset({1, 2}), width, 2)]
    lines += [line for each in kept.bought for line in wrap(buyers(each, kept), width, 2, 2)]
    lines += [*heading("Who makes"), *table(list(_made(kept)), frozenset({1, 2}), width, 2)]
    lines += dim(wrap(MADE, width, 2))
    lines += [*heading("Deficit and debt"), *table(list(year_rows(kept)), frozenset(range(1, 6)), width, 2)]
    lines += ["", *dim(wrap(clause(kept), width))]
    return finish(lines, colour=colour)


def _remark(each: Remark, width: int) -> Iterator[str]:
    where = f"{each.where}  " if each.where else ""
    provision = f" ({each.provision})" if each.provision else ""
    first, *more = wrap(f"{each.weight}  {where}{told(each)}{provision}", width, 2, 4)
    yield first.replace(each.weight, paint(_STYLE[each.weight], each.weight), 1)
    yield from more


def plan_rows(kept: Kept) -> Iterator[tuple[str, ...]]:
    """Each line from plan to payment."""
    yield "Line", "Plan", "Contracts", "Of it loan", "Delivered", "Claimed", "Received", ""
    for each in kept.lines:
        numbers = (each.planned, each.contracted, each.loan, each.delivered, each.claimed, each.received)
        yield (f"{each.line} {each.title}", *map(cents, numbers), "")


def moves(kept: Kept) -> Iterator[str]:
    """What an amended plan could do with money that is free."""
    for each in kept.transfers:
        source = f"closed line {each.source}" if each.source else "what no line has"
        yield f"An amended plan could move {cents(each.amount)} from {source} to {each.target} (Art. 7(5))."
    freed = sum(line.freed for line in kept.lines) + max(0, kept.free)
    rest = freed - sum(each.amount for each in kept.transfers)
    if rest:
        yield f"Free beside that: {cents(rest)}."
    for way in kept.ways[:1]:
        yield f"{'Open until' if way.open else 'Closed since'} {way.until} ({way.provision})."
    for amendment in kept.ledger.amendments:
        if amendment.approved is None or amendment.approved > kept.on:
            told = f"{amendment.line} to {cents(amendment.loan)}"
            yield f"Amendment {amendment.id} of {amendment.submitted}, {told}, is not approved yet and not counted."


def request_rows(kept: Kept) -> Iterator[tuple[str, ...]]:
    """Each request: what it asks for, what came, and what is missing with it."""
    yield "Request", "Submitted", "Amount", "Came", "Set off", "Missing with it"
    for each in kept.requests:
        missing = ", ".join(each.missing) or "nothing"
        yield each.request, str(each.submitted), cents(each.amount), cents(each.drawn), cents(each.cleared), missing


def more_requests(kept: Kept) -> str:
    """How many requests the year still allows."""
    return f"still possible in {kept.on.year}: {kept.requests_left} ({kept.terms.provisions['requests']})"


def _due(kept: Kept) -> Iterator[tuple[str, ...]]:
    for each in kept.due[:_SHOWN]:
        yield str(each.day), late(each), due_told(each)
    if len(kept.due) > _SHOWN:
        yield "", "", f"and {len(kept.due) - _SHOWN} more: --json, or --out FOLDER"


def late(each: Due) -> str:
    """How far away it is; red where it is past."""
    return paint("red", ahead(each.days)) if each.days < 0 else ahead(each.days)


def due_told(each: Due) -> str:
    """What falls due, with provision and place."""
    beside = ", ".join(filter(None, [each.provision, str(each.where or "")]))
    return f"{each.what} ({beside})" if beside else each.what


def _sources(kept: Kept) -> Iterator[tuple[str, ...]]:
    whole = sum(deal.value for deal in kept.contracts)
    for source, amount in sources(kept):
        yield source, cents(amount), percent(Fraction(amount, whole)) if whole else NONE, ""


def buyers(each: Bought, kept: Kept) -> str:
    """Who pays what of a purchase, by the pieces."""
    if not each.payers:
        return f"{each.contract} {each.title}: quantities or value are not stated"
    parts = [f"{kept.titles[payer.country]} {cents(payer.amount)}" for payer in each.payers]
    return f"{each.contract} {each.title}: {', '.join(parts)} {each.currency}"


def _made(kept: Kept) -> Iterator[tuple[str, ...]]:
    yield "Of contracts that name a purchase", "at least", "at most", ""
    found = made(kept)
    for country, low, high in found[: 2 * _MAKERS]:
        yield kept.titles[country], *at_least_at_most(low, high), ""
    if len(found) > 2 * _MAKERS:
        yield "", "", "", f"and {len(found) - 2 * _MAKERS} more"


def millions(minor: Fraction | int) -> str:
    """An amount in millions, rounded for display."""
    return f"{decimal(Fraction(minor) / (10**6 * CENTS), 1)} m"


def at_least_at_most(low: Fraction, high: Fraction) -> tuple[str, str]:
    """Both ends in millions; what is meant lies within what is shown."""
    least, most = widened(Range(low, high).times(Fraction(1, 10**6 * CENTS)), 1)
    return f"{least} m", f"{most} m"


def year_rows(kept: Kept) -> Iterator[tuple[str, ...]]:
    """Each year: what counts for the deficit, what is debt, what was paid, and the room of the clause."""
    yield (
        "Year",
        "Delivered",
        "To be delivered",
        "Loan drawn",
        "Paid",
        f"{percent(kept.clause.share)} of GDP",
        "Escape clause",
    )
    for each in kept.years:
        room = millions(each.room) if each.room is not None else NONE
        numbers = (each.accrued, each.planned, each.drawn, each.paid)
        yield (str(each.year), *(cents(number) if number else NONE for number in numbers), room, CLAUSE[each.clause])


def clause(kept: Kept) -> str:
    """What the years' figures mean."""
    return (
        "Deliveries count for the deficit when they are accepted, draws are debt when they come; what is paid beyond "
        f"the draws is paid by other means. The escape clause leaves {percent(kept.clause.share)} of GDP a year from "
        f"{kept.clause.first} to {kept.clause.last} for the rise of defence expenditure, SAFE loans inside it; here "
        "only this ledger's deliveries are held against it. GDP: "
        + (kept.ledger.gdp_source or "not stated")
        + f". Clause: {kept.clause.source}."
    )


def lost(found: Lost, kept: Kept) -> Iterator[str]:
    """What follows if a contract loses its support."""
    yield f"{found.title} ({found.contract})"
    parts = ", ".join(f"{request} {cents(amount)}" for request, amount in found.by_request)
    beside = f" ({parts})" if parts else ""
    yield (
        f"Came from the loan for its costs, and has to be paid back or set off: {cents(found.repay)}{beside}. Only "
        "what complies with Article 16 is supported (Art. 16(1)); how it is recovered, the loan agreement says "
        "(Art. 10(2) and 14; Regulation (EU, Euratom) 2024/2509, Art. 223(4)), whose text is not public."
    )
    if found.withdraw:
        yield f"Claimed in requests that are open, to be withdrawn: {cents(found.withdraw)} (Art. 12(3) and (4))."
    if found.advance:
        yield (
            "Pre-financing that the other contracts can no longer set off, to be paid back too: "
            f"{cents(found.advance)} (Art. 10(2))."
        )
    yield f"What the loan was still to pay, and other money must: {cents(found.cover)}."
    if found.freed:
        until = kept.terms.last_decision
        yield f"Free for an amended plan: {cents(found.freed)}, to be decided by {until} (Art. 7(5) and 8(8))."
    else:
        yield f"Too late for an amended plan: decisions were possible until {kept.terms.last_decision} (Art. 8(8))."
    for source, amount in found.others:
        yield f"{source} pays {cents(amount)} of it: its own rules say what follows."


# --- as JSON --------------------------------------------------------------------------------


def json(kept: Kept) -> dict[str, Any]:
    """The whole answer; amounts in cents."""
    book = kept.ledger
    return {
        "ledger": book.id,
        "state": book.state,
        "as_of": str(kept.on),
        "currency": CURRENCY,
        "loan": {
            "amount": book.loan.amount,
            "prefinancing": book.loan.prefinancing,
            "drawn": kept.drawn,
            "uncleared": kept.uncleared,
            "left": book.loan.amount - kept.drawn,
            "free": kept.free,
        },
        "remarks": [_remark_json(each) for each in kept.remarks],
        "lines": [_fields(each) for each in kept.lines],
        "contracts": [{**_fields(each), "funding": dict(each.funding)} for each in kept.contracts],
        "requests": [_fields(each) for each in kept.requests],
        "requests_left": kept.requests_left,
        "due": [{**_fields(each), "where": str(each.where) if each.where else None} for each in kept.due],
        "years": [_year(each) for each in kept.years],
        "transfers": [
            {"from": each.source or None, "to": each.target, "amount": each.amount} for each in kept.transfers
        ],
        "sources": [{"source": source, "amount": amount} for source, amount in sources(kept)],
        "purchases": [_bought(each) for each in kept.bought],
        "made": [{"country": country, "low": _down(low), "high": -_down(-high)} for country, low, high in made(kept)],
        "lost": _lost(kept.lost),
        "digests": dict(kept.digests),
    }


def _down(value: Fraction) -> int:
    return value.numerator // value.denominator


def _fields(record: Any) -> dict[str, Any]:
    """A flat record: days as text, tuples as lists."""
    found: dict[str, Any] = {}
    for name in record.__slots__:
        value = getattr(record, name)
        found[name] = list(value) if isinstance(value, tuple) else value if isinstance(value, int | str) else str(value)
    return found


def _remark_json(each: Remark) -> dict[str, Any]:
    return {
        "weight": each.weight,
        "check": each.key,
        "what": each.what,
        "where": str(each.where) if each.where else None,
        "because": each.why or None,
        "do": each.do or None,
        "provision": each.provision or None,
        "amount": each.amount,
    }


def _year(each: Year) -> dict[str, Any]:
    numbers = {"delivered": each.accrued, "to_be_delivered": each.planned, "drawn": each.drawn, "paid": each.paid}
    room = _down(each.room) if each.room is not None else None
    return {"year": each.year, **numbers, "room": room, "escape_clause": each.clause}


def _bought(each: Bought) -> dict[str, Any]:
    return {
        "contract": each.contract,
        "purchase": each.purchase,
        "status": each.outcome,
        "conditions": list(each.conditions),
        "value": each.value,
        "currency": each.currency or None,
        "payers": [{"country": payer.country, "amount": payer.amount} for payer in each.payers],
        "makers": [
            {"country": maker.country, "low": share(maker.low), "high": share(maker.high)} for maker in each.makers
        ],
        "undeclared": share(each.undeclared) if each.undeclared is not None else None,
    }


def _lost(found: Lost | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "contract": found.contract,
        "repay": found.repay,
        "by_request": dict(found.by_request),
        "withdraw": found.withdraw,
        "advance": found.advance,
        "cover": found.cover,
        "freed": found.freed,
        "others": dict(found.others),
    }


# --- as files -------------------------------------------------------------------------------


def write(kept: Kept, folder: Path) -> tuple[Path, ...]:
    """Write the ledger's files into a folder, each whole or not at all; returns their paths. Raises OSError."""
    from jointbuy.report import ledger_page

    texts = {
        "report.html": ledger_page.page(kept),
        "ledger.json": as_json.dumps(json(kept), indent=2, ensure_ascii=False) + "\n",
        "remarks.csv": as_table(
            ["weight", "check", "where", "what", "because", "do", "provision", "amount"],
            (
                [
                    *(each.weight, each.key, str(each.where or ""), each.what, each.why, each.do, each.provision),
                    plain(each.amount) if each.amount is not None else "",
                ]
                for each in kept.remarks
            ),
        ),
        "lines.csv": _sums(["line", "title"], _LINE, kept.lines),
        "contracts.csv": _sums(["contract", "title", "line"], _DEAL, kept.contracts),
        "due.csv": as_table(
            ["day", "kind", "what", "provision", "where"],
            ([str(each.day), each.kind, each.what, each.provision, str(each.where or "")] for each in kept.due),
        ),
        "years.csv": as_table(
            ["year", "delivered", "to_be_delivered", "drawn", "paid", "escape_clause"],
            (
                [
                    str(each.year),
                    *(plain(number) for number in (each.accrued, each.planned, each.drawn, each.paid)),
                    each.clause,
                ]
                for each in kept.years
            ),
        ),
    }
    return write_pages(texts, folder)


_LINE = "planned contracted loan invoiced paid delivered claimed received freed short".split()
_DEAL = "value invoiced paid delivered claimed received".split()


def _sums(words: Sequence[str], numbers: Sequence[str], records: Iterable[Any]) -> str:
    rows = (
        [*(getattr(each, name) for name in words), *(plain(getattr(each, name)) for name in numbers), CURRENCY]
        for each in records
    )
    return as_table([*words, *numbers, "currency"], rows)
