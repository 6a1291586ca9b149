"""JSON-stat 2.0 as Eurostat's API answers it: spending on defence and investment in it, from the data set gov_ev.

Other data sets are refused: what their rows mean is not known here. Format: https://json-stat.org/full/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from jointbuy.errors import Where
from jointbuy.exact import Range
from jointbuy.formats.files import Content
from jointbuy.formats.problems import Problems, listed, shown
from jointbuy.places import Places
from jointbuy.spending import Edition, Figure, Measure, Table, rounded

SET = "GOV_EV"
CREDIT = (
    "Source: Eurostat, gov_ev (doi 10.2908/GOV_EV), reuse with acknowledgement (CC BY 4.0); figures computed from it "
    "are ours."
)
DEFINITION = (
    "general government expenditure on defence by function (COFOG 02) in national accounts: not NATO's definition, in "
    "which the pledge is stated; equipment is gross fixed capital formation (P.51g), a stand-in for NATO's category"
)
_MOST = 2_000_000
_ONE = {"freq": "A", "expend": "DEF"}
"""Dimensions of which only one category is read."""
_READ = ("na_item", "unit", "geo", "time")
_ESTIMATES = frozenset("efps")
"""Flags of estimated, forecast, provisional and Eurostat's own values."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """A value as published, all that it can be, and whether it is marked as an estimate."""

    published: Fraction
    value: Range
    estimate: bool


_Cells = dict[tuple[str, str, str, str], _Cell]
"""Cells by item, unit, place and time."""


def read(content: Content, document: Mapping[str, Any], places: Places, problems: Problems) -> Table | None:
    """The figures of a data set; None with every problem noted where it cannot be used."""
    before = len(problems.found)
    name = str((document.get("extension") or {}).get("id", "")) if isinstance(document.get("extension"), dict) else ""
    if name.upper() != SET:
        why = f"it is {shown(name or str(document.get('label', '')) or 'without a name')}"
        do = "ask Eurostat's API for gov_ev (expend=DEF), or give a CSV: docs/targets.md"
        problems.add(f"this is not Eurostat's data set {SET.lower()}", Where(content.name), why, do)
        return None
    updated = re.match(r"\d{4}-\d{2}-\d{2}", str(document.get("updated", "")))
    if not updated:
        problems.add("it does not say when it was updated", Where(content.name, cell="updated"), "that is its edition")
    shape = _shape(content.name, document, problems)
    cells = _cells(content.name, document, shape, problems) if shape else {}
    if len(problems.found) > before or not updated:
        return None
    edition = f"Eurostat gov_ev {updated[0]}"
    left = sorted({geo for _, _, geo, _ in cells if places.recognise(geo) is None})
    figures = tuple(_figures(cells, edition, content.name, places))
    notes = [f"{content.name}: aggregates are not read: {listed(left)}"] if left else []
    notes.append(f"{content.name}: national currencies are not read, since it does not name them")
    title = "Eurostat, expenditure and investment on defence (gov_ev)"
    return Table(Edition(edition, title, DEFINITION, CREDIT, content.name, content.digest), figures, tuple(notes))


def _shape(file: str, document: Mapping[str, Any], problems: Problems) -> list[tuple[str, list[str]]] | None:
    """The dimensions in their order, each with its categories in theirs; None with a problem noted."""
    names: Any = document.get("id")
    sizes: Any = document.get("size")
    dimensions = document.get("dimension")
    if not (_all(names, str) and _all(sizes, int) and isinstance(dimensions, dict) and len(names) == len(sizes)):
        problems.add("it names no dimensions", Where(file, cell="id"), "id, size and dimension are expected")
        return None
    found, before = [], len(problems.found)
    for name, size in zip(names, sizes, strict=True):
        place = Where(file, cell=f"dimension.{name}")
        below = dimensions.get(name)
        category = below.get("category") if isinstance(below, dict) else None
        index: Any = category.get("index") if isinstance(category, dict) else None
        if isinstance(index, dict) and all(type(at) is int for at in index.values()):
            ordered = sorted(index, key=lambda one: index[one])
            whole = sorted(index.values()) == list(range(size))
        else:
            ordered, whole = (index, len(set(index)) == size) if _all(index, str) else ([], False)
        if not whole:
            problems.add(f"the categories of {name} do not number {size}", place)
        if name in _ONE and _ONE[name] not in ordered:
            problems.add(f"{name} lacks {_ONE[name]}", place, f"it has {listed(ordered)}")
        if name not in _ONE and name not in _READ and size != 1:
            problems.add(
                f"the dimension {name} is not known", place, f"it has {size} categories", "ask for one of them"
            )
        found.append((name, list(ordered)))
    if lacking := [name for name in _READ if name not in names]:
        problems.add(f"it lacks the dimension {listed(lacking)}", Where(file, cell="id"), f"it has {listed(names)}")
    if len(problems.found) == before and prod(sizes) > _MOST:
        problems.add(
            "it is too large", Where(file, cell="size"), f"{prod(sizes):,} cells", f"at most {_MOST:,} are read"
        )
    return found if len(problems.found) == before else None


