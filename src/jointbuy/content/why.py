"""Why a country's share is what it is: the paths that carry most of its value, and where a part is used.

There may be more paths through shared assemblies than can be counted, so they are never listed: the heaviest are found
best first (A*, with the weight of the heaviest path below each part as its exact estimate).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction
from heapq import heappop, heappush
from importlib.util import find_spec
from itertools import count

from jointbuy.asked import Carrier, Use, Why
from jointbuy.content import LARGE, small
from jointbuy.content.basis import Basis
from jointbuy.exact import ZERO, Among, Origin, Range, exactly, undeclared
from jointbuy.graph import exploded, outgoing, parents_first
from jointbuy.model import Bom


def why(
    bom: Bom, currency: str, rates: Mapping[str, Fraction], basis: Basis, country: str | None, most: int = 20
) -> tuple[Why, ...]:
    """For every end product the paths that carry most of the value from a country, traced; None: undeclared.

    Amounts in `currency`, for one end product; where prices are ranges, paths are ordered by their high end.
    """
    if len(bom.parent) >= LARGE and find_spec("numba") is not None:
        # Imported on use: compiled loops take most of a second to start.
        from jointbuy.content import large_why

        with suppress(large_why.TooFine):
            return large_why.why(bom, currency, rates, basis, country, most)
    bill = small.prepare(small.shape(bom, currency, {**rates, currency: Fraction(1)}), basis)
    return tuple(_why(bill, root, country, most) for root in bom.roots)


def _why(bill: small.Bill, root: int, country: str | None, most: int) -> Why:
    bom = bill.bom
    counted = small.counted(bill, root)
    own = {part: _own(bill, part, country) for part in counted if part != root and part not in bom.phantoms}
    best: dict[int, Fraction] = {}
    for part in reversed(bill.order):
        if part in counted:
            edges = [edge for edge in bill.edges[part] if bom.child[edge] in best]
            below = (bom.quantity[edge] * best[bom.child[edge]] for edge in edges)
            best[part] = max(own.get(part, ZERO).high, *below, Fraction(0))
    total = ZERO
    for part, quantity in exploded(bom, root, bill.order, counted).items():
        total = total + own.get(part, ZERO).times(quantity)
    found = tuple(_heaviest(bill, root, best, own, most))
    return Why(bom.parts[root], country, total, found)


def share_of(origin: Origin, country: str | None) -> Range:
    """What a country has of an origin, at least and at most; None: what of it is undeclared.

    A share that is from one of several may be all of each that is named.
    """
    if not country:
        return exactly(undeclared(origin))
    least = most = Fraction(0)
    for place, share in origin:
        if isinstance(place, Among):
            named = sum((choice.most for choice in place.choices if country in choice.countries), Fraction(0))
            least += share * place.within({country})[0]
            most += share * min(named, Fraction(1))
        elif place == country:
            least, most = least + share, most + share
    return Range(least, most)


def times(amount: Range, share: Range) -> Range:
    """What a country has of an amount, of which it has a share."""
    return amount.times(share.low) if share.known else Range(amount.low * share.low, amount.high * share.high)


def _own(bill: small.Bill, part: int, country: str | None) -> Range:
    """What one part carries of a country itself, beyond its parts, over all of its suppliers."""
    table, found = bill.bom.sources, ZERO
    for source in bill.sources[part]:
        share = share_of(table.origin[source], country)
        if share.high:
            worth = bill.worth(small.own_cost(bill, part, source, []))
            found = found + times(worth, share).times(table.awarded[source])
    return found


def _heaviest(
    bill: small.Bill, root: int, best: Mapping[int, Fraction], own: Mapping[int, Range], most: int
) -> list[Carrier]:
    """The heaviest paths, best first; an entry stands for the best that goes on from a path, or for its end alone."""
    bom, found = bill.bom, list[Carrier]()
    tick = count()  # of equal weights the deepest first, so that a path is finished before others are begun
    heap: list[tuple[Fraction, int, int, tuple[int, ...], Fraction, bool]] = []

    def put(path: tuple[int, ...], quantity: Fraction) -> None:
        weight = quantity * best.get(path[-1], Fraction(0))
        if weight:
            heappush(heap, (-weight, -len(path), next(tick), path, quantity, False))

    put((root,), Fraction(1))
    while heap and len(found) < most:
        *_, path, quantity, alone = heappop(heap)
        part = path[-1]
        if alone:
            amount = own[part].times(quantity)
            found.append(Carrier(tuple(bom.parts[at] for at in path), bom.names[part], quantity, amount))
            continue
        mine = own.get(part, ZERO).high * quantity
        if mine:
            heappush(heap, (-mine, -len(path), next(tick), path, quantity, True))
        for edge in bill.edges[part]:
            put((*path, bom.child[edge]), quantity * bom.quantity[edge])
    return found


def where_used(bom: Bom, part: int) -> tuple[Use, ...]:
    """Every direct use of a part: how many one parent needs, and how many come to stand so in each end product."""
    if len(bom.parent) >= LARGE and find_spec("numba") is not None:
        from jointbuy.content import large_why

        with suppress(large_why.TooFine):
            return large_why.where_used(bom, part)
    order, edges = parents_first(bom.parent, bom.child, len(bom.parts)), outgoing(bom)
    uses = [(parent, edge) for parent in order for edge in edges[parent] if bom.child[edge] == part]
    inside = {root: exploded(bom, root, order) for root in bom.roots}
    return tuple(
        Use(
            parent=bom.parts[parent],
            name=bom.names[parent],
            quantity=bom.quantity[edge],
            inside=tuple(
                (bom.parts[root], numbers[parent] * bom.quantity[edge])
                for root, numbers in inside.items()
                if parent in numbers
            ),
            row=bom.edge_row[edge],
        )
        for parent, edge in uses
    )
