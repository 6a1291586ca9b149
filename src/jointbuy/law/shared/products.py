"""What is measured: the components of each end product, their sources, and restrictions on them."""

from __future__ import annotations

from jointbuy.rules import Expression, by_reading, for_each, is_one_of

DEFENCE = "defence product"
OTHER = "other product for defence purposes"


def for_components(shares: Expression) -> Expression:
    """Holds for the components of each end product; what a component is, and how deep one looks, is a reading."""
    return by_reading(
        "components",
        first_level=for_each("end_products", shares),
        traced=for_each("traced_products", shares),
        absorption=for_each("absorbed_products", shares),
        absorption_both_ways=for_each("absorbed_products", shares),
    )


def removable() -> Expression:
    """A restriction that the contractor may lift."""
    return by_reading(
        "removal of restrictions",
        by_right=is_one_of("hold", "without effect", "removable by right"),
        in_fact=is_one_of("hold", "without effect", "removable by right", "removable in fact"),
    )
