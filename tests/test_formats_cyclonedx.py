"""Bills of materials as CycloneDX documents. Oracle for soundness: the test documents of CycloneDX/specification."""

from __future__ import annotations

import contextlib
import json
from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import Any

import pytest

from formats_kit import GOOD, bad, good, write
from jointbuy import formats, law
from jointbuy.errors import Unusable
from jointbuy.formats import Read
from jointbuy.formats.cyclonedx import MAX_LEVELS
from jointbuy.model import Bom
from test_formats_bill import edges

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SAMPLES = sorted((DATA / "cyclonedx").glob("*.json")) if DATA.is_dir() else []
DRAFTS = sorted((DATA / "cyclonedx-2.0-dev").glob("*.json")) if DATA.is_dir() else []
needs_samples = pytest.mark.skipif(not SAMPLES, reason="shared/data is not beside this checkout")

NAME = "bom.cdx.json"
PURCHASE = GOOD.replace("bom.csv", NAME)
NO_END = PURCHASE.replace("end_products:\n  - id: VEHICLE\n", "")
RATE = "exchange_rates: {currency: USD, rate: 0.9, on: 2026-09-01, source: an invented bank}\n"
Json = dict[str, Any]


def part(ref: str, cost: str | None = "1", quantity: str | None = "1", /, *inside: Json, **more: Any) -> Json:
    """A component; a property for each of cost and quantity that is stated."""
    stated = {"jointbuy:unitCost": cost, "jointbuy:quantity": quantity, **more.pop("own", {})}
    properties = [{"name": name, "value": value} for name, value in stated.items() if value is not None]
    nested = {"components": list(inside)} if inside else {}
    return {"type": "device", "bom-ref": ref, "name": ref.title(), **nested, "properties": properties, **more}


def document(*components: Json, version: str = "1.6", **more: Any) -> str:
    kind = "specFormat" if version == "2.0" else "bomFormat"
    return json.dumps({kind: "CycloneDX", "specVersion": version, "components": components, **more})


def main(ref: str = "VEHICLE", *inside: Json) -> Json:
    return {"component": part(ref, None, None, *inside)}


def read(folder: Path, bill: str, purchase: str = PURCHASE) -> Read:
    return good(folder, purchase, bill, NAME)


def told(folder: Path, bill: str, purchase: str = PURCHASE) -> list[str]:
    return bad(folder, purchase, bill, NAME)


def bom_of(found: Read) -> Bom:
    assert found.bom is not None
    return found.bom


# --- the standard's own documents -----------------------------------------------------------

# Where each invalid document of the standard must be refused, and a word of the reason.
WRONG = {
    "invalid-bomformat-1.7": ("$.bomFormat", "AnotherFormat"),
    "invalid-citations-1.7": ("$.citations[1]", "both pointers and expressions"),
    "invalid-component-ref-1.7": ("$.components[1]['bom-ref']", "not empty"),
    "invalid-component-swid-1.7": ("$.components[0].swid", "tagId"),
    "invalid-component-versionRange-non-external-explicit": ("$.components[0]", "not external"),
    "invalid-component-versionRange-non-external-implicit": ("$.components[0]", "not external"),
    "invalid-empty-component-1.7": ("$.components[0]", "no name"),
    "invalid-hash-alg-1.7": ("$.components[0].hashes[0].alg", "FOO"),
    "invalid-hash-sha1-1.7": ("$.components[0].hashes[1].content", "hexadecimal"),
    "invalid-hash-sha256-1.7": ("$.components[0].hashes[2].content", "hexadecimal"),
    "invalid-issue-type-1.7": ("$.components[0].pedigree.patches[0].resolves[0].type", "foo"),
    "invalid-license-choice-1.7": ("$.components[0].licenses[0]", "both license and expression"),
    "invalid-license-id-1.7": ("$.components[0].licenses[0].license.id", "SPDX"),
    "invalid-license-missing-id-and-name-1.7": ("$.components[0].licenses[0].license", "neither id nor name"),
    "invalid-metadata-license-1.7": ("$.metadata.licenses[0].license.id", "SPDX"),
    "invalid-metadata-timestamp-1.7": ("$.metadata.timestamp", "time and zone"),
    "invalid-patch-type-1.7": ("$.components[0].pedigree.patches[0].type", "foo"),
    "invalid-properties-1.7": ("$.components[0].properties[1]", "unexpected-property"),
    "invalid-serialnumber-1.7": ("$.serialNumber", "UUID"),
    "invalid-service-data-1.7": ("$.services[0].data[0].flow", "bar"),
}
NO_BILL = (
    f"{NAME}:$.components: the document holds no components",
    f"{NAME}:$.components: no component states a cost",
)


