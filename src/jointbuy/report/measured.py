"""What the shares of a case are measured against, and how what is not declared counts: as the verdict has it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from jointbuy.exact import ADDED, ZERO, Parts, Place, Range, assumed, share_range, split, undeclared
from jointbuy.result import Case, ProductContent
from jointbuy.rules import UNKNOWN_ORIGIN

COMPONENT_COST = "component cost"


def chosen(case: Case, reading: str, otherwise: str) -> str:
    """The option of a reading that the verdict was made with."""
    return next((each.chosen for each in case.verdict.readings if each.id == reading), otherwise)


def base(case: Case, content: ProductContent) -> str:
    """What shares are of; an act that leaves no choice measures against the value of the product."""
    return chosen(case, "base", "product value") if ADDED in content.composition else COMPONENT_COST


def beside(content: ProductContent) -> Range:
    """What of the base is no component."""
    return content.composition.get(ADDED, ZERO)


def whole(content: ProductContent) -> Range:
    """What shares are of, in the contract's currency."""
    return content.total + beside(content)


def outside(case: Case, content: ProductContent, inside: frozenset[str]) -> Parts:
    """Amounts as the ordinary rule sees them: the part is everything that does not originate inside."""
    parts = split(content.composition, inside, others=True)
    return parts if chosen(case, UNKNOWN_ORIGIN, "range") == "range" else assumed(parts, counts=True)


def portion(content: ProductContent, amount: Range, of: Callable[[Place | None], bool]) -> Range | None:
    """The share of the base that an amount has which comes from some places (None: from where nobody declares).

    By absorption parts count otherwise than where they come from, which is told here.
    """
    if content.method.startswith("absorption"):
        every = whole(content)
        return share_range(Parts(amount, Range(every.low - amount.low, every.high - amount.high), ZERO))
    part, others, mixed = ZERO, ZERO, []
    for origin, each in content.composition.items():
        places = (*origin, (None, undeclared(origin)))
        share = sum((one for place, one in places if one and of(place)), Fraction(0))
        if each.known or share in {0, 1}:
            part, others = part + each.times(share), others + each.times(1 - share)
        else:
            mixed.append((share, Fraction(0), each))
    return share_range(Parts(part, others, ZERO, tuple(mixed)))


def rest(content: ProductContent) -> Range | None:
    """The share of the base that is no component; None where the base is the cost of components."""
    return portion(content, beside(content), lambda place: place == "") if ADDED in content.composition else None


def drawn(rest_: Range | None, outside_: Range | None) -> Fraction:
    """What to draw as no component: as much as is certain beside what may come from outside."""
    return min(rest_.low, 1 - outside_.high) if rest_ and outside_ else Fraction(0)
