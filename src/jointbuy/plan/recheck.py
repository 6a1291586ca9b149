"""A plan computed again from its deliveries and leads alone, in whole numbers and exact shares (§12).

Nothing here knows columns or rows: what the solver chose is judged by the records of the plan file. A plan with a
condition that has no room left but less than nothing is never returned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from jointbuy.joint import (
    Contract,
    Delivery,
    Dependence,
    Depends,
    Draw,
    Fleet,
    Goal,
    Limit,
    Need,
    Offer,
    Partners,
    Payment,
    Plan,
    Row,
    State,
    Systems,
    Terms,
    Work,
    WorkShare,
    called,
    delivers,
)

Bought = Mapping[tuple[str, str, int], int]
"""Pieces by state, offer and year."""


@dataclass(frozen=True)
class Checked:
    """What the deliveries come to; `rows` holds every condition, `broken` those without room."""

    deliveries: tuple[Delivery, ...]
    contracts: tuple[Contract, ...]
    draws: tuple[Draw, ...]
    rows: tuple[Row, ...]
    depends: tuple[Depends, ...]
    work: tuple[Work, ...]
    goals: tuple[tuple[Goal, Fraction], ...]
    borrowing: Fraction
    payments: tuple[Payment, ...]

    @property
    def broken(self) -> tuple[Row, ...]:
        """Conditions that do not hold."""
        return tuple(row for row in self.rows if row.room < 0)

    @property
    def cost(self) -> Fraction:
        """Present value in minor units, exactly."""
        return dict(self.goals)["cost"]


@dataclass(frozen=True)
class _Given:
    """A plan with what was chosen, and what follows at once; `got` is pieces by state, capability and year."""

    plan: Plan
    terms: Terms
    bought: Bought
    leads: Mapping[str, str]
    offers: Mapping[str, Offer]
    tiers: Mapping[str, int]
    got: Mapping[tuple[str, str, int], int]
    names: Mapping[str, str]
    deliveries: tuple[Delivery, ...] = field(default=())


def check(plan: Plan, terms: Terms, bought: Bought, leads: Mapping[str, str]) -> Checked:
    """Everything that a plan comes to. `leads` names who leads each offer where that was decided."""
    offers = {each.id: each for each in plan.offers}
    kept = {key: count for key, count in sorted(bought.items()) if count}
    tiers: dict[str, int] = {}
    for name in dict.fromkeys(offer for _, offer, _ in kept):
        total = sum(count for (_, offer, _), count in kept.items() if offer == name)
        tiers[name] = max(k for k, tier in enumerate(offers[name].tiers) if tier.least <= total)
    got: dict[tuple[str, str, int], int] = {}
    for (state, name, year), count in kept.items():
        key = (state, offers[name].capability, year)
        got[key] = got.get(key, 0) + count
    given = _Given(plan, terms, kept, leads, offers, tiers, got, called(plan.offers, plan.titles))
    given = replace(given, deliveries=tuple(_delivery(given, *key, count) for key, count in kept.items()))
    deliveries = given.deliveries
    contracts = tuple(_contract(given, name) for name in tiers)
    draws, money = _money(given, contracts)
    factor = _factors(given)
    borrowing = sum((each.amount * plan.dearer * factor[each.year] for each in draws), Fraction(0))
    rows = (
        *_needs(given),
        *_capacity(given),
        *_offered(given),
        *_joint(given, contracts),
        *money,
        *(row for limit in plan.limits for row in _limit(given, limit)),
    )
    return Checked(
        deliveries,
        contracts,
        draws,
        rows,
        tuple(_depends(given)),
        tuple(_work(given, state.code) for state in plan.states),
        tuple(_goals(given, contracts, borrowing)),
        borrowing,
        tuple(_paid(given, contracts, draws)),
    )


def _delivery(given: _Given, state: str, offer: str, year: int, count: int) -> Delivery:
    one = given.offers[offer]
    price = one.tiers[given.tiers[offer]].price + dict(one.extras).get(state, 0)
    return Delivery(state, offer, year, count, price, count * price)


def _contract(given: _Given, name: str) -> Contract:
    mine = [each for each in given.deliveries if each.offer == name]
    buyers = tuple(dict.fromkeys(each.state for each in mine))
    able = [code for code in buyers if given.offers[name].alone or _may_lead(given, code)]
    # Where it was not decided since it changes nothing, whoever buys most leads.
    most = max(able or buyers, key=lambda code: (sum(each.quantity for each in mine if each.state == code), code))
    return Contract(
        name,
        given.leads.get(name, most),
        buyers,
        sum(each.quantity for each in mine),
        given.tiers[name],
        sum(each.amount for each in mine),
        given.offers[name].set_up,
    )


def _may_lead(given: _Given, code: str) -> bool:
    state = next(each for each in given.plan.states if each.code == code)
    return state.may_borrow and code in given.terms.may_lead


def _title(given: _Given, code: str) -> str:
    return given.plan.titles.get(code, code)


# --- needs, capacity, what may be bought ----------------------------------------------------


def _needs(given: _Given) -> Iterator[Row]:
    for (state, capability), needs in _asked(given).items():
        for year in given.plan.years:
            if not any(need.latest == year for need in needs):
                continue
            least = sum(need.quantity for need in needs if need.latest <= year)
            got = _pieces(given, state, capability, year)
            name = f"{_title(given, state)}'s {least} of {capability} by {year}"
            yield Row("need", name, got, least, got - least, "pieces")
        total, got = sum(need.quantity for need in needs), _pieces(given, state, capability, given.plan.years[-1])
        name = f"no more than {_title(given, state)}'s {total} of {capability}"
        yield Row("need", name, got, total, total - got, "pieces")
    asked = _asked(given)
    for (state, offer, _), count in given.bought.items():
        if (state, given.offers[offer].capability) not in asked:
            yield Row("need", f"{_title(given, state)} needs no {offer}", count, 0, -count, "pieces")


def _asked(given: _Given) -> dict[tuple[str, str], list[Need]]:
    found: dict[tuple[str, str], list[Need]] = {}
    for need in given.plan.needs:
        found.setdefault((need.state, need.capability), []).append(need)
    return found


def _pieces(given: _Given, state: str, capability: str, until: int) -> int:
    return sum(given.got.get((state, capability, year), 0) for year in given.plan.years if year <= until)


def _capacity(given: _Given) -> Iterator[Row]:
    used: dict[tuple[str, int], int] = {}
    for (_, offer, year), count in given.bought.items():
        key = given.offers[offer].source or offer, year
        used[key] = used.get(key, 0) + count
    for (name, year), count in sorted(used.items()):
        one = given.offers[name]
        most = one.capacity[given.plan.years.index(year)] if year in given.plan.years else 0
        yield Row("capacity", delivers(one, given.names[name], year, most), count, most, most - count, "pieces")


def _offered(given: _Given) -> Iterator[Row]:
    """Eligibility and standards: broken where something is bought that must not be."""
    for name in given.tiers:
        offer = given.offers[name]
        missing = [act for act in given.plan.acts if act not in offer.acts]
        if given.plan.acts:
            yield Row(
                "eligibility",
                f"{given.names[name]} passes {' and '.join(given.plan.acts)}",
                len(missing),
                0,
                -len(missing),
                "count",
            )
    asked = _asked(given)
    for state, name in dict.fromkeys((s, o) for s, o, _ in given.bought):
        offer = given.offers[name]
        if offer.only not in {"", state}:
            told = f"{given.names[name]} is not for {_title(given, state)}"
            yield Row("eligibility", told, 1, 0, -1, "count")
        missing = [
            one
            for each in asked.get((state, offer.capability), ())
            for one in each.standards
            if one not in offer.standards
        ]
        if missing:
            told = f"{given.names[name]} does not meet what {_title(given, state)} requires"
            yield Row("standards", told, len(missing), 0, -len(missing), "count")


def _joint(given: _Given, contracts: Sequence[Contract]) -> Iterator[Row]:
    for contract in contracts:
        offer = given.offers[contract.offer]
        leads = contract.lead in contract.buyers and (offer.alone or _may_lead(given, contract.lead))
        yield Row(
            "lead",
            f"a state that may borrow buys {given.names[offer.id]} and leads",
            int(leads),
            1,
            int(leads) - 1,
            "count",
        )
        if not offer.alone:
            least = given.terms.least_buyers
            counted = sum(code in given.terms.counting for code in contract.buyers)
            name = f"at least {least} countries that count buy {given.names[offer.id]}"
            yield Row("joint", name, counted, least, counted - least, "count")


# --- money ----------------------------------------------------------------------------------


def _money(given: _Given, contracts: Sequence[Contract]) -> tuple[tuple[Draw, ...], list[Row]]:
    """What each state draws, and whether budgets and loans hold.

    It draws the least that keeps its budgets; where a loan costs less than cash, all that it may, first years first.
    """
    draws: list[Draw] = []
    rows: list[Row] = []
    for state in given.plan.states:
        budgets = dict(state.budgets or ())
        paid = {year: dict(_payments(given, contracts, state, year)) for year in given.plan.years}
        drawn = _drawn(given, state, paid)
        draws += [Draw(state.code, year, amount) for year, amount in drawn.items() if amount]
        for year, budget in budgets.items():
            left = sum(paid[year].values()) - drawn[year]
            rows.append(
                Row("budget", f"{_title(given, state.code)}'s {year} budget", left, budget, budget - left, "money")
            )
        if state.loan is not None:
            whole = sum(drawn.values())
            name = f"{_title(given, state.code)}'s loan"
            rows.append(Row("loan", name, whole, state.loan, state.loan - whole, "money"))
    return tuple(draws), rows


def _drawn(given: _Given, state: State, paid: Mapping[int, Mapping[str, int]]) -> dict[int, int]:
    """What a state draws in each year."""
    budgets = dict(state.budgets or ())
    may, least = {}, {}
    for year in given.plan.years:
        lends = state.loan is not None and year <= given.terms.last_year
        may[year] = sum(amount for name, amount in paid[year].items() if _lends(given, name)) if lends else 0
        over = sum(paid[year].values()) - budgets[year] if state.budgets is not None else 0
        least[year] = min(max(0, over), may[year])
    left = max(0, (state.loan or 0) - sum(least.values())) if given.plan.dearer < 0 else 0
    for year in given.plan.years:
        more = min(left, may[year] - least[year])
        least[year] += more
        left -= more
    return least


def _paid(given: _Given, contracts: Sequence[Contract], draws: Sequence[Draw]) -> Iterator[Payment]:
    drawn = {(each.state, each.year): each.amount for each in draws}
    for state in given.plan.states:
        budgets = dict(state.budgets or ())
        for year in given.plan.years:
            whole = sum(amount for _, amount in _payments(given, contracts, state, year))
            pieces = sum(each.amount for each in given.deliveries if (each.state, each.year) == (state.code, year))
            loan = drawn.get((state.code, year), 0)
            yield Payment(state.code, year, pieces, whole - pieces, loan, budgets.get(year))


def _payments(given: _Given, contracts: Sequence[Contract], state: State, year: int) -> Iterator[tuple[str, int]]:
    """What a state pays in a year, by offer: its deliveries, and the set-up of what it leads."""
    for contract in contracts:
        count = given.bought.get((state.code, contract.offer, year), 0)
        amount = _delivery(given, state.code, contract.offer, year, count).amount
        if contract.lead == state.code and year == _set_up_year(given, contract.offer):
            amount += contract.set_up
        if amount:
            yield contract.offer, amount


def _set_up_year(given: _Given, offer: str) -> int:
    return max(given.offers[offer].earliest, given.plan.years[0])


def _lends(given: _Given, offer: str) -> bool:
    return given.terms.act in given.offers[offer].acts and not given.offers[offer].alone


# --- limits ---------------------------------------------------------------------------------


def _limit(given: _Given, limit: Limit) -> Iterator[Row]:
    if isinstance(limit, Systems):
        found = {
            given.offers[o].system
            for s, o, _ in given.bought
            if s in limit.states and given.offers[o].capability == limit.capability
        }
        plural = "system" if limit.most == 1 else "systems"
        name = f"at most {limit.most} {plural} of {limit.capability} among {_named(given, limit.states)}"
        yield Row("commonality", name, len(found), limit.most, limit.most - len(found), "count")
    elif isinstance(limit, Fleet):
        values = {
            dict(given.offers[o].shared).get(limit.kind, f"? {given.offers[o].system}")
            for s, o, _ in given.bought
            if s in limit.states and given.offers[o].capability in limit.capabilities
        }
        name = f"{limit.name}: {_named(given, limit.states)} share one {limit.kind}"
        yield Row("interoperability", name, len(values), 1, 1 - len(values), "count")
    elif isinstance(limit, WorkShare):
        yield from _work_share(given, limit)
    else:
        yield from _share(given, limit)


def _share(given: _Given, limit: Dependence | Partners) -> Iterator[Row]:
    whole = "the whole" if len(limit.states) == len(given.plan.states) else _named(given, limit.states)
    looked = [(_title(given, code), (code,)) for code in limit.states] if limit.each else [(whole, limit.states)]
    for who, codes in looked:
        mine = [each for each in given.deliveries if each.state in codes]
        total = sum(each.amount for each in mine)
        part = sum((each.amount * _from(given, each, limit.countries) for each in mine), Fraction(0))
        if isinstance(limit, Dependence):
            part += sum((each.amount * _undeclared(given, each) for each in mine), Fraction(0))
            name = f"at most {_percent(limit.most)} of {who}'s value from {limit.name}"
            yield _exact("dependence", name, part, limit.most, total)
        else:
            name = f"at least {_percent(limit.least)} of {who}'s value from {limit.name}"
            yield _exact("partner share", name, part, limit.least, total, least=True)


def _work_share(given: _Given, limit: WorkShare) -> Iterator[Row]:
    for code in limit.states:
        work = _work(given, code)
        behind = work.cost - work.work
        for band, by, word in ((limit.below, behind, "below"), (limit.above, -behind, "above")):
            if band is not None:
                name = f"{_title(given, code)}'s work at most {_percent(band)} of the whole {word} its cost"
                yield _exact("work share", name, by, band, work.total)


def _exact(family: str, name: str, left: Fraction, share: Fraction, whole: int, *, least: bool = False) -> Row:
    """A share of a whole in minor units: what is exact is rounded down to whole ones, so a hair over is a cent over."""
    limit, found = share * whole, (share, Fraction(left, whole)) if whole else None
    room = left - limit if least else limit - left
    return Row(family, name, round(left), round(limit), room.__floor__(), "money", share=found)


def _named(given: _Given, codes: Sequence[str]) -> str:
    named = [_title(given, code) for code in codes]
    if len(named) == len(given.plan.states):
        return "all states"
    return f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else named[0]


def _percent(share: Fraction) -> str:
    number = share * 100
    return f"{number.numerator if number.denominator == 1 else float(number):g} %"


def _from(given: _Given, delivery: Delivery, countries: Sequence[str]) -> Fraction:
    origin = given.offers[delivery.offer].origin
    return sum((share for code, share in origin if code in countries), Fraction(0))


def _undeclared(given: _Given, delivery: Delivery) -> Fraction:
    return 1 - sum((share for _, share in given.offers[delivery.offer].origin), Fraction(0))


# --- figures --------------------------------------------------------------------------------


def _work(given: _Given, code: str) -> Work:
    made = sum((each.amount * _from(given, each, (code,)) for each in given.deliveries), Fraction(0))
    cost = sum(each.amount for each in given.deliveries if each.state == code)
    return Work(code, made, cost, sum(each.amount for each in given.deliveries))


def _depends(given: _Given) -> Iterator[Depends]:
    countries = sorted({code for each in given.deliveries for code, _ in given.offers[each.offer].origin})
    for state in [None, *(each.code for each in given.plan.states)]:
        mine = [each for each in given.deliveries if state in {None, each.state}]
        total = sum(each.amount for each in mine)
        hidden = sum((each.amount * _undeclared(given, each) for each in mine), Fraction(0))
        for country in countries:
            part = sum((each.amount * _from(given, each, (country,)) for each in mine), Fraction(0))
            if part:
                yield Depends(state, country, part, hidden, total)


def _factors(given: _Given) -> Mapping[int, Fraction]:
    return {year: 1 / (1 + given.plan.discount) ** place for place, year in enumerate(given.plan.years)}


def _goals(given: _Given, contracts: Sequence[Contract], borrowing: Fraction) -> Iterator[tuple[Goal, Fraction]]:
    factor = _factors(given)
    cost = sum((each.amount * factor[each.year] for each in given.deliveries), borrowing)
    yield "cost", cost + sum((each.set_up * factor[_set_up_year(given, each.offer)] for each in contracts), Fraction(0))
    part = (_from(given, each, given.plan.depends_on) + _undeclared(given, each) for each in given.deliveries)
    amounts = (each.amount * share for each, share in zip(given.deliveries, part, strict=True))
    yield "dependence", sum(amounts, Fraction(0))
    late = 0
    for (state, capability), needs in _asked(given).items():
        for year in given.plan.years:
            due = sum(need.quantity for need in needs if need.year <= year)
            late += max(0, due - _pieces(given, state, capability, year))
    yield "delay", Fraction(late)
    yield "systems", Fraction(len({given.offers[each.offer].system for each in contracts}))
