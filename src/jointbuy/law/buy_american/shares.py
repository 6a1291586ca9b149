"""The two steps of the content test, for whoever counts as domestic."""

from __future__ import annotations

from jointbuy.rules import Expression, all_of, any_of, before, for_any, for_each, more_than_from, stated, when


def more_than_the_threshold(group: str) -> Expression:
    """Components of the group exceed the threshold, and the next one as well unless all is delivered before it."""
    now = for_each("end_products", more_than_from("far25.domestic_share", "components", group=group))
    later = for_each("end_products", more_than_from("far25.raised_share", "components", group=group))
    has_components = for_any("end_products", stated("components"))
    return when(has_components, all_of(now, any_of(before("events.last_delivery", "far25.raised_on"), later)))
