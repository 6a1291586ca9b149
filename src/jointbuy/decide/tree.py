"""A verdict under every combination of readings, without going through the combinations.

Each rule is evaluated once, to a decision diagram (`diagram`) in place of a status: what does not hang on a reading is
explained as always, a reading branches to what each of its options comes to, and a branch combines the diagrams of what
it is made of as it combines their statuses. Only what is asked for on some way is ever explored. Costs that count or do
not are a sum (`sums`); other readings on value are tried one by one, each where the value is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial, reduce

from jointbuy.decide import sums
from jointbuy.decide.content_facts import HOW_MANY, SUPPLIERS, VALUED
from jointbuy.decide.diagram import Diagram, Diagrams
from jointbuy.decide.explain import explain
from jointbuy.decide.verdict import options_of
from jointbuy.exact import Composition
from jointbuy.parameters import View
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
    NumberLimit,
    S,
    ShareLimit,
    Under,
    When,
    inner,
    walk,
)

MOST = 50_000
"""Shares of components that one exploration may work out."""
COUNTED, LEFT_OUT = "counted", "left out"
"""The options of whether a cost counts."""
Choices = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands: the facts it looks at and whose they are, and what was chosen on the way to it."""

    facts: Facts
    subject: str = ""
    chosen: Choices = field(default_factory=dict)
    member: tuple[str, int] | None = None
    """The collection and the number of the member, where its facts hang on readings on value."""