@needs_samples
def test_every_invalid_document_is_refused_where_it_is_wrong(tmp_path: Path) -> None:
    invalid = [sample for sample in SAMPLES if sample.name.startswith("invalid-")]
    assert {sample.stem for sample in invalid} == WRONG.keys()
    for sample in invalid:
        place, word = WRONG[sample.stem]
        lines = told(tmp_path, sample.read_text(encoding="utf-8"))
        assert any(line.startswith(f"{NAME}:{place}") and word in line for line in lines), (sample.name, lines)


@needs_samples
@pytest.mark.parametrize(
    "sample", [one for one in [*SAMPLES, *DRAFTS] if one.name.startswith("valid-")], ids=lambda one: one.stem
)
def test_every_valid_document_is_sound(tmp_path: Path, sample: Path) -> None:
    """They are about software and state no cost, which is then the only thing said."""
    (line,) = told(tmp_path, sample.read_text(encoding="utf-8"), NO_END)
    assert line.startswith(NO_BILL)


@needs_samples
def test_valid_documents_with_costs_are_bills(tmp_path: Path) -> None:
    """The same documents with a cost and a quantity for every component."""
    read_as_bills = 0
    for sample in (one for one in [*SAMPLES, *DRAFTS] if one.name.startswith("valid-")):
        content = json.loads(sample.read_text(encoding="utf-8"))
        if not content.get("components") or "component" in content.get("metadata", {}):
            continue
        open_ = list(content["components"])
        while open_:
            one = open_.pop()
            open_ += one.get("components", ())
            own = {"jointbuy:unitCost": "5", "jointbuy:quantity": "2", "jointbuy:currency": "EUR"}
            one["properties"] = [{"name": name, "value": value} for name, value in own.items()]
        assert formats.read(write(tmp_path, PURCHASE, json.dumps(content), NAME), law.places()).bom, sample.name
        read_as_bills += 1
    assert read_as_bills >= 20


# --- the tree -------------------------------------------------------------------------------

WANTED = {("VEHICLE", "hull", 1), ("VEHICLE", "turret", 2), ("turret", "sight", 1), ("turret", "gun", 1)}
TURRET = part("turret", None, "2", part("sight"), part("gun"))
FLAT = (part("hull"), part("turret", None, "2"), part("sight"), part("gun"))
GRAPH = [
    {"ref": "VEHICLE", "dependsOn": ["hull", "turret"]},
    {"ref": "turret", "dependsOn": ["sight", "gun"]},
    {"ref": "gun"},
]
TREES = {
    "nested": document(part("hull"), TURRET),
    "nested, and what it is": document(part("hull"), TURRET, metadata=main()),
    "all inside the end product": document(part("VEHICLE", None, None, part("hull"), TURRET)),
    "all inside what it describes": document(metadata=main("VEHICLE", part("hull"), TURRET)),
    "a graph": document(*FLAT, metadata=main(), dependencies=GRAPH),
    "a graph without its top": document(*FLAT, dependencies=GRAPH[1:]),
    "both": document(part("hull"), TURRET, metadata=main(), dependencies=GRAPH),
}


@pytest.mark.parametrize("bill", TREES.values(), ids=TREES)
def test_trees(tmp_path: Path, bill: str) -> None:
    bom = bom_of(read(tmp_path, bill))
    assert edges(bom) == WANTED
    assert [bom.parts[root] for root in bom.roots] == ["VEHICLE"]


def test_the_document_names_the_end_product_when_the_purchase_does_not(tmp_path: Path) -> None:
    assert edges(bom_of(read(tmp_path, TREES["a graph"], NO_END))) == WANTED


def test_the_end_product_may_be_named_by_name_and_version(tmp_path: Path) -> None:
    described = main("a-ref") | {}
    described["component"] |= {"name": "VEHICLE"}
    assert edges(bom_of(read(tmp_path, document(part("hull"), TURRET, metadata=described)))) == WANTED


