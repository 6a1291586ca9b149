"""A loan's schedule, and what it saves against bonds of the state itself."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jointbuy.cli.printing import answer, say_written, working
from jointbuy.cli.verbs import refuse_files


def add(verbs: Any) -> None:
    """The arguments of both, added to the verbs below `fund`."""
    told = "a loan's schedule to the cent, from its draws to a last balance of zero"
    made = _verb(verbs, "loan", loan, told)
    told = (
        "interest under each row of a CSV (scenario, shift) instead of the schedule; FILE may then be a folder of "
        "loans' folders too: docs/fund.md"
    )
    made.add_argument("--scenarios", type=Path, metavar="CSV", help=told)
    told = "what a loan saves against bonds of the state itself, under stated assumptions"
    _verb(verbs, "compare", compare, told)


def _verb(verbs: Any, name: str, does_it: Callable[[argparse.Namespace], int], told: str) -> argparse.ArgumentParser:
    shown = f"Example: jointbuy fund {name} examples/loan-romania"
    made: argparse.ArgumentParser = verbs.add_parser(
        name, help=told, description=told, epilog=shown, allow_abbrev=False
    )
    made.set_defaults(run=does_it)
    made.add_argument("file", type=Path, metavar="FILE", help=f"{name}.yaml, or the folder that holds it")
    told = "facts of yours on decided loans, newer or better, that stand in for ours or join them: docs/pool.md"
    made.add_argument("--facts", type=Path, metavar="FILE", help=told)
    made.add_argument("--json", action="store_true", help="one JSON object on standard output")
    made.add_argument("--out", type=Path, metavar="FOLDER", help="write report.html and tables into this folder")
    return made


def loan(options: argparse.Namespace) -> int:
    """A loan's schedule, or the interest of one or many under scenarios."""
    if options.scenarios:
        return _scenarios(options)
    from jointbuy.flow import loan as flow
    from jointbuy.report import loans

    refuse_files(options.out)
    found = flow.loan(options.file, options.facts)
    answer(options, found.schedule, loans.text, lambda one: loans.json(one, found.digests))
    if options.out:
        written = loans.write(found.schedule, found.digests, options.out)
        say_written(options, written)
    return 0


def _scenarios(options: argparse.Namespace) -> int:
    from jointbuy.flow import shifted as flow
    from jointbuy.report import shifted

    refuse_files(options.out)
    with working("reading loans"):
        found = flow.scenarios(options.file, options.scenarios, options.facts)
    answer(options, found, shifted.text, shifted.json)
    if options.out:
        say_written(options, shifted.write(found, options.out))
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
