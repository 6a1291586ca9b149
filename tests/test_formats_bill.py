"""Bills of materials in the shapes people have them."""

from __future__ import annotations

import io
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest

from formats_kit import BILL, GOOD, bad, book, changed, good
from jointbuy.content.basis import COUNTED
from jointbuy.errors import Where
from jointbuy.formats.bill_left import LEFT_OUT
from jointbuy.formats.columns import recognise
from jointbuy.model import Bom, CostKind

NO_END = GOOD.replace("end_products:\n  - id: VEHICLE\n", "")
RATE = "exchange_rates: {currency: USD, rate: 0.9, on: 2026-09-01, source: an invented bank}\n"


def edges(bom: Bom | None) -> set[tuple[str, str, Fraction]]:
    assert bom is not None
    return {
        (bom.parts[parent], bom.parts[child], quantity)
        for parent, child, quantity in zip(bom.parent, bom.child, bom.quantity, strict=True)
    }


WANTED = {("VEHICLE", "HULL", 1), ("VEHICLE", "TURRET", 2), ("TURRET", "SIGHT", 1), ("TURRET", "GUN", 1)}
TREES = {
    "parent": BILL,
    "parent names the end product": BILL.replace("Hull,,", "Hull,VEHICLE,").replace("Turret,,", "Turret,VEHICLE,"),
    "a row for the end product": BILL + "VEHICLE,Vehicle,,,,,\n",
    "levels from 0": "level,part,qty,cost\n0,VEHICLE,1,\n1,HULL,1,1\n1,TURRET,2,\n2,SIGHT,1,1\n2,GUN,1,1\n",
    "levels from 1": "level,part,qty,cost\n1,HULL,1,1\n1,TURRET,2,\n2,SIGHT,1,1\n2,GUN,1,1\n",
    "dots": "Explosion level,Component,Comp. Qty (CUn),Standard price\n"
    ".1,HULL,1,1\n.1,TURRET,2,\n..2,SIGHT,1,1\n..2,GUN,1,1\n",
    "numbers": "level,part,qty,cost\n1,HULL,1,1\n2,TURRET,2,\n2.1,SIGHT,1,1\n2.2,GUN,1,1\n",
    "numbers below the end product": "level,part,qty,cost\n1,VEHICLE,1,\n"
    "1.1,HULL,1,1\n1.2,TURRET,2,\n1.2.1,SIGHT,1,1\n1.2.2,GUN,1,1\n",
    "levels with decimals": "level,part,qty,cost\n1.0,HULL,1,1\n1.0,TURRET,2,\n2.0,SIGHT,1,1\n2.0,GUN,1,1\n",
}


@pytest.mark.parametrize("bill", TREES.values(), ids=TREES)
def test_trees(tmp_path: Path, bill: str) -> None:
    found = good(tmp_path, bill=bill)
    assert edges(found.bom) == WANTED
    assert found.bom is not None
    assert [found.bom.parts[root] for root in found.bom.roots] == ["VEHICLE"]


def test_flat(tmp_path: Path) -> None:
    found = good(tmp_path, bill="part,qty,cost\nHULL,1,5\nGUN,2,6\n")
    assert edges(found.bom) == {("VEHICLE", "HULL", 1), ("VEHICLE", "GUN", 2)}


def test_end_product_taken_from_the_bill(tmp_path: Path) -> None:
    for key in ("levels from 0", "parent names the end product", "a row for the end product"):
        bill = TREES[key]
        if key.startswith("a row"):
            bill = TREES["parent names the end product"] + "VEHICLE,Vehicle,,,,,\n"
        found = good(tmp_path, NO_END, bill)
        assert edges(found.bom) == WANTED
        assert "taken as end product" in found.notes[-2]
        assert "VEHICLE" in found.notes[-2]


def test_several_end_products_in_the_bill(tmp_path: Path) -> None:
    found = good(tmp_path, NO_END, "level,part,qty,cost\n0,X,1,\n1,A,1,1\n0,Y,1,\n1,A,2,\n")
    assert edges(found.bom) == {("X", "A", 1), ("Y", "A", 2)}


@pytest.mark.parametrize(
    "bill",
    [
        "part,qty,cost\nA,1,1\n",
        "level,part,qty,cost\n1,A,1,1\n1,B,1,1\n",
        "part,parent,qty,cost\nA,,1,1\nB,,1,\nC,B,1,1\n",
    ],
)
def test_end_product_that_cannot_be_told(tmp_path: Path, bill: str) -> None:
    (told,) = bad(tmp_path, NO_END, bill)
    assert "the end product is not known" in told


