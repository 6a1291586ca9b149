"""What one leaf of a rule needs to come out otherwise: the nearest value of its fact, in words and exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple, cast

from jointbuy.decide import buyers, labels
from jointbuy.decide.changing import CLOSED, FOLLOWING, FOLLOWS, GIVEN, OF_A_SUBCONTRACT, SILENCE, about, company
from jointbuy.decide.explain import explain
from jointbuy.decide.node import Node, Seen
from jointbuy.decide.sums import Weights
from jointbuy.exact import ADDED, Range, decimal, per_cent, split
from jointbuy.model import Purchase
from jointbuy.money import DIGITS
from jointbuy.parameters import View
from jointbuy.places import Group
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
    S,
    ShareLimit,
    Stated,
    Value,
    Within,
    Yes,
    walk,
)
from jointbuy.turning import Step

_NAMED, _WORDS = 4, 3
"""A group of so few countries is named one by one; of so many words each is told."""
_OF_THE_CONTRACT = frozenset({"share_of_contract", "share_of_group", "tasks_of_contract", "tasks_of_group"})
_FINE = Fraction(1, 10**6)
NOT_STATED = " (not stated)"
"""After a step on a fact that nobody has stated so far."""


class At(NamedTuple):
    """Where in a rule one stands: the facts of the purchase, or of the member `subject` at `path`.

    Of several subcontracts of one company `path` is that of the first, as what is asked of it is asked of the company;
    `row` is that of the member itself.
    `seen` keeps what every expression came to, `first` before anything was tried, `made` the ways of every leaf, `kept`
    facts that were tried, `weights` of origins for every leaf that is a share. `worth` is the value of the contract in
    whole units of `currency`.
    """

    view: View
    facts: Facts
    said: Mapping[str, Fact]
    rule: Expression
    seen: Seen
    first: Seen
    made: dict[Any, list[Way]]
    kept: dict[int, tuple[Facts, Facts]]
    currency: str
    worth: Fraction | None
    weights: dict[int, Weights]
    subject: str = ""
    path: str = ""
    row: str = ""

    def node(self, expression: Expression) -> Node:
        """What an expression came to."""
        found = self.seen.get((id(expression), id(self.facts)))
        return found or explain(expression, self.facts, self.said, self.view, self.seen, self.subject)[0]

    def fact(self, name: str) -> Fact:
        """A fact, stated or not."""
        found = self.facts.get(name)
        return found if isinstance(found, Fact) else Fact(None)

    def member(self, collection: str, place: int | str, facts: Facts, first: int | None = None) -> At:
        """At a member of a collection, as it is named in reports; `first` is the place of the first of its company."""
        named = facts.get("subject")
        subject = str(named.value) if isinstance(named, Fact) and named.value is not None else ""
        path = f"{self.path}{collection}[{place if first is None else first}]."
        row = f"{self.row}{collection}[{place}]."
        return self._replace(facts=facts, path=path, row=row, subject=subject)

    def members(self, collection: str) -> list[At] | None:
        """At every member of a collection; None where nobody has stated it."""
        found = self.facts.get(collection)
        if not isinstance(found, tuple):
            return None
        first: dict[object, int] = {}
        for place, facts in enumerate(found):
            first.setdefault(company(facts) or place, place)
        return [
            self.member(collection, place, facts, first[company(facts) or place]) for place, facts in enumerate(found)
        ]

    def place(self, fact: str) -> str:
        """Where a fact stands, be it what is tried of it changes at several places."""
        return (self.row if fact in OF_A_SUBCONTRACT else self.path) + fact

    def number(self, branch: AtLeast) -> int:
        """How many members must hold."""
        found = self.view.parameter(branch.count).value if branch.count else Fraction(1)
        if not isinstance(found, Fraction):
            raise TypeError(f"{branch.count} must be a number")
        return int(found)


def at(purchase: Purchase, facts: Facts, said: Mapping[str, Fact], view: View, rule: Expression, seen: Seen) -> At:
    """At the purchase itself. What is looked at leaves no trace in the view's touched readings."""
    value, currency = purchase.contract.value, purchase.contract.currency
    worth = value.major if value is not None and value.currency == currency else None
    return At(replace(view, touched=set()), facts, said, rule, seen, seen, {}, {}, currency, worth, {})


