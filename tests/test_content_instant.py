"""Changes one by one against rolling up again: the instant answer holds the exact one."""

from fractions import Fraction
from random import Random

import pytest

from bills import bill, row
from jointbuy.change import Change, changed
from jointbuy.content import small
from jointbuy.content.basis import DEFAULT, FIRST_LEVEL, TRACED
from jointbuy.errors import JointbuyError
from jointbuy.exact import Range, exactly, share_range, split, worst_excess
from jointbuy.model import Bom, Country
from random_bills import RATES, random_bill

pytest.importorskip("numba", reason="needs the extra `large`")
from jointbuy.content.instant import Instant

INSIDE = frozenset({"DE", "FR", "NO"})


def change(draw: Random, bom: Bom, *, ranges: bool) -> Change:
    source = draw.randrange(len(bom.sources.part))
    part, supplier = bom.parts[bom.sources.part[source]], bom.sources.supplier[source]
    price = origin = None
    if bom.sources.price_low[source] is not None and draw.random() < 0.8:
        low = Fraction(draw.randint(0, 100_000), 100)
        price = Range(low, low + draw.randint(0, 50)) if ranges else exactly(low)
    if price is None or draw.random() < 0.3:
        origin = draw.choice(
            [(), ((Country("US"), Fraction(1)),), ((Country("DE"), Fraction(1, 2)), (Country("SE"), Fraction(1, 4)))]
        )
    return Change(part, supplier, price, origin)


@pytest.mark.parametrize("ranges", [False, True])
def test_a_chain_of_changes_stays_within_its_error(ranges: bool) -> None:
    for seed in range(60):
        draw, bom = Random(seed), random_bill(seed, parts=25, ranges=ranges)
        if ranges and all(low == high for low, high in zip(bom.sources.price_low, bom.sources.price_high, strict=True)):
            continue
        instant = Instant(bom, "EUR", RATES)
        for _ in range(25):
            one = change(draw, bom, ranges=ranges)
            bom = changed(bom, [one])
            instant.replace(one.part, one.supplier, price=one.price, origin=one.origin)
        again = small.roll_up(bom, "EUR", RATES, DEFAULT)
        for method, products in ((FIRST_LEVEL, again.products), (TRACED, again.traced)):
            for at, product in enumerate(products):
                exact = share_range(split(product.composition, INSIDE, others=True))
                found = instant.outside(method, INSIDE, at)
                if exact and found and product.total.low > 1:
                    assert found.low <= exact.low <= exact.high <= found.high, f"seed {seed}"
                    if ranges:  # each line by itself: a bound, where an uncertain price counts in several
                        continue
                    assert exact.low - found.low < Fraction(1, 10**6), f"seed {seed}"
                    assert found.high - exact.high < Fraction(1, 10**6), f"seed {seed}"
                    kept = instant.keeps(method, INSIDE, Fraction(35, 100), at)
                    worst = worst_excess(split(product.composition, INSIDE, others=True), Fraction(35, 100))
                    assert (kept == "yes") == (worst <= 0) or kept == "too near"


def test_one_cent_at_the_limit_is_too_near_to_tell_only_when_it_is() -> None:
    bom = bill(row("PRODUCT", "radar", 1, "350.00", "US"), row("PRODUCT", "hull", 1, "650.00", "DE"))
    instant = Instant(bom, "EUR", {})
    limit = Fraction(35, 100)
    assert instant.keeps(FIRST_LEVEL, INSIDE, limit) == "too near"
    instant.replace("radar", price=exactly(Fraction("350.01")))
    assert instant.keeps(FIRST_LEVEL, INSIDE, limit) == "no"
    instant.replace("radar", price=exactly(Fraction("349.99")))
    assert instant.keeps(FIRST_LEVEL, INSIDE, limit) == "yes"
    instant.replace("hull", origin=())
    assert instant.keeps(FIRST_LEVEL, INSIDE, limit) == "unknown"


def test_changes_that_cannot_be_made_are_refused() -> None:
    bom = bill(
        row("PRODUCT", "frame", 1, None, "DE"),
        row("frame", "screw", 1, 1, "DE", supplier="ONE", awarded=Fraction(1, 2)),
        row("frame", "screw", 1, 1, "DE", supplier="OTHER", awarded=Fraction(1, 2)),
    )
    for wrong, told in (
        (Change("scerw"), 'no part "scerw"'),
        (Change("screw"), "comes from several suppliers; name one of: ONE, OTHER"),
        (Change("screw", "THIRD"), 'does not come from "THIRD"'),
        (Change("frame", price=exactly(1)), "made of its parts"),
        (Change("PRODUCT"), "comes from nobody"),
    ):
        with pytest.raises(JointbuyError, match=told):
            changed(bom, [wrong])
    instant = Instant(bom, "EUR", {})
    for part, supplier in (("scerw", None), ("screw", None), ("screw", "THIRD"), ("PRODUCT", None)):
        with pytest.raises(KeyError):
            instant.replace(part, supplier, origin=())
    with pytest.raises(ValueError, match="made of its parts"):
        instant.replace("frame", price=exactly(1))
