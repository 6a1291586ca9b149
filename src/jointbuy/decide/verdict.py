"""From findings to a verdict, by the one table of conventions §8.

Rules with the same condition are alternatives: the best one counts. A verdict is as good as its
worst condition. Whether one purchase may take one route for one condition and another for the next
is itself a reading (law.md §7, 28).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from jointbuy.decide import facts as facts_of
from jointbuy.decide import flip, needs, unread
from jointbuy.decide.after import status_under
from jointbuy.decide.checklist import checklist, filled, noted
from jointbuy.decide.explain import explain
from jointbuy.decide.looks import differing, facts_by_view, looks_at
from jointbuy.decide.missing import missing
from jointbuy.decide.node import Node, Seen
from jointbuy.decide.remarks import is_of_a_partner, opening_later, remarks
from jointbuy.decide.sums import Weights
from jointbuy.decide.unused import passed_over
from jointbuy.errors import NotInForce
from jointbuy.law import Act, Route
from jointbuy.model import Purchase
from jointbuy.parameters import View
from jointbuy.result import (
    Condition,
    Content,
    Control,
    Finding,
    Outcome,
    ReadingUsed,
    RouteResult,
    Status,
    Verdict,
)
from jointbuy.rules import UNKNOWN_ORIGIN, Fact, Facts, Rule, S
from jointbuy.turning import Turning, Turns

LISTED, LISTED_GROUP = "contravening countries", "contravening listed"
"""The reading that a purchase's own list of countries chooses, and the group that holds the list."""
MIXING = "mixing routes"
"""The reading on whether each condition may take the best route open to the purchase."""

STATUS: Mapping[S, Status] = {
    S.NOT_MET: "not met",
    S.UNKNOWN: "unknown",
    S.JUDGEMENT: "for judgement",
    S.MET: "met",
    S.NOT_APPLICABLE: "not applicable",
}
_RANK = {status: rank for rank, status in STATUS.items()}


class _Found(NamedTuple):
    """A rule, what it came to, the readings it asked for, and what each of its expressions came to."""

    rule: Rule
    node: Node
    readings: tuple[str, ...]
    seen: Seen


class _Answer(NamedTuple):
    """One evaluation of all rules."""

    open_routes: tuple[Route, ...]
    found: list[_Found]
    deciding: list[_Found]
    outcome: Outcome

    @property
    def statuses(self) -> list[S]:
        return [each.node.status for each in self.found]


def verdict(
    purchase: Purchase,
    control: Control,
    contents: Callable[[View], Content | None],
    act: Act,
    view: View,
    *,
    tried: bool = True,
) -> Verdict:
    """Whether the purchase is eligible under the act, as the view has its law.

    `contents` gives the content under the readings of a view, the same object each time and where they make no
    difference. Without `tried` no other reading is looked at.
    Raises NotInForce when the act has no law on the view's date.
    """
    content, said = contents(view), facts_of.statements(purchase)
    facts_under = facts_by_view(purchase, control, contents, act, view)
    facts = facts_under(view)
    answer = _evaluate(facts, said, act, view)
    unverified = _rests_on(answer, lambda route: is_of_a_partner(route, purchase, content, view))
    if answer.outcome == "not eligible":
        # Nobody here has read whether these cover a contract signed before they applied.
        unverified |= {route.title for route, _ in opening_later(purchase, content, act, view) if not route.verified}
    denied = answer.outcome != "undetermined" and bool(unverified) and unread.is_denied(said, act)
    told = [(each.rule.provision, each.node) for each in answer.deciding]
    asked = () if denied or answer.outcome != "eligible" else unread.conditions(unverified, told, said, act)
    conditions = (*_conditions(answer.deciding), *asked)
    found_under = _retried(answer, facts, facts_under, said)
    readings = tuple(_reading(name, answer, found_under, view) for name in sorted(view.touched) if tried)
    hangs_on = _hangs_on(answer.outcome, readings)
    turned, turning = _flipped(answer, purchase, facts, said, view) if tried else ({}, None)
    return Verdict(
        purchase=purchase.id,
        act=act.name,
        on=view.on,
        known_on=view.known_on,
        outcome="undetermined" if denied else answer.outcome,
        summary=unread.denial(unverified, act)
        if denied
        else " ".join(filter(None, (_summary(answer, conditions, act), _on_readings(hangs_on)))),
        conditions=conditions,
        routes=_routes(answer.found, act, answer.open_routes, view),
        findings=tuple(
            replace(_finding(each.rule, each.node, each.readings), turns=turned.get((each.rule.id, each.rule.route)))
            for each in answer.found
        ),
        readings=readings,
        hangs_on=tuple(used.id for used in hangs_on),
        missing=missing(content, (each.rule for each in answer.deciding), view),
        checklist=checklist(act.clauses, facts, view),
        remarks=(
            *remarks(purchase, control, content, act, view),
            *_passed_over(answer, facts, said, view),
            *noted(act.notes, facts, view),
        ),
        unverified=tuple(sorted(unverified)),
        pays=filled(act.pays, view),
        turning=turning,
    )