class Need(NamedTuple):
    """A step with the values that do (the nearest first, not always all of them) and what tells others that do.

    `about` is what in the purchase would change, `given` how much of what makes it what it is, `texts` what was joined.
    """

    step: Step
    values: tuple[Any, ...]
    allows: Callable[[Any], bool]
    about: str
    given: int = 0
    inner: tuple[Need, ...] = ()
    texts: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[str, str]:
        """What it is about: a fact; of money also between which groups it moves."""
        return self.step.fact, f"{self.step.group} {self.step.to}" if self.step.kind == "money" else ""


class Way(NamedTuple):
    """Needs that turn something together, by what each is about, with what tells two ways apart and their length."""

    needs: Mapping[tuple[str, str], Need]
    names: frozenset[tuple[str, str]]
    length: tuple[int, int]
    """How many facts that make the purchase what it is, then how many things, would change."""


def way(needed: Mapping[tuple[str, str], Need]) -> Way:
    """Some needs as one way."""
    each = needed.values()
    names = frozenset((need.step.fact, text) for need in each for text in need.texts or {need.step.text})
    return Way(needed, names, (sum(need.given for need in each), len({need.about for need in each})))


def alone(need: Need) -> Way:
    """One need as a way."""
    return way({need.key: need})


NOTHING = way({})
"""The way where one is already."""


def together(one: Way, other: Way) -> Way | None:
    """Both ways at once; None where one fact would have to be two things."""
    if not one.needs or not other.needs:
        return one if one.needs else other
    found = dict(one.needs)
    for key, need in other.needs.items():
        mine = found.get(key)
        both = need if mine is None else _both(mine, need)
        if both is None:
            return None
        found[key] = both
    return way(found)


def _both(one: Need, other: Need) -> Need | None:
    """Two needs of one fact as one."""
    if one.step.kind == "money":
        return max(one, other, key=lambda need: need.step.by or 0)
    if one.step.kind == "member":
        inside = together(*(way({need.key: need for need in each.inner}) for each in (one, other)))
        return None if inside is None else one_more(one.step.fact, one.step.subject, inside)
    if one.step == other.step or (one.step.kind == other.step.kind == "fact" and one.step.to is other.step.to is True):
        return one
    for need, rest in ((one, other), (other, one)):
        if need.step.kind == "fact" and need.step.to is True:  # stated, whatever it says
            return rest if any(map(need.allows, rest.values)) else None
    values = tuple(
        value for value in dict.fromkeys((*one.values, *other.values)) if one.allows(value) and other.allows(value)
    )
    if not values:
        return None
    # What the other one says already is not said twice.
    mine, theirs = all(map(other.allows, one.values)), all(map(one.allows, other.values))
    differ = mine is theirs and one.step.text != other.step.text
    text = f"{one.step.text} and {other.step.text}" if differ else (one if mine else other).step.text
    step = replace(one.step, text=text, to=values[0])
    texts = frozenset({one.step.text, other.step.text, *one.texts, *other.texts} if differ else ())
    return Need(step, values, lambda value: one.allows(value) and other.allows(value), one.about, one.given, (), texts)


def steps(whole: Way) -> tuple[Step, ...]:
    """The steps of a way: facts first, then what persons say."""
    found = (need.step for need in whole.needs.values())
    return tuple(sorted(found, key=lambda step: (step.kind == "judgement", step.fact, step.text)))


def one_more(path: str, subject: str, whole: Way) -> Need:
    """One more member of a collection, and what would be true of it."""
    of = steps(whole)
    told = ", ".join(step.text.removesuffix(NOT_STATED) for step in of)
    collection = path.rpartition("[")[0].rpartition(".")[2]
    step = Step("member", f"one more of the {labels.label(collection)}: {told}", subject, path, of=of)
    return Need(step, (), anything, path, whole.length[0], tuple(whole.needs.values()))


def anything(_value: Any) -> bool:
    """What money and members allow: no two of their steps clash."""
    return True


def of(leaf: Expression, want: Set[S], here: At) -> list[Way]:
    """The ways to a status of a leaf that is not what it came to: one step, or none that helps."""
    met = S.MET in want
    if not met and S.UNKNOWN not in want and isinstance(leaf, ShareLimit) and _open(leaf, here):
        return []
    key = id(leaf), here.row, id(here.facts), met
    if key not in here.made:
        needed = _HOW[type(leaf)](leaf, met, here)
        here.made[key] = [] if needed is None else [alone(needed)]
    return here.made[key]


