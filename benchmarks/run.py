"""`make bench`: runs every workload, prints a table, writes results.json beside this file (conventions §15).

A workload is a module here with `rows()`; add it to WORKLOADS.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import cold_start
import cyclonedx_reading
import mutants_survive
from row import Row

WORKLOADS = (cold_start, cyclonedx_reading, mutants_survive)
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


def main() -> None:
    """Measure, print, write."""
    rows = [row for workload in WORKLOADS for row in workload.rows()]
    print(table(rows))
    text = json.dumps([asdict(row) for row in rows], indent=2) + "\n"
    Path(__file__).with_name("results.json").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