def test_another_product_is_not_taken_for_the_end_product(tmp_path: Path) -> None:
    (line,) = told(tmp_path, document(part("hull"), metadata=main("SHIP")))
    assert line.startswith(f"{NAME}:$.metadata.component: the document describes")
    assert "id: SHIP" in line


def test_a_part_of_two_assemblies(tmp_path: Path) -> None:
    own = {"jointbuy:quantity:turret": "4"}
    graph = [{"ref": "turret", "dependsOn": ["bolt"]}, {"ref": "hull", "dependsOn": ["bolt"]}]
    bill = document(part("hull", None), part("turret", None), part("bolt", "1", "9", own=own), dependencies=graph)
    bom = bom_of(read(tmp_path, bill))
    assert edges(bom) >= {("turret", "bolt", 4), ("hull", "bolt", 9)}
    assert bom.parts.count("bolt") == 1
    (line,) = told(tmp_path, bill.replace('"jointbuy:quantity", "value": "9"', '"cdx:device:quantity", "value": "9"'))
    assert "only its total is stated" in line
    (line,) = told(tmp_path, bill.replace("quantity:turret", "quantity:turet"))
    assert "does not use this component" in line


def test_references_that_lead_nowhere(tmp_path: Path) -> None:
    away = "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#x"
    graph = [{"ref": "hul", "dependsOn": ["gun", "radio", away]}]
    lines = told(
        tmp_path, document(part("hull"), part("gun"), dependencies=graph, services=[{"bom-ref": "radio", "name": "r"}])
    )
    assert [line.split(": ")[0] for line in lines] == [
        f"{NAME}:$.dependencies[0].ref",
        f"{NAME}:$.dependencies[0].dependsOn[2]",
    ]
    assert 'did you mean "hull"?' in lines[0]
    assert "another document" in lines[1]


def test_cycles_and_repeated_references(tmp_path: Path) -> None:
    graph = [{"ref": "hull", "dependsOn": ["gun"]}, {"ref": "gun", "dependsOn": ["hull"]}]
    (line,) = told(tmp_path, document(part("hull"), part("gun"), dependencies=graph))
    assert "a part contains itself: hull -> gun -> hull" in line
    assert "$.components[0]" in line
    (line,) = told(tmp_path, document(part("hull"), part("hull")))
    assert line.startswith(f"{NAME}:$.components[1]['bom-ref']: the bom-ref \"hull\" stands twice: $.components[0]")


def as_document(bom: Bom) -> str:
    """The records of a bill as a CycloneDX document: a component for each part and supplier, uses as a graph."""
    uses: dict[int, dict[int, Fraction]] = {}
    for parent, child, quantity in zip(bom.parent, bom.child, bom.quantity, strict=True):
        uses.setdefault(child, {})[parent] = quantity
    refs: dict[int, list[str]] = {bom.roots[0]: [bom.parts[bom.roots[0]]]}
    components, sources = [], bom.sources
    for at, one in enumerate(sources.part):
        refs.setdefault(one, []).append(f"{bom.parts[one]} {at}")
    for at, one in enumerate(sources.part):
        per = lcm(*(quantity.denominator for quantity in uses[one].values()))
        own = {"jointbuy:part": bom.parts[one], "jointbuy:per": str(per), "jointbuy:costKind": sources.cost_kind[at]}
        if (price := sources.price_low[at]) is not None:
            own |= {"jointbuy:unitCost": str(price.numerator), "jointbuy:costPer": str(price.denominator)}
            own["jointbuy:currency"] = str(sources.currency[at])
        own["jointbuy:origin"] = "; ".join(f"{code} {float(share * 100)}" for code, share in sources.origin[at])
        own["jointbuy:suppliedFrom"] = sources.supplied_from[at] or ""
        own["jointbuy:awarded"] = str(float(sources.awarded[at] * 100))
        for parent, quantity in uses[one].items():
            own[f"jointbuy:quantity:{refs[parent][0]}"] = str(quantity * per)
        more = {"supplier": {"name": sources.supplier[at]}} if sources.supplier[at] else {}
        components.append(part(f"{bom.parts[one]} {at}", None, None, own=own, name=bom.names[one] or "-", **more))
    graph: dict[str, list[str]] = {}
    for child, parents in uses.items():
        for parent in parents:
            graph.setdefault(refs[parent][0], []).extend(refs[child])
    dependencies = [{"ref": ref, "dependsOn": below} for ref, below in graph.items()]
    return document(*components, metadata=main(bom.parts[bom.roots[0]]), dependencies=dependencies)


