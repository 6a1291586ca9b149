"""The cheapest fix of small random purchases is that of trying every choice with `check` itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from fix_kit import random_instance
from jointbuy.flow import fixed
from jointbuy.flow.fix import fix


@pytest.mark.parametrize("seed", range(320))
def test_no_choice_that_passes_is_cheaper(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixed, "frontiers", lambda *_: ())  # what is not looked at here takes most of the time
    instance = random_instance(seed, tmp_path / "purchase")
    if not any(source.offers for source in instance.sources):
        pytest.skip("nothing is offered")
    as_it_is = instance.passes({})
    expected = 0 if as_it_is else instance.cheapest()
    instance.write()
    found = fix(instance.folder, acts=instance.acts, readings=instance.readings)
    assert found.cost == found.bound == expected
    assert (expected is None) or all(case.verdict.outcome == "eligible" for case in found.after)
