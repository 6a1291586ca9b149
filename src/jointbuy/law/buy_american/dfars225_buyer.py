"""DFARS 225.101(a): who buys by the rules of the Department of Defense."""

from __future__ import annotations

from jointbuy.law.buy_american.shares import bought_by_the_department
from jointbuy.rules import Expression, rule


@rule(
    title="Purchase of the Department of Defense",
    provision="DFARS 225.101(a)",
    condition="buyers",
    route="us qualifying countries",
    checked="2026-11-27",
    leaves="Whether all that is bought is for the department where others buy as well; the text was not seen.",
)
def buyer() -> Expression:
    """The Department of Defense buys; for any other agency components of qualifying countries are foreign."""
    return bought_by_the_department()
