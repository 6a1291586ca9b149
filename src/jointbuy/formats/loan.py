"""A loan: loan.yaml and the tables beside it, as a record; every problem found is reported in one run (§9).

The format is described in docs/fund.md. What the law limits is held against it by `flow.loan`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from jointbuy.errors import Unusable, Where
from jointbuy.formats import files, scalars
from jointbuy.formats import loan_scalars as values
from jointbuy.formats import plan_tables as tables
from jointbuy.formats.loan_draws import GUIDE, Drawn, draws
from jointbuy.formats.plan_fields import Reader
from jointbuy.formats.problems import Problems, listed
from jointbuy.lending import (
    CALENDARS,
    CONVENTIONS,
    REPAYMENTS,
    ROUNDINGS,
    Days,
    Fee,
    Loan,
    Repayment,
    Rounding,
)
from jointbuy.lending import Path as Rates
from jointbuy.money import DIGITS
from jointbuy.places import Places
from jointbuy.yamltext import Fields, Items, parse

FILE = "loan.yaml"
_KEYS = (
    "id title instrument country currency signature amount allocation draws interest principal business_days fees"
).split()
_ACCRUALS = ("to the day it is paid", "to the day it is due")
_LONGEST = 100
"""Years from which on a maturity is a slip of the hand, whatever the law allows."""


@dataclass(frozen=True, slots=True)
class ReadLoan:
    """A loan as read, before pre-financing is cleared, the digests of its files by name, and what was found so far.

    Who joins it with the law adds what that finds to `problems`, so that all is told in one run.
    """

    loan: Loan
    digests: Mapping[str, str]
    problems: Problems


def read(path: Path, places: Places, instruments: tuple[str, ...]) -> ReadLoan:
    """Read a loan's folder, or its file. Raises Unusable with every problem where not enough of it can be read."""
    problems = Problems()
    tree, name, folder, digest = opened(path, FILE, "examples/loan-romania", _KEYS, problems)
    reader = Reader(tree, problems, places, GUIDE)
    loan, used = _loan(reader, folder, instruments)
    if loan is not None:
        _faults(loan, problems)
    if loan is None:
        raise Unusable(problems.in_order())
    used = tuple(each for each in used if (folder / each).is_file())
    found = {each: files.Content(each, (folder / each).read_bytes()).digest for each in used}
    return ReadLoan(loan, {name: digest, **found}, problems)


def opened(path: Path, usual: str, example: str, keys: list[str], problems: Problems) -> tuple[Fields, str, Path, str]:
    """The keys of a file, or of the usual one of a folder: tree, name, folder, digest. Raises Unusable without them."""
    folder, name = (path, usual) if path.is_dir() else (path.parent, path.name)
    problems.files.append(name)
    if not files.is_file(folder / name):
        do = f"name a folder that holds {usual}, such as {example}, or the file"
        problems.add(f"there is no {name} in {folder}", None, do=do)
        problems.raise_if_any()
    content = files.load(folder / name, name, Where(name), files.MAX_YAML_BYTES, problems)
    text = files.text_of(content, problems) if content else None
    if text is None or content is None:
        raise Unusable(problems.in_order())
    tree = parse(text, name)
    if not isinstance(tree, Fields):
        problems.add("the file holds no keys", Where(name), do=f"write keys: {listed(keys, 20)}")
        raise Unusable(problems.in_order())
    return tree, name, folder, content.digest


def _loan(reader: Reader, folder: Path, instruments: tuple[str, ...]) -> tuple[Loan | None, tuple[str, ...]]:
    reader.only(_KEYS)
    currency = reader.word("currency", scalars.currency)
    money = values.positive(tables.money(DIGITS[currency or "EUR"]))
    instrument = reader.word("instrument", values.word(instruments), needed=False)
    country = reader.word("country", tables.country(reader.places), needed=False)
    signature, amount = reader.word("signature", scalars.day), reader.word("amount", money)
    allocation = reader.word("allocation", money, needed=False)
    under = {key: sub for key in ("draws", "interest", "principal", "business_days") if (sub := _below(reader, key))}
    drawn = draws(under["draws"], folder, currency or "EUR") if "draws" in under else None
    interest = _interest(under.get("interest"), folder, drawn)
    days = _days(under.get("business_days"), under.get("interest"))
    principal = _principal(under.get("principal"), folder, money)
    fees = tuple(_fees(reader, money))
    if not (currency and signature and amount and drawn and interest and days and principal):
        return None, ()
    where = {**_places(reader), **{key: where for sub in under.values() for key, where in _places(sub).items()}}
    loan = Loan(
        id=reader.text("id") or "loan",
        title=reader.text("title", needed=False) or "A loan",
        instrument=instrument,
        country=country,
        currency=currency,
        signature=signature,
        amount=amount,
        allocation=allocation,
        draws=drawn.draws,
        first=interest.first,
        months=interest.months,
        principal_from=principal.since,
        maturity=principal.maturity,
        repayment=principal.repayment,
        custom=principal.custom,
        rates=interest.rates,
        fees=fees,
        days=days,
        rounding=interest.rounding,
        clearing=drawn.clearing,
        uncleared=0,
        notes=drawn.notes,
        where=where,
    )
    return loan, (*drawn.files, *interest.files, *principal.files)


