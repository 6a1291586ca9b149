"""P1, P3, P4: from an edge list to the content of every assembly by four groups, ours beside its peers.

Every peer answers from the same arrays and is compared with ours, in whole numbers, before it is timed; the answers
fit into int64 or, where they do not, into floats to twelve digits. `roll_up.svg` draws time against size.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from peak import peak_mb
from row import Row

from bills import GROUPS, Edges, bom, edges
from jointbuy import kernels
from jointbuy.content import roll_up

Answer = np.ndarray[Any, np.dtype[np.float64]]
IDS = ("P1", "P3", "P4")
SIZES = (100_000, 1_000_000, 10_000_000)
SLOWEST = {"networkx": 1_000_000, "rustworkx": 1_000_000, "pandas": 1_000_000, "polars": 1_000_000, "duckdb": 1_000_000}
"""Beyond these sizes a peer would take minutes."""


# --- ours -------------------------------------------------------------------------------------


def indexed(bill: Edges) -> tuple[kernels.Graph, Answer]:
    """The graph, from the edge list, and the quantities in its order."""
    graph = kernels.index(bill.parent, bill.child, bill.parts)
    return graph, kernels.along(graph, bill.quantity)


def rolled(bill: Edges, graph: kernels.Graph, quantity: Answer) -> Answer:
    """Content by part and group; parts without parts at what they cost."""
    cost = bill.cost.astype(np.float64)
    value = np.zeros((bill.parts, GROUPS))
    value[np.arange(bill.parts), bill.group] = cost
    value[graph.order[: graph.made]] = kernels.roll_up(graph, quantity, bill.group, cost, GROUPS)
    return value


# --- peers ------------------------------------------------------------------------------------


def networkx_(bill: Edges) -> tuple[Callable[[], Any], Callable[[Any], Answer]]:
    """A DiGraph and a loop over its topological order."""
    import networkx as nx

    def build() -> Any:
        graph = nx.DiGraph()
        graph.add_nodes_from(range(bill.parts))
        graph.add_weighted_edges_from(
            zip(bill.parent.tolist(), bill.child.tolist(), bill.quantity.tolist(), strict=True)
        )
        return graph

    def run(graph: Any) -> Answer:
        value = [[0.0] * GROUPS for _ in range(bill.parts)]
        for part, (group, cost) in enumerate(zip(bill.group.tolist(), bill.cost.tolist(), strict=True)):
            value[part][group] = float(cost)
        for part in reversed(list(nx.topological_sort(graph))):
            mine = value[part]
            for child, data in graph[part].items():
                quantity, below = data["weight"], value[child]
                for k in range(GROUPS):
                    mine[k] += quantity * below[k]
        return np.array(value)

    return build, run


def rustworkx_(bill: Edges) -> tuple[Callable[[], Any], Callable[[Any], Answer]]:
    """A PyDiGraph and a loop over its topological order."""
    import rustworkx as rx

    def build() -> Any:
        graph = rx.PyDiGraph()
        graph.add_nodes_from(range(bill.parts))
        graph.add_edges_from(list(zip(bill.parent.tolist(), bill.child.tolist(), bill.quantity.tolist(), strict=True)))
        return graph

    def run(graph: Any) -> Answer:
        value = [[0.0] * GROUPS for _ in range(bill.parts)]
        for part, (group, cost) in enumerate(zip(bill.group.tolist(), bill.cost.tolist(), strict=True)):
            value[part][group] = float(cost)
        for part in reversed(rx.topological_sort(graph)):
            mine = value[part]
            for _, child, quantity in graph.out_edges(part):
                below = value[child]
                for k in range(GROUPS):
                    mine[k] += quantity * below[k]
        return np.array(value)

    return build, run


def _levels(bill: Edges) -> list[Any]:
    """Edges by the height of their parent, lowest first: what array programs need beforehand."""
    graph, _ = indexed(bill)
    height = np.zeros(bill.parts, np.int32)
    for row in range(graph.made - 1, -1, -1):
        height[row] = height[graph.child[graph.start[row] : graph.start[row + 1]]].max() + 1
    of = height[graph.row[bill.parent]]
    return [np.flatnonzero(of == level) for level in range(1, int(height.max()) + 1)]


def scipy_(bill: Edges) -> tuple[Callable[[], Any], Callable[[Any], Answer]]:
    """One sparse product for each level; building makes the matrices."""
    from scipy.sparse import csr_array

    levels = _levels(bill)

    def build() -> Any:
        made = []
        for at in levels:
            rows, place = np.unique(bill.parent[at], return_inverse=True)
            shape = (rows.size, bill.parts)
            made.append((rows, csr_array((bill.quantity[at].astype(float), (place, bill.child[at])), shape=shape)))
        return made

    def run(made: Any) -> Answer:
        value = np.zeros((bill.parts, GROUPS))
        value[np.arange(bill.parts), bill.group] = bill.cost
        for rows, matrix in made:
            value[rows] += matrix @ value
        return value

    return build, run


def polars_(bill: Edges) -> tuple[Callable[[], Any], Callable[[Any], Answer]]:
    """A join and a group-by for each level."""
    import polars as pl

    levels = _levels(bill)
    names = [f"g{k}" for k in range(GROUPS)]

    def build() -> Any:
        return [
            pl.DataFrame(
                {"parent": bill.parent[at], "child": bill.child[at], "quantity": bill.quantity[at].astype(float)}
            )
            for at in levels
        ]

    def run(made: Any) -> Answer:
        start = np.zeros((bill.parts, GROUPS))
        start[np.arange(bill.parts), bill.group] = bill.cost
        value = pl.DataFrame(
            {"child": np.arange(bill.parts, dtype=np.int32), **{n: start[:, k] for k, n in enumerate(names)}}
        )
        for frame in made:
            sums = (
                frame.join(value, on="child")
                .group_by("parent")
                .agg([(pl.col(name) * pl.col("quantity")).sum() for name in names])
                .rename({"parent": "child"})
            )
            value = value.update(sums, on="child")
        return np.asarray(value.sort("child").select(names).to_numpy())

    return build, run


def pandas_(bill: Edges) -> tuple[Callable[[], Any], Callable[[Any], Answer]]:
    """A merge and a group-by for each level."""
    import pandas as pd

    levels = _levels(bill)
    names = [f"g{k}" for k in range(GROUPS)]

    def build() -> Any:
        return [
            pd.DataFrame(
                {"parent": bill.parent[at], "child": bill.child[at], "quantity": bill.quantity[at].astype(float)}
            )
            for at in levels
        ]

    def run(made: Any) -> Answer:
        start = np.zeros((bill.parts, GROUPS))
        start[np.arange(bill.parts), bill.group] = bill.cost
        value = pd.DataFrame(start, columns=names)
        for frame in made:
            joined = frame.merge(value, left_on="child", right_index=True)
            sums = joined[names].mul(joined["quantity"], axis=0).groupby(joined["parent"]).sum()
            value.loc[sums.index, names] = sums
        return np.asarray(value.to_numpy())

    return build, run


def duckdb_(bill: Edges) -> tuple[Callable[[], Any], Callable[[Any], Answer]]:
    """A join and a group-by for each level, in SQL."""
    import duckdb

    levels = _levels(bill)
    sums = ", ".join(f"sum(e.quantity * v.g{k}) AS g{k}" for k in range(GROUPS))

    def build() -> Any:
        base = duckdb.connect()
        for at, which in enumerate(levels):
            columns = {
                "parent": bill.parent[which],
                "child": bill.child[which],
                "quantity": bill.quantity[which].astype(float),
            }
            base.register("columns", columns)
            base.execute(f"CREATE TABLE edges{at} AS SELECT * FROM columns")
            base.unregister("columns")
        return base

    def run(base: Any) -> Answer:
        start = np.zeros((bill.parts, GROUPS))
        start[np.arange(bill.parts), bill.group] = bill.cost
        base.register("start", {"part": np.arange(bill.parts), **{f"g{k}": start[:, k].copy() for k in range(GROUPS)}})
        base.execute("CREATE OR REPLACE TABLE value AS SELECT * FROM start")
        base.unregister("start")
        for at in range(len(levels)):
            base.execute(
                f"CREATE OR REPLACE TABLE sums AS SELECT e.parent AS part, {sums} FROM edges{at} e "
                "JOIN value v ON v.part = e.child GROUP BY e.parent"
            )
            base.execute("DELETE FROM value WHERE part IN (SELECT part FROM sums)")
            base.execute("INSERT INTO value SELECT * FROM sums")
        found = base.execute("SELECT * FROM value ORDER BY part").fetchnumpy()
        return np.stack([found[f"g{k}"] for k in range(GROUPS)], axis=1)

    return build, run


def gathered(graph: kernels.Graph, quantity: Answer) -> Callable[[], Any]:
    """The same rows fetched and multiplied with nothing depending on anything: what memory alone costs."""
    value = np.ones((graph.parts, GROUPS))

    def run() -> Any:
        return np.add.reduceat(value[graph.child] * quantity[:, None], graph.start[: graph.made], axis=0)

    return run


PEERS = {
    "networkx": networkx_,
    "rustworkx": rustworkx_,
    "polars": polars_,
    "pandas": pandas_,
    "scipy": scipy_,
    "duckdb": duckdb_,
}
GOALS = {"networkx": 300, "rustworkx": 40, "polars": 10, "pandas": 10}


# --- measuring --------------------------------------------------------------------------------


def timed(run: Callable[[], Any], times: int) -> float:
    """Median of several runs, in seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return median(taken)


