"""Law data as records; refuses what cites nothing, what contradicts itself, and rules without cases.

A fault in law data is a LawError that shows file and line, and both places where two clash.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from io import StringIO
from itertools import combinations
from pathlib import Path
from typing import Any, Literal, cast, get_args

from jointbuy.errors import LawError, Where, did_you_mean
from jointbuy.law.reader import Reader
from jointbuy.noted import Note
from jointbuy.parameters import ENDED, Option, Overlay, Parameter, Reading, Standing
from jointbuy.places import Membership, Places, fold
from jointbuy.rules import Clause, Rule, Terms
from jointbuy.yamltext import Fields

HERE = Path(__file__).parent
_FIRST = "safe"
_SHARED = ("countries.csv", "groups.yaml", "readings.yaml")
_NOT_CASES = {"act", "parameters", "readings", "coverage"}
_ROLES = (
    *("control majority", "control review", "involved share", "component limit", "component floor"),
    *("last request", "last decision", "last call", "availability ends", "borrowers"),
    *("most lent", "pre-financing share", "requests a year", "largest states", "share of the largest"),
    *("study years", "assessment months"),
    *("loan years", "grace years"),
    *(f"{sister} since" for sister in ("EDIDP", "EDF", "ASAP", "EDIRPA")),
)
_ACT = ("title", "short", "citation", "reference", "perimeter", "ordinary", "as_of", "conditions")
_ACT_MAY = ("routes", "roles", "settles", "earlier_contracts", "pays", "controllers")
_CITED = ("source", "confidence", "checked", "known_since")
_STANDING = ("value", "since", "known_since", "provision", "reference", "confidence", "checked")
_Unit = Literal["share", "date", "count", "word", "days"]


@dataclass(frozen=True, slots=True)
class Route:
    """An alternative way to meet an act's conditions, open while parameter `opens` has a value.

    Of an agreement `partner` is the other party's name, and the group of its id has that party's members; other routes
    have none. `verified` tells whether its text was read.
    """

    id: str
    title: str
    partner: str
    opens: str
    provision: str
    reference: str
    verified: bool
    where: Where


@dataclass(frozen=True, slots=True, eq=False)
class Act:
    """One act: its conditions as (id, title) in the order a lawyer reads them, and all that decides them.

    Two are the same only where they are one object, so that what is found in an act can be kept beside it.
    `rules` are sorted by id. `digest` covers the act's files and the shared ones, whatever their
    line ends.
    """

    name: str
    title: str
    short: str
    """The conditions in a few words, as a verdict names them."""
    citation: str
    reference: str
    perimeter: str
    """Group of countries that counts as inside."""
    controllers: str
    """Group whose control does no harm, where it is another one."""
    ordinary: str
    """What the act's own rules are called beside its routes."""
    as_of: date
    conditions: tuple[tuple[str, str], ...]
    routes: tuple[Route, ...]
    rules: tuple[Rule, ...]
    """Under an agreement, its terms are rules like the act's own."""
    terms: tuple[Terms, ...]
    clauses: tuple[Clause, ...]
    """What tender, contract, annexes and notices must carry, in the order in which a buyer writes them."""
    notes: tuple[Note, ...]
    """What it does not decide, for purchases of which that must be said."""
    parameters: Mapping[str, Parameter]
    readings: Mapping[str, Reading]
    settled: Mapping[str, str]
    """Readings that the act's own text decides, with the option it comes to."""
    roles: Mapping[str, str]
    """Parameters that are used outside of rules, by what they are for; what an act lacks it does not ask."""
    earlier_contracts: str
    """Provision by which a contract signed before the act's first day may count; empty where none does."""
    pays: str
    """What the act pays, with parameters in braces; empty where that is not said."""
    places: Places
    digest: str
    overlay: Overlay | None = None
    """What somebody laid over our law data."""

    @property
    def period(self) -> tuple[date, date | None]:
        """The act's first day, and the day after its last where it has one."""
        values = self.parameters["act.entry_into_force"].values
        last = max(values, key=lambda value: value.since)
        return min(value.since for value in values), last.until


