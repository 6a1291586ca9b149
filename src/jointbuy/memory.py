"""How much memory there is, so that a file too large for it is refused before it is read and not after."""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from jointbuy.errors import JointbuyError, Limit

VARIABLE = "JOINTBUY_MEMORY"
_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}


def must_hold(needed: int, what: str, do: str) -> None:
    """Raise Limit where `needed` bytes are more than there are, or than JOINTBUY_MEMORY allows."""
    most = allowed()
    if most is not None and needed > most:
        raise Limit(f"{what} needs about {_shown(needed)} of memory, and {_shown(most)} are there; {do}")


def allowed() -> int | None:
    """Bytes that may be used: what JOINTBUY_MEMORY says, else what the machine has and the process may take of it.

    None where nobody knows.
    """
    stated = os.environ.get(VARIABLE)
    if stated is None:
        return min(filter(None, (_physical(), _limit(), _group())), default=None)
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMG]?i?B)?\s*", stated, re.IGNORECASE)
    if match is None:
        raise JointbuyError(f'{VARIABLE} is "{stated}", which is no amount of memory; write it like 2GB')
    return int(float(match[1]) * _UNITS[(match[2] or "").upper()])


def _physical() -> int | None:
    if sys.platform == "win32":
        return _windows()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def _limit() -> int | None:
    """The limit of this process, as `ulimit -v` sets it."""
    try:
        resource: Any = import_module("resource")
    except ImportError:  # Windows has none
        return None
    most = int(resource.getrlimit(resource.RLIMIT_AS)[0])
    return None if most == resource.RLIM_INFINITY else most


def _group() -> int | None:
    """The limit of the container, in version 2 of Linux control groups."""
    try:
        stated = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
    return int(stated) if stated.isdecimal() else None


def _windows() -> int | None:
    import ctypes

    class Status(ctypes.Structure):
        """MEMORYSTATUSEX of the Windows API."""

        _fields_ = [
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *(
                (name, ctypes.c_ulonglong)
                for name in ("total", "free", "page", "pagefree", "virtual", "unused", "more")
            ),
        ]

    status = Status(length=ctypes.sizeof(Status))
    found = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined,unused-ignore]
    return int(status.total) if found else None


def _shown(amount: int) -> str:
    return f"{amount / 10**9:.1f} GB"
