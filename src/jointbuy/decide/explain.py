"""One purchase against one expression: the status, the values compared, and why (conventions §11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from jointbuy.decide import labels
from jointbuy.decide.combined import CLOSED, combine, joined, unique
from jointbuy.decide.node import IN_GROUP, Node, Question, Seen
from jointbuy.decide.shares import corners, keeps, rests_on, to_state
from jointbuy.exact import (
    ADDED,
    Parts,
    Range,
    assumed,
    bounded,
    decimal,
    per_cent,
    share_range,
    split,
)
from jointbuy.parameters import Standing, View
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
    Is,
    Judgement,
    NoLaterThan,
    NumberLimit,
    S,
    ShareLimit,
    Stated,
    Under,
    When,
    Within,
    Yes,
)


class _Context(NamedTuple):
    view: View
    facts: Facts
    statements: Mapping[str, Fact]
    seen: Seen
    subject: str = ""


def explain(
    of: Expression, facts: Facts, said: Mapping[str, Fact], view: View, seen: Seen | None = None, subject: str = ""
) -> tuple[Node, frozenset[str]]:
    """Evaluate one expression; also the ids of the readings it asked for. Raises NotInForce as parameters do."""
    own = replace(view, touched=set())
    node = _explain(of, _Context(own, facts, said, {} if seen is None else seen, subject))
    return node, frozenset(own.touched)


def _explain(expression: Expression, context: _Context) -> Node:
    key, seen = (id(expression), id(context.facts)), context.seen
    found = seen.get(key)
    if found is None:
        found = seen[key] = _HOW[type(expression)](expression, context)
    return found


# --- leaves -------------------------------------------------------------------------------


def _fact(context: _Context, name: str) -> Fact:
    fact = context.facts.get(name)
    return fact if isinstance(fact, Fact) else Fact(None)


def _unknown(name: str, context: _Context, fact: Fact) -> Node:
    label = f"{labels.field(name)} of {context.subject}" if context.subject else labels.field(name)
    because = fact.open or f"{labels.field(name)} is not stated"
    return Node(S.UNKNOWN, because, missing=(label,), sources=fact.where)


def _ahead(name: str, value: object, fact: Fact, context: _Context) -> Node:
    """What is stated but lies after the day by which everything is known, so that it may still not come about."""
    by = context.view.known_on
    because = f"{labels.told(name, value)}, which on {by} lies ahead (--known-on decides by a later day)"
    return Node(S.UNKNOWN, because, missing=(f"{labels.field(name)} once it has come about",), sources=fact.where)


def _within(leaf: Within, context: _Context) -> Node:
    fact, view = _fact(context, leaf.fact), context.view
    day = _day_of(leaf, context)
    group = view.group(leaf.group, day)
    if fact.value is None:
        return _unknown(leaf.fact, context, fact)
    country = str(fact.value)
    inside = country in group
    title = view.places.titles.get(country, country)
    because = f"{labels.told(leaf.fact, title)}, {'within' if inside else 'not within'} {group.title}"
    taken = f"{labels.told(leaf.on or '', day)}, which is the day that counts" if day else ""
    later = None if inside else view.places.joins(leaf.group, country, day or view.on, view.known_on)
    if later is not None:
        because += f" before {later}"
    if later is not None and not leaf.on:
        because += f" (decided by the law of {view.on}; --on {later} by that of then)"
    because += f" ({taken})" if taken else ""
    unverified = frozenset({f"{title}{IN_GROUP}{group.title}"}) if country in group.unverified else frozenset()
    return Node(
        S.MET if inside is not leaf.negated else S.NOT_MET,
        because,
        value=country,
        limit=group.title,
        unit="country",
        sources=fact.where,
        unverified=unverified,
        by=(taken,) if taken else (),
    )


def _day_of(leaf: Within, context: _Context) -> date | None:
    """The day of which membership is asked, where that is not the day of the law."""
    day = _fact(context, leaf.on).value if leaf.on else None
    asked = context.view.told(day) if isinstance(day, date) else None
    return None if asked == context.view.on else asked


def _is(leaf: Is, context: _Context) -> Node:
    fact = _fact(context, leaf.fact)
    if fact.value is None:
        return _unknown(leaf.fact, context, fact)
    word = str(fact.value)
    if fact.ahead and word in leaf.words:
        return _ahead(leaf.fact, word, fact, context)
    holds = word in leaf.words
    because = labels.word(leaf.fact, word) if holds else labels.other_word(leaf.fact, word)
    return Node(S.MET if holds else S.NOT_MET, because, value=word, unit="word", sources=fact.where)


def _yes(leaf: Yes, context: _Context) -> Node:
    fact = _fact(context, leaf.fact)
    if fact.value is None:
        return _unknown(leaf.fact, context, fact)
    because = labels.answer(leaf.fact, fact.value is True)
    status = S.MET if fact.value is leaf.answer else S.NOT_MET
    return Node(status, because, value="yes" if fact.value else "no", unit="word", sources=fact.where)


def _stated(leaf: Stated, context: _Context) -> Node:
    fact = _fact(context, leaf.fact)
    there, value = fact.value is not None, fact.value if isinstance(fact.value, date) else None
    return Node(
        S.MET if there is not leaf.negated else S.NOT_MET,
        labels.stated(leaf.fact, fact.value),
        value=value,
        unit="date",
        sources=fact.where,
    )


def _no_later(leaf: NoLaterThan, context: _Context) -> Node:
    fact, parameter = _fact(context, leaf.fact), context.view.parameter(leaf.limit)
    limit = parameter.value
    if fact.value is None:
        return _unknown(leaf.fact, context, fact)._replace(limit=limit, unit="date")
    if not isinstance(fact.value, date) or not isinstance(limit, date):
        raise TypeError(f"{leaf.fact} against {leaf.limit}: both must be dates")
    margin = (limit - fact.value).days
    holds = (margin > 0 if leaf.strictly else margin >= 0) is not leaf.negated
    if fact.ahead and holds:
        return _ahead(leaf.fact, fact.value, fact, context)._replace(limit=limit, unit="date")
    must = _WHEN[2 * leaf.strictly + leaf.negated]
    when = labels.told(leaf.fact, fact.value)
    return Node(
        S.MET if holds else S.NOT_MET,
        f"{when}, {must} {limit}" if holds else f"{when}, must be {must} {limit}",
        value=fact.value,
        limit=limit,
        unit="date",
        margin=-margin if leaf.negated else margin,
        sources=fact.where,
        unverified=_unverified(parameter),
    )


_WHEN = ("no later than", "after", "before", "no earlier than")


def _number(leaf: NumberLimit, context: _Context) -> Node:
    fact, parameter = _fact(context, leaf.fact), context.view.parameter(leaf.limit)
    limit = parameter.value
    if fact.value is None:
        unverified = _unverified(parameter)
        return _unknown(leaf.fact, context, fact)._replace(limit=limit, unit="share", unverified=unverified)
    if not isinstance(fact.value, Range) or not isinstance(limit, Fraction):
        raise TypeError(f"{leaf.fact} against {leaf.limit}: both must be numbers")
    low, high = fact.value.low, fact.value.high
    slack = Range(limit - high, limit - low) if leaf.at_most else Range(low - limit, high - limit)
    plain = context.view.parameters[leaf.limit].unit == "count"
    shown = [decimal(fact.value.low, 2), str(limit)] if plain else [per_cent(fact.value, limit), per_cent(limit)]
    status = _by_corners(slack.low >= 0, slack.high >= 0)
    if status is S.UNKNOWN and fact.open:  # it is not settled by what is stated
        unverified = _unverified(parameter)
        return _unknown(leaf.fact, context, fact)._replace(limit=limit, unit="share", unverified=unverified)
    must = ("must be " if status is S.NOT_MET else "") + ("at most" if leaf.at_most else "at least")
    return Node(
        status,
        f"{labels.told(leaf.fact, shown[0])}, {must} {shown[1]}",
        value=fact.value,
        limit=limit,
        unit="count" if plain else "share",
        margin=slack,
        sources=fact.where,
        unverified=_unverified(parameter),
    )


def _share(leaf: ShareLimit, context: _Context) -> Node:
    fact, parameter = _fact(context, leaf.fact), context.view.parameter(leaf.limit)
    group, limit = context.view.group(leaf.group), parameter.value
    if fact.value is None:
        return _unknown(leaf.fact, context, fact)._replace(limit=limit, unit="share")
    if not isinstance(fact.value, Mapping) or not isinstance(limit, Fraction):
        raise TypeError(f"{leaf.fact} against {leaf.limit}: a composition and a share")
    parts = split(fact.value, group.members, others=leaf.others)
    policy = _policy(leaf, parts, limit, context.view)
    counts = None if policy == "range" else leaf.counts(policy)
    if counts is not None:
        parts = assumed(parts, counts=counts)
    shares = share_range(parts)
    if parts.total.high == 0:
        because = "its bill prices no component, so that no share can be measured"
        missing = ("cost of components (or take out of end_products what has none)",)
        return Node(S.UNKNOWN, because, limit=limit, unit="share", missing=missing)
    worst, _ = corners(leaf, parts, limit)
    side = (
        ("less than" if leaf.at_most else "more than") if leaf.strictly else "at most" if leaf.at_most else "at least"
    )
    certain, possible = keeps(leaf, parts, limit)
    what = f"outside {group.title}" if leaf.others else f"from {group.title}"
    whole = "component cost" if ADDED not in fact.value else "the value"
    shown = per_cent(shares, limit) if shares else "of an amount that may be nothing"
    bound = "; a bound, since prices are ranges and assemblies are tested" if bounded(fact.value) else ""
    slack = None
    if shares:
        slack = Range(limit - shares.high, limit - shares.low)
        slack = slack if leaf.at_most else Range(-slack.high, -slack.low)
    return Node(
        _by_corners(certain, possible),
        f"{shown} of {whole} originates {what}; the limit is {side} {per_cent(limit)}{_ASSUMED[policy]}{bound}",
        value=shares,
        limit=limit,
        unit="share",
        margin=slack,
        margin_money=-worst / limit.denominator,
        sources=fact.where,
        unverified=_unverified(parameter) | rests_on(leaf, fact.value, group, limit, counts),
        missing=to_state(fact.value, parts) if possible and not certain else (),
    )


_ASSUMED = {
    "range": "",
    "worst case": "; what is undeclared counts where it hurts",
    "outside": "; what is undeclared counts as from outside",
}


def _policy(leaf: ShareLimit, parts: Parts, limit: Fraction, view: View) -> str:
    """How open origins count; asked for only where it matters, or where somebody has chosen it."""
    if not parts.open.high and not any(unknown for _, unknown, _ in parts.mixed):
        return "range"
    worst, best = corners(leaf, parts, limit)
    open_ = worst > 0 >= best or (leaf.strictly and worst == 0 > best)
    asked = UNKNOWN_ORIGIN in view.readings and (open_ or UNKNOWN_ORIGIN in view.chosen)
    return view.reading(UNKNOWN_ORIGIN) if asked else "range"


def _judgement(leaf: Judgement, context: _Context) -> Node:
    key = f"{leaf.key}:{context.subject}" if context.subject else leaf.key
    statement = context.statements.get(key) or context.statements.get(leaf.key)
    if statement is None and leaf.volunteered:
        return Node(S.NOT_MET, CLOSED)
    if statement is None:
        subject = f"{context.subject}: " if context.subject else ""
        question = Question(key, subject + leaf.question, leaf.who)
        return Node(S.JUDGEMENT, f"a person must say: {leaf.question}", questions=(question,))
    because = f"stated: {leaf.question} {'yes' if statement.value else 'no'}"
    return Node(S.MET if statement.value else S.NOT_MET, because, sources=statement.where)


def _by_corners(certain: bool, possible: bool) -> S:
    return S.MET if certain else S.UNKNOWN if possible else S.NOT_MET


def _unverified(parameter: Standing) -> frozenset[str]:
    return frozenset() if parameter.verified else frozenset({parameter.provision})


# --- branches -----------------------------------------------------------------------------


def _all(branch: AllOf, context: _Context) -> Node:
    return combine([_explain(each, context) for each in branch.of], min)


def _any(branch: AnyOf, context: _Context) -> Node:
    return combine([_explain(each, context) for each in branch.of], max, otherwise=S.NOT_MET)


def _when(branch: When, context: _Context) -> Node:
    condition = _explain(branch.condition, context)
    if condition.status in {S.NOT_MET, S.NOT_APPLICABLE}:
        return Node(S.NOT_APPLICABLE, condition.because, sources=condition.sources, unverified=condition.unverified)
    then = _explain(branch.then, context)
    then = then._replace(unverified=then.unverified | condition.unverified)
    if condition.status is S.MET or then.status in {S.MET, S.NOT_APPLICABLE}:
        return then
    # Whether the rule applies is open, and it is not met, or open, where it does.
    decisive = condition if condition.status >= then.status else then
    return decisive._replace(
        because=f"{then.because}; and {condition.because}",
        missing=unique(condition.missing, then.missing),
        questions=unique(condition.questions, then.questions),
        unverified=then.unverified,
    )


def _every(branch: Every, context: _Context) -> Node:
    members = _members(branch.collection, context)
    if members is None:
        return _unknown(branch.collection, context, Fact(None))
    nodes = [_member(branch.member, member, context) for member in members]
    if not nodes:
        return Node(S.NOT_APPLICABLE, f"there are no {labels.label(branch.collection)}")
    combined = combine(nodes, min)
    if combined.status is S.MET and len(nodes) > 1:
        met = [node for node in nodes if node.status is S.MET]
        differ = len({node.by for node in met}) > 1  # one by the rule, another by a derogation from it
        named = ", ".join(node.subject + (f" ({', '.join(node.by)})" if differ and node.by else "") for node in met)
        combined = combined._replace(because=f"every one qualifies: {named}")
    aside = [node for node in nodes if node.status is S.NOT_APPLICABLE and node.subject]
    if aside and len(aside) < len(nodes):
        told = joined([f"{node.subject} ({node.because})" for node in aside])
        combined = combined._replace(because=f"{combined.because}; not counted: {told}")
    return combined._replace(parts=tuple(nodes))


def _at_least(branch: AtLeast, context: _Context) -> Node:
    members = _members(branch.collection, context)
    if members is None:
        return _unknown(branch.collection, context, Fact(None))
    count = 1
    if branch.count:
        needed = context.view.parameter(branch.count).value
        if not isinstance(needed, Fraction) or needed.denominator != 1:
            raise TypeError(f"{branch.count} must be a whole number")
        count = int(needed)
    nodes = [_member(branch.member, member, context) for member in members]
    applying = (node for node in nodes if node.status is not S.NOT_APPLICABLE)
    ranked = sorted(applying, key=lambda node: (-node.status, len(node.unverified)))  # those that rest on least first
    held = sum(node.status is S.MET for node in ranked)
    label = labels.label(branch.collection)
    if len(ranked) < count:
        because = f"{held} of {len(nodes)} {label} qualify, {count} must" if nodes else f"there are no {label}"
        return Node(S.NOT_MET, because, sources=unique(*(node.sources for node in nodes)), parts=tuple(nodes))
    decisive = ranked[count - 1]
    # Where too few hold, everybody who might have says why not.
    combined = combine(ranked if decisive.status is S.NOT_MET else ranked[:count], min)
    if count == 1:
        return combined._replace(parts=tuple(nodes))
    told = f"{held} of {len(nodes)} {label} qualify, {count} must"
    because = told if decisive.status is S.MET else f"{told}; {combined.because}"
    return combined._replace(because=because, parts=tuple(nodes))


def _members(collection: str, context: _Context) -> Sequence[Facts] | None:
    members = context.facts.get(collection)
    return members if isinstance(members, tuple) else None


def _member(expression: Expression, facts: Facts, context: _Context) -> Node:
    subject = facts.get("subject")
    name = str(subject.value) if isinstance(subject, Fact) and subject.value is not None else ""
    node = _explain(expression, _Context(context.view, facts, context.statements, context.seen, name))
    return node if node.subject or not name else node._replace(subject=name)


def _reading(branch: ByReading, context: _Context) -> Node:
    return _explain(branch.options[context.view.reading(branch.reading)], context)


def _under(branch: Under, context: _Context) -> Node:
    node = _explain(branch.of, context)
    if node.status is not S.MET:
        asked = (each._replace(provision=each.provision or branch.provision) for each in node.questions)
        return node._replace(questions=tuple(asked), cited=node.cited or branch.provision)
    return node._replace(because=f"{node.because} ({branch.provision})", by=unique(node.by, (branch.provision,)))


_HOW: Mapping[type, Callable[..., Node]] = {
    Within: _within,
    Is: _is,
    Yes: _yes,
    Stated: _stated,
    NoLaterThan: _no_later,
    NumberLimit: _number,
    ShareLimit: _share,
    Judgement: _judgement,
    AllOf: _all,
    AnyOf: _any,
    When: _when,
    Every: _every,
    AtLeast: _at_least,
    ByReading: _reading,
    Under: _under,
}
