"""What the planner asks beyond needs and money: one function a family, with its formula, unit and named rows.

Shares are decided on a linear form, without division (§3): at most n/m of a value is m part - n whole <= 0. Values
are prices with extras, in units of `columns.unit` minor units; set-up is no value of pieces. What is undeclared counts
as from the countries of a limit on dependence, and as from no partner (§4).

Prices are whole minor units, so what shares make of them has one denominator: half of its unit of room lets nothing
more through, and what just keeps a limit is not missed by the solver's floats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import partial
from math import gcd, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jointbuy.joint import Dependence, Fleet, Partners, Systems, WorkShare
from jointbuy.plan.columns import Columns, Floats, Ints, used
from jointbuy.plan.constraints import titled
from jointbuy.plan.rows import INF, Family, gathered, grouped, sorted_by, spans, tying

Parts = NDArray[Any]
"""Whole parts of one share each; of int64, or Python's own."""


def commonality(of: Columns) -> list[Family]:
    """Commonality, a count.

    For each limit n, the sum of g[n,y] over y <= most[n]; and for every pair whose state it names and whose system is
    y, sum of x[s,o,k,t] over k and t <= most[s,o] g[n,y].
    """
    rows, names = [], []
    for n, limit in enumerate(of.plan.limits):
        if isinstance(limit, Systems):
            own = [of.first["g"] + place for place, (m, _) in enumerate(of.g) if m == n]
            rows.append((np.array(own, dtype=np.int64), 1.0, -INF, float(limit.most)))
            plural = "system" if limit.most == 1 else "systems"
            names.append(f"at most {limit.most} {plural} of {limit.capability} among {_states(of, limit.states)}")
    column = {key: of.first["g"] + place for place, key in enumerate(of.g)}
    ties = [
        (pair, column[n, of.plan.offers[o].system])
        for n, limit in enumerate(of.plan.limits)
        if isinstance(limit, Systems)
        for pair, o in _pairs(of, limit.states, (limit.capability,))
    ]
    return [gathered("commonality", rows, names.__getitem__, unit="count"), _tied("common system", of, ties)]


def interoperability(of: Columns) -> list[Family]:
    """Fleets that share ammunition, data link or spares, a count.

    For each fleet f, the sum of u[f,v] over v <= 1; and for every pair whose state and capability it names and whose
    offer uses v, sum of x[s,o,k,t] over k and t <= most[s,o] u[f,v].
    """
    rows, names = [], []
    column = {key: of.first["u"] + place for place, key in enumerate(of.u)}
    ties = []
    for n, limit in enumerate(of.plan.limits):
        if not isinstance(limit, Fleet):
            continue
        own = [place for (m, _), place in column.items() if m == n]
        rows.append((np.array(own, dtype=np.int64), 1.0, -INF, 1.0))
        names.append(f"{limit.name}: {_states(of, limit.states)} share one {limit.kind}")
        ties += [
            (pair, column[n, used(of.plan.offers[o], limit)])
            for pair, o in _pairs(of, limit.states, limit.capabilities)
        ]
    return [gathered("interoperability", rows, names.__getitem__, unit="count"), _tied("fleet uses", of, ties)]


def dependence(of: Columns) -> Family:
    """Dependence, in money.

    For each limit and state, or all together: sum of (from[o] + undeclared[o] - most) price x[s,o,k,t] <= 0.
    """
    rows, names = [], []
    for limit in of.plan.limits:
        if isinstance(limit, Dependence):
            factors, hair = _beyond(of, exposed(of, limit.countries), limit.most)
            for who, columns, value in _looked_at(of, limit.states, each=limit.each):
                rows.append((columns, value(factors), -INF, hair))
                names.append(f"at most {percent(limit.most)} of {who}'s value from {limit.name}")
    return gathered("dependence", rows, names.__getitem__, unit="money")


def partners(of: Columns) -> Family:
    """Share from partners, in money.

    For each limit and state, or all together: sum of (least - from[o]) price x[s,o,k,t] <= 0.
    """
    rows, names = [], []
    for limit in of.plan.limits:
        if isinstance(limit, Partners):
            factors, hair = _beyond(of, -declared(of, limit.countries), -limit.least)
            for who, columns, value in _looked_at(of, limit.states, each=limit.each):
                rows.append((columns, value(factors), -INF, hair))
                names.append(f"at least {percent(limit.least)} of {who}'s value from {limit.name}")
    return gathered("partner share", rows, names.__getitem__, unit="money")


def work_share(of: Columns) -> Family:
    """Industrial return, in money.

    For each state s of a limit: sum over its own x of price x - sum of from[o,s] v[o] over o <= below * sum of v[o]
    over o, and the other way round with above.
    """
    rows, names = [], []
    by = list(grouped(of.x_state, len(of.plan.states)))
    for limit in of.plan.limits:
        if not isinstance(limit, WorkShare):
            continue
        for code in limit.states:
            s = next(place for place, each in enumerate(of.plan.states) if each.code == code)
            shares = declared(of, (code,))[of.v]
            made = parted(of, shares)
            columns = np.concatenate([by[s], of.first["v"] + np.arange(len(of.v))])
            paid = of.x_price[by[s]] / of.unit
            for band, sign, word in ((limit.below, 1.0, "below"), (limit.above, -1.0, "above")):
                if band is not None:
                    value = np.concatenate([sign * paid, -sign * made - float(band)])
                    rows.append((columns, value, -INF, _hair(of, shares, of.origins[0], band.denominator)))
                    names.append(f"{titled(of, s)}'s work at most {percent(band)} of the whole {word} its cost")
    return gathered("work share", rows, names.__getitem__, unit="money")


