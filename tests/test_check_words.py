"""The words of a rule, one by one, and the tables by which statuses combine (§8), tested whole."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jointbuy import law
from jointbuy.decide import columns, labels
from jointbuy.decide.explain import explain
from jointbuy.decide.verdict import outcome_of
from jointbuy.errors import LawError, NotInForce, Where
from jointbuy.exact import Range, exactly
from jointbuy.parameters import Option, Parameter, Reading, Standing, View
from jointbuy.places import Membership, Places
from jointbuy.rules import (
    Expression,
    Fact,
    Facts,
    S,
    Within,
    Yes,
    all_of,
    any_of,
    at_least,
    at_least_from,
    at_most,
    before,
    by_reading,
    for_any,
    for_each,
    judgement,
    more_than_from,
    never,
    no,
    no_less_than,
    no_more_than,
    not_before,
    on_or_before,
    outside,
    stated,
    unstated,
    walk,
    when,
    within,
    yes,
)

DAY = date(2026, 9, 15)


def standing(value: Fraction | date | str, since: date = date(2025, 5, 29), until: date | None = None) -> Standing:
    return Standing(value, since, until, since, "Art. 0", "https://example.invalid", True, DAY, Where("p.yaml", 1))


def view(**parameters: Fraction | date) -> View:
    inside = tuple(Membership(code, date(1958, 1, 1), None, date(1958, 1, 1), True, "test") for code in ("DE", "FR"))
    return View(
        places=Places({}, {"DE": "Germany", "US": "United States"}, {"inside": "the inside"}, {"inside": inside}, {}),
        parameters={
            name: Parameter(name, name, "share", (standing(value),))
            for name, value in {"limit": Fraction(7, 20), "two": Fraction(2), "day": DAY, **parameters}.items()
        },
        readings={"how": Reading("how", "?", "Art. 0", (Option("strict", ""), Option("wide reading", "")))},
        chosen={},
        on=DAY,
        known_on=DAY,
    )


def status(expression: Expression, facts: Facts | None = None, said: dict[str, Fact] | None = None) -> S:
    """By both evaluators, which must agree."""
    node, _ = explain(expression, facts or {}, said or {}, view())
    (column,) = columns.statuses(expression, columns.table([facts or {}], [said or {}]), view())
    assert column == node.status, expression
    assert node.because
    return node.status


N, U, J, M, X = S.NOT_MET, S.UNKNOWN, S.JUDGEMENT, S.MET, S.NOT_APPLICABLE
FACT = {N: Fact(False), U: Fact(None), M: Fact(True)}


def leaf(wanted: S, name: str) -> tuple[Expression, Facts]:
    """An expression that comes to the wanted status, and its facts."""
    if wanted is J:
        return judgement(name, "is it so?", who="somebody"), {}
    if wanted is X:
        return when(yes(name), never()), {name: Fact(False)}
    return yes(name), {name: FACT[wanted]}


CHAIN = [N, U, J, M]


@pytest.mark.parametrize(("a", "b"), list(product([*CHAIN, X], repeat=2)))
def test_the_whole_table_of_two(a: S, b: S) -> None:
    """All of is the lower, any of the higher of what applies; not applicable takes no part."""
    (first, facts_a), (second, facts_b) = leaf(a, "a"), leaf(b, "b")
    facts = {**facts_a, **facts_b}
    applying = [each for each in (a, b) if each is not X]
    assert status(all_of(first, second), facts) is min(applying, default=X)
    assert status(any_of(first, second), facts) is max(applying, default=X)


WHEN = {  # condition: (then not met, unknown, judgement, met, not applicable)
    N: (X, X, X, X, X),
    U: (U, U, J, M, X),
    J: (J, J, J, M, X),
    M: (N, U, J, M, X),
    X: (X, X, X, X, X),
}


@pytest.mark.parametrize(("condition", "then"), list(product([*CHAIN, X], repeat=2)))
def test_when_is_an_implication(condition: S, then: S) -> None:
    (first, facts_a), (second, facts_b) = leaf(condition, "a"), leaf(then, "b")
    expected = WHEN[condition][[*CHAIN, X].index(then)]
    assert status(when(first, second), {**facts_a, **facts_b}) is expected


@pytest.mark.parametrize("members", [each for n in range(4) for each in product([N, U, M], repeat=n)])
def test_members(members: tuple[S, ...]) -> None:
    facts = {"group": tuple({"subject": Fact(str(n)), "ok": FACT[each]} for n, each in enumerate(members))}
    assert status(for_each("group", yes("ok")), facts) is min(members, default=X)
    assert status(for_any("group", yes("ok")), facts) is max(members, default=N)
    ranked = sorted(members, reverse=True)
    assert status(at_least("two", "group", yes("ok")), facts) is (ranked[1] if len(ranked) > 1 else N)


def test_a_collection_nobody_stated_is_unknown() -> None:
    for expression in (for_each("group", yes("ok")), for_any("group", yes("ok"))):
        assert status(expression, {"group": None}) is U


@pytest.mark.parametrize(
    ("expression", "facts", "expected"),
    [
        (within("place", "inside"), {"place": Fact("DE")}, M),
        (within("place", "inside"), {"place": Fact("US")}, N),
        (outside("place", "inside"), {"place": Fact("US")}, M),
        (outside("place", "inside"), {"place": Fact(None)}, U),
        (no("flag"), {"flag": Fact(False)}, M),
        (no("flag"), {}, U),
        (stated("flag"), {}, N),
        (unstated("flag"), {}, M),
        (on_or_before("when", "day"), {"when": Fact(DAY)}, M),
        (on_or_before("when", "day"), {"when": Fact(date(2026, 9, 16))}, N),
        (before("when", "day"), {"when": Fact(DAY)}, N),
        (before("when", "day"), {"when": Fact(date(2026, 9, 14))}, M),
        (not_before("when", "day"), {"when": Fact(DAY)}, M),
        (not_before("when", "day"), {"when": Fact(date(2026, 9, 14))}, N),
        (not_before("when", "day"), {}, U),
        (no_more_than("limit", "part"), {"part": Fact(exactly(Fraction(35, 100)))}, M),
        (no_more_than("limit", "part"), {"part": Fact(exactly(Fraction(3500000001, 10**10)))}, N),
        (no_less_than("limit", "part"), {"part": Fact(exactly(Fraction(35, 100)))}, M),
        (no_less_than("limit", "part"), {"part": Fact(exactly(Fraction(3499999999, 10**10)))}, N),
    ],
)
def test_leaves(expression: Expression, facts: Facts, expected: S) -> None:
    assert status(expression, facts) is expected


def composition(**cents: int) -> Facts:
    shared = {() if name == "open" else ((name, Fraction(1)),): exactly(amount) for name, amount in cents.items()}
    return {"cost": Fact(shared)}


OUTSIDE = at_most("limit", "cost", outside="inside")
INSIDE = at_least_from("limit", "cost", group="inside")
MORE = more_than_from("limit", "cost", group="inside")


@pytest.mark.parametrize(
    ("cents", "at_most_status", "at_least_status"),
    [
        ({"DE": 65, "US": 35}, M, M),
        ({"DE": 64, "US": 36}, N, M),
        ({"DE": 35, "US": 65}, N, M),
        ({"DE": 34, "US": 66}, N, N),
        ({"DE": 65, "US": 34, "open": 1}, M, M),
        ({"DE": 64, "US": 34, "open": 2}, U, M),
        ({"DE": 34, "US": 64, "open": 2}, N, U),
        ({}, U, U),
        ({"DE": 0}, U, U),
        ({"open": 5}, U, U),
    ],
)
def test_shares(cents: dict[str, int], at_most_status: S, at_least_status: S) -> None:
    assert status(OUTSIDE, composition(**cents)) is at_most_status
    assert status(INSIDE, composition(**cents)) is at_least_status


@pytest.mark.parametrize(
    ("cents", "expected"),
    [
        ({"DE": 36, "US": 64}, M),
        ({"DE": 35, "US": 65}, N),  # exactly the limit is not more than it
        ({"DE": 35, "US": 64, "open": 1}, U),
        ({"DE": 34, "US": 65, "open": 1}, N),
        ({}, U),
    ],
)
def test_more_than(cents: dict[str, int], expected: S) -> None:
    assert status(MORE, composition(**cents)) is expected


@pytest.mark.parametrize(
    ("other", "expected"), [(Fraction(2, 5), M), (Fraction(3, 7), U), (Fraction(1), U), (Fraction(9, 7), N)]
)
def test_more_than_where_an_amount_is_uncertain_and_split(other: Fraction, expected: S) -> None:
    """Half of 1 to 3 is from inside: beside 3/7 at least exactly 35 %, beside 9/7 at most exactly that."""
    half = (("DE", Fraction(1, 2)), ("US", Fraction(1, 2)))
    facts: Facts = {"cost": Fact({half: Range(Fraction(1), Fraction(3)), (("US", Fraction(1)),): exactly(other)})}
    ends = [Fraction(amount, 2) / (amount + other) for amount in (1, 3)]
    limit = Fraction(35, 100)
    assert expected is (M if min(ends) > limit else N if max(ends) <= limit else U)
    assert status(MORE, facts) is expected


@given(st.integers(1, 10**14), st.integers(-1, 1))
def test_more_than_is_exact(scale: int, cent: int) -> None:
    facts = composition(DE=7 * scale + cent, US=13 * scale - cent)
    assert status(MORE, facts) is (M if cent > 0 else N)


@given(st.integers(1, 10**14), st.integers(-1, 1))
def test_columns_do_not_overflow_at_the_limit(scale: int, cent: int) -> None:
    """Beyond 64 bits as well: totals up to 2·10^15 and a limit in millionths."""
    facts = composition(DE=13 * scale - cent, US=7 * scale + cent)
    assert status(OUTSIDE, facts) is (N if cent > 0 else M)


def test_statements_settle_judgements_for_all_or_for_one() -> None:
    ask = judgement("fit", "is it fit?", who="the buyer")
    each = for_each("group", ask)
    members = {"group": ({"subject": Fact("A")}, {"subject": Fact("B")})}
    assert status(ask, {}, {"fit": Fact(True)}) is M
    assert status(ask, {}, {"fit": Fact(False)}) is N
    assert status(each, members, {"fit": Fact(True)}) is M
    assert status(each, members, {"fit:A": Fact(True)}) is J
    assert status(each, members, {"fit:A": Fact(True), "fit:B": Fact(False)}) is N
    node, _ = explain(each, members, {"fit:A": Fact(True)}, view())
    assert [question.key for question in node.questions] == ["fit:B"]


def test_readings_choose_and_are_remembered() -> None:
    expression = by_reading("how", strict=never(), wide_reading=yes("flag"))
    law = view()
    node, touched = explain(expression, {"flag": Fact(True)}, {}, law)
    assert (node.status, touched) == (N, {"how"})
    assert status(all_of(yes("flag"), when(no("flag"), expression)), {"flag": Fact(True)}) is M


def test_a_reading_that_is_not_reached_is_not_touched() -> None:
    expression = when(no("flag"), by_reading("how", strict=never(), wide_reading=yes("flag")))
    _, touched = explain(expression, {"flag": Fact(True)}, {}, view())
    assert touched == frozenset()


def test_a_parameter_outside_its_dates_is_an_error_and_so_are_two() -> None:
    late = Parameter("limit", "limit", "share", (standing(Fraction(1, 2), since=date(2030, 1, 1)),))
    with pytest.raises(NotInForce, match=r"limit has no value on 2026-09-15.*2030-01-01"):
        late.on(DAY, DAY)
    twice = Parameter("limit", "limit", "share", (standing(Fraction(1, 2)), standing(Fraction(1, 3))))
    with pytest.raises(LawError, match=r"two values.*p.yaml:1 and p.yaml:1"):
        twice.on(DAY, DAY)


@pytest.mark.parametrize("statuses", [each for n in range(1, 4) for each in product([*CHAIN, X], repeat=n)])
def test_the_verdict_table(statuses: tuple[S, ...]) -> None:
    """One not met refuses, else one unknown leaves it open, else it is eligible (with conditions)."""
    expected = "not eligible" if N in statuses else "undetermined" if U in statuses else "eligible"
    assert outcome_of(statuses) == expected


def test_every_answer_and_every_silence_is_said_in_words() -> None:
    """No finding reads like a name and a value of a program."""
    rules = [rule for name in law.ACTS for rule in law.act(name).rules]
    asked = {node.fact for rule in rules for node in walk(rule.expression) if isinstance(node, Yes)}
    assert asked <= set(labels._ANSWERS), asked - set(labels._ANSWERS)
    known = {node.fact for rule in rules for node in walk(rule.expression) if hasattr(node, "fact")}
    known |= {node.on for rule in rules for node in walk(rule.expression) if isinstance(node, Within) and node.on}
    for table in (labels.FIELDS, labels._LABELS, labels._ANSWERS, labels._STATED):
        assert set(table) <= known | {"restrictions", "entities", "end_products", "modifications", "unknown_makers"}, (
            set(table) - known
        )
