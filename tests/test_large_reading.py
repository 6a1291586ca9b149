"""The fast reader of large bills gives what the row-by-row reader gives, or leaves the bill to it."""

from __future__ import annotations

import io
from dataclasses import fields
from pathlib import Path
from random import Random
from typing import Any

import pytest

from formats_kit import GOOD, PLACES, write
from jointbuy import cli
from jointbuy.formats import Read, bill, read
from jointbuy.model import Bom

pytest.importorskip("numba", reason="needs the extra `large`")
arrow = pytest.importorskip("pyarrow", reason="needs the extra `large`")
PURCHASE = GOOD + "exchange_rates:\n- {currency: USD, rate: 0.9, on: 2026-09-01, source: ECB}\n"


def columns(bom: Bom) -> dict[str, Any]:
    """Every column as a tuple of values."""
    found = {
        name: tuple(getattr(bom, name))
        for name in ("parts", "names", "roots", "parent", "child", "quantity", "edge_row", "phantoms")
    }
    return found | {f"sources.{one.name}": tuple(getattr(bom.sources, one.name)) for one in fields(bom.sources)}


def both(
    folder: Path, monkeypatch: pytest.MonkeyPatch, text: str | bytes, name: str = "bom.csv"
) -> tuple[Read, Read, bool]:
    """What both readers give, and whether the fast one did it."""
    write(folder, PURCHASE.replace("bom.csv", name), text, name)
    taken: list[bool] = []
    real = bill._large

    def watched(*arguments: Any) -> Any:
        found = real(*arguments)
        taken.append(found is not None)
        return found

    monkeypatch.setattr(bill, "_large", watched)
    monkeypatch.setattr(bill, "LARGE", 10**12)
    slow = read(folder, PLACES)
    monkeypatch.setattr(bill, "LARGE", 0)
    fast = read(folder, PLACES)
    monkeypatch.setattr(bill, "_large", real)
    return slow, fast, taken[-1]


def same(slow: Read, fast: Read) -> None:
    assert slow.bom is not None
    assert fast.bom is not None
    assert columns(slow.bom) == columns(fast.bom)
    assert (slow.notes, slow.mapping, slow.left, slow.digests) == (fast.notes, fast.mapping, fast.left, fast.digests)


HEADER = (
    "Part number,Name,Parent,Quantity,Per,Supplier,Awarded,Origin,Supplied from,Unit cost,Price unit,Currency,"
    "Cost kind,Unit,Unit cost low,Unit cost high,Phantom"
)


def random_table(seed: int) -> str:
    """Rows of all ordinary sorts: shared parts, two suppliers, repeated and blank cells, ranges, currencies."""
    draw = Random(seed)
    rows, parts = [], draw.randint(6, 30)
    made = parts // 3
    for part in range(1, parts):
        parents = {f"P{draw.randint(1, min(part, made) - 1)}" for _ in range(draw.randint(0, 2)) if min(part, made) > 1}
        rows += part_rows(draw, f"P{part}", sorted(parents or {""}), priced=part >= made or draw.random() < 0.3)
    for part in range(1, made):
        rows += part_rows(draw, f"OF {part}", [f"P{part}"], priced=True)
    return "\n".join([HEADER, *rows, ""])


def part_rows(draw: Random, name: str, parents: list[str], *, priced: bool) -> list[str]:
    """One part wherever it is used; what is said of it stands in the first row, and perhaps again in the others."""
    price = draw.choice(["5", "5.00", "0", "12.5", "90 - 110", "0.0034"]) if priced else ""
    ends = draw.choice([("", ""), ("0", "200"), ("1.25", "1.25"), ("0.5", "1000")]) if priced else ("", "")
    price = "" if ends == ("1.25", "1.25") else "12.5" if ends[0] == "0.5" else price
    two = priced and draw.random() < 0.2
    sold = [("ONE", "60"), ("Harbour Optics (invented)", "40 %")] if two else [(draw.choice(["", "NORTHWIND"]), "")]
    unit, cost_per = draw.choice(["pc", "kg", ""]), draw.choice(["", "1000", "3"]) if priced else ""
    currency = draw.choice(["", "EUR", "USD"]) if priced else ""
    origin, kind = draw.choice(["", "DE", "Germany", "US 50; CA 50", "?"]), draw.choice(["", "component", "test"])
    rows = []
    for at, parent in enumerate(parents):
        use = [parent, draw.choice(["1", "2.5", "3", " 4 "]), draw.choice(["", "", "7"])]
        for supplier, awarded in sold:
            said = [supplier, awarded, origin, "FR" if two else "", price, cost_per, currency, kind]
            low, high = ends if said[4] != "90 - 110" or ends[1] == "200" else ("", "")
            bare = at > 0 and not two and draw.random() < 0.5
            cells = [name, f'"Part, no. {name}"' if not at else "", *use, *(said if not bare else [""] * 8), unit]
            cells += [*(("", "") if bare else (low, high)), ""]
            rows.append(",".join(cells))
    return rows


