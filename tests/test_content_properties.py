"""What must hold of every bill, by both paths: the plain one and the compiled loops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jointbuy import law
from jointbuy.content import absorb, small
from jointbuy.content.basis import DEFAULT, SWITCHED, switched
from jointbuy.content.rolling import Rolling
from jointbuy.decide.missing import rank
from jointbuy.exact import (
    ZERO,
    Among,
    Composition,
    Origin,
    Range,
    divided,
    share_range,
    split,
    undeclared,
    worst_excess,
)
from jointbuy.model import Bom, Country
from jointbuy.result import Content, ProductContent
from jointbuy.rules import ShareLimit
from random_bills import RATES, random_bill

try:
    from jointbuy.content import large

    PATHS = [small.roll_up, large.roll_up]
except ImportError:
    PATHS = [small.roll_up]
BOTH = pytest.mark.parametrize("roll_up", PATHS, ids=["plain", "compiled"][: len(PATHS)])
RollUp = Callable[..., Content]
SEEDS = st.integers(0, 10**6)
FEW = settings(max_examples=40, deadline=None)
VIEW = law.view(law.act("safe"), law.act("safe").as_of, law.act("safe").as_of)
INSIDE = VIEW.group("inside").members
LIMIT = Fraction(35, 100)
ALL = {**RATES, "EUR": Fraction(1)}


def answers(roll_up: RollUp, bom: Bom) -> list[Composition]:
    """The composition of every end product by both methods, without what costs nothing."""
    content = roll_up(bom, "EUR", RATES, DEFAULT)
    return [
        {origin: amount for origin, amount in product.composition.items() if amount.high}
        for product in (*content.products, *content.traced)
    ]


def drawn(seed: int, **options: bool) -> tuple[Bom, Random]:
    return random_bill(seed, parts=4 + seed % 20, open_origins=True, **options), Random(seed)


def reordered(column: Sequence[object], order: list[int]) -> tuple[object, ...]:
    return tuple(column[at] for at in order) if column else ()


def with_edges(bom: Bom, edges: list[tuple[int, int, Fraction]]) -> Bom:
    parent, child, quantity = zip(*edges, strict=True)
    return replace(bom, parent=parent, child=child, quantity=quantity, edge_row=(bom.edge_row[0],) * len(edges))


def edges_of(bom: Bom) -> list[tuple[int, int, Fraction]]:
    return list(zip(bom.parent, bom.child, bom.quantity, strict=True))


@BOTH
@FEW
@given(SEEDS)
def test_the_order_of_lines_is_nothing(roll_up: RollUp, seed: int) -> None:
    bom, draw = drawn(seed)
    edges = edges_of(bom)
    draw.shuffle(edges)
    order = sorted(range(len(bom.sources.part)), key=lambda at: (bom.sources.part[at], draw.random()))
    # The kind of a part is that of its first source, so that only sources of one kind change places: all of a part are.
    columns = {name: reordered(getattr(bom.sources, name), order) for name in bom.sources.__slots__}
    other = replace(with_edges(bom, edges), sources=replace(bom.sources, **columns))  # type: ignore[arg-type]
    assert answers(roll_up, bom) == answers(roll_up, other)


@BOTH
@FEW
@given(SEEDS, st.fractions(min_value=Fraction(1, 7), max_value=9, max_denominator=12))
def test_so_many_times_the_quantity_is_so_many_times_the_cost(roll_up: RollUp, seed: int, times: Fraction) -> None:
    bom, _ = drawn(seed)
    edges = [(parent, child, count * times if parent in bom.roots else count) for parent, child, count in edges_of(bom)]
    scaled = [{origin: amount.times(times) for origin, amount in each.items()} for each in answers(roll_up, bom)]
    assert answers(roll_up, with_edges(bom, edges)) == scaled


@BOTH
@FEW
@given(SEEDS)
def test_a_line_in_two_is_the_line(roll_up: RollUp, seed: int) -> None:
    """And two lines of one part in one parent are one of both quantities."""
    bom, draw = drawn(seed)
    edges = edges_of(bom)
    at = draw.randrange(len(edges))
    parent, child, count = edges[at]
    share = Fraction(draw.randint(1, 9), 10)
    edges[at : at + 1] = [(parent, child, count * share), (parent, child, count * (1 - share))]
    assert answers(roll_up, with_edges(bom, edges)) == answers(roll_up, bom)


@BOTH
@FEW
@given(SEEDS)
def test_parts_moved_into_a_new_assembly_leave_the_traced_answer(roll_up: RollUp, seed: int) -> None:
    bom, draw = drawn(seed)
    made = sorted({parent for parent in bom.parent if parent not in bom.roots and parent not in bom.phantoms})
    if not made:
        return
    parent, new = draw.choice(made), len(bom.parts)
    edges = [
        (new if above == parent and draw.random() < 0.6 else above, child, count)
        for above, child, count in edges_of(bom)
    ]
    if not any(above == new for above, _, _ in edges):
        return
    table = bom.sources
    blank = {"part": new, "awarded": Fraction(1), "cost_kind": "component", "origin": (), "row": table.row[0]}
    columns = {name: (*getattr(table, name), blank.get(name)) for name in table.__slots__}
    other = replace(
        with_edges(bom, [*edges, (parent, new, Fraction(1))]),
        parts=(*bom.parts, "NEW"),
        names=(*bom.names, None),
        sources=replace(table, **columns),
    )
    half = len(bom.roots)
    assert answers(roll_up, other)[half:] == answers(roll_up, bom)[half:]


@BOTH
@FEW
@given(SEEDS)
def test_names_are_nothing(roll_up: RollUp, seed: int) -> None:
    bom, draw = drawn(seed)
    names = [f"N{at}" for at in range(len(bom.parts))]
    draw.shuffle(names)
    assert answers(roll_up, replace(bom, parts=tuple(names))) == answers(roll_up, bom)


@BOTH
@FEW
@given(SEEDS)
def test_shares_sum_to_one(roll_up: RollUp, seed: int) -> None:
    """By origin, and as from inside, from outside and open."""
    content = roll_up(drawn(seed)[0], "EUR", RATES, DEFAULT)
    for product in (*content.products, *content.traced):
        whole = sum(product.composition.values(), ZERO)
        assert whole == product.total == sum((cell.amount for cell in product.cube), ZERO)
        assert split(product.composition, INSIDE).total == whole
        for origin in product.composition:
            assert sum(divided(origin, INSIDE)) == 1
            assert min(divided(origin, INSIDE)) >= 0


def complete(draw: Random, origin: Origin) -> Origin:
    """An origin with every open share put somewhere it may be."""
    found: dict[Country, Fraction] = {}

    def put(country: str, share: Fraction) -> None:
        found[Country(country)] = found.get(Country(country), Fraction(0)) + share

    for place, share in origin:
        if not isinstance(place, Among):
            put(place, share)
            continue
        left = Fraction(1)
        for choice in draw.sample(place.choices, len(place.choices)):
            most = min(left, choice.most)
            # What the others cannot take must be here.
            others = sum((each.most for each in place.choices if each != choice), Fraction(0))
            least = max(Fraction(0), left - others)
            taken = draw.choice([least, most, (least + most) / 2])
            put(draw.choice(choice.countries or ("DE", "US")), share * taken)
            left -= taken
        put(draw.choice(place.choices[0].countries or ("DE",)), share * left)  # a whole; what is left is nothing mostly
    put(draw.choice(["DE", "US", "CA"]), undeclared(origin))
    return tuple(found.items())


def completed(draw: Random, bom: Bom) -> Bom:
    """The bill with every origin and every price settled, at an end or between."""
    table = bom.sources
    price = [
        low if low is None or high is None else draw.choice([low, high, (2 * low + high) / 3])
        for low, high in zip(table.price_low, table.price_high, strict=True)
    ]
    origin = tuple(complete(draw, each) for each in table.origin)
    return replace(bom, sources=replace(table, price_low=tuple(price), price_high=tuple(price), origin=origin))


def within(one: Range | None, whole: Range | None) -> bool:
    return one is None or whole is None or whole.low <= one.low <= one.high <= whole.high


@BOTH
@FEW
@given(SEEDS)
def test_the_interval_contains_every_completion(roll_up: RollUp, seed: int) -> None:
    bom, draw = drawn(seed)
    whole = [share_range(split(each, INSIDE, others=True)) for each in answers(roll_up, bom)]
    for _ in range(4):
        found = [share_range(split(each, INSIDE, others=True)) for each in answers(roll_up, completed(draw, bom))]
        assert all(one is None or one.known for one in found)
        assert all(map(within, found, whole))


@pytest.mark.parametrize("both_ways", [False, True])
@settings(max_examples=150, deadline=None)
@given(seed=SEEDS)
def test_a_bound_by_absorption_contains_every_completion(both_ways: bool, seed: int) -> None:
    """Prices between their ends as well: a bound never says met or not met of what is otherwise."""
    bom, draw = drawn(seed)
    whole = absorb.Absorbing(bom, ALL, INSIDE, LIMIT)(DEFAULT, both_ways=both_ways)
    for _ in range(6):
        one = absorb.Absorbing(completed(draw, bom), ALL, INSIDE, LIMIT)(DEFAULT, both_ways=both_ways)
        for bound, exact in zip(whole, one, strict=True):
            assert within(exact.outside, bound.outside)
            if worst_excess(bound.parts, LIMIT) <= 0:
                assert worst_excess(exact.parts, LIMIT) <= 0


LEAF = ShareLimit("components", "inside", others=True, at_most=True, limit="art16.max_outside_share")


def worst(product: ProductContent, inside: frozenset[int], outside: frozenset[int] = frozenset()) -> Fraction:
    """The worst case when what is open of some lines is declared to be inside, of others outside."""
    total = Fraction(0)
    for at, line in enumerate(product.lines):
        sure, not_, open_ = divided(line.origin, INSIDE)
        sure, not_, open_ = (
            (sure + open_, not_, 0)
            if at in inside
            else (sure, not_ + open_, 0)
            if at in outside
            else (sure, not_, open_)
        )
        origin = tuple((place, Fraction(share)) for place, share in (("DE", sure), ("US", not_)) if share)
        total += worst_excess(split({origin: line.amount}, INSIDE, others=True), LIMIT)
    return total


@BOTH
@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_the_declarations_marked_settle_and_no_fewer_do(roll_up: RollUp, seed: int) -> None:
    bom = random_bill(seed, parts=3 + seed % 8, open_origins=True)
    for product in roll_up(bom, "EUR", RATES, DEFAULT).products:
        entries = rank(product, LEAF, VIEW)
        open_ = [at for at, line in enumerate(product.lines) if divided(line.origin, INSIDE)[2]]
        assert len(entries) == len(open_)
        marked = {(entry.part, entry.supplier) for entry in entries if entry.settles}
        mine = frozenset(at for at in open_ if (product.lines[at].part, product.lines[at].supplier) in marked)
        before = worst(product, frozenset())
        if mine:
            assert before > 0 >= worst(product, mine)
            fewer = combinations(open_, len(mine) - 1)
            assert all(worst(product, frozenset(some)) > 0 for some in fewer)
        elif before > 0 and product.composition.keys() <= {line.origin for line in product.lines}:
            # Where one uncertain price counts in several places, which are the fewest is not told.
            assert worst(product, frozenset(open_)) > 0  # no declaration settles it


@FEW
@given(SEEDS)
def test_all_declared_is_decided(seed: int) -> None:
    """Every declaration that is missing, made inside or outside at will, and prices known: nothing is open any more."""
    bom, draw = drawn(seed, ranges=False)
    for product in small.roll_up(completed(draw, bom), "EUR", RATES, DEFAULT).products:
        assert not rank(product, LEAF, VIEW)
        parts = split(product.composition, INSIDE, others=True)
        assert parts.open == ZERO or not parts.open.high


@settings(max_examples=60)
@given(SEEDS)
def test_origins_read_otherwise_are_those_of_another_bill(seed: int) -> None:
    """Whatever was rolled up before: the amounts are those of the bill that states these origins."""
    bom, draw = drawn(seed)
    origin = bom.sources.origin
    other = tuple(draw.choice((one, (), draw.choice(origin))) for one in origin)
    rolling, raw = Rolling(bom, "EUR", RATES), DEFAULT._replace(materials=True)
    rolling(DEFAULT)
    again = rolling.reread(other)
    for basis in (raw, DEFAULT):
        found = again(basis, shown=False)
        fresh = small.roll_up(replace(bom, sources=replace(bom.sources, origin=other)), "EUR", RATES, basis)
        for one, two in zip((*found.products, *found.traced), (*fresh.products, *fresh.traced), strict=True):
            assert one.composition == two.composition
            assert one.bound == two.bound
            assert one.total == two.total
        assert found.notes == fresh.notes


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_kinds_left_out_are_as_if_they_had_never_been_counted(seed: int) -> None:
    """On one basis after another what is put together by kind is what rolling up on that basis alone gives."""
    bom, draw = drawn(seed)
    made, inside = set(bom.parent), {c for p, c in zip(bom.parent, bom.child, strict=True) if p not in bom.roots}
    named = {part: draw.choice(SWITCHED) for part in range(len(bom.parts)) if part not in made | inside}
    kinds = tuple(named.get(part, kind) for part, kind in zip(bom.sources.part, bom.sources.cost_kind, strict=True))
    bom = replace(bom, sources=replace(bom.sources, cost_kind=kinds))
    rolling = Rolling(bom, "EUR", RATES)
    for _ in range(4):
        counts = {kind: draw.random() < 0.5 for kind in SWITCHED}
        basis = switched(counts, materials=draw.random() < 0.5)
        found, fresh = rolling(basis, shown=False), small.roll_up(bom, "EUR", RATES, basis)
        for one, two in zip((*found.products, *found.traced), (*fresh.products, *fresh.traced), strict=True):
            assert one.composition == two.composition
            assert (one.bound, one.lines, one.counted) == (two.bound, two.lines, two.counted)
            assert (one.total, left_out(one)) == (two.total, left_out(two))
        assert found.notes == fresh.notes


def left_out(product: ProductContent) -> dict[object, Range]:
    """What is left out, by all that tells cells apart; nothing of what comes to nothing."""
    return {
        (str(cell.origin), cell.currency, cell.cost_kind): cell.amount for cell in product.left_out if cell.amount.high
    }
