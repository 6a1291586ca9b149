"""Absorption, worked out by hand and against a walk over every completion."""

from dataclasses import replace
from fractions import Fraction
from itertools import product as every

import pytest

from bills import bill, row
from jointbuy.content.absorb import Absorbing
from jointbuy.content.basis import DEFAULT
from jointbuy.exact import Range, exactly
from jointbuy.model import Bom, Country
from random_bills import RATES, random_bill

INSIDE = frozenset({"DE", "FR", "NO"})
LIMIT = Fraction(35, 100)
ALL = {**RATES, "EUR": Fraction(1)}


def outside(bom: Bom, *, both_ways: bool = False) -> Range | None:
    (found,) = Absorbing(bom, ALL, INSIDE, LIMIT)(DEFAULT, both_ways=both_ways)
    return found.outside


def turret(us: str, de: str) -> Bom:
    """A turret of one American and one German part beside an American engine and a German hull of 100 each."""
    return bill(
        row("PRODUCT", "turret", 1),
        row("PRODUCT", "engine", 1, 100, "US"),
        row("PRODUCT", "hull", 1, 100, "DE"),
        row("turret", "gun", 1, us, "US"),
        row("turret", "mount", 1, de, "DE"),
    )


def test_an_assembly_at_its_limit_counts_whole() -> None:
    """35 of 100 from outside is within the limit: only the engine is left, 100 of 300."""
    assert outside(turret("35", "65")) == exactly(Fraction(1, 3))


def test_an_assembly_one_cent_over_does_not() -> None:
    """The gun counts by itself beside the engine; both ways, the whole turret does."""
    assert outside(turret("35.01", "64.99")) == exactly(Fraction(13501, 30000))
    assert outside(turret("35.01", "64.99"), both_ways=True) == exactly(Fraction(2, 3))


def test_what_an_assembly_costs_beyond_its_parts_helps_it_pass() -> None:
    """Bought for 200 from Germany, of parts for 100: 50 of 200 from outside passes, and 200 count inside of 400."""
    bom = turret("50", "50")
    low = tuple(
        Fraction(200) if part == 1 else price
        for part, price in zip(bom.sources.part, bom.sources.price_low, strict=True)
    )
    origin = tuple(
        ((Country("DE"), Fraction(1)),) if part == 1 else each
        for part, each in zip(bom.sources.part, bom.sources.origin, strict=True)
    )
    assert outside(replace(bom, sources=replace(bom.sources, price_low=low, price_high=low, origin=origin))) == exactly(
        Fraction(1, 4)
    )


def test_an_undeclared_part_leaves_the_assembly_open() -> None:
    """Inside, the gun lets the turret pass (100 of 300 outside); outside, 136 of 300 are."""
    bom = bill(
        row("PRODUCT", "turret", 1),
        row("PRODUCT", "engine", 1, 100, "US"),
        row("PRODUCT", "hull", 1, 100, "DE"),
        row("turret", "gun", 1, 36),
        row("turret", "mount", 1, 64, "DE"),
    )
    assert outside(bom) == Range(Fraction(100, 300), Fraction(136, 300))


@pytest.mark.parametrize("both_ways", [False, True])
def test_every_completion_lies_within(both_ways: bool) -> None:
    """What is undeclared put inside and outside in every way, on random bills with fixed prices."""
    for seed in range(150):
        bom = random_bill(seed, parts=9, ranges=False)
        open_ = [at for at, origin in enumerate(bom.sources.origin) if sum(share for _, share in origin) != 1]
        if len(open_) > 6:
            continue
        told = Absorbing(bom, ALL, INSIDE, LIMIT)(DEFAULT, both_ways=both_ways)
        for choice in every(["DE", "US"], repeat=len(open_)):
            origin = list(bom.sources.origin)
            for at, country in zip(open_, choice, strict=True):
                rest = 1 - sum((share for _, share in origin[at]), Fraction(0))
                origin[at] = (*origin[at], (Country(country), rest))
            complete = replace(bom, sources=replace(bom.sources, origin=tuple(origin)))
            for whole, one in zip(
                told, Absorbing(complete, ALL, INSIDE, LIMIT)(DEFAULT, both_ways=both_ways), strict=True
            ):
                assert (whole.outside is None) == (one.outside is None)
                if whole.outside and one.outside:
                    assert one.outside.known
                    assert whole.outside.low <= one.outside.low <= whole.outside.high, f"seed {seed}"
