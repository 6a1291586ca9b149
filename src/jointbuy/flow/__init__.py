"""THE FLOW: the only place where rooms meet. `case.check` is all of it for one purchase and one act."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from jointbuy.decide.dates import paying
from jointbuy.flow.case import check, convert, decided, law_of

if TYPE_CHECKING:
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
    "law_of",
    "paying",
    "rule",
]

_LATER = {
    "certify": "jointbuy.flow.exempt",
    **dict.fromkeys(("Access", "access", "examples", "rule"), "jointbuy.flow.lookup"),
    **dict.fromkeys(("Asked", "explore"), "jointbuy.flow.questions"),
}
"""What a verdict has no use for, by where it is: imported on first use, since the command line must start fast."""


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
