"""What is measured: the components of each end product, their sources, and restrictions on them."""

from __future__ import annotations

from jointbuy.rules import (
    Expression,
    all_of,
    any_of,
    by_reading,
    for_each,
    is_one_of,
    judgement,
    outside,
    unstated,
    yes,
)

DEFENCE = "defence product"


def for_components(shares: Expression) -> Expression:
    """Holds for the components of each end product; what a component is, and how deep one looks, is a reading."""
    return by_reading(
        "components",
        first_level=for_each("end_products", shares),
        traced=for_each("traced_products", shares),
        absorption=for_each("absorbed_products", shares),
        absorption_both_ways=for_each("absorbed_products", shares),
    )


def nothing_from_contravening_countries() -> Expression:
    """No component comes from, or is supplied from, a country that contravenes security and defence interests."""
    acceptable = by_reading(
        "contravening countries",
        suggested=outside("country", "contravening suggested"),
        wider=outside("country", "contravening wider"),
        listed=outside("country", "contravening listed"),
    )
    question = "Do the suppliers state that no component of undeclared source comes from a contravening country?"
    asked = judgement("undeclared-sources", question, who="suppliers")
    nothing_open = by_reading(
        "undeclared sources",
        condition=any_of(yes("all_sources_declared"), asked),
        strict=yes("all_sources_declared"),
    )
    return all_of(for_each("source_countries", acceptable), unstated("adverse_declaration"), nothing_open)


def removable() -> Expression:
    """A restriction that the contractor may lift."""
    return by_reading(
        "removal of restrictions",
        by_right=is_one_of("hold", "none", "removable by right"),
        in_fact=is_one_of("hold", "none", "removable by right", "removable in fact"),
    )
