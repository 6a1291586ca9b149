"""Articles 7(4), 18 to 21: the grant."""

from __future__ import annotations

from jointbuy.rules import Expression, judgement, rule


@rule(
    title="Grant for the action",
    provision="Art. 7(4), 18, 20 and 21",
    condition="grant",
    checked="2026-11-26",
    leaves="All of it: work programmes add conditions, such as a least size of the action (Art. 21(3)(b)).",
)
def grant() -> Expression:
    """The action was proposed under a work programme, meets it, and is not complete when the grant is signed."""
    return judgement(
        "edip-grant",
        "Was the action selected under a work programme, and is it not complete before the grant agreement is signed?",
        who="buyers",
    )
