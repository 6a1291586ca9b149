"""The tables of offers: offers.csv, prices.csv, origins.csv and, if there is one, extras.csv."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from jointbuy.errors import Where
from jointbuy.formats import plan_tables as tables
from jointbuy.formats.problems import Problems, listed, shown
from jointbuy.joint import SHARED, Offer, Tier
from jointbuy.places import Places

_COLUMNS = ["offer", "system", "supplier", "capability", "earliest", "capacity"]
_OPTIONAL = ["set_up", "first", "ramp", "standards", "acts", *SHARED, "buy_alone"]


@dataclass(frozen=True, slots=True)
class Offers:
    """What the tables of offers are read with."""

    folder: Path
    years: tuple[int, ...]
    money: Callable[[str], int]
    places: Places
    problems: Problems
    acts: tuple[str, ...]
    states: set[str]


def offers(given: Offers) -> tuple[Offer, ...]:
    """Every offer with its prices, origins and extras."""
    prefixes = list(tables.rows(given.folder, "offers.csv", _COLUMNS, _OPTIONAL, given.problems))
    known = {row.given("offer") for row in prefixes}
    for row in prefixes:
        if not row.given("offer"):
            row.left_out()
    prices, origins, extras = _prices(given, known), _origins(given, known), _extras(given, known)
    found: dict[str, Offer] = {}
    for row in prefixes:
        name = row.text("offer")
        if name in found:
            row.wrong("offer", f"{shown(name)} stands twice", f"line {found[name].where.line} has it too", "keep one")
            continue
        made = _offer(row, given, prices.get(name, []), origins.get(name, {}), extras.get(name, {}))
        if made is None:
            row.left_out()
        else:
            found[name] = made
    return tuple(found.values())


def _offer(
    row: tables.Cells,
    given: Offers,
    prices: list[tuple[int, int, Where]],
    origin: dict[str, Fraction],
    extras: dict[str, int],
) -> Offer | None:
    name, system, capability = row.text("offer"), row.text("system"), row.text("capability")
    supplier = row.text("supplier")
    earliest, capacity = row.read("earliest", tables.year), row.read("capacity", tables.whole)
    first, ramp = (row.read(key, tables.whole, needed=False) for key in ("first", "ramp"))
    alone = row.read("buy_alone", tables.yes, needed=False)
    set_up = row.read("set_up", given.money, needed=False) or 0
    for act in (acts := tables.words(row.given("acts"))):
        if act not in given.acts:
            row.wrong("acts", f"holds {shown(act)}", "there is no such act", f"the acts are: {listed(given.acts)}")
    tiers = _tiers(row, prices, given)
    if not (name and system and supplier and capability and tiers) or earliest is None or capacity is None:
        return None
    if not capacity:
        row.wrong("capacity", "is 0", "nothing could ever be delivered", "write pieces a year, or take the offer out")
        return None
    if sum(origin.values()) > 1:
        row.wrong("the origins", "add up to more than 100 %", "", f"correct origins.csv for {shown(name)}")
    start = capacity if first is None else first
    ramped = [min(capacity, start + (ramp or 0) * max(0, year - earliest)) for year in given.years]
    by_year = [0 if year < earliest else most for year, most in zip(given.years, ramped, strict=True)]
    return Offer(
        id=name,
        system=system,
        supplier=supplier,
        capability=capability,
        set_up=set_up,
        earliest=earliest,
        capacity=tuple(by_year),
        tiers=tiers,
        origin=tuple(sorted(origin.items())),
        standards=tables.words(row.given("standards")),
        acts=acts,
        shared=tuple((kind, row.given(kind)) for kind in SHARED if row.given(kind)),
        alone=bool(alone),
        extras=tuple(sorted(extras.items())),
        where=row.where,
    )


def _tiers(row: tables.Cells, prices: list[tuple[int, int, Where]], given: Offers) -> tuple[Tier, ...]:
    ordered = sorted(prices)
    if not ordered:
        if "prices.csv" not in given.problems.unread:
            row.wrong(
                "this offer", "has no price", do=f"add a row to prices.csv for {shown(row.given('offer'))}, from 1"
            )
        return ()
    told = any(each.where and each.where.file == "prices.csv" for each in given.problems.found)
    if ordered[0][0] != 1 and not told:  # a row that could not be read may be the first price
        what, do = f"from is {ordered[0][0]} in the first price", "add the price from one piece on"
        given.problems.add(what, ordered[0][2], "nobody could say what fewer cost", do)
    return tuple(Tier(least, price) for least, price, _ in ordered)


def _known(row: tables.Cells, known: set[str]) -> str | None:
    name = row.text("offer")
    if name and "offers.csv" in row.problems.unread:
        return name
    if name and name not in known:
        do = row.problems.near(name, known, "add it to offers.csv, or correct it here")
        row.wrong("offer", f"{shown(name)} is none of offers.csv", do=do)
    return name if name in known else None


def _prices(given: Offers, known: set[str]) -> dict[str, list[tuple[int, int, Where]]]:
    found: dict[str, list[tuple[int, int, Where]]] = {}
    for row in tables.rows(given.folder, "prices.csv", ["offer", "from", "unit_price"], [], given.problems):
        name = _known(row, known)
        least, price = row.read("from", tables.some), row.read("unit_price", given.money)
        if name is None or least is None or price is None:
            row.left_out()
            continue
        if any(least == other for other, _, _ in found.get(name, ())):
            row.wrong("from", f"{least} stands twice for {shown(name)}", "it would have two prices", "keep one")
            continue
        found.setdefault(name, []).append((least, price, row.where))
    return found


def _origins(given: Offers, known: set[str]) -> dict[str, dict[str, Fraction]]:
    found: dict[str, dict[str, Fraction]] = {}
    read = tables.country(given.places)
    for row in tables.rows(given.folder, "origins.csv", ["offer", "country", "share"], [], given.problems):
        name, code, share = _known(row, known), row.read("country", read), row.read("share", tables.share)
        if name is None or code is None or share is None:
            continue
        if code in found.setdefault(name, {}):
            row.wrong("country", f"{code} stands twice for {shown(name)}", do="add its shares up in one row")
            continue
        found[name][code] = share
    return found


def _extras(given: Offers, known: set[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    if not (given.folder / "extras.csv").is_file():
        return found
    read = tables.country(given.places)
    for row in tables.rows(given.folder, "extras.csv", ["offer", "state", "unit_cost"], [], given.problems):
        name, code, cost = _known(row, known), row.read("state", read), row.read("unit_cost", given.money)
        if name is None or code is None or cost is None:
            continue
        if code not in given.states and "states.csv" not in given.problems.unread:
            row.wrong("state", f"{code} is none of states.csv", do="add it there, or correct it here")
        elif code in found.setdefault(name, {}):
            row.wrong("state", f"{code} stands twice for {shown(name)}", do="keep one")
        else:
            found[name][code] = cost
    return found
