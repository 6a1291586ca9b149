"""The workbook for those who never open YAML: written, filled in, read back without loss; and what goes wrong in it."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import openpyxl
import pytest

from draws import draws
from jointbuy import cli, flow, law
from jointbuy.errors import Unusable
from jointbuy.formats import read
from jointbuy.formats.convert import differences
from jointbuy.formats.decode import Decoder, is_record, slots_of
from jointbuy.formats.files import Content
from jointbuy.formats.problems import Problems
from jointbuy.formats.purchase_in import tree_of
from jointbuy.formats.purchase_out import workbook
from jointbuy.formats.sheets import layout
from jointbuy.model import Country, Currency, Purchase, Share
from jointbuy.money import Money
from jointbuy.yamltext import Where

PLACES = law.places()
EXAMPLES = Path(__file__).parents[1] / "examples"
NAMES = sorted(path.name for path in EXAMPLES.iterdir() if (path / "purchase.yaml").is_file())
BESIDE = {"bill_of_materials", "columns", "where"}
"""How the bill is found and called: its sheet has our own headers."""


def told(purchase: Purchase) -> dict[str, Any]:
    return {each.name: getattr(purchase, each.name) for each in fields(purchase) if each.name not in BESIDE}


@pytest.mark.parametrize("name", NAMES)
def test_an_example_comes_back_as_it_was(name: str, tmp_path: Path) -> None:
    before = read(EXAMPLES / name, PLACES)
    (tmp_path / "purchase.xlsx").write_bytes(workbook(before.purchase, before.bom, PLACES))
    after = read(tmp_path, PLACES)
    assert told(after.purchase) == told(before.purchase)
    assert before.bom is not None
    assert after.bom is not None
    assert differences(before.bom, after.bom) == ()
    one, two = (flow.decided(each, flow.paying(each.purchase), tried=False).verdict for each in (before, after))
    assert (one.outcome, one.summary, one.conditions) == (two.outcome, two.summary, two.conditions)


# --- any purchase ---------------------------------------------------------------------------

WORDS = [
    "A", "=1+1", "-x", "@y", "null", "~", "yes", "35 %", "Łódź & Söhne", "two\nlines", "'quoted'", "2026-02-14",
    "x" * 300,
]  # fmt: skip


def some(hint: Any, chance: random.Random, required: bool = True) -> Any:
    """A random value of a type."""
    if not required and chance.random() < 0.3:
        return None
    if is_record(hint):
        return hint(**{slot.name: field(slot, chance) for slot in slots_of(hint)})
    if get_origin(hint) is Literal:
        return chance.choice(get_args(hint))
    simple: dict[Any, Callable[[], Any]] = {
        str: lambda: chance.choice(WORDS),
        bool: lambda: chance.random() < 0.5,
        date: lambda: date(chance.randint(1990, 2060), chance.randint(1, 12), chance.randint(1, 28)),
        Fraction: lambda: Fraction(chance.randint(1, 10**12), chance.choice([1, 10, 1000, 8])),
        Share: lambda: Fraction(chance.randint(0, 10**6), 10**6),
        Money: lambda: Money(chance.randint(0, 10**17), "EUR"),
        Country: lambda: chance.choice(["DE", "NA", "XK", "CA", "GR", "NO"]),
        Currency: lambda: chance.choice(["EUR", "PLN", "CAD", "JPY"]),
    }
    return simple[hint]()


def field(slot: Any, chance: random.Random) -> Any:
    if slot.name == "columns":
        return None
    if not slot.many:
        found = some(slot.hint, chance, slot.required)
        # A record of nothing is a record not stated.
        hollow = is_record(slot.hint) and not slot.required and found == slot.hint()
        return None if hollow else found
    if not slot.required and slot.default is None and chance.random() < 0.3:
        return chance.choice([None, ()])
    members = tuple(some(slot.many, chance) for _ in range(chance.choice([1, 2, 3] if slot.required else [0, 1, 2, 3])))
    if slot.many is str:
        members = tuple(f"P{n}" for n in range(len(members)))
    if members and is_record(slot.many) and "id" in {each.name for each in slots_of(slot.many)}:
        members = tuple(replace(each, id=f"P{n}") for n, each in enumerate(members))
    if is_record(slot.many) and not any(each.required for each in slots_of(slot.many)):
        members = tuple(each for each in members if each != slot.many())
    if not members:
        return None if slot.default is None else ()
    return members


@pytest.mark.parametrize("seed", range(draws(30)))
def test_any_purchase_comes_back_as_it_was(seed: int) -> None:
    before = replace(some(Purchase, random.Random(seed)), bill_of_materials=None)
    problems = Problems()
    tree = tree_of(Content("purchase.xlsx", workbook(before, None, PLACES)), problems, [])
    assert tree is not None
    decoder = Decoder(PLACES, problems, "EUR")
    after = decoder.record(Purchase, tree, "", Where("purchase.xlsx", 1))
    assert problems.found == []
    assert told(after) == told(before)


# --- the template ---------------------------------------------------------------------------


def test_the_template_asks_for_everything_and_offers_every_word(tmp_path: Path) -> None:
    assert cli.main(["init", str(tmp_path / "new"), "--xlsx"]) == 0
    book = openpyxl.load_workbook(tmp_path / "new" / "purchase.xlsx")
    questions, sheets = layout()
    assert {sheet.title for sheet in sheets} | {"Read me", "Purchase", "Bill", "Lists"} == set(book.sheetnames)
    asked = {row[0].value: row[2].value for row in book["Purchase"].iter_rows(min_row=2)}
    assert set(asked) == {each.label for each in questions}
    for each in questions:
        assert each.slot.doc.partition(";")[0][:30] in asked[each.label]
    for sheet in sheets:
        labels = [cell.value for cell in book[sheet.title][1]]
        assert [label for label in labels if label != "of"] == [each.label for each in sheet.fields]
        offered = {column for rule in book[sheet.title].data_validations.dataValidation for column in columns_of(rule)}
        for each in sheet.fields:
            choice = get_origin(each.slot.hint) is Literal or each.slot.hint in {bool, Country, Currency}
            assert not choice or labels.index(each.label) + 1 in offered, (sheet.title, each.label)


def columns_of(rule: Any) -> set[int]:
    return {cells.min_col for cells in rule.sqref.ranges}


def test_the_template_is_the_same_every_time() -> None:
    assert workbook(None, None, PLACES) == workbook(None, None, PLACES)


def test_an_empty_template_tells_what_must_be_filled_in(tmp_path: Path) -> None:
    (tmp_path / "purchase.xlsx").write_bytes(workbook(None, None, PLACES))
    lines = problems_of(tmp_path)
    assert any("id is missing" in line for line in lines), lines
    assert any(line.startswith("purchase.xlsx:Purchase!B") and "contract.currency is missing" in line for line in lines)
    assert all(line.startswith("purchase.xlsx") for line in lines)


@cache
def missile() -> bytes:
    """The workbook of an example."""
    found = read(EXAMPLES / "missile", PLACES)
    return workbook(found.purchase, found.bom, PLACES)


@pytest.fixture
def book(tmp_path: Path) -> Any:
    """The workbook of an example, to be spoilt; `save()` puts it where `read` looks."""
    made = openpyxl.load_workbook(io.BytesIO(missile()))
    made.save_here = lambda: made.save(tmp_path / "purchase.xlsx")
    return made


def row_of(book: Any, label: str) -> int:
    return next(row[0].row for row in book["Purchase"].iter_rows() if row[0].value == label)


def column_of(book: Any, sheet: str, label: str) -> int:
    return next(cell.column for cell in book[sheet][1] if cell.value == label)


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(Unusable) as caught:
        read(folder, PLACES)
    return [str(problem) for problem in caught.value.problems]


def test_what_spreadsheets_make_of_days_numbers_and_truth_is_read(book: Any, tmp_path: Path) -> None:
    before = read(EXAMPLES / "missile", PLACES).purchase
    answer = book["Purchase"].cell(row_of(book, "events: signature"), 2)
    answer.value, answer.number_format = datetime(2026, 8, 27), "dd/mm/yyyy"  # noqa: DTZ001
    access = book["Subcontracts"].cell(3, column_of(book, "Subcontracts", "classified access"))
    access.value = before.subcontracts[0].classified_access  # type: ignore[index]
    book.create_sheet("My notes")["A1"] = "call the ministry"
    book["Parties"].insert_cols(2)
    book.save_here()
    after = read(tmp_path, PLACES)
    assert told(after.purchase) == told(before)
    assert any("My notes" in note for note in after.notes)


def spoil(sheet: str, label: str, value: Any, row: int = 3) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        if sheet == "Purchase":
            book[sheet].cell(row_of(book, label), 2).value = value
        else:
            book[sheet].cell(row, column_of(book, sheet, label)).value = value

    return change


def renamed(book: Any) -> None:
    book["Buyers"].title = "Käufer"


def without_questions(book: Any) -> None:
    del book["Purchase"]


def append(sheet: str, *rows: list[Any]) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        for row in rows:
            book[sheet].append(row)

    return change


def headed(book: Any) -> None:
    book["Buyers"].cell(1, 20).value = "countri"


SPOILT = {
    "an unknown country": (spoil("Buyers", "country", "Germny"), "Buyers!A3", "did you mean"),
    "a day in another order": (spoil("Purchase", "events: signature", "27.08.2026"), "Purchase!B", "year-month-day"),
    "a word outside the list": (spoil("Buyers", "participation", "maybe"), "Buyers!", "signed"),
    "neither yes nor no": (spoil("Buyers", "borrows", "perhaps"), "Buyers!", "write yes, no or unknown"),
    "a share over 100": (spoil("Subcontracts", "share", "350 %"), "Subcontracts!", "between 0 and 100"),
    "a share as a number": (spoil("Subcontracts", "share", 0.2), "Subcontracts!", "write 35 % as text"),
    "an unknown party": (spoil("Subcontracts", "subcontractor", "NOBODY"), "Subcontracts!", "no party has this id"),
    "a party twice": (append("Parties", ["A"], ["A"]), "Parties!A", "twice"),
    "an owner of nobody": (append("Owners", ["GHOST", "X"]), "Owners!A", "no row of Parties has this id"),
    "none, and rows": (spoil("Purchase", "subcontracts", "none"), "Purchase!B", "has rows"),
    "something else than none": (spoil("Purchase", "subcontracts", "two"), "Purchase!B", "only none can stand here"),
    "a column nobody knows": (headed, "Buyers!T1", "did you mean"),
    "a question nobody asks": (append("Purchase", ["colour", "red"]), "Purchase!A", "not a field"),
    "a question asked twice": (append("Purchase", ["id", "again"]), "Purchase!A", "asked twice"),
    "a sheet renamed": (renamed, "", "Buyers is missing"),
    "no sheet of questions": (without_questions, "", "there is no sheet Purchase"),
    "a formula never calculated": (spoil("Purchase", "id", "=A1"), "Purchase!B", "a formula here has no value"),
    "a marking": (append("Purchase", [None, "NATO SECRET"]), "Purchase!B", "classified files are not read"),
    "a bill named twice": (spoil("Purchase", "bill of materials", "bom.csv"), "Purchase!B", "keep one of the two"),
    "a cost in words": (spoil("Bill", "unit_cost", "soon"), "Bill!", "soon"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_workbook_names_its_cell(name: str, book: Any, tmp_path: Path) -> None:
    change, place, words = SPOILT[name]
    change(book)
    book.save_here()
    lines = problems_of(tmp_path)
    assert any(line.startswith("purchase.xlsx" + (f":{place}" if place else "")) and words in line for line in lines), (
        lines
    )


def test_two_purchases_in_one_folder_are_refused(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "missile", tmp_path / "p")
    (tmp_path / "p" / "purchase.xlsx").write_bytes(workbook(None, None, PLACES))
    (line,) = problems_of(tmp_path / "p")
    assert "purchase.yaml and purchase.xlsx" in line


def test_what_a_cell_cannot_hold_is_refused() -> None:
    found = read(EXAMPLES / "missile", PLACES).purchase
    with pytest.raises(Unusable, match="cannot hold"):
        workbook(replace(found, title="a\x01b"), None, PLACES)
    with pytest.raises(Unusable, match="semicolon"):
        workbook(replace(found, contract=replace(found.contract, contractors=("A;B",))), None, PLACES)


def test_libreoffice_saves_it_and_nothing_is_lost(tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    before = read(EXAMPLES / "missile", PLACES)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "purchase.xlsx").write_bytes(workbook(before.purchase, before.bom, PLACES))
    command = [office, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", "xlsx"]
    command += ["--outdir", str(tmp_path / "out"), str(tmp_path / "in" / "purchase.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    after = read(tmp_path / "out", PLACES)
    assert told(after.purchase) == told(before.purchase)
    assert before.bom is not None
    assert after.bom is not None
    assert differences(before.bom, after.bom) == ()


def test_its_bill_can_be_converted(tmp_path: Path) -> None:
    found = read(EXAMPLES / "missile", PLACES)
    (tmp_path / "purchase.xlsx").write_bytes(workbook(found.purchase, found.bom, PLACES))
    for source in (tmp_path, tmp_path / "purchase.xlsx", tmp_path / "purchase.xlsx#Bill"):
        target = tmp_path / f"{len(list(tmp_path.iterdir()))}.csv"
        assert cli.main(["convert", str(source), str(target)]) == 0
        assert target.read_text(encoding="utf-8-sig").startswith("part,")
