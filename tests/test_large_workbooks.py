"""The fast reader of large workbooks gives what the row-by-row reader gives, or leaves the workbook to it."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formats_kit import PLACES, book, changed, write
from jointbuy.errors import Unusable
from jointbuy.formats import Read, bill, read
from sheet_kit import packed, row, sheet, strings
from test_large_reading import HEAD, PURCHASE, both, random_table, same

pytest.importorskip("numba", reason="needs the extra `large`")
WORKBOOK = PURCHASE.replace("bom.csv", "bom.xlsx")
TITLES = HEAD.split(",")


def alike(folder: Path, monkeypatch: pytest.MonkeyPatch, data: bytes) -> tuple[Read, bool]:
    """What both readers give of a workbook, which must be the same; and whether the fast one did it."""
    slow, fast, taken = both(folder, monkeypatch, data, "bom.xlsx")
    same(slow, fast)
    return fast, taken


def cells(text: str, draw: Random) -> list[list[Any]]:
    """A table with its numbers as numbers, or now and then as text."""

    def cell(value: str) -> Any:
        try:
            return float(value) if draw.random() < 0.9 and value == value.strip() else value
        except ValueError:
            return value or None

    return [[cell(value) for value in line] for line in csv.reader(io.StringIO(text))]


def test_ordinary_workbooks_are_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = 0
    for seed in range(60):
        data = book({"Bill": cells(random_table(seed), Random(seed))})
        fast += alike(tmp_path, monkeypatch, data)[1]
    assert fast > 40, fast


def test_xml_may_be_cut_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of a few hundred bytes, which end within tags and texts."""
    from jointbuy.formats import sheet_codes

    fast = 0
    for seed in range(25):
        monkeypatch.setattr(sheet_codes, "_CHUNK", 300 + 7 * seed)
        data = book({"Bill": cells(random_table(seed), Random(seed))})
        fast += alike(tmp_path, monkeypatch, data)[1]
    assert fast > 15, fast


def text(value: str) -> str:
    return f't="inlineStr"><is><t>{value}</t></is></c>'


NUMBERS = st.one_of(
    st.integers(1, 10**17).map(str),
    st.floats(1e-7, 1e17).map(repr),
    st.decimals(0, 10**6, places=3).map(str),
    st.sampled_from(["0.10000000000000001", "1E-3", "1.5E+20", "007", "+1.50", "5.", ".5", "0.00001", "12.0", "1,5"]),
)
TEXTS = st.sampled_from(
    ["A", "b", " B ",
     "A&amp;B", "&#65;", "&#x142;", "Zahnrad &lt;2&gt;", "ł", "7", "7.5", "1,5", "1.234,50", "90 - 110",
     "a_x000_b", "a_b", "\u00a0C", "Summe", "", " ", "2026-01-02", "&quot;x&quot;", "&apos;"]
)  # fmt: skip


PLAIN = st.one_of(
    NUMBERS.map(lambda one: f"><v>{one}</v></c>"),
    TEXTS.map(text),
    TEXTS.map(lambda one: f't="str"><f>A1&amp;"x"</f><v>{one}</v></c>'),
    st.integers(0, 9).map(lambda one: f't="s"><v>{one}</v></c>'),
    st.sampled_from(
        [
            "/>",
            's="6"/>',
            "><v></v></c>",
            's="1"><v>45000</v></c>',
            's="2"><v>45000.25</v></c>',
            's="5"><v>1.5</v></c>',
            's="4"><v>2.5</v></c>',
            "><f>1+1</f><v>2</v></c>",
            's="0" t="n"><v>3</v></c>',
        ]
    ),
)
ODD = st.sampled_from(
    [
        "><f>1+1</f></c>",
        't="b"><v>1</v></c>',
        't="e"><v>#REF!</v></c>',
        't="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>',
        't="inlineStr"><is><t>a_x000D_b</t></is></c>',
        "><v>-3</v></c>",
    ]
)
COSTS = st.one_of(NUMBERS.map(lambda one: f"><v>{one}</v></c>"), st.sampled_from(["90 - 110", "5", "7.25"]).map(text))


