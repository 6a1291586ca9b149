"""Raw materials under acts that call them no components (EDIP, recital 27), and under those that do not."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from jointbuy import flow
from jointbuy.content.built_in import built_in
from jointbuy.exact import Range
from jointbuy.model import Bom, Country, Sources
from jointbuy.result import Case
from test_verdicts import folder

RULES = {
    "edip": "edip.art10_components",
    "edip_ukraine": "edip_ukraine.art27_components",
    "safe": "safe.art16_10_component_share",
}
HEADER = "part,parent,quantity,origin,unit_cost,cost_kind\n"
ALONE = "A,GUN,1,PL,60.00,\nB,GUN,1,US,30.00,\nR,GUN,1,CN,10.00,raw material\n"
FROM_INSIDE = "A,GUN,1,PL,60.00,\nB,GUN,1,US,33.00,\nR,GUN,1,PL,7.00,raw material\n"
BUILT_IN = "A,GUN,1,PL,,\nA1,A,1,PL,55.00,\nR,A,1,CN,10.00,raw material\nB,GUN,1,US,30.00,\n"
# The same material in a Polish part, in an American one, and by itself.
EVERYWHERE = "A,GUN,1,PL,50.00,\nB,GUN,1,US,30.00,\nR,A,1,CN,10.00,raw material\nR,B,1,CN,10.00,\nR,GUN,1,CN,10.00,\n"
TWICE = "A,GUN,1,PL,,\nR,A,2,CN,,raw material\nS,R,3,CN,5.00,raw material\nB,GUN,1,US,10.00,\n"
SPLIT = "A,GUN,1,PL 50; US 50,,\nR,A,1,CN,10.00,raw material\nB,GUN,1,PL,10.00,\n"


def checked(at: Path, bill: str, act: str, method: str) -> Case:
    at = folder({"bill": HEADER + bill}, at)
    return flow.check(at, act=act, on="2026-06-15", readings={"components": method})


def share(found: Case, act: str) -> Range:
    finding = next(each for each in found.verdict.findings if each.rule == RULES[act])
    return next(each.value for each in (finding, *finding.parts) if isinstance(each.value, Range))


@pytest.mark.parametrize("act", ["edip", "edip_ukraine"])
@pytest.mark.parametrize("method", ["first level", "traced"])
@pytest.mark.parametrize(
    ("bill", "outside"),
    [
        (ALONE, Fraction(30, 90)),  # not 40 of 100
        (FROM_INSIDE, Fraction(33, 93)),  # not 33 of 100
        (BUILT_IN, Fraction(30, 95)),  # not 40 of 95: the Polish part costs 65, whatever it is made of
        (EVERYWHERE, Fraction(30, 80)),  # what stands by itself is left out
        (TWICE, Fraction(10, 40)),  # two of 15 each, made of three of another
        (SPLIT, Fraction(5, 20)),  # with its component half from outside
    ],
    ids=["alone", "alone from inside", "built in", "everywhere", "twice", "split"],
)
def test_raw_materials_are_no_components(bill: str, outside: Fraction, method: str, act: str, tmp_path: Path) -> None:
    found = share(checked(tmp_path, bill, act, method), act)
    assert (found.low, found.high) == (outside, outside)


@pytest.mark.parametrize(
    ("bill", "method", "outside"),
    [
        (ALONE, "first level", Fraction(40, 100)),
        (BUILT_IN, "first level", Fraction(30, 95)),
        (BUILT_IN, "traced", Fraction(40, 95)),
        (EVERYWHERE, "traced", Fraction(50, 90)),
    ],
    ids=["alone", "built in", "traced", "everywhere"],
)
def test_under_safe_nothing_says_so(bill: str, method: str, outside: Fraction, tmp_path: Path) -> None:
    found = share(checked(tmp_path, bill, "safe", method), "safe")
    assert (found.low, found.high) == (outside, outside)


def test_the_text_settles_it(tmp_path: Path) -> None:
    """So no reading is tried, and none can be chosen."""
    found = checked(tmp_path, ALONE, "edip", "first level")
    assert "raw materials" not in {each.id for each in found.verdict.readings}
    with pytest.raises(Exception, match="settles the reading"):
        flow.check(tmp_path, act="edip", on="2026-06-15", readings={"raw materials": "not separate"})


def test_a_material_that_is_built_in_is_bought_where_it_is_bought(tmp_path: Path) -> None:
    """Art. 10(3), second sentence: whether it may come from there is for a person."""
    found = checked(tmp_path, BUILT_IN.replace("CN", "RU"), "edip", "traced")
    finding = next(each for each in found.verdict.findings if each.rule == "edip.art10_contravening_source")
    assert finding.status == "for judgement"
    assert "edip-contravening-cost:RU (raw material)" in {each.key for each in found.verdict.conditions}


def test_in_what_nobody_supplies_its_origin_is_open() -> None:
    """A group of parts inside of a component: 0 the product, 1 a part, 2 a group in it, 3 a raw material in that."""
    sources = Sources(
        part=(1, 3),
        supplier=(None, None),
        origin=(((Country("PL"), Fraction(1)),), ((Country("CN"), Fraction(1)),)),
        supplied_from=(None, None),
        price_low=(Fraction(5), Fraction(1)),
        price_high=(Fraction(5), Fraction(1)),
        currency=(None, None),
        cost_kind=("component", "raw material"),
        awarded=(Fraction(1), Fraction(1)),
        declaration=(None, None),
        evidence=(None, None),
    )
    bom = Bom(
        parts=("P", "A", "G", "R"),
        names=(None,) * 4,
        roots=(0,),
        parent=(0, 1, 2),
        child=(1, 2, 3),
        quantity=(Fraction(1),) * 3,
        edge_row=(None, None, None),  # type: ignore[arg-type]
        phantoms=(2,),
        sources=sources,
    )
    found = built_in(bom)
    assert found.parts == ("P", "A", "G", "R", "R")
    assert (found.parent, found.child) == ((0, 1, 2), (1, 2, 4))
    assert found.sources.origin[-1] == ()
    assert found.sources.price_low[-1] == 1


def test_in_a_large_bill_as_in_a_small_one(tmp_path: Path) -> None:
    """18,000 Polish assemblies of 100, each of 40 of Chinese steel and 30 of American parts, and American parts beside.

    Traced 30 of each 120 and the 20 beside them are from outside, 50 of 120; the steel is part of what Poland makes.
    """
    rows = [f"A{n},GUN,1,PL,100.00,\nR{n},A{n},1,CN,40.00,raw material\nB{n},A{n},1,US,30.00,\n" for n in range(18_000)]
    found = share(checked(tmp_path, "".join(rows) + "U,GUN,1,US,360000.00,\n", "edip", "traced"), "edip")
    assert (found.low, found.high) == (Fraction(50, 120), Fraction(50, 120))
