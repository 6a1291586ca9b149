"""One line of benchmarks/results.json."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A workload, what we took for it, what a peer took, and the goal.

    Times in seconds; `ratio` is the peer's time over ours. None: there is no peer, or it
    could not be measured here, and `note` says why.
    """

    id: str
    workload: str
    size: str
    ours_s: float | None
    peer: str | None = None
    peer_version: str | None = None
    peer_s: float | None = None
    ratio: float | None = None
    goal: str
    met: bool | None
    note: str = ""
