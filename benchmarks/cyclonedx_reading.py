"""P11: a CycloneDX document to its content, against cyclonedx-python-lib, which only reads it."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from peak import peak_mb
from row import Row

from jointbuy import content, formats, law

IDS = ("P11",)
PEER = "cyclonedx-python-lib"
SIZES = ((10_000, 3), (100_000, 1))
"""Components, and pairs of runs: one is enough where it takes most of a minute."""
LARGE, PEAK_MB = 1_000_000, 3_000
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


def write(file: Path, size: int, *, nested: bool = False) -> None:
    """A tree of `size` components, ten in each assembly; the last tier has costs and origins.

    Assemblies stand beside their parts, with `dependencies`, or around them.
    """
    assemblies = (size - 2) // 10 + 1
    below = [range(10 * parent + 1, min(10 * parent + 11, size)) for parent in range(assemblies)]

    def inside(number: int) -> str:
        text = json.dumps(component(number, number < assemblies))
        if number >= assemblies:
            return text
        return f'{text[:-1]}, "components": [{", ".join(map(inside, below[number]))}]}}'

    with file.open("w", encoding="utf-8") as out:
        out.write('{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, ')
        if nested:
            out.write(f'"components": [{inside(0)}]}}')
            return
        out.write(f'"metadata": {{"component": {json.dumps(component(0, True))}}}, "components": [')
        for number in range(1, size):
            out.write(", " * (number > 1) + json.dumps(component(number, number < assemblies)))
        out.write('], "dependencies": [')
        for parent, numbers in enumerate(below):
            uses = {"ref": f"part-{parent}", "dependsOn": [f"part-{number}" for number in numbers]}
            out.write(", " * (parent > 0) + json.dumps(uses))
        out.write("]}")


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
            write(file, size)
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
    for nested in (False, True):
        yield alone(nested)


def alone(nested: bool) -> Row:
    """The row of a million components: a process of its own tells its CPU seconds and its peak of memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "purchase.yaml").write_text(_PURCHASE, encoding="utf-8")
        write(folder / "bom.cdx.json", LARGE, nested=nested)
        size = (folder / "bom.cdx.json").stat().st_size // 10**6
        out = subprocess.run([sys.executable, __file__, name], capture_output=True, text=True, check=True)
    found = json.loads(out.stdout)
    if found["parts"] != LARGE:
        sys.exit(f"P11: {LARGE} components were written, we read {found['parts']}")
    return Row(
        id="P11",
        workload=f"CycloneDX to content, {'nested in six levels' if nested else 'flat with dependencies'}",
        size=f"{LARGE} components",
        ours_s=round(found["cpu_s"], 3),
        goal=f"<= {PEAK_MB:,} MB",
        met=found["peak_mb"] <= PEAK_MB,
        note=f"{size} MB; CPU of one run in a process of its own; peak {found['peak_mb']:,} MB",
    )


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


def _measured(folder: Path) -> None:
    """What `alone` asks for, of this process."""
    seconds, parts = cpu(partial(read_and_roll_up, folder, law.places()))
    print(json.dumps({"cpu_s": seconds, "parts": parts, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    _measured(Path(sys.argv[1]))
