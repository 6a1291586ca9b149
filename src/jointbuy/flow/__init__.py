"""THE FLOW: the only place where rooms meet. `case.check` is all of it for one purchase and one act."""

from __future__ import annotations

from jointbuy.flow.case import check, convert, decided, paying
from jointbuy.flow.exempt import certify
from jointbuy.flow.lookup import Access, access, examples, rule
from jointbuy.flow.questions import Asked, explore

__all__ = [
    "Access",
    "Asked",
    "access",
    "certify",
    "check",
    "convert",
    "decided",
    "examples",
    "explore",
    "paying",
    "rule",
]
