"""FAR 25.101(a): whom the statute binds."""

from __future__ import annotations

from jointbuy.rules import Expression, for_any, rule, within


@rule(
    title="Buyer in the United States",
    provision="FAR 25.101(a)",
    condition="buyers",
    checked="2026-11-27",
    leaves="Whether the buyer is a federal agency (FAR 2.101), and whether it buys for use inside the United States "
    "(FAR 25.102); the text now in force was not seen.",
)
def buyer() -> Expression:
    """An authority of the United States buys; nobody else is bound."""
    return for_any("buyers", within("country", "united states"))
