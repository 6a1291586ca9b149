"""FAR 25.101(a)(2)(ii): products of iron or steel."""

from __future__ import annotations

from jointbuy.rules import Expression, all_of, any_of, judgement, no, rule, stated, unstated, yes


@rule(
    title="Iron and steel",
    provision="FAR 25.101(a)(2)(ii)",
    condition="iron and steel",
    checked="2026-11-27",
    leaves="Of what the product consists, and how much of it is foreign: a bill does not say.",
)
def iron_and_steel() -> Expression:
    """The product is not wholly or predominantly of iron or steel, or foreign iron and steel is hardly any of it.

    The file says which (`product.mostly_steel`); where it is silent, one question asks for both, and the share of
    components is asked as well. Of a product that is, the share of components is not asked.
    """
    either = judgement(
        "buy-american-steel",
        "Is the product not predominantly of iron or steel, or is foreign iron and steel below the limit of its "
        "component cost?",
        who="manufacturer",
    )
    little = judgement(
        "buy-american-foreign-steel",
        "Is foreign iron and steel below the limit of FAR 25.101(a)(2)(ii), a share of the cost of all components?",
        who="manufacturer",
    )
    said = stated("mostly_steel")
    by_what_is_said = (all_of(said, no("mostly_steel")), all_of(said, yes("mostly_steel"), little))
    return any_of(*by_what_is_said, all_of(unstated("mostly_steel"), either))
