"""What a user gives on spending: NATO's workbook, Eurostat's JSON-stat, CSV, a plan's answer; its content tells which.

Every problem of every file is found in one run (§9). The columns of a CSV are described in docs/targets.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

from jointbuy.errors import Where
from jointbuy.exact import Range, exactly
from jointbuy.formats import files, jsonstat, markings, nato, scalars
from jointbuy.formats import plan_tables as tables
from jointbuy.formats.cyclonedx_text import parsed
from jointbuy.formats.plan_tables import Cells
from jointbuy.formats.problems import Problems, listed, plain, shown
from jointbuy.formats.scalars import Wrong
from jointbuy.formats.table import DELIMITERS, records_of
from jointbuy.money import DIGITS
from jointbuy.places import Places
from jointbuy.spending import WHATS, Edition, Figure, Given, Measure, Planned, Statement, Table, What

MAX_BYTES = 20_000_000
_YEAR = re.compile(r"((?:19|20)\d\d)(e?)")
_FIGURES = ("country", "year", "edition")
_SHARES: tuple[Measure, ...] = ("share", "equipment", "related")
_AMOUNTS: tuple[Measure, ...] = ("spent", "gdp")
_FIGURES_MAY = ("currency", "prices", "estimate", *_AMOUNTS, *_SHARES)
_PLANNED, _PLANNED_MAY = ("state", "year", "amount", "currency"), ("loan",)
_SAID, _SAID_MAY = ("buyer", "supplier", "what", "base", "share", "source"), ("since", "until", "unit", "id", "said")
_MOST = 10**16
DEFINITION = "as the file's author counts it; the pledge is stated in NATO's definition"


@dataclass(slots=True)
class _Read:
    """What was found so far."""

    places: Places
    problems: Problems
    tables: list[Table] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)


def read(paths: Sequence[Path], places: Places) -> Given:
    """All that the files state. Raises Unusable with every problem of all of them."""
    problems = Problems()
    found = _Read(places, problems)
    for path in paths:
        name = path.name
        problems.files.append(name)
        if not files.is_file(path):
            do = "name a file, such as def-exp-2026-en.xlsx"
            problems.add(f"there is no file {shown(str(path))}", None, "it is a folder" if path.is_dir() else "", do)
        elif name in found.digests:
            problems.add(
                f"two files are called {shown(name)}", None, "an answer could not tell them apart", "rename one"
            )
        elif content := files.load(path, name, Where(name), MAX_BYTES, problems):
            found.digests[name] = content.digest
            _file(content, path, found)
    problems.raise_if_any()
    return Given(
        tuple(found.tables), tuple(found.planned), tuple(found.statements), dict(sorted(found.digests.items()))
    )


def _file(content: files.Content, path: Path, found: _Read) -> None:
    """One file by what it is."""
    if content.data[:2] == b"PK" or content.data.startswith(b"\xd0\xcf\x11\xe0"):
        if table := nato.read(content, found.places, found.problems):
            found.tables.append(table)
    elif content.data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        _json(content, found)
    else:
        _csv(content, path, found)


def _json(content: files.Content, found: _Read) -> None:
    document = parsed(content, found.problems, "table or plan")
    if document is None:
        return
    if document.get("class") == "dataset":
        if table := jsonstat.read(content, document, found.places, found.problems):
            found.tables.append(table)
    elif "allocation" in document:
        found.planned += _plan(content.name, document, found)
    else:
        keys = listed(list(map(str, document)), 6)
        why = f"it has the keys {keys}" if keys else "it has no keys"
        do = "give JSON-stat of Eurostat's gov_ev, or plan.json as jointbuy plan --out writes it"
        found.problems.add("this is neither JSON-stat nor the answer of a plan", Where(content.name), why, do)


def _plan(file: str, document: Mapping[str, Any], found: _Read) -> list[Planned]:
    """What a plan makes each state pay in each year, and what of it loans pay."""
    currency = document.get("currency")
    if not isinstance(currency, str) or currency not in DIGITS:
        found.problems.add("it names no currency", Where(file, cell="currency"), f"it is {shown(str(currency))}")
        return []
    sums: dict[str, dict[tuple[str, int], int]] = {}
    for key in ("allocation", "draws"):
        rows, into = document.get(key), sums.setdefault(key, {})
        for at, row in enumerate(rows if isinstance(rows, list) else []):
            state, year, amount = (
                row.get(name) if isinstance(row, dict) else None for name in ("state", "year", "amount")
            )
            code = found.places.recognise(state) if isinstance(state, str) else None
            if code is None or type(year) is not int or type(amount) is not int or not 0 <= amount < _MOST:
                why = "a country, a year and an amount in minor units are expected"
                found.problems.add(
                    "this row cannot be read", Where(file, cell=f"{key}[{at}]"), why, "run the plan again"
                )
                continue
            into[code, year] = into.get((code, year), 0) + amount
    name = str(document.get("plan", file))
    return [
        Planned(
            state, year, amount, sums["draws"].get((state, year), 0), currency, name, Where(file, cell="allocation")
        )
        for (state, year), amount in sorted(sums["allocation"].items())
    ]


# --- CSV ------------------------------------------------------------------------------------


def _csv(content: files.Content, path: Path, found: _Read) -> None:
    text = files.text_of(content, found.problems)
    if text is None:
        return
    lines = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=lines.count)
    header = [cell.strip().strip('"') for cell in lines.split(delimiter)]
    markings.check_rows([(Where(content.name, 1), header)])
    head = {cell.casefold() for cell in header}
    folder, name, problems = path.parent, path.name, found.problems
    if {"buyer", "supplier"} & head:
        rows = tables.rows(folder, name, _SAID, _SAID_MAY, problems)
        found.statements += [said for row in rows if (said := _said(row, found))]
    elif "amount" in head:
        rows = tables.rows(folder, name, _PLANNED, _PLANNED_MAY, problems)
        found.planned += [one for row in rows if (one := _planned(row, found))]
    elif len([cell for cell in header if _YEAR.fullmatch(cell)]) > 1:
        _wide(content, header, delimiter, text, found)
    else:
        _long(content, [*tables.rows(folder, name, _FIGURES, _FIGURES_MAY, problems)], found)


def _planned(row: Cells, found: _Read) -> Planned | None:
    state, year = row.read("state", tables.country(found.places)), row.read("year", tables.year)
    currency = row.read("currency", scalars.currency)
    if currency is None:
        return None
    money = tables.money(DIGITS[currency])
    amount, loan = row.read("amount", money), row.read("loan", money, needed=False)
    if state is None or year is None or amount is None:
        return None
    if loan is not None and loan > amount:
        row.wrong("loan", "is more than the amount", "it is the part of the amount that a loan pays", "correct one")
        return None
    return Planned(state, year, amount, loan, currency, row.where.file, row.where)


def _said(row: Cells, found: _Read) -> Statement | None:
    """One share of what a buyer gets from a country, as the user states it."""
    supplier, what = row.read("supplier", tables.country(found.places)), row.read("what", _what)
    share = row.read("share", _part)
    since, until = (row.read(name, tables.year, needed=False) for name in ("since", "until"))
    buyer, base, source = row.text("buyer"), row.text("base"), row.text("source")
    if supplier is None or what is None or share is None:
        return None
    if since is not None and until is not None and until < since:
        row.wrong("until", f"{until} is before {since}")
    return Statement(
        id=row.given("id") or f"{row.where.file}:{row.where.line}",
        buyer=found.places.recognise(buyer) or buyer,
        supplier=supplier,
        what=what,
        base=base,
        unit=row.given("unit") or "not said",
        since=since,
        until=until if until is not None else since,
        share=exactly(share),
        said=row.given("said") or row.where.file,
        told=None,
        source=source,
        verified=True,
    )


def _what(text: str) -> What:
    kind = scalars.choice(text, WHATS)
    if kind is None:
        raise Wrong("it is no kind of dependence", f"write one of: {', '.join(WHATS)}")
    return cast(What, kind)


def _long(content: files.Content, rows: list[Cells], found: _Read) -> None:
    """Rows of a country and year; the column edition says of which table of whose each is."""
    by: dict[str, list[Figure]] = {}
    seen: dict[tuple[str, str, int], int] = {}
    for row in rows:
        edition, country = row.text("edition"), row.read("country", tables.country(found.places))
        year = row.read("year", _year)
        if country is None or year is None or not edition:
            continue
        key = (edition, country, year[0])
        if key in seen:
            row.wrong("this country and year", "stand twice", f"line {seen[key]} has them too", "keep one")
            continue
        seen[key] = row.where.line or 0
        by.setdefault(edition, []).extend(_figures(row, country, year, edition))
    for edition, figures in by.items():
        told = Edition(edition, f"{content.name}: {edition}", DEFINITION, "", content.name, content.digest)
        found.tables.append(Table(told, tuple(figures)))


def _figures(row: Cells, country: str, year: tuple[int, bool], edition: str) -> list[Figure]:
    """The figures of a row; one without any is a problem, for it says nothing."""
    currency = row.read("currency", scalars.currency, needed=False)
    estimate = year[1] or bool(row.read("estimate", tables.yes, needed=False))
    prices = row.given("prices") or "current prices"
    readers: dict[Measure, Callable[[str], Fraction]] = {}
    readers |= dict.fromkeys(_SHARES, _share) | dict.fromkeys(_AMOUNTS, _amount)
    found = []
    for measure, reader in readers.items():
        number = row.read(measure, reader, needed=False)
        if number is None:
            continue
        money = measure in _AMOUNTS
        if money and currency is None:
            row.wrong("currency", "is empty", f"{measure} is money", "write its currency")
            continue
        figure = Figure(
            country=country,
            year=year[0],
            measure=measure,
            value=exactly(number),
            published=number,
            currency=currency if money else None,
            prices=prices,
            estimate=estimate,
            editions=(edition,),
            where=row.where,
            source=row.where.file,
        )
        found.append(figure)
    if not any(row.given(measure) for measure in readers):
        row.wrong("this row", "states nothing", do=f"fill one of: {', '.join(readers)}, or leave the row out")
    return found


def _year(text: str) -> tuple[int, bool]:
    """A calendar year; with an "e" it is an estimate."""
    return tables.year(text.removesuffix("e")), text.endswith("e")


def _share(text: str) -> Fraction:
    """A per cent as a part of one. A number below 0.2 without its sign is asked about: it may be a part of one."""
    share = scalars.share(text)
    if not text.rstrip().endswith("%") and 0 < share < Fraction(2, 1000):
        raise Wrong("it may be per cent or a part of one", "write it with its sign, such as 3.5 %")
    return share


def _part(text: str) -> Fraction:
    """What one country supplies, in per cent. A number of one or less without its sign may be a part of one."""
    share = scalars.share(text)
    if not text.rstrip().endswith("%") and 0 < share <= Fraction(1, 100):
        number = scalars.number(text)
        do = f"write {plain(number)} % or {plain(number * 100)} %, whichever is meant"
        raise Wrong("it may be per cent or a part of one, and is not guessed", do)
    return share


def _amount(text: str) -> Fraction:
    """An amount in whole units of a currency, not below zero."""
    amount = scalars.number(text)
    if not 0 <= amount <= _MOST:
        raise Wrong(f"an amount lies between 0 and {_MOST:,}", "check its digits")
    return amount


def _wide(content: files.Content, header: list[str], delimiter: str, text: str, found: _Read) -> None:
    """A table with a column for each year, of shares of GDP in per cent; it names no edition but the last year."""
    problems, name = found.problems, content.name
    years = {at: (int(m[1]), bool(m[2])) for at, cell in enumerate(header) if (m := _YEAR.fullmatch(cell))}
    if header[0].casefold() not in {"country", "state"} or len(years) < len(header) - 1:
        other = [cell for at, cell in enumerate(header) if at and at not in years]
        why = f"beside the years it has {listed([shown(cell) for cell in [header[0], *other]], 4)}"
        problems.add(
            "the header cannot be read", Where(name, 1), why, "write country, then years such as 2025 or 2026e"
        )
        return
    last = max(years.values())
    edition = f"table to {last[0]}{'e' * last[1]}"
    records, broken = records_of(text, delimiter)
    if broken:
        problems.add("this row cannot be read", Where(name, broken[0]), broken[1], "check its quotes")
    figures: list[Figure] = []
    aside: list[str] = []
    for line, fields in records[1:]:
        row = Cells(dict(zip(header, [cell.strip() for cell in fields], strict=False)), Where(name, line), problems)
        label = fields[0].strip() if fields else ""
        country = found.places.recognise(label)
        if label and country is None and label.casefold().startswith(("nato", "total", "europe")):
            aside.append(label)
        elif (
            any(cell.strip() for cell in fields)
            and row.read(header[0], tables.country(found.places)) is not None
            and country
        ):
            figures += _row(row, country, [(header[at], *year) for at, year in years.items()], edition)
    notes = [f"{name}: shares of GDP in per cent are taken; it names no edition"]
    notes += [f"{name}: aggregates are not read: {listed(aside)}"] if aside else []
    told = Edition(edition, f"{name}: shares of GDP", DEFINITION, "", name, content.digest)
    found.tables.append(Table(told, tuple(figures), tuple(notes)))


def _row(row: Cells, country: str, years: list[tuple[str, int, bool]], edition: str) -> list[Figure]:
    """The shares of one country. Where most have many decimals, one with two or fewer was rounded to two."""
    texts = [(year, estimate, cell) for column, year, estimate in years if (cell := row.given(column))]
    found = []
    for year, estimate, cell in texts:
        number = row.read(f"{year}{'e' * estimate}", scalars.share)
        if number is not None:
            places = len(cell.removesuffix("%").strip().partition(".")[2])
            spread = Fraction(1, 20000) if places <= 2 else Fraction(0)
            low = max(Fraction(0), number - spread)
            value = exactly(number) if not spread else Range(low, number + spread)
            found.append(
                Figure(country, year, "share", value, number, None, "", estimate, (edition,), row.where, row.where.file)
            )
    return found
