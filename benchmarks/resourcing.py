"""P6 and P7: the cheapest parts to source elsewhere under one limit and under three, against HiGHS and CP-SAT."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np
from row import Row

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from choices import FAMILIES, family
from jointbuy.fix.lagrange import meets, total
from jointbuy.fix.problem import Problem
from jointbuy.fix.solve import cheapest
from jointbuy.fix.solve_highs import Model, nearest

IDS = ("P6", "P7")
OPTIONS = 10
SIZES = ((1_000, 10, 5.0), (10_000, 10, 15.0), (100_000, 3, 0.0), (1_000_000, 1, 0.0))
"""Parts, seeds of ours, and seconds for a peer on the first of them; none where it has no answer in a minute."""
CAPS = ((10_000, 10, 40.0), (100_000, 3, 40.0))
P6_GAP, P7_GAP = Fraction(1, 10**6), Fraction(1, 10**4)
P6_RATIO, P7_RATIO = 100, 20
_SECONDS = 60.0


def caps(parts: int, seed: int) -> Problem:
    """Parts of five offers, prices in cents as of a real bill, few dear and many cheap, under three caps.

    At most 35 % from outside, at most 20 % from one country outside, at least 10 % from another.
    """
    random = np.random.default_rng(seed)
    price = np.round(np.exp(random.normal(11, 1.5, (parts, 1))) + 100)
    price = np.round(price * np.hstack([np.ones((parts, 1)), random.uniform(1, 1.5, (parts, 4))])).astype(np.int64)
    here = random.choice(4, (parts, 1), p=[0.3, 0.05, 0.45, 0.2])
    origin = np.hstack([here, random.choice(4, (parts, 4), p=[0.5, 0.2, 0.15, 0.15])])
    outside, one, least = (np.where(flags, price, 0) for flags in (origin >= 2, origin == 2, origin == 1))
    weights = np.stack([20 * outside - 7 * price, 5 * one - price, price - 10 * least]).reshape(3, -1)
    starts = np.arange(0, 5 * parts + 1, 5)
    return Problem(starts, (price - price[:, :1]).ravel(), weights, np.zeros(3, np.int64), ("outside", "one", "least"))


@dataclass(frozen=True, slots=True)
class Answer:
    """Seconds; the cost of a choice that meets the rows, None without one; a bound; both in cents."""

    seconds: float
    cost: int | None
    bound: float

    @property
    def gap(self) -> float:
        """As a share of the cost."""
        return float("inf") if self.cost is None else (self.cost - self.bound) / max(1, abs(self.cost))


def ours(problem: Problem, gap: Fraction) -> Answer:
    """By jointbuy, its cost and rows checked."""
    began = time.perf_counter()
    found = cheapest(problem, gap=gap, seconds=_SECONDS)
    seconds = time.perf_counter() - began
    if found.chosen is None or not meets(problem, found.chosen) or total(problem.costs[found.chosen]) != found.cost:
        sys.exit("P6, P7: our choice does not meet the rows, or does not cost what it says")
    return Answer(seconds, found.cost, float(found.bound or 0))


def highs(problem: Problem, gap: Fraction, seconds: float) -> Answer:
    """By HiGHS's integer program, its arrays filled directly; what it chose is added up."""
    import highspy

    began = time.perf_counter()
    model = Model(problem)
    every = np.arange(model.options)
    model.solver.changeColsIntegrality(len(every), every, np.full(len(every), highspy.HighsVarType.kInteger))
    model.solver.setOptionValue("mip_rel_gap", float(gap))
    model.run(seconds)
    took = time.perf_counter() - began
    solution, info = model.solver.getSolution(), model.solver.getInfo()
    bound = info.mip_dual_bound * model.by_cost
    if not solution.value_valid:
        return Answer(took, None, bound)
    chosen = nearest(problem, np.asarray(solution.col_value[: model.options]))
    return Answer(took, total(problem.costs[chosen]) if meets(problem, chosen) else None, bound)