@st.composite
def workbooks(draw: st.DrawFn) -> bytes:
    """A bill of a few rows with any cells where any text may stand; and in one of two anywhere."""
    odd = draw(st.booleans())
    lines, at = [row(1, ["Bill"]), row(3, [*TITLES, "name", "evidence", "remark"])], 3
    for each in range(draw(st.integers(1, 6))):
        at += draw(st.sampled_from([1, 1, 1, 2]))
        if draw(st.integers(0, 7)) == 0:
            lines.append(f'<row r="{at}"><c r="C{at}" t="inlineStr"><is><t>Total</t></is></c></row>')
            continue
        said = {
            "A": text(f"P{each}"),
            "C": draw(st.sampled_from(["><v>1</v></c>", "><v>2.5</v></c>", text("3")])),
            "D": draw(COSTS),
            "E": draw(st.sampled_from([text("DE"), "/>", text("US 50; CA 50")])),
            "F": draw(PLAIN),
            "G": draw(PLAIN),
            "H": draw(PLAIN | ODD),
        }
        if odd:
            said[draw(st.sampled_from("ACDEFG"))] = draw(PLAIN | ODD)
        written = "".join(f'<c r="{column}{at}" {cell}' for column, cell in said.items())
        lines.append(f'<row r="{at}" spans="1:7">{written}</row>')
    shared = strings(
        "<t>S</t>", '<t xml:space="preserve"> B </t>', "<r><t>c</t></r><r><rPr/><t>d &amp;</t></r><rPh><t>no</t></rPh>",
        "<t>1,25</t>", "<t/>", "<t>A&amp;B</t>", "<t>x_x000D_y</t>", "<t>_x005F_x000D_</t>", "<t>_xD800_ _x00e9_</t>",
        "<t>S</t>",
    )  # fmt: skip
    return packed({"Bill": sheet("".join(lines))}, shared)


@settings(max_examples=90, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=workbooks())
def test_any_cells_are_read_alike(tmp_path: Path, data: bytes) -> None:
    """The records and notes, or the problems with their cells, are the same."""
    with pytest.MonkeyPatch.context() as patch:
        told_alike(tmp_path, patch, data)


def told_alike(folder: Path, patch: pytest.MonkeyPatch, data: bytes, purchase: str = WORKBOOK) -> list[str] | None:
    """The problems of a workbook, which both readers tell alike; None where there are none."""
    write(folder, purchase, data, "bom.xlsx")
    told: list[Any] = []
    for least in (10**12, 0):
        patch.setattr(bill, "LARGE", least)
        try:
            told.append(read(folder, PLACES))
        except Unusable as error:
            told.append([str(problem) for problem in error.problems])
    slow, fast = told
    if isinstance(slow, Read) and isinstance(fast, Read):
        same(slow, fast)
        return None
    assert slow == fast
    found: list[str] = fast
    return found


