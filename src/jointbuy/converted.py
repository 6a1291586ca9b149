"""What a conversion answers: the bill that was written, and what of its source is not in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lost:
    """Something of a file that is not in what was made of it: how often, the first few, and why."""

    what: str
    count: int
    examples: tuple[str, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True)
class Converted:
    """A bill of materials written in another format.

    `parts`, `uses` and `sources` count the records of the bill; `digests` holds `sha256:…` of every file read,
    by its name, and of the one written.
    """

    source: str
    target: str
    parts: int
    uses: int
    sources: int
    lost: tuple[Lost, ...]
    notes: tuple[str, ...]
    digests: Mapping[str, str]
