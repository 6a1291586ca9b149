"""A value of the purchase file as a fact, with the place it stands at."""

from __future__ import annotations

from jointbuy.model import Purchase
from jointbuy.rules import Fact, Value


def fact(purchase: Purchase, value: Value, *paths: str) -> Fact:
    """A value with the first place among `paths` that the file has a line for."""
    place = next((purchase.where[path] for path in paths if path in purchase.where), None)
    return Fact(value, (place,) if place else ())


def is_named(text: str | None) -> bool | None:
    """Whether words name something: not where they say that there is nothing; None where they are silent or unknown."""
    words = (text or "").strip().casefold()
    return None if words in {"", "unknown"} else words not in {"no", "none"}