def _passed_over(answer: _Answer, facts: Facts, said: Mapping[str, Fact], view: View) -> Iterable[str]:
    """Answers that findings which do not hold pass over; what is looked at leaves no trace in the touched readings."""
    failing = [
        (each.rule.title, each.rule.expression, each.seen)
        for each in answer.deciding
        if each.node.status in {S.NOT_MET, S.UNKNOWN}
    ]
    return dict.fromkeys(passed_over(failing, facts, said, replace(view, touched=set())))


def _evaluate(facts: Facts, said: Mapping[str, Fact], act: Act, view: View) -> _Answer:
    """Every rule that stands on an open route, and who speaks for each condition."""
    open_routes = opened(act, view)
    unverified = {route.id for route in open_routes if not route.verified}
    found = [_found(rule, facts, said, unverified, view) for rule in standing(act, open_routes)]
    for each in found:
        view.touched.update(each.readings)
    order = {condition: place for place, (condition, _) in enumerate(act.conditions)}
    found.sort(key=lambda each: (order[each.rule.condition], each.rule.route or "", each.rule.id))
    deciding = _deciding(found, open_routes, view)
    return _Answer(open_routes, found, deciding, outcome_of(each.node.status for each in deciding))


class Decided(NamedTuple):
    """What a purchase comes to: status by rule, outcome, and by condition the route of the rule that speaks for it."""

    status: Mapping[str, S]
    outcome: Outcome
    taken: Mapping[str, str | None]


def decided(facts: Facts, said: Mapping[str, Fact], act: Act, view: View) -> Decided:
    """The outcome of facts alone, without what a verdict tells beside it; `columns` gives the same for many."""
    answer = _evaluate(facts, said, act, view)
    return Decided(
        {each.rule.id: each.node.status for each in answer.found},
        answer.outcome,
        {each.rule.condition: each.rule.route for each in answer.deciding},
    )


def _found(rule: Rule, facts: Facts, said: Mapping[str, Fact], unverified: Container[str | None], view: View) -> _Found:
    seen: Seen = {}
    node, readings = explain(rule.expression, facts, said, view, seen)
    if rule.route in unverified and node.status is not S.NOT_APPLICABLE:
        node = node._replace(unverified=node.unverified | {rule.provision})
    return _Found(rule, node, tuple(sorted(readings)), seen)


def outcome_of(statuses: Iterable[S]) -> Outcome:
    """The combination table: one condition not met, then one unknown, decides; a judgement never blocks."""
    lowest = min(statuses, default=S.NOT_APPLICABLE)
    if lowest is S.NOT_MET:
        return "not eligible"
    return "undetermined" if lowest is S.UNKNOWN else "eligible"


def outcome_by(statuses: Iterable[tuple[Rule, S]], open_routes: tuple[Route, ...], view: View) -> Outcome:
    """The outcome of the rules that stand, by their statuses alone."""
    found = [_Found(rule, Node(status, ""), (), {}) for rule, status in statuses]
    return outcome_of(each.node.status for each in _deciding(found, open_routes, view))


