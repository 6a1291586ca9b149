"""What is wrong with a large bill is told as for a small one, and without reading every row one by one."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from formats_kit import PLACES, write
from jointbuy.errors import Unusable
from jointbuy.formats import bill, read
from test_large_reading import PURCHASE, as_parquet, indented_table

pytest.importorskip("numba", reason="needs the extra `large`")
TITLES = [
    "pos", "part", "name", "parent", "quantity", "per", "supplier", "awarded", "origin", "supplied from", "unit cost",
    "cost per", "line cost", "currency", "cost kind", "unit", "scrap", "yield", "evidence", "materials", "remark",
]  # fmt: skip
Row = dict[str, str]


def good(draw: Random) -> list[Row]:
    """A sound bill: assemblies in three tiers, parts from one or two suppliers, at several places and positions."""
    rows: list[Row] = []

    def add(part: str, parent: str, **said: str) -> None:
        row = dict.fromkeys(TITLES, "") | {"part": part, "parent": parent, "quantity": draw.choice(["1", "2", "2.5"])}
        rows.append(row | said)

    tops, subs = [f"TOP-{at}" for at in range(3)], [f"SUB-{at}" for at in range(6)]
    for name in tops:
        add(name, draw.choice(["", "VEHICLE"]), name=f"Assembly {name}")
    for name in subs:
        for parent in draw.sample(tops, draw.randint(1, 2)):
            add(name, parent)
    for at in range(30):
        part, unit = f"PART-{at}", draw.choice(["", "pc", "kg"])
        said = {"unit cost": draw.choice(["5", "7.25", "90 - 110", "0"]), "unit": unit, "name": f"Part {at}"}
        said |= {"origin": draw.choice(["DE", "", "US 50; CA 50"]), "currency": draw.choice(["", "EUR", "USD"])}
        said |= {"scrap": draw.choice(["", "5"]), "materials": "nickel 10 g" if unit == "kg" and at % 2 else ""}
        places = draw.sample(subs, draw.randint(1, 3))
        if at % 5 == 1:
            for parent in places:
                quantity = draw.choice(["1", "3"])
                for supplier, awarded in (("ONE", "60"), ("TWO", "40")):
                    add(part, parent, **said | {"supplier": supplier, "awarded": awarded, "quantity": quantity})
        elif at % 5 == 2:
            for pos in ("1", "2", "3"):
                add(part, places[0], **said | {"pos": pos})
        else:
            for number, parent in enumerate(places):
                add(part, parent, **(said if not number or draw.random() < 0.5 else {"unit": unit}))
    return rows


def of(rows: list[Row], draw: Random, start: str = "PART") -> Row:
    return draw.choice([row for row in rows if row["part"].startswith(start)])


def cell(column: str, *values: str, start: str = "PART") -> Callable[[list[Row], Random], None]:
    """Put a value into a cell of some part."""

    def change(rows: list[Row], draw: Random) -> None:
        of(rows, draw, start)[column] = draw.choice(values)

    return change


def copied(rows: list[Row], draw: Random) -> None:
    rows.insert(draw.randrange(len(rows)), dict(of(rows, draw)))


def circle(rows: list[Row], draw: Random) -> None:
    one = of(rows, draw, "SUB")
    rows.append(dict.fromkeys(TITLES, "") | {"part": one["parent"], "parent": one["part"], "quantity": "1"})


def everywhere(column: str, value: str) -> Callable[[list[Row], Random], None]:
    def change(rows: list[Row], draw: Random) -> None:
        part = of(rows, draw)["part"]
        for row in rows:
            if row["part"] == part:
                row[column] = value

    return change


def yields(rows: list[Row], draw: Random) -> None:
    of(rows, draw).update({"scrap": draw.choice(["", "5"]), "yield": draw.choice(["80", "0", "0.0", "120"])})


FAULTS: dict[str, Callable[[list[Row], Random], None]] = {
    "quantity": cell("quantity", "", "0", "-1", "many", "1,5", "1,234.5"),
    "quantity of an assembly": cell("quantity", "", "0", start="SUB"),
    "per": cell("per", "0", "x", "3"),
    "cost": cell("unit cost", "TBD", "-5", "1,234", "110 - 90", "8", "9.99"),
    "no cost": everywhere("unit cost", ""),
    "cost per": cell("cost per", "0", "10", "x"),
    "origin": cell("origin", "Freedonia", "DE 60; US 50", "NATO", "FR", "NA"),
    "supplied from": cell("supplied from", "XX", "FR"),
    "currency": cell("currency", "EURO", "GBP", "CAD", "EUR"),
    "currency without a rate": everywhere("currency", "GBP"),
    "kind": cell("cost kind", "nonsense", "software"),
    "part": cell("part", "", "part-3", "PART-1 0", "Part-7"),
    "parent": cell("parent", "SUB-99", "sub-1", "SUB-77", "VEHICLE", ""),
    "circle": circle,
    "awarded": cell("awarded", "50", "", "x", "101", "60"),
    "supplier": cell("supplier", "", "ONE", "THREE"),
    "copied": copied,
    "unit": cell("unit", "m", "kg", "g", "unheard of"),
    "name": cell("name", "Another name"),
    "evidence": cell("evidence", "letter 5"),
    "materials": cell("materials", "nickel 5000 kg CA", "nickel", "titanium metal 90 %", "nickel 20 g"),
    "scrap": cell("scrap", "-5", "x", "7", "0.5", "1", "0,5", "5 %"),
    "signs": cell("unit cost", "1.234", "12,5", "1.234.567", "1,234.50"),
    "total": cell("part", "Total", "Summe", "Total station"),
    "yield": yields,
    "position": cell("pos", "", "1"),
    "too long": cell("remark", "x,y", "x,,"),
    "nothing": lambda rows, draw: None,
}


def text(rows: list[Row], delimiter: str = ",") -> str:
    """The bill as CSV; a remark is written without quotes."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(TITLES)
    for row in rows:
        line = io.StringIO()
        csv.writer(line, delimiter=delimiter, lineterminator="").writerow([row[title] for title in TITLES[:-1]])
        out.write(f"{line.getvalue()}{delimiter}{row['remark']}\n")
    return out.getvalue()


