"""Small problems drawn at random, and every choice of one: what solvers of the cheapest fix are held against."""

from collections.abc import Iterator
from itertools import pairwise, product
from random import Random

import numpy as np

from jointbuy.fix.problem import Problem


def problem(parts: list[list[tuple[int, ...]]], limits: list[int]) -> Problem:
    """From parts as lists of options, each its cost and then a weight for every row."""
    options = [option for part in parts for option in part]
    return Problem(
        np.cumsum([0, *map(len, parts)]),
        np.array([option[0] for option in options], dtype=np.int64),
        np.array([[option[1 + row] for option in options] for row in range(len(limits))], dtype=np.int64),
        np.array(limits, dtype=np.int64),
        tuple(f"row {row}" for row in range(len(limits))),
    )


def drawn(random: Random, rows: int, parts: int = 6) -> Problem:
    """One to `parts` parts of one to five options: all signs, ties, proportional costs, limits near or far."""
    size = random.choice((1, 3, 20, 1_000))
    made: list[list[tuple[int, ...]]] = []
    proportional, equal = random.random() < 0.2, random.random() < 0.1
    for _ in range(random.randint(1, parts)):
        options = []
        for _ in range(random.randint(1, 5)):
            weights = [random.randint(-size, size) for _ in range(rows)]
            cost = -weights[0] if proportional else random.randint(-size // 3, size)
            options.append((cost, *weights))
        made.append([options[0]] * len(options) if equal else options)
    middle = [sum(sum(option[1 + row] for option in part) // len(part) for part in made) for row in range(rows)]
    limits = [0 if random.random() < 0.2 else each + random.randint(-2 * size, size) for each in middle]
    return problem(made, limits)


def every(given: Problem) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Cost and places of every choice that meets the rows, worked out in whole numbers one by one."""
    starts, costs = given.starts.tolist(), given.costs.tolist()
    rows, limits = given.weights.tolist(), given.limits.tolist()
    for choice in product(*(range(low, high) for low, high in pairwise(starts))):
        if all(sum(row[place] for place in choice) <= limit for row, limit in zip(rows, limits, strict=True)):
            yield sum(costs[place] for place in choice), choice


FAMILIES = ("uncorrelated", "weakly correlated", "strongly correlated", "subset-sum", "monotone")


def family(name: str, parts: int, options: int, seed: int, size: int = 10_000) -> Problem:
    """A multiple-choice knapsack as the literature draws it (Pisinger 1995): most profit within half of all weight."""
    random = np.random.default_rng(seed)
    weight = random.integers(1, size + 1, (parts, options))
    profit = random.integers(1, size + 1, (parts, options))
    if name == "weakly correlated":
        profit = np.maximum(1, weight + random.integers(-size // 100, size // 100 + 1, (parts, options)))
    elif name == "strongly correlated":
        weight = np.sort(weight, axis=1)
        profit, weight = np.cumsum(weight + size // 100, axis=1), np.cumsum(weight, axis=1)
    elif name == "subset-sum":
        profit = weight.copy()
    elif name == "monotone":
        weight, profit = np.sort(weight, axis=1), np.sort(profit, axis=1)
    limit = int(weight.min(axis=1).sum() + weight.max(axis=1).sum()) // (3 if name == "uncorrelated" else 2)
    starts = np.arange(0, parts * options + 1, options)
    return Problem(starts, -profit.ravel(), weight.reshape(1, -1), np.array([limit]), ("weight",))
