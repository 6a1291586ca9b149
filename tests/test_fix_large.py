"""A fix on a bill with packed columns, as large ones have: the same answers as on tuples of values."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fix_kit import absorbing_instance, disagreement, random_instance, unpriced_instance
from jointbuy import content, formats, law
from jointbuy.change import resourced
from jointbuy.content import origins
from jointbuy.flow.offers import offered
from jointbuy.formats import bill
from jointbuy.formats.alternatives import read_alternatives
from jointbuy.model import Bom, Sources

packed = pytest.importorskip("jointbuy.packed").packed
pytest.importorskip("numba")


@pytest.fixture
def as_if_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every bill is packed when it is read, and goes through the compiled loops."""
    monkeypatch.setattr(bill, "_MANY", 0)
    for module in (content, origins):
        monkeypatch.setattr(module, "LARGE", 0)


def columns(bom: Bom) -> dict[str, list[Any]]:
    """What every column holds, as plain values; parts that are in none of them are no longer in the bill."""
    edges = {name: list(getattr(bom, name)) for name in ("parent", "child", "quantity", "edge_row")}
    return edges | {each.name: list(getattr(bom.sources, each.name)) for each in fields(Sources)}


@pytest.mark.parametrize("seed", range(40))
def test_exchanged_columns_stay_packed_and_hold_the_same(seed: int, tmp_path: Path) -> None:
    drawn = (random_instance, absorbing_instance)[seed % 2]
    instance = drawn(seed, tmp_path / "purchase")
    instance.write()
    read = formats.read(instance.folder, law.places())
    assert read.bom is not None
    offers, _ = read_alternatives(instance.folder, read.purchase, law.places(), read.bom, [])
    groups = offered(read.bom, read.purchase, offers, None).groups
    random, large = Random(seed), packed(read.bom)
    for _ in range(8):
        chosen = [each for group in groups for each in random.choice(group).alternatives]
        found = resourced(large, chosen)
        assert columns(found) == columns(resourced(read.bom, chosen))
        assert not isinstance(found.parent, tuple)
        assert not isinstance(found.sources.price_low, tuple)
        assert not isinstance(found.sources.origin, tuple)


@pytest.mark.parametrize("drawn", [random_instance, unpriced_instance, absorbing_instance])
@pytest.mark.parametrize("part", range(2))
@pytest.mark.usefixtures("as_if_large")
def test_no_choice_that_passes_is_cheaper(drawn: Any, part: int, tmp_path: Path) -> None:
    told = {seed: disagreement(seed, tmp_path / str(seed), drawn) for seed in range(part, 12, 2)}
    assert not {seed: text for seed, text in told.items() if text}
    assert sum(text is not None for text in told.values()) >= 3
