"""Law data that a user lays over ours: numbers, members of groups, agreements and defaults of readings, each cited.

For who holds an agreement's text that we have not seen, or a newer act. The folder is laid out like ours, and holds
only what differs:

    overlay.yaml            title, by, on, source: whose word it is
    groups.yaml             memberships that are corrected or added; the group of a new partner
    readings.yaml           another default for a reading, and why
    safe/parameters.yaml    values that are corrected or added; those of a new agreement
    safe/act.yaml           agreements (`routes`) that are corrected or added

A value stands on the days that it states, as known from the day that it states; ours on all others. A member with
`member: no` is not in the group on its days; an agreement whose `applies` is `ended` does not apply on its days. Rules
stay our own code: nothing in the folder is run.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from jointbuy import law
from jointbuy.errors import Where, did_you_mean
from jointbuy.law import inspect
from jointbuy.law.load import Act, Route, agreement_of, apart, group_of, parameters_of, standing, with_partners
from jointbuy.law.reader import Reader
from jointbuy.parameters import ENDED, Overlay, Parameter, Reading, Standing
from jointbuy.places import Membership, Places
from jointbuy.rules import Rule
from jointbuy.yamltext import Fields

Dated = TypeVar("Dated", bound=Standing | Membership)
APPLIES = ("provisionally applied", "applied", "in force", "counted", ENDED)
"""What may be said of an agreement, or another route that opens by a word, on some days."""
_SHARED, _OF_ACT = ("overlay.yaml", "groups.yaml", "readings.yaml"), ("parameters.yaml", "act.yaml")


def overlaid(base: Act, folder: Path) -> Act:
    """The act with what the folder corrects and adds. Raises LawError with every fault found in it."""
    return _Overlay(base, folder).act()


class _Overlay:
    """One folder on its way onto an act; `changes` tells what it does."""

    def __init__(self, base: Act, folder: Path) -> None:
        self.base, self.folder = base, folder
        self.reader = Reader(folder)
        self.changes: list[str] = []

    def act(self) -> Act:
        """The act under the overlay."""
        base, reader = self.base, self.reader
        if not (self.folder / "overlay.yaml").is_file():
            why = "it tells whose law data these are"
            reader.fault("there is no overlay.yaml in this folder", Where(self.folder.name), why, "write one")
            reader.done()
        about = reader.tree("overlay.yaml")
        reader.only(about, ("title", "by", "on", "source"))
        title, by, source = (reader.text(about, key) for key in ("title", "by", "source"))
        on = reader.day(about, "on")
        self.strangers()
        named = list(reader.members(self.tree(f"{base.name}/act.yaml", ("routes",)), "routes"))
        new = {name for name, _, _ in named} - {route.id for route in base.routes}
        places = self.places(new | self.elsewhere())
        parameters = self.parameters(new)
        routes = self.routes([agreement_of(reader, *each, parameters, places) for each in named])
        apart(reader, routes, parameters, places)
        found = replace(
            base,
            places=with_partners(places, base.perimeter, routes),
            parameters=parameters,
            routes=routes,
            rules=standing(self.own_rules(), base.terms, routes),
            readings=self.readings(),
            as_of=max(base.as_of, on),
        )
        reader.done()
        self.whole(found, {name: where for name, where, _ in named})
        digest = _digest(base.digest, self.files())
        return replace(
            found, digest=digest, overlay=Overlay(str(self.folder), title, by, on, source, digest, tuple(self.changes))
        )

    # --- files --------------------------------------------------------------------------------

    def files(self) -> dict[str, Path]:
        """What the folder may hold, and does, by name."""
        names = (*_SHARED, *(f"{self.base.name}/{name}" for name in _OF_ACT))
        return {name: path for name in names if (path := self.folder / name).is_file()}

    def strangers(self) -> None:
        """Refuse data that nobody reads: a misspelt file would be silently left out."""
        known = (*_SHARED, *_OF_ACT)
        for path in sorted(self.folder.rglob("*.yaml")):
            name = path.relative_to(self.folder).as_posix()
            act, _, file = name.rpartition("/")
            fits = file in (_OF_ACT if act in law.ACTS else () if act else _SHARED)
            if not fits:
                advice = did_you_mean(path.name, known) or f"known: {', '.join(known)}"
                advice += f"; the last two in a folder named after an act: {', '.join(law.ACTS)}"
                self.reader.fault("nobody reads this file", self.reader.where(name), do=advice)

    def tree(self, name: str, keys: tuple[str, ...] | None) -> Fields:
        """A file of the folder, or nothing where it has none; with any of the keys, or whatever where none are told."""
        if not (self.folder / name).is_file():
            return Fields({}, {}, self.reader.where(name))
        found = self.reader.tree(name)
        if keys is not None:
            self.reader.only(found, (), keys)
        return found

    # --- what it changes ----------------------------------------------------------------------

    def own_rules(self) -> Iterator[Rule]:
        """The act's own rules, those of its other routes among them; the terms of agreements are made anew."""
        terms = {one.id for one in self.base.terms}
        return (rule for rule in self.base.rules if rule.id not in terms)

    def elsewhere(self) -> set[str]:
        """The agreements that the folder adds to other acts: the groups of their partners stand beside ours."""
        others = (f"{name}/act.yaml" for name in law.ACTS if name != self.base.name)
        trees = [self.reader.tree(name) for name in others if (self.folder / name).is_file()]
        return {name for tree in trees for name, _, _ in self.reader.members(tree, "routes")}

    def places(self, new: set[str]) -> Places:
        """Groups with the members that the folder corrects and adds; a new agreement may add its partner's."""
        base, reader = self.base.places, self.reader
        memberships, titles = dict(base.memberships), dict(base.group_titles)
        for name, where, fields in reader.members(self.tree("groups.yaml", ("groups",)), "groups"):
            if name not in base.memberships and name not in new:
                advice = did_you_mean(name, base.memberships) or "a new group is for the partner of a new agreement"
                reader.fault(f'there is no group "{name}" to correct', where, do=advice)
                continue
            title, members = group_of(reader, fields, base.titles)
            titles.setdefault(name, title)
            memberships[name] = _over(base.memberships.get(name, ()), members)
            self.changed("group", name, name in base.memberships, where)
        return replace(base, memberships=memberships, group_titles=titles)

    def parameters(self, new: set[str]) -> Mapping[str, Parameter]:
        """Parameters with the values that the folder corrects and adds; a new agreement may add its own."""
        base, file, reader = self.base.parameters, f"{self.base.name}/parameters.yaml", self.reader
        if not (self.folder / file).is_file():
            return base
        found = dict(base)
        opens = {route.opens for route in self.base.routes if base[route.opens].unit == "word"}
        openings = {*opens, *(f"{each}.applies" for each in new)}
        for name, (parameter, where) in parameters_of(reader, file).items():
            ours = base.get(name)
            if ours is None and name.partition(".")[0] not in new:
                reader.fault(f'there is no parameter "{name}" to correct', where, do=did_you_mean(name, base))
            elif ours is not None and ours.unit != parameter.unit:
                why = f"it is a {ours.unit} at {ours.values[0].where}"
                reader.fault(f"{name} is a {parameter.unit} here", where, why, f"write unit: {ours.unit}")
            elif name in openings and (wrong := [each for each in parameter.values if each.value not in APPLIES]):
                what = f'{name} says "{wrong[0].value}", and whether the agreement applies then is not plain'
                reader.fault(what, wrong[0].where, do=f"write one of: {', '.join(APPLIES)}")
            else:
                values = _over(ours.values if ours else (), parameter.values)
                found[name] = replace(ours or parameter, values=values)
                self.changed("parameter", name, ours is not None, where)
        return found

    def routes(self, found: Iterable[Route]) -> tuple[Route, ...]:
        """Agreements, those of the folder in the place of ours."""
        named = {route.id: route for route in found}
        ours = {route.id: route for route in self.base.routes}
        for name in named:
            self.changed("agreement", name, name in ours, named[name].where)
        return tuple((ours | named).values())

    def readings(self) -> Mapping[str, Reading]:
        """Readings with the defaults of the folder."""
        base, reader = self.base.readings, self.reader
        found = dict(base)
        tree = self.tree("readings.yaml", None)
        for name, node in tree.fields.items():
            fields = reader.fields(node)
            reader.only(fields, ("default", "because"))
            default = reader.text(fields, "default")
            options = {option.name: option for option in base[name].options} if name in base else {}
            if default not in options or name in self.base.settled:
                self.of_another_act(name, default, tree.keys[name], fields.where)
                continue
            chosen = replace(options.pop(default), argument=reader.text(fields, "because"))
            found[name] = replace(base[name], options=(chosen, *options.values()))
            self.changed("default of the reading", name, True, fields.where)
        return found

    def of_another_act(self, name: str, default: str, key: Where, where: Where) -> None:
        """Refuse a default that no act has to choose; what another act leaves open is for that one."""
        acts = [self.base, *(law.act(other) for other in law.ACTS if other != self.base.name)]
        options = {act.name: [each.name for each in act.readings[name].options] for act in acts if name in act.readings}
        leaves_open = [act for act in acts if name not in act.settled and default in options.get(act.name, ())]
        if leaves_open:
            return
        if not options:
            known = {each for act in acts for each in act.readings}
            self.reader.fault(f'nobody reads the key "{name}"', key, do=did_you_mean(name, known))
            return
        own = next(iter(options.values()))
        if default in own:
            why, do = "the text of every act that knows it settles it", "leave it out"
            self.reader.fault(f'the reading "{name}" is not open', where, why, do)
            return
        advice = did_you_mean(default, own) or f"choose one of: {', '.join(own)}"
        self.reader.fault(f'the reading "{name}" has no option "{default}"', where, do=advice)

    def changed(self, kind: str, name: str, there: bool, where: Where) -> None:
        """Tell one change."""
        self.changes.append(f"{'corrects' if there else 'adds'} the {kind} {name} ({where})")

    def whole(self, act: Act, agreements: Mapping[str, Where]) -> None:
        """Refuse an agreement that lacks what its rules compare with."""
        for rule in act.rules:
            if rule.route in agreements:
                for name in inspect.uses(rule).parameters:
                    if name not in act.parameters:
                        what = f'the agreement "{rule.route}" needs the parameter {name}'
                        where = agreements[rule.route or ""]
                        self.reader.fault(what, where, f"{rule.id} compares with it", "add it to parameters.yaml")
        self.reader.done()


