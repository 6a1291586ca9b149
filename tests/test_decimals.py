"""Which sign marks decimals: what a number tells by itself, by its column and by its file, in small and large bills."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from formats_kit import GOOD, bad, book, good
from jointbuy.formats import bill

BOOK = GOOD.replace("bom.csv", "bom.xlsx")


@pytest.fixture(params=[0, 10**12], ids=["by columns", "row by row"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both readers, where the extra `large` is there."""
    monkeypatch.setattr(bill, "LARGE", request.param)


def costs(folder: Path, text: str | bytes) -> tuple[Fraction | None, ...]:
    found = good(folder, bill=text).bom
    assert found is not None
    return tuple(found.sources.price_low)


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("1,234.50", "1234.5"),
        ("1,234,567", "1234567"),
        ("1'234.50", "1234.5"),
        ("12’345", "12345"),
        ("12.5", "12.5"),
        ("0.125", "0.125"),
        ("1.234", "1.234"),
        ("1.234,50", "1234.5"),
        ("1.234.567", "1234567"),
        ("12,5", "12.5"),
        ("0,125", "0.125"),
        ("1'234,50", "1234.5"),
        ("1 234,50", "1234.5"),
        ("1,234.50 - 2,000.75", None),
    ],
)
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_what_a_number_tells_by_itself(tmp_path: Path, sign: str, written: str, means: str | None) -> None:
    """A point before three digits is in doubt only beside semicolons; the range has its low end in the first place."""
    rows = ["part", "quantity", "cost"], ["A", "1", f'"{written}"'], ["B", "1", "2"]
    text = "".join(sign.join(row) + "\n" for row in rows)
    if (written, sign) == ("1.234", ";"):
        (told,) = bad(tmp_path, bill=text)
        assert told.startswith('bom.csv:2: "cost" is "1.234": the file has semicolons between its values')
        assert "so the point here may mark thousands or decimals; write 1234, or 1.2340" in told
    else:
        assert costs(tmp_path, text) == (Fraction(means or "1234.5"), 2)


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    ("rows", "means"),
    [
        ("A;1;1.234\nB;1;12,5\n", ("1234", "12.5")),  # the column has decimal commas
        ("A;1;1.234\nB;1;12.5\n", ("1.234", "12.5")),  # the column has decimal points
        ("A;0.5;1.234\nB;1;2\n", ("1.234", "2")),  # the file has
        ("A;1,000;12,50\nB;2,500;3\n", ("12.5", "3")),  # SAP's quantities: three decimals beside costs of two
        ("A;0.5;1,234\nB;1;2\n", ("1234", "2")),
        ("A;1;1,234\nB;1;1,234.50\n", ("1234", "1234.5")),
    ],
)
def test_what_the_column_or_the_file_tells(tmp_path: Path, rows: str, means: tuple[str, ...]) -> None:
    assert costs(tmp_path, f"part;quantity;cost\n{rows}") == tuple(map(Fraction, means))


def test_quantities_of_three_decimals_beside_costs_with_commas(tmp_path: Path) -> None:
    found = good(tmp_path, bill="part;quantity;cost\nA;1,000;12,50\nB;2,500;3\n")
    assert found.bom is not None
    assert found.bom.quantity == (1, Fraction(5, 2))
    assert "bom.csv: numbers with a decimal comma were read as such in: quantity, cost" in found.notes


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("part;quantity;cost\nA;1;1,234\nB;1;2\n", "a comma may mark decimals or thousands"),
        ('part,quantity,cost\nA,1,"1,234"\nB,1,2\n', "a comma may mark decimals or thousands"),
        ("Teilenummer,Menge,Stückpreis\nA,1,1.234\nB,1,2\n", "is of a language that marks decimals with a comma"),
        ("Teilenummer\tMenge\tcost\nA\t1\t1.234\nB\t1\t2\n", "may mark thousands or decimals"),
        ("indeks;ilość;cena\nA;1;1.234\nB;1.000;2\n", "may mark thousands or decimals"),
        ("part;quantity;cost\nA;1;12,5\nB;1;12.5\n", "other numbers of this column have a decimal point"),
        ("part;quantity;cost\nA;1;1.234,50\nB;1;1,234.50\n", "other numbers of this column have a decimal point"),
        ("part;quantity;cost\nA;1.500;12,5\nB;1;2\n", '"cost" uses a decimal comma, so the point here may mark'),
    ],
)
def test_what_nothing_tells_is_asked(tmp_path: Path, text: str, told: str) -> None:
    assert any(told in line for line in bad(tmp_path, bill=text)), bad(tmp_path, bill=text)


def test_numbers_of_a_workbook_are_in_no_doubt_whatever_its_headers(tmp_path: Path) -> None:
    """1.234 kg in a cell of numbers is that; in a cell of text it is asked about."""
    head = ["Teilenummer", "Menge", "Stückpreis"]
    found = good(tmp_path, BOOK, book({"Teile": [head, ["A", 1.234, 12], ["B", 1, 1000]]}), "bom.xlsx")
    assert found.bom is not None
    assert found.bom.quantity == (Fraction("1.234"), 1)
    (told,) = bad(tmp_path, BOOK, book({"Teile": [head, ["A", 1, "1.234"], ["B", 1.5, 7]]}), "bom.xlsx")
    assert told.startswith('bom.xlsx:Teile!C2: "Stückpreis" is "1.234": the header')


@pytest.mark.parametrize("sign", ["\t", ";"])
def test_decimal_commas_in_utf_16(tmp_path: Path, sign: str) -> None:
    """As Excel saves "Unicode text"."""
    rows = ["Teilenummer", "Menge", "Stückpreis"], ["A", "1,5", "1.234,50"], ["B", "2", "7"]
    text = "".join(sign.join(row) + "\r\n" for row in rows)
    found = good(tmp_path, bill=text.encode("utf-16")).bom
    assert found is not None
    assert found.quantity == (Fraction(3, 2), 2)
    assert found.sources.price_low == (Fraction("1234.5"), 7)


@pytest.mark.usefixtures("reader")
def test_shares_have_decimal_commas_too(tmp_path: Path) -> None:
    """200 and 2.5 % of scrap are 205."""
    found = good(tmp_path, bill="part;quantity;cost;scrap %\nA;200;3;2,5\nB;1;3;\n").bom
    assert found is not None
    assert tuple(found.quantity) == (205, 1)
