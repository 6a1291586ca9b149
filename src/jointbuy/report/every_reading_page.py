"""The section of the page on a verdict under every combination of readings."""

from __future__ import annotations

from jointbuy.report import every_reading
from jointbuy.report.markup import Markup, join, tag
from jointbuy.report.pieces import Cells, quiet, table
from jointbuy.report.words import PAGE
from jointbuy.result import AllReadings


def page(found: AllReadings | None) -> Markup | None:
    """The section of the page; None where it was not asked for."""
    if found is None:
        return None
    rows: list[Cells] = [
        (tag("code", name), option, join(tag("p", told) for told in comes))
        for name, option, comes in every_reading.rows_of(found)
    ]
    heads = ["reading head", "option", "comes to"]
    return join([
        tag("p", tag("strong", every_reading.headline(found))),
        tag("p", every_reading.ways(found)),
        table(PAGE["all readings caption"], heads, rows, "name word text") if rows else None,
        *(quiet(told) for told in every_reading.proof(found)),
    ])  # fmt: skip
