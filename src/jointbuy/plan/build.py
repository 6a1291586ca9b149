"""A plan as a model: its columns, its families of rows, and what each goal adds up."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from jointbuy.joint import Goal, Plan, Terms
from jointbuy.plan import constraints, limits
from jointbuy.plan.columns import Columns, Floats, columns, set_up_year
from jointbuy.plan.rows import Model


def build(plan: Plan, terms: Terms, *, whole: bool = False) -> Model:
    """The whole model; with `whole` also columns that no condition leaves room for: `explain` drops conditions."""
    of = columns(plan, terms, whole=whole)
    families = [
        constraints.needs(of),
        constraints.capacity(of),
        *constraints.tiers(of),
        *constraints.joint(of),
        *constraints.budgets(of),
        *constraints.loans(of),
        constraints.waiting(of),
        *constraints.admitted(of),
        *limits.commonality(of),
        *limits.interoperability(of),
        limits.dependence(of),
        limits.partners(of),
        limits.work_share(of),
        limits.systems(of),
        limits.values(of),
    ]
    return Model(of, tuple(each for each in families if len(each.lower)))


def discounts(plan: Plan) -> tuple[Fraction, ...]:
    """What a unit of money paid in each year counts: 1 / (1 + rate) to the years since the first."""
    return tuple(1 / (1 + plan.discount) ** place for place in range(len(plan.years)))


def goal(of: Columns, name: Goal) -> Floats:
    """What one of every column adds to a goal: units of money (cost, dependence), pieces times years, systems."""
    found = np.zeros(of.first["end"])
    x = slice(0, len(of.x_state))
    if name == "cost":
        factor = np.array([float(each) for each in discounts(of.plan)])
        found[x] = of.x_price / of.unit * factor[of.x_year]
        # What a draw costs beside what it pays, which the price of the pieces already is.
        found[of.first["d"] : of.first["w"]] = float(of.plan.dearer) * factor[of.d[:, 1]]
        for place, (o, _) in enumerate(of.z.tolist()):
            year = set_up_year(of.plan, o)
            if year in of.plan.years:
                set_up = of.plan.offers[o].set_up / of.unit
                found[of.first["z"] + place] = set_up * factor[of.plan.years.index(year)]
    elif name == "dependence":
        share = limits.parted(of, limits.exposed(of, of.plan.depends_on))
        found[x] = of.x_price / of.unit * share[of.x_offer]
    elif name == "delay":
        found[of.first["w"] : of.first["u"]] = 1.0
    else:
        alone = np.array([of.plan.offers[o].system not in of.h for o, _ in of.z.tolist()], dtype=np.float64)
        found[of.first["z"] : of.first["b"]] = alone
        found[of.first["h"] : of.first["v"]] = 1.0
    return found
