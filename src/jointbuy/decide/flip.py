"""What would turn a finding, and what would turn the verdict: the shortest ways, found over the rule's own expression.

A way is a set of facts, or of answers to questions, that would have to be otherwise. Of *all of* every part that does
not hold needs its own; of *any of* the shortest is taken; a rule that applies only *when* something holds also turns
when that no longer does. All other facts stay what they are. What is found is a statement of what would have to be
true, never advice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from itertools import combinations
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from jointbuy.decide import needs
from jointbuy.decide.after import after, status
from jointbuy.decide.needs import At, Way, together
from jointbuy.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    ByReading,
    Every,
    Expression,
    Facts,
    Rule,
    S,
    Under,
    When,
)
from jointbuy.turning import Needed, Turned, Turning, Turns
from jointbuy.turning import Way as Told

_HOLDS, _MET = frozenset({S.MET, S.NOT_APPLICABLE}), frozenset({S.MET})
_BLOCKS, _OFF = frozenset({S.NOT_MET, S.UNKNOWN}), frozenset({S.NOT_MET, S.NOT_APPLICABLE})
_OPEN = frozenset({S.UNKNOWN, S.JUDGEMENT})
_KEPT, _SHOWN, _EDGES = 12, 4, 2
"""How many ways are followed at a time, the shortest first, and how many are told; of edges fewer."""
_MANY = 12
"""Parts of which each may be followed in several ways."""
_THERE, _length = [needs.NOTHING], attrgetter("length")
_NOBODY: Facts = {}
"""The facts of a member that is yet to come."""


def turns(expression: Expression, want: Set[S], here: At, most: int = _SHOWN) -> Turns:
    """The shortest ways to make a rule come to one of some statuses, each of them tried."""
    found: list[Way] = []
    waiting = sorted(_ways(expression, want, here), key=lambda way: (way.length, _told(way).distance))
    while waiting and not _enough(found, waiting[0], most):
        found += _settled(expression, want, here, waiting.pop(0))
    shortest = [way for way in _shortest(found) if way.length == min(map(_length, found))]
    told = _nearest(_told(way) for way in shortest if not any(other.names < way.names for other in shortest))
    more = len(told) > most or bool(shortest and waiting and waiting[0].length == shortest[0].length)
    return Turns(tuple(told[:most]), more)


def _enough(found: list[Way], way: Way, most: int) -> bool:
    """Whether nothing shorter than what was found is to come, or as many as are told."""
    best = min(map(_length, found), default=way.length)
    return way.length > best or (sum(each.length == best for each in found) >= most and way.length == best)


def _settled(expression: Expression, want: Set[S], here: At, way: Way, rounds: int = 2) -> list[Way]:
    """The way, if it does; otherwise with what it needs beside, because it changes a fact that others rest on."""
    there = after(here, way)
    if there is None or status(expression, there) in want:
        return [_without_idle(expression, want, here, way)]
    longer = (together(way, other) for other in _ways(expression, want, there)[:_SHOWN]) if rounds else ()
    return [each for both in longer if both is not None for each in _settled(expression, want, here, both, rounds - 1)]


def _without_idle(expression: Expression, want: Set[S], here: At, way: Way) -> Way:
    """The way without what it turns out not to need, as another step of it brings that about."""
    for key in way.needs if len(way.needs) > 1 else ():
        fewer = needs.way({other: need for other, need in way.needs.items() if other != key})
        there = after(here, fewer)
        if there is not None and status(expression, there) in want:
            return _without_idle(expression, want, here, fewer)
    return way


def _nearest(ways: Iterable[Told]) -> list[Told]:
    """The ways, nearest first; of those that say more or less of one thing the nearest alone."""
    found: dict[object, Told] = {}
    for way in sorted(ways, key=lambda each: each.distance):
        (step, *others) = way.steps
        about = (step.kind, step.fact, step.group, step.kind == "money" and step.to)
        found.setdefault(about if way.measured and not others else way, way)
    return list(found.values())


def _told(way: Way) -> Told:
    return Told(needs.steps(way))


# --- over the expression ----------------------------------------------------------------------


def _ways(expression: Expression, want: Set[S], here: At) -> list[Way]:
    """The ways to one of the wanted statuses, shortest first; the empty one where it is there already."""
    if here.node(expression).status in want:
        return _THERE
    branch = _HOW.get(type(expression))
    return _shortest(branch(expression, want, here)) if branch else needs.of(expression, want, here)


def _shortest(found: list[Way]) -> list[Way]:
    """Each way once, shortest first; no more than can be followed."""
    if len(found) < 2:
        return found
    return sorted({way.names: way for way in found}.values(), key=lambda way: (way.length, len(way.names)))[:_KEPT]


def _cross(each: Iterable[list[Way]]) -> list[Way]:
    """One way of each, together; of very many parts only the shortest way of each is followed."""
    found, parts = _THERE, [options for options in each if options is not _THERE]
    for options in parts:
        follow = options if len(parts) <= _MANY else options[:1]
        both = (together(one, other) for one in found for other in follow)
        found = _shortest([way for way in both if way is not None])
    return found


def _all(branch: AllOf, want: Set[S], here: At) -> list[Way]:
    return _lowest([(each, here) for each in branch.of], want)


def _lowest(parts: Sequence[tuple[Expression, At]], want: Set[S]) -> list[Way]:
    """Ways for what is as good as its worst part."""
    if S.MET not in want:
        return [way for part, there in parts for way in _ways(part, want - {S.NOT_APPLICABLE}, there)]
    holding = [_ways(part, _HOLDS, there) for part, there in parts]
    if S.NOT_APPLICABLE in want or any(there.node(part).status is S.MET for part, there in parts):
        return _cross(holding)
    found: list[Way] = []
    for place, (part, there) in enumerate(parts):  # one at least is met, and not only set aside
        found += _cross([*holding[:place], _ways(part, _MET, there), *holding[place + 1 :]])
    return found


def _any(branch: AnyOf, want: Set[S], here: At) -> list[Way]:
    if S.MET in want:
        return [way for part in branch.of for way in _ways(part, _MET, here)]
    return _cross([_ways(part, want | {S.NOT_APPLICABLE}, here) for part in branch.of])


def _when(branch: When, want: Set[S], here: At) -> list[Way]:
    found: list[Way] = []
    if S.NOT_APPLICABLE in want:
        found += _ways(branch.condition, _OFF, here)
    if S.MET in want:
        applies = _MET if S.NOT_APPLICABLE not in want else frozenset(S)
        return found + _cross([_ways(branch.condition, applies | _OPEN, here), _ways(branch.then, want, here)])
    applies = _MET | (want & _OPEN)
    return found + _cross([_ways(branch.condition, applies, here), _ways(branch.then, want, here)])


def _every(branch: Every, want: Set[S], here: At) -> list[Way]:
    members = here.members(branch.collection)
    if members is None:
        return _stated(branch.collection, "none of it in the way", here) if S.MET in want else []
    return _lowest([(branch.member, there) for there in members], want)


def _at_least(branch: AtLeast, want: Set[S], here: At) -> list[Way]:
    members = here.members(branch.collection)
    if members is None:
        return _stated(branch.collection, "and enough of it qualifying", here) if S.MET in want else []
    number = here.number(branch)
    statuses = {place: there.node(branch.member).status for place, there in enumerate(members)}
    if S.MET not in want:
        # So many must stop qualifying that too few are left.
        held = [members[place] for place, status in statuses.items() if status not in want | _OFF]
        fewer = [_ways(branch.member, want | {S.NOT_APPLICABLE}, there) for there in held]
        return _any_of_them(fewer, len(held) - number + 1)
    missing = number - sum(status is S.MET for status in statuses.values())
    turned = [_ways(branch.member, _MET, members[at]) for at, status in statuses.items() if status is not S.MET]
    found: list[Way] = []
    for more in range(missing + 1):
        new = [[_one_more(branch, here, place)] for place in range(more)]
        found += [both for way in _any_of_them(turned, missing - more) for both in _cross([[way], *new])]
    return found


def _any_of_them(each: list[list[Way]], number: int) -> list[Way]:
    """So many of the members together, those with the shortest ways and a few beside."""
    able = sorted(filter(None, each), key=lambda found: found[0].length)
    return [way for some in combinations(able[: number + 2], number) for way in _cross(some)]


def _one_more(branch: AtLeast, here: At, place: int) -> Way:
    """One more member, and what would be true of it."""
    there = here.member(branch.collection, f"+{place}", _NOBODY)
    (way, *_) = _ways(branch.member, _MET, there) or _THERE
    return needs.alone(needs.one_more(there.path[:-1], here.subject, way))


def _stated(collection: str, how: str, here: At) -> list[Way]:
    """The collection would have to be stated."""
    need = needs.stated(collection, here)
    return [needs.alone(need._replace(step=replace(need.step, text=f"{need.step.text}, {how}")))]


def _under(branch: Under, want: Set[S], here: At) -> list[Way]:
    return _ways(branch.of, want, here)


def _reading(branch: ByReading, want: Set[S], here: At) -> list[Way]:
    return _ways(branch.options[here.view.reading(branch.reading)], want, here)


_HOW: Mapping[type, Callable[..., list[Way]]] = {
    AllOf: _all,
    AnyOf: _any,
    When: _when,
    Every: _every,
    AtLeast: _at_least,
    Under: _under,
    ByReading: _reading,
}


# --- over the conditions ----------------------------------------------------------------------


class Held(NamedTuple):
    """A rule that stands on an open route, what it came to, and where that was seen."""

    rule: Rule
    status: S
    at: At

    @property
    def key(self) -> Key:
        """What names its finding."""
        return self.rule.id, self.rule.route


Key: TypeAlias = tuple[str, str | None]
"""A rule by its id and route."""
Choice: TypeAlias = Mapping[str, Sequence[Held]]
"""A way to meet the act's conditions: for each the rules that are alternatives on it."""


