"""How much memory a process took at the most."""

from __future__ import annotations

import re
import resource
from pathlib import Path


def peak_mb() -> int:
    """Of this program alone, in megabytes. On Linux, getrusage counts what the process that started it took, too."""
    status = Path("/proc/self/status")
    if not status.exists():  # macOS, in bytes
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 10**6
    found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="ascii"))
    assert found, "the system does not tell the peak"
    return int(found[1]) * 1024 // 10**6
