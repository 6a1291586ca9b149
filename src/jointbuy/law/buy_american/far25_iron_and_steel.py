"""FAR 25.101(a)(2)(ii): products of iron or steel."""

from __future__ import annotations

from jointbuy.rules import Expression, judgement, rule


@rule(
    title="Iron and steel",
    provision="FAR 25.101(a)(2)(ii)",
    condition="iron and steel",
    checked="2026-11-26",
    leaves="All of it: a bill does not say of what its parts consist.",
)
def iron_and_steel() -> Expression:
    """The product does not consist predominantly of iron or steel, or foreign iron and steel is hardly any of it."""
    return judgement(
        "buy-american-steel",
        "Is the product not predominantly of iron or steel, or is foreign iron and steel below the limit of its "
        "component cost?",
        who="manufacturer",
    )
