"""DFARS 225.101(a): who buys by the rules of the Department of Defense."""

from __future__ import annotations

from jointbuy.rules import Expression, all_of, for_any, judgement, rule, within


@rule(
    title="Purchase of the Department of Defense",
    provision="DFARS 225.101(a)",
    condition="buyers",
    route="us qualifying countries",
    checked="2026-11-27",
    leaves="Whether all that is bought is for the department where others buy as well; the text was not seen.",
)
def buyer() -> Expression:
    """The Department of Defense buys; for any other agency components of qualifying countries are foreign.

    No file tells of an authority whether it is one of the department's, so that a person says it.
    """
    asked = judgement("buy-american-department", "Does the Department of Defense buy?", who="contracting authority")
    return all_of(for_any("buyers", within("country", "united states")), asked)
