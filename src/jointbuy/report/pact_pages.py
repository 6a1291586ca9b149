"""Agreements as pages: the register, one text, two side by side, many; each opens without a network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from jointbuy.agreements import Comparison, Documents, Item, Pair, Side
from jointbuy.commitments import Count, Promise, Reading, Register, Rung
from jointbuy.report import pact as told
from jointbuy.report import pact_charts as charts
from jointbuy.report import pact_side as side
from jointbuy.report import pact_words as words
from jointbuy.report.markup import Markup, join, tag
from jointbuy.report.pact_charts import Heat
from jointbuy.report.pact_words import PACT
from jointbuy.report.pieces import document, quiet
from jointbuy.report.pieces import section as any_section
from jointbuy.report.pieces import table as any_table

section = partial(any_section, texts=PACT)
table = partial(any_table, texts=PACT)
_NO_AREA = charts.NO_AREA


def _page(title: str, above: str, under: str, summary: Sequence[str], made: Iterable[tuple[str, Markup]]) -> str:
    head = tag(
        "header",
        tag("p", above, class_="id"),
        tag("h1", title),
        tag("p", under, class_="law"),
        tag("div", *(tag("p", one, class_="summary") for one in summary), class_="verdict"),
    )
    return document(title, head, tag("main", *(section(key, one) for key, one in made), id="report"), style="pact.css")


def _heat(found: Heat) -> Markup:
    """The picture of areas by rung, and its table."""
    rows = [
        (name, *("|".join(str(counts.get((area, rung), 0)) for counts in found.counts) for rung in found.rungs))
        for area, name in found.rows
    ]
    made = _counts(PACT["areas caption"], ["area"], found.rungs, rows)
    return join([charts.heat(found, PACT["areas title"]), made]) if rows else quiet("None.")


def _counts(caption: str, heads: Sequence[str], names: Sequence[str], rows: Iterable[Sequence[str]]) -> Markup:
    """A table of numbers, its first columns named by key, the others by their own names."""
    texts = {**PACT, **{f"={name}": name for name in names}}
    kinds = " ".join(["row+long", *("number+word" for _ in [*heads[1:], *names])])
    return any_table(caption, [*heads, *(f"={name}" for name in names)], list(rows), kinds, texts=texts)


def _notes(notes: Iterable[str]) -> Markup:
    return tag("ul", *(tag("li", one) for one in notes))


def _terms(counts: Sequence[Count]) -> Markup:
    rows = [(one.term, f"{one.count:,}", told.counting(one)) for one in counts]
    return table(PACT["terms caption"], ["term", "count", "rule"], rows, "row number word")


# --- the register ---------------------------------------------------------------------------


def register(found: Register) -> str:
    """The register as one page; the same register gives the same bytes."""
    under = f"As of {found.on}; data of {found.as_of}. {words.REPORTED}"
    title = "What Canada and the European Union promised each other"
    return _page(title, found.on.isoformat(), under, [words.summary(found)], _register(found))


def _register(found: Register) -> Iterator[tuple[str, Markup]]:
    heads = ["no", "day", "kind", "what", "touches", "confidence", "source"]
    touched: dict[str, list[str]] = {event.id: [] for event in charts.events(found)}
    for one in found.standings:
        for event in one.events:
            touched[event.id].append(one.commitment.id)
    rows = [
        (str(at), told.when(one), one.kind, one.summary, " ".join(touched[one.id]), one.confidence, one.source)
        for at, one in enumerate(charts.events(found), 1)
    ]
    picture = join([charts.timeline(found, PACT["timeline title"]), charts.legend()])
    made = table(PACT["timeline caption"], heads, rows, "row word+day word word word word word+long")
    yield "timeline", join([picture, made])
    yield "areas", _heat(register_heat(found))
    areas, parts = dict(found.areas), []
    for name, title in found.agreements:
        kept = [
            (
                f"{one.commitment.id}: {one.commitment.summary}",
                areas[one.commitment.area],
                one.commitment.verb,
                one.commitment.strength,
                words.standing(one),
                words.scored(one.compliance),
                words.law(one.legal),
            )
            for one in found.standings
            if one.commitment.agreement == name
        ]
        heads = ["what", "area", "verb", "rung", "status", "compliance", "law"]
        parts.append(table(title, heads, kept, "row word word word word word word"))
    yield "commitments", join(parts)
    yield "scores", _notes([words.average(found.average), words.COMPLIANCE, words.LEGAL_REGISTER])
    family = [
        (
            one.title,
            str(one.on or "day not found"),
            one.status,
            one.remark or None,
            str(len(one.commitments) or "none found"),
            f"{one.source}; {one.confidence}",
        )
        for one in found.partnerships
    ]
    heads = ["with", "signed", "status", "remark", "reported", "source"]
    yield "family", table(PACT["family caption"], heads, family, "row word+day word word word word+long")


def register_heat(found: Register) -> Heat:
    """The register's commitments by area and rung."""
    every = [(one.commitment.area, one.commitment.strength) for one in found.standings]
    return Heat(found.areas, (charts.tallied(every),))


