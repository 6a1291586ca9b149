"""Spending and dependence against targets, for people, as JSON and as tables."""

from __future__ import annotations

import json as as_json
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path as Folder
from typing import cast

from jointbuy.lendingpool import Amount
from jointbuy.money import DIGITS, rounded_minor
from jointbuy.report import targets_words as words
from jointbuy.report.files import as_table, write_pages
from jointbuy.report.json import share, word
from jointbuy.report.layout import dim, finish, heading, paint, table, wrap
from jointbuy.report.targets_json import json
from jointbuy.report.targets_sources import sources
from jointbuy.report.targets_words import STATUS, TARGETS
from jointbuy.spending import Path, Position, Statement, Targets

_YEARS = 12


# --- for a terminal -------------------------------------------------------------------------


def text(found: Targets, colour: bool, width: int) -> str:
    """All of it, for a terminal of so many columns."""
    lines = [paint("bold", title(found)), *dim(wrap(under(found), width)), "", *wrap(words.duty(found), width)]
    lines += heading(TARGETS["spending"])
    rows = [list(row) for row in spending_rows(found)]
    kept = rows[-_YEARS:] if found.only else rows
    if rows:
        lines += table([["", *spending_heads(found)[1:]], *kept], frozenset({1, 3, 4, 5, 6}), width, 2)
    if len(kept) < len(rows):
        lines += dim(wrap(f"{len(rows) - len(kept)} years before: --json, or --out FOLDER", width, 2))
    if told := words.shown_prices(shown(found)):
        lines += dim(wrap(told, width, 2))
    one = found.states[0] if found.only and found.states else None
    lines += heading(TARGETS["path"].format(year=found.terms.aim_year.value))
    if one:
        lines += _path(found, one.path, width) if one.path else [f"  {TARGETS['no path']}"]
        gives = [line for each in words.contributes(one) for line in wrap(each, width, 2, 2)]
        lines += [*([""] if gives else []), *gives, *_assumed(one.path, width)]
    elif not found.only and found.states:
        lines += table([["", *PATH_HEADS], *map(list, paths_rows(found))], frozenset({1, 2, 3, 4}), width, 2)
        lines += _assumed(found.states[0].path, width, f"assumed, as for {found.states[0].title}")
    lines += [*heading(TARGETS["rearm"]), *table([list(row) for row in rearm_rows(found)], frozenset({1}), width, 2)]
    lines += heading(TARGETS["dependence"])
    for who, what, stated, years, base in dependence_rows(found):
        lines += [*wrap(f"{stated}  {what}, {who}, years: {years}", width, 2, 2), *dim(wrap(base, width, 4))]
    if found.doubts:
        lines += heading(TARGETS["doubts"])
        lines += [line for doubt in found.doubts for line in wrap(f"{doubt.kind}: {doubt.text}", width, 2, 2)]
    lines += heading(TARGETS["sources"])
    lines += [line for one in sources(found) for line in dim(wrap(one, width, 2, 2))]
    lines += ["", *(line for note in notes(found) for line in dim(wrap(note, width)))]
    return finish(lines, colour=colour)


def title(found: Targets) -> str:
    """What the answer is about."""
    return f"{found.titles.get(found.only, found.only)}: {TARGETS['title'].lower()}" if found.only else TARGETS["title"]


def under(found: Targets) -> str:
    """As of when, and from which editions."""
    names = ", ".join(edition.name for edition in found.editions) or "no table"
    return f"as of {found.on.isoformat()} · {names} · {found.terms.floor.provision}"


def _path(found: Targets, path: Path, width: int) -> list[str]:
    heads = ["", "asked for"] + (["in money", "beyond today's share"] if path.currency else [])
    plans, review = any(step.planned for step in path.steps), found.terms.review_year.value
    rows = [heads + (["planned", "of it by loans"] if plans else []) + [""]]
    for step in path.steps:
        row = [str(step.year), words.span(step.share)]
        row += (
            [words.amount(step.level, path.currency), words.amount(step.more, path.currency)] if path.currency else []
        )
        row += [words.moneys(step.planned), words.moneys(step.loans)] if plans else []
        rows.append([*row, "review" if step.year == review else ""])
    lines = table(rows, frozenset(range(1, 6)), width, 2)
    if path.more:
        told = f"beyond today's share, in all years: {words.amount(path.more, path.currency)}, {path.prices}"
        lines += ["", *wrap(told, width, 2)]
    return lines


