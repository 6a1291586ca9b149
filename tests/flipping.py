"""A purchase's facts after what a way says has come true: changed here by hand, apart from the code that found it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from jointbuy.decide.changing import OF_A_SUBCONTRACT, company
from jointbuy.exact import ADDED, Composition, Origin, Range, exactly
from jointbuy.parameters import View
from jointbuy.rules import Fact, Facts
from jointbuy.turning import Step, Way

Said = Mapping[str, Fact]


class CannotTell(Exception):
    """The step says something that these facts cannot show, such as that a whole list would be stated."""


def after(facts: Facts, said: Said, way: Way, view: View, less: Fraction | int = 0) -> tuple[Facts, Said]:
    """Facts and statements in which every step has come true, the first one by `less` than it says."""
    for step in way.steps:
        if step.kind == "judgement":
            assert isinstance(step.to, bool)
            said = {**said, step.fact: Fact(step.to)}
        else:
            facts = changed(facts, re.split(r"[.](?=[a-z_]+(?:\[|$|\.))", step.fact), step, view, less)
        less = 0
    return facts, said


def changed(facts: Facts, path: list[str], step: Step, view: View, less: Fraction | int) -> Facts:
    """Facts with the one that the path leads to as the step says."""
    for length in range(len(path), 0, -1):
        name = ".".join(path[:length])
        member = re.fullmatch(r"(.*)\[(\+?\d+)\]", name)
        if member and member[1] in facts:
            found = facts[member[1]]
            also = {"conducted_by": Fact(step.to)} if runs(found, member[2]) and path[length:] == ["country"] else {}
            return {**facts, member[1]: members(found, member[2], path[length:], step, view, less), **also}
    name = ".".join(path)
    found = facts.get(name)
    if isinstance(found, tuple) or (found is None and step.kind == "fact" and step.to is True):
        raise CannotTell(step.text)
    return {**facts, name: Fact(value(found if isinstance(found, Fact) else Fact(None), step, view, less))}


def runs(found: object, place: str) -> bool:
    """Whether it is the buyer that runs the procurement."""
    if not isinstance(found, tuple) or place.startswith("+"):
        return False
    conducts = found[int(place)].get("conducts")
    return isinstance(conducts, Fact) and conducts.value is True


def members(
    found: object, place: str, path: list[str], step: Step, view: View, less: Fraction | int
) -> tuple[Facts, ...]:
    assert isinstance(found, tuple)
    if place.startswith("+"):
        new: Facts = {"subject": Fact("a new one")}
        for each in step.of:
            new = changed(new, [each.fact.rpartition("].")[2]], each, view, 0)
        return (*found, new)
    whose = company(found[int(place)])  # what is said of a company is true of it in all its subcontracts
    own = ".".join(path) in OF_A_SUBCONTRACT or whose is None
    return tuple(
        changed(each, path, step, view, less) if number == int(place) or (not own and company(each) == whose) else each
        for number, each in enumerate(found)
    )


def value(now: Fact, step: Step, view: View, less: Fraction | int):
    """What the fact is then; short of it by `less` days, currency units or whatever it is a number of."""
    match step.kind:
        case "money":
            assert isinstance(now.value, Mapping)
            assert isinstance(step.by, Fraction)
            return moved(now.value, view.group(step.group).members, step.by - less, into=step.to is True)
        case "date":
            assert isinstance(step.to, date)
            later = "or later" in step.text
            return step.to + timedelta(days=-less if later else int(less))
        case "number":
            assert isinstance(step.to, Fraction)
            high = "or more" in step.text or "more than" in step.text
            return exactly(step.to - less if high else step.to + less)
        case "fact":
            if step.to is False:
                return None
            if step.text == "cost of components stated":
                raise CannotTell(step.text)
            return now.value if step.to is not True else "stated"
    return step.to


def moved(amounts: Composition, members: frozenset[str], amount: Fraction, *, into: bool) -> Composition:
    """Some cost into a group of countries, or out of it: first what is declared elsewhere, then what is undeclared."""
    found = dict(amounts)
    rest = amount
    certain = [origin for origin in found if len(origin) == 1 and origin != ADDED and whole(origin)]
    sources = [origin for origin in certain if (origin[0][0] in members) is not into] + [()]
    for origin in sources:
        if origin in found and rest > 0:
            taken = min(rest, found[origin].low)
            found[origin] = Range(found[origin].low - taken, found[origin].high - taken)
            rest -= taken
    if rest > 0:
        raise CannotTell(f"no {rest} to move")
    liked = [code for code in ("DE", "US", "CA", "KR", "JP", *sorted(members)) if (code in members) is into]
    target: Origin = ((liked[0], Fraction(1)),)
    found[target] = found.get(target, exactly(0)) + exactly(amount)
    return found


def whole(origin: Origin) -> bool:
    return isinstance(origin[0][0], str) and origin[0][1] == 1
