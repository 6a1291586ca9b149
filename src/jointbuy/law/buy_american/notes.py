"""What the US Buy American test leaves to be said beside a verdict."""

from __future__ import annotations

from jointbuy.noted import Note

NOTES = (
    Note(
        "exceptions are not decided here: whether the public interest, non-availability, unreasonable cost, or resale "
        "applies (FAR 25.103), and whether a component is of a class "
        "that is not to be had (FAR 25.104), is for the contracting officer",
    ),
)