def rows() -> list[Row]:
    """P1 against every peer at two sizes, P3, P4; and the picture."""
    found: list[Row] = []
    drawn: dict[str, list[tuple[int, float]]] = {}
    ours: dict[int, float] = {}
    warm = edges(10_000)
    rolled(warm, *indexed(warm))
    for size in SIZES:
        bill = edges(size)
        graph, quantity = indexed(bill)
        times = 9 if size < SIZES[-1] else 3
        cost = bill.cost.astype(np.float64)
        build = timed(partial(indexed, bill), times)
        run = timed(partial(kernels.roll_up, graph, quantity, bill.group, cost, GROUPS), times)
        ours[size] = build + run
        drawn.setdefault("jointbuy", []).append((size, run))
        gather = timed(gathered(graph, quantity), times)
        if size == SIZES[1]:
            goal = "at most 2 times its time"
            found.append(
                _row(
                    "P4",
                    "roll-up against a gather of the same rows",
                    size,
                    run,
                    "numpy",
                    gather,
                    goal,
                    run <= 2 * gather,
                )
            )
        answer = rolled(bill, graph, quantity)
        for name, peer in PEERS.items():
            if size > SLOWEST.get(name, SIZES[-1]):
                continue
            found += _beside(name, peer, bill, answer, build, run, drawn)
    whole = {size: _exactly(size) for size in SIZES}
    exponent, of_kernel = _exponent({size: float(each["exact_s"]) for size, each in whole.items()}), _exponent(ours)
    peak = int(whole[SIZES[-1]]["peak_mb"])
    found.append(
        Row(
            id="P3",
            workload="bill -> exact content by both methods: growth, and memory",
            size=f"{SIZES[0]:,} to {SIZES[-1]:,} uses",
            ours_s=whole[SIZES[-1]]["exact_s"],
            goal="exponent at most 1.2; inside 2 GB",
            met=exponent <= 1.2 and peak < 2_000,
            note=f"exponent {exponent:.2f}, peak {peak:,} MB; edge list -> float roll-up alone, which outgrows the "
            f"caches: exponent {of_kernel:.2f}",
        )
    )
    Path(__file__).with_name("roll_up.svg").write_text(picture(drawn), encoding="utf-8", newline="\n")
    return found


