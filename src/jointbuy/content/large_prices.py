"""What an end product of a large bill costs, and what of it is outside, as a function of the prices in the bill.

As `prices`, where no price is a range. Between kinks the function is straight, and its slope by every price at once is
how often something counts at the top, fallen through the graph: in floats, whose error is bounded, and in residues.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, cached_property
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jointbuy.content import loops
from jointbuy.content.arithmetic import Exact
from jointbuy.content.base import SPARES, WHOLE
from jointbuy.content.basis import Basis
from jointbuy.content.columns import columns
from jointbuy.content.large import Bill, flags
from jointbuy.exact import Origin
from jointbuy.model import Bom
from jointbuy.residues import Reader, primes

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]

EXCESS, BEYOND, SIZE, WHOLE_COST = range(4)
"""What a price counts in: d x outside - n x whole; what the share is measured against less the components; how much of
it there is, wherever it counts; and the whole."""
COMPONENT, BESIDE, VALUED = range(3)
"""As what something counts: cost of components, value beside it, and what the share is measured against."""


@dataclass(frozen=True, slots=True)
class Seeds:
    """What counts by itself in one root, of which there are `many`: sources by what they count as.

    `made` counts as what its parts cost, `rests` as what they cost beyond them.
    """

    number: Callable[[Any], Any]
    many: Fraction
    priced: tuple[tuple[int, Places], ...]
    made: tuple[tuple[int, Places], ...]
    rests: Places


class Unfollowed(ValueError):
    """What only the plain path follows: prices that are ranges, or an end product that several suppliers deliver."""


class Moving:
    """One end product, or all together, of a large bill without ranges as a function of its prices.

    `limit` is n / d. `price` is by source in the contract's currency; `rests` are the sources of which what is beyond
    their parts counts, `level` that amount for one. `slope` float64[sources, 4] is how often a price counts in what
    (EXCESS …) as things stand.
    """

    def __init__(
        self, bill: Bill, product: str, seeds: Sequence[Seeds], value: Fraction | None, out: Sequence[Fraction],
        limit: Fraction,
    ) -> None:  # fmt: skip
        self.bill, self.product, self.value, self.limit = bill, product, value, limit
        self._seeds, self._out = seeds, out
        cols, floats = bill.cols, bill.floats
        self.price = np.maximum(floats.prices[0], 0.0)
        self.rests = np.unique(np.concatenate([each.rests for each in seeds]))
        self.row = cols.part[self.rests]
        spent = floats.spent(self.row, 0)
        self.size = self.price[self.rests] + spent
        self.level = self.price[self.rests] - spent
        unsure = np.flatnonzero(np.abs(self.level) <= bill.error * self.size)
        if unsure.size:
            self.level[unsure] = [float(each) for each in self.read(self.exact_level[unsure])]
        self.active = self.level > 0
        self.rel = 8 * bill.error
        self._table = self._coefficients()
        kit = _Floats(bill)
        self.many_floats = self._rested(kit)
        self.slope = self.slopes(self.active)
        self.amount = self.slope[:, SIZE] * self.price
        self.all = float(self.amount.sum()) + float(value or 0)

    @property
    def n(self) -> int:
        """The numerator of the limit."""
        return self.limit.numerator

    @property
    def d(self) -> int:
        """And its denominator."""
        return self.limit.denominator

    def _coefficients(self) -> list[list[list[Fraction]]]:
        """By as what something counts, in what, and origin."""
        none, one, n = Fraction(0), Fraction(1), Fraction(self.n)
        component: list[Any] = [[self.d * out - n for out in self._out], -one, one, one]
        beside: list[Any] = [-n, none, one, one]
        valued: list[Any] = [none, one, one, none]
        every = len(self._out)
        return [
            [each if isinstance(each, list) else [each] * every for each in one_of]
            for one_of in (component, beside, valued)
        ]

    def _rested(self, kit: Any) -> Any:
        """How many of each rest there are, in floats or residues."""
        found = kit.zeros(len(self.bill.cols.part))
        for seed in self._seeds:
            found[seed.rests] = kit.cut(found[seed.rests] + kit.times(seed, seed.rests))
        return found[self.rests]

    def slopes(self, active: Flags) -> Floats:
        """How often prices count in what, where those rests are above nothing, in floats."""
        found: Floats = self._fallen(_Floats(self.bill), active)[:, :, 0]
        return found

    def _fallen(self, kit: Any, active: Flags) -> Any:
        cols = self.bill.cols
        table = kit.table(self._table)
        seed = kit.zeros(len(cols.part), table.shape[1])
        made = kit.zeros(cols.graph.made, table.shape[1])

        def put(target: Any, at: Any, source: Places, much: Any, what: int) -> None:
            np.add.at(target, at, kit.cut(much[:, None, :] * table[what][:, cols.origin[source]].swapaxes(0, 1)))

        for each in self._seeds:
            for what, source in each.priced:
                put(seed, source, source, kit.times(each, source), what)
            for what, source in each.made:
                put(made, cols.part[source], source, kit.times(each, source), what)
        on = self.rests[active]
        much = self._rested(kit)
        put(seed, on, on, much[active], COMPONENT)
        put(made, self.row[active], on, kit.minus(much[active]), COMPONENT)
        # How much there is of a rest counts whether it is above nothing or not, and what is taken off as well.
        off = self.rests[~active]
        seed[off, SIZE] += much[~active]
        for which, times in ((active, 2), (~active, 1)):
            np.add.at(made[:, SIZE], self.row[which], times * much[which])
        unit = kit.fallen(kit.cut(made))
        return kit.cut(seed + kit.cut(kit.awarded[:, None, :] * unit[cols.part]))

    @cached_property
    def present(self) -> Places:
        """The sources whose prices count somewhere, in the order of the bill's own table."""
        cols = self.bill.cols
        graph, priced = cols.graph, cols.low >= 0
        there, wanted = np.zeros(len(cols.part), np.bool_), np.zeros(graph.made, np.bool_)
        for each in self._seeds:
            for _, source in each.priced:
                there[source] = True
            for _, source in each.made:
                row = cols.part[source]
                wanted[row[row < graph.made]] = True
        there[self.rests] = True
        wanted[self.row] = True
        every = np.ones(graph.parts, np.bool_)
        reached = loops.standing(graph.start, graph.child, self.bill.making, every, self.through, wanted)
        found = np.flatnonzero((there | reached[cols.part]) & priced)
        ordered: Places = found[np.argsort(cols.place[found])]
        return ordered

    @cached_property
    def through(self) -> Flags:
        """By row whether what its parts cost is in what it costs."""
        cols = self.bill.cols
        found: Flags = cols.first[:-1] == cols.first[1:]
        found[cols.part[cols.low < 0]] = True
        return found

    # --- exactly ----------------------------------------------------------------------------------

    @cached_property
    def exact(self) -> Exact:
        """The bill in residues."""
        return Exact(self.bill.cols, self.bill.making, self._moduli)

    @cached_property
    def _scale(self) -> int:
        bill, cols = self.bill, self.bill.cols
        roots = list(cols.roots)
        scale = lcm(*(rate.denominator for rate in cols.rates), *(out.denominator for out in self._out))
        scale *= lcm(*(each.many.denominator for each in self._seeds), (self.value or Fraction(0)).denominator)
        scale *= cols.price_per * cols.per ** (int(bill.deep[roots].max(initial=0)) + 1)
        return int(scale * cols.awarded_per ** (int(bill.splits[roots].max(initial=0)) + 2))

    @cached_property
    def _moduli(self) -> tuple[int, ...]:
        # All that is read is part of what there is in all, d times at most; `all` may not be known yet.
        floats, cols = self.bill.floats, self.bill.cols
        each = np.maximum(floats.prices[0], 0) + floats.spent(cols.part, 0)
        kit = _Floats(self.bill)
        most = float(self.value or 0) + float(each.max(initial=0))
        for seed in self._seeds:
            every = kit.times(seed, np.arange(len(cols.part)))[:, 0]
            most += 4 * float(every @ each)
        most *= (self.d + self.n) * (1 + self.bill.error)
        bits = self._scale.bit_length() + int(most + 1).bit_length() + 4
        return primes(bits, [self._scale])

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self._moduli, self._scale)

    def read(self, residues: Any) -> list[Fraction]:
        """Numbers from their residues, primes last."""
        return self._reader.numbers(residues.reshape(-1, len(self._moduli)).T.tolist())

    @cached_property
    def exact_prices(self) -> Any:
        """By source its price."""
        return self.exact.prices()

    @cached_property
    def exact_level(self) -> Any:
        """By rest the price less what the parts cost."""
        return self.exact.cut(self.exact_prices[self.rests] + self.minus(self.exact.spent(self.row)))

    def minus(self, residues: Any) -> Any:
        """The residues of the numbers below nothing."""
        moduli = np.array(self._moduli, np.uint64)
        return self.exact.cut(moduli - self.exact.cut(residues))

    @cached_property
    def exact_amount(self) -> Any:
        """By source how much its price comes to in what, as things stand: uint64[sources, 3, primes]."""
        exact = self.exact
        return exact.cut(self._fallen(_Residues(self), self.active) * self.exact_prices[:, None, :])

    @cached_property
    def exact_many(self) -> Any:
        """By rest how many of it there are."""
        return self._rested(_Residues(self))

    @cached_property
    def exact_weight(self) -> Any:
        """By rest how it counts in EXCESS and BEYOND: uint64[2, rests, primes]."""
        table = self.exact.of(self._table[COMPONENT][EXCESS])[self.bill.cols.origin[self.rests]]
        return np.stack([self.exact.cut(self.exact_many * table), self.minus(self.exact_many)])

    @cached_property
    def weight(self) -> Floats:
        """The same in floats: float64[2, rests]."""
        out = np.array([float(each) for each in self._table[COMPONENT][EXCESS]])[self.bill.cols.origin[self.rests]]
        return np.stack([self.many_floats[:, 0] * out, -self.many_floats[:, 0]])

    def coefficient(self, rest: int) -> Fraction:
        """How one of a rest counts in EXCESS."""
        return self._table[COMPONENT][EXCESS][int(self.bill.cols.origin[self.rests[rest]])]

    @cached_property
    def exact_awarded(self) -> Any:
        """By source what is awarded to it."""
        return self.exact.awarded()

    @cached_property
    def now(self) -> tuple[Fraction, Fraction]:
        """What EXCESS and BEYOND come to as things stand, exactly."""
        sums = self.exact.cut(self.exact_amount.sum(axis=0))
        excess, beyond, _ = self.read(sums)
        return excess, beyond + (self.value or 0)


