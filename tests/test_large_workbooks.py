"""The fast reader of large workbooks gives what the row-by-row reader gives, or leaves the workbook to it."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formats_kit import PLACES, book, changed, write
from jointbuy.errors import Unusable
from jointbuy.formats import Read, bill, read
from sheet_kit import packed, row, sheet, strings
from test_large_reading import HEAD, PURCHASE, both, random_table, same

pytest.importorskip("numba", reason="needs the extra `large`")
WORKBOOK = PURCHASE.replace("bom.csv", "bom.xlsx")
TITLES = HEAD.split(",")


def alike(folder: Path, monkeypatch: pytest.MonkeyPatch, data: bytes) -> tuple[Read, bool]:
    """What both readers give of a workbook, which must be the same; and whether the fast one did it."""
    slow, fast, taken = both(folder, monkeypatch, data, "bom.xlsx")
    same(slow, fast)
    return fast, taken


def cells(text: str, draw: Random) -> list[list[Any]]:
    """A table with its numbers as numbers, or now and then as text."""

    def cell(value: str) -> Any:
        try:
            return float(value) if draw.random() < 0.9 and value == value.strip() else value
        except ValueError:
            return value or None

    return [[cell(value) for value in line] for line in csv.reader(io.StringIO(text))]


def test_ordinary_workbooks_are_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = 0
    for seed in range(60):
        data = book({"Bill": cells(random_table(seed), Random(seed))})
        fast += alike(tmp_path, monkeypatch, data)[1]
    assert fast > 40, fast


def test_xml_may_be_cut_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of a few hundred bytes, which end within tags and texts."""
    from jointbuy.formats import sheet_codes

    fast = 0
    for seed in range(25):
        monkeypatch.setattr(sheet_codes, "_CHUNK", 300 + 7 * seed)
        data = book({"Bill": cells(random_table(seed), Random(seed))})
        fast += alike(tmp_path, monkeypatch, data)[1]
    assert fast > 15, fast


def text(value: str) -> str:
    return f't="inlineStr"><is><t>{value}</t></is></c>'


NUMBERS = st.one_of(
    st.integers(1, 10**17).map(str),
    st.floats(1e-7, 1e17).map(repr),
    st.decimals(0, 10**6, places=3).map(str),
    st.sampled_from(["0.10000000000000001", "1E-3", "1.5E+20", "007", "+1.50", "5.", ".5", "0.00001", "12.0", "1,5"]),
)
TEXTS = st.sampled_from(
    ["A", "b", " B ", "A&amp;B", "&#65;", "&#x142;", "Zahnrad &lt;2&gt;", "ł", "7", "7.5", "1,5", "1.234,50", "90 - 110",
     "a_x000D_b", "a_b", "\u00a0C", "Summe", "", " ", "2026-01-02", "&quot;x&quot;", "&apos;"]
)  # fmt: skip


@st.composite
def written_cells(draw: st.DrawFn, name: str, plain: bool = False) -> str:
    """One cell, from nearly none to what few programs write."""
    start = f'<c r="{name}" '
    if plain or draw(st.integers(0, 9)) < 7:
        kinds = [
            draw(NUMBERS.map(lambda one: f"><v>{one}</v></c>")),
            draw(TEXTS.map(text)),
            draw(st.integers(0, 5).map(lambda one: f't="s"><v>{one}</v></c>')),
        ]
        return start + draw(st.sampled_from(kinds))
    return start + draw(
        st.sampled_from(
            [
                "/>",
                's="6"/>',
                "><v></v></c>",
                's="1"><v>45000</v></c>',
                's="2"><v>45000.25</v></c>',
                's="5"><v>1.5</v></c>',
                's="4"><v>2.5</v></c>',
                't="str"><f>A1&amp;"x"</f><v>fx</v></c>',
                't="str"><f>A1</f><v></v></c>',
                "><f>1+1</f><v>2</v></c>",
                "><f>1+1</f></c>",
                't="b"><v>1</v></c>',
                't="e"><v>#REF!</v></c>',
                't="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>',
                's="0" t="n"><v>3</v></c>',
            ]
        )
    )


@st.composite
def workbooks(draw: st.DrawFn) -> bytes:
    """A bill of a few rows, in which nearly anything may stand anywhere."""
    odd = draw(st.booleans())
    lines, at = [row(1, ["Bill"]), row(3, TITLES)], 3
    for each in range(draw(st.integers(1, 6))):
        at += draw(st.sampled_from([1, 1, 1, 2]))
        if draw(st.integers(0, 7)) == 0:
            lines.append(f'<row r="{at}"><c r="C{at}" t="inlineStr"><is><t>Total</t></is></c></row>')
            continue
        part = f'<c r="A{at}" {text(f"P{each}")}'
        some = part if draw(st.integers(0, 9)) else draw(written_cells(f"A{at}"))
        count = f'<c r="C{at}"><v>{draw(st.integers(1, 9))}</v></c>'
        count = count if draw(st.integers(0, 5)) else draw(written_cells(f"C{at}"))
        cost = draw(written_cells(f"D{at}", plain=not odd))
        more = draw(st.sampled_from(["", f'<c r="E{at}" {text("DE")}', f'<c r="G{at}" {text("x")}']))
        lines.append(f'<row r="{at}" spans="1:7">{some}{count}{cost}{more}</row>')
    shared = strings("<t>S</t>", '<t xml:space="preserve"> B </t>', "<r><t>c</t></r><r><t>d</t></r>", "<t>1,25</t>", "<t/>",
                     "<t>A&amp;B</t>")  # fmt: skip
    return packed({"Bill": sheet("".join(lines))}, shared)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=workbooks())
def test_any_cells_are_read_alike(tmp_path: Path, data: bytes) -> None:
    """The records and notes, or the problems with their cells, are the same."""
    with pytest.MonkeyPatch.context() as patch:
        write(tmp_path, WORKBOOK, data, "bom.xlsx")
        told = []
        for least in (10**12, 0):
            patch.setattr(bill, "LARGE", least)
            try:
                told.append(read(tmp_path, PLACES))
            except Unusable as error:
                told.append([str(problem) for problem in error.problems])
        slow, fast = told
        if isinstance(slow, Read) and isinstance(fast, Read):
            same(slow, fast)
        else:
            assert slow == fast
