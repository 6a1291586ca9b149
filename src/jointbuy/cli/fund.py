"""The verbs about loans: the pool, and the ledger of one state; one loan is in `loans`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from jointbuy.cli import loans
from jointbuy.cli.printing import answer, say_written, working


def add(verb: Callable[..., Any], day: Callable[[str], date], kind: type[argparse.ArgumentParser]) -> None:
    """The verb `fund`, those below it, and their arguments."""
    told = "loans: the pool, one loan and what it saves, and the ledger of a state"
    verbs = verb("fund", pool, told, "fund pool --on 2026-11-23").add_subparsers(
        metavar="WHAT", required=True, parser_class=kind
    )
    told = "what each state is lent, has drawn and leaves, the cap of the largest, and the last days"
    made = verbs.add_parser(
        "pool", help=told, description=told, epilog="Example: jointbuy fund pool --on 2026-11-23", allow_abbrev=False
    )
    made.set_defaults(run=pool)
    made.add_argument("--on", type=day, metavar="DATE", help="as it stood that day; otherwise the day of our facts")
    made.add_argument("--known-on", type=day, metavar="DATE", help="as known by that day; otherwise all we know")
    _files(made)
    told = "a ministry's own ledger: what does not add up, what falls due, what goes with each request"
    example = "Example: jointbuy fund ledger examples/ledger-amber --lost C5"
    made = verbs.add_parser("ledger", help=told, description=told, epilog=example, allow_abbrev=False)
    made.set_defaults(run=ledger)
    made.add_argument("ledger", type=Path, metavar="FOLDER", help="folder with ledger.yaml and its tables")
    made.add_argument("--on", type=day, metavar="DATE", help="as of that day; otherwise the day the ledger was kept")
    told = "what must be paid back if that contract loses its support"
    made.add_argument("--lost", metavar="CONTRACT", help=told)
    _files(made)
    loans.add(verbs)


def _files(made: argparse.ArgumentParser) -> None:
    told = "facts of yours, newer or better, that stand in for ours or join them: docs/pool.md"
    made.add_argument("--facts", type=Path, metavar="FILE", help=told)
    made.add_argument("--json", action="store_true", help="one JSON object on standard output")
    made.add_argument("--out", type=Path, metavar="FOLDER", help="write report.html and tables into this folder")


def pool(options: argparse.Namespace) -> int:
    """How the pool stands."""
    from jointbuy.cli.verbs import refuse_files
    from jointbuy.flow.pool import pool as flow
    from jointbuy.report import pool as report

    refuse_files(options.out)
    found = flow(on=options.on, known_on=options.known_on, facts=options.facts)
    answer(options, found, report.text, report.json)
    if options.out:
        written = report.write(found, options.out)
        say_written(options, written)
    return 0


def ledger(options: argparse.Namespace) -> int:
    """What is found in a ledger."""
    from jointbuy.cli.verbs import refuse_files
    from jointbuy.flow.ledger import ledger as flow
    from jointbuy.report import ledger as report

    refuse_files(options.out)
    with working("reading the ledger and its purchases"):
        found = flow(options.ledger, on=options.on, lost=options.lost, facts=options.facts)
    answer(options, found, report.text, report.json)
    if options.out:
        written = report.write(found, options.out)
        say_written(options, written)
    return 0
