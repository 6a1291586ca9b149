"""Loans under scenarios of their rates, for people, as JSON and as tables."""

from __future__ import annotations

import json as as_json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jointbuy.report.files import as_table, write_pages
from jointbuy.report.json import share
from jointbuy.report.layout import dim, finish, heading, paint, table, wrap
from jointbuy.report.loans import grouped, plain, rate
from jointbuy.shifted import Shifted

_NOTE = (
    "Every rate of every loan is higher or lower by the shift, from the first draw on; draws, days and what else the "
    "loans say stay. Interest only, each instalment rounded as in the loan's schedule; fees are left out."
)


def text(found: Shifted, colour: bool, width: int) -> str:
    """Sums by scenario, for a terminal of so many columns."""
    lines = [paint("bold", title(found)), "", *wrap(_NOTE, width)]
    for currency in found.currencies:
        lines += [
            *heading(f"Interest, in {currency}"),
            *table(list(rows(found, currency)), frozenset({1, 2, 3}), width, 2),
        ]
    lines += ["", *dim(wrap("Loan by loan: --json, or --out FOLDER.", width))]
    return finish(lines, colour=colour)


def title(found: Shifted) -> str:
    """How many loans under how many scenarios."""
    loans, shifts = len(found.loans), len(found.shifts)
    return f"{loans:,} loan{'s' * (loans != 1)} under {shifts:,} scenario{'s' * (shifts != 1)}"


def rows(found: Shifted, currency: str) -> Iterator[tuple[str, ...]]:
    """Each scenario: the shift, the interest of all loans in a currency, and what that is more than as stated."""
    yield "Scenario", "Shift", "Interest", "More than stated", ""
    stated = found.total(found.stated, currency)
    yield "as the loans state", "", grouped(stated, currency), "", ""
    for shift, interest in zip(found.shifts, found.interest, strict=True):
        total = found.total(interest, currency)
        by = f"{'+' if shift.by > 0 else ''}{rate(shift.by)}"
        yield shift.name, by, grouped(total, currency), grouped(total - stated, currency), ""


def json(found: Shifted) -> dict[str, Any]:
    """The whole answer; amounts in minor units."""
    return {
        "loans": [
            {
                "loan": loan.id,
                "folder": loan.folder or None,
                "currency": loan.currency,
                "drawn": loan.drawn,
                "interest": stated,
                "scenarios": [each[place] for each in found.interest],
            }
            for place, (loan, stated) in enumerate(zip(found.loans, found.stated, strict=True))
        ],
        "scenarios": [
            {
                "scenario": shift.name,
                "shift": share(shift.by),
                "totals": [
                    {
                        "currency": currency,
                        "interest": (total := found.total(interest, currency)),
                        "more": total - found.total(found.stated, currency),
                    }
                    for currency in found.currencies
                ],
            }
            for shift, interest in zip(found.shifts, found.interest, strict=True)
        ],
        "digests": dict(found.digests),
    }


def write(found: Shifted, folder: Path) -> tuple[Path, ...]:
    """Write JSON and a table of loans by scenarios, each whole or not at all; returns their paths. Raises OSError."""
    heads = ["loan", "folder", "currency", "drawn", "as stated", *(shift.name for shift in found.shifts)]
    texts = {
        "scenarios.json": as_json.dumps(json(found), indent=2, ensure_ascii=False) + "\n",
        "scenarios.csv": as_table(heads, _table(found)),
    }
    return write_pages(texts, folder)


def _table(found: Shifted) -> Iterator[list[str]]:
    for place, loan in enumerate(found.loans):
        amounts = (loan.drawn, found.stated[place], *(each[place] for each in found.interest))
        yield [loan.id, loan.folder, loan.currency, *(plain(amount, loan.currency) for amount in amounts)]