# --- countries and groups -----------------------------------------------------------------


def load_places(folder: Path) -> Places:
    """`countries.csv` and `groups.yaml` of a folder."""
    reader = Reader(folder)
    names, titles = _countries(reader)
    tree = reader.tree("groups.yaml")
    reader.only(tree, ("groups", "states", "unions", "own"))
    group_titles: dict[str, str] = {}
    memberships: dict[str, tuple[Membership, ...]] = {}
    for name, _, fields in reader.members(tree, "groups"):
        group_titles[name], memberships[name] = group_of(reader, fields, titles)
    unions: dict[str, tuple[str, ...]] = {}
    for name, where, fields in reader.members(tree, "unions"):
        reader.only(fields, ("title", "of"))
        group_titles[name] = reader.text(fields, "title")
        unions[name] = tuple(str(getattr(node, "value", "")) for node in reader.items(fields, "of"))
        for part in unions[name]:
            if part not in memberships:
                reader.fault(f'the union names an unknown group "{part}"', where, do=did_you_mean(part, memberships))
    group_titles |= reader.texts(tree, "own")
    states = reader.texts(tree, "states")
    for code in (code for pair in states.items() for code in pair if code not in titles):
        reader.fault(f'"{code}" is no country code', reader.where("groups.yaml"), do="see states")
    reader.done()
    return Places(names, titles, group_titles, memberships, unions, states)


def _countries(reader: Reader) -> tuple[dict[str, str], dict[str, str]]:
    """Alpha-2 code by every folded code, name and alias; English name by code."""
    names: dict[str, str] = {}
    titles: dict[str, str] = {}
    lines: dict[str, int] = {}
    rows = csv.reader(StringIO(reader.content("countries.csv") or ""))
    next(rows, None)
    for line, row in enumerate(rows, start=2):
        where = reader.where("countries.csv", line)
        if len(row) != 4 or not all(row[:3]):
            reader.fault("a country needs alpha2, alpha3, name and aliases", where)
            continue
        code, alpha3, title, aliases = row
        titles[code] = title
        for word in (code, alpha3, title, *filter(None, aliases.split("|"))):
            known = fold(word)
            if known in names:
                reader.fault(f'"{word}" stands for {names[known]} and {code}', where, f"see line {lines[known]}")
            names[known], lines[known] = code, line
    return names, titles


def group_of(reader: Reader, group: Fields, titles: Mapping[str, str]) -> tuple[str, tuple[Membership, ...]]:
    """A group's title and members; what a member does not state for itself is taken from the group."""
    reader.only(group, ("title", *_CITED, "members"))
    found: list[tuple[Membership, Where]] = []
    for node in reader.items(group, "members"):
        fields = reader.fields(node)
        reader.only(fields, ("country", "since"), ("until", "member", *_CITED))
        cited = Fields({**group.fields, **fields.fields}, {**group.keys, **fields.keys}, fields.where)
        country, since = reader.text(fields, "country"), reader.day(fields, "since")
        if country not in titles:
            reader.fault(f'"{country}" is no country code', fields.where)
        on_joining = reader.text(cited, "known_since") == "on joining"
        reader.day(cited, "checked")
        entry = Membership(
            country,
            since,
            reader.day_if_given(fields, "until"),
            since if on_joining else reader.day(cited, "known_since"),
            reader.verified(cited),
            reader.text(cited, "source"),
            member=_is_member(reader, fields),
        )
        found.append((entry, fields.where))
    for (one, here), (other, there) in combinations(found, 2):
        if one.country == other.country and _overlap(one, other):
            reader.fault(f"{one.country} is a member twice at a time", here, f"also at {there}")
    return reader.text(group, "title"), tuple(entry for entry, _ in found)


def _is_member(reader: Reader, fields: Fields) -> bool:
    """Whether an entry says that the country is in the group, as it does unless it says no."""
    said = reader.text(fields, "member") if "member" in fields.fields else "yes"
    if said not in {"yes", "no"}:
        reader.fault('"member" must be yes or no', fields.keys["member"], do="write no for a country that is not in it")
    return said == "yes"