def opened(act: Act, view: View) -> tuple[Route, ...]:
    """The routes that are open on the view's date."""
    return tuple(route for route in act.routes if opens(route, view))


def standing(act: Act, open_routes: Iterable[Route]) -> list[Rule]:
    """The rules that stand: the act's own, and those of open routes."""
    names = {None, *(route.id for route in open_routes)}
    return [rule for rule in act.rules if rule.route in names]


def options_of(name: str, view: View) -> tuple[str, ...]:
    """What may be chosen of a reading: without a list of countries nobody can go by it."""
    listed = bool(view.group(LISTED_GROUP).members)
    return tuple(each.name for each in view.readings[name].options if listed or (name, each.name) != (LISTED, "listed"))


def opens(route: Route, view: View) -> bool:
    """Whether the agreement applies on the view's date, with a partner where it is one with a partner."""
    try:
        view.parameter(route.opens)
    except NotInForce:
        return False
    return _has_partner(route.id, view)


def _has_partner(route: str, view: View) -> bool:
    """Whether anybody belongs to the group of an agreement's partner; so it is of one that has no such group."""
    return route not in view.places.memberships or bool(view.group(route).members)


def _finding(rule: Rule, node: Node, readings: tuple[str, ...]) -> Finding:
    finding = Finding(
        rule=rule.id,
        title=rule.title,
        condition=rule.condition,
        route=rule.route,
        status=STATUS[node.status],
        provision=rule.provision,
        because=node.because,
        value=node.value,
        limit=node.limit,
        unit=node.unit,
        margin=node.margin,
        margin_money=node.margin_money,
        subject=node.subject,
        sources=node.sources,
        verified=not node.unverified,
        readings=readings,
        missing=node.missing,
    )
    return replace(finding, parts=tuple(_finding(rule, part, ()) for part in node.parts))


def _by_condition(found: Iterable[_Found]) -> dict[str, list[_Found]]:
    grouped: dict[str, list[_Found]] = {}
    for each in found:
        grouped.setdefault(each.rule.condition, []).append(each)
    return grouped


def _on_route(found: Iterable[_Found], route: str | None) -> list[_Found]:
    """For each condition the best of the route's own rules, or of the act's where the route has none."""
    chosen = []
    for alternatives in _by_condition(found).values():
        own = [each for each in alternatives if each.rule.route == route]
        common = [each for each in alternatives if each.rule.route is None]
        if own or common:
            chosen.append(_best(own or common))
    return chosen


def _best(alternatives: list[_Found]) -> _Found:
    applying = [each for each in alternatives if each.node.status is not S.NOT_APPLICABLE]
    return max(applying or alternatives, key=lambda each: each.node.status)


def _deciding(found: list[_Found], open_routes: tuple[Route, ...], view: View) -> list[_Found]:
    """The finding that speaks for each condition."""
    if not open_routes:
        return _on_route(found, None)
    each_best = [_best(alternatives) for alternatives in _by_condition(found).values()]
    whole = [_on_route(found, route) for route in (None, *(route.id for route in open_routes))]
    # A judgement is no worse than met here: of two ways that pass, the ordinary one speaks; of two that
    # do not, the one with less against it.
    best_whole = max(whole, key=lambda chosen: sorted(min(S.JUDGEMENT, each.node.status) for each in chosen))
    if outcome_of(each.node.status for each in each_best) == outcome_of(each.node.status for each in best_whole):
        return best_whole
    return each_best if view.reading(MIXING) == "each condition" else best_whole


def _flipped(
    answer: _Answer, purchase: Purchase, facts: Facts, said: Mapping[str, Fact], view: View
) -> tuple[Mapping[flip.Key, Turns], Turning]:
    """What would turn each finding and the verdict, under the readings chosen."""
    held = [
        flip.Held(each.rule, each.node.status, needs.at(purchase, facts, said, view, each.rule.expression, each.seen))
        for each in answer.found
    ]
    mixed = bool(answer.open_routes) and replace(view, touched=set()).reading(MIXING) == "each condition"
    return flip.of(flip.choices(held, [route.id for route in answer.open_routes], mixed=mixed))


