"""A law's numbers on a date, what its text leaves open, and the view of both that rules are evaluated in.

Two clocks (conventions §5): the day whose law applies, and the day by which it was known. Outside its
dates a parameter has no value, and nothing stands in for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Literal

from jointbuy.errors import LawError, NotInForce, Where
from jointbuy.places import Group, Places

ENDED = "ended"
"""The value from whose day on a parameter has none: an agreement that no longer applies."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One value of a parameter: from `since` to the day before `until`, known from `known_since` on.

    From `known_until` on it is known to be corrected, and no longer stands for these days.
    """

    value: Fraction | date | str
    since: date
    until: date | None
    known_since: date
    provision: str
    reference: str
    verified: bool
    checked: date
    where: Where
    known_until: date | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number, date or word from a law, with all the values it has had (§6)."""

    id: str
    title: str
    unit: Literal["share", "date", "count", "word", "days"]
    values: tuple[Standing, ...]

    def on(self, day: date, known_on: date) -> Standing:
        """The value that stands on a day, as known by another.

        Raises NotInForce where none stands, LawError where two do (§8).
        """
        standing = [
            value
            for value in self.values
            if value.since <= day
            and not self._has_ended(value, day, known_on)
            and value.known_since <= known_on
            and (value.known_until is None or known_on < value.known_until)
        ]
        if not standing:
            first = min((value.since for value in self.values), default="no day")
            raise NotInForce(f"{self.id} has no value on {day} as known on {known_on}; the first stands from {first}")
        if len(standing) > 1:
            both = " and ".join(str(value.where) for value in standing)
            raise LawError(f"{self.id} has two values on {day}: {both}")
        return standing[0]

    def _has_ended(self, value: Standing, day: date, known_on: date) -> bool:
        """Whether a value no longer stands on a day; where another follows it, once that is known."""
        if value.until is None or day < value.until:
            return False
        following = [each for each in self.values if each.since == value.until]
        return not following or any(each.known_since <= known_on for each in following)


@dataclass(frozen=True, slots=True)
class Overlay:
    """A folder of law data that somebody laid over ours: what it is called, whose it is, of when, and its source.

    `changes` tells what it corrects and adds, one line each, with file and line.
    """

    folder: str
    title: str
    by: str
    on: date
    source: str
    digest: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One way to read a text that leaves something open."""

    name: str
    argument: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A question the text leaves open, its options (default first) and who argues for each (§7)."""

    id: str
    question: str
    provision: str
    options: tuple[Option, ...]

    @property
    def default(self) -> str:
        """The option taken unless the user says otherwise."""
        return self.options[0].name


@dataclass(frozen=True, slots=True)
class View:
    """An act's law on one date, as known on another, under one choice of readings.

    `since` is the act's first day: of none before it membership is asked. `settled` holds the options that the act's
    own text fixes, so that nothing is left open there. `touched` collects the readings an evaluation asked for; it is
    the caller's and the only thing here that changes.
    """

    places: Places
    parameters: Mapping[str, Parameter]
    readings: Mapping[str, Reading]
    chosen: Mapping[str, str]
    on: date
    known_on: date
    own_groups: Mapping[str, Group] = field(default_factory=dict)
    settled: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    touched: set[str] = field(default_factory=set)

    def parameter(self, name: str) -> Standing:
        """The parameter's value. Raises NotInForce outside its dates, and where it is said to have ended."""
        if name not in self.parameters:
            raise LawError(f'there is no parameter "{name}"')
        found = self.parameters[name].on(self.on, self.known_on)
        if found.value == ENDED:
            raise NotInForce(f"{name} has ended on {found.since} ({found.where})")
        return found

    def group(self, name: str, on: date | None = None) -> Group:
        """The group's members on the day of the law, or on one that a fact of the purchase tells."""
        day = self.on if on is None else self.told(on)
        return self.own_groups.get(name) or self.places.group(name, day, self.known_on)

    def told(self, day: date) -> date:
        """The day of which membership is asked where a fact tells a day: none before the act was there."""
        return max(day, self.since or self.on)

    def changes(self, name: str) -> tuple[date, ...]:
        """The first day of which membership may be asked, and those on which the group may have other members."""
        first = self.since or self.on
        entries = () if name in self.own_groups else self.places.entries(name)
        days = {day for entry in entries for day in (entry.since, entry.until) if day is not None}
        return first, *sorted(day for day in days if day > first)

    def reading_as(self, name: str, option: str) -> View:
        """The view with one reading chosen otherwise, and nothing touched yet."""
        return replace(self, chosen={**self.chosen, name: option}, touched=set())

    def reading(self, name: str) -> str:
        """The option that the text settles, or else the one chosen, remembered as touched."""
        if name in self.settled:
            return self.settled[name]
        if name not in self.readings:
            raise LawError(f'there is no reading "{name}"')
        self.touched.add(name)
        return self.chosen.get(name, self.readings[name].default)