def test_a_repeated_sub_assembly_counts_once(tmp_path: Path) -> None:
    bill = "level,part,qty,cost\n1,A,1,\n2,S,1,\n3,BOLT,2,1\n1,B,1,\n2,S,3,\n3,BOLT,2,1\n1,S,1,\n"
    assert edges(good(tmp_path, bill=bill).bom) == {
        ("VEHICLE", "A", 1), ("VEHICLE", "B", 1), ("VEHICLE", "S", 1), ("A", "S", 1), ("B", "S", 3), ("S", "BOLT", 2),
    }  # fmt: skip


def test_sources(tmp_path: Path) -> None:
    bom = good(tmp_path).bom
    assert bom is not None
    sight = bom.sources.part.index(bom.parts.index("SIGHT"))
    assert bom.sources.supplier[sight] == "HARBOUR"  # found by its name
    assert bom.sources.origin[sight] == (("DE", Fraction(3, 5)), ("US", Fraction(2, 5)))
    assert bom.sources.price_low[sight] == Fraction(25, 2)
    assert bom.sources.row[sight] == Where("bom.csv", 4)
    gun = bom.sources.part.index(bom.parts.index("GUN"))
    assert (bom.sources.price_low[gun], bom.sources.price_high[gun]) == (90, 110)
    turret = bom.sources.part.index(bom.parts.index("TURRET"))
    assert bom.sources.price_low[turret] is None
    assert bom.sources.currency[turret] is None


def test_prices(tmp_path: Path) -> None:
    header = "part,qty,per,unit cost,line cost,price unit,cost low,cost high\n"
    rows = "A,3,10,,1.50,,,\nB,1,,2.5,,1000,,\nC,1,,,,,1,2\nD,4,,7,28,,,\n"
    bom = good(tmp_path, bill=header + rows).bom
    assert bom is not None
    assert bom.quantity == (Fraction(3, 10), 1, 1, 4)
    assert bom.sources.price_low == (Fraction(1, 2), Fraction(25, 10000), 1, 7)
    assert bom.sources.price_high == (Fraction(1, 2), Fraction(25, 10000), 2, 7)


def test_two_suppliers(tmp_path: Path) -> None:
    bill = "part,qty,supplier,awarded,cost,origin\nHULL,2,A,60,10,PL\nHULL,2,B,40 %,11,\n"
    bom = good(tmp_path, bill=bill).bom
    assert bom is not None
    assert edges(bom) == {("VEHICLE", "HULL", 2)}
    assert bom.sources.awarded == (Fraction(3, 5), Fraction(2, 5))
    assert bom.sources.supplier == ("A", "B")
    assert bom.sources.origin == ((("PL", 1),), ())
    assert "in all" in bad(tmp_path, bill=bill.replace("HULL,2,B", "HULL,3,B"))[0]


def test_positions_add_up_and_blanks_inherit(tmp_path: Path) -> None:
    found = good(tmp_path, bill="pos,part,qty,cost,origin\n10,BOLT,2,1,\n20,BOLT,3,,PL\n")
    assert edges(found.bom) == {("VEHICLE", "BOLT", 5)}
    assert found.bom is not None
    assert found.bom.sources.origin == ((("PL", 1),),)
    assert "rows 2, 3 were added" in found.notes[0]


def test_currencies(tmp_path: Path) -> None:
    found = good(tmp_path, GOOD + RATE, "part,qty,Unit cost (USD),currency\nA,1,2,\nB,1,2,USD\n")
    assert found.bom is not None
    assert found.bom.sources.currency == ("USD", "USD")
    (told,) = bad(tmp_path, GOOD + RATE, "part,qty,Unit cost (USD),currency\nA,1,2,EUR\n")
    assert "the row says EUR" in told


@pytest.mark.parametrize("text", ["", "?", "unknown", "n/a", "TBD"])
def test_undeclared_origins(tmp_path: Path, text: str) -> None:
    bom = good(tmp_path, bill=f"part,qty,cost,origin\nA,1,1,{text}\n").bom
    assert bom is not None
    assert bom.sources.origin == ((),)


@pytest.mark.parametrize(
    "text", ["DE:60%, US:40%", "60 % DE; 40 % US", "Germany = 60; United States 40", "DE 30; DE 30; US 40"]
)
def test_shared_origins(tmp_path: Path, text: str) -> None:
    bom = good(tmp_path, bill=f'part,qty,cost,origin\nA,1,1,"{text}"\n').bom
    assert bom is not None
    assert dict(bom.sources.origin[0]) == {"DE": Fraction(3, 5), "US": Fraction(2, 5)}


