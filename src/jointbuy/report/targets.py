"""Spending and dependence against targets, for people, as JSON and as tables."""

from __future__ import annotations

import json as as_json
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path as Folder
from typing import Any, cast

from jointbuy.exact import Range
from jointbuy.lendingpool import Amount
from jointbuy.money import DIGITS, rounded_minor
from jointbuy.parameters import Standing
from jointbuy.report import targets_words as words
from jointbuy.report.files import as_table, write_pages
from jointbuy.report.json import amount, ends, share, word
from jointbuy.report.layout import dim, finish, heading, paint, table, wrap
from jointbuy.report.targets_words import STATUS, TARGETS
from jointbuy.spending import Activation, Decided, Figure, Path, Position, State, Statement, Step, Targets

Json = dict[str, Any]
_YEARS = 12


# --- for a terminal -------------------------------------------------------------------------


def text(found: Targets, colour: bool, width: int) -> str:
    """All of it, for a terminal of so many columns."""
    lines = [paint("bold", title(found)), *dim(wrap(under(found), width)), "", *wrap(words.duty(found), width)]
    lines += heading(TARGETS["spending"])
    rows = [list(row) for row in spending_rows(found)]
    if rows:
        lines += table([["", *spending_heads(found)[1:]], *rows], frozenset({1, 3, 4, 5, 6}), width, 2)
    one = found.states[0] if found.only and found.states else None
    lines += heading(TARGETS["path"].format(year=found.terms.aim_year.value))
    if one and one.path:
        lines += _path(found, one.path, width)
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
    state = next(each for each in found.states if each.path is path)
    gives = [line for one in words.contributes(state) for line in wrap(one, width, 2, 2)]
    return [*lines, *([""] if gives else []), *gives, *_assumed(path, width)]


def _assumed(path: Path | None, width: int, said: str = "assumed") -> list[str]:
    return ["", *(line for one in (path.assumed if path else ()) for line in dim(wrap(f"{said}: {one}", width, 2, 2)))]


# --- rows that text and page share ----------------------------------------------------------


def spending_heads(found: Targets) -> list[str]:
    """The columns of the table on spending."""
    first = TARGETS["year"] if found.only else TARGETS["state"]
    keys = ("share", "floor", "gap", "short", "equipment", "related", "edition" if len(found.editions) > 1 else "mark")
    return [first, *(TARGETS[key] for key in keys)]


def spending_rows(found: Targets) -> Iterator[tuple[str, ...]]:
    """Of one state its years, else each state in its year."""
    if found.only:
        for state in found.states:
            shown = [*(one for one in state.years if one.year < state.asked.year), state.asked][-_YEARS:]
            yield from (_spending(found, str(one.year), one) for one in shown)
    else:
        yield from (_spending(found, f"{state.title} {state.asked.year}", state.asked) for state in found.states)


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


# --- as JSON --------------------------------------------------------------------------------


def json(found: Targets) -> Json:
    """The whole answer. The keys of one state stand at the top where one was asked for."""
    terms = found.terms
    states = [_state(found, state) for state in found.states]
    lone = states[0] if found.only and states else {}
    return {
        "country": found.only,
        "year": lone.get("year", found.year),
        "floor": share(cast(Fraction, terms.floor.value)),
        "ceiling": share(cast(Fraction, terms.ceiling.value)),
        "actual": lone.get("actual"),
        "gap": lone.get("gap"),
        "edition": lone.get("edition", " + ".join(edition.name for edition in found.editions) or None),
        "on": found.on.isoformat(),
        "terms": {
            name: _standing(one)
            for name, one in (
                ("floor", terms.floor),
                ("ceiling", terms.ceiling),
                ("equipment", terms.equipment),
                ("aim_year", terms.aim_year),
                ("review_year", terms.review_year),
            )
        },
        "states": states,
        "rearm": _rearm(found),
        "dependence": [_statement(one) for one in found.statements],
        "doubts": [{"kind": one.kind, "text": one.text, "statements": list(one.statements)} for one in found.doubts],
        "editions": [
            {"name": one.name, "title": one.title, "definition": one.definition or None, "credit": one.credit or None}
            | {"file": one.file or None, "digest": one.digest or None}
            for one in found.editions
        ],
        "notes": list(found.notes),
        "digests": dict(found.digests),
    }


def _standing(one: Standing) -> Json:
    value = one.value
    return {
        "value": share(value) if isinstance(value, Fraction) and value.denominator != 1 else int(str(value)),
        "since": one.since.isoformat(),
        "provision": one.provision,
        "reference": one.reference,
        "verified": word(one.verified),
    }


def _state(found: Targets, state: State) -> Json:
    return {
        "country": state.country,
        "title": state.title,
        "bound": word(state.bound),
        **_position(found, state.asked),
        "years": [_position(found, one) for one in state.years],
        "path": _path_json(state.path) if state.path else None,
        "loan": _loan(state.loan) if state.loan else None,
        "clause": _active(state.clause) if state.clause else None,
        "remarks": list(state.remarks),
    }


