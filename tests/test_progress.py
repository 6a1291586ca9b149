"""How far long reading is: rows of all, and how long the rest may take."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from formats_kit import PLACES, book, write
from jointbuy import progress
from jointbuy.formats import bill, read
from jointbuy.progress import Reached
from test_large_reading import HEAD, PURCHASE, as_parquet


def test_words() -> None:
    """A quarter in ten seconds leaves thirty; nothing read yet, and more than was thought, leave nothing to say."""
    assert Reached(1_000, 4_000, "rows", 5.0).told(15.0) == "1,000 of 4,000 rows, about 30 s more"
    assert Reached(0, 4_000, "rows", 5.0).told(15.0) == "0 of 4,000 rows"
    assert Reached(4_100, 4_000, "rows", 5.0).told(15.0) == "4,000 of 4,000 rows, about 0 s more"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "json"])
def test_every_format_tells_all_that_it_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    pytest.importorskip("numba", reason="needs the extra `large`")
    rows = [f"P{at},,1,5,DE" for at in range(5_000)]
    data: str | bytes = "\n".join([HEAD, *rows, ""])
    units = "rows"
    if kind == "xlsx":
        data, units = book({"Bill": [HEAD.split(","), *(row.split(",") for row in rows)]}), "bytes"
    elif kind == "parquet":
        data, units = as_parquet(str(data)), "cells"
    elif kind == "json":
        own = [{"name": "jointbuy:quantity", "value": "1"}, {"name": "jointbuy:unitCost", "value": "5"}]
        parts = [{"type": "device", "name": f"P{at}", "bom-ref": f"P{at}", "properties": own} for at in range(5_000)]
        data = json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": parts})
        units = "components"
    seen: list[Reached] = []
    monkeypatch.setattr(progress, "end", lambda: seen.extend(progress._now))
    monkeypatch.setattr(bill, "LARGE", 0)
    write(tmp_path, PURCHASE.replace("bom.csv", f"bom.{kind}"), data, f"bom.{kind}")
    read(tmp_path, PLACES)
    (last,) = seen
    assert last.units == units
    assert last.done >= 4_096 if kind == "json" else 0.9 * last.of < last.done <= last.of
    progress._now.clear()
