"""The compiled loops give what the plain exact path gives, to the last digit."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bills import bill, row
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


def test_a_large_bill_hands_out_the_lines_that_weigh_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """All are counted; what is left out of the list is told. The heaviest undeclared ones are among those listed."""
    monkeypatch.setattr(large, "KEPT", 3)
    bom = bill(*(row("PRODUCT", f"P{at}", 1, at + 1, "DE" if at % 2 else "") for at in range(20)))
    (product,) = large.roll_up(bom, "EUR", {}, DEFAULT).products
    assert product.counted == 20
    # 20, 19 and 18 weigh most; of the undeclared ones (odd prices) 19, 17 and 15
    assert {line.amount.low for line in product.lines} == {20, 19, 18, 17, 15}
    content = large.roll_up(bom, "EUR", {}, DEFAULT)
    assert content.notes == ("PRODUCT: of 20 lines, all counted, the 5 that weigh most are listed",)


@pytest.mark.parametrize("first", list(range(0, 1_000, 100)))
def test_both_paths_agree_on_a_thousand_random_bills(first: int) -> None:
    for seed in range(first, first + 100):
        bom = random_bill(seed, parts=5 + seed % 40, open_origins=seed % 2 == 1)
        plain, fast = small.roll_up(bom, "EUR", RATES, DEFAULT), large.roll_up(bom, "EUR", RATES, DEFAULT)
        for one, other in zip((*plain.products, *plain.traced), (*fast.products, *fast.traced), strict=True):
            assert bare(one) == bare(other), f"seed {seed}"
        assert told(plain) == told(fast), f"seed {seed}"
        for one, other in zip(plain.products, fast.products, strict=True):
            assert {line for line in one.lines if line.amount.high} == set(other.lines), f"seed {seed}"
            assert one.counted >= other.counted == len(other.lines)


@pytest.mark.parametrize("both_ways", [False, True])
def test_absorption_in_floats_holds_the_exact_answer(both_ways: bool) -> None:
    """Widened outward, and by no more than the sixth place unless a test stands that near to its limit."""
    rates, limit, members = {"EUR": Fraction(1), **RATES}, Fraction(35, 100), {"DE", "FR", "NO"}
    for seed in range(300):
        bom = random_bill(seed, parts=5 + seed % 30, open_origins=seed % 2 == 1)
        plain = absorb.absorbed(bom, rates, DEFAULT, members, limit, both_ways=both_ways)
        fast = large_absorb.absorbed(bom, rates, DEFAULT, members, limit, both_ways=both_ways)
        for one, other in zip(plain, fast, strict=True):
            assert (one.outside is None) == (other.outside is None), f"seed {seed}"
            if one.outside and other.outside:
                assert other.outside.low <= one.outside.low <= one.outside.high <= other.outside.high
                assert one.outside.low - other.outside.low < Fraction(2, 10**6)
                assert other.outside.high - one.outside.high < Fraction(2, 10**6)
