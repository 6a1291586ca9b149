"""To which products the participation rules of Article 16 apply."""

from __future__ import annotations

from jointbuy.rules import Expression, any_of, by_reading, for_each, is_one_of, never, when

DEFENCE = "defence product"
OTHER = "other product for defence purposes"


def for_defence_products(then: Expression) -> Expression:
    """Holds for defence products (Art. 16(2)); whether it binds other products for defence purposes is a reading.

    For those the Member States set appropriate conditions themselves (Art. 16(13)).
    """
    binds = any_of(
        is_one_of("product.kind", DEFENCE),
        by_reading("other products", states_choose=never(), applied=is_one_of("product.kind", OTHER)),
    )
    return when(binds, then)


def for_components(shares: Expression) -> Expression:
    """Holds for the components of each end product; what a component is, and how deep one looks, is a reading."""
    return by_reading(
        "components",
        first_level=for_each("end_products", shares),
        traced=for_each("traced_products", shares),
        absorption=for_each("absorbed_products", shares),
        absorption_both_ways=for_each("absorbed_products", shares),
    )