def _all(value: Any, kind: type) -> bool:
    return isinstance(value, list) and bool(value) and all(type(one) is kind for one in value)


def _cells(file: str, document: Mapping[str, Any], shape: list[tuple[str, list[str]]], problems: Problems) -> _Cells:
    """The values that are there, by item, unit, place and time; what is absent stays absent."""
    values, flags = _sparse(document.get("value")), _sparse(document.get("status"))
    if values is None:
        problems.add("it holds no values", Where(file, cell="value"))
        return {}
    if flags is None:
        flags = {}
    names, found = [name for name, _ in shape], {}
    beyond = [at for at in values if not 0 <= at < prod(len(categories) for _, categories in shape)]
    if beyond:
        problems.add("a value stands beyond its dimensions", Where(file, cell=f"value.{beyond[0]}"))
    raw: dict[tuple[str, str, str, str], tuple[Decimal, bool]] = {}
    finest: dict[tuple[str, str], int] = {}
    for at, chosen in enumerate(product(*(categories for _, categories in shape))):
        number = values.get(at)
        if number is None:
            continue
        by = dict(zip(names, chosen, strict=True))
        if any(by.get(name, one) != one for name, one in _ONE.items()):
            continue
        if type(number) not in {int, Decimal} or not Decimal(number).is_finite() or abs(number) > Decimal(10) ** 15:
            problems.add("a value is no number", Where(file, cell=f"value.{at}"), do="download it again")
            continue
        exact, key = Decimal(number), (by["na_item"], by["unit"], by["geo"], by["time"])
        raw[key] = exact, bool(_ESTIMATES & set(str(flags.get(at, ""))))
        finest[key[:2]] = max(finest.get(key[:2], 0), -int(exact.as_tuple().exponent))
    for key, (exact, estimate) in raw.items():
        published = Fraction(exact)
        found[key] = _Cell(published, rounded(published, max(0, min(finest[key[:2]], 12))), estimate)
    return found


def _sparse(value: Any) -> dict[int, Any] | None:
    """Values by place, of a list or of an object with places as keys; None for anything else."""
    if isinstance(value, list):
        return {at: one for at, one in enumerate(value) if one is not None}
    if isinstance(value, dict) and all(key.isascii() and key.isdecimal() and len(key) < 10 for key in value):
        return {int(key): one for key, one in value.items() if one is not None}
    return None


def _figures(cells: _Cells, edition: str, file: str, places: Places) -> Iterator[Figure]:
    """Share, money and the part that is invested, of every place that is a country."""
    for (item, unit, geo, time), cell in cells.items():
        country = places.recognise(geo)
        if country is None or item != "TE" or not re.fullmatch(r"\d{4}", time):
            continue
        at = _Place(country, int(time), edition, file, geo)
        if unit == "PC_GDP":
            yield _figure("share", cell, Fraction(1, 100), None, at)
        if unit == "MIO_EUR":
            yield _figure("spent", cell, Fraction(10**6), "EUR", at)
            if (invested := cells.get(("P51G", unit, geo, time))) and cell.value.low > 0:
                yield _figure("equipment", _part(invested, cell), Fraction(1), None, at)


@dataclass(frozen=True, slots=True)
class _Place:
    """Of what country, year and edition a figure is, and where it stands."""

    country: str
    year: int
    edition: str
    file: str
    geo: str


_CODES: Mapping[Measure, str] = {"share": "TE, PC_GDP", "spent": "TE, MIO_EUR", "equipment": "P51G of TE, MIO_EUR"}


def _figure(measure: Measure, cell: _Cell, scale: Fraction, currency: str | None, at: _Place) -> Figure:
    return Figure(
        country=at.country,
        year=at.year,
        measure=measure,
        value=Range(cell.value.low * scale, cell.value.high * scale),
        published=cell.published * scale,
        currency=currency,
        prices="current prices",
        estimate=cell.estimate,
        editions=(at.edition,),
        where=Where(at.file, cell=f"{_CODES[measure]}, {at.geo}, {at.year}"),
        source=CREDIT,
    )


def _part(part: _Cell, whole: _Cell) -> _Cell:
    """A part of a whole, given how both were rounded; the whole is above zero."""
    ends = [one / other for one in (part.value.low, part.value.high) for other in (whole.value.low, whole.value.high)]
    return _Cell(part.published / whole.published, Range(min(ends), max(ends)), part.estimate or whole.estimate)
