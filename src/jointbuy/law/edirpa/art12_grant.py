"""Articles 6(3) and 12: the grant."""

from __future__ import annotations

from jointbuy.rules import Expression, judgement, rule


@rule(
    title="Grant for the action",
    provision="Art. 6(3), 11 and 12",
    condition="grant",
    checked="2026-11-26",
    leaves="All of it: the work programme set a least size (Art. 12(3)(a)). A grant decided while the instrument ran "
    "may pay for a contract signed later; --on decides by the law of that day.",
)
def grant() -> Expression:
    """The action was selected under the work programme and not complete when the grant was signed."""
    return judgement(
        "edirpa-grant",
        "Was the action selected under the work programme, and not complete before the grant agreement was signed?",
        who="buyers",
    )