def test_ordinary_bills_are_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = 0
    for seed in range(80):
        slow, other, taken = both(tmp_path, monkeypatch, random_table(seed))
        same(slow, other)
        fast += taken
    assert fast > 55, fast


def test_text_may_be_cut_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of a few hundred bytes, which end within words, quotes and line ends."""
    from jointbuy.formats import csv_codes

    fast = 0
    for seed in range(40):
        monkeypatch.setattr(csv_codes, "_CHUNK", 200 + seed)
        slow, other, taken = both(tmp_path, monkeypatch, random_table(seed).replace("\n", "\r\n"))
        same(slow, other)
        fast += taken
    assert fast > 25, fast


def indented_table(seed: int, *, dotted: bool) -> str:
    """An indented list with sub-assemblies that stand in several places, listed again or not; with scrap or yield."""
    draw = Random(seed)
    wide = draw.randint(2, 4)
    below = {f"S{at}": [f"S{at + 1}"] * (at < 3) + [f"{at}-{one}" for one in range(wide)] for at in range(4)}
    rows: list[str] = []

    def list_(number: str, depth: int, part: str, *, open_: bool) -> None:
        level = number if dotted else f"{'.' * depth * (seed % 3 == 1)}{depth}"
        price = "" if part in below else f"{len(part)}.5"
        line, scrap = ("", draw.choice(["", "5 %", "0"])) if seed % 2 else (f"{2 * (len(part) + 0.5)}", "")
        quantity = "2" if part not in below or seed % 5 else draw.choice(["2", "2", "2", "3"])
        shown = price if not line or draw.random() < 0.7 else ""
        rows.append(f"{level},{part},{quantity},{shown},{line if price else ''},{scrap}")
        for at, one in enumerate(below.get(part, ()) if open_ else ()):
            list_(f"{number}.{at + 1}", depth + 1, one, open_=draw.random() < 0.8)

    if seed % 4 == 0 and not dotted:
        rows.append("0,VEHICLE,1,,,")
    for at, part in enumerate(["S0", "S2", "9", "S1"]):
        list_(str(at + 1), 1, part, open_=True)
    return "\n".join(["level,part,quantity,unit cost,line cost,scrap", *rows, ""])


@pytest.mark.parametrize("dotted", [False, True])
def test_indented_bills_are_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dotted: bool) -> None:
    """Those of which the one reader tells trouble, the other leaves to it."""
    from formats_kit import bad
    from jointbuy.errors import Unusable

    fast = told = 0
    for seed in range(40):
        text = indented_table(seed, dotted=dotted)
        try:
            slow, other, taken = both(tmp_path, monkeypatch, text)
        except Unusable:
            told += 1
            monkeypatch.setattr(bill, "LARGE", 10**12)
            slow_told = bad(tmp_path, PURCHASE, text)
            monkeypatch.setattr(bill, "LARGE", 0)
            assert bad(tmp_path, PURCHASE, text) == slow_told
            continue
        same(slow, other)
        fast += taken
    assert fast > 10, fast
    assert told > 0


def as_parquet(text: str, **options: Any) -> bytes:
    """The table as a Parquet file, with whole and binary numbers where all of a column are; options of the writer."""
    import pyarrow.csv
    import pyarrow.parquet

    table = pyarrow.csv.read_csv(
        io.BytesIO(text.encode()),
        convert_options=pyarrow.csv.ConvertOptions(strings_can_be_null=True, null_values=[""]),
    )
    file = io.BytesIO()
    pyarrow.parquet.write_table(table, file, **options)
    return file.getvalue()


def test_parquet_is_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = 0
    for seed in range(40):
        # In groups of rows, with and without the file's own dictionary: equal texts must be known again.
        options = {"row_group_size": 1 + seed % 40, "use_dictionary": seed % 3 != 0}
        slow, other, taken = both(tmp_path, monkeypatch, as_parquet(random_table(seed), **options), "bom.parquet")
        same(slow, other)
        fast += taken
    assert fast > 25, fast


def test_texts_have_the_codes_of_their_order() -> None:
    """Against a dictionary of Python, with texts that are long, alike at either end, blank, or have blanks around."""
    from jointbuy.formats.interning import Interner

    draw = Random(3)
    stems = ["", "A", "ab-1", "PART-000", "a much longer number of a part, 4711", "Zahnräder", "ł"]
    for many in (10, 30_000):
        interner, known = Interner(), {"": 0}
        for _ in range(3):
            words = [
                draw.choice(["", " ", "\t"]) + draw.choice(stems) + str(draw.randrange(many)) * draw.randint(0, 3)
                for _ in range(many)
            ]
            assert interner.of(words).tolist() == [known.setdefault(word.strip(), len(known)) for word in words]
        assert list(interner.texts()) == list(known)
        assert [interner.texts()[at] for at in range(-3, 3)] == [list(known)[at] for at in range(-3, 3)]


def test_types_of_parquet_are_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole, decimal and binary numbers; texts as dictionaries, with missing values and strange blanks."""
    from decimal import Decimal

    import pyarrow as pa
    import pyarrow.parquet

    kinds = {
        "part": [pa.array([1001, 1002, 1003]), pa.array(["Ä1\u00a0", " B ", "C"], pa.large_string())],
        "parent": [pa.array([None, None, ""], pa.string()), pa.array(["", None, ""]).dictionary_encode()],
        "quantity": [
            pa.array([1, 2, 3], pa.int8()),
            pa.array([0.5, 0.1, 3.0], pa.float32()),
            pa.array(["1", "2.50", " 3 "]),
        ],
        "unit_cost": [
            pa.array([Decimal("12.50"), Decimal("0.00"), Decimal("7.25")]),
            pa.array([1e-7, 0.1, 1e22]),
            pa.array(["1_000", "90 - 110", "1e3"]),
        ],
        "origin": [pa.array(["DE", None, "Germany"]), pa.array(["?", "US 50; CA 50", ""])],
    }
    draw, taken = Random(8), 0
    for _ in range(25):
        table = pa.table({name: draw.choice(arrays) for name, arrays in kinds.items()})
        file = io.BytesIO()
        pyarrow.parquet.write_table(table, file, row_group_size=draw.randint(1, 3))
        slow, fast, found = both(tmp_path, monkeypatch, file.getvalue(), "bom.parquet")
        same(slow, fast)
        taken += found
    assert taken > 10, taken


