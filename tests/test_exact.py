"""Numbers: what is written is what is meant, and a limit is decided to the last cent (§3)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jointbuy.exact import (
    Parts,
    Range,
    best_excess,
    decimal,
    exactly,
    parse_decimal,
    per_cent,
    share_range,
    widened,
    worst_excess,
)
from jointbuy.money import Money, margin_minor, rounded_minor, to_money

LIMIT = Fraction(7, 20)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("100000000.10", Fraction(1000000001, 10)),
        ("0.0034", Fraction(34, 10000)),
        ("1e-3", Fraction(1, 1000)),
        (".5", Fraction(1, 2)),
    ],
)
def test_a_decimal_is_read_as_written(text: str, value: Fraction) -> None:
    assert parse_decimal(text) == value


@pytest.mark.parametrize("text", ["", "nan", "inf", "1,5", "1_000", "0x10", "1/3", "1e9999", "9" * 61, "٣"])
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a plain decimal"):
        parse_decimal(text)


def parts(inside: int, outside: int) -> Parts:
    """So many cents inside and outside; the part under the limit is what is outside."""
    return Parts(inside=exactly(outside), outside=exactly(inside), open=exactly(0))


@given(st.integers(min_value=1, max_value=5 * 10**11))
def test_exactly_at_the_limit_passes_and_one_cent_over_fails(twentieths: int) -> None:
    """From 20 cents to 10^13 cents: 7/20 of the total is allowed, one cent moved over is not (Art. 16(10))."""
    at, over = parts(13 * twentieths, 7 * twentieths), parts(13 * twentieths - 1, 7 * twentieths + 1)
    assert worst_excess(at, LIMIT) == 0
    assert worst_excess(over, LIMIT) > 0
    assert best_excess(over, LIMIT) > 0


def test_the_float_comparison_that_everybody_writes_is_wrong_at_the_limit() -> None:
    """Why §3 exists: the naive form refuses some totals that are exactly at the limit."""
    refused = [n for n in range(1, 2000) if not 7 * n * 0.01 <= 0.35 * (20 * n * 0.01)]
    assert refused
    assert all(worst_excess(parts(13 * n, 7 * n), LIMIT) == 0 for n in refused)


amounts = st.fractions(min_value=0, max_value=10**6, max_denominator=1000)
ranges = st.tuples(amounts, amounts).map(lambda two: Range(min(two), max(two)))


@given(ranges, ranges, ranges, st.fractions(min_value=Fraction(1, 100), max_value=Fraction(99, 100)), st.data())
def test_every_completion_lies_between_best_and_worst(
    inside: Range, outside: Range, undeclared: Range, limit: Fraction, data: st.DataObject
) -> None:
    """Against plain rationals: pick prices and origins within the ranges and compute the share directly."""

    def pick(each: Range) -> Fraction:
        return each.low + (each.high - each.low) * data.draw(st.fractions(min_value=0, max_value=1, max_denominator=8))

    whole = Parts(inside, outside, undeclared)
    in_, out, open_ = pick(inside), pick(outside), pick(undeclared)
    counted = open_ * data.draw(st.fractions(min_value=0, max_value=1, max_denominator=8))
    part, total = in_ + counted, in_ + out + open_
    excess = limit.denominator * part - limit.numerator * total
    assert best_excess(whole, limit) <= excess <= worst_excess(whole, limit)
    shares = share_range(whole)
    if shares and total:
        assert shares.low <= part / total <= shares.high


@given(ranges, ranges, ranges, st.fractions(min_value=Fraction(1, 100), max_value=Fraction(99, 100)))
def test_deciding_and_showing_agree(inside: Range, outside: Range, undeclared: Range, limit: Fraction) -> None:
    """The linear form and the share's ends never contradict each other."""
    whole = Parts(inside, outside, undeclared)
    shares = share_range(whole)
    if shares:
        assert (worst_excess(whole, limit) <= 0) == (shares.high <= limit)
        assert (best_excess(whole, limit) > 0) == (shares.low > limit)


def test_one_cent_over_never_reads_as_the_limit() -> None:
    assert per_cent(LIMIT, LIMIT) == "35.00 %"
    assert per_cent(Fraction(350001, 10**6), LIMIT) == "35.0001 %"
    assert "35.00 %" not in per_cent(Fraction(35 * 10**11 + 1, 10**13), LIMIT)
    assert per_cent(Range(Fraction(1, 5), Fraction(1, 4))) == "20.00 to 25.00 %"
    assert decimal(Fraction(-1, 200), 2) == "-0.01"
    assert decimal(Fraction(1, 3), 0) == "0"


@given(st.fractions(), st.fractions(), st.integers(0, 4))
def test_what_is_shown_of_a_range_holds_it(one: Fraction, other: Fraction, places: int) -> None:
    low, high = sorted((one, other))
    shown = [Fraction(end) for end in widened(Range(low, high), places)]
    assert shown[0] <= low <= high <= shown[1]
    assert low - shown[0] < Fraction(1, 10**places) > shown[1] - high


def test_money_keeps_its_minor_units() -> None:
    assert to_money(Fraction("480000000.10"), "EUR") == Money(48000000010, "EUR")
    assert to_money(Fraction(5), "JPY").minor == 5
    with pytest.raises(ValueError, match="minor units"):
        to_money(Fraction("0.001"), "EUR")
    assert rounded_minor(Fraction("-0.005"), "EUR") == -1
    assert margin_minor(Fraction("-0.00325"), "EUR") == -1  # over by a third of a cent is over
    assert margin_minor(Fraction("0.009"), "EUR") == 0
