"""1,000 random purchases with alternatives, and 300 by absorption: the cheapest fix is that of trying every choice."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from row import Row

IDS = ("fix",)
sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))  # behind our own: both have a `bills`

INSTANCES, ABSORBING = 1_000, 300


def rows() -> list[Row]:
    """How many were tried, and that all agreed; what did not is printed with the seed that makes it again."""
    return [
        _row("random purchases against every choice, by check", _told, INSTANCES),
        _row("the same by absorption, with assemblies of assemblies", _absorbed, ABSORBING),
    ]


def _row(workload: str, tell: Callable[[int], str | None], instances: int) -> Row:
    start = time.perf_counter()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        told = list(pool.map(tell, range(instances), chunksize=10))
    wrong = {seed: text for seed, text in enumerate(told) if text}
    for seed, text in wrong.items():
        print(f"fix {seed}: {text}", file=sys.stderr)
    return Row(
        id="fix",
        workload=workload,
        size=f"{sum(text is not None for text in told):,}",
        ours_s=round(time.perf_counter() - start, 1),
        goal="none wrong",
        met=not wrong,
        note=f"{len(wrong)} wrong of {instances:,} seeds, some of which offer nothing; "
        f"wall time of fixing and trying on {os.cpu_count()} cores",
    )


def _told(seed: int) -> str | None:
    from fix_kit import disagreement

    with tempfile.TemporaryDirectory() as folder:
        return disagreement(seed, Path(folder) / "purchase")


def _absorbed(seed: int) -> str | None:
    from fix_kit import absorbing_instance, disagreement

    with tempfile.TemporaryDirectory() as folder:
        return disagreement(seed, Path(folder) / "purchase", absorbing_instance)
