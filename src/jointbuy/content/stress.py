"""How much prices and exchange rates may move before a share breaks its limit, and how often they would.

A share keeps its limit n/d while d x outside - n x whole is not above nothing. As a function of the prices in the bill
that is a sum of products, with a kink where what an assembly costs beyond its parts comes to nothing, and where its
components cost more than the value that the share is measured against. Between two kinks it is straight in any one
price or rate, so a break-even is one division, exact. Whatever is undeclared counts as outside here, which is the worst
that it can prove to be, and an uncertain price stands where it hurts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from jointbuy.asked import BreakEven, Price, Priced, Stressed
from jointbuy.exact import Range

DRAWS = 10_000
_CHUNK = 2_000_000
"""Factors drawn at once."""
MOST = 10_000
"""Prices that are looked at: those that weigh most."""
_LEAST = 1e-6
"""Width of a histogram at least, as a share."""
_NONE = Fraction(0)


@dataclass(slots=True)
class _Sums:
    """What some prices add to the excess, to what is outside and to the whole by themselves, and to each rest.

    `rests` are as they stand in the worst case, `highest` at most; so are the components, `most`; `worth` is the least
    of what the share is measured against.
    """

    excess: Fraction
    outside: Fraction
    whole: Fraction
    most: Fraction
    worth: Fraction
    rests: dict[int, Fraction]
    highest: dict[int, Fraction]

    def add(self, more: _Sums) -> None:
        for name in ("excess", "outside", "whole", "most", "worth"):
            setattr(self, name, getattr(self, name) + getattr(more, name))
        for mine, other in ((self.rests, more.rests), (self.highest, more.highest)):
            for rest, amount in other.items():
                mine[rest] = mine.get(rest, _NONE) + amount


class _Worst:
    """The excess over a limit in the worst case, as a function of the prices of one end product."""

    def __init__(self, found: Priced, limit: Fraction) -> None:
        self.n, self.d, self.measured = limit.numerator, limit.denominator, found.value is not None
        self.weight = [self.d * outside - self.n for outside in found.rests]
        self.outside = found.rests
        self.each = [self._sums(price) for price in found.prices]
        self.now = _total(self.each)
        self.now.worth += found.value or _NONE
        self.left = {rest: self.weight[rest] * max(_NONE, each) for rest, each in self.now.rests.items()}
        self.most = {rest: max(_NONE, each) for rest, each in self.now.highest.items()}
        self.all_left, self.all_most = sum(self.left.values(), _NONE), sum(self.most.values(), _NONE)
        self.sizes = list(map(size, found.prices))

    def _sums(self, price: Price) -> _Sums:
        weight, worth = self.d * price.outside - self.n * price.whole, price.worth
        corner = worth.high if weight > 0 else worth.low
        return _Sums(
            weight * corner - self.n * price.beside * worth.low,
            price.outside * corner,
            price.whole * corner + price.beside * worth.low,
            price.whole * worth.high,
            price.valued * worth.low,
            {rest: _end(worth, times, high=self.weight[rest] > 0) for rest, times in price.rests},
            {rest: _end(worth, times, high=True) for rest, times in price.rests} if self.measured else {},
        )

    def along(self, which: Iterable[int]) -> Along:
        """The excess when some prices are multiplied by one factor."""
        now, moved = self.now, _total(self.each[at] for at in which)
        rests = [(self.weight[at], line(now.rests[at], by)) for at, by in moved.rests.items()]
        highest = [line(now.highest[at], by) for at, by in moved.highest.items()]
        fixed = self.all_left - sum((self.left[at] for at in moved.rests), _NONE)
        stay = self.all_most - sum((self.most[at] for at in moved.highest), _NONE)
        beyond = line(now.worth - now.most - stay, moved.worth - moved.most)
        return Along(line(now.excess + fixed, moved.excess), beyond if self.measured else None, rests, highest, self.n)

    def at(self, sums: _Sums) -> Fraction:
        """The excess at other prices."""
        rests = sum((self.weight[rest] * max(_NONE, each) for rest, each in sums.rests.items()), sums.excess)
        if not self.measured:
            return rests
        most = sum((max(_NONE, each) for each in sums.highest.values()), sums.most)
        return rests - self.n * max(_NONE, sums.worth - most)


def _end(worth: Range, times: Fraction, *, high: bool) -> Fraction:
    """So many times a price, at the end where that is highest or lowest."""
    return times * (worth.high if (times > 0) == high else worth.low)


def _total(each: Iterable[_Sums]) -> _Sums:
    found = _Sums(_NONE, _NONE, _NONE, _NONE, _NONE, {}, {})
    for one in each:
        found.add(one)
    return found


def size(price: Price) -> Fraction:
    """How much a price weighs: what it comes to wherever it counts, be it taken off."""
    counts = price.whole + price.beside + price.valued
    return price.worth.high * sum((abs(times) for _, times in price.rests), counts)


Line = tuple[Fraction, Fraction]
"""A number as a function of a factor: what it is at nothing, and by how much it rises."""


class Along:
    """The excess as a function of the one factor by which some prices are multiplied; straight between its kinks.

    `excess` without the `rests` that move, each by its weight; `beyond` is what the share is measured against beyond
    the components, without the `highest` rests that move, or None where it is measured against these alone. `n` is the
    numerator of the limit.
    """

    def __init__(
        self, excess: Line, beyond: Line | None, rests: Sequence[tuple[Fraction, Line]], highest: Sequence[Line], n: int
    ) -> None:
        self._excess, self._rests, self._highest, self._n = excess, rests, highest, n
        self._measured, self._beyond = beyond is not None, beyond or (_NONE, _NONE)

    def root(self) -> Fraction | None:
        """The factor nearest to one at which nothing is left of the excess; None where there is none above nothing."""
        found = []
        for low, high, (start, rise) in self._straight():
            root = -start / rise if rise else low if not start else None
            if root is not None and root > 0 and root >= low and (high is None or root <= high):
                found.append(root)
        return min(found, key=lambda each: (abs(each - 1), each), default=None)

    def _straight(self) -> Iterator[tuple[Fraction, Fraction | None, Line]]:
        """The excess between its kinks: from where to where, and as a line there."""
        for low, high, excess, beyond in self._segments():
            start, rise = beyond
            over = excess[0] - self._n * start, excess[1] - self._n * rise
            bend = -start / rise if self._measured and rise else None
            if bend is not None and bend > low and (high is None or bend < high):
                yield low, bend, over if rise < 0 else excess
                yield bend, high, excess if rise < 0 else over
            else:
                inner = low + 1 if high is None else (low + high) / 2
                yield low, high, over if self._measured and _at(beyond, inner) > 0 else excess

    def _segments(self) -> Iterator[tuple[Fraction, Fraction | None, Line, Line]]:
        """From kink to kink of the rests: the excess without, and with it what it is measured against beyond them."""
        excess, beyond = self._excess, self._beyond
        kinks: dict[Fraction, list[tuple[Line, Line]]] = {}
        every = [(line, (weight, _NONE)) for weight, line in self._rests]
        every += [(line, (_NONE, -Fraction(1))) for line in self._highest]
        for (start, rise), (weight, share) in every:
            if start > 0 or (not start and rise > 0):
                excess = excess[0] + weight * start, excess[1] + weight * rise
                beyond = beyond[0] + share * start, beyond[1] + share * rise
            if start * rise < 0:
                by = 1 if rise > 0 else -1  # from here on it counts, or no longer does
                more = (by * weight * start, by * weight * rise), (by * share * start, by * share * rise)
                kinks.setdefault(-start / rise, []).append(more)
        low = _NONE
        for kink in sorted(kinks):
            yield low, kink, excess, beyond
            for one, other in kinks[kink]:
                excess = excess[0] + one[0], excess[1] + one[1]
                beyond = beyond[0] + other[0], beyond[1] + other[1]
            low = kink
        yield low, None, excess, beyond


def line(now: Fraction, rise: Fraction) -> Line:
    """What is `now`, at a factor of one, and rises so by it."""
    return now - rise, rise


def _at(line: Line, factor: Fraction) -> Fraction:
    return line[0] + line[1] * factor


def break_evens(found: Priced, own: str, limit: Fraction) -> tuple[BreakEven, ...]:
    """For every currency but the contract's `own`, and every price, the change that meets the limit exactly.

    Smallest change first; none where no change of it alone does, and none at all where the limit is met exactly as it
    is. `change` is relative to the rate, or to the price in the bill: 0.074 is 7.4 % dearer. Of very many prices those
    that weigh most are looked at.
    """
    worst, told = _Worst(found, limit), []
    if not worst.at(worst.now):
        return ()
    by_currency: dict[str, list[int]] = {}
    for at, price in enumerate(found.prices):
        by_currency.setdefault(price.currency, []).append(at)
    for currency, which in by_currency.items():
        if currency != own and (factor := worst.along(which).root()) is not None:
            told.append(BreakEven(found.product, currency, None, None, factor - 1))
    for at in _heaviest(worst):
        if (factor := worst.along([at]).root()) is not None:
            price = found.prices[at]
            told.append(BreakEven(found.product, None, price.part, price.supplier, factor - 1))
    return nearest_first(told)


def nearest_first(told: Iterable[BreakEven]) -> tuple[BreakEven, ...]:
    """Rates before prices, the smallest change first."""
    key = lambda each: (each.part is not None, abs(each.change), each.currency or "", each.part or "")  # noqa: E731
    return tuple(sorted(told, key=key))


def _heaviest(worst: _Worst) -> list[int]:
    """The prices that are looked at, in the order of the bill."""
    every = range(len(worst.each))
    return sorted(sorted(every, key=worst.sizes.__getitem__, reverse=True)[:MOST]) if len(every) > MOST else list(every)


def scenarios(found: Priced, own: str, limit: Fraction, *, error: Fraction, seed: int, draws: int = DRAWS) -> Stressed:
    """The share when every price of the bill, and every rate but of `own`, is off by up to `error`; see `drawn`."""
    return drawn(_Plain(found, limit, error), found.product, own, limit, error=error, seed=seed, draws=draws)


class Counting(Protocol):
    """What draws are counted on: the excess and the share at other prices, each by its factor.

    `currencies` has that of every price that is varied by itself, `others` those of the prices that are not, which move
    with their rates alone; `slack` is more than float excesses are off.
    """

    currencies: Sequence[str]
    others: Sequence[str]
    slack: float

    def of(self, factors: Any) -> tuple[Any, Any]:
        """Excess and share of each draw; float64[draws, currencies and others] to float64[draws]."""

    def exactly(self, factors: Any) -> Fraction:
        """The excess of one draw, from the same factors."""


def drawn(
    counting: Counting, product: str, own: str, limit: Fraction, *, error: Fraction, seed: int, draws: int
) -> Stressed:
    """The share when every price, and every rate but of `own`, is off by up to `error`, each for itself.

    Of more than MOST prices those that weigh most are; the others, each too small to matter, move with their rates.
    Errors are triangular around nothing, drawn from `seed`: the same seed gives the same answer. A price that counts
    in several places is off in all of them alike. A draw whose float result is too near the limit to be trusted is
    counted again exactly, so that none is misjudged.
    """
    import numpy as np  # on use: nothing else of a check needs it

    every = [*counting.currencies, *counting.others]
    currencies = sorted({*every} - {own})
    place = {currency: at for at, currency in enumerate(currencies)}
    column = np.array([place.get(currency, len(currencies)) for currency in every], np.int64)
    draw, spread, count = np.random.default_rng(seed), float(error), len(counting.currencies)
    shares, broken = np.empty(draws), 0
    step = max(1, _CHUNK // max(1, count))
    for start in range(0, draws, step):
        some = min(step, draws - start)
        prices = 1 + _triangular(draw, spread, (some, count))
        rates = np.hstack([1 + _triangular(draw, spread, (some, len(currencies))), np.ones((some, 1))])
        factors = rates[:, column]
        factors[:, :count] *= prices
        excess, shares[start : start + some] = counting.of(factors)
        near = np.abs(excess) <= counting.slack
        broken += int((excess[~near] > 0).sum())
        broken += sum(counting.exactly(factors[at]) > 0 for at in np.flatnonzero(near))
    points = np.quantile(shares, [0.05, 0.5, 0.95])
    return Stressed(
        product=product,
        limit=limit,
        error=error,
        seed=seed,
        draws=draws,
        broken=broken,
        quantiles=tuple(
            (name, Fraction(float(point))) for name, point in zip(("5 %", "50 %", "95 %"), points, strict=True)
        ),
        histogram=_histogram(np, shares),
        varied=count,
        others=bool(counting.others),
    )


class _Plain:
    """What draws of a small bill are counted on; see `Counting`."""

    def __init__(self, found: Priced, limit: Fraction, error: Fraction) -> None:
        import numpy as np  # on use: nothing else of a check needs it

        self._worst = worst = _Worst(found, limit)
        self._varied = varied = _heaviest(worst)
        left: dict[str, list[_Sums]] = {}
        for at in sorted({*range(len(worst.each))} - {*varied}):
            left.setdefault(found.prices[at].currency, []).append(worst.each[at])
        self._moved = [*(worst.each[at] for at in varied), *map(_total, left.values())]
        self._still = _total([])
        self._still.worth += found.value or _NONE
        self._floats = _Floats(np, worst, self._moved, self._still)
        self.currencies: Sequence[str] = [found.prices[at].currency for at in varied]
        self.others: Sequence[str] = list(left)
        most = float(sum(worst.sizes, found.value or _NONE)) * float(1 + error) ** 2
        self.slack = worst.d * most * (len(worst.each) + 8) * 2.0**-50

    def of(self, factors: Any) -> tuple[Any, Any]:
        """See `Counting`."""
        return self._floats.of(factors)

    def exactly(self, factors: Any) -> Fraction:
        """See `Counting`."""
        sums = _total([self._still])
        for by, one in zip(factors.tolist(), self._moved, strict=True):
            sums.add(_times(one, Fraction(by)))
        return self._worst.at(sums)


def _times(one: _Sums, by: Fraction) -> _Sums:
    rests, highest = ({at: by * each for at, each in some.items()} for some in (one.rests, one.highest))
    return _Sums(by * one.excess, by * one.outside, by * one.whole, by * one.most, by * one.worth, rests, highest)


class _Floats:
    """Excess and share when what is `moved` is, each by its factor; `still` is what stays as it is."""

    def __init__(self, np: Any, worst: _Worst, moved: Sequence[_Sums], still: _Sums) -> None:
        names = ("excess", "outside", "whole", "most", "worth")
        self._np, self._worst = np, worst
        self._weights = np.array([[float(getattr(one, name)) for name in names] for one in moved])
        self._weights = self._weights.reshape(-1, len(names))
        self._still = np.array([float(getattr(still, name)) for name in names])
        self._rests = [self._rest(moved, still, rest, "rests") for rest in worst.now.rests]
        self._highest = [self._rest(moved, still, rest, "highest") for rest in worst.now.highest]

    def _rest(self, moved: Sequence[_Sums], still: _Sums, rest: int, name: str) -> tuple[int, float, Any, Any]:
        by: Mapping[int, Fraction] = {
            at: getattr(one, name)[rest] for at, one in enumerate(moved) if rest in getattr(one, name)
        }
        fixed = float(getattr(still, name).get(rest, 0))
        return (
            rest,
            fixed,
            self._np.array(list(by), self._np.int64),
            self._np.array([float(each) for each in by.values()]),
        )

    def of(self, factors: Any) -> tuple[Any, Any]:
        """Excess and share of each draw."""
        np, worst = self._np, self._worst
        excess, outside, whole, most, worth = (factors @ self._weights + self._still).T
        for rest, amount in self._amounts(factors, self._rests):
            excess = excess + float(worst.weight[rest]) * amount
            outside, whole = outside + float(worst.outside[rest]) * amount, whole + amount
        if worst.measured:
            for _, amount in self._amounts(factors, self._highest):
                most = most + amount
            beyond = np.maximum(0.0, worth - most)
            excess, whole = excess - worst.n * beyond, whole + beyond
        return excess, outside / whole

    def _amounts(self, factors: Any, rests: Iterable[tuple[int, float, Any, Any]]) -> Iterator[tuple[int, Any]]:
        for rest, fixed, which, weights in rests:
            yield rest, self._np.maximum(0.0, fixed + factors[:, which] @ weights)


def _triangular(draw: Any, spread: float, shape: tuple[int, int]) -> Any:
    """Errors between minus and plus `spread`, likeliest nothing."""
    return (draw.random(shape) - draw.random(shape)) * spread


def _histogram(np: Any, shares: Any) -> tuple[tuple[Fraction, int], ...]:
    """How many draws fall in each of thirty steps of the share: the lower end of each, and the count.

    Where the share moves by no more than floats are off, the steps are as wide as can be told apart.
    """
    low, high = float(shares.min()), float(shares.max())
    counts, edges = np.histogram(shares, bins=30, range=(low, max(high, low + _LEAST)))
    return tuple((Fraction(float(edge)), int(count)) for edge, count in zip(edges, counts, strict=False))
