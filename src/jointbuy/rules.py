"""The words a rule is written in.

A rule is an expression over named facts, never a loop (architecture, decision 6); `check` gives it
two ways to run. A leaf compares one fact; a branch combines statuses, which form a chain

    not met < unknown < for judgement < met

so that *all of* is the lowest, *any of* the highest, and *at least n* the n-th highest status of
its members. "Not applicable" stands outside the chain and takes no part. That a judgement ranks
above unknown says that it never blocks (conventions §8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Literal, TypeAlias

from jointbuy.errors import LawError, Where
from jointbuy.exact import Composition, Range

UNKNOWN_ORIGIN = "unknown origin"
"""The reading on how a share counts whose origin is not declared, or only in part."""


class S(IntEnum):
    """Status as a number in the chain; NOT_APPLICABLE is outside of it."""

    NOT_MET = 0
    UNKNOWN = 1
    JUDGEMENT = 2
    MET = 3
    NOT_APPLICABLE = 4


# --- facts --------------------------------------------------------------------------------

Value: TypeAlias = str | bool | date | Range | Composition | None


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that a rule may compare, and where it was stated; None is "not stated".

    `ahead`: it is to come about after the day by which everything is known, so it cannot make a rule met. `open` says
    why there is no value where that is more than silence.
    """

    value: Value
    where: tuple[Where, ...] = ()
    ahead: bool = False
    open: str = ""


Facts: TypeAlias = Mapping[str, "Fact | tuple[Facts, ...] | None"]
"""Facts by name. A tuple holds one mapping for each member of a collection; None a collection nobody stated."""


# --- expressions --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Within:
    """The country `fact` is in `group` (or is not, with `negated`), on the day of the fact `on` if that is later."""

    fact: str
    group: str
    negated: bool = False
    on: str | None = None


@dataclass(frozen=True, slots=True)
class Is:
    """The word `fact` is one of `words`."""

    fact: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Yes:
    """The yes-or-no `fact` is `answer`."""

    fact: str
    answer: bool = True


@dataclass(frozen=True, slots=True)
class Stated:
    """The `fact` has been stated at all, or has not; silence is an answer here."""

    fact: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class NumberLimit:
    """The number `fact` (a share of one) is at most, or at least, parameter `limit`."""

    fact: str
    at_most: bool
    limit: str


@dataclass(frozen=True, slots=True)
class NoLaterThan:
    """The date `fact` is on or before the day of parameter `limit`; `strictly` before it; or is not, with `negated`."""

    fact: str
    limit: str
    strictly: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class ShareLimit:
    """The share of `group` (or of all others, with `others`) in the composition `fact` keeps parameter `limit`.

    `at_most` says on which side, `strictly` that the limit itself does not pass. An undeclared amount may belong to the
    group or not, unless a reading says how it counts. Without any amount the share is undefined: components exist whose
    cost nobody has given, so the answer is unknown.
    """

    fact: str
    group: str
    others: bool
    at_most: bool
    limit: str
    strictly: bool = False

    def counts(self, policy: str) -> bool:
        """Whether what is open counts in the share: where it hurts this limit, or as from outside every group."""
        return self.at_most if policy == "worst case" else self.others


@dataclass(frozen=True, slots=True)
class Judgement:
    """A question only a person can answer; a statement that settles `key` answers it (§8).

    `volunteered`: nobody is asked, so that silence does not hold.
    """

    key: str
    question: str
    who: str
    volunteered: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one holds."""

    of: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one holds."""

    of: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class When:
    """Where `condition` holds, `then` must; elsewhere the rule does not apply."""

    condition: Expression
    then: Expression


@dataclass(frozen=True, slots=True)
class Every:
    """Each member of `collection` holds; without members the rule does not apply."""

    collection: str
    member: Expression


@dataclass(frozen=True, slots=True)
class AtLeast:
    """As many members of `collection` hold as parameter `count` says; one, where it is None."""

    collection: str
    count: str | None
    member: Expression


@dataclass(frozen=True, slots=True)
class Under:
    """The same, cited under its own provision."""

    provision: str
    of: Expression