def _assumed(path: Path | None, width: int, said: str = "assumed") -> list[str]:
    told = [line for one in (path.assumed if path else ()) for line in dim(wrap(f"{said}: {one}", width, 2, 2))]
    return ["", *told] if told else []


# --- rows that text and page share ----------------------------------------------------------


def spending_heads(found: Targets) -> list[str]:
    """The columns of the table on spending."""
    first = TARGETS["year"] if found.only else TARGETS["state"]
    keys = ("share", "floor", "gap", "short", "equipment", "related", "edition" if len(found.editions) > 1 else "mark")
    return [first, *(TARGETS[key] for key in keys)]


def spending_rows(found: Targets) -> Iterator[tuple[str, ...]]:
    """Of one state its years, else each state in its year."""
    titles = {state.country: state.title for state in found.states}
    for one in shown(found):
        yield _spending(found, str(one.year) if found.only else f"{titles[one.country]} {one.year}", one)


def shown(found: Targets) -> Iterator[Position]:
    """The positions of that table."""
    for state in found.states:
        yield from (one for one in state.years if found.only and one.year < state.asked.year)
        yield state.asked


def _spending(found: Targets, name: str, one: Position) -> tuple[str, ...]:
    """One row; the edition is told again only where there are several."""
    told = words.editions(one.share or one.equipment or one.money)
    if len(found.editions) == 1:
        told = words.MARK if words.MARK in told else ""
    if any(state.country == one.country and not state.bound for state in found.states):
        told = "; ".join(filter(None, [words.NO_PLEDGE, told]))
    equipment = words.published(one.equipment, 1) + (f" {STATUS[one.equipment_status]}" if one.equipment else "")
    return (
        name,
        words.published(one.share),
        STATUS[one.status],
        words.gap(one.gap),
        words.short(one),
        equipment,
        words.span(one.counted),
        told,
    )


PATH_HEADS = ("from", "at the review", "at the end", "beyond, in all years", "")


def paths_rows(found: Targets) -> Iterator[tuple[str, ...]]:
    """What each state's path asks for."""
    for state in found.states:
        if path := state.path:
            yield (
                state.title,
                f"{path.base.year}: {words.published(path.base)}",
                words.span(path.review),
                words.span(path.steps[-1].share),
                words.amount(path.more, path.currency),
                path.prices,
            )


def rearm_rows(found: Targets) -> Iterator[tuple[str, str, str]]:
    """The two parts of the 800, and what of each is decided."""
    rearm = found.rearm

    def euros(minor: int) -> str:
        return words.amount(words.euros(minor), "EUR")

    yield "in all", euros(rearm.total), "a potential that was named, and no money"
    first, last = rearm.years
    told = (
        f"potential: room of {words.percent(rearm.cap, 1)} of GDP a year from {first} to {last} if every state used it "
        f"in full; {len(rearm.active)} have activated the clause, {len(rearm.inactive)} have not "
        f"({', '.join(rearm.inactive)}); loans count inside it"
    )
    yield "escape clause", euros(rearm.clause), told
    unknown = [one.country for one in rearm.decisions if one.amount is None]
    more = f"; sums not found: {', '.join(unknown)}" if unknown else ""
    yield "loans (SAFE)", euros(rearm.loans), f"the most that may be lent; {len(rearm.decisions)} decisions{more}"
    vague = Amount(rearm.decided.low - rearm.verified.low, rearm.decided.high - rearm.verified.high)
    told = f"of which {words.between(vague)} by sums that nobody here has verified"
    yield "of it decided", words.between(rearm.decided), told


