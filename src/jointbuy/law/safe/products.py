"""To which products the participation rules of Article 16 apply."""

from __future__ import annotations

from jointbuy.law.shared.products import DEFENCE, OTHER
from jointbuy.rules import Expression, any_of, by_reading, is_one_of, never, when

__all__ = ["OTHER", "for_defence_products"]


def for_defence_products(then: Expression) -> Expression:
    """Holds for defence products (Art. 16(2)); whether it binds other products for defence purposes is a reading.

    For those the Member States set appropriate conditions themselves (Art. 16(13)).
    """
    binds = any_of(
        is_one_of("product.kind", DEFENCE),
        by_reading("other products", states_choose=never(), applied=is_one_of("product.kind", OTHER)),
    )
    return when(binds, then)
