"""P2: Parquet and CSV bills with text ids to their exact content, beside polars reading them and coding the ids."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from peak import peak_mb
from row import Row

from bills import COUNTRIES, CURRENCIES, edges
from jointbuy import content, formats, law

IDS = ("P2",)
GOAL = 1.25
SIZES = (1_000_000, 10_000_000)
PURCHASE = """\
id: benchmark
instrument: SAFE
events: {signature: 2026-09-15}
product: {kind: defence product, categories: ground combat}
buyers: [{country: PL}, {country: DE}]
contract: {value: 1000000, currency: EUR, contractors: [MAKER]}
parties: [{id: MAKER, name: Maker (invented), established_in: PL}]
end_products: [{id: VEHICLE}]
exchange_rates:
- {currency: USD, rate: 0.9, on: 2026-09-01, source: made up}
- {currency: CAD, rate: 0.67, on: 2026-09-01, source: made up}
- {currency: GBP, rate: 1.17, on: 2026-09-01, source: made up}
bill_of_materials: """


def columns(uses: int) -> dict[str, Any]:
    """The columns of a bill that has so many rows, in random order."""
    bill = edges(uses)
    draw = np.random.default_rng(5)
    names = np.array(["VEHICLE", *(f"P{at:07d}" for at in range(1, bill.parts))])
    declared = np.where(draw.random(bill.parts) < 0.5, "", np.array(COUNTRIES)[draw.integers(0, 8, bill.parts)])
    priced = np.array([f"{cost // 100}.{cost % 100:02d}" if cost else "" for cost in bill.cost])
    currency = np.where(bill.cost > 0, np.array(CURRENCIES)[draw.integers(0, 4, bill.parts)], "")
    return {
        "part": names[bill.child],
        "parent": names[bill.parent],
        "quantity": bill.quantity,
        "unit_cost": priced[bill.child],
        "origin": declared[bill.child],
        "currency": currency[bill.child],
    }


def written(folder: Path, uses: int, ending: str) -> Path:
    """A purchase folder whose bill has so many rows."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    folder.mkdir(exist_ok=True)
    table = pa.table({name: pa.array(values) for name, values in columns(uses).items()})
    if ending == "csv":
        pyarrow.csv.write_csv(table, folder / "bom.csv")
    else:
        pyarrow.parquet.write_table(table, folder / "bom.parquet")
    (folder / "purchase.yaml").write_text(f"{PURCHASE}bom.{ending}\n", encoding="utf-8")
    return folder


def rows() -> list[Row]:
    """Parquet and CSV beside polars; and ten million rows with their memory."""
    with tempfile.TemporaryDirectory() as folder:
        each = {ending: Path(folder) / ending for ending in ("parquet", "csv")}
        made = [_beside(written(at, SIZES[0], ending), ending) for ending, at in each.items()]
        large = _alone(written(Path(folder) / "large", SIZES[1], "parquet"))
    return [*made, _seen(large)]


def _seen(large: dict[str, float]) -> Row:
    """Ten million rows, for their memory."""
    memory = f"peak {large['peak_mb']:,} MB; reading {large['read_s']:.1f} s, exact content {large['content_s']:.1f} s"
    what = "Parquet with text ids -> exact content by both methods"
    return Row(id="P2", workload=what, size=f"{SIZES[1]:,} rows", ours_s=None, goal="seen", met=None, note=memory)


def _beside(folder: Path, ending: str) -> Row:
    """One file read by us and, in turn, by polars; medians of the time on the clock, and of that of the processor."""
    ours, theirs = [], []
    for _ in range(5):
        theirs.append(_polars(folder / f"bom.{ending}"))
        ours.append(_alone(folder))
    times = {part: median(each[part] for each in ours) for part in ours[0]}
    mine, (peer, busy) = times["read_s"] + times["content_s"], (median(times) for times in zip(*theirs, strict=True))
    note = (
        f"reading {times['read_s']:.2f} s, exact content {times['content_s']:.2f} s; "
        f"of processors {times['cpu_s']:.2f} s (polars {busy:.2f} s)"
    )
    return Row(
        id="P2",
        workload=f"{'Parquet' if ending == 'parquet' else 'CSV'} with text ids -> exact content by both methods",
        size=f"{SIZES[0]:,} rows",
        ours_s=round(mine, 3),
        peer="polars",
        peer_version=version("polars"),
        peer_s=round(peer, 3),
        ratio=round(peer / mine, 2),
        goal=f"at most {GOAL} times polars' reading and turning ids into integers" if ending == "parquet" else "seen",
        met=mine <= GOAL * peer if ending == "parquet" else None,
        note=note,
    )


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _polars(path: Path) -> tuple[float, float]:
    import polars as pl

    start, busy = time.perf_counter(), _cpu()
    table = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path)
    pl.concat([table["part"], table["parent"]]).cast(pl.Categorical).to_physical()
    return time.perf_counter() - start, _cpu() - busy


def _alone(folder: Path) -> dict[str, float]:
    """The same in a process of its own, for its memory; the compiled loops are loaded before."""
    out = subprocess.run([sys.executable, __file__, str(folder)], capture_output=True, text=True)
    if out.returncode:
        raise SystemExit(out.stderr)
    found: dict[str, float] = json.loads(out.stdout)
    return found


def _measured(folder: Path) -> None:
    import bills

    content.roll_up(bills.bom(60_000), "EUR", dict.fromkeys(("USD", "CAD", "GBP"), Fraction(1)))
    places = law.places()
    with tempfile.TemporaryDirectory() as small:  # the loops of the reader, too, are loaded before the clock starts
        (ending,) = (path.suffix[1:] for path in folder.glob("bom.*"))
        formats.read(written(Path(small), 60_000, ending), places)
    start, busy = time.perf_counter(), _cpu()
    read = formats.read(folder, places)
    between = time.perf_counter()
    rates = {str(rate.currency): rate.rate for rate in read.purchase.exchange_rates}
    assert read.bom is not None
    found = content.roll_up(read.bom, "EUR", rates)
    end, done = time.perf_counter(), _cpu()
    assert found.products[0].total == found.traced[0].total
    taken = {"read_s": between - start, "content_s": end - between, "cpu_s": done - busy}
    print(json.dumps({**taken, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    _measured(Path(sys.argv[1]))