def told_by(bom: Bom) -> set[tuple[Any, ...]]:
    """What the sources of a bill's parts say, whatever their order and place; the end product is no part."""
    one = bom.sources
    columns = (one.supplier, one.origin, one.supplied_from, one.price_low, one.currency, one.cost_kind, one.awarded)
    rows = zip(one.part, *columns, strict=True)
    return {(bom.parts[part], *said) for part, *said in rows if part not in bom.roots}


def test_a_bill_is_the_same_as_table_and_as_document(tmp_path: Path) -> None:
    """The howitzer example, written as a document, gives the records that its table gives."""
    folder = Path(__file__).resolve().parents[1] / "examples" / "howitzer"
    table = bom_of(formats.read(folder, law.places()))
    purchase = (folder / "purchase.yaml").read_text(encoding="utf-8").replace("bom.csv", NAME)
    again = bom_of(formats.read(write(tmp_path, purchase, as_document(table), NAME), law.places()))
    assert edges(again) == edges(table)
    assert told_by(again) == told_by(table)


# --- what parts say -------------------------------------------------------------------------


def test_values(tmp_path: Path) -> None:
    own = {"jointbuy:origin": "DE 60; US 40", "jointbuy:currency": "USD", "jointbuy:suppliedFrom": "Poland"}
    own |= {"jointbuy:costKind": "software", "cdx:device:countryOfOrigin": "DE"}
    harbour = {"supplier": {"name": "Harbour Optics (invented)"}, "manufacturer": {"name": "Other"}}
    cost = {"jointbuy:costLow": "90.10", "jointbuy:costHigh": "110"}
    bom = bom_of(
        read(
            tmp_path,
            document(part("sight", "12.50", "3", own=own, **harbour), part("gun", None, own=cost)),
            PURCHASE + RATE,
        )
    )
    sources = bom.sources
    assert sources.supplier == ("HARBOUR", None)
    assert sources.origin == ((("DE", Fraction(3, 5)), ("US", Fraction(2, 5))), ())
    assert sources.price_low == (Fraction("12.5"), Fraction("90.1"))
    assert sources.price_high == (Fraction("12.5"), Fraction(110))
    assert sources.currency == ("USD", "EUR")
    assert sources.supplied_from[0] == "PL"
    assert sources.cost_kind[0] == "software"
    assert str(sources.row[1]) == f"{NAME}:$.components[1]"


@pytest.mark.parametrize(
    "name", ["cdx:device:countryOfOrigin", "countryOfOrigin", "acme:country_of_origin", "x:Made in"]
)
def test_spellings_of_origin(tmp_path: Path, name: str) -> None:
    assert bom_of(read(tmp_path, document(part("gun", own={name: "Germany"})))).sources.origin == ((("DE", 1),),)


def test_two_suppliers_of_one_part(tmp_path: Path) -> None:
    one, two = ({"jointbuy:part": "gun", "jointbuy:awarded": share} for share in ("60", "40"))
    first = part("a", "5", own=one, name="Gun", supplier={"name": "A"})
    bill = document(first, part("b", "6", own=two, name="Gun", supplier={"name": "B"}))
    bom = bom_of(read(tmp_path, bill))
    assert edges(bom) == {("VEHICLE", "gun", 1)}
    assert bom.sources.awarded == (Fraction(3, 5), Fraction(2, 5))


def test_name_and_version_stand_in_for_a_reference(tmp_path: Path) -> None:
    one = part("gun", group="acme", version="2")
    del one["bom-ref"]
    assert bom_of(read(tmp_path, document(one))).parts == ("VEHICLE", "acme/Gun@2")


WRONG_VALUES = {
    "no cost": (part("gun", None), '"gun" has no cost'),
    "no quantity": (part("gun", "1", None), '"gun" has no quantity'),
    "a bad cost": (part("gun", "1,5"), '"unitCost" is "1,5"'),
    "a slip in a property": (part("gun", own={"jointbuy:unitPrice": "5"}), "no property of ours"),
    "a field that is none": (part("gun", unitCost=5), "no field of a component"),
    "two origins": (part("gun", own={"countryOfOrigin": "DE", "cdx:device:countryOfOrigin": "US"}), "state it once"),
    "a number": (part("gun") | {"properties": [{"name": "jointbuy:unitCost", "value": 5}]}, "not text in quotes"),
}


