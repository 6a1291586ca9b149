"""Facility location as a plan: sites are offers with a set-up, customers are states that need one piece each.

Files and published optima of the OR-Library (Beasley), read where they lie. The capacity of every site is all of the
demand, so that it never binds, and a customer is served whole by one site.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from jointbuy.joint import Plan
from plans import need, offer, plan, planned, state

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "orlib"
SCALE = 10**5
"""Costs have five decimals; so have minor units here."""


def read(name: str) -> tuple[Plan, int]:
    """The plan of a file and its published optimum, in minor units."""
    path = FOLDER / f"{name}.txt"
    if not path.is_file():
        pytest.skip(f"needs: ../shared/data/orlib/{name}.txt")
    words = iter(path.read_text(encoding="utf-8").split())
    sites, customers = int(next(words)), int(next(words))
    built = [(Fraction(next(words)), Fraction(next(words))) for _ in range(sites)]
    demands, costs = [], []
    for _ in range(customers):
        demands.append(Fraction(next(words)))
        costs.append([int(Fraction(next(words)) * SCALE) for _ in range(sites)])
    assert all(capacity >= sum(demands) for capacity, _ in built)
    names = [f"C{place:02}" for place in range(customers)]
    offers = [
        offer(f"site-{place}", "served", {1: 0}, (customers,), set_up=int(fixed * SCALE), alone=True,
              extras={name: costs[row][place] for row, name in enumerate(names)})
        for place, (_, fixed) in enumerate(built)
    ]  # fmt: skip
    optimum = Fraction(path.with_suffix(".txt.opt").read_text(encoding="utf-8").split()[-1])
    return plan(
        [state(name) for name in names], [need(name, "served", 2027, 1) for name in names], offers, years=(2027,)
    ), int(optimum * SCALE)


@pytest.mark.parametrize("name", ["cap71", "cap72", "cap101", "cap131"])
def test_the_published_optimum_is_reached_and_proven(name: str) -> None:
    made, optimum = read(name)
    found = planned(made)
    assert (found.status, found.cost) == ("optimal", optimum)
    assert found.bound is not None
    assert Fraction(optimum - found.bound, optimum) <= Fraction(1, 10**6)