def test_decimal_commas_are_a_convention_of_the_column(tmp_path: Path) -> None:
    found = good(tmp_path, bill="Teilenummer;Menge;Stückpreis\nA;0,5;1.234,56\nB;2;12\n")
    assert found.bom is not None
    assert found.bom.quantity == (Fraction(1, 2), 2)
    assert found.bom.sources.price_low == (Fraction(123456, 100), 12)
    assert found.notes[:-1] == ("bom.csv: numbers with a decimal comma were read as such in: Menge, Stückpreis",)


@pytest.mark.parametrize(
    "titles",
    [
        ["Item", "Component", "Object description", "Comp. Qty (CUn)", "Un", "Level"],
        ["Item Code", "Item Name", "Qty", "UOM", "Rate", "Amount"],
        ["Part Number", "Description", "Quantity", "Cost", "Total Cost", "Level", "Vendor", "Unit of Measure"],
        ["BOM Level", "Part IPN", "Part Name", "Quantity", "Reference"],
        ["BoM Lines/Component", "BoM Lines/Quantity", "Product Unit of Measure"],
        ["Pos.", "Teile-Nr.", "Bezeichnung", "Menge", "Ursprungsland", "Lieferant", "Stückpreis EUR", "Artikelnummer"],
        ["Numer części", "Nazwa", "Ilość", "Kraj pochodzenia", "Cena jednostkowa", "Dostawca"],
        ["Référence pièce", "Désignation", "Quantité", "Pays d'origine", "Prix unitaire", "Fournisseur"],
    ],
)
def test_headers_of_other_programs(titles: list[str]) -> None:
    header = recognise(titles, {})
    assert {"part", "quantity"} <= header.index.keys()
    assert len(header.unused) <= 1


def test_a_lone_item_column_is_the_part_and_else_the_position() -> None:
    assert recognise(["Item", "Qty", "Cost"], {}).index["part"] == 0
    both = recognise(["Item", "Part number", "Qty"], {}).index
    assert (both["part"], both["position"]) == (1, 0)


def test_a_cost_in_thousands_is_not_guessed() -> None:
    assert "unit_cost" not in recognise(["Part", "Qty", "Unit cost (kEUR)"], {}).index
    assert "unit_cost" not in recognise(["Part", "Qty", "Unit cost (thousands)"], {}).index


def test_own_column_names_titles_above_and_unused_columns(tmp_path: Path) -> None:
    purchase = GOOD + "columns: {unit_cost: Our price}\n"
    found = good(tmp_path, purchase, "\ufeffBill of an invented vehicle,,,\n\npart,qty,Our price,Colour\nA,1,2,red\n")
    assert ("unit_cost", "Our price") in found.mapping
    assert found.notes[:-1] == ("bom.csv: columns not used: Colour",)
    assert found.bom is not None
    assert found.bom.edge_row == (Where("bom.csv", 4),)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_and_utf16(tmp_path: Path, delimiter: str) -> None:
    bill = "part,qty,cost\nA,1,2\n".replace(",", delimiter)
    assert good(tmp_path, bill=bill.encode("utf-16")).bom == good(tmp_path, bill=bill).bom


def test_zero_cost_is_mentioned(tmp_path: Path) -> None:
    assert "cost nothing, as written: A" in good(tmp_path, bill="part,qty,cost\nA,1,0\n").notes[0]


def test_a_lone_sub_assembly_is_mentioned(tmp_path: Path) -> None:
    found = good(tmp_path, bill="part,parent,qty,cost\nTANK,,1,\nGUN,TANK,1,1\n")
    assert "if it is VEHICLE" in found.notes[0]


def test_a_diamond_is_no_cycle(tmp_path: Path) -> None:
    bill = "part,parent,qty,cost\nA,,1,\nB,,1,\nC,A,1,\nC,B,1,\nD,C,1,1\n"
    assert ("C", "D", 1) in edges(good(tmp_path, bill=bill).bom)


@pytest.mark.parametrize(
    "row", [",Total,,99", ",TOTAL COST:,2,", ",Sub-total,,", ",Summe,,9", ",Gesamt,,9", ",RAZEM,,9", "Total:,,,9"]
)
def test_totals_are_left_out_with_a_note(tmp_path: Path, row: str) -> None:
    found = good(tmp_path, bill=f"part,name,qty,cost\nHULL,Hull,1,5\n{row}\n")
    assert edges(found.bom) == {("VEHICLE", "HULL", 1)}
    assert found.notes[0] == "bom.csv: left out as a total of other rows: row 3"


