"""The register: commitments as reported, what has happened since, and the status that follows; from the YAML here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar, cast, get_args

from jointbuy.commitments import (
    Commitment,
    Confidence,
    Event,
    Kind,
    Partnership,
    Register,
    Standing,
    Status,
)
from jointbuy.errors import did_you_mean
from jointbuy.judged import Degree, Legalization
from jointbuy.law.reader import Reader
from jointbuy.pact import scores
from jointbuy.pact.reader import terms
from jointbuy.pact.strength import RUNGS
from jointbuy.yamltext import Fields, Node

HERE = Path(__file__).parent
_FILES = ("commitments.yaml", "events.yaml", "others.yaml")
_STAGES: tuple[Kind, ...] = ("announced", "under way", "concluded", "signed", "provisionally applied", "in force")
_ENDS: tuple[Kind, ...] = ("lapsed", "contradicted")
_STATED = ("id", "agreement", "area", "summary", "verb", "strength", "precision", "delegation", "source", "confidence")
_T = TypeVar("_T", bound=str)


@dataclass(frozen=True, slots=True)
class Entries:
    """What stands in the files."""

    as_of: date
    agreements: tuple[tuple[str, str], ...]
    binds: tuple[tuple[str, bool], ...]
    commitments: tuple[Commitment, ...]
    events: tuple[Event, ...]
    partnerships: tuple[Partnership, ...]
    digest: str


@cache
def entries(folder: Path = HERE) -> Entries:
    """The files of a folder laid out as this one. Raises LawError with every fault found in them."""
    reader = Reader(folder)
    tree, happened, beside = (reader.tree(name) for name in _FILES)
    reader.only(tree, ("as_of", "agreements", "commitments", "partnerships"))
    reader.only(happened, ("events",))
    reader.only(beside, ("commitments",))
    agreements, binds = {}, []
    for name, _, fields in reader.members(tree, "agreements"):
        reader.only(fields, ("title", "parties", "binds"))
        agreements[name] = reader.text(fields, "title"), tuple(reader.text(fields, "parties").split())
        binds.append((name, _word(reader, fields, "binds", ("yes", "no")) == "yes"))
    nodes = reader.items(tree, "partnerships")
    partnerships = tuple(_partnership(reader, node) for node in nodes)
    own = {one.id: _own(reader, node, agreements) for one, node in zip(partnerships, nodes, strict=True)}
    family = {one.id: (one.title, (one.partner, "EU")) for one in partnerships}
    others = [_commitment(reader, node, family) for node in reader.items(beside, "commitments")]
    commitments = tuple(_commitment(reader, node, agreements) for node in reader.items(tree, "commitments"))
    every = (*commitments, *others)
    found = Entries(
        as_of=reader.day(tree, "as_of"),
        agreements=tuple((name, title) for name, (title, _) in agreements.items()),
        binds=tuple(binds),
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


def _when(event: Event) -> tuple[date, str]:
    return event.on, event.id


def _check(reader: Reader, found: Entries) -> None:
    """Ids are unique, and events touch what there is."""
    others = (each for one in found.partnerships for each in one.commitments if each not in found.commitments)
    for ids in ([one.id for one in (*found.commitments, *others)], [one.id for one in found.events]):
        for twice in sorted({one for one in ids if ids.count(one) > 1}):
            reader.fault(f'the id "{twice}" stands twice', None)
    known = {one.id for one in found.commitments}
    for event in found.events:
        for missing in sorted(set(event.touches) - known):
            reader.fault(
                f'event "{event.id}" touches "{missing}", which is no commitment', None, do=did_you_mean(missing, known)
            )


def _word(reader: Reader, fields: Fields, key: str, allowed: Iterable[_T]) -> _T:
    """A word of a closed list."""
    word, options = reader.text(fields, key), tuple(allowed)
    if word and word not in options:
        reader.fault(f'"{word}" is no {key}', fields.where, do=f"one of: {', '.join(options)}")
    return cast(_T, word)


def _commitment(reader: Reader, node: Node, agreements: Mapping[str, tuple[str, tuple[str, ...]]]) -> Commitment:
    fields = reader.fields(node)
    reader.only(fields, _STATED, ("deadline", "remark", "ties", "parties"))
    agreement = _word(reader, fields, "agreement", agreements)
    parties = tuple(reader.text(fields, "parties").split())
    return Commitment(
        id=reader.text(fields, "id"),
        agreement=agreement,
        parties=parties or agreements.get(agreement, ("", ()))[1],
        area=_word(reader, fields, "area", [name for name, _ in terms().titles]),
        summary=reader.text(fields, "summary"),
        verb=reader.text(fields, "verb"),
        strength=_word(reader, fields, "strength", RUNGS),
        precision=cast(Degree, _word(reader, fields, "precision", get_args(Degree))),
        delegation=cast(Degree, _word(reader, fields, "delegation", get_args(Degree))),
        deadline=reader.text(fields, "deadline") or None,
        source=reader.text(fields, "source"),
        confidence=cast(Confidence, _word(reader, fields, "confidence", get_args(Confidence))),
        remark=reader.text(fields, "remark"),
        ties=tuple(one.strip() for one in reader.text(fields, "ties").split(",") if one.strip()),
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
        confidence=cast(Confidence, _word(reader, fields, "confidence", get_args(Confidence))),
    )


def _partnership(reader: Reader, node: Node) -> Partnership:
    fields = reader.fields(node)
    reader.only(fields, ("id", "title", "partner", "source", "confidence"), ("on", "remark", "agreement"))
    return Partnership(
        id=reader.text(fields, "id"),
        title=reader.text(fields, "title"),
        partner=reader.text(fields, "partner"),
        on=reader.day_if_given(fields, "on"),
        source=reader.text(fields, "source"),
        confidence=cast(Confidence, _word(reader, fields, "confidence", get_args(Confidence))),
        remark=reader.text(fields, "remark"),
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
    day, binds = on or known.as_of, dict(known.binds)
    standings = []
    for commitment in known.commitments:
        events = tuple(one for one in known.events if commitment.id in one.touches and one.on <= day)
        status, because = status_of(events)
        obliges = scores.obligation(commitment.strength, binds=binds.get(commitment.agreement, True))
        legal = Legalization(obliges, commitment.precision, commitment.delegation)
        came = scores.compliance(commitment.strength, status, because)
        standings.append(Standing(commitment, events, status, because, legal, came))
    mean = scores.average([one.compliance for one in standings], [one.commitment.strength for one in standings])
    family = tuple(replace(one, status=_signed(one, day)) for one in known.partnerships)
    every = tuple(standings)
    return Register(day, known.as_of, known.agreements, terms().titles, every, family, known.digest, mean, known.binds)


def _signed(one: Partnership, day: date) -> str:
    """The status of a partnership on a day, as far as its date is known."""
    if one.on is None:
        return "signed, day not found"
    return "signed" if one.on <= day else "not signed on that day"
