"""A case as a folder of files: the verdict as page, text and JSON, findings and components as tables."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

from jointbuy.asked import Explored
from jointbuy.errors import Where
from jointbuy.exact import Range, named
from jointbuy.report import checklist, exploring, exploring_page, figures, html, terminal
from jointbuy.report import json as as_json
from jointbuy.result import Case, Finding

_WIDTH = 100
_FINDING = "rule title status provision route subject value limit unit margin because where".split()
_COMPONENT = (
    "product part name supplier origin undeclared supplied_from low high currency price_currency cost_kind path where"
).split()

_NEGATIVE = re.compile(r"-\d[\d .,]{0,60}(?:%|[A-Z]{3})?(?: to -?\d[\d .,]{0,60}(?:%|[A-Z]{3})?)?")
"""A number below zero, or a range from one, with its unit or without."""


def write(case: Case, folder: Path) -> tuple[Path, ...]:
    """Write the files of a case into `folder`, each whole or not at all; returns their paths. Raises OSError."""
    texts = {
        "report.html": html.page(case),
        "checklist.md": checklist.markdown(case),
        "verdict.txt": terminal.verdict(case, colour=False, width=_WIDTH),
        "verdict.json": json.dumps(as_json.verdict(case), indent=2, ensure_ascii=False) + "\n",
        "findings.csv": as_table(_FINDING, _finding_rows(case.verdict.findings)),
        "components.csv": as_table(_COMPONENT, _component_rows(case)),
    }
    return write_pages(texts, folder)


def write_explored(found: Explored, folder: Path) -> tuple[Path, ...]:
    """Write the answers about content into `folder`, each file whole or not at all; returns their paths."""
    texts = {
        "content.html": exploring_page.page(found),
        "content.json": json.dumps(exploring.json(found), indent=2, ensure_ascii=False) + "\n",
    }
    return write_pages(texts, folder)


def write_pages(texts: Mapping[str, str], folder: Path) -> tuple[Path, ...]:
    """Write files by name, each whole or not at all; returns their paths. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        _replace(folder / name, text)
    return tuple(folder / name for name in texts)


def _replace(path: Path, text: str) -> None:
    """Write beside the file and rename, so that nobody ever reads half of it."""
    encoding = "utf-8-sig" if path.suffix == ".csv" else "utf-8"  # spreadsheets need the mark to read UTF-8
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding=encoding, newline="")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def as_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows below a header as CSV, in which no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay as they are."""
    opens = cell[:1] in {"=", "+", "@", "\t", "\r"} or (cell[:1] == "-" and not _NEGATIVE.fullmatch(cell))
    return f"'{cell}" if opens else cell


def _finding_rows(findings: Iterable[Finding]) -> Iterator[tuple[str, ...]]:
    """A finding, then its members; one member alone would say the same again."""
    for finding in findings:
        yield (
            finding.rule,
            finding.title,
            finding.status,
            finding.provision,
            finding.route or "",
            finding.subject,
            _plain(finding.value, finding.unit),
            _plain(finding.limit, finding.unit),
            finding.unit,
            _plain(finding.margin, finding.unit),
            finding.because,
            " ".join(str(place) for place in finding.sources),
        )
        if len(finding.parts) > 1:
            yield from _finding_rows(finding.parts)


def _component_rows(case: Case) -> Iterator[tuple[str, ...]]:
    """Every counted line; amounts in whole units of the contract's currency, for one end product."""
    if case.content is None:
        return
    for product in case.content.products:
        for line in product.lines:
            yield (
                product.product,
                line.part,
                line.name or "",
                line.supplier or "",
                " ".join(f"{named(place)}:{_plain(share, 'share')}" for place, share in line.origin),
                _plain(line.undeclared, "share"),
                line.supplied_from or "",
                _plain(line.amount.low, ""),
                _plain(line.amount.high, ""),
                case.content.currency,
                line.currency,
                line.cost_kind,
                "/".join(line.path),
                _place(line.row),
            )


def _plain(value: Range | Fraction | date | int | str | None, unit: str) -> str:
    """A value for a spreadsheet: exact where decimals can say it, dates in ISO, shares in per cent."""
    if isinstance(value, Range):
        return _plain(value.low, unit) if value.known else f"{_plain(value.low, unit)} to {_plain(value.high, unit)}"
    if isinstance(value, Fraction):
        return f"{figures.exact_decimal(value * 100)} %" if unit == "share" else figures.exact_decimal(value)
    return "" if value is None else str(value)


def _place(place: Where | None) -> str:
    return str(place) if place else ""
