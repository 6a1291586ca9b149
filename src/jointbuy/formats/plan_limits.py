"""The limits of plan.yaml: commonality, fleets, dependence, partners, work share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from jointbuy.errors import Where
from jointbuy.formats import plan_tables as tables
from jointbuy.formats import scalars
from jointbuy.formats.plan_fields import Reader
from jointbuy.formats.problems import listed, shown
from jointbuy.joint import SHARED, Dependence, Fleet, Limit, Partners, Systems, WorkShare
from jointbuy.places import DECLARED, Places
from jointbuy.yamltext import Fields, Items


@dataclass(frozen=True, slots=True)
class Members:
    """What a limit may name: countries and groups on the day of signature, states and capabilities of the plan."""

    places: Places
    on: date
    states: tuple[str, ...]
    capabilities: tuple[str, ...]

    def of(self, name: str) -> tuple[str, ...] | None:
        """The countries of a name: one country, or those of a group; None for an unknown one."""
        code = self.places.recognise(name)
        if code:
            return (code,)
        groups = DECLARED.get(name, (name,) if name in self.places.group_titles else ())
        if not groups:
            return None
        found = (self.places.group(group, self.on, date.max).members for group in groups)
        return tuple(sorted(set().union(*found)))


def countries(reader: Reader, key: str, members: Members) -> tuple[str, ...]:
    """Countries named one by one or as groups."""
    found: dict[str, None] = {}
    for name in reader.words(key):
        codes = members.of(name)
        if codes is None:
            do = reader.problems.near(name, [*members.places.titles.values(), *members.places.group_titles, *DECLARED])
            do = do or "write a country's ISO code or name, or a group such as EU"
            reader.problems.add(f"{key} holds {shown(name)}", reader.where(key), "it is no country and no group", do)
        else:
            found.update(dict.fromkeys(codes))
    return tuple(found)


def limits(reader: Reader, members: Members) -> tuple[Limit, ...]:
    """Every limit; each is a mapping whose first key says its kind."""
    node = reader.tree.fields.get("limits")
    if node is None:
        return ()
    if not isinstance(node, Items):
        reader.problems.add("limits is no list", reader.where("limits"), do="write each limit after a dash")
        return ()
    found: list[Limit] = []
    for item in node.items:
        if not isinstance(item, Fields):
            reader.problems.add(
                "this limit holds no keys", item.where, do=f"begin it with one of: {listed(list(_KINDS))}"
            )
            continue
        one = reader.of(item)
        kind = next((key for key in item.fields if key in _KINDS), None)
        if kind is None:
            first = next(iter(item.fields), "")
            do = reader.problems.near(first, list(_KINDS), f"begin it with one of: {listed(list(_KINDS))}")
            reader.problems.add("this limit has no kind", item.where, do=do)
            continue
        made = _KINDS[kind](one, members, item.where)
        if made is not None:
            found.append(made)
    return tuple(found)


def _states(reader: Reader, key: str, members: Members) -> tuple[str, ...]:
    """States of the plan; all where the key is absent."""
    found: dict[str, None] = {}
    for name in reader.words(key):
        for code in members.of(name) or ():
            if code in members.states:
                found[code] = None
        if not set(members.of(name) or ()) & set(members.states) and "states.csv" not in reader.problems.unread:
            do = f"the states are: {listed(members.states, 40)}"
            reader.problems.add(f"{key} holds {shown(name)}", reader.where(key), "it is no state of the plan", do)
    return tuple(found) if key in reader.tree.fields else members.states


def _capability(reader: Reader, key: str, members: Members) -> tuple[str, ...]:
    found = reader.words(key)
    for name in found:
        if name not in members.capabilities and "needs.csv" not in reader.problems.unread:
            do = reader.problems.near(name, members.capabilities, f"needed are: {listed(members.capabilities, 40)}")
            reader.problems.add(f"{key} holds {shown(name)}", reader.where(key), "no state needs it", do)
    return found if key in reader.tree.fields else members.capabilities


def _systems(reader: Reader, members: Members, where: Where) -> Systems | None:
    reader.only(["systems", "capability", "states"])
    most, capability = reader.word("systems", tables.some), reader.text("capability")
    states = _states(reader, "states", members)
    if capability:
        _capability(reader, "capability", members)
    return Systems(most, capability, states, where) if most and capability else None


def _fleet(reader: Reader, members: Members, where: Where) -> Fleet | None:
    reader.only(["fleet", "shares", "states", "capabilities"])
    name, kind = reader.text("fleet"), reader.text("shares")
    if kind and kind not in SHARED:
        do = reader.problems.near(kind, SHARED, f"write one of: {listed(SHARED)}")
        reader.problems.add(f"shares is {shown(kind)}", reader.where("shares"), do=do)
        return None
    states = _states(reader, "states", members)
    return Fleet(name, kind, states, _capability(reader, "capabilities", members), where) if name and kind else None


def _of(reader: Reader, members: Members) -> tuple[tuple[str, ...], bool]:
    """Who is looked at: `all` together, `each` by itself, or the states named, one by one."""
    said = reader.words("of") or ("all",)
    if said in {("all",), ("each",)}:
        return members.states, said == ("each",)
    return _states(reader, "of", members), True


def _dependence(reader: Reader, members: Members, where: Where) -> Dependence | None:
    reader.only(["dependence", "on", "of"])
    most = reader.word("dependence", scalars.share)
    found, (states, each) = countries(reader, "on", members), _of(reader, members)
    if not found and not reader.words("on"):
        reader.problems.add("on is missing", where, do="write on: and the countries that must not count for more")
    if most is None or not found:
        return None
    return Dependence(most, found, _listed(reader, "on"), states, each, where)


def _partners(reader: Reader, members: Members, where: Where) -> Partners | None:
    reader.only(["partner_share", "from", "of"])
    least = reader.word("partner_share", scalars.share)
    found, (states, each) = countries(reader, "from", members), _of(reader, members)
    if not found and not reader.words("from"):
        reader.problems.add("from is missing", where, do="write from: and the countries that count")
    if least is None or not found:
        return None
    return Partners(least, found, _listed(reader, "from"), states, each, where)


def _listed(reader: Reader, key: str) -> str:
    return listed(reader.words(key))


def _work_share(reader: Reader, members: Members, where: Where) -> WorkShare | None:
    reader.only(["work_share", "of"])
    node = reader.tree.fields["work_share"]
    if not isinstance(node, Fields):
        do = "write below: or above: in it, such as below: 10 %"
        reader.problems.add("work_share holds no keys", where, do=do)
        return None
    band = reader.of(node)
    band.only(["below", "above"])
    below, above = (band.word(key, scalars.share, needed=False) for key in ("below", "above"))
    if below is None and above is None:
        reader.problems.add("work_share has no band", where, do="write below: 10 % or above: 10 % in it")
        return None
    return WorkShare(below, above, _states(reader, "of", members), where)


_KINDS: dict[str, Callable[[Reader, Members, Where], Limit | None]] = {
    "systems": _systems,
    "fleet": _fleet,
    "dependence": _dependence,
    "partner_share": _partners,
    "work_share": _work_share,
}
