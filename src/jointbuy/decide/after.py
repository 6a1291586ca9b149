"""The purchase as it would be, were a way to come true, or a reading another: every way is tried before it is told.

Only statuses are worked out here, without reasons, and only what the way touches is held against its facts anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from jointbuy.decide import sums
from jointbuy.decide.changing import OF_A_SUBCONTRACT, company
from jointbuy.decide.explain import explain
from jointbuy.decide.needs import At, Need, Way
from jointbuy.decide.node import Seen
from jointbuy.exact import Composition, Range, exactly
from jointbuy.parameters import View
from jointbuy.rules import (
    UNKNOWN_ORIGIN,
    AllOf,
    AnyOf,
    AtLeast,
    ByReading,
    Every,
    Expression,
    Fact,
    Facts,
    Judgement,
    NumberLimit,
    S,
    ShareLimit,
    Under,
    When,
    Within,
)

_MEMBER = re.compile(r"(\w+)\[(\+?)(\d+)\](?:\.(.+))?")
"""A member of a collection, perhaps one more of them, and what of it: `entities[1].established_in`."""


def after(here: At, way: Way) -> At | None:
    """At the purchase itself after a way; None where that cannot be shown: where money moves, or a list is stated."""
    facts, said = here.facts, here.said
    for need in way.needs.values():
        if not need.values and not need.inner:
            return None
        if need.step.kind == "judgement":
            said = {**said, need.step.fact: Fact(need.values[0])}
        else:
            facts = _with(facts, need.step.fact, need, here)
    return here._replace(facts=facts, said=said, seen=here.seen if said is here.said else {})


def _with(facts: Facts, path: str, need: Need, here: At) -> Facts:
    """Facts with the one at a path as the need would have it; what stood there before is kept beside them.

    Who takes the place of the buyer that runs the procurement runs it.
    """
    member = _MEMBER.fullmatch(path)
    if member is None:
        value = need.values[0]
        name, found = path, Fact(exactly(value) if isinstance(value, Fraction) else value)
        return _kept({**facts, name: found}, facts, here)
    name, more, place, rest = member.groups()
    there = facts.get(name)
    members = there if isinstance(there, tuple) else ()
    if more:
        new: Facts = {"subject": Fact("one more")}
        for each in need.inner:
            new = _with(new, each.step.fact.removeprefix(f"{need.step.fact}."), each, here)
        return _kept({**facts, name: (*members, new)}, facts, here)
    asked = company(members[int(place)]) if rest not in OF_A_SUBCONTRACT else None
    changed = (
        _with(each, rest, need, here) if at == int(place) or (asked and company(each) == asked) else each
        for at, each in enumerate(members)
    )
    runs = members[int(place)].get("conducts") if rest == "country" else None
    also = {"conducted_by": Fact(need.values[0])} if isinstance(runs, Fact) and runs.value is True else {}
    return _kept({**facts, name: tuple(changed), **also}, facts, here)


def _kept(new: Facts, old: Facts, here: At) -> Facts:
    here.kept[id(new)] = new, here.kept.get(id(old), (old, old))[1]
    return new


def status_under(
    expression: Expression,
    facts: Facts,
    said: Mapping[str, Fact],
    view: View,
    *,
    before: tuple[Facts, Seen],
    weights: dict[int, sums.Weights],
) -> S:
    """What an expression comes to under another view and its facts.

    What came of facts `before` is not worked out again where it looks at the same; `weights` are those of leaves.
    """
    others, seen = before
    kept = {id(facts): (facts, others)}
    return status(expression, At(view, facts, said, expression, {}, seen, {}, kept, "", None, weights))


def status(expression: Expression, there: At) -> S:
    """What an expression comes to, as `explain` has it; no part is looked at that can no longer change it."""
    if there.seen is there.first and id(there.facts) not in there.kept:  # untouched
        return there.node(expression).status
    how: Callable[..., S] = _HOW.get(type(expression), _leaf)
    return how(expression, there)


def _all(branch: AllOf, there: At) -> S:
    return _lowest(status(each, there) for each in branch.of)


def _any(branch: AnyOf, there: At) -> S:
    highest = S.NOT_APPLICABLE if branch.of else S.NOT_MET
    for each in branch.of:
        found = status(each, there)
        if found is S.MET:
            return found
        if found is not S.NOT_APPLICABLE and (highest is S.NOT_APPLICABLE or found > highest):
            highest = found
    return highest


def _when(branch: When, there: At) -> S:
    applies = status(branch.condition, there)
    if applies is S.NOT_MET or applies is S.NOT_APPLICABLE:
        return S.NOT_APPLICABLE
    holds = status(branch.then, there)
    return holds if applies is S.MET or holds is S.NOT_APPLICABLE else max(applies, holds)


def _every(branch: Every, there: At) -> S:
    members = there.members(branch.collection)
    return S.UNKNOWN if members is None else _lowest(status(branch.member, each) for each in members)


def _at_least(branch: AtLeast, there: At) -> S:
    members = there.members(branch.collection)
    if members is None:
        return S.UNKNOWN
    number = there.number(branch)
    ranked = sorted((status(branch.member, each) for each in members), reverse=True)
    ranked = [each for each in ranked if each is not S.NOT_APPLICABLE]
    return ranked[number - 1] if len(ranked) >= number else S.NOT_MET


def _under(branch: Under, there: At) -> S:
    return status(branch.of, there)


def _reading(branch: ByReading, there: At) -> S:
    return status(branch.options[there.view.reading(branch.reading)], there)


def _lowest(found: Iterable[S]) -> S:
    lowest = S.NOT_APPLICABLE
    for each in found:
        if each is S.NOT_MET:
            return each
        if each < lowest:  # what does not apply is the highest number
            lowest = each
    return lowest


def _leaf(leaf: Expression, there: At) -> S:
    """A leaf whose fact the way did not touch is what it was."""
    if isinstance(leaf, Judgement):
        said = there.said.get(f"{leaf.key}:{there.subject}") or there.said.get(leaf.key)
        if said is None:
            return S.NOT_MET if leaf.volunteered else S.JUDGEMENT
        return S.MET if said.value else S.NOT_MET
    facts, name = there.facts, getattr(leaf, "fact", "")
    old = there.kept.get(id(facts), (facts, facts))[1]
    day = (isinstance(leaf, Within) and leaf.on) or name
    same = facts.get(name) is old.get(name) and facts.get(day) is old.get(day)
    known = there.first.get((id(leaf), id(old))) if same else None
    if known:
        return known.status
    value = there.fact(name).value
    if isinstance(leaf, ShareLimit) and isinstance(value, Mapping):
        return _share(leaf, value, there)
    if isinstance(leaf, NumberLimit) and isinstance(value, Range):
        return _number(leaf, value, there.view)
    return explain(leaf, facts, there.said, there.view, {}, there.subject)[0].status


def _share(leaf: ShareLimit, composition: Composition, there: At) -> S:
    """A limit on a share, decided without the share itself."""
    view = there.view
    weights = there.weights.get(id(leaf))
    if weights is None:
        weights = there.weights[id(leaf)] = sums.Weights(leaf, view.group(leaf.group).members, _limit(leaf, view))
    found = sums.excess(sums.in_units(composition), weights).excess
    asked = UNKNOWN_ORIGIN in view.readings and (sums.asks(found, leaf) or UNKNOWN_ORIGIN in view.chosen)
    policy = view.reading(UNKNOWN_ORIGIN) if asked else "range"
    return sums.status(found, leaf, None if policy == "range" else leaf.counts(policy))


def _number(leaf: NumberLimit, value: Range, view: View) -> S:
    """A limit on a number."""
    limit = _limit(leaf, view)
    worst, best = (value.high, value.low) if leaf.at_most else (-value.low, -value.high)
    most = limit if leaf.at_most else -limit
    return S.MET if worst <= most else S.UNKNOWN if best <= most else S.NOT_MET


def _limit(leaf: ShareLimit | NumberLimit, view: View) -> Fraction:
    limit = view.parameter(leaf.limit).value
    if not isinstance(limit, Fraction):
        raise TypeError(f"{leaf.limit} must be a number")
    return limit


_HOW: Mapping[type, Callable[..., S]] = {
    AllOf: _all,
    AnyOf: _any,
    When: _when,
    Every: _every,
    AtLeast: _at_least,
    Under: _under,
    ByReading: _reading,
}
