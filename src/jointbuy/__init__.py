"""jointbuy: is a joint defence purchase eligible, why, how sure, and what would change it.

`case = jointbuy.check("examples/armoured-vehicle", on="2026-09-15")` is the whole flow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jointbuy.flow import check

__version__ = "0.1.0"
__all__ = ["__version__", "check"]


def __getattr__(name: str) -> Any:
    if name == "check":  # imported on first use: the command line must start fast
        from jointbuy.flow import check

        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
