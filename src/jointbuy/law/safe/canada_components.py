"""Agreement with Canada under Article 17: origin of components."""

from __future__ import annotations

from jointbuy.law.safe.products import for_defence_products
from jointbuy.law.shared.products import for_components
from jointbuy.rules import Expression, all_of, at_least_from, at_most, at_most_from, rule


@rule(
    title="Components from Canada",
    provision="Agreement under Art. 17 (text not seen)",
    condition="components",
    route="canada",
    checked="2026-11-23",
    leaves="The agreement's text was not seen: its shares come from secondary sources, which differ on the base (cost "
    "of components or value of the procurement), and its limit for other countries is our inference.",
)
def components() -> Expression:
    """Enough components come from inside, not too many from Canada, and few enough from neither.

    Each end product is measured for itself, on the same base as under Article 16(10).
    """
    shares = for_components(
        all_of(
            at_least_from("canada.min_inside_share", "components", group="inside"),
            at_most_from("canada.max_canadian_share", "components", group="canada"),
            at_most("canada.max_neither_share", "components", outside="inside and canada"),
        ),
    )
    return for_defence_products(shares)
