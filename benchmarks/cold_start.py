"""P12: CPU from cold start to answer, of the command as a user runs it.

Beside it stands a yardstick, `import numpy` in turn with it: on the machine for which the goal was set that costs
0.25 s, so that the figure can be read on any other.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from statistics import median

from row import Row

IDS = ("P12",)
if sys.platform != "win32":
    import resource

ROOT = Path(__file__).resolve().parents[1]
RUNS = 15
YARDSTICK, REFERENCE_S = "import numpy", 0.25
"""What is timed in turn with ours, and its CPU on the machine for which the goals were set."""

IN_THE_WAY = "records whose methods are made on import, the other readings that are tried, sums in exact fractions"
"""What the profile of a slow check holds most of; no single one of them would do."""


def rows() -> Iterator[Row]:
    """One row for each command."""
    howitzer = ROOT / "examples" / "howitzer"
    lines = len((howitzer / "bom.csv").read_text(encoding="utf-8").splitlines()) - 1
    yield cold(("check", str(howitzer)), "jointbuy check examples/howitzer", f"{lines} lines", goal=0.6)
    yield cold(("--help",), "jointbuy --help", "-", goal=0.15)


def cold(arguments: tuple[str, ...], workload: str, size: str, *, goal: float) -> Row:
    """The median CPU of runs in new processes, after one to warm the file cache, with the yardstick in turn."""
    about = f"<= {goal} s CPU"
    if sys.platform == "win32":
        note = "not measured: Windows does not tell the CPU time of child processes"
        return Row(id="P12", workload=workload, size=size, ours_s=None, goal=about, met=None, note=note)
    command = (str(Path(sysconfig.get_path("scripts")) / "jointbuy"), *arguments)
    yardstick = (sys.executable, "-c", f"{YARDSTICK}; print(numpy.__version__)")
    taken = [(child_cpu(command), child_cpu(yardstick)) for _ in range(1 + RUNS)]
    ours, peer = (median(each) for each in zip(*taken[1:], strict=True))
    note = (
        f"user + system, medians of {RUNS} processes in turn; {ours / peer:.2f} times the yardstick, which costs "
        f"{REFERENCE_S} s on the reference machine, so {ours / peer * REFERENCE_S:.2f} s there"
    )
    if ours / peer * REFERENCE_S > goal:
        note += f"; in its way: {IN_THE_WAY}"
    return Row(
        id="P12",
        workload=workload,
        size=size,
        ours_s=round(ours, 4),
        peer=YARDSTICK,
        peer_version=version("numpy"),
        peer_s=round(peer, 4),
        ratio=round(peer / ours, 3),
        goal=about,
        met=ours <= goal,
        note=note,
    )


def child_cpu(command: tuple[str, ...]) -> float:
    """User and system seconds of one run, which must succeed and say something.

    Its modules are compiled once, by the first run, as an installation has them.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if not done.stdout.strip():
        sys.exit(f"{' '.join(command)} printed nothing")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
