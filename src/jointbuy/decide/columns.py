"""Many purchases at once: the status of every rule and the outcome, the same as `explain` and `verdict` would give.

    facts = [facts_of.of(...), ...]               # or a Table made of arrays
    found = verdicts(table(facts, statements), act, view)
    found.outcomes == ELIGIBLE

Nothing is explained here; who wants to know why asks for the one purchase. Decisions are exact (`amounts`), and
memory does not grow with the number of purchases beyond what is given and what is returned.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from importlib.util import find_spec
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jointbuy.decide import plain
from jointbuy.decide.plain import BETTER, LOWEST
from jointbuy.decide.program import Program, Space, Statuses
from jointbuy.decide.table import Table, table
from jointbuy.decide.verdict import MIXING, opens
from jointbuy.law import Act
from jointbuy.law.inspect import walk
from jointbuy.parameters import View
from jointbuy.result import Outcome
from jointbuy.rules import Expression, Rule, S

__all__ = ["OUTCOMES", "Verdicts", "statuses", "table", "verdicts"]

OUTCOMES: tuple[Outcome, ...] = ("not eligible", "undetermined", "eligible")
"""What the numbers in `Verdicts.outcomes` mean."""
_MANY = 20_000
"""From so many purchases on, compiled loops save more time than it takes to load them."""
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
        found: Statuses = self.statuses[self.rules.index(rule)]
        return found


def statuses(expression: Expression, rows: Table, view: View) -> Statuses:
    """The status of every row under one expression, int8 of `rules.S`, shape (rows,).

    Raises NotInForce where a parameter has no value on the view's date, TypeError for a column of another kind.
    """
    engine = _engine(rows.rows)
    program, found = Program(rows, view, engine), np.empty(rows.rows, dtype=np.int8)
    place = program.place(expression)
    program.finish([place])

    def block(lo: int, hi: int, space: Space) -> None:
        found[lo:hi] = program.run(lo, hi, space)[place, : hi - lo]

    _blocks(rows.rows, engine.ROWS, block)
    return found


def verdicts(rows: Table, act: Act, view: View) -> Verdicts:
    """Every rule of the act over every purchase, and the outcome by the combination table and the open routes (§8).

    Raises NotInForce when the act has no law on the view's date, ValueError for a name that is nearly a fact's,
    TypeError for a column of another kind than its rules compare.
    """
    _no_slip(rows, act)
    routes = (None, *(route.id for route in act.routes if opens(route, view)))
    rules = [rule for rule in act.rules if rule.route in routes]
    engine = _engine(rows.rows)
    program = Program(rows, view, engine)
    places = [program.place(rule.expression) for rule in rules]
    mixed = replace(view, touched=set()).reading(MIXING) == "each condition"
    combine = _Combination(program, rules, places, routes, mixed=mixed)
    program.finish([*places, *combine.places])
    found = np.empty((len(rules), rows.rows), dtype=np.int8)
    outcomes, ways = np.empty((2, rows.rows), dtype=np.int8)

    def block(lo: int, hi: int, space: Space) -> None:
        values = program.run(lo, hi, space)
        for rule, place in enumerate(places):
            found[rule, lo:hi] = values[place, : hi - lo]
        combine.of(values, engine, outcomes[lo:hi], ways[lo:hi])

    _blocks(rows.rows, engine.ROWS, block)
    return Verdicts(outcomes, ways, routes, tuple(rule.id for rule in rules), found)


def _no_slip(rows: Table, act: Act) -> None:
    """Refuse a name that is nearly one that rules read and the table lacks: it would be unknown for ever."""
    read = _names_read(act)
    waiting = [("", rows)]
    while waiting:
        of, table = waiting.pop()
        names, known = {*table.facts, *table.collections}, read.get(of, frozenset())
        for name in sorted(names - known):
            near = get_close_matches(name, known - names, n=1, cutoff=0.9)
            if near:
                raise ValueError(f"no rule reads {of}{name}; did you mean {near[0]}?")
        waiting += [(f"{of}{name}[].", each.members) for name, each in table.collections.items()]


@lru_cache
def _names_read(act: Act) -> dict[str, frozenset[str]]:
    """The names of facts and collections that rules of an act read, by the collection they stand in."""
    read: dict[str, set[str]] = {}
    for rule in act.rules:
        for node, of in walk(rule.expression):
            for name in (getattr(node, kind, None) for kind in ("fact", "on", "collection")):
                if name:
                    read.setdefault(of, set()).add(name)
    return {of: frozenset(names) for of, names in read.items()}


def _engine(rows: int) -> Any:
    """Compiled loops for many purchases where numba is there, else numpy."""
    if rows >= _MANY and find_spec("numba"):
        from jointbuy.decide import compiled

        return compiled
    return plain


def _blocks(rows: int, size: int, run: Callable[[int, int, Space], None]) -> None:
    """Run over stretches of rows, on two threads where there are two: array operations let go of the interpreter."""
    stretches = iter([(lo, min(lo + size, rows)) for lo in range(0, rows, size)])
    lock = Lock()

    def work() -> None:
        space = Space()
        while True:
            with lock:
                stretch = next(stretches, None)
            if stretch is None:
                return
            run(*stretch, space)

    threads = min(_THREADS, os.cpu_count() or 1, -(-rows // size))
    if threads < 2:
        work()
        return
    with ThreadPoolExecutor(threads) as pool:
        for each in [pool.submit(work) for _ in range(threads)]:
            each.result()


# --- from statuses to outcomes ------------------------------------------------------------


class _Combination:
    """The combination table and the choice between routes, as `verdict` has them for one purchase.

    What of it is logic on statuses becomes steps of the program: the best of alternatives, the lowest of conditions.
    """

    def __init__(
        self,
        program: Program,
        rules: Sequence[Rule],
        places: Sequence[int],
        routes: Sequence[str | None],
        *,
        mixed: bool,
    ) -> None:
        top, conditions = program.top, dict[str, list[int]]()
        for number, rule in enumerate(rules):
            conditions.setdefault(rule.condition, []).append(number)

        def best(numbers: Sequence[int]) -> int:
            of = sorted({places[number] for number in numbers})
            return top.step(BETTER, of, applies=any(top.applies[place] for place in of)) if len(of) > 1 else of[0]

        def lowest(of: Sequence[int]) -> int:
            return top.step(LOWEST, of, applies=False) if len(of) > 1 else of[0]

        whole = [[best(each) for each in _on_route(rules, conditions.values(), route)] for route in routes]
        self._lowest = np.array([lowest(each) for each in whole], dtype=np.int64)
        self._mixed = lowest([best(each) for each in conditions.values()]) if mixed and len(whole) > 1 else -1
        longest = max(map(len, whole))
        self.places = {*itertools.chain(*whole), *self._lowest.tolist(), self._mixed}
        self._ways = np.array([each + [-1] * (longest - len(each)) for each in whole], dtype=np.int64)
        self._ranks = _rank([len(each) for each in whole])

    def of(self, values: Any, engine: Any, outcomes: Any, ways: Any) -> None:
        """Write the outcomes and ways of a block."""
        engine.choose(values, self._lowest, self._mixed, self._ways, self._ranks, len(outcomes), outcomes, ways)


def _on_route(rules: Sequence[Rule], conditions: Iterable[Sequence[int]], route: str | None) -> Iterator[list[int]]:
    """For each condition the route's own rules, or the act's where the route has none."""
    for numbers in conditions:
        own = [number for number in numbers if rules[number].route == route]
        common = [number for number in numbers if rules[number].route is None]
        if own or common:
            yield own or common


def _rank(lengths: Sequence[int]) -> NDArray[np.int64]:
    """For each way, by how many of its conditions are not met and how many unknown, how good that is.

    As `verdict` ranks ways: by their statuses sorted, lowest first, where a judgement counts as met.
    """
    most = max(lengths) + 1
    counts = [(bad, open_) for bad in range(most) for open_ in range(most - bad)]

    def sorted_(length: int, bad: int, open_: int) -> tuple[int, ...]:
        return (S.NOT_MET,) * bad + (S.UNKNOWN,) * open_ + (S.JUDGEMENT,) * (length - bad - open_)

    every = sorted({sorted_(length, *each) for length in lengths for each in counts if sum(each) <= length})
    order = {each: rank for rank, each in enumerate(every)}
    ranks = np.zeros((len(lengths), most, most), dtype=np.int64)
    for way, length in enumerate(lengths):
        for bad, open_ in counts:
            if bad + open_ <= length:
                ranks[way, bad, open_] = order[sorted_(length, bad, open_)]
    return ranks
