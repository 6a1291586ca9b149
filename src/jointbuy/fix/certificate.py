"""A fix as something that anyone can recheck without a solver: its problems in whole numbers, choices and prices.

A choice is added up again row by row. Prices on the weights of rows give a bound by themselves (Lagrange): with every
part taking the option of least cost and priced weight, no choice that keeps the rows costs less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Any

import numpy as np

from jointbuy.fix.problem import Problem, Solution

FORMAT = "jointbuy fix certificate"
VERSION = 1
_MOST_DIGITS = 400


class Broken(ValueError):
    """A certificate that does not hold together, with the place in it."""

    def __init__(self, where: str, what: str) -> None:
        self.where, self.what = where, what
        super().__init__(f"{where}: {what}")


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What one problem of a certificate comes to: cost of the choice and bound of the prices, in minor units."""

    cost: int | None
    relaxed: int
    none: bool
    """Whether the prices prove that no choice keeps every row."""


def written(problem: Problem, solution: Solution, options: Sequence[str]) -> dict[str, Any]:
    """A problem with its choice and prices, as JSON; `options` names each option."""
    relaxed = bound_of(problem, solution.multipliers)
    chosen = None if solution.chosen is None else solution.chosen.tolist()
    return {
        "starts": problem.starts.tolist(),
        "options": list(options),
        "costs": problem.costs.tolist(),
        "rows": [
            {"name": name, "limit": limit, "weights": weights}
            for name, limit, weights in zip(
                problem.names, problem.limits.tolist(), problem.weights.tolist(), strict=True
            )
        ],
        "status": solution.status.value,
        "chosen": chosen,
        "cost": solution.cost,
        "bound": solution.bound,
        "multipliers": [[str(numerator), str(denominator)] for numerator, denominator in solution.multipliers],
        "bound_of_multipliers": relaxed,
        "none": _none(problem, solution.multipliers),
    }


def bound_of(problem: Problem, multipliers: Sequence[tuple[int, int]]) -> int | None:
    """Minor units, rounded up: no choice that keeps the rows costs less. None where a price is below zero.

    In Python's whole numbers, so that nothing can leave its room.
    """
    if any(Fraction(*each) < 0 for each in multipliers):
        return None
    return ceil(_least(problem, multipliers, problem.costs.tolist()))


def _none(problem: Problem, multipliers: Sequence[tuple[int, int]]) -> bool:
    """Whether the rows, each times its multiplier, add up to one that no choice keeps."""
    if any(Fraction(*each) < 0 for each in multipliers):
        return False
    return _least(problem, multipliers, [0] * len(problem.costs)) > 0


def _least(problem: Problem, multipliers: Sequence[tuple[int, int]], costs: Sequence[int]) -> Fraction:
    """The least of costs and priced weights, part by part, less what the limits are worth at these prices."""
    prices = [Fraction(*each) for each in multipliers]
    priced = [(price, problem.weights[row].tolist()) for row, price in enumerate(prices) if price]
    total = -sum((price * limit for price, limit in zip(prices, problem.limits.tolist(), strict=True)), Fraction(0))
    for start, end in pairwise(problem.starts.tolist()):
        total += min(costs[at] + sum(price * weights[at] for price, weights in priced) for at in range(start, end))
    return Fraction(total)


def rechecked(made: object, where: str) -> Rechecked:
    """One problem of a certificate, added up again. Raises Broken with what does not hold."""
    record = _mapping(made, where)
    problem = _problem(record, where)
    multipliers = tuple(
        (_integer(pair[0], f"{where}.multipliers"), _integer(pair[1], f"{where}.multipliers"))
        for pair in (_list(each, f"{where}.multipliers", 2) for each in _list(record.get("multipliers"), where))
    )
    if len(multipliers) != len(problem.names) or any(below <= 0 for _, below in multipliers):
        raise Broken(f"{where}.multipliers", "there must be one for each row, over a number above zero")
    relaxed = bound_of(problem, multipliers)
    if relaxed is None:
        raise Broken(f"{where}.multipliers", "a price below zero proves nothing")
    none = _none(problem, multipliers)
    return Rechecked(None if record.get("chosen") is None else _cost(problem, record, where), relaxed, none)


def _cost(problem: Problem, record: Mapping[str, Any], where: str) -> int:
    chosen = [_integer(each, f"{where}.chosen") for each in _list(record["chosen"], f"{where}.chosen")]
    starts, costs = problem.starts.tolist(), problem.costs.tolist()
    if len(chosen) != len(starts) - 1:
        raise Broken(f"{where}.chosen", "there must be one option for each part")
    for part, at in enumerate(chosen):
        if not starts[part] <= at < starts[part + 1]:
            raise Broken(f"{where}.chosen[{part}]", f"option {at} is not one of this part")
    for row, name in enumerate(problem.names):
        weights = problem.weights[row].tolist()
        total, limit = sum(weights[at] for at in chosen), int(problem.limits[row])
        if total > limit:
            raise Broken(f"{where}.rows[{row}]", f'the choice comes to {total} in "{name}", above its limit {limit}')
    return sum(costs[at] for at in chosen)


def _problem(record: Mapping[str, Any], where: str) -> Problem:
    starts = [_integer(each, f"{where}.starts") for each in _list(record.get("starts"), f"{where}.starts")]
    costs = [_integer(each, f"{where}.costs") for each in _list(record.get("costs"), f"{where}.costs")]
    rising = all(one < other for one, other in pairwise(starts))
    if not starts or starts[0] != 0 or starts[-1] != len(costs) or not rising:
        raise Broken(f"{where}.starts", "they must rise from 0 to the number of costs, so that no part is empty")
    rows = [_mapping(each, f"{where}.rows") for each in _list(record.get("rows"), f"{where}.rows")]
    weights = [
        [_integer(each, f"{where}.rows") for each in _list(row.get("weights"), f"{where}.rows", len(costs))]
        for row in rows
    ]
    limits = [_integer(row.get("limit"), f"{where}.rows") for row in rows]
    try:
        return Problem(
            np.array(starts, dtype=np.int64),
            np.array(costs, dtype=np.int64),
            np.array(weights, dtype=np.int64).reshape(len(rows), len(costs)),
            np.array(limits, dtype=np.int64),
            tuple(str(row.get("name", "")) for row in rows),
        )
    except OverflowError:
        raise Broken(where, "a number leaves 64 bits") from None


def _mapping(made: object, where: str) -> Mapping[str, Any]:
    if not isinstance(made, Mapping):
        raise Broken(where, "named values are expected")
    return made


def _list(made: object, where: str, long: int | None = None) -> Sequence[Any]:
    if not isinstance(made, list) or (long is not None and len(made) != long):
        raise Broken(where, f"a list{f' of {long}' if long is not None else ''} is expected")
    return made


def _integer(made: object, where: str) -> int:
    """A whole number, or one written as text."""
    if isinstance(made, str) and len(made) <= _MOST_DIGITS and made.removeprefix("-").isdecimal() and made.isascii():
        return int(made)
    if isinstance(made, bool) or not isinstance(made, int):
        raise Broken(where, "a whole number is expected")
    return made
