"""Why a share is what it is: against a walk over every path, and by hand."""

from dataclasses import replace
from fractions import Fraction

from bills import bill, row
from jointbuy.content import small
from jointbuy.content.basis import DEFAULT
from jointbuy.content.compare import moved
from jointbuy.content.why import where_used, why
from jointbuy.exact import ZERO, Range, exactly
from jointbuy.model import Bom, Country
from random_bills import RATES, among, random_bill


def every_path(
    bill_: small.Bill, path: tuple[int, ...], quantity: Fraction, inside: frozenset[int]
) -> list[tuple[tuple[int, ...], Fraction]]:
    found = [(path, quantity)] if len(path) > 1 else []
    if path[-1] in inside:
        for edge in bill_.edges[path[-1]]:
            child = bill_.bom.child[edge]
            found += every_path(bill_, (*path, child), quantity * bill_.bom.quantity[edge], inside)
    return found


def test_the_heaviest_paths_are_found_without_walking_all() -> None:
    for seed in range(120):
        bom = random_bill(seed, parts=12)
        bill_ = small.prepare(small.shape(bom, "EUR", {**RATES, "EUR": Fraction(1)}), DEFAULT)
        for country in ("US", None):
            for told in why(bom, "EUR", RATES, DEFAULT, country, most=5):
                root = bom.parts.index(told.product)
                inside = small.counted(bill_, root)
                weights = []
                for path, quantity in every_path(bill_, (root,), Fraction(1), inside):
                    part = path[-1]
                    if part not in inside or part in bom.phantoms:
                        continue
                    amount = ZERO
                    for source in bill_.sources[part]:
                        shares = dict(bom.sources.origin[source])
                        share = (
                            shares.get(Country("US"), Fraction(0)) if country else 1 - sum(shares.values(), Fraction(0))
                        )
                        own = bill_.worth(small.own_cost(bill_, part, source, []))
                        amount = amount + own.times(quantity * share * bom.sources.awarded[source])
                    weights.append(amount)
                assert told.total.low == sum(each.low for each in weights)
                assert told.total.high == sum(each.high for each in weights)
                heaviest = sorted((each.high for each in weights if each.high), reverse=True)[:5]
                assert [each.amount.high for each in told.carriers] == heaviest, f"seed {seed}"


def deep(levels: int) -> Bom:
    """Every level holds two of the next by two routes each: 4 ** levels paths to one American screw of one euro."""
    rows = []
    for level in range(levels):
        upper, lower = ("PRODUCT" if level == 0 else f"L{level}"), f"L{level + 1}"
        rows += [
            row(upper, f"A{level}", 2),
            row(upper, f"B{level}", 2),
            row(f"A{level}", lower, 1),
            row(f"B{level}", lower, 1),
        ]
    return bill(*rows, row(f"L{levels}", "screw", 1, 1, "US"))


def test_a_million_million_paths_are_not_walked() -> None:
    (told,) = why(deep(20), "EUR", {}, DEFAULT, "US", most=3)
    assert told.total == exactly(4**20)
    assert [each.amount for each in told.carriers] == [exactly(2**20)] * 3


def test_a_share_from_one_of_several_may_be_all_of_each() -> None:
    """A, 100, is from Germany or the United States; B, 60, at least half of it; 40 % of C, 10, from one of three."""
    either = among(("DE", 1), ("US", 1))
    bom = bill(row("PRODUCT", "A", 1, 100), row("PRODUCT", "B", 1, 60), row("PRODUCT", "C", 1, 10))
    origin = (
        ((either, Fraction(1)),),
        (("US", Fraction(1, 2)), (either, Fraction(1, 2))),
        (("DE", Fraction(3, 5)), (among(("CA", 1), ("US", Fraction(1, 2)), ("", 1)), Fraction(2, 5))),
    )
    bom = replace(bom, sources=replace(bom.sources, origin=origin))
    for country, low, high in (("US", 30, 100 + 60 + 2), ("DE", 6, 100 + 30 + 6), ("CA", 0, 4)):
        (found,) = why(bom, "EUR", {}, DEFAULT, country)
        assert found.total == Range(Fraction(low), Fraction(high)), country


def test_where_a_part_is_used() -> None:
    bom = bill(
        row("PRODUCT", "frame", 2),
        row("PRODUCT", "screw", 3, 1, "DE"),
        row("frame", "screw", Fraction(7, 2), 1, "DE"),
    )
    uses = where_used(bom, bom.parts.index("screw"))
    assert [(use.parent, use.quantity, use.inside) for use in uses] == [
        ("PRODUCT", Fraction(3), (("PRODUCT", Fraction(3)),)),
        ("frame", Fraction(7, 2), (("PRODUCT", Fraction(7)),)),
    ]


def test_what_moved_the_share() -> None:
    """30 of 100 outside becomes 60 of 130 when an American part is dearer by 30: all of the move is its own."""
    old = bill(row("PRODUCT", "radar", 1, 30, "US"), row("PRODUCT", "hull", 1, 70, "DE"))
    new = bill(row("PRODUCT", "radar", 1, 60, "US"), row("PRODUCT", "hull", 1, 70, "DE"))
    contents = [small.roll_up(each, "EUR", {}, DEFAULT).products[0] for each in (old, new)]
    moves = moved(*contents, {"DE"})
    assert (moves.before, moves.after) == (Fraction(30, 100), Fraction(60, 130))
    assert [(each.part, each.by) for each in moves.lines] == [("radar", Fraction(60, 130) - Fraction(30, 100))]


def test_the_moves_of_the_lines_sum_to_the_whole() -> None:
    for seed in range(100):
        old, new = (random_bill(seed, parts=12), random_bill(seed + 1_000, parts=12))
        old, new = (replace(each, roots=(0,)) for each in (old, new))
        contents = [small.roll_up(each, "EUR", RATES, DEFAULT).traced[0] for each in (old, new)]
        moves = moved(*contents, {"DE", "FR", "NO"})
        if moves.before is not None and moves.after is not None:
            assert sum(each.by for each in moves.lines) == moves.after - moves.before
