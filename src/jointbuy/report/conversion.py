"""What a conversion wrote and lost, for a terminal and as one JSON object."""

from __future__ import annotations

from typing import Any

from jointbuy.converted import Converted, Lost
from jointbuy.report.layout import finish, heading, labelled, wrap


def text(made: Converted, colour: bool, width: int) -> str:
    """What was written and what of the first file is not in it."""
    counts = f"{made.parts} parts, {made.uses} uses, {made.sources} sources"
    lines = [*wrap(f"Written: {made.target} ({counts})", width), *heading("Lost")]
    for lost in made.lost:
        lines += labelled(lost.what, _told(lost), width, column=24)
    if not made.lost:
        lines += wrap("nothing; reading the new file gives the same bill", width, 2)
    if made.notes:
        lines += heading("Notes")
        for note in made.notes:
            lines += wrap(f"- {note}", width, 2, 2)
    return finish(lines, colour=colour)


def _told(lost: Lost) -> str:
    more = lost.count - len(lost.examples)
    examples = ", ".join(lost.examples) + (f" and {more} more" if more > 0 and lost.examples else "")
    said = f"{lost.count}: {examples}" if examples else str(lost.count)
    return f"{said} ({lost.because})" if lost.because else said


def json(made: Converted) -> dict[str, Any]:
    """The same with the keys of docs/cli.md."""
    return {
        "from": made.source,
        "to": made.target,
        "parts": made.parts,
        "uses": made.uses,
        "sources": made.sources,
        "lost": [
            {"what": one.what, "count": one.count, "examples": [*one.examples], "because": one.because}
            for one in made.lost
        ],
        "notes": [*made.notes],
        "digests": dict(made.digests),
    }
