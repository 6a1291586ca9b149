"""Plans that are put together from plans of single capabilities, and bounds under the multipliers of that."""

from __future__ import annotations

import pytest

import plans
from jointbuy.plan.blocks import Bounds, split, ties
from jointbuy.plan.build import build, goal
from jointbuy.plan.master import Master
from jointbuy.plan.solve import Program, Stop


def _two_capabilities(budget: int) -> plans.Plan:
    """One piece each of two capabilities, for 6 in 2027 or 8 in 2028."""
    offers = [
        plans.offer(f"{kind} {price}", kind, {1: price}, capacity, alone=True)
        for kind in ("radar", "boat")
        for price, capacity in ((6, (1, 0)), (8, (0, 1)))
    ]
    needs = [plans.need("LV", kind, 2027, 1, latest=2028) for kind in ("radar", "boat")]
    return plans.plan([plans.state("LV", budgets={2027: budget, 2028: budget})], needs, offers)


def test_what_fits_is_put_together_from_plans_that_do_not() -> None:
    """Both in 2027 cost 12 of a budget of 10, both in 2028 cost 16: one each fits, for 14."""
    rich = build(_two_capabilities(100), plans.TERMS)
    costs = goal(rich.columns, "cost")
    poor = build(_two_capabilities(10), plans.TERMS)
    master = Master(poor, costs, ties(poor))
    made = [Program(rich.arrays(sign * costs), whole=True).run(Stop()).values for sign in (1, -1)]
    reached = []
    for values in made:
        assert values is not None
        reached.append(float(costs @ values) * rich.columns.unit)
        master.add(values)
        found = master.together(None, Stop(), 0.0)
        if len(reached) < len(made):
            assert found is None
    assert reached == [12, 16]
    assert found is not None
    assert float(costs @ found) * rich.columns.unit == pytest.approx(14)


def test_no_multipliers_prove_too_much() -> None:
    """Whatever the master asks, its bound lies under the cheapest plan there is."""
    proved = 0
    for seed in range(120):
        made = plans.drawn(seed)
        best = plans.least(made)
        model = build(made, plans.TERMS)
        costs = goal(model.columns, "cost")
        relaxed = Program(model.arrays(costs), whole=False).run(Stop())
        if best is None or relaxed.duals is None:
            continue
        tied, duals = ties(model), relaxed.duals
        master = Master(model, costs, tied)
        for _ in range(3):
            bounds = Bounds(split(model, costs, tied, duals))
            for bound, place, values in bounds.prove(Stop(), 10.0):
                assert bound <= float(best) / model.columns.unit * (1 + 1e-9), seed
                assert values is not None
                master.keep(place, values)
            proved += bounds.whole > relaxed.objective * (1 + 1e-9)
            given = master.multipliers(duals, Stop())
            assert given is not None
            duals = given
    assert proved > 10
