"""A limit of time and an interrupt hold by absorption, too: the best so far with a bound, whatever the solver does."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from fix_kit import absorbing_instance
from jointbuy.fix import solve_highs
from jointbuy.flow import fixed
from jointbuy.flow.certified import verify
from jointbuy.flow.fix import Wanted, fix
from jointbuy.solver import ended


class Deaf:
    """A solver that does not stop when it is asked to."""

    def __init__(self) -> None:
        self.over = threading.Event()

    def run(self) -> None:
        self.over.wait(60)


def test_who_does_not_stop_is_left_to_itself() -> None:
    solver: Any = Deaf()
    assert not ended(solver, lambda: True, 0.01)
    solver.over.set()
    assert ended(solver, lambda: True, 0.01)


def test_what_goes_wrong_in_the_solver_is_told() -> None:
    class Broken:
        def run(self) -> None:
            raise OSError("no memory")

    broken: Any = Broken()
    with pytest.raises(OSError, match="no memory"):
        ended(broken, lambda: False)


def test_time_that_is_up_before_the_problem_is_made_leaves_the_lightest_choice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {True: 0, False: 0}
    monkeypatch.setattr(fixed, "frontiers", lambda *_: ())  # nobody looks at them here
    for seed in range(24):
        instance = absorbing_instance(seed, tmp_path / str(seed))
        if not any(source.offers for source in instance.sources):
            continue
        instance.write()
        best = fix(instance.folder, readings=instance.readings)
        found = fix(instance.folder, readings=instance.readings, wanted=Wanted(stop=lambda: True))
        if best.cost is None:
            continue
        assert found.stopped or found.cost == best.cost, seed
        assert found.cost is not None or not found.passed, seed
        assert best.cost is not None
        told[found.cost is not None] += 1
        if found.cost is not None:
            assert found.bound is not None
            assert found.bound <= best.cost <= found.cost, seed
            assert all(case.verdict.outcome == "eligible" for case in found.after), seed
        path = tmp_path / f"{seed}.json"
        path.write_text(json.dumps(found.certificate), encoding="utf-8")
        assert verify(path).result == "same", seed
    assert told[True] > 2, told


def test_a_solver_that_is_lost_leaves_what_branch_and_bound_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every call of the solver is as if it had not ended in time: choices are still divided until one is proven."""
    monkeypatch.setattr(solve_highs, "ended", lambda *_: False)
    for seed in (1, 3, 4):
        instance = absorbing_instance(seed, tmp_path / str(seed))
        instance.write()
        expected = instance.cheapest()
        instance.write()
        found = fix(instance.folder, readings=instance.readings)
        if found.cost is not None and expected is not None:
            assert (found.bound or 0) <= expected <= found.cost, seed
