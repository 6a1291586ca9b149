"""The columns of a joint plan: what may be decided, as arrays.

Letters: s state, o offer, k price tier, t year, c capability. One column each for

    x[s,o,k,t]   pieces of o delivered to s in t at the price of tier k                    whole
    z[o,k]       whether all states together buy o at tier k; z[o] is their sum            0 or 1
    b[s,o]       whether s buys o, where buyers are counted                                0 or 1
    l[s,o]       whether s leads the procurement of o and pays its set-up                  0 or 1
    d[s,t]       what s draws of its loan in t, in units of money                          at least 0
    w[s,c,t]     pieces of c that s waits for at the end of t                              at least 0
    u[f,v]       whether fleet f uses v of what it shares                                  0 or 1
    g[n,y]       whether system y is among those of limit n                                0 or 1
    h[y]         whether system y is bought at all                                         0 or 1
    v[o]         value of all pieces of o, in units of money, where a share of all is asked  at least 0
    c[r,s,t]     what the parts of a unit come to in row r of s in t, where a piece is dear  whole

Columns that no condition leaves room for (too early, standards lacking, an act not passed) are left out; to explain
why nothing can be planned they are put in, and the conditions become rows that can be dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jointbuy.joint import Dependence, Fleet, Limit, Offer, Partners, Plan, Systems, Terms, WorkShare, called

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bits = NDArray[np.bool_]
_LARGEST_UNIT = 6
_MANY_PARTS = 2**31
_DEAR, _FEW = 10**11, 2_000
"""Minor units from which on a piece is dear, in a plan with so many deliveries to decide at most."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one state needs of one capability: pieces due by the end of each year, and at the latest then."""

    state: int
    capability: str
    due: Ints
    latest: Ints
    standards: tuple[str, ...]

    @property
    def total(self) -> int:
        """Pieces of all years."""
        return int(self.due[-1])


