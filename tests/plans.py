"""Small plans as records, and what they come to by definition: computed without a line of the room that plans."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import comb
from threading import Event

from jointbuy.errors import Where
from jointbuy.joint import (
    Credit,
    Dependence,
    Fleet,
    Goal,
    Limit,
    Need,
    Offer,
    Partners,
    Plan,
    Planned,
    State,
    Systems,
    Terms,
    Tier,
    WorkShare,
)

AT = Where("plan.yaml", 1)
TERMS = Terms("safe", 2, ("EE", "LV", "PL"), ("EE", "LV", "PL"), "Member States", 2028, ())
_MOST_WAYS = 600
Allocation = Mapping[tuple[str, str, int], int]


def state(
    code: str, *, borrows: bool = True, loan: int | None = None, budgets: Mapping[int, int] | None = None
) -> State:
    return State(code, borrows, loan, tuple(budgets.items()) if budgets is not None else None, AT)


def need(code: str, capability: str, year: int, quantity: int, latest: int | None = None, standards: str = "") -> Need:
    return Need(code, capability, year, latest or year, quantity, tuple(standards.split()), AT)


def offer(
    name: str,
    capability: str,
    prices: Mapping[int, int],
    capacity: tuple[int, ...] = (9, 9),
    *,
    system: str | None = None,
    set_up: int = 0,
    origin: Mapping[str, Fraction] | None = None,
    standards: str = "",
    acts: str = "safe",
    shared: Mapping[str, str] | None = None,
    alone: bool = False,
    extras: Mapping[str, int] | None = None,
    earliest: int = 2027,
) -> Offer:
    tiers = tuple(Tier(least, price) for least, price in prices.items())
    return Offer(
        name, system or name, "maker", capability, set_up, earliest, capacity, tiers, tuple((origin or {}).items()),
        tuple(standards.split()), tuple(acts.split()), tuple((shared or {}).items()), alone,
        tuple((extras or {}).items()), AT,
    )  # fmt: skip


def plan(
    states: list[State],
    needs: list[Need],
    offers: list[Offer],
    limits: tuple[Limit, ...] = (),
    *,
    years: tuple[int, ...] = (2027, 2028),
    discount: Fraction = Fraction(0),
    acts: tuple[str, ...] = (),
    depends_on: tuple[str, ...] = ("US",),
) -> Plan:
    titles: dict[str, str] = {}
    return Plan(
        "p", "p", "EUR", date(2027, 1, 1), years, discount, acts, depends_on, ("cost",), tuple(states), tuple(needs),
        tuple(offers), limits, titles, "plan.yaml",
    )  # fmt: skip


def planned(
    made: Plan,
    *minimise: Goal,
    terms: Terms = TERMS,
    gap: Fraction = Fraction(0),
    seconds: float = 60,
    points: bool = False,
) -> Planned:
    import time

    from jointbuy.plan import answer
    from jointbuy.plan.solve import Stop

    stop = Stop(time.monotonic() + seconds, Event())
    return answer.planned(made, terms, minimise or ("cost",), gap, stop, lambda *_: None, points=points)


# --- by definition --------------------------------------------------------------------------


def allocations(made: Plan) -> Iterator[Allocation]:
    """Every way to give each need its pieces, whatever else holds."""
    wanted: dict[tuple[str, str], int] = {}
    for each in made.needs:
        wanted[each.state, each.capability] = wanted.get((each.state, each.capability), 0) + each.quantity
    ways = []
    for (code, capability), total in wanted.items():
        slots = [(code, one.id, year) for one in made.offers if one.capability == capability for year in made.years]
        ways.append(
            [dict.fromkeys(slots, 0) | counted(pick) for pick in itertools.combinations_with_replacement(slots, total)]
        )
    for chosen in itertools.product(*ways):
        yield {key: count for each in chosen for key, count in each.items() if count}


def counted(slots: tuple[tuple[str, str, int], ...]) -> dict[tuple[str, str, int], int]:
    return {slot: slots.count(slot) for slot in slots}


def least(made: Plan, terms: Terms = TERMS) -> Fraction | None:
    """The least cost of all plans that keep every condition; None where there is none."""
    return min((cost for each in allocations(made) if (cost := cost_of(made, each, terms)) is not None), default=None)


def cost_of(made: Plan, bought: Allocation, terms: Terms = TERMS) -> Fraction | None:
    """The present value of an allocation, if it and some leads keep every condition."""
    offers = {each.id: each for each in made.offers}
    opened = sorted({name for _, name, _ in bought})
    buyers = {name: {code for code, other, _ in bought if other == name} for name in opened}
    price = {}
    for name in opened:
        total = sum(count for (_, other, _), count in bought.items() if other == name)
        price[name] = [tier.price for tier in offers[name].tiers if tier.least <= total][-1]
    paid = {
        (code, name, year): count * (price[name] + dict(offers[name].extras).get(code, 0))
        for (code, name, year), count in bought.items()
    }
    if not (_delivered(made, bought, offers) and _limits(made, paid, offers)):
        return None
    may = {each.code for each in made.states if each.may_borrow} & set(terms.may_lead)
    leaders = []
    for name in opened:
        if not offers[name].alone and len(buyers[name] & set(terms.counting)) < terms.least_buyers:
            return None
        leaders.append(sorted(buyers[name] if offers[name].alone else buyers[name] & may))
    costs = []
    for leads in itertools.product(*leaders):
        due = dict(paid)
        for name, code in zip(opened, leads, strict=True):
            key = (code, name, max(offers[name].earliest, made.years[0]))
            due[key] = due.get(key, 0) + offers[name].set_up
        if _affordable(made, due, offers, terms):
            value = (Fraction(n) / (1 + made.discount) ** (year - made.years[0]) for (_, _, year), n in due.items())
            costs.append(sum(value, _borrowed(made, due, offers, terms)))
    return min(costs, default=None)


def _delivered(made: Plan, bought: Allocation, offers: Mapping[str, Offer]) -> bool:
    for name, one in offers.items():
        for place, year in enumerate(made.years):
            if sum(n for (_, o, y), n in bought.items() if (o, y) == (name, year)) > one.capacity[place]:
                return False
    for each in made.needs:
        mine = [
            n
            for n in made.needs
            if (n.state, n.capability, n.latest <= each.latest) == (each.state, each.capability, True)
        ]
        got = sum(
            n
            for (s, o, y), n in bought.items()
            if s == each.state and offers[o].capability == each.capability and y <= each.latest
        )
        if got < sum(n.quantity for n in mine):
            return False
        for s, o, _ in bought:
            good = set(each.standards) <= set(offers[o].standards)
            if s == each.state and offers[o].capability == each.capability and not good:
                return False
    return all(set(made.acts) <= set(offers[o].acts) for _, o, _ in bought)


def _affordable(made: Plan, due: Mapping[tuple[str, str, int], int], offers: Mapping[str, Offer], terms: Terms) -> bool:
    for one in made.states:
        if one.budgets is None:
            continue
        drawn = 0
        for year, budget in one.budgets:
            mine = {o: n for (s, o, y), n in due.items() if (s, y) == (one.code, year)}
            over = max(0, sum(mine.values()) - budget)
            lent = sum(n for o, n in mine.items() if terms.act in offers[o].acts and not offers[o].alone)
            if over > lent or (over and year > terms.last_year):
                return False
            drawn += over
        if drawn > (one.loan or 0):
            return False
    return True


def _borrowed(
    made: Plan, due: Mapping[tuple[str, str, int], int], offers: Mapping[str, Offer], terms: Terms
) -> Fraction:
    """What the best draws add to the cost: the cheapest corner of what may be drawn."""
    if made.credit is None:
        return Fraction(0)
    # One unit drawn now: interest each year on what is owed, principal in equal parts after the grace.
    after = range(made.credit.grace, made.credit.years)
    owed = [1 - Fraction(sum(y < year for y in after), len(after)) for year in range(made.credit.years)]
    flows = [owed[y] * made.credit.interest + (Fraction(1, len(after)) if y in after else 0) for y in range(len(owed))]
    dearer = sum((flow / (1 + made.discount) ** (y + 1) for y, flow in enumerate(flows)), Fraction(0)) - 1
    total, sign = Fraction(0), 1 if dearer > 0 else -1
    for one in made.states:
        ends = []
        for year in made.years:
            mine = {o: n for (s, o, y), n in due.items() if (s, y) == (one.code, year)}
            lends = one.loan is not None and year <= terms.last_year
            most = (
                sum(n for o, n in mine.items() if terms.act in offers[o].acts and not offers[o].alone) if lends else 0
            )
            over = max(0, sum(mine.values()) - dict(one.budgets)[year]) if one.budgets is not None else 0
            ends.append((over, most))
        total += (
            dearer
            * min(
                (
                    sum((Fraction(n) / (1 + made.discount) ** place for place, n in enumerate(draws)), Fraction(0))
                    * sign
                    for draws in _corners(ends, one.loan or 0)
                ),
            )
            * sign
        )
    return total


def _corners(ends: list[tuple[int, int]], loan: int) -> Iterator[tuple[int, ...]]:
    """Every corner of what may be drawn: each year at an end, but one that takes what is left of the loan."""
    for draws in itertools.product(*ends):
        for place in range(len(draws)):
            rest = loan - sum(draws) + draws[place]
            for one in (draws[place], rest):
                made = (*draws[:place], one, *draws[place + 1 :])
                if sum(made) <= loan and all(low <= n <= high for n, (low, high) in zip(made, ends, strict=True)):
                    yield made


def _limits(made: Plan, paid: Mapping[tuple[str, str, int], int], offers: Mapping[str, Offer]) -> bool:
    return all(_keeps(made, limit, paid, offers) for limit in made.limits)


def _keeps(made: Plan, limit: Limit, paid: Mapping[tuple[str, str, int], int], offers: Mapping[str, Offer]) -> bool:
    if isinstance(limit, Systems):
        among = {offers[o].system for s, o, _ in paid if s in limit.states and offers[o].capability == limit.capability}
        return len(among) <= limit.most
    if isinstance(limit, Fleet):
        mine = {o for s, o, _ in paid if s in limit.states and offers[o].capability in limit.capabilities}
        values = {dict(offers[o].shared).get(limit.kind, f"only {offers[o].system}") for o in mine}
        return len(values) <= 1
    if isinstance(limit, WorkShare):
        total = sum(paid.values())
        for code in limit.states:
            work = sum(
                (n * dict(offers[o].origin).get(code, Fraction(0)) for (_, o, _), n in paid.items()), Fraction(0)
            )
            cost = sum(n for (s, _, _), n in paid.items() if s == code)
            if limit.below is not None and cost - work > limit.below * total:
                return False
            if limit.above is not None and work - cost > limit.above * total:
                return False
        return True
    looked = [(code,) for code in limit.states] if limit.each else [limit.states]
    return all(_share(limit, codes, paid, offers) for codes in looked)


def _share(
    limit: Dependence | Partners,
    codes: tuple[str, ...],
    paid: Mapping[tuple[str, str, int], int],
    offers: Mapping[str, Offer],
) -> bool:
    total = sum(n for (s, _, _), n in paid.items() if s in codes)
    part = Fraction(0)
    for (s, o, _), n in paid.items():
        if s in codes:
            origin = dict(offers[o].origin)
            share = sum((origin.get(code, Fraction(0)) for code in limit.countries), Fraction(0))
            if isinstance(limit, Dependence):
                share += 1 - sum(origin.values(), Fraction(0))
            part += n * share
    return part <= limit.most * total if isinstance(limit, Dependence) else part >= limit.least * total


# --- drawn ----------------------------------------------------------------------------------


def drawn(seed: int, *, credit: bool = False) -> Plan:
    """A tiny plan in which anything may bind; with `credit`, its loans cost something."""
    pick = random.Random(seed)
    codes = pick.sample(["PL", "LV", "EE", "CA"], pick.choice([2, 2, 3]))
    capabilities = ["a", "b"][: pick.choice([1, 1, 2])]
    years = (2027, 2028, 2029)[: pick.choice([2, 2, 3])]
    offers = [
        _offer(pick, f"o{n}", capabilities[n % len(capabilities)], years)
        for n in range(len(capabilities) + pick.choice([1, 2]))
    ]
    needs = []
    for code, capability in itertools.product(codes, capabilities):
        if pick.random() < 0.8:
            year = pick.choice(years)
            standards = "s" if pick.random() < 0.15 else ""
            needs.append(
                need(
                    code,
                    capability,
                    year,
                    pick.choice([1, 1, 2]),
                    pick.choice([y for y in years if y >= year]),
                    standards,
                )
            )
    needs = needs or [need(codes[0], "a", years[-1], 1)]
    while _ways(needs, offers, len(years)) > _MOST_WAYS:
        needs.pop()
    states = [_state(pick, code, years) for code in codes]
    limits = tuple(_limit(pick, codes, capabilities) for _ in range(pick.choice([0, 0, 1, 2])))
    made = plan(states, needs, offers, limits, years=years, discount=Fraction(pick.choice([0, 3]), 100))
    made = replace(made, acts=("safe",)) if pick.random() < 0.2 else made
    if credit:
        offers = [replace(each, alone=False, acts=("safe",)) for each in made.offers]
        poor = tuple((year, pick.choice([0, 8, 15]) * 1_000_000) for year in years)
        states = [replace(each, loan=20_000_000 if each.may_borrow else None, budgets=poor) for each in made.states]
        made = replace(made, offers=tuple(offers), states=tuple(states))
        made = replace(made, credit=Credit(Fraction(pick.choice([0, 1, 3, 6]), 100), pick.choice([0, 2]), 5))
    return made


def _ways(needs: list[Need], offers: list[Offer], years: int) -> int:
    """How many allocations there are."""
    found = 1
    for each in needs:
        slots = years * sum(one.capability == each.capability for one in offers)
        found *= comb(slots + each.quantity - 1, each.quantity)
    return found


def _offer(pick: random.Random, name: str, capability: str, years: tuple[int, ...]) -> Offer:
    earliest = pick.choice(years[:2])
    price = pick.randint(50, 150) * 100_000
    prices = {1: price}
    if pick.random() < 0.5:
        prices[pick.choice([2, 3])] = price * pick.randint(70, 110) // 100
    shares = {"PL": pick.choice([0, 40, 60]), "CA": pick.choice([0, 20]), "US": pick.choice([0, 10, 20])}
    return offer(
        name,
        capability,
        prices,
        tuple(0 if year < earliest else pick.choice([1, 2, 4]) for year in years),
        system=pick.choice([name, name, "same"]),
        set_up=pick.choice([0, 0, 3_000_000]),
        origin={code: Fraction(share, 100) for code, share in shares.items() if share},
        standards=pick.choice(["", "s"]),
        acts=pick.choice(["safe", "safe", ""]),
        shared={"ammunition": pick.choice(["m", "n"])} if pick.random() < 0.8 else {},
        alone=pick.random() < 0.5,
        extras={"PL": 700_000} if pick.random() < 0.3 else {},
        earliest=earliest,
    )


def _state(pick: random.Random, code: str, years: tuple[int, ...]) -> State:
    borrows = code != "CA" and pick.random() < 0.8
    budgets = {year: pick.choice([0, 8, 15, 30, 60]) * 1_000_000 for year in years} if pick.random() < 0.6 else None
    return state(code, borrows=borrows, loan=pick.choice([None, 20_000_000]) if borrows else None, budgets=budgets)


def _limit(pick: random.Random, codes: list[str], capabilities: list[str]) -> Limit:
    some = tuple(pick.sample(codes, pick.randint(1, len(codes))))
    each = pick.random() < 0.5
    share = Fraction(pick.choice([10, 20, 35, 50]), 100)
    return pick.choice(
        [
            Systems(1, pick.choice(capabilities), some, AT),
            Fleet("fleet", "ammunition", some, tuple(capabilities), AT),
            Dependence(share, ("US",), "US", some, each, AT),
            Dependence(share, ("US",), "US", tuple(codes), False, AT),
            Partners(share, ("PL", "CA"), "PL, CA", some, each, AT),
            WorkShare(share, None, some, AT),
            WorkShare(None, share, some, AT),
        ]
    )
