"""One entry of the register in full, whatever its id names: for people at a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jointbuy.commitments import Agreement, Basis, Commitment, Event, Partnership, Register, Shown, Standing
from jointbuy.report import pact_register as listed
from jointbuy.report import pact_words as words
from jointbuy.report.layout import dim, finish, heading, labelled, paint, wrap
from jointbuy.report.pact import Json


def shown(found: Register, one: Shown, colour: bool, width: int) -> str:
    """One entry, for a terminal of so many columns."""
    if isinstance(one, Standing):
        lines = _standing(found, one, width)
    elif isinstance(one, Event):
        lines = _event(found, one, width)
    elif isinstance(one, Partnership):
        lines = _partnership(one, width)
    elif isinstance(one, Agreement):
        lines = _agreement(found, one, width)
    else:
        lines = _basis(one, width)
    end = dim(wrap(f"As of {found.on}. {words.REPORTED}", width))
    notes = [line for note in found.notes for line in wrap(note, width)]
    return finish([*lines, "", *notes, *end], colour=colour)


def _facts(title: str, facts: Iterable[tuple[str, str]], width: int) -> Iterator[str]:
    yield from (paint("bold", line) for line in wrap(title, width))
    yield ""
    for name, value in facts:
        yield from labelled(name, value, width) if value else ()


def _standing(found: Register, standing: Standing, width: int) -> Iterator[str]:
    one = standing.commitment
    made = {each.id: (each.title, each.binds) for each in found.agreements}
    title, binds = made.get(one.agreement) or (_family(found, one), False)
    legal = standing.legal
    low = "" if binds or legal.obligation == "not reported" else "; the instrument binds nobody in law"
    because = f", by {standing.because.id}" if standing.because else ""
    facts = [
        ("agreement", title),
        ("parties", ", ".join(one.parties)),
        ("area", dict(found.areas)[one.area]),
        ("verb", one.verb if one.verb == "not reported" else f"{one.verb} (as reported)"),
        ("strength", one.strength),
        ("obligation", f"{legal.obligation} (by its strength{low})"),
        ("precision", f"{legal.precision} (by deadline and amount)"),
        ("delegation", legal.delegation),
        ("deadline", one.deadline or "none reported"),
        ("amount", ", ".join(one.amounts) or "none reported"),
        ("how often", one.frequency or ""),
        ("status", standing.status + because),
        ("compliance", f"{words.scored(standing.compliance)}: {standing.compliance.because}"),
        ("source", f"{one.source}; confidence {one.confidence}"),
        ("remark", one.remark),
        ("see also", "; ".join(f"jointbuy {verb}" for verb in one.ties)),
    ]
    yield from _facts(f"{one.id}: {one.summary}", facts, width)
    if standing.status == "not followed":
        return
    yield from heading("What has happened")
    for event in standing.events:
        yield from wrap(f"{listed.when(event)}  {event.summary} ({event.id}, {event.kind})", width, 2, 12)
        yield from dim(wrap(f"{event.source}; confidence {event.confidence}", width, 14))
    if not standing.events:
        yield from wrap(standing.status, width, 2)


def _family(found: Register, one: Commitment) -> str:
    return next(each.title for each in found.partnerships if each.id == one.agreement)


def _event(found: Register, one: Event, width: int) -> Iterator[str]:
    moves = "a step on the way, which changes no status" if one.kind == "step" else one.kind
    facts = [
        ("day", listed.when(one) + ("" if one.day_known else " (the latest it can be)")),
        ("brings", moves),
        ("source", f"{one.source}; confidence {one.confidence}"),
    ]
    yield from _facts(f"{one.id}: {one.summary}", facts, width)
    yield from heading("Touches")
    touched = [each for each in found.standings if each.commitment.id in one.touches]
    for each in touched:
        yield from wrap(f"{each.commitment.id}: {each.commitment.summary} ({each.status})", width, 2, 5)


def _partnership(one: Partnership, width: int) -> Iterator[str]:
    facts = [
        ("with", one.partner),
        ("signed", str(one.on or "")),
        ("announced", str(one.announced or "")),
        ("status", one.status),
        ("remark", one.remark),
        ("source", f"{one.source}; confidence {one.confidence}"),
    ]
    yield from _facts(f"{one.id}: {one.title}", facts, width)
    yield from heading("Reported of it")
    yield from _commitments(one.commitments, width)
    if not one.commitments:
        yield from wrap("Nothing; that says nothing of what it holds.", width, 2)


def _commitments(every: Iterable[Commitment], width: int) -> Iterator[str]:
    for one in every:
        said = ", ".join(filter(None, [one.strength, one.frequency]))
        yield from wrap(f"{one.id}: {one.summary} ({said})", width, 2, 6)


def _agreement(found: Register, one: Agreement, width: int) -> Iterator[str]:
    facts = [
        ("parties", ", ".join(one.parties)),
        ("signed", str(one.signed)),
        ("binds", "yes" if one.binds else "nobody in law"),
        ("source", f"{one.source}; confidence {one.confidence}"),
    ]
    yield from _facts(f"{one.id}: {one.title}", facts, width)
    yield from heading("Commitments")
    own = (each.commitment for each in found.standings if each.commitment.agreement == one.id)
    yield from _commitments(own, width)


def _basis(one: Basis, width: int) -> Iterator[str]:
    facts = [("year", str(one.year or "not reported")), ("source", f"{one.source}; confidence {one.confidence}")]
    yield from _facts(f"{one.id}: {one.title}", [*facts, ("remark", "the agreements of 2025 build on it")], width)


def json_shown(found: Register, one: Shown) -> Json:
    """One entry; `is` says what it is."""
    day = {"on_day": found.on.isoformat(), "as_of": found.as_of.isoformat(), "notes": list(found.notes)}
    if isinstance(one, Standing):
        # `on` is older than the other entries, which have a day of their own under that name.
        day = {"on": found.on.isoformat(), **day}
        return {"is": "commitment", **day, "verbs": "as reported", **listed.json_standing(one)}
    if isinstance(one, Event):
        return {"is": "event", **day, **listed.json_event(one)}
    if isinstance(one, Partnership):
        return {"is": "partnership", **day, **listed.json_partnership(one)}
    if isinstance(one, Agreement):
        own = [each.commitment.id for each in found.standings if each.commitment.agreement == one.id]
        return {"is": "agreement", **day, **listed.json_agreement(one), "commitments": own}
    return {"is": "build_on", **day, **listed.json_basis(one)}