def stated(name: str, here: At) -> Need:
    """A fact or collection would have to be stated, whatever it says; tried is what the rule is content with."""
    values = tuple(filter(None, [_example(name, here)]))
    return _need("fact", name, f"{labels.field(name)} stated", here, values, lambda value: value is not None, to=True)


def _example(name: str, here: At) -> Value:
    """A value that a fact may have, as some other leaf of the rule compares it."""
    for leaf in walk(here.rule):
        match leaf:
            case Within(fact, group, negated) if fact == name:
                members = here.view.group(group).members
                return min(here.view.places.titles.keys() - members if negated else members, default=None)
            case Is(fact, words) if fact == name:
                return words[0]
            case Yes(fact) if fact == name:
                return True
            case NoLaterThan(fact, limit) | NumberLimit(fact, _, limit) if fact == name:
                return cast(Value, here.view.parameter(limit).value)
            case ShareLimit(fact) | Every(fact) | AtLeast(fact) if fact == name:
                return None
            case _:
                pass
    return "stated"


def _need(
    kind: Any, fact: str, text: str, here: At, values: tuple[Any, ...], allows: Callable[[Any], bool], **more: Any
) -> Need:
    stated = "" if kind in {"fact", "money"} or here.fact(fact).value is not None else NOT_STATED
    if "to" not in more and values:
        more["to"] = values[0]
    step = Step(kind, text + stated, here.subject, here.place(fact), **more)
    given = fact in GIVEN or (kind, fact) == ("fact", "components")
    return Need(step, values, allows, about(step.fact), int(given))


# --- countries, words, answers, questions ---------------------------------------------------


def _place(leaf: Within, met: bool, here: At) -> Need | None:
    day = here.fact(leaf.on).value if leaf.on else None
    group, inside = here.view.group(leaf.group, day if isinstance(day, date) else None), met is not leaf.negated
    titles = here.view.places.titles
    values = tuple(sorted(group.members if inside else titles.keys() - group.members))
    if not values:
        return None
    text = f"{labels.label(leaf.fact)} {_country(group, inside, titles)}".strip()
    now = here.fact(leaf.fact).value
    if now is not None and now == here.subject:  # a member that is named by its country
        text = f"in its place {text}{', which then runs it' if here.fact('conducts').value is True else ''}"
    elif here.subject and not labels.label(leaf.fact):
        text = f"in {text}"
    verified = not here.node(leaf).unverified
    known = frozenset(values)
    return _need("place", leaf.fact, text, here, values, known.__contains__, group=leaf.group, verified=verified)


def _country(group: Group, inside: bool, titles: Mapping[str, str]) -> str:
    """A country of a group, or outside of it; the countries of a small group by name."""
    names = [titles.get(code, code) for code in sorted(group.members)]
    if 0 < len(names) <= _NAMED:
        told = labels.either(names)
        return told if inside else f"a country other than {told}"
    return f"a country {'of' if inside else 'outside'} {group.title}"


def _word(leaf: Is, met: bool, here: At) -> Need | None:
    fact = here.fact(leaf.fact)
    if not met and leaf.fact in CLOSED:
        return None
    if met and fact.ahead and fact.value in leaf.words:
        return _once_come_about(leaf.fact, here)
    words = list(leaf.words)
    more = [f"another of {len(words) - _WORDS}"] if len(words) > _WORDS + 1 else []
    told = labels.either([*words[:_WORDS], *more] if more else words)
    text = labels.word(leaf.fact, told if met else f"not {told}")
    if met:
        return _need("word", leaf.fact, text, here, leaf.words, lambda value: value in leaf.words)
    others = ("another",)
    return _need("word", leaf.fact, text, here, others, lambda value: value is not None and value not in leaf.words)


def _answer(leaf: Yes, met: bool, here: At) -> Need | None:
    answer = leaf.answer is met
    if not answer and leaf.fact in SILENCE:
        return None
    text = labels.answer(leaf.fact, answer)
    return _need("answer", leaf.fact, text, here, (answer,), lambda value: value is answer)


