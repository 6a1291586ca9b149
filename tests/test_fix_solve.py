"""The cheapest choice: against every choice of small problems, and against HiGHS on larger ones."""

from dataclasses import replace
from fractions import Fraction
from random import Random

import highspy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from choices import FAMILIES, drawn, every, family, problem
from jointbuy.errors import Limit
from jointbuy.fix.core import hold
from jointbuy.fix.lagrange import Found
from jointbuy.fix.problem import Problem, Solution, Status
from jointbuy.fix.proof import Recheck, recheck
from jointbuy.fix.solve import cheapest
from jointbuy.fix.solve_rows import _searched


def costs(given: Problem) -> list[int]:
    return sorted(cost for cost, _ in every(given))


def agrees(given: Problem, found: Solution) -> None:
    """A solution is the cheapest of all choices, its cost and rows add up, and its proof can be repeated."""
    best = min(costs(given), default=None)
    assert found.cost == best
    assert found.bound == best
    assert found.status is (Status.INFEASIBLE if best is None else Status.OPTIMAL)
    again = recheck(given, found)
    assert again.faults == ()
    assert again.proven


@pytest.mark.parametrize("seed", range(16))
def test_one_row_agrees_with_every_choice(seed: int) -> None:
    random = Random(seed)
    for _ in range(50):
        given = drawn(random, 1)
        agrees(given, cheapest(given))


@pytest.mark.parametrize(("rows", "seed"), [(rows, seed) for rows in (2, 3, 4) for seed in range(4)])
def test_several_rows_agree_with_every_choice(rows: int, seed: int) -> None:
    random = Random(100 * rows + seed)
    for _ in range(25):
        given = drawn(random, rows, 5)
        agrees(given, cheapest(given))


def test_random_problems_are_of_every_kind() -> None:
    """What is drawn has choices and none, one row that binds and none."""
    random = Random(0)
    found = [cheapest(drawn(random, 1)) for _ in range(100)]
    assert {each.status for each in found} == {Status.OPTIMAL, Status.INFEASIBLE}
    assert {any(top for top, _ in each.multipliers) for each in found if each.cost is not None} == {True, False}


# --- by hand ------------------------------------------------------------------------------


def test_by_hand() -> None:
    """Two parts outside the limit; to change the first costs 5 and takes off 60, the second 4 and 40: 30 must go."""
    given = problem([[(0, 80), (5, 20)], [(0, 50), (4, 10)]], [100])
    found = cheapest(given)
    assert (found.cost, found.bound, found.status) == (4, 4, Status.OPTIMAL)
    assert found.chosen is not None
    assert found.chosen.tolist() == [0, 3]


def test_nothing_to_change() -> None:
    given = problem([[(0, 1), (-3, 9)], [(0, 1), (2, 0)]], [20])
    assert cheapest(given).cost == -3


def test_no_choice_meets_the_rows_together() -> None:
    """Each row can be met, both cannot: their sum is 10 whatever is chosen, beyond 4 + 5."""
    given = problem([[(0, 10, 0), (0, 0, 10), (0, 5, 5)]], [4, 5])
    found = cheapest(given)
    assert (found.status, found.chosen, found.bound) == (Status.INFEASIBLE, None, None)
    assert recheck(given, found).proven


def test_a_mixture_meets_the_rows_but_no_choice() -> None:
    """Half of either option would do; only dividing shows that neither does."""
    given = problem([[(0, 10, 0), (0, 0, 10)]], [6, 6])
    found = cheapest(given)
    assert found.status is Status.INFEASIBLE
    assert len(found.proof) > 1
    assert recheck(given, found).proven


def test_at_most_so_many_changes() -> None:
    """A row that counts: by weight alone the three small changes are cheapest, with one change the large one."""
    parts = [[(0, 0, 0), (3, -10, 1)] for _ in range(3)]
    parts.append([(0, 0, 0), (20, -30, 1)])
    assert cheapest(problem(parts, [-30, 4])).cost == 9
    assert cheapest(problem(parts, [-30, 1])).cost == 20
    assert cheapest(problem(parts, [-30, 0])).status is Status.INFEASIBLE


def test_a_gap_is_kept_and_told() -> None:
    given = family("uncorrelated", 300, 5, 1)
    found = cheapest(given, gap=Fraction(1, 100))
    assert found.cost is not None
    assert found.bound is not None
    assert found.cost - found.bound <= abs(found.cost) / 100
    assert found.status in (Status.WITHIN_GAP, Status.OPTIMAL)
    assert recheck(given, found).faults == ()