@pytest.mark.parametrize("case", WRONG_VALUES.values(), ids=WRONG_VALUES)
def test_wrong_values(tmp_path: Path, case: tuple[Json, str]) -> None:
    lines = told(tmp_path, document(part("hull"), case[0]))
    assert len(lines) == 1
    assert lines[0].startswith(f"{NAME}:$.components[1]")
    assert case[1] in lines[0]


def test_what_is_not_carried_over_is_counted(tmp_path: Path) -> None:
    digest = {"alg": "MD5", "content": "0" * 32}
    more = {
        "licenses": [{"expression": "MIT"}],
        "hashes": [digest, digest],
        "own": {"cdx:device:quantity": "1", "x:y": "z"},
    }
    bill = document(
        part("gun", "1", None, **more),
        services=[{"name": "s"}],
        vulnerabilities=[{}, {}],
        compositions=[{"aggregate": "incomplete"}],
    )
    notes = " ".join(read(tmp_path, bill).notes)
    assert "compositions 1, hashes 2, licenses 1, other properties 1, services 1, vulnerabilities 2" in notes
    assert "cdx:device:quantity was read as the number in one parent" in notes
    assert "1 of its own compositions" in notes


# --- origins of the unreleased 2.0 ----------------------------------------------------------


def origin(stage: str, basis: str, **shares: float) -> Json:
    return {
        "stage": stage,
        "basis": basis,
        "distribution": [{"isoCode": code, "percentage": part} for code, part in shares.items()],
    }


def test_origins_by_cost(tmp_path: Path) -> None:
    stages = [
        origin("designed", "engineering hours", US=100),
        origin("manufactured", "manufacturing cost", DE=33.5, PL=66.5),
    ]
    one = part("gun", "1", None, origins=stages, quantity={"value": 2.5, "unit": "kg"})
    bom = bom_of(read(tmp_path, document(one, version="2.0")))
    assert bom.sources.origin == ((("DE", Fraction(67, 200)), ("PL", Fraction(133, 200))),)
    assert bom.quantity == (Fraction(5, 2),)


def test_origins_by_mass_are_no_shares_of_cost(tmp_path: Path) -> None:
    found = read(tmp_path, document(part("ore", origins=[origin("manufactured", "net weight", DE=100)]), version="2.0"))
    assert bom_of(found).sources.origin == ((),)
    assert any("Ore (manufactured, by net weight)" in note and "undeclared" in note for note in found.notes)


def test_two_stages_that_differ(tmp_path: Path) -> None:
    stages = [origin("manufactured", "cost", DE=100), origin("assembled", "value", PL=100)]
    (line,) = told(tmp_path, document(part("gun", origins=stages), version="2.0"))
    assert line.startswith(f"{NAME}:$.components[0].origins: several stages")
    own = {"jointbuy:origin": "PL"}
    assert bom_of(read(tmp_path, document(part("gun", origins=stages, own=own), version="2.0"))).sources.origin == (
        (("PL", 1),),
    )


@needs_samples
def test_origins_of_the_draft(tmp_path: Path) -> None:
    content = json.loads((DATA / "cyclonedx-2.0-dev" / "valid-hardware-material-2.0.json").read_text(encoding="utf-8"))
    for one in [*content["components"], *content["components"][0]["components"]]:
        one["properties"] = [{"name": "jointbuy:unitCost", "value": "7"}]
    bom = bom_of(read(tmp_path, json.dumps(content)))
    origins = dict(zip((bom.parts[one] for one in bom.sources.part), bom.sources.origin, strict=True))
    assert origins == {"comp-smco-magnet": (("US", 1),), "comp-samarium": (), "comp-tungsten-powder": ()}
    assert ("comp-smco-magnet", "comp-samarium", Fraction(25, 2)) in edges(bom)


# --- hostile and broken files ---------------------------------------------------------------


def nested(depth: int) -> Json:
    one = part("leaf")
    for level in range(depth):
        one = {"type": "device", "name": str(level), "components": [one]}
    return one


