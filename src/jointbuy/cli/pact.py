"""The verbs about agreements: what was promised and what came of it, and what a text promises."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from jointbuy.cli.printing import answer, colour, print_json, put, say_written, width, working

_RULES = ("word", "stem", "substring")
_PARTS = ("headings", "footnotes")


def add(
    top: Callable[..., argparse.ArgumentParser], day: Callable[[str], date], kind: type[argparse.ArgumentParser]
) -> None:
    """The verbs below `pact` and their arguments."""
    told = "agreements: what was promised and what came of it, and what a text promises"
    verbs = top("pact", list_, told, "pact list").add_subparsers(metavar="WHAT", required=True, parser_class=kind)

    def verb(
        name: str, does_it: Callable[[argparse.Namespace], int], told: str, example: str
    ) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = verbs.add_parser(
            name, help=told, description=told, epilog=f"Example: jointbuy {example}", allow_abbrev=False
        )
        made.set_defaults(run=does_it)
        made.add_argument("--json", action="store_true", help="one JSON object on standard output")
        return made

    told = "the commitments of Canada and the Union of 23 June 2025 as reported, and how far each has come"
    made = verb("list", list_, told, "pact list --on 2026-11-23")
    made.add_argument("--on", type=day, metavar="DATE", help="as known that day; otherwise the day of the data")
    made.add_argument("--out", type=Path, metavar="FOLDER", help="write tables and JSON into this folder")
    made = verb("show", show, "one commitment with its source and what has happened", "pact show S06")
    made.add_argument("id", metavar="ID", help="as the list prints it, such as S06")
    made.add_argument("--on", type=day, metavar="DATE", help="as known that day; otherwise the day of the data")
    told = "what a text promises: who, how firmly, in which area, by when; and how often terms occur"
    made = verb("read", read, told, "pact read statement.md --count cyber --rule stem")
    made.add_argument("file", type=Path, metavar="FILE", help="an English text: plain, Markdown, HTML, PDF or DOCX")
    made.add_argument("--count", action="append", default=[], metavar="TERM", help="count a term; may be repeated")
    told = "what counts: the word alone (the rule unless you say), all that begin with the term, or the term anywhere"
    made.add_argument("--rule", choices=_RULES, default="word", help=told)
    told = "do not count in headings or in footnotes; may be repeated"
    made.add_argument("--without", choices=_PARTS, action="append", default=[], help=told)
    made.add_argument("--out", type=Path, metavar="FOLDER", help="write tables and JSON into this folder")


def list_(options: argparse.Namespace) -> int:
    """The register."""
    from jointbuy.cli.verbs import refuse_files
    from jointbuy.flow.pact import register
    from jointbuy.report import pact as report

    refuse_files(options.out)
    found = register(options.on)
    answer(options, found, report.listed, report.json_listed)
    if options.out:
        _written(report.write_register(found, options.out), options)
    return 0


def show(options: argparse.Namespace) -> int:
    """One commitment."""
    from jointbuy.flow.pact import show as flow
    from jointbuy.report import pact as report

    found, standing = flow(options.id, options.on)
    if options.json:
        print_json(report.json_shown(found, standing))
    else:
        put(report.shown(found, standing, colour(), width()))
    return 0


def read(options: argparse.Namespace) -> int:
    """What a text promises."""
    from jointbuy.cli.verbs import refuse_files
    from jointbuy.flow.pact import read as flow
    from jointbuy.report import pact as report

    refuse_files(options.out)
    with working("reading"):
        found = flow(
            options.file,
            options.count,
            options.rule,
            headings="headings" not in options.without,
            footnotes="footnotes" not in options.without,
        )
    answer(options, found, report.text, report.json)
    if options.out:
        _written(report.write(found, options.out), options)
    return 0


def _written(paths: tuple[Path, ...], options: argparse.Namespace) -> None:
    say_written(options, paths)