def _conditions(deciding: Iterable[_Found]) -> tuple[Condition, ...]:
    conditions: dict[str, Condition] = {}
    for each in deciding:
        for question in each.node.questions:
            provision = question.provision or each.rule.provision
            condition = Condition(question.key, question.text, question.who, provision, each.rule.id)
            conditions.setdefault(question.key, condition)
    return tuple(conditions.values())


def _rests_on(answer: _Answer, concerned: Callable[[Route], bool]) -> frozenset[str]:
    """The unverified law that the outcome rests on.

    A purchase that is not eligible might be, were it otherwise, by each way on which nothing else stands against it: by
    that which was taken, by the act's own rules, and by agreements whose partner it concerns.
    """
    carrying = answer.deciding
    if answer.outcome == "not eligible":
        routes = (None, *(route.id for route in answer.open_routes if concerned(route)))
        ways = [answer.deciding, *(_on_route(answer.found, route) for route in routes)]
        failing = [[each for each in way if each.node.status is S.NOT_MET] for way in ways]
        carrying = [each for way in failing if all(each.node.unverified for each in way) for each in way]
    return frozenset().union(*(each.node.unverified for each in carrying))


def _closed(name: str, act: Act, view: View) -> str:
    """Why a route is not open, and how to see what it would say."""
    opens = next(route.opens for route in act.routes if route.id == name)
    later = [each.since for each in act.parameters[opens].values if each.since > view.on]
    if not later:
        ends = [each.until for each in act.parameters[opens].values if each.until and each.until <= view.on]
        ended = f"; it no longer applies since {max(ends)}" if ends else ""
        ended = ended if _has_partner(name, view) else "; nobody belongs to the group of its partner on that day"
        return f"not open on {view.on}{ended}"
    return (
        f"not open on {view.on}; it applies from {min(later)}, and whether that covers earlier contracts is open "
        f"(try --on {min(later)})"
    )


def _routes(found: list[_Found], act: Act, open_routes: tuple[Route, ...], view: View) -> tuple[RouteResult, ...]:
    results = []
    for name, title in ((None, act.ordinary), *((route.id, route.title) for route in act.routes)):
        if name is not None and name not in {route.id for route in open_routes}:
            verified = next(route.verified for route in act.routes if route.id == name)
            results.append(RouteResult(name, title, False, "not eligible", _closed(name, act, view), verified))
            continue
        chosen = _on_route(found, name)
        lowest = min(chosen, key=lambda each: each.node.status)
        outcome = outcome_of(each.node.status for each in chosen)
        because = f"{lowest.rule.title}: {_why(lowest.node)}" if outcome != "eligible" else "every condition holds"
        verified = not any(each.node.unverified for each in chosen)
        results.append(RouteResult(name or "ordinary", title, True, outcome, because, verified))
    return tuple(results)


def _retried(
    answer: _Answer, facts: Facts, facts_under: Callable[[View], Facts], said: Mapping[str, Fact]
) -> Callable[[View, str], list[_Found]]:
    """The statuses under another option of a reading; a rule that it cannot change is not asked again."""
    weights: dict[int, Weights] = {}

    @cache
    def named() -> dict[int, frozenset[str]]:
        return {id(each.rule): frozenset(looks_at(each.rule.expression)) for each in answer.found}

    def found_under(other: View, reading: str) -> list[_Found]:
        others = facts_under(other)
        changed = differing(others, facts)
        return [
            _Found(each.rule, Node(again(each, others, other, reading), ""), (), {})
            if reading in each.readings or (changed and not changed.isdisjoint(named()[id(each.rule)]))
            else each
            for each in answer.found
        ]

    def again(each: _Found, others: Facts, other: View, reading: str) -> S:
        # How what is open counts is asked where shares are compared, and these do not tell it apart.
        before = facts, {} if reading == UNKNOWN_ORIGIN else each.seen
        return status_under(each.rule.expression, others, said, other, before=before, weights=weights)

    return found_under


