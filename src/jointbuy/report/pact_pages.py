"""Agreements as pages: the register, one text, two side by side, many; each opens without a network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from jointbuy.agreements import Comparison, Documents, Item, Pair, Side
from jointbuy.commitments import Count, Promise, Reading, Register, Reported, Standing
from jointbuy.report import pact as told
from jointbuy.report import pact_charts as charts
from jointbuy.report import pact_register as listed
from jointbuy.report import pact_side as side
from jointbuy.report import pact_words as words
from jointbuy.report.markup import Markup, join, tag, text
from jointbuy.report.pact_charts import Heat
from jointbuy.report.pact_words import PACT
from jointbuy.report.pieces import Cells, document, quiet
from jointbuy.report.pieces import section as any_section
from jointbuy.report.pieces import table as any_table

section = partial(any_section, texts=PACT)
table = partial(any_table, texts=PACT)
_NO_AREA = charts.NO_AREA
FEW = 25
"""Rows of a list by area that stand open at the most."""
_BREAKS = re.compile(r"((?<![:/])/(?!/)|[?&=_])")
"""Signs of an address behind which a line may end."""


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
    """The picture of areas by rung, and folded below it its table, in which what is zero is left empty."""
    rows = []
    for area, name in found.rows:
        cells = ([counts.get((area, rung), 0) for counts in found.counts] for rung in found.rungs)
        rows.append((name, *("|".join(map(str, numbers)) if any(numbers) else None for numbers in cells)))
    if not rows:
        return quiet("None.")
    made = _counts(PACT["areas caption"], ["area"], found.rungs, rows)
    title = PACT["areas title"]
    wide = tag("div", charts.heat(found, title), class_="wide")
    narrow = tag("div", charts.heat(found, title, narrow=True), class_="narrow")
    return join([wide, narrow, _fold(PACT["numbers"], made)])


def _fold(title: str, made: Markup) -> Markup:
    """Something that opens on its title, so that a long page shows first what it holds."""
    return tag("details", tag("summary", title), made)


def _by_area(found: Reading | Comparison, every: Iterable[tuple[str | None, Cells]]) -> list[tuple[str, list[Cells]]]:
    """Rows below the title of their area, in the order of areas."""
    rows: dict[str, list[Cells]] = {}
    for area, row in every:
        rows.setdefault(area or "", []).append(row)
    return [(title, rows[area]) for area, title in (*found.areas, ("", _NO_AREA)) if area in rows]


def _folded(
    groups: Sequence[tuple[str, Sequence[Cells]]], caption: str, heads: Sequence[str], kinds: str, by: str = "area"
) -> Markup:
    """A list by area or rung: few rows in one table, many folded group by group."""
    if by == "area" and sum(len(rows) for _, rows in groups) <= FEW:
        together = [(row[0], title, *row[1:]) for title, rows in groups for row in rows]
        first, *others = kinds.split()
        return table(caption, [heads[0], by, *heads[1:]], together, " ".join([first, "word", *others]))
    return join([_fold(f"{title}: {len(rows):,}", table(title, heads, rows, kinds)) for title, rows in groups if rows])


def _source(said: str) -> Markup:
    """A source whose address may break behind its slashes and signs, and nowhere within a word."""
    return join([part if at % 2 == 0 else Markup(f"{text(part)}<wbr>") for at, part in enumerate(_BREAKS.split(said))])


def _counts(caption: str, heads: Sequence[str], names: Sequence[str], rows: Iterable[Cells]) -> Markup:
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
    said = list(dict.fromkeys([*found.notes, words.summary(found)]))
    return _page(title, found.on.isoformat(), under, said, _register(found))


def _register(found: Register) -> Iterator[tuple[str, Markup]]:
    yield "timeline", _events(found)
    yield "areas", _heat(register_heat(found))
    yield "commitments", join([_ladder(found, one.id, one.title) for one in found.agreements])
    method = _fold(PACT["method"], _notes([words.COMPLIANCE, words.LEGAL_REGISTER]))
    yield "scores", join([tag("p", words.average(found)), method])
    family = [
        (
            one.title.removeprefix(listed.FAMILY),
            str(one.on) if one.on else None,
            one.status,
            one.remark or None,
            " ".join(each.id for each in one.commitments) or None,
            join([_source(one.source), f"; {one.confidence}"]),
        )
        for one in found.partnerships
    ]
    heads = ["with", "signed", "status", "remark", "reported", "source"]
    kinds = "row word+day word word word+touches word+origin"
    yield "family", table(PACT["family caption"], heads, family, kinds)
    rows = [(one.title, str(one.year or "not reported"), f"{one.source}; {one.confidence}") for one in found.basis]
    yield "basis", table(PACT["basis caption"], ["what", "year", "source"], rows, "row word word+origin")


def _events(found: Register) -> Markup:
    """The timeline and its table."""
    if not found.events:
        return quiet("Nothing by that day.")
    rows = [
        (
            str(at),
            listed.when(one),
            one.kind,
            f"{one.id}: {one.summary}",
            " ".join(one.touches),
            join([_source(one.source), f"; {one.confidence}"]),
        )
        for at, one in enumerate(found.events, 1)
    ]
    heads = ["no", "day", "kind", "what", "touches", "source"]
    kinds = "row+no word+day word long word+touches word+origin"
    made = table(PACT["timeline caption"], heads, rows, kinds)
    return join([charts.timeline(found, PACT["timeline title"]), charts.legend(), made])


def _ladder(found: Register, name: str, title: str) -> Markup:
    """The commitments of an agreement by rung, the firmest first."""
    areas = dict(found.areas)
    own = [one for one in found.standings if one.commitment.agreement == name]
    groups = [
        (rung, [_standing(one, areas) for one in own if one.commitment.strength == rung]) for rung in charts.LADDER
    ]
    heads = ["what", "area", "verb", "status", "compliance", "law", "source"]
    kinds = "row word word word word word word+origin"
    return join([tag("h3", title), _folded(groups, title, heads, kinds, by="rung")])


def _standing(one: Standing, areas: Mapping[str, str]) -> Cells:
    each = one.commitment
    said = "; ".join(filter(None, [each.summary, each.frequency, each.deadline, *each.amounts]))
    return (
        f"{each.id}: {said}{f' ({each.remark})' if each.remark else ''}",
        areas[each.area],
        each.verb,
        words.standing(one),
        words.scored(one.compliance) if one.compliance.score is not None else None,
        words.law(one.legal),
        join([_source(each.source), f"; {each.confidence}"]),
    )


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
    groups = _by_area(found, ((one.area, _promise(one, words.law(scores[one.id]))) for one in made))
    heads = ["line", "who", "rung", "what", "held", "law", "matched", "of"]
    kinds = "row word word long word word word word+part"
    yield "commitments", _folded(groups, f"By id and {found.unit}", heads, kinds)
    if len(made) + len(found.outside) < len(found.promises):
        yield "others", _others(found)
    if found.outside:
        kept = [
            (f"{one.id}, {one.sentence.line}", told.who(one), told.own(one))
            for one in found.promises
            if one.id in found.outside
        ]
        yield "outside", table(PACT["outside caption"], ["line", "who", "what"], kept, "row word word+long")
    yield "notes", _notes([words.whose(found), words.LEGAL_TEXT, *found.notes])


def _others(found: Reading) -> Markup:
    """What was found and is no commitment of anybody, folded by what it is."""
    kinds: dict[str, list[Cells]] = {one: [] for one in words.NO_COMMITMENT}
    outside = frozenset(found.outside)
    for one in found.promises:
        if not one.commitment and one.id not in outside:
            row = (f"{one.id}, {one.sentence.line}", told.who(one), told.own(one), ", ".join(one.words))
            kinds[words.no_commitment(one)].append(row)
    heads = ["line", "who", "what", "matched"]
    return _folded(list(kinds.items()), "", heads, "row word long word", by="kind")


def _promise(one: Promise, law: str) -> Cells:
    held = [one.deadline, *one.amounts, one.frequency, *one.conditions, "not to be done" if one.negated else None]
    return (
        f"{one.id}, {one.sentence.line}",
        told.who(one),
        one.strength,
        told.own(one),
        "; ".join(filter(None, held)) or None,
        law,
        ", ".join(one.words),
        one.sentence.text if told.is_part(one) else None,
    )


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
    title = " and ".join(words.titles(found))
    return _page(title, "first and second", words.MATCHED, [words.comparison(found)], _comparison(found))


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
        one, other = words.titles(found)
        which = quiet(f"1: {one}. 2: {other}.")
        yield "areas", join([which, _heat(comparison_heat(found))])
    if found.first.counts or found.second.counts:
        yield "terms", _both_terms(found)
    if found.pairs:
        yield "pairs", _pairs(found)
    for key, means, items in words.alone(found):
        kept = _by_area(found, ((one.area, _item(one)) for one in items))
        heads = ["line", "rung", "what", "held"]
        if items:
            said = f"{means}: {len(items):,}"
            yield key, join([quiet(said), _folded(kept, means, heads, "row word long word")])


def _pairs(found: Comparison) -> Markup:
    """What both have: those that differ, by area, and where they are many those that are the same folded below."""
    few = len(found.pairs) <= FEW
    apart = _by_area(found, ((one.first.area, _pair(one)) for one in found.pairs if few or one.changes))
    same = [] if few else [_pair(one) for one in found.pairs if not one.changes]
    heads, kinds = ["first", "second", "differs", "alike"], "row+long word+long word word"
    below = _fold(f"The same: {len(same):,}", table("The same", heads, same, kinds)) if same else None
    return join([_folded(apart, PACT["pairs caption"], heads, kinds) if apart else None, below])


def _side(at: str, one: Side) -> tuple[str | None, ...]:
    """A side in a row: what is known of it, with source and confidence where it is of the register."""
    facts = one.facts
    remark = [facts.remark, f"{facts.source}; confidence {facts.confidence}"] if facts else []
    return (
        f"{at}: {one.title}",
        str(facts.on) if facts and facts.on else None,
        facts.status if facts else None,
        f"{one.words:,}" if one.words is not None else "no text",
        f"{len(one.items):,}",
        "; ".join(filter(None, [*remark, f"as of {one.on}" if one.on else "", *one.notes])) or None,
    )


def _both_terms(found: Comparison) -> Markup:
    rows = [(term, first or "no text", second or "no text", rule) for term, first, second, rule in side.terms(found)]
    heads = ["term", "first count", "second count", "rule"]
    return table(PACT["terms caption"], heads, rows, "row number+word number+word word")


def _pair(one: Pair) -> Cells:
    return side.line_of(one.first), side.line_of(one.second), side.differs(one), f"{round(one.alike * 100)} %"


def _item(one: Item) -> Cells:
    held = "; ".join(filter(None, side.held(one)))
    return f"{one.id}, {one.line}" if one.line else one.id, one.strength, one.clause or one.text, held or None


# --- many -----------------------------------------------------------------------------------


def documents(found: Documents) -> str:
    """Many texts as one page."""
    total = sum(one.commitments for one in found.documents)
    said = f"{len(found.documents):,} texts with {total:,} commitments."
    left = f"{len(found.faults):,} could not be read." if found.faults else "All could be read."
    return _page("Agreements: many texts", f"{len(found.documents):,} texts", left, [said], _documents(found))


def documents_heat(found: Documents) -> Heat:
    """The commitments of all texts together by area and rung."""
    counts: dict[tuple[str, Reported], int] = {}
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
