"""DFARS 225.003: articles off the shelf from qualifying countries."""

from __future__ import annotations

from jointbuy.law.buy_american.shares import has_components, of_other_than_steel
from jointbuy.rules import Expression, all_of, rule, when, yes


@rule(
    title="Article off the shelf",
    provision="DFARS 225.003 and 252.225-7001(a), qualifying country end product",
    condition="components",
    route="us qualifying countries",
    checked="2026-11-27",
    leaves="Whether the product is such an article as defined in FAR 2.101. The definition was seen as the "
    "rule of 2009 made it (DFARS Case 2008-D009, 74 FR 2422 and 68384), not as it stands now.",
)
def off_the_shelf() -> Expression:
    """What is sold in the same form on the commercial market is not held to a share of components here either.

    That it is made in the United States or a qualifying country is asked all the same.
    """
    return when(all_of(has_components(), of_other_than_steel()), yes("off_the_shelf"))