@dataclass(frozen=True, slots=True)
class ByReading:
    """The law leaves this open: one expression for each option of the reading (§7)."""

    reading: str
    options: Mapping[str, Expression]


Expression: TypeAlias = (
    Within
    | Is
    | Yes
    | Stated
    | NumberLimit
    | NoLaterThan
    | ShareLimit
    | Judgement
    | AllOf
    | AnyOf
    | When
    | Every
    | AtLeast
    | Under
    | ByReading
)


def within(fact: str, group: str, *, on: str | None = None) -> Within:
    """The country is in the group, on the day of the fact `on` where that comes after the day of the law."""
    return Within(fact, group, on=on)


def outside(fact: str, group: str, *, on: str | None = None) -> Within:
    """The country is not in the group, on the day of the fact `on` where that comes after the day of the law."""
    return Within(fact, group, negated=True, on=on)


def is_one_of(fact: str, *words: str) -> Is:
    """The word is one of these."""
    return Is(fact, words)


def yes(fact: str) -> Yes:
    """The answer is yes."""
    return Yes(fact)


def no(fact: str) -> Yes:
    """The answer is no."""
    return Yes(fact, answer=False)


def stated(fact: str) -> Stated:
    """The file states it; silence counts as no."""
    return Stated(fact)


def unstated(fact: str) -> Stated:
    """The file is silent on it."""
    return Stated(fact, negated=True)


def no_more_than(limit: str, fact: str) -> NumberLimit:
    """The number is the parameter or less."""
    return NumberLimit(fact, at_most=True, limit=limit)


def no_less_than(limit: str, fact: str) -> NumberLimit:
    """The number is the parameter or more."""
    return NumberLimit(fact, at_most=False, limit=limit)


def on_or_before(fact: str, limit: str) -> NoLaterThan:
    """The date is the parameter's day or earlier."""
    return NoLaterThan(fact, limit)


def before(fact: str, limit: str) -> NoLaterThan:
    """The date is earlier than the parameter's day."""
    return NoLaterThan(fact, limit, strictly=True)


def not_before(fact: str, limit: str) -> NoLaterThan:
    """The date is the parameter's day or later."""
    return NoLaterThan(fact, limit, strictly=True, negated=True)


def at_most(limit: str, fact: str, *, outside: str) -> ShareLimit:
    """The share of what does not originate in the group is no higher than the parameter."""
    return ShareLimit(fact, outside, others=True, at_most=True, limit=limit)


def at_most_from(limit: str, fact: str, *, group: str) -> ShareLimit:
    """The share of what originates in the group is no higher than the parameter."""
    return ShareLimit(fact, group, others=False, at_most=True, limit=limit)


def at_least_from(limit: str, fact: str, *, group: str) -> ShareLimit:
    """The share of what originates in the group is no lower than the parameter."""
    return ShareLimit(fact, group, others=False, at_most=False, limit=limit)


def more_than_from(limit: str, fact: str, *, group: str) -> ShareLimit:
    """The share of what originates in the group is higher than the parameter."""
    return ShareLimit(fact, group, others=False, at_most=False, limit=limit, strictly=True)


def judgement(key: str, question: str, *, who: str) -> Judgement:
    """A person must answer."""
    return Judgement(key, question, who)


def all_of(*of: Expression) -> AllOf:
    """Every one holds."""
    return AllOf(of)


def any_of(*of: Expression) -> AnyOf:
    """At least one holds."""
    return AnyOf(of)


def when(condition: Expression, then: Expression) -> When:
    """Applies only where the condition holds."""
    return When(condition, then)


def for_each(collection: str, member: Expression) -> Every:
    """Each member holds."""
    return Every(collection, member)


def at_least(count: str, collection: str, member: Expression) -> AtLeast:
    """As many members hold as the parameter says."""
    return AtLeast(collection, count, member)


def for_any(collection: str, member: Expression) -> AtLeast:
    """One member holds."""
    return AtLeast(collection, None, member)


def never() -> AnyOf:
    """Holds nowhere: the option of a reading that closes a way out."""
    return AnyOf(())


def under(provision: str, of: Expression) -> Under:
    """The same, cited under its own provision."""
    return Under(provision, of)


