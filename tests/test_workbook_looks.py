"""What a workbook says by how it shows its cells: per cents, currencies, rows hidden or struck out, merged cells."""

from __future__ import annotations

import io
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

from formats_kit import GOOD, bad, good
from jointbuy.model import Bom

BOOK = GOOD.replace("bom.csv", "bom.xlsx")
HEAD = ["part", "quantity", "unit_cost", "origin"]


def shown_as(rows: list[list[Any]], change: Callable[[Any], None]) -> bytes:
    """A workbook whose one sheet was changed after its rows were written."""
    made = openpyxl.Workbook()
    made.active.title = "Parts"
    for row in rows:
        made.active.append(row)
    change(made.active)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def formats(**codes: str) -> Callable[[Any], None]:
    """Give cells a format of numbers."""

    def change(sheet: Any) -> None:
        for cell, code in codes.items():
            sheet[cell].number_format = code

    return change


def read(folder: Path, rows: list[list[Any]], change: Callable[[Any], None]) -> tuple[Bom, tuple[str, ...]]:
    found = good(folder, BOOK, shown_as(rows, change), "bom.xlsx")
    assert found.bom is not None
    return found.bom, found.notes


def told(folder: Path, rows: list[list[Any]], change: Callable[[Any], None]) -> list[str]:
    return bad(folder, BOOK, shown_as(rows, change), "bom.xlsx")


@pytest.mark.parametrize("code", ["0%", "0.00%", "0.0 %", '0.0"  "%'])
def test_a_cell_shown_as_a_per_cent_is_one(tmp_path: Path, code: str) -> None:
    """4 and 5 % of scrap are 4.2; 3 at a yield of 75 % are 4; a yield of 100 % leaves 2."""
    rows = [
        [*HEAD, "scrap", "yield"],
        ["A", 4, 10, "US", 0.05, None],
        ["B", 3, 6, "DE", None, 0.75],
        ["C", 2, 6, "DE", None, 1],
    ]
    bom, _ = read(tmp_path, rows, formats(E2=code, F3=code, F4=code))
    assert bom.quantity == (Fraction("4.2"), 4, 2)


def test_awarded_shares_shown_as_per_cents(tmp_path: Path) -> None:
    rows = [[*HEAD, "supplier", "awarded"], ["A", 1, 100, "US", "ONE", 0.6], ["A", 1, 100, "DE", "TWO", 0.4]]
    bom, _ = read(tmp_path, rows, formats(F2="0%", F3="0%"))
    assert bom.sources.awarded == (Fraction(3, 5), Fraction(2, 5))


@pytest.mark.parametrize("code", ["General", '0.00"%"', "0.00"])
def test_a_fraction_that_is_not_shown_as_a_per_cent_is_asked_about(tmp_path: Path, code: str) -> None:
    """The last shows a sign that Excel does not take for a per cent."""
    (line,) = told(tmp_path, [[*HEAD, "scrap"], ["A", 1, 100, "US", 0.05]], formats(E2=code))
    assert line.startswith('bom.xlsx:Parts!E2: "scrap" is "0.05": up to 1 it may be a part of one or a per cent')


def test_a_text_in_a_cell_of_per_cents_is_read_as_written(tmp_path: Path) -> None:
    """4 and 5 % are 4.2, and 4 and 2.5 % 4.1, whose comma tells how the others are written."""
    rows = [[*HEAD, "scrap"], ["A", 4, 10, "US", "5 %"], ["B", 4, 10, "DE", "2,5"], ["C", 4, 10, "DE", 0.025]]
    bom, _ = read(tmp_path, rows, formats(E2="0%", E3="0%", E4="0.0%"))
    assert bom.quantity == (Fraction("4.2"), Fraction("4.1"), Fraction("4.1"))


def test_hidden_and_struck_rows_count_and_are_told(tmp_path: Path) -> None:
    rows = [HEAD, ["A", 1, 100, "US"], ["B", 1, 200, "DE"], ["C", 1, 300, "DE"], ["D", 1, 400, "DE"]]

    def change(sheet: Any) -> None:
        sheet.row_dimensions[2].hidden = True
        sheet.row_dimensions[5].hidden = True
        for cell in sheet[4]:
            cell.font = Font(strike=True)
        sheet["B3"].font = Font(bold=True)

    bom, notes = read(tmp_path, rows, change)
    assert bom.sources.price_low == (100, 200, 300, 400)
    assert "bom.xlsx: hidden in the sheet Parts, and counted all the same: rows 2, 5" in notes
    assert "bom.xlsx: struck out in the sheet Parts, and counted all the same: row 4" in notes


