"""The verbs about loans."""

from __future__ import annotations

import argparse

from jointbuy.cli import loans


def add(fund: argparse.ArgumentParser, kind: type[argparse.ArgumentParser]) -> None:
    """The verbs below `fund` and their arguments."""
    verbs = fund.add_subparsers(metavar="WHAT", required=True, parser_class=kind)
    loans.add(verbs)