def choices(held: Sequence[Held], routes: Sequence[str], *, mixed: bool) -> list[Choice]:
    """The ways open to the purchase: each route by itself, or where they may be mixed one way with all of them."""
    conditions: dict[str, list[Held]] = {}
    for each in held:
        conditions.setdefault(each.rule.condition, []).append(each)
    if mixed:
        return [conditions]
    found: list[Choice] = []
    for route in (None, *routes):
        own = {name: [each for each in of if each.rule.route == route] for name, of in conditions.items()}
        common = {name: [each for each in of if each.rule.route is None] for name, of in conditions.items()}
        found.append({name: own[name] or common[name] for name in conditions if own[name] or common[name]})
    return found


def of(ways_open: Sequence[Choice]) -> tuple[Mapping[Key, Turns], Turning]:
    """For each finding that applies what would turn it, and what would turn the verdict."""
    found: dict[Key, Turns] = {}
    for choice in ways_open:
        for alternatives in choice.values():
            for each in alternatives:
                if each.key not in found and _applies(each):
                    found[each.key] = (
                        _edge(each, _BLOCKS | _OPEN) if each.status is S.MET else _held(each, alternatives)
                    )
    return found, _turning(ways_open, found)


def _edge(each: Held, below: Set[S]) -> Turns:
    return turns(each.rule.expression, below, each.at, _EDGES)


