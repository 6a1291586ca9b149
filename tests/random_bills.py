"""Random bills with everything in them: shared parts, several suppliers, ranges, currencies, kinds, phantoms."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from jointbuy.errors import Where
from jointbuy.exact import Among, Choice, Origin
from jointbuy.model import Bom, CostKind, Country, Currency, Sources

RATES = {"USD": Fraction(9, 10), "CAD": Fraction(17, 25)}
KINDS: list[CostKind] = ["component"] * 8 + ["raw material", "final assembly", "test", "spares", "profit", "software"]  # type: ignore[assignment]
COUNTRIES = ["DE", "FR", "CA", "US", "NO", "CN"]


def among(*choices: tuple[str, Fraction | int]) -> Among:
    """Countries a share may be from, nothing for any, each with the most of it that may be."""
    return Among(tuple(Choice(name, (name,) if name else (), Fraction(most)) for name, most in choices))


EU = Choice("EU", ("AT", "DE", "FR"))
OPEN: list[Origin] = [
    (("DE", Fraction(3, 5)), ("US", Fraction(1, 5)), (among(("DE", 1), ("US", 1)), Fraction(1, 5))),
    ((Among((EU,)), Fraction(1)),),
    ((Among((EU,)), Fraction(7, 10)), ("US", Fraction(3, 10))),
    ((Among((Choice("CN/FR", ("CN", "FR")),)), Fraction(1, 2)),),
    (
        ("US", Fraction(1, 5)),
        (among(("DE", Fraction(3, 4)), ("FR", Fraction(1, 2)), ("US", Fraction(1, 2))), Fraction(4, 5)),
    ),
    (("FR", Fraction(1, 2)), (among(("FR", 1), ("", 1)), Fraction(1, 4))),
]
"""Origins that leave something open, in the ways in which suppliers do."""


def random_bill(
    seed: int, parts: int = 30, *, ranges: bool = True, even: bool = False, open_origins: bool = False
) -> Bom:
    """A bill without cycles: the first part (or two) are end products, and every part stands in an earlier one.

    `open_origins`: some origins are ranges of shares, one of several countries, or a group.
    """
    draw = Random(seed)
    roots = (0, 1) if draw.random() < 0.3 else (0,)
    used: dict[tuple[int, int], Fraction] = {}
    for child in range(len(roots), parts):
        for _ in range(draw.choice([1, 1, 2, 3])):
            parent = draw.randrange(max(0, child - draw.choice([3, 10, parts])), child)
            used[parent, child] = _quantity(draw, even)
    for root in roots:
        used.setdefault((root, len(roots)), Fraction(1))
    assemblies = {parent for parent, _ in used}
    phantoms = tuple(p for p in sorted(assemblies) if p not in roots and draw.random() < 0.1)
    rows = [
        row for part in range(parts) if part not in roots for row in _sources(draw, part, part in assemblies, ranges)
    ]
    rows = [
        row if row[0] not in phantoms else (row[0], None, (), None, None, None, "component", Fraction(1))
        for row in rows
    ]
    rows = list({(row[0], row[1]): row for row in rows}.values())
    edges = list(used)
    draw.shuffle(edges)
    if open_origins:
        rows = [row if draw.random() < 0.7 else (*row[:2], draw.choice(OPEN), *row[3:]) for row in rows]
    return Bom(
        parts=tuple(f"P{part}" for part in range(parts)),
        names=tuple(None for _ in range(parts)),
        roots=roots,
        parent=tuple(parent for parent, _ in edges),
        child=tuple(child for _, child in edges),
        quantity=tuple(used[edge] for edge in edges),
        edge_row=tuple(Where("bill.csv", at + 2) for at in range(len(edges))),
        phantoms=phantoms,
        sources=Sources(
            part=tuple(row[0] for row in rows),
            supplier=tuple(row[1] for row in rows),
            origin=tuple(row[2] for row in rows),
            supplied_from=tuple(None for _ in rows),
            price_low=tuple(row[3] for row in rows),
            price_high=tuple(row[4] for row in rows),
            currency=tuple(row[5] for row in rows),
            cost_kind=tuple(row[6] for row in rows),
            awarded=tuple(row[7] for row in rows),
            declaration=tuple(None for _ in rows),
            evidence=tuple(None for _ in rows),
            row=tuple(Where("bill.csv", at + 2) for at in range(len(rows))),
        ),
    )


Row = tuple[
    int,
    str | None,
    Origin,
    Fraction | None,
    Fraction | None,
    Currency | None,
    CostKind,
    Fraction,
]


def _quantity(draw: Random, even: bool) -> Fraction:
    if even:
        return Fraction(draw.randint(1, 4))
    return draw.choice(
        [Fraction(draw.randint(1, 4)), Fraction(draw.randint(1, 99), 100), Fraction(draw.randint(1, 5), 3)]
    )


def _sources(draw: Random, part: int, made: bool, ranges: bool) -> list[Row]:
    kind = draw.choice(KINDS)
    if draw.random() < 0.15:
        share = Fraction(draw.randint(1, 9), 10)
        return [
            _source(draw, part, "ANY", made, kind, share, ranges),
            _source(draw, part, "OTHER", made, kind, 1 - share, ranges),
        ]
    return [_source(draw, part, None, made, kind, Fraction(1), ranges)]


def _source(
    draw: Random, part: int, supplier: str | None, made: bool, kind: CostKind, awarded: Fraction, ranges: bool
) -> Row:
    first, second = draw.sample(COUNTRIES, 2)
    origin = draw.choice(
        [
            (),
            ((Country(first), Fraction(1)),),
            ((Country(first), Fraction(1)),),
            ((Country(first), Fraction(3, 5)), (Country(second), Fraction(2, 5))),
            ((Country(first), Fraction(1, 3)),),
        ]
    )
    if made and draw.random() < 0.6:
        return part, supplier, origin, None, None, None, kind, awarded
    low = Fraction(draw.randint(0, 100_000), draw.choice([1, 100, 10_000]))
    high = low + Fraction(draw.randint(0, 5_000), 100) if ranges and draw.random() < 0.3 else low
    return part, supplier, origin, low, high, Currency(draw.choice(["EUR", "USD", "CAD"])), kind, awarded
