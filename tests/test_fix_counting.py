"""Counts of whole options: rows that follow, what they prove, and that they are found out where they do not."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise
from random import Random
from typing import Any

import numpy as np
import pytest

from choices import drawn, every, family, problem
from jointbuy.fix import certificate, knapsack
from jointbuy.fix.counting import counting
from jointbuy.fix.lagrange import counted, relaxed
from jointbuy.fix.problem import Count, Problem, Solution, Status
from jointbuy.fix.proof import recheck
from jointbuy.fix.solve import cheapest

STAYS = np.array([1, 0, 1, 0, 1, 0])


def charged() -> Problem:
    """Three parts that weigh 10, or nothing for 100 each; 15 are allowed: one and a half changes, or two."""
    return problem([[(0, 10), (100, 0)] for _ in range(3)], [15])


def by_hand() -> Solution:
    """At 1/10 a unit of weight no part is worth more than nothing, and the limit one and a half: one part may stay.

    At 100 for each that stays, every part costs 100 either way, 300 in all, less 100 for the one: 200.
    """
    count = Count(STAYS, ((1, 10),))
    return Solution(Status.OPTIMAL, np.array([1, 3, 4]), 200, 200, ((0, 1), (100, 1)), counts=(count,))


def test_a_count_proves_by_hand_what_no_price_does() -> None:
    given, found = charged(), by_hand()
    assert max(relaxed(given, (Fraction(price),)).bound for price in range(20)) == 150
    again = recheck(given, found)
    assert (again.faults, again.relaxed, again.proven) == ((), 200, True)


@pytest.mark.parametrize(
    "count",
    [
        Count(STAYS, ((-1, 10),)),
        Count(STAYS, ((1, 0),)),
        Count(STAYS, ()),
        Count(STAYS, ((1, 10), (1, 10))),
    ],
)
def test_a_count_without_prices_is_refused(count: Count) -> None:
    again = recheck(charged(), replace(by_hand(), counts=(count,)))
    assert (again.faults, again.proven) == (("a count does not follow from the rows",), False)


@pytest.mark.parametrize(
    ("count", "bound"),
    [
        (Count(STAYS, ((1, 9),)), 200),  # 15 / 9, rounded down, is one that stays as well
        (Count(STAYS, ((0, 1),)), 0),  # unpriced it is all three: 300 less 300
        (Count(2 * STAYS, ((1, 10),)), -100),  # 3 * (2 - 1) and 3 / 2, rounded down, is four: 300 less 400
        (Count(-STAYS, ((1, 10),)), -400),  # 3 / 2 is one, and those that stay count against it: -300 less 100
    ],
)
def test_another_count_proves_what_it_does(count: Count, bound: int) -> None:
    again = recheck(charged(), replace(by_hand(), counts=(count,)))
    assert again.relaxed == bound


def test_amounts_that_may_be_mixed_are_not_counted() -> None:
    """Half of an amount is no whole number: what is rounded down for options is not for it."""
    mixed = replace(charged(), mixed=1, costs=np.array([0, 100, 0, 100, 0, 0]))
    found = replace(by_hand(), chosen=np.array([1, 3]), shares=((0, 1),))
    assert recheck(mixed, found).faults[-1] == "a count does not follow from the rows"


def small(random: Random) -> Problem:
    """Strongly correlated, as the literature draws it or with a charge for each change; some rounded, some ties."""
    if random.random() < 0.3:
        return drawn(random, 1)
    parts, options, size = random.randint(2, 7), random.randint(2, 4), random.choice((20, 300, 1_000))
    given = family("strongly correlated", parts, options, random.randint(0, 10**6), size)
    if random.random() < 0.5:
        return given
    first = np.repeat(given.costs[given.starts[:-1]], options)
    share = random.choice((1, 3))
    costs = (given.costs - first) // share + random.choice((0, 40)) * (np.arange(parts * options) % options > 0)
    return replace(given, costs=costs)


def alone(given: Problem) -> int:
    """What prices on the weight prove at most: at one at which two options of a part are worth the same."""
    prices = {Fraction(0)}
    for low, high in pairwise(given.starts.tolist()):
        for one, other in combinations(range(low, high), 2):
            cost, weight = (int(each[one] - each[other]) for each in (given.costs, given.weights[0]))
            if weight:
                prices.add(max(Fraction(0), Fraction(-cost, weight)))
    return max(relaxed(given, (price,)).bound for price in prices)


def test_no_choice_is_beyond_a_count_or_below_its_bound() -> None:
    """Against every choice; and often the bound is better than that of any price on the weight alone."""
    random, told = Random(5), 0
    for _ in range(300):
        given = small(random)
        choices = [(cost, np.array(places)) for cost, places in every(given)]
        if not choices:
            continue
        best = min(cost for cost, _ in choices)
        known = choices[random.randrange(len(choices))][1]
        for each in counting(given, known, lambda: False):
            more = counted(given, (each.counted,))
            assert max(int(each.counted.numbers[places].sum()) for _, places in choices) <= int(more.limits[-1])
            bound = relaxed(more, (each.weight, each.number)).bound
            assert bound <= best
            told += bound > alone(given)
    assert told > 50


@pytest.mark.parametrize("seed", range(4))
def test_the_search_with_a_count_agrees_with_every_choice(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted after the first round, one too narrow to prove; each is proven again, also from its certificate."""
    monkeypatch.setattr(knapsack, "ROUNDS", (1, 4, 3_000))
    monkeypatch.setattr(knapsack, "_COUNTED", 1)
    random, told = Random(seed), 0
    for _ in range(100):
        given = small(random)
        found = cheapest(given)
        assert found.cost == found.bound == min((cost for cost, _ in every(given)), default=None)
        again = recheck(given, found)
        assert (again.faults, again.proven) == ((), True)
        made = json.loads(json.dumps(certificate.written(given, found, [""] * len(given.costs))))
        assert certificate.rechecked(made, "problem") == (again, found.cost)
        told += bool(found.counts)
    assert told > 5


@pytest.mark.parametrize("seed", range(3))
def test_strongly_correlated_is_proven_at_size(seed: int) -> None:
    """Costs are weights and 100 for each level, so a choice at the limit with as many levels as fit is the cheapest."""
    given = family("strongly correlated", 1_000, 10, seed)
    found = cheapest(given)
    assert found.status is Status.OPTIMAL
    assert found.counts
    again = recheck(given, found)
    assert (again.faults, again.relaxed, again.proven) == ((), found.cost, True)


@pytest.mark.parametrize(
    "wrong",
    [
        [{"numbers": [1, 0], "prices": [["1", "10"]]}],
        [{"numbers": [1, 0, 1, 0, 1, 0.5], "prices": [["1", "10"]]}],
        [{"numbers": [1, 0, 1, 0, 1, 0], "prices": [["-1", "10"]]}],
        [{"numbers": [1, 0, 1, 0, 1, 0], "prices": []}],
        [{"numbers": [1, 0, 1, 0, 1, 2**62], "prices": [["1", "10"]]}],
        [7],
        {},
    ],
)
def test_a_certificate_with_another_count_is_refused(wrong: Any) -> None:
    made = certificate.written(charged(), by_hand(), [""] * 6)
    assert certificate.rechecked(made, "problem")[0].proven
    with pytest.raises(certificate.Broken, match=r"problem\.counts"):
        certificate.rechecked({**made, "counts": wrong}, "problem")