# --- one text -------------------------------------------------------------------------------


def reading(found: Reading) -> str:
    """One text as one page; the same text gives the same bytes."""
    made = [one for one in found.promises if one.commitment]
    said = f"{found.words:,} words, {found.sentences:,} sentences, {len(made):,} commitments."
    above = found.digest.removeprefix("sha256:")[:12]
    return _page(found.file, above, words.whose(found), [said], _reading(found, made))


def reading_heat(found: Reading) -> Heat:
    """A text's commitments by area and rung."""
    return Heat(found.areas, (charts.tallied((one.area, one.strength) for one in found.promises if one.commitment),))


def _reading(found: Reading, made: Sequence[Promise]) -> Iterator[tuple[str, Markup]]:
    yield "areas", _heat(reading_heat(found))
    if found.counts:
        yield "terms", _terms(found.counts)
    if found.overruled or found.unmet:
        yield "overruled", _overruled(found)
    scores = {one.id: score for one, score in zip(found.promises, found.scores, strict=True)}
    titles = dict(found.areas)
    rows = [
        (
            f"{one.id}, {one.sentence.line}",
            told.who(one),
            one.strength,
            titles.get(one.area or "", _NO_AREA),
            told.own(one),
            "; ".join(filter(None, [one.deadline, *one.conditions])) or None,
            words.law(scores[one.id]),
            ", ".join(one.words),
            one.sentence.text if told.is_part(one) else None,
        )
        for one in made
    ]
    heads = ["line", "who", "rung", "area", "what", "held", "law", "matched", "of"]
    kinds = "row word word word word+long word word word word+long"
    yield "commitments", table(f"{len(made):,} commitments, by id and {found.unit}", heads, rows, kinds)
    if found.outside:
        kept = [
            (f"{one.id}, {one.sentence.line}", told.who(one), told.own(one))
            for one in found.promises
            if one.id in found.outside
        ]
        yield "outside", table(PACT["outside caption"], ["line", "who", "what"], kept, "row word word+long")
    yield "notes", _notes([words.whose(found), words.LEGAL_TEXT, *found.notes])


def _overruled(found: Reading) -> Markup:
    rows = [(words.now(one), words.said(one), words.says(one.by), words.by(one.by)) for one in found.overruled]
    left = [(one.by.id, one.why, words.says(one.by), words.by(one.by)) for one in found.unmet]
    kinds = "row word+long word+long word+long"
    return join(
        [
            table(PACT["overruled caption"], ["id", "was", "says", "by"], rows, kinds) if rows else None,
            table(PACT["unmet caption"], ["id", "why", "says", "by"], left, kinds) if left else None,
        ]
    )


# --- two ------------------------------------------------------------------------------------


def comparison(found: Comparison) -> str:
    """Two agreements as one page."""
    title = f"{found.first.title} and {found.second.title}"
    said = (
        f"Commitments in both: {len(found.pairs):,}. Only in the first: {len(found.only_first):,}. Only in the second: "
        f"{len(found.only_second):,}."
    )
    return _page(title, "first and second", words.MATCHED, [said], _comparison(found))


def comparison_heat(found: Comparison) -> Heat:
    """The commitments of both by area and rung, A above B."""
    counts = tuple(
        charts.tallied((one.area, one.strength) for one in each.items) for each in (found.first, found.second)
    )
    return Heat(found.areas, counts, ("1", "2"))


