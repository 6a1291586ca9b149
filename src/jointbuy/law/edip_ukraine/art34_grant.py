"""Articles 25(4) and 31 to 34: the grant."""

from __future__ import annotations

from jointbuy.rules import Expression, judgement, rule


@rule(
    title="Grant for the action",
    provision="Art. 25(4), 31, 33, 34 and 78(4)",
    condition="grant",
    checked="2026-11-27",
    leaves="All of it: work programmes add conditions, such as a least size of the action (Art. 34(3)(b)).",
)
def grant() -> Expression:
    """The action was proposed under a work programme, meets it, and is not complete when the grant is signed."""
    return judgement(
        "edip-ukraine-grant",
        "Was the action selected under a work programme, is it not complete before the grant agreement is signed, and "
        "is the agreement in force by which Ukraine receives funding (Art. 78(4)), where it does?",
        who="buyers",
    )
