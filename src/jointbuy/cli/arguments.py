"""The words that the command line understands; docs/cli.md is written from them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import NoReturn, TypeAlias

from jointbuy.cli import fund, pact, remedies, targets
from jointbuy.cli import verbs as run
from jointbuy.cli.printing import UNUSABLE, complain
from jointbuy.cli.verbs import ACTS
from jointbuy.errors import did_you_mean

Verb: TypeAlias = Callable[[argparse.Namespace], int]


class _Parser(argparse.ArgumentParser):
    """An argument parser that offers the nearest word it knows."""

    words: set[str] = set()

    def error(self, message: str) -> NoReturn:
        asked = re.search(r"invalid choice: '([^']+)'|unrecognized arguments: (\S+)", message)
        meant = did_you_mean((asked[1] or asked[2]).split("=")[0], self.words) if asked else ""
        told = message.split(" (choose from")[0] if meant else message
        complain(f"{told}; {meant}" if meant else f"{told}; see: {self.prog} --help")
        raise SystemExit(UNUSABLE)


def parser() -> argparse.ArgumentParser:
    """Every verb with its arguments; docs/cli.md is written from it."""
    from jointbuy import __version__

    parser = _Parser(
        prog="jointbuy",
        description="Is a joint defence purchase eligible, why, how sure is that, and what would settle it.",
        epilog="Start with: jointbuy demo. Each verb explains itself: jointbuy check --help. Not legal advice.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"jointbuy {__version__}")
    verbs = parser.add_subparsers(metavar="VERB", required=True, parser_class=_Parser)

    def verb(name: str, does_it: Verb, does: str, example: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = verbs.add_parser(
            name, help=does, description=does, epilog=f"Example: jointbuy {example}", allow_abbrev=False
        )
        made.set_defaults(run=does_it)
        return made

    demo = verb("demo", run.demo, "check the first example and say what to try next", "demo")
    demo.add_argument("--out", type=Path, default=Path("jointbuy-demo"), metavar="FOLDER", help="where its files go")
    init = verb("init", run.init, "write a commented purchase file and an empty bill of materials", "init my-purchase")
    init.add_argument("folder", type=Path, metavar="FOLDER", help="folder to write into; nothing is overwritten")
    init.add_argument("--xlsx", action="store_true", help="one workbook with drop-downs instead of YAML and CSV")
    verb("schema", run.schema, "print the JSON Schema of the purchase file", "schema > purchase.schema.json")
    _add_check(verb("check", run.check, "the verdict on a purchase", "check examples/armoured-vehicle --on 2026-09-15"))
    content = verb("content", run.content, "where the value comes from", "content my-purchase --why US --stress")
    _add_content(content)
    control = verb("control", run.control, "who controls each party", "control my-purchase")
    for reading in (content, control):
        reading.add_argument("purchase", type=Path, metavar="PURCHASE", help="folder of the purchase")
        reading.add_argument("--on", type=_day, metavar="DATE", help="day whose law applies; otherwise the signature")
        reading.add_argument("--json", action="store_true", help="one JSON object on standard output")
    _add_access(
        verb("access", run.access, "may a country buy, supply and borrow, and by which provision", "access Canada")
    )
    _add_plan(verb("plan", run.plan, "a joint purchase across states and years", "plan examples/plan-four-states"))
    told = "VAT exemption certificates to print"
    _add_certificate(verb("certificate", run.certificate, told, "certificate my-purchase --out forms"))
    convert = verb(
        "convert", run.convert, "write a bill of materials in another format", "convert my-purchase bom.cdx.json"
    )
    told = "folder of a purchase, or a bill alone: CSV, XLSX, CycloneDX (JSON) or Parquet; a sheet after #"
    convert.add_argument("source", type=Path, metavar="IN", help=told)
    told = "file to write, ending in .csv, .xlsx, .json (CycloneDX 1.7) or .parquet; nothing is overwritten"
    convert.add_argument("target", type=Path, metavar="OUT", help=told)
    convert.add_argument("--json", action="store_true", help="one JSON object on standard output")
    _add_rule(verb("rule", run.rule, "one rule whole: citation, words, numbers, readings", _RULE_EXAMPLE))
    _add_law(verb("law", run.law_diff, "what changed in the law, and what nobody has checked for long", _LAW_EXAMPLE))
    remedies.add(verb, _day, _LAW)
    fund.add(verb, _day, _Parser)
    _add_stated(verb)
    _Parser.words = {
        *verbs.choices,
        *_flags(parser),
        *(flag for made in verbs.choices.values() for flag in _flags(made)),
    }
    return parser


_LAW = "law data of yours that correct or add to ours: docs/law.md"
_RULE_EXAMPLE = "rule safe.art16_10_component_share"
_LAW_EXAMPLE = "law diff 2026-01-01 2026-11-23 --over examples"


def _add_stated(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """What states pledged and promised."""
    targets.add(verb, _day)
    pact.add(verb, _day, _Parser)


def _add_law(law: argparse.ArgumentParser) -> None:
    verbs = law.add_subparsers(metavar="WHAT", required=True, parser_class=_Parser)
    told = "what differs between an act's law on two days, each as known by then; over a folder, whose answers change"
    diff = verbs.add_parser("diff", help=told, description=told, epilog=f"Example: jointbuy {_LAW_EXAMPLE}")
    diff.add_argument("before", type=_day, metavar="DATE", help="the earlier day")
    diff.add_argument("after", type=_day, metavar="DATE", help="the later day")
    diff.add_argument("--act", choices=ACTS, default="safe", help="act to compare")
    diff.add_argument("--over", type=Path, metavar="FOLDER", help="a purchase, or a folder of purchases")
    diff.add_argument("--law", type=Path, metavar="FOLDER", help="law data of yours, laid over ours for the later day")
    diff.add_argument("--json", action="store_true", help="one JSON object on standard output")
    diff.set_defaults(run=run.law_diff)
    told = "numbers of the law whose day of checking is over six months old"
    stale = verbs.add_parser("stale", help=told, description=told, epilog="Example: jointbuy law stale")
    stale.add_argument("--on", type=_day, metavar="DATE", help="as of that day; otherwise today")
    stale.set_defaults(run=run.law_stale)


def _add_check(check: argparse.ArgumentParser) -> None:
    check.add_argument("purchase", type=Path, metavar="PURCHASE", help="folder of the purchase")
    which = check.add_mutually_exclusive_group()
    which.add_argument("--act", choices=ACTS, help="act to check against; otherwise that of the instrument that pays")
    which.add_argument("--all-acts", action="store_true", help="every act in one table: which accepts it, and why not")
    check.add_argument("--on", type=_day, metavar="DATE", help="day whose law applies; otherwise the signature")
    check.add_argument("--known-on", type=_day, metavar="DATE", help="as known by that day; otherwise all we know")
    check.add_argument("--reading", action="append", default=[], metavar="NAME=OPTION", help="read an open text so")
    told = "under every combination of the readings that --reading leaves open: what the verdict hangs on, and proof"
    check.add_argument("--all-readings", action="store_true", help=told)
    check.add_argument("--law", type=Path, metavar="FOLDER", help=_LAW)
    check.add_argument("--strict", action="store_true", help="exit 1 unless eligible without conditions, however read")
    check.add_argument("--json", action="store_true", help="one JSON object on standard output")
    check.add_argument(
        "--out", type=Path, metavar="FOLDER", help="write report.html, verdict and tables into this folder"
    )


def _add_access(access: argparse.ArgumentParser) -> None:
    access.add_argument("country", metavar="COUNTRY", help="alpha-2 code or English name")
    access.add_argument("--act", choices=ACTS[:4], default="safe", help="act of the Union to ask about")
    access.add_argument("--on", type=_day, metavar="DATE", help="day whose law applies")
    access.add_argument("--law", type=Path, metavar="FOLDER", help=_LAW)
    access.add_argument("--json", action="store_true", help="one JSON object on standard output")


def _add_rule(rule: argparse.ArgumentParser) -> None:
    told = "id of a rule, as findings print it; or words of its provision or title; without, all are listed"
    rule.add_argument("id", metavar="ID", nargs="*", help=told)


def _add_certificate(certificate: argparse.ArgumentParser) -> None:
    certificate.add_argument("purchase", type=Path, metavar="PURCHASE", help="folder of the purchase")
    told = "folder to write into: one page for each authority of a Member State and each contractor"
    certificate.add_argument("--out", type=Path, required=True, metavar="FOLDER", help=told)
    certificate.add_argument("--on", type=_day, metavar="DATE", help="day whose law applies; otherwise the signature")


def _add_content(content: argparse.ArgumentParser) -> None:
    content.add_argument("--missing", action="store_true", help="list every declaration that is missing")
    content.add_argument("--reading", action="append", default=[], metavar="NAME=OPTION", help="read an open text so")
    content.add_argument("--law", type=Path, metavar="FOLDER", help=_LAW)
    told = "whole at the first level, traced through all levels, or by absorption; all stand side by side in the answer"
    content.add_argument("--method", choices=("first-level", "traced", "absorption", "absorption-both-ways"), help=told)
    told = 'the paths that carry most of the value from a country, or of what is "undeclared"'
    content.add_argument("--why", metavar="COUNTRY", help=told)
    content.add_argument(
        "--where-used", metavar="PART", help="every use of a part, and how many stand so in the product"
    )
    told = "strategic raw materials by mass and country, beside the Union's benchmark of 65 per cent: an indicator"
    content.add_argument("--minerals", action="store_true", help=told)
    content.add_argument("--against", type=Path, metavar="PURCHASE", help="an earlier version: what moved the share")
    told = (
        "a CSV of changes, with columns scenario, part, supplier, unit_cost, origin, parent, quantity, awarded: the "
        "share under each scenario"
    )
    content.add_argument("--what-if", type=Path, metavar="FILE", help=told)
    told = "what would just meet the limit, and how often errors of so many per cent break it (10 when not given)"
    content.add_argument("--stress", type=_error, nargs="?", const=Fraction(1, 10), metavar="PER_CENT", help=told)
    content.add_argument("--seed", type=int, default=1, metavar="N", help="seed of the draws of --stress")
    told = "write content.html, with pictures, and content.json into this folder"
    content.add_argument("--out", type=Path, metavar="FOLDER", help=told)


def _add_plan(plan: argparse.ArgumentParser) -> None:
    plan.add_argument("plan", type=Path, metavar="PLAN", help="folder of the plan, with plan.yaml and its tables")
    told = (
        "goals in their order, such as cost,dependence; otherwise those of the plan: cost, dependence, delay, systems"
    )
    plan.add_argument("--minimise", type=_goals, default=(), metavar="GOALS", help=told)
    told = "what less dependence costs: plans between the cheapest and the least dependent"
    plan.add_argument("--frontier", action="store_true", help=told)
    told = "stop when the cost is at most so many per cent above the bound (0.1 when not given; 0 for a proven optimum)"
    plan.add_argument("--gap", type=_gap, default=Fraction(1, 1000), metavar="PER_CENT", help=told)
    told = "stop after so many seconds with the best plan so far (60 when not given); Ctrl-C stops, too"
    plan.add_argument("--seconds", type=_seconds, default=60.0, metavar="N", help=told)
    plan.add_argument("--json", action="store_true", help="one JSON object on standard output")
    plan.add_argument("--out", type=Path, metavar="FOLDER", help="write report.html and tables into this folder")


def _goals(text: str) -> tuple[str, ...]:
    known = ("cost", "dependence", "delay", "systems")
    found = tuple(word.strip() for word in text.split(","))
    for word in found:
        if word not in known:
            near = did_you_mean(word, known) or f"write some of: {', '.join(known)}"
            raise argparse.ArgumentTypeError(f'there is no goal "{word}"; {near}')
    if len(set(found)) < len(found):
        raise argparse.ArgumentTypeError(f'"{text}" names a goal twice; keep one')
    return found


def _gap(text: str) -> Fraction:
    from jointbuy.exact import parse_decimal

    try:
        gap = parse_decimal(text.removesuffix("%")) / 100
    except ValueError:
        gap = Fraction(-1)
    if not 0 <= gap < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is no gap in per cent; write it like 0.5, from 0 and below 100')
    return gap


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 1e7:
        raise argparse.ArgumentTypeError(f'"{text}" is no number of seconds; write it like 60')
    return seconds


def _error(text: str) -> Fraction:
    from jointbuy.exact import parse_decimal

    try:
        error = parse_decimal(text.removesuffix("%")) / 100
    except ValueError:
        error = Fraction(0)
    if not 0 < error < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is no error in per cent; write it like 10, above 0 and below 100')
    return error


def _flags(parser: argparse.ArgumentParser) -> list[str]:
    return [flag for action in parser._actions for flag in action.option_strings if flag.startswith("--")]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is not a date; write it like 2026-09-15') from None
