"""Uncertain prices that count in several places: the range of the share against every corner, tried one by one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

from bills import bill, row
from jointbuy.content import roll_up
from jointbuy.exact import assumed, best_excess, share_range, split, worst_excess
from jointbuy.model import Bom
from random_bills import RATES, random_bill

INSIDE, LIMIT = frozenset({"DE", "FR", "NO"}), Fraction(35, 100)


def corners(bom: Bom) -> list[Bom]:
    """The bill with every uncertain price at one of its ends, in every way."""
    table = bom.sources
    pairs = [
        sorted({low, high} - {None}) or [None] for low, high in zip(table.price_low, table.price_high, strict=True)
    ]  # type: ignore[type-var, list-item]
    return [
        replace(bom, sources=replace(table, price_low=tuple(prices), price_high=tuple(prices)))
        for prices in product(*pairs)
    ]


def extremes(bom: Bom, at: int, *, traced: bool) -> tuple[list[Fraction], list[Fraction]]:
    """Shares and excesses of one product at every corner, what is open from outside and from inside."""
    shares, excesses = [], []
    for one in corners(bom):
        content = roll_up(one, "EUR", RATES)
        composition = (content.traced if traced else content.products)[at].composition
        for counts in (True, False):
            parts = assumed(split(composition, INSIDE, others=True), counts=counts)
            share = share_range(parts)
            if share:
                shares.append(share.low)
            excesses.append(worst_excess(parts, LIMIT))
    return shares, excesses


@pytest.mark.parametrize("traced", [False, True])
def test_the_range_is_that_of_all_corners(traced: bool) -> None:
    """Exact at the first level, and where nothing is called a bound; a bound holds every corner."""
    linked = bounds = 0
    for seed in range(250):
        bom = random_bill(seed, parts=9, open_origins=seed % 2 == 0)
        uncertain = sum(low != high for low, high in zip(bom.sources.price_low, bom.sources.price_high, strict=True))
        if not 0 < uncertain < 6:
            continue
        content = roll_up(bom, "EUR", RATES)
        for at, found in enumerate(content.traced if traced else content.products):
            parts = split(found.composition, INSIDE, others=True)
            shares, excesses = extremes(bom, at, traced=traced)
            ends, share = (best_excess(parts, LIMIT), worst_excess(parts, LIMIT)), share_range(parts)
            if found.bound:
                assert traced, f"seed {seed}"
                assert ends[0] <= min(excesses) <= max(excesses) <= ends[1], f"seed {seed}"
                bounds += 1
                continue
            assert ends == (min(excesses), max(excesses)), f"seed {seed}"
            if share and found.total.low:
                assert (share.low, share.high) == (min(shares), max(shares)), f"seed {seed}"
            linked += not found.composition.keys() <= {line.origin for line in found.lines}
    assert traced or linked > 5
    assert bounds > 20 or not traced


@pytest.mark.parametrize(
    ("rows", "share", "excesses"),
    [
        # A at 100: 100 of 320; at 120: 120 of 360. Taken apart, 120 of 340 would break the limit of 35 %.
        (
            (row("PRODUCT", "A", 1, (100, 120), "US"), row("PRODUCT", "M", 1, None, "DE"), row("M", "A", 1),
             row("PRODUCT", "B", 1, 120, "DE")),
            (Fraction(100, 320), Fraction(1, 3)), (-240, -120),
        ),
        # M is from the United States and made of A: 100 of 220, or 200 of 420. Apart, 100 of 320 would keep it.
        (
            (row("PRODUCT", "M", 1, None, "US"), row("M", "A", 1, (100, 200), "DE"), row("PRODUCT", "A", 1),
             row("PRODUCT", "B", 1, 20, "DE")),
            (Fraction(100, 220), Fraction(200, 420)), (460, 1060),
        ),
    ],
)  # fmt: skip
def test_one_price_in_two_places(
    rows: tuple[dict[str, object], ...], share: tuple[Fraction, Fraction], excesses: tuple[int, int]
) -> None:
    (found,) = roll_up(bill(*rows), "EUR", {}).products
    parts = split(found.composition, frozenset({"DE"}), others=True)
    ends = share_range(parts)
    assert ends
    assert (ends.low, ends.high) == share
    assert (best_excess(parts, LIMIT), worst_excess(parts, LIMIT)) == excesses
    assert not found.bound
