"""What the rules of the Buy American test share: the steps of content, for whoever counts as domestic, and who buys."""

from __future__ import annotations

from collections.abc import Iterable

from jointbuy.rules import (
    Expression,
    all_of,
    any_of,
    before,
    for_any,
    for_each,
    judgement,
    more_than_from,
    no,
    stated,
    unstated,
    when,
    within,
)


def more_than_the_threshold(group: str, now: str, steps: Iterable[tuple[str, str]]) -> Expression:
    """Components of the group exceed the threshold, and every later one unless all is delivered before its first day.

    `steps`: the parameters of each later threshold, its first day and its share. A product that is predominantly of
    iron or steel is held to another test; whether it is must be known where the share is too low.
    """
    later = [any_of(before("events.last_delivery", day), _exceeds(share, group)) for day, share in steps]
    return when(all_of(has_components(), no("mostly_steel")), all_of(_exceeds(now, group), *later))


def _exceeds(share: str, group: str) -> Expression:
    return for_each("end_products", more_than_from(share, "components", group=group))


def has_components() -> Expression:
    """Of some end product components are stated, so that there is a share to ask of."""
    return for_any("end_products", stated("components"))


def of_other_than_steel() -> Expression:
    """Nobody states that the product is wholly or predominantly of iron or steel."""
    return any_of(unstated("mostly_steel"), no("mostly_steel"))


def bought_by_the_department() -> Expression:
    """The Department of Defense buys. No file tells of an authority whether it is one of it, so a person says it."""
    asked = judgement("buy-american-department", "Does the Department of Defense buy?", who="contracting authority")
    return all_of(for_any("buyers", within("country", "united states")), asked)
