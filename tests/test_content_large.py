"""The compiled loops give what the plain exact path gives, to the last digit."""

from dataclasses import replace
from fractions import Fraction

import pytest

from jointbuy.content import absorb, large, large_absorb, small
from jointbuy.content.basis import DEFAULT
from jointbuy.result import Content, ProductContent
from random_bills import RATES, random_bill

pytest.importorskip("numba", reason="needs the extra `large`")


def bare(product: ProductContent) -> ProductContent:
    """Without what a large bill hands out in part only, or in another order."""
    composition = {origin: amount for origin, amount in product.composition.items() if amount.high}
    cells = [tuple(cell for cell in cells if cell.amount.high) for cells in (product.cube, product.left_out)]
    return replace(product, composition=composition, lines=(), below=(), counted=0, cube=cells[0], left_out=cells[1])


def told(content: Content) -> set[str]:
    return set(content.notes)


@pytest.mark.parametrize("first", list(range(0, 1_000, 100)))
def test_both_paths_agree_on_a_thousand_random_bills(first: int) -> None:
    for seed in range(first, first + 100):
        bom = random_bill(seed, parts=5 + seed % 40)
        plain, fast = small.roll_up(bom, "EUR", RATES, DEFAULT), large.roll_up(bom, "EUR", RATES, DEFAULT)
        for one, other in zip((*plain.products, *plain.traced), (*fast.products, *fast.traced), strict=True):
            assert bare(one) == bare(other), f"seed {seed}"
        assert told(plain) == told(fast), f"seed {seed}"
        for one, other in zip(plain.products, fast.products, strict=True):
            assert {line for line in one.lines if line.amount.high} == set(other.lines), f"seed {seed}"
            assert one.counted >= other.counted == len(other.lines)


@pytest.mark.parametrize("both_ways", [False, True])
def test_absorption_in_floats_holds_the_exact_answer(both_ways: bool) -> None:
    """Widened outward, and by no more than the tenth digit unless a test stands that near to its limit."""
    rates, limit, members = {"EUR": Fraction(1), **RATES}, Fraction(35, 100), {"DE", "FR", "NO"}
    for seed in range(300):
        bom = random_bill(seed, parts=5 + seed % 30)
        plain = absorb.absorbed(bom, rates, DEFAULT, members, limit, both_ways=both_ways)
        fast = large_absorb.absorbed(bom, rates, DEFAULT, members, limit, both_ways=both_ways)
        for one, other in zip(plain, fast, strict=True):
            assert (one.outside is None) == (other.outside is None), f"seed {seed}"
            if one.outside and other.outside:
                assert other.outside.low <= one.outside.low <= one.outside.high <= other.outside.high
                assert one.outside.low - other.outside.low < Fraction(1, 10**9)
                assert other.outside.high - one.outside.high < Fraction(1, 10**9)
