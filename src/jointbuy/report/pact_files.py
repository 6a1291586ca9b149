"""Agreements as files: a page, tables in CSV, JSON, and pictures as SVG; each whole or not at all."""

from __future__ import annotations

import json as as_json
from collections.abc import Iterator, Sequence
from pathlib import Path

from jointbuy.agreements import Comparison, Documents, Item
from jointbuy.commitments import Reading, Register
from jointbuy.judged import PARTS
from jointbuy.report import pact as told
from jointbuy.report import pact_charts as charts
from jointbuy.report import pact_pages as pages
from jointbuy.report import pact_register as listed
from jointbuy.report import pact_side as side
from jointbuy.report import pact_words as words
from jointbuy.report.files import as_table, write_pages
from jointbuy.report.layout import clean
from jointbuy.report.pact_charts import Heat
from jointbuy.report.pact_words import PACT

_HEAD = ("id", "line", "commitment", "actor", "meant", "verb", "modality", "strength", "area", "deadline", "conditions")
_HEAD_MORE = (
    *("due", "amounts", "frequency", "negated", "quoted", "object", "words"),
    *("obligation", "precision", "delegation", "overruled", "text", "clause"),
)


def write(found: Reading, folder: Path) -> tuple[Path, ...]:
    """Write one text's report.html, promises.csv, reading.json and areas.svg. Raises OSError."""
    by = {one.id: words.by(one.by) for one in found.overruled}
    rows = [
        (
            one.id,
            str(one.sentence.line),
            "yes" if one.commitment else "no",
            one.actor or "",
            one.meant or "",
            one.verb,
            one.modality,
            one.strength,
            one.area or "",
            one.deadline or "",
            "; ".join(one.conditions),
            one.due or "",
            "; ".join(one.amounts),
            one.frequency or "",
            "yes" if one.negated else "no",
            "yes" if one.quoted else "no",
            one.object,
            " ".join(one.words),
            *((score.obligation, score.precision, score.delegation) if score else ("", "", "")),
            by.get(one.id, ""),
            one.sentence.text,
            one.clause,
        )
        for one, score in zip(found.promises, found.scores, strict=True)
    ]
    texts = {
        "report.html": pages.reading(found),
        "promises.csv": as_table((*_HEAD, *_HEAD_MORE), rows),
        "reading.json": _text(told.json(found)),
        **_areas(pages.reading_heat(found)),
    }
    return write_pages(texts, folder)


def write_register(found: Register, folder: Path) -> tuple[Path, ...]:
    """Write the register: a page, commitments.csv, events.csv, partnerships.csv, register.json, two pictures."""
    head = (
        "id",
        "agreement",
        "parties",
        "area",
        "summary",
        "verb",
        "strength",
        "obligation",
        "precision",
        "delegation",
    )
    rows = [
        (
            *(one.id, one.agreement, " ".join(one.parties), one.area, one.summary, one.verb, one.strength),
            *(standing.legal.obligation, standing.legal.precision, standing.legal.delegation),
            *(one.deadline or "", standing.status),
            "" if standing.compliance.score is None else str(standing.compliance.score),
            *(one.source, one.confidence, one.remark, one.frequency or "", "; ".join(one.amounts)),
        )
        for standing in found.standings
        for one in (standing.commitment,)
    ]
    happened = [
        (event.id, listed.when(event), event.kind, event.summary, touched, event.source, event.confidence)
        for event in found.events
        for touched in event.touches
    ]
    head_more = ("deadline", "status", "compliance", "source", "confidence", "remark", "frequency", "amounts")
    family = [
        (
            *(one.id, one.partner, str(one.on or ""), one.status, one.remark, str(len(one.commitments))),
            *(one.source, one.confidence),
        )
        for one in found.partnerships
    ]
    texts = {
        "report.html": pages.register(found),
        "commitments.csv": as_table((*head, *head_more), rows),
        "events.csv": as_table(("id", "on", "kind", "summary", "commitment", "source", "confidence"), happened),
        "partnerships.csv": as_table("id partner on status remark commitments source confidence".split(), family),
        "register.json": _text(listed.json_listed(found)),
        "timeline.svg": charts.alone(charts.timeline(found, PACT["timeline title"])),
        **_areas(pages.register_heat(found)),
    }
    return write_pages(texts, folder)