def _comparison(found: Comparison) -> Iterator[tuple[str, Markup]]:
    sides = [_side(at, one) for at, one in ((PACT["first"], found.first), (PACT["second"], found.second))]
    heads = ["text", "signed", "status", "words", "all", "remark"]
    yield "sides", table(PACT["sides caption"], heads, sides, "row+long word+day word word word word+long")
    if found.first.items or found.second.items:
        which = quiet(f"1: {found.first.title}. 2: {found.second.title}.")
        yield "areas", join([which, _heat(comparison_heat(found))])
    if found.first.counts or found.second.counts:
        yield "terms", _both_terms(found)
    if found.pairs:
        rows = [_pair(found, one) for one in found.pairs]
        heads = ["first", "second", "area", "differs", "alike"]
        yield "pairs", table(PACT["pairs caption"], heads, rows, "row+long word+long word word word")
    for key, items in (("only first", found.only_first), ("only second", found.only_second)):
        if items:
            yield key, _items(found, PACT[key], items)


def _side(at: str, one: Side) -> tuple[str | None, ...]:
    """A side in a row: what is known of it, with source and confidence where it is of the register."""
    facts = one.facts
    remark = [facts.remark, f"{facts.source}; confidence {facts.confidence}"] if facts else []
    return (
        f"{at}: {one.title}",
        str(facts.on or "day not found") if facts else None,
        facts.status if facts else None,
        f"{one.words:,}" if one.words is not None else "no text",
        f"{len(one.items):,}",
        "; ".join(filter(None, [*remark, f"as of {one.on}" if one.on else "", *one.notes])) or None,
    )


def _both_terms(found: Comparison) -> Markup:
    rows = [(term, first or "no text", second or "no text", rule) for term, first, second, rule in side.terms(found)]
    heads = ["term", "first count", "second count", "rule"]
    return table(PACT["terms caption"], heads, rows, "row number+word number+word word")


def _pair(found: Comparison, one: Pair) -> tuple[str | None, ...]:
    return (
        side.line_of(one.first),
        side.line_of(one.second),
        dict(found.areas).get(one.first.area or "", _NO_AREA),
        ", ".join(one.changes) or "the same",
        f"{round(one.alike * 100)} %",
    )


def _items(found: Comparison, caption: str, items: Sequence[Item]) -> Markup:
    areas = dict(found.areas)
    rows = [
        (
            f"{one.id}, {one.line}" if one.line else one.id,
            areas.get(one.area or "", _NO_AREA),
            one.strength,
            one.text,
            one.deadline,
        )
        for one in items
    ]
    return table(caption, ["line", "area", "rung", "what", "held"], rows, "row word word word+long word")


# --- many -----------------------------------------------------------------------------------


def documents(found: Documents) -> str:
    """Many texts as one page."""
    total = sum(one.commitments for one in found.documents)
    said = f"{len(found.documents):,} texts with {total:,} commitments."
    left = f"{len(found.faults):,} could not be read." if found.faults else "All could be read."
    return _page("Agreements: many texts", f"{len(found.documents):,} texts", left, [said], _documents(found))


def documents_heat(found: Documents) -> Heat:
    """The commitments of all texts together by area and rung."""
    counts: dict[tuple[str, Rung], int] = {}
    for one in found.documents:
        for key, number in one.by:
            counts[key] = counts.get(key, 0) + number
    return Heat(found.areas, (counts,))


def _documents(found: Documents) -> Iterator[tuple[str, Markup]]:
    if found.faults:
        yield "faults", _notes(f"{one.file}: {why}" for one in found.faults for why in one.why)
    yield "areas", _heat(documents_heat(found))
    terms = list(dict.fromkeys(count.term for one in found.documents for count in one.counts))
    rows = []
    for one in found.documents:
        counts = {count.term: count.count for count in one.counts}
        cells = [f"{one.words:,}", f"{one.commitments:,}", *(f"{number:,}" for number in side.by_rung(one))]
        rows.append((one.file, *cells, *(f"{counts[term]:,}" for term in terms)))
    names = [*charts.RUNGS, *terms]
    yield "documents", _counts(PACT["documents caption"], ["text", "words", "all"], names, rows)