def _stated(leaf: Stated, met: bool, here: At) -> Need | None:
    if met is not leaf.negated:
        return None if leaf.fact in FOLLOWS else stated(leaf.fact, here)
    if leaf.fact in SILENCE:
        return None
    text = labels.stated(leaf.fact, None)
    return _need("fact", leaf.fact, text, here, (None,), lambda value: value is None, to=False)


def _judged(leaf: Judgement, met: bool, here: At) -> Need:
    key = f"{leaf.key}:{here.subject}" if here.subject else leaf.key
    text = f"a person says {'yes' if met else 'no'} to: {leaf.question}"
    step = Step("judgement", text, here.subject, key, to=met)
    return Need(step, (met,), lambda value: value is met, key)


# --- dates and numbers ----------------------------------------------------------------------


def _once_come_about(name: str, here: At) -> Need:
    value = here.fact(name).value
    text = f"{labels.told(name, value)} has come about (on {here.view.known_on} it lies ahead)"
    return _need("fact", name, text, here, (value,), lambda other: other == value)


def _day(leaf: NoLaterThan, met: bool, here: At) -> Need:
    parameter, fact = here.view.parameter(leaf.limit), here.fact(leaf.fact)
    limit = parameter.value
    if not isinstance(limit, date):
        raise TypeError(f"{leaf.limit} must be a date")
    last = limit - timedelta(days=leaf.strictly)
    early = met is not leaf.negated
    day = min(last, here.view.known_on if leaf.fact in buyers.LOAN else last) if early else last + timedelta(days=1)
    now = fact.value if isinstance(fact.value, date) else None
    if met and fact.ahead and now is not None and (now <= last) is early:
        return _once_come_about(leaf.fact, here)
    side, moved = ("or earlier", "earlier") if early else ("or later", "later")
    by = abs((day - now).days) if now else None
    far = f" ({by} {'day' if by == 1 else 'days'} {moved})" if by is not None else ""

    def allows(value: Any) -> bool:
        return isinstance(value, date) and (value <= day if early else value >= day)

    text = f"{labels.told(leaf.fact, day)} {side}{far}{_beside(leaf.fact, day, here, early=early)}"
    return _need("date", leaf.fact, text, here, (day,), allows, by=by, verified=parameter.verified)


def _beside(name: str, day: date, here: At, *, early: bool) -> str:
    """What else must move where a day would lie on the wrong side of another, which no file may say."""
    others = [first for first, after in FOLLOWING.items() if name in after] if early else FOLLOWING.get(name, ())
    crossed = (
        other for other in others if any(there > day if early else there < day for there in _stated_days(other, here))
    )
    told = labels.moved(crossed)
    return f", with {told} {'by then' if early else 'no earlier than that'}" if told else ""


def _stated_days(name: str, here: At) -> list[date]:
    """The day that a fact states; `of.what` of a collection those of its members."""
    collection, _, what = name.partition(".")
    members = here.members(collection)
    found = [here.fact(name)] if members is None else [there.fact(what) for there in members]
    return [fact.value for fact in found if isinstance(fact.value, date)]


def _number(leaf: NumberLimit, met: bool, here: At) -> Need:
    parameter, now = here.view.parameter(leaf.limit), here.fact(leaf.fact).value
    limit = parameter.value
    if not isinstance(limit, Fraction):
        raise TypeError(f"{leaf.limit} must be a number")
    low = leaf.at_most is met  # the number must be low
    in_money = here.worth is not None and leaf.fact in _OF_THE_CONTRACT
    scale = (here.worth or Fraction(1)) if in_money else Fraction(1)
    count = here.view.parameters[leaf.limit].unit == "count"
    unit = Fraction(1, 10 ** DIGITS[here.currency]) if in_money else Fraction(1, 100) if count else _FINE
    edge = _up(limit * scale, unit, beyond=not met) if not low else -_up(-limit * scale, unit, beyond=not met)
    to = edge / scale
    shown = decimal(limit, 2) if count else per_cent(limit)
    told = f"{shown} or {'less' if low else 'more'}" if met else f"{'less' if low else 'more'} than {shown}"
    money = f", {'at most' if low else 'at least'} {labels.money(edge, here.currency)}" if in_money else ""
    by = None
    if isinstance(now, Range):
        by = abs((now.high if low else now.low) - to)
    points = decimal(by * 100, 2) if by is not None else ""
    points = "less than 0.01" if by and not Fraction(points) else points
    far = f" ({points} points {'less' if low else 'more'})" if points and not count else ""
    text = labels.told(leaf.fact, f"{told}{money}{far}")

    def allows(value: Any) -> bool:
        return isinstance(value, Fraction) and (value <= to if low else value >= to)

    return _need("number", leaf.fact, text, here, (to,), allows, by=by, verified=parameter.verified)


