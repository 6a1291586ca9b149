"""Better plans from a good one: a few capabilities at a time are planned anew while all others stay.

Who buys what of the others is fixed; loans and what several capabilities share stay free. Where it is known what each
would cost if nothing tied it to the others, those are drawn the more often that cost the more above it. A neighbourhood
that was searched to its end without a better plan is made larger, one that was not searched to its end smaller.
Shaw: Using constraint programming and local search methods to solve vehicle routing problems, 1998.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from jointbuy.plan.columns import Floats, Ints
from jointbuy.plan.rows import Model
from jointbuy.plan.solve import FOUND, Answer, Program, Stop

_FIRST, _LEAST = 2, 1
_SECONDS = 8.0
_EXACT = 1e-9
_SELDOM = 0.01
"""How often one is drawn that costs nothing above its own best, beside the average of the others."""
Now = Callable[[], tuple[Floats | None, float]]
"""The best solution so far and its objective."""
Excess = Callable[[Floats], Floats]
"""What each capability costs, under the multipliers, above what it would by itself."""


class Hoods:
    """Neighbourhoods of a model, drawn one after another; the same draws in every run.

    `block` is the capability of each column as a number, -1 for columns of none.
    """

    def __init__(self, model: Model, costs: Floats, block: Ints, seed: int) -> None:
        self.model, self.costs, self.block = model, costs, block
        self.count = int(block.max(initial=-1)) + 1
        self.random = np.random.default_rng(seed)
        self.size = min(_FIRST, self.count)

    def better(
        self, now: Now, found: Callable[[Floats, float], None], stop: Stop, gap: float, excess: Excess | None = None
    ) -> None:
        """Search neighbourhoods of the best so far until `stop`; `found` gets every better solution."""
        while not stop.now and self.count:
            values, objective = now()
            if values is None:
                return
            weights = None if excess is None else _weights(excess(values))
            chosen = self.random.choice(self.count, self.size, replace=False, p=weights)
            answer = self._search(values, chosen, stop, gap)
            if answer.values is not None:
                reached = float(self.costs @ answer.values)
                if reached < objective - _EXACT * abs(objective):
                    found(answer.values, reached)
                    continue
            if answer.end == FOUND and self.size == self.count:
                return  # all of it was free
            step = 1 if answer.end == FOUND else -1
            self.size = min(self.count, max(min(_LEAST, self.count), self.size + step))

    def _search(self, values: Floats, chosen: Ints, stop: Stop, gap: float) -> Answer:
        program = Program(self.model.arrays(self.costs), whole=True, threads=1)
        whole = self.model.columns.integer  # parts follow from these
        fixed = np.flatnonzero(whole & (self.block >= 0) & ~np.isin(self.block, chosen))
        program.columns(fixed, np.rint(values[fixed]), np.rint(values[fixed]))
        program.start(values)
        return program.run(stop.within(_SECONDS), gap=gap)


def _weights(excess: Floats) -> Floats:
    """How likely each is drawn; all alike where none costs anything above its own best."""
    above = np.maximum(excess, 0.0)
    least = _SELDOM * above.mean() or 1.0
    weights = np.maximum(above, least)
    shares: Floats = weights / weights.sum()
    return shares
