"""Answers of persons that a finding passes over, because what they answer is not asked on these facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from jointbuy.decide.node import Seen
from jointbuy.parameters import View
from jointbuy.rules import (
    AllOf,
    AtLeast,
    ByReading,
    Every,
    Expression,
    Fact,
    Facts,
    Judgement,
    S,
    Stated,
    When,
    inner,
    walk,
)


def passed_over(
    findings: Iterable[tuple[str, Expression, Seen]], facts: Facts, said: Mapping[str, Fact], view: View
) -> Iterator[str]:
    """A remark for each answer to a question of findings that do not hold, where none of these asks it here.

    `findings`: title, expression and what each part of it came to, of findings that are not met or unknown.
    """
    for title, expression, seen in findings:
        keys = {part.key for part in walk(expression) if isinstance(part, Judgement)}
        asked = set(_asked(expression, facts, seen, view, ""))
        for key in said:
            if key.partition(":")[0] in keys and key not in asked:
                yield (
                    f'the statement that settles "{key}" is not used under "{title}": on what the file states there '
                    "its question does not arise"
                )


def _asked(expression: Expression, facts: Facts, seen: Seen, view: View, subject: str) -> Iterator[str]:
    """The keys whose answers count, with and without the name of whom they are about."""

    def status(part: Expression) -> S:
        return seen[id(part), id(facts)].status

    match expression:
        case Judgement(key):
            yield from (key, f"{key}:{subject}")
        case AllOf(of) if any(isinstance(each, Stated) and status(each) is S.NOT_MET for each in of):
            return
        case When(condition, then):
            yield from _asked(condition, facts, seen, view, subject)
            if status(condition) not in {S.NOT_MET, S.NOT_APPLICABLE}:
                yield from _asked(then, facts, seen, view, subject)
        case Every(collection, member) | AtLeast(collection, _, member):
            members = facts.get(collection)
            for each in members if isinstance(members, tuple) else ():
                named = each.get("subject")
                name = str(named.value) if isinstance(named, Fact) else ""
                yield from _asked(member, each, seen, view, name)
        case ByReading(reading, options):
            yield from _asked(options[view.reading(reading)], facts, seen, view, subject)
        case _:
            for part in inner(expression):
                yield from _asked(part, facts, seen, view, subject)
