"""Which numbers of the law nobody has checked for half a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jointbuy import law

MONTHS = 6


@dataclass(frozen=True, slots=True)
class Stale:
    """One value that was checked long ago, and where."""

    id: str
    title: str
    provision: str
    checked: date
    verified: bool
    where: str


def stale(on: date) -> tuple[Stale, ...]:
    """Values of every act whose day of checking is over six months before `on`, the oldest first."""
    month = on.year * 12 + on.month - 1 - MONTHS
    last = date(month // 12, month % 12 + 1, min(on.day, 28))
    found = [
        Stale(f"{name}: {each.id}", each.title, value.provision, value.checked, value.verified, str(value.where))
        for name in law.ACTS
        for each in law.act(name).parameters.values()
        for value in each.values
        if value.checked < last
    ]
    return tuple(sorted(found, key=lambda one: (one.checked, one.id)))
