"""The compiled loops give what the plain exact path gives, to the last digit."""

from dataclasses import replace
from fractions import Fraction

import pytest

pytest.importorskip("numba", reason="needs the extra `large`")
import numpy as np

from bills import bill, row
from jointbuy import content, graph, kernels
from jointbuy.content import absorb, large, large_absorb, large_why, small, why
from jointbuy.content.basis import DEFAULT
from jointbuy.exact import Range, best_excess, split, worst_excess
from jointbuy.result import Content, ProductContent
from random_bills import RATES, random_bill


def bare(product: ProductContent) -> ProductContent:
    """Without what a large bill hands out in part only, or in another order."""
    composition = {origin: amount for origin, amount in product.composition.items() if amount.high}
    cells = [tuple(cell for cell in cells if cell.amount.high) for cells in (product.cube, product.left_out)]
    return replace(product, composition=composition, lines=(), below=(), counted=0, cube=cells[0], left_out=cells[1])


def told(found: Content) -> set[str]:
    return set(found.notes)


def barred(found: Content) -> set[tuple[object, ...]]:
    """What the bar on contravening sources looks at, without the parts: a large bill names one of each kind."""
    return {
        (each.countries, each.supplied_from, each.declared, each.supplier, each.kind, each.perhaps, each.bought)
        for each in found.sourced
    }


def test_a_large_bill_hands_out_the_lines_that_weigh_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """All are counted; what is left out of the list is told. The heaviest undeclared ones are among those listed."""
    monkeypatch.setattr(large, "KEPT", 3)
    bom = bill(*(row("PRODUCT", f"P{at}", 1, at + 1, "DE" if at % 2 else "") for at in range(20)))
    (product,) = large.roll_up(bom, "EUR", {}, DEFAULT).products
    assert product.counted == 20
    # 20, 19 and 18 weigh most; of the undeclared ones (odd prices) 19, 17 and 15
    assert {line.amount.low for line in product.lines} == {20, 19, 18, 17, 15}
    found = large.roll_up(bom, "EUR", {}, DEFAULT)
    assert found.notes == (
        "PRODUCT: of 20 lines, all counted, the 5 that weigh most are listed",
        "PRODUCT, traced: of 20 lines, all counted, the 5 that weigh most are listed",
    )


