"""`purchase.yaml` to records; its template and its schema."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
import yaml

from formats_kit import BILL, GOOD, PLACES, bad, good
from jointbuy.errors import Unusable, Where
from jointbuy.formats import read
from jointbuy.formats.scalars import Wrong, amount, day, number, share, truth
from jointbuy.formats.schema import json_schema
from jointbuy.formats.template import template
from jointbuy.money import Money

MORE = """\
design:
  authority: unknown
  restrictions: []
exchange_rates:
  currency: usd
  rate: 0.8612
  on: 2026-09-01
  source: an invented bank
contravening_countries: []
"""


def test_a_whole_purchase(tmp_path: Path) -> None:
    purchase = good(tmp_path, GOOD + MORE).purchase
    assert purchase.events.signature == date(2026, 9, 15)
    assert purchase.events.tender is None
    assert purchase.product.categories == ("ground combat",)
    assert [buyer.country for buyer in purchase.buyers] == ["PL", "DE"]
    assert purchase.contract.value == Money(48_000_000_000, "EUR")
    assert purchase.contract.contractors == ("NORTHWIND",)
    assert purchase.design is not None
    assert purchase.design.authority is None
    assert purchase.design.restrictions == ()
    assert purchase.contravening_countries == ()
    assert purchase.exchange_rates[0].rate == Fraction(8612, 10000)
    assert purchase.exchange_rates[0].currency == "USD"


def test_where_finds_values_by_path(tmp_path: Path) -> None:
    where = good(tmp_path).purchase.where
    assert where["events.signature"] == Where("purchase.yaml", 4)
    assert where["buyers[0].country"] == Where("purchase.yaml", 9)
    assert where["parties[NORTHWIND].established_in"] == Where("purchase.yaml", 19)
    assert "events.tender" not in where


def test_the_file_itself_may_be_named(tmp_path: Path) -> None:
    by_folder = good(tmp_path)
    assert read(tmp_path / "purchase.yaml", PLACES) == by_folder
    assert set(by_folder.digests) == {"purchase.yaml", "bom.csv"}
    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in by_folder.digests.values())


def test_norway_and_on_stay_text(tmp_path: Path) -> None:
    assert good(tmp_path, GOOD.replace("country: PL", "country: NO")).purchase.buyers[0].country == "NO"


def test_empty_blocks_are_absent(tmp_path: Path) -> None:
    hollow = GOOD.replace("name: Harbour", "screening:\n      outcome:\n    owners:\n      - name:\n    name: Harbour")
    party = good(tmp_path, hollow).purchase.parties[1]
    assert party.screening is None
    assert party.owners == ()


@pytest.mark.parametrize("word", ["UNCLASSIFIED", "NATO UNCLASSIFIED", "none", "not classified"])
def test_unclassified_files_are_read(tmp_path: Path, word: str) -> None:
    assert good(tmp_path, f"marking: {word}\n{GOOD}").purchase.id == "example"


@pytest.mark.parametrize(
    "word", ["SECRET UE", "NATO SECRET", "RESTREINT UE/EU RESTRICTED", "Confidential", "VS-NfD", "classified"]
)
def test_classified_files_are_refused_with_nothing_else_said(tmp_path: Path, word: str) -> None:
    (told,) = bad(tmp_path, f"marking: {word}\nnonsense: 1\n{GOOD}")
    assert "classified files are not read" in told


def test_small_shares_are_mentioned(tmp_path: Path) -> None:
    owned = GOOD.replace("established_in: PL", "owners: [{name: Somebody (invented), share: 0.35}]")
    note = good(tmp_path, owned).notes[0]
    assert "is 0.35 and is read as 0.35 per cent" in note
    assert "if 35 per cent is meant, write 35" in note


def test_utf16_purchase_file(tmp_path: Path) -> None:
    (tmp_path / "bom.csv").write_text(BILL, encoding="utf-8")
    (tmp_path / "purchase.yaml").write_text(GOOD, encoding="utf-16")
    assert read(tmp_path, PLACES).purchase.id == "example"


@pytest.mark.parametrize(
    ("read_one", "text", "value"),
    [
        (number, "480 000 000.00", 480_000_000),
        (number, "1_000", 1000),
        (number, "0.0034", Fraction(34, 10000)),
        (number, "1e-3", Fraction(1, 1000)),
        (share, "35 %", Fraction(35, 100)),
        (share, "33.3", Fraction(333, 1000)),
        (amount, "12000000 USD", (12_000_000, "USD")),
        (amount, "eur 1 000.50", (Fraction(2001, 2), "EUR")),
        (amount, "5", (5, None)),
        (day, "2026-02-14", date(2026, 2, 14)),
        (truth, "Yes", True),
        (truth, "unknown", None),
    ],
)
def test_values_as_people_write_them(read_one, text, value) -> None:
    assert read_one(text) == value


@pytest.mark.parametrize(
    ("read_one", "text"),
    [
        (number, "1,234"), (number, "1 23"), (number, "nan"), (number, ""), (number, "1/3"),
        (share, "101"), (share, "-1"), (amount, "1" + " " * 300 + "x"), (amount, "12 EURO"),
        (amount, "EUR 1 USD"), (amount, "12 XXX"), (day, "14/02/2026"), (day, "2026-02-30"), (day, "20260214"),
        (truth, "maybe"),
    ],
)  # fmt: skip
def test_values_that_cannot_be_read(read_one, text) -> None:
    with pytest.raises(Wrong):
        read_one(text)


def test_an_untouched_template_says_what_to_fill_in(tmp_path: Path) -> None:
    files = template()
    told = bad(tmp_path, files["purchase.yaml"], files["bom.csv"])
    words = [
        "id is missing",
        "buyers[0].country is missing",
        "contract.currency is missing",
        "end_products[0].id",
        "no rows",
    ]
    assert len(told) == len(words)
    assert all(word in line for word, line in zip(words, told, strict=True))


def test_every_line_of_the_template_can_be_used(tmp_path: Path) -> None:
    files = template()
    opened = "\n".join(re.sub(r"^#(?!#)", "", line) for line in files["purchase.yaml"].splitlines())
    told = bad(tmp_path, opened, files["bom.csv"])
    assert all("is missing" in line or "no rows" in line or "Our price each" in line for line in told)


def test_the_schema_accepts_what_is_read_and_refuses_what_is_not() -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    validator.check_schema(json_schema())
    tree = yaml.load(GOOD + MORE.replace("usd", "USD"), yaml.BaseLoader)  # every value as text, as we read it
    validator.validate(tree)
    assert not validator.is_valid(tree | {"titel": "x"})
    assert not validator.is_valid({key: value for key, value in tree.items() if key != "contract"})
    assert not validator.is_valid(tree | {"events": {"signature": "14/02/2026"}})
    assert validator.is_valid(tree | {"contract": {"value": 5, "currency": "EUR"}})


def test_the_example_of_the_readme_can_be_used(tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    rest = "id: example\ninstrument: SAFE\nevents: {signature: 2026-09-15}\nproduct: {kind: defence product}\n"
    purchase = good(tmp_path, rest + example, None).purchase
    assert [(one.settles, one.answer) for one in purchase.statements] == [("plan", True)]
    jsonschema.Draft202012Validator(json_schema()).validate(yaml.load(rest + example, yaml.BaseLoader))


def test_no_bill_is_no_problem(tmp_path: Path) -> None:
    found = good(tmp_path, GOOD.replace("bill_of_materials: bom.csv\n", ""), None)
    assert found.bom is None


def test_unusable_is_raised_for_a_file_without_values(tmp_path: Path) -> None:
    (tmp_path / "purchase.yaml").write_text("just words", encoding="utf-8")
    with pytest.raises(Unusable, match="must hold named values"):
        read(tmp_path, PLACES)
