"""A ledger goes from its files to what is found in it: read, the law's numbers, its purchases, sums and checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from jointbuy import law
from jointbuy.errors import JointbuyError, Problem, Unusable, did_you_mean
from jointbuy.exact import ZERO, Composition, Origin, Range, countries_of, divided, share_range
from jointbuy.exact import split as parted
from jointbuy.flow.case import check, day_of
from jointbuy.flow.pool import HERE, facts_of, terms_of
from jointbuy.formats import escape
from jointbuy.formats import ledger as reader
from jointbuy.fund import checks
from jointbuy.fund import ledger as sums
from jointbuy.fund.pool import deadlines, ways
from jointbuy.fund.pool import pool as stands
from jointbuy.fund.years import due, requests_left, years
from jointbuy.ledger import Bought, Deal, Kept, Ledger, Maker, Payer
from jointbuy.money import split
from jointbuy.result import Case


def ledger(
    folder: str | Path,
    *,
    on: str | date | None = None,
    lost: str | None = None,
    facts: str | Path | None = None,
) -> Kept:
    """What is found in a ledger: its folder, or its ledger.yaml, as `on` a day, by default the day it was kept.

    `lost` is a contract whose support is lost; `facts` a file of facts about loans that is laid over ours. Raises
    Unusable with every problem of the files, NotInForce for a day before the act.
    """
    folder = Path(folder)
    every = facts_of(facts)
    places = law.places()
    read = reader.read(folder, places, terms_of(every.as_of).lenders)
    book = read.ledger
    day = day_of(on) or book.kept
    terms = terms_of(day)
    if lost is not None and lost not in {deal.id for deal in book.contracts}:
        known = [deal.id for deal in book.contracts]
        do = did_you_mean(lost, known) or f"the contracts are: {', '.join(known)}"
        raise JointbuyError(f'there is no contract "{lost}" in {read.ledger.id}; {do}')
    bought = tuple(_purchases(folder.parent if folder.is_file() else folder, book))
    books = sums.Books(book, terms, day)
    allocations = stands(every, terms, places.titles, day, max(day, every.as_of)).allocations
    known_loan = next((each for each in allocations if each.country == book.state), None)
    deals = sums.deal_sums(books)
    lines, requests = sums.line_sums(books, deals), sums.request_sums(books)
    last_days = deadlines(terms, day)
    clause = escape.read(HERE / "escape_clause.yaml", places)
    free = book.loan.amount - sum(books.planned.values())
    codes = {book.state, *(each.country for one in bought for each in one.payers)}
    codes |= {each.country for one in bought for each in one.makers}
    return Kept(
        ledger=book,
        on=day,
        terms=terms,
        clause=clause,
        titles={code: places.titles.get(code, code) for code in sorted(codes)},
        remarks=checks.remarks(books, lines, requests, bought, known_loan),
        lines=lines,
        contracts=deals,
        requests=requests,
        drawn=books.drawn,
        uncleared=books.uncleared,
        free=free,
        requests_left=requests_left(books),
        due=due(books, last_days),
        years=years(books, clause),
        transfers=sums.transfers(lines, free),
        ways=ways(terms, day),
        deadlines=last_days,
        bought=bought,
        lost=sums.lost(books, lost) if lost is not None else None,
        digests={**read.digests, "law": law.act("safe").digest},
    )


# --- the purchases that contracts name ------------------------------------------------------


def _purchases(folder: Path, book: Ledger) -> Iterator[Bought]:
    """Each purchase decided as it stands; what cannot be read is told with the row that names it."""
    problems: list[Problem] = []
    decided: dict[str, Case] = {}
    for deal in book.contracts:
        if not deal.purchase:
            continue
        try:
            case = decided.get(deal.purchase) or check(folder / deal.purchase)
        except Unusable as error:
            problems += [
                replace(each, what=f"{deal.purchase}: {each.what}", where=each.where) for each in error.problems
            ]
        except (JointbuyError, OSError) as error:
            do = "correct the column purchase, or leave it empty"
            problems.append(Problem(f"the purchase {deal.purchase} cannot be decided", deal.where, str(error), do))
        else:
            decided[deal.purchase] = case
            yield _bought(deal, case)
    if problems:
        raise Unusable(problems)


def _bought(deal: Deal, case: Case) -> Bought:
    value = case.purchase.contract.value if case.purchase.contract else None
    composition = _composition(case)
    return Bought(
        contract=deal.id,
        purchase=deal.purchase,
        title=case.purchase.title or case.purchase.id,
        outcome=case.verdict.outcome,
        conditions=tuple(condition.key for condition in case.verdict.conditions),
        value=value.minor if value else None,
        currency=value.currency if value else "",
        payers=_payers(case, value.minor if value else None),
        makers=tuple(sorted(_makers(composition), key=lambda each: (-each.low, -each.high, each.country))),
        undeclared=_undeclared(composition),
    )


def _payers(case: Case, value: int | None) -> tuple[Payer, ...]:
    """The contract's value by the pieces that each buyer takes, to the cent; none where a number is not stated."""
    buyers = case.purchase.buyers or ()
    pieces = [buyer.quantity for buyer in buyers if buyer.quantity is not None]
    if value is None or len(pieces) != len(buyers) or sum(pieces) <= 0:
        return ()
    parts = split(value, pieces)
    return tuple(
        Payer(buyer.country, quantity, part) for buyer, quantity, part in zip(buyers, pieces, parts, strict=True)
    )


def _composition(case: Case) -> Composition:
    """What the components of all end products come from, each as many times as it is bought."""
    whole: dict[Origin, Range] = {}
    quantities: Mapping[str, Fraction] = {
        each.id: each.quantity for each in case.purchase.end_products or () if each.quantity is not None
    }
    for product in case.content.products if case.content else ():
        for origin, amount in product.composition.items():
            times = amount.times(quantities.get(product.product, Fraction(1)))
            whole[origin] = whole.get(origin, ZERO) + times
    return whole


def _makers(composition: Composition) -> Iterator[Maker]:
    """Each country with its least and most share of the cost of components."""
    codes = {code for origin in composition for place, _ in origin if place for code in countries_of(place)}
    for code in sorted(codes):
        if share := share_range(parted(composition, {code})):
            yield Maker(code, share.low, share.high)


def _undeclared(composition: Composition) -> Fraction | None:
    """The share of which no country is declared; None where prices leave it open, or there is nothing."""
    whole = sum((amount for amount in composition.values()), ZERO)
    if not composition or not whole.known or not whole.low:
        return None
    open_ = sum((amount.low * divided(origin, ())[2] for origin, amount in composition.items()), Fraction(0))
    return open_ / whole.low