def test_what_is_missing_is_told_of_a_large_bill_that_is_traced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two axles at 100 hold 3 bearings at 20 each: 120 of undeclared bearings, and 80 of the axles beyond them."""
    monkeypatch.setattr(content, "LARGE", 0)
    bom = bill(row("PRODUCT", "AXLE", 2, 100, "DE"), row("AXLE", "BEARING", 3, 20, ""), row("PRODUCT", "HULL", 1, 7))
    found = content.roll_up(bom, "EUR", {}).traced[0]
    assert {(line.part, line.amount.low, line.origin == ()) for line in found.lines} == {
        ("AXLE", 80, False),
        ("BEARING", 120, True),
        ("HULL", 7, True),
    }
    assert (found.counted, found.below) == (3, ())


def test_what_is_awarded_nothing_of_a_large_bill_is_not_bought() -> None:
    bom = bill(
        row("PRODUCT", "seal", 1, 80, "DE", supplier="one", awarded=1),
        row("PRODUCT", "seal", 1, 80, "RU", supplier="two", awarded=0),
        row("PRODUCT", "nut", 1, 1, "US", supplier="two"),
    )
    found = large.roll_up(bom, "EUR", {}, DEFAULT).sourced
    assert [(each.part, each.supplier) for each in found] == [("seal", "one"), ("nut", "two")]


@pytest.mark.parametrize("first", list(range(0, 1_000, 100)))
def test_both_paths_agree_on_a_thousand_random_bills(first: int) -> None:
    """To the last digit, but where the large one says that it is a bound."""
    bounds = 0
    for seed in range(first, first + 100):
        bom = random_bill(seed, parts=5 + seed % 40, open_origins=seed % 2 == 1)
        plain, fast = small.roll_up(bom, "EUR", RATES, DEFAULT), large.roll_up(bom, "EUR", RATES, DEFAULT)
        for one, other in zip((*plain.products, *plain.traced), (*fast.products, *fast.traced), strict=True):
            if other.bound:
                bounds += 1
                assert one.total == other.total
                holds(other, one)
            else:
                assert bare(one) == bare(other), f"seed {seed}"
        assert told(plain) == told(fast), f"seed {seed}"
        assert barred(plain) == barred(fast), f"seed {seed}"
        for one, other in zip((*plain.products, *plain.traced), (*fast.products, *fast.traced), strict=True):
            assert {line for line in one.lines if line.amount.high} == set(other.lines), f"seed {seed}"
            assert one.counted >= other.counted == len(other.lines)
    assert 0 < bounds < 200


def holds(bound: ProductContent, exact: ProductContent) -> None:
    """What is a bound holds what the plain path says, which follows each uncertain price."""
    limit, members = Fraction(35, 100), frozenset({"DE", "FR", "NO"})
    one, other = (split(each.composition, members, others=True) for each in (bound, exact))
    assert best_excess(one, limit) <= best_excess(other, limit)
    assert worst_excess(other, limit) <= worst_excess(one, limit)


@pytest.mark.parametrize("near", [1, 40, 2**18])
def test_a_graph_has_the_order_and_the_uses_of_the_plain_one(monkeypatch: pytest.MonkeyPatch, near: int) -> None:
    """However many edges are ordered together; in each row what is made of nothing first, else as in the file."""
    monkeypatch.setattr(kernels, "_NEAR", near)
    for seed in range(200):
        bom = random_bill(seed, parts=5 + seed % 60)
        found = kernels.index(np.array(bom.parent, np.int32), np.array(bom.child, np.int32), len(bom.parts))
        below = graph.outgoing(bom)
        order = [part for part in graph.parents_first(bom.parent, bom.child, len(bom.parts)) if below[part]]
        assert found.order[: found.made].tolist() == order, f"seed {seed}"
        assert found.order[found.row].tolist() == list(range(len(bom.parts)))
        for at, part in enumerate(order):
            whole, half = (slice(found.start[at], end[at]) for end in (found.start[1:], found.middle))
            first = [edge for edge in below[part] if not below[bom.child[edge]]]
            assert found.edge[half].tolist() == first, f"seed {seed}"
            assert found.edge[whole].tolist() == first + [edge for edge in below[part] if below[bom.child[edge]]]
            assert found.order[found.child[whole]].tolist() == [bom.child[edge] for edge in found.edge[whole]]
        assert found.start[found.made :].tolist() == [len(bom.parent)] * (len(bom.parts) - found.made + 1)
        assert kernels.along(found, np.arange(len(bom.parent)) * 7).tolist() == (found.edge * 7).tolist()


def test_a_part_on_a_circle_is_named() -> None:
    parent, child = np.array([0, 4, 3, 2, 2, 0], np.int32), np.array([4, 3, 2, 4, 1, 1], np.int32)
    with pytest.raises(kernels.Cycle) as raised:
        kernels.index(parent, child, 5)
    assert raised.value.part in {2, 3, 4}


def test_the_same_edges_are_ordered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else of a bill changes; other edges are ordered anew, and no more than a few graphs are kept."""
    ordered = []

    def counted(parent: kernels.Index, child: kernels.Index, parts: int) -> kernels.Graph:
        ordered.append(parts)
        return index(parent, child, parts)

    index = kernels.index
    monkeypatch.setattr(kernels, "index", counted)
    monkeypatch.setattr(kernels, "_known", type(kernels._known)())
    bom, other = random_bill(1, ranges=False), random_bill(2)
    dearer = replace(bom, sources=replace(bom.sources, price_high=tuple(p and 2 * p for p in bom.sources.price_high)))
    first, again = (large.roll_up(each, "EUR", RATES, DEFAULT) for each in (bom, dearer))
    assert len(ordered) == 1
    assert bare(first.traced[0]) == bare(small.roll_up(bom, "EUR", RATES, DEFAULT).traced[0])
    assert again.traced[0].total == small.roll_up(dearer, "EUR", RATES, DEFAULT).traced[0].total
    turned = replace(bom, parent=bom.child, child=bom.parent)
    for each in (other, turned, random_bill(3), bom):
        large.roll_up(each, "EUR", RATES, DEFAULT)
    assert len(ordered) == 5
    with pytest.raises(ValueError, match="read-only"):
        kernels.graph_of(np.zeros(1, np.int32), np.ones(1, np.int32), 2).child[0] = 0


