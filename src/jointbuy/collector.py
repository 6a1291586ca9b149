"""Python's collector of reference cycles, and letting it rest while a great many records are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def resting() -> Iterator[None]:
    """Let the collector rest, also as a decorator: the records of a bill form no cycles, and looking for some is slow.

    It is set to work again at the end, however that comes, if it was at work before.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
