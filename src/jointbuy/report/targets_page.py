"""Spending and dependence as one page of pictures, each beside the table of its numbers; opens without a network."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from jointbuy.report import targets as rows
from jointbuy.report import targets_charts as charts
from jointbuy.report import targets_words as words
from jointbuy.report.markup import Markup, join, tag
from jointbuy.report.pieces import document, quiet
from jointbuy.report.pieces import section as any_section
from jointbuy.report.pieces import table as any_table
from jointbuy.report.targets_sources import sources
from jointbuy.report.targets_words import TARGETS
from jointbuy.spending import State, Targets

section = partial(any_section, texts=TARGETS)
table = partial(any_table, texts=TARGETS)
_SMALL = 170
_PATHS = "name" + " number+word" * 4 + " word"


def page(found: Targets) -> str:
    """The whole page as one text; the same answer gives the same bytes."""
    name = rows.title(found)
    head = tag(
        "header",
        tag("p", found.on.isoformat(), class_="id"),
        tag("h1", name),
        tag("p", rows.under(found), class_="law"),
        tag("div", tag("p", words.duty(found), class_="summary"), class_="verdict"),
    )
    main = tag("main", *(section(key, made) for key, made in _sections(found)), id="report")
    return document(name, head, main, style="targets.css")


def _sections(found: Targets) -> Iterator[tuple[str, Markup]]:
    yield "spending", _spending(found)
    if any(state.path or (found.only and words.contributes(state)) for state in found.states):
        yield "paths", _paths(found)
    yield "rearm", _rearm(found)
    yield "dependence", _dependence(found)
    if found.doubts:
        yield "doubts", tag("ul", *(tag("li", tag("strong", f"{one.kind}: "), one.text) for one in found.doubts))
    yield "sources", tag("ul", *(tag("li", one) for one in sources(found)))
    yield "notes", tag("ul", *(tag("li", note) for note in rows.notes(found)))


def _spending(found: Targets) -> Markup:
    heads = ["year" if found.only else "state", "share", "floor", "gap", "short", "equipment", "related"]
    heads.append("edition" if len(found.editions) > 1 else "mark")
    classes = "name number+word word" + " number+word" * 4 + " word"
    told = words.shown_prices(rows.shown(found))
    made = table(TARGETS["spending caption"], heads, list(rows.spending_rows(found)), classes)
    return join([made, quiet(told) if told else None])


def _paths(found: Targets) -> Markup:
    """Of one state its path and every year; of many a small picture each, and one table."""
    if found.only:
        return join(_path(found, state) for state in found.states)
    small = [
        tag("figure", tag("figcaption", state.title), charts.path(found, state, _SMALL))
        for state in found.states
        if state.path
    ]
    heads = ["state", "base", "review", "asked", "sum", "prices"]
    made = table(TARGETS["paths caption"], heads, list(rows.paths_rows(found)), _PATHS)
    return join(
        [
            tag("div", *small, class_="multiples"),
            made,
            _assumed(found.states[0], f"Assumed, as for {found.states[0].title}"),
        ]
    )


def _path(found: Targets, state: State) -> Markup:
    path = state.path
    gives = tag("ul", *(tag("li", one) for one in words.contributes(state)))
    if path is None:
        return join([tag("p", TARGETS["no path"]), gives])
    money, planned = words.prices(state), any(step.planned for step in path.steps)
    heads = ["asked", *(["level", "more"] if money else []), *(["planned", "loans"] if planned else [])]
    kept = []
    for step in path.steps:
        row = [str(step.year), words.span(step.share)]
        row += [words.amount(each, path.currency) for each in (step.level, step.more)] if money else []
        kept.append(row + ([words.moneys(step.planned), words.moneys(step.loans)] if planned else []))
    caption = TARGETS["path caption" if money else "path no money"].format(state=state.title, prices=money)
    made = table(caption, ["year", *heads], kept, "name" + " number+word" * len(heads))
    return join([charts.path(found, state), made, gives, _assumed(state)])


def _assumed(state: State, said: str = "Assumed") -> Markup:
    return quiet(f"{said}: " + "; ".join(state.path.assumed) + ".") if state.path else join([])


def _rearm(found: Targets) -> Markup:
    made = table(
        TARGETS["rearm caption"], ["part", "amount", "what"], list(rows.rearm_rows(found)), "name number+word word"
    )
    kept = [
        (
            found.titles.get(one.country, one.country),
            words.between(one.amount) if one.amount else "not found",
            one.on.isoformat(),
            "; ".join(filter(None, [one.remark, "" if one.verified else words.MARK])) or None,
        )
        for one in found.rearm.decisions
    ]
    decided = table(
        TARGETS["decisions caption"], ["state", "amount", "on", "remark"], kept, "name number+word word word"
    )
    return join([made, decided])


def _dependence(found: Targets) -> Markup:
    kept = [(who, what, share, years, base) for who, what, share, years, base in rows.dependence_rows(found)]
    heads = ["buyer", "kind", "share said", "years", "of"]
    made = table(TARGETS["dependence caption"], heads, kept, "name word number+word word word")
    return join([charts.dependence(found.statements), quiet(TARGETS["dependence years"]), made])
