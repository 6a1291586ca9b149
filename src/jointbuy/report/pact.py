"""What a text promises: for people at a terminal, and as JSON. The register is in `pact_register`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from jointbuy.commitments import Count, Promise, Reading
from jointbuy.judged import Legalization, Overruling
from jointbuy.report import pact_words as words
from jointbuy.report.layout import dim, finish, heading, labelled, paint, table, wrap

Json: TypeAlias = dict[str, Any]
NOBODY = "not said"
_RULES = {
    "word": "whole words",
    "stem": "words that begin with it",
    "substring": "anywhere, also within a word",
}
_SHOWN = 180
_END = 40
"""Signs at the end of a promise in which what joins it to the next is looked for."""
_ENDING = re.compile(r"[.;,:\s]*(?:\b(?:and|or)\b)?\s*$")
"""An end that says nothing: full stop, `; and` after an item."""


# --- a text that was read -------------------------------------------------------------------


def text(found: Reading, colour: bool, width: int) -> str:
    """What a text promises, for a terminal of so many columns."""
    made = [one for one in found.promises if one.commitment]
    said = f"{found.words:,} words, {found.sentences:,} sentences, {len(made):,} commitments"
    lines = [paint("bold", f"{found.file}: {said}"), ""]
    titles = dict(found.areas)
    for one in made:
        lines += _promise(one, titles, found.unit, width)
    lines += [*heading("By strength"), *_tally(Counter(one.strength for one in made), width)]
    areas = Counter(titles.get(one.area or "", "no area told") for one in made)
    lines += [*heading("By area"), *_tally(areas, width)]
    law = Counter(words.law(score) for score in found.scores if score)
    lines += [*heading("By law: obligation / precision / delegation"), *_tally(law, width)]
    if found.counts:
        lines += heading("How often")
        for count in found.counts:
            lines += wrap(f"{count.term}: {count.count:,} ({counting(count)})", width, 2, 2)
    lines += _judged(found, width)
    others = len(found.promises) - len(made)
    lines += [
        "",
        *dim(
            wrap(
                f"{others:,} other verbs (views, calls on others, permissions, things without an actor): --json", width
            )
        ),
    ]
    lines += [line for note in found.notes for line in dim(wrap(note, width))]
    return finish(lines, colour=colour)


def _judged(found: Reading, width: int) -> Iterator[str]:
    """What others are told to do, and what a person says otherwise."""
    outside = [one for one in found.promises if one.id in found.outside]
    if outside:
        yield from heading("No commitment: the actor is no party")
        for one in outside:
            yield from wrap(f"{found.unit} {one.sentence.line} · {who(one)} · {short(one.sentence.text)}", width, 2, 2)
    if found.overruled or found.unmet:
        yield from heading("A person says otherwise")
        for each in found.overruled:
            said = f"{words.now(each)}: {words.says(each.by)}; the reader: {words.said(each)}. {words.by(each.by)}"
            yield from wrap(said, width, 2, 2)
        for left in found.unmet:
            said = f"judged as {left.by.id}, does not fit: {left.why}. {words.says(left.by)}. {words.by(left.by)}"
            yield from wrap(said, width, 2, 2)
    yield ""
    yield from dim(wrap(words.whose(found), width))


def counting(count: Count) -> str:
    """The rule by which a term was counted, in words."""
    parts = [f"headings {'in' if count.headings else 'out'}", f"footnotes {'in' if count.footnotes else 'out'}"]
    return f"{_RULES[count.rule]}; capitals do not matter; {', '.join(parts)}"


def _promise(one: Promise, titles: Mapping[str, str], unit: str, width: int) -> Iterator[str]:
    """One commitment: where, who, how firmly; its own words; what holds it back."""
    yield from wrap(
        f"{unit} {one.sentence.line} · {who(one)} · {one.strength} · {titles.get(one.area or '', 'no area told')}",
        width,
    )
    yield from dim(wrap(short(own(one)), width, 2, 2))
    for name, value in (
        ("sentence", short(one.sentence.text) if is_part(one) else ""),
        ("words", ", ".join(one.words)),
        ("by when", " = ".join(filter(None, (one.deadline, one.due)))),
        ("how much", "; ".join(one.amounts)),
        ("how often", one.frequency or ""),
        ("if", "; ".join(one.conditions)),
    ):
        if value:
            yield from labelled(name, value, width)
    if one.quoted:
        yield from dim(wrap("within quotation marks", width, 2))
    if one.negated:
        yield from dim(wrap("not to be done", width, 2))


def own(one: Promise) -> str:
    """The words of the sentence that are this promise; the sentence where a person added it."""
    return one.clause or one.sentence.text


def is_part(one: Promise) -> bool:
    """Whether a sentence says more than this promise."""
    return _unended(own(one)) != _unended(one.sentence.text)


def _unended(text: str) -> str:
    """A text without the signs and joins at its end, which alone is looked at: it may be long."""
    return text[:-_END] + _ENDING.sub("", text[-_END:])


def who(one: Promise) -> str:
    """Who promises, with whom a pronoun stands for."""
    if one.actor is None:
        return NOBODY
    return one.actor if one.meant in {None, one.actor} else f"{one.actor} ({one.meant})"


def short(words: str) -> str:
    """The beginning of a long text."""
    return words if len(words) <= _SHOWN else words[:_SHOWN].rsplit(" ", 1)[0] + " …"


def _tally(counted: Mapping[str, int], width: int) -> list[str]:
    rows = [
        ("", ""),
        *((name, f"{count:,}") for name, count in sorted(counted.items(), key=lambda one: (-one[1], one[0]))),
    ]
    return table(rows, frozenset({1}), width, 2)[1:]


def json(found: Reading) -> Json:
    """The whole answer: every verb that was found, `commitment` telling which are commitments."""
    scores = {one.id: score for one, score in zip(found.promises, found.scores, strict=True)}
    return {
        "file": found.file,
        "digest": found.digest,
        "words": found.words,
        "sentences": found.sentences,
        "line_is": found.unit,
        "terms": {
            one.term: {
                "count": one.count,
                "rule": one.rule,
                "counted": counting(one),
                "headings": "in" if one.headings else "out",
                "footnotes": "in" if one.footnotes else "out",
                "by_place": dict(one.by_place),
                "lines": list(one.lines),
            }
            for one in found.counts
        },
        "commitments": [_json(one, scores[one.id]) for one in found.promises if one.commitment],
        "others": [_json(one) for one in found.promises if not one.commitment],
        "parties": list(found.parties.names) if found.parties else [],
        "parties_told": found.parties.how if found.parties else None,
        "outside": list(found.outside),
        "overruled": [
            _entry(one.by) | {"id": one.id, "judged_as": one.by.id, "reader_said": dict(one.before)}
            for one in found.overruled
        ],
        "no_longer_fits": [_entry(one.by) | {"why": one.why} for one in found.unmet],
        "areas": dict(found.areas),
        "notes": list(found.notes),
    }


def _entry(one: Overruling) -> Json:
    said = {"id": one.id, "sentence": one.sentence, "says": dict(one.says), "reason": one.reason, "who": one.who}
    return said | {"where": str(one.where)}


def _legal(score: Legalization) -> Json:
    return {"obligation": score.obligation, "precision": score.precision, "delegation": score.delegation}


def _json(one: Promise, score: Legalization | None = None) -> Json:
    sentence = one.sentence
    law = _legal(score) | {"words": list(score.words)} if score else None
    return {
        "id": one.id,
        "line": sentence.line,
        "paragraph": sentence.paragraph,
        "place": sentence.place,
        "label": sentence.label or None,
        "text": sentence.text,
        "clause": one.clause or None,
        "actor": one.actor,
        "meant": one.meant,
        "verb": one.verb,
        "words": list(one.words),
        "modality": one.modality,
        "strength": one.strength,
        "object": one.object,
        "area": one.area,
        "deadline": one.deadline,
        "due": one.due,
        "amounts": list(one.amounts),
        "frequency": one.frequency,
        "conditions": list(one.conditions),
        "negated": "yes" if one.negated else "no",
        "quoted": "yes" if one.quoted else "no",
        "heading": sentence.heading or None,
        "legalization": law,
    }