def _places(reader: Reader) -> dict[str, Where]:
    return {key: reader.where(key) for key in reader.tree.keys}


def _below(reader: Reader, key: str) -> Reader | None:
    node = reader.tree.fields.get(key)
    if isinstance(node, Fields):
        return reader.of(node)
    reader.problems.add(f"{key} is missing or holds no keys", reader.where(key), do=f"{GUIDE} says which")
    return None


# --- interest -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Interest:
    first: date
    months: int
    rates: Rates
    rounding: Rounding
    files: tuple[str, ...]


def _interest(reader: Reader | None, folder: Path, drawn: Drawn | None) -> _Interest | None:
    if reader is None:
        return None
    reader.only("rate rates day_count first months rounding runs".split())
    first, months = reader.word("first", scalars.day), reader.word("months", values.months)
    rounding = reader.word("rounding", values.word(ROUNDINGS))
    stated = [key for key in ("rate", "rates") if key in reader.tree.fields]
    each_has_one = drawn is not None and all(draw.rate is not None for draw in drawn.draws)
    if len(stated) != 1 and not (each_has_one and not stated):
        do = "write rate: 3 % or rates: FILE.csv, or a rate for every draw"
        reader.problems.add(f"{len(stated)} rates are stated", reader.tree.where, "one is needed", do)
        return None
    used: tuple[str, ...] = ()
    rates: Rates = ((date.min, Fraction(0)),)
    if "rate" in stated:
        rate = reader.word("rate", values.rate)
        rates = ((date.min, rate),) if rate is not None else ()
    elif stated:
        used = (reader.text("rates"),)
        rates = path(reader, "rates", folder, "rate", values.rate)
        begins = min((draw.on for draw in drawn.draws), default=None) if drawn else None
        if rates and begins and rates[0][0] > begins:
            why = f"the first draw is paid on {begins}, and the first rate stands from {rates[0][0]}"
            reader.problems.add("the rates begin too late", reader.where("rates"), why, "add the rate of that day")
    if first is None or months is None or rounding is None or not rates:
        return None
    return _Interest(first, months, rates, rounding, used)


def path(reader: Reader, key: str, folder: Path, column: str, value: Callable[[str], Fraction]) -> Rates:
    """A table of days and values, in the order of days; none with problems noted."""
    found: list[tuple[date, Fraction]] = []
    name = reader.text(key)
    if not name:
        return ()
    for row in tables.rows(
        folder, name, ["since", column], [], reader.problems, named_in=reader.where(key), guide=GUIDE
    ):
        day, rate = row.read("since", scalars.day), row.read(column, value)
        if day is None or rate is None:
            continue
        if found and day <= found[-1][0]:
            row.wrong("since", f"is {day}", f"the row before has {found[-1][0]}", "write rows in the order of days")
        found.append((day, rate))
    if not found and not reader.problems.found:
        reader.problems.add(f"{name} has no row", Where(name), do=f"write rows with since and {column}")
    return tuple(found)


def _days(reader: Reader | None, interest: Reader | None) -> Days | None:
    if reader is None or interest is None:
        return None
    reader.only(["convention", "calendar", "interest"])
    count = interest.word("day_count", values.day_count)
    convention = reader.word("convention", values.word(CONVENTIONS))
    calendar = reader.word("calendar", values.word(CALENDARS))
    runs = reader.word("interest", values.word(_ACCRUALS))
    if count is None or convention is None or calendar is None or runs is None:
        return None
    return Days(count, convention, calendar, runs == _ACCRUALS[0])


# --- principal and fees ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Principal:
    repayment: Repayment
    since: date
    maturity: date
    custom: tuple[tuple[date, int], ...]
    files: tuple[str, ...]