def test_quantities_beyond_a_machine_word_are_exact() -> None:
    """Numerators of more than 32 bits are reduced one by one; the answer is that of the plain path."""
    rows = [
        row("PRODUCT", "A", Fraction(10**12 + 7, 10**6), None, "DE"),
        row("A", "B", Fraction(2**41 + 1, 10**6), 3, "US"),
        row("A", "C", 1, Fraction(1, 7), ""),
        row("PRODUCT", "B", Fraction(1, 10**6), 3, "US"),
    ]
    plain, fast = (each.roll_up(bill(*rows), "EUR", {}, DEFAULT) for each in (small, large))
    for one, other in zip((*plain.products, *plain.traced), (*fast.products, *fast.traced), strict=True):
        assert bare(one) == bare(other)


@pytest.mark.parametrize("both_ways", [False, True])
def test_absorption_in_floats_holds_the_exact_answer(both_ways: bool) -> None:
    """Widened outward, and by no more than the sixth place unless a test stands that near to its limit."""
    rates, limit, members = {"EUR": Fraction(1), **RATES}, Fraction(35, 100), {"DE", "FR", "NO"}
    for seed in range(300):
        bom = random_bill(seed, parts=5 + seed % 30, open_origins=seed % 2 == 1)
        plain = absorb.Absorbing(bom, rates, members, limit)(DEFAULT, both_ways=both_ways)
        fast = large_absorb.absorbed(bom, rates, DEFAULT, members, limit, both_ways=both_ways)
        for one, other in zip(plain, fast, strict=True):
            assert (one.outside is None) == (other.outside is None), f"seed {seed}"
            if one.outside and other.outside:
                assert other.outside.low <= one.outside.low <= one.outside.high <= other.outside.high
                assert one.outside.low - other.outside.low < Fraction(2, 10**6)
                assert other.outside.high - one.outside.high < Fraction(2, 10**6)


def test_absorption_of_numbers_without_a_common_denominator(monkeypatch: pytest.MonkeyPatch) -> None:
    """Yields do that: one part in p, for the first twenty primes, at a price of p, so that each comes to 1.

    7 of the 20 are American, exactly 35 %: the frame counts whole as inside, and of 40 only the gun at 20 is outside.
    """
    monkeypatch.setattr(content, "LARGE", 0)
    primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71]
    parts = [row("FRAME", f"P{p}", Fraction(1, p), p, "US" if p < 18 else "DE") for p in primes]
    bom = bill(row("PRODUCT", "FRAME", 1, None, "FR"), *parts, row("PRODUCT", "GUN", 1, 20, "US"))
    tested = content.absorbing(bom, {"EUR": Fraction(1)}, {"DE", "FR"}, Fraction(7, 20))
    (found,) = tested(DEFAULT, both_ways=False)
    assert found.outside == Range(Fraction(1, 2), Fraction(1, 2))


@pytest.mark.parametrize("most", [3, 20])
def test_the_heaviest_paths_of_a_large_bill_are_those_of_the_plain_path(most: int) -> None:
    """Weights, order and ties; with shared parts, several suppliers, ranges, phantoms, spares; even ones tie often."""
    for seed in range(150):
        bom = random_bill(seed, parts=5 + seed % 40, even=seed % 2 == 0, open_origins=seed % 3 == 0)
        if seed % 4 == 0:  # few prices, so that many paths weigh the same
            table = bom.sources
            low = tuple(price and Fraction(1 + at % 2) for at, price in enumerate(table.price_low))
            bom = replace(bom, sources=replace(table, price_low=low, price_high=low))
        for country in ("US", None):
            plain = why.why(bom, "EUR", RATES, DEFAULT, country, most)
            assert large_why.why(bom, "EUR", RATES, DEFAULT, country, most) == plain, f"seed {seed}"


def test_where_a_part_of_a_large_bill_is_used_is_as_on_the_plain_path() -> None:
    for seed in range(100):
        bom = random_bill(seed, parts=5 + seed % 40)
        for part in range(len(bom.parts)):
            assert large_why.where_used(bom, part) == why.where_used(bom, part), f"seed {seed}"
