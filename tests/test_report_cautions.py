"""What makes a right sum of a wrong bill is said beside the verdict, in the text, on the page and in JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from jointbuy import flow
from jointbuy.report import html, json, terminal
from jointbuy.report.cautions import cautions
from jointbuy.report.kinds import by_kind
from jointbuy.result import Case

PURCHASE = """\
id: bill
instrument: SAFE
events: {signature: 2026-09-15}
product: {kind: defence product, categories: [ground combat]}
buyers:
- {country: PL, quantity: 10}
contract: {value: 100000.00, currency: EUR, contractors: [A]}
parties:
- {id: A, name: Alpha (invented), established_in: PL, executive_management_in: PL, controlled_by: PL}
end_products:
- {id: EP, quantity: 20}
bill_of_materials: bom.csv
"""
HEAD = "part,parent,quantity,unit_cost,origin\n"


def case_of(folder: Path, rows: str, **readings: str) -> Case:
    (folder / "purchase.yaml").write_text(PURCHASE, encoding="utf-8")
    (folder / "bom.csv").write_text(HEAD + rows, encoding="utf-8")
    return flow.check(folder, readings=readings)


def test_an_assembly_cheaper_than_its_parts_is_named_with_row_gap_and_what_hangs_on_it(tmp_path: Path) -> None:
    """50 against 40 + 30: 20 less. At 70 from the United States, 70 of 170 are outside: 41.18 %, over 35 %."""
    case = case_of(tmp_path, "A,,1,50,US\nB,,1,100,DE\nx,A,1,40,DE\ny,A,1,30,US\n")
    (told,) = (one.replace("\N{NO-BREAK SPACE}", " ") for one in cautions(case))
    assert told == (
        "A (bom.csv:2) costs 20.00 EUR less than its own parts do: 50.00 EUR against 70.00 EUR; one of these prices is "
        "off. At what its parts cost, 41.18 % would come from outside, and the limit would be answered otherwise"
    )


def test_where_nothing_hangs_on_it_that_is_not_said(tmp_path: Path) -> None:
    """At 70 from Germany there are 100 of 170 outside, and 100 of 150 before: too much either way."""
    case = case_of(tmp_path, "A,,1,50,DE\nB,,1,100,US\nx,A,1,40,DE\ny,A,1,30,US\n")
    (told,) = cautions(case)
    assert told.endswith("one of these prices is off")


def test_a_bill_that_begins_with_the_end_product_under_another_name(tmp_path: Path) -> None:
    """The tank is the only part of EP, made in Poland, half of it American: 0 % by first level, 50 % traced."""
    case = case_of(tmp_path, "TANK,,1,200,PL\nGUN,TANK,1,100,US\nHULL,TANK,1,100,DE\n")
    (told,) = (one.replace("\N{NO-BREAK SPACE}", " ") for one in cautions(case))
    assert told.startswith("TANK is the only part directly in EP, so the share is that of TANK alone, whole")
    assert "traced, 50.00 % comes from outside. If TANK is EP itself, give both the same id" in told
    head = (
        terminal.verdict(case, colour=False, width=100).replace("\N{NO-BREAK SPACE}", " ").split("WHERE THE VALUE")[0]
    )
    assert "! TANK is the only part directly in EP" in head
    assert "TANK is the only part directly in EP" in str(html.page(case)).split("<h2")[0]
    assert json.content(case)["cautions"] == [cautions(case)[0]]


@pytest.mark.parametrize(
    ("rows", "method"),
    [
        ("TANK,,1,200,PL\nGUN,TANK,1,100,US\nHULL,TANK,1,100,DE\n", "traced"),
        ("EP,,1,200,PL\nGUN,EP,1,100,US\nHULL,EP,1,100,DE\n", "first level"),
        ("TANK,,1,200,PL\n", "first level"),
        ("A,,1,70,US\nB,,1,100,DE\nx,A,1,40,DE\ny,A,1,30,US\n", "first level"),
    ],
    ids=["traced", "one id", "nothing in it", "as dear as its parts"],
)
def test_nothing_is_said_without_a_cause(tmp_path: Path, rows: str, method: str) -> None:
    assert cautions(case_of(tmp_path, rows, components=method)) == ()


def test_what_is_counted_and_left_out_is_shown_by_kind(tmp_path: Path) -> None:
    """Labour inside of A is part of its cost; beside it, labour and profit are left out, and transport counts."""
    (tmp_path / "purchase.yaml").write_text(PURCHASE, encoding="utf-8")
    rows = "A,,1,,DE,\nx,A,1,100,US,\nw,A,1,300,DE,Labour\nB,,1,200,DE,component\nT,,1,30,DE,transport\n"
    rows += "V,,1,70,DE,labour\nP,,1,50,DE,profit\nN,,1,2000,DE,NRE\n"
    (tmp_path / "bom.csv").write_text(f"{HEAD.strip()},cost_kind\n{rows}", encoding="utf-8")
    case = flow.check(tmp_path)
    assert case.content is not None
    found = {(kind.name, kind.counted): kind.amount.low for kind in by_kind(case, case.content.products[0])}
    assert found == {
        ("component", True): 600,
        ("transport", True): 30,
        ("final assembly", False): 70,
        ("profit", False): 50,
        ("engineering", False): 2000,
    }
    told = terminal.content(case, colour=False, width=100).replace("\N{NO-BREAK SPACE}", " ")
    assert "By kind of cost" in told
    assert "2 000.00 EUR   left out" in told
    assert "Engineering count for each piece: what is paid once for all of them needs" in told
    assert 'bom.csv: kinds of cost were read so: "labour" as final assembly, "nre" as engineering' in case.notes
    kinds = json.content(case)["kinds"]
    assert [one["counted"] for one in kinds if one["kind"] == "profit"] == ["no"]
