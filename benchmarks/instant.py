"""P5: one changed part in a bill of a million uses, against rolling the bill up again."""

from __future__ import annotations

import time
from fractions import Fraction
from statistics import median

import numpy as np
from row import Row

from bills import bom
from jointbuy.content import FIRST_LEVEL, TRACED, roll_up
from jointbuy.content.instant import Instant, Method
from jointbuy.exact import exactly, share_range, split
from jointbuy.result import ProductContent

IDS = ("P5",)
USES, CHANGES, GOAL = 1_000_000, 300, 100
RATES = {"USD": Fraction(9, 10), "CAD": Fraction(67, 100), "GBP": Fraction(117, 100)}
INSIDE = frozenset({"DE", "FR", "NO", "SE", "IT"})


def rows() -> list[Row]:
    """Prices of random parts one after another, with the share by both methods after each."""
    bill = bom(USES)
    roll_up(bill, "EUR", RATES)
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        again = roll_up(bill, "EUR", RATES)
        taken.append(time.perf_counter() - start)
    whole = median(taken)
    instant = Instant(bill, "EUR", RATES)
    methods: list[tuple[Method, tuple[ProductContent, ...]]] = [(FIRST_LEVEL, again.products), (TRACED, again.traced)]
    for method, products in methods:
        exact = share_range(split(products[0].composition, INSIDE, others=True))
        found = instant.outside(method, INSIDE)
        assert exact is not None
        assert found is not None
        assert found.low <= exact.low <= exact.high <= found.high
    draw = np.random.default_rng(1)
    bought = [source for source in range(len(bill.sources.part)) if bill.sources.price_low[source] is not None]
    taken = []
    for source in draw.choice(bought, CHANGES):
        part, price = bill.parts[bill.sources.part[int(source)]], exactly(Fraction(int(draw.integers(1, 10**7)), 100))
        start = time.perf_counter()
        instant.replace(part, price=price)
        shares = [instant.outside(method, INSIDE) for method in (FIRST_LEVEL, TRACED)]
        taken.append(time.perf_counter() - start)
        assert all(shares)
    one = median(taken)
    ratio = whole / one
    return [
        Row(
            id="P5",
            workload="one changed price -> share from outside by both methods",
            size=f"{len(bill.parent):,} uses",
            ours_s=round(one, 6),
            peer="jointbuy, rolled up again",
            peer_s=round(whole, 4),
            ratio=round(ratio, 1),
            goal=f"at least {GOAL} times faster",
            met=ratio >= GOAL,
            note=f"median of {CHANGES} parts, 95 % within {np.quantile(taken, 0.95) * 1000:.1f} ms; the peer is exact",
        )
    ]