def _position(found: Targets, one: Position) -> Json:
    figure = one.share
    return {
        "year": one.year,
        "floor": share(cast(Fraction, found.terms.floor.value)),
        "ceiling": share(cast(Fraction, found.terms.ceiling.value)),
        "actual": share(figure.published) if figure else None,
        "actual_range": _ends(figure.value) if figure else None,
        "estimate": word(figure.estimate) if figure else None,
        "status": one.status,
        "gap": _ends(one.gap),
        "short": _money(one.short, one.gdp),
        "edition": " + ".join(figure.editions) if figure else None,
        "verified": word(figure.verified) if figure else None,
        "source": str(figure.where) if figure and figure.where else None,
        "related": share(one.related.published) if one.related else None,
        "counted": _ends(one.counted),
        "equipment": _equipment(one.equipment),
        "equipment_status": one.equipment_status,
        "spent": _spent(one.money),
    }


def _equipment(figure: Figure | None) -> Json | None:
    if figure is None:
        return None
    return {
        "actual": share(figure.published),
        "range": _ends(figure.value),
        "estimate": word(figure.estimate),
        "edition": " + ".join(figure.editions),
    }


def _money(value: Range | None, gdp: Figure | None) -> Json | None:
    """What is missing, in the currency and prices of GDP."""
    if value is None or gdp is None or gdp.currency is None:
        return None
    return {"amount": amount(value, gdp.currency), "currency": gdp.currency, "prices": gdp.prices}


def _spent(figure: Figure | None) -> Json | None:
    if figure is None or figure.currency is None:
        return None
    return {
        "amount": amount(figure.value, figure.currency),
        "currency": figure.currency,
        "prices": figure.prices,
        "estimate": word(figure.estimate),
        "edition": " + ".join(figure.editions),
    }


def _ends(value: Range | None) -> Json | None:
    """A share, or both its ends."""
    return share(value.low) if value and value.known else ends(value)


def _path_json(path: Path) -> Json:
    money = path.currency
    return {
        "profile": path.profile,
        "from": path.base.year,
        "from_share": share(path.base.published),
        "currency": money,
        "prices": path.prices or None,
        "review": _ends(path.review),
        "more": amount(path.more, money) if path.more and money else None,
        "assumed": list(path.assumed),
        "steps": [_step(step, money) for step in path.steps],
    }


def _step(step: Step, money: str | None) -> Json:
    return {
        "year": step.year,
        "share": _ends(step.share),
        "level": amount(step.level, money) if step.level and money else None,
        "more": amount(step.more, money) if step.more and money else None,
        "planned": [{"amount": one.minor, "currency": one.currency} for one in step.planned],
        "loans": [{"amount": one.minor, "currency": one.currency} for one in step.loans],
    }


def _rearm(found: Targets) -> Json:
    rearm = found.rearm
    return {
        "currency": "EUR",
        "total": rearm.total,
        "clause": {
            "amount": rearm.clause,
            "nature": "potential",
            "cap": share(rearm.cap),
            "years": list(rearm.years),
            "active": [_active(one) for one in rearm.active],
            "inactive": list(rearm.inactive),
        },
        "loans": {
            "amount": rearm.loans,
            "decided": _cents(rearm.decided),
            "decided_verified": _cents(rearm.verified),
            "decisions": [_loan(one) for one in rearm.decisions],
        },
    }


def _active(one: Activation) -> Json:
    return {
        "country": one.country,
        "since": one.since.isoformat(),
        "source": one.source,
        "verified": word(one.verified),
        "remark": one.remark or None,
    }


def _cents(amount: Amount) -> int | Json:
    return amount.low if amount.exact else {"low": amount.low, "high": amount.high}


def _loan(one: Decided) -> Json:
    return {
        "country": one.country,
        "amount": _cents(one.amount) if one.amount else None,
        "currency": "EUR",
        "on": one.on.isoformat(),
        "source": one.source,
        "verified": word(one.verified),
        "remark": one.remark or None,
    }


def _statement(one: Statement) -> Json:
    return {
        "id": one.id,
        "buyer": one.buyer,
        "supplier": one.supplier,
        "what": one.what,
        "base": one.base,
        "unit": one.unit,
        "since": one.since,
        "until": one.until,
        "share": _ends(one.share),
        "aim": word(one.aim),
        "said": one.said,
        "told": one.told.isoformat() if one.told else None,
        "source": one.source,
        "verified": word(one.verified),
    }


# --- as files -------------------------------------------------------------------------------


def write(found: Targets, folder: Folder) -> tuple[Folder, ...]:
    """Write page, JSON and tables into a folder, each whole or not at all; returns their paths. Raises OSError."""
    from jointbuy.report import targets_page

    texts = {
        "report.html": targets_page.page(found),
        "targets.json": as_json.dumps(json(found), indent=2, ensure_ascii=False) + "\n",
        "spending.csv": as_table(
            "country year share low high estimate status gap_low gap_high equipment edition source".split(),
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
    return [*cells, equipment, " + ".join(figure.editions) if figure else "", place]


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