def test_no_time_is_told() -> None:
    given = replace(family("weakly correlated", 300, 5, 1), names=("weight",))
    found = cheapest(given, seconds=0.0)
    assert found.status in (Status.STOPPED, Status.OPTIMAL)
    assert found.cost is not None
    assert found.bound is not None
    assert found.bound <= found.cost
    assert recheck(given, found).faults == ()


@pytest.mark.parametrize("rows", [1, 3])
def test_who_stops_it_gets_a_bound_that_holds(rows: int) -> None:
    given = three_rows(300, 1) if rows == 3 else family("weakly correlated", 300, 5, 1)
    found, best = cheapest(given, stop=lambda: True), cheapest(given, gap=Fraction(1, 10_000))
    assert found.status in (Status.STOPPED, Status.OPTIMAL)
    assert found.bound is not None
    assert best.cost is not None
    assert best.bound is not None
    assert found.bound <= best.cost
    assert found.cost is None or found.cost >= best.bound
    assert recheck(given, found).faults == ()


def test_progress_is_told() -> None:
    told: list[tuple[int | None, int]] = []
    found = cheapest(family("weakly correlated", 300, 5, 2), progress=lambda cost, bound: told.append((cost, bound)))
    assert told
    assert all(bound <= (found.cost or 0) <= (cost or 0) for cost, bound in told if cost is not None)


@pytest.mark.parametrize("held", [[0, 2], [1, 3]])
def test_one_choice_is_left(held: list[int]) -> None:
    """Where prices rule out all options but one of each part, that choice breaks a row, or it is the cheapest."""
    given = problem([[(0, 10, 0), (7, 0, 0)], [(0, 0, 10), (8, 0, 0)]], [5, 5])
    places, prices = np.array(held), (Fraction(1), Fraction(1))
    known = Found(np.array([1, 3]), 5, prices)
    found = _searched(hold(given, places, places), known, 15, lambda _cost, _bound: False)
    assert found.chosen is not None
    assert (found.chosen.tolist(), found.bound) == ([1, 3], 15)


# --- properties ---------------------------------------------------------------------------


@st.composite
def small(draw: st.DrawFn, rows: int = 1) -> Problem:
    return drawn(Random(draw(st.integers(0, 10**9))), rows, 5)


def permuted(given: Problem, order: list[int]) -> Problem:
    spans = [np.arange(given.starts[part], given.starts[part + 1]) for part in order]
    options = np.concatenate(spans)
    starts = np.cumsum([0, *map(len, spans)])
    return replace(given, starts=starts, costs=given.costs[options], weights=given.weights[:, options])


