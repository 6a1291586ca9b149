"""What a bill shows each supplier to bring, at whatever level (Art. 16(12)): the least that it comes to.

A supplier of a part inside an assembly is allocated that part, whoever makes the assembly. What stands inside of a row
of the same supplier is part of that row's price, and counts once: with the outermost row.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache

from jointbuy.content import small
from jointbuy.content.basis import Basis
from jointbuy.content.rolling import apart
from jointbuy.exact import Range, Sum
from jointbuy.graph import exploded
from jointbuy.model import Bom, CostKind

_NOTHING = Fraction(0)


def allotted(
    bom: Bom, currency: str, rates: Mapping[str, Fraction], basis: Basis, numbers: Mapping[str, Fraction]
) -> Mapping[str, Fraction]:
    """What each supplier brings at least, in `currency`, of so many of each end product, by the id of either.

    Counted is what `basis` counts, raw materials within the part that holds them. Exact. Raises as `content.roll_up`.
    """
    return allotting(bom, currency, rates)(basis, numbers)


def allotting(
    bom: Bom, currency: str, rates: Mapping[str, Fraction]
) -> Callable[[Basis, Mapping[str, Fraction]], Mapping[str, Fraction]]:
    """The same as a function of a basis and of numbers.

    Kinds that are loose, as `rolling` has them, add lines of end products and change no others: with all of them
    counted, what is brought is worked out once for all bases that differ in nothing else.
    """
    shape = small.shape(bom, currency, {**rates, currency: Fraction(1)})
    # What is an end product and stands in another one, too, is inside of that: no kind in it is loose there.
    loose = frozenset[CostKind]() if {*bom.roots} & {*bom.child} else apart(bom) - shape.inside
    prepared = cache(lambda whole: small.prepare(shape, whole))
    in_one = cache(lambda whole, root: _in_one(prepared(whole), root, loose))

    def under(basis: Basis, numbers: Mapping[str, Fraction]) -> Mapping[str, Fraction]:
        whole, found = Basis(basis.counted | loose, basis.making & shape.inside), dict[str, Fraction]()
        for root in bom.roots:
            if not (times := numbers.get(bom.parts[root], _NOTHING)):
                continue
            for (supplier, kind), amount in in_one(whole, root).items():
                if kind is None or kind in basis.counted:
                    found[supplier] = found.get(supplier, _NOTHING) + times * amount
        return dict(sorted(found.items()))

    return under


def _in_one(bill: small.Bill, root: int, loose: Container[CostKind]) -> Mapping[tuple[str, CostKind | None], Fraction]:
    """What each supplier brings in one end product, by loose kind, and under None in all others together."""
    table, found = bill.bom.sources, dict[tuple[str, CostKind | None], Sum]()
    for supplier, source, number in _placed(bill, root, small.counted(bill, root)):
        kind = table.cost_kind[source]
        key = supplier, kind if kind in loose else None
        found.setdefault(key, Sum()).add(_worth(bill, source), number * table.awarded[source])
    return {key: amounts.total().low for key, amounts in found.items()}


def _placed(bill: small.Bill, root: int, counting: frozenset[int]) -> Iterator[tuple[str, int, Fraction]]:
    """By supplier and source how many stand in one end product, but for what stands inside of the same supplier's."""
    place = {part: at for at, part in enumerate(bill.order)}
    stands = exploded(bill.bom, root, bill.order, counting, bill.edges)
    for supplier, sources in _by_supplier(bill, [part for part in stands if part in counting and part != root]):
        inside = _inside(bill, sources, stands, counting, place)
        for source in sources:
            part = bill.bom.sources.part[source]
            yield supplier, source, stands[part] - inside[part] if part in inside else stands[part]


def _by_supplier(bill: small.Bill, parts: Iterable[int]) -> Iterable[tuple[str, list[int]]]:
    """The sources of some parts by who supplies them; phantoms have none."""
    found: dict[str, list[int]] = {}
    for part in parts:
        for source in bill.sources[part]:
            if (supplier := bill.bom.sources.supplier[source]) and part not in bill.bom.phantoms:
                found.setdefault(supplier, []).append(source)
    return found.items()


def _worth(bill: small.Bill, source: int) -> Range:
    """What is paid for one part from this source."""
    price = bill.price(source)
    return bill.worth(bill.parts_cost.get(bill.bom.sources.part[source], {}) if price is None else price)


def _inside(
    bill: small.Bill,
    sources: Iterable[int],
    stands: Mapping[int, Fraction],
    counting: frozenset[int],
    place: Mapping[int, int],
) -> Mapping[int, Fraction]:
    """How many of each part that a supplier brings stand inside of others of these, in the end product."""
    bom, table = bill.bom, bill.bom.sources
    brings: dict[int, Fraction] = {}
    for source in sources:
        brings[table.part[source]] = brings.get(table.part[source], _NOTHING) + table.awarded[source]
    within = _within(bill, (part for part in brings if bill.edges[part]), counting)
    asked, inside = within | brings.keys(), dict[int, Fraction]()
    for part in sorted(within, key=place.__getitem__):
        here = inside.get(part, _NOTHING)
        here += brings.get(part, _NOTHING) * (stands[part] - here)
        for edge in bill.edges[part]:
            child = bom.child[edge]
            if child in asked:
                inside[child] = inside.get(child, _NOTHING) + here * bom.quantity[edge]
    return inside


def _within(bill: small.Bill, start: Iterable[int], counting: frozenset[int]) -> set[int]:
    """Some parts, and what counts and has parts of its own inside of them."""
    ahead = list(start)
    found = set(ahead)
    while ahead:
        below = {bill.bom.child[edge] for edge in bill.edges[ahead.pop()]}
        new = [part for part in below - found if part in counting and bill.edges[part]]
        found.update(new)
        ahead += new
    return found
