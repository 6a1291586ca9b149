"""What the US Buy American test leaves to be said beside a verdict."""

from __future__ import annotations

from jointbuy.noted import Note
from jointbuy.rules import for_each, outside

NOTES = (
    Note(
        "this is a test of the product, which binds agencies of the United States: none of the buyers is from there",
        for_each("buyers", outside("country", "united states")),
    ),
    Note(
        "exceptions are not decided here: whether the public interest, non-availability, unreasonable cost, or resale "
        "applies (FAR 25.103), and whether a component is of a class "
        "that is not to be had (FAR 25.104), is for the contracting officer",
    ),
)
