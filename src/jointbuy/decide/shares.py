"""One share of a composition against its limit: its corners, and whose place in the group it rests on."""

from __future__ import annotations

from fractions import Fraction

from jointbuy.exact import (
    ADDED,
    ZERO,
    Composition,
    Parts,
    Range,
    assumed,
    best_excess,
    countries_of,
    split,
    worst_excess,
)
from jointbuy.places import Group
from jointbuy.rules import ShareLimit


def corners(leaf: ShareLimit, parts: Parts, limit: Fraction) -> tuple[Fraction, Fraction]:
    """By how much the limit is missed in the worst completion and in the best."""
    worst, best = worst_excess(parts, limit), best_excess(parts, limit)
    # Where the share of the group must be high, the excess must not be negative.
    return (worst, best) if leaf.at_most else (-best, -worst)


def keeps(leaf: ShareLimit, parts: Parts, limit: Fraction) -> tuple[bool, bool]:
    """Whether the limit is kept for certain, and whether it may be."""
    worst, best = corners(leaf, parts, limit)
    return (worst < 0, best < 0) if leaf.strictly else (worst <= 0, best <= 0)


def rests_on(
    leaf: ShareLimit, composition: Composition, group: Group, limit: Fraction, counts: bool | None
) -> frozenset[str]:
    """Origins whose place in the group is unverified (§6), where it would come out otherwise if they had none.

    `counts`: whether what is open counts in the share, None where it may or may not.
    """
    named = {country for origin in composition for place, _ in origin for country in countries_of(place)}
    doubtful = group.unverified & named
    if not doubtful:
        return frozenset()

    def answer(members: frozenset[str]) -> tuple[bool, bool]:
        parts = split(composition, members, others=leaf.others)
        return keeps(leaf, parts if counts is None else assumed(parts, counts=counts), limit)

    changes = answer(group.members) != answer(group.members - doubtful)
    return frozenset(f"{country} in {group.title}" for country in doubtful) if changes else frozenset()


def to_state(composition: Composition, parts: Parts) -> tuple[str, ...]:
    """What would settle an open share: origins, or what an end product is worth where that alone leaves it open."""
    rest = composition.get(ADDED, ZERO)
    components = Range(parts.total.low - rest.low, parts.total.high - rest.high)
    # A value that is stated is no wider than the components that are taken off it.
    value = ("value of one end product",) if rest.high - rest.low > components.high - components.low else ()
    origins = parts.open.high or any(unknown for _, unknown, _ in parts.mixed)
    return ("origin of components", *value) if origins or not value else value
