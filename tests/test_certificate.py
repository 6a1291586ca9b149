"""The VAT exemption certificate (Art. 20): who gets one, what it says, and what it must not say."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from jointbuy import flow
from jointbuy.certificate import certificates
from jointbuy.cli import main
from jointbuy.errors import JointbuyError
from jointbuy.report import certificate

EXAMPLES = Path(__file__).parents[1] / "examples"
MISSILE = EXAMPLES / "missile"


def changed(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The missile with passages of its file exchanged."""
    folder = tmp_path / "purchase"
    shutil.copytree(MISSILE, folder)
    path = folder / "purchase.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return folder


def words(page: str) -> str:
    """The page's text as it is read."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<body>")[2]).split())


def test_each_authority_of_a_member_state_gets_one_with_what_it_buys() -> None:
    """640 and 360 missiles at 146,000.00 each: 93,440,000.00 and 52,560,000.00."""
    case, found = flow.certify(MISSILE)
    assert [(one.country, one.items[0].total and one.items[0].total.minor) for one in found] == [
        ("LT", 9_344_000_000),
        ("BE", 5_256_000_000),
    ]
    lithuania, belgium = certificate.pages(case, found).values()
    assert "93\u202f440\u202f000.00" in lithuania
    assert "52\u202f560\u202f000.00" in belgium
    assert "DE000000000" in lithuania
    assert found[0].blanks == ()
    assert found[1].blanks == ("buyers street", "buyers place", "buyers tax_authority")


def test_a_buyer_outside_the_union_gets_none(tmp_path: Path) -> None:
    """Norway's VAT is not that of Directive 2006/112/EC."""
    norway = changed(
        tmp_path,
        ("  - country: BE\n", "  - country: NO\n"),
        ("    borrows: yes\n    loan:\n      council_decision: 2026-02-11\n", "    borrows: no\n"),
    )
    assert [one.country for one in flow.certify(norway)[1]] == ["LT"]


def test_what_is_not_eligible_is_not_declared_to_be_financed() -> None:
    with pytest.raises(JointbuyError, match="not eligible"):
        flow.certify(EXAMPLES / "howitzer")


def test_nothing_is_guessed(tmp_path: Path) -> None:
    """The contract's value by its number of pieces is not a price: it may hold spares and training."""
    folder = changed(tmp_path, ("    price: 146000.00\n", ""))
    case, found = flow.certify(folder)
    assert found[0].items[0].price is None
    assert found[0].items[0].total is None
    assert "end_products price" in found[0].blanks
    assert "93" not in words(certificate.page(case, found[0])).partition("What is acquired")[2]


def test_of_two_contractors_nobody_knows_who_delivers_how_many(tmp_path: Path) -> None:
    folder = changed(tmp_path, ("contractors: [MLF]", "contractors: [MLF, ERM]"))
    found = flow.certify(folder)[1]
    assert [(one.id, one.items[0].quantity) for one in found] == [
        ("1-LT-MLF", None),
        ("2-LT-ERM", None),
        ("3-BE-MLF", None),
        ("4-BE-ERM", None),
    ]


def test_a_price_in_another_currency_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = changed(tmp_path, ("    price: 146000.00", "    price: 146000.00 USD"))
    assert main(["certificate", str(folder), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert "USD" in told
    assert "purchase.yaml" in told
    assert not (tmp_path / "out").exists()


def test_a_name_is_neither_markup_nor_a_path(tmp_path: Path) -> None:
    evil = "<script>x</script>"
    folder = changed(
        tmp_path,
        ("Example Defence Materiel Agency, Vilnius", f"'{evil}'"),
        ("id: MLF", "id: '../MLF'"),
        ("contractors: [MLF]", "contractors: ['../MLF']"),
        ("contractor: MLF", "contractor: '../MLF'"),
    )
    case, found = flow.certify(folder)
    pages = certificate.pages(case, found)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in pages)
    assert evil not in "".join(pages.values())


def test_the_verb_writes_them_and_says_what_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["certificate", str(MISSILE), "--out", str(tmp_path / "forms")]) == 0
    told = capsys.readouterr().out
    assert sorted(path.name for path in (tmp_path / "forms").iterdir()) == [
        "vat-certificate-1-LT-MLF.html",
        "vat-certificate-2-BE-MLF.html",
    ]
    assert "buyers tax_authority" in told


def test_who_only_intends_to_take_part_gets_none() -> None:
    purchase = flow.check(MISSILE).purchase
    lithuania, belgium = purchase.buyers
    intends = replace(purchase, buyers=(lithuania, replace(belgium, participation="declared intention")))
    assert [one.country for one in certificates(intends, {"LT", "BE"})] == ["LT"]


def test_who_does_not_borrow_is_warned_on_page_and_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = changed(
        tmp_path, ("    borrows: yes\n    loan:\n      council_decision: 2026-02-11\n", "    borrows: no\n")
    )
    case, found = flow.certify(folder)
    without = next(one for one in found if one.borrows is False)
    assert "not said to pay with a SAFE loan" in words(certificate.page(case, without))
    assert main(["certificate", str(folder), "--out", str(tmp_path / "forms")]) == 0
    assert f"{without.country} is not said to pay with a SAFE loan" in " ".join(capsys.readouterr().out.split())


def test_an_open_verdict_is_told_on_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = changed(tmp_path, ("bill_of_materials:", "# bill_of_materials:"))
    assert main(["certificate", str(folder), "--out", str(tmp_path / "forms")]) == 0
    assert "bill_of_materials is not stated" in capsys.readouterr().out.lower()
