"""The bill of materials as a graph: order and exploded quantities. No recursion, no path enumeration.

A shared sub-assembly is visited once, however many places it is used in, so work grows with the
number of edges and not with the number of paths.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from fractions import Fraction

from jointbuy.model import Bom


def outgoing(bom: Bom) -> tuple[tuple[int, ...], ...]:
    """For each part the indices of the edges to its children, in file order."""
    edges: list[list[int]] = [[] for _ in bom.parts]
    for edge, parent in enumerate(bom.parent):
        edges[parent].append(edge)
    return tuple(tuple(each) for each in edges)


def parents_first(parents: Sequence[int], children: Sequence[int], parts: int) -> tuple[int, ...]:
    """Every part after all parts that use it (Kahn 1962); parts on or below a cycle are left out.

    `parents[i]` uses `children[i]`; both index 0 … parts-1. O(edges).
    """
    below: list[list[int]] = [[] for _ in range(parts)]
    waiting = [0] * parts
    for parent, child in zip(parents, children, strict=True):
        below[parent].append(child)
        waiting[child] += 1
    order = [part for part in range(parts) if not waiting[part]]
    for part in order:  # grows while it is read
        for child in below[part]:
            waiting[child] -= 1
            if not waiting[child]:
                order.append(child)
    return tuple(order)


def exploded(
    bom: Bom,
    root: int,
    order: Sequence[int],
    passes: Container[int] | None = None,
    edges: Sequence[Sequence[int]] | None = None,
) -> dict[int, Fraction]:
    """How many of each part stand in one `root`, exactly; parts that are not in it are missing. One pass.

    With `passes`, what a part is made of counts only where the part is among them. `edges` are those of `outgoing`,
    where they are known.
    """
    edges = outgoing(bom) if edges is None else edges
    quantity = {root: _ONE}
    for part in order:
        here = quantity.get(part)
        if here is None or (passes is not None and part not in passes):
            continue
        single = here == 1
        for edge in edges[part]:
            child, each = bom.child[edge], bom.quantity[edge]
            number = each if single else here if each == 1 else here * each
            quantity[child] = quantity[child] + number if child in quantity else number
    return quantity


_ONE = Fraction(1)
