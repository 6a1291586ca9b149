"""A comparison: compare.yaml with its curves, beside the loan it names; every problem is reported in one run (§9).

The format is described in docs/fund.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Literal

from jointbuy.errors import Where
from jointbuy.formats import files, scalars
from jointbuy.formats import loan_scalars as values
from jointbuy.formats import plan_tables as tables
from jointbuy.formats.loan import opened
from jointbuy.formats.loan_draws import GUIDE
from jointbuy.formats.plan_fields import Reader
from jointbuy.formats.problems import Problems, listed, plain
from jointbuy.formats.scalars import Wrong
from jointbuy.lending import PROFILES, VARIED, Assumed, Curve
from jointbuy.places import Places
from jointbuy.yamltext import Fields, Items

FILE = "compare.yaml"
PUBLISHED = "published "
"""What the name of a curve begins with that ships with us; its points are then not yet known."""
_KEYS = "id title loan cases varied".split()
_CASE = "name curve currency quoted beyond spot drift hedging discounting draws loan_rate shift".split()
_COMPOUNDING = {"annual": 1, "semiannual": 2, "quarterly": 4, "monthly": 12}
_QUOTED: tuple[Literal["par", "zero"], ...] = ("par", "zero")
_TENOR = re.compile(r"(\d{1,3})\s*(y|m)", re.IGNORECASE)
_GAP, _SHORT, _MOST_CASES = 10, 3, 20


@dataclass(frozen=True, slots=True)
class ReadComparison:
    """A comparison as read; `loan` is the loan's path, `beyond` cases whose curves go on flat after the last point."""

    id: str
    title: str
    loan: Path
    cases: tuple[Assumed, ...]
    varied: Mapping[str, Fraction]
    beyond: frozenset[str]
    digests: Mapping[str, str]
    problems: Problems


def read(path: Path, places: Places) -> ReadComparison:
    """Read a comparison's folder, or its file. Raises Unusable where it holds no keys; `problems` has the rest."""
    problems = Problems()
    tree, name, folder, digest = opened(path, FILE, "examples/loan-romania", _KEYS, problems)
    reader = Reader(tree, problems, places, GUIDE)
    reader.only(_KEYS)
    found = list(_cases(reader, folder))
    names = [case.name for case, _ in found]
    for case, _ in found:
        if names.count(case.name) > 1:
            problems.add(f"two cases are called {case.name}", case.where, do="name each by what it assumes")
    curves = {case.curve.name for case, _ in found if (folder / case.curve.name).is_file()}
    digests = {each: files.Content(each, (folder / each).read_bytes()).digest for each in sorted(curves)}
    return ReadComparison(
        id=reader.text("id") or "comparison",
        title=reader.text("title", needed=False) or "A loan against bonds of the state itself",
        loan=folder / (reader.text("loan") or "loan.yaml"),
        cases=tuple(case for case, _ in found),
        varied=_varied(reader),
        beyond=frozenset(case.name for case, flat in found if flat),
        digests={name: digest, **digests},
        problems=problems,
    )


def _varied(reader: Reader) -> Mapping[str, Fraction]:
    node = reader.tree.fields.get("varied")
    if node is None:
        return VARIED
    if not isinstance(node, Fields):
        reader.problems.add("varied holds no keys", reader.where("varied"), do=f"the keys are: {listed(list(VARIED))}")
        return VARIED
    one = reader.of(node)
    one.only(list(VARIED))
    found = {key: one.word(key, values.rate, needed=False) for key in VARIED}
    for key, value in found.items():
        if value is not None and value <= 0:
            one.problems.add(f"{key} is not above zero", one.where(key), do="write by how much it is varied")
    return {key: VARIED[key] if value is None else value for key, value in found.items()}


def _cases(reader: Reader, folder: Path) -> Iterator[tuple[Assumed, bool]]:
    node = reader.tree.fields.get("cases")
    items = node.items if isinstance(node, Items) else ()
    if not items or len(items) > _MOST_CASES:
        do = f"write up to {_MOST_CASES}, each with a name and what it assumes"
        reader.problems.add(f"{len(items)} cases are stated", reader.where("cases"), do=do)
        return
    for item in items:
        if not isinstance(item, Fields):
            reader.problems.add("a case holds no keys", item.where, do=f"the keys are: {listed(_CASE)}")
            continue
        one = reader.of(item)
        one.only(_CASE)
        case = _case(one, folder, item.where)
        flat = one.word("beyond", values.word(("flat",)), needed=False) is not None
        if case is not None:
            yield case, flat


