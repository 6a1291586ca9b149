"""What suppliers bring, at whatever level: by hand, against the sum over all paths, and the compiled loops the same."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random

import pytest

from bills import bill, row
from jointbuy import law
from jointbuy.content import small
from jointbuy.content.allotted import allotted
from jointbuy.content.basis import COUNTED, DEFAULT, MAKING
from jointbuy.flow.contents import _asked_from
from jointbuy.model import Bom
from random_bills import RATES, random_bill

ONE = {"PRODUCT": Fraction(1)}


def test_a_part_inside_of_another_ones_assembly_is_its_suppliers() -> None:
    """Two assemblies at 100 hold three bearings at 10 each: 200 for who makes the one, 60 for who makes the other."""
    bom = bill(row("PRODUCT", "axle", 2, 100, supplier="A"), row("axle", "bearing", 3, 10, supplier="B"))
    assert allotted(bom, "EUR", {}, DEFAULT, ONE) == {"A": 200, "B": 60}
    assert allotted(bom, "EUR", {}, DEFAULT, {"PRODUCT": Fraction(5)}) == {"A": 1000, "B": 300}
    assert allotted(bom, "EUR", {}, DEFAULT, {}) == {}


def test_what_stands_inside_of_a_row_of_the_same_supplier_counts_with_it() -> None:
    """Also over another one's assembly between; what stands elsewhere counts by itself: 100 + 10."""
    bom = bill(
        row("PRODUCT", "axle", 1, 100, supplier="A"),
        row("axle", "hub", 1, 50, supplier="B"),
        row("hub", "bearing", 1, 10, supplier="A"),
        row("PRODUCT", "bearing", 1, 10, supplier="A"),
    )
    assert allotted(bom, "EUR", {}, DEFAULT, ONE) == {"A": 110, "B": 50}


def test_an_assembly_without_a_price_is_worth_its_parts() -> None:
    """The supplier of a part alone, and of an assembly that costs what is in it; the least of a range."""
    bom = bill(row("PRODUCT", "axle", 1, supplier="A"), row("axle", "bearing", 2, (10, 12), supplier="B"))
    assert allotted(bom, "EUR", {}, DEFAULT, ONE) == {"A": 20, "B": 20}


def test_what_is_no_cost_of_components_is_not_brought() -> None:
    bom = bill(row("PRODUCT", "hull", 1, 10, supplier="A"), row("PRODUCT", "trial", 1, 90, kind="test", supplier="A"))
    assert allotted(bom, "EUR", {}, DEFAULT, ONE) == {"A": 10}


def supplied(seed: int) -> tuple[Bom, dict[str, Fraction]]:
    """A random bill in which most rows name one of four suppliers, assemblies among them; so many of each product."""
    bom, draw = random_bill(seed, parts=5 + seed % 40), Random(seed)
    named = [
        name or (None if part in bom.phantoms else draw.choice(["A", "B", "C", "ANY", None]))
        for part, name in zip(bom.sources.part, bom.sources.supplier, strict=True)
    ]
    numbers = {bom.parts[root]: Fraction(draw.randint(0, 3)) for root in bom.roots}
    return replace(bom, sources=replace(bom.sources, supplier=tuple(named))), numbers


def by_every_path(bom: Bom, supplier: str, root: int) -> Fraction:
    """From the bottom up: of each source its price where it is the supplier's, else what is in it."""
    bill_ = small.prepare(small.shape(bom, "EUR", {**RATES, "EUR": Fraction(1)}), DEFAULT)
    table, edges = bom.sources, bill_.edges
    first, ahead = set[int](), [root]
    while ahead:
        below = {child for parent, child in zip(bom.parent, bom.child, strict=True) if parent == ahead[-1]} - first
        first |= below
        ahead = [*ahead[:-1], *(below & set(bom.phantoms))]

    def inside(part: int) -> Fraction:
        found = Fraction(0)
        for edge in edges[part]:
            child = bom.child[edge]
            kind = next((table.cost_kind[s] for s, of in enumerate(table.part) if of == child), "component")
            if kind in (COUNTED if child in first else MAKING):  # as traced: what stands directly counts by that
                found += bom.quantity[edge] * brings(child)
        return found

    def brings(part: int) -> Fraction:
        mine = [at for at, of in enumerate(table.part) if of == part]
        if not mine or part in bom.phantoms:
            return inside(part)
        found = Fraction(0)
        for at in mine:
            if table.supplier[at] == supplier:
                price = bill_.price(at)
                cost = bill_.worth(price if price is not None else bill_.parts_cost.get(part, {})).low
            else:
                cost = inside(part)
            found += table.awarded[at] * cost
        return found

    return inside(root)


@pytest.mark.parametrize("first", [0, 50, 100, 150])
def test_it_is_the_sum_over_all_paths(first: int) -> None:
    for seed in range(first, first + 50):
        bom, numbers = supplied(seed)
        found = allotted(bom, "EUR", RATES, DEFAULT, numbers)
        for supplier in {name for name in bom.sources.supplier if name}:
            whole = sum((numbers[bom.parts[at]] * by_every_path(bom, supplier, at) for at in bom.roots), Fraction(0))
            assert found.get(supplier, 0) == whole, f"seed {seed}, {supplier}"


@pytest.mark.parametrize("first", [0, 100, 200])
def test_the_compiled_loops_say_the_same(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of who brings enough; most by residues, and in plain numbers where a supplier has a part of an assembly only."""
    pytest.importorskip("numba", reason="needs the extra `large`")
    from jointbuy.content import large_allotted

    in_plain = list[Bom]()
    monkeypatch.setattr(large_allotted, "plain", lambda bom, *rest: in_plain.append(bom) or allotted(bom, *rest))
    for seed in range(first, first + 100):
        bom, numbers = supplied(seed)
        exact = allotted(bom, "EUR", RATES, DEFAULT, numbers)
        least = sorted(exact.values())[len(exact) // 2] if exact else Fraction(1)
        fast = large_allotted.allotted(bom, "EUR", RATES, DEFAULT, numbers, least)
        assert fast == {name: amount for name, amount in exact.items() if amount >= least}, f"seed {seed}"
    assert 10 < len(in_plain) < 70


@pytest.mark.parametrize(
    ("act", "limit"),
    [("safe", "art16.involved_share"), ("edip", "art02.subcontractor_share"), ("buy_american", None)],
)
def test_who_brings_less_than_any_rule_asks_about_is_not_looked_for(act: str, limit: str | None) -> None:
    """The least is the act's own, a user's corrections of it included; of an act that asks nobody there is none."""
    found = law.act(act)
    view = law.view(found, date(2026, 9, 15), found.as_of)
    assert _asked_from(found, view) == (None if limit is None else view.parameter(limit).value)
    if limit:
        ours = found.parameters[limit]
        lower = replace(ours, values=tuple(replace(each, value=Fraction(1, 200)) for each in ours.values))
        assert _asked_from(found, replace(view, parameters={**view.parameters, limit: lower})) == Fraction(1, 200)