HEAD = "part,parent,quantity,unit_cost,origin"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\r\nA,,1,1,DE\r\nB,,2,3,\r\n",
        f"\ufeff{HEAD}\nA,,1,1,DE\nB,,2,3,\n",
        f"{HEAD}\nA,,1,1,DE\nB,,2,3,".replace(",", ";").replace("1;DE", "1,5;DE"),
        "part,parent,quantity,Unit cost (USD),origin\nA,,1,1,DE\nB,,2,3,\n",
        f"Bill of the vehicle,,,,\n{HEAD}\nA,,1,1,DE\nB,,2,3,\n",
        f"{HEAD}\nVEHICLE,,1,500,\nA,,1,1,DE\nB,,2,3,\n",
        f"{HEAD}\nA,,1,1,DE\n\nB,,2,3,\n, , ,\t,\n",
        f"{HEAD},remark\nA,,1,1,DE,\nB,,2,3,,\n,,,,,Subtotal of both\nC,,1,1,,\n,Total:,,10,,\n",
        f'{HEAD},name\nA,,1,1,DE,"a ""bolt"", long"\n"B",,2,3,"",3/8" pin\n"C "," ",1,1,,""""\n',
        f'{HEAD}\r\n"A",,1,1,"DE"\r\nB,,2,3,"US 50; CA 50"\r\n\r\n',
        f"{HEAD}\nA,,1,1,DE\nB,,2,3\nC,,1,1,,,\n",
        f"pos,{HEAD}\n1,A,,1,1,DE\n2,A,,2.5,1,DE\n3,B,,1,1,DE\n4,C,B,1,1,\n5,D,B,1,1,\n6,D,B,2,,\n7,D,B,2,,\n",
        f"{HEAD},scrap,yield\nA,,1,1,DE,5,\nB,,2,3,,,80 %\nC,,2,3,,0,100\nD,,3,3,,,\n",
        "part,parent,quantity,line cost\nA,,3,10\nB,,7,10\nC,,2,0\n",
        "part,parent,quantity,unit cost,line cost\nA,,3,3.33,10\nB,,7,,10\nC,,2,5,\n",
        "level,part,quantity,unit cost\n1,A,1,\n2,B,3,4\n2,C,1,1\n1,D,2,\n2,A,1,\n2,E,1,1\n",
        "level,part,quantity,unit cost\n1.,A,1,\n1.1,B,3,4\n1.2,C,1,1\n2,D,2,1\n",
        f"{HEAD},phantom\nA,,1,,,x\nB,A,2,3,,\nC,A,1,1,,no\nD,,1,1,,\nE,B,1,2,DE,0\nA,D,2,,,\n",
        f"{HEAD},phantom,cost per\nA,,1,,,x,\nB,A,2,300,,,100\nC,A,1,7,US,no,3\nD,,1,9,,,\nA,D,2,,,x,\n",
        "part,parent,quantity,unit cost low,unit cost high\nA,,3,10,12.5\nB,,7,0,0.1\nC,,2,5,5\n",
        "part,parent,quantity,cost,unit cost low,unit cost high,cost per\nA,,3,,10,12,3\nB,,7,1,1,2,\n"
        "C,,2,5 - 6,4,7,10\nD,,1,8,,,\n",
        "part,parent,quantity,line cost,unit cost low,unit cost high\nA,,3,10,,\nB,,7,7.5,1,2\nC,,2,,4,7\n",
    ],
    ids=[
        "windows",
        "mark",
        "semicolons",
        "currency in the header",
        "title",
        "end product with a row",
        "blank lines",
        "totals",
        "quotes",
        "quotes and returns",
        "short and long rows",
        "positions",
        "scrap and yield",
        "cost of the line",
        "cost of the line beside that of one",
        "levels",
        "numbers as levels",
        "phantoms",
        "phantoms beside prices for several",
        "two ends",
        "two ends of prices for several",
        "two ends beside the cost of the line",
    ],
)
def test_ways_to_write_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    slow, fast, taken = both(tmp_path, monkeypatch, text)
    same(slow, fast)
    assert taken


