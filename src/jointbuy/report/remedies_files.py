"""A fix as a folder of files: page, text and JSON, changes and frontiers as tables, the certificate."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from jointbuy.money import DIGITS
from jointbuy.remedy import Fix
from jointbuy.report import figures, remedies, remedies_page
from jointbuy.report.files import as_table, write_pages

_WIDTH = 100
_CHANGE = (
    "part name from origin_before to origin each_before each number qualification cost currency lead_time "
    "available_from together where"
).split()
_POINT = "frontier side share cost currency changes".split()


def write(found: Fix, folder: Path) -> tuple[Path, ...]:
    """Write the files of a fix into `folder`, each whole or not at all; returns their paths. Raises OSError."""
    texts = {
        "report.html": remedies_page.page(found),
        "fix.txt": remedies.text(found, colour=False, width=_WIDTH),
        "fix.json": json.dumps(remedies.json(found), indent=2, ensure_ascii=False) + "\n",
        "changes.csv": as_table(_CHANGE, _changes(found)),
    }
    if found.frontiers:
        texts["frontier.csv"] = as_table(_POINT, _points(found))
    if found.certificate:
        texts["certificate.json"] = json.dumps(found.certificate, indent=1, ensure_ascii=False) + "\n"
    return write_pages(texts, folder)


def _changes(found: Fix) -> Iterator[tuple[str, ...]]:
    """Amounts in whole units of the contract's currency; costs over all that is bought."""
    for each in found.changes:
        yield (
            each.part,
            each.name or "",
            each.supplier_before or "",
            remedies.of_origin(each.origin_before),
            each.supplier or "",
            remedies.of_origin(each.origin),
            _ends(each.each_before.low, each.each_before.high),
            _ends(each.each.low, each.each.high),
            figures.exact_decimal(each.number),
            _whole(each.qualification, found.currency),
            _whole(each.cost, found.currency),
            found.currency,
            "" if each.lead_time is None else str(each.lead_time),
            each.available_from.isoformat() if each.available_from else "",
            each.together or "",
            str(each.row) if each.row else "",
        )


def _points(found: Fix) -> Iterator[tuple[str, ...]]:
    for frontier in found.frontiers:
        side = "at most" if frontier.at_most else "at least"
        for each in frontier.points:
            share = f"{figures.exact_decimal(each.share * 100)} %"
            yield frontier.name, side, share, _whole(each.cost, found.currency), found.currency, str(each.changes)


def _whole(minor: int, currency: str) -> str:
    return figures.exact_decimal(Fraction(minor, 10 ** DIGITS[currency]))


def _ends(low: Fraction, high: Fraction) -> str:
    one, other = figures.exact_decimal(low), figures.exact_decimal(high)
    return one if low == high else f"{one} to {other}"
