"""The verbs that change a purchase until it passes, and that recheck what was found."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

from jointbuy.cli.printing import answer, say_written
from jointbuy.cli.verbs import ACTS, readings_of, refuse_files

_STOPPED = 3


def add(verb: Callable[..., argparse.ArgumentParser], day: Callable[[str], date], law: str) -> None:
    """The arguments of both."""
    told = "the cheapest change that makes a purchase eligible, with a proof"
    made = verb("fix", fix, told, "fix examples/recovery-vehicle --max-share US=10%")
    made.add_argument("purchase", type=Path, metavar="PURCHASE", help="folder of the purchase, with its alternatives")
    told = "act that must accept it; several may be given, and all must; otherwise that of the instrument that pays"
    made.add_argument("--act", choices=ACTS, action="append", default=[], help=told)
    told = "day whose law applies, and from which anything can be had; otherwise the signature"
    made.add_argument("--on", type=day, metavar="DATE", help=told)
    made.add_argument("--known-on", type=day, metavar="DATE", help="as published by that day; otherwise all we know")
    made.add_argument("--reading", action="append", default=[], metavar="NAME=OPTION", help="read an open text so")
    told = "and no more than that share of the components of each end product from a country"
    made.add_argument("--max-share", type=_share, action="append", default=[], metavar="COUNTRY=PER_CENT", help=told)
    told = "and at least that share from a country"
    made.add_argument("--min-share", type=_share, action="append", default=[], metavar="COUNTRY=PER_CENT", help=told)
    made.add_argument("--max-changes", type=_count, metavar="N", help="and with no more changes than so many")
    told = "stop after so many seconds with the best found and its bound, 60 when not given; exit code 3 then"
    made.add_argument("--seconds", type=_seconds, default=60.0, metavar="N", help=told)
    told = "be content with a choice of which a cheaper one may cost so many per cent less (0 when not given)"
    made.add_argument("--gap", type=_per_cent, default=Fraction(0), metavar="PER_CENT", help=told)
    made.add_argument("--law", type=Path, metavar="FOLDER", help=law)
    made.add_argument("--json", action="store_true", help="one JSON object on standard output")
    told = "write report.html, tables and certificate.json into this folder"
    made.add_argument("--out", type=Path, metavar="FOLDER", help=told)

    told = "recheck the certificate of a fix without a solver: same, different or invalid, and where"
    made = verb("verify", verify, told, "verify jointbuy-fix/certificate.json")
    made.add_argument("file", type=Path, metavar="FILE", help="certificate.json, as fix --out writes it")
    told = "and that it is of this purchase: its files, what they pose by the law, and the verdicts"
    made.add_argument("--purchase", type=Path, metavar="PURCHASE", help=told)
    made.add_argument("--law", type=Path, metavar="FOLDER", help=law)
    made.add_argument("--json", action="store_true", help="one JSON object on standard output")


def verify(options: argparse.Namespace) -> int:
    """Whether a certificate holds; exit code 1 where it does not."""
    from jointbuy.flow.certified import verify as recheck
    from jointbuy.report import remedies

    found = recheck(options.file, options.purchase, options.law)
    answer(options, found, remedies.verified, remedies.verified_json)
    return 0 if found.result == "same" else 1


def fix(options: argparse.Namespace) -> int:
    """The cheapest change that passes."""
    from jointbuy.cli.searching import searching
    from jointbuy.flow import fix as flow
    from jointbuy.report import remedies

    refuse_files(options.out)
    with searching(quiet=options.json) as (asked, told):
        wanted = flow.Wanted(
            most_from=tuple(options.max_share),
            least_from=tuple(options.min_share),
            changes=options.max_changes,
            gap=options.gap,
            seconds=options.seconds,
            stop=asked.is_set,
            told=lambda cost, bound: told("cost", cost, bound),
        )
        found = flow.fix(
            options.purchase,
            acts=options.act,
            on=options.on,
            known_on=options.known_on,
            readings=readings_of(options.reading),
            overlay=options.law,
            wanted=wanted,
        )
    answer(options, found, remedies.text, remedies.json)
    if options.out:
        from jointbuy.report import remedies_files

        written = remedies_files.write(found, options.out)
        say_written(options, written)
    return _STOPPED if found.stopped else 0


def _share(text: str) -> tuple[str, Fraction]:
    country, sign, share = text.partition("=")
    if not (country.strip() and sign):
        raise argparse.ArgumentTypeError(f'"{text}" is no share; write it like US=10%')
    return country.strip(), _per_cent(share)


def _per_cent(text: str) -> Fraction:
    from jointbuy.exact import parse_decimal

    try:
        share = parse_decimal(text.strip().removesuffix("%")) / 100
    except ValueError:
        share = Fraction(-1)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not between 0 and 100 per cent; write it like 10%')
    return share


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise argparse.ArgumentTypeError(f'"{text}" is no number of changes; write it like 3')
    return int(text)


def _seconds(text: str) -> float:
    from jointbuy.exact import parse_decimal

    try:
        seconds = float(parse_decimal(text))
    except ValueError:
        seconds = 0.0
    if seconds <= 0:
        raise argparse.ArgumentTypeError(f'"{text}" is no number of seconds; write it like 10, above 0')
    return seconds