def _over(ours: Sequence[Dated], theirs: Sequence[Dated]) -> tuple[Dated, ...]:
    """Ours, each for the days on which none of theirs stands, and on those until theirs became known; then theirs."""
    left = ours
    for new in theirs:
        alike = [getattr(old, "country", None) == getattr(new, "country", None) for old in left]
        left = [piece for old, one in zip(left, alike, strict=True) for piece in (_cut(old, new) if one else [old])]
    return (*left, *theirs)


def _cut(old: Dated, new: Dated) -> Iterator[Dated]:
    """The pieces of an older entry before, during (as known until then) and after a newer one."""
    ends = [day for day in (old.until, new.until) if day is not None]
    first, last = max(old.since, new.since), min(ends, default=None)
    if last is not None and first >= last:
        yield old
        return
    if old.since < first:
        yield replace(old, until=first)
    known = min(filter(None, (old.known_until, new.known_since)))
    if old.known_since < known:
        yield replace(old, since=first, until=last, known_until=known)
    if last is not None and (old.until is None or last < old.until):
        yield replace(old, since=last)


def _digest(base: str, files: Mapping[str, Path]) -> str:
    """SHA-256 over our law's digest and every file of the folder, with line ends made equal."""
    whole = hashlib.sha256(base.encode())
    for name in sorted(files):
        content = re.sub(rb"\r\n?", b"\n", files[name].read_bytes())
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return f"sha256:{whole.hexdigest()}"