def dependence_rows(found: Targets) -> Iterator[tuple[str, ...]]:
    """Each statement with its base."""
    for one in found.statements:
        aim = "an aim: " if one.aim else ""
        mark = "" if one.verified else f" ({words.MARK})"
        who = f"{found.titles.get(one.buyer, one.buyer)} from {found.titles.get(one.supplier, one.supplier)}"
        yield (
            who,
            one.what,
            words.wordy(one.share),
            words.years(one.since, one.until),
            f"{aim}of {one.base}; {unit(one)}; {one.said}{mark}",
        )


def unit(one: Statement) -> str:
    """What a share counts."""
    return "volume (TIV), no money" if one.unit == "volume" else one.unit


def notes(found: Targets) -> Iterator[str]:
    """What has to be said of figures and sources."""
    for state in found.states:
        if found.only:
            yield from state.remarks
    said = {
        (f"{remark} ({', '.join(state.country for state in found.states if remark in state.remarks)})")
        for state in found.states
        for remark in state.remarks
    }
    if not found.only:
        yield from sorted(said)
    for edition in found.editions:
        if edition.definition:
            yield f"{edition.name}: {edition.definition}"
        if edition.credit:
            yield edition.credit
    if any(position.status == "unknown" for position in (state.asked for state in found.states)):
        yield words.WHY_OPEN
    yield from found.notes


# --- as files -------------------------------------------------------------------------------


def write(found: Targets, folder: Folder) -> tuple[Folder, ...]:
    """Write page, JSON and tables into a folder, each whole or not at all; returns their paths. Raises OSError."""
    from jointbuy.report import targets_page

    texts = {
        "report.html": targets_page.page(found),
        "targets.json": as_json.dumps(json(found), indent=2, ensure_ascii=False) + "\n",
        "spending.csv": as_table(
            "country year share low high estimate status gap_low gap_high equipment edition source cited".split(),
            (_csv(one) for state in found.states for one in state.years),
        ),
        "path.csv": as_table(
            "country year share_low share_high level_low level_high more_low more_high currency prices".split(),
            _steps(found),
        ),
        "dependence.csv": as_table(
            "buyer supplier what base unit since until low high said source verified".split(),
            (_said(one) for one in found.statements),
        ),
    }
    return write_pages(texts, folder)


def _said(one: Statement) -> list[str]:
    cells = [one.buyer, one.supplier, one.what, one.base, one.unit, str(one.since or ""), str(one.until or "")]
    return [*cells, _decimal(one.share.low), _decimal(one.share.high), one.said, one.source, word(one.verified)]


def _decimal(value: Fraction) -> str:
    return str(share(value)["decimal"])


def _csv(one: Position) -> list[str]:
    figure = one.share
    cells = [one.country, str(one.year)]
    if figure and one.gap:
        cells += [_decimal(each) for each in (figure.published, figure.value.low, figure.value.high)]
        cells += [word(figure.estimate), one.status, _decimal(one.gap.low), _decimal(one.gap.high)]
    else:
        cells += ["", "", "", "", one.status, "", ""]
    equipment = _decimal(one.equipment.published) if one.equipment else ""
    place = str(figure.where) if figure and figure.where else ""
    cited = figure.source if figure else ""
    return [*cells, equipment, " + ".join(figure.editions) if figure else "", place, cited]


def _steps(found: Targets) -> Iterable[list[str]]:
    for state in found.states:
        for step in state.path.steps if state.path else ():
            path = cast(Path, state.path)
            cells = [state.country, str(step.year), _decimal(step.share.low), _decimal(step.share.high)]
            for value in (step.level, step.more):
                cells += [_minor(end, path.currency) for end in (value.low, value.high)] if value else ["", ""]
            yield [*cells, path.currency or "", path.prices]


def _minor(value: Fraction, currency: str | None) -> str:
    """An amount in whole units, as rounded to minor ones."""
    if currency is None:
        return ""
    return words.plain(Fraction(rounded_minor(value, currency), 10 ** DIGITS[currency]), currency)