def test_what_only_sounds_like_a_total_is_a_part(tmp_path: Path) -> None:
    found = good(tmp_path, bill="part,name,qty,cost\nHULL,Total station,1,5\nSUM,Sum unit,1,5\nTOTAL,,1,5\n")
    assert edges(found.bom) == {("VEHICLE", "HULL", 1), ("VEHICLE", "SUM", 1), ("VEHICLE", "TOTAL", 1)}
    assert "no part id" in bad(tmp_path, bill="part,name,qty,cost\nHULL,,1,5\n,Summer cover,1,5\n")[0]


# --- workbooks ----------------------------------------------------------------------------

BOOK = GOOD.replace("bom.csv", "bom.xlsx#Parts")
ROWS = [["A title"], ["Part", "Qty", "Unit cost", "Origin"], [1001, 0.1, 12.5, "PL"], ["B", 2, 3, None]]


def test_workbook(tmp_path: Path) -> None:
    found = good(tmp_path, BOOK, book({"Notes": [["text"]], "Parts": ROWS}), "bom.xlsx")
    assert found.bom is not None
    assert found.bom.parts == ("VEHICLE", "1001", "B")
    assert found.bom.quantity == (Fraction(1, 10), 2)
    assert found.bom.sources.price_low == (Fraction(25, 2), 3)
    assert str(found.bom.edge_row[0]) == "bom.xlsx:Parts!A3"
    assert good(tmp_path, BOOK.replace("#Parts", ""), None).bom == found.bom


def test_saved_values_of_formulas_are_read_and_mentioned(tmp_path: Path) -> None:
    rows = [*ROWS[:3], ["B", 2, "=1+2", None]]
    data = changed(book({"Parts": rows}), "xl/worksheets/sheet1.xml", b"<f>1+2</f><v />", b"<f>1+2</f><v>3</v>")
    found = good(tmp_path, BOOK, data, "bom.xlsx")
    assert found.notes[:-1] == ("bom.xlsx: the saved values of formulas were read in 1 of the cells",)
    assert found.bom is not None
    assert found.bom.sources.price_low == (Fraction(25, 2), 3)


def test_decimal_commas_in_text_cells(tmp_path: Path) -> None:
    head = ["Part", "Qty", "Unit cost", "Line cost"]
    rows = [head, ["A", 0.125, "12,5", None], ["B", 2, 1.234, None], ["C", 1, "1.234,50", None], ["D", 1, 1e-5, 1e-5]]
    found = good(tmp_path, BOOK, book({"Parts": rows}), "bom.xlsx")
    assert found.bom is not None
    assert found.bom.quantity == (Fraction(1, 8), 2, 1, 1)
    assert found.bom.sources.price_low == tuple(map(Fraction, ("12.5", "1.234", "1234.5", "0.00001")))
    assert found.notes[0] == "bom.xlsx: numbers with a decimal comma were read as such in: Unit cost"


def test_a_bill_without_cost_kinds_is_mentioned(tmp_path: Path) -> None:
    (note,) = good(tmp_path).notes
    assert "every row is counted as a component" in note
    assert set(LEFT_OUT) == set(get_args(CostKind)) - COUNTED
    assert ", ".join(LEFT_OUT) in note
    assert good(tmp_path, bill="part,qty,cost,cost kind\nA,1,2,\n").notes == ()


def test_a_total_without_a_calculated_value_is_left_out(tmp_path: Path) -> None:
    rows = [*ROWS, [None, "Total", "=SUM(C3:C4)", None]]
    found = good(tmp_path, BOOK, book({"Parts": rows}), "bom.xlsx")
    assert found.bom is not None
    assert found.bom.parts == ("VEHICLE", "1001", "B")
    assert found.notes[0] == "bom.xlsx: left out as a total of other rows: row 5"


def test_the_sheet_chosen_by_its_header_is_named(tmp_path: Path) -> None:
    data = book({"Cover": [["text"]], "Parts": ROWS, "Notes": [["text"]]})
    told = "bom.xlsx: the sheet read is Parts, by its header; not read: Cover, Notes"
    assert told in good(tmp_path, BOOK.replace("#Parts", ""), data, "bom.xlsx").notes
    assert told not in good(tmp_path, BOOK, data, "bom.xlsx").notes


def test_levels_as_workbook_numbers_are_refused(tmp_path: Path) -> None:
    rows = [["Level", "Part", "Qty", "Cost"], [1, "A", 1, None], [1.1, "B", 1, 5]]
    (told,) = bad(tmp_path, BOOK, book({"Parts": rows}), "bom.xlsx")
    assert "1.1 and 1.10 are the same" in told


def test_unpacked_size_is_bounded(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for index in range(210):
            target.writestr(f"{index}", bytes(1_000_000))
    assert "200 MB" in bad(tmp_path, BOOK, file.getvalue(), "bom.xlsx")[0]
