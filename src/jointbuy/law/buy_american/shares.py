"""The steps of the content test, for whoever counts as domestic."""

from __future__ import annotations

from collections.abc import Iterable

from jointbuy.rules import (
    Expression,
    all_of,
    any_of,
    before,
    for_any,
    for_each,
    more_than_from,
    no,
    stated,
    unstated,
    when,
)


def more_than_the_threshold(group: str, now: str, steps: Iterable[tuple[str, str]]) -> Expression:
    """Components of the group exceed the threshold, and every later one unless all is delivered before its first day.

    `steps`: the parameters of each later threshold, its first day and its share. A product that is predominantly of
    iron or steel is held to another test.
    """
    later = [any_of(before("events.last_delivery", day), _exceeds(share, group)) for day, share in steps]
    return when(all_of(has_components(), of_other_than_steel()), all_of(_exceeds(now, group), *later))


def _exceeds(share: str, group: str) -> Expression:
    return for_each("end_products", more_than_from(share, "components", group=group))


def has_components() -> Expression:
    """Of some end product components are stated, so that there is a share to ask of."""
    return for_any("end_products", stated("components"))


def of_other_than_steel() -> Expression:
    """Nobody states that the product is wholly or predominantly of iron or steel."""
    return any_of(unstated("mostly_steel"), no("mostly_steel"))
