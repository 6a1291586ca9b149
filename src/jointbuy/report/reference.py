"""The law itself as text for people: one rule whole, and what a country may do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Protocol

from jointbuy.law import Act
from jointbuy.law.coverage import Provision
from jointbuy.parameters import Parameter, Reading, Standing
from jointbuy.report import figures
from jointbuy.report.layout import dim, ends, finish, heading, labelled, paint, wrap
from jointbuy.result import Answer
from jointbuy.rules import (
    AllOf,
    AnyOf,
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
    Under,
    When,
    Within,
    Yes,
    inner,
    walk,
)

_MARK: dict[Answer, str] = {"yes": paint("green", "✓"), "no": paint("red", "✗"), "unknown": paint("yellow", "?")}


class Access(Protocol):
    """What a country may do on a date, as `flow.access` answers it."""

    @property
    def act(self) -> str:
        """The act's name among ours."""

    @property
    def act_title(self) -> str:
        """The act's title."""

    @property
    def country(self) -> str:
        """Alpha-2 code."""

    @property
    def title(self) -> str:
        """English name."""

    @property
    def unverified(self) -> tuple[str, ...]:
        """Groups that it is said to belong to and that nobody here has checked."""

    @property
    def on(self) -> date:
        """Day of the law."""

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups it is in on that day."""

    @property
    def may_buy(self) -> Answer:
        """Whether it may join as a buyer."""

    @property
    def may_supply(self) -> Answer:
        """Whether its companies may be contractors and its components count beyond the limit."""

    @property
    def may_borrow(self) -> Answer:
        """Whether it may borrow."""

    @property
    def because(self) -> tuple[str, ...]:
        """Reasons with provisions."""


def access(answer: Access, unseen: Iterable[str], colour: bool, width: int) -> str:
    """What a country may do; `unseen` are the agreements it rests on whose text was not seen."""
    lines = ends(f"{answer.title} ({answer.country})", f"on {figures.day(answer.on)}", width)
    lines += [f"under {answer.act_title}", "═" * width, ""]
    for label, word, told in (
        ("Buy", answer.may_buy, "join a common procurement as a buyer"),
        (
            "Supply",
            answer.may_supply,
            "be a contractor or subcontractor involved as if inside; deliver beyond the limit",
        ),
        ("Borrow", answer.may_borrow, "take a loan"),
    ):
        lines += labelled(label, f"{_MARK[word]} {word} · {told}", width)
    lines += ["", *labelled("Groups", ", ".join(answer.groups) or "none", width)]
    for because in answer.because:
        lines += wrap(f"· {because}", width, 2, 2)
    for agreement in unseen:
        told = f"the text of the {agreement} was not seen; what it allows is taken from secondary sources"
        lines += wrap(f"· {told}", width, 2, 2)
    anyone = "Components from anywhere may make up what the component limit leaves, unless their source is barred."
    if answer.act == "safe":
        anyone += (
            " Companies from anywhere may be subcontractors that are not involved (Art. 16(12)) or that Art. 16(4) "
            "excuses."
        )
    return finish([*lines, "", *wrap(anyone, width, 2)], colour=colour)


def unseen_agreements(answer: Access, act: Act) -> tuple[str, ...]:
    """Titles of the agreements that let a country supply although their text was not seen."""
    if answer.may_supply != "yes":
        return ()
    return tuple(route.title for route in act.routes if route.id in answer.groups and not route.verified)


def rules(found: Iterable[Rule], colour: bool, width: int) -> str:
    """Rules as a list: title, provision, id."""
    lines: list[str] = []
    for rule in found:
        lines += [*ends(rule.title, rule.provision, width), *dim(wrap(rule.id, width, 2))]
    return finish([*lines, "", *wrap("One of them whole: jointbuy rule ID", width)], colour=colour)


def provisions(found: Iterable[Provision], colour: bool, width: int) -> str:
    """Provisions that no rule has in its name: what they say, what becomes of them here, and why not more."""
    lines: list[str] = []
    for one in found:
        lines += [*wrap(f"{one.name}: {one.says}", width), ""]
        told = {
            "Decided by": ", ".join(one.rules),
            "Checklist": ", ".join(one.clauses),
            "Command": one.command,
            "Not decided" if one.rules else "Out of scope": one.why,
        }
        lines += [line for label, text in told.items() if text for line in labelled(label, text, width)]
        lines.append("")
    return finish([*lines, *wrap("Every provision: docs/coverage.md", width)], colour=colour)


def checked(rule: Rule, act: Act) -> str:
    """When the rule was checked, and against what: its text, or what others say of a text not seen (§6)."""
    values = [value for name in _parameters(rule.expression) for value in act.parameters[name].values]
    unseen = any(route.id == rule.route and not route.verified for route in act.routes) or any(
        value.provision == rule.provision and not value.verified for value in values
    )
    told = "against secondary sources; the text itself was not seen" if unseen else "against the text"
    return f"{rule.checked} {told}"


def rule(rule: Rule, act: Act, colour: bool, width: int) -> str:
    """One rule of an act whole: what it decides, what it leaves to a person, its words, numbers and readings."""
    parameters, readings, groups = act.parameters, act.readings, act.places.group_titles
    lines = [*ends(rule.title, rule.id, width), "═" * width, ""]
    for label, told in (
        ("Provision", rule.provision),
        ("Route", rule.route or ""),
        ("Decides", rule.decides),
        ("Leaves", rule.leaves),
        ("Checked", checked(rule, act)),
    ):
        lines += labelled(label, told, width) if told else []
    lines += heading("Holds when")
    for depth, words in _words(rule.expression, groups, 0):
        lines += wrap(words, width, 2 + 2 * depth, 2)
    lines += _numbers([parameters[name] for name in sorted(_parameters(rule.expression)) if name in parameters], width)
    used = [readings[name] for name in sorted(_readings(rule.expression)) if name in readings]
    lines += _options([reading for reading in used if reading.id not in act.settled], width)
    lines += _settled([reading for reading in used if reading.id in act.settled], act, width)
    return finish(lines, colour=colour)


def _numbers(used: list[Parameter], width: int) -> list[str]:
    lines = heading("Numbers") if used else []
    for parameter in used:
        lines += wrap(f"{parameter.title} ({parameter.id})", width, 2, 2)
        for standing in parameter.values:
            until = f" to {standing.until - timedelta(days=1)}" if standing.until else ""
            verified = "" if standing.verified else "; unverified"
            value, source = _value(parameter, standing), f"{standing.provision}, {standing.reference}"
            lines += wrap(f"{value} from {standing.since}{until}; {source}{verified}", width, 4, 2)
    return lines


def _options(used: list[Reading], width: int) -> list[str]:
    lines = heading("What the text leaves open") if used else []
    for reading in used:
        lines += wrap(f"{reading.id}: {reading.question} ({reading.provision})", width, 2, 2)
        for option in reading.options:
            default = " (default)" if option.name == reading.default else ""
            lines += wrap(f"{option.name}{default}: {option.argument}", width, 4, 2)
    return lines


def _settled(used: list[Reading], act: Act, width: int) -> list[str]:
    """Readings that are open under other acts and that this one's text decides."""
    lines = heading("What the text settles") if used else []
    for reading in used:
        lines += wrap(f"{reading.question} {act.settled[reading.id]}", width, 2, 2)
    return lines


