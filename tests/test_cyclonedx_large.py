"""The fast reader of large CycloneDX documents gives what the other reader gives, or leaves the document to it."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from formats_kit import PLACES, write
from jointbuy import cli
from jointbuy.errors import Unusable
from jointbuy.formats import Read, bill, cyclonedx, read
from jointbuy.formats.cyclonedx import MAX_LEVELS
from jointbuy.packed import Indices
from test_formats_cyclonedx import DRAFTS, NAME, SAMPLES, document, main, needs_samples, part
from test_large_reading import PURCHASE, same

Json = dict[str, Any]
_MORE: list[Json] = [
    {},
    {},
    {"description": "a part"},
    {"licenses": [{"license": {"id": "MIT"}}, {"license": {"name": "Own"}}], "scope": "required"},
    {"hashes": [], "externalReferences": [{"type": "website", "url": "https://example.org"}]},
    {"group": "org", "version": "1.0"},
    {"manufacturer": {"name": "Northwind (invented)", "url": ["https://example.org"]}},
    {"tags": ["a"], "supplier": {"name": " "}},
]


def random_document(seed: int) -> str:
    """Assemblies inside assemblies and as dependencies; shared parts, suppliers, fields of no use."""
    draw = Random(seed)
    made, leaves = [f"a{at}" for at in range(draw.randint(2, 6))], [f"p{at}" for at in range(draw.randint(3, 15))]
    inside: dict[str, list[Json]] = {}
    top: list[Json] = []
    graph: dict[str, list[str]] = {}
    for at, name in enumerate(made):
        where = draw.choice([*made[:at], "", "", "VEHICLE"])
        one = part(name, draw.choice(["9", None, None]), draw.choice(["1", "2"]), **extra(draw, name, None))
        inside[name] = one.setdefault("components", []) if draw.random() < 0.6 else []
        place(draw, one, where, top, inside, graph)
    for name in leaves:
        for one in supplied(draw, name):
            users = draw.sample([*made, "VEHICLE"], draw.choice([1, 1, 1, 2, 3]))
            if draw.random() < 0.3:
                place(draw, one, draw.choice(made), top, inside, graph)
                continue
            top.append(one)
            for user in users:
                graph.setdefault(user, []).append(one["bom-ref"])
            if len(users) > 1 and draw.random() < 0.7:
                one["properties"] += [
                    {"name": f"jointbuy:quantity:{user}", "value": str(draw.randint(1, 9))}
                    for user in draw.sample(users, draw.randint(1, len(users)))
                ]
    described = draw.random() < 0.8
    if not described:
        graph.pop("VEHICLE", None)
    more: Json = {"dependencies": [{"ref": ref, "dependsOn": on} for ref, on in graph.items()]}
    if described:
        more["metadata"] = main("VEHICLE", *inside.pop("VEHICLE", []))
        if draw.random() < 0.3:
            more["metadata"]["tools"] = {"components": [{"type": "application", "name": "tool", "bom-ref": "tool"}]}
    if draw.random() < 0.3:
        more["services"] = [{"name": "s", "bom-ref": "service"}]
        more["dependencies"].append({"ref": draw.choice(made), "dependsOn": ["service"], "provides": ["x"]})
        more["compositions"] = [{"aggregate": "incomplete"}, {"aggregate": "complete"}]
    draw.shuffle(more["dependencies"])
    return document(*top, version=draw.choice(["1.5", "1.6", "1.7"]), **more)


def place(draw: Random, one: Json, where: str, top: list[Json], inside: dict[str, list[Json]], graph: Any) -> None:
    """Put a component into an assembly, or beside it with a dependency on it."""
    if where and inside.get(where) is not None and draw.random() < 0.6:
        inside[where].append(one)
    else:
        top.append(one)
        if where:
            graph.setdefault(where, []).append(one["bom-ref"])


def supplied(draw: Random, name: str) -> list[Json]:
    """A part from one supplier or from two, each a component."""
    if draw.random() < 0.8:
        cost, currency = draw.choice([("5", "EUR"), ("5.00", "EUR"), ("0", None), ("90 - 110", "EUR"), ("7.25", "USD")])
        one = part(name, cost, quantity(draw), **extra(draw, name, currency))
        return [one | draw.choice([{}, {"supplier": {"name": "Harbour Optics (invented)"}}])]
    count = quantity(draw)
    found = []
    for at, share in enumerate(("60", "40 %")):
        own = {"jointbuy:part": name, "jointbuy:awarded": share, "jointbuy:suppliedFrom": "FR"}
        one = part(f"{name}/{at}", "3", count, own=own, supplier={"name": f"Seller {at}"})
        found.append(one | {"name": name})
    return found


def quantity(draw: Random) -> str | None:
    return draw.choice(["1", "2.5", " 3 ", "4", None]) if draw.random() < 0.2 else draw.choice(["1", "2.5", " 3 "])


def extra(draw: Random, name: str, currency: str | None) -> Json:
    """Fields and properties of all ordinary sorts."""
    own = {
        "jointbuy:currency": currency,
        draw.choice(["jointbuy:origin", "cdx:device:countryOfOrigin"]): draw.choice([None, "DE", "DE 60; US 40", "?"]),
        "jointbuy:costKind": draw.choice([None, None, "component", "test"]),
        "jointbuy:per": draw.choice([None, None, None, "3"]),
        "jointbuy:position": draw.choice([None, None, "7"]),
        "acme:colour": draw.choice([None, None, "green", ""]),
        "cdx:device:quantity": draw.choice([None, None, None, "2"]),
        "jointbuy:evidence": draw.choice([None, None, "certificate 7"]),
    }
    return {**draw.choice(_MORE), "own": own}


def told(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, least: int) -> Read | list[str]:
    """What a reader gives: records or problems."""
    monkeypatch.setattr(bill, "LARGE", least)
    try:
        return read(write(folder, PURCHASE.replace("bom.csv", NAME), text, NAME), PLACES)
    except Unusable as error:
        return [str(problem) for problem in error.problems]


def alike(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> bool | None:
    """Both readers give the same; whether the fast one did it, None where the document is not sound."""
    slow, fast = told(folder, monkeypatch, text, 10**12), told(folder, monkeypatch, text, 0)
    if isinstance(slow, list) or isinstance(fast, list):
        assert slow == fast
        return None
    same(slow, fast)
    assert fast.bom is not None
    return isinstance(fast.bom.child, Indices)


def test_documents_are_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [alike(tmp_path, monkeypatch, random_document(seed)) for seed in range(200)]
    assert found.count(True) > 50, (found.count(True), found.count(False))


def spoilt(text: str, seed: int) -> str:
    """A document with one of its values exchanged, taken away, doubled or of another type."""
    draw = Random(seed)
    whole = json.loads(text)
    spots: list[tuple[Any, Any]] = []
    open_ = [whole]
    for one in open_:
        for key, value in one.items() if isinstance(one, dict) else enumerate(one):
            spots.append((one, key))
            if isinstance(value, dict | list):
                open_.append(value)
    holder, key = draw.choice(spots)
    other, place = draw.choice(spots)
    way = draw.randrange(5)
    if way == 0:
        del holder[key]
    elif way == 1:
        holder[key] = draw.choice([None, 1, "", "x", [], {}, True, "-1", ["VEHICLE"]])
    elif way == 2:
        holder[key] = json.loads(json.dumps(other[place]))
    elif way == 3 and isinstance(holder, list):
        holder.append(holder[key])
    elif isinstance(holder, dict):
        holder[draw.choice(["extra", "bom-ref", "name", "pedigree"])] = holder[key]
    return json.dumps(whole)


def test_trouble_is_told_as_for_small_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [alike(tmp_path, monkeypatch, spoilt(random_document(seed), seed)) for seed in range(350)]
    assert found.count(None) > 60
    assert found.count(True) > 15


@pytest.mark.parametrize("spot", ["described", "top", "inside"])
def test_properties_that_are_no_list_are_refused_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spot: str
) -> None:
    inner = part("q", "5", "1", components=[part("r", "5", "1")])
    whole = json.loads(document(part("p", "9", "1"), inner, metadata=main("VEHICLE")))
    components = whole["components"]
    place = {
        "described": whole["metadata"]["component"],
        "top": components[0],
        "inside": components[1]["components"][0],
    }
    place[spot]["properties"] = 1
    assert alike(tmp_path, monkeypatch, json.dumps(whole)) is None


def test_depth_is_refused_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = part("p")
    for at in range(MAX_LEVELS):
        deep = part(f"a{at}", None, "1", deep)
    assert alike(tmp_path, monkeypatch, document(deep, metadata=main())) is None
    assert alike(tmp_path, monkeypatch, document(deep["components"][0], part("q"), metadata=main())) is True
    for text in ('{"components": ' + '[{"components": ' * 100_000, "[" * 100_000, '{"a": NaN}', '{"a": 1, "a": 2}'):
        assert alike(tmp_path, monkeypatch, text) is None


@pytest.mark.parametrize("document_of", [part("p"), part("p", own={"jointbuy:nonsense": "1"})], ids=["plain", "faulty"])
def test_a_document_too_large_for_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], document_of: Json
) -> None:
    """Exit code 3 and the size needed: of the fast reader at once, else of the one that tells of faults."""
    monkeypatch.setattr(bill, "LARGE", 0)
    monkeypatch.setattr(cyclonedx, "_SMALL", 0)
    faulty = "properties" in document_of and len(document_of["properties"]) > 2
    monkeypatch.setattr(cyclonedx, "_A_BYTE", 10**7)
    monkeypatch.setenv("JOINTBUY_MEMORY", "1GB" if faulty else "100MB")
    write(tmp_path, PURCHASE.replace("bom.csv", NAME), document(document_of, part("q"), metadata=main()), NAME)
    assert cli.main(["check", str(tmp_path), "--out", str(tmp_path / "out")]) == 3
    said = capsys.readouterr().err
    assert NAME in said
    assert "of memory, and" in said
    assert not (tmp_path / "out").exists()


@needs_samples
def test_mutants_of_the_standards_documents_end_in_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flipped bits, cut ends and exchanged values: both readers give the same records or problems, and nothing else."""
    for seed in range(300):
        draw = Random(seed)
        text = draw.choice([*SAMPLES, *DRAFTS]).read_text(encoding="utf-8")
        way = draw.randrange(3)
        if way == 0:
            data = bytearray(text.encode())
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
            text = data.decode(errors="surrogateescape").encode(errors="replace").decode()
        elif way == 1:
            text = text[: draw.randrange(len(text))]
        else:
            text = spoilt(text, seed)
        alike(tmp_path, monkeypatch, text)