def write_comparison(found: Comparison, folder: Path) -> tuple[Path, ...]:
    """Write two agreements side by side: a page, pairs.csv, only.csv, comparison.json, areas.svg. Raises OSError."""
    head = "id area changes alike first_words second_words first_strength second_strength".split()
    head += ["first_deadline", "second_deadline"]
    rows = [
        (
            *(side.pair_id(one), one.first.area or "", "; ".join(one.changes), words.decimals(one.alike), *one.apart),
            *(one.first.strength, one.second.strength, one.first.deadline or "", one.second.deadline or ""),
            *(one.first.status or "", one.second.status or "", one.first.text, one.second.text),
        )
        for one in found.pairs
    ]
    alone = words.alone(found)
    only = [(key.removeprefix("only "), means, *_item(one)) for key, means, items in alone for one in items]
    texts = {
        "report.html": pages.comparison(found),
        "pairs.csv": as_table([*head, "first_status", "second_status", "first_text", "second_text"], rows),
        "only.csv": as_table(["in", "means", *_ITEM], only),
        "comparison.json": _text(side.json(found)),
        **_areas(pages.comparison_heat(found)),
    }
    return write_pages(texts, folder)


_ITEM = (
    "id line actor verb strength area object deadline status text negated amounts frequency conditions clause".split()
)


def _item(one: Item) -> Iterator[str]:
    values = side.json_item(one) | {name: "; ".join(getattr(one, name)) for name in ("amounts", "conditions")}
    return ("" if values[name] is None else str(values[name]) for name in _ITEM)


def write_documents(found: Documents, folder: Path) -> tuple[Path, ...]:
    """Write many texts: a page, documents.csv, counts.csv by area and rung, faults.csv, JSON, areas.svg."""
    terms = list(dict.fromkeys(count.term for one in found.documents for count in one.counts))
    rows = []
    for one in found.documents:
        counts = {count.term: count.count for count in one.counts}
        numbers = [one.words, one.sentences, one.commitments, *side.by_rung(one), *(counts[term] for term in terms)]
        rows.append((one.file, one.digest, *map(str, numbers)))
    texts = {
        "report.html": pages.documents(found),
        "documents.csv": as_table(["file", "digest", "words", "sentences", "commitments", *charts.RUNGS, *terms], rows),
        "counts.csv": as_table(
            ["file", "area", "strength", "count"],
            ((one.file, *key, str(number)) for one in found.documents for key, number in one.by),
        ),
        "faults.csv": as_table(["file", "why"], ((one.file, why) for one in found.faults for why in one.why)),
        "documents.json": _text(side.json_many(found)),
        **_areas(pages.documents_heat(found)),
    }
    return write_pages(texts, folder)


def write_template(found: Reading, keys: Sequence[str], path: Path) -> None:
    """Write a table to fill in where a person says otherwise; what the reader said stands in columns nobody reads back.

    `keys` are those of the sentences of the promises. Raises OSError.
    """
    head = ["id", "sentence", *PARTS, "reason", "who", "line", *(f"read_{part}" for part in PARTS), "clause", "text"]
    rows = [
        (
            *(one.id, key, *("" for _ in PARTS), "", "", str(one.sentence.line)),
            *(
                "yes" if one.commitment else "no",
                one.actor or "",
                one.strength,
                one.area or "",
                one.clause,
                one.sentence.text,
            ),
        )
        for one, key in zip(found.promises, keys, strict=True)
    ]
    # A control sign of a text would keep the table from being read back.
    write_pages({path.name: as_table(head, ([clean(cell) for cell in row] for row in rows))}, path.parent)


def _text(answer: told.Json) -> str:
    return as_json.dumps(answer, indent=2, ensure_ascii=False) + "\n"


def _areas(found: Heat) -> dict[str, str]:
    """The picture of areas by rung, where there is anything in it."""
    return {"areas.svg": charts.alone(charts.heat(found, PACT["areas title"]))} if found.rows else {}
