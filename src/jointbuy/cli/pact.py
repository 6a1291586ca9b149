"""The verbs about agreements: what was promised and what came of it, and what a text promises."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from jointbuy.cli.printing import UNUSABLE, answer, colour, complain, print_json, put, say_written, width, working

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
    made.add_argument("--out", type=Path, metavar="FOLDER", help="write report.html, tables and JSON into this folder")
    told = "one entry in full: a commitment with what has happened, an event, an agreement, a partnership"
    made = verb("show", show, told, "pact show S06")
    made.add_argument("id", metavar="ID", help="as any answer prints it, such as S06, E07, sdp-2025, sdp-gb, GB01")
    made.add_argument("--on", type=day, metavar="DATE", help="as known that day; otherwise the day of the data")
    told = "what a text promises: who, how firmly, in which area, by when; and how often terms occur"
    made = verb("read", read, told, "pact read statement.md --count cyber --rule stem")
    told = "an English text: plain, Markdown, HTML, PDF or DOCX; several, or a folder of them, are counted in one table"
    made.add_argument("file", type=Path, nargs="+", metavar="FILE", help=told)
    _counting(made)
    made.add_argument("--parties", metavar="LIST", help="whose text it is: CA,EU; otherwise as title or text tell")
    told = "what a person says of single commitments in place of the reader: CSV or YAML"
    made.add_argument("--overrule", type=Path, metavar="FILE", help=told)
    made.add_argument("--out", type=Path, metavar="FOLDER", help="write report.html, tables and JSON into this folder")
    told = "write a table to fill in where you judge a commitment otherwise; `pact read --overrule` applies it"
    made = verb("overrule", overrule, told, "pact overrule statement.md mine.csv")
    made.add_argument("file", type=Path, metavar="FILE", help="the text")
    made.add_argument("table", type=Path, metavar="TABLE", help="the file to write; one that is there is left alone")
    made.add_argument("--parties", metavar="LIST", help="whose text it is: CA,EU; otherwise as title or text tell")
    told = "two agreements side by side, or one then and now: what both have, what only one has, what is firmer"
    made = verb("diff", diff, told, "pact diff older.md newer.md --count cyber")
    told = "a text; or of the register: register, sdp-2025, statement-2025, a partner such as Japan; NAME@DATE on a day"
    made.add_argument("first", metavar="A", help=told)
    made.add_argument("second", metavar="B", help="the same")
    _counting(made)
    made.add_argument("--on", type=day, metavar="DATE", help="the register as known that day")
    made.add_argument("--out", type=Path, metavar="FOLDER", help="write report.html, tables and JSON into this folder")


def _counting(made: argparse.ArgumentParser) -> None:
    made.add_argument("--count", action="append", default=[], metavar="TERM", help="count a term; may be repeated")
    told = "what counts: the word alone (the rule unless you say), all that begin with the term, or the term anywhere"
    made.add_argument("--rule", choices=_RULES, default="word", help=told)
    told = "do not count in headings or in footnotes; may be repeated"
    made.add_argument("--without", choices=_PARTS, action="append", default=[], help=told)


def list_(options: argparse.Namespace) -> int:
    """The register."""
    from jointbuy.cli.verbs import refuse_files
    from jointbuy.flow.pact import register
    from jointbuy.report import pact_register as report

    refuse_files(options.out)
    found = register(options.on)
    answer(options, found, report.listed, report.json_listed)
    if options.out:
        from jointbuy.report import pact_files

        _written(pact_files.write_register(found, options.out), options)
    return 0


def show(options: argparse.Namespace) -> int:
    """One entry of the register."""
    from jointbuy.flow.pact import show as flow
    from jointbuy.report import pact_show as report

    found, one = flow(options.id, options.on)
    if options.json:
        print_json(report.json_shown(found, one))
    else:
        put(report.shown(found, one, colour(), width()))
    return 0


def read(options: argparse.Namespace) -> int:
    """What a text promises; of several, counts."""
    from jointbuy.cli.verbs import refuse_files
    from jointbuy.flow.pact import read as flow
    from jointbuy.report import pact as report

    refuse_files(options.out)
    if len(options.file) > 1 or options.file[0].is_dir():
        return _many(options)
    with working("reading"):
        found = flow(
            options.file[0],
            options.count,
            options.rule,
            headings="headings" not in options.without,
            footnotes="footnotes" not in options.without,
            parties=_parties(options),
            overrulings=options.overrule,
        )
    answer(options, found, report.text, report.json)
    if options.out:
        from jointbuy.report import pact_files

        _written(pact_files.write(found, options.out), options)
    return 0


def _many(options: argparse.Namespace) -> int:
    """Counts of many texts; a fault of one is told and stops none of the others."""
    from jointbuy.errors import JointbuyError
    from jointbuy.flow.agreements import documents
    from jointbuy.report import pact_side as report

    if options.overrule:
        raise JointbuyError("--overrule is about one text; give one file")
    with working("reading"):
        found = documents(options.file, _counted(options), _parties(options))
    answer(options, found, report.many, report.json_many)
    if options.out:
        from jointbuy.report import pact_files

        _written(pact_files.write_documents(found, options.out), options)
    for fault in found.faults:
        complain(f"{fault.file} is not read: {fault.why[0]}")
    return UNUSABLE if found.faults else 0


def overrule(options: argparse.Namespace) -> int:
    """A table for a person's own judgement."""
    from jointbuy.errors import JointbuyError
    from jointbuy.flow.pact import template
    from jointbuy.report import pact_files

    if options.table.exists():
        raise JointbuyError(f"{options.table} is there already and may hold what somebody judged; name another file")
    if options.table.suffix.lower() != ".csv":
        raise JointbuyError(f'"{options.table}" is a table in CSV; name it so: {options.table.with_suffix(".csv")}')
    with working("reading"):
        found, keys = template(options.file, _parties(options))
    pact_files.write_template(found, keys, options.table)
    if options.json:
        print_json({"written": str(options.table), "rows": len(keys)})
    else:
        told = f"{len(keys):,} rows. Fill in those that you judge, each with reason and who"
        put(f"Written to {options.table}: {told}; then: pact read --overrule {options.table}\n")
    return 0


def diff(options: argparse.Namespace) -> int:
    """Two agreements side by side."""
    from jointbuy.cli.verbs import refuse_files
    from jointbuy.flow.agreements import diff as flow
    from jointbuy.report import pact_side as report

    refuse_files(options.out)
    with working("reading"):
        found = flow(options.first, options.second, _counted(options), options.on)
    answer(options, found, report.text, report.json)
    if options.out:
        from jointbuy.report import pact_files

        _written(pact_files.write_comparison(found, options.out), options)
    return 0


def _counted(options: argparse.Namespace) -> Any:
    from jointbuy.flow.pact import Counted

    without = options.without
    return Counted(options.count, options.rule, "headings" not in without, "footnotes" not in without)


def _parties(options: argparse.Namespace) -> list[str]:
    return [name.strip() for name in (options.parties or "").split(",") if name.strip()]


def _written(paths: tuple[Path, ...], options: argparse.Namespace) -> None:
    say_written(options, paths)
