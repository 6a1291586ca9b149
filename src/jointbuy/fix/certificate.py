"""A fix as something that anyone can recheck without a solver: its problems in whole numbers, choices and proofs.

Read from a file it is data like any other: each number and each length is looked at before `proof` computes with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from jointbuy.fix.problem import Count, Price, Problem, Solution, Status
from jointbuy.fix.proof import Recheck, recheck

if TYPE_CHECKING:
    from jointbuy.fix.problem import Ints

FORMAT = "jointbuy fix certificate"
VERSION = 2
_MOST_DIGITS = 4_000
_ROOM = 2**62


class Broken(ValueError):
    """A certificate that does not hold together, with the place in it."""

    def __init__(self, where: str, what: str) -> None:
        self.where, self.what = where, what
        super().__init__(f"{where}: {what}")


def written(problem: Problem, solution: Solution, options: Sequence[str]) -> dict[str, Any]:
    """A problem with its choice and what proves it, as JSON; `options` names each option."""
    return {
        **posed(problem, options),
        "status": solution.status.value,
        "chosen": None if solution.chosen is None else solution.chosen.tolist(),
        "cost": solution.cost,
        "bound": solution.bound,
        "multipliers": _prices_out(solution.multipliers),
        "proof": [node if isinstance(node, int) else _prices_out(node) for node in solution.proof],
        "shares": _prices_out(solution.shares),
        "counts": [{"numbers": each.numbers.tolist(), "prices": _prices_out(each.prices)} for each in solution.counts],
    }


def posed(problem: Problem, options: Sequence[str]) -> dict[str, Any]:
    """A problem alone, as JSON; what is no option of a part, but follows from them, has no name."""
    rows = zip(problem.names, problem.limits.tolist(), problem.weights.tolist(), strict=True)
    return {
        "starts": problem.starts.tolist(),
        "options": [*options, *[""] * (len(problem.costs) - len(options))],
        "costs": problem.costs.tolist(),
        "rows": [{"name": name, "limit": limit, "weights": weights} for name, limit, weights in rows],
        "mixed": problem.mixed,
    }


def _prices_out(prices: Iterable[Price]) -> list[list[str]]:
    return [[str(numerator), str(denominator)] for numerator, denominator in prices]


def rechecked(made: object, where: str) -> tuple[Recheck, int | None]:
    """One problem of a certificate, proven again; and what its choice costs. Raises Broken for what is none."""
    record = _mapping(made, where)
    problem = _problem(record, where)
    counts = tuple(_count(each, problem, f"{where}.counts") for each in _list(record.get("counts"), f"{where}.counts"))
    rows = len(problem.names) + len(counts)
    proof = tuple(
        node if type(node) is int else _prices(node, rows, f"{where}.proof")
        for node in _list(record.get("proof"), f"{where}.proof")
    )
    chosen = record.get("chosen")
    places = None if chosen is None else _whole(_integers(chosen, f"{where}.chosen"), f"{where}.chosen")
    solution = Solution(
        _status(record.get("status"), f"{where}.status"),
        places,
        _or_none(record.get("cost"), f"{where}.cost"),
        _or_none(record.get("bound"), f"{where}.bound"),
        _prices(record.get("multipliers"), rows, f"{where}.multipliers"),
        proof,
        _prices(record.get("shares"), None, f"{where}.shares"),
        counts,
    )
    found = recheck(problem, solution)
    ends = pairwise(problem.starts[: problem.whole + 1].tolist())
    own = places is not None and len(places) == problem.whole
    if (
        places is None
        or not own
        or not all(low <= at < high for at, (low, high) in zip(places.tolist(), ends, strict=True))
    ):
        return found, None
    return found, sum(problem.costs[places].tolist())


def _count(made: object, problem: Problem, where: str) -> Count:
    record = _mapping(made, where)
    numbers = _whole(_integers(record.get("numbers"), where, len(problem.costs)), where)
    return Count(numbers, _prices(record.get("prices"), len(problem.names), where))


def _prices(made: object, rows: int | None, where: str) -> tuple[Price, ...]:
    pairs = [_list(each, where, 2) for each in _list(made, where, rows)]
    found = tuple((_integer(top, where), _integer(below, where)) for top, below in pairs)
    if any(top < 0 or below < 1 for top, below in found):
        raise Broken(where, "a price below zero, or over zero, proves nothing")
    return found


def _status(made: object, where: str) -> Status:
    known = {each.value: each for each in Status}
    if not isinstance(made, str) or made not in known:
        raise Broken(where, "no solution ends like that")
    return known[made]


def _problem(record: Mapping[str, Any], where: str) -> Problem:
    starts, costs = (_integers(record.get(name), f"{where}.{name}") for name in ("starts", "costs"))
    rising = all(one < other for one, other in pairwise(starts))
    if not starts or starts[0] != 0 or starts[-1] != len(costs) or not rising:
        raise Broken(f"{where}.starts", "they must rise from 0 to the number of costs, so that no part is empty")
    rows = [_mapping(each, f"{where}.rows") for each in _list(record.get("rows"), f"{where}.rows")]
    weights = [_integers(row.get("weights"), f"{where}.rows", len(costs)) for row in rows]
    table = [_whole(each, f"{where}.rows") for each in weights]
    mixed = _integer(record.get("mixed"), f"{where}.mixed")
    pairs = starts[len(starts) - mixed - 1 :] if 0 <= mixed < len(starts) else []
    if not pairs or any(two - one != 2 for one, two in pairwise(pairs)) or any(costs[pairs[0] :]):
        raise Broken(f"{where}.mixed", "of so many parts, the last, each has two options that cost nothing")
    return Problem(
        _whole(starts, f"{where}.starts"),
        _whole(costs, f"{where}.costs"),
        np.array(table, dtype=np.int64).reshape(len(rows), len(costs)),
        _whole([_integer(row.get("limit"), f"{where}.rows") for row in rows], f"{where}.rows"),
        tuple(str(row.get("name", "")) for row in rows),
        mixed,
    )


def _whole(numbers: Sequence[int], where: str) -> Ints:
    """Whole numbers of which no sum leaves 63 bits."""
    if sum(map(abs, numbers)) >= _ROOM:
        raise Broken(where, "the numbers are too large to be added up in 64 bits")
    return np.array(numbers, dtype=np.int64)


def _mapping(made: object, where: str) -> Mapping[str, Any]:
    if not isinstance(made, Mapping):
        raise Broken(where, "named values are expected")
    return made


def _list(made: object, where: str, long: int | None = None) -> Sequence[Any]:
    if not isinstance(made, list) or (long is not None and len(made) != long):
        raise Broken(where, f"a list{f' of {long}' if long is not None else ''} is expected")
    return made


def _integers(made: object, where: str, long: int | None = None) -> list[int]:
    return [_integer(each, where) for each in _list(made, where, long)]


def _or_none(made: object, where: str) -> int | None:
    return None if made is None else _integer(made, where)


def _integer(made: object, where: str) -> int:
    """A whole number, or one written as text."""
    if isinstance(made, str) and len(made) <= _MOST_DIGITS and made.removeprefix("-").isdecimal() and made.isascii():
        return int(made)
    if isinstance(made, bool) or not isinstance(made, int):
        raise Broken(where, "a whole number is expected")
    return made