@given(small(2), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_parts_does_not_matter(one: Problem, random: Random) -> None:
    order = list(range(len(one.starts) - 1))
    random.shuffle(order)
    assert cheapest(permuted(one, order)).cost == cheapest(one).cost


@given(small(), st.integers(1, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_unit_of_a_row_does_not_matter(one: Problem, unit: int) -> None:
    assert cheapest(replace(one, weights=one.weights * unit, limits=one.limits * unit)).cost == cheapest(one).cost


@given(small(2))
@settings(max_examples=40, deadline=None)
def test_a_dominated_option_changes_nothing(one: Problem) -> None:
    worse = replace(
        one,
        starts=np.r_[one.starts[:-1], one.starts[-1] + 1],
        costs=np.r_[one.costs, one.costs[-1] + 1],
        weights=np.hstack([one.weights, one.weights[:, -1:]]),
    )
    assert cheapest(worse).cost == cheapest(one).cost


@given(small(), st.integers(0, 50))
@settings(max_examples=60, deadline=None)
def test_more_room_is_never_dearer(one: Problem, more: int) -> None:
    tight, loose = cheapest(one), cheapest(replace(one, limits=one.limits + more))
    if tight.cost is not None:
        assert loose.cost is not None
        assert loose.cost <= tight.cost


# --- larger -------------------------------------------------------------------------------


def by_highs(given: Problem) -> int:
    """The cheapest cost by HiGHS's integer program, given no gap."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", 0.0)
    variables = [solver.addBinary(obj=float(cost)) for cost in given.costs]
    for low, high in zip(given.starts[:-1].tolist(), given.starts[1:].tolist(), strict=True):
        solver.addConstr(sum(variables[low:high]) == 1)
    for row, limit in zip(given.weights, given.limits.tolist(), strict=True):
        solver.addConstr(sum(float(each) * variable for each, variable in zip(row, variables, strict=True)) <= limit)
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return round(solver.getInfo().objective_function_value)


@pytest.mark.parametrize("name", FAMILIES)
def test_families_agree_with_highs(name: str) -> None:
    given = family(name, 25, 4, 7, 1_000)
    found = cheapest(given)
    assert found.status is Status.OPTIMAL
    assert found.cost == by_highs(given)


@pytest.mark.parametrize("name", FAMILIES)
def test_families_are_bounded_at_size(name: str) -> None:
    given = family(name, 5_000, 10, 3)
    found = cheapest(given, gap=Fraction(1, 10**6))
    assert found.status in (Status.OPTIMAL, Status.WITHIN_GAP)
    assert recheck(given, found).faults == ()


def three_rows(parts: int, seed: int) -> Problem:
    """Parts of four options: an outside share, a share of one country, a least share of another."""
    random = np.random.default_rng(seed)
    price = random.integers(1_000, 500_000, (parts, 1)) * random.integers(100, 150, (parts, 4)) // 100
    price[:, 0] = price.min(axis=1)
    origin = random.choice(4, (parts, 4), p=[0.4, 0.1, 0.3, 0.2])
    origin[:, 0] = random.choice(4, parts, p=[0.2, 0.1, 0.4, 0.3])
    weights = [20 * np.where(origin >= 2, price, 0) - 7 * price, 5 * np.where(origin == 2, price, 0) - price]
    weights.append(price - 10 * np.where(origin == 1, price, 0))
    starts = np.arange(0, 4 * parts + 1, 4)
    rows = np.stack([each.ravel() for each in weights])
    return Problem(starts, (price - price[:, :1]).ravel(), rows, np.zeros(3, np.int64), ("outside", "one", "least"))


def test_few_dear_parts_among_many_cheap() -> None:
    """A part that outweighs all others leaves a gap that no price closes and enumeration drowns in: it is divided."""
    random = np.random.default_rng(32)
    price = np.round(np.exp(random.normal(11, 1.5, 92))).astype(np.int64) + 100
    factor = 1 + np.hstack([np.zeros((92, 1)), random.uniform(0, 0.5, (92, 2))])
    price = np.round(price[:, None] * factor).astype(np.int64)
    origin = np.hstack(
        [random.choice(4, (92, 1), p=[0.3, 0.05, 0.45, 0.2]), random.choice(4, (92, 2), p=[0.5, 0.2, 0.15, 0.15])]
    )
    weights = (20 * np.where(origin >= 2, price, 0) - 7 * price).reshape(1, -1)
    costs_ = (price - price[:, :1] + [0, 2_000, 2_000]).ravel()
    given = Problem(np.arange(0, 277, 3), costs_, weights, np.array([0]), ("outside",))
    found = cheapest(given)
    assert found.status is Status.OPTIMAL
    assert len(found.proof) > 1
    again = recheck(given, found)
    assert (again.faults, again.proven) == ((), True)


@pytest.mark.parametrize("seed", range(3))
def test_three_rows_agree_with_highs(seed: int) -> None:
    given = three_rows(30, seed)
    found = cheapest(given)
    assert found.status is Status.OPTIMAL
    assert found.cost == by_highs(given)
    assert recheck(given, found).proven


def test_three_rows_are_bounded_at_size() -> None:
    """Twenty thousand parts: a sample is priced first, then those near its peak."""
    given = three_rows(20_000, 2)
    found = cheapest(given, gap=Fraction(1, 1_000))
    assert found.status in (Status.OPTIMAL, Status.WITHIN_GAP)
    assert recheck(given, found).faults == ()


def test_costs_of_billions_do_not_wrap() -> None:
    """In cents and twentieths: what is chosen and its cost are those of the same problem in units of a billion."""
    plain = problem([[(0, 80, 3), (5, 20, 1)], [(0, 50, 2), (4, 10, 4)], [(0, 9, 9), (1, 8, 1)]], [100, 12])
    unit = 10**15
    large = replace(plain, costs=plain.costs * unit, weights=plain.weights * unit, limits=plain.limits * unit)
    found, small_ = cheapest(large), cheapest(plain)
    assert small_.cost == 5  # with part two changed, 4, the second row is at 16: part three must change, 1
    assert found.cost == small_.cost * unit
    assert found.bound == found.cost
    assert recheck(large, found).proven


@pytest.mark.parametrize("rows", [1, 2])
def test_large_amounts_that_are_not_round_do_not_wrap(rows: int) -> None:
    random = Random(rows)
    for _ in range(30):
        given = drawn(random, rows, 4)
        noise = np.random.default_rng(random.randint(0, 9999))
        scale = 10**14
        weights = given.weights * scale + noise.integers(0, scale, given.weights.shape)
        costs_ = given.costs * scale + noise.integers(0, scale, given.costs.shape)
        large = replace(given, costs=costs_, weights=weights, limits=given.limits * scale)
        agrees(large, cheapest(large))


def test_amounts_that_cannot_be_added_up_are_refused() -> None:
    given = problem([[(0, 2**61), (1, 0)], [(0, 2**61), (1, 0)]], [10])
    with pytest.raises(Limit, match="larger unit"):
        cheapest(given)


# --- the proof -------------------------------------------------------------------------------


def tampered(found: Solution) -> list[Solution]:
    """A solution with one thing wrong, each time another."""
    assert found.chosen is not None
    assert found.cost is not None
    assert found.bound is not None
    other = found.chosen.copy()
    other[0] = 1 - other[0]
    return [
        replace(found, cost=found.cost - 1),
        replace(found, chosen=other),
        replace(found, chosen=found.chosen[:-1]),
        replace(found, cost=found.cost + 1, bound=found.bound + 1),
        replace(found, bound=found.bound - 1),
        replace(found, status=Status.INFEASIBLE),
        replace(found, multipliers=()),
        replace(found, multipliers=tuple((-1, 1) for _ in found.multipliers)),
        replace(found, status=Status.INFEASIBLE, chosen=None, cost=None, bound=None),
    ]


@pytest.mark.parametrize("rows", [1, 2])
def test_recheck_catches_what_was_tampered_with(rows: int) -> None:
    parts = [[(0, 80, 3), (5, 20, 3)], [(0, 50, 5), (4, 10, 9)], [(0, 9, 1), (1, 7, 1)]]
    given = problem([[option[: 1 + rows] for option in part] for part in parts], [100, 15][:rows])
    found = cheapest(given)
    assert recheck(given, found).faults == ()
    for wrong in tampered(found):
        assert recheck(given, wrong).faults, wrong


def test_recheck_catches_a_tree_that_was_cut() -> None:
    given = next(each for each in (drawn(Random(seed), 3, 5) for seed in range(500)) if len(cheapest(each).proof) > 4)
    found = cheapest(given)
    assert recheck(given, found).proven
    assert not recheck(given, replace(found, proof=found.proof[:-1])).proven
    assert not recheck(given, replace(found, proof=(*found.proof, found.proof[-1]))).proven


def test_a_division_by_an_option_that_is_in_no_better_choice_is_none() -> None:
    """By hand: one change costs 6 and is enough, and at 6/10 a unit of weight 3 is proven; an option of 1 000 is dear.

    Divided by it, what has it costs 1 000; the rest by whether the first and the second part stay, which both cannot.
    """
    given = problem([[(0, 10), (6, 0), (1_000, 0)], [(0, 10), (6, 0)]], [15])
    none, some = ((0, 1),), ((1, 1),)
    proof = (2, none, 0, 3, some, none, none)
    found = Solution(Status.OPTIMAL, np.array([0, 4]), 6, 6, ((6, 10),), proof)
    assert recheck(given, found) == Recheck((), 3, True)
    for cut in (1, 4, 5, 6):
        assert not recheck(given, replace(found, proof=proof[:cut] + proof[cut + 1 :])).proven
    far = replace(found, proof=(2, none, 0, 3, none, none, none))
    assert recheck(given, far).faults == ("a choice may cost less than the bound",)


@pytest.mark.parametrize("rows", [2, 3])
def test_proofs_by_division_hold_where_weights_are_large(rows: int) -> None:
    """Prices are then too coarse to bar an option at the first look, which is barred once a better choice is known."""
    random = Random(rows)
    for _ in range(40):
        given = drawn(random, rows, 6)
        units = np.array([random.choice((1, 10**6, 10**12, 10**15)) for _ in range(rows)])
        agrees(
            large := replace(given, weights=given.weights * units[:, None], limits=given.limits * units),
            cheapest(large),
        )


def test_a_price_is_as_good_in_a_finer_unit() -> None:
    """A row over a large denominator has prices far below one: rounded to none, they would prove nothing."""
    given = family("uncorrelated", 200, 5, 1)
    fine = replace(given, weights=given.weights * 10**11, limits=given.limits * 10**11)
    plain, large = (cheapest(each) for each in (given, fine))
    assert large.cost == plain.cost
    best, same = (recheck(each, found).relaxed for each, found in ((given, plain), (fine, large)))
    assert best is not None
    assert same is not None
    assert abs(best - same) <= 1


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    """HiGHS announces itself unless it is kept from it."""
    cheapest(three_rows(20, 3))
    assert capfd.readouterr() == ("", "")
