"""Strategic raw materials: how bills state them, how they add up, and what is said of them."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jointbuy import cli, flow, law
from jointbuy.content import minerals
from jointbuy.content.minerals import Measure, tally
from jointbuy.errors import Unusable
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
    return {
        each.stage: ({country: mass for country, _, mass in each.countries}, each.undeclared) for each in one.stages
    }


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
    one = found_in(
        tmp_path / "p", "A;TOP;1,5;St;2,50;Nickel 2,4 kg abgebaut Kanada raffiniert NO", "B;TOP;1;St;1;", head=head
    )
    assert kilograms(one) == {"nickel": Fraction(36, 10)}
    assert [each.stage for each in one.holdings[0].stages] == ["mined", "refined"]


BAD = [
    ("nickel 2.4 CA", "pc", '"CA" after "nickel" is no unit of mass'),
    ("nickel 2 pc CA", "pc", '"pc" after "nickel" is no unit of mass'),
    ("nickel CA", "pc", '"nickel CA" has no name, mass and unit'),
    ("nickel -2 kg CA", "pc", "a mass of -2 is none"),
    ("nickel 0 kg CA", "pc", "a mass of 0 is none"),
    ("nickel 2.4 kg Kanadia", "pc", "no country is known by this code or name"),
    ("nickel 2.4 kg mined", "pc", "mined names no country"),
    ("nickel 2.4 kg mined CA mined NO", "pc", "mined stands twice"),
    ("nickel 2.4 kg CA; Nickel 1 kg CA", "pc", '"Nickel" stands twice with the same countries'),
    ("nickel 60 % CA", "pc", 'the part is counted in "pc"; write the mass in one piece'),
    ("nickel 60 % CA", "", "the part has no unit"),
    ("nickel 160 % CA", "kg", "more than 100 per cent"),
    ("nickel 700 g CA; cobalt 400 g", "kg", "one kg would hold 1.1 kg of materials"),
    ('"nickel 2,4 kg CA"', "pc", "a comma may mark decimals or thousands"),
    ("nickel 1.2.3 kg", "pc", "it is not a number"),
    ("; ".join(f"x{at} 1 g" for at in range(100)), "pc", "it lists 100 materials"),
    ("; ".join(f"x{at} 1 g" for at in range(10_000)), "pc", "it is too long"),
    (":" * 3_000, "pc", "has no name, mass and unit"),
]


@pytest.mark.parametrize(("cell", "unit", "told"), BAD)
def test_what_cannot_be_read_is_refused_with_its_place(cell: str, unit: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(Unusable) as refused:
        found_in(tmp_path / "p", f"A,TOP,3,{unit},DE,5,component,{cell}", "B,TOP,1,pc,DE,5,component,")
    (problem,) = refused.value.problems
    assert told in str(problem)
    assert str(problem).startswith("bom.csv:2: ")


def test_every_bad_cell_is_told_in_one_run(tmp_path: Path) -> None:
    lines = [f"P{at},TOP,3,{unit},DE,5,component,{cell}" for at, (cell, unit, _) in enumerate(BAD)]
    with pytest.raises(Unusable) as refused:
        found_in(tmp_path / "p", *lines)
    assert {each.where.line for each in refused.value.problems if each.where} >= {2, 5, 6, 7, 8, 9, 10}


def test_two_rows_of_one_part_must_not_contradict_each_other(tmp_path: Path) -> None:
    rows = ["A,TOP,3,pc,DE,5,component,nickel 2 kg CA", "A,S,1,pc,DE,5,component,nickel 2.5 kg CA", "S,TOP,1,pc,DE,,,"]
    with pytest.raises(Unusable, match=r'"A" has the materials nickel 2\.5 kg'):
        found_in(tmp_path / "p", *rows)


def test_what_an_assembly_and_its_part_both_state_is_pointed_out(tmp_path: Path) -> None:
    """They are added, since solder here and there is two masses; a repetition is for a person to see."""
    path = folder(
        tmp_path / "p",
        "S,TOP,2,pc,DE,50,component,copper 3 g; tungsten 1 g",
        "A,S,4,pc,DE,5,component,copper 2 g",
        "B,TOP,1,pc,DE,5,component,",
    )
    answer = flow.explore(path, flow.Asked(variants=False, minerals=True)).minerals
    assert answer is not None
    assert kilograms(answer.products[0])["copper"] == Fraction(2 * 3 + 8 * 2, 1000)
    assert answer.notes == (
        "S and A in it both state copper; both count: state for an assembly only what its parts do not",
    )


def test_number_bought_unknown_leaves_the_whole_open(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", "A,TOP,3,pc,DE,5,component,copper 2 kg", "B,TOP,1,pc,DE,5,component,")
    text = (path / "purchase.yaml").read_text(encoding="utf-8")
    (path / "purchase.yaml").write_text(text.replace(", quantity: 10", ""), encoding="utf-8")
    answer = flow.explore(path, flow.Asked(variants=False, minerals=True)).minerals
    assert answer is not None
    assert answer.whole is None
    assert answer.products[0].quantity is None


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json"])
def test_convert_keeps_what_is_stated(suffix: str, tmp_path: Path) -> None:
    made = flow.convert(EXAMPLE, tmp_path / f"bom{suffix}")
    assert not [lost for lost in made.lost if "materials" in lost.what]
    copy = tmp_path / "copy"
    shutil.copytree(EXAMPLE, copy)
    shutil.copy(tmp_path / f"bom{suffix}", copy / f"new{suffix}")
    text = (copy / "purchase.yaml").read_text(encoding="utf-8").replace("bom.csv", f"new{suffix}")
    (copy / "purchase.yaml").write_text(text, encoding="utf-8")
    one, other = (flow.explore(path, flow.Asked(minerals=True)).minerals for path in (EXAMPLE, copy))
    assert one is not None
    assert other is not None

    assert kilograms(one.products[0]) == kilograms(other.products[0])  # and of what is counted in kg, by its unit
    assert "copper" in kilograms(one.products[0])


# --- how they add up --------------------------------------------------------------------------


def masses(draw: Random, bom: Bom) -> Bom:
    """A bill with random statements for some of its sources, and units for its parts."""
    names = ["nickel", "Ni", "nickel battery grade", "copper", "neodymium", "dysprosium", "platinum", "Pd", "steel"]
    told: list[tuple[Material, ...] | None] = []
    for _ in bom.sources.part:
        held = []
        for _ in range(draw.choice([0, 1, 1, 2])):
            stages = draw.sample(["", "mined", "refined"], draw.randint(0, 2))
            origins = tuple((stage, Country(draw.choice(["CN", "CA", "NO", "DE", "GL"]))) for stage in stages)
            mass = Fraction(draw.randint(1, 5_000), draw.choice([1, 1000, 7]))
            held.append(Material(name=draw.choice(names), mass=mass, origins=origins))
        told.append(tuple(held) if draw.random() < 0.6 else None)
    units = tuple(draw.choice(["kg", "g", "pc", None]) for _ in bom.parts)
    named = tuple(draw.choice(["Copper", "W", "Epoxy resin", None]) for _ in bom.parts)
    return replace(bom, sources=replace(bom.sources, materials=tuple(told)), units=units, names=named)


def answer(bom: Bom, measure: Measure = MEASURE) -> tuple[tuple[Held, ...], Held | None, tuple[str, ...]]:
    bought = {bom.parts[root]: Fraction(5 + at) for at, root in enumerate(bom.roots)}
    return minerals.held(bom, "EUR", RATES, measure, bought)


def by_paths(bom: Bom, root: int, named: Callable[[str], str | None]) -> dict[str, Fraction]:
    """Kilograms by material, path by path with no memory: nothing of the product's own way of adding."""
    found: dict[str, Fraction] = {}

    def visit(part: int, number: Fraction) -> None:
        table = bom.sources
        for source, of in enumerate(table.part):
            if of != part:
                continue
            held = table.materials[source]
            if held is None and table.cost_kind[source] == "raw material" and bom.units[part] in {"kg", "g"}:
                name = bom.names[part] or bom.parts[part]
                held = (Material(name=name, mass=Fraction(1, 1000 if bom.units[part] == "g" else 1)),)
                if len(name) <= 2:
                    held = None
            for each in held or ():
                if title := named(each.name):
                    found[title] = found.get(title, Fraction(0)) + number * table.awarded[source] * each.mass
        for edge, parent in enumerate(bom.parent):
            if parent == part:
                visit(bom.child[edge], number * bom.quantity[edge])

    visit(root, Fraction(1))
    return found