def _overlap(one: Membership | Standing, other: Membership | Standing) -> bool:
    """Whether two spans of days, each up to the day before `until`, have a day in common."""
    return (one.until is None or other.since < one.until) and (other.until is None or one.since < other.until)


# --- an act -------------------------------------------------------------------------------


def load_act(name: str, folder: Path, places: Places) -> Act:
    """The act in the sub-folder `name`, with the rules of our own package of that name."""
    acts = sorted(path.parent.name for path in HERE.glob("*/act.yaml"))
    if name not in acts:
        raise LawError(f'there is no act "{name}"; known: {", ".join(acts)}')
    reader = Reader(folder)
    tree = reader.tree(f"{name}/act.yaml")
    reader.only(tree, _ACT, _ACT_MAY)
    parameters = {key: one for key, (one, _) in parameters_of(reader, f"{name}/parameters.yaml").items()}
    perimeter = reader.text(tree, "perimeter")
    readings = _readings(reader, "readings.yaml")
    if name != _FIRST:  # the shared ones cite the act they were written for
        readings = {each.id: replace(each, provision=f"SAFE, {each.provision}") for each in readings.values()}
    if (reader.folder / name / "readings.yaml").is_file():
        readings |= _readings(reader, f"{name}/readings.yaml")
    if "act.entry_into_force" not in parameters:
        reader.fault(
            "act.entry_into_force is missing", reader.where(f"{name}/parameters.yaml"), do="add it, with its days"
        )
    routes = tuple(agreement_of(reader, *member, parameters, places) for member in reader.members(tree, "routes"))
    apart(reader, routes, parameters, places)
    conditions = reader.texts(tree, "conditions")
    own, terms = rules_of(reader, name)
    rules = standing(own, terms, routes)
    _placed(reader, name, rules, conditions, [route.id for route in routes])
    found = Act(
        name=name,
        title=reader.text(tree, "title"),
        short=reader.text(tree, "short"),
        citation=reader.text(tree, "citation"),
        reference=reader.text(tree, "reference"),
        perimeter=perimeter,
        controllers=reader.text(tree, "controllers") or perimeter,
        ordinary=reader.text(tree, "ordinary"),
        as_of=reader.day(tree, "as_of"),
        conditions=tuple(conditions.items()),
        routes=routes,
        rules=rules,
        terms=terms,
        clauses=_written(name, "clauses"),
        notes=_written(name, "notes"),
        parameters=parameters,
        readings=readings,
        settled=_settled(reader, tree, readings),
        roles=_roles(reader, tree, parameters),
        earlier_contracts=reader.text(tree, "earlier_contracts"),
        pays=reader.text(tree, "pays"),
        places=with_partners(places, perimeter, routes),
        digest=digest_of(folder, name),
    )
    reader.done()
    return found


def parameters_of(reader: Reader, file: str) -> dict[str, tuple[Parameter, Where]]:
    """Parameters, and where each stands, by id: the heading (`art16`), a dot and the name."""
    tree = reader.tree(file)
    found: dict[str, tuple[Parameter, Where]] = {}
    for heading in tree.fields:
        for name, where, fields in reader.members(tree, heading):
            reader.only(fields, ("title", "unit", "values"))
            unit = reader.text(fields, "unit")
            if unit not in get_args(_Unit):
                reader.fault(f'"{unit}" is no unit', where, do=f"use one of: {', '.join(get_args(_Unit))}")
                continue
            values = tuple(_standing(reader, reader.fields(node), unit) for node in reader.items(fields, "values"))
            for one, other in combinations(values, 2):
                if _overlap(one, other):
                    reader.fault(f"{heading}.{name} has two values at a time", one.where, f"also at {other.where}")
            key = f"{heading}.{name}"
            found[key] = Parameter(key, reader.text(fields, "title"), cast(_Unit, unit), values), where
    return found