def systems(of: Columns) -> Family:
    """Systems bought, a count: z[o] <= h[y] for every offer of a system that is offered more than once."""
    column = {y: of.first["h"] + place for place, y in enumerate(of.h)}
    offers = [o for o in np.unique(of.z[:, 0]).tolist() if of.plan.offers[o].system in column]
    rows = []
    for o in offers:
        own = np.flatnonzero(of.z[:, 0] == o) + of.first["z"]
        h = column[of.plan.offers[o].system]
        rows.append((np.append(own, h), np.append(np.ones(len(own)), -1.0), -INF, 0.0))
    return gathered("system", rows, lambda row: f"system {row}", soft=False)


def values(of: Columns) -> Family:
    """The value of an offer, in money, where a share of all is asked: v[o] = sum of price x[s,o,k,t]."""
    if not len(of.v):
        return tying("value", of.v, of.v, np.zeros(0), np.zeros(0), np.zeros(0))
    own = np.arange(len(of.v))
    return tying(
        "value",
        np.concatenate([np.searchsorted(of.v, of.x_offer), own]),
        np.concatenate([np.arange(len(of.x_offer)), of.first["v"] + own]),
        np.concatenate([of.x_price / of.unit, -np.ones(len(own))]),
        np.zeros(len(own)),
        np.zeros(len(own)),
    )


# --- what several use -----------------------------------------------------------------------


def declared(of: Columns, countries: Iterable[str]) -> Parts:
    """By offer, what of its value is declared to come from the countries, in parts of `of.origins`."""
    _, parts = of.origins
    none: Parts = np.zeros(len(of.plan.offers), dtype=np.int64)
    return sum((parts[code] for code in {*countries} & parts.keys()), none)


def exposed(of: Columns, countries: Iterable[str]) -> Parts:
    """By offer, what may come from them, in the same parts: all but what is declared to come from elsewhere."""
    whole, parts = of.origins
    return whole - declared(of, parts.keys() - set(countries))


def parted(of: Columns, parts: Parts) -> Floats:
    """Parts of one as the nearest floats."""
    return (parts / of.origins[0]).astype(np.float64)


def _beyond(of: Columns, parts: Parts, limit: Fraction) -> tuple[Floats, float]:
    """By how much shares in parts exceed a limit, as the nearest floats, and half of the least that they can."""
    whole = of.origins[0] * limit.denominator
    over = parts.astype(object if whole >= 2**53 else parts.dtype) * limit.denominator
    over -= limit.numerator * of.origins[0]
    return (over / whole).astype(np.float64), _hair(of, over, whole)


def percent(share: Fraction) -> str:
    """A share in per cent, exactly as far as decimals can say it."""
    number = share * 100
    return f"{number.numerator if number.denominator == 1 else float(number):g} %"


def _hair(of: Columns, parts: Parts, whole: int, other: int = 1) -> float:
    """Half of the least that such shares of whole minor units can be beyond nothing, in units of money.

    `parts` of `whole` are the shares; `other` is the denominator of one more.
    """
    shortened = whole // gcd(whole, *map(int, parts))
    return 0.5 / lcm(shortened, other) / of.unit


def _weighed(of: Columns, x: Ints, factors: Floats) -> Floats:
    """Price times the factor of the offer, in units of money."""
    value: Floats = factors[of.x_offer[x]] * (of.x_price[x] / of.unit)
    return value


def _states(of: Columns, codes: tuple[str, ...]) -> str:
    named = [of.plan.titles.get(code, code) for code in codes]
    if len(named) == len(of.plan.states):
        return "all states"
    return f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else named[0]


Valued = Callable[[Floats], Floats]


def _looked_at(of: Columns, codes: tuple[str, ...], *, each: bool) -> Iterator[tuple[str, Ints, Valued]]:
    """Who a limit looks at, the columns of that, and what they are worth times a factor for each offer."""
    places = [place for place, state in enumerate(of.plan.states) if state.code in codes]
    by = list(grouped(of.x_state, len(of.plan.states)))
    if each:
        for s in places:
            yield titled(of, s), by[s], partial(_weighed, of, by[s])
    elif len(places) == len(of.plan.states):
        columns = of.first["v"] + np.arange(len(of.v))
        yield "the whole", columns, lambda factors: factors[of.v]
    else:
        x = np.concatenate([by[s] for s in places])
        yield _states(of, codes), x, partial(_weighed, of, x)


def _pairs(of: Columns, codes: tuple[str, ...], capabilities: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Pairs of the states and of offers for the capabilities: place, offer."""
    named = np.array([each.code in codes for each in of.plan.states], dtype=bool)
    meant = np.array([each.capability in capabilities for each in of.plan.offers], dtype=bool)
    s, o = of.pairs.T
    places = np.flatnonzero(named[s] & meant[o])
    return zip(places.tolist(), o[places].tolist(), strict=True)


def _tied(name: str, of: Columns, ties: list[tuple[int, int]]) -> Family:
    """Sum of x over k and t <= most of the pair times a column, for each (pair, column)."""
    pair, own = np.array(ties, dtype=np.int64).reshape(-1, 2).T
    order, starts = sorted_by(of.x_pair, len(of.pairs))
    x, count = order[spans(starts[pair], starts[pair + 1])], np.arange(len(ties))
    return tying(
        name,
        np.concatenate([np.repeat(count, starts[pair + 1] - starts[pair]), count]),
        np.concatenate([x, own]),
        np.concatenate([np.ones(len(x)), -of.totals[of.x_wanted[order[starts[pair]]]].astype(np.float64)]),
        np.full(len(ties), -INF),
        np.zeros(len(ties)),
    )
