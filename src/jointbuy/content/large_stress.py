"""How much prices and rates of a large bill may move before a share breaks its limit; see `stress`.

One factor moves the excess along a line that bends where a rest comes to nothing. Floats, whose error is bounded, leave
those spans between bends in which the excess may come to nothing; there it is worked out exactly, and so is the factor.
Where the floats cannot tell the bends apart, all of them are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jointbuy import kernels
from jointbuy.asked import BreakEven, Stressed
from jointbuy.content import loops, stress
from jointbuy.content.large_prices import BEYOND, EXCESS, SIZE, WHOLE_COST, Floats, Moving, Places

_NONE = Fraction(0)
_LANES = 64
"""Draws that are counted together, so that their numbers stay near."""


class _Unclear(Exception):
    """The floats cannot tell how a bend and a root lie."""


@dataclass(frozen=True)
class _Direction:
    """What one factor moves: how fast the excess does as things stand, how much there is, and how the `terms` do.

    `slope` is of them by the factor, `steep` what that is the difference of.
    """

    moving: Moving
    rise: tuple[float, float]
    amount: float
    terms: Places
    slope: Floats
    steep: Floats
    exact_rise: Callable[[], Any]
    exact_slope: Callable[[], Any]

    @cached_property
    def rises(self) -> tuple[Fraction, Fraction]:
        """`rise`, exactly."""
        excess, beyond = self.moving.read(self.exact_rise())
        return excess, beyond

    @cached_property
    def slopes(self) -> Any:
        """`slope` in residues."""
        return self.exact_slope()

    def flipped(self, side: int) -> tuple[Places, Floats]:
        """The terms that bend on one side, nearest first, and where all of them would."""
        moving = self.moving
        level, on = moving.level[self.terms], moving.active[self.terms]
        with np.errstate(divide="ignore", invalid="ignore"):
            kink = level / self.slope
        bends = np.flatnonzero((self.slope != 0) & (on == (self.slope * side > 0)) & (kink > -1.0000001))
        return bends[np.argsort(np.abs(kink[bends]), kind="stable")], kink

    def root(self) -> Fraction | None:
        """The move, which is the factor less one, nearest to nothing that meets the limit; None where none does."""
        try:
            return self._root()
        except _Unclear:
            return self._slowly()

    def _root(self) -> Fraction | None:
        moving, terms = self.moving, self.terms
        excess, beyond = moving.now
        total = excess - (moving.n * max(_NONE, beyond) if moving.value is not None else 0)
        start = np.array([float(excess), self.rise[0], float(total)])
        past = np.array([float(beyond), self.rise[1], float(moving.value is not None)])
        bound = np.array([4 * moving.rel * (moving.d + moving.n) * self.amount, moving.rel])
        weight = moving.weight[:, terms]
        off = (np.abs(weight[0]) + moving.n * np.abs(weight[1])) * moving.size[terms]
        waiting: list[tuple[float, int, int]] = []
        orders: dict[int, Places] = {}
        for side in (1, -1):
            orders[side], kink = self.flipped(side)
            spots = np.empty((loops.MOST_SPANS, 3))
            found = loops.spans(
                start, past, bound, kink, orders[side], moving.active[terms], off, moving.level[terms], self.slope,
                weight[0], weight[1], float(moving.n), side, spots,
            )  # fmt: skip
            if found > len(spots):
                raise _Unclear
            waiting += [(abs(float(begin)), side, int(at)) for at, begin, _ in spots[:found]]
        best: Fraction | None = None
        for near, side, many in sorted(waiting):
            if best is not None and abs(best) < near * (1 - 1e-9):
                break
            for root in self._within(orders[side][:many], side):
                if best is None or (abs(root), root) < (abs(best), best):
                    best = root
        return best

    def _within(self, bent: Places, side: int) -> Iterator[Fraction]:
        """Where the excess is nothing once some terms have bent, and only these have."""
        (excess, rise), (beyond, more) = self._lines(bent)
        n, measured = self.moving.n, self.moving.value is not None
        over = excess - n * beyond, rise - n * more
        for (start, by), counts in (((excess, rise), False), *(((over, True),) if measured else ())):
            if not by:
                if not start:
                    raise _Unclear
                continue
            root = -start / by
            if root <= -1 or root * side < 0:
                continue
            if measured and (beyond + more * root > 0) != counts:
                continue
            if self._stands(bent, float(root)):
                yield root

    def _lines(self, bent: Places) -> tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]:
        """Excess and what is beyond as lines of the move, once some terms have bent."""
        moving = self.moving
        (excess, beyond), (rise, more) = moving.now, self.rises
        if bent.size:
            at, cut = self.terms[bent], moving.exact.cut
            on = moving.active[at][:, None]
            each = cut(moving.exact_weight[:, at] * moving.exact_level[at])
            steep = cut(moving.exact_weight[:, at] * self.slopes[bent])
            # What counted does no longer, and the other way round.
            level = cut(np.where(on, moving.minus(each), each).sum(axis=1))
            slope = cut(np.where(on, steep, moving.minus(steep)).sum(axis=1))
            found = moving.read(np.concatenate([level, slope]))
            excess, beyond, rise, more = excess + found[0], beyond + found[1], rise + found[2], more + found[3]
        return (excess, rise), (beyond, more)

    def _stands(self, bent: Places, move: float) -> bool:
        """Whether at a move just those terms have bent. Raises _Unclear."""
        moving, terms = self.moving, self.terms
        there = moving.level[terms] - self.slope * move
        slack = moving.rel * (moving.size[terms] + self.steep * abs(move))
        if (np.abs(there) <= slack).any():
            raise _Unclear
        on = moving.active[terms].copy()
        on[bent] = ~on[bent]
        return bool(((there > 0) == on).all())

    def _slowly(self) -> Fraction | None:
        """The same with every bend exact."""
        moving, terms = self.moving, self.terms
        cut = moving.exact.cut
        (excess, beyond), (rise, more) = moving.now, self.rises
        levels = moving.read(cut(moving.exact_many[terms] * moving.exact_level[terms]))
        slopes = moving.read(cut(moving.exact_many[terms] * self.slopes))
        rests: list[tuple[Fraction, stress.Line]] = []
        for at, level, slope in zip(terms.tolist(), levels, slopes, strict=True):
            weight = moving.coefficient(at)
            rests.append((weight, stress.line(level, -slope)))
            if moving.active[at]:
                excess, rise = excess - weight * level, rise + weight * slope
                beyond, more = beyond + level, more - slope
        past = stress.line(beyond, more) if moving.value is not None else None
        highest = [each for _, each in rests] if past else []
        found = stress.Along(stress.line(excess, rise), past, rests, highest, moving.n).root()
        return None if found is None else found - 1


class _Moves:
    """What one price or rate moves in one product."""

    def __init__(self, moving: Moving) -> None:
        self.moving = moving
        graph = moving.bill.cols.graph
        self._users = kernels.using(graph.start, graph.child, graph.parts)
        self._scratch = np.zeros(graph.parts, np.int8), np.empty(graph.parts), np.empty(graph.parts, np.int32)
        self._rest = np.full(len(moving.bill.cols.part), -1, np.int64)
        self._rest[moving.rests] = np.arange(len(moving.rests))
        self._first = np.searchsorted(moving.row, np.arange(graph.made + 1))

    def price(self, source: int) -> _Direction:
        """When one price moves: its own rest, and those of what is made with it."""
        moving, cols = self.moving, self.moving.bill.cols
        part, price = int(cols.part[source]), float(moving.price[source])
        rows, times = self._above(part)
        from_, to = self._first[rows], self._first[rows + 1]
        terms = np.concatenate([np.arange(*each) for each in zip(from_, to, strict=True)] or [np.empty(0, np.int64)])
        which = np.repeat(np.arange(rows.size), to - from_)
        slope = times[which] * float(moving.bill.floats.awarded[source]) * price
        own = int(self._rest[source])
        if own >= 0:
            terms, slope = np.append(terms, own), np.append(slope, -price)

        def slopes() -> Any:
            exact = moving.exact
            found = exact.risen(self._users, part, rows, moving.bill.floats.made_share)[which]
            found = exact.cut(exact.cut(found * moving.exact_awarded[source]) * moving.exact_prices[source])
            return found if own < 0 else np.concatenate([found, moving.minus(moving.exact_prices[source])[None]])

        rise = moving.slope[source] * price
        return _Direction(
            moving, (float(rise[EXCESS]), float(rise[BEYOND])), float(moving.amount[source]), terms.astype(np.int64),
            slope, np.abs(slope), lambda: moving.exact_amount[source, :SIZE], slopes,
        )  # fmt: skip

    def _above(self, part: int) -> tuple[Places, Floats]:
        """The rows of what is made with a part, last first, and how many times over each contains it."""
        bill, graph = self.moving.bill, self.moving.bill.cols.graph
        if not self.moving.rests.size:
            return np.empty(0, np.int64), np.empty(0)
        marked, value, found = self._scratch
        users, parent, edge = self._users
        count = kernels.risen(
            users, parent, edge, bill.making, bill.floats.made_share, bill.floats.quantity, part, marked, value, found
        )  # fmt: skip
        rows = found[:count].astype(np.int64)
        assert not count or rows.max() < graph.made  # noqa: S101 - what is above something is made of it
        return rows, value[rows].copy()

    def currency(self, code: int) -> _Direction:
        """When a rate moves: all prices in its currency, and all rests."""
        moving, cols, floats = self.moving, self.moving.bill.cols, self.moving.bill.floats
        mine = cols.currency == code
        own = np.where(mine[moving.rests], moving.price[moving.rests], 0.0)
        spent = floats.made[moving.row, code * moving.bill.ends] * floats.rates[code]

        def rise() -> Any:
            exact = moving.exact
            return exact.cut(moving.exact_amount[mine, :SIZE].sum(axis=0))

        def slopes() -> Any:
            exact = moving.exact
            paid = np.where(mine[moving.rests, None], moving.exact_prices[moving.rests], np.uint64(0))
            return exact.cut(exact.spent(moving.row, code) + moving.minus(paid))

        both = moving.slope[mine, :SIZE].T @ moving.price[mine]
        return _Direction(
            moving, (float(both[EXCESS]), float(both[BEYOND])), float(moving.amount[mine].sum()),
            np.arange(len(moving.rests)), spent - own, spent + own, rise, slopes,
        )  # fmt: skip


def heaviest(moving: Moving) -> Places:
    """The sources of the prices that are looked at, in the order of the bill; see `stress.MOST`."""
    every, most = moving.present, stress.MOST
    if len(every) <= most:
        return every
    amount = moving.amount[every]
    last = float(np.partition(-amount, most - 1)[most - 1]) * -1
    slack = moving.rel * last * 2
    sure = np.flatnonzero(amount > last + slack)
    close = np.flatnonzero(np.abs(amount - last) <= slack)
    if close.size > most - sure.size:
        exact = moving.read(moving.exact_amount[every[close], SIZE])
        close = close[sorted(range(close.size), key=exact.__getitem__, reverse=True)[: most - sure.size]]
    found: Places = every[np.sort(np.concatenate([sure, close]))]
    return found


def break_evens(moving: Moving, own: str) -> tuple[BreakEven, ...]:
    """See `stress.break_evens`."""
    cols, moves = moving.bill.cols, _Moves(moving)
    excess, beyond = moving.now
    if excess == (moving.n * max(_NONE, beyond) if moving.value is not None else 0):
        return ()
    told = []
    there = set(np.unique(cols.currency[moving.present]).tolist())
    for code, name in enumerate(cols.currencies):
        if code in there and name != own and (move := moves.currency(code).root()) is not None:
            told.append(BreakEven(moving.product, name, None, None, move))
    table, parts = cols.bom.sources, cols.bom.parts
    for source in heaviest(moving).tolist():
        if moving.price[source] and (move := moves.price(source).root()) is not None:
            place = int(cols.place[source])
            told.append(BreakEven(moving.product, None, parts[table.part[place]], table.supplier[place], move))
    return stress.nearest_first(told)


def scenarios(moving: Moving, own: str, *, error: Fraction, seed: int, draws: int = stress.DRAWS) -> Stressed:
    """See `stress.scenarios`."""
    counting = _Drawing(moving, float(error))
    return stress.drawn(counting, moving.product, own, moving.limit, error=error, seed=seed, draws=draws)


class _Drawing:
    """What draws of a large bill are counted on; see `stress.Counting`.

    A rest that is above nothing at all errors is straight in every price, and one that never is adds nothing; only
    those between are worked out draw by draw, from what varies below them.
    """

    def __init__(self, moving: Moving, error: float) -> None:
        self._moving, bill = moving, moving.bill
        cols, graph, floats = bill.cols, bill.cols.graph, bill.floats
        self._varied = varied = heaviest(moving)
        self._place = np.full(len(cols.part), -1, np.int32)
        self._place[varied] = np.arange(len(varied))
        among = self._place >= 0
        self._others = np.unique(cols.currency[np.setdiff1d(moving.present, varied)])
        self._left = [~among & (cols.low >= 0) & (cols.currency == code) for code in self._others]
        self.currencies: Sequence[str] = [cols.currencies[code] for code in cols.currency[varied].tolist()]
        self.others: Sequence[str] = [cols.currencies[code] for code in self._others.tolist()]
        high = (1 + error) ** 2
        prices = [moving.price * np.where(among, by**2, by) for by in (1 - error, 1 + error)]
        spent = self._spent([*prices, *(moving.price * mine for mine in self._left)])[moving.row]
        rests = moving.rests
        slack = moving.rel * moving.size * high
        sure = prices[0][rests] - spent[:, 1] > slack
        never = prices[1][rests] - spent[:, 0] < -slack
        self.kinks = kinks = np.flatnonzero(~sure & ~never)
        slope = moving.slopes(sure) * moving.price[:, None]
        self._by = np.vstack([slope[varied], *(slope[mine].sum(axis=0) for mine in self._left)])
        self._weight = moving.weight[:, kinks]
        self._fixed, self._paid = spent[kinks, 2:], moving.price[rests[kinks]]
        group = len(varied) + np.searchsorted(self._others, cols.currency[rests[kinks]])
        self._own = np.where(among[rests[kinks]], self._place[rests[kinks]], group)
        self._below(graph, floats, among)
        rounding = len(self._by) + len(kinks) + 16
        self.slack = (moving.d + moving.n) * moving.all * high * (2 * moving.rel + rounding * 2.0**-50)

    def _spent(self, prices: Sequence[Floats]) -> Floats:
        """What made rows cost in the contract's currency, one column for each of several sets of prices."""
        bill, graph = self._moving.bill, self._moving.bill.cols.graph
        cols, floats = bill.cols, bill.floats
        counts = np.where((cols.low >= 0) & bill.making[cols.part], floats.awarded, 0.0)
        found: Floats = kernels.made_of(
            graph.start, graph.middle, graph.child, floats.quantity, cols.first,
            np.zeros(len(cols.part), np.int32), np.stack(prices, axis=1) * counts[:, None],
            np.where(bill.making, floats.made_share, 0.0)[: graph.made], len(prices),
        )  # fmt: skip
        return found

    def _below(self, graph: kernels.Graph, floats: Any, among: NDArray[np.bool_]) -> None:
        """What varies below those rests: rows, last first, and where each stands among them."""
        moving, bill = self._moving, self._moving.bill
        own = np.zeros(graph.parts, np.bool_)
        own[bill.cols.part[among]] = True
        self._carry = loops.carrying(graph.start, graph.child, bill.making, floats.made_share[: graph.made], own)
        wanted = np.zeros(graph.made, np.bool_)
        wanted[moving.row[self.kinks]] = True
        loops.standing(graph.start, graph.child, bill.making, self._carry, floats.made_share != 0.0, wanted)
        self._rows = np.flatnonzero(wanted)[::-1].astype(np.int32)
        self._slot = np.full(graph.made, -1, np.int32)
        self._slot[self._rows] = np.arange(len(self._rows))
        self._scratch = np.empty(len(self._rows) * _LANES)
        self._coefficient = floats.awarded[self._varied] * moving.price[self._varied]

    def of(self, factors: Any) -> tuple[Any, Any]:
        """See `stress.Counting`."""
        moving = self._moving
        sums = factors @ self._by
        excess, beyond, whole = sums[:, EXCESS], sums[:, BEYOND], sums[:, WHOLE_COST]
        for start in range(0, len(factors) if self.kinks.size else 0, _LANES):
            by = np.ascontiguousarray(factors[start : start + _LANES].T)
            more = np.zeros((2, by.shape[1]))
            slots = self._slot[moving.row[self.kinks]]
            fixed = self._fixed @ by[len(self._varied) :]
            loops.left(slots, self._own, self._paid, fixed, self._weight, self._varying(by), by, more)
            some = slice(start, start + _LANES)
            excess[some] += more[0]
            beyond[some] += more[1]
            whole[some] -= more[1]
        outside = (excess + moving.n * whole) / moving.d
        if moving.value is not None:
            left = np.maximum(0.0, beyond + float(moving.value))
            excess, whole = excess - moving.n * left, whole + left
        return excess, outside / whole

    def _varying(self, by: Floats) -> Floats:
        """What varies below those rests, by row and draw; overwritten by the next call."""
        bill, graph = self._moving.bill, self._moving.bill.cols.graph
        found = self._scratch[: len(self._rows) * by.shape[1]].reshape(-1, by.shape[1])
        loops.varying(
            graph.start, graph.child, bill.floats.quantity, bill.making, self._carry, bill.floats.made_share,
            self._slot, self._rows, bill.cols.first, self._place, self._coefficient, by, found,
        )  # fmt: skip
        return found

    @cached_property
    def _amounts(self) -> list[tuple[Fraction, Fraction]]:
        """How much what has a factor comes to in excess and beyond, as things stand, exactly."""
        moving = self._moving
        amount = moving.exact_amount[:, :SIZE]
        left = [moving.exact.cut(amount[mine].sum(axis=0))[None] for mine in self._left]
        found = moving.read(np.concatenate([amount[self._varied], *left]))
        return list(zip(found[::2], found[1::2], strict=True))

    def exactly(self, factors: Any) -> Fraction:
        """See `stress.Counting`."""
        moving = self._moving
        moves = [Fraction(by) - 1 for by in factors.tolist()]
        excess, beyond = moving.now
        excess += sum((each * by for (each, _), by in zip(self._amounts, moves, strict=True) if each), _NONE)
        beyond += sum((each * by for (_, each), by in zip(self._amounts, moves, strict=True) if each), _NONE)
        if self.kinks.size:
            by = np.ascontiguousarray(factors[:, None])
            paid = factors[self._own] * self._paid
            fixed = self._fixed @ factors[len(self._varied) :]
            there = paid - fixed - self._varying(by)[self._slot[moving.row[self.kinks]], 0]
            on = moving.active[self.kinks]
            slack = self.slack + moving.rel * moving.size[self.kinks]
            for at in np.flatnonzero((np.abs(there) <= slack) | ((there > 0) != on)).tolist():
                rest = int(self.kinks[at])
                left = self._exact_rest(at, factors)
                if (left > 0) != bool(on[at]):
                    much = left * moving.read(moving.exact_many[rest])[0] * (-1 if on[at] else 1)
                    excess, beyond = excess + moving.coefficient(rest) * much, beyond - much
        return excess - (moving.n * max(_NONE, beyond) if moving.value is not None else 0)

    def _exact_rest(self, kink: int, factors: Any) -> Fraction:
        """What a rest comes to for one at other prices, those varied below it each by itself, all else by its rate."""
        moving, bill, cols = self._moving, self._moving.bill, self._moving.bill.cols
        graph, rest = cols.graph, int(self.kinks[kink])
        row, own = int(moving.row[rest]), int(moving.rests[rest])
        every = [Fraction(by) for by in factors[len(self._varied) :].tolist()]
        rates = dict(zip(self._others.tolist(), every, strict=True))

        def moved(source: int, place: int, beside: Fraction) -> Fraction:
            price = int(cols.low[source]) * cols.rates[cols.currency[source]] / cols.price_per
            more: Fraction = price * (Fraction(float(factors[place])) - beside)
            return more

        def varied(source: int) -> Fraction:
            at = int(self._place[source])
            return moved(source, at, rates.get(int(cols.currency[source]), Fraction(1))) if at >= 0 else _NONE

        wanted = np.zeros(graph.made, np.bool_)
        wanted[row] = True
        loops.standing(graph.start, graph.child, bill.making, self._carry, bill.floats.made_share != 0.0, wanted)
        spent: dict[int, Fraction] = {}
        for at in np.flatnonzero(wanted)[::-1].tolist():
            total = _NONE
            for edge in range(graph.start[at], graph.start[at + 1]):
                child = int(graph.child[edge])
                if not (bill.making[child] and self._carry[child]):
                    continue
                unit = _NONE
                for source in range(cols.first[child], cols.first[child + 1]):
                    one = varied(source) if cols.low[source] >= 0 else spent.get(child, _NONE)
                    unit += Fraction(int(cols.awarded[source]), cols.awarded_per) * one
                if cols.first[child] == cols.first[child + 1]:
                    unit = spent.get(child, _NONE)
                total += unit * Fraction(int(cols.quantity[edge]), cols.per)
            spent[at] = total
        level = moving.read(moving.exact_level[rest])[0]
        left: Fraction = level + moved(own, int(self._own[kink]), Fraction(1)) - spent[row]
        for by, amounts in zip(every, self._kept, strict=True):
            left -= (by - 1) * moving.read(amounts[kink])[0]
        return left

    @cached_property
    def _kept(self) -> list[Any]:
        """By currency of what moves with its rate alone: what all parts in it below those rests cost, in residues."""
        rows = self._moving.row[self.kinks]
        return [self._moving.exact.spent(rows, code) for code in self._others.tolist()]