@dataclass(frozen=True)
class Columns:
    """All columns; `first` says where each kind begins, in the order of the module's list.

    Attributes:
        wanted: the needs, one for each pair of a state and a capability.
        x_state, x_offer, x_tier, x_year, x_wanted: of shape (x,): what each x is, as places in plan and `wanted`.
        x_price: int64, minor units of one piece, extras included.
        x_most: int64, pieces at most.
        x_pair: place of (s, o) among `pairs`.
        pairs: of shape (pairs, 2): every (s, o) with an x.
        z: of shape (z, 2): offer and tier.
        b, leads: of shape (b,), (l,): places among pairs.
        d: of shape (d, 2): state and year.
        w: of shape (w, 2): place in `wanted`, and year.
        u, g: (fleet, value) and (limit, system), limits by their place in the plan.
        h, v: systems of several offers; offers.
        c: rows that are told in whole units and parts of one: "budget" or "loan use", state and year. Where a piece
            costs so much that floats cannot tell a cent beside it, they are added up apart.
        unit: minor units of a solver's unit of money, a power of ten: a millionth of it is at most a cent, so that the
            solver's tolerance is none in money.
        whole: whether columns without room are in.
    """

    plan: Plan
    terms: Terms
    wanted: tuple[Wanted, ...]
    x_state: Ints
    x_offer: Ints
    x_tier: Ints
    x_year: Ints
    x_wanted: Ints
    x_price: Ints
    x_most: Ints
    x_pair: Ints
    pairs: Ints
    z: Ints
    b: Ints
    leads: Ints
    d: Ints
    w: Ints
    u: tuple[tuple[int, str], ...]
    g: tuple[tuple[int, str], ...]
    h: tuple[str, ...]
    v: Ints
    c: tuple[tuple[str, int, int], ...]
    unit: int
    whole: bool

    @cached_property
    def first(self) -> Mapping[str, int]:
        """Where each kind of column begins, and under "end" how many there are."""
        sizes = [len(self.x_state), *(len(each) for each in (self.z, self.b, self.leads, self.d, self.w))]
        starts = np.cumsum([0, *sizes, len(self.u), len(self.g), len(self.h), len(self.v), len(self.c)])
        return dict(zip([*"xzbldwughvc", "end"], map(int, starts), strict=True))

    @cached_property
    def d_of(self) -> Mapping[tuple[int, int], int]:
        """The column of d by state and year."""
        return {(s, t): self.first["d"] + place for place, (s, t) in enumerate(self.d.tolist())}

    @cached_property
    def x_z(self) -> Ints:
        """The column of z that belongs to each x."""
        table = np.full((len(self.plan.offers), 1 + int(self.z[:, 1].max(initial=0))), -1, dtype=np.int64)
        table[self.z[:, 0], self.z[:, 1]] = self.first["z"] + np.arange(len(self.z))
        return table[self.x_offer, self.x_tier]

    @cached_property
    def z_least(self) -> Ints:
        """The pieces from which on each z holds."""
        return np.array([self.plan.offers[o].tiers[k].least for o, k in self.z.tolist()], dtype=np.int64)

    @cached_property
    def totals(self) -> Ints:
        """Pieces of each need in all years."""
        return np.array([each.total for each in self.wanted], dtype=np.int64)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What each offer is called."""
        by_id = called(self.plan.offers, self.plan.titles)
        return tuple(by_id[each.id] for each in self.plan.offers)

    @cached_property
    def sources(self) -> Ints:
        """By offer, the place of the offer whose capacity it takes."""
        place = {each.id: o for o, each in enumerate(self.plan.offers)}
        return np.array([place[each.source or each.id] for each in self.plan.offers], dtype=np.int64)

    @cached_property
    def origins(self) -> tuple[int, Mapping[str, NDArray[Any]]]:
        """What is declared of each country, by offer, in whole parts of one: how many parts one has, and the parts.

        Python's own whole numbers where there are so many that machine words may not hold what is made of them.
        """
        whole = lcm(*(share.denominator for each in self.plan.offers for _, share in each.origin))
        parts: dict[str, NDArray[Any]] = {}
        for o, each in enumerate(self.plan.offers):
            for code, share in each.origin:
                if code not in parts:
                    parts[code] = np.zeros(len(self.plan.offers), dtype=np.int64 if whole < _MANY_PARTS else object)
                parts[code][o] += share.numerator * (whole // share.denominator)
        return whole, parts

    @cached_property
    def set_ups(self) -> Mapping[tuple[int, int], list[tuple[int, int]]]:
        """By state and year, the leads whose set-up is due then: the column of l and the offer."""
        found: dict[tuple[int, int], list[tuple[int, int]]] = {}
        years = [set_up_year(self.plan, o) for o in range(len(self.plan.offers))]
        for column, (s, o) in enumerate(self.pairs[self.leads].tolist(), self.first["l"]):
            found.setdefault((s, years[o]), []).append((column, o))
        return found

    @cached_property
    def upper(self) -> Floats:
        """The most of every column."""
        most = np.ones(self.first["end"])
        most[: len(self.x_most)] = self.x_most
        if self.whole:  # the row of the loan alone says it, so that it can be dropped
            most[self.first["d"] : self.first["w"]] = np.inf
        else:
            most[self.first["d"] : self.first["w"]] = [self.plan.states[s].loan / self.unit for s in self.d[:, 0]]
        most[self.first["w"] : self.first["u"]] = np.inf
        most[self.first["v"] :] = np.inf
        # Parts of a unit, and what is drawn: no piece or set-up has more than one unit in parts.
        pieces = int(self.totals.sum()) + len(self.plan.offers) + 2
        most[self.first["c"] :] = [self.drawn(s) + pieces for _, s, _ in self.c]
        return most

    def drawn(self, s: int) -> int:
        """Whole units that a state draws in a year at the most: its loan; where that may be dropped, all it may pay."""
        loan = self.plan.states[s].loan
        if loan is None:
            return 0
        if self.whole:
            dearest = int(self.x_price.max(initial=0))
            pieces = sum(each.total for each in self.wanted if each.state == s)
            loan = max(loan, pieces * dearest + sum(each.set_up for each in self.plan.offers))
        return -(-loan // self.unit) + 1

    @cached_property
    def integer(self) -> Bits:
        """Which columns are whole."""
        found = np.ones(self.first["end"], dtype=bool)
        found[self.first["d"] : self.first["u"]] = False
        found[self.first["v"] : self.first["c"]] = False
        return found

    @cached_property
    def c_of(self) -> Mapping[tuple[str, int, int], int]:
        """The column of c by row, state and year; none where no piece is dear."""
        return {key: self.first["c"] + place for place, key in enumerate(self.c)}


def columns(plan: Plan, terms: Terms, *, whole: bool = False) -> Columns:
    """Every column of a plan."""
    wanted = tuple(_wanted(plan))
    x = _x(plan, wanted, whole=whole)
    state, offer = x[:, 0], x[:, 1]
    keys, x_pair = ranked(state * len(plan.offers) + offer)
    pairs = np.stack([keys // max(1, len(plan.offers)), keys % max(1, len(plan.offers))], axis=1)
    z = np.array([(o, k) for o in np.unique(offer) for k in range(len(plan.offers[o].tiers))], dtype=np.int64)
    leading = _leading(plan, terms, pairs)
    return Columns(
        plan=plan,
        terms=terms,
        wanted=wanted,
        x_state=state,
        x_offer=offer,
        x_tier=x[:, 2],
        x_year=x[:, 3],
        x_wanted=x[:, 6],
        x_price=x[:, 4],
        x_most=x[:, 5],
        x_pair=x_pair,
        pairs=pairs,
        z=z.reshape(-1, 2),
        b=_counted(plan, terms, pairs, leading),
        leads=leading,
        d=np.array(
            [(s, t) for s, each in enumerate(plan.states) if each.loan for t in range(len(plan.years))], dtype=np.int64
        ).reshape(-1, 2),
        w=np.argwhere([each.due > each.latest for each in wanted]).reshape(-1, 2),
        u=tuple((n, v) for n, each in enumerate(plan.limits) if isinstance(each, Fleet) for v in _values(plan, each)),
        g=tuple((n, y) for n, each in enumerate(plan.limits) if isinstance(each, Systems) for y in _among(plan, each)),
        h=tuple(y for y, count in _systems(plan).items() if count > 1),
        c=tuple(_apart(plan, x[:, 4])),
        v=np.unique(offer) if any(_of_all(plan, each) for each in plan.limits) else np.zeros(0, dtype=np.int64),
        unit=_unit(x[:, 4]),
        whole=whole,
    )


def ranked(keys: Ints) -> tuple[Ints, Ints]:
    """The different keys (at least 0) in their order, and the place of each key among them."""
    found = np.bincount(keys) > 0
    return np.flatnonzero(found), (np.cumsum(found) - 1)[keys]


def _apart(plan: Plan, prices: Ints) -> Iterator[tuple[str, int, int]]:
    """The rows in money that are added up in whole units and parts of one apart."""
    if len(prices) > _FEW or int(prices.max(initial=0)) < _DEAR:
        return
    for s, each in enumerate(plan.states):
        names = [*(["budget"] if each.budgets is not None else []), *(["loan use"] if each.loan else [])]
        yield from ((name, s, t) for name in names for t in range(len(plan.years)))


def _of_all(plan: Plan, limit: Limit) -> bool:
    """Whether a limit looks at what all states buy."""
    if isinstance(limit, Dependence | Partners):
        return not limit.each and len(limit.states) == len(plan.states)
    return isinstance(limit, WorkShare)


def _unit(prices: Ints) -> int:
    largest = int(prices.max(initial=1))
    return int(10 ** min(_LARGEST_UNIT, max(0, len(str(largest)) - 4)))


def _wanted(plan: Plan) -> Iterator[Wanted]:
    place = {each.code: s for s, each in enumerate(plan.states)}
    at = {year: t for t, year in enumerate(plan.years)}
    grouped: dict[tuple[int, str], int] = {}
    asked = [
        (grouped.setdefault((place[need.state], need.capability), len(grouped)), at[need.year], at[need.latest])
        for need in plan.needs
    ]
    # The first of several says.
    standards = {own: need.standards for (own, *_), need in zip(reversed(asked), reversed(plan.needs), strict=True)}
    own, year, last = np.array(asked, dtype=np.int64).reshape(-1, 3).T
    quantity = np.array([need.quantity for need in plan.needs], dtype=np.int64)
    due, latest = np.zeros((2, len(grouped), len(plan.years)), dtype=np.int64)
    np.add.at(due, (own, year), quantity)
    np.add.at(latest, (own, last), quantity)
    due, latest = due.cumsum(axis=1), latest.cumsum(axis=1)
    for (s, c), n in grouped.items():
        yield Wanted(s, c, due[n], latest[n], standards[n])


def set_up_year(plan: Plan, o: int) -> int:
    """The year in which the set-up of an offer is paid: its first year of delivery within the plan."""
    return max(plan.offers[o].earliest, plan.years[0])


def lacks(plan: Plan, offer: Offer) -> tuple[str, ...]:
    """The acts that an offer would have to pass and is not said to."""
    return tuple(act for act in plan.acts if act not in offer.acts)


def _x(plan: Plan, wanted: Sequence[Wanted], *, whole: bool) -> Ints:
    """Columns x, of shape (x, 7): state, offer, tier, year, price, most, place of the need."""
    taken = np.array(list(_taken(plan, wanted, whole=whole)), dtype=np.int64).reshape(-1, 3)
    tiers = np.array([len(each.tiers) for each in plan.offers], dtype=np.int64)
    price = np.array([tier.price for each in plan.offers for tier in each.tiers], dtype=np.int64)
    least = np.array([tier.least for each in plan.offers for tier in each.tiers], dtype=np.int64)
    capacity = np.array([each.capacity for each in plan.offers], dtype=np.int64).reshape(-1, len(plan.years))
    alone = np.array([bool(each.only) for each in plan.offers], dtype=bool)
    total = np.array([each.total for each in wanted], dtype=np.int64)

    count = tiers[taken[:, 1]]
    n, o, extra = np.repeat(taken, count, axis=0).T
    tier = np.arange(len(n)) - np.repeat(np.cumsum(count) - count, count)
    place = (np.cumsum(tiers) - tiers)[o] + tier
    all_of_it = capacity.sum(axis=1)[o]
    all_of_it = np.where(alone[o], np.minimum(all_of_it, total[n]), all_of_it)

    # What comes after the last deadline is too late for anything.
    latest = np.array([each.latest for each in wanted], dtype=np.int64).reshape(-1, len(plan.years))
    until = np.sum(latest < total[:, None], axis=1)
    open_ = np.arange(len(plan.years)) <= until[n][:, None]
    if not whole:
        open_ &= (least[place] <= all_of_it)[:, None] & (capacity[o] > 0)
    row, year = np.nonzero(open_)
    most = total[n][row] if whole else np.minimum(capacity[o[row], year], total[n][row])
    state = np.array([each.state for each in wanted], dtype=np.int64)[n][row]
    return np.stack([state, o[row], tier[row], year, (price[place] + extra)[row], most, n[row]], axis=1)


def _taken(plan: Plan, wanted: Sequence[Wanted], *, whole: bool) -> Iterator[tuple[int, int, int]]:
    """Offers that may be taken for each need: place of the need, offer, what a piece costs this state more."""
    offered: dict[str, list[int]] = {}
    for o, offer in enumerate(plan.offers):
        if whole or not lacks(plan, offer):
            offered.setdefault(offer.capability, []).append(o)
    for n, each in enumerate(wanted):
        code, required = plan.states[each.state].code, set(each.standards)
        for o in offered.get(each.capability, ()):
            offer = plan.offers[o]
            if (whole or required.issubset(offer.standards)) and offer.only in {"", code}:
                yield n, o, dict(offer.extras).get(code, 0) if offer.extras else 0


def may_lead(plan: Plan, terms: Terms) -> Bits:
    """Which states may lead a common procurement: the file and the law let them borrow."""
    return np.array([each.may_borrow and each.code in terms.may_lead for each in plan.states], dtype=bool)


def counts(plan: Plan, terms: Terms) -> Bits:
    """Which states count among those that buy together."""
    return np.array([each.code in terms.counting for each in plan.states], dtype=bool)


def bought_alone(plan: Plan) -> Bits:
    """Which offers a state may buy by itself."""
    return np.array([each.alone for each in plan.offers], dtype=bool)


def _leading(plan: Plan, terms: Terms, pairs: Ints) -> Ints:
    """Pairs whose state may lead that offer, where it matters who does: somebody finds the set-up, or borrows it."""
    s, o = pairs.T
    cheap = plan.dearer < 0
    finds = np.array(
        [each.budgets is not None or (cheap and each.loan is not None) for each in plan.states], dtype=bool
    )
    dear = np.array([each.set_up != 0 for each in plan.offers], dtype=bool)
    matters = np.isin(o, o[dear[o] & finds[s]])
    return np.flatnonzero(matters & (bought_alone(plan)[o] | may_lead(plan, terms)[s]))


def _counted(plan: Plan, terms: Terms, pairs: Ints, leading: Ints) -> Ints:
    """Pairs of which it must be known whether the state buys: those that count or lead."""
    s, o = pairs.T
    found = ~bought_alone(plan)[o] & (counts(plan, terms) | may_lead(plan, terms))[s]
    found[leading] = True
    return np.flatnonzero(found)


def _systems(plan: Plan) -> dict[str, int]:
    found: dict[str, int] = {}
    for offer in plan.offers:
        found[offer.system] = found.get(offer.system, 0) + 1
    return found


def _among(plan: Plan, limit: Systems) -> list[str]:
    return list(dict.fromkeys(each.system for each in plan.offers if each.capability == limit.capability))


def used(offer: Offer, fleet: Fleet) -> str:
    """What an offer uses of what a fleet shares; where that is not said, it shares it with nobody (§1)."""
    return dict(offer.shared).get(fleet.kind, f"? {offer.system}")


def _values(plan: Plan, fleet: Fleet) -> list[str]:
    return sorted({used(each, fleet) for each in plan.offers if each.capability in fleet.capabilities})
