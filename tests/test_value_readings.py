"""Readings on value from files to verdict: unknown origins, methods, raw materials; figures worked out by hand."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from formats_kit import GOOD, write
from jointbuy import cli, flow, law
from jointbuy.formats.convert import convert
from jointbuy.result import Case, Finding

HEAD = "part,parent,quantity,unit_cost,origin,cost_kind"
SHARE = "safe.art16_10_component_share"


def case(folder: Path, rows: str, **readings: str) -> Case:
    write(folder, bill=f"{HEAD}\n{rows}")
    return flow.check(folder, readings={name.replace("_", " "): option for name, option in readings.items()})


def share(found: Case) -> Finding:
    (finding,) = [each for each in found.verdict.findings if each.rule == SHARE]
    return finding.parts[0] if finding.parts else finding


def ends(found: Case) -> tuple[Fraction, Fraction]:
    value = share(found).value
    return value.low, value.high  # type: ignore[union-attr]


# --- what is declared in part -----------------------------------------------------------------

RANGED = "HULL,,1,60,PL,\nGUN,,1,40,DE 60-80; US,\n"


def test_a_range_is_decided_at_its_ends(tmp_path: Path) -> None:
    """Of 100, the gun brings 8 to 16 from the United States; 16 keep 35."""
    found = case(tmp_path, RANGED)
    assert ends(found) == (Fraction(8, 100), Fraction(16, 100))
    assert share(found).status == "met"


@pytest.mark.parametrize(
    ("origin", "low", "high"), [("EU", 0, 0), ("EU 70; US", 12, 12), ("DE or US", 0, 40), ("US/JP", 40, 40)]
)
def test_one_of_several_countries(tmp_path: Path, origin: str, low: int, high: int) -> None:
    found = case(tmp_path, f"HULL,,1,60,PL,\nGUN,,1,40,{origin},\n")
    assert ends(found) == (Fraction(low, 100), Fraction(high, 100))
    told = [each.part for each in found.verdict.missing]
    assert told == (["GUN"] if low != high else [])


def test_reports_name_what_is_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By origin, in text and JSON; the Union's share is inside, the other one open."""
    write(tmp_path, bill=f"{HEAD}\nHULL,,1,60,EU,\nGUN,,1,40,DE or US,\n")
    assert cli.main(["content", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "EU, country not declared   inside" in told
    assert "DE or US   undeclared" in told
    assert cli.main(["content", str(tmp_path), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    by_origin = {each["origin"]: each for each in found["by_origin"]}
    assert by_origin["DE or US"]["countries"] == ["DE", "US"]
    assert by_origin["DE or US"]["group"] == "undeclared"
    assert by_origin["EU, country not declared"]["group"] == "inside"
    assert {"FR", "PL"} < set(by_origin["EU, country not declared"]["countries"])
    assert sum(each["amount"] for each in found["by_origin"]) == 10_000


@pytest.mark.parametrize("origin", ["EU", "DE 60-80; US 20-40"])
def test_what_may_be_from_named_countries_alone_hides_no_other_source(tmp_path: Path, origin: str) -> None:
    """No contravening country can stand behind them; behind `DE or CN` one that is told nowhere else can."""
    parts = f"HULL,,1,60,PL,\nGUN,,1,40,{origin},\n"
    content = case(tmp_path, parts).content
    assert content is not None
    assert all(each.declared for each in content.sourced)
    other = case(tmp_path, parts.replace(origin, "DE or CN")).content
    assert other is not None
    assert [each.declared for each in other.sourced] == [True, False]


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx", "out.json", "out.parquet"])
def test_every_format_keeps_what_is_declared_in_part(tmp_path: Path, name: str) -> None:
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow", reason="needs the extra `large`")
    rows = "".join(
        f"P{at},,1,10,{origin},component\n"
        for at, origin in enumerate(
            ["DE 60-80; US", "US <=10", "EU 70; US", "DE or US", "EEA", "DE 20-50; FR 20-50; US"]
        )
    )
    write(tmp_path, bill=f"{HEAD}\n{rows}")
    made = convert(tmp_path, tmp_path / name, law.places())
    assert not [lost for lost in made.lost if lost.what == "origin"]


def test_a_scenario_may_name_the_union(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A gun for 40 of 100, American today: from the Union nothing is from outside; from there or Japan perhaps 40."""
    write(tmp_path, bill=f"{HEAD}\nHULL,,1,60,PL,\nGUN,,1,40,US,\n")
    table = tmp_path / "what-if.csv"
    table.write_text("scenario,part,origin\nunion,GUN,EU\neither,GUN,EU or JP\n", "utf-8")
    assert cli.main(["content", str(tmp_path), "--what-if", str(table), "--json"]) == 0
    found = {each["scenario"]: each for each in json.loads(capsys.readouterr().out)["scenarios"]}
    assert [found[name]["outside"]["high"]["decimal"] for name in ("union", "either")] == ["0.000000", "0.400000"]
    assert [found[name]["keeps_limit"] for name in ("union", "either")] == ["yes", "unknown"]


# --- policies ---------------------------------------------------------------------------------

OPEN = "HULL,,1,60,PL,\nGUN,,1,40,,\n"


@pytest.mark.parametrize(
    ("policy", "status", "told"),
    [
        ("range", "unknown", "0.00 to 40.00 %"),
        ("worst case", "not met", "what is undeclared counts where it hurts"),
        ("outside", "not met", "what is undeclared counts as from outside"),
    ],
)
def test_a_policy_decides_what_is_open(tmp_path: Path, policy: str, status: str, told: str) -> None:
    found = case(tmp_path, OPEN, unknown_origin=policy)
    assert share(found).status == status
    assert told in share(found).because
    (used,) = [each for each in found.verdict.readings if each.id == "unknown origin"]
    assert (used.chosen, used.is_default) == (policy, policy == "range")
    assert used.matters
    assert found.verdict.missing[0].settles


def test_a_policy_is_told_only_where_it_matters(tmp_path: Path) -> None:
    """10 of 100 undeclared keep the limit wherever they are from; chosen, it is told all the same."""
    rows = "HULL,,1,90,PL,\nGUN,,1,10,,\n"
    assert not [each for each in case(tmp_path, rows).verdict.readings if each.id == "unknown origin"]
    chosen = case(tmp_path, rows, unknown_origin="outside")
    assert [each.chosen for each in chosen.verdict.readings if each.id == "unknown origin"] == ["outside"]
    assert ends(chosen) == (Fraction(1, 10), Fraction(1, 10))


# --- methods ----------------------------------------------------------------------------------

TURRET = "TURRET,,1,,,\nMOUNT,TURRET,1,65,DE,\nGUN,TURRET,1,35,US,\nENGINE,,1,50,US,\nHULL,,1,50,DE,\n"
"""The turret keeps the limit itself, 35 of 100; nobody has declared where it is made."""


@pytest.mark.parametrize(
    ("method", "low", "high"),
    [
        ("first level", 50, 150),  # the engine, and perhaps the whole turret
        ("traced", 85, 85),
        ("absorption", 50, 50),  # the turret counts whole as inside
        ("absorption both ways", 50, 50),
    ],
)
def test_a_verdict_rests_on_the_method_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], method: str, low: int, high: int
) -> None:
    """Of 200 in all; by --method and by --reading alike, and beside it the same methods."""
    found = case(tmp_path, TURRET, components=method)
    assert ends(found) == (Fraction(low, 200), Fraction(high, 200))
    answers = []
    for option in (["--method", method.replace(" ", "-")], ["--reading", f"components={method}"]):
        assert cli.main(["content", str(tmp_path), *option, "--json"]) == 0
        answers.append(json.loads(capsys.readouterr().out))
    assert answers[0] == answers[1]
    assert Fraction(answers[0]["outside"]["high"]["decimal"]) == Fraction(high, 200)
    methods = {each["name"]: each for each in answers[0]["variants"] if each["kind"] == "method"}
    assert list(methods) == ["first level", "traced", "absorption", "absorption both ways"]
    assert [name for name, each in methods.items() if each["chosen"] == "yes"] == [method]


def test_one_cent_over_its_limit_an_assembly_does_not_count_whole(tmp_path: Path) -> None:
    """35.01 of 100 from outside: its parts count, or both ways all of it does."""
    over = TURRET.replace("65,DE", "64.99,DE").replace("35,US", "35.01,US")
    assert ends(case(tmp_path, over, components="absorption")) == (Fraction(8501, 20000),) * 2
    assert ends(case(tmp_path, over, components="absorption both ways")) == (Fraction(150, 200),) * 2


def test_with_ranges_of_prices_absorption_says_that_it_is_a_bound(tmp_path: Path) -> None:
    ranged = TURRET.replace("35,US", "30 - 40,US")
    assert "a bound" in share(case(tmp_path, ranged, components="absorption")).because
    assert "a bound" not in share(case(tmp_path, TURRET, components="absorption")).because
    assert "a bound" not in share(case(tmp_path, ranged, components="traced")).because


def test_under_an_agreement_absorption_still_tells_the_countries(tmp_path: Path) -> None:
    """A Canadian engine: half of a hundred is Canadian, the rest inside, which keeps the agreement's limits."""
    rows = TURRET.replace("ENGINE,,1,50,US", "ENGINE,,1,50,CA")
    write(tmp_path, bill=f"{HEAD}\n{rows}")
    found = flow.check(tmp_path, on="2026-10-06", readings={"components": "absorption"})
    statuses = {each.rule: each.status for each in found.verdict.findings}
    assert statuses["safe.art17_components"] == "met"


def test_two_ways_of_saying_the_method_must_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path)
    assert cli.main(["content", str(tmp_path), "--method", "traced", "--reading", "components=absorption"]) == 2
    assert "give one of them" in capsys.readouterr().err


def test_what_if_and_stress_need_prices_to_count_evenly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path)
    assert cli.main(["content", str(tmp_path), "--method", "absorption", "--stress"]) == 2
    assert "leave absorption out" in capsys.readouterr().err


# --- raw materials ----------------------------------------------------------------------------

STEEL = "ENGINE,,1,100,DE,component\nSTEEL,ENGINE,2,20,CN,raw material\nHULL,,1,50,PL,component\n"


@pytest.mark.parametrize(("option", "outside"), [("not separate", 0), ("origin of material", 40)])
def test_raw_materials_count_with_their_component_or_apart(tmp_path: Path, option: str, outside: int) -> None:
    found = case(tmp_path, STEEL, raw_materials=option)
    assert ends(found) == (Fraction(outside, 150),) * 2


def test_raw_materials_are_a_question_only_inside_of_a_component(tmp_path: Path) -> None:
    apart = "STEEL,,2,20,CN,raw material\nHULL,,1,60,PL,component\n"
    assert ends(case(tmp_path, apart)) == (Fraction(40, 100),) * 2
    assert not [each for each in case(tmp_path, apart).verdict.readings if each.id == "raw materials"]
    assert [each.id for each in case(tmp_path, STEEL).verdict.readings if each.id == "raw materials"]


# --- what an end product is sold for ------------------------------------------------------------

SOLD = GOOD.replace("  - id: VEHICLE\n", "  - id: VEHICLE\n    price: 115.00\n")


def test_the_price_stated_is_the_value_of_one(tmp_path: Path) -> None:
    """40 of 115; the bill alone would say 40 of 100."""
    write(tmp_path, bill=f"{HEAD}\nHULL,,1,60,PL,\nGUN,,1,40,US,\n", purchase=SOLD)
    assert ends(flow.check(tmp_path, readings={"base": "product value"})) == (Fraction(40, 115),) * 2
    assert ends(flow.check(tmp_path)) == (Fraction(40, 100),) * 2


def test_the_bills_own_word_goes_before_the_price_and_a_contradiction_is_pointed_out(tmp_path: Path) -> None:
    write(tmp_path, bill=f"{HEAD}\nVEHICLE,,1,120,,\nHULL,,1,60,PL,\nGUN,,1,40,US,\n", purchase=SOLD)
    found = flow.check(tmp_path, readings={"base": "product value"})
    assert ends(found) == (Fraction(40, 120),) * 2
    assert any("costs 120.00 EUR, the purchase file 115.00" in remark for remark in found.verdict.remarks)


# --- what shows an origin, whose site it is, and what is tested ---------------------------------

PROVED = f"{HEAD},declaration,evidence\nHULL,,1,66,PL,,SD-1,Certificate 1\nGUN,,1,30,US,,SD-2,\nBOLT,,1,4,DE,,,\n"


@pytest.mark.parametrize(
    ("option", "low", "high"),
    # Of 100: stated, 30 from outside. Without a declaration or document the bolt may be from anywhere.
    # That the gun is American needs no document, for whoever says so gains nothing by it.
    [("as stated", 30, 30), ("declaration", 30, 34), ("document", 30, 34)],
)
def test_what_is_not_shown_is_undeclared(tmp_path: Path, option: str, low: int, high: int) -> None:
    write(tmp_path, bill=PROVED)
    found = flow.check(tmp_path, readings={"proof of origin": option})
    assert ends(found) == (Fraction(low, 100), Fraction(high, 100))
    # Where it is bought is no question of how its origin is shown.
    assert {each.countries for each in found.content.sourced} == {("PL",), ("US",), ("DE",)}  # type: ignore[union-attr]


def test_of_a_bill_that_shows_nothing_the_question_is_not_asked_and_that_is_said(tmp_path: Path) -> None:
    found = case(tmp_path, RANGED)
    asked = {used.id for used in found.verdict.readings}
    assert not asked & {"proof of origin", "sites of groups", "unit of test"}
    assert any("no declaration and no document" in note for note in found.notes)


def test_a_bill_that_shows_nothing_proves_nothing_where_documents_are_asked(tmp_path: Path) -> None:
    """60 from Poland unproved, 40 from outside admitted: from 40 % to all of it."""
    write(tmp_path, bill=f"{HEAD}\nHULL,,1,60,PL,\nGUN,,1,40,US,\n")
    found = flow.check(tmp_path, readings={"proof of origin": "document"})
    assert ends(found) == (Fraction(2, 5), Fraction(1))
    assert ("proof of origin", "document") in {(used.id, used.chosen) for used in found.verdict.readings}
    assert not any("no declaration" in note for note in found.notes)


@pytest.mark.parametrize(("origin", "low"), [("CA", 0), ("NO", 0), ("UA", 0), ("CN", 40)])
def test_only_what_helps_must_be_shown(tmp_path: Path, origin: str, low: int) -> None:
    """Canada is favoured under its agreement; nobody gains by naming China."""
    write(tmp_path, bill=f"{HEAD},declaration,evidence\nHULL,,1,60,PL,,D,C\nGUN,,1,40,{origin},,,\n")
    found = flow.check(tmp_path, readings={"proof of origin": "document"})
    assert ends(found) == (Fraction(low, 100), Fraction(2, 5))


SITE = "part,parent,quantity,unit_cost,origin,supplier\nHULL,,1,60,PL,\nGUN,,1,40,GB,MC\n"


GROUP = GOOD.replace(
    "parties:\n", "parties:\n  - id: MC\n    name: Maker (invented)\n    established_in: {}\n    controlled_by: FR\n"
)


@pytest.mark.parametrize(
    ("option", "outside", "status"), [("place of manufacture", 40, "not met"), ("seat of the group", 0, "met")]
)
def test_a_british_site_of_a_french_group(tmp_path: Path, option: str, outside: int, status: str) -> None:
    """40 of 100 are made in Britain by a company that France's group controls."""
    write(tmp_path, bill=SITE, purchase=GROUP.format("GB"))
    found = flow.check(tmp_path, readings={"sites of groups": option})
    assert ends(found) == (Fraction(outside, 100), Fraction(outside, 100))
    assert share(found).status == status


def test_the_seat_does_not_hide_where_it_is_bought(tmp_path: Path) -> None:
    """A Russian plant of a French group stays a Russian source (Art. 16(10), second sentence)."""
    write(tmp_path, bill=SITE.replace("GB", "RU"), purchase=GROUP.format("RU"))
    found = flow.check(tmp_path, readings={"sites of groups": "seat of the group"})
    (bar,) = [each for each in found.verdict.findings if each.rule == "safe.art16_10_contravening_source"]
    assert bar.status == "not met"


TWO = "part,parent,quantity,unit_cost,origin\nA1,A,1,60,PL\nA2,A,1,40,US\nB1,B,1,80,PL\nB2,B,1,20,US\n"


def two(folder: Path, second: str, **readings: str) -> Case:
    """Ten of A with 40 of 100 from outside, and so many of B with 20 of 100."""
    products = f"  - id: A\n    quantity: 10\n  - id: B\n{second}"
    write(folder, GOOD.replace("  - id: VEHICLE\n", products), TWO)
    return flow.check(folder, readings={name.replace("_", " "): option for name, option in readings.items()})


def test_each_end_product_is_tested_or_the_contract_together(tmp_path: Path) -> None:
    """A breaks the limit. Ten of A and thirty of B have 10 x 40 + 30 x 20 of 4 000 from outside: 25 per cent."""
    thirty = "    quantity: 30\n"
    each = two(tmp_path, thirty)
    assert [part.status for part in finding(each).parts] == ["not met", "met"]
    (used,) = [one for one in each.verdict.readings if one.id == "unit of test"]
    assert used.matters
    together = two(tmp_path, thirty, unit_of_test="whole contract")
    assert ends(together) == (Fraction(1, 4), Fraction(1, 4))
    assert share(together).status == "met"
    content = together.content
    assert content is not None
    assert [product.total.low for product in content.products] == [4000]


def test_of_how_many_nobody_says_together_stays_open(tmp_path: Path) -> None:
    assert share(two(tmp_path, "", unit_of_test="whole contract")).status == "unknown"


def test_what_one_of_two_is_worth_is_open_and_where_it_comes_from_is_not(tmp_path: Path) -> None:
    """Of A 40 of at least 100 are from outside, of B 20 of 100: B keeps the limit whatever it is worth."""
    found = two(tmp_path, "    quantity: 30\n", base="contract value")
    first, second = finding(found).parts
    assert (first.status, second.status) == ("unknown", "met")
    assert ends(found) == (Fraction(40, 48_000_000), Fraction(40, 100))
    assert finding(found).missing == ("value of one end product",)
    assert any("how the contract value splits between the end products cannot be told" in note for note in found.notes)


def test_a_price_tells_what_of_the_contract_value_is_for_one(tmp_path: Path) -> None:
    """40 of 160 are from outside of A, which is sold for that; nothing is left open of it."""
    write(tmp_path, GOOD.replace("  - id: VEHICLE\n", "  - id: A\n    price: 160\n  - id: B\n    price: 100\n"), TWO)
    found = flow.check(tmp_path, readings={"base": "contract value"})
    assert ends(found) == (Fraction(1, 4), Fraction(1, 4))
    assert share(found).status == "met"


@pytest.mark.parametrize("act", ["safe", "edip", "edirpa"])
def test_a_contravening_source_is_one_by_any_base(tmp_path: Path, act: str) -> None:
    """A Russian part of the second product (SAFE, Art. 16(10)); by no base is it lost."""
    purchase = GOOD.replace("  - id: VEHICLE\n", "  - id: A\n  - id: B\n")
    purchase += "contravening_countries: [RU, BY]\nunion_procurement: no\n"
    write(tmp_path, purchase, TWO.replace("B2,B,1,20,US", "B2,B,1,1,RU"))
    chosen = {"base": "contract value"} if "base" not in law.act(act).settled else {}
    day = None if act == "safe" else "2026-01-15" if act == "edip" else "2024-05-01"
    found = flow.check(tmp_path, act=act, on=day, readings=chosen)
    (bar,) = [each for each in found.verdict.findings if "contravening_source" in each.rule]
    assert bar.status == "not met"


def test_together_by_contract_value(tmp_path: Path) -> None:
    """1 000 from outside of a contract of 480 000 000.00; of two types nobody knows what one of each is worth."""
    thirty = "    quantity: 30\n"
    assert share(two(tmp_path, thirty, base="contract value")).status == "unknown"
    found = two(tmp_path, thirty, base="contract value", unit_of_test="whole contract")
    assert ends(found) == (Fraction(1_000, 480_000_000),) * 2


def finding(found: Case) -> Finding:
    (one,) = [each for each in found.verdict.findings if each.rule == SHARE]
    return one
