"""Many purchases at once: the status of every rule and the outcome, the same as `explain` and `verdict` would give.

    facts = [facts_of.of(...), ...]               # or a Table made of arrays
    found = verdicts(table(facts, statements), act, view)
    found.outcomes == ELIGIBLE

Nothing is explained here; who wants to know why asks for the one purchase. Decisions are exact (`amounts`), and
memory does not grow with the number of purchases beyond what is given and what is returned.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jointbuy.decide.program import Program, Statuses, highest_applying
from jointbuy.decide.table import Table, table
from jointbuy.decide.verdict import MIXING, opens
from jointbuy.law import Act
from jointbuy.parameters import View
from jointbuy.result import Outcome
from jointbuy.rules import Expression, Rule, S

__all__ = ["OUTCOMES", "Verdicts", "statuses", "table", "verdicts"]

OUTCOMES: tuple[Outcome, ...] = ("not eligible", "undetermined", "eligible")
"""What the numbers in `Verdicts.outcomes` mean."""
_ROWS = 6_144
"""Purchases of a block: with some three members in each of a dozen collections, its arrays stay in the cache."""
_THREADS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """What came of many purchases under an act.

    `outcomes`: int8 of OUTCOMES by place, shape (rows,). `ways`: place in `routes` of the way that speaks for the
    purchase, -1 where it meets some conditions by one and some by another; int8, shape (rows,). `routes`: None for the
    act's own rules, then the open agreements. `statuses`: int8 of `rules.S`, shape (rules, rows), in the order of
    `rules`, which are sorted by id and stand on an open route.
    """

    outcomes: NDArray[np.int8]
    ways: NDArray[np.int8]
    routes: tuple[str | None, ...]
    rules: tuple[str, ...]
    statuses: Statuses

    def of(self, rule: str) -> Statuses:
        """The statuses of one rule, shape (rows,). Raises KeyError for a rule that did not run."""
        if rule not in self.rules:
            raise KeyError(f"no rule {rule} ran; these did: {', '.join(self.rules)}")
        return self.statuses[self.rules.index(rule)]


def statuses(expression: Expression, rows: Table, view: View) -> Statuses:
    """The status of every row under one expression, int8 of `rules.S`, shape (rows,).

    Raises NotInForce where a parameter has no value on the view's date, TypeError for a column of another kind.
    """
    program, found = Program([expression], rows, view), np.empty(rows.rows, dtype=np.int8)

    def block(lo: int, hi: int) -> None:
        found[lo:hi] = program.run(lo, hi)[0]

    _blocks(rows.rows, block)
    return found


def verdicts(rows: Table, act: Act, view: View) -> Verdicts:
    """Every rule of the act over every purchase, and the outcome by the combination table and the open routes (§8).

    Raises NotInForce when the act has no law on the view's date, ValueError for facts that no rule reads, TypeError
    for a column of another kind than its rules compare.
    """
    routes = (None, *(route.id for route in act.routes if opens(route, view)))
    rules = [rule for rule in act.rules if rule.route in routes]
    program = Program([rule.expression for rule in rules], rows, view)
    combine = _Combination(rules, routes, mixed=replace(view, touched=set()).reading(MIXING) == "each condition")
    found = np.empty((len(rules), rows.rows), dtype=np.int8)
    outcomes, ways = np.empty((2, rows.rows), dtype=np.int8)

    def block(lo: int, hi: int) -> None:
        here = program.run(lo, hi)
        for place, status in enumerate(here):
            found[place, lo:hi] = status
        outcomes[lo:hi], ways[lo:hi] = combine.of(here)

    _blocks(rows.rows, block)
    return Verdicts(outcomes, ways, routes, tuple(rule.id for rule in rules), found)


def _blocks(rows: int, run: Callable[[int, int], None]) -> None:
    """Run over stretches of rows, on two threads where there are two: numpy lets go of the interpreter."""
    stretches = [(lo, min(lo + _ROWS, rows)) for lo in range(0, rows, _ROWS)]
    if len(stretches) < 2 * _THREADS or (os.cpu_count() or 1) < _THREADS:
        for lo, hi in stretches:
            run(lo, hi)
        return
    with ThreadPoolExecutor(_THREADS) as threads:
        for _ in threads.map(lambda stretch: run(*stretch), stretches):
            pass


# --- from statuses to outcomes ------------------------------------------------------------


class _Combination:
    """The combination table and the choice between routes, as `verdict` has them for one purchase."""

    def __init__(self, rules: Sequence[Rule], routes: Sequence[str | None], *, mixed: bool) -> None:
        self._mixed = mixed
        conditions: dict[str, list[int]] = {}
        for place, rule in enumerate(rules):
            conditions.setdefault(rule.condition, []).append(place)
        self._alternatives = list(conditions.values())
        self._whole = [list(_on_route(rules, self._alternatives, route)) for route in routes]
        self._against = _rank([len(each) for each in self._whole])

    def of(self, found: Sequence[Statuses]) -> tuple[Statuses, Statuses]:
        """Outcomes and ways of a block."""
        chosen = [[_best(found, alternatives) for alternatives in way] for way in self._whole]
        counted = [_count(way) for way in chosen]
        if len(chosen) == 1:
            outcome = _outcome(*counted[0])
            return outcome, np.zeros_like(outcome)
        ranks = np.array([rank[bad, open_] for rank, (bad, open_) in zip(self._against, counted, strict=True)])
        ways = ranks.argmax(axis=0).astype(np.int8)  # of two that are as good, the first: the ordinary rules
        outcome = np.take_along_axis(np.array([_outcome(*each) for each in counted]), ways[None], axis=0)[0]
        if self._mixed:
            each_best = _outcome(*_count([_best(found, alternatives) for alternatives in self._alternatives]))
            ways[each_best != outcome] = -1
            outcome = each_best
        return outcome, ways


def _on_route(rules: Sequence[Rule], conditions: Sequence[Sequence[int]], route: str | None) -> Iterator[list[int]]:
    """For each condition the route's own rules, or the act's where the route has none."""
    for places in conditions:
        own = [place for place in places if rules[place].route == route]
        common = [place for place in places if rules[place].route is None]
        if own or common:
            yield own or common


def _best(found: Sequence[Statuses], places: Sequence[int]) -> Statuses:
    return highest_applying([found[place] for place in places]) if len(places) > 1 else found[places[0]]


def _count(statuses: Sequence[Statuses]) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """How many are not met, and how many unknown."""
    bad = sum((each == S.NOT_MET).view(np.int8) for each in statuses)
    open_ = sum((each == S.UNKNOWN).view(np.int8) for each in statuses)
    return np.asarray(bad, dtype=np.int8), np.asarray(open_, dtype=np.int8)


def _outcome(bad: NDArray[np.int8], open_: NDArray[np.int8]) -> NDArray[np.int8]:
    return (bad == 0).view(np.int8) * (np.int8(2) - (open_ != 0).view(np.int8))


def _rank(lengths: Sequence[int]) -> list[NDArray[np.int16]]:
    """For each way, by how many of its conditions are not met and how many unknown, how good that is.

    As `verdict` ranks ways: by their statuses sorted, lowest first, where a judgement counts as met.
    """

    def row(length: int, bad: int, open_: int) -> tuple[int, ...]:
        return (S.NOT_MET,) * bad + (S.UNKNOWN,) * open_ + (S.JUDGEMENT,) * (length - bad - open_)

    every = {
        row(length, bad, open_)
        for length in lengths
        for bad in range(length + 1)
        for open_ in range(length + 1 - bad)
    }
    order = {each: place for place, each in enumerate(sorted(every))}
    return [
        np.array(
            [[order.get(row(length, bad, open_), -1) for open_ in range(length + 1)] for bad in range(length + 1)],
            dtype=np.int16,
        )
        for length in lengths
    ]