IDS = {
    "nickel": "nickel", "Ni": "nickel", "nickel battery grade": "nickel", "copper": "copper", "Copper": "copper",
    "neodymium": "neodymium", "dysprosium": "dysprosium", "platinum": "platinum", "Pd": "palladium",
}  # fmt: skip


@pytest.mark.parametrize("seed", range(25))
def test_masses_are_what_walking_every_path_finds(seed: int) -> None:
    bom = masses(Random(seed), random_bill(seed, parts=14))
    for root, one in zip(bom.roots, answer(bom)[0], strict=True):
        found: dict[str, Fraction] = {}
        for each in one.holdings:
            if not each.members:
                found[each.title] = found.get(each.title, Fraction(0)) + each.mass
        assert found == by_paths(bom, root, IDS.get)


@pytest.mark.parametrize("seed", range(15))
def test_properties_of_random_bills(seed: int) -> None:
    """Permuting lines changes nothing, scaling quantities scales masses and no share, and each bar is whole."""
    draw = Random(seed)
    bom = masses(draw, random_bill(seed, parts=25))
    products, whole, _ = answer(bom)
    edges, sources = list(range(len(bom.parent))), list(range(len(bom.sources.part)))
    draw.shuffle(edges)
    draw.shuffle(sources)

    def moved(column: Sequence[Any], order: Sequence[int]) -> tuple[Any, ...]:
        return tuple(column[at] for at in order)

    names = [one.name for one in fields(bom.sources)]
    table = replace(bom.sources, **{name: moved(getattr(bom.sources, name), sources) for name in names})
    same = {name: moved(getattr(bom, name), edges) for name in ("parent", "child", "quantity", "edge_row")}
    shuffled = replace(bom, sources=table, **same)

    def told(held: Held) -> Any:
        return (
            sorted(
                (each.title, each.fulfils, each.mass, sorted(by_stage(each).items(), key=str)) for each in held.holdings
            ),
            sorted((each.name, each.mass) for each in held.others),
            held.unmeasured_cost,
        )

    assert list(map(told, answer(shuffled)[0])) == list(map(told, products))
    top = frozenset(bom.roots)
    thrice = tuple(q * 3 if parent in top else q for parent, q in zip(bom.parent, bom.quantity, strict=True))
    for one, more in zip(products, answer(replace(bom, quantity=thrice))[0], strict=True):
        assert [each.mass * 3 for each in one.holdings] == [each.mass for each in more.holdings]
        assert [s.share for h in one.holdings for s in h.stages] == [s.share for h in more.holdings for s in h.stages]
    assert whole is not None
    for one in (*products, whole):
        for each in one.holdings:
            for stage in each.stages:
                assert sum((mass for *_, mass in stage.countries), stage.undeclared) == each.mass
    if len(products) == 1:
        assert [each.mass * 5 for each in products[0].holdings] == [each.mass for each in whole.holdings]


