"""DFARS 225.003: where a product of a qualifying country is made."""

from __future__ import annotations

from jointbuy.rules import Expression, all_of, any_of, for_each, judgement, outside, rule, within


@rule(
    title="Manufactured in the United States or a qualifying country",
    provision="DFARS 225.003",
    condition="manufacture",
    route="us qualifying countries",
    checked="2026-11-27",
    leaves="Whether the exemption has been granted where it is granted purchase by purchase, for Austria and Finland "
    "(DFARS 225.872-1(b) and 225.872-4); it is asked.",
)
def manufacture() -> Expression:
    """Each end product is manufactured in the United States or a qualifying country.

    Of some of these countries somebody must say that the exemption has been granted for this purchase.
    """
    asked = judgement(
        "buy-american-exemption",
        "For products of this country the exemption is granted purchase by purchase (DFARS 225.872-4): has it been?",
        who="contracting officer",
    )
    granted = any_of(outside("made_in", "us qualifying by purchase"), asked)
    return for_each("end_products", all_of(within("made_in", "united states and qualifying countries"), granted))
