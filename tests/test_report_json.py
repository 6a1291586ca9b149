"""The JSON contract: keys, exact shares, integer amounts, words for yes and no; and the files of a case."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import sample_case
from golden import check_golden
from jointbuy.report import files
from jointbuy.report import json as as_json

CASES = {name: getattr(sample_case, name) for name in ("eligible", "not_eligible", "undetermined")}
VERDICT = set("purchase act on known_on status conditions routes findings readings missing content digests".split())
FINDING = set("rule status provision value limit unit margin because sources verified".split())
CONTENT = set("total currency outside undeclared by_origin by_group top".split())


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    else:
        yield value


@pytest.mark.parametrize("name", CASES)
def test_verdict_keeps_its_keys(name: str) -> None:
    answer = as_json.verdict(CASES[name]())
    assert set(answer) >= VERDICT
    assert all(set(finding) >= FINDING for finding in answer["findings"])
    assert set(answer["content"]) >= CONTENT
    assert not [each for each in leaves(answer) if isinstance(each, bool | float)]
    check_golden(f"{name}.json", json.dumps(answer, indent=2, ensure_ascii=False) + "\n")


def test_a_share_is_exact_beside_its_decimal() -> None:
    (finding,) = [each for each in as_json.verdict(CASES["not_eligible"]())["findings"] if each["unit"] == "share"]
    assert finding["limit"] == {"decimal": "0.350000", "numerator": "7", "denominator": "20"}
    assert finding["value"] == {"decimal": "0.350000", "numerator": "35000001", "denominator": "100000000"}
    assert finding["margin"]["numerator"] == "-1"
    assert finding["margin_amount"] == -1


def test_a_range_has_two_ends() -> None:
    content = as_json.content(CASES["undetermined"]())
    assert set(content["outside"]) == {"low", "high"}
    assert content["total"] == {"low": 96100050, "high": 98900050}
    assert content["missing"][0]["settles"] == "yes"
    assert content["missing"][0]["amount"] == {"low": 9600000, "high": 10400000}


def test_control_answers_in_words() -> None:
    answers = {
        each["party"]: each["controlled_from_outside"] for each in as_json.control(CASES["eligible"]())["parties"]
    }
    assert answers == {"muster": "no", "nordlicht": "undecidable", "placeholder": "yes"}


def test_files_are_whole_repeatable_and_leave_nothing_beside(tmp_path: Path) -> None:
    case = CASES["undetermined"]()
    written = files.write(case, tmp_path / "out")
    first = {path.name: path.read_bytes() for path in written}
    files.write(case, tmp_path / "out")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == first
    assert json.loads(first["verdict.json"]) == as_json.verdict(case)
    with (tmp_path / "out" / "components.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["part"] for row in rows] == ["HULL", "ENGINE", "OPTICS", "GEARBOX", "HARNESS", "SEATS"]
    assert (rows[0]["low"], rows[0]["high"], rows[3]["undeclared"]) == ("410000", "430000", "100 %")
    assert {(row["currency"], row["price_currency"]) for row in rows} == {("EUR", "EUR")}


def test_amounts_stand_beside_the_currency_they_are_in(tmp_path: Path) -> None:
    case = CASES["eligible"]()
    assert case.content is not None
    (product,) = case.content.products
    dollars = replace(product, lines=tuple(replace(line, currency="USD") for line in product.lines))
    files.write(replace(case, content=replace(case.content, products=(dollars,))), tmp_path)
    with (tmp_path / "components.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {(row["currency"], row["price_currency"]) for row in csv.DictReader(file)} == {("EUR", "USD")}


def test_a_cell_is_never_a_formula() -> None:
    assert files._harmless("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert files._harmless("-1+HYPERLINK(1)") == "'-1+HYPERLINK(1)"
    assert files._harmless("-2-3") == "'-2-3"
    assert [files._harmless(each) for each in ("-0.92", "-1 234,56 EUR", "-12 %")] == [
        "-0.92",
        "-1 234,56 EUR",
        "-12 %",
    ]
    assert files._harmless("-cmd") == "'-cmd"
    assert files._harmless("-0.5 %") == "-0.5 %"
