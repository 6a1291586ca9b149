"""Large bills are stressed by compiled loops, with the answers of the plain exact path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

pytest.importorskip("numba", reason="needs the extra `large`")

from bills import bill, row
from jointbuy.asked import BreakEven
from jointbuy.change import Change, changed
from jointbuy.content import DEFAULT, large_prices, large_stress, roll_up, stress, stressing
from jointbuy.content.prices import priced
from jointbuy.exact import ADDED, Origin, Range, divided, split, worst_excess
from jointbuy.model import Bom
from random_bills import RATES, random_bill

INSIDE, LIMIT = frozenset({"DE", "FR", "NO"}), Fraction(35, 100)
TEN = Fraction(1, 10)
TOGETHER = {"P0": Fraction(3), "P1": Fraction(5, 2)}
SOLD = {"P0": Fraction(10**6), "P1": Fraction(2_000)}
HOW: Mapping[str, Mapping[str, Any]] = {
    "component cost": {"value": False},
    "together": {"value": False, "together": TOGETHER},
    "product value": {"value": True},
    "sold": {"value": True, "sold": SOLD},
    "sold together": {"value": True, "sold": SOLD, "together": TOGETHER},
    "together, one sold": {"value": True, "sold": {"P0": Fraction(10**6)}, "together": TOGETHER},
    "contract value": {"value": Fraction(10**5)},
}
EVERY = pytest.mark.parametrize("traced", [False, True], ids=["first level", "traced"])


def outside(origin: Origin) -> Fraction:
    return Fraction(0) if origin == ADDED else 1 - divided(origin, INSIDE)[0]


def moving(bom: Bom, **how: Any) -> list[large_prices.Moving]:
    chosen = {"traced": False, "value": False, "sold": {}, "together": None} | how
    return large_prices.moving(bom, "EUR", RATES, DEFAULT, outside, LIMIT, **chosen)


def both(bom: Bom, **how: Any) -> list[tuple[Any, large_prices.Moving]]:
    """The plain and the large function of prices of each end product in which something has a price."""
    plain = priced(bom, "EUR", RATES, DEFAULT, INSIDE, **how)
    return [each for each in zip(plain, moving(bom, **how), strict=True) if each[0].prices]


@EVERY
@pytest.mark.parametrize("name", HOW)
def test_break_evens_are_those_of_the_plain_path(name: str, traced: bool) -> None:
    """To the last digit, on every base."""
    told = 0
    for seed in range(30):
        bom = random_bill(seed, parts=6 + seed, ranges=False, open_origins=seed % 2 == 1)
        for plain, large in both(bom, traced=traced, **HOW[name]):
            found = stress.break_evens(plain, "EUR", LIMIT)
            assert large_stress.break_evens(large, "EUR") == found, f"seed {seed}"
            told += len(found)
    assert told > 20


@EVERY
def test_where_floats_tell_nothing_every_bend_is_exact(traced: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def unclear(_: object) -> None:
        raise large_stress._Unclear

    monkeypatch.setattr(large_stress._Direction, "_root", unclear)
    for seed in range(20):
        bom = random_bill(seed, parts=6 + seed, ranges=False)
        for value in (False, True):
            for plain, large in both(bom, traced=traced, value=value):
                assert large_stress.break_evens(large, "EUR") == stress.break_evens(plain, "EUR", LIMIT)


def test_two_bends_that_floats_cannot_tell_apart() -> None:
    """At a third dearer X costs what A does, and C all but a hair: there 800 of 16000/7 are outside, 35 %."""
    hair = Fraction(1, 10**13)
    bom = bill(
        row("PRODUCT", "A", 1, 400, "DE"), row("A", "X", 1, 300, "US"),
        row("PRODUCT", "C", 1, 400 + hair, "DE"), row("C", "X", 1),
        row("PRODUCT", "B", 1, Fraction(16_000, 7) - 800 - hair, "DE"),
    )  # fmt: skip
    (large,) = moving(bom, traced=True)
    told = {each.part: each.change for each in large_stress.break_evens(large, "EUR")}
    assert told["X"] == Fraction(1, 3)


def put_back(bom: Bom, each: BreakEven) -> Fraction:
    """The excess after the change that is named, by the roll-up."""
    rates = dict(RATES)
    if each.currency:
        rates[each.currency] *= 1 + each.change
    else:
        table = bom.sources
        source = next(
            at for at, part in enumerate(table.part)
            if (bom.parts[part], table.supplier[at]) == (each.part, each.supplier)
        )  # fmt: skip
        low = table.price_low[source]
        assert low is not None
        price = Range(low * (1 + each.change), low * (1 + each.change))
        bom = changed(bom, [Change(each.part or "", each.supplier, price)])
    product = next(one for one in roll_up(bom, "EUR", rates).traced if one.product == each.product)
    return worst_excess(split(product.composition, INSIDE, others=True), LIMIT)


def test_a_break_even_put_back_lands_on_the_limit() -> None:
    bom = random_bill(11, parts=150, ranges=False)
    found = [each for one in moving(bom, traced=True) for each in large_stress.break_evens(one, "EUR")]
    assert len(found) > 20
    assert {put_back(bom, each) for each in found} == {0}


@EVERY
@pytest.mark.parametrize("error", [Fraction(1, 4), Fraction(2, 3)])
def test_draws_are_those_of_the_plain_path(traced: bool, error: Fraction) -> None:
    """As many break the limit, and floats differ by their rounding alone."""
    between = 0
    for seed in range(12):
        bom = random_bill(seed, parts=10 + seed, ranges=False)
        for name in ("component cost", "product value", "sold"):
            for plain, large in both(bom, traced=traced, **HOW[name]):
                how: Mapping[str, Any] = {"error": error, "seed": seed, "draws": 200}
                one = stress.scenarios(plain, "EUR", LIMIT, **how)
                other = large_stress.scenarios(large, "EUR", **how)
                assert (one.broken, one.varied) == (other.broken, other.varied), f"seed {seed}"
                for (_, mine), (_, theirs) in zip(one.quantiles, other.quantiles, strict=True):
                    assert abs(mine - theirs) < Fraction(1, 10**9)
                between += 0 < one.broken < 200
    assert between


@EVERY
def test_draws_too_near_are_counted_exactly(traced: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were floats never trusted, every draw would be counted exactly: the answer is the same."""
    untrusted = property(lambda _: float("inf"), lambda *_: None)
    for seed in range(8):
        bom = random_bill(seed, parts=12, ranges=False)
        for plain, large in both(bom, traced=traced, value=True):
            how: Mapping[str, Any] = {"error": Fraction(1, 2), "seed": 1, "draws": 30}
            trusted = stress.scenarios(plain, "EUR", LIMIT, **how)
            with monkeypatch.context() as patch:
                patch.setattr(large_stress._Drawing, "slack", untrusted, raising=False)
                assert large_stress.scenarios(large, "EUR", **how).broken == trusted.broken


