"""A fix on a bill with packed columns, as large ones have: the same answers as on tuples of values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
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


@contextmanager
def as_if_large() -> Iterator[None]:
    """Every bill is packed when it is read, and goes through the compiled loops."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bill, "_MANY", 0)
        for module in (content, origins):
            patch.setattr(module, "LARGE", 0)
        yield


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
def test_no_choice_that_passes_is_cheaper(drawn: Any, part: int, tmp_path: Path) -> None:
    """The fix of a bill that is taken for a large one, against every choice by the plain path.

    By absorption, of which large bills have bounds only, every choice is tried by the compiled loops, too.
    """
    alike = drawn is absorbing_instance
    with as_if_large() if alike else nullcontext():
        within = nullcontext if alike else as_if_large
        told = {seed: disagreement(seed, tmp_path / str(seed), drawn, within) for seed in range(part, 12, 2)}
    assert not {seed: text for seed, text in told.items() if text}
    assert sum(text is not None for text in told.values()) >= 3