class _Floats:
    """The arithmetic of slopes in floats; the last axis is of one."""

    def __init__(self, bill: Bill) -> None:
        self._bill, self.awarded = bill, bill.floats.awarded[:, None]

    def zeros(self, *shape: int) -> Floats:
        return np.zeros((*shape, 1))

    def table(self, table: Sequence[Sequence[Sequence[Fraction]]]) -> Floats:
        return np.array([[list(map(float, each)) for each in one] for one in table])[..., None]

    def cut(self, values: Floats) -> Floats:
        return values

    def minus(self, values: Floats) -> Floats:
        return -values

    def times(self, seed: Seeds, source: Places) -> Floats:
        number: Floats = seed.number(None)
        many = float(seed.many) * number[self._bill.cols.part[source]] * self._bill.floats.awarded[source]
        return many[:, None]

    def fallen(self, made: Floats) -> Floats:
        graph, floats = self._bill.cols.graph, self._bill.floats
        found: Floats = loops.fallen(
            graph.start, graph.child, floats.quantity, self._bill.making, floats.made_share, made[:, :, 0]
        )
        return found[:, :, None]


class _Residues:
    """The same in residues, without WHOLE_COST, which only statistics need."""

    def __init__(self, moving: Moving) -> None:
        self._moving, self._exact = moving, moving.exact
        self.awarded, self._width = moving.exact.awarded(), len(moving._moduli)

    def zeros(self, *shape: int) -> Any:
        return np.zeros((*shape, self._width), np.uint64)

    def table(self, table: Sequence[Sequence[Sequence[Fraction]]]) -> Any:
        return np.stack([np.stack([self._exact.of(each) for each in one[:WHOLE_COST]]) for one in table])

    def cut(self, values: Any) -> Any:
        return self._exact.cut(values)

    def minus(self, values: Any) -> Any:
        return self._moving.minus(values)

    def times(self, seed: Seeds, source: Places) -> Any:
        cut, number = self._exact.cut, seed.number(self._exact).reshape(-1, self._width)
        much = cut(number[self._moving.bill.cols.part[source]] * self.awarded[source])
        return cut(much * self._exact.of([seed.many])[0])

    def fallen(self, made: Any) -> Any:
        return self._exact.fallen(made)


