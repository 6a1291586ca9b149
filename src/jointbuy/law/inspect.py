"""Looks into the expressions of rules: what each one uses, and whether all of it exists.

Runs in tests and when a rule is shown, not at every start.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jointbuy.errors import Problem, Where, did_you_mean
from jointbuy.law.load import Act
from jointbuy.places import Places
from jointbuy.rules import (
    UNKNOWN_ORIGIN,
    AtLeast,
    ByReading,
    Every,
    Expression,
    Is,
    Judgement,
    NoLaterThan,
    NumberLimit,
    Rule,
    ShareLimit,
    Stated,
    Within,
    Yes,
    inner,
)


@dataclass(frozen=True, slots=True)
class Uses:
    """What a rule rests on, each sorted. A fact of a member reads `entities[].role`."""

    facts: tuple[str, ...]
    parameters: tuple[str, ...]
    groups: tuple[str, ...]
    readings: tuple[str, ...]
    judgements: tuple[str, ...]


def walk(expression: Expression, member_of: str = "") -> Iterator[tuple[Expression, str]]:
    """The expression and all below it, each with the prefix of its facts."""
    waiting = [(expression, member_of)]
    while waiting:
        here, prefix = waiting.pop()
        yield here, prefix
        if isinstance(here, Every | AtLeast):
            prefix = f"{prefix}{here.collection}[]."
        waiting += [(part, prefix) for part in reversed(inner(here))]


def uses(rule: Rule) -> Uses:
    """What the rule rests on."""
    facts, parameters, groups, readings, judgements = (set[str]() for _ in range(5))
    for node, prefix in walk(rule.expression):
        match node:
            case Within() | Is() | Yes() | Stated() | NumberLimit() | NoLaterThan() | ShareLimit():
                facts.add(prefix + node.fact)
                if isinstance(node, Within) and node.on:
                    facts.add(prefix + node.on)
            case Every() | AtLeast():
                facts.add(f"{prefix}{node.collection}[]")
            case ByReading():
                readings.add(node.reading)
            case Judgement():
                judgements.add(node.key)
        if isinstance(node, Within | ShareLimit):
            groups.add(node.group)
        if isinstance(node, ShareLimit):
            readings.add(UNKNOWN_ORIGIN)
        if (wanted := _limit(node)) is not None:
            parameters.add(wanted[0])
    return Uses(*(tuple(sorted(found)) for found in (facts, parameters, groups, readings, judgements)))


def groups_asked(act: Act, places: Places) -> frozenset[str]:
    """The groups of countries that rules of an act ask of, and those of which they are made."""
    asked = {group for rule in act.rules for group in uses(rule).groups}
    return frozenset(asked | {part for group in asked for part in places.unions.get(group, ())})


def _limit(node: Expression) -> tuple[str, tuple[str, ...]] | None:
    """The parameter a node names, and the units that fit it."""
    match node:
        case ShareLimit():
            return node.limit, ("share",)
        case NumberLimit():
            return node.limit, ("share", "count")
        case NoLaterThan():
            return node.limit, ("date",)
        case AtLeast(_, str(count), _):
            return count, ("count",)
    return None


def problems(act: Act) -> tuple[Problem, ...]:
    """Every rule that names a parameter, group, reading or option that the data do not have, or leaves one out."""
    found: list[Problem] = []
    for rule in act.rules:
        where = Where(f"law/{rule.id.replace('.', '/')}.py")
        for what, advice in dict.fromkeys(fault for node, _ in walk(rule.expression) for fault in _faults(node, act)):
            found.append(Problem(what, where, do=advice))
    return tuple(found)


def _faults(node: Expression, act: Act) -> Iterator[tuple[str, str]]:
    """What is wrong with one node, and the advice."""
    if isinstance(node, Within | ShareLimit) and node.group not in act.places.group_titles:
        yield f'the rule names an unknown group "{node.group}"', did_you_mean(node.group, act.places.group_titles)
    if (wanted := _limit(node)) is not None:
        name, units = wanted
        if name not in act.parameters:
            yield f'the rule names an unknown parameter "{name}"', did_you_mean(name, act.parameters)
        elif act.parameters[name].unit not in units:
            yield f"the rule needs {name} as {' or '.join(units)}, not as {act.parameters[name].unit}", ""
    if isinstance(node, ByReading):
        if node.reading not in act.readings:
            yield f'the rule names an unknown reading "{node.reading}"', did_you_mean(node.reading, act.readings)
            return
        listed = {option.name for option in act.readings[node.reading].options}
        for option in sorted(node.options.keys() - listed):
            yield f'the reading "{node.reading}" lists no option "{option}"', did_you_mean(option, listed)
        for option in sorted(listed - node.options.keys()):
            yield f'the rule leaves out the option "{option}" of the reading "{node.reading}"', "add it"
