"""Strategic raw materials: how bills state them, how they add up, and what is said of them."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bills import bill, row
from jointbuy import cli, flow, law
from jointbuy.content import minerals
from jointbuy.content.minerals import Measure, tally
from jointbuy.errors import JointbuyError, Unusable
from jointbuy.law.raw_materials import raw_materials
from jointbuy.materials import Held, Holding, Tally
from jointbuy.model import Bom, Country, Material
from random_bills import RATES, random_bill

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "permanent-magnet-drive"
DAY = date(2026, 10, 20)
LIST = raw_materials().materials.on(DAY, DAY)
LIMIT = Fraction(65, 100)
MEASURE = Measure(LIST, law.places().group("union", DAY, DAY).members, frozenset({"GL", "NC"}), LIMIT)


# --- the list ---------------------------------------------------------------------------------


def test_the_list_is_that_of_annex_1() -> None:
    """Points (a) to (q), and the rare earths and benchmarks by their numbers, as they were read in the text."""
    points = {one.provision.rpartition("(")[2].rstrip(")") for one in LIST.listed.values()}
    assert points == set("abcdefghijklmnopq")
    earths = {name for name, one in LIST.listed.items() if one.of == "rare earth elements for permanent magnets"}
    assert earths == {
        "neodymium", "praseodymium", "terbium", "dysprosium", "gadolinium", "samarium", "cerium",
    }  # fmt: skip
    conditions = {name: one.condition for name, one in LIST.listed.items() if one.condition and one.of is None}
    assert conditions == {
        "boron": "metallurgy grade", "lithium": "battery grade", "magnesium": "metal", "manganese": "battery grade",
        "graphite": "battery grade", "nickel": "battery grade", "silicon": "metal", "titanium": "metal",
    }  # fmt: skip
    numbers = {name: each.on(DAY, DAY).value for name, each in raw_materials().parameters.items()}
    assert [numbers[f"art05.{name}"] for name in ("extraction", "processing", "recycling", "one_third_country")] == [
        Fraction(1, 10), Fraction(2, 5), Fraction(1, 4), Fraction(13, 20),
    ]  # fmt: skip
    assert numbers["art05.aim_year"] == 2030


@pytest.mark.parametrize(
    ("written", "name", "fulfils"),
    [
        ("Nickel", "nickel", False),
        ("Ni", "nickel", False),
        ("nikiel", "nickel", False),
        ("nickel, battery grade", "nickel", True),
        ("Nickel in Batteriequalität", "nickel", True),
        ("nickel (qualité batterie)", "nickel", True),
        ("Wolfram", "tungsten", True),
        ("tungstène", "tungsten", True),
        ("miedź", "copper", True),
        ("Copper wire", "copper", True),
        ("TITANIUM METAL", "titanium", True),
        ("Titan", "titanium", False),
        ("silicon metal", "silicon", True),
        ("Nd for permanent magnets", "neodymium", True),
        ("Néodyme", "neodymium", False),
        ("Samarium Metal ingot", "samarium", False),
    ],
)
def test_names_are_recognised_in_four_languages_and_as_symbols(written: str, name: str, fulfils: bool) -> None:
    found = LIST.recognise(written)
    assert found.material is not None
    assert (found.material.id, found.fulfils) == (name, fulfils)


@pytest.mark.parametrize(
    ("written", "critical", "hint"),
    [
        ("steel", False, ""),
        ("nikel", False, "nickel"),
        ("lithium carbonate", False, "lithium"),
        ("Titanium grade 5", False, "titanium"),
        ("tantalum", True, ""),
        ("niob", True, ""),
        ("rod", False, ""),
        ("", False, ""),
    ],
)
def test_what_is_not_on_the_list_is_not_taken_for_it(written: str, critical: bool, hint: str) -> None:
    found = LIST.recognise(written)
    assert found.material is None
    assert (found.critical, found.hint) == (critical, hint)


def test_before_the_act_there_is_no_list() -> None:
    assert not raw_materials().materials.on(date(2024, 5, 22), DAY).listed


# --- how a bill states them -------------------------------------------------------------------

HEAD = "part,parent,quantity,unit,origin,unit_cost,cost_kind,materials"
STATED = """id: ONE
instrument: SAFE
events: {signature: 2026-10-20}
product: {kind: defence product}
buyers: [{country: LV}]
contract: {currency: EUR}
end_products: [{id: TOP, quantity: 10}]
bill_of_materials: bom.csv
"""


def folder(path: Path, *lines: str, head: str = HEAD) -> Path:
    path.mkdir(exist_ok=True)
    (path / "purchase.yaml").write_text(STATED, encoding="utf-8")
    (path / "bom.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


def found_in(path: Path, *lines: str, head: str = HEAD) -> Held:
    answer = flow.explore(folder(path, *lines, head=head), flow.Asked(variants=False, minerals=True)).minerals
    assert answer is not None
    (one,) = answer.products
    return one


def kilograms(one: Held) -> dict[str, Fraction]:
    return {each.title: each.mass for each in one.holdings}


def by_stage(one: Holding) -> dict[str, tuple[dict[str, Fraction], Fraction]]:
    return {each.stage: ({country: mass for country, _, mass in each.countries}, each.undeclared) for each in one.stages}


def test_one_cell_holds_several_materials_with_stages(tmp_path: Path) -> None:
    one = found_in(
        tmp_path / "p",
        "A,TOP,3,pc,DE,5,component,nickel 2.4 kg mined CA refined Norway; W 120 g; Kupfer: 0.5 lb South Africa",
        "B,TOP,1,pc,DE,5,component,",
    )
    pound = Fraction(45359237, 100000000)
    assert kilograms(one) == {
        "nickel": Fraction(72, 10), "tungsten": Fraction(36, 100), "copper": pound * Fraction(3, 2),
    }  # fmt: skip
    holdings = {each.title: each for each in one.holdings}
    assert by_stage(holdings["nickel"]) == {
        "mined": ({"CA": Fraction(72, 10)}, 0), "refined": ({"NO": Fraction(72, 10)}, 0),
    }  # fmt: skip
    assert by_stage(holdings["tungsten"]) == {"": ({}, Fraction(36, 100))}
    assert by_stage(holdings["copper"]) == {"": ({"ZA": pound * Fraction(3, 2)}, 0)}
    assert (one.said, one.lines) == (1, 2)


def test_a_raw_material_in_a_unit_of_mass_is_its_own_statement(tmp_path: Path) -> None:
    """350 g at 60 % from Norway and the rest from nobody knows where; one without a mass is not taken for nothing."""
    one = found_in(
        tmp_path / "p",
        "Cobalt,TOP,350,g,NO 60,0.05,raw material,",
        "PLATE,TOP,2,pc,NO,70,raw material,",
        "B,TOP,1,pc,DE,5,component,",
    )
    (cobalt,) = one.holdings
    assert by_stage(cobalt) == {"": ({"NO": Fraction(21, 100)}, Fraction(14, 100))}
    assert [(each.part, each.cost.low) for each in one.unmeasured] == [("PLATE", 140)]
    assert one.unmeasured_cost.low == 140


def test_a_per_cent_is_of_the_mass_of_a_part_counted_in_mass(tmp_path: Path) -> None:
    one = found_in(
        tmp_path / "p",
        "ALLOY,TOP,500,g,DE,1,component,titanium metal 90 % mined UA; aluminium 6 %",
        "B,TOP,1,pc,DE,5,component,none",
    )
    assert kilograms(one) == {"titanium": Fraction(45, 100), "aluminium": Fraction(3, 100)}
    assert one.said == 2


def test_decimal_commas_are_read_where_the_bill_has_them(tmp_path: Path) -> None:
    head = "Teilenummer;Übergeordnetes Teil;Menge;Einheit;Stückpreis;Enthaltene Rohstoffe"
    one = found_in(tmp_path / "p", "A;TOP;1,5;St;2,50;Nickel 2,4 kg abgebaut Kanada raffiniert NO", "B;TOP;1;St;1;", head=head)
    assert kilograms(one) == {"nickel": Fraction(36, 10)}
    assert [each.stage for each in one.holdings[0].stages] == ["mined", "refined"]
