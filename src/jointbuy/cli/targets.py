"""The verb that sets spending and dependence against what states pledged."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

from jointbuy.cli.printing import answer, say_written, working
from jointbuy.cli.verbs import refuse_files

_PROFILES = ("linear", "after-review", "by-review")


def add(verb: Callable[..., argparse.ArgumentParser], day: Callable[[str], date]) -> None:
    """Its arguments."""
    told = "spending against floor and ceiling, the path to the floor, and dependence on one country"
    made = verb("targets", targets, told, "targets Canada --data def-exp-2026-en.xlsx --out targets")
    told = "alpha-2 code or English name; every state of the tables when not given"
    made.add_argument("country", metavar="COUNTRY", nargs="?", help=told)
    made.add_argument("--year", type=_year, metavar="Y", help="year to look at; otherwise the latest that is known")
    told = (
        "NATO's workbook, Eurostat's gov_ev as JSON-stat, a CSV of figures, of planned spending or of published "
        "shares, or plan.json; several may be given"
    )
    made.add_argument("--data", type=Path, action="append", default=[], metavar="FILE", help=told)
    told = "edition to use; several may be combined only when each is named, the first where both have a figure"
    made.add_argument("--edition", action="append", default=[], metavar="NAME", help=told)
    told = "how the share rises: by as many points every year, only after the review, or all of it by the review"
    made.add_argument("--path", choices=_PROFILES, default="linear", help=told)
    told = "growth of real GDP a year that the path assumes (0 when not given)"
    made.add_argument("--growth", type=_growth, default=Fraction(0), metavar="PER_CENT", help=told)
    told = "a purchase whose content joins the dependence"
    made.add_argument("--purchase", type=Path, action="append", default=[], metavar="PURCHASE", help=told)
    told = "country on which the content of a purchase may depend (US when not given)"
    made.add_argument("--supplier", default="US", metavar="COUNTRY", help=told)
    made.add_argument("--on", type=day, metavar="DATE", help="as known on that day; otherwise all we know")
    made.add_argument("--json", action="store_true", help="one JSON object on standard output")
    made.add_argument("--out", type=Path, metavar="FOLDER", help="write report.html and tables into this folder")


def targets(options: argparse.Namespace) -> int:
    """Spending and dependence against targets."""
    from jointbuy.flow import targets as flow
    from jointbuy.report import targets as report
    from jointbuy.report import targets_json

    refuse_files(options.out)
    asked = flow.Asked(
        country=options.country,
        year=options.year,
        data=options.data,
        editions=options.edition,
        purchases=options.purchase,
        supplier=options.supplier,
        profile=options.path,
        growth=options.growth,
        on=options.on,
    )
    with working("reading"):
        found = flow.targets(asked)
    answer(options, found, report.text, targets_json.json)
    if options.out:
        written = report.write(found, options.out)
        say_written(options, written)
    return 0


def _year(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1949 <= int(text[:9]) <= 2199):
        raise argparse.ArgumentTypeError(f'"{text}" is no year; write it like 2026')
    return int(text)


def _growth(text: str) -> Fraction:
    from jointbuy.exact import parse_decimal

    try:
        growth = parse_decimal(text.strip().removesuffix("%")) / 100
    except ValueError:
        growth = Fraction(-1)
    if not Fraction(-1, 5) <= growth <= Fraction(1, 5):
        raise argparse.ArgumentTypeError(f'"{text}" is no growth from -20 to 20 per cent a year; write it like 1.5')
    return growth
