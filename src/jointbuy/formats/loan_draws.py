"""What a loan is drawn for: stated one by one, in a table, from a purchase and its milestones, or from a plan."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from jointbuy.errors import Unusable, Where
from jointbuy.formats import files, scalars
from jointbuy.formats import loan_scalars as values
from jointbuy.formats import plan_tables as tables
from jointbuy.formats import read as read_purchase
from jointbuy.formats.plan_fields import Reader
from jointbuy.formats.problems import listed, shown
from jointbuy.lending import CLEARINGS, Clearing, Draw
from jointbuy.money import DIGITS, split
from jointbuy.yamltext import Fields, Items

GUIDE = "docs/fund.md"
KEYS = "prefinancing clearing requests table purchase milestones plan buyer request_days paid_after".split()
_MOST = 200
_SOURCES = ("requests", "table", "purchase", "plan")


@dataclass(frozen=True, slots=True)
class Drawn:
    """Draws in the order of days, how pre-financing is cleared, the files read, and what a reader must know."""

    draws: tuple[Draw, ...]
    clearing: Clearing | None
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def draws(reader: Reader, folder: Path, currency: str) -> Drawn | None:
    """What stands under `draws`; every problem is noted."""
    reader.only(KEYS)
    money = values.positive(tables.money(DIGITS[currency]))
    ahead = [
        Draw(on, amount, True, 0, None, rate, where)
        for on, amount, _, rate, where in _listed(reader, "prefinancing", "on", money)
    ]
    clearing = reader.word("clearing", values.word(CLEARINGS), needed=bool(ahead))
    if clearing and not ahead:
        reader.problems.add("clearing is stated", reader.where("clearing"), "no pre-financing is", "take one out")
    named = [key for key in _SOURCES if key in reader.tree.fields]
    if len(named) > 1 or not (named or ahead):
        do = f"write one of: {listed(_SOURCES)}"
        reader.problems.add(f"draws come from {len(named)} places", reader.where("draws"), "one is needed", do)
        return None
    source = {"requests": _stated, "table": _table, "purchase": _purchase, "plan": _plan}
    found = source[named[0]](reader, folder, currency) if named else Drawn((), None)
    if found is None:
        return None
    if len(found.draws) + len(ahead) > _MOST:
        why = f"at most {_MOST} are worked out for one loan"
        reader.problems.add(f"{len(found.draws):,} draws are stated", reader.where("draws"), why, "add them up by day")
        return None
    ordered = sorted([*ahead, *found.draws], key=lambda draw: (draw.on, not draw.prefinancing))
    if ahead and found.draws and found.draws[0].on < ahead[0].on:
        why = f"a request is paid on {found.draws[0].on}"
        reader.problems.add("pre-financing is paid after a request", ahead[0].where, why, "correct one of the days")
    return Drawn(tuple(ordered), clearing, found.files, found.notes)


def _listed(
    reader: Reader, key: str, day: str, money: Callable[[str], int]
) -> Iterable[tuple[date, int, date | None, Fraction | None, Where]]:
    node = reader.tree.fields.get(key)
    items = node.items if isinstance(node, Items) else ()
    if node is not None and not items:
        reader.problems.add(f"{key} is no list", reader.where(key), do=f"write {key}: and one entry a line, with {day}")
    for item in items:
        if not isinstance(item, Fields):
            reader.problems.add(f"{key} holds no keys here", item.where, do=f"write {{{day}: …, amount: …}}")
            continue
        one = reader.of(item)
        one.only([day, "amount", "requested", "rate"])
        on, amount = one.word(day, scalars.day), one.word("amount", money)
        requested = one.word("requested", scalars.day, needed=False)
        rate = one.word("rate", values.rate, needed=False)
        if on is not None and amount is not None:
            yield on, amount, requested, rate, item.where


def _stated(reader: Reader, _: Path, currency: str) -> Drawn | None:
    money = values.positive(tables.money(DIGITS[currency]))
    rows = _listed(reader, "requests", "paid", money)
    return _checked(reader, [Draw(on, claim, False, claim, asked, rate, at) for on, claim, asked, rate, at in rows])


def _checked(reader: Reader, found: Sequence[Draw], used: tuple[str, ...] = ()) -> Drawn:
    for draw in found:
        if draw.requested and draw.requested > draw.on:
            why = f"it is requested on {draw.requested}"
            reader.problems.add(f"a draw is paid on {draw.on}", draw.where, why, "correct one of the days")
    for before, after in pairwise(found):
        if after.on < before.on:
            why = f"the one before it is paid on {before.on}"
            reader.problems.add(f"a draw is paid on {after.on}", after.where, why, "write them in the order of days")
    return Drawn(tuple(found), None, used)


def _table(reader: Reader, folder: Path, currency: str) -> Drawn | None:
    name = reader.text("table")
    money = values.positive(tables.money(DIGITS[currency]))
    at = reader.where("table")
    found: list[Draw] = []
    for row in tables.rows(
        folder, name, ["paid", "amount"], ["requested", "rate"], reader.problems, named_in=at, guide=GUIDE
    ):
        on, amount = row.read("paid", scalars.day), row.read("amount", money)
        asked = row.read("requested", scalars.day, needed=False)
        rate = row.read("rate", values.rate, needed=False)
        if on is not None and amount is not None:
            found.append(Draw(on, amount, False, amount, asked, rate, row.where))
    if not found and not reader.problems.found:
        reader.problems.add(f"{name} names no draw", Where(name), do="write a row for each")
    return _checked(reader, found, (name,))


# --- from a purchase, from a plan -------------------------------------------------------------


def _purchase(reader: Reader, folder: Path, currency: str) -> Drawn | None:
    """Milestones of a contract, of which a buyer pays its part by quantity; without VAT, which Art. 20 exempts."""
    where, code = reader.where("purchase"), reader.word("buyer", tables.country(reader.places))
    name = reader.text("purchase")
    table = reader.text("milestones")
    try:
        purchase = read_purchase(folder / name, reader.places).purchase
    except Unusable as wrong:
        reader.problems.found += wrong.problems
        return None
    if not (table and code):
        return None
    problems, value = reader.problems, purchase.contract.value
    weights = [buyer.quantity for buyer in purchase.buyers]
    codes = [str(buyer.country) for buyer in purchase.buyers]
    if value is None or value.currency != currency:
        stated = "no value" if value is None else f"a value in {value.currency}"
        problems.add(f"the contract of {name} has {stated}", where, f"the loan is in {currency}", "state it there")
    if any(weight is None for weight in weights):
        problems.add(f"{name} does not say what each buyer buys", where, do="state quantity for each buyer there")
    if code not in codes:
        problems.add(f"{code} does not buy in {name}", reader.where("buyer"), do=f"write one of: {listed(codes)}")
    if problems.found or value is None:
        return None
    steps: list[tuple[date, int, Where]] = []
    shares: list[tuple[date, Fraction, Where]] = []
    for row in tables.rows(
        folder, table, ["on", "share"], ["milestone"], problems, named_in=reader.where("milestones"), guide=GUIDE
    ):
        day, share = row.read("on", scalars.day), row.read("share", scalars.share)
        if day is not None and share is not None:
            shares.append((day, share, row.where))
    if (whole := sum((share for _, share, _ in shares), Fraction(0))) != 1 and not problems.found:
        why = f"they are {whole * 100} % in all"
        problems.add(f"the milestones of {table} are not the whole value", Where(table), why, "make them 100 %")
    if problems.found:
        return None
    place = codes.index(code)
    parts = split(value.minor, [share for _, share, _ in shares])
    for (day, _, at), part in zip(shares, parts, strict=True):
        steps.append((day, split(part, [weight or Fraction(0) for weight in weights])[place], at))
    of = f"{len(steps)} milestones of {purchase.id or name}"
    note = f"{code} pays its part by quantity of {of}, without VAT (SAFE Art. 20)"
    return _requested(reader, steps, (table,), note)


def _plan(reader: Reader, folder: Path, currency: str) -> Drawn | None:
    """What a joint plan draws of a state's loan by year: plan.json, as `jointbuy plan --out` writes it."""
    where, code = reader.where("plan"), reader.word("buyer", tables.country(reader.places))
    name = reader.text("plan")
    path, problems = folder / name, reader.problems
    if not files.is_file(path):
        problems.add(f"there is no file {shown(name)}", where, do="name the plan.json of a plan, from this folder on")
        return None
    content = files.load(path, name, where, files.MAX_YAML_BYTES, problems)
    if content is None or code is None:
        return None
    try:
        told = json.loads(content.data)
        mine = [(int(each["year"]), int(each["amount"])) for each in told["draws"] if each["state"] == code]
        stated = str(told["currency"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        do = "name the plan.json that `jointbuy plan --out FOLDER` wrote"
        problems.add(f"{shown(name)} is no answer of a plan", where, "it has no draws by state and year", do)
        return None
    if stated != currency:
        problems.add(f"{name} is in {stated}", where, f"the loan is in {currency}", "write the currency of the plan")
    if not mine:
        problems.add(f"{code} draws nothing in {name}", reader.where("buyer"), do="name a state whose loan it draws")
    steps = [(date(year, 1, 1), amount, where) for year, amount in sorted(mine) if 1990 <= year < 2200 and amount > 0]
    note = f"what the plan draws in a year is spread over the requests of that year: {name} says no days"
    return _requested(reader, steps, (name,), note, spread=True) if not problems.found else None


def _requested(
    reader: Reader, steps: Sequence[tuple[date, int, Where]], used: tuple[str, ...], note: str, *, spread: bool = False
) -> Drawn | None:
    """Amounts gathered on the next day of requests, or with `spread` over those of the year; paid some days after."""
    texts = reader.words("request_days")
    days = sorted(day for text in texts if (day := reader.through("request_days", text, values.day_of_year)))
    after = reader.word("paid_after", values.days)
    if not texts:
        reader.problems.add("request_days is missing", reader.where("draws"), do="write request_days: [03-31, 09-30]")
    if not days or after is None:
        return None
    claims: dict[date, tuple[int, Where]] = {}
    for step, amount, at in steps:
        if spread:
            asked = [date(step.year, *each) for each in days]
        else:
            later = (date(year, *each) for year in (step.year, step.year + 1) for each in days)
            asked = [next(each for each in later if each >= step)]
        for claim, part in zip(asked, split(amount, [1] * len(asked)), strict=True):
            claims[claim] = (claims.get(claim, (0, at))[0] + part, at)
    found = [
        Draw(day + timedelta(days=after), amount, False, amount, day, None, at)
        for day, (amount, at) in sorted(claims.items())
    ]
    return Drawn(tuple(found), None, used, (note,))
