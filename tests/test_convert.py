"""Bills from one format to another and back. Oracle for CycloneDX: the validator of cyclonedx-python-lib."""

from __future__ import annotations

import contextlib
import gc
import io
import json
import sys
from dataclasses import fields, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import random_bills
from bills import bill, row
from formats_kit import BILL, GOOD, PLACES, bad, book, good, write
from jointbuy import cli, law
from jointbuy.asked import Converted
from jointbuy.errors import Unusable
from jointbuy.formats import convert as converting
from jointbuy.formats.bill import read_bill
from jointbuy.formats.convert import convert, differences
from jointbuy.formats.decode import blank
from jointbuy.formats.files import Content
from jointbuy.formats.problems import Problems
from jointbuy.formats.written import exactly, together
from jointbuy.model import Bom, CostKind, EndProduct, Purchase, Sources
from jointbuy.result import Lost
from random_bills import random_bill
from test_formats_bill import NO_END, edges
from test_formats_cyclonedx import DRAFTS, SAMPLES, document, needs_samples, part

pa = pytest.importorskip("pyarrow", reason="needs: pyarrow")
pq = pytest.importorskip("pyarrow.parquet", reason="needs: pyarrow")

VALIDATOR = JsonStrictValidator(SchemaVersion.V1_7)
"""One for all: it reads its schemas when it is first asked."""
FORMATS = ["out.csv", "out.xlsx", "out.cdx.json", "out.parquet"]
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def written(bom: Bom, suffix: str) -> bytes:
    """The bytes of a file."""
    out = io.BytesIO()
    converting._write(bom, suffix, PLACES, out)
    return out.getvalue()


def back(bom: Bom, name: str, end: str | None = "PRODUCT") -> Bom:
    """A bill written and read again."""
    purchase: Purchase = replace(blank(Purchase), end_products=(EndProduct(id=end),) if end else ())
    problems = Problems()
    data = written(bom, Path(name).suffix)
    again = read_bill(Content(name, data), None, purchase, PLACES, problems, [])
    assert problems.found == []
    assert again is not None
    return again.bom


def lost(made: Converted) -> dict[str, Lost]:
    return {one.what: one for one in made.lost}


# --- there and back -------------------------------------------------------------------------

IDS = [
    "A",
    "007",
    "=1+1",
    "@x",
    "+1",
    "-5",
    "'=a",
    "''+b",
    "Größe 3/8″",
    "零件",
    "Total",
    "x" * 900,
    "a,b;c|d",
    'say "hi"',
]
TEXTS = st.none() | st.sampled_from(["Harbour (invented)", "=cmd()", "-1", "ż", "two\nlines", "1.50"])
NUMBERS = st.sampled_from(["1", "3", "0.5", "12.50", "1/3", "2/7", "123456789012345.678", "0.000001", "1e20"]).map(
    Fraction
)
ORIGINS = st.sampled_from(["", "DE", "NA", "DE 60 US 40", "DE 33.3333", "PL 0.5", "NA 50 CA 50"])
KINDS: list[CostKind] = ["component", "software", "final assembly"]