ENTRIES = st.lists(
    st.tuples(
        st.fractions(min_value=Fraction(1, 1000), max_value=100, max_denominator=1000),
        st.sampled_from(["CN", "CA", "NO", "DE", "GL", ""]),
    ),
    min_size=1,
    max_size=8,
)


def tallied(entries: Sequence[tuple[Fraction, str]]) -> Tally:
    return tally("", [(mass, (("", Country(one)),) if one else ()) for mass, one in entries], MEASURE)


@given(entries=ENTRIES, rest=st.lists(st.sampled_from(["CN", "CA", "NO", "US", "DE", "GL"]), min_size=8, max_size=8))
@settings(deadline=None)
def test_the_range_holds_every_completion_and_the_answer_stands_under_all(
    entries: list[tuple[Fraction, str]], rest: list[str]
) -> None:
    """Whatever the undeclared turns out to be, a firm answer stays, and the share of the largest stays in its range."""
    open_ = tallied(entries)
    done = [(mass, one or rest[at]) for at, (mass, one) in enumerate(entries)]
    whole = sum((mass for mass, _ in done), Fraction(0))
    third = {one: sum((m for m, c in done if c == one), Fraction(0)) / whole for one in {"CN", "CA", "NO", "US"}}
    if open_.largest:
        assert open_.share.low <= third[open_.largest] <= open_.share.high
    assert max(third.values()) <= open_.share.high
    exceeds = any(share > LIMIT for share in third.values())
    assert open_.above in {"unknown", "yes" if exceeds else "no"}
    closed = tallied(done)
    assert closed.above == ("yes" if exceeds else "no")
    assert closed.share.known


