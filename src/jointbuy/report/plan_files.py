"""A joint plan as files: the page, one JSON, and a table in CSV for each question.

Amounts in tables are in whole units of the currency with its decimals. `saves` of a condition is what 100 units of
money, or one piece or count, more of it would save, about; empty where that is unknown.
"""

from __future__ import annotations

import json as as_json
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

from jointbuy.joint import Planned, Row
from jointbuy.money import DIGITS
from jointbuy.report import plan_page
from jointbuy.report.files import as_table, write_pages
from jointbuy.report.plan import json, offer_of, whole


def write(found: Planned, digests: Any, folder: Path) -> tuple[Path, ...]:
    """Write the plan's files into a folder, each whole or not at all; returns their paths. Raises OSError."""
    texts = {
        "report.html": plan_page.page(found),
        "plan.json": as_json.dumps(json(found, digests), indent=2, ensure_ascii=False) + "\n",
    }
    if found.cost is not None:
        texts["allocation.csv"] = as_table(
            "state capability offer system supplier year quantity unit_price amount currency".split(), _rows(found)
        )
        texts["work_share.csv"] = as_table(
            ["state", "work", "cost", "total", "currency"],
            (
                [
                    each.state,
                    _plain(found, each.work),
                    _plain(found, each.cost),
                    _plain(found, each.total),
                    found.plan.currency,
                ]
                for each in found.work
            ),
        )
        texts["dependence.csv"] = as_table(
            ["state", "country", "amount", "undeclared", "total", "currency"],
            (
                [
                    each.state or "all",
                    each.country,
                    *(_plain(found, one) for one in (each.amount, each.undeclared, each.total)),
                    found.plan.currency,
                ]
                for each in found.depends
            ),
        )
        texts["conditions.csv"] = as_table(
            ["family", "name", "left", "limit", "room", "unit", "saves"], (_condition(found, row) for row in found.rows)
        )
        texts["payments.csv"] = _payments(found)
    if found.frontier:
        texts["frontier.csv"] = as_table(
            ["dependence", "value", "cost", "bound", "currency"],
            (
                [
                    *(_plain(found, one) for one in (each.amount, each.total, each.cost)),
                    "" if each.bound is None else _plain(found, each.bound),
                    found.plan.currency,
                ]
                for each in found.frontier
            ),
        )
    return write_pages(texts, folder)


def _payments(found: Planned) -> str:
    return as_table(
        ["state", "year", "pieces", "set_up", "of_it_by_loan", "budget", "currency"],
        (
            [
                each.state,
                str(each.year),
                *(_plain(found, one) for one in (each.pieces, each.set_up, each.loan)),
                "" if each.budget is None else _plain(found, each.budget),
                found.plan.currency,
            ]
            for each in found.payments
        ),
    )


def _rows(found: Planned) -> Iterable[list[str]]:
    for each in found.deliveries:
        offer = offer_of(found, each.offer)
        yield [
            *(
                each.state,
                offer.capability,
                each.offer,
                offer.system,
                offer.supplier,
                str(each.year),
                str(each.quantity),
            ),
            *(_plain(found, each.price), _plain(found, each.amount), found.plan.currency),
        ]


def _condition(found: Planned, row: Row) -> list[str]:
    numbers = (row.left, row.limit, row.room)
    unit = found.plan.currency if row.unit == "money" else row.unit
    saves = "" if row.price is None else _plain(found, row.price)
    plain = (_plain(found, one) if row.unit == "money" else str(one) for one in numbers)
    return [row.family, row.name, *plain, unit, saves]


def _plain(found: Planned, minor: Fraction | int) -> str:
    """An amount for a spreadsheet, in whole units with the digits of the currency."""
    digits = DIGITS[found.plan.currency]
    units = whole(abs(Fraction(minor)))
    text = f"{units:0{digits + 1}d}"
    return ("-" if minor < 0 else "") + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)
