"""DFARS 225.003: content from the United States and qualifying countries."""

from __future__ import annotations

from jointbuy.law.buy_american.shares import more_than_the_threshold
from jointbuy.rules import Expression, rule


@rule(
    title="Domestic and qualifying components",
    provision="DFARS 225.003",
    condition="components",
    route="us qualifying countries",
    checked="2026-11-26",
    leaves="Restrictions beside the Buy American statute, such as on specialty metals.",
)
def components() -> Expression:
    """Components of the United States and of qualifying countries exceed their share of the cost of all components."""
    return more_than_the_threshold("united states and qualifying countries")
