"""Which costs count, and the names of the methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from jointbuy.model import CostKind

FIRST_LEVEL: Final = "first-level components"
TRACED: Final = "traced to source"

COUNTED: frozenset[CostKind] = frozenset({"component", "raw material", "software", "transport", "duty"})
"""Cost kinds that are component cost (law.md §7, 4: purchase or make cost with inbound transport and duty)."""
MAKING: frozenset[CostKind] = COUNTED | {"final assembly", "test", "overhead"}
"""Kinds that are part of a component's own make cost, when they stand inside of it."""

RAW: CostKind = "raw material"

SWITCHED: tuple[CostKind, ...] = (
    "transport", "duty", "final assembly", "engineering", "licence", "tooling", "test", "overhead", "profit",
    "spares", "services",
)  # fmt: skip
"""Kinds of which it is open whether they count (law.md §7, 4)."""

MOST = 10**30
"""Above this no cost or denominator is taken for real."""
SENSELESS = (
    "the parts of {} cost more than anything can, or in impossibly small fractions",
    "quantities multiply from level to level",
    "check the quantities below it",
)
"""What is said of quantities that multiply beyond all sense: a slip of the pen, or meant to exhaust the machine."""


class Basis(NamedTuple):
    """Which kinds of cost count as the cost of components: directly in the end product, and inside of a component."""

    counted: frozenset[CostKind] = COUNTED
    making: frozenset[CostKind] = MAKING
    materials: bool = False
    """Whether at the first level a component counts less its raw materials, and these at their own origin."""


DEFAULT = Basis()


def switched(counts: Mapping[CostKind, bool], *, materials: bool = False, raw: bool = True) -> Basis:
    """The basis on which these kinds count or do not; the others as by default.

    Where raw materials are no components (not `raw`), they count in no end product and are part of a component's cost.

    What is counted beside a component is part of its cost inside of it, too; assembly, testing and overhead always
    are there, since a component is bought whole.
    """
    counted = COUNTED | {kind for kind, yes in counts.items() if yes}
    counted -= {kind for kind, yes in counts.items() if not yes}
    inside = MAKING - COUNTED
    return Basis(counted if raw else counted - {RAW}, counted | inside, materials)
