"""A loan's schedule, and what it saves against bonds of the state itself."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jointbuy.cli.printing import answer, say_written
from jointbuy.cli.verbs import refuse_files


def add(verbs: Any) -> None:
    """The arguments of both, added to the verbs below `fund`."""
    told = "a loan's schedule to the cent, from its draws to a last balance of zero"
    _verb(verbs, "loan", loan, told)
    told = "what a loan saves against bonds of the state itself, under stated assumptions"
    _verb(verbs, "compare", compare, told)


def _verb(verbs: Any, name: str, does_it: Callable[[argparse.Namespace], int], told: str) -> None:
    shown = f"Example: jointbuy fund {name} examples/loan-romania"
    made = verbs.add_parser(name, help=told, description=told, epilog=shown, allow_abbrev=False)
    made.set_defaults(run=does_it)
    made.add_argument("file", type=Path, metavar="FILE", help=f"{name}.yaml, or the folder that holds it")
    told = "facts of yours on decided loans, newer or better, that stand in for ours or join them: docs/pool.md"
    made.add_argument("--facts", type=Path, metavar="FILE", help=told)
    made.add_argument("--json", action="store_true", help="one JSON object on standard output")
    made.add_argument("--out", type=Path, metavar="FOLDER", help="write report.html and tables into this folder")


def loan(options: argparse.Namespace) -> int:
    """A loan's schedule."""
    from jointbuy.flow import loan as flow
    from jointbuy.report import loans

    refuse_files(options.out)
    found = flow.loan(options.file, options.facts)
    answer(options, found.schedule, loans.text, lambda one: loans.json(one, found.digests))
    if options.out:
        written = loans.write(found.schedule, found.digests, options.out)
        say_written(options, written)
    return 0


def compare(options: argparse.Namespace) -> int:
    """What a loan saves."""
    from jointbuy.flow import compared as flow
    from jointbuy.report import savings

    refuse_files(options.out)
    found = flow.compare(options.file, options.facts)
    answer(options, found.compared, savings.text, lambda one: savings.json(one, found.digests))
    if options.out:
        written = savings.write(found.compared, found.digests, options.out)
        say_written(options, written)
    return 0
