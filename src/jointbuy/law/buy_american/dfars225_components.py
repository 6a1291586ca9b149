"""DFARS 225.003: content from the United States and qualifying countries."""

from __future__ import annotations

from jointbuy.law.buy_american.shares import more_than_the_threshold
from jointbuy.rules import Expression, rule


@rule(
    title="Domestic and qualifying components",
    provision="DFARS 225.003",
    condition="components",
    route="us qualifying countries",
    checked="2026-11-27",
    leaves="Whether a class deviation applied the general threshold earlier, and restrictions beside the Buy American "
    "statute, such as on specialty metals.",
)
def components() -> Expression:
    """Components of the United States and of qualifying countries exceed their share of the cost of all components.

    The department's own threshold followed the general one only with its rule of February 2024. A product
    predominantly of iron or steel is not asked for it.
    """
    steps = (("dfars225.raised_on", "dfars225.raised_share"),)
    return more_than_the_threshold("united states and qualifying countries", "dfars225.share", steps)
