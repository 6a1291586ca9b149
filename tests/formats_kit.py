"""What the tests of `formats` share: a few places, a good purchase, and the writing of folders."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jointbuy.errors import Unusable
from jointbuy.formats import Read, read
from jointbuy.places import Places, fold

TITLES = {
    "CA": "Canada", "CZ": "Czechia", "DE": "Germany", "FR": "France", "NA": "Namibia", "NO": "Norway",
    "PL": "Poland", "TR": "Türkiye", "US": "United States",
}  # fmt: skip
NAMES = {fold(name): code for code, title in TITLES.items() for name in (code, title)}
PLACES = Places(NAMES, TITLES, {}, {}, {})

GOOD = """\
id: example
instrument: SAFE
events:
  signature: 2026-09-15
product:
  kind: defence product
  categories: ground combat
buyers:
  - country: PL
    quantity: 10
  - country: Germany
contract:
  value: 480 000 000.00
  currency: EUR
  contractors: [NORTHWIND]
parties:
  - id: NORTHWIND
    name: Northwind Vehicles (invented)
    established_in: PL
  - id: HARBOUR
    name: Harbour Optics (invented)
subcontracts:
  - subcontractor: HARBOUR
    value: 48000000
end_products:
  - id: VEHICLE
bill_of_materials: bom.csv
"""
BILL = """\
part,name,parent,quantity,supplier,origin,unit_cost
HULL,Hull,,1,NORTHWIND,PL,100
TURRET,Turret,,2,,,
SIGHT,Sight,TURRET,1,Harbour Optics (invented),"DE 60; US 40",12.50
GUN,Gun,TURRET,1,,,90 - 110
"""


def write(folder: Path, purchase: str = GOOD, bill: str | bytes | None = BILL, name: str = "bom.csv") -> Path:
    """A purchase folder."""
    (folder / "purchase.yaml").write_text(purchase, encoding="utf-8")
    if bill is not None:
        (folder / name).write_bytes(bill.encode() if isinstance(bill, str) else bill)
    return folder


def good(folder: Path, purchase: str = GOOD, bill: str | bytes | None = BILL, name: str = "bom.csv") -> Read:
    """Read a folder that must be usable."""
    return read(write(folder, purchase, bill, name), PLACES)


def bad(folder: Path, purchase: str = GOOD, bill: str | bytes | None = BILL, name: str = "bom.csv") -> list[str]:
    """The problems of a folder that must not be usable, as they are printed."""
    with pytest.raises(Unusable) as caught:
        read(write(folder, purchase, bill, name), PLACES)
    return [str(problem) for problem in caught.value.problems]


def book(sheets: dict[str, list[list[Any]]]) -> bytes:
    """A workbook as bytes."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def changed(data: bytes, entry: str, old: bytes, new: bytes) -> bytes:
    """A workbook with some bytes of one entry replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for one in source.infolist():
            content = source.read(one)
            target.writestr(one.filename, content.replace(old, new) if one.filename == entry else content)
    return file.getvalue()