def _reading(name: str, answer: _Answer, found_under: Callable[[View, str], list[_Found]], view: View) -> ReadingUsed:
    """A reading that was asked for, with what would have come of its other options."""
    reading, chosen = view.readings[name], view.reading(name)
    others = tuple(option for option in options_of(name, view) if option != chosen)
    tried = []
    for option in others:
        other = view.reading_as(name, option)
        found = found_under(other, name)
        deciding = _deciding(found, answer.open_routes, other)
        outcome = outcome_of(each.node.status for each in deciding)
        tried.append((option, _Answer(answer.open_routes, found, deciding, outcome)))
    return ReadingUsed(
        name,
        reading.question,
        chosen,
        chosen == reading.default,
        others,
        matters=any((each.statuses, each.outcome) != (answer.statuses, answer.outcome) for _, each in tried),
        outcomes=tuple((option, each.outcome) for option, each in tried),
    )


def _hangs_on(outcome: Outcome, readings: Iterable[ReadingUsed]) -> tuple[ReadingUsed, ...]:
    """The readings of an eligible verdict another option of which makes it not eligible: the defaults were lenient.

    An option that only asks for more facts, or moves a share without crossing a limit, reverses nothing.
    """
    if outcome != "eligible":
        return ()
    return tuple(used for used in readings if "not eligible" in dict(used.outcomes).values())


def _on_readings(hangs_on: tuple[ReadingUsed, ...]) -> str:
    """That the verdict holds on some readings only, and which; nothing where every one agrees."""
    if not hangs_on:
        return ""
    told = ", ".join(f"{used.id}={used.chosen}" for used in hangs_on)
    return f"So on the reading{'s' if len(hangs_on) > 1 else ''} {told}; read otherwise it is not eligible."


def _summary(answer: _Answer, conditions: tuple[Condition, ...], act: Act) -> str:
    """The verdict in two sentences, what it is and what it turns on; a third where it rests on unverified law."""
    if answer.outcome == "eligible":
        points = "1 point is" if len(conditions) == 1 else f"{len(conditions)} points are"
        first = f"Meets {act.short} on the stated facts" + (f", if {points} settled." if conditions else ".")
        by = _agreement(answer)
        if by:
            first += f" The ordinary rules alone do not suffice: it passes by the {by.title}"
            first += "." if by.verified else ", whose text nobody here has read (unverified)."
        share = next((each for each in answer.deciding if each.node.margin_money is not None), None)
        return f"{first} {_sentence(share.node.because)}" if share else first
    status = S.NOT_MET if answer.outcome == "not eligible" else S.UNKNOWN
    at = [other for each in answer.deciding if each.node.status is status for other in _alike(each, answer.found)]
    named = ", ".join(f"{each.rule.title[:1].lower()}{each.rule.title[1:]} ({each.rule.provision})" for each in at)
    verb = "Does not meet" if status is S.NOT_MET else "Cannot be decided yet under"
    why = [_sentence(_why(each.node)) for each in at if each.rule.condition == at[0].rule.condition]
    by = _agreement(answer)
    if by and not by.verified:
        why.append(f"It comes nearest by the {by.title}, whose text nobody here has read (unverified).")
    return f"{verb} {act.short}: {named}. {' '.join(why)}"


def _alike(one: _Found, found: Iterable[_Found]) -> list[_Found]:
    """The alternatives to a rule on its own route that came to the same: none of them is more to blame."""
    same = (one.rule.condition, one.rule.route, one.node.status)
    return [each for each in found if (each.rule.condition, each.rule.route, each.node.status) == same]


def _why(node: Node) -> str:
    """Why a finding is what it is: the members that made it so, without those that do not count."""
    told = [f"{part.subject}: {part.because}" for part in node.parts if part.subject and part.status is node.status]
    return "; ".join(told) or node.because


def _agreement(answer: _Answer) -> Route | None:
    """The agreement that the verdict needs, if it needs one."""
    needed = {each.rule.route for each in answer.deciding if each.rule.route}
    return next((route for route in answer.open_routes if route.id in needed), None)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
