"""How much prices and exchange rates may move before a share breaks its limit, and how often they would.

A share keeps its limit n/d while d x outside - n x whole is not above nothing. That form is linear in every price and
every exchange rate, so a break-even is one division, exact; scenarios are sums of products. Whatever is undeclared
counts as outside here, which is the worst that it can prove to be.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from jointbuy.asked import BreakEven, Stressed
from jointbuy.exact import ADDED, Origin, Range, divided
from jointbuy.result import Line, ProductContent

DRAWS = 10_000
_CHUNK = 2_000_000
"""Factors drawn at once."""


@dataclass(frozen=True, slots=True)
class _Weights:
    """What the lines of one kind add to d x outside - n x whole at today's prices, and to the whole."""

    excess: Fraction
    outside: Fraction
    whole: Fraction


def _weigh(origin: Origin, amount: Range, inside: Container[str], limit: Fraction) -> _Weights:
    """One amount: at its high end as far as it raises the excess, else at its low end."""
    surely, _, _ = divided(origin, inside)
    share = Fraction(0) if origin == ADDED else 1 - surely
    weight = limit.denominator * share - limit.numerator
    size = amount.high if weight > 0 else amount.low
    return _Weights(weight * size, share * size, size)


def break_evens(product: ProductContent, own: str, inside: Container[str], limit: Fraction) -> tuple[BreakEven, ...]:
    """For every currency but the contract's `own`, and every line, the change that meets the limit exactly.

    Smallest change first; none where no change of it alone does. `change` is relative: 0.074 is 7.4 % dearer. Of a
    large bill the lines that weigh most are looked at.
    """
    whole = sum(
        (_weigh(origin, amount, inside, limit).excess for origin, amount in product.composition.items()), Fraction(0)
    )
    found = []
    by_currency: dict[str, Fraction] = {}
    for cell in product.cube:
        origin: Origin = ((cell.origin, Fraction(1)),) if cell.origin else ()
        by_currency[cell.currency] = (
            by_currency.get(cell.currency, Fraction(0)) + _weigh(origin, cell.amount, inside, limit).excess
        )
    for currency, excess in by_currency.items():
        if currency != own and (change := _change(whole, excess)) is not None:
            found.append(BreakEven(product.product, currency, None, None, change))
    for line in product.lines:
        if (change := _change(whole, _weigh(line.origin, line.amount, inside, limit).excess)) is not None:
            found.append(BreakEven(product.product, None, line.part, line.supplier, change))
    found.sort(key=lambda each: (each.part is not None, abs(each.change), each.currency or "", each.part or ""))
    return tuple(found)


def _change(whole: Fraction, excess: Fraction) -> Fraction | None:
    """By what share an amount must change for the whole excess to be nothing; None where it cannot by itself."""
    if not excess:
        return None
    change = -whole / excess
    return change if change > -1 else None


def scenarios(
    product: ProductContent,
    own: str,
    inside: Container[str],
    limit: Fraction,
    *,
    error: Fraction,
    seed: int,
    draws: int = DRAWS,
) -> Stressed:
    """The share when every price, and every rate but of `own`, is off by up to `error` either way, each for itself.

    Errors are triangular around nothing, drawn from `seed`: the same seed gives the same answer. A draw whose float
    result is too near the limit to be trusted is counted again exactly, so that none is misjudged.
    """
    import numpy as np  # on use: nothing else of a check needs it

    lines = [(line, _weigh(line.origin, line.amount, inside, limit)) for line in product.lines]
    rest = _rest(product, inside, limit, lines)
    currencies = sorted({line.currency for line, _ in lines} - {own})
    place = {currency: at for at, currency in enumerate(currencies)}
    column = np.array([place.get(line.currency, len(currencies)) for line, _ in lines], np.int64)
    weights = np.array([[float(one.excess), float(one.outside), float(one.whole)] for _, one in lines]).reshape(-1, 3)
    draw = np.random.default_rng(seed)
    spread = float(error)
    shares = np.empty(draws)
    broken = 0
    slack = float(sum((abs(one.excess) for _, one in lines), abs(rest.excess))) * (len(lines) + 8) * 2.0**-50
    step = max(1, _CHUNK // max(1, len(lines)))
    for start in range(0, draws, step):
        count = min(step, draws - start)
        prices = 1 + _triangular(draw, spread, (count, len(lines)))
        rates = np.hstack([1 + _triangular(draw, spread, (count, len(currencies))), np.ones((count, 1))])
        factors = prices * rates[:, column]
        sums = factors @ weights + np.array([float(rest.excess), float(rest.outside), float(rest.whole)])
        shares[start : start + count] = sums[:, 1] / sums[:, 2]
        near = np.abs(sums[:, 0]) <= slack
        broken += int((sums[~near, 0] > 0).sum())
        for at in np.flatnonzero(near):
            exact = sum(
                (Fraction(float(by)) * one.excess for by, (_, one) in zip(factors[at], lines, strict=True)), rest.excess
            )
            broken += exact > 0
    points = np.quantile(shares, [0.05, 0.5, 0.95])
    return Stressed(
        product=product.product,
        limit=limit,
        error=error,
        seed=seed,
        draws=draws,
        broken=broken,
        quantiles=tuple(
            (name, Fraction(float(point))) for name, point in zip(("5 %", "50 %", "95 %"), points, strict=True)
        ),
        histogram=_histogram(np, shares),
        varied=len(lines),
    )


def _rest(
    product: ProductContent, inside: Container[str], limit: Fraction, lines: list[tuple[Line, _Weights]]
) -> _Weights:
    """What the lines that are not handed out one by one weigh together; they stay as they are."""
    each = [_weigh(origin, amount, inside, limit) for origin, amount in product.composition.items()]

    def left(name: str) -> Fraction:
        told = sum((getattr(one, name) for _, one in lines), Fraction(0))
        return sum((getattr(one, name) for one in each), Fraction(0)) - told

    return _Weights(left("excess"), left("outside"), left("whole"))


def _triangular(draw: Any, spread: float, shape: tuple[int, int]) -> Any:
    """Errors between minus and plus `spread`, likeliest nothing."""
    return (draw.random(shape) - draw.random(shape)) * spread


def _histogram(np: Any, shares: Any) -> tuple[tuple[Fraction, int], ...]:
    """How many draws fall in each of thirty steps of the share: the lower end of each, and the count."""
    counts, edges = np.histogram(shares, bins=30)
    return tuple((Fraction(float(edge)), int(count)) for edge, count in zip(edges, counts, strict=False))
