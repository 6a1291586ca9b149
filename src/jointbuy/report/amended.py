"""What changed in the law, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Protocol

from jointbuy.amendment import Amended, Amendment, Change
from jointbuy.report import figures
from jointbuy.report.layout import dim, ends, finish, heading, wrap


class Old(Protocol):
    """A value of the law that was checked long ago, as `law.stale` lists it."""

    @property
    def id(self) -> str:
        """Act and parameter."""

    @property
    def title(self) -> str:
        """What it is."""

    @property
    def provision(self) -> str:
        """Where it stands."""

    @property
    def checked(self) -> date:
        """The day."""

    @property
    def where(self) -> str:
        """File and line."""


def text(found: Amendment, colour: bool, width: int) -> str:
    """Changes of the law, then the purchases whose answers change, then those whose do not."""
    days = f"{figures.day(found.before)} against {figures.day(found.after)}, each as known by then"
    lines = [*ends(f"Law of {found.act.upper()}", "", width), *wrap(days, width), "═" * width, *heading("Changes")]
    for change in found.changes:
        lines += _change(change, width)
    if not found.changes:
        lines += wrap("Nothing differs.", width, 2)
    changed = [each for each in found.purchases if each.before != each.after]
    others = [each for each in found.purchases if each.before == each.after]
    if found.purchases:
        lines += heading(f"Purchases whose answer changes ({len(changed)} of {len(found.purchases)})")
        for each in changed:
            lines += _purchase(each, width)
        for each in others:
            lines += _same(each, width)
    return finish(lines, colour=colour)


def _change(change: Change, width: int) -> list[str]:
    if change.kind == "group":
        moves = [(change.before, "left"), (change.after, "joined")]
        told = "; ".join(f"{who} {what}" for who, what in moves if who)
    else:
        told = f"{change.before or 'no value'}, then {change.after or 'no value'}"
    unverified = "" if change.verified else " (unverified)"
    lines = ends(f"{change.title}: {told}", change.id, width, indent=2, hanging=2)
    return [*lines, *dim(wrap(f"{change.provision}{unverified}", width, 4, 2))]


def _purchase(each: Amended, width: int) -> list[str]:
    lines = ends(each.purchase, f"{each.before}, then {each.after}", width, indent=2, hanging=2)
    lines += wrap(f"through {', '.join(each.through)}", width, 4, 2) if each.through else []
    return [*lines, *(line for told in each.findings for line in dim(wrap(told, width, 4, 2)))]


def _same(each: Amended, width: int) -> list[str]:
    if each.unread:
        return ends(each.purchase, "not read", width, indent=2, hanging=2) + wrap(each.unread, width, 4, 2)
    return ends(each.purchase, f"{each.after}, as before", width, indent=2, hanging=2)


def json(found: Amendment) -> dict[str, Any]:
    """The same as one JSON object."""
    return {
        "act": found.act,
        "before": found.before.isoformat(),
        "after": found.after.isoformat(),
        "changes": [
            {
                "kind": each.kind,
                "id": each.id,
                "title": each.title,
                "before": each.before,
                "after": each.after,
                "provision": each.provision,
                "verified": "yes" if each.verified else "no",
            }
            for each in found.changes
        ],
        "purchases": [
            {
                "purchase": each.purchase,
                "before": each.before,
                "after": each.after,
                "changed": "yes" if each.before != each.after else "no",
                "through": list(each.through),
                "findings": list(each.findings),
                "unread": each.unread or None,
            }
            for each in found.purchases
        ],
    }


def stale(found: Iterable[Old], colour: bool, width: int) -> str:
    """Numbers that were checked long ago."""
    lines: list[str] = []
    for one in found:
        lines += ends(f"{one.title} ({one.id})", f"checked {figures.day(one.checked)}", width, hanging=2)
        lines += dim(wrap(f"{one.provision} · {one.where}", width, 2, 2))
    return finish(lines or ["Every number of the law was checked within the last six months."], colour=colour)