@pytest.mark.parametrize(
    "text",
    [
        f'{HEAD}\n"A\nB",,1,1,DE\nC,,2,3,\n',
        "part,parent,quantity,unit cost (USD),line cost\nA,,3,3,9\nB,,7,,10\n",
        "part,parent,quantity,unit cost,line cost,scrap\nA,,4,25,105,5\nB,,7,1,7,\n",
        f"{HEAD}\nA,,1,1,DE\nB,A,2,3,\n",
    ],
    ids=["lines", "currency of one of two costs", "line with scrap", "one part alone"],
)
def test_what_is_unusual_is_left_to_the_other_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    slow, fast, taken = both(tmp_path, monkeypatch, text)
    same(slow, fast)
    assert not taken


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\nA,,1,,DE\nB,,2,3,\n",
        f"{HEAD}\nA,,,1,DE\nB,,2,3,\n",
        f"{HEAD}\nA,,1,1,DE\nB,,2,cheap,\n",
        f"{HEAD}\nA,,1,1,DE\na,,2,3,\n",
        f"{HEAD}\nA,,1,1,DE\nA,B,2,4,\nB,,1,,\n",
        f"{HEAD}\nA,,1,1,DE\nB,NOPE,2,4,\n",
        f"{HEAD}\nA,B,1,1,DE\nB,A,2,4,\nC,,1,1,\n",
        f"{HEAD},currency\nA,,1,1,DE,GBP\nB,,2,4,,\n",
        f"{HEAD},supplier,awarded\nA,,1,1,DE,ONE,60\nA,,1,1,DE,TWO,50\nB,,1,1,,,\n",
        f"{HEAD},supplier\nA,,1,1,DE,ONE\nA,,1,1,DE,TWO\nB,,1,1,,\n",
        f"{HEAD},supplier,awarded\nA,,1,1,DE,ONE,60\nA,,2,1,DE,TWO,40\nB,,1,1,,,\n",
        f"{HEAD}\nA,,1,1,DE,7\nB,,2,4,\n",
        f"{HEAD},name\nA,,1,1,DE,\n,,1,500,US,Total station\nB,,2,4,,\n",
        f"{HEAD},scrap\nA,,1,1,DE,0.05\nB,,2,4,,\n",
        f"{HEAD},yield\nA,,1,1,DE,0.95\nB,,2,4,,80\n",
        f"{HEAD},scrap\nA,,1,1,DE,-5\nB,,2,4,,\n",
        f"{HEAD},name\nA,,1,1,DE,{'x' * 140_000}\nB,,2,4,,\n",
        f"{HEAD},scrap,yield\nA,,1,1,DE,5,90\nB,,2,4,,,\n",
        f"{HEAD},yield\nA,,1,1,DE,0\nB,,2,4,,\n",
        f"pos,{HEAD}\n1,A,,1,1,DE\n1,A,,2,1,DE\n3,B,,1,1,DE\n",
        f"pos,{HEAD}\n1,A,,1,1,DE\n,A,,2,1,DE\n3,B,,1,1,DE\n",
        "part,parent,quantity,unit cost,line cost\nA,,3,3.31,10\nB,,7,1,7\n",
        "level,part,quantity,unit cost\n1,A,1,\n3,B,3,4\n1,C,1,1\n",
        "level,part,quantity,unit cost\n0,A,1,\n1,B,3,4\n1,C,1,1\n",
        "level,part,quantity,unit cost\n1,A,1,\n,B,3,4\n1,C,1,1\n",
        "level,part,quantity,unit cost\n1,A,1,\n1.1,B,3,4\n1.1,C,1,1\n2,D,1,1\n",
        "level,part,quantity,unit cost\n1,A,1,\n1.1,B,3,4\n3.1,C,1,1\n2,D,1,1\n",
        "level,part,quantity,unit cost\n1,A,1,\n2,B,3,4\n1,A,1,\n2,B,2,4\n1,C,1,1\n",
        f"{HEAD},unit\nA,,1,1,DE,kg\nC,,1,,,\nA,C,1,1,DE,m\n",
        f"{HEAD},phantom\nA,,1,3,,x\nB,A,2,3,,\nC,A,1,1,,\n",
        f"{HEAD},phantom\nA,,1,,,x\nB,A,2,3,,\nD,,1,1,,\nA,D,1,,,no\n",
        f"{HEAD},phantom\nA,,1,,,x\nB,,2,3,,\n",
        f"{HEAD},phantom\nVEHICLE,,1,,,x\nA,,1,2,,\nB,,2,3,,\n",
        "part,parent,quantity,unit cost low,unit cost high\nA,,3,10,9\nB,,7,1,2\n",
        "part,parent,quantity,unit cost low,unit cost high\nA,,3,10,\nB,,7,1,2\n",
        "part,parent,quantity,cost,unit cost low,unit cost high\nA,,3,3,4,5\nB,,7,1,1,2\n",
    ],
)
def test_trouble_is_told_as_for_small_bills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    from formats_kit import bad

    monkeypatch.setattr(bill, "LARGE", 10**12)
    slow = bad(tmp_path, PURCHASE, text)
    monkeypatch.setattr(bill, "LARGE", 0)
    assert bad(tmp_path, PURCHASE, text) == slow


