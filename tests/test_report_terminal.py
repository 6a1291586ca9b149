"""The verdict as text: golden pages, and the figures that must never look like something they are not."""

from __future__ import annotations

import dataclasses
import random
import textwrap
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import sample_case
from golden import check_golden
from jointbuy.exact import Range, exactly
from jointbuy.model import Country
from jointbuy.report import figures, terminal
from jointbuy.report.layout import bar, finish, in_ascii, length, paint, wrap
from jointbuy.result import Case, Control

CASES = {name: getattr(sample_case, name) for name in ("eligible", "not_eligible", "undetermined")}
LIMIT = Fraction(35, 100)
SHARES = st.fractions(min_value=0, max_value=1, max_denominator=10**9)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", CASES)
def test_verdict_reads_as_approved(name: str, width: int) -> None:
    check_golden(f"{name}-{width}.txt", terminal.verdict(CASES[name](), colour=False, width=width))


def test_content_and_control_read_as_approved() -> None:
    case = CASES["undetermined"]()
    check_golden("content-80.txt", terminal.content(case, colour=False, width=80))
    check_golden("content-missing-80.txt", terminal.content(case, colour=False, width=80, missing=True))
    check_golden("control-80.txt", terminal.control(case, colour=False, width=80))


@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.parametrize("name", CASES)
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    text = terminal.verdict(CASES[name](), colour=False, width=width)
    assert max(len(line) for line in text.splitlines()) <= width


@pytest.mark.parametrize("name", CASES)
def test_in_plain_signs_every_line_keeps_its_width(name: str) -> None:
    text = terminal.verdict(CASES[name](), colour=False, width=80)
    plain = in_ascii(text)
    assert plain.isascii()
    assert [len(line) for line in plain.splitlines()] == [len(line) for line in text.splitlines()]
    if name == "eligible":
        check_golden("eligible-80-ascii.txt", plain)


def test_colour_adds_nothing_but_colour() -> None:
    import re

    coloured = terminal.verdict(CASES["eligible"](), colour=True, width=80)
    assert "\x1b[32m" in coloured
    stripped = "\n".join(line.rstrip() for line in re.sub(r"\x1b\[\d+m", "", coloured).split("\n"))
    assert stripped == terminal.verdict(CASES["eligible"](), colour=False, width=80)


def test_a_file_cannot_steer_the_terminal() -> None:
    case = CASES["eligible"]()
    evil = dataclasses.replace(case.purchase, title="Tanks\x1b[2J\x07 and‮ more\r\nlines")
    text = terminal.verdict(dataclasses.replace(case, purchase=evil), colour=False, width=80)
    assert not {"\x1b", "\x07", "\r", "‮"} & set(text)


def test_a_purchase_without_a_bill_has_no_share() -> None:
    case = dataclasses.replace(CASES["eligible"](), content=None)
    assert figures.products(case) == ()
    assert "WHERE THE VALUE COMES FROM" not in terminal.verdict(case, colour=False, width=80)
    assert "no bill of materials" in terminal.content(case, colour=False, width=80)


def told(case: Case) -> str:
    """The verdict as one line, so that wrapping hides nothing."""
    return " ".join(terminal.verdict(case, colour=False, width=100).split())


def test_an_undetermined_verdict_says_what_to_state() -> None:
    case = CASES["undetermined"]()
    text = terminal.verdict(case, colour=False, width=100)
    assert text.index("WHAT MUST STILL BE SETTLED") < text.index("FACTS TO STATE") < text.index("UNKNOWN (1)")
    assert "· origin of components Art. 16(10) · bill-of-materials.csv:2" in told(case)
    assert "FACTS TO STATE" not in told(CASES["eligible"]())


def test_a_finding_names_its_rule_and_what_does_not_apply_its_reason() -> None:
    text = told(CASES["eligible"]())
    assert "safe.art12_last_payment · purchase.yaml:6" in text
    assert "ground combat is in category one" in text
    assert "nothing stands against it" in text


def test_where_an_agreement_decides_its_numbers_are_shown() -> None:
    case = CASES["not_eligible"]()
    findings = (*case.verdict.findings, sample_case.CANADA)
    verdict = dataclasses.replace(case.verdict, outcome="eligible", findings=findings, unverified=("a clause",))
    text = told(dataclasses.replace(case, verdict=verdict))
    assert "with 1 condition to settle (rests on unverified law)" in text
    assert "71.90 % against at least 20 %; margin 51.90 points" in text
    assert "The ordinary limit is not met, but not needed: the agreement decides." in text
    assert "RESTS ON UNVERIFIED LAW · a clause" in text


def test_readings_that_matter_come_first() -> None:
    case = CASES["eligible"]()
    outcomes = (("full trace", "undetermined"), ("replaceable unit", "eligible"))
    one = dataclasses.replace(case.verdict.readings[0], matters=True, outcomes=outcomes)
    other = dataclasses.replace(one, id="another", matters=False, outcomes=())
    both = dataclasses.replace(case.verdict, readings=(other, one))
    text = told(dataclasses.replace(case, verdict=both))
    assert "READINGS THAT MATTER What is a component" in text
    assert "component-method=first level; full trace would make it undetermined Also taken" in text
    assert "Also taken, without effect here: another=first level" in text
    assert "READINGS Taken, without effect here: component-method=first level" in told(case)


