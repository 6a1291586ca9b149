"""Bills as they are: scrap, units of measure, phantoms, alternates, batches, several suppliers at every level."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from formats_kit import bad, good
from jointbuy.content import small
from jointbuy.content.basis import DEFAULT
from jointbuy.exact import Range, exactly
from jointbuy.model import Bom
from jointbuy.units import unit

HEAD = "part,parent,quantity,unit_cost,origin"


def bom(tmp_path: Path, text: str) -> Bom:
    found = good(tmp_path, bill=text).bom
    assert found is not None
    return found


def total(tmp_path: Path, text: str) -> Range:
    content = small.roll_up(bom(tmp_path, text), "EUR", {}, DEFAULT)
    assert content.products[0].total == content.traced[0].total
    return content.products[0].total


def test_scrap_is_added_to_what_is_needed(tmp_path: Path) -> None:
    """4 plates and 5 % of scrap are 4.2 plates at 10; 3 of the castings at a yield of 75 % are 4 at 6: 42 + 24."""
    text = f"{HEAD},scrap,yield\nPLATE,,4,10,DE,5 %,\nCASTING,,3,6,DE,,75\n"
    assert total(tmp_path, text) == exactly(66)
    assert "bom.csv: scrap or yield raised the quantity in 2 rows" in good(tmp_path, bill=text).notes


@pytest.mark.parametrize("header", ["scrap", "yield", "awarded"])
def test_a_share_up_to_one_may_be_a_part_of_one_or_a_per_cent(tmp_path: Path, header: str) -> None:
    """Asked for all cells at once, in the same words for every column of shares."""
    (line,) = bad(tmp_path, bill=f"{HEAD},{header}\nA,,1,1,DE,0.95\nB,,1,1,DE,\nC,,1,1,DE,1\n")
    assert line.startswith(f'bom.csv:2: "{header}" is "0.95", and 1 more like it (row 4): up to 1 it may be a part of')
    assert "write percentages: 60, not 0.6; and with its sign what is less than 1, such as 0.5 %" in line


def test_a_share_up_to_one_is_a_per_cent_where_it_is_told(tmp_path: Path) -> None:
    """By its sign, or by another number of the column: 4 and half a per cent, twice, and 4 and 5 % are 12.24."""
    rows = "A,,4,10,DE,0.5\nB,,4,10,DE,5\nC,,4,10,DE,0.5 %\n"
    assert total(tmp_path, f"{HEAD},scrap\n{rows}") == exactly(Fraction("122.4"))
    assert total(tmp_path, f"{HEAD},scrap\nA,,4,10,DE,0.5 %\nB,,1,10,DE,0\n") == exactly(Fraction("50.2"))


@pytest.mark.parametrize("line", ["100", "105"])
def test_the_cost_of_a_line_is_with_scrap_or_without_beside_a_unit_cost(tmp_path: Path, line: str) -> None:
    """4 at 25 are 100, and with 5 % of scrap 105, which is what counts; alone, a line of 100 is without scrap."""
    assert total(tmp_path, f"{HEAD},line cost,scrap\nA,,4,25,DE,{line},5\n") == exactly(105)
    assert total(tmp_path, "part,quantity,line cost,scrap\nA,4,100,5\n") == exactly(105)


def test_a_line_that_agrees_with_neither_is_refused(tmp_path: Path) -> None:
    (told,) = bad(tmp_path, bill=f"{HEAD},line cost,scrap\nA,,4,25,DE,103,5\n")
    assert "the cost of the line is 103: quantity times cost is 100" in told


def test_a_yield_is_never_as_small_as_one_per_cent(tmp_path: Path) -> None:
    (line,) = bad(tmp_path, bill=f"{HEAD},yield\nA,,1,1,DE,95\nB,,1,1,DE,0.95\n")
    assert line.startswith('bom.csv:3: "yield" is "0.95"')


def test_scrap_counts_at_every_level(tmp_path: Path) -> None:
    """A frame takes 2 beams of 10 and half as much again: 30. The vehicle takes 4 frames and 10 %: 4.4 x 30."""
    assert total(tmp_path, f"{HEAD},scrap\nFRAME,,4,,DE,10\nBEAM,FRAME,2,10,DE,50\n") == exactly(132)


def test_a_price_for_another_unit_than_the_quantity(tmp_path: Path) -> None:
    """350 g at 8 per kg are 2.80; 2 dozen at 300 per thousand are 7.20; 3 ft at 5 per metre are 4.572."""
    text = f"{HEAD},unit,cost unit\nGREASE,,350,8,DE,g,kg\nSCREW,,2,300,DE,dozen,thousand\nHOSE,,3,5,DE,ft,MTR\n"
    assert total(tmp_path, text) == exactly(Fraction("2.80") + Fraction("7.20") + Fraction("4.572"))


def test_a_part_in_grams_here_and_kilograms_there_is_one_part(tmp_path: Path) -> None:
    """1.5 kg and 500 g of paint, each priced for its own unit, 4 a kilogram: 8."""
    text = f"{HEAD},unit\nFRAME,,1,,DE,\nPAINT,,1.5,4,DE,kg\nPAINT,FRAME,500,0.004,DE,g\n"
    assert total(tmp_path, text) == exactly(8)


@pytest.mark.parametrize(
    ("one", "other", "factor"),
    [
        ("lb", "kg", "0.45359237"),
        ("in", "mm", "25.4"),
        ("KGM", "g", "1000"),
        ("gal", "l", "3.785411784"),
        ("Stk.", "EA", "1"),
    ],
)
def test_units_are_exact(one: str, other: str, factor: str) -> None:
    first, second = unit(one), unit(other)
    assert first is not None
    assert second is not None
    assert first.dimension == second.dimension
    assert first.factor / second.factor == Fraction(factor)


def test_what_stands_in_a_phantom_stands_in_what_uses_it(tmp_path: Path) -> None:
    """Two kits of three screws at 1 from the United States: 6 of the first level, each screw at its own origin."""
    text = f"{HEAD},phantom\nKIT,,2,,,yes\nSCREW,KIT,3,1,US,\nHULL,,1,94,DE,\n"
    found = bom(tmp_path, text)
    assert [found.parts[part] for part in found.phantoms] == ["KIT"]
    (first,) = small.roll_up(found, "EUR", {}, DEFAULT).products
    assert {line.part: line.amount for line in first.lines} == {"SCREW": exactly(6), "HULL": exactly(94)}


def test_phantoms_in_phantoms_and_below_assemblies(tmp_path: Path) -> None:
    """A kit in a kit gives 2 x 3 x 5 screws; a kit in a frame counts with the frame, whole, as German."""
    text = (
        f"{HEAD},phantom\nOUTER,,2,,,x\nINNER,OUTER,3,,,X\nSCREW,INNER,5,1,US,\n"
        "FRAME,,1,,DE,0\nKIT,FRAME,1,,,1\nBOLT,KIT,7,1,CA,\n"
    )
    content = small.roll_up(bom(tmp_path, text), "EUR", {}, DEFAULT)
    (first,), (traced,) = content.products, content.traced
    assert {line.part: line.amount for line in first.lines} == {"SCREW": exactly(30), "FRAME": exactly(7)}
    assert {line.part: line.amount for line in traced.lines} == {"SCREW": exactly(30), "BOLT": exactly(7)}


def test_an_alternate_is_not_counted_nor_sourced(tmp_path: Path) -> None:
    """What may be used instead, with all that would stand in it, is told in a note and in nothing else."""
    text = (
        f"{HEAD},supplier,alternate\nRADIO,,1,50,DE,ONE,\nRADIO,,1,40,US,OTHER,yes\nOLD RADIO,,1,,US,,radio\n"
        "CHIP,OLD RADIO,1,30,TR,,\nHULL,,1,50,DE,,no\n"
    )
    found = good(tmp_path, bill=text)
    assert total(tmp_path, text) == exactly(100)
    assert found.bom is not None
    assert {found.bom.parts[part] for part in found.bom.sources.part} == {"RADIO", "HULL"}
    assert "bom.csv: 2 rows are alternates and are not counted: RADIO, OLD RADIO" in found.notes


@pytest.mark.parametrize(
    "header", ["Usage probability", "Einsatzwahrscheinlichkeit", "Probabilité d'emploi", "usage %"]
)
def test_alternates_count_by_how_often_they_are_used(tmp_path: Path, header: str) -> None:
    """Two radios in 70 % of cases at 50 and in 30 % at 40, a hull at 50, a third radio never: 2 x (35 + 12) + 50."""
    text = (
        f"{HEAD},alternate,{header}\nRADIO A,,2,50,DE,R1,70\nRADIO B,,2,,US,R1,30\nCHIP,RADIO B,1,40,US,,\n"
        "RADIO C,,2,90,TR,r1,0\nHULL,,1,50,DE,,100\n"
    )
    found = good(tmp_path, bill=text)
    assert total(tmp_path, text) == exactly(144)
    assert found.bom is not None
    assert {found.bom.parts[part] for part in found.bom.sources.part} == {"RADIO A", "RADIO B", "CHIP", "HULL"}
    assert "bom.csv: alternates counted by how often each is used: RADIO A, RADIO B" in found.notes
    assert "bom.csv: 1 row is an alternate and is not counted: RADIO C" in found.notes


@pytest.mark.parametrize("mark", ["01", "1", "A2"])
def test_a_group_of_which_nothing_would_count_is_asked_about(tmp_path: Path, mark: str) -> None:
    """SAP marks every member of a group: one of them is used, and the bill does not say which."""
    (line,) = bad(tmp_path, bill=f"{HEAD},alternate\nA,,1,100,US,{mark}\nA2,,1,100,US,{mark}\nC,,1,100,DE,\n")
    assert line.startswith(f'bom.csv:2: which part of the group "{mark}" is used?: each of its rows, 2, 3, is marked')
    assert "leave the mark away in the row of the part that is used, or write a usage in each row" in line


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("A,,1,1,DE,\nB,,1,1,US,ZZZ\n", '"B" is an alternate to "ZZZ": no part beside it has this id or name'),
        ("A,,1,,DE,\nB,A,1,1,US,\nC,,1,1,US,B\n", '"C" is an alternate to "B": that part is not used beside it'),
        ("A,,1,1,DE,\nD,,1,,DE,\nB,D,1,1,US,yes\n", '"B" is an alternate to "yes"'),
    ],
)
def test_an_alternate_stands_beside_the_part_it_may_replace(tmp_path: Path, rows: str, told: str) -> None:
    lines = bad(tmp_path, bill=f"{HEAD},alternate\n{rows}")
    assert any(told in line for line in lines), lines


def test_two_suppliers_share_at_every_level(tmp_path: Path) -> None:
    """A gearbox, 60 % bought for 1,000 and 40 % made of gears: half of these at 20, half at 40, ten in each: 300.

    One costs 0.6 x 1,000 + 0.4 x 300 = 720, two of them 1,440.
    """
    text = (
        f"{HEAD},supplier,awarded\nGEARBOX,,2,1000,DE,BUYS,60\nGEARBOX,,2,,US,MAKES,40\n"
        "GEAR,GEARBOX,10,20,DE,ONE,50\nGEAR,GEARBOX,10,40,US,OTHER,50\n"
    )
    (first,) = small.roll_up(bom(tmp_path, text), "EUR", {}, DEFAULT).products
    assert {line.supplier: line.amount for line in first.lines} == {"BUYS": exactly(1200), "MAKES": exactly(240)}
    assert first.total == exactly(1440)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("scrap\nA,,1,1,DE,-5\n", ["bom.csv:2", "scrap", "-5", "between 0 and 100"]),
        ("scrap\nA,,1,1,DE,250\n", ["bom.csv:2", "between 0 and 100"]),
        ("yield\nA,,1,1,DE,0\n", ["bom.csv:2", "the yield is nothing"]),
        ("scrap,yield\nA,,1,1,DE,5,95\n", ["bom.csv:2", "both scrap and yield"]),
        ("unit,cost unit\nA,,1,1,DE,m,kg\n", ["bom.csv:2", '"kg"', '"m"', "length is not mass"]),
        ("unit,cost unit\nA,,1,1,DE,furlong,kg\n", ["bom.csv:2", '"furlong" is not known here']),
        ("unit\nB,,1,,DE,\nA,B,1,1,DE,kg\nA,,2,1,DE,pcs\n", ["bom.csv:4", "bom.csv:3", "pieces is not mass"]),
        ("phantom\nA,,1,1,DE,yes\nB,A,1,1,DE,\n", ["bom.csv:2", "the phantom", "never made or bought"]),
        ("phantom\nA,,1,,,yes\nB,,1,1,DE,\n", ["bom.csv:2", "has no parts"]),
        ("phantom\nVEHICLE,,1,,,yes\nB,VEHICLE,1,1,DE,\n", ["bom.csv:2", "end product", "phantom"]),
        ("phantom\nA,,1,,,yes\nC,,1,,,\nA,C,1,,,no\nB,A,1,1,DE,\n", ["bom.csv:4", "is no phantom here", "bom.csv:2"]),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, rows: str, told: list[str]) -> None:
    said = " ".join(bad(tmp_path, bill=f"{HEAD},{rows}"))
    assert all(words in said for words in told), said


def test_a_cycle_through_a_hundred_parts_is_named(tmp_path: Path) -> None:
    rows = "".join(f"P{at},P{(at + 1) % 100},1,,DE\n" for at in range(100))
    said = " ".join(bad(tmp_path, bill=f"{HEAD}\nA,,1,1,DE\nP0,A,1,,DE\n{rows}"))
    assert "P0" in said
    assert "P99" in said
    assert len(said) < 2_000