def _value(parameter: Parameter, standing: Standing) -> str:
    if not isinstance(standing.value, Fraction):
        return str(standing.value)
    return figures.limit_percent(standing.value) if parameter.unit == "share" else figures.number(standing.value)


def _words(expression: Expression, groups: Mapping[str, str], depth: int) -> Iterator[tuple[int, str]]:
    """The expression as an indented list."""
    head = _head(expression, groups)
    if head:
        yield depth, head
        depth += 1
    for label, member in _members(expression):
        if label:
            yield depth, f"{label}:"
        yield from _words(member, groups, depth + bool(label))


def _head(expression: Expression, groups: Mapping[str, str]) -> str:
    match expression:
        case Within(fact, group, negated, on):
            day = f", on the day of {_fact(on)} where that is later" if on else ""
            return f"{_fact(fact)}: {'not ' if negated else ''}within {groups.get(group, group)}{day}"
        case Is(fact, words):
            return f"{_fact(fact)}: {' or '.join(words)}"
        case Yes(fact, answer):
            return f"{_fact(fact)}: {'yes' if answer else 'no'}"
        case Stated(fact, negated):
            return f"{_fact(fact)}: {'not ' if negated else ''}stated"
        case NumberLimit(fact, at_most, limit):
            return f"{_fact(fact)}: {'at most' if at_most else 'at least'} {limit}"
        case NoLaterThan(fact, limit, strictly, negated):
            when = (
                ("no earlier than" if strictly else "after") if negated else "before" if strictly else "no later than"
            )
            return f"{_fact(fact)}: {when} {limit}"
        case ShareLimit(fact, group, others, at_most, limit, strictly):
            side = ("less than" if at_most else "more than") if strictly else "at most" if at_most else "at least"
            return (
                f"share of {_fact(fact)} {'outside' if others else 'from'} {groups.get(group, group)}: {side} {limit}"
            )
        case Judgement(key, question, who, volunteered):
            unasked = "; not asked here" if volunteered else ""
            return f"a person says: {question} ({who}; key {key}{unasked})"
        case AllOf():
            return "all of"
        case AnyOf(of):
            return "any of" if of else "never"
        case When():
            return ""  # its two members say it
        case Every(collection, _):
            return f"for each of {_fact(collection)}"
        case AtLeast(collection, count, _):
            return f"for at least {count or 'one'} of {_fact(collection)}"
        case Under(provision, _):
            return f"under {provision}"
        case ByReading(reading, _):
            return f"by the reading {reading}"


def _members(expression: Expression) -> list[tuple[str, Expression]]:
    """Expressions directly below this one, with the option's name where a reading chooses."""
    if isinstance(expression, ByReading):
        return list(expression.options.items())
    if isinstance(expression, When):
        return [("where", expression.condition), ("asks", expression.then)]
    return [("", member) for member in inner(expression)]


def _parameters(expression: Expression) -> set[str]:
    limits = {part.limit for part in walk(expression) if isinstance(part, NumberLimit | NoLaterThan | ShareLimit)}
    return limits | {part.count for part in walk(expression) if isinstance(part, AtLeast) and part.count}


def _readings(expression: Expression) -> set[str]:
    return {part.reading for part in walk(expression) if isinstance(part, ByReading)}


def _fact(name: str) -> str:
    return name.split(".")[-1].replace("_", " ")
