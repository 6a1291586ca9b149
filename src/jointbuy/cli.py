"""The command line: one thin function a verb. Rooms are imported inside the verb that needs them, to start fast.

Exit codes: 0 done, 1 `--strict` and not eligible without conditions, 2 unusable input, 3 a limit of memory was hit,
130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from jointbuy.errors import JointbuyError, Limit, Problem, Unusable, did_you_mean

ACTS = ("safe", "edip", "edip_ukraine", "edirpa", "buy_american", "buy_canadian")
UNUSABLE, LIMIT, INTERRUPTED, PIPE_CLOSED = 2, 3, 130, 141
_MOST_PROBLEMS = 20
_FILE_WIDTH = 100


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; never a traceback for a user (conventions §10)."""
    _settle_streams()
    try:
        options = parser().parse_args(argv)
        code: int = options.run(options)
        sys.stdout.flush()
    except SystemExit as stop:  # argparse has already said why
        return int(stop.code or 0)
    except JointbuyError as error:
        return _refuse(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has left; nothing may be written to it at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except MemoryError:
        _complain("the memory is used up; split the bill, or use a machine with more; the work was left unfinished")
        return LIMIT
    except OSError as error:
        _complain(f"{error.filename or 'a file'}: {error.strerror or error}")
        return UNUSABLE
    except Exception as error:
        return _own_mistake(error)
    return code


# --- verbs ----------------------------------------------------------------------------------


def _check(options: argparse.Namespace) -> int:
    from jointbuy import flow
    from jointbuy.report import json, terminal

    if options.all_acts:
        return _check_all(options)
    readings = _readings(options.reading)
    _refuse_files(options.out)
    with _working("reading and deciding"):
        case = flow.check(
            options.purchase,
            act=options.act,
            on=options.on,
            known_on=options.known_on,
            readings=readings,
            overlay=options.law,
        )
    _answer(options, case, terminal.verdict, json.verdict)
    if options.out:
        from jointbuy.report import files

        written = files.write(case, options.out)
        _say(f"Written to {options.out}: {', '.join(path.name for path in written)}", options.json)
    by_default = set(case.verdict.hangs_on) - set(readings)
    certain = case.verdict.outcome == "eligible" and not case.verdict.conditions and not by_default
    return 1 if options.strict and not certain else 0


def _check_all(options: argparse.Namespace) -> int:
    """Exit code 1 with --strict unless an act accepts the purchase without conditions."""
    from jointbuy.flow import across as acts
    from jointbuy.report import acts as report

    if options.out:
        raise JointbuyError("--all-acts does not go with --out: a report is of one act; choose one with --act")
    with _working("reading and deciding"):
        found = acts.check(
            options.purchase, on=options.on, known_on=options.known_on, readings=_readings(options.reading)
        )
    _answer(options, found, report.text, report.json)
    return 0 if acts.accepted(found) or not options.strict else 1


def _content(options: argparse.Namespace) -> int:
    from jointbuy import flow
    from jointbuy.report import exploring

    readings = _readings(options.reading)
    if options.method:
        method = options.method.replace("-", " ")
        if readings.setdefault("components", method) != method:
            raise JointbuyError(f"--method {options.method} and --reading components say two things; give one of them")
    _refuse_files(options.out)
    asked = flow.Asked(
        variants=not options.missing,
        why=options.why,
        used=options.where_used,
        against=options.against,
        stress=options.stress,
        what_if=options.what_if,
        seed=options.seed,
        minerals=options.minerals,
    )
    with _working("reading and rolling up"):
        found = flow.explore(options.purchase, asked, on=options.on, readings=readings)
    if options.json:
        _print_json(exploring.json(found))
    else:
        _print(exploring.text(found, _colour(), _width(), missing=options.missing))
    if options.out:
        from jointbuy.report import files

        written = files.write_explored(found, options.out)
        _say(f"Written to {options.out}: {', '.join(path.name for path in written)}", options.json)
    return 0


def _control(options: argparse.Namespace) -> int:
    from jointbuy import flow
    from jointbuy.report import json, terminal

    _answer(options, flow.check(options.purchase, on=options.on), terminal.control, json.control)
    return 0


def _access(options: argparse.Namespace) -> int:
    from jointbuy import flow, law
    from jointbuy.report import json, reference

    answer = flow.access(options.country, on=options.on)
    unseen = reference.unseen_agreements(answer, law.act("safe"))
    if options.json:
        _print_json(json.access(answer, unseen))
    else:
        _print(reference.access(answer, unseen, _colour(), _width()))
    return 0


def _rule(options: argparse.Namespace) -> int:
    from jointbuy import law
    from jointbuy.report import reference

    asked = " ".join(options.id)
    known = [rule for name in ACTS for rule in law.act(name).rules]
    rules = {rule.id: rule for rule in known}
    if asked in rules:
        for rule in known:  # one for each agreement, where it stands under several
            if rule.id == asked:
                _print(reference.rule(rule, law.act(asked.split(".")[0]), _colour(), _width()))
        return 0
    texts = {id_: f"{id_} {rule.provision} {rule.title}" for id_, rule in rules.items()}
    together = [rule for id_, rule in rules.items() if _contains(texts[id_], asked)]
    found = together or [rule for id_, rule in rules.items() if all(_contains(texts[id_], word) for word in options.id)]
    if not found:
        near = did_you_mean(asked, rules) or did_you_mean(f"{ACTS[0]}.{asked}", rules)
        raise JointbuyError(f'there is no rule "{asked}"; {near or "jointbuy rule without words lists them all"}')
    _print(reference.rules(found, _colour(), _width()))
    return 0


def _contains(text: str, words: str) -> bool:
    """Whether the words stand in the text; a number is not cut short: Art. 1 is not Art. 12."""
    end = r"(?!\d)" if words[-1:].isdigit() else ""
    return re.search(re.escape(words) + end, text, re.IGNORECASE) is not None


def _demo(options: argparse.Namespace) -> int:
    from jointbuy import flow
    from jointbuy.report import files, terminal

    _refuse_files(options.out)
    first, second, third = (flow.examples() / name for name in ("armoured-vehicle", "canadian-vehicle", "bridge"))
    case = flow.check(first)
    _print(terminal.verdict(case, _colour(), _width()))
    written = files.write(case, options.out)
    _print(
        f"\nWritten to {options.out}: {', '.join(path.name for path in written)}\n\nTry next\n"
        f'  jointbuy check "{second}"\n'
        f'  jointbuy content "{third}" --missing\n'
        f"  jointbuy rule {case.verdict.findings[0].rule if case.verdict.findings else 'ID'}\n"
        "  jointbuy init my-purchase\n"
    )
    return 0


def _init(options: argparse.Namespace) -> int:
    from jointbuy import law
    from jointbuy.formats import template

    files: Mapping[str, str | bytes] = template.workbook(law.places()) if options.xlsx else template.template()
    folder: Path = options.folder
    there = [folder / name for name in files if (folder / name).exists()]
    if there:
        do = "choose another folder, or move the file away"
        raise Unusable(Problem(f"{path} is there already", why="nothing is overwritten", do=do) for path in there)
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in files.items():
        (folder / name).write_bytes(made.encode() if isinstance(made, str) else made)
    _print(f"Written: {', '.join(str(folder / name) for name in files)}\nFill them in, then: jointbuy check {folder}\n")
    return 0


def _refuse_files(folder: Path | None) -> None:
    """Refuse a folder to write into that is a file, or would lie below one."""
    for path in (folder, *folder.parents) if folder else ():
        if path.exists() and not path.is_dir():
            why = "the files of a report go into a folder"
            raise Unusable([Problem(f"--out {folder}: {path} is a file", why=why, do="name another folder")])


def _convert(options: argparse.Namespace) -> int:
    from jointbuy import flow
    from jointbuy.report import conversion

    with _working("converting"):
        made = flow.convert(options.source, options.target)
    if options.json:
        _print_json(conversion.json(made))
    else:
        _print(conversion.text(made, _colour(), _width()))
    return 0


def _schema(_options: argparse.Namespace) -> int:
    from jointbuy.formats import schema

    _print_json(schema.json_schema())
    return 0


def _readings(pairs: Sequence[str]) -> dict[str, str]:
    """`NAME=OPTION` pairs; every malformed or repeated one is reported."""
    chosen: dict[str, str] = {}
    problems: list[Problem] = []
    for pair in pairs:
        name, sign, option = (part.strip() for part in pair.partition("="))
        if not (name and sign and option):
            problems.append(Problem(f'--reading "{pair}" is not NAME=OPTION', do="write it like --reading NAME=OPTION"))
        elif chosen.get(name, option) != option:
            problems.append(Problem(f"--reading {name} is given twice", do="choose one option"))
        chosen[name] = option
    if problems:
        raise Unusable(problems)
    return chosen


# --- printing -------------------------------------------------------------------------------


def _settle_streams() -> None:
    """UTF-8 into pipes and files unless the user chose otherwise; no sign may ever stop the output."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            chosen = stream.isatty() or "PYTHONIOENCODING" in os.environ
            reconfigure(encoding=None if chosen else "utf-8", errors="replace")


@contextmanager
def _working(what: str) -> Iterator[None]:
    """Work over a second shows on a terminal that it goes on, and for how long it has; nothing of it stays there."""
    if not sys.stderr.isatty():
        yield
        return
    import threading

    done = threading.Event()

    def show() -> None:
        seconds = 0
        while not done.wait(1):
            seconds += 1
            print(f"\r{what}: {seconds} s ", end="", file=sys.stderr, flush=True)
        if seconds:
            print("\r" + " " * (len(what) + 12) + "\r", end="", file=sys.stderr, flush=True)

    shown = threading.Thread(target=show, daemon=True)
    shown.start()
    try:
        yield
    finally:
        done.set()
        shown.join()


def _answer(options: argparse.Namespace, found: Any, text: Callable[..., str], json: Callable[..., Any]) -> None:
    if options.json:
        _print_json(json(found))
    else:
        _print(text(found, _colour(), _width()))


def _print(text: str) -> None:
    from jointbuy.report.layout import SIGNS, in_ascii

    sys.stdout.write(text if _carries(SIGNS) else in_ascii(text))


def _print_json(answer: Mapping[str, Any]) -> None:
    import json

    text = json.dumps(answer, indent=2, ensure_ascii=False) + "\n"
    sys.stdout.write(text if _carries(text) else json.dumps(answer, indent=2) + "\n")


def _carries(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _width() -> int:
    import shutil

    if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        return _FILE_WIDTH
    return shutil.get_terminal_size().columns


def _say(text: str, aside: bool) -> None:
    """A remark: on standard output, or aside on standard error where that holds JSON only."""
    print(text, file=sys.stderr if aside else sys.stdout)


# --- what went wrong ------------------------------------------------------------------------


def _complain(text: str) -> None:
    print(f"jointbuy: {' '.join(text.split())}", file=sys.stderr)


def _refuse(error: JointbuyError) -> int:
    problems = [str(problem) for problem in error.problems] if isinstance(error, Unusable) else str(error).splitlines()
    for problem in problems[:_MOST_PROBLEMS]:
        _complain(problem)
    if len(problems) > _MOST_PROBLEMS:
        _complain(f"and {len(problems) - _MOST_PROBLEMS} more")
    return LIMIT if isinstance(error, Limit) else UNUSABLE


def _own_mistake(error: Exception) -> int:
    if os.environ.get("JOINTBUY_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    _complain(
        f"this is our mistake, not yours ({type(error).__name__}{place}: {error}); please report this line and the "
        "command to the project; JOINTBUY_DEBUG=1 shows the whole trace"
    )
    return UNUSABLE


# --- the words it understands -----------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    """An argument parser that offers the nearest word it knows."""

    words: set[str] = set()

    def error(self, message: str) -> NoReturn:
        asked = re.search(r"invalid choice: '([^']+)'|unrecognized arguments: (\S+)", message)
        meant = did_you_mean((asked[1] or asked[2]).split("=")[0], self.words) if asked else ""
        told = message.split(" (choose from")[0] if meant else message
        _complain(f"{told}; {meant}" if meant else f"{told}; see: {self.prog} --help")
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

    def verb(name: str, run: Callable[[argparse.Namespace], int], does: str, example: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = verbs.add_parser(
            name, help=does, description=does, epilog=f"Example: jointbuy {example}", allow_abbrev=False
        )
        made.set_defaults(run=run)
        return made

    demo = verb("demo", _demo, "check the first example and say what to try next", "demo")
    demo.add_argument("--out", type=Path, default=Path("jointbuy-demo"), metavar="FOLDER", help="where its files go")
    init = verb("init", _init, "write a commented purchase file and an empty bill of materials", "init my-purchase")
    init.add_argument("folder", type=Path, metavar="FOLDER", help="folder to write into; nothing is overwritten")
    init.add_argument("--xlsx", action="store_true", help="one workbook with drop-downs instead of YAML and CSV")
    verb("schema", _schema, "print the JSON Schema of the purchase file", "schema > purchase.schema.json")
    _add_check(verb("check", _check, "the verdict on a purchase", "check examples/armoured-vehicle --on 2026-09-15"))
    content = verb("content", _content, "where the value comes from", "content my-purchase --why US --stress")
    _add_content(content)
    control = verb("control", _control, "who controls each party", "control my-purchase")
    for reading in (content, control):
        reading.add_argument("purchase", type=Path, metavar="PURCHASE", help="folder of the purchase")
        reading.add_argument("--on", type=_day, metavar="DATE", help="day whose law applies; otherwise the signature")
        reading.add_argument("--json", action="store_true", help="one JSON object on standard output")
    access = verb("access", _access, "may a country buy, supply and borrow, and by which provision", "access Canada")
    access.add_argument("country", metavar="COUNTRY", help="alpha-2 code or English name")
    access.add_argument("--on", type=_day, metavar="DATE", help="day whose law applies")
    access.add_argument("--json", action="store_true", help="one JSON object on standard output")
    convert = verb(
        "convert", _convert, "write a bill of materials in another format", "convert my-purchase bom.cdx.json"
    )
    told = "folder of a purchase, or a bill alone: CSV, XLSX, CycloneDX (JSON) or Parquet; a sheet after #"
    convert.add_argument("source", type=Path, metavar="IN", help=told)
    told = "file to write, ending in .csv, .xlsx, .json (CycloneDX 1.7) or .parquet; nothing is overwritten"
    convert.add_argument("target", type=Path, metavar="OUT", help=told)
    convert.add_argument("--json", action="store_true", help="one JSON object on standard output")
    rule = verb(
        "rule", _rule, "one rule whole: citation, words, numbers, readings", "rule safe.art16_10_component_share"
    )
    told = "id of a rule, as findings print it; or words of its provision or title; without, all are listed"
    rule.add_argument("id", metavar="ID", nargs="*", help=told)
    _Parser.words = {
        *verbs.choices,
        *_flags(parser),
        *(flag for made in verbs.choices.values() for flag in _flags(made)),
    }
    return parser


def _add_check(check: argparse.ArgumentParser) -> None:
    check.add_argument("purchase", type=Path, metavar="PURCHASE", help="folder of the purchase")
    which = check.add_mutually_exclusive_group()
    which.add_argument("--act", choices=ACTS, help="act to check against; otherwise that of the instrument that pays")
    which.add_argument("--all-acts", action="store_true", help="every act in one table: which accepts it, and why not")
    check.add_argument("--on", type=_day, metavar="DATE", help="day whose law applies; otherwise the signature")
    check.add_argument("--known-on", type=_day, metavar="DATE", help="as published by that day; otherwise all we know")
    check.add_argument("--reading", action="append", default=[], metavar="NAME=OPTION", help="read an open text so")
    told = "law data of yours that correct or add to ours: docs/law.md"
    check.add_argument("--law", type=Path, metavar="FOLDER", help=told)
    check.add_argument("--strict", action="store_true", help="exit 1 unless eligible without conditions, however read")
    check.add_argument("--json", action="store_true", help="one JSON object on standard output")
    check.add_argument(
        "--out", type=Path, metavar="FOLDER", help="write report.html, verdict and tables into this folder"
    )


def _add_content(content: argparse.ArgumentParser) -> None:
    content.add_argument("--missing", action="store_true", help="list every declaration that is missing")
    content.add_argument("--reading", action="append", default=[], metavar="NAME=OPTION", help="read an open text so")
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
    told = "a CSV of changes, with columns scenario, part, supplier, unit_cost, origin: the share under each scenario"
    content.add_argument("--what-if", type=Path, metavar="FILE", help=told)
    told = "what would just meet the limit, and how often errors of so many per cent break it (10 when not given)"
    content.add_argument("--stress", type=_error, nargs="?", const=Fraction(1, 10), metavar="PER_CENT", help=told)
    content.add_argument("--seed", type=int, default=1, metavar="N", help="seed of the draws of --stress")
    told = "write content.html, with pictures, and content.json into this folder"
    content.add_argument("--out", type=Path, metavar="FOLDER", help=told)


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


if __name__ == "__main__":
    sys.exit(main())