@pytest.mark.parametrize(
    ("entries", "above"),
    [
        ([(Fraction(65), "CA"), (Fraction(35), "DE")], "no"),
        ([(Fraction(65001, 1000), "CA"), (Fraction(34999, 1000), "DE")], "yes"),
        ([(Fraction(65), "CA"), (Fraction(35), "")], "unknown"),
        ([(Fraction(100), "DE")], "no"),
        ([(Fraction(100), "GL")], "no"),
        ([(Fraction(100), "NO")], "yes"),
        ([(Fraction(40), "CA"), (Fraction(40), "CN"), (Fraction(20), "")], "no"),
        ([(Fraction(65), ""), (Fraction(35), "DE")], "no"),
    ],
)
def test_exactly_65_per_cent_is_not_more_than_65(entries: list[tuple[Fraction, str]], above: str) -> None:
    """Art. 5(1)(b): no third country with more than 65 %; the Union and overseas territories are no third countries."""
    assert tallied(entries).above == above


def test_large_bills_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled loops in residues, and plain fractions: every number and every word."""
    pytest.importorskip("numba", reason="needs: numba (make setup)")
    from jointbuy.content import large_minerals

    compiled = 0
    for seed in range(30):
        bom = masses(Random(seed), random_bill(seed, parts=40))
        monkeypatch.setattr(minerals, "LARGE", 10**9)
        plain = answer(bom)
        monkeypatch.setattr(minerals, "LARGE", 0)
        assert answer(bom) == plain
        compiled += large_minerals.prepared(bom, "EUR", {**RATES, "EUR": Fraction(1)}) is not None
    assert compiled > 20


def large_table(seed: int) -> str:
    """Rows of a bill with materials, in units of mass and in pieces."""
    draw = Random(seed)
    cells = ["", "nickel 2 kg mined CA refined NO", "Ni 350 g; W 0.5 oz CN", "none", "lithium battery grade 12.5 g AU"]
    rows = [HEAD]
    for part in range(1, 20):
        unit = draw.choice(["pc", "kg", "g", ""])
        cell = draw.choice(cells if unit != "kg" else ["", "cobalt 40 % CD", "nickel 350 g"]) if unit != "g" else ""
        kind = draw.choice(["component", "raw material"])
        parents = draw.sample(["TOP", "P1", "P2"], draw.randint(1, 2)) if part > 2 else ["TOP"]
        for at, parent in enumerate(parents):
            said = cell if not at or draw.random() < 0.5 else ""
            rows.append(f"P{part},{parent},{draw.randint(1, 9)},{unit},CA,2.5,{kind},{said}")
    return "\n".join([*rows, ""])


def test_the_fast_reader_reads_them_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba", reason="needs: numba (make setup)")
    from jointbuy.formats import bill, read

    places, fast = law.places(), 0
    for seed in range(20):
        path = folder(tmp_path / str(seed), *large_table(seed).splitlines()[1:])
        monkeypatch.setattr(bill, "LARGE", 10**12)
        slow = read(path, places).bom
        monkeypatch.setattr(bill, "LARGE", 0)
        other = read(path, places).bom
        assert slow is not None
        assert other is not None
        assert tuple(other.units) == tuple(slow.units)
        assert tuple(other.sources.materials) == tuple(slow.sources.materials)
        fast += not isinstance(other.sources.materials, tuple)
    assert fast > 10


# --- the example ------------------------------------------------------------------------------


def grams_by_hand() -> dict[tuple[str, str, str], Fraction]:
    """Grams by material, stage and country in one drive, from the file: nothing of the product is used.

    Pieces in one drive: 2 motors x 48 magnets, 192 cells, 2 inverters, one kit of fasteners; suppliers by their award.
    """
    pieces = {"MAGNET-1": 96, "CELL-1": 192, "INV-1": 2, "BOLT-1": 1}
    found: dict[tuple[str, str, str], Fraction] = {}
    with (EXAMPLE / "bom.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for text in filter(None, row["materials"].split("; ")):
                words = text.split()
                at = words.index("g") if "g" in words else words.index("kg")
                grams = Fraction(words[at - 1]) * (1000 if words[at] == "kg" else 1)
                grams *= pieces[row["part"]] * Fraction(row["awarded"] or 100) / 100
                rest = words[at + 1 :]
                stages = dict(zip(rest[::2], rest[1::2], strict=True)) if len(rest) > 1 else {"": "".join(rest)}
                for stage in {"mined", "refined"} if "" not in stages else {""}:
                    key = words[0], stage, stages.get(stage, "")
                    found[key] = found.get(key, Fraction(0)) + grams
    found["copper", "", "PL"] = Fraction(2 * 6500)  # the wire, which is a raw material by itself
    return found


def test_the_example_holds_what_its_readme_says() -> None:
    answered = flow.explore(EXAMPLE, flow.Asked(minerals=True)).minerals
    assert answered is not None
    (one,) = answered.products
    found = {}
    for each in one.holdings:
        for stage in each.stages if not each.members else ():
            for country, _, mass in stage.countries:
                found[each.title, stage.stage, str(country)] = mass * 1000
            if stage.undeclared:
                found[each.title, stage.stage, ""] = stage.undeclared * 1000
    by_hand = {key: grams for key, grams in grams_by_hand().items() if key[0] != "tantalum"}
    assert found == by_hand
    above = {(each.title, stage.stage): stage.above for each in one.holdings for stage in each.stages}
    assert {key for key, yes in above.items() if yes == "yes"} == {
        ("gallium", ""), ("dysprosium", "mined"), ("dysprosium", "refined"), ("neodymium", "mined"),
        ("neodymium", "refined"), ("titanium", ""), ("rare earth elements for permanent magnets", "mined"),
        ("rare earth elements for permanent magnets", "refined"),
    }  # fmt: skip
    assert {key for key, yes in above.items() if yes == "unknown"} == {("manganese", "")}
    assert answered.whole is not None
    assert kilograms(answered.whole)["nickel"] == Fraction(97536, 10)


def test_without_the_canadian_nickel_one_country_is_above(tmp_path: Path) -> None:
    """134.4 x 125 g from Indonesia and 57.6 x 130 g from Canada: 16.8 of 24.288 kg are 69.17 %."""
    shutil.copytree(EXAMPLE, tmp_path / "p")
    path = tmp_path / "p" / "bom.csv"
    text = path.read_text(encoding="utf-8")
    changed = text.replace("Cellules SAS,60,", "Cellules SAS,70,").replace("Cells Inc.,40,", "Cells Inc.,30,")
    path.write_text(changed, encoding="utf-8")
    answered = flow.explore(tmp_path / "p", flow.Asked(minerals=True)).minerals
    assert answered is not None
    mined = next(each for each in answered.products[0].holdings if each.title == "nickel").stages[0]
    assert (mined.stage, mined.largest, mined.share.low, mined.above) == ("mined", "ID", Fraction(16800, 24288), "yes")


def test_report_on_the_example(
    golden: Callable[[str, str], None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert cli.main(["content", str(EXAMPLE), "--minerals"]) == 0
    golden("minerals-100.txt", capsys.readouterr().out.partition("STRATEGIC RAW")[2])


def test_json_and_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["content", str(EXAMPLE), "--minerals", "--json", "--out", str(tmp_path / "one")]
    assert cli.main(line) == 0
    found = json.loads(capsys.readouterr().out)["minerals"]
    assert "no verdict" in found["indicator"]
    assert found["benchmark"]["decimal"] == "0.650000"
    (product,) = found["products"]
    nickel = next(each for each in product["holdings"] if each["material"] == "nickel")
    assert (nickel["kg"], nickel["condition"], nickel["condition_stated"]) == ("24.384", "battery grade", "yes")
    assert nickel["stages"][0]["kg_by_country"] == {"ID": "14.4", "CA": "9.984"}
    assert (nickel["stages"][0]["kind"], nickel["stages"][0]["above_benchmark"]) == ("extraction", "no")
    assert product["unknown_mass"]["cost"] == 28000
    page = (tmp_path / "one" / "content.html").read_text(encoding="utf-8")
    assert page.count('class="limit"') == 18
    assert "benchmark 65" in page
    assert cli.main(["content", str(EXAMPLE), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["minerals"] is None


def test_hostile_names_are_only_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cell = '"<script>alert(1)</script> 2 kg CA; [31mred 1 g"'.replace("", "")
    path = folder(tmp_path / "p", f"A,TOP,3,pc,DE,5,component,{cell}", "B,TOP,1,pc,DE,5,component,")
    assert cli.main(["content", str(path), "--minerals", "--out", str(tmp_path / "out")]) == 0
    assert "script" in capsys.readouterr().out
    assert "<script" not in (tmp_path / "out" / "content.html").read_text(encoding="utf-8")


def test_no_verdict_loads_what_only_minerals_need() -> None:
    code = f"from jointbuy import flow; flow.check({str(EXAMPLE)!r}); import sys; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, env={**os.environ}
    )
    assert not {"jointbuy.content.minerals", "jointbuy.law.raw_materials"} & set(ran.stdout.split())