def cp_sat(problem: Problem, gap: Fraction, seconds: float) -> Answer:
    """By OR-Tools' CP-SAT, on two workers."""
    from ortools.sat.python import cp_model

    began = time.perf_counter()
    model = cp_model.CpModel()
    options = [model.new_bool_var("") for _ in range(len(problem.costs))]
    for low, high in zip(problem.starts[:-1].tolist(), problem.starts[1:].tolist(), strict=True):
        model.add_exactly_one(options[low:high])
    for row, limit in zip(problem.weights.tolist(), problem.limits.tolist(), strict=True):
        model.add(cp_model.LinearExpr.weighted_sum(options, row) <= limit)
    model.minimize(cp_model.LinearExpr.weighted_sum(options, problem.costs.tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, 2
    solver.parameters.relative_gap_limit = float(gap)
    status = solver.solve(model)
    took = time.perf_counter() - began
    cost = round(solver.objective_value) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
    return Answer(took, cost, float("-inf") if status == cp_model.UNKNOWN else solver.best_objective_bound)


Peer = Callable[[Problem, Fraction, float], Answer]
PEERS: tuple[tuple[str, str, Peer], ...] = (("HiGHS", "highspy", highs), ("OR-Tools CP-SAT", "ortools", cp_sat))


def rows() -> Iterator[Row]:
    """One row for each family and size, or number of parts, and peer; wall seconds, all in this process, in turn."""
    for parts, seeds, seconds in SIZES:
        for name in FAMILIES:
            problems = (family(name, parts, OPTIONS, seed) for seed in range(seeds))
            peers = PEERS if name == "weakly correlated" else PEERS[:1]
            yield from compared("P6", f"one cap, {name}", problems, P6_GAP, P6_RATIO, peers, seconds)
    for parts, seeds, seconds in CAPS:
        problems = (caps(parts, seed) for seed in range(seeds))
        peers = PEERS if parts == CAPS[0][0] else PEERS[:1]
        yield from compared("P7", "three caps", problems, P7_GAP, P7_RATIO, peers, seconds)


def compared(
    id_: str,
    workload: str,
    problems: Iterator[Problem],
    gap: Fraction,
    goal: int,
    peers: tuple[tuple[str, str, Peer], ...],
    seconds: float,
) -> Iterator[Row]:
    """Ours on every seed, each peer on the first, which must not contradict us."""
    first = next(problems)
    found = [ours(first, gap), *(ours(each, gap) for each in problems)]
    worst, parts = max(each.gap for each in found), len(first.starts) - 1
    fastest = f"median of {len(found)} seed{'s' * (len(found) > 1)}, gap {worst:.1e} at most"
    near = worst <= gap
    for peer, package, solve in peers if seconds else ():
        theirs = solve(first, gap, seconds)
        agree(id_, peer, found[0], theirs)
        took = median(each.seconds for each in found)
        large = parts >= 10_000 and peer == "HiGHS"
        yield Row(
            id=id_,
            workload=workload,
            size=f"{parts} parts",
            ours_s=round(took, 3),
            peer=peer,
            peer_version=version(package),
            peer_s=round(theirs.seconds, 2),
            ratio=round(theirs.seconds / took, 1),
            goal=f"gap <= {float(gap):.0e}" + f", >= {goal} x" * large,
            met=near and (not large or theirs.seconds >= goal * took),
            note=f"{fastest}; peer on the first, {seconds:.0f} s at most: {told(theirs, gap)}",
        )
    if not seconds:
        yield Row(
            id=id_,
            workload=workload,
            size=f"{parts} parts",
            ours_s=round(median(each.seconds for each in found), 3),
            goal=f"gap <= {float(gap):.0e}",
            met=near,
            note=f"{fastest}; no peer has an answer near it in a minute",
        )


def agree(id_: str, peer: str, mine: Answer, theirs: Answer) -> None:
    """Neither bound is above the other's cost, but for a peer's tolerance."""
    near = 1e-6 * max(abs(mine.bound), 1.0)
    if (theirs.cost is not None and theirs.cost < mine.bound) or (mine.cost or 0) < theirs.bound - near:
        sys.exit(f"{id_}: ours costs {mine.cost}, at least {mine.bound}; {peer} {theirs.cost}, at least {theirs.bound}")


def told(answer: Answer, gap: Fraction) -> str:
    """How far a peer came."""
    if answer.cost is None:
        return "no choice that meets the rows"
    return "the same gap" if answer.gap <= gap else f"gap {answer.gap:.1e}"


if __name__ == "__main__":
    for each in rows():
        print(each, flush=True)