# --- what counts by itself --------------------------------------------------------------------


def moving(
    bom: Bom, currency: str, rates: Mapping[str, Fraction], basis: Basis, out: Callable[[Origin], Fraction],
    limit: Fraction, *, traced: bool, value: Fraction | bool, sold: Mapping[str, Fraction],
    together: Mapping[str, Fraction] | None,
) -> list[Moving]:  # fmt: skip
    """See `prices.priced`; `out` is what of an origin is outside. Raises TooFine as `columns` does, and Unfollowed."""
    cols = columns(bom, currency, {**rates, currency: Fraction(1)})
    if cols.ranged:
        raise Unfollowed
    bill = Bill(cols, basis)
    shares = [out(origin) for origin in cols.origins]
    names = [cols.name(root) for root in cols.roots]
    stated = {root: at for root in cols.roots if (at := _stated(bill, root)) is not None}
    fixed = {root: sold[name] for root, name in zip(cols.roots, names, strict=True) if name in sold}
    if value is not True or (together is not None and not all(root in {*stated, *fixed} for root in cols.roots)):
        stated, fixed = {}, {}

    def one(root: int, many: Fraction) -> tuple[list[Seeds], bool]:
        adds = value is True and root not in stated and root not in fixed
        seeds = [_seeds(bill, root, many, traced=traced, beside=adds and not traced)]
        if root in stated:
            seeds.append(replace(seeds[0], priced=((VALUED, np.array([stated[root]])),), made=(), rests=_NOTHING))
        elif adds and traced:
            whole = _seeds(bill, root, many, traced=False, beside=True)
            priced, made = (tuple((VALUED, source) for _, source in each) for each in (whole.priced, whole.made))
            seeds.append(replace(whole, priced=priced, made=made))
        return seeds, len(seeds) > 1

    many = [together[name] if together is not None else Fraction(1) for name in names]
    every = [one(root, number) for root, number in zip(cols.roots, many, strict=True)]
    amounts = [number * fixed[root] if root in fixed else None for root, number in zip(cols.roots, many, strict=True)]
    groups = [list(range(len(names)))] if together is not None else [[at] for at in range(len(names))]
    found = []
    for group in groups:
        known = [amount for at in group if (amount := amounts[at]) is not None]
        valued = bool(known) or any(every[at][1] for at in group)
        measured = sum(known, Fraction(0)) if valued else value if isinstance(value, Fraction) else None
        name = WHOLE if together is not None else names[group[0]]
        found.append(Moving(bill, name, [seed for at in group for seed in every[at][0]], measured, shares, limit))
    return found


