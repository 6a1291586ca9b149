"""What an act has said beside every verdict on purchases of some kind: no rule judges it."""

from __future__ import annotations

from dataclasses import dataclass

from jointbuy.rules import Expression


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence on what an act does not decide, said where `when` holds of a purchase's facts; None for every one."""

    text: str
    when: Expression | None = None
