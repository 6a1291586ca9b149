"""How far the reading of a large file is, for whoever shows it; who reads tells it, and nobody has to look."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple


class Reached(NamedTuple):
    """So many of so many `units` are read; `began` is when reading did, in seconds of a clock that only runs on."""

    done: int
    of: int
    units: str
    began: float

    def told(self, now: float) -> str:
        """The same in words, with how long the rest may take."""
        done, of = min(self.done, self.of), self.of
        said = f"{done:,} of {of:,} {self.units}"
        return f"{said}, about {round((now - self.began) * (of - done) / done)} s more" if done else said


_now: list[Reached] = []


def start(of: int, units: str) -> None:
    """Reading begins."""
    _now[:] = [Reached(0, of, units, time.monotonic())]


def more(done: int) -> None:
    """So much more is read."""
    if _now:
        before, of, units, began = _now[-1]
        _now[-1] = Reached(before + done, of, units, began)


@contextmanager
def part(of: int, units: str) -> Iterator[None]:
    """Reading that may be part of something larger, as pages are of one of many texts: then the larger is told."""
    depth = len(_now)
    _now.append(Reached(0, of, units, time.monotonic()))
    try:
        yield
    finally:
        del _now[depth:]


def end() -> None:
    """All is read, or given up."""
    _now.clear()


def said() -> str:
    """How far reading is, in words; nothing where nothing large is being read."""
    return next((each.told(time.monotonic()) for each in list(_now)), "")