def by_reading(reading: str, **options: Expression) -> ByReading:
    """One expression for each option of a reading; an option's blanks are written as underscores."""
    return ByReading(reading, {name.replace("_", " "): expression for name, expression in options.items()})


# --- a rule -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of an act: citation, what it decides, what it leaves to a person, and the expression.

    `condition` is the requirement it answers; rules with the same condition are alternatives.
    `route` names the agreement under which it stands; None for the act's own rule.
    """

    id: str
    title: str
    provision: str
    condition: str
    route: str | None
    decides: str
    leaves: str
    checked: date
    expression: Expression


def rule(
    *, title: str, provision: str, condition: str, checked: str, leaves: str = "", route: str | None = None
) -> Callable[[Callable[[], Expression]], Rule]:
    """Make a rule of a function that returns its expression; the docstring says what it decides.

    Its id is the act and the name of its file: `safe.art16_component_share`. Raises LawError
    where citation or docstring is missing.
    """

    def make(function: Callable[[], Expression]) -> Rule:
        act, name = function.__module__.split(".")[-2:]
        decides = " ".join((function.__doc__ or "").split())
        if not (provision and decides and title):
            raise LawError(f"rule {act}.{name} needs a title, a provision and a docstring that says what it decides")
        return Rule(
            f"{act}.{name}",
            title,
            provision,
            condition,
            route,
            decides,
            leaves,
            date.fromisoformat(checked),
            function(),
        )

    return make


@dataclass(frozen=True, slots=True)
class Terms:
    """A rule that stands under every agreement by which an act is opened to a partner; `under` makes that of one.

    `expression` takes the agreement's id, which is also the partner's group and the heading of its parameters.
    """

    id: str
    title: str
    condition: str
    decides: str
    leaves: str
    checked: date
    expression: Callable[[str], Expression]

    def under(self, agreement: str, partner: str, provision: str) -> Rule:
        """The rule under one agreement; `partner` stands where the texts have {partner}."""
        title, decides, leaves = (text.format(partner=partner) for text in (self.title, self.decides, self.leaves))
        return Rule(
            self.id,
            title,
            provision,
            self.condition,
            agreement,
            decides,
            leaves,
            self.checked,
            self.expression(agreement),
        )


def terms(
    *, title: str, condition: str, checked: str, leaves: str = ""
) -> Callable[[Callable[[str], Expression]], Terms]:
    """Make the terms of agreements of a function from an agreement's id to an expression; see `rule`."""

    def make(function: Callable[[str], Expression]) -> Terms:
        act, name = function.__module__.split(".")[-2:]
        decides = " ".join((function.__doc__ or "").split())
        if not (decides and title):
            raise LawError(f"terms {act}.{name} need a title and a docstring that says what they decide")
        return Terms(f"{act}.{name}", title, condition, decides, leaves, date.fromisoformat(checked), function)

    return make


# --- a clause -----------------------------------------------------------------------------

Document: TypeAlias = Literal[
    "tender specifications", "contract", "annexes", "notices", "requests for payment"
]  # fmt: skip
"""Where a clause must stand, in the order in which a buyer writes them."""


@dataclass(frozen=True, slots=True)
class Clause:
    """What a tender, a contract or what goes with them must carry where `when` holds; None for every purchase.

    With `whom` only on account of contractors and subcontractors of which it holds. `required` by the law's text, or
    else advised, for the reason that the clause gives. A parameter's id in braces stands for its value on the day.
    """

    id: str
    document: Document
    text: str
    provision: str
    required: bool = True
    when: Expression | None = None
    whom: Expression | None = None


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything it is made of, outermost first."""
    waiting = [expression]
    while waiting:
        here = waiting.pop()
        yield here
        waiting += reversed(inner(here))


def inner(expression: Expression) -> list[Expression]:
    """What an expression is directly made of."""
    match expression:
        case AllOf(of) | AnyOf(of):
            return list(of)
        case When(condition, then):
            return [condition, then]
        case Every(_, member) | AtLeast(_, _, member):
            return [member]
        case Under(_, of):
            return [of]
        case ByReading(_, options):
            return list(options.values())
        case _:
            return []
