"""Articles 2(11) and 11(1): what may be bought."""

from __future__ import annotations

from jointbuy.law.shared.edip import UKRAINE, is_listed
from jointbuy.rules import Expression, rule


@rule(
    title="Defence product",
    provision="Art. 2(11) and 11(1)",
    condition="product",
    checked="2026-11-27",
    leaves="All of it. The kind that the file states goes by Directive 2009/81/EC, which is another list.",
)
def product() -> Expression:
    """A common procurement action buys what the Annex to Directive 2009/43/EC lists, and what directly relates to it.

    What SAFE calls an other product for defence purposes may be on that list, and sensitive equipment may be missing.
    """
    return is_listed(UKRAINE)
