"""What moved the share between two versions of a bill, line by line and exactly.

With s the old share and T' the new value that it is measured against, a line whose cost goes from t to t', of which o
and o' are outside, moves the share by ((o' - s t') - (o - s t)) / T'. These sum to the whole move, and a line that did
not change moves nothing. That holds whatever the old amounts are multiplied by, so they may be in another currency.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from fractions import Fraction

from jointbuy.asked import Moved, Moves
from jointbuy.exact import ADDED, Origin, Range, divided, named
from jointbuy.result import ProductContent

_Key = tuple[str, str]
_Amount = tuple[Fraction, Fraction]
"""A cost, and what of it is not from inside."""
REST = "value beyond the components"
OTHERS = "all other lines"
_NOTHING = Fraction(0), Fraction(0)


def moved(
    old: ProductContent,
    new: ProductContent,
    members: Container[str],
    worth: Fraction = Fraction(1),
    causes: Callable[[str, str], tuple[str, ...]] | None = None,
) -> Moves:
    """What moved the share from outside `members`, what is undeclared counted as outside; heaviest first.

    Both as the verdict counts them; `worth` is what one unit of the old amounts is in the new ones. Prices that are
    ranges stand at their middle. What is not told line by line, as in a large bill, is one line at the end. `before`
    and `after` are None where there is no cost at all.
    """
    one = {key: (cost * worth, outside * worth) for key, (cost, outside) in _told(old, members).items()}
    other = _told(new, members)
    whole, whole_ = _sum(one.values()), _sum(other.values())
    before, after = (part / cost if cost else None for cost, part in (whole, whole_))
    share = before or Fraction(0)
    found = []
    for key in sorted({*one, *other}):
        (cost, outside), (cost_, outside_) = one.get(key, _NOTHING), other.get(key, _NOTHING)
        by = ((outside_ - share * cost_) - (outside - share * cost)) / whole_[0] if whole_[0] else Fraction(0)
        if (cost, outside) != (cost_, outside_):
            because = causes(*key) if causes and key in one and key in other else ()
            found.append(Moved(*key, cost, cost_, outside, outside_, by, because))
    found.sort(key=lambda each: (each.part == OTHERS, -abs(each.by), each.part, each.supplier))
    return Moves(new.product, before, after, tuple(found))


def _told(product: ProductContent, members: Container[str]) -> dict[_Key, _Amount]:
    """Cost, and what of it is not from inside, by part and supplier, all together that of the product.

    By absorption an assembly counts as its test says: then by where that is.
    """
    found: dict[_Key, _Amount] = {}
    if product.method.startswith("absorption"):
        for origin, amount in product.composition.items():
            _add(found, (_name(origin), ""), origin, amount, members)
        return found
    for line in product.lines:
        _add(found, (line.part, line.supplier or ""), line.origin, line.amount, members)
    told, every = _sum(found.values()), dict[_Key, _Amount]()
    for origin, amount in product.composition.items():
        _add(every, (REST if origin == ADDED else "", ""), origin, amount, members)
    if rest := every.get((REST, "")):
        found[REST, ""] = rest
    cost, outside = every.get(("", ""), _NOTHING)
    if (cost, outside) != told:
        found[OTHERS, ""] = cost - told[0], outside - told[1]
    return found


def _add(found: dict[_Key, _Amount], key: _Key, origin: Origin, amount: Range, members: Container[str]) -> None:
    middle = (amount.low + amount.high) / 2
    inside = Fraction(1) if origin == ADDED else divided(origin, members)[0]
    cost, outside = found.get(key, _NOTHING)
    found[key] = cost + middle, outside + middle * (1 - inside)


def _name(origin: Origin) -> str:
    return REST if origin == ADDED else ", ".join(named(place) for place, _ in origin) or "undeclared"


def _sum(amounts: Iterable[_Amount]) -> _Amount:
    cost, outside = _NOTHING
    for one, other in amounts:
        cost, outside = cost + one, outside + other
    return cost, outside