def _principal(reader: Reader | None, folder: Path, money: Callable[[str], int]) -> _Principal | None:
    if reader is None:
        return None
    reader.only("repayment from maturity table".split())
    repayment, maturity = reader.word("repayment", values.word(REPAYMENTS)), reader.word("maturity", scalars.day)
    since = reader.word("from", scalars.day, needed=repayment in {"equal principal", "annuity"})
    custom: list[tuple[date, int]] = []
    used: tuple[str, ...] = ()
    if "table" in reader.tree.fields and repayment != "custom":
        reader.problems.add("table is stated", reader.where("table"), "only custom repayment has one", "take one out")
    elif repayment == "custom" and (name := reader.text("table")):
        used = (name,)
        where = reader.where("table")
        for row in tables.rows(folder, name, ["on", "amount"], [], reader.problems, named_in=where, guide=GUIDE):
            day, amount = row.read("on", scalars.day), row.read("amount", money)
            if day is not None and amount is not None:
                if custom and day <= custom[-1][0]:
                    row.wrong("on", f"is {day}", f"the row before has {custom[-1][0]}", "write them in order")
                custom.append((day, amount))
    if repayment is None or maturity is None:
        return None
    return _Principal(repayment, since or maturity, maturity, tuple(custom), used)


def _fees(reader: Reader, money: Callable[[str], int]) -> Iterator[Fee]:
    node = reader.tree.fields.get("fees")
    if node is not None and not isinstance(node, Items):
        reader.problems.add("fees is no list", reader.where("fees"), do="write - {name: …, on: …, amount: …}")
    for item in node.items if isinstance(node, Items) else ():
        if not isinstance(item, Fields):
            reader.problems.add("a fee holds no keys", item.where, do="write {name: …, on: …, amount: …}")
            continue
        one = reader.of(item)
        one.only(["name", "on", "amount", "rate"])
        name, flat = one.text("name"), "amount" in item.fields
        if flat == ("rate" in item.fields):
            do = "write on and amount for a flat fee, rate for one that runs"
            one.problems.add("a fee is either flat or running", item.where, do=do)
            continue
        amount, on = (one.word("amount", money), one.word("on", scalars.day)) if flat else (0, None)
        rate = Fraction(0) if flat else one.word("rate", values.rate)
        if rate is not None and rate < 0:
            one.problems.add("a fee is below zero", one.where("rate"), do="write what is paid")
        if amount is not None and rate is not None and (on is not None or not flat):
            yield Fee(name, on, amount, rate)


def _faults(loan: Loan, problems: Problems) -> None:
    """What cannot be, whatever the law: sums, the order of days, days that are none of payment."""
    _sums(loan, problems)
    ons = [draw.on for draw in loan.draws]
    at = loan.where
    for draw in loan.draws:
        if draw.on < loan.signature:
            why = f"the loan is signed on {loan.signature}"
            problems.add(f"a draw is paid on {draw.on}", draw.where, why, "correct one of the days")
        if draw.on >= loan.maturity:
            why = f"the loan ends on {loan.maturity}"
            problems.add(f"a draw is paid on {draw.on}", draw.where, why, "correct one of the days")
    if ons and loan.first <= ons[0]:
        why = f"the first draw is paid on {ons[0]}"
        problems.add(f"interest is first paid on {loan.first}", at.get("first"), why, "it is paid after it has run")
    if loan.maturity.year - loan.signature.year > _LONGEST:
        problems.add(f"maturity is {loan.maturity}", at.get("maturity"), f"that is over {_LONGEST} years", "check it")
    if loan.principal_from > loan.maturity:
        why = f"the loan ends on {loan.maturity}"
        problems.add(f"principal begins on {loan.principal_from}", at.get("from"), why, "correct one of the days")
    for fee in loan.fees:
        if fee.on and not loan.signature <= fee.on <= loan.maturity:
            why = f"the loan runs from {loan.signature} to {loan.maturity}"
            problems.add(f"the fee {fee.name} falls on {fee.on}", at.get("fees"), why, "correct its day")


def told(loan: Loan, minor: int) -> str:
    """An amount in whole units of the loan's currency, with all its digits, for a message."""
    digits = DIGITS[loan.currency]
    whole, rest = divmod(minor, 10**digits)
    return f"{whole:,}.{rest:0{digits}d} {loan.currency}" if digits else f"{whole:,} {loan.currency}"


def _sums(loan: Loan, problems: Problems) -> None:
    paid = sum(draw.claimed for draw in loan.draws)
    ahead = sum(draw.amount for draw in loan.draws if draw.prefinancing)
    whole = max(paid, ahead)
    for most, key in ((loan.amount, "amount"), (loan.allocation, "allocation")):
        if most is not None and whole > most:
            last = loan.draws[-1].where
            over, why = told(loan, whole - most), f"draws are {told(loan, whole)}"
            problems.add(f"draws are over the {key} by {over}", last, why, "correct one")
    if loan.allocation is not None and loan.amount > loan.allocation:
        why = f"what may be drawn in all is {told(loan, loan.allocation)}"
        problems.add("the amount is over the allocation", loan.where.get("amount"), why, "correct one")
    if loan.repayment == "custom" and (repaid := sum(amount for _, amount in loan.custom)) != whole:
        why = f"draws are {told(loan, whole)}"
        problems.add(f"repayments are {told(loan, repaid)} in all", loan.where.get("table"), why, "make them the same")