def _standing(reader: Reader, fields: Fields, unit: str) -> Standing:
    reader.only(fields, _STANDING, ("until",))
    return Standing(
        reader.value(fields, unit),
        reader.day(fields, "since"),
        reader.day_if_given(fields, "until"),
        reader.day(fields, "known_since"),
        reader.text(fields, "provision"),
        reader.text(fields, "reference"),
        reader.verified(fields),
        reader.day(fields, "checked"),
        fields.where,
    )


def agreement_of(
    reader: Reader, name: str, where: Where, fields: Fields, parameters: Mapping[str, Parameter], places: Places
) -> Route:
    """One agreement of an act."""
    reader.only(fields, ("title", "opens", "provision", "reference", "confidence"), ("partner",))
    if "partner" in fields.fields and name not in places.memberships:
        reader.fault(f'the agreement needs a group "{name}" with its partner', where, do="add it to groups.yaml")
    opens = reader.text(fields, "opens")
    if opens and opens not in parameters:
        reader.fault(f'the route opens with an unknown parameter "{opens}"', where, do=did_you_mean(opens, parameters))
    title, partner, provision, reference = (
        reader.text(fields, key) for key in ("title", "partner", "provision", "reference")
    )
    return Route(name, title, partner, opens, provision, reference, reader.verified(fields), where)


def _opening(route: Route, parameters: Mapping[str, Parameter]) -> tuple[Standing, ...]:
    """The values while which a route is open."""
    values = parameters[route.opens].values if route.opens in parameters else ()
    return tuple(value for value in values if value.value != ENDED)


def apart(reader: Reader, routes: Iterable[Route], parameters: Mapping[str, Parameter], places: Places) -> None:
    """Refuse two agreements that open the act to one country on the same days: nobody could say whose terms count."""
    for one, other in combinations([each for each in routes if each.partner], 2):
        both = sorted(
            {
                here.country
                for here in places.memberships.get(one.id, ())
                for there in places.memberships.get(other.id, ())
                if here.country == there.country and _overlap(here, there)
            }
        )
        together = any(
            _overlap(here, there) for here in _opening(one, parameters) for there in _opening(other, parameters)
        )
        if both and together:
            what = f"the agreements {one.id} and {other.id} both open the act to {', '.join(both)}"
            do = f"end the parameter {one.opens} or {other.opens} with until"
            reader.fault(what, other.where, f"the other stands at {one.where}", do)


def with_partners(places: Places, perimeter: str, routes: Iterable[Route]) -> Places:
    """With a group of the perimeter and each partner: for Canada `inside and canada`."""
    titles, unions = dict(places.group_titles), dict(places.unions)
    for route in (each for each in routes if each.partner):
        both = f"{perimeter} and {route.id}"
        unions[both] = (*places.unions.get(perimeter, (perimeter,)), route.id)
        titles[both] = f"{titles.get(perimeter, perimeter).replace(' and ', ', ')} and {route.partner}"
    return replace(places, group_titles=titles, unions=unions)


def _written(name: str, module: str) -> tuple[Any, ...]:
    """The act's clauses or notes, which stand in a module of its own; an act may have none."""
    if not (HERE / name / f"{module}.py").is_file():
        return ()
    found: tuple[Any, ...] = getattr(import_module(f"jointbuy.law.{name}.{module}"), module.upper())
    return found


def _settled(reader: Reader, tree: Fields, readings: Mapping[str, Reading]) -> dict[str, str]:
    """The option of each reading that the act's text settles, each with the provision that does."""
    found: dict[str, str] = {}
    for name, where, fields in reader.members(tree, "settles"):
        reader.only(fields, ("option", "provision"))
        found[name] = reader.text(fields, "option")
        options = [option.name for option in readings[name].options] if name in readings else []
        if name not in readings:
            reader.fault(f'the act settles an unknown reading "{name}"', where, do=did_you_mean(name, readings))
        elif found[name] not in options:
            reader.fault(f'"{name}" has no option "{found[name]}"', where, do=did_you_mean(found[name], options))
    return found