_NOTHING = np.empty(0, np.int64)


def _stated(bill: Bill, root: int) -> int | None:
    """The source that says what an end product costs, where the bill does. Raises Unfollowed where others share it."""
    cols = bill.cols
    every = range(int(cols.first[root]), int(cols.first[root + 1]))
    priced = sorted((at for at in every if cols.low[at] >= 0), key=lambda at: int(cols.place[at]))
    if priced and cols.awarded[priced[0]] != cols.awarded_per:
        raise Unfollowed
    return priced[0] if priced else None


def _seeds(bill: Bill, root: int, many: Fraction, *, traced: bool, beside: bool) -> Seeds:
    """What counts by itself in a root, and with `beside` what is no component and no spare."""
    cols = bill.cols
    grouping = bill.phantom.copy()
    grouping[root] = True
    counts = np.where(bill.reached(root, grouping), flags(bill.basis.counted)[cols.part_kind], bill.making)
    passes = counts | grouping if traced else grouping
    here = (bill.reached(root, passes) & ~bill.phantom)[cols.part]
    component = counts[cols.part] if traced else flags(bill.basis.counted)[cols.kind]
    priced, parts = cols.low >= 0, cols.part < cols.graph.made
    rest = here & component & priced & parts if traced else np.zeros(len(here), np.bool_)
    spares = flags(frozenset({SPARES}))[cols.kind]
    kinds = [(COMPONENT, component)] + ([(BESIDE, ~component & ~spares)] if beside else [])
    each = [(what, np.flatnonzero(here & kind & priced & ~rest)) for what, kind in kinds]
    made = [(what, np.flatnonzero(here & kind & ~priced & parts)) for what, kind in kinds if not traced]

    @cache
    def number(exact: Exact | None) -> Any:
        return bill.floats.exploded(cols, passes, root) if exact is None else exact.exploded(passes, root)

    return Seeds(number, many, tuple(each), tuple(made), np.flatnonzero(rest))
