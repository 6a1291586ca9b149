"""The examples are what their README files say: size, shape, and the figures of the oracle."""

from __future__ import annotations

from fractions import Fraction

import pytest

from jointbuy import flow
from jointbuy.exact import Range
from jointbuy.result import ProductContent
from oracle import BILLS, EXAMPLES, INSIDE, Figures, origin, report


@pytest.mark.parametrize("name", BILLS)
def test_readme_prints_what_the_oracle_finds(name: str) -> None:
    assert report(*BILLS[name]()) in (EXAMPLES / name / "README.md").read_text("utf-8")


def test_vehicle_is_within_the_limit_whatever_is_still_undeclared() -> None:
    low, high = BILLS["armoured-vehicle"]()[0].whole("AV8-2026").share
    assert 20 * high <= 7
    assert low < high


def test_howitzer_is_over_the_limit_whatever_is_still_undeclared() -> None:
    low, _ = BILLS["howitzer"]()[0].whole("HOW-155-T9").share
    assert 20 * low > 7


def test_howitzer_passes_when_traced_to_source() -> None:
    _, high = BILLS["howitzer"]()[0].traced("HOW-155-T9").share
    assert 20 * high <= 7


def test_two_parts_from_inside_bring_the_howitzer_within_the_limit() -> None:
    bill, root = BILLS["howitzer"]()
    for row in bill.children[root].values():
        if row["Description"] in {"Muzzle velocity radar", "Combat net radio, VHF/UHF"}:
            assert not set(origin(row["Country of origin"])) & INSIDE
            row["Country of origin"] = "DE"
    assert 20 * bill.whole(root).share[1] <= 7


def test_vehicle_fails_when_its_turret_comes_from_outside() -> None:
    bill, root = BILLS["armoured-vehicle"]()
    for row in bill.children[root].values():
        if row["Description"].startswith("Unmanned turret"):
            row["Country of origin"] = "US"
    assert 20 * bill.whole(root).share[0] > 7


def test_bill_of_the_howitzer_has_two_thousand_lines() -> None:
    text = (EXAMPLES / "howitzer" / "bom.csv").read_text("utf-8")
    assert len(text.splitlines()) == 1 + 2000


def by_origin(content: ProductContent) -> dict[str, list[Fraction]]:
    """The cube summed by origin, as the oracle keeps it: low and high, "" for undeclared, nothing for nothing."""
    found: dict[str, list[Fraction]] = {}
    for cell in content.cube:
        amount = found.setdefault(cell.origin or "", [Fraction(0), Fraction(0)])
        found[cell.origin or ""] = [amount[0] + cell.amount.low, amount[1] + cell.amount.high]
    return {country: amount for country, amount in found.items() if any(amount)}


@pytest.mark.parametrize("name", BILLS)
def test_product_finds_exactly_what_the_oracle_finds(name: str) -> None:
    case = flow.check(EXAMPLES / name)
    bill, root = BILLS[name]()
    assert case.content
    found: dict[str, tuple[tuple[ProductContent, ...], Figures]] = {
        "first level": (case.content.products, bill.whole(root)),
        "traced": (case.content.traced, bill.traced(root)),
    }
    for method, (contents, figures) in found.items():
        (content,) = contents
        assert content.product == root
        assert by_origin(content) == {each: sums for each, sums in figures.by_origin.items() if any(sums)}, method
        assert [content.total.low, content.total.high] == figures.total, method
    finding = next(each for each in case.verdict.findings if each.rule == "safe.art16_10_component_share")
    assert finding.value == Range(*found["first level"][1].share)