def told(folder: Path, patch: pytest.MonkeyPatch, data: str | bytes, purchase: str, name: str = "bom.csv") -> bool:
    """Whether the fast reader told the problems, which must be those that the other tells; None of both is none."""
    write(folder, purchase, data, name)
    found: list[Any] = []
    rows: list[int] = []
    real = bill._table
    patch.setattr(bill, "_table", lambda *given: (rows.append(1), real(*given))[1])
    for least in (10**12, 0):
        rows.clear()
        patch.setattr(bill, "LARGE", least)
        try:
            read(folder, PLACES)
            found.append(None)
        except Unusable as error:
            found.append([str(problem) for problem in error.problems])
    patch.setattr(bill, "_table", real)
    assert found[0] == found[1]
    return found[0] is not None and not rows


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_is_told_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    for seed in range(12):
        draw = Random(f"{fault} {seed}")
        rows = good(draw)
        FAULTS[fault](rows, draw)
        told(tmp_path, monkeypatch, text(rows), PURCHASE)


def test_many_faults_are_told_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = 0
    for seed in range(90):
        draw = Random(seed)
        rows = good(draw)
        for fault in draw.choices(list(FAULTS), k=draw.randint(1, 6)):
            FAULTS[fault](rows, draw)
        fast += told(tmp_path, monkeypatch, text(rows), PURCHASE)
    assert fast > 70, fast


def workbook(rows: list[Row], draw: Random) -> bytes:
    """The bill as a workbook with its numbers as numbers, most of them, and now and then an error among them."""
    from openpyxl import Workbook

    def value(text: str) -> Any:
        try:
            return float(text) if draw.random() < 0.9 else text
        except ValueError:
            return text or None

    made = Workbook()
    made.active.append(TITLES)
    for row in rows:
        made.active.append([value(row[title]) for title in TITLES])
    for odd in draw.choices(["#REF!", True, "=1+1", None], k=draw.randint(0, 2)):
        cell = made.active.cell(draw.randint(2, len(rows)), draw.choice([2, 5, 9, 11]))
        cell.value = cell.value if odd is None else odd
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "parquet", "semicolons", "several end products", "levels"])
def test_faults_are_told_alike_in_every_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    fast = 0
    for seed in range(40):
        draw = Random(f"{kind} {seed}")
        rows = good(draw)
        for fault in draw.choices([one for one in FAULTS if one != "too long"], k=draw.randint(1, 4)):
            FAULTS[fault](rows, draw)
        name, purchase, data = "bom.csv", PURCHASE, text(rows)
        if kind == "xlsx":
            name, data = "bom.xlsx", workbook(rows, draw)  # type: ignore[assignment]
        elif kind == "parquet":
            name, data = "bom.parquet", as_parquet(data)  # type: ignore[assignment]
        elif kind == "semicolons":
            for row in rows:
                for column in ("unit cost", "quantity"):
                    row[column] = row[column].replace(".", ",")
            data = text(rows, ";")
        elif kind == "several end products":
            ends = draw.choice(["[{id: VEHICLE}, {id: TOP-1}]", "[{id: VEHICLE}, {id: OTHER}]", "[{id: OTHER}]"])
            purchase = PURCHASE.replace("end_products:\n  - id: VEHICLE\n", f"end_products: {ends}\n")
            assert purchase != PURCHASE
        elif kind == "levels":
            data = indented_table(seed, dotted=seed % 2 == 0)
            lines = data.splitlines()
            at, column = draw.randrange(1, len(lines)), draw.choice([0, 2, 3])
            cells = lines[at].split(",")
            cells[column] = draw.choice(["", "x", "7", "-1"])
            lines[at] = ",".join(cells)
            data = "\n".join([*lines, ""])
        fast += told(tmp_path, monkeypatch, data, purchase.replace("bom.csv", name), name)
    assert fast > 20, fast
