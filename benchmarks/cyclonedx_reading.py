"""P11, first half: a CycloneDX document to its content, against cyclonedx-python-lib, which only reads it."""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from row import Row

from jointbuy import content, formats, law

IDS = ("P11",)
PEER = "cyclonedx-python-lib"
SIZES = ((10_000, 3), (100_000, 1))
"""Components, and pairs of runs: one is enough where it takes most of a minute."""
GOAL = 10
_PURCHASE = """\
id: benchmark
instrument: SAFE
events: {signature: 2026-09-15}
product: {kind: defence product, categories: ground combat}
buyers: [{country: PL}, {country: DE}]
contract: {value: 1000000, currency: EUR, contractors: [MAKER]}
parties: [{id: MAKER, name: Maker (invented), established_in: PL}]
end_products: [{id: part-0}]
bill_of_materials: bom.cdx.json
"""
_ORIGINS = ("DE", "PL", "FR", "US", "CA")


def document(size: int) -> str:
    """A tree of `size` components, ten in each assembly, as `dependencies`; the last tier has costs and origins."""
    assemblies = (size - 2) // 10 + 1
    components = [component(number, number < assemblies) for number in range(size)]
    below = [range(10 * parent + 1, min(10 * parent + 11, size)) for parent in range(assemblies)]
    return json.dumps(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "version": 1,
            "metadata": {"component": components[0]},
            "components": components[1:],
            "dependencies": [
                {"ref": f"part-{parent}", "dependsOn": [f"part-{number}" for number in numbers]}
                for parent, numbers in enumerate(below)
            ],
        }
    )


def component(number: int, assembly: bool) -> dict[str, Any]:
    """One component with what a bill needs, in the properties of docs/cyclonedx.md."""
    own = {"jointbuy:quantity": str(number % 4 + 1)} if number else {}
    if not assembly:
        own["jointbuy:unitCost"] = f"{number % 997}.{number % 100:02d}"
        own["cdx:device:countryOfOrigin"] = _ORIGINS[number % len(_ORIGINS)]
    return {
        "type": "device",
        "bom-ref": f"part-{number}",
        "name": f"Part {number}",
        "version": "1.0",
        "supplier": {"name": f"Supplier {number % 300} (invented)"},
        "properties": [{"name": name, "value": value} for name, value in own.items()],
    }


def rows() -> Iterator[Row]:
    """Two rows for each size: medians of CPU seconds, all in this process, in turn."""
    places = law.places()
    for size, runs in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "purchase.yaml").write_text(_PURCHASE, encoding="utf-8")
            file = folder / "bom.cdx.json"
            file.write_text(document(size), encoding="utf-8")
            times = []
            for _ in range(runs):
                reads, _ = cpu(partial(reads_only, folder, places))
                ours, parts = cpu(partial(read_and_roll_up, folder, places))
                theirs, components = cpu(partial(peer_reads, file))
                if parts != size or components != size - 1:  # they hold the described one apart
                    sys.exit(f"P11: {size} components were written, we read {parts} and {PEER} {components}")
                times.append((reads, ours, theirs))
        reads, ours, theirs = (median(column) for column in zip(*times, strict=True))
        yield against("CycloneDX read; peer: reading", size, runs, reads, theirs)
        yield against("CycloneDX to content; peer: reading alone", size, runs, ours, theirs)


def against(workload: str, size: int, runs: int, ours: float, theirs: float) -> Row:
    """One row: our CPU seconds and the peer's."""
    return Row(
        id="P11",
        workload=workload,
        size=f"{size} components",
        ours_s=round(ours, 3),
        peer=PEER,
        peer_version=version(PEER),
        peer_s=round(theirs, 3),
        ratio=round(theirs / ours, 1),
        goal=f">= {GOAL} x",
        met=theirs >= GOAL * ours,
        note=f"CPU, median of {runs} run{'s' * (runs > 1)} of each in turn, in one process",
    )


def cpu(work: Callable[[], int]) -> tuple[float, int]:
    """CPU seconds of some work, and what it returned; what earlier work left behind is cleared away before."""
    gc.collect()
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def reads_only(folder: Path, places: Any) -> int:
    """The purchase folder to its records, as far as the peer goes; how many parts the bill has."""
    read = formats.read(folder, places)
    return len(read.bom.parts) if read.bom else 0


def read_and_roll_up(folder: Path, places: Any) -> int:
    """The purchase folder to its content; how many parts the bill has."""
    read = formats.read(folder, places)
    if read.bom is None or not content.roll_up(read.bom, "EUR", {}).products[0].cube:
        sys.exit("P11: the document has no content")
    return len(read.bom.parts)


def peer_reads(file: Path) -> int:
    """The document as the peer's records; how many components it found."""
    from cyclonedx.model.bom import Bom

    read = Bom.from_json(json.loads(file.read_text(encoding="utf-8")))  # type: ignore[attr-defined]
    return len(read.components)