@st.composite
def boms(draw: st.DrawFn) -> Bom:
    """Bills up to three levels deep with shared parts, several suppliers, ranges and batches."""
    names = draw(st.lists(st.sampled_from(IDS), min_size=2, max_size=6, unique=True))
    rows = []
    for at, name in enumerate(names):
        above = ["PRODUCT", *names[:at]]
        parents = draw(st.lists(st.sampled_from(above), min_size=1, max_size=2, unique=True))
        shares = draw(st.sampled_from([["1"], ["1"], ["3/5", "2/5"], ["1/4", "3/4"]]))
        kind = draw(st.sampled_from(KINDS))
        for parent in parents:
            count = draw(NUMBERS)
            for supplier, share in enumerate(shares):
                low, more = draw(NUMBERS), draw(st.sampled_from([0, 0, "1/3", 7]))
                who = draw(TEXTS) if len(shares) == 1 else f"S{supplier}"
                cost = (low, low + Fraction(more))
                rows.append(
                    row(
                        parent, name, count, cost, draw(ORIGINS), awarded=Fraction(share), supplier=who, kind=kind,
                        currency=draw(st.sampled_from(["EUR", "CAD"])),
                        supplied_from=draw(st.sampled_from([None, "NA", "US"])),
                    )
                )  # fmt: skip
                if who is None or len(shares) == 1:
                    break
    # One supplier may not stand under a further parent by another name.
    first: dict[object, object] = {}
    for one in rows:
        if one["awarded"] == 1:
            one["supplier"] = first.setdefault(one["part"], one["supplier"])
    made = bill(*rows)
    units = [None if part == "PRODUCT" else draw(st.sampled_from([None, "pc", "kg", "Stück"])) for part in made.parts]
    return replace(made, units=tuple(units)) if any(units) else made


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bom=boms())
def test_there_and_back(name: str, bom: Bom) -> None:
    assert differences(bom, back(bom, name)) == ()
    assert differences(bom, back(bom, name, end=None)) == ()
    assert written(bom, Path(name).suffix) == written(bom, Path(name).suffix)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bom=boms())
def test_documents_are_cyclonedx(bom: Bom) -> None:
    text = written(bom, ".json").decode()
    assert VALIDATOR.validate_str(text) is None


