"""A long search on the terminal: how far it is on standard error, and a first Ctrl-C that only asks it to stop."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Told = Callable[[str, int | None, int | None], None]
_FIRST, _EVERY = 1.0, 1.0
"""Seconds before anything is shown, and between two lines of a file."""
_MILLION = 1_000_000
_MONEY, _IN_MILLIONS = ("cost", "dependence"), 100_000_000
"""Goals that are money, and the minor units of a million (of currencies with cents)."""


@contextmanager
def searching(*, quiet: bool) -> Iterator[tuple[threading.Event, Told]]:
    """The event that asks to stop, and who is told of better values and bounds. A second Ctrl-C ends at once."""
    asked = threading.Event()
    began = time.monotonic()
    shown = [began + _FIRST - _EVERY]
    widest = [0]
    live = sys.stderr.isatty()

    def told(goal: str, best: int | None, bound: int | None) -> None:
        now = time.monotonic()
        if (quiet and not live) or now - shown[0] < _EVERY:
            return
        shown[0] = now
        line = f"{goal}: {_line(best, bound, _IN_MILLIONS if goal in _MONEY else 1)}, {now - began:.0f} s"
        widest[0] = max(widest[0], len(line))
        print(f"\r{line:{widest[0]}}" if live else line, end="" if live else "\n", file=sys.stderr, flush=True)

    def stop(_number: int, _frame: object) -> None:
        asked.set()
        signal.signal(signal.SIGINT, before)

    ours = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGINT)
    if ours:
        signal.signal(signal.SIGINT, stop)
    try:
        yield asked, told
    finally:
        if ours:
            signal.signal(signal.SIGINT, before)
        if live and widest[0]:
            print("\r" + " " * widest[0] + "\r", end="", file=sys.stderr, flush=True)


def _line(best: int | None, bound: int | None, unit: int) -> str:
    """How far a search is: money in millions of its currency, all else as counts."""

    def told(value: int) -> str:
        if unit == 1:
            return f"{value:,}"
        return f"{value / unit:,.1f} m" if abs(value) >= unit else f"{value / (unit / _MILLION):,.0f}"

    if best is None:
        return "nothing found yet" + (f", none below {told(bound)}" if bound is not None else "")
    if bound is None:
        return f"{told(best)} found"
    line = f"{told(best)} found, none below {told(bound)}"
    # Beside little or nothing a gap in per cent of it says nothing.
    return line if best - bound > abs(best) else f"{line}, gap {(best - bound) / (abs(best) or 1) * 100:.2f} %"
