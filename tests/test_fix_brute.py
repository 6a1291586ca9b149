"""The cheapest fix of small random purchases is that of trying every choice; `make bench` tries 1,000 of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fix_kit import Instance, disagreement, excluding_instance, random_instance, unpriced_instance, valued_instance
from jointbuy import formats, law
from jointbuy.decide.demands import demanded, excess
from jointbuy.flow.case import controlled, seen
from jointbuy.flow.linear import linear
from jointbuy.flow.sourcing import Sight
from jointbuy.formats.alternatives import read_alternatives

INSTANCES, PARTS = 64, 8


@pytest.mark.parametrize("part", range(PARTS))
def test_no_choice_that_passes_is_cheaper(part: int, tmp_path: Path) -> None:
    told = {seed: disagreement(seed, tmp_path / str(seed)) for seed in range(part, INSTANCES, PARTS)}
    assert not {seed: text for seed, text in told.items() if text}
    assert sum(text is not None for text in told.values()) >= 4  # the others offer nothing


@pytest.mark.parametrize("part", range(4))
def test_nor_where_offers_exclude_each_other(part: int, tmp_path: Path) -> None:
    told = {seed: disagreement(seed, tmp_path / str(seed), excluding_instance) for seed in range(part, 12, 4)}
    assert not {seed: text for seed, text in told.items() if text}


@pytest.mark.parametrize("part", range(4))
def test_nor_where_assemblies_cost_what_their_parts_do(part: int, tmp_path: Path) -> None:
    told = {seed: disagreement(seed, tmp_path / str(seed), unpriced_instance) for seed in range(part, 12, 4)}
    assert not {seed: text for seed, text in told.items() if text}


@pytest.mark.parametrize("part", range(4))
def test_nor_where_the_share_is_measured_against_a_value(part: int, tmp_path: Path) -> None:
    told = {seed: disagreement(seed, tmp_path / str(seed), valued_instance) for seed in range(part, 20, 4)}
    assert not {seed: text for seed, text in told.items() if text}


@pytest.mark.parametrize("drawn", [random_instance, unpriced_instance, valued_instance])
@pytest.mark.parametrize("seed", range(30))
def test_a_plain_sum_weighs_what_the_changed_bill_does(
    seed: int, drawn: Callable[[int, Path], Instance], tmp_path: Path
) -> None:
    instance = drawn(seed, tmp_path / "purchase")
    if not any(source.offers for source in instance.sources):
        pytest.skip("nothing is offered")
    instance.write()
    read = formats.read(instance.folder, law.places())
    assert read.bom is not None
    offers, _ = read_alternatives(instance.folder, read.purchase, law.places(), read.bom, [])
    for act in instance.acts:
        sight = Sight(read, *seen(read.purchase, act, readings=instance.readings))
        control = controlled(read.purchase, sight.act, sight.view)
        ways = demanded(read.purchase, control, sight.content(), sight.act, sight.view).ways
        replaced = [each.replaces for each in offers]
        found = linear(read.purchase, read.bom, sight.act, sight.view, sight.content(), replaced)
        for demand in {each for way in ways for each in way} if found else ():
            of = excess(demand, read.purchase)
            for each in filter(found.plain, offers) if found and found.keeps(offers) else ():
                assert found.weighs(demand, each) == of(sight.content([each])) - of(sight.content())
