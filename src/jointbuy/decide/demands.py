"""What the rules of an act ask of the sources of a purchase: rows to be kept, in each way that is open.

Each open route is a conjunction. What no other source can change is as it is: a condition that fails on such a fact
leaves no way. What a rule asks of sources is either a row (a share, a number of sources) or, where it is neither, taken
to hold: whoever chooses sources has the choice decided by `verdict` again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product as each_of
from typing import Literal, TypeAlias, get_args

from jointbuy.decide import facts as facts_of
from jointbuy.decide.content_facts import PART, PARTS, SUPPLIERS, countries_of_source, is_settled, kind_of
from jointbuy.decide.explain import explain
from jointbuy.decide.node import Seen
from jointbuy.decide.verdict import MIXING, opened, standing
from jointbuy.exact import Composition, Parts, assumed, best_excess, split, worst_excess
from jointbuy.law import Act
from jointbuy.model import CostKind, Purchase
from jointbuy.parameters import View
from jointbuy.result import Content, Control, ProductContent, Sourced
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
    Rule,
    S,
    ShareLimit,
    Under,
    When,
    Within,
    Yes,
    inner,
)

COLLECTIONS: Mapping[str, Literal["products", "traced", "absorbed"]] = {
    "end_products": "products",
    "traced_products": "traced",
    "absorbed_products": "absorbed",
}
"""Where the products of a collection stand in the content."""
SOURCES, DECLARED = "source_countries", "all_sources_declared"
_OF_SOURCES = frozenset({*COLLECTIONS, *SUPPLIERS, SOURCES, DECLARED, "open_sources", "companies"})
"""Facts that other sources may change."""
_MOST = 64
"""Ways that are looked at."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One row: a share of one end product, or a number of sources that must be none.

    For a share `members` are the countries whose share (or with `others`, that of all others) is measured against
    `limit`; `counts` says whether what is open counts, None where it may or may not. For sources, `barred` are the
    countries that a kind of cost may not come from, and `kind` "declared" asks that nothing about a source is open.
    """

    kind: Literal["share", "sources", "declared"]
    title: str
    provision: str
    rule: str
    collection: str = ""
    place: int = 0
    product: str = ""
    group: str = ""
    members: frozenset[str] = frozenset()
    others: bool = False
    at_most: bool = True
    strictly: bool = False
    limit: Fraction = Fraction(0)
    counts: bool | None = None
    barred: frozenset[tuple[str, str]] = frozenset()


Way: TypeAlias = frozenset[Demand]
Ways: TypeAlias = "list[Way] | None"
"""Rows that do together, in each way; none where nothing does, None where nothing is asked."""


@dataclass(frozen=True, slots=True)
class Demanded:
    """The ways in which sources make a purchase pass; without any, the conditions that stand in the way of all."""

    ways: tuple[Way, ...]
    failing: tuple[str, ...]


def demanded(purchase: Purchase, control: Control, content: Content | None, act: Act, view: View) -> Demanded:
    """What an act asks of the sources of a purchase, as its file and bill stand."""
    facts = facts_of.of(
        purchase, control, content, view.group(act.perimeter).members, view.places.states, view.known_on
    )
    asked = _Asked(view, facts_of.statements(purchase), content is None)
    routes = opened(act, view)
    rules: dict[str, list[tuple[Rule, Ways]]] = {}
    for rule in standing(act, routes):
        rules.setdefault(rule.condition, []).append((rule, asked.of(rule, rule.expression, facts)))
    names = [None, *(route.id for route in routes)]
    if routes and view.reading(MIXING) == "each condition":
        return _conjunction(rules)
    found = [_conjunction(_on_route(rules, name)) for name in names]
    ways = tuple(dict.fromkeys(way for each in found for way in each.ways))
    return Demanded(ways, () if ways else min((each.failing for each in found), key=len))


def _on_route(rules: Mapping[str, list[tuple[Rule, Ways]]], route: str | None) -> dict[str, list[tuple[Rule, Ways]]]:
    """For each condition the route's own rules, or the act's where the route has none; as a verdict takes them."""
    chosen = {}
    for condition, found in rules.items():
        own = [each for each in found if each[0].route == route]
        if mine := own or [each for each in found if each[0].route is None]:
            chosen[condition] = mine
    return chosen


def _conjunction(rules: Mapping[str, list[tuple[Rule, Ways]]]) -> Demanded:
    """Every condition, each by one of its rules that apply."""
    by_condition = {condition: _any(ways for _, ways in found) for condition, found in rules.items()}
    failing = tuple(condition for condition, ways in by_condition.items() if ways == [])
    return Demanded(tuple(_all(by_condition.values()) or [frozenset()]) if not failing else (), failing)


def _any(alternatives: Iterable[Ways]) -> Ways:
    """Any one of those that apply."""
    applying = [ways for ways in alternatives if ways is not None]
    if not applying:
        return None
    return _fewest(way for ways in applying for way in ways)


def _all(parts: Iterable[Ways]) -> Ways:
    """All of those that apply, together."""
    applying = [ways for ways in parts if ways is not None]
    if not applying:
        return None
    found: list[Way] = [frozenset()]
    for ways in applying:
        found = _fewest(one | other for one, other in each_of(found, ways))
    return found


def _fewest(ways: Iterable[Way]) -> list[Way]:
    """The ways of which none asks for all that another does, and more."""
    kept: list[Way] = []
    for way in sorted(dict.fromkeys(ways), key=len):
        if not any(other <= way for other in kept):
            kept.append(way)
    return kept[:_MOST]


def hangs_on_sources(expression: Expression) -> bool:
    """Whether other sources of parts may change what an expression comes to."""
    if isinstance(expression, Every | AtLeast):
        return expression.collection in _OF_SOURCES
    return getattr(expression, "fact", None) in _OF_SOURCES or any(map(hangs_on_sources, inner(expression)))


@dataclass(frozen=True, slots=True)
class _Asked:
    view: View
    said: Mapping[str, Fact]
    fixed: bool
    """Whether there is no bill, so that nothing could come from elsewhere."""

    def of(self, rule: Rule, expression: Expression, facts: Facts) -> Ways:
        """The ways in which an expression holds."""
        if self.fixed or not hangs_on_sources(expression):
            return self._as_it_is(expression, facts)
        match expression:
            case AllOf(of):
                return _all(self.of(rule, each, facts) for each in of)
            case AnyOf(of):
                return _any(self.of(rule, each, facts) for each in of)
            case When(condition, then):
                applies = S.MET if hangs_on_sources(condition) else self._status(condition, facts)
                return None if applies in {S.NOT_MET, S.NOT_APPLICABLE} else self.of(rule, then, facts)
            case Under(_, of):
                return self.of(rule, of, facts)
            case ByReading(reading, options):
                return self.of(rule, options[self.view.reading(reading)], facts)
            case Every(collection, member) if collection in COLLECTIONS:
                return self._products(rule, collection, member, facts)
            case Every(collection, member) if collection == SOURCES:
                return [frozenset({self._sources(rule, member)})]
            case Yes(fact, answer) if fact == DECLARED and answer:
                return [frozenset({Demand("declared", rule.title, rule.provision, rule.id)})]
        return [frozenset()]

    def _status(self, expression: Expression, facts: Facts) -> S:
        node, readings = explain(expression, facts, self.said, self.view, Seen())
        self.view.touched.update(readings)
        return node.status

    def _as_it_is(self, expression: Expression, facts: Facts) -> Ways:
        status = self._status(expression, facts)
        return None if status is S.NOT_APPLICABLE else [frozenset()] if status >= S.JUDGEMENT else []

    def _products(self, rule: Rule, collection: str, member: Expression, facts: Facts) -> Ways:
        products = facts.get(collection)
        if not isinstance(products, tuple):
            return []
        return _all(self._product(rule, collection, place, member, each) for place, each in enumerate(products))

    def _product(self, rule: Rule, collection: str, place: int, member: Expression, facts: Facts) -> Ways:
        """As `of`, for an expression about one end product."""

        def within(expression: Expression) -> Ways:
            match expression:
                case AllOf(of):
                    return _all(map(within, of))
                case AnyOf(of):
                    return _any(map(within, of))
                case When(condition, then):
                    applies = self._status(condition, facts)
                    return None if applies in {S.NOT_MET, S.NOT_APPLICABLE} else within(then)
                case Under(_, of):
                    return within(of)
                case ByReading(reading, options):
                    return within(options[self.view.reading(reading)])
                case ShareLimit():
                    demand = self._share(rule, collection, place, expression, facts)
                    return [frozenset({demand})] if demand else []
            return self._as_it_is(expression, facts)

        return within(member)

    def _share(self, rule: Rule, collection: str, place: int, leaf: ShareLimit, facts: Facts) -> Demand | None:
        fact, limit = facts.get(leaf.fact), self.view.parameter(leaf.limit).value
        if not isinstance(fact, Fact) or not isinstance(fact.value, Mapping) or not isinstance(limit, Fraction):
            return None
        group = self.view.group(leaf.group)
        policy = self.view.reading(UNKNOWN_ORIGIN) if UNKNOWN_ORIGIN in self.view.readings else "range"
        subject = facts.get("subject")
        return Demand(
            "share",
            rule.title,
            rule.provision,
            rule.id,
            collection,
            place,
            str(subject.value) if isinstance(subject, Fact) else "",
            group.title,
            group.members,
            leaf.others,
            leaf.at_most,
            leaf.strictly,
            limit,
            None if policy == "range" else leaf.counts(policy),
        )

    def _about(self, expression: Expression, fact: str) -> list[Expression]:
        """What of an expression, as it is read, asks for a fact."""
        if isinstance(expression, ByReading):
            return self._about(expression.options[self.view.reading(expression.reading)], fact)
        if getattr(expression, "fact", None) == fact:
            return [expression]
        return [one for each in inner(expression) for one in self._about(each, fact)]

    def _sources(self, rule: Rule, member: Expression) -> Demand:
        named = self._about(member, "country")
        groups = [self.view.group(each.group) for each in named if isinstance(each, Within)]
        known: dict[tuple[str | tuple[bool, ...], str], bool] = {}

        def bad(country: str, kind: str) -> bool:
            # Countries in the same groups are alike, where groups are all that is asked of one.
            alike = country if len(groups) < len(named) else tuple(country in group for group in groups)
            if (alike, kind) not in known:
                facts: Facts = {"country": Fact(country), "cost_kind": Fact(kind)}
                known[alike, kind] = self._status(member, facts) < S.JUDGEMENT
            return known[alike, kind]

        strict = [country for country in self.view.places.titles if bad(country, PART)]
        kinds = [kind for kind in get_args(CostKind) if kind not in PARTS]  # raw materials among them
        others = {(country, kind) for country in strict for kind in kinds if bad(country, kind)}
        barred = frozenset({*((country, PART) for country in strict), *others})
        return Demand("sources", rule.title, rule.provision, rule.id, barred=barred)


def product_of(demand: Demand, content: Content) -> ProductContent:
    """The end product whose share is measured."""
    found: tuple[ProductContent, ...] = getattr(content, COLLECTIONS[demand.collection])
    return found[demand.place]


def parts_of(demand: Demand, content: Content) -> Parts:
    """What counts in the share, what does not and what is open."""
    return _parts(demand, product_of(demand, content).composition)


def _parts(demand: Demand, composition: Composition) -> Parts:
    parts = split(composition, demand.members, others=demand.others)
    return parts if demand.counts is None else assumed(parts, counts=demand.counts)


def excess_of(demand: Demand, composition: Composition) -> Fraction:
    """By how much a composition misses a share in the worst completion, times the limit's denominator."""
    parts = _parts(demand, composition)
    return worst_excess(parts, demand.limit) if demand.at_most else -best_excess(parts, demand.limit)


def excess(demand: Demand, purchase: Purchase) -> Callable[[Content], Fraction]:
    """By how much a content misses a row in the worst completion: at most zero where it keeps it, below where strict.

    Of a share n/d in units of the contract's currency times d, for one end product; else a number of sources. It adds
    up line by line, as long as the method is linear in prices.
    """
    if demand.kind == "share":
        return lambda content: excess_of(demand, product_of(demand, content).composition)
    bad = fails(demand, purchase)
    return lambda content: Fraction(sum(map(bad, content.sourced)))


def fails(demand: Demand, purchase: Purchase) -> Callable[[Sourced], bool]:
    """Whether a source is one that a row on sources counts."""
    parties = {party.id: party for party in purchase.parties}

    def bad(each: Sourced) -> bool:
        supplier = parties.get(each.supplier or "")
        if demand.kind == "declared":
            return not is_settled(each, supplier)
        kind = kind_of(each)
        if any((country, kind) in demand.barred for country in countries_of_source(each, supplier)):
            return True
        named = (one.countries for one in each.perhaps if not one.elsewhere)
        return any(all((country, kind) in demand.barred for country in countries) for countries in named)

    return bad
