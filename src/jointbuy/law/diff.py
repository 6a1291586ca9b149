"""What differs between an act's law in two views: on two days, as known by two days, or with and without an overlay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction

from jointbuy.amendment import Change
from jointbuy.errors import NotInForce
from jointbuy.exact import per_cent
from jointbuy.parameters import Parameter, Standing, View
from jointbuy.places import Group, Membership


def differences(before: View, after: View) -> tuple[Change, ...]:
    """Everything that differs, parameters first, each kind by id."""
    return (*_parameters(before, after), *_groups(before, after), *_readings(before, after))


def undone(change: Change, before: View, after: View) -> View:
    """The later view, but for one change."""
    if change.kind == "parameter":
        known = after.parameters.get(change.id) or before.parameters[change.id]
        still_ = replace(known, values=_always(before, change.id))
        return replace(after, parameters={**after.parameters, change.id: still_}, touched=set())
    if change.kind == "group":
        memberships = {**after.places.memberships, change.id: _members(before, change.id)}
        return replace(after, places=replace(after.places, memberships=memberships), touched=set())
    readings = {**after.readings, change.id: before.readings[change.id]}
    return replace(after, readings=readings, touched=set())


def still(view: View, known_on: date) -> View:
    """The law of a view as it is, with what is known of a purchase by another day."""
    parameters = {name: replace(one, values=_always(view, name)) for name, one in view.parameters.items()}
    memberships = {name: _members(view, name) for name in view.places.memberships}
    places = replace(view.places, memberships=memberships)
    return replace(view, parameters=parameters, places=places, known_on=known_on, touched=set())


def _always(view: View, name: str) -> tuple[Standing, ...]:
    """The value that a parameter has in a view, for all days."""
    standing = filter(None, [_value(view, name)])
    return tuple(
        replace(value, since=date.min, until=None, known_since=date.min, known_until=None) for value in standing
    )


def _members(view: View, name: str) -> tuple[Membership, ...]:
    """The members that a group has in a view, for all days."""
    group = view.places.group(name, view.on, view.known_on)
    return tuple(
        Membership(country, date.min, None, date.min, country not in group.unverified, "")
        for country in sorted(group.members)
    )


def _parameters(before: View, after: View) -> Iterator[Change]:
    for name in sorted({*before.parameters, *after.parameters}):
        old, new = _value(before, name), _value(after, name)
        if (old and old.value) != (new and new.value) or (old and new and old.verified != new.verified):
            known = after.parameters.get(name) or before.parameters[name]
            cited = new or old
            assert cited is not None  # noqa: S101 - one of them stands, else they would be alike
            yield Change(
                "parameter",
                name,
                known.title,
                _written(old, known) if old else None,
                _written(new, known) if new else None,
                cited.provision,
                cited.verified,
            )


def _value(view: View, name: str) -> Standing | None:
    try:
        return view.parameter(name) if name in view.parameters else None
    except NotInForce:
        return None


def _written(value: Standing, parameter: Parameter) -> str:
    """A value as the law data write it."""
    if isinstance(value.value, Fraction) and parameter.unit == "share":
        return per_cent(value.value)
    return str(value.value)


def _groups(before: View, after: View) -> Iterator[Change]:
    def group(view: View, name: str) -> Group:
        nobody = Group(name, name, frozenset(), frozenset())
        return view.places.group(name, view.on, view.known_on) if name in view.places.memberships else nobody

    for name in sorted({*before.places.memberships, *after.places.memberships}):
        old, new = group(before, name), group(after, name)
        if old.members != new.members:
            left, came = sorted(old.members - new.members), sorted(new.members - old.members)
            sources = {
                entry.source for entry in after.places.memberships.get(name, ()) if entry.country in {*left, *came}
            }
            yield Change(
                "group",
                name,
                after.places.group_titles.get(name, name),
                ", ".join(left) or None,
                ", ".join(came) or None,
                "; ".join(sorted(sources)),
                not new.unverified & set(came),
            )


def _readings(before: View, after: View) -> Iterator[Change]:
    for name, reading in sorted(after.readings.items()):
        old = before.readings[name]
        if old.default != reading.default:
            yield Change("reading", name, reading.question, old.default, reading.default, reading.provision, True)
