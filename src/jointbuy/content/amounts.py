"""What counts in an end product by the source it is bought from, for one reading of origins after another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from jointbuy.exact import ZERO, Origin, Place, Range, Sum
from jointbuy.model import CostKind
from jointbuy.result import Cell, Line

if TYPE_CHECKING:
    from jointbuy.content.small import Bill
    from jointbuy.content.spread import Followed


class Amounts(NamedTuple):
    """What counts in an end product by the source it is bought from: the same however their origins are read."""

    by_source: Mapping[int, Range]
    followed: Followed | None
    """Where uncertain prices count, if there are any."""
    bound: bool
    """Whether these are bounds in any case."""

    def by(self, origin: Sequence[Origin]) -> tuple[dict[Origin, Range], bool]:
        """The amounts by the origin of each source, and whether the true ones may lie closer."""
        if self.followed is not None:
            # Imported on use: where every price is known, none has to be followed.
            from jointbuy.content.spread import together

            if found := together(self.followed, origin):
                amounts, bound = found
                certain = (one for one in self.by_source.items() if one[0] not in self.followed.lines)
                return _by_origin(certain, origin, amounts), bound or self.bound
        return _by_origin(self.by_source.items(), origin, {}), self.bound


def _by_origin(
    amounts: Iterable[tuple[int, Range]], origin: Sequence[Origin], more: Mapping[Origin, Range]
) -> dict[Origin, Range]:
    sums: dict[int, tuple[Origin, Sum]] = {}  # by the object, since origins are slow to look up by
    for source, amount in amounts:
        of = origin[source]
        known = sums.get(id(of))
        if known is None:
            known = sums[id(of)] = of, Sum()
        known[1].add(amount)
    found = dict(more)
    for of, sum_ in sums.values():
        found[of] = found.get(of, ZERO) + sum_.total()
    return found


class Cube:
    """Amounts by origin, currency and cost kind, in the contract's currency."""

    def __init__(self) -> None:
        self.sums: dict[tuple[Place | None, str, CostKind], Sum] = {}
        self.shares: dict[int, list[tuple[Place | None, Fraction]]] = {}  # by the object: many lines have one origin

    def add(self, bill: Bill, line: Line, cost: Mapping[str, Range]) -> None:
        """A line, with what it costs by currency."""
        shares = self.shares.get(id(line.origin))
        if shares is None:
            shares = self.shares[id(line.origin)] = [*line.origin]
            if line.undeclared:
                shares.append((None, line.undeclared))
        for currency, value in cost.items():
            worth = line.amount if len(cost) == 1 else value.times(bill.shape.rates[currency])
            for origin, share in shares:
                self.sums.setdefault((origin, currency, line.cost_kind), Sum()).add(worth, share)

    def cells(self) -> tuple[Cell, ...]:
        """The sums, by name of the origin; what is undeclared last."""
        keys = sorted(self.sums, key=lambda key: (str(key[0] or "~"), key[1], key[2]))
        return tuple(Cell(*key, self.sums[key].total()) for key in keys)