class Tree:
    """Statuses of expressions as diagrams over the readings that nobody has fixed.

    `apart` are the readings on costs that are a sum. `asked` collects the readings that some way asks for, `evaluated`
    counts what was worked out: facts compared, and limits on shares or numbers under one choice of readings on value.
    """

    def __init__(
        self, facts_under: Callable[[View], Facts], said: Mapping[str, Fact], view: View, apart: Container[str]
    ) -> None:
        self._facts_under, self._said, self._view, self._apart = facts_under, said, view, apart
        free = [name for name in view.readings if name not in view.settled and name not in view.chosen]
        self.diagrams = Diagrams({name: options_of(name, view) for name in free})
        self.asked: set[str] = set()
        self.evaluated = 0
        self._varies: dict[int, bool] = {}
        self._weights: dict[int, sums.Weights] = {}
        self._facts: dict[frozenset[tuple[str, str]], tuple[Facts, list[str]]] = {}
        self._amounts: dict[int, sums.Amounts] = {}  # by the composition, as those of its excesses
        self._excesses: dict[tuple[int, int], sums.Measured] = {}

    def status(self, expression: Expression, at: Place) -> Diagram:
        """What an expression comes to."""
        match expression:
            case ShareLimit() if at.member:
                return self._share(expression, at, at.member, {})
            case _ if not self._hangs(expression):
                self.evaluated += 1
                node, _ = explain(expression, at.facts, self._said, self._view, subject=at.subject)
                return self.diagrams.value(node.status)
            case ByReading(reading, options):
                return self._branch(reading, at.chosen, lambda one: self.status(options[one], _with(at, reading, one)))
            case AllOf(of):
                return self._combined(_lowest, S.NOT_APPLICABLE, [self.status(each, at) for each in of])
            case AnyOf(of):
                of_each = [self.status(each, at) for each in of]
                return self._combined(_highest, S.NOT_APPLICABLE if of else S.NOT_MET, of_each)
            case When(condition, then):
                return self.diagrams.combined(_when, [self.status(condition, at), self.status(then, at)])
            case Under(_, of):
                return self.status(of, at)
            case Every() | AtLeast():
                valued = expression.collection in VALUED
                return self._valued(expression, at, {}) if valued else self._members(expression, at, at.facts)
        raise TypeError(f"{type(expression).__name__} hangs on readings in a way that is not known")

    def _hangs(self, expression: Expression) -> bool:
        """Whether an expression may hang on readings."""
        if id(expression) not in self._varies:
            own = isinstance(expression, ByReading | ShareLimit) or getattr(expression, "collection", None) in VALUED
            self._varies[id(expression)] = own or any(map(self._hangs, inner(expression)))
        return self._varies[id(expression)]

    def _branch(self, reading: str, chosen: Choices, of: Callable[[str], Diagram]) -> Diagram:
        """What each option of a reading comes to; one that is fixed, or was chosen on the way, does not branch."""
        if (option := self._fixed(reading, chosen)) is not None:
            return of(option)
        self.asked.add(reading)
        return self.diagrams.branch(reading, [of(option) for option in self.diagrams.options[reading]])

    def _fixed(self, reading: str, chosen: Choices) -> str | None:
        view = self._view
        return view.settled.get(reading) or chosen.get(reading) or view.chosen.get(reading)

    def _combined(self, two: Callable[[S, S], S], none: S, parts: Sequence[Diagram]) -> Diagram:
        """Two by two, so that what is alike is combined once."""
        start = self.diagrams.value(none)
        return reduce(lambda one, other: self.diagrams.combined(two, (one, other)), parts, start)

    def _members(self, branch: Every | AtLeast, at: Place, facts: Facts) -> Diagram:
        """A branch over the members of a collection."""
        members = facts.get(branch.collection)
        if not isinstance(members, tuple):
            return self.diagrams.value(S.UNKNOWN)
        valued = branch.collection in VALUED
        each = [
            self.status(
                branch.member, Place(one, _subject(one), at.chosen, (branch.collection, number) if valued else None)
            )
            for number, one in enumerate(members)
        ]
        if isinstance(branch, Every):
            return self._combined(_lowest, S.NOT_APPLICABLE, each)
        needed = branch.count and self._view.parameter(branch.count).value
        count = int(needed) if isinstance(needed, Fraction) else 1
        return self.diagrams.combined(lambda *of: _at_least(of, count), each)

    # --- readings on value ----------------------------------------------------------------

    def _under(self, chosen: Choices) -> tuple[Facts, list[str]]:
        """The facts under some choices, and the readings that they hang on beside these."""
        key = frozenset(chosen.items())
        if key not in self._facts:
            view = replace(self._view, chosen={**self._view.chosen, **chosen}, touched=set())
            facts = self._facts_under(view)
            self._facts[key] = facts, sorted(name for name in view.touched if self._fixed(name, chosen) is None)
        return self._facts[key]

    def _valued(self, branch: Every | AtLeast, at: Place, on_value: Choices) -> Diagram:
        """A branch over members that hang on readings on value, which are chosen one by one."""
        chosen = {**at.chosen, **on_value}
        facts, open_ = self._under(chosen)
        if branch.collection not in SUPPLIERS:
            for name in HOW_MANY:
                if name in open_:
                    return self._branch(name, chosen, partial(self._valued_as, branch, at, on_value, name))
            return self._members(branch, _chose(at, on_value), facts)
        self.asked.update(open_)
        apart = [name for name in open_ if name in self._apart]
        rest = [name for name in open_ if name not in self._apart]
        if not rest:
            ends = [self._under({**chosen, **dict.fromkeys(apart, option)})[0] for option in (LEFT_OUT, COUNTED)]
            if not apart or self._alike(branch, *ends):
                return self._members(branch, _chose(at, on_value), ends[1])
        name = (rest or apart)[0]
        return self._branch(name, chosen, partial(self._valued_as, branch, at, on_value, name))

    def _valued_as(self, branch: Every | AtLeast, at: Place, on_value: Choices, name: str, option: str) -> Diagram:
        return self._valued(branch, at, {**on_value, name: option})

    def _alike(self, branch: Every | AtLeast, least: Facts, most: Facts) -> bool:
        """Whether no number of a member crosses a limit between two ends: each only grows from the one to the other.

        A member that is missing at the one end must not apply at the other, where it then counts for as much.
        """
        limits = [leaf for leaf in walk(branch.member) if isinstance(leaf, NumberLimit)]
        before, after = ({_subject(one): one for one in _tuple(ends[branch.collection])} for ends in (least, most))
        if len(after) < len(_tuple(most[branch.collection])) or self._hangs(branch.member):
            return False  # two of one name are not told apart

        def held(expression: Expression, facts: Facts) -> S:
            self.evaluated += 1
            return explain(expression, facts, self._said, self._view, subject=_subject(facts))[0].status

        for subject, facts in after.items():
            if subject not in before and held(branch.member, facts) is not S.NOT_APPLICABLE:
                return False
            if subject in before and any(held(leaf, facts) is not held(leaf, before[subject]) for leaf in limits):
                return False
        return True

    def _share(self, leaf: ShareLimit, at: Place, member: tuple[str, int], on_value: Choices) -> Diagram:
        """A limit on a share: readings on value one by one, but costs as a sum."""
        chosen = {**at.chosen, **on_value}
        facts, open_ = self._under(chosen)
        if _composition(facts, leaf, member) is None:
            return self.diagrams.value(S.UNKNOWN)
        self.asked.update(open_)
        apart = [name for name in open_ if name in self._apart]
        rest = [name for name in open_ if name not in self._apart]
        if not rest and (found := sums.terms(self._excess(leaf, member, chosen, apart), apart)) is not None:
            return self._sum(found, leaf, chosen)
        name = (rest or apart)[0]
        return self._branch(name, chosen, lambda one: self._share(leaf, at, member, {**on_value, name: one}))

    def _excess(
        self, leaf: ShareLimit, member: tuple[str, int], chosen: Choices, apart: Sequence[str]
    ) -> Callable[[Sequence[str]], sums.Measured]:
        """The excess over a limit by which of some costs are counted; each content is looked at once."""
        limit = self._view.parameter(leaf.limit).value
        if not isinstance(limit, Fraction):
            raise TypeError(f"{leaf.limit} must be a share")
        weights = self._weights.get(id(leaf))
        if weights is None:
            weights = self._weights[id(leaf)] = sums.Weights(
                leaf, frozenset(self._view.group(leaf.group).members), limit
            )

        def excess(counted: Sequence[str]) -> sums.Measured:
            kinds = {name: COUNTED if name in counted else LEFT_OUT for name in apart}
            composition = _composition(self._under({**chosen, **kinds})[0], leaf, member) or {}
            key = id(leaf), id(composition)  # the facts that hold it are kept
            if key not in self._excesses:
                if len(self._excesses) >= MOST:
                    raise self.diagrams.unfinished(f"{MOST:,} shares of components")
                self.evaluated += 1
                amounts = self._amounts.get(id(composition))
                if amounts is None:
                    amounts = self._amounts[id(composition)] = sums.in_units(composition)
                self._excesses[key] = sums.excess(amounts, weights)
            return self._excesses[key]

        return excess

    def _sum(self, sum_: sums.Terms, leaf: ShareLimit, chosen: Choices) -> Diagram:
        """A limit on a share that is a sum over kinds of cost: no kind is chosen that cannot make a difference."""
        number = sums.open_number(sum_, leaf)
        if number is None:
            return self._settled(sum_.none, leaf, chosen)
        kind = sums.heaviest(sum_, number)
        with_it = {COUNTED: sum_.counting(kind), LEFT_OUT: sum_.without(kind)}
        return self._branch(kind, chosen, lambda one: self._sum(with_it[one], leaf, chosen))

    def _settled(self, values: sums.Excess, leaf: ShareLimit, chosen: Choices) -> Diagram:
        """A limit on a share with nothing left to choose but how what is open counts, where it hangs on that."""
        known = UNKNOWN_ORIGIN in self._view.readings
        asks = known and (sums.asks(values, leaf) or self._fixed(UNKNOWN_ORIGIN, chosen) is not None)

        def under(policy: str) -> Diagram:
            counts = None if policy == "range" else leaf.counts(policy)
            return self.diagrams.value(sums.status(values, leaf, counts))

        return self._branch(UNKNOWN_ORIGIN, chosen, under) if asks else under("range")


