"""The facts that expressions compare, found by reading the expressions: for random facts and for typing cases."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from jointbuy.exact import Origin, Range
from jointbuy.rules import (
    AtLeast,
    Every,
    Expression,
    Fact,
    Facts,
    Is,
    Judgement,
    NoLaterThan,
    NumberLimit,
    ShareLimit,
    Stated,
    Within,
    Yes,
    inner,
)

Kinds = dict[str, "str | Kinds"]
"""Fact name to its kind: country, word, yes, date, number, composition, stated; a collection to its members' kinds."""


def kinds(expressions: Iterable[Expression]) -> Kinds:
    """What every fact named in the expressions must be. A name used as two kinds is an error."""
    found: Kinds = {}
    for expression in expressions:
        _collect(expression, found)
    return found


def _collect(expression: Expression, found: Kinds) -> None:
    match expression:
        case Within(fact, _, _, on):
            _note(found, fact, "country")
            if on is not None:
                _note(found, on, "date")
        case Is(fact, _):
            _note(found, fact, "word")
        case Yes(fact, _):
            _note(found, fact, "yes")
        case Stated(fact, _):
            found.setdefault(fact, "stated")
        case NoLaterThan(fact, _, _):
            _note(found, fact, "date")
        case NumberLimit(fact, _, _):
            _note(found, fact, "number")
        case ShareLimit(fact, _, _, _, _):
            _note(found, fact, "composition")
        case Every(collection, member) | AtLeast(collection, _, member):
            members = found.setdefault(collection, {})
            assert isinstance(members, dict), collection
            _collect(member, members)
        case _:
            for each in inner(expression):
                _collect(each, found)


def _note(found: Kinds, name: str, kind: str) -> None:
    assert found.get(name, kind) in {kind, "stated"}, f"{name} is used as {found[name]} and as {kind}"
    found[name] = kind


def words(expressions: Iterable[Expression]) -> dict[str, list[str]]:
    """Every word the expressions compare a fact with."""
    found: dict[str, list[str]] = {}
    waiting = list(expressions)
    while waiting:
        here = waiting.pop()
        if isinstance(here, Is):
            found.setdefault(here.fact, []).extend(here.words)
        waiting += inner(here)
    return found


def keys(expressions: Iterable[Expression]) -> list[str]:
    """The keys of every judgement."""
    waiting, found = list(expressions), set()
    while waiting:
        here = waiting.pop()
        if isinstance(here, Judgement):
            found.add(here.key)
        waiting += inner(here)
    return sorted(found)


COUNTRIES = ["DE", "PL", "NO", "UA", "CA", "US", "KR", "RU", "BY", "MD", "GB", "TR"]


class Random:
    """Random facts in the vocabulary of some expressions, with every value now and then missing."""

    def __init__(self, seed: int, expressions: Iterable[Expression], dates: Iterable[date]) -> None:
        expressions = list(expressions)
        self.random = random.Random(seed)
        self.kinds, self.words, self.keys = kinds(expressions), words(expressions), keys(expressions)
        self.dates = [day + timedelta(days=off) for day in dates for off in (-400, -1, 0, 1, 400)]

    def purchase(self) -> tuple[Facts, dict[str, Fact]]:
        """Facts and statements of one purchase."""
        said = {key: Fact(self.random.random() < 0.6) for key in self.keys if self.random.random() < 0.4}
        return self.facts(self.kinds), said

    def facts(self, wanted: Kinds) -> Facts:
        made: dict[str, Fact | tuple[Facts, ...] | None] = {}
        for name, kind in wanted.items():
            if isinstance(kind, dict):
                stated = self.random.random() < 0.9
                members = [self.facts(kind) for _ in range(self.random.choice([0, 1, 1, 2, 3]))]
                named = [{**member, "subject": Fact(f"member {n}")} for n, member in enumerate(members)]
                made[name] = tuple(named) if stated else None
            else:
                made[name] = Fact(None if self.random.random() < 0.2 else self.value(name, kind))
        return made

    def value(self, name: str, kind: str):
        pick = self.random
        match kind:
            case "country":
                return pick.choice(COUNTRIES)
            case "word":
                return pick.choice([*self.words[name], "something else"])
            case "yes":
                return pick.random() < 0.6
            case "date" | "stated":
                return pick.choice(self.dates)
            case "number":
                low = Fraction(pick.choice([0, 10, 14, 15, 16, 34, 35, 36, 100]), 100)
                return Range(low, low + Fraction(pick.choice([0, 0, 0, 5]), 100))
        amounts: dict[Origin, Range] = {}
        for country in pick.sample([*COUNTRIES, None], pick.randint(0, 5)):
            low = Fraction(pick.choice([0, 7, 13, 20, 65, 35, 10**12 + 1]), pick.choice([1, 1, 3, 100]))
            amounts[((country, Fraction(1)),) if country else ()] = Range(low, low * pick.choice([1, 1, 1, 2]))
        if pick.random() < 0.2:  # one line of two countries, part of it undeclared, at an uncertain price
            two = tuple((country, Fraction(pick.choice([35, 40, 50]), 100)) for country in pick.sample(COUNTRIES, 2))
            amounts[two] = Range(Fraction(10), Fraction(pick.choice([10, 30])))
        return amounts