def _beside(
    name: str,
    peer: Any,
    bill: Edges,
    answer: Answer,
    build: float,
    run: float,
    drawn: dict[str, list[tuple[int, float]]],
) -> list[Row]:
    """One peer: equal answers first, then its time."""
    prepare, answering = peer(bill)
    start = time.perf_counter()
    made = prepare()
    built = time.perf_counter() - start
    theirs = answering(made)
    assert np.allclose(theirs, answer, rtol=1e-12, atol=0), f"{name} gives another answer"
    slow = name in {"networkx", "rustworkx"}
    taken = timed(lambda: answering(made), 1 if slow else 3)
    drawn.setdefault(name, []).append((bill.parent.size, taken))
    mine, them = (build + run, built + taken) if slow else (run, taken)
    ratio, goal = them / mine, GOALS.get(name)
    what = "edge list -> content of every assembly" + ("" if slow else ", roll-up only")
    at_size = bill.parent.size > 500_000
    wanted = f"at least {goal} times faster" if goal and at_size else "beside it"
    return [_row("P1", what, bill.parent.size, mine, name, them, wanted, ratio >= goal if goal and at_size else None)]


def _row(id_: str, what: str, size: int, mine: float, peer: str, them: float, goal: str, met: bool | None) -> Row:
    return Row(
        id=id_,
        workload=what,
        size=f"{size:,} uses",
        ours_s=round(mine, 5),
        peer=peer,
        peer_version=version(peer),
        peer_s=round(them, 4),
        ratio=round(them / mine, 1),
        goal=goal,
        met=met,
    )


