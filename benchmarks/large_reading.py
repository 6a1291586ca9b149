"""P2: a Parquet bill with text ids to its exact content, beside polars reading it and turning ids into integers."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from row import Row

from bills import COUNTRIES, CURRENCIES, edges
from jointbuy import content, formats, law

IDS = ("P2",)
GOAL = 1.25
SIZES = (1_000_000, 10_000_000)
_PURCHASE = """\
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


def written(folder: Path, uses: int, ending: str) -> Path:
    """A purchase folder whose bill has so many rows, in random order."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    bill = edges(uses)
    draw = np.random.default_rng(5)
    names = np.array(["VEHICLE", *(f"P{at:07d}" for at in range(1, bill.parts))])
    declared = np.where(draw.random(bill.parts) < 0.5, "", np.array(COUNTRIES)[draw.integers(0, 8, bill.parts)])
    priced = np.array([f"{cost // 100}.{cost % 100:02d}" if cost else "" for cost in bill.cost])
    currency = np.where(bill.cost > 0, np.array(CURRENCIES)[draw.integers(0, 4, bill.parts)], "")
    columns: dict[str, Any] = {
        "part": names[bill.child],
        "parent": names[bill.parent],
        "quantity": bill.quantity,
        "unit_cost": priced[bill.child],
        "origin": declared[bill.child],
        "currency": currency[bill.child],
    }
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    if ending == "csv":
        pyarrow.csv.write_csv(table, folder / "bom.csv")
    else:
        pyarrow.parquet.write_table(table, folder / "bom.parquet")
    (folder / "purchase.yaml").write_text(f"{_PURCHASE}bom.{ending}\n", encoding="utf-8")
    return folder


def rows() -> list[Row]:
    """Parquet beside polars; CSV; and ten million rows with their memory."""
    with tempfile.TemporaryDirectory() as folder:
        small = written(Path(folder), SIZES[0], "parquet")
        ours, theirs = [], []
        for _ in range(3):
            theirs.append(_polars(small / "bom.parquet"))
            ours.append(_alone(small))
        times = {part: median(each[part] for each in ours) for part in ("read_s", "content_s")}
        mine, peer = sum(times.values()), median(theirs)
        text = _alone(written(Path(folder), SIZES[0], "csv"))
        large = _alone(written(Path(folder), SIZES[1], "parquet"))
    note = (
        f"reading {times['read_s']:.2f} s, exact content {times['content_s']:.2f} s; read as CSV {text['read_s']:.2f} s"
    )
    memory = f"peak {large['peak_mb']:,} MB; reading {large['read_s']:.1f} s, exact content {large['content_s']:.1f} s"
    what = "Parquet with text ids -> exact content by both methods"
    return [
        Row(
            id="P2",
            workload=what,
            size=f"{SIZES[0]:,} rows",
            ours_s=round(mine, 3),
            peer="polars",
            peer_version=version("polars"),
            peer_s=round(peer, 3),
            ratio=round(peer / mine, 2),
            goal=f"at most {GOAL} times polars' reading and turning ids into integers",
            met=mine <= GOAL * peer,
            note=note,
        ),
        Row(id="P2", workload=what, size=f"{SIZES[1]:,} rows", ours_s=None, goal="seen", met=None, note=memory),
    ]


def _polars(path: Path) -> float:
    import polars as pl

    start = time.perf_counter()
    table = pl.read_parquet(path)
    pl.concat([table["part"], table["parent"]]).cast(pl.Categorical).to_physical()
    return time.perf_counter() - start


def _alone(folder: Path) -> dict[str, float]:
    """The same in a process of its own, for its memory; the compiled loops are loaded before."""
    out = subprocess.run([sys.executable, __file__, str(folder)], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(out.stdout)
    return found


def _measured(folder: Path) -> None:
    import bills

    content.roll_up(bills.bom(60_000), "EUR", {"USD": 1, "CAD": 1, "GBP": 1})  # type: ignore[dict-item]
    import jointbuy.formats.large  # noqa: F401 - loaded before the clock starts

    places = law.places()
    start = time.perf_counter()
    read = formats.read(folder, places)
    between = time.perf_counter()
    rates = {str(rate.currency): rate.rate for rate in read.purchase.exchange_rates}
    assert read.bom is not None
    found = content.roll_up(read.bom, "EUR", rates)
    end = time.perf_counter()
    assert found.products[0].total == found.traced[0].total
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"read_s": between - start, "content_s": end - between, "peak_mb": peak}))


if __name__ == "__main__":
    _measured(Path(sys.argv[1]))