def test_nothing_is_said_where_nothing_is_hidden(tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        sheet.row_dimensions[2].hidden = False
        sheet.row_dimensions[4].hidden = True  # below the bill
        sheet["A2"].font = Font(strike=False)

    _, notes = read(tmp_path, [HEAD, ["A", 1, 100, "US"]], change)
    assert not any("counted all the same" in note for note in notes)


def test_a_merged_cell_says_its_word_in_every_row(tmp_path: Path) -> None:
    rows = [HEAD, ["A", 1, 100, "US"], ["B", 1, 200, None], ["C", 1, 300, "DE"]]
    bom, notes = read(tmp_path, rows, lambda sheet: sheet.merge_cells("D2:D3"))
    assert [dict(origin) for origin in bom.sources.origin] == [{"US": 1}, {"US": 1}, {"DE": 1}]
    assert "bom.xlsx: what the merged cells Parts!D2:D3 say was read in each of their rows" in notes


@pytest.mark.parametrize(
    ("ref", "why"),
    [("C2:C3", "of each row or of all of them"), ("D2:E3", "they span several columns")],
)
def test_merged_cells_that_may_mean_two_things_are_refused(tmp_path: Path, ref: str, why: str) -> None:
    rows = [[*HEAD, "evidence"], ["A", 1, 100, "US", None], ["B", 1, None, None, None]]
    lines = told(tmp_path, rows, lambda sheet: sheet.merge_cells(ref))
    assert any(
        line.startswith(f"bom.xlsx:Parts!{ref[:2]}: the cells {ref} are merged") and why in line for line in lines
    )


def test_merged_cells_that_span_no_two_rows_of_the_bill_say_nothing(tmp_path: Path) -> None:
    rows = [["A title"], HEAD, ["A", 1, 100, "US"], [None], ["A remark"]]

    def change(sheet: Any) -> None:
        sheet.merge_cells("A1:D1")
        sheet.merge_cells("D3:D4")

    rows = rows[:4]
    bom, notes = read(tmp_path, rows, change)
    assert bom.sources.price_low == (100,)
    assert not any("merged" in note for note in notes)


@pytest.mark.parametrize(
    ("code", "sign"),
    [
        ("[$$-409]#,##0.00", "$"),
        ('"$"#,##0.00', "$"),
        ("[$USD] #,##0.00", "USD"),
        ('#,##0.00 "CHF"', "CHF"),
        ("[$£-809]#,##0.00", "£"),
        ("_-[$zł-415]* #,##0.00_-", "zł"),
    ],
)
def test_a_cost_shown_in_another_currency_is_refused(tmp_path: Path, code: str, sign: str) -> None:
    rows = [HEAD, ["A", 1, 100, "US"], ["B", 1, 200, "DE"], ["C", 1, 200, "DE"]]
    (line,) = told(tmp_path, rows, formats(C2=code, C4=code))
    assert line.startswith(f'bom.xlsx:Parts!C2: the cell is shown in "{sign}", and 1 more: its number would be read as')
    assert "EUR" in line
    assert "write the currency in a column currency" in line


@pytest.mark.parametrize("code", ["#,##0.00 [$€-407]", '"€"#,##0.00', "[$EUR] 0.00", "#,##0.00;[Red]-#,##0.00", "$"])
def test_a_cost_shown_in_the_currency_that_is_read(tmp_path: Path, code: str) -> None:
    """The last stands beside a column that says which dollars they are."""
    rows = [[*HEAD, "currency"], ["A", 1, 100, "US", "USD" if code == "$" else None]]
    rate = "exchange_rates: {currency: USD, rate: 0.9, on: 2026-09-01, source: an invented bank}\n"
    data = shown_as(rows, formats(C2="[$$-409]#,##0.00" if code == "$" else code))
    found = good(tmp_path, BOOK + rate, data, "bom.xlsx")
    assert found.bom is not None
    assert found.bom.sources.currency == ("USD" if code == "$" else "EUR",)