def _exponent(times: dict[int, float]) -> float:
    """The power of the size with which time grows."""
    logs = np.log(np.array(list(times.items())))
    return float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])


def _exactly(size: int) -> dict[str, float]:
    """Time of the exact content by both methods in a process of its own, and that process's peak memory in MB."""
    out = subprocess.run([sys.executable, __file__, str(size)], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(out.stdout)
    return found


def _alone(size: int) -> None:
    """What that process does; the second of two runs counts, as the first loads the compiled loops."""
    bill, taken = bom(size), 0.0
    rates = {"USD": Fraction(9, 10), "CAD": Fraction(67, 100), "GBP": Fraction(117, 100)}
    for _ in range(2):
        start = time.perf_counter()
        content = roll_up(bill, "EUR", rates)
        taken = time.perf_counter() - start
    assert content.products[0].total == content.traced[0].total
    print(json.dumps({"peak_mb": peak_mb(), "exact_s": round(taken, 3)}))


# --- the picture ------------------------------------------------------------------------------


def picture(drawn: dict[str, list[tuple[int, float]]]) -> str:
    """Time of the roll-up against size, both by powers of ten."""
    left, top, wide, tall = 90, 20, 520, 360
    every = [point for points in drawn.values() for point in points]
    x0, x1 = 5.0, 7.0
    y0, y1 = np.floor(np.log10(min(t for _, t in every))), np.ceil(np.log10(max(t for _, t in every)))

    def at(size: float, taken: float) -> tuple[float, float]:
        x = left + (np.log10(size) - x0) / (x1 - x0) * wide
        return round(float(x), 1), round(float(top + (y1 - np.log10(taken)) / (y1 - y0) * tall), 1)

    lines = []
    for power in range(int(y0), int(y1) + 1):
        _, y = at(1e5, 10.0**power)
        lines.append(f'<line x1="{left}" x2="{left + wide}" y1="{y}" y2="{y}" stroke="#ddd"/>')
        lines.append(f'<text x="{left - 8}" y="{y + 4}" text-anchor="end">{10.0**power:g} s</text>')
    for power in (5, 6, 7):
        x, _ = at(10.0**power, 10.0**y0)
        lines.append(f'<text x="{x}" y="{top + tall + 22}" text-anchor="middle">10^{power} uses</text>')
    colours = ["#0b3d91", "#b3261e", "#7b5e00", "#2e7d32", "#6a1b9a", "#00695c", "#5d4037"]
    labels: list[tuple[float, float, str, str]] = []
    for colour, (name, points) in zip(colours, drawn.items(), strict=False):
        spots = [at(size, taken) for size, taken in sorted(points)]
        path = " ".join(f"{x},{y}" for x, y in spots)
        lines.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        lines += [f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in spots]
        x, y = spots[-1]
        labels.append((y + 4, x + 8, colour, name))
    taken_to = {6: 0.0, 7: 0.0}
    for y, x, colour, name in sorted(labels):  # no name upon another that ends at the same size
        end = 6 if x < left + wide * 3 / 4 else 7
        taken_to[end] = max(y, taken_to[end] + 16)
        lines.append(f'<text x="{x}" y="{taken_to[end]}" fill="{colour}">{name}</text>')
    body = "\n".join(lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="720" height="430" font-family="sans-serif">\n'
        f"<title>Roll-up of a bill by four groups: seconds against size</title>\n{body}\n</svg>\n"
    )


if __name__ == "__main__":
    _alone(int(sys.argv[1]))