def test_bills_with_everything_in_them_as_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Suppliers, ranges, kinds, phantoms, evidence: the same again, but for shares whose decimals do not end."""
    monkeypatch.setattr(random_bills, "COUNTRIES", ["DE", "FR", "CA", "US", "NO", "PL"])
    told = 0
    for seed in range(40):
        bom = random_bill(seed, 12)
        kept = [at for at, part in enumerate(bom.sources.part) if part not in bom.phantoms]  # of which nothing is said
        columns = {one.name: getattr(bom.sources, one.name) for one in fields(bom.sources)}
        columns["evidence"] = tuple(f"certificate {at}" if at % 3 else None for at in range(len(bom.sources.part)))
        bom = replace(
            bom,
            sources=Sources(**{name: tuple(all_[at] for at in kept) if all_ else () for name, all_ in columns.items()}),
        )
        thirds = sum(any(share == Fraction(1, 3) for _, share in origin) for origin in bom.sources.origin)
        found = {one.what: one.count for one in differences(bom, back(bom, "out.cdx.json", end=None))}
        assert found == ({"origin": thirds} if thirds else {}), seed
        told += thirds
    assert told


def test_a_difference_is_seen() -> None:
    """The comparison that all these tests lean on tells two bills apart, field by field."""
    one = bill(row("PRODUCT", "A", 1, 5, "DE"), row("PRODUCT", "B", 1, 5))
    changed = {
        "quantities": bill(row("PRODUCT", "A", 2, 5, "DE"), row("PRODUCT", "B", 1, 5)),
        "price low": bill(row("PRODUCT", "A", 1, (4, 5), "DE"), row("PRODUCT", "B", 1, 5)),
        "origin": bill(row("PRODUCT", "A", 1, 5), row("PRODUCT", "B", 1, 5)),
        "supplied from": bill(row("PRODUCT", "A", 1, 5, "DE", supplied_from="US"), row("PRODUCT", "B", 1, 5)),
    }
    changed["units"] = replace(one, units=tuple("kg" if part == "A" else None for part in one.parts))
    for what, other in changed.items():
        assert [(found.what, found.count) for found in differences(one, other)] == [(what, 1)]
        assert "A" in differences(one, other)[0].examples[0]


@pytest.mark.parametrize("example", ["howitzer", "armoured-vehicle"])
def test_examples_in_every_format(tmp_path: Path, example: str) -> None:
    """Every format made of an example, and of that a table again, is the same table."""
    tables = set()
    for name in FORMATS:
        made = convert(EXAMPLES / example, tmp_path / name, law.places())
        assert set(lost(made)) == {"purchase.yaml", "column position"}
        again = tmp_path / f"{name}.csv"
        assert convert(tmp_path / name, again, law.places()).lost == ()
        if name != "out.cdx.json":  # which lists the uses of a part in the order of its parents
            tables.add(again.read_bytes())
    assert len(tables) == 1


def test_units_are_carried_and_a_converted_one_is_named(tmp_path: Path) -> None:
    """350 g of a part that its first row has in kg is 0.35 kg of it, in every format."""
    source = tmp_path / "in.csv"
    text = "part,parent,qty,cost,unit\nA,X,1,,pc\nB,A,2,2,kg\nC,X,1,,\nB,C,350,0.002,g\nD,C,1,5,KG\nD,A,1,5,kg\n"
    source.write_text(text, encoding="utf-8")
    for name in FORMATS:
        made = lost(convert(source, tmp_path / name, PLACES))
        assert set(made) == {"column unit"}
        assert (made["column unit"].count, made["column unit"].examples) == (1, ("g",))
        again = read_bill(Content(name, (tmp_path / name).read_bytes()), None, blank(Purchase), PLACES, Problems(), [])
        assert again is not None
        units = dict(zip(again.bom.parts, again.bom.units, strict=True))
        assert [units[part] for part in "ABCD"] == ["pc", "kg", None, "KG"]
        uses = zip(again.bom.parent, again.bom.child, again.bom.quantity, strict=True)
        counts = {(again.bom.parts[one], again.bom.parts[two]): count for one, two, count in uses}
        assert counts["C", "B"] == Fraction(35, 100)


def test_the_new_bill_gives_the_same_verdict(tmp_path: Path) -> None:
    import jointbuy

    text = (EXAMPLES / "howitzer" / "purchase.yaml").read_text(encoding="utf-8")
    (tmp_path / "purchase.yaml").write_text(text.replace("bom.csv", "bom.parquet"), encoding="utf-8")
    convert(EXAMPLES / "howitzer", tmp_path / "bom.parquet", law.places())
    one, two = jointbuy.check(EXAMPLES / "howitzer"), jointbuy.check(tmp_path)
    assert one.verdict.outcome == two.verdict.outcome
    assert one.content is not None
    assert two.content is not None
    assert [each.cube for each in one.content.products] == [each.cube for each in two.content.products]
    assert "bom.parquet" in two.digests


# --- numbers --------------------------------------------------------------------------------


@given(st.fractions(min_value=0, max_value=10**12, max_denominator=10**9))
def test_numbers_are_exact(value: Fraction) -> None:
    (text,), per = together([value])
    assert Fraction(text) / int(per or 1) == value
    if (plain := exactly(value)) is not None:
        assert Fraction(plain) == value


def test_a_number_beyond_all_formats_is_named_as_lost() -> None:
    top, bottom = 10**70 + 1, 10**69 + 7  # both longer than the 60 digits that are read
    bom = bill(row("PRODUCT", "A", Fraction(top, bottom), 5, "DE"))
    for name in FORMATS:
        (found,) = differences(bom, back(bom, name))
        assert (found.what, found.examples) == ("quantities", ("A in PRODUCT",))


# --- what is lost ---------------------------------------------------------------------------


def test_what_a_document_holds_beside_the_bill_is_counted(tmp_path: Path) -> None:
    digest = {"alg": "MD5", "content": "0" * 32}
    one = part("gun", licenses=[{"expression": "MIT"}], hashes=[digest, digest], own={"x:y": "z"})
    source = tmp_path / "in.json"
    source.write_text(document(part("VEHICLE", None, None, one), vulnerabilities=[{}, {}, {}, {}]), encoding="utf-8")
    found = lost(convert(source, tmp_path / "out.csv", PLACES))
    assert {what: one.count for what, one in found.items()} == {
        "hashes": 2, "licenses": 1, "other properties": 1, "vulnerabilities": 4,
    }  # fmt: skip
    assert found["hashes"].examples == ("$.components[0].components[0]",)


def test_origins_of_the_draft_are_carried_or_named(tmp_path: Path) -> None:
    def made_of(basis: str) -> list[dict[str, Any]]:
        return [{"stage": "manufactured", "basis": basis, "distribution": [{"isoCode": "DE", "percentage": 40}]}]

    inner = part("hull", origins=made_of("cost")), part("gun", origins=made_of("net weight"))
    source = tmp_path / "in.json"
    source.write_text(document(part("VEHICLE", None, None, *inner), version="2.0"), encoding="utf-8")
    found = lost(convert(source, tmp_path / "out.json", PLACES))
    assert found["origins by other than cost"].examples == ("Gun (manufactured, by net weight)",)
    text = (tmp_path / "out.json").read_text(encoding="utf-8")
    assert '{"name": "jointbuy:origin", "value": "DE 40"}' in text
    assert VALIDATOR.validate_str(text) is None


def test_columns_and_totals_of_a_table_are_named(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("part,parent,qty,cost,unit,Colour\nA,X,1,2,pc,red\n,,,2,,\n", encoding="utf-8")
    source.write_text("part,name,parent,qty,cost,unit,Colour\nA,,X,1,2,pc,red\n,Total,,,2,,\n", encoding="utf-8")
    assert set(lost(convert(source, tmp_path / "out.xlsx", PLACES))) == {"columns", "rows of totals"}


@needs_samples
def test_the_standards_documents_as_tables_and_back(tmp_path: Path) -> None:
    """With costs and quantities added they are bills; as table and as document again they say the same."""
    done = 0
    for sample in (one for one in [*SAMPLES, *DRAFTS] if one.name.startswith("valid-")):
        content = json.loads(sample.read_text(encoding="utf-8"))
        source, table, again = tmp_path / "in.json", tmp_path / "out.csv", tmp_path / "again.json"
        source.write_text(json.dumps(content), encoding="utf-8")
        for path in (table, again):
            path.unlink(missing_ok=True)
        with pytest.raises(Unusable, match=r"no components|no component states a cost"):
            convert(source, table, PLACES)
        open_ = [{"components": content.get("components", [])}]
        for holder in open_:
            open_ += holder.get("components", ())
        for one in open_[1:]:
            own = {"jointbuy:unitCost": "5", "jointbuy:quantity": "2", "jointbuy:currency": "EUR"}
            one["properties"] = [{"name": name, "value": value} for name, value in own.items()]
        content.setdefault("metadata", {}).setdefault("component", {"type": "device", "name": "the whole"})
        source.write_text(json.dumps(content), encoding="utf-8")
        if len(open_) > 1:
            convert(source, table, law.places())
            assert convert(table, again, law.places()).lost == ()
            assert VALIDATOR.validate_str(again.read_text(encoding="utf-8")) is None
            done += 1
    assert done >= 20


# --- the verb -------------------------------------------------------------------------------


def test_the_verb(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path)
    assert cli.main(["convert", str(tmp_path), str(tmp_path / "out.json"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"from", "to", "lost", "notes", "digests"} <= told.keys()
    assert told["lost"][0]["what"] == "purchase.yaml"
    assert set(told["digests"]) == {"purchase.yaml", "bom.csv", "out.json"}
    assert cli.main(["convert", str(tmp_path / "out.json"), str(tmp_path / "out.xlsx")]) == 0
    assert "nothing; reading the new file gives the same bill" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bom.csv", "out.json", "out.xlsx", "purchase.yaml"]


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path)
    assert cli.main(["convert", str(tmp_path), str(tmp_path / "bom.csv")]) == 2
    assert "nothing is overwritten" in capsys.readouterr().err
    assert (tmp_path / "bom.csv").read_text(encoding="utf-8") == BILL


@pytest.mark.parametrize(
    ("source", "target", "word"),
    [
        (".", "out.pdf", "names no format"),
        (".", "nowhere/out.csv", "there is no folder"),
        ("none.csv", "out.csv", "there is no file or folder"),
        ("purchase.txt.pdf", "out.csv", "no bill of materials"),
        ("empty.csv", "out.json", "the file is empty"),
        ("head.csv", "out.json", "no rows"),
        ("loop.csv", "out.json", "contains itself"),
        ("bare", "out.csv", "names no bill"),
    ],
)
def test_what_cannot_be_converted(tmp_path: Path, source: str, target: str, word: str) -> None:
    write(tmp_path)
    texts = {
        "purchase.txt.pdf": "", "empty.csv": "", "head.csv": "part,quantity,cost\n",
        "loop.csv": "part,parent,quantity,cost\nA,X,1,1\nB,A,1,1\nA,B,1,1\n",
    }  # fmt: skip
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "bare").mkdir()
    write(tmp_path / "bare", GOOD.replace("bill_of_materials: bom.csv\n", ""), None)
    with pytest.raises(Unusable, match=word):
        convert(tmp_path / source, tmp_path / target, PLACES)
    assert not (tmp_path / target).exists()


def test_a_cell_is_never_a_formula(tmp_path: Path) -> None:
    """What a spreadsheet would run is text in a workbook, and stands behind an apostrophe in CSV."""
    import openpyxl

    bom = bill(row("PRODUCT", "=1+1", 1, 5, supplier="@SUM(A1)"), row("PRODUCT", "+1", 1, 5, supplier="-1+1"))
    text = written(bom, ".csv").decode("utf-8-sig")
    assert "\n'=1+1," in text
    assert ",'@SUM(A1)," in text
    assert ",'-1+1," in text
    path = tmp_path / "out.xlsx"
    path.write_bytes(written(bom, ".xlsx"))
    loaded = openpyxl.load_workbook(path)
    kinds = {cell.value: cell.data_type for line in loaded["Bill"].iter_rows() for cell in line}
    loaded.close()
    assert kinds["=1+1"] == kinds["@SUM(A1)"] == "s"


def test_what_a_workbook_cannot_hold_is_refused_by_name() -> None:
    for odd in ("a\x01b", "a_x0041_b", "y" * 40_000):
        with pytest.raises(Unusable, match="the part of"):
            written(bill(row("PRODUCT", odd, 1, 5)), ".xlsx")


def test_the_collector_is_as_it_was(tmp_path: Path) -> None:
    assert gc.isenabled()
    good(tmp_path)
    assert gc.isenabled()
    bad(tmp_path, bill="part,qty,cost\nA,x,1\n")
    assert gc.isenabled()


# --- Parquet in -----------------------------------------------------------------------------

AS_PARQUET = GOOD.replace("bom.csv", "bom.parquet")


def parquet(path: Path, **columns: Any) -> None:
    pq.write_table(pa.table(columns), path)


def read_columns(folder: Path, **columns: Any) -> Any:
    parquet(folder / "bom.parquet", **columns)
    return good(folder, AS_PARQUET, None)


def refused(folder: Path, **columns: Any) -> list[str]:
    parquet(folder / "bom.parquet", **columns)
    return bad(folder, AS_PARQUET, None)


def test_types_of_columns(tmp_path: Path) -> None:
    found = read_columns(
        tmp_path,
        part=pa.array(["007", "B"]).dictionary_encode(),
        quantity=pa.array([2, 1], pa.int16()),
        unit_cost=pa.array([Decimal("12.500"), None], pa.decimal128(20, 3)),
        cost_low=pa.array([None, 0.1], pa.float32()),
        cost_high=pa.array([None, 0.3], pa.float64()),
        seen=pa.array([datetime(2026, 1, 1)] * 2),  # noqa: DTZ001
        inner=pa.array([{"a": 1}] * 2),
    )
    bom = found.bom
    assert edges(bom) == {("VEHICLE", "007", 2), ("VEHICLE", "B", 1)}
    assert bom.sources.price_low == (Fraction(25, 2), Fraction(1, 10))
    assert bom.sources.price_high == (Fraction(25, 2), Fraction(3, 10))
    assert any('"cost_low" holds binary floating point' in note for note in found.notes)
    assert any("columns not used: seen, inner" in note for note in found.notes)
    assert str(bom.edge_row[1]) == "bom.parquet:row 2, part"


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (pa.array([None, datetime(2026, 1, 1)]), ["row 2, origin", "timestamp"]),  # noqa: DTZ001
        (pa.array([date(2026, 1, 1), None]), ["row 1, origin", "date32"]),
        (pa.array([None, True]), ["row 2, origin", "bool"]),
        (pa.array([b"DE", None]), ["row 1, origin", "binary"]),
        (pa.array([["DE"], None]), ["nested", "unnest"]),
        (pa.array([{"code": "DE"}, None]), ["nested", "unnest"]),
    ],
)
def test_types_that_a_bill_has_no_use_for(tmp_path: Path, column: Any, words: list[str]) -> None:
    (told,) = refused(tmp_path, part=["A", "B"], quantity=[1, 1], unit_cost=["1", "2"], origin=column)
    assert all(word in told for word in ["bom.parquet", *words]), told


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_no_number_in_a_column_of_numbers(tmp_path: Path, value: float) -> None:
    told = refused(tmp_path, part=["A", "B"], quantity=[1, 1], unit_cost=pa.array([1.5, value], from_pandas=False))
    assert told[0].startswith("bom.parquet:row 2, unit_cost:")
    assert "no number" in told[0]


def test_damaged_parquet(tmp_path: Path) -> None:
    path = tmp_path / "bom.parquet"
    parquet(path, part=["A", "B"], quantity=[1, 1], unit_cost=["1", "2"])
    whole = path.read_bytes()
    for data in (b"", b"PAR1", b"part,quantity\n", whole[:-9], whole[: len(whole) // 2] + whole[-8:], b"\0" * 999):
        (told,) = bad(tmp_path, AS_PARQUET, data, "bom.parquet")
        assert told.startswith("bom.parquet: the file is damaged or not Parquet")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 3000), st.integers(0, 255))
def test_any_damage_to_parquet(tmp_path: Path, at: int, byte: int) -> None:
    path = tmp_path / "bom.parquet"
    parquet(path, part=["A", "B"], quantity=[1, 1], unit_cost=["1", "2"])
    data = bytearray(path.read_bytes())
    data[at % len(data)] = byte
    with contextlib.suppress(Unusable):  # nothing else may be raised
        good(tmp_path, AS_PARQUET, bytes(data), "bom.parquet")


def test_too_many_rows_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    many = pa.array(["A"]).dictionary_encode().take(pa.array([0] * 7_000_000, pa.int32()))
    (told,) = refused(tmp_path, part=many, quantity=pa.nulls(7_000_000), unit_cost=pa.nulls(7_000_000))
    assert "too large" in told


def test_one_long_text_in_many_rows_is_held_once(tmp_path: Path) -> None:
    """A small file whose texts would fill 100 GB if each row had its own."""
    rows = 100_000
    long = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * 1_000_000]))
    told = refused(tmp_path, part=long, quantity=pa.array(["1"] * rows), unit_cost=pa.array(["?"] * rows))
    assert (tmp_path / "bom.parquet").stat().st_size < 100_000
    assert told


def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (told,) = bad(tmp_path, AS_PARQUET, b"PAR1", "bom.parquet")
    assert 'pip install "jointbuy[parquet]"' in told
    write(tmp_path)
    with pytest.raises(Unusable, match=r"jointbuy\[parquet\]"):
        convert(tmp_path, tmp_path / "out.parquet", PLACES)


# --- several sheets -------------------------------------------------------------------------

TWO_ENDS = GOOD.replace("  - id: VEHICLE\n", "  - id: TANK\n    name: The tank\n  - id: SHIP\n")
TWO_ENDS = TWO_ENDS.replace("bom.csv", "bom.xlsx")
TITLES = ["Part", "Qty", "Unit cost"]
TANK, SHIP = [TITLES, ["HULL", 1, 5], ["BOLT", 8, 0.5]], [["a title"], TITLES, ["MAST", 2, 7], ["BOLT", 9, 0.5]]
WANTED = {("TANK", "HULL", 1), ("TANK", "BOLT", 8), ("SHIP", "MAST", 2), ("SHIP", "BOLT", 9)}


def test_a_sheet_for_each_end_product(tmp_path: Path) -> None:
    data = book({"Cover": [["text"]], "The tank": TANK, "SHIP": SHIP})
    found = good(tmp_path, TWO_ENDS, data, "bom.xlsx")
    assert edges(found.bom) == WANTED
    assert any("read as one bill: the sheets The tank, SHIP; not read: Cover" in note for note in found.notes)
    assert found.bom is not None
    assert {str(place) for place in found.bom.edge_row} >= {"bom.xlsx:The tank!A2", "bom.xlsx:SHIP!A3"}
    assert edges(good(tmp_path, TWO_ENDS.replace(".xlsx", ".xlsx#*"), data, "bom.xlsx").bom) == WANTED


def test_levels_begin_anew_on_each_sheet(tmp_path: Path) -> None:
    head = ["Level", "Part", "Qty", "Unit cost"]
    data = book({"TANK": [head, [1, "HULL", 1, None], [2, "PLATE", 4, 3]], "SHIP": [head, [1, "MAST", 2, 7]]})
    assert edges(good(tmp_path, TWO_ENDS, data, "bom.xlsx").bom) == {
        ("TANK", "HULL", 1), ("HULL", "PLATE", 4), ("SHIP", "MAST", 2),
    }  # fmt: skip
    data = book({"TANK": [head, [1, "HULL", 1, 3]], "SHIP": [head, [2, "MAST", 2, 7]]})
    (told,) = bad(tmp_path, TWO_ENDS, data, "bom.xlsx")
    assert told.startswith("bom.xlsx:SHIP!A2: level 2 comes too early")


def test_sheets_that_could_be_two_versions_are_not_added_up(tmp_path: Path) -> None:
    one = GOOD.replace("bom.csv", "bom.xlsx")
    (told,) = bad(tmp_path, one, book({"Rev A": TANK, "Rev B": SHIP}), "bom.xlsx")
    assert "Rev A, Rev B" in told
    assert "bom.xlsx#Rev A" in told
    assert "bom.xlsx#*" in told
    data = book({"Rev A": TANK, "Rev B": [TITLES, ["MAST", 2, 7]]})
    found = good(tmp_path, one.replace(".xlsx", ".xlsx#*"), data, "bom.xlsx")
    assert {child for _, child, _ in edges(found.bom)} == {"HULL", "BOLT", "MAST"}


def test_sheets_with_other_columns_are_named(tmp_path: Path) -> None:
    data = book({"TANK": TANK, "SHIP": [[*TITLES, "Origin"], ["MAST", 2, 7, "DE"]]})
    (told,) = bad(tmp_path, TWO_ENDS, data, "bom.xlsx")
    assert "the sheets TANK and SHIP cannot be read as one bill: they differ in origin" in told


def test_faults_in_several_sheets_are_told_by_cell(tmp_path: Path) -> None:
    data = book({"TANK": TANK, "SHIP": [TITLES, ["MAST", "x", 7], ["BOLT", "y", 0.5]]})
    told = bad(tmp_path, TWO_ENDS, data, "bom.xlsx")
    assert told[0].startswith('bom.xlsx:SHIP!B2: "Qty" is "x", and 1 more like it (row SHIP!3)')


def test_a_bill_alone_of_several_sheets(tmp_path: Path) -> None:
    head = ["Part", "Parent", "Qty", "Unit cost"]
    data = book({"A": [head, ["TANK", None, None, None], ["HULL", "TANK", 1, 5]], "B": [head, ["BOLT", "HULL", 8, 1]]})
    (tmp_path / "b.xlsx").write_bytes(data)
    convert(tmp_path / "b.xlsx#*", tmp_path / "out.csv", PLACES)
    bom = good(tmp_path, NO_END.replace("bom.csv", "out.csv"), None).bom
    assert edges(bom) == {("TANK", "HULL", 1), ("HULL", "BOLT", 8)}
