"""Whom the policy binds."""

from __future__ import annotations

from jointbuy.rules import Expression, for_any, rule, within


@rule(
    title="Canadian buyer",
    provision="Policy Notice 2025-7",
    condition="buyers",
    checked="2026-11-26",
    leaves="Whether the buyer is a department or agency that the policy binds.",
)
def buyer() -> Expression:
    """An authority of Canada buys; nobody else is bound."""
    return for_any("buyers", within("country", "canada"))
