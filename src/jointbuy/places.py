"""Countries and dated groups of countries. The data stand in `law/countries.csv` and `law/groups.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from jointbuy.errors import LawError

DECLARED: Mapping[str, tuple[str, ...]] = {"EU": ("union",), "EEA": ("union", "eea-efta")}
"""Groups that suppliers name in place of a country of origin, and the groups of the law data that they are."""
BEYOND: Mapping[str, str] = {"non-EU": "EU", "non-EEA": "EEA"}
"""What they write for some country beyond such a group: any other, so that a partner may be meant."""


@dataclass(frozen=True, slots=True)
class Membership:
    """One country's time in a group: from the first day to the day before `until`.

    From `known_until` on it is known to be corrected, and no longer stands.
    """

    country: str
    since: date
    until: date | None
    known_since: date
    verified: bool
    source: str
    known_until: date | None = None
    member: bool = True
    """No where the entry says that a country is not in the group in that time, so that an overlay may take one out."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of countries on one date: who is in it, and whether every entry was verified."""

    name: str
    title: str
    members: frozenset[str]
    unverified: frozenset[str]

    def __contains__(self, country: str) -> bool:
        return country in self.members


@dataclass(frozen=True, slots=True)
class Places:
    """Every country and group the law data know.

    `names` maps a folded code or name to its alpha-2 code; `titles` a code to its English name.
    """

    names: Mapping[str, str]
    titles: Mapping[str, str]
    group_titles: Mapping[str, str]
    memberships: Mapping[str, tuple[Membership, ...]]
    unions: Mapping[str, tuple[str, ...]]
    """Groups that are made of other groups."""
    states: Mapping[str, str] = field(default_factory=dict)
    """The state that a territory with a code of its own is part of (groups.yaml): as a state it is that one."""
    _known: dict[tuple[str, date, date], Group] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Groups that were asked for, by name and days: a check asks for few of them, hundreds of times."""

    def recognise(self, text: str) -> str | None:
        """The alpha-2 code for a code or English name as people write it; None when it is not one."""
        return self.names.get(fold(text))

    def joins(self, name: str, country: str, after: date, known_on: date) -> date | None:
        """The first day after another on which a country belongs to a group, as published by `known_on`; or None."""
        days = [
            entry.since
            for entry in self.entries(name)
            if entry.member and entry.country == country and entry.since > after and entry.known_since <= known_on
        ]
        return min(days, default=None)

    def entries(self, name: str) -> tuple[Membership, ...]:
        """Every membership of a group, or of the groups it is made of; none for a name that nobody knows."""
        parts = self.unions.get(name, (name,))
        return tuple(entry for part in parts for entry in self.memberships.get(part, ()))

    def group(self, name: str, on: date, known_on: date) -> Group:
        """The group as it stood `on` a date, as published by `known_on` (§5). Raises LawError for an unknown name."""
        key = name, on, known_on
        if key not in self._known:
            self._known[key] = self._group(*key)
        return self._known[key]

    def _group(self, name: str, on: date, known_on: date) -> Group:
        parts = self.unions.get(name, (name,))
        for part in parts:
            if part not in self.memberships:
                raise LawError(f'there is no group "{part}"; known: {", ".join(sorted(self.memberships))}')
        standing = [
            entry
            for part in parts
            for entry in self.memberships[part]
            if entry.member
            and entry.since <= on
            and (entry.until is None or on < entry.until)
            and entry.known_since <= known_on
            and (entry.known_until is None or known_on < entry.known_until)
        ]
        return Group(
            name,
            self.group_titles[name],
            frozenset(entry.country for entry in standing),
            # Who belongs by several groups belongs as surely as by the surest of them.
            frozenset(entry.country for entry in standing) - {entry.country for entry in standing if entry.verified},
        )


def fold(text: str) -> str:
    """A name without case, dots and doubled blanks, for look-up."""
    return " ".join(text.casefold().replace(".", "").split())