def test_a_bill_too_large_for_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ten million rows where there is 1 GB: the size needed is told before anything is read; exit code 3."""
    monkeypatch.setattr(bill, "LARGE", 0)
    monkeypatch.setenv("JOINTBUY_MEMORY", "1GB")
    write(tmp_path, PURCHASE, f"{HEAD}\n" + "A,,1,1,DE\n" * 2_700_000)
    assert cli.main(["check", str(tmp_path), "--out", str(tmp_path / "out")]) == 3
    said = capsys.readouterr().err
    assert "bom.csv, with 2,700,000 rows, needs about 1.0 GB of memory, and 1.0 GB are there" in said
    assert not (tmp_path / "out").exists()
    monkeypatch.setattr(bill, "LARGE", 10**12)  # the row-by-row reader needs more, and says so, too
    monkeypatch.setenv("JOINTBUY_MEMORY", "3GB")
    assert cli.main(["check", str(tmp_path), "--out", str(tmp_path / "out")]) == 3
    assert "bom.csv, with 2,700,001 rows, needs about 3.3 GB of memory, and 3.0 GB are there" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    monkeypatch.setenv("JOINTBUY_MEMORY", "plenty")
    assert cli.main(["check", str(tmp_path)]) == 2
    assert "write it like 2GB" in capsys.readouterr().err


def test_a_workbook_and_parquet_too_large_for_the_memory_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (HEAD.split(","), ["A", None, 1, 1, "DE"], ["B", None, 2, 3, None]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    monkeypatch.setenv("JOINTBUY_MEMORY", "10MB")
    for name, data in (("bom.xlsx", file.getvalue()), ("bom.parquet", as_parquet(f"{HEAD}\nA,,1,1,DE\nB,,2,3,\n"))):
        write(tmp_path, PURCHASE.replace("bom.csv", name), data, name)
        assert cli.main(["check", str(tmp_path)]) == 3
        assert f"{name}, with" in capsys.readouterr().err


def test_memory_that_runs_out_is_told_as_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise MemoryError

    write(tmp_path, PURCHASE, f"{HEAD}\nA,,1,1,DE\nB,,2,3,\n")
    monkeypatch.setattr(bill, "read_rows", full)
    assert cli.main(["check", str(tmp_path), "--out", str(tmp_path / "out")]) == 3
    assert "the memory is used up" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
