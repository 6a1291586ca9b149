"""100,000 mutants of the examples: each is answered or refused, none breaks the program."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from row import Row

IDS = ("mutants",)
sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))  # behind our own: both have a `bills`

MUTANTS = 100_000
_BLOCK = 250


def rows() -> list[Row]:
    """How many were tried, and that none broke anything; a failure is printed with the seed that makes it again."""
    start, codes, wrong = time.perf_counter(), Counter[int](), 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for done, (found, told) in enumerate(pool.map(_block, range(0, MUTANTS, _BLOCK)), 1):
            codes.update(found)
            wrong += len(told)
            for line in told:
                print(line, file=sys.stderr)
            if done % 40 == 0:
                print(f"mutants: {done * _BLOCK:,} of {MUTANTS:,}, {wrong} wrong", file=sys.stderr)
    answered = ", ".join(f"exit {code}: {count:,}" for code, count in sorted(codes.items()))
    return [
        Row(
            id="mutants",
            workload="mutated examples through the command line",
            size=f"{MUTANTS:,}",
            ours_s=round(time.perf_counter() - start, 1),
            goal="none wrong",
            met=not wrong,
            note=f"{wrong} wrong; {answered}; wall time on {os.cpu_count()} cores",
        )
    ]


def _block(first: int) -> tuple[list[int], list[str]]:
    from mutants import mutant, survives

    codes, wrong = [], []
    for seed in range(first, min(first + _BLOCK, MUTANTS)):
        case = mutant(seed)
        code, told = survives(case)
        codes.append(code)
        if told:
            wrong.append(f"mutant {seed} of {case.example}/{case.file} {' '.join(case.command)}: {told}")
    return codes, wrong