ROWS = row(1, TITLES) + row(2, ["A", "", "1", "5", "DE"]) + row(3, ["B", "", "2", "6", ""])
WAYS = {
    "as it is": sheet(ROWS + row(4, ["C", "A", "2", "6", ""])),
    "an indented document": sheet(
        ROWS.replace("<c", "\n  <c").replace("<row", "\n <row").replace("</row>", "\n </row>\n")
    ) + "\n",
    "single quotes": sheet(ROWS.replace('"', "'") + row(4, ["C", "", "1", "7", ""])),
    "no names of cells": sheet(
        "<row>" + "".join(f'<c {text(title)}' for title in TITLES) + "</row>"
        + "".join(f"<row><c {text(part)}<c/><c><v>1</v></c><c><v>2.50</v></c></row>" for part in "ABC")
    ),
    "rows without cells": sheet(f'{ROWS}<row r="7" ht="3"/><row r="8"></row>' + row(9, ["C", "", "1", "7", ""])),
    "merged cells and a filter after the rows": sheet(
        ROWS + row(4, ["C", "", "1", "7", ""]),
        '<dimension ref="A1:E4"/><cols><col min="1" max="1" width="9"/></cols>',
        '<autoFilter ref="A1:E4"/><mergeCells count="1"><mergeCell ref="A5:E5"/></mergeCells>',
    ),
    "hidden rows": sheet((ROWS + row(4, ["C", "", "1", "7", ""])).replace('<row r="2"', '<row r="2" hidden="1"')),
    "a date above the header and one beside": sheet(
        '<row r="1"><c r="A1" s="1"><v>46000</v></c></row>' + row(3, [*TITLES, "evidence"])
        + row(4, ["A", "", "1", "5", "DE"]).replace("</row>", '<c r="F4" s="3"><v>46000</v></c></row>')
        + row(5, ["B", "", "1", "5", "DE"]).replace("</row>", '<c r="F5" s="5"><v>1.5</v></c></row>')
    ),
    "decimal commas in texts beside numbers": sheet(
        ROWS.replace("<t>5</t>", "<t>5,25</t>") + '<row r="4"><c r="A4" ' + text("C") + '<c r="C4"><v>1</v></c>'
        '<c r="D4"><v>1.125</v></c></row>'
    ),
    "a total without a part": sheet(
        ROWS + row(4, ["C", "", "1", "7", ""]) + row(5, ["", "Total", "", "18", ""]) + row(6, ["", " ", "", "", ""])
    ),
    "no such sheet, only an empty one beside": sheet(ROWS + row(4, ["C", "", "1", "7", ""])),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_ways_to_write_a_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    sheets = {"Bill": WAYS[way]} | ({"Notes": sheet(""), "More": sheet(row(2, ["x"]))} if "beside" in way else {})
    for properties in ("", '<workbookPr date1904="1"/>'):
        _, taken = alike(tmp_path, monkeypatch, packed(sheets, properties=properties))
        assert taken


LEFT = {
    "a prefix": sheet(ROWS.replace("<row", "<x:row").replace("</row", "</x:row"))
    .replace("<sheetData", "<sheetData xmlns:x='x'"),
    "a comment": sheet(ROWS.replace("<row", "<!-- row --><row")),
    "a section of raw text": sheet(ROWS.replace("<t>A</t>", "<t><![CDATA[A]]></t>")),
    "rows out of order": sheet(row(1, TITLES) + row(3, ["B", "", "2", "6", ""]) + row(2, ["A", "", "1", "5", "DE"])),
    "a cell twice": sheet(ROWS.replace('r="B3"', 'r="A3"')),
    "a text in several runs": sheet(ROWS.replace("<is><t>A</t></is>", "<is><r><t>A</t></r></is>")),
    "a document type": sheet(ROWS).replace("<worksheet", "<!DOCTYPE x><worksheet"),
    "an unknown entity": sheet(ROWS.replace("<t>A</t>", "<t>&nbsp;A</t>")),
    "a broken end": sheet(ROWS, after="<mergeCells><mergeCell></mergeCells>"),
    "no end": sheet(ROWS).removesuffix("</worksheet>"),
    "rows that end early": sheet(ROWS)[:-60],
    "a string that is not there": sheet(ROWS.replace(f'r="E2" {text("DE")}', 'r="E2" t="s"><v>7</v></c>')),
    "a row beyond the last": sheet(ROWS + row(1_048_577, ["C"])),
    "a truth": sheet(ROWS.replace(f'r="D2" {text("5")}', 'r="D2" t="b"><v>1</v></c>')),
    "an error": sheet(ROWS.replace(f'r="D2" {text("5")}', 'r="D2" t="e"><v>#REF!</v></c>')),
    "a formula without a value": sheet(ROWS.replace(f'r="D2" {text("5")}', 'r="D2"><f>1+1</f></c>')),
    "another coding": sheet(ROWS).replace("UTF-8", "ISO-8859-1"),
    "an unknown kind of cell": sheet(ROWS.replace('t="inlineStr"', 't="other"')),
    "a marking": sheet(ROWS + row(9, ["NATO SECRET"])),
    "a level that is a number": sheet(
        row(1, ["level", "part", "quantity", "unit_cost"])
        + '<row r="2"><c r="A2"><v>1.1</v></c><c r="B2" ' + text("A")
        + '<c r="C2"><v>1</v></c><c r="D2"><v>1</v></c></row>'
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", LEFT)
def test_what_is_unusual_in_a_sheet_is_left_to_the_other_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    told_alike(tmp_path, monkeypatch, packed({"Bill": LEFT[way]}))


def test_sheets_are_chosen_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By name, by the only header, and not at all where two could be meant."""
    bills = {"One": WAYS["as it is"], "Two": WAYS["a total without a part"], "Notes": sheet(row(1, ["x"]))}
    data = packed(bills)
    for name in ("#One", "#two", "#*", "#Three", "#Notes", ""):
        told_alike(tmp_path, monkeypatch, data, WORKBOOK.replace("bom.xlsx", f"bom.xlsx{name}"))
    _, taken = alike(tmp_path, monkeypatch, packed({"Notes": sheet(""), "One": WAYS["as it is"]}))
    assert taken


def test_damaged_and_hostile_workbooks_end_in_the_same_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed({"Bill": WAYS["as it is"]})
    bomb = packed({"Bill": sheet(ROWS, after="<a>" + " " * 30_000_000 + "</a>")})
    entities = sheet(ROWS).replace("<worksheet", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet')
    far = packed({"Bill": sheet(ROWS + f'<row r="1048576"><c r="XFD1048576" {text("x")}</row>')})
    cases = {
        "truncated": data[: len(data) // 2],
        "bytes changed": data.replace(b"PK\x01\x02", b"PK\x01\x03"),
        "a bomb": bomb,
        "entities": packed({"Bill": entities}),
        "no XML": changed(data, "xl/workbook.xml", b"<sheets>", b"<sheets><!"),
    }
    for name, one in cases.items():
        assert told_alike(tmp_path, monkeypatch, one), name
    monkeypatch.setattr(bill, "LARGE", 0)
    write(tmp_path, WORKBOOK, far, "bom.xlsx")
    with pytest.raises(Unusable, match="Bill!A1048576: this row has no part id"):  # not laid out up to there
        read(tmp_path, PLACES)


SHOWN = [*TITLES, "scrap", "yield", "supplier", "awarded", "currency"]


@st.composite
def shown(draw: st.DrawFn) -> tuple[bytes, str]:
    """A bill with per cents, struck-out and hidden rows, merged cells, costs shown in dollars, texts with signs."""
    one = draw(st.sampled_from(["", "per cent", "text", "money", "merged"]))
    titles = [title if title != "quantity" or one != "text" or draw(st.booleans()) else "Menge" for title in SHOWN]
    lines = [row(1, titles)]
    rows = draw(st.integers(2, 5))
    for at in range(2, rows + 2):
        said = {"A": text(f"P{at}"), "C": "><v>4</v></c>", "D": "><v>5.125</v></c>", "E": text("DE")}
        if one == "per cent" or draw(st.integers(0, 3)) == 0:
            numbers = ["0.05", "0.5", "1", "0", "2.5E-2", "7", "0.075"]
            value = draw(st.sampled_from([f"><v>{number}</v></c>" for number in numbers] + [text("5 %"), text("2,5")]))
            said[draw(st.sampled_from("FG"))] = (
                f's="{draw(st.sampled_from([7, 7, 8, 0]))}" {value.replace(">", " >", 1)}'
            )
        if one == "per cent" and draw(st.booleans()):
            said |= {"H": text("ONE"), "I": f's="7"><v>{draw(st.sampled_from(["1", "0.6", "100"]))}</v></c>'}
        if one == "text":
            signs = ["1,234", "1.234", "1.234,50", "1,234.50", "12,5", "12.5", "7", "1.234.567", "1'234.50"]
            said[draw(st.sampled_from("CDF"))] = text(draw(st.sampled_from(signs)))
        if one == "money":
            said["D"] = f's="{draw(st.sampled_from([9, 9, 0]))}"><v>5</v></c>'
            said["J"] = text(draw(st.sampled_from(["USD", "EUR", "USD", ""])))
        look = draw(st.sampled_from(["", "", 's="10" ', 's="8" ']))
        for column in draw(st.sampled_from(["A", "B", "E"])):
            said[column] = look + said.get(column, draw(st.sampled_from([text(" "), "/>", 't="s"><v>4</v></c>'])))
        hidden = draw(st.sampled_from(["", "", ' hidden="1"', " hidden='0'", ' hidden="true"']))
        written = "".join(f'<c r="{column}{at}" {said[column]}' for column in sorted(said))
        lines.append(f'<row r="{at}"{hidden}>{written}</row>')
    merged = (
        draw(st.sampled_from(["E2:E3", "A2:B2", "C2:C3", "L2:L3", "E3:E9", "D2:E3"])) if one == "merged" else "A40:B41"
    )
    after = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>'
    return packed({"Bill": sheet("".join(lines), after=after)}, strings(*["<t>S</t>"] * 4, "<t/>")), one


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=shown())
def test_what_cells_look_like_is_read_alike(tmp_path: Path, made: tuple[bytes, str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        told_alike(tmp_path, patch, made[0])


def test_per_cents_and_rows_hidden_or_struck_out_are_read_fast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """4 and 5 % are 4.2, and 3 at a yield of 75 % are 4; rows 2 and 3 count, and that is said."""
    rows = (
        f'<row r="2" hidden="1"><c r="A2" {text("A")}<c r="B2"><v>4</v></c><c r="C2"><v>5</v></c>'
        '<c r="D2" s="7"><v>0.05</v></c></row>'
        f'<row r="3"><c r="A3" s="10" {text("B")}<c r="B3"><v>3</v></c><c r="C3"><v>6</v></c>'
        '<c r="E3" s="7"><v>0.75</v></c></row>'
    )
    data = packed({"Bill": sheet(row(1, ["part", "quantity", "unit cost", "scrap", "yield"]) + rows)})
    found, taken = alike(tmp_path, monkeypatch, data)
    assert taken
    assert found.bom is not None
    assert [float(one) for one in found.bom.quantity] == [4.2, 4]
    assert "bom.xlsx: hidden in the sheet Bill, and counted all the same: row 2" in found.notes
    assert "bom.xlsx: struck out in the sheet Bill, and counted all the same: row 3" in found.notes


def test_costs_shown_in_the_currency_they_are_read_in_are_read_fast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, Any] = {}
    for currency in ("USD", "EUR"):
        numbers = '<c r="B2"><v>4</v></c><c r="C2" s="9"><v>5</v></c>'
        rows = f'<row r="2"><c r="A2" {text("A")}{numbers}<c r="D2" {text(currency)}</row>'
        data = packed({"Bill": sheet(row(1, ["part", "quantity", "unit cost", "currency"]) + rows)})
        told[currency] = told_alike(tmp_path, monkeypatch, data)
    assert told["USD"] is None
    assert "the cell is shown in" in told["EUR"][0]
