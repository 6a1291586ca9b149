"""Many purchases against one expression at once: a status for each, the same as `explain` would give.

Amounts are integers over one denominator for each column; where 64 bits could overflow, numpy holds
Python integers instead, so that nothing wraps (conventions §3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jointbuy.exact import ZERO, Parts, best_excess, split, worst_excess
from jointbuy.parameters import View
from jointbuy.rules import (
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

Statuses = NDArray[np.int8]
_SAFE = 2**62
_ABSENT = np.int64(np.iinfo(np.int64).min)


@dataclass(frozen=True, slots=True)
class Table:
    """Facts of `rows` purchases (or of members of a collection, `owner` telling whose they are).

    Each purchase's statements stand in `statements`, one mapping for each purchase.
    """

    facts: Sequence[Facts]
    statements: Sequence[Mapping[str, Fact]]
    owner: NDArray[np.intp]

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.facts)


def table(facts: Sequence[Facts], statements: Sequence[Mapping[str, Fact]]) -> Table:
    """The purchases as one table. Raises ValueError when the two differ in length."""
    if len(facts) != len(statements):
        raise ValueError("as many statements as facts are needed")
    return Table(facts, statements, np.arange(len(facts)))


def statuses(expression: Expression, rows: Table, view: View) -> Statuses:
    """The status of every row, int8 of `rules.S`, shape (rows,).

    Raises NotInForce where a parameter has no value on the view's date.
    """
    return _HOW[type(expression)](expression, rows, view)


# --- leaves -------------------------------------------------------------------------------


def _values(rows: Table, name: str) -> list[Any]:
    found = (facts.get(name) for facts in rows.facts)
    return [fact.value if isinstance(fact, Fact) else None for fact in found]


def _decided(known: NDArray[np.bool_], holds: NDArray[np.bool_]) -> Statuses:
    return np.where(known, np.where(holds, S.MET, S.NOT_MET), S.UNKNOWN).astype(np.int8)


def _within(leaf: Within, rows: Table, view: View) -> Statuses:
    members, values = view.group(leaf.group).members, _values(rows, leaf.fact)
    known = np.array([value is not None for value in values], dtype=bool)
    holds = np.array([value in members for value in values], dtype=bool)
    return _decided(known, holds ^ leaf.negated)


def _ahead(rows: Table, name: str) -> NDArray[np.bool_]:
    """Which rows state what is still to come about."""
    found = (facts.get(name) for facts in rows.facts)
    return np.array([isinstance(fact, Fact) and fact.ahead for fact in found], dtype=bool)


def _is(leaf: Is, rows: Table, view: View) -> Statuses:  # noqa: ARG001 - one signature for all
    values, words = _values(rows, leaf.fact), frozenset(leaf.words)
    known = np.array([value is not None for value in values], dtype=bool)
    holds = np.array([value in words for value in values], dtype=bool)
    return _decided(known & ~(holds & _ahead(rows, leaf.fact)), holds)


def _yes(leaf: Yes, rows: Table, view: View) -> Statuses:  # noqa: ARG001
    values = _values(rows, leaf.fact)
    known = np.array([value is not None for value in values], dtype=bool)
    return _decided(known, np.array([value is leaf.answer for value in values], dtype=bool))


def _stated(leaf: Stated, rows: Table, view: View) -> Statuses:  # noqa: ARG001
    there = np.array([value is not None for value in _values(rows, leaf.fact)], dtype=bool)
    return _decided(np.ones_like(there), there ^ leaf.negated)


def _no_later(leaf: NoLaterThan, rows: Table, view: View) -> Statuses:
    limit = view.parameter(leaf.limit).value
    if not isinstance(limit, date):
        raise TypeError(f"{leaf.limit} must be a date")
    days = np.array(
        [value.toordinal() if value is not None else _ABSENT for value in _values(rows, leaf.fact)], dtype=np.int64
    )
    last = limit.toordinal() - leaf.strictly
    holds = days <= last
    return _decided((days != _ABSENT) & ~(holds & _ahead(rows, leaf.fact)), holds)


def _number(leaf: NumberLimit, rows: Table, view: View) -> Statuses:
    limit, values = _share_parameter(view, leaf.limit), _values(rows, leaf.fact)
    known = np.array([value is not None for value in values], dtype=bool)
    ranges = [ZERO if value is None else value for value in values]
    low, high, scale = _integers(
        [each.low for each in ranges], [each.high for each in ranges], factor=limit.denominator
    )
    bound = limit.numerator * scale
    sure, maybe = (high, low) if leaf.at_most else (low, high)
    certain = _compare(sure * limit.denominator, bound, at_most=leaf.at_most)
    possible = _compare(maybe * limit.denominator, bound, at_most=leaf.at_most)
    return np.where(known, _corners(certain, possible), S.UNKNOWN).astype(np.int8)


def _share(leaf: ShareLimit, rows: Table, view: View) -> Statuses:
    limit, members = _share_parameter(view, leaf.limit), view.group(leaf.group).members
    values = _values(rows, leaf.fact)
    known = np.array([value is not None for value in values], dtype=bool)
    parts = [split(value or {}, members, others=leaf.others) for value in values]
    n, d = limit.numerator, limit.denominator
    in_low, in_high, out_low, out_high, open_high, _ = _integers(
        [each.inside.low for each in parts],
        [each.inside.high for each in parts],
        [each.outside.low for each in parts],
        [each.outside.high for each in parts],
        [each.open.high for each in parts],
        factor=4 * d,
    )
    worst = (d - n) * (in_high + open_high) - n * out_low
    best = (d - n) * in_low - n * (out_high + open_high)
    certain, possible = (worst <= 0, best <= 0) if leaf.at_most else (best >= 0, worst >= 0)
    status = np.where(known, _corners(certain.astype(bool), possible.astype(bool)), S.UNKNOWN)
    nothing = known & ((in_high + out_high + open_high) == 0).astype(bool)
    status = np.where(nothing, S.UNKNOWN, status)
    for row, each in enumerate(parts):
        if each.mixed:  # amounts that are uncertain and split at once are few: one by one, exactly
            status[row] = _exactly(each, limit, at_most=leaf.at_most)
    return status.astype(np.int8)


def _exactly(parts: Parts, limit: Fraction, *, at_most: bool) -> S:
    if parts.total.high == 0:
        return S.UNKNOWN
    worst, best = worst_excess(parts, limit), best_excess(parts, limit)
    certain, possible = (worst <= 0, best <= 0) if at_most else (best >= 0, worst >= 0)
    return S.MET if certain else S.UNKNOWN if possible else S.NOT_MET


def _judgement(leaf: Judgement, rows: Table, view: View) -> Statuses:  # noqa: ARG001
    answers = np.full(rows.rows, S.JUDGEMENT, dtype=np.int8)
    for row, (facts, owner) in enumerate(zip(rows.facts, rows.owner, strict=True)):
        subject, said = facts.get("subject"), rows.statements[owner]
        own = f"{leaf.key}:{subject.value}" if isinstance(subject, Fact) else leaf.key
        statement = said.get(own) or said.get(leaf.key)
        if statement is not None:
            answers[row] = S.MET if statement.value else S.NOT_MET
    return answers


def _share_parameter(view: View, name: str) -> Fraction:
    value = view.parameter(name).value
    if not isinstance(value, Fraction):
        raise TypeError(f"{name} must be a share")
    return value


def _corners(certain: NDArray[Any], possible: NDArray[Any]) -> NDArray[Any]:
    return np.where(certain, S.MET, np.where(possible, S.UNKNOWN, S.NOT_MET))


def _compare(left: NDArray[Any], right: int, *, at_most: bool) -> NDArray[np.bool_]:
    return ((left <= right) if at_most else (left >= right)).astype(bool)


def _integers(*columns: Sequence[Fraction], factor: int) -> tuple[Any, ...]:
    """Columns over one denominator, as int64 where `factor` times the largest sum fits, else as Python integers.

    The last item is that denominator.
    """
    scale = lcm(1, *{value.denominator for column in columns for value in column})
    scaled = [[int(value * scale) for value in column] for column in columns]
    largest = sum(max((abs(value) for value in column), default=0) for column in scaled)
    wide = largest * factor >= _SAFE or scale * factor >= _SAFE
    return (*(np.array(column, dtype=object if wide else np.int64) for column in scaled), scale)


# --- branches -----------------------------------------------------------------------------


def _all(branch: AllOf, rows: Table, view: View) -> Statuses:
    return _lowest([statuses(each, rows, view) for each in branch.of], rows)


def _any(branch: AnyOf, rows: Table, view: View) -> Statuses:
    if not branch.of:
        return np.full(rows.rows, S.NOT_MET, dtype=np.int8)
    found = np.array([statuses(each, rows, view) for each in branch.of])
    counted = np.where(found == S.NOT_APPLICABLE, -1, found).max(axis=0)
    return np.where(counted < 0, S.NOT_APPLICABLE, counted).astype(np.int8)


def _lowest(found: list[Statuses], rows: Table) -> Statuses:
    # NOT_APPLICABLE is the highest number, so the minimum leaves it only where nothing else applies.
    return np.min(found, axis=0) if found else np.full(rows.rows, S.NOT_APPLICABLE, dtype=np.int8)


def _when(branch: When, rows: Table, view: View) -> Statuses:
    condition, then = statuses(branch.condition, rows, view), statuses(branch.then, rows, view)
    open_ = np.where(then == S.NOT_APPLICABLE, then, np.maximum(condition, then))
    off = (condition == S.NOT_MET) | (condition == S.NOT_APPLICABLE)
    return np.where(off, S.NOT_APPLICABLE, np.where(condition == S.MET, then, open_)).astype(np.int8)


def _members(rows: Table, collection: str) -> tuple[Table, NDArray[np.intp], NDArray[np.bool_]]:
    """The members of all rows as one table, how many each row has, and whether the row states them at all."""
    lists = [facts.get(collection) for facts in rows.facts]
    stated = np.array([isinstance(each, tuple) for each in lists], dtype=bool)
    members = [each if isinstance(each, tuple) else () for each in lists]
    counts = np.array([len(each) for each in members], dtype=np.intp)
    flat = [member for each in members for member in each]
    return Table(flat, rows.statements, np.repeat(rows.owner, counts)), counts, stated


def _every(branch: Every, rows: Table, view: View) -> Statuses:
    members, counts, stated = _members(rows, branch.collection)
    found = statuses(branch.member, members, view)
    lowest = np.full(rows.rows, S.NOT_APPLICABLE, dtype=np.int8)
    np.minimum.at(lowest, np.repeat(np.arange(rows.rows), counts), found)
    return np.where(stated, lowest, S.UNKNOWN).astype(np.int8)


def _at_least(branch: AtLeast, rows: Table, view: View) -> Statuses:
    members, counts, stated = _members(rows, branch.collection)
    needed = int(_share_parameter(view, branch.count)) if branch.count else 1
    found = statuses(branch.member, members, view)
    whose = np.repeat(np.arange(rows.rows), counts)
    result = np.full(rows.rows, S.NOT_MET, dtype=np.int8)
    for status in (S.UNKNOWN, S.JUDGEMENT, S.MET):  # the n-th highest is at least this where n members are
        reach = np.bincount(whose[(found >= status) & (found != S.NOT_APPLICABLE)], minlength=rows.rows)
        result[reach >= needed] = status
    return np.where(stated, result, S.UNKNOWN).astype(np.int8)


def _reading(branch: ByReading, rows: Table, view: View) -> Statuses:
    return statuses(branch.options[view.reading(branch.reading)], rows, view)


def _under(branch: Under, rows: Table, view: View) -> Statuses:
    return statuses(branch.of, rows, view)


_HOW: Mapping[type, Callable[..., Statuses]] = {
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
