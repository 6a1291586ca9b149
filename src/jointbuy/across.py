"""What every act says to one purchase: the records that the flow hands to reports. Frozen to the leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from jointbuy.model import Purchase
from jointbuy.parameters import Overlay
from jointbuy.result import Outcome


@dataclass(frozen=True, slots=True)
class ActAnswer:
    """What one act says to a purchase, in one row; `on` is the day whose law was applied, if it has one.

    An act under which the file says what cannot be has `refused` it, though the act that pays has not.
    """

    act: str
    title: str
    status: Outcome | Literal["not in force", "refused"]
    because: str
    pays: str
    failed: tuple[str, ...]
    """Conditions that are not met, where the purchase is not eligible."""
    conditions: tuple[str, ...]
    """Keys of what must still be settled."""
    verified: bool
    on: date | None
    hangs_on: tuple[str, ...]
    """Readings of an eligible answer that make it not eligible where another option of them is taken."""


@dataclass(frozen=True, slots=True)
class Across:
    """A purchase under every act, and the digests of its files.

    `overlay` is what somebody laid over our law data, with what it corrects and adds in all acts; its digest is that of
    the first.
    """

    purchase: Purchase
    acts: tuple[ActAnswer, ...]
    digests: Mapping[str, str]
    overlay: Overlay | None = None