def _roles(reader: Reader, tree: Fields, parameters: Mapping[str, Parameter]) -> dict[str, str]:
    """Parameters by what they are for outside of rules."""
    found = reader.texts(tree, "roles")
    for role, name in found.items():
        where = reader.fields(tree.fields["roles"]).keys[role]
        if role not in _ROLES:
            reader.fault(f'nobody asks for the role "{role}"', where, do=f"known: {', '.join(_ROLES)}")
        if name not in parameters:
            reader.fault(f'the role names an unknown parameter "{name}"', where, do=did_you_mean(name, parameters))
    return found


def _readings(reader: Reader, file: str) -> dict[str, Reading]:
    found: dict[str, Reading] = {}
    tree = reader.tree(file)
    for name, node in tree.fields.items():
        fields = reader.fields(node)
        reader.only(fields, ("question", "provision", "options"))
        options = tuple(Option(*item) for item in reader.texts(fields, "options").items())
        found[name] = Reading(name, reader.text(fields, "question"), reader.text(fields, "provision"), options)
    return found


# --- rules --------------------------------------------------------------------------------


def rules_of(reader: Reader, act: str) -> tuple[tuple[Rule, ...], tuple[Terms, ...]]:
    """The rule, or the terms of agreements, in each module of the act that has any.

    The cases of each must stand beside it, and no others.
    """
    found: list[Rule | Terms] = []
    for path in sorted((HERE / act).glob("*.py")):
        module = import_module(f"jointbuy.law.{act}.{path.stem}")
        rules = [value for value in vars(module).values() if isinstance(value, Rule | Terms)]
        if len(rules) > 1:
            reader.fault("one file holds one rule", reader.where(f"{act}/{path.name}"))
        found.extend(rules)
    ruled = {rule.id.partition(".")[2] for rule in found}
    cases = {path.stem for path in (reader.folder / act).glob("*.yaml")} - _NOT_CASES
    for stem in sorted(ruled - cases):
        where = reader.where(f"{act}/{stem}.py")
        reader.fault("this rule has no cases", where, do=f"write {stem}.yaml beside it")
    for stem in sorted(cases - ruled):
        where = reader.where(f"{act}/{stem}.yaml")
        reader.fault("these cases have no rule", where, do=f"write {stem}.py or rename the file")
    return tuple(one for one in found if isinstance(one, Rule)), tuple(one for one in found if isinstance(one, Terms))


def standing(rules: Iterable[Rule], terms: Iterable[Terms], routes: Iterable[Route]) -> tuple[Rule, ...]:
    """The act's own rules, and the terms of every agreement, by id."""
    under = [one.under(route.id, route.partner, route.provision) for one in terms for route in routes if route.partner]
    return tuple(sorted([*rules, *under], key=lambda rule: (rule.id, rule.route or "")))


def _placed(
    reader: Reader, act: str, rules: Iterable[Rule], conditions: Mapping[str, str], routes: Iterable[str]
) -> None:
    """Refuse a rule that names a condition or a route that the act does not have."""
    for rule in rules:
        where = Where(f"{HERE.name}/{rule.id.replace('.', '/')}.py")
        if rule.condition not in conditions:
            known = did_you_mean(rule.condition, conditions) or f"{act}/act.yaml lists them"
            reader.fault(f'the rule names an unknown condition "{rule.condition}"', where, do=known)
        if rule.route is not None and rule.route not in routes:
            reader.fault(f'the rule names an unknown route "{rule.route}"', where, do=f"{act}/act.yaml lists them")


def digest_of(folder: Path, act: str) -> str:
    """SHA-256 over name and content of every file of the act and the shared ones, with line ends made equal."""
    paths = {name: folder / name for name in _SHARED}
    paths |= {f"{act}/{path.name}": path for path in (folder / act).glob("*.yaml")}
    paths |= {f"{part}/{path.name}": path for part in (act, "shared") for path in (HERE / part).glob("*.py")}
    whole = hashlib.sha256()
    for name in sorted(paths):
        if paths[name].is_file():
            content = re.sub(rb"\r\n?", b"\n", paths[name].read_bytes())
            whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return f"sha256:{whole.hexdigest()}"