BROKEN = {
    "not JSON": ('{"bomFormat":\n"CycloneDX",}', f"{NAME}:2: the file is not JSON"),
    "not an object": ("[]", "not a CycloneDX document"),
    "nothing": ("", "the file is not JSON"),
    "another JSON": ('{"a": 1}', "bomFormat is missing"),
    "an old version": (document(version="1.4"), "1.5, 1.6, 1.7"),
    "no version": ('{"bomFormat": "CycloneDX"}', "specVersion is missing"),
    "an odd version": ('{"bomFormat": "CycloneDX", "specVersion": 1.6}', "specVersion is"),
    "deep brackets": ("[" * 200_000, "nested too deeply"),
    "deep components": (document(nested(MAX_LEVELS + 1)), "nested more than"),
    "no number": (document().replace("[]", "[NaN]"), "NaN is not a number in JSON"),
    "a field twice": ('{"bomFormat": "CycloneDX", "bomFormat": "x"}', "twice"),
    "a long number": ('{"version": ' + "9" * 5000 + "}", "too long"),
    "half a character": (document(part("gun", description="\ud800")), "half a character"),
    "a wrong type": (document().replace("[]", '{"a": 1}'), "components is not a list"),
    "wrong inside": (document().replace("[]", "[1, null]"), "not a component"),
    "no metadata": (document(metadata=[]), "not a metadata"),
    "an empty object": ("{}", "bomFormat is missing"),
}


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN)
def test_broken(tmp_path: Path, case: tuple[str, str]) -> None:
    lines = told(tmp_path, case[0])
    assert any(case[1] in line for line in lines), lines
    assert all(line.startswith(f"{NAME}:") for line in lines)


@pytest.mark.parametrize("wrong", [None, 1, 1.5, "x", [], {}, [1], [None], [[]], [{}], True])
def test_any_value_anywhere_is_a_problem_or_fine(tmp_path: Path, wrong: Any) -> None:
    """No value of any type in any place breaks the reading itself."""
    full = json.loads(
        document(
            part("gun", "1", "1", part("b")), metadata=main(), dependencies=GRAPH[:1], compositions=[], version="2.0"
        )
    )
    full["components"][0] |= {
        "origins": [origin("built", "cost", DE=100)],
        "quantity": {"value": 1},
        "parties": [{"roles": [{}]}],
        "supplier": {},
    }
    spots: list[tuple[Any, Any]] = [(full, key) for key in full]
    for holder, key in spots:
        inner = holder[key]
        spots += [
            (inner, one)
            for one in (inner if isinstance(inner, dict) else range(len(inner)) if isinstance(inner, list) else ())
        ]
    for version in ("2.0", "1.6"):
        full["specVersion"] = version
        full["bomFormat"] = "CycloneDX"
        for holder, key in spots:
            kept, holder[key] = holder[key], wrong
            with contextlib.suppress(Unusable):
                read(tmp_path, json.dumps(full))
            holder[key] = kept


def test_many_components_are_read(tmp_path: Path) -> None:
    bill = document(
        *(
            part(f"part-{number}", f"{number}.25", "2", own={"cdx:device:countryOfOrigin": "DE"})
            for number in range(20_000)
        )
    )
    bom = bom_of(read(tmp_path, bill))
    assert len(bom.parts) == 20_001


def test_an_excluded_component_is_not_counted_nor_what_stands_in_it_alone(tmp_path: Path) -> None:
    """Of 10 + 20 + 40 + 80 the rig (10, made of a gauge of 20) is excluded; the cable stands in the hull as well."""
    rig = part("RIG", "10", "1", scope="excluded")
    gauge, cable = part("GAUGE", "20", "1"), part("CABLE", "40", "1")
    hull = part("HULL", "80", "1", scope="optional")
    graph = [
        {"ref": "VEHICLE", "dependsOn": ["RIG", "HULL"]},
        {"ref": "RIG", "dependsOn": ["GAUGE", "CABLE"]},
        {"ref": "HULL", "dependsOn": ["CABLE"]},
    ]
    found = read(tmp_path, document(rig, gauge, cable, hull, metadata=main(), dependencies=graph))
    bom = bom_of(found)
    assert {bom.parts[one] for one in bom.sources.part} - {"VEHICLE"} == {"HULL", "CABLE"}
    assert f"{NAME}: not counted, because their scope is excluded: RIG" in found.notes
