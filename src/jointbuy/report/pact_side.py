"""Two agreements side by side, and many texts: for people at a terminal, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from jointbuy.agreements import Comparison, Document, Documents, Item, Pair, Side
from jointbuy.report import pact as told
from jointbuy.report import pact_words as words
from jointbuy.report.json import share
from jointbuy.report.layout import dim, finish, heading, paint, table, wrap
from jointbuy.report.pact import Json
from jointbuy.report.pact_charts import LADDER, NO_AREA, RUNGS

# --- two ------------------------------------------------------------------------------------


def text(found: Comparison, colour: bool, width: int) -> str:
    """Two agreements, for a terminal of so many columns."""
    areas = dict(found.areas)
    lines = []
    for number, side in ((1, found.first), (2, found.second)):
        lines += [paint("bold", line) for line in wrap(f"{number}  {side.title}", width, 0, 3)]
        lines += dim(line for said in _facts(side) for line in wrap(said, width, 3))
    lines += [*heading("By area and rung (first | second)"), *_grid(found, width)]
    if found.first.counts or found.second.counts:
        lines += [*heading("How often (first | second)"), *_terms(found, width)]
    if none := words.unreported(found):
        lines += [*heading("Side by side"), *wrap(none, width, 2)]
        return finish(lines, colour=colour)
    lines += heading(f"In both: {len(found.pairs):,}")
    lines += [*wrap(words.changes(found), width, 2), ""] if found.pairs else []
    for pair in found.pairs:
        said = differs(pair)
        lines += wrap(f"{areas.get(pair.first.area or '', NO_AREA)} · {said}", width, 2)
        lines += [line for one in (pair.first, pair.second) for line in dim(wrap(line_of(one), width, 4, 2))]
    for _, means, items in words.alone(found):
        lines += heading(f"{means}: {len(items):,}")
        for one in items:
            lines += wrap(f"{areas.get(one.area or '', NO_AREA)} · {line_of(one)}", width, 2, 2)
    lines += ["", *dim(wrap(words.MATCHED, width))]
    return finish(lines, colour=colour)


def differs(one: Pair) -> str:
    """How the second of a pair differs from the first, with the words where they read otherwise."""
    said = ", ".join(one.changes) or "the same"
    was, now = (f"“{told.short(words)}”" if words else "nothing" for words in one.apart)
    return f"{said} ({was}, then {now})" if any(one.apart) else said


def _facts(side: Side) -> Iterator[str]:
    """What is known of a side beside its commitments."""
    number = f"{len(side.items):,} commitment{'' if len(side.items) == 1 else 's'}"
    yield f"{side.words:,} words, {number}" if side.words is not None else f"{number}; as of {side.on}"
    if one := side.facts:
        signed = f"{one.status} on {one.on}" if one.on and one.status == "signed" else one.status
        yield "; ".join(filter(None, [f"with {one.partner}", signed, one.remark]))
        yield f"{one.source}; confidence {one.confidence}"
    yield from side.notes


def line_of(one: Item) -> str:
    """A commitment of a side in one line."""
    firm = "firmness not reported" if one.strength == "not reported" else one.strength
    denied = one.negated and one.lesser != "denied"
    parts = ["not to be done" if denied else None, one.lesser or firm, *held(one), one.status]
    at = f", {one.unit} {one.line}" if one.line else ""
    return f"{one.id}{at}: {told.short(one.clause or one.text)} ({', '.join(filter(None, parts))})"


def held(one: Item) -> Iterator[str]:
    """What limits a commitment: by when, how much, how often, on what conditions."""
    yield from filter(None, [one.deadline, *one.amounts, one.frequency, *one.conditions])


def _grid(found: Comparison, width: int) -> list[str]:
    """Numbers of both in each area on each rung; where titles leave no room, areas go by their short names."""
    counts = [Counter((one.area or "", one.strength) for one in side.items) for side in (found.first, found.second)]
    used = [rung for rung in LADDER if any(each[1] == rung for one in counts for each in one)]
    if not used:
        return wrap("none", width, 2)
    here = [
        one for one in (*found.areas, ("", NO_AREA)) if any((one[0], rung) in each for each in counts for rung in used)
    ]
    for between, titled in ((" | ", True), (" | ", False), ("|", False)):
        rows = [("", *used, "")]
        for area, title in here:
            cells = (between.join(_dash(one[area, rung]) for one in counts) for rung in used)
            rows.append((title if titled else area or NO_AREA, *cells, ""))
        lines = table(rows, frozenset(range(1, len(used) + 1)), width, 2)
        if max(len(line.rstrip()) for line in lines) <= width:
            break
    return lines


def _dash(number: int) -> str:
    return str(number or "-")


def _terms(found: Comparison, width: int) -> list[str]:
    """Each term in both, and the rule."""
    lines = []
    for name, *numbers, rule in terms(found):
        lines += wrap(f"{name}: {' | '.join(_said(one) for one in numbers)} ({rule})", width, 2, 2)
    return lines


def _said(number: str) -> str:
    return number or "no text"


def terms(found: Comparison) -> Iterator[tuple[str, str, str, str]]:
    """Each term, how often it occurs in the first and the second ("" where that is no text), and the rule."""
    firsts, seconds = ({one.term: one for one in side.counts} for side in (found.first, found.second))
    for term, one in (seconds | firsts).items():
        first, second = (str(side[term].count) if term in side else "" for side in (firsts, seconds))
        yield term, first, second, told.counting(one)


def json(found: Comparison) -> Json:
    """The whole comparison."""
    return {
        "first": _json_side(found.first),
        "second": _json_side(found.second),
        "in_both": [_json_pair(one) for one in found.pairs],
        "only_first": [json_item(one) for one in found.only_first],
        "only_second": [json_item(one) for one in found.only_second],
        "only_means": {key.replace(" ", "_"): means for key, means, _ in words.alone(found)},
        "nothing_reported": words.unreported(found) or None,
        "terms": {
            term: {"first": int(first) if first else None, "second": int(second) if second else None, "counted": rule}
            for term, first, second, rule in terms(found)
        },
        "matched_by": words.MATCHED,
        "areas": dict(found.areas),
    }


def _json_side(side: Side) -> Json:
    facts = side.facts
    return {
        "name": side.name,
        "title": side.title,
        "digest": side.digest,
        "words": side.words,
        "commitments": len(side.items),
        "as_of": side.on.isoformat() if side.on else None,
        "known": side.reach,
        "partnership": {
            "id": facts.id,
            "partner": facts.partner,
            "on": facts.on.isoformat() if facts.on else None,
            "status": facts.status,
            "remark": facts.remark or None,
            "source": facts.source,
            "confidence": facts.confidence,
        }
        if facts
        else None,
        "notes": list(side.notes),
    }


def _json_pair(one: Pair) -> Json:
    return {
        "id": pair_id(one),
        "first": json_item(one.first),
        "second": json_item(one.second),
        "changes": list(one.changes),
        "first_words": one.apart[0],
        "second_words": one.apart[1],
        "alike": share(one.alike),
    }


def pair_id(one: Pair) -> str:
    """The id of a pair: those of both."""
    return f"{one.first.id}={one.second.id}"


def json_item(one: Item) -> Json:
    """One commitment of a side."""
    return {
        "id": one.id,
        "line": one.line,
        "line_is": one.unit if one.line else None,
        "actor": one.actor,
        "verb": one.verb,
        "strength": one.strength,
        "area": one.area,
        "object": one.object,
        "deadline": one.deadline,
        "amounts": list(one.amounts),
        "frequency": one.frequency,
        "conditions": list(one.conditions),
        "negated": "yes" if one.negated else "no",
        "status": one.status,
        "clause": one.clause or None,
        "text": one.text,
    }


# --- many -----------------------------------------------------------------------------------


def many(found: Documents, colour: bool, width: int) -> str:
    """Many texts, for a terminal of so many columns."""
    total = sum(one.commitments for one in found.documents)
    lines = [paint("bold", f"{len(found.documents):,} texts with {total:,} commitments"), ""]
    names = [count.term for count in found.documents[0].counts] if found.documents else []
    rows = [("text", "words", "all", *RUNGS, *names, "")]
    for one in found.documents:
        counts = (f"{count.count:,}" for count in one.counts)
        rows.append((one.file, f"{one.words:,}", f"{one.commitments:,}", *map(str, by_rung(one)), *counts, ""))
    lines += table(rows, frozenset(range(1, len(rows[0]) - 1)), width, 2)
    if found.faults:
        lines += heading(f"Not read: {len(found.faults):,}")
        lines += [line for one in found.faults for why in one.why for line in wrap(f"{one.file}: {why}", width, 2, 2)]
    lines += ["", *dim(wrap("By area too: --json, or --out FOLDER for tables", width))]
    return finish(lines, colour=colour)


def by_rung(one: Document) -> Sequence[int]:
    """Commitments of a text on each rung."""
    return [sum(number for (_, each), number in one.by if each == rung) for rung in RUNGS]


def json_many(found: Documents) -> Json:
    """Counts of every text, and what could not be read."""
    return {
        "documents": [
            {
                "file": one.file,
                "digest": one.digest,
                "words": one.words,
                "sentences": one.sentences,
                "commitments": one.commitments,
                "by": [{"area": area or None, "strength": rung, "count": number} for (area, rung), number in one.by],
                "precision": dict(one.precision),
                "terms": {count.term: {"count": count.count, "counted": told.counting(count)} for count in one.counts},
                "notes": list(one.notes),
            }
            for one in found.documents
        ],
        "faults": [{"file": one.file, "why": list(one.why)} for one in found.faults],
        "areas": dict(found.areas),
    }
