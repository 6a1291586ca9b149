"""What the grants for common procurement leave to be said beside a verdict, in the same words."""

from __future__ import annotations

from jointbuy.noted import Note
from jointbuy.rules import any_of, for_any, stated


def notified_elsewhere(provision: str, key: str) -> Note:
    """The file has a day of notification, which is of another act as far as anybody knows."""
    return Note(
        f"a day on which the Commission was notified is stated, and does not count by itself: {provision} asks for a "
        f"notification by the procurement agent under this act, which is for a person to confirm ({key})",
        for_any("entities", any_of(stated("mitigation_notified"), stated("guarantees_notified"))),
    )
