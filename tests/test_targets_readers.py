"""Tables of spending as users have them: NATO's workbook in several layouts, JSON-stat, CSV; and broken ones."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

import targets_kit as kit
from jointbuy import flow, law
from jointbuy.errors import Unusable
from jointbuy.formats import spending
from jointbuy.spending import Figure, Given, Table

EUROSTAT = flow.examples() / "targets-eurostat" / "gov_ev.json"


def read(folder: Path, name: str, data: bytes | str) -> Given:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return spending.read([path], law.places())


def refused(folder: Path, name: str, data: bytes | str) -> list[str]:
    with pytest.raises(Unusable) as error:
        read(folder, name, data)
    return [str(problem) for problem in error.value.problems]


def by_key(table: Table) -> dict[tuple[str, str, int, str | None, str], Figure]:
    return {(one.measure, one.country, one.year, one.currency, one.prices): one for one in table.figures}


# --- NATO -----------------------------------------------------------------------------------

CONSTANT = "prices and exchange rates of 2021"


LAYOUTS = [kit.new, kit.lined, kit.starred, kit.old, kit.aside]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("last", [2024, 2026])
def test_every_layout_gives_the_same_figures(tmp_path: Path, layout: Callable[..., Workbook], last: int) -> None:
    """Expected values are those of the kit: shares in per cent, money in millions, GDP 1000 bn."""
    (table,) = read(tmp_path, "defence.xlsx", kit.saved(layout(kit.tables(last)))).tables
    assert table.edition.name == f"NATO {last}"
    assert "NATO" in table.edition.credit
    found = by_key(table)
    for country, shares in kit.SHARES.items():
        for at, share in enumerate(shares):
            year, exact = last - 2 + at, Fraction(str(share)) / 100
            figure = found["share", country, year, None, CONSTANT]
            assert figure.published == exact
            # The table has two decimals, so that half of the second one is open.
            assert (figure.value.low, figure.value.high) == (exact - Fraction(1, 20000), exact + Fraction(1, 20000))
            assert figure.estimate == (at > 0)
            assert found["spent", country, year, "USD", CONSTANT].published == exact * 10**12
            assert found["spent", country, year, "USD", "current prices"].published == 2 * exact * 10**12
            assert found["gdp", country, year, "USD", CONSTANT].published == 10**12
            assert found["equipment", country, year, None, ""].published == Fraction(["10.5", "19.99", "20"][at]) / 100
    own = {
        country: {one.currency for one in table.figures if one.country == country} - {None, "USD"}
        for country in kit.SHARES
    }
    assert own == {"AL": {"ALL"}, "CA": {"CAD"}, "EE": {"EUR"}, "SK": {"EUR"}, "TR": {"TRY"}, "US": set()}
    assert len(table.figures) == 6 * 3 * 6


def test_whole_billions_are_rounded_ones(tmp_path: Path) -> None:
    """GDP of 1,000 bn in a table of whole billions is 999.5 to 1,000.5; spending in whole millions is half of one."""
    (table,) = read(tmp_path, "a.xlsx", kit.saved(kit.new(kit.tables(2025)))).tables
    found = by_key(table)
    gdp = found["gdp", "CA", 2025, "USD", CONSTANT].value
    assert (gdp.low, gdp.high) == (Fraction(9995 * 10**8), Fraction(10005 * 10**8))
    spent = found["spent", "CA", 2025, "USD", CONSTANT].value  # 2.05 % of 1000 bn
    assert (spent.low, spent.high) == (Fraction(20_499_500_000), Fraction(20_500_500_000))


def test_years_without_a_mark_are_doubted(tmp_path: Path) -> None:
    (table,) = read(tmp_path, "a.xlsx", kit.saved(kit.new(kit.tables(2025, estimates=0)))).tables
    assert any('no year bears an "e"' in note for note in table.notes)


def test_a_table_without_a_country_is_refused(tmp_path: Path) -> None:
    made = kit.tables(2025)
    for row in made["3"][1][0][1][1:]:
        row[0] = None
    told = refused(tmp_path, "a.xlsx", kit.saved(kit.new(made)))
    assert any("Table 3 has no figures of a country" in line for line in told), told


def test_full_precision_is_exact_and_a_short_number_in_it_was_rounded(tmp_path: Path) -> None:
    made = kit.tables(2025)
    made["3"][1][0][1][1][1:] = [1.330681866, 1.14864463, 1.75]
    (table,) = read(tmp_path, "a.xlsx", kit.saved(kit.new(made))).tables
    shares = {one.year: one.value for one in table.figures if one.measure == "share" and one.country == "AL"}
    assert shares[2023].low == shares[2023].high == Fraction("1.330681866") / 100
    assert (shares[2025].low, shares[2025].high) == (Fraction("1.745") / 100, Fraction("1.755") / 100)


def test_a_per_cent_format_is_read_as_it_is_shown(tmp_path: Path) -> None:
    book = kit.new(kit.tables(2025))
    cell = book["Table 8a"].cell(5, 2)
    cell.value, cell.number_format = 0.105, "0.0%"
    (table,) = read(tmp_path, "a.xlsx", kit.saved(book)).tables
    assert by_key(table)["equipment", "AL", 2023, None, ""].published == Fraction(105, 1000)


def test_without_table_5_the_gdp_is_missed_and_nothing_else(tmp_path: Path) -> None:
    made = kit.tables(2025)
    del made["5"]
    (table,) = read(tmp_path, "a.xlsx", kit.saved(kit.new(made))).tables
    assert not [one for one in table.figures if one.measure == "gdp"]
    assert any("no GDP" in note for note in table.notes)


def test_absent_is_not_zero(tmp_path: Path) -> None:
    made = kit.tables(2025)
    made["3"][1][0][1][2][1] = ".."
    made["3"][1][0][1][2][2] = None
    (table,) = read(tmp_path, "a.xlsx", kit.saved(kit.new(made))).tables
    assert [one.year for one in table.figures if one.measure == "share" and one.country == "CA"] == [2025]


def dropped(made: kit.Tables) -> None:
    del made["3"]


def renamed(made: kit.Tables) -> None:
    made["3"][1][0] = ("Per head", made["3"][1][0][1])
    made["3"][1][1] = ("Real change", made["3"][1][1][1])


def other_edition(made: kit.Tables) -> None:
    made["3"][1][0][1][0] = ["", "2022", "2023", "2024e"]
    made["3"][1][1][1][0] = ["", "2022", "2023", "2024e"]


def no_country(made: kit.Tables) -> None:
    made["3"][1][0][1][1][0] = "Albanai"


def twice(made: kit.Tables) -> None:
    made["3"][1][0][1][2][0] = "Albania"


def words_in_a_cell(made: kit.Tables) -> None:
    made["1"][1][0][1][1][1] = "about 5"


def too_large(made: kit.Tables) -> None:
    made["3"][1][0][1][1][1] = 250


def parts_of_one(made: kit.Tables) -> None:
    for row in made["3"][1][0][1][1:]:
        row[1:] = [cell / 100 for cell in row[1:]]


def no_unit(made: kit.Tables) -> None:
    made["2"] = ("Defence expenditure (US dollars)", made["2"][1])


def an_error(made: kit.Tables) -> None:
    made["3"][1][0][1][1][1] = "=1/0"


BROKEN = {
    dropped: r"Table 3 has no block on .share of real GDP.: found: tables 1, 2, 5, 8a; this layout is not known",
    renamed: r"Table 3!A4: Table 3 has no block on .share of real GDP.: found: .Per head., .Real change.",
    other_edition: r"Table 3!D4: the tables of this workbook are of different editions: Table 1 ends in 2025e "
    r"\(Table 1!D4\); Table 3 ends in 2024e \(Table 3!D4\); tables of two editions are never mixed",
    no_country: r'Table 3!A5: "Albanai" is not a country; did you mean "Albania"',
    twice: r'Table 3!A6: "Albania" stands twice: row 5 has it too; keep one',
    words_in_a_cell: r'Table 1!B5: the cell holds "about5": a number is expected',
    too_large: r"Table 3!B5: a share is 250: it lies between 0 and 100 per cent",
    parts_of_one: r"Table 3!A4: the shares are not in per cent: the largest is below 0.2",
    no_unit: r"Table 2!A4: Table 2 does not say its unit: neither million nor billion",
    an_error: r"Table 3!B5: the formula has no calculated value",
}


@pytest.mark.parametrize("breaks", BROKEN, ids=lambda breaks: breaks.__name__)
def test_a_workbook_of_another_layout_is_refused_with_what_was_found(
    tmp_path: Path, breaks: Callable[[kit.Tables], None]
) -> None:
    made = kit.tables(2025)
    breaks(made)
    told = refused(tmp_path, "a.xlsx", kit.saved(kit.new(made)))
    assert any(re.search(BROKEN[breaks], line) for line in told), told


def test_every_problem_is_told_in_one_run(tmp_path: Path) -> None:
    made = kit.tables(2025)
    too_large(made)
    words_in_a_cell(made)
    no_country_row = made["8a"][1][0][1][3]
    no_country_row[0] = "Atlantis"
    told = refused(tmp_path, "a.xlsx", kit.saved(kit.new(made)))
    assert [line.split(":")[1] for line in told] == ["Table 1!B5", "Table 3!B5", "Table 8a!A7"]


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return file.getvalue()


def other_book() -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.append(["part", "quantity", "unit_cost"])
    return kit.saved(book)


def with_macro() -> bytes:
    file = io.BytesIO(kit.saved(kit.new(kit.tables(2025))))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (bomb, "packed more tightly than real ones"),
        (other_book, "this is not NATO's workbook on defence expenditure"),
        (with_macro, "macros"),
        (lambda: b"PK\x03\x04 and nothing more", "damaged or not a workbook"),
        (lambda: b"\xd0\xcf\x11\xe0" + b"0" * 600, "protected by a password or in the old .xls form"),
    ],
    ids=["bomb", "another workbook", "macro", "broken archive", "old form"],
)
def test_hostile_workbooks_are_refused(tmp_path: Path, data: Callable[[], bytes], words: str) -> None:
    (told,) = refused(tmp_path, "a.xlsx", data())
    assert words in told


# --- Eurostat -------------------------------------------------------------------------------


def test_json_stat_is_read_by_its_dimensions() -> None:
    """Values as they stand in the data set: Estonia 2025 spent 1746.4 m EUR, 4.2 % of GDP, and invested 661.3 m EUR."""
    (table,) = spending.read([EUROSTAT], law.places()).tables
    assert table.edition.name == "Eurostat gov_ev 2026-04-27"
    assert "not NATO's definition" in table.edition.definition
    found = by_key(table)
    spent = found["spent", "EE", 2025, "EUR", "current prices"]
    assert (spent.published, spent.value.low, spent.value.high) == (1746400000, 1746350000, 1746450000)
    share = found["share", "EE", 2025, None, "current prices"]
    assert (share.published, share.value.low, share.value.high) == tuple(Fraction(n, 10000) for n in (420, 415, 425))
    part = found["equipment", "EE", 2025, None, "current prices"]
    assert part.published == Fraction(6613, 17464)
    assert (part.value.low, part.value.high) == (Fraction(66125, 174645), Fraction(66135, 174635))
    assert ("share", "GR", 2021, None, "current prices") in found  # EL there
    assert ("share", "ES", 2025, None, "current prices") not in found  # no value is no zero
    assert {one.country for one in table.figures} == {"EE", "GR", "ES", "FR", "LT", "PL"}  # the aggregate is left out


def changed(change: Callable[[Any], None]) -> str:
    document = json.loads(EUROSTAT.read_text(encoding="utf-8"))
    change(document)
    return json.dumps(document)


def test_values_as_a_list_and_flags(tmp_path: Path) -> None:
    def as_list(document: Any) -> None:
        sparse = document["value"]
        document["value"] = [sparse.get(str(at)) for at in range(140)]
        document["status"] = {str(at): "p" for at in range(140) if at % 5 == 4}

    (table,) = read(tmp_path, "a.json", changed(as_list)).tables
    (same,) = spending.read([EUROSTAT], law.places()).tables
    assert [one.published for one in table.figures] == [one.published for one in same.figures]
    assert {one.year for one in table.figures if one.estimate} == {2025}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["extension"].update(id="NAMA_10_GDP"), "this is not Eurostat's data set gov_ev"),
        (lambda d: d.pop("updated"), "does not say when it was updated"),
        (lambda d: d.update(size=[1, 1, 2, 2, 7]), "names no dimensions"),
        (lambda d: d["size"].__setitem__(5, 6), "the categories of time do not number 6"),
        (lambda d: d["dimension"]["expend"]["category"].update(index={"GF02": 0}), "expend lacks DEF"),
        (lambda d: d["id"].__setitem__(4, "region"), "it lacks the dimension geo"),
        (lambda d: d["value"].update({"140": 1.0}), "a value stands beyond its dimensions"),
        (lambda d: d["value"].update({"0": "many"}), "a value is no number"),
        (lambda d: d["value"].update({"0": 10**30}), "a value is no number"),
        (lambda d: d.update(value=None), "it holds no values"),
        (lambda d: d["dimension"].update(geo=3), "the categories of geo do not number 7"),
    ],
)
def test_json_stat_that_is_not_what_it_should_be(tmp_path: Path, change: Callable[[Any], None], words: str) -> None:
    told = refused(tmp_path, "a.json", changed(change))
    assert any(words in line for line in told), told


@pytest.mark.parametrize(
    "text", ["{" * 100_000, '{"a": NaN}', '{"class": "dataset", "class": "x"}', "[]", '{"bomFormat": "CycloneDX"}', "{"]
)
def test_hostile_json_is_refused(tmp_path: Path, text: str) -> None:
    assert len(refused(tmp_path, "a.json", text)) == 1


# --- CSV and plans --------------------------------------------------------------------------

HEAD = "country,year,edition,currency,spent,gdp,share,equipment,related,estimate\n"


def test_a_csv_of_figures(tmp_path: Path) -> None:
    given = read(tmp_path, "a.csv", HEAD + "Canada,2026e,Mine,CAD,35.01,1000,,20 %,1.6,\nEL,2025,Mine,,,,3.5 %,,,no\n")
    (table,) = given.tables
    found = {(one.country, one.measure): one for one in table.figures}
    assert (found["CA", "spent"].published, found["CA", "spent"].currency) == (Fraction(3501, 100), "CAD")
    assert found["CA", "gdp"].estimate
    assert found["GR", "share"].published == Fraction(35, 1000)
    assert not found["GR", "share"].estimate
    assert found["CA", "related"].published == Fraction(16, 1000)


BAD_ROWS = {
    "Atlantis,2025,M,,,,2,,,": "country is",
    "CA,25,M,,,,2,,,": "year is",
    "CA,2025,,,,,2,,,": "edition is empty",
    "CA,2025,M,,5,,,,,": "currency is empty: spent is money",
    "CA,2025,M,XXX,5,,,,,": "currency is",
    "CA,2025,M,CAD,-5,,,,,": "spent is",
    "CA,2025,M,CAD,1e29,,,,,": "spent is",
    "CA,2025,M,,,,103,,,": "share is",
    "CA,2025,M,,,,0.035,,,": "it may be per cent or a part of one",
    "CA,2025,M,,,,,,,": "this row states nothing",
    'CA,2025,M,,,,"2,5",,,': "a comma may mark decimals or thousands",
    "CA,2025,M,,,,2,,,,,7": "a cell stands beyond the header",
}


def test_every_bad_row_of_a_csv_is_told_with_its_line(tmp_path: Path) -> None:
    rows = [row.replace("2025", str(2000 + at)) for at, row in enumerate(BAD_ROWS)]  # each of a year of its own
    told = refused(tmp_path, "a.csv", HEAD + "\n".join(rows) + "\nCA,2024,M,,,,2,,,\nCA,2024,M,,,,2,,,\n")
    for line, (row, words) in enumerate(BAD_ROWS.items(), 2):
        assert any(one.startswith(f"a.csv:{line}: ") and words in one for one in told), (row, told)
    assert any("stand twice: line 14" in one for one in told)


def test_a_wide_csv_takes_its_last_year_for_its_edition(tmp_path: Path) -> None:
    text = "Country,2023,2024e\nCanada,1.327219657,1.471471309\nSlovak Republic,1.84,1.96\nNATO Total,2.4,2.6\n"
    (table,) = read(tmp_path, "wide.csv", text).tables
    assert table.edition.name == "table to 2024e"
    found = {(one.country, one.year): one for one in table.figures}
    assert found["CA", 2024].estimate
    assert found["CA", 2024].value.known
    assert (found["SK", 2024].value.low, found["SK", 2024].value.high) == (Fraction("0.01955"), Fraction("0.01965"))
    assert {country for country, _ in found} == {"CA", "SK"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Country,2023,2024e\nAtlantis,1,2\n", "a.csv:2: Country is"),
        ("Country,2023,2024e\nCanada,x,2\n", "a.csv:2: 2023 is"),
        ("Name,2023,2024e\nCanada,1,2\n", "the header cannot be read"),
        ("a,b\n1,2\n", "there is no column"),
        ("state,year,amount,currency,loan\nLT,2026,5.00,EUR,6.00\n", "loan is more than the amount"),
        ("state,year,amount,currency\nLT,2026,5.001,EUR\n", "no whole number of cents"),
        ("buyer,supplier,what,base,share,source\nCA,US,luck,all,5,me\n", "it is no kind of dependence"),
        ("buyer,supplier,what,base,share,source\nCA,US,imports,all,0.52,me\n", "write 0.52 % or 52 %"),
        ("buyer,supplier,what,base,share,source\nCA,US,imports,all,1,me\n", "write 1 % or 100 %"),
        ("SECRET UE/EU SECRET\n", "the file is marked"),
        ("", "the table is empty"),
        ("country,year,edition\n\x00", "a control character stands here"),
    ],
)
def test_a_bad_csv_is_refused(tmp_path: Path, text: str, words: str) -> None:
    told = refused(tmp_path, "a.csv", text)
    assert any(words in one for one in told), told


def test_what_a_plan_makes_a_state_pay(tmp_path: Path) -> None:
    plan = {
        "plan": "P",
        "currency": "EUR",
        "allocation": [
            {"state": "EE", "year": 2027, "amount": 100},
            {"state": "EE", "year": 2027, "amount": 23},
            {"state": "LV", "year": 2027, "amount": 5},
        ],
        "draws": [{"state": "EE", "year": 2027, "amount": 70}],
    }
    planned = read(tmp_path, "plan.json", json.dumps(plan)).planned
    assert [(one.state, one.year, one.amount, one.loan) for one in planned] == [
        ("EE", 2027, 123, 70),
        ("LV", 2027, 5, 0),
    ]
    plan["allocation"][0]["amount"] = 1.5  # type: ignore[index]
    assert "allocation[0]: this row cannot be read" in refused(tmp_path, "plan.json", json.dumps(plan))[0]


def test_files_that_are_not_there_and_two_of_one_name(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for folder in (tmp_path, tmp_path / "b"):
        (folder / "a.csv").write_text(HEAD + "CA,2025,M,,,,2,,,\n", encoding="utf-8")
    with pytest.raises(Unusable) as error:
        spending.read([tmp_path / "a.csv", tmp_path / "b" / "a.csv", tmp_path / "no.csv", tmp_path / "b"], law.places())
    told = [str(problem) for problem in error.value.problems]
    assert len(told) == 3
    assert "two files are called" in told[0]
