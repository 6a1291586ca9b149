"""How many cases a random test draws: as many as it says, or JOINTBUY_DRAWS times as many, as one may at night."""

from __future__ import annotations

import os

_TIMES = int(os.environ.get("JOINTBUY_DRAWS", "1"))


def draws(count: int) -> int:
    return count * _TIMES
