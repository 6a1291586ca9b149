"""Workbooks laid out as editions of NATO's tables are, with invented figures."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook

LABELS = {
    "AL": ("Albania", "Leks"),
    "CA": ("Canada", "Canadian dollars"),
    "EE": ("Estonia", "Euros"),
    "SK": ("Slovak Republic", "Euros"),
    "TR": ("Türkiye", "Liras"),
    "US": ("United States", "US dollars"),
}
SHARES = {
    "AL": [1.7, 1.72, 2.01],
    "CA": [1.33, 1.47, 2.05],
    "EE": [3.0, 3.37, 3.5],
    "SK": [1.84, 1.96, 2.0],
    "TR": [1.48, 2.13, 2.25],
    "US": [3.1, 3.21, 3.22],
}
"""Of GDP in per cent, by year; GDP is 1000 bn of each, so that spending is ten times as many millions, times 1000."""


def tables(last: int, estimates: int = 2) -> dict[str, tuple[str, list[tuple[str, list[list[Any]]]]]]:
    """Tables by number: the title, and blocks of a heading and rows below it."""
    years = [f"{last - 2 + at}{'e' if at > 2 - estimates else ''}" for at in range(3)]
    head: list[Any] = ["", *(int(year) if year.isdecimal() else year for year in years)]

    def block(of: Mapping[str, Sequence[Any]], *, currency: bool = False) -> list[list[Any]]:
        rows = [[f"{LABELS[c][0]} ({LABELS[c][1]})" if currency else LABELS[c][0], *of[c]] for c in of]
        return [head, *rows]

    money = {code: [round(share * 10_000) for share in row] for code, row in SHARES.items()}
    return {
        "1": (
            "Defence expenditure (Million national currency units)",
            [("Current prices", block(money, currency=True))],
        ),
        "2": (
            "Defence expenditure (Million US dollars)",
            [
                ("Current prices and exchange rates", block({c: [2 * v for v in row] for c, row in money.items()})),
                ("Constant 2021 prices and exchange rates", block(money)),
            ],
        ),
        "3": (
            "Defence expenditure as a share of GDP and annual real change (Based on 2021 prices)",
            [
                ("Share of real GDP (%)", block(SHARES)),
                ("Annual real change (%)", block({c: [9, -5, 120.5] for c in SHARES})),
            ],
        ),
        "5": (
            "Real GDP (Billion US dollars)",
            [("2021 prices and exchange rates", block({c: [1000] * 3 for c in SHARES}))],
        ),
        "8a": (
            "Distribution of defence expenditure by main category (%)",
            [
                ("Equipment expenditure", block({c: [10.5, 19.99, 20] for c in SHARES})),
                ("Personnel expenditure", block({c: [60, 55, 50] for c in SHARES})),
            ],
        ),
    }


Tables = dict[str, tuple[str, list[tuple[str, list[list[Any]]]]]]


def new(made: Tables) -> Workbook:
    """One sheet a table, title in A1, heading and years in rows of their own; a note ends each."""
    book = Workbook()
    book.remove(book.active)
    for number, (title, blocks) in made.items():
        sheet = book.create_sheet(f"Table {number}")
        sheet.append([f"Table {number}: {title}"])
        for heading, rows in blocks:
            sheet.append([])
            sheet.append([heading])
            for row in rows:
                sheet.append(row)
            sheet.append(["NATO Europe and Canada", *[1] * (len(rows[0]) - 1)])
            sheet.append(["NATO Total", *[1] * (len(rows[0]) - 1)])
        sheet.append(["Notes: figures are invented.", 1, 2, 3])
    return book


def lined(made: Tables) -> Workbook:
    """Title and unit in rows of their own, the unit once for all blocks."""
    book = Workbook()
    book.remove(book.active)
    for number, (title, blocks) in made.items():
        sheet = book.create_sheet(f"Table {number}")
        words, _, unit = title.partition(" (")
        sheet.append([f"Table {number}: Core {words}"])
        sheet.append([unit.rstrip(")")])
        for heading, rows in blocks:
            sheet.append([])
            sheet.append([heading])
            sheet.append([])
            for row in rows:
                sheet.append(row)
            sheet.append([])
    return book


def starred(made: Tables) -> Workbook:
    """Headings over the years, not the countries; stars at labels; a column of indents is wide and empty."""
    book = Workbook()
    book.remove(book.active)
    for number, (title, blocks) in made.items():
        sheet = book.create_sheet(f"Table {number} ")
        sheet.append([])
        sheet.append([f"Table {number} : {title}"])
        for heading, rows in blocks:
            sheet.append(["", heading])
            for row in rows:
                label = row[0].replace("Albania", "Albania*").replace("Canada", "Canada (a)") if row[0] else row[0]
                sheet.append([label, *row[1:], ""])
            sheet.append(["* revised"])
    return book


def old(made: Tables) -> Workbook:
    """Sheets in capitals, groups parted by blank rows and headed by aggregates, absent cells as dots."""
    book = Workbook()
    book.remove(book.active)
    for number, (title, blocks) in made.items():
        sheet = book.create_sheet(f"TABLE{number}")
        sheet.append([f"TABLE {number} : {title.upper()}"])
        sheet.append([])
        for heading, rows in blocks:
            sheet.append([heading])
            sheet.append(rows[0])
            sheet.append(["NATO Europe", *[".."] * (len(rows[0]) - 1)])
            for row in rows[1:3]:
                sheet.append(row)
            sheet.append([])
            sheet.append(["North America"])
            for row in rows[3:]:
                sheet.append(row)
            sheet.append([])
    return book


def aside(made: Tables) -> Workbook:
    """An empty first column, currencies in a column of their own, marks of notes raised or behind all else."""
    book = Workbook()
    book.remove(book.active)
    marks = {"Albania": "Albania¹", "Canada": "Canada²*", "Slovak Republic": "Slovak Republic †"}
    for number, (title, blocks) in made.items():
        sheet = book.create_sheet(f"Table {number}")
        sheet.append([None, f"Table {number}: {title}"])
        for heading, rows in blocks:
            sheet.append([None, heading])
            for label, *cells in rows:
                name, _, unit = (label or "").partition(" (")
                own = [f"{name} ({unit}*", None] if name == "Estonia" and unit else [name, unit.rstrip(")") or None]
                sheet.append([None, marks.get(name, own[0]), own[1], *cells])
            sheet.append([None, "NATO Total", None, *[1] * len(cells)])
    return book


def saved(book: Workbook) -> bytes:
    """A workbook as bytes."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
