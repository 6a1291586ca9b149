"""The verb `fund` and the verbs below it."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from jointbuy.cli import loans

Below = Callable[[str, Callable[[argparse.Namespace], int], str, str], argparse.ArgumentParser]


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser], parser_class: type[argparse.ArgumentParser]) -> None:
    """The verb and its own verbs, each with its arguments."""
    told = "the loans of SAFE: a loan's schedule, and what it saves"
    made = verbs.add_parser(
        "fund", help=told, description=told, epilog="Example: jointbuy fund loan examples/loan-romania", allow_abbrev=False
    )
    below = made.add_subparsers(metavar="VERB", required=True, parser_class=parser_class)

    def verb(
        name: str, does_it: Callable[[argparse.Namespace], int], does: str, example: str
    ) -> argparse.ArgumentParser:
        one = below.add_parser(
            name, help=does, description=does, epilog=f"Example: jointbuy fund {example}", allow_abbrev=False
        )
        one.set_defaults(run=does_it)
        return one

    loans.add(verb)
