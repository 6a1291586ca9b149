"""Answers on standard output, progress and asides on standard error."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

UNUSABLE = 2
"""Exit code of input that cannot be used."""
_FILE_WIDTH = 100


def settle_streams() -> None:
    """UTF-8 into pipes and files unless the user chose otherwise; no sign may ever stop the output."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            chosen = stream.isatty() or "PYTHONIOENCODING" in os.environ
            reconfigure(encoding=None if chosen else "utf-8", errors="replace")


@contextmanager
def working(what: str) -> Iterator[None]:
    """Work over a second shows on a terminal for how long it goes on, and how far it is; nothing of it stays there."""
    if not sys.stderr.isatty():
        yield
        return
    import threading

    from jointbuy import progress

    done = threading.Event()

    def show() -> None:
        seconds, widest = 0, 0
        while not done.wait(1):
            seconds += 1
            line = ", ".join(filter(None, [f"{what}: {seconds} s", progress.said()]))[: width() - 1]
            widest = max(widest, len(line))
            print(f"\r{line:{widest}}", end="", file=sys.stderr, flush=True)
        if seconds:
            print("\r" + " " * widest + "\r", end="", file=sys.stderr, flush=True)

    shown = threading.Thread(target=show, daemon=True)
    shown.start()
    try:
        yield
    finally:
        done.set()
        shown.join()


def answer(options: argparse.Namespace, found: Any, text: Callable[..., str], json: Callable[..., Any]) -> None:
    """What was found as text, or as one JSON object where that is asked for."""
    if options.json:
        print_json(json(found))
    else:
        put(text(found, colour(), width()))


def put(text: str) -> None:
    """Text for people."""
    from jointbuy.report.layout import SIGNS, in_ascii

    sys.stdout.write(text if _carries(SIGNS) else in_ascii(text))


def print_json(answer: Mapping[str, Any]) -> None:
    """One JSON object, and nothing else."""
    import json

    text = json.dumps(answer, indent=2, ensure_ascii=False) + "\n"
    sys.stdout.write(text if _carries(text) else json.dumps(answer, indent=2) + "\n")


def _carries(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def colour() -> bool:
    """Whether standard output takes colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    """How many columns standard output has."""
    import shutil

    if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        return _FILE_WIDTH
    return shutil.get_terminal_size().columns


def say(text: str, aside: bool) -> None:
    """A remark: on standard output, or aside on standard error where that holds JSON only."""
    print(text, file=sys.stderr if aside else sys.stdout)


def say_written(options: argparse.Namespace, written: Iterable[Path]) -> None:
    """Which files stand in the folder that --out names."""
    say(f"Written to {options.out}: {', '.join(path.name for path in written)}", options.json)


def complain(text: str) -> None:
    """One line on standard error."""
    print(f"jointbuy: {' '.join(text.split())}", file=sys.stderr)
