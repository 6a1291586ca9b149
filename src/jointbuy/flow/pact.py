"""Agreements: a text goes from its file to its promises and counts; the register from its files to how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from jointbuy.commitments import Reading, Register, Rule, Standing
from jointbuy.errors import JointbuyError, did_you_mean
from jointbuy.pact.register import register as stands


def read(
    file: str | Path,
    counted: Sequence[str] = (),
    rule: Rule = "word",
    *,
    headings: bool = True,
    footnotes: bool = True,
) -> Reading:
    """What a text promises, and how often terms occur in it. Raises Unusable with what is wrong with the file."""
    # Imported on use: the register needs no reader.
    from jointbuy.formats import prose
    from jointbuy.pact import reader
    from jointbuy.pact.count import count

    text = prose.read(Path(file))
    found = reader.read(text)
    try:
        counts = tuple(
            count(text.blocks, term, rule, headings=headings, footnotes=footnotes) for term in dict.fromkeys(counted)
        )
    except ValueError as error:
        raise JointbuyError(f"{error}: give letters or digits to count") from None
    return replace(found, counts=counts)


def register(on: date | None = None) -> Register:
    """The commitments of the register with their status on a day, by default that of its data."""
    return stands(on)


def show(name: str, on: date | None = None) -> tuple[Register, Standing]:
    """One commitment of the register. Raises JointbuyError for an id that is not there."""
    found = stands(on)
    for standing in found.standings:
        if standing.commitment.id.casefold() == name.casefold():
            return found, standing
    ids = [one.commitment.id for one in found.standings]
    raise JointbuyError(f'no commitment has the id "{name}"; {did_you_mean(name, ids) or "see: jointbuy pact list"}')
