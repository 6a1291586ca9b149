"""The register of what Canada and the Union promised each other: for people at a terminal, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from jointbuy.commitments import Agreement, Basis, Commitment, Event, Partnership, Register, Standing
from jointbuy.judged import Average
from jointbuy.report import pact_words as words
from jointbuy.report.json import share
from jointbuy.report.layout import dim, finish, heading, paint, table, wrap
from jointbuy.report.pact import Json
from jointbuy.report.pact_charts import LADDER

FAMILY = "Security and Defence Partnership with "
"""What the titles of partnerships begin with."""


def listed(found: Register, colour: bool, width: int) -> str:
    """The register by agreement and rung, for a terminal of so many columns."""
    lines = [line for note in found.notes for line in wrap(note, width)]
    lines += [""] if lines else []
    for agreement in found.agreements:
        own = [one for one in found.standings if one.commitment.agreement == agreement.id]
        lines += [
            *(paint("bold", line) for line in wrap(f"{agreement.id}: {agreement.title}", width)),
            "",
            *_ladder(own, width),
        ]
    counted = Counter(one.status for one in found.standings)
    lines += wrap(", ".join(f"{count} {status}" for status, count in sorted(counted.items())), width)
    lines += wrap(words.average(found), width)
    law = Counter(words.law(one.legal) for one in found.standings)
    told = "; ".join(f"{count} {degrees}" for degrees, count in sorted(law.items(), key=lambda one: (-one[1], one[0])))
    lines += wrap(f"By law, obligation / precision / delegation: {told}", width)
    said = f"As of {found.on}. {words.REPORTED} +1, 0, -1: compliance (docs/pact.md). One in full: pact show S06"
    lines += ["", *dim(wrap(said, width)), *heading("Others of the family")]
    rows = [("id", "with", "signed", "reported", ""), *(_partner(one) for one in found.partnerships)]
    lines += [*table(rows, frozenset(), width, 2), *heading("What they build on")]
    lines += table([(one.id, words.basis(one)) for one in found.basis], frozenset(), width, 2)
    return finish(lines, colour=colour)


def _ladder(own: Sequence[Standing], width: int) -> Iterator[str]:
    """The commitments of an agreement below their rungs, the firmest first."""
    # One width of columns for all rungs: id, area, verb, and how it stands.
    sizes = [max(len(each) for each in column) for column in zip(*(_cells(one)[:3] for one in own), strict=True)]
    for rung in LADDER:
        here = [one for one in own if one.commitment.strength == rung]
        if not here:
            continue
        yield "  " + paint("bold", f"{rung}: {len(here)}")
        rows = [tuple(cell.ljust(size) for cell, size in zip(_cells(one), [*sizes, 0], strict=True)) for one in here]
        yield from table(rows, frozenset(), width, 2)
        yield ""


def _cells(one: Standing) -> tuple[str, str, str, str]:
    score = f"{words.scored(one.compliance)} " if one.compliance.score is not None else ""
    return one.commitment.id, one.commitment.area, one.commitment.verb, score + one.status


def _partner(one: Partnership) -> tuple[str, str, str, str, str]:
    day = str(one.on) if one.on and one.status == "signed" else "-"
    said = "; ".join(filter(None, [one.status if day == "-" else "", one.remark]))
    return one.id, one.title.removeprefix(FAMILY), day, str(len(one.commitments) or "nothing"), said


def when(event: Event) -> str:
    """The day of an event, its days, or the latest it can be."""
    day = event.on.isoformat() if event.day_known else f"by {event.on.isoformat()}"
    return f"{day} to {event.until}" if event.until else day


# --- JSON -----------------------------------------------------------------------------------


def json_listed(found: Register) -> Json:
    """The register."""
    return {
        "on": found.on.isoformat(),
        "as_of": found.as_of.isoformat(),
        "notes": list(found.notes),
        "verbs": "as reported",
        "agreements": {one.id: one.title for one in found.agreements},
        "signed": {one.id: one.signed.isoformat() for one in found.agreements},
        "binds": {one.id: "yes" if one.binds else "no" for one in found.agreements},
        "build_on": [json_basis(one) for one in found.basis],
        "compliance": _average(found.average),
        "areas": dict(found.areas),
        "commitments": [json_standing(one) for one in found.standings],
        "partnerships": [json_partnership(one) for one in found.partnerships],
        "digest": found.digest,
    }


def _average(one: Average) -> Json:
    ends = {"low": share(one.low), "high": share(one.high)}
    mean = share(one.mean) if one.mean is not None else None
    return {"scored": one.scored, "of": one.of, "not_reported": one.unreported, "mean": mean, **ends}


def json_partnership(one: Partnership) -> Json:
    """A partnership, with what is reported of it."""
    return {
        "id": one.id,
        "title": one.title,
        "partner": one.partner,
        "on": one.on.isoformat() if one.on else None,
        "announced": one.announced.isoformat() if one.announced else None,
        "status": one.status,
        "commitments": [_reported(each) for each in one.commitments],
        "source": one.source,
        "confidence": one.confidence,
        "remark": one.remark or None,
    }


def _reported(one: Commitment) -> Json:
    """A commitment of another partnership."""
    said: Json = {"id": one.id, "area": one.area, "summary": one.summary, "verb": one.verb, "strength": one.strength}
    said |= {"frequency": one.frequency, "source": one.source, "confidence": one.confidence}
    return said | {"remark": one.remark or None}


def json_agreement(one: Agreement) -> Json:
    """An agreement of the register."""
    return {
        "id": one.id,
        "title": one.title,
        "parties": list(one.parties),
        "signed": one.signed.isoformat(),
        "binds": "yes" if one.binds else "no",
        "source": one.source,
        "confidence": one.confidence,
    }


def json_basis(one: Basis) -> Json:
    """What the agreements build on."""
    return {"id": one.id, "title": one.title, "year": one.year, "source": one.source, "confidence": one.confidence}


def json_standing(standing: Standing) -> Json:
    """A commitment with how it stands."""
    one: Commitment = standing.commitment
    legal = standing.legal
    return {
        "id": one.id,
        "agreement": one.agreement,
        "parties": list(one.parties),
        "area": one.area,
        "summary": one.summary,
        "verb": one.verb,
        "strength": one.strength,
        "obligation": legal.obligation,
        "precision": legal.precision,
        "delegation": legal.delegation,
        "deadline": one.deadline,
        "frequency": one.frequency,
        "amounts": list(one.amounts),
        "source": one.source,
        "confidence": one.confidence,
        "remark": one.remark or None,
        "compliance": standing.compliance.score,
        "compliance_because": standing.compliance.because,
        "see_also": list(one.ties),
        "status": standing.status,
        "because": standing.because.id if standing.because else None,
        "events": [json_event(event) for event in standing.events],
    }


def json_event(event: Event) -> Json:
    """An event."""
    return {
        "id": event.id,
        "on": event.on.isoformat(),
        "until": event.until.isoformat() if event.until else None,
        "day_known": "yes" if event.day_known else "no",
        "kind": event.kind,
        "summary": event.summary,
        "touches": list(event.touches),
        "source": event.source,
        "confidence": event.confidence,
    }
