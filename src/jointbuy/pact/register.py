"""The register: commitments as reported, what has happened since, and the status that follows; from the YAML here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar, cast, get_args

from jointbuy.commitments import (
    Agreement,
    Basis,
    Commitment,
    Confidence,
    Event,
    Kind,
    Partnership,
    Register,
    Reported,
    Standing,
    Status,
)
from jointbuy.errors import did_you_mean
from jointbuy.judged import Compliance
from jointbuy.law.reader import Reader
from jointbuy.pact import scores
from jointbuy.pact.areas import terms
from jointbuy.pact.strength import RUNGS
from jointbuy.yamltext import Fields, Node

HERE = Path(__file__).parent
_FILES = ("commitments.yaml", "events.yaml", "others.yaml")
_STAGES: tuple[Kind, ...] = ("announced", "under way", "concluded", "signed", "provisionally applied", "in force")
_ENDS: tuple[Kind, ...] = ("lapsed", "contradicted")
_STATED = ("id", "agreement", "area", "summary", "verb", "strength", "source", "confidence")
_OPTIONAL = ("deadline", "frequency", "amounts", "delegated", "remark", "ties", "parties")
_NONE: Reported = "not reported"
"""The verb and the strength of a commitment of which no verb was reported."""
PRIMARY = "(primary)"
"""How a primary source is marked; without one, high confidence needs several."""
_KINDS: tuple[Kind, ...] = get_args(Kind)
_T = TypeVar("_T", bound=str)


@dataclass(frozen=True, slots=True)
class Entries:
    """What stands in the files."""

    as_of: date
    agreements: tuple[Agreement, ...]
    basis: tuple[Basis, ...]
    commitments: tuple[Commitment, ...]
    events: tuple[Event, ...]
    partnerships: tuple[Partnership, ...]
    digest: str


@cache
def entries(folder: Path = HERE) -> Entries:
    """The files of a folder laid out as this one. Raises LawError with every fault found in them."""
    reader = Reader(folder)
    tree, happened, beside = (reader.tree(name) for name in _FILES)
    reader.only(tree, ("as_of", "agreements", "basis", "commitments", "partnerships"))
    reader.only(happened, ("events",))
    reader.only(beside, ("commitments",))
    made = tuple(_agreement(reader, name, fields) for name, _, fields in reader.members(tree, "agreements"))
    agreements = {one.id: one.parties for one in made}
    nodes = reader.items(tree, "partnerships")
    partnerships = tuple(_partnership(reader, node) for node in nodes)
    own = {one.id: _own(reader, node, agreements) for one, node in zip(partnerships, nodes, strict=True)}
    family = {one.id: (one.partner, "EU") for one in partnerships}
    others = [_commitment(reader, node, family) for node in reader.items(beside, "commitments")]
    commitments = tuple(_commitment(reader, node, agreements) for node in reader.items(tree, "commitments"))
    every = (*commitments, *others)
    found = Entries(
        as_of=reader.day(tree, "as_of"),
        agreements=made,
        basis=tuple(_basis(reader, node) for node in reader.items(tree, "basis")),
        commitments=commitments,
        events=tuple(sorted((_event(reader, node) for node in reader.items(happened, "events")), key=_when)),
        partnerships=tuple(
            replace(one, commitments=tuple(each for each in every if each.agreement in {one.id, own.get(one.id)}))
            for one in partnerships
        ),
        digest="sha256:" + hashlib.sha256("".join(f"{n}\0{reader.content(n)}\0" for n in _FILES).encode()).hexdigest(),
    )
    _check(reader, found)
    reader.done()
    return found


def _when(event: Event) -> tuple[date, int, str]:
    """By day, on one day by stage."""
    return event.on, _KINDS.index(event.kind), event.id


def _check(reader: Reader, found: Entries) -> None:
    """Ids are unique, events touch what there is, and confidence and strength are as their rules say."""
    every = (*found.commitments, *_others(found))
    sourced: list[Commitment | Event | Partnership | Agreement | Basis] = [*every, *found.events]
    sourced += [*found.partnerships, *found.agreements, *found.basis]
    ids = [one.id for one in sourced]
    for twice in sorted({one for one in ids if ids.count(one) > 1}):
        reader.fault(f'the id "{twice}" stands twice', None)
    for one in sourced:
        if one.confidence == "high" and PRIMARY not in one.source and ";" not in one.source:
            why = f"it has one source, which is not marked {PRIMARY}"
            reader.fault(f'"{one.id}" cannot be of high confidence', None, why, "write medium, or add a source")
    for each in every:
        if (each.verb == _NONE) != (each.strength == _NONE):
            reader.fault(f'"{each.id}": verb and strength are either both "{_NONE}" or neither', None)
    known = {one.id for one in found.commitments}
    for event in found.events:
        for missing in sorted(set(event.touches) - known):
            reader.fault(
                f'event "{event.id}" touches "{missing}", which is no commitment', None, do=did_you_mean(missing, known)
            )


def _others(found: Entries) -> tuple[Commitment, ...]:
    """What is reported of other partnerships."""
    return tuple(each for one in found.partnerships for each in one.commitments if each not in found.commitments)


def _word(reader: Reader, fields: Fields, key: str, allowed: Iterable[_T]) -> _T:
    """A word of a closed list."""
    word, options = reader.text(fields, key), tuple(allowed)
    if word and word not in options:
        reader.fault(f'"{word}" is no {key}', fields.where, do=f"one of: {', '.join(options)}")
    return cast(_T, word)


def _agreement(reader: Reader, name: str, fields: Fields) -> Agreement:
    reader.only(fields, ("title", "parties", "binds", "signed", "source", "confidence"))
    return Agreement(
        id=name,
        title=reader.text(fields, "title"),
        parties=tuple(reader.text(fields, "parties").split()),
        binds=_word(reader, fields, "binds", ("yes", "no")) == "yes",
        signed=reader.day(fields, "signed"),
        source=reader.text(fields, "source"),
        confidence=_confidence(reader, fields),
    )


def _basis(reader: Reader, node: Node) -> Basis:
    fields = reader.fields(node)
    reader.only(fields, ("id", "title", "source", "confidence"), ("year",))
    return Basis(
        id=reader.text(fields, "id"),
        title=reader.text(fields, "title"),
        year=_year(reader, fields),
        source=reader.text(fields, "source"),
        confidence=_confidence(reader, fields),
    )


def _year(reader: Reader, fields: Fields) -> int | None:
    """A year, or None where none is given."""
    text = reader.text(fields, "year")
    if text and not (text.isdecimal() and len(text) == 4):
        reader.fault(f'"{text}" is no year', fields.where, do="write it like 2026")
        return None
    return int(text) if text else None


def _confidence(reader: Reader, fields: Fields) -> Confidence:
    return cast(Confidence, _word(reader, fields, "confidence", get_args(Confidence)))


def _listed(reader: Reader, fields: Fields, key: str) -> tuple[str, ...]:
    """Texts parted by commas."""
    return tuple(one.strip() for one in reader.text(fields, key).split(",") if one.strip())


def _commitment(reader: Reader, node: Node, agreements: Mapping[str, tuple[str, ...]]) -> Commitment:
    fields = reader.fields(node)
    reader.only(fields, _STATED, _OPTIONAL)
    agreement = _word(reader, fields, "agreement", agreements)
    parties = tuple(reader.text(fields, "parties").split())
    return Commitment(
        id=reader.text(fields, "id"),
        agreement=agreement,
        parties=parties or agreements.get(agreement, ()),
        area=_word(reader, fields, "area", [name for name, _ in terms().titles]),
        summary=reader.text(fields, "summary"),
        verb=reader.text(fields, "verb"),
        strength=_word(reader, fields, "strength", (*RUNGS, _NONE)),
        deadline=reader.text(fields, "deadline") or None,
        source=reader.text(fields, "source"),
        confidence=_confidence(reader, fields),
        remark=reader.text(fields, "remark"),
        ties=_listed(reader, fields, "ties"),
        frequency=reader.text(fields, "frequency") or None,
        amounts=_listed(reader, fields, "amounts"),
        delegated=reader.text(fields, "delegated") or None,
    )


def _event(reader: Reader, node: Node) -> Event:
    fields = reader.fields(node)
    reader.only(fields, ("id", "on", "kind", "summary", "touches", "source", "confidence"), ("until", "day"))
    return Event(
        id=reader.text(fields, "id"),
        on=reader.day(fields, "on"),
        until=reader.day_if_given(fields, "until"),
        day_known=reader.text(fields, "day") != "not known",
        kind=cast(Kind, _word(reader, fields, "kind", get_args(Kind))),
        summary=reader.text(fields, "summary"),
        touches=tuple(reader.text(fields, "touches").split()),
        source=reader.text(fields, "source"),
        confidence=_confidence(reader, fields),
    )


def _partnership(reader: Reader, node: Node) -> Partnership:
    fields = reader.fields(node)
    optional = ("on", "announced", "year", "remark", "agreement")
    reader.only(fields, ("id", "title", "partner", "source", "confidence"), optional)
    if not {"on", "announced"} & fields.fields.keys():
        reader.fault("a partnership needs the day of its signature, or of its announcement", fields.where)
    return Partnership(
        id=reader.text(fields, "id"),
        title=reader.text(fields, "title"),
        partner=reader.text(fields, "partner"),
        on=reader.day_if_given(fields, "on"),
        source=reader.text(fields, "source"),
        confidence=_confidence(reader, fields),
        remark=reader.text(fields, "remark"),
        announced=reader.day_if_given(fields, "announced"),
        year=_year(reader, fields),
    )


def _own(reader: Reader, node: Node, agreements: Iterable[str]) -> str | None:
    """The agreement of the register that a partnership is."""
    fields = reader.fields(node)
    return _word(reader, fields, "agreement", agreements) if "agreement" in fields.fields else None


# --- what follows ---------------------------------------------------------------------------


def status_of(events: Sequence[Event]) -> tuple[Status, Event | None]:
    """The status that events leave, and the one that decided: the furthest stage that was reached.

    A lapse or a contradiction holds until a later event sets a stage anew. Weak sources (low) move nothing. No event is
    "no evidence found", which never means "not done".
    """
    status: Status = "no evidence found"
    because: Event | None = None
    for event in sorted(events, key=_when):
        if event.kind == "step" or event.confidence == "low":
            continue
        ended = status in _ENDS
        further = status not in _STAGES or (event.kind in _STAGES and _STAGES.index(event.kind) > _STAGES.index(status))
        if event.kind in _ENDS or ended or further:
            status, because = cast(Status, event.kind), event
    return status, because


def register(on: date | None = None, found: Entries | None = None) -> Register:
    """Every commitment with its status `on` a day, by default that of the data; later events are not known then."""
    known = found or entries()
    day = on or known.as_of
    made = {one.id: one for one in known.agreements}
    standings = tuple(_standing(one, made[one.agreement], known.events, day) for one in known.commitments)
    mean = scores.average([one.compliance for one in standings], [one.commitment.strength for one in standings])
    return Register(
        day,
        known.as_of,
        known.agreements,
        terms().titles,
        standings,
        tuple(replace(one, status=_signed(one, day, known.as_of)) for one in known.partnerships),
        known.digest,
        mean,
        tuple(_not_followed(one) for one in _others(known)),
        known.basis,
        tuple(one for one in known.events if one.on <= day),
        tuple(_notes(known, day)),
    )


def _standing(one: Commitment, agreement: Agreement, every: Sequence[Event], day: date) -> Standing:
    """How a commitment stands on a day; before its agreement was made there was none."""
    legal = scores.reported(one, binds=agreement.binds)
    if day < agreement.signed:
        return Standing(one, (), "not yet made", None, legal, Compliance(None, f"not made until {agreement.signed}"))
    events = tuple(each for each in every if one.id in each.touches and each.on <= day)
    status, because = status_of(events)
    return Standing(one, events, status, because, legal, scores.compliance(one.strength, status, because))


def _not_followed(one: Commitment) -> Standing:
    """A commitment of another partnership; such partnerships bind nobody (Regulation (EU) 2025/1106, Art. 2(3))."""
    why = Compliance(None, "not followed: events are kept of Canada's agreements alone")
    return Standing(one, (), "not followed", None, scores.reported(one, binds=False), why)


def _signed(one: Partnership, day: date, as_of: date) -> str:
    """The status of a partnership on a day, as far as its date is known."""
    if one.on is not None and one.on <= day:
        return "signed"
    if one.announced is None or day < one.announced:
        return "not signed on that day"
    if one.year is None:
        return "announced, no signature found"
    over = day >= as_of or day.year > one.year
    return f"signed in {one.year}, day not found" if over else f"announced; signed in {one.year}, day not found"


def _notes(known: Entries, day: date) -> Iterator[str]:
    """What a reader must know of a day outside the data."""
    later = {one.signed for one in known.agreements if day < one.signed}
    if later:
        yield f"On {day} nothing of it had been promised: the agreements were signed on {min(later)}."
    if day > known.as_of:
        yield f"The data are of {known.as_of}: what happened between then and {day} is not known here."
