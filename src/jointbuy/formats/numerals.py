"""What the distinct texts of a large bill's columns mean: plain numbers by a compiled loop, the rest as in small bills.

What only the row-by-row reader deals with raises Unusual.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jointbuy.formats import loops, materials
from jointbuy.formats.cells import NUMBERS, Reader, decimal_commas, numbers_of
from jointbuy.formats.coded import Coded, Codes, Column
from jointbuy.formats.columns import Header
from jointbuy.formats.decimals import abroad, point_told, two_ways
from jointbuy.formats.problems import Problems
from jointbuy.formats.rows import mark
from jointbuy.formats.table import Table
from jointbuy.packed import Texts
from jointbuy.places import Places

Integers = NDArray[np.int64]
POSITIVE = ("quantity", "per", "cost_per")
SPANS = ("unit_cost",)
COSTS = ("line_cost", "cost_low", "cost_high")
NUMERIC = (*POSITIVE, *SPANS, *COSTS)
SHARES = ("awarded", "scrap", "yield")
WORDS = ("currency", "origin", "supplied_from", "cost_kind", "materials", "phantom", *SHARES)
LARGEST = 2**62


class Unusual(Exception):
    """The bill has something that only the row-by-row reader deals with."""


def must(ordinary: bool) -> None:
    """Leave what is not ordinary to the row-by-row reader. Raises Unusual."""
    if not ordinary:
        raise Unusual


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """Numbers by row: `codes` int32 where equal ones are alike and 0 is none; of code i from `low[i] / per` on.

    `high` is `low` itself where no number is a range. int64, -1 for none.
    """

    codes: Codes
    low: Integers
    high: Integers
    per: int

    @property
    def none(self) -> bool:
        """Whether no row states a number."""
        return len(self.low) == 1

    def values(self) -> list[tuple[Fraction, Fraction] | None]:
        """The ends by code."""
        ends = zip(self.low.tolist(), self.high.tolist(), strict=True)
        return [None if low < 0 else (Fraction(low, self.per), Fraction(high, self.per)) for low, high in ends]


def absent(rows: int) -> Numbers:
    """The numbers of a column that states none."""
    nothing = np.full(1, -1, np.int64)
    return Numbers(np.zeros(rows, np.int32), nothing, nothing, 1)


def commas_of(coded: Coded, texts: Mapping[str, Sequence[str]], notes: list[str]) -> frozenset[str]:
    """The columns whose numbers have a decimal comma. Raises Unusual where it is in doubt what a point marks."""
    if coded.commas is not None:
        return coded.commas
    if not (coded.delimiter and (abroad(coded.delimiter, coded.header) or with_commas(texts))):
        return frozenset()
    table = table_of(coded, texts)
    commas = decimal_commas(table, notes)
    if not commas:
        numbers = [number for name in NUMBERS for number in numbers_of(table, name)]
        must(not any(map(two_ways, numbers)) or any(map(point_told, numbers)))
    return commas


def with_commas(texts: Mapping[str, Sequence[str]]) -> bool:
    """Whether a number may have a comma, or several points."""
    for words in (Texts.of(texts[name]) for name in NUMBERS if name in texts):
        points = np.concatenate([[0], np.cumsum(words.data == ord("."))])[words.starts]
        if bool((words.data == ord(",")).any() or (np.diff(points) > 1).any()):
            return True
    return False


def told_of(coded: Coded, texts: Mapping[str, Sequence[str]], commas: frozenset[str]) -> dict[str, bool]:
    """Whether each column tells that a point marks decimals, as `Reader.told` has it.

    Where no comma stands anywhere `commas_of` has seen to it; of a workbook `sheet_columns` has.
    """
    if coded.sheet is not None or not (commas or with_commas(texts)):
        return dict.fromkeys(NUMBERS, True)
    table = table_of(coded, texts)
    return {name: any(map(point_told, numbers_of(table, name))) for name in NUMBERS}


def table_of(coded: Coded, texts: Mapping[str, Sequence[str]]) -> Table:
    """Distinct texts as a table, each column by itself."""
    width = max(map(len, texts.values()), default=0)
    columns = [[*words, *[""] * (width - len(words))] for words in texts.values()]
    titles = [coded.header.title(name) for name in texts]
    header = Header(titles, {name: at for at, name in enumerate(texts)}, coded.header.currency)
    rows = [list(row) for row in zip(*columns, strict=True)]
    return Table(coded.file, header, 0, list(range(width)), rows, delimiter=coded.delimiter)


def readers(reader: Reader) -> dict[str, Callable[[], Sequence[Any]]]:
    """What reads each column of a table of distinct texts."""
    return {
        **{name: partial(reader.positive, name) for name in POSITIVE},
        **{name: partial(reader.spans, name) for name in SPANS},
        **{name: partial(reader.costs, name) for name in COSTS},
        **{name: partial(reader.shares, name) for name in SHARES},
        "currency": reader.currencies,
        "origin": reader.origins,
        "supplied_from": partial(reader.countries, "supplied_from"),
        "cost_kind": reader.kinds,
        "materials": partial(materials.pieces, reader),
        "phantom": partial(reader.column, "phantom", mark),
    }


class Meanings:
    """The columns of a file with the meaning of every distinct text. Raises Unusual."""

    def __init__(self, coded: Coded, places: Places, notes: list[str]) -> None:
        self.coded = coded
        found = {name: column for name in (*NUMERIC, *WORDS) if (column := coded.column(name))}
        texts: dict[str, Sequence[str]] = {name: column.texts for name, column in found.items()}
        commas = commas_of(coded, texts, notes)
        self._plain: dict[str, tuple[Integers, Integers]] = {}
        for name in NUMERIC:
            if name in found:
                self._plain[name] = plain_numbers(found[name], comma=name in commas, beside=bool(commas))
                odd = np.flatnonzero(self._plain[name][1] == loops.NOT_PLAIN)
                texts[name] = [found[name].texts[int(at)] for at in odd]
                # What parts thousands is told by the whole column, of which these are a part only.
                must(name in commas or not any(sign in text for text in texts[name] for sign in ",'’"))
        problems = Problems()
        read = readers(Reader(table_of(coded, texts), places, problems, notes, commas))
        self._read = {name: list(read[name]()[: len(texts[name])]) for name in found}
        must(not problems.found)

    def words(self, name: str) -> tuple[Codes, list[Any]]:
        """Codes by row of what a column says, and the values by code, of which the first is None."""
        column = self.coded.column(name)
        if column is None:
            return np.zeros(len(self.coded.lines), np.int32), [None]
        return coded_alike(column.codes, self._read[name])

    def numbers(self, name: str) -> Numbers:
        """The numbers of a column."""
        column = self.coded.column(name)
        if column is None:
            return absent(len(self.coded.lines))
        number, scale = self._plain[name]
        plain = scale != loops.NOT_PLAIN
        must(name not in POSITIVE or not (number[plain] == 0).any())
        others = [value if isinstance(value, tuple) else (value, value) for value in self._read[name]]
        per = lcm(10 ** int(scale.max(initial=0)), *(end.denominator for value in others for end in value))
        must(per < LARGEST)
        low = np.full(len(scale), -1, np.int64)
        for places in np.unique(scale[plain]).tolist():
            here, factor = scale == places, per // 10**places
            must(int(number[here].max()) * factor < LARGEST)
            low[here] = number[here] * factor
        low[0] = -1
        must(all(last * per < LARGEST for _, last in others))
        low[~plain] = [int(first * per) for first, _ in others]
        high = low
        if any(first != last for first, last in others):
            high = low.copy()
            high[~plain] = [int(last * per) for _, last in others]
        return numbered(column.codes, low, high, per)


def plain_numbers(column: Column, *, comma: bool, beside: bool) -> tuple[Integers, Integers]:
    """Number and scale of each text; NOT_PLAIN of those that are read as in small bills. The blank is none of them.

    `comma` where a comma is for decimals; `beside` where it is in any column, and a point then is not plain.
    """
    packed = Texts.of(column.texts)
    number, scale = loops.decimals(packed.data, packed.starts, ord("," if comma else "."))
    if beside and not comma:
        scale[scale > 0] = loops.NOT_PLAIN
    number[0], scale[0] = -1, 0
    return number, scale


def numbered(codes: Codes, low: Integers, high: Integers, per: int) -> Numbers:
    """Numbers with equal ones alike; -1 is none, as the first, of code 0, is."""
    if low is high:
        first, place = np.unique(low, return_inverse=True)
        last = first
    else:
        (lows, one), (highs, two) = (np.unique(each, return_inverse=True) for each in (low, high))
        both, place = np.unique(one.astype(np.int64) * len(highs) + two, return_inverse=True)
        first, last = lows[both // len(highs)], highs[both % len(highs)]
    code = place.reshape(-1).astype(np.int32)
    same = code.size == first.size and bool((code == np.arange(code.size)).all())
    return Numbers(codes if same else code[codes], first, last, per)


def coded_alike(codes: Codes, values: Sequence[Any]) -> tuple[Codes, list[Any]]:
    """Codes of values, equal ones alike, and the values by code; the first is None."""
    known: dict[Any, int] = {None: 0}
    place = np.array([known.setdefault(value, len(known)) for value in values], np.int32)
    if len(known) == place.size and bool((place == np.arange(place.size)).all()):
        return codes, list(known)
    return place[codes], list(known)


def _paired(one: Numbers, two: Numbers) -> tuple[Codes, list[tuple[int, int]]]:
    """Codes of the pairs of numbers that stand in one row, and the codes that make up each."""
    pairs, place = np.unique(one.codes.astype(np.int64) * len(two.low) + two.codes, return_inverse=True)
    return place.astype(np.int32), [divmod(code, len(two.low)) for code in pairs.tolist()]


def divided(numbers: Numbers, by: Numbers) -> Numbers:
    """Numbers divided by others, where these are stated."""
    codes, pairs = _paired(numbers, by)
    ends, divisors = numbers.values(), by.values()
    found: list[tuple[Fraction, Fraction] | None] = []
    for one, two in pairs:
        value, divisor = ends[one], divisors[two]
        found.append(value and (value[0] / divisor[0], value[1] / divisor[0]) if divisor else value)
    return from_fractions(codes, found)


def times(numbers: Numbers, factor: Numbers) -> Numbers:
    """Numbers multiplied by a factor that every row has."""
    codes, pairs = _paired(numbers, factor)
    ends, factors = numbers.values(), factor.values()
    found: list[tuple[Fraction, Fraction] | None] = []
    for one, two in pairs:
        value, by = ends[one], factors[two]
        found.append((value[0] * by[0], value[1] * by[0]) if value and by else None)
    return from_fractions(codes, found)


def line_prices(price: Numbers, line: Numbers, quantity: Numbers) -> Numbers:
    """Prices as stated; where none is, the cost of the line divided by the quantity, if both are stated."""
    wanted = (price.codes == 0) & (line.codes > 0) & (quantity.codes > 0)
    if not wanted.any():
        return price
    shares = divided(
        Numbers(np.where(wanted, line.codes, 0).astype(np.int32), line.low, line.high, line.per),
        Numbers(np.where(wanted, quantity.codes, 0).astype(np.int32), quantity.low, quantity.high, quantity.per),
    )
    values = [*price.values(), *shares.values()]
    return from_fractions(np.where(wanted, shares.codes + len(price.low), price.codes).astype(np.int32), values)


def between(price: Numbers, low: Numbers, high: Numbers) -> Numbers:
    """Prices by their two ends where these are stated; the price itself lies between. Raises Unusual where not."""
    if low.none and high.none:
        return price
    per = lcm(price.per, low.per, high.per)
    must(per < LARGEST)

    def ends(numbers: Numbers, each: Integers) -> Integers:
        must(int(each.max()) * (per // numbers.per) < LARGEST)
        return np.where(each < 0, -1, each * (per // numbers.per))[numbers.codes]

    least, most = ends(low, low.low), ends(high, high.high)
    stated = least >= 0
    must(bool(((most >= 0) == stated).all()))
    lowest, highest = (ends(price, each) for each in (price.low, price.high))
    must(not (stated & ((least > most) | (lowest >= 0) & ((lowest < least) | (most < highest)))).any())
    rows = np.arange(1, len(stated) + 1, dtype=np.int32)
    both = (np.where(stated, *each) for each in ((least, lowest), (most, highest)))
    first, last = (np.concatenate([[-1], each]) for each in both)
    return numbered(rows, first, last, per)


def scrapped(
    quantity: Numbers, scrap: tuple[Codes, list[Any]], yields: tuple[Codes, list[Any]]
) -> tuple[Numbers, int] | None:
    """Quantities with what is scrapped, q (1 + scrap) or q / yield, and how many rows that raised; None for none."""
    (scraps, lost), (shares, good) = scrap, yields
    if len(lost) == 1 and len(good) == 1:
        return None
    must(0 not in good[1:])
    pairs, place = np.unique(scraps.astype(np.int64) * len(good) + shares, return_inverse=True)
    factors = []
    for one, two in (divmod(code, len(good)) for code in pairs.tolist()):
        must(not lost[one] or good[two] in {None, 1})
        factors.append((1 + (lost[one] or 0)) / Fraction(good[two] or 1))
    factor = from_fractions(place.astype(np.int32), [(value, value) for value in factors])
    raised = (factor.low != factor.per)[factor.codes] & (quantity.codes > 0)
    return times(quantity, factor), int(raised.sum())


def lines_apart(price: Numbers, line: Numbers, quantity: Numbers) -> NDArray[np.int64]:
    """The rows in which the cost of the line is not its quantity times its price, each as far as it was rounded."""
    rows = np.flatnonzero((price.codes > 0) & (line.codes > 0) & (quantity.codes > 0))
    count = quantity.low[quantity.codes[rows]] / quantity.per
    told = line.low[line.codes[rows]] / line.per
    low, high = (ends[price.codes[rows]] / price.per * count for ends in (price.low, price.high))
    slack = (1 + count) / 200 - 1e-12 * (told + high + 1)  # less than it is, whatever floats round
    return rows[~((low - slack <= told) & (told <= high + slack))]


def from_fractions(codes: Codes, values: Sequence[tuple[Fraction, Fraction] | None]) -> Numbers:
    """Numbers from exact ends by code."""
    per = lcm(*{end.denominator for value in values if value for end in value})
    must(per < LARGEST and all(value[1] * per < LARGEST for value in values if value))
    low = np.array([-1, *(int(value[0] * per) if value else -1 for value in values)], np.int64)
    high = low
    if any(value and value[0] != value[1] for value in values):
        high = np.array([-1, *(int(value[1] * per) if value else -1 for value in values)], np.int64)
    return numbered(codes + np.int32(1), low, high, per)
