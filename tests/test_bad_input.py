"""What a user gets wrong: every message names its place and what to do (conventions §9, §10)."""

from __future__ import annotations

import contextlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formats_kit import BILL, GOOD, PLACES, bad, book, changed, write
from jointbuy.errors import Unusable
from jointbuy.formats import read

CASES = yaml.safe_load((Path(__file__).parent / "bad" / "cases.yaml").read_text(encoding="utf-8"))
BOOK = GOOD.replace("bom.csv", "bom.xlsx")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_bad_input(case: dict[str, Any], tmp_path: Path) -> None:
    purchase = case.get("purchase", GOOD)
    for old, new in case.get("change", {}).items():
        assert old in purchase
        purchase = purchase.replace(old, new, 1)
    told = bad(tmp_path, purchase, case.get("bill", BILL))
    place, *words = case["expect"]
    assert any(line.startswith(place) and all(word in line for word in words) for line in told), told


ALONE = {
    "missing cost",
    "negative cost",
    "a cycle",
    "unknown country",
    "a word as cost",
    "the same mistake in many cells",
}


def test_one_mistake_is_one_problem(tmp_path: Path) -> None:
    alone = [case for case in CASES if case["case"] in ALONE]
    for case in alone:
        purchase = GOOD
        for old, new in case.get("change", {}).items():
            purchase = purchase.replace(old, new, 1)
        assert len(bad(tmp_path, purchase, case.get("bill", BILL))) == 1, case["case"]


def test_every_problem_of_every_file_in_order(tmp_path: Path) -> None:
    purchase = (
        GOOD.replace("country: PL", "country: XX").replace("kind: defence", "kind: defense").replace("EUR", "EUX")
    )
    told = bad(tmp_path, purchase, "part,quantity,unit_cost\nHULL,0,x\nGUN,1,\n")
    places = [line.split(": ")[0] for line in told]
    assert places == ["purchase.yaml:6", "purchase.yaml:9", "purchase.yaml:14", "bom.csv:2", "bom.csv:2", "bom.csv:3"]


def test_wrong_encoding(tmp_path: Path) -> None:
    (told,) = bad(tmp_path, bill="part,name,quantity,unit_cost\nA,x,1,2\nB,Stück,1,2\n".encode("cp1252"))
    assert told.startswith("bom.csv:3: the file is not UTF-8")
    assert "0xfc" in told
    assert "CSV UTF-8" in told


def test_no_folder_and_no_purchase_file(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(Unusable, match="jointbuy init"):
            read(path, PLACES)


# --- workbooks ----------------------------------------------------------------------------


HEAD = ["Part", "Qty", "Unit cost"]


def told_of(folder: Path, data: bytes, name: str = "bom.xlsx") -> str:
    return "\n".join(bad(folder, GOOD.replace("bom.csv", name), data, name))


def test_several_sheets(tmp_path: Path) -> None:
    told = told_of(tmp_path, book({"One": [HEAD, ["A", 1, 2]], "Two": [HEAD, ["A", 1, 2]]}))
    assert "One, Two" in told
    assert "bom.xlsx#One" in told


def test_unknown_sheet(tmp_path: Path) -> None:
    told = "\n".join(bad(tmp_path, BOOK.replace("bom.xlsx", "bom.xlsx#Partz"), book({"Parts": [HEAD]}), "bom.xlsx"))
    assert 'did you mean "Parts"?' in told


def test_formula_without_a_value(tmp_path: Path) -> None:
    told = told_of(tmp_path, book({"Parts": [["a title"], HEAD, ["A", 1, "=1+1"]]}))
    assert told.startswith("bom.xlsx:Parts!C3: the formula has no calculated value")
    assert "has no cost" not in told


def test_a_comma_in_many_text_cells_is_one_problem_a_column(tmp_path: Path) -> None:
    rows = [[f"P{index}", 1, f"1,{index}"] for index in range(100, 120)]
    (told,) = told_of(tmp_path, book({"Parts": [HEAD, *rows]})).split("\n")
    assert told.startswith('bom.xlsx:Parts!C2: "Unit cost" is "1,100", and 19 more like it')


def test_error_cell_and_truth_value(tmp_path: Path) -> None:
    told = told_of(tmp_path, book({"Parts": [HEAD, ["A", 1, "#REF!"], ["B", True, 3]]}))
    assert "bom.xlsx:Parts!C2: the cell holds the error #REF!" in told
    assert 'bom.xlsx:Parts!B3: "Qty" holds TRUE' in told


def test_sheet_that_reaches_too_far(tmp_path: Path) -> None:
    data = book({"Parts": [HEAD, ["A", 1, 2]]})
    told = told_of(tmp_path, changed(data, "xl/worksheets/sheet1.xml", b'r="C2"', b'r="XFD1048576"'))
    assert "XFD1048576" in told


def test_entities_are_refused(tmp_path: Path) -> None:
    data = book({"Parts": [HEAD, ["A", 1, 2]]})
    attack = b'<!DOCTYPE w [<!ENTITY a "aaaa">]><worksheet'
    assert "document type" in told_of(tmp_path, changed(data, "xl/worksheets/sheet1.xml", b"<worksheet", attack))


def test_zip_bomb(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("xl/workbook.xml", b" " * 3_000_000)
    assert "packed more tightly" in told_of(tmp_path, file.getvalue())


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("bom.xlsm", b"PK\x03\x04", "macros"),
        ("bom.xlsx", b"\xd0\xcf\x11\xe0....", "password"),
        ("bom.xlsx", b"part,quantity\n", "not a workbook"),
        ("bom.csv", b"PK\x03\x04", "ending .xlsx"),
    ],
)
def test_not_a_plain_workbook(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    assert words in told_of(tmp_path, data, name)


# --- anything at all ----------------------------------------------------------------------

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CELL = st.sampled_from(
    ["", "A", "B", "VEHICLE", "1", "0.5", "1,5", "-", "1.2", "DE 60; US 40", "90 - 110", '"', "½", "NA"]
)


def survives(folder: Path) -> None:
    with contextlib.suppress(Unusable):  # nothing else may be raised
        read(folder, PLACES)


@quick
@given(st.binary(max_size=400))
def test_any_bytes_as_bill(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "purchase.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bom.csv").write_bytes(data)
    survives(tmp_path)


@quick
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: (GOOD + text).encode("utf-8", "replace")))
def test_any_bytes_as_purchase(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "purchase.yaml").write_bytes(data)
    survives(tmp_path)


