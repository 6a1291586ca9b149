"""What the grants for common procurement leave to be said beside a verdict, in the same words."""

from __future__ import annotations

from jointbuy.noted import Note
from jointbuy.rules import all_of, any_of, for_any, outside, stated


def agent_from_outside(inside: str, provision: str) -> Note:
    """A state from outside is said to run it, which no statement on the agent changes."""
    return Note(
        "the country that is said to run the procurement (conducted_by) is not among those where a procurement agent "
        f"must be established ({provision}), whatever is stated of the agent: correct one of the two, unless the agent "
        "is an international organisation",
        all_of(stated("conducted_by"), outside("conducted_by", inside)),
    )


def notified_elsewhere(provision: str, key: str) -> Note:
    """The file has a day of notification, which is of another act as far as anybody knows."""
    return Note(
        f"a day on which the Commission was notified is stated, and does not count by itself: {provision} asks for a "
        f"notification by the procurement agent under this act, which is for a person to confirm ({key})",
        for_any("entities", any_of(stated("mitigation_notified"), stated("guarantees_notified"))),
    )