def _case(one: Reader, folder: Path, where: Where) -> Assumed | None:
    name, currency = one.text("name"), one.word("currency", scalars.currency)
    quoted = one.word("quoted", values.word(_QUOTED))
    spot = one.word("spot", _rate_of_exchange, needed=False)
    drift = one.word("drift", values.rate, needed=False)
    hedging = one.word("hedging", _hedging)
    discount = one.word("discounting", _discounting)
    profile = one.word("draws", values.word(PROFILES))
    loan_rate = one.word("loan_rate", values.rate, needed=False)
    shift = one.word("shift", values.rate)
    curve = _curve(one, folder, currency or "EUR", quoted or "par")
    if not (name and currency and quoted and hedging and discount and profile and curve) or shift is None:
        return None
    if hedging[0] is not None and drift:
        why = "what is hedged does not move with the exchange rate"
        one.problems.add("drift is stated beside a hedge", one.where("drift"), why, "take one of them out")
    return Assumed(
        name,
        curve,
        spot or Fraction(0),
        drift or Fraction(0),
        hedging[0],
        discount[0],
        profile,
        loan_rate,
        shift,
        where,
    )


def _rate_of_exchange(text: str) -> Fraction:
    found = scalars.number(text)
    if not Fraction(1, 10**6) <= found <= 10**6:
        raise Wrong("no currency is worth so much of another", "write units of the own currency for one of the loan's")
    return found


def _hedging(text: str) -> tuple[Fraction | None]:
    """`none`, or the cost of a hedge a year."""
    return (None,) if scalars.choice(text, ["none"]) else (values.rate(text),)


def _discounting(text: str) -> tuple[Fraction | None]:
    """`own curve`, or a flat rate a year."""
    return (None,) if scalars.choice(text, ["own curve"]) else (values.rate(text),)


# --- curves ---------------------------------------------------------------------------------


def _curve(one: Reader, folder: Path, currency: str, quoted: Literal["par", "zero"]) -> Curve | None:
    name, problems = one.text("curve"), one.problems
    if not name:
        return None
    if name.startswith(PUBLISHED):
        return Curve(name, currency, date.min, quoted, 1, ())
    if name in problems.files:  # another case names it too, and has told what is wrong with it
        problems = Problems()
    rows = tables.rows(
        folder,
        name,
        ["date", "yield", "compounding"],
        ["tenor", "maturity"],
        problems,
        named_in=one.where("curve"),
        guide=GUIDE,
    )
    points: list[tuple[Fraction, Fraction]] = []
    days: dict[date, Where] = {}
    times: dict[str, Where] = {}
    for row in rows:
        day, rate = row.read("date", scalars.day), row.read("yield", values.rate)
        compounding = row.read("compounding", values.word(tuple(_COMPOUNDING)))
        years = _tenor(row, day)
        if day is None or rate is None or compounding is None or years is None:
            continue
        days.setdefault(day, row.where)
        times.setdefault(compounding, row.where)
        if points and years <= points[-1][0]:
            row.wrong("tenor", "is not after the one before", f"that is {plain(points[-1][0])} years", "order the rows")
            continue
        if points and years - points[-1][0] > _GAP:
            why = f"nothing is stated between {plain(points[-1][0])} and {plain(years)} years"
            row.wrong("tenor", "leaves a gap in the curve", why, f"add a point at least every {_GAP} years")
        points.append((years, rate))
    _one(name, days, "days", "keep the rows of one day", problems)
    _one(name, times, "ways of compounding", "state yields in one way", problems)
    if points and points[0][0] > _SHORT:
        why = f"its first point is at {plain(points[0][0])} years"
        problems.add(f"the curve {name} leaves a gap", Where(name, 2), why, f"add a point of at most {_SHORT} years")
    if not points or not days or not times:
        if not problems.found:
            problems.add(f"{name} has no row", Where(name), do="write rows with date, tenor, yield and compounding")
        return None
    return Curve(name, currency, min(days), quoted, _COMPOUNDING[next(iter(times))], tuple(points))


def _one(
    name: str,
    found: Mapping[date, Where] | Mapping[str, Where],
    what: str,
    do: str,
    problems: Problems,
) -> None:
    if len(found) > 1:
        told = listed([str(each) for each in found])
        problems.add(f"{name} holds {len(found)} {what}", list(found.values())[1], told, do)


def _tenor(row: tables.Cells, day: date | None) -> Fraction | None:
    """Years of a row: a tenor such as 10y or 6m, or a day of maturity."""
    stated = [column for column in ("tenor", "maturity") if row.given(column)]
    if len(stated) != 1:
        row.wrong("tenor", "or maturity is needed", f"{len(stated)} of them are stated", "write one, such as 10y")
        return None
    if stated == ["tenor"]:
        return row.read("tenor", _years)
    end = row.read("maturity", scalars.day)
    if end is None or day is None:
        return None
    if end <= day:
        row.wrong("maturity", f"is {end}", f"the yield is of {day}", "correct one of the days")
        return None
    return Fraction((end - day).days * 4, 1461)


def _years(text: str) -> Fraction:
    match = _TENOR.fullmatch(text)
    if match is None or not int(match[1]) or int(match[1]) > 600:
        raise Wrong("it is no tenor", "write years or months, such as 10y or 6m")
    return Fraction(int(match[1]), 1 if match[2].lower() == "y" else 12)