def _up(amount: Fraction, unit: Fraction, *, beyond: bool) -> Fraction:
    """The least whole number of units that is not below an amount, or that is above it."""
    whole = -(-amount // unit)
    return (whole + (beyond and whole * unit == amount)) * unit


# --- shares ---------------------------------------------------------------------------------


def _share(leaf: ShareLimit, met: bool, here: At) -> Need | None:
    """How much must change sides at equal cost, in the worst completion; the whole stays what it is."""
    node, composition = here.node(leaf), here.fact(leaf.fact).value
    room, limit = node.margin_money, node.limit
    if room is None or not isinstance(limit, Fraction) or not isinstance(composition, Mapping):
        return _need("fact", leaf.fact, "cost of components stated", here, (), lambda value: bool(value), to=True)
    group, unit = here.view.group(leaf.group), Fraction(1, 10 ** DIGITS[here.currency])
    beyond = leaf.strictly is met
    # What drops out, or is added, moves the whole with it: n/d of it is allowed for.
    weight, valued = (1 - limit if leaf.at_most else limit), ADDED in composition
    by = _up(abs(room), unit, beyond=beyond)
    # Of a stated value nothing is gone where a part drops out, which then helps no less than one in its place.
    alone = _up(abs(room) / weight, unit, beyond=beyond) if weight and not (valued and leaf.others) else None
    parts = split(composition, group.members, others=leaf.others)
    good = parts.outside if leaf.at_most else parts.inside
    movable = good.high + sum((amount.high for _, _, amount in parts.mixed), Fraction(0))
    if not met and by > movable:
        return None
    into = (leaf.at_most is leaf.others) is met
    inside, elsewhere = f"from {group.title}", "from elsewhere"
    better, worse = (inside, elsewhere) if leaf.at_most is leaf.others else (elsewhere, inside)
    whole = "the value" if valued else "component cost"
    moved, least = labels.money(by, here.currency), None
    lower, less = ("lower", "less") if met else ("higher", "more")
    told = "" if alone is None else labels.money(alone, here.currency)
    dropped = f"or the value {told} {lower}, with no {less} {better}" if valued else f"or {told} {less} {worse}"
    beside = [dropped] if told else []
    if not met:
        text = f"another {moved} of {whole} in each piece {worse}, in place of as much {better}"
        text += f" ({'; '.join(beside)})" if beside else ""
    elif node.status is S.UNKNOWN:
        text = f"{moved} of {whole} in each piece, undeclared or {worse}, turns out to come {better}"
    else:
        least = _least(leaf, parts.total, node, unit)
        text = f"another {moved} of {whole} in each piece {better}, in place of as much {worse}"
        if least is not None and least != by:
            beside.append(f"{labels.money(least, here.currency)} if all that is undeclared is {better}")
        text += f" ({'; '.join(beside)})" if beside else ""
    shown = {"by": by, "alone": alone, "least": least, "group": leaf.group, "to": into}
    return _need("money", leaf.fact, text, here, (), anything, verified=not node.unverified, **shown)


def _least(leaf: ShareLimit, total: Range, node: Node, unit: Fraction) -> Fraction | None:
    """What must move if everything undeclared is on the right side; None where amounts are not known."""
    if not isinstance(node.value, Range) or not isinstance(node.limit, Fraction) or not total.known:
        return None
    short = node.value.low - node.limit if leaf.at_most else node.limit - node.value.high
    return _up(short * total.low, unit, beyond=leaf.strictly)


def _open(leaf: Expression, here: At) -> bool:
    """Whether the amounts of a share are open, so that it would have to be wrong in every completion."""
    margin = here.node(leaf).margin
    return not (isinstance(margin, Range) and margin.known)


_HOW: Mapping[type, Callable[..., Need | None]] = {
    Within: _place,
    Is: _word,
    Yes: _answer,
    Stated: _stated,
    NoLaterThan: _day,
    NumberLimit: _number,
    ShareLimit: _share,
    Judgement: _judged,
}
