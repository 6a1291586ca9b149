"""What moved the share between two versions of a bill, line by line and exactly.

With s the old share and T' the new cost of components, a line whose cost goes from t to t', of which o and o' are
outside, moves the share by ((o' - s t') - (o - s t)) / T'. These sum to the whole move, and a line that did not
change moves nothing.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from fractions import Fraction

from jointbuy.asked import Moved, Moves
from jointbuy.exact import divided
from jointbuy.result import Line, ProductContent

_Key = tuple[str, str]


def moved(old: ProductContent, new: ProductContent, members: Container[str]) -> Moves:
    """What moved the share from outside `members`, what is undeclared counted as outside; heaviest first.

    Prices that are ranges stand at their middle. `before` and `after` are None where there is no cost at all.
    """
    one, other = _lines(old.lines, members), _lines(new.lines, members)
    whole = sum((cost for cost, _ in other.values()), Fraction(0))
    before, after = _share(one.values()), _share(other.values())
    nothing = Fraction(0), Fraction(0)
    found = []
    for key in sorted({*one, *other}):
        (cost, outside), (cost_, outside_) = one.get(key, nothing), other.get(key, nothing)
        share = before or Fraction(0)
        by = ((outside_ - share * cost_) - (outside - share * cost)) / whole if whole else Fraction(0)
        if (cost, outside) != (cost_, outside_):
            found.append(Moved(*key, cost, cost_, outside, outside_, by))
    found.sort(key=lambda each: (-abs(each.by), each.part, each.supplier))
    return Moves(new.product, before, after, tuple(found))


def _lines(lines: Iterable[Line], members: Container[str]) -> dict[_Key, tuple[Fraction, Fraction]]:
    """Cost, and what of it is not from inside, by part and supplier."""
    found: dict[_Key, tuple[Fraction, Fraction]] = {}
    for line in lines:
        amount = (line.amount.low + line.amount.high) / 2
        inside, _, _ = divided(line.origin, members)
        cost, outside = found.get((line.part, line.supplier or ""), (Fraction(0), Fraction(0)))
        found[line.part, line.supplier or ""] = cost + amount, outside + amount * (1 - inside)
    return found


def _share(lines: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    costs, outsides = [], []
    for cost, outside in lines:
        costs.append(cost)
        outsides.append(outside)
    whole = sum(costs, Fraction(0))
    return sum(outsides, Fraction(0)) / whole if whole else None