def _blocking(each: Held, edge: Turns) -> Turns:
    """What would make a rule block the verdict: its edge, unless what a person judges stands between."""
    judged = any(node.status is S.JUDGEMENT for node in each.at.seen.values())
    return _edge(each, _BLOCKS) if judged else edge


def _held(each: Held, alternatives: Sequence[Held]) -> Turns:
    """A rule that stops to apply settles nothing while another one of its condition applies and does not hold."""
    alone = not any(_applies(other) for other in alternatives if other is not each)
    return turns(each.rule.expression, _HOLDS if alone else _MET, each.at)


def _applies(each: Held) -> bool:
    return each.status is not S.NOT_APPLICABLE


def _passes(alternatives: Sequence[Held], blocked: Set[Key] = frozenset()) -> bool:
    """Whether a condition does not stand in the way, were some of its rules to block it."""
    applying = [each for each in alternatives if _applies(each) or each.key in blocked]
    return not applying or any(each.status >= S.JUDGEMENT and each.key not in blocked for each in applying)


def _turning(ways_open: Sequence[Choice], found: Mapping[Key, Turns]) -> Turning:
    """The smallest sets of findings that turn the verdict; none is passed over, as conditions and routes are few."""
    if not any(all(map(_passes, choice.values())) for choice in ways_open):
        possible = list(filter(None, (_missing(choice, found) for choice in ways_open)))
        least = min(map(len, possible), default=0)
        return Turning("eligible", tuple(dict.fromkeys(each for each in possible if len(each) == least)))
    every = [each for choice in ways_open for of in choice.values() for each in of]
    held = {each.key: each for each in every if _applies(each) and each.status >= S.JUDGEMENT}
    edges = {key: _blocking(each, found[key]) for key, each in held.items()}
    smallest = _breaking(ways_open, [key for key, edge in edges.items() if edge.ways])
    # Beside the smallest sets, what else would break one condition on every way.
    conditions: dict[str, dict[Key, None]] = {}
    for key, each in held.items():
        conditions.setdefault(each.rule.condition, {})[key] = None
    others = [tuple(keys) for keys in conditions.values() if all(edges[key].ways for key in keys)]
    sets = [*smallest, *(some for some in others if smallest and len(some) > len(smallest[0]))]
    sets.sort(key=lambda some: (len(some), max(edges[key].ways[0].distance for key in some)))
    told = (tuple(_needed([(held[key], edges[key])]) for key in some) for some in sets)
    return Turning("no longer eligible", tuple(told))


def _breaking(ways_open: Sequence[Choice], able: Sequence[Key]) -> list[tuple[Key, ...]]:
    """The smallest sets of findings which, were they to block, would leave no way open."""
    for number in range(1, len(able) + 1):
        found = [
            some
            for some in combinations(able, number)
            if not any(all(_passes(of, set(some)) for of in choice.values()) for choice in ways_open)
        ]
        if found:
            return found
    return []


def _missing(choice: Choice, found: Mapping[Key, Turns]) -> tuple[Needed, ...] | None:
    """What would have to turn on one way; None where some condition cannot."""
    needed = []
    for alternatives in choice.values():
        if _passes(alternatives):
            continue
        able = [(each, found[each.key]) for each in alternatives if each.key in found and found[each.key].ways]
        if not able:  # a rule that does not apply now may come to apply, and hold
            aside = [(each, _held(each, alternatives)) for each in alternatives if not _applies(each)]
            able = [(each, turned) for each, turned in aside if turned.ways]
        if not able:
            return None
        needed.append(_needed(able))
    return tuple(needed)


def _needed(able: Sequence[tuple[Held, Turns]]) -> Needed:
    rules = [
        Turned(each.rule.id, each.rule.title, each.rule.provision, each.rule.route, turned)
        for each, turned in sorted(able, key=lambda one: len(one[1].ways[0].steps))
    ]
    return Needed(able[0][0].rule.condition, tuple(rules))
