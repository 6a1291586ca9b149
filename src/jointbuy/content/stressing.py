"""The stress of a bill, small or large: break-evens and draws of every end product, or of all together."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.util import find_spec

from jointbuy import content as content_of
from jointbuy.asked import BreakEven, Stressed
from jointbuy.content import stress
from jointbuy.content.basis import Basis
from jointbuy.content.prices import priced
from jointbuy.exact import ADDED, Origin, divided
from jointbuy.model import Bom


@dataclass(frozen=True, slots=True)
class Measured:
    """How a share is measured, and against what: see `prices.priced`."""

    traced: bool
    value: Fraction | bool = False
    sold: Mapping[str, Fraction] | None = None
    together: Mapping[str, Fraction] | None = None


def stressed(
    bom: Bom,
    currency: str,
    rates: Mapping[str, Fraction],
    basis: Basis,
    members: Container[str],
    limit: Fraction,
    measured: Measured,
    of: Container[str],
    *,
    error: Fraction,
    seed: int,
) -> tuple[tuple[BreakEven, ...], tuple[Stressed, ...]]:
    """Break-evens and draws of those end products whose names are `of`; see `stress`."""
    found = _large(bom, currency, rates, basis, members, limit, measured, of, error, seed)
    if found is None:
        every = priced(
            bom, currency, rates, basis, members, traced=measured.traced, value=measured.value, sold=measured.sold,
            together=measured.together,
        )  # fmt: skip
        found = [
            (
                stress.break_evens(one, currency, limit),
                stress.scenarios(one, currency, limit, error=error, seed=seed),
            )
            for one in every
            if one.product in of
        ]
    return tuple(each for told, _ in found for each in told), tuple(draws for _, draws in found)


def _large(
    bom: Bom, currency: str, rates: Mapping[str, Fraction], basis: Basis, members: Container[str], limit: Fraction,
    measured: Measured, of: Container[str], error: Fraction, seed: int,
) -> list[tuple[tuple[BreakEven, ...], Stressed]] | None:  # fmt: skip
    """The same by compiled loops; None where the plain path is faster, or the only one."""
    if len(bom.parent) < content_of.LARGE or find_spec("numba") is None:
        return None
    # Imported on use: compiled loops take most of a second to start.
    from jointbuy.content import large_prices, large_stress
    from jointbuy.packed import TooFine

    @cache
    def outside(origin: Origin) -> Fraction:
        return Fraction(0) if origin == ADDED else 1 - divided(origin, members)[0]

    try:
        every = large_prices.moving(
            bom, currency, rates, basis, outside, limit, traced=measured.traced, value=measured.value,
            sold=measured.sold or {}, together=measured.together,
        )  # fmt: skip
    except (TooFine, large_prices.Unfollowed):
        return None
    return [
        (large_stress.break_evens(one, currency), large_stress.scenarios(one, currency, error=error, seed=seed))
        for one in every
        if one.product in of
    ]
