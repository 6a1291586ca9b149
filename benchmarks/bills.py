"""Seeded synthetic bills: ten levels, shared sub-assemblies, a fifth as many parts as uses, 27 % of them assemblies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jointbuy.model import Bom, CostKind, Country, Sources
from jointbuy.packed import Coded, Indices, Ratios, Rows, Stated

LEVELS, ASSEMBLIES, FIRST = 10, 0.27, 200
GROUPS = 4
COUNTRIES = ("DE", "FR", "CA", "US", "NO", "CN", "SE", "IT")
CURRENCIES = ("EUR", "USD", "CAD", "GBP")


@dataclass(frozen=True)
class Edges:
    """An edge list with what every part costs by itself (int64 cents; nothing for assemblies) and its group."""

    parent: NDArray[np.int32]
    child: NDArray[np.int32]
    quantity: NDArray[np.int64]
    cost: NDArray[np.int64]
    group: NDArray[np.int32]

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return len(self.cost)


def edges(uses: int, seed: int = 1) -> Edges:
    """So many uses, less those drawn twice; part 0 is the end product. A level uses parts of the next two."""
    draw = np.random.default_rng(seed)
    parts = max(LEVELS * 4 + FIRST, uses // 5)
    level = np.sort(draw.integers(2, LEVELS, parts))
    level[0], level[1 : 1 + FIRST] = 0, 1
    first = np.searchsorted(level, np.arange(LEVELS + 1))
    assembly = (draw.random(parts) < ASSEMBLIES) & (level < LEVELS - 1)
    assembly[: first[2]] = True  # what stands directly in the end product is made of something
    parent = draw.choice(np.flatnonzero(assembly), uses).astype(np.int64)
    low = first[level[parent] + 1]
    high = np.minimum(first[np.minimum(level[parent] + 3, LEVELS)], parts)
    child = (low + (draw.random(uses) * (high - low)).astype(np.int64)).astype(np.int64)
    unused = np.setdiff1d(np.arange(1, parts), child)  # they go directly into the end product, which is part 0
    pair = np.unique(np.concatenate([parent * parts + child, unused]))
    pair = draw.permutation(pair)
    parent, child = pair // parts, pair % parts
    made = np.zeros(parts, np.bool_)
    made[parent] = True
    cost = draw.integers(1, 100_000, parts)
    cost[made] = 0
    return Edges(
        parent.astype(np.int32),
        child.astype(np.int32),
        draw.integers(1, 9, pair.size),
        cost,
        draw.integers(0, GROUPS, parts).astype(np.int32),
    )


def bom(uses: int, seed: int = 1) -> Bom:
    """The same as a bill: four currencies, eight countries, half of the origins undeclared, prices in cents."""
    made = edges(uses, seed)
    draw = np.random.default_rng(seed + 1)
    used = np.unique(made.child).astype(np.int32)
    price = made.cost[used].copy()
    price[price == 0] = -1
    origins = [(), *(((Country(code), Ratios(np.ones(1, np.int64)).one(0)),) for code in COUNTRIES)]
    origin = np.where(draw.random(used.size) < 0.5, 0, draw.integers(1, len(origins), used.size)).astype(np.int32)
    nothing = Coded(np.zeros(used.size, np.int32), (None,))
    kinds: tuple[CostKind, ...] = ("component",)
    return Bom(
        parts=[f"P{at}" for at in range(made.parts)],
        names=Coded(np.zeros(made.parts, np.int32), (None,)),
        roots=(0,),
        parent=Indices(made.parent),
        child=Indices(made.child),
        quantity=Ratios(made.quantity),
        edge_row=Rows("bill.csv", np.arange(2, made.parent.size + 2, dtype=np.int32)),
        sources=Sources(
            part=Indices(used),
            supplier=nothing,
            origin=Coded(origin, origins),
            supplied_from=nothing,
            price_low=Stated(price, 100),
            price_high=Stated(price, 100),
            currency=Coded(draw.integers(0, len(CURRENCIES), used.size).astype(np.int32), CURRENCIES),
            cost_kind=Coded(np.zeros(used.size, np.int32), kinds),
            awarded=Ratios(np.ones(used.size, np.int64)),
            declaration=nothing,
            evidence=nothing,
            row=Rows("bill.csv", np.arange(2, used.size + 2, dtype=np.int32)),
        ),
    )