def test_of_many_prices_the_same_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal ones in the order of the bill, though floats may tell them apart."""
    monkeypatch.setattr(stress, "MOST", 6)
    rows = [row("PRODUCT", f"P{at}", 3, Fraction(1, 3), "DE" if at % 3 else "US") for at in range(9)]
    bom = bill(*rows, row("PRODUCT", "M", 1, None, "US"), row("M", "P7", 1), row("M", "P2", 1))
    for seed, each in enumerate([bom, *(random_bill(seed, parts=30, ranges=False) for seed in range(10))]):
        for plain, large in both(each, traced=seed % 2 == 1):
            assert stress.break_evens(plain, "EUR", LIMIT) == large_stress.break_evens(large, "EUR")
            one, other = stress._Plain(plain, LIMIT, TEN), large_stress._Drawing(large, 0.1)
            names = [(plain.prices[at].part, plain.prices[at].supplier) for at in one._varied]
            table, place = each.sources, large.bill.cols.place[other._varied].tolist()
            assert names == [(each.parts[table.part[at]], table.supplier[at]) for at in place]


def test_a_bill_that_is_large_is_stressed_by_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    """And one with ranges, or an end product of two suppliers, on the plain path: it means the same."""
    certain, ranged = random_bill(3, parts=25, ranges=False), random_bill(3, parts=25)
    table = certain.sources
    twice = (certain.roots[0],) * 2
    price, half = (Fraction(500),) * 2, (Fraction(1, 2),) * 2
    more: dict[str, Any] = {
        "part": twice, "supplier": ("one", "two"), "price_low": price, "price_high": price, "awarded": half,
        "currency": ("EUR",) * 2, "origin": ((),) * 2, "cost_kind": ("component",) * 2,
        "materials": (), "price_per": (),
    }  # fmt: skip
    columns = {name: (*getattr(table, name), *more.get(name, (None, None))) for name in table.__slots__}
    shared = replace(certain, sources=replace(table, **columns))
    asked: Mapping[str, Any] = {"error": TEN, "seed": 1}
    for bom, value, loops in ((certain, False, True), (ranged, False, False), (shared, True, False)):
        how = stressing.Measured(traced=True, value=value)
        plain = stressing.stressed(bom, "EUR", RATES, DEFAULT, INSIDE, LIMIT, how, bom.parts, **asked)
        with monkeypatch.context() as patch:
            patch.setattr("jointbuy.content.LARGE", 1)
            patch.delattr(stress if loops else large_stress, "break_evens")
            large = stressing.stressed(bom, "EUR", RATES, DEFAULT, INSIDE, LIMIT, how, bom.parts, **asked)
        assert large[0] == plain[0]
        assert [each.broken for each in large[1]] == [each.broken for each in plain[1]]


def test_the_rates_move_what_is_not_varied_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nine equal prices in dollars, of which one is varied by itself: the rate of the dollar moves all of them."""
    rows = [row("PRODUCT", f"P{at}", 1, 10, "US", currency="USD") for at in range(9)]
    bom = bill(*rows, row("PRODUCT", "HOME", 1, 170, "DE"))
    every = [stress.scenarios(plain, "EUR", LIMIT, error=TEN, seed=1) for plain, _ in both(bom, traced=False)]
    monkeypatch.setattr(stress, "MOST", 1)
    for (plain, large), full in zip(both(bom, traced=False), every, strict=True):
        one = stress.scenarios(plain, "EUR", LIMIT, error=TEN, seed=1)
        other = large_stress.scenarios(large, "EUR", error=TEN, seed=1)
        assert (one.varied, one.others, full.others) == (1, True, False)
        assert one.broken == other.broken
        for drawn in (one, other):
            (_, low), _, (_, high) = drawn.quantiles
            (_, wide_low), _, (_, wide_high) = full.quantiles
            assert (high - low) > (wide_high - wide_low) * Fraction(3, 4)


@EVERY
@pytest.mark.parametrize("most", [1, 3])
def test_draws_with_few_varied_are_those_of_the_plain_path(
    most: int, traced: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted by floats, and were these never trusted, exactly."""
    monkeypatch.setattr(stress, "MOST", most)
    untrusted = property(lambda _: float("inf"), lambda *_: None)
    between = 0
    for seed in range(40):
        bom = random_bill(seed, parts=10 + seed % 12, ranges=False)
        for plain, large in both(bom, traced=traced, value=seed % 2 == 0):
            how: Mapping[str, Any] = {"error": Fraction(2, 3), "seed": seed, "draws": 60}
            one = stress.scenarios(plain, "EUR", LIMIT, **how)
            assert large_stress.scenarios(large, "EUR", **how).broken == one.broken, f"seed {seed}"
            with monkeypatch.context() as patch:
                patch.setattr(large_stress._Drawing, "slack", untrusted, raising=False)
                assert large_stress.scenarios(large, "EUR", **how).broken == one.broken, f"seed {seed}"
            between += 0 < one.broken < 60
    assert between