def test_a_supplier_is_named_where_the_purchase_knows_it() -> None:
    case = CASES["undetermined"]()
    line = dataclasses.replace(case.verdict.missing[0], supplier="muster")
    text = told(dataclasses.replace(case, verdict=dataclasses.replace(case.verdict, missing=(line,))))
    assert "Gearbox (GEARBOX), Muster Fahrzeugbau GmbH (muster)" in text


def test_control_from_a_partner_is_told() -> None:
    case = CASES["eligible"]()
    maple = dataclasses.replace(case.control.parties["placeholder"], country=Country("CA"))
    parties = {**case.control.parties, "placeholder": maple}
    text = terminal.control(dataclasses.replace(case, control=Control(parties)), colour=False, width=100)
    assert text.count("counts as inside under the Agreement with Canada") == 1
    assert "CA counts as inside" in text


# --- figures --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Fraction(35, 100), "35.00 %"),
        (Fraction(350000001, 10**9), "35.0000001 %"),
        (Fraction(349999999, 10**9), "34.9999999 %"),
        (Fraction(3334, 10000), "33.34 %"),
        (Fraction(1, 3), "33.33 %"),
        (Fraction(0), "0.00 %"),
        (Fraction(1, 10**7), "0.00001 %"),
        (Fraction(999999, 10**6), "99.9999 %"),
    ],
)
def test_a_share_never_looks_like_the_limit_it_misses(share: Fraction, shown: str) -> None:
    assert figures.percent(share, LIMIT).replace(figures.NBSP, " ") == shown


@given(SHARES)
def test_a_share_shown_as_the_limit_is_the_limit(share: Fraction) -> None:
    shown = Fraction(figures.percent(share, LIMIT).split(figures.NBSP)[0]) / 100
    assert (shown == LIMIT) == (share == LIMIT)
    assert abs(shown - share) <= Fraction(1, 20000)


@example(Fraction(4665, 5000), Fraction(14, 15), 20)
@given(SHARES, SHARES, st.integers(min_value=20, max_value=120))
def test_a_bar_has_its_width_and_never_hides_an_excess(one: Fraction, other: Fraction, cells: int) -> None:
    low, high = sorted((one, other))
    drawn, mark = bar(low, high, LIMIT, cells)
    assert length(drawn) == cells + 1
    assert mark is not None
    signs = finish([drawn], colour=False).strip().replace("┃", "")
    assert (signs.count("█") + signs.count("▒") > mark) == (high > LIMIT)
    assert ("█" in signs) == (low > 0)
    assert (signs.count("█") > mark) == (low > LIMIT)
    assert ("░" in signs) == (high < 1)


@pytest.mark.parametrize("name", CASES)
def test_figures_agree_with_the_finding(name: str) -> None:
    case: Case = CASES[name]()
    (product,) = figures.products(case)
    finding = next(each for each in figures.leaves(case.verdict.findings) if each.subject == "VEHICLE")
    assert product.standing is not None
    assert (product.outside, product.standing.margin) == (finding.value, finding.margin)
    assert product.standing.money == finding.margin_money
    assert sum((part.amount.high for part in product.by_group), Fraction(0)) == product.total.high


def test_one_cent_over_is_told_to_the_cent() -> None:
    (product,) = figures.products(CASES["not_eligible"]())
    assert product.standing is not None
    assert product.standing.money == Fraction(-1, 100)


def test_amounts_that_are_not_nothing_do_not_look_it() -> None:
    assert figures.amount(Fraction(1, 10000), "EUR") == f"0.0001{figures.NBSP}EUR"
    assert figures.amount(Fraction(-1234567), "JPY") == "-1 234 567 JPY".replace(" ", figures.NBSP)
    assert figures.points(exactly(Fraction(0))) == f"0.00{figures.NBSP}points"
    assert figures.points(Range(Fraction(-1, 1000), Fraction(1, 100))) == f"-0.10 to 1.00{figures.NBSP}points"


def test_text_is_broken_as_the_standard_library_breaks_it() -> None:
    chance = random.Random(8)
    parts = ["a", "bb", "x" * 30, " ", " ", " ", "\t", "\n", "\u00a0", "—", "up-to-date", paint("bold", "so")]
    for _ in range(5_000):
        text = "".join(chance.choice(parts) for _ in range(chance.randrange(25)))
        width, indent, hanging = chance.randrange(1, 60), chance.choice([0, 2, 14]), chance.choice([0, 5])
        plain = textwrap.wrap(
            text,
            max(width, indent + hanging + 10),
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + hanging),
            break_on_hyphens=False,
        )
        assert wrap(text, width, indent, hanging) == plain