@quick
@given(
    st.lists(
        st.sampled_from(["part", "parent", "level", "quantity", "per", "origin", "cost", "awarded", "supplier"]),
        max_size=9,
    ),
    st.lists(st.lists(CELL, max_size=9), max_size=12),
    st.sampled_from(",;"),
)
def test_any_table(tmp_path: Path, header: list[str], rows: list[list[str]], delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in [[*header, "part", "quantity"], *rows])
    (tmp_path / "purchase.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bom.csv").write_text(text, encoding="utf-8")
    survives(tmp_path)


@quick
@given(st.integers(0, 5000), st.integers(0, 255))
def test_any_damage_to_a_workbook(tmp_path: Path, at: int, byte: int) -> None:
    data = bytearray(DAMAGED)
    data[at % len(data)] = byte
    (tmp_path / "purchase.yaml").write_text(BOOK, encoding="utf-8")
    (tmp_path / "bom.xlsx").write_bytes(bytes(data))
    survives(tmp_path)


DAMAGED = book({"Parts": [HEAD, ["A", 1, 2]]})


def test_the_table_is_as_long_as_promised() -> None:
    assert len({case["case"] for case in CASES}) == len(CASES) >= 80


FILES = {
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "bom.csv:2", "the file is not UTF-8 text"),
    "Latin-1": ("part,name,quantity,unit_cost\nHULL,Türe,1,10\n".encode("latin-1"), "bom.csv:2", "save it again as"),
    "UTF-16 without a mark": ("part,quantity,unit_cost\nA,1,1\n".encode("utf-16-le"), "bom.csv:1", "control character"),
    "one line of ten million signs": (b"part,quantity,unit_cost\n" + b"A" * 10**7 + b",1,1\n", "bom.csv:2", "row"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "bom.csv:1", ""),
    "only blanks": (b" \n\t\n", "bom.csv", "the file is empty"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_something_else(tmp_path: Path, name: str) -> None:
    data, place, words = FILES[name]
    told = bad(tmp_path, GOOD, data)
    assert told[0].startswith(place), told
    assert words in told[0], told


@pytest.mark.parametrize("name", ["purchase.yaml", "bom.csv"])
def test_a_file_of_200_megabytes_is_not_read(tmp_path: Path, name: str) -> None:
    write(tmp_path)
    with (tmp_path / name).open("r+b") as file:
        file.truncate(200_000_000)  # a hole where the file system allows one: nothing is written
    with pytest.raises(Unusable) as caught:
        read(tmp_path, PLACES)
    (problem,) = caught.value.problems
    assert "is too large" in str(problem)
    assert "200,000,000 bytes" in str(problem)


def test_a_folder_where_a_file_belongs(tmp_path: Path) -> None:
    write(tmp_path, bill=None)
    (tmp_path / "bom.csv").mkdir()
    with pytest.raises(Unusable, match="there is no file"):
        read(tmp_path, PLACES)


@pytest.mark.parametrize("words", ["unclassified", "EU UNCLASSIFIED", "none", "public"])
def test_a_marking_that_says_otherwise_is_read(tmp_path: Path, words: str) -> None:
    write(tmp_path, GOOD.replace("id: example", f"marking: {words}\nid: example"))
    assert read(tmp_path, PLACES).purchase.id == "example"


SENTENCES = [
    "Radio for restricted rooms",
    "access to classified information",
    "Secret garden Ltd",
    "# for the confidential annex see safe 3",
]


@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_about_secrets_is_no_marking(tmp_path: Path, text: str) -> None:
    line = text if text.startswith("#") else f"title: {text}"
    write(tmp_path, GOOD.replace("id: example", f"id: example\n{line}"))
    assert read(tmp_path, PLACES).purchase.id == "example"


def test_a_line_may_be_rounded_to_the_cent(tmp_path: Path) -> None:
    """3 at 0.335 are 1.005; a bill that writes 0.34 and 1.01 contradicts nobody."""
    write(tmp_path, bill="part,quantity,unit_cost,line_cost\nHULL,3,0.34,1.01\n")
    assert read(tmp_path, PLACES).bom is not None


def test_who_says_that_the_machine_is_cleared_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, GOOD.replace("id: example", "# NATO RESTRICTED\nmarking: NATO RESTRICTED\nid: example"))
    monkeypatch.setenv("JOINTBUY_CLEARED", "0")
    with pytest.raises(Unusable, match="classified files are not read"):
        read(tmp_path, PLACES)
    monkeypatch.setenv("JOINTBUY_CLEARED", "1")
    assert read(tmp_path, PLACES).purchase.id == "example"
