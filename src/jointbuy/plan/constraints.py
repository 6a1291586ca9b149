"""What is bought and how it is paid: one function a family, with its formula, unit and named rows.

Letters as in `columns`. Quantities in pieces, money in units of `columns.unit` minor units.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from jointbuy.joint import delivers
from jointbuy.plan.columns import Bits, Columns, Floats, Ints, bought_alone, counts, lacks, may_lead, ranked
from jointbuy.plan.rows import INF, Family, Listed, gathered, grouped, tying


def needs(of: Columns) -> Family:
    """Needs met and deadlines kept, in pieces.

    For each need and year t by which something must be there: sum of x[s,o,k,t'] over t' <= t >= latest[s,c,t];
    and in all sum of x[s,o,k,t'] over t' <= due[s,c]: nobody buys more than is needed.
    """
    years = len(of.plan.years)
    latest = np.array([each.latest for each in of.wanted], dtype=np.int64).reshape(-1, years)
    # One more place for each need, after its years: the row that says no more.
    asked = np.append(np.diff(latest, axis=1, prepend=0) > 0, np.ones((len(latest), 1), dtype=bool), axis=1)
    number = np.where(asked, np.cumsum(asked).reshape(asked.shape) - 1, -1)
    n, t = np.nonzero(asked)
    last = t == years
    row, column = _until(of, number)

    def tell(row: int) -> str:
        one, year = of.wanted[n[row]], t[row]
        state = titled(of, one.state)
        if year == years:
            return f"no more than {state}'s {one.total} of {one.capability}"
        return f"{state}'s {one.latest[year]} of {one.capability} by {of.plan.years[year]}"

    lower = np.where(last, -INF, latest[n, np.where(last, 0, t)])
    return Family("need", row, column, np.ones(len(row)), lower, np.where(last, of.totals[n], INF), tell)


def _until(of: Columns, number: Ints) -> tuple[Ints, Ints]:
    """Rows and columns of sums of x up to a year: `number`, by need and year, of their rows; -1 where there is none."""
    rows, columns = [], []
    for t in range(number.shape[1]):
        row = number[of.x_wanted, t]
        x = np.flatnonzero((row >= 0) & (of.x_year <= t))
        rows.append(row[x])
        columns.append(x)
    return np.concatenate(rows), np.concatenate(columns)


def capacity(of: Columns) -> Family:
    """Capacity with its ramp, in pieces: for each offer and year, sum of x[s,o,k,t] over s and k <= capacity[o,t].

    What a state buys of it by itself counts, too.
    """
    years = len(of.plan.years)
    most = np.array([each.capacity for each in of.plan.offers], dtype=np.float64).reshape(-1, years)
    keys, row = ranked(of.sources[of.x_offer] * years + of.x_year)

    def tell(row: int) -> str:
        o, t = divmod(int(keys[row]), years)
        offer = of.plan.offers[o]
        return delivers(offer, of.names[o], of.plan.years[t], offer.capacity[t])

    upper = most.reshape(-1)[keys]
    return Family(
        "capacity",
        row,
        np.arange(len(row)),
        np.ones(len(row)),
        np.full(len(keys), -INF),
        upper,
        tell,
    )


def tiers(of: Columns) -> list[Family]:
    """Price tiers, in pieces: all states together buy at one price.

    least[o,k] z[o,k] <= sum of x[s,o,k,t] over s and t <= (least[o,k+1] - 1) z[o,k], and sum of z[o,k] over k <= 1.
    For each pair, sum of x[s,o,k,t] over t <= most[s,o] z[o,k]: nothing is delivered that is not bought (set-up, too).
    """
    z0, count = of.first["z"], len(of.z)
    low = of.z_least.astype(np.float64)
    high = _highest(of)
    z, x = of.x_z - z0, np.arange(len(of.x_z))
    own = np.arange(count)
    ones = np.ones(len(x))
    least = tying(
        "price from",
        np.concatenate([z, own]),
        np.concatenate([x, own + z0]),
        np.concatenate([ones, -low]),
        np.zeros(count),
        np.full(count, INF),
    )
    most = tying(
        "price up to",
        np.concatenate([z, own]),
        np.concatenate([x, own + z0]),
        np.concatenate([ones, -high]),
        np.full(count, -INF),
        np.zeros(count),
    )
    offers = np.unique(of.z[:, 0])
    one = tying(
        "one price",
        np.searchsorted(offers, of.z[:, 0]),
        own + z0,
        np.ones(count),
        np.full(len(offers), -INF),
        np.ones(len(offers)),
    )
    return [least, most, one, _bought(of, high)]


def _highest(of: Columns) -> Floats:
    """The most pieces that may be bought at each tier."""
    of_pair, total = np.zeros(len(of.pairs)), np.zeros(len(of.plan.offers))
    of_pair[of.x_pair] = of.totals[of.x_wanted]
    np.add.at(total, of.pairs[:, 1], of_pair)
    most = total if of.whole else np.minimum(total, [sum(each.capacity) for each in of.plan.offers])
    found: Floats = most[of.z[:, 0]]
    dearer = np.flatnonzero(of.z[1:, 0] == of.z[:-1, 0])  # those that are not the last of their offer
    found[dearer] = np.minimum(found[dearer], of.z_least[dearer + 1] - 1)
    return found


def _bought(of: Columns, high: Floats) -> Family:
    """Sum of x[s,o,k,t] over t <= most[s,o] z[o,k]."""
    tiers = int(of.z[:, 1].max(initial=0)) + 1
    keys, row = ranked(of.x_pair * tiers + of.x_tier)
    first = np.zeros(len(keys), dtype=np.int64)
    first[row] = np.arange(len(row))  # any will do: all of a pair and a tier are of one need
    own = of.x_z[first]
    most = np.minimum(of.totals[of.x_wanted[first]], high[own - of.first["z"]])
    return tying(
        "bought",
        np.concatenate([row, np.arange(len(keys))]),
        np.concatenate([np.arange(len(row)), own]),
        np.concatenate([np.ones(len(row)), -most]),
        np.full(len(keys), -INF),
        np.zeros(len(keys)),
    )


def joint(of: Columns) -> list[Family]:
    """Common procurement, a count: at least n buyers that count, and a lead that may borrow (SAFE Art. 2(3)).

    For each offer that is not bought alone: sum of b[s,o] over states that count >= n z[o], and the sum of b[s,o] over
    states that may borrow >= z[o]. Who buys gets something: sum of x[s,o,k,t] over k and t >= b[s,o]. Where somebody
    has to find the set-up: sum of l[s,o] over s = z[o], and l[s,o] <= b[s,o].
    """
    plan, terms, least = of.plan, of.terms, of.terms.least_buyers
    offers = np.setdiff1d(of.z[:, 0], np.flatnonzero(bought_alone(plan)))
    names = [of.names[o] for o in offers.tolist()]

    def enough(row: int) -> str:
        return f"at least {least} countries that count buy {names[row]}"

    def led(row: int) -> str:
        return f"a state that may borrow buys {names[row]} and leads"

    return [
        _at_least(of, "joint", offers, counts(plan, terms), least, enough),
        _at_least(of, "lead", offers, may_lead(plan, terms), 1, led),
        _buyers(of),
        *_leads(of, of.first["b"], of.first["l"]),
    ]


def _at_least(of: Columns, name: str, offers: Ints, among: Bits, least: int, tell: Callable[[int], str]) -> Family:
    """Sum of b[s,o] over some states >= least z[o]."""
    s, o = of.pairs[of.b].T
    buyers = np.flatnonzero(among[s] & np.isin(o, offers))
    z = np.flatnonzero(np.isin(of.z[:, 0], offers))
    return Family(
        name,
        np.searchsorted(offers, np.concatenate([o[buyers], of.z[z, 0]])),
        np.concatenate([buyers + of.first["b"], z + of.first["z"]]),
        np.concatenate([np.ones(len(buyers)), np.full(len(z), -float(least))]),
        np.zeros(len(offers)),
        np.full(len(offers), INF),
        tell,
        unit="count",
    )


def _buyers(of: Columns) -> Family:
    """Sum of x[s,o,k,t] over k and t >= b[s,o]."""
    place = np.full(len(of.pairs), -1)
    place[of.b] = np.arange(len(of.b))
    x = np.flatnonzero(place[of.x_pair] >= 0)
    own = np.arange(len(of.b))
    return tying(
        "buyer",
        np.concatenate([place[of.x_pair[x]], own]),
        np.concatenate([x, own + of.first["b"]]),
        np.concatenate([np.ones(len(x)), -np.ones(len(own))]),
        np.zeros(len(own)),
        np.full(len(own), INF),
    )


def _leads(of: Columns, b0: int, l0: int) -> list[Family]:
    """Sum of l[s,o] over s = z[o] where it matters; l[s,o] <= b[s,o]."""
    if not len(of.leads):
        return []
    offers = np.unique(of.pairs[of.leads, 1])
    z = np.flatnonzero(np.isin(of.z[:, 0], offers))
    one = tying(
        "one lead",
        np.concatenate([np.searchsorted(offers, of.pairs[of.leads, 1]), np.searchsorted(offers, of.z[z, 0])]),
        np.concatenate([l0 + np.arange(len(of.leads)), z + of.first["z"]]),
        np.concatenate([np.ones(len(of.leads)), -np.ones(len(z))]),
        np.zeros(len(offers)),
        np.zeros(len(offers)),
    )
    place = np.full(len(of.pairs), -1)
    place[of.b] = np.arange(len(of.b))
    own = np.arange(len(of.leads))
    buys = tying(
        "the lead buys",
        np.concatenate([own, own]),
        np.concatenate([own + l0, b0 + place[of.leads]]),
        np.concatenate([np.ones(len(own)), -np.ones(len(own))]),
        np.full(len(own), -INF),
        np.zeros(len(own)),
    )
    return [one, buys]


def budgets(of: Columns) -> list[Family]:
    """Budgets, in money.

    For each state and year: sum of price x[s,o,k,t] + set_up[o] l[s,o] if earliest[o] is t - d[s,t] <= budget[s,t].

    All of it is whole minor units. So half of one over all years lets nothing more through, and a budget that is spent
    to the cent is none the solver's floats miss.
    """
    rows, parts, names = list[Listed](), list[Listed](), []
    hair = 0.5 / len(of.plan.years)
    for s, t, x in _paying(of):
        state = of.plan.states[s]
        if state.budgets is None:
            continue
        leads, set_up = _set_up(of, s, t)
        draws, most = _draws(of, s, t), dict(state.budgets)[of.plan.years[t]]
        columns, paid = np.concatenate([x, leads]), np.concatenate([of.x_price[x], set_up])
        names.append(f"{titled(of, s)}'s {of.plan.years[t]} budget")
        if carry := of.c_of.get(("budget", s, t)):
            # What is drawn may exceed the parts of a unit: c is then below nothing, and is told from the loan on.
            loan = of.drawn(s) if len(draws) else 0
            whole, rest = divmod(most, of.unit)
            value = np.append(paid // of.unit, 1)
            rows.append((np.append(columns, carry), value.astype(np.float64), -INF, whole + loan + 0.5))
            value = np.concatenate([paid % of.unit / of.unit, -np.ones(len(draws) + 1)])
            parts.append((np.concatenate([columns, draws, [carry]]), value, -INF, (rest + hair) / of.unit - loan))
            continue
        value = np.concatenate([paid / of.unit, -np.ones(len(draws))])
        rows.append((np.concatenate([columns, draws]), value, -INF, (most + hair) / of.unit))
    return [
        gathered("budget", rows, names.__getitem__, unit="money"),
        gathered("parts of a budget", parts, lambda row: f"parts of a budget {row}", soft=False, unit="money"),
    ]


def loans(of: Columns) -> list[Family]:
    """Loans, in money.

    Sum of d[s,t] over t <= loan[s]; d[s,t] = 0 after the last year of payments (SAFE Art. 12(1)); d[s,t] <= what s pays
    in t for offers that pass the act on loans and are bought in common.
    """
    caps, ends, eligible, parts = [], [], list[Listed](), list[Listed]()
    cap_names, end_names, eligible_names = [], [], []
    for s in np.unique(of.d[:, 0]).tolist():
        mine = np.flatnonzero(of.d[:, 0] == s) + of.first["d"]
        caps.append((mine, 1.0, -INF, of.plan.states[s].loan / of.unit))
        cap_names.append(f"{titled(of, s)}'s loan")
    lends = np.array([_lends(of, o) for o in range(len(of.plan.offers))], dtype=bool)
    for s, t, x in _paying(of):
        draws = _draws(of, s, t)
        if not len(draws):
            continue
        year, state = of.plan.years[t], titled(of, s)
        if year > of.terms.last_year:
            ends.append((draws, 1.0, -INF, 0.0))
            end_names.append(f"loans pay until {of.terms.last_year}, so not {state} in {year}")
        good = x[lends[of.x_offer[x]]]
        leads, set_up = _set_up(of, s, t, lends)
        columns, paid = np.concatenate([good, leads]), np.concatenate([of.x_price[good], set_up])
        eligible_names.append(f"{state}'s loan pays in {year} only what is bought in common and passes {of.terms.act}")
        if carry := of.c_of.get(("loan use", s, t)):
            value = np.append(-(paid // of.unit), 1)
            eligible.append((np.append(columns, carry), value.astype(np.float64), -INF, 0.5))
            value = np.concatenate([-(paid % of.unit) / of.unit, np.ones(len(draws)), [-1.0]])
            parts.append((np.concatenate([columns, draws, [carry]]), value, -INF, 0.0))
            continue
        value = np.concatenate([np.ones(len(draws)), -paid / of.unit])
        eligible.append((np.concatenate([draws, columns]), value, -INF, 0.0))
    return [
        gathered("loan", caps, cap_names.__getitem__, unit="money"),
        gathered("loan availability", ends, end_names.__getitem__, unit="money"),
        gathered("loan use", eligible, eligible_names.__getitem__, unit="money"),
        gathered("parts of a loan use", parts, lambda row: f"parts of a loan use {row}", soft=False, unit="money"),
    ]


def _draws(of: Columns, s: int, t: int) -> Ints:
    """The column of what a state draws in a year, if it has a loan."""
    return np.array([of.d_of[s, t]] if (s, t) in of.d_of else [], dtype=np.int64)


def _lends(of: Columns, o: int) -> bool:
    return of.terms.act in of.plan.offers[o].acts and not of.plan.offers[o].alone


def _paying(of: Columns) -> list[tuple[int, int, Ints]]:
    """For each state and year, the places of its deliveries."""
    years = len(of.plan.years)
    keys = of.x_state * years + of.x_year
    return [(*divmod(n, years), x) for n, x in enumerate(grouped(keys, len(of.plan.states) * years))]


def _set_up(of: Columns, s: int, t: int, among: Bits | None = None) -> tuple[Ints, Ints]:
    """The leads of a state whose set-up is due in a year, and what it costs (minor units)."""
    due = of.set_ups.get((s, of.plan.years[t]), [])
    kept = [(column, o) for column, o in due if among is None or among[o]]
    costs = [of.plan.offers[o].set_up for _, o in kept]
    return np.array([column for column, _ in kept], dtype=np.int64), np.array(costs, dtype=np.int64)


def waiting(of: Columns) -> Family:
    """What is late, in pieces: w[s,c,t] >= due[s,c,t] - sum of x[s,o,k,t'] over t' <= t."""
    own = np.arange(len(of.w))
    number = np.full((len(of.wanted), len(of.plan.years)), -1)
    number[of.w[:, 0], of.w[:, 1]] = own
    row, column = _until(of, number)
    due = np.array([of.wanted[n].due[t] for n, t in of.w.tolist()], dtype=np.float64)
    return tying(
        "waiting",
        np.concatenate([row, own]),
        np.concatenate([column, own + of.first["w"]]),
        np.ones(len(row) + len(own)),
        due,
        np.full(len(own), INF),
    )


def admitted(of: Columns) -> list[Family]:
    """What may be bought at all, in pieces; rows only where the columns are all in: the sum of such x is 0.

    Eligibility: an offer passes the acts that the plan names. Standards: it meets those that a need requires.
    """
    if not of.whole:
        return []
    acts: list[Listed] = []
    standards: list[Listed] = []
    act_names: list[str] = []
    standard_names: list[str] = []
    for o, x in enumerate(grouped(of.x_offer, len(of.plan.offers))):
        offer = of.plan.offers[o]
        if missing := lacks(of.plan, offer):
            acts.append((x, 1.0, -INF, 0.0))
            act_names.append(f"{of.names[o]} is not said to pass {' and '.join(missing)}")
    for pair, x in enumerate(grouped(of.x_pair, len(of.pairs))):
        s, o = of.pairs[pair].tolist()
        wanted, offer = of.wanted[of.x_wanted[x[0]]], of.plan.offers[o]
        if lacking := [each for each in wanted.standards if each not in offer.standards]:
            standards.append((x, 1.0, -INF, 0.0))
            required = f"{' and '.join(lacking)}, which {titled(of, s)} requires"
            standard_names.append(f"{of.names[o]} does not meet {required}")
    return [
        gathered("eligibility", acts, act_names.__getitem__),
        gathered("standards", standards, standard_names.__getitem__),
    ]


def titled(of: Columns, s: int) -> str:
    """The name of a state."""
    code = of.plan.states[s].code
    return of.plan.titles.get(code, code)