# --- statuses -----------------------------------------------------------------------------


def _lowest(one: S, other: S) -> S:
    return min(one, other)  # what does not apply is the highest number, and takes no part


def _highest(one: S, other: S) -> S:
    applying = [each for each in (one, other) if each is not S.NOT_APPLICABLE]
    return max(applying, default=S.NOT_APPLICABLE)


def _when(condition: S, then: S) -> S:
    if condition in {S.NOT_MET, S.NOT_APPLICABLE}:
        return S.NOT_APPLICABLE
    if condition is S.MET or then in {S.MET, S.NOT_APPLICABLE}:
        return then
    return max(condition, then)


def _at_least(members: Sequence[S], count: int) -> S:
    ranked = sorted((each for each in members if each is not S.NOT_APPLICABLE), reverse=True)
    return ranked[count - 1] if len(ranked) >= count else S.NOT_MET


def _subject(facts: Facts) -> str:
    subject = facts.get("subject")
    return str(subject.value) if isinstance(subject, Fact) and subject.value is not None else ""


def _tuple(members: Fact | tuple[Facts, ...] | None) -> tuple[Facts, ...]:
    return members if isinstance(members, tuple) else ()


def _composition(facts: Facts, leaf: ShareLimit, member: tuple[str, int]) -> Composition | None:
    """What a limit measures of a member; None where nobody has stated it."""
    collection, number = member
    fact = _tuple(facts[collection])[number].get(leaf.fact)
    return fact.value if isinstance(fact, Fact) and isinstance(fact.value, Mapping) else None


def _with(at: Place, reading: str, option: str) -> Place:
    return _chose(at, {reading: option})


def _chose(at: Place, choices: Choices) -> Place:
    return replace(at, chosen={**at.chosen, **choices})
