"""What the texts say: countries and groups, readings, and one folder for each act with one file for each rule.

`places()` and `act("safe")` read the data beside this file once; both take another folder laid out
the same, whose YAML and CSV stand in for ours. Rules are always our own code: nothing in a folder
that a user names is ever run. `inspect` looks into the expressions of the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from jointbuy.errors import Problem, Unusable, did_you_mean
from jointbuy.law.load import HERE, Act, Route, load_act, load_places
from jointbuy.parameters import View
from jointbuy.places import Group, Places

__all__ = ["ACTS", "Act", "Route", "act", "places", "view"]


ACTS = ("safe", "edip", "edip_ukraine", "edirpa", "buy_american", "buy_canadian")
"""Every act, in the order in which they are shown side by side."""


def places(folder: Path = HERE) -> Places:
    """Every country and group the law data know. Raises LawError with every fault found in the files."""
    return _places(folder)


_places = cache(load_places)


@cache
def act(name: str, folder: Path = HERE) -> Act:
    """The act with its rules, numbers and readings. Raises LawError with every fault found in the files."""
    return load_act(name, folder, places(folder))


def under(overlay: Path, name: str) -> Act:
    """The act with what a folder of the user's corrects and adds. Raises LawError with every fault found in it."""
    # Imported on use: few have one.
    from jointbuy.law.overlay import overlaid

    return overlaid(act(name), overlay)


def view(
    act: Act,
    on: date,
    known_on: date,
    chosen: Mapping[str, str] | None = None,
    own_groups: Mapping[str, Group] | None = None,
) -> View:
    """The act's law `on` a date, as known on another, under the `chosen` readings (§5, §7).

    `own_groups` are the groups that a purchase states for itself. Raises Unusable for a reading or
    an option that does not exist.
    """
    chosen = dict(chosen or {})
    problems = [problem for item in chosen.items() if (problem := _refused(act, *item))]
    if problems:
        raise Unusable(problems)
    own, since = dict(own_groups or {}), act.period[0]
    return View(act.places, act.parameters, act.readings, chosen, on, known_on, own, act.settled, since)


def _refused(act: Act, reading: str, option: str) -> Problem | None:
    """What is wrong with the choice of an option, if anything."""
    if reading not in act.readings:
        advice = did_you_mean(reading, act.readings) or f"known readings: {', '.join(act.readings)}"
        return Problem(f'there is no reading "{reading}"', do=advice)
    if reading in act.settled:
        why = f'it is read as "{act.settled[reading]}" there'
        return Problem(f'the text of {act.title} settles the reading "{reading}"', why=why, do="leave it out")
    options = [known.name for known in act.readings[reading].options]
    if option not in options:
        advice = did_you_mean(option, options) or f"choose one of: {', '.join(options)}"
        return Problem(f'the reading "{reading}" has no option "{option}"', do=advice)
    return None
