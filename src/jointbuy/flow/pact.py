"""Agreements: a text goes from its file to its promises and counts; the register from its files to how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from jointbuy import law
from jointbuy.commitments import (
    Agreement,
    Basis,
    Event,
    Partnership,
    Promise,
    Prose,
    Reading,
    Register,
    Rule,
    Shown,
)
from jointbuy.errors import JointbuyError, did_you_mean
from jointbuy.judged import Parties
from jointbuy.pact.register import entries
from jointbuy.pact.register import register as stands

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Counted:
    """Which terms are counted, by which rule, and in which parts of a text."""

    terms: Sequence[str] = ()
    rule: Rule = "word"
    headings: bool = True
    footnotes: bool = True


def read(
    file: str | Path,
    counted: Sequence[str] = (),
    rule: Rule = "word",
    *,
    headings: bool = True,
    footnotes: bool = True,
    parties: Sequence[str] = (),
    overrulings: str | Path | None = None,
) -> Reading:
    """What a text promises, and how often terms occur in it. Raises Unusable with what is wrong with a file.

    `parties`, by code or name, say whose text it is, otherwise the text does: what a state that is none is told to do
    is no commitment. `overrulings`, a file of what a person says of single promises, is laid over what was read.
    """
    # Imported on use: the register needs no reader.
    from jointbuy.formats import overrulings as said_otherwise
    from jointbuy.pact.areas import terms

    given = parties_of(parties) if parties else None
    areas = [name for name, _ in terms().titles]
    said = said_otherwise.read(Path(overrulings), areas) if overrulings else ()
    text = _text(file)
    found = promised(text, Counted(counted, rule, headings, footnotes), given)
    if overrulings:
        from jointbuy.pact import overrule

        every = _with_silent(text, found)
        made, overruled, unmet = overrule.applied(every, said)
        overruled_ids = {one.id for one in overruled}
        found = replace(
            found,
            promises=tuple(one for one in made if one.words or one.id in overruled_ids),
            outside=tuple(name for name in found.outside if name not in overruled_ids),
            overruled=overruled,
            unmet=unmet,
        )
    return _scored(found)


def _with_silent(text: Prose, found: Reading) -> tuple[Promise, ...]:
    """The promises of a text and its sentences without one, in their order."""
    from jointbuy.pact import overrule

    every = [*found.promises, *overrule.silent(text, found.promises)]
    return tuple(sorted(every, key=lambda one: [int(part) for part in one.id.strip(_LETTERS).split(".")]))


def _text(file: str | Path) -> Prose:
    from jointbuy.formats import prose

    return prose.read(Path(file))


def promised(text: Prose, counted: Counted, given: Parties | None = None) -> Reading:
    """What a text promises by itself, before anybody overrules it; whose it is as given, else as it tells."""
    from jointbuy.pact import parties, reader
    from jointbuy.pact.count import count

    found = reader.read(text)
    who = given or parties.told(text)
    outside = {one.id for one in found.promises if one.commitment and parties.is_outside(one, who)}
    promises = tuple(replace(one, commitment=False) if one.id in outside else one for one in found.promises)
    try:
        counts = tuple(
            count(text.blocks, term, counted.rule, headings=counted.headings, footnotes=counted.footnotes)
            for term in dict.fromkeys(counted.terms)
        )
    except ValueError as error:
        raise JointbuyError(f"{error}: give letters or digits to count") from None
    return replace(found, promises=promises, counts=counts, parties=who, outside=tuple(sorted(outside)))


def _scored(found: Reading) -> Reading:
    """With how far each commitment is law, by its own words."""
    from jointbuy.pact.scores import legalization

    scores = tuple(legalization(one) if one.commitment else None for one in found.promises)
    return replace(found, scores=scores)


def parties_of(names: Sequence[str]) -> Parties:
    """Parties as a person names them. Raises JointbuyError for a name that is no state and no group."""
    from jointbuy.pact import parties

    try:
        return parties.given(names)
    except ValueError as error:
        raise JointbuyError(f'"{error}" is no state, nor EU or G7; write codes or names with commas: CA,EU') from None


def template(file: str | Path, parties: Sequence[str] = ()) -> tuple[Reading, tuple[str, ...]]:
    """What a text promises and its other sentences, and the key of each, for a file of overrulings to fill in."""
    from jointbuy.pact.overrule import key

    text = _text(file)
    found = promised(text, Counted(), parties_of(parties) if parties else None)
    every = _with_silent(text, found)
    return replace(found, promises=every), tuple(key(one.sentence.text) for one in every)


def register(on: date | None = None) -> Register:
    """The commitments of the register with their status on a day, by default that of its data."""
    return stands(on)


def show(name: str, on: date | None = None) -> tuple[Register, Shown]:
    """What an id of the register names: a commitment, an event, an agreement, a partnership, what agreements build on.

    A partnership goes by its partner too, as in `diff`. Raises JointbuyError for an id that is not there, or that of an
    event after the day.
    """
    found = stands(on)
    every: dict[str, Shown] = {one.commitment.id: one for one in (*found.standings, *found.others)}
    named: list[Event | Partnership | Agreement | Basis] = [*found.events, *found.agreements]
    named += [*found.partnerships, *found.basis]
    every |= {one.id: one for one in named}
    for known, one in every.items():
        if known.casefold() == name.casefold():
            return found, one
    partner = law.places().recognise(name)
    for partnership in found.partnerships:
        if partner and partnership.partner == partner:
            return found, partnership
    for event in entries().events:
        if event.id.casefold() == name.casefold():
            raise JointbuyError(f"{event.id} is of {event.on}, after {found.on}; ask with --on {event.on} or later")
    advice = did_you_mean(name, every) or "see: jointbuy pact list"
    raise JointbuyError(f'nothing in the register has the id "{name}"; {advice}')
