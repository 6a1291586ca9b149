"""Cases a lawyer can read: `given` facts, what is expected, and because of what. Typed by what the rule compares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from jointbuy import law
from jointbuy.exact import ADDED, Origin, Range, exactly, parse_decimal
from jointbuy.places import Group
from jointbuy.rules import Fact, Facts, Rule, Value
from jointbuy.yamltext import Fields, Items, Node, Text, parse
from vocabulary import Kinds, kinds

DEFAULT_DAY = date(2026, 9, 15)
DEFENCE: Facts = {
    "product.kind": Fact("defence product"),
    "subcontracts_listed": Fact(True),
    "subcontracts_told": Fact(True),
    "outreach_listed": Fact(False),
    "concluded_alone": Fact(False),
    "perhaps_single": Fact(False),
    "off_the_shelf": Fact(False),
    "union_procurement": Fact(False),
    "conducted_by": Fact("PL"),
    "conducted_by_buyer": Fact(True),
    "conducted_by_borrower": Fact(True),
    "conducted_by_single": Fact(True),
    "companies": (),
    "unknown_makers": (),
    "open_sources": (),
    "unlisted_suppliers": (),
    "understated_subcontracts": (),
    "understated_inputs": (),
    "understated_tasks": (),
}
"""What a case is about that does not say otherwise."""
MEMBERS: Mapping[str, Facts] = {
    "buyers": {
        "participation": Fact("signed"),
        "decided_at_start": Fact(True),
        "in_force_at_start": Fact(True),
        "requested_at_start": Fact(True),
    },
    "companies": {"sites": (), "controllers": (), "is_contractor": Fact(False)},
    "source_countries": {"cost_kind": Fact("component")},
    "possible": {"cost_kind": Fact("component")},
    "modifications": {
        "changed_on": Fact(date(2026, 10, 1)),
        "changed_by": Fact("PL"),
        "changed_by_newcomer": Fact(False),
    },
    "newcomers": {"country": Fact("DE")},
    "controllers": {"is_person": Fact(False), "listed_as": Fact("party")},
    "large_holders": {"listed_as": Fact("owner")},
    "entities": {
        "controllers": (),
        "large_holders": (),
        "direct": Fact(True),
        "award_known": Fact(True),
        "relationships_told": Fact(True),
        "stands_for_company": Fact(True),
        "screened_before_control": Fact(False),
        "studied_before_signature": Fact(False),
        "study_commitment": Fact("given"),
        "cleared_under": Fact("EDF"),
    },
}
"""The same for a buyer, a contractor or a subcontractor."""
LAW = Path(law.__file__).parent


@dataclass(frozen=True)
class Case:
    """One case of a rule."""

    rule: Rule
    name: str
    given: Facts
    statements: Mapping[str, Fact]
    readings: Mapping[str, str]
    groups: Mapping[str, Group]
    on: date
    expect: str
    because: str

    def __str__(self) -> str:
        return f"{self.rule.id}: {self.name}"


def cases(act: str = "safe") -> list[Case]:
    """Every case of every rule of the act."""
    return [case for rule in law.act(act).rules for case in of_rule(rule)]


@cache
def kinds_of(act: str) -> Kinds:
    """What every fact is that the act's rules name."""
    return kinds(each.expression for each in law.act(act).rules)


def of_rule(rule: Rule) -> Iterator[Case]:
    """The cases beside a rule's file."""
    act, name = rule.id.split(".")
    path = LAW / act / f"{name}.yaml"
    tree = parse(path.read_text(encoding="utf-8"), path.name)
    assert isinstance(tree, Items), f"{path.name} is a list of cases"
    wanted = kinds_of(act)
    for node in tree.items:
        assert isinstance(node, Fields), f"{path.name}: {node}"
        unknown = set(node.fields) - {"case", "given", "statements", "readings", "groups", "on", "expect", "because"}
        assert not unknown, f"{node.where}: {unknown}"
        given = node.fields.get("given")
        on = node.fields.get("on")
        yield Case(
            rule,
            text(node.fields["case"]),
            {**DEFENCE, **(facts(given, wanted) if isinstance(given, Fields) else {})},
            {key: Fact(value == "yes") for key, value in words(node.fields.get("statements")).items()},
            words(node.fields.get("readings")),
            groups(node.fields.get("groups")),
            date.fromisoformat(text(on)) if on else DEFAULT_DAY,
            text(node.fields["expect"]),
            text(node.fields["because"]),
        )


def text(node: Node) -> str:
    assert isinstance(node, Text), node
    return node.value


def words(node: Node | None) -> dict[str, str]:
    return {key: text(value) for key, value in node.fields.items()} if isinstance(node, Fields) else {}


def groups(node: Node | None) -> dict[str, Group]:
    """Groups that the purchase states for itself."""
    found = node.fields.items() if isinstance(node, Fields) else ()
    return {
        name: Group(name, name, frozenset(text(each) for each in members.items), frozenset())
        for name, members in found
        if isinstance(members, Items)
    }


def facts(node: Fields, wanted: Kinds) -> Facts:
    """The facts given, each as the rule compares it. A name that no rule of the act reads is an error."""
    made: dict[str, Fact | tuple[Facts, ...] | None] = {}
    for name, value in node.fields.items():
        if name == "subject":
            made[name] = Fact(text(value))
            continue
        assert name in wanted, f"{node.keys[name]}: no rule reads a fact {name}"
        kind = wanted[name]
        if isinstance(kind, dict):
            made[name] = None
            if isinstance(value, Items):
                members = [item for item in value.items if isinstance(item, Fields)]
                named = [
                    {"subject": Fact(f"no. {n + 1}"), **MEMBERS.get(name, {}), **facts(each, kind)}
                    for n, each in enumerate(members)
                ]
                made[name] = tuple(named)
        else:
            made[name] = Fact(typed(value, kind), (value.where,))
    return made


def typed(node: Node, kind: str) -> Value:
    if isinstance(node, Fields):
        assert kind == "composition", node.where
        return {_origin(name): number(text(each)) for name, each in node.fields.items()}
    word = text(node)
    if isinstance(node, Text) and (node.empty or word == "unknown"):
        return None
    match kind:
        case "yes":
            assert word in {"yes", "no"}, node.where
            return word == "yes"
        case "date":
            return date.fromisoformat(word)
        case "stated":
            return word
        case "number":
            return number(word)
    return word


def _origin(name: str) -> Origin:
    """What an amount is: of a country, undeclared, or value that is no component."""
    if name == "undeclared":
        return ()
    return ADDED if name == "value beyond components" else ((name, Fraction(1)),)


def number(word: str) -> Range:
    """`35`, `35 %`, `90..110`."""
    low, _, high = word.partition("..")
    return Range(one(low), one(high)) if high else exactly(one(low))


def one(word: str) -> Fraction:
    return parse_decimal(word.rstrip(" %")) / (100 if word.endswith("%") else 1)
