"""DFARS 225.003: where a product of a qualifying country is made."""

from __future__ import annotations

from jointbuy.rules import Expression, for_each, rule, within


@rule(
    title="Manufactured in the United States or a qualifying country",
    provision="DFARS 225.003",
    condition="manufacture",
    route="us qualifying countries",
    checked="2026-11-26",
    leaves="For Austria and Finland the exemption is granted purchase by purchase (DFARS 225.872-1(b)).",
)
def manufacture() -> Expression:
    """Each end product is manufactured in the United States or a qualifying country."""
    return for_each("end_products", within("made_in", "united states and qualifying countries"))
