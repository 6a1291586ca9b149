"""`make bench`: runs every workload, prints a table, writes results.json beside this file (conventions §15).

A workload is a module here with `rows()` and the `IDS` that these bear; add it to WORKLOADS.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import cold_start
import cyclonedx_reading
import fix_agrees
import instant
import joint_plan
import large_reading
import mutants_survive
import resourcing
import roll_up
import rules_columns
import workbook_reading
from row import Row

import loans

WORKLOADS = (
    roll_up,
    large_reading,
    workbook_reading,
    instant,
    resourcing,
    cold_start,
    cyclonedx_reading,
    rules_columns,
    joint_plan,
    loans,
    mutants_survive,
    fix_agrees,
)
RESULTS = Path(__file__).with_name("results.json")
SHOWN = ("id", "workload", "size", "ours_s", "peer", "peer_s", "ratio", "goal", "met", "note")


def table(rows: list[Row]) -> str:
    """The rows as aligned columns."""
    cells = [SHOWN, *(tuple(shown(getattr(row, name)) for name in SHOWN) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in cells)


def shown(value: object) -> str:
    """A cell's text; what is absent stays visibly absent."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None or value == "" else str(value)


def main(only: list[str]) -> None:
    """Measure, print, write; of some rows only, where ids are given, with the others left as they were."""
    chosen = [workload for workload in WORKLOADS if not only or set(only) & set(workload.IDS)]
    if unknown := set(only) - {each for workload in WORKLOADS for each in workload.IDS}:
        raise SystemExit(f"no workload is called {', '.join(sorted(unknown))}")
    rows = [row for workload in chosen for row in workload.rows()]
    print(table(rows))
    measured = {each for workload in chosen for each in workload.IDS}
    kept = [Row(**each) for each in json.loads(RESULTS.read_text("utf-8"))] if RESULTS.exists() else []
    rows += [row for row in kept if row.id not in measured]
    rows.sort(key=lambda row: (len(row.id), row.id))  # P2 before P10; the order within an id is that of measuring
    text = json.dumps([asdict(row) for row in rows], indent=2) + "\n"
    RESULTS.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
