"""The verbs: one thin function each. Rooms are imported inside the verb that needs them, to start fast."""

from __future__ import annotations

import argparse
import gc
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from jointbuy.cli.printing import answer, colour, print_json, put, say_written, width, working
from jointbuy.errors import JointbuyError, Problem, Unusable, did_you_mean

if TYPE_CHECKING:
    from jointbuy.law.coverage import Provision

ACTS = ("safe", "edip", "edip_ukraine", "edirpa", "buy_american", "buy_canadian")


def check(options: argparse.Namespace) -> int:
    """The verdict on a purchase; under every act where that is asked for."""
    from jointbuy.collector import resting

    with resting():  # while modules are read, too: that is a fair part of the time
        code = _check_all(options) if options.all_acts else _check(options)
        # What is left counts as old now: to look through it once more, with the process about to end, takes a while.
        gc.freeze()
        gc.unfreeze()
    return code


def _check(options: argparse.Namespace) -> int:
    from jointbuy import flow
    from jointbuy.report import json, terminal

    readings = readings_of(options.reading)
    refuse_files(options.out)
    with working("reading and deciding"):
        case = flow.check(
            options.purchase,
            act=options.act,
            on=options.on,
            known_on=options.known_on,
            readings=readings,
            overlay=options.law,
            all_readings=options.all_readings,
        )
    answer(options, case, terminal.verdict, json.verdict)
    if options.out:
        from jointbuy.report import files

        written = files.write(case, options.out)
        say_written(options, written)
    every = case.all_readings
    open_ = len(every.outcomes) > 1 if every else bool(set(case.verdict.hangs_on) - set(readings))
    certain = case.verdict.outcome == "eligible" and not case.verdict.conditions and not open_
    return 1 if options.strict and not certain else 0


def _check_all(options: argparse.Namespace) -> int:
    """Exit code 1 with --strict unless an act accepts the purchase without conditions."""
    from jointbuy.flow import across as acts
    from jointbuy.report import acts as report

    if options.out:
        raise JointbuyError("--all-acts does not go with --out: a report is of one act; choose one with --act")
    if options.all_readings:
        raise JointbuyError("--all-acts does not go with --all-readings: an act has its own; choose one with --act")
    with working("reading and deciding"):
        found = acts.check(
            options.purchase,
            on=options.on,
            known_on=options.known_on,
            readings=readings_of(options.reading),
            overlay=options.law,
        )
    answer(options, found, report.text, report.json)
    return 0 if acts.accepted(found) or not options.strict else 1


def content(options: argparse.Namespace) -> int:
    """Where the value of a purchase comes from."""
    from jointbuy import flow
    from jointbuy.report import exploring

    readings = readings_of(options.reading)
    if options.method:
        method = options.method.replace("-", " ")
        if readings.setdefault("components", method) != method:
            raise JointbuyError(f"--method {options.method} and --reading components say two things; give one of them")
    refuse_files(options.out)
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
    with working("reading and rolling up"):
        found = flow.explore(options.purchase, asked, on=options.on, readings=readings, overlay=options.law)
    if options.json:
        print_json(exploring.json(found))
    else:
        put(exploring.text(found, colour(), width(), missing=options.missing))
    if options.out:
        from jointbuy.report import files

        written = files.write_explored(found, options.out)
        say_written(options, written)
    return 0


def control(options: argparse.Namespace) -> int:
    """Who controls each party."""
    from jointbuy import flow
    from jointbuy.report import json, terminal

    answer(options, flow.check(options.purchase, on=options.on), terminal.control, json.control)
    return 0


def access(options: argparse.Namespace) -> int:
    """What a country may do."""
    from jointbuy import flow
    from jointbuy.report import json, reference

    answer = flow.access(options.country, on=options.on, overlay=options.law, act=options.act)
    unseen = reference.unseen_agreements(answer, flow.law_of(options.act, options.law))
    if options.json:
        print_json(json.access(answer, unseen))
    else:
        put(reference.access(answer, unseen, colour(), width()))
    return 0


def rule(options: argparse.Namespace) -> int:
    """One rule whole, or those whose words are named."""
    from jointbuy import law
    from jointbuy.report import reference

    asked = " ".join(options.id)
    known = [rule for name in ACTS for rule in law.act(name).rules]
    rules = {rule.id: rule for rule in known}
    if asked in rules:
        for rule in known:  # one for each agreement, where it stands under several
            if rule.id == asked:
                put(reference.rule(rule, law.act(asked.split(".")[0]), colour(), width()))
        return 0
    texts = {id_: f"{id_} {rule.provision} {rule.title}" for id_, rule in rules.items()}
    found = [rule for id_, rule in rules.items() if _contains(texts[id_], asked)]
    if not found and (provisions := _provisions(asked)):
        put(reference.provisions(provisions, colour(), width()))
        return 0
    found = found or [rule for id_, rule in rules.items() if all(_contains(texts[id_], word) for word in options.id)]
    if not found:
        near = did_you_mean(asked, rules) or did_you_mean(f"{ACTS[0]}.{asked}", rules)
        raise JointbuyError(f'there is no rule "{asked}"; {near or "jointbuy rule without words lists them all"}')
    put(reference.rules(found, colour(), width()))
    return 0


def _provisions(asked: str) -> list[Provision]:
    """The provisions of that name, of which no rule has it: what else becomes of them, or why nothing does."""
    from jointbuy import law
    from jointbuy.law.coverage import coverage

    return [one for name in ACTS for one in coverage(law.act(name)).provisions if _contains(one.name, asked)]


def _contains(text: str, words: str) -> bool:
    """Whether the words stand in the text; a number is not cut short: Art. 1 is not Art. 12."""
    end = r"(?!\d)" if words[-1:].isdigit() else ""
    return re.search(re.escape(words) + end, text, re.IGNORECASE) is not None


def law_diff(options: argparse.Namespace) -> int:
    """What differs between the law of two days, and whose answers."""
    from jointbuy.flow.amended import law_diff as differ
    from jointbuy.report import amended

    with working("comparing"):
        found = differ(options.before, options.after, act=options.act, over=options.over, overlay=options.law)
    if options.json:
        print_json(amended.json(found))
    else:
        put(amended.text(found, colour(), width()))
    return 0


def law_stale(options: argparse.Namespace) -> int:
    """The numbers of the law that nobody has checked for half a year."""
    from jointbuy.law.stale import stale
    from jointbuy.report import amended

    today = datetime.now(UTC).date()
    put(amended.stale(stale(options.on or today), colour(), width()))
    return 0


def demo(options: argparse.Namespace) -> int:
    """The first example, and what to try next."""
    from jointbuy import flow
    from jointbuy.report import files, terminal

    refuse_files(options.out)
    first, second, third = (flow.examples() / name for name in ("armoured-vehicle", "canadian-vehicle", "bridge"))
    case = flow.check(first)
    put(terminal.verdict(case, colour(), width()))
    written = files.write(case, options.out)
    put(
        f"\nWritten to {options.out}: {', '.join(path.name for path in written)}\n\nTry next\n"
        f'  jointbuy check "{second}"\n'
        f'  jointbuy content "{third}" --missing\n'
        f"  jointbuy rule {case.verdict.findings[0].rule if case.verdict.findings else 'ID'}\n"
        "  jointbuy init my-purchase\n"
    )
    return 0


def init(options: argparse.Namespace) -> int:
    """A purchase to fill in."""
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
    put(f"Written: {', '.join(str(folder / name) for name in files)}\nFill them in, then: jointbuy check {folder}\n")
    return 0


def refuse_files(folder: Path | None) -> None:
    """Refuse a folder to write into that is a file, or would lie below one."""
    for path in (folder, *folder.parents) if folder else ():
        if path.exists() and not path.is_dir():
            why = "the files of a report go into a folder"
            raise Unusable([Problem(f"--out {folder}: {path} is a file", why=why, do="name another folder")])


def certificate(options: argparse.Namespace) -> int:
    """VAT exemption certificates to print."""
    from jointbuy import flow
    from jointbuy.report import certificate, files
    from jointbuy.report.certificate_words import CERTIFICATE

    refuse_files(options.out)
    with working("reading and deciding"):
        case, found = flow.certify(options.purchase, on=options.on)
    written = files.write_pages(certificate.pages(case, found), options.out)
    told = [CERTIFICATE["written"].format(folder=options.out, files=", ".join(path.name for path in written))]
    if blanks := dict.fromkeys(name for one in found for name in one.blanks):
        told.append(CERTIFICATE["left"].format(blanks=", ".join(blanks)))
    if case.verdict.outcome != "eligible":
        told.append(case.verdict.summary)
    told += [
        CERTIFICATE["no loan"].format(country=name) for name in {one.country: 0 for one in found if not one.borrows}
    ]
    if case.verdict.conditions:
        count = len(case.verdict.conditions)
        told.append(CERTIFICATE["open"].format(count=count, folder=options.purchase))
    put("\n".join(told) + "\n")
    return 0


def convert(options: argparse.Namespace) -> int:
    """A bill in another format."""
    from jointbuy import flow
    from jointbuy.report import conversion

    with working("converting"):
        made = flow.convert(options.source, options.target)
    if options.json:
        print_json(conversion.json(made))
    else:
        put(conversion.text(made, colour(), width()))
    return 0


def schema(_options: argparse.Namespace) -> int:
    """The JSON Schema of the purchase file."""
    from jointbuy.formats import schema

    print_json(schema.json_schema())
    return 0


def plan(options: argparse.Namespace) -> int:
    """A joint purchase across states and years; exit code 3 when time or the user ended the search."""
    from jointbuy.cli.searching import searching
    from jointbuy.flow.plan import plan as flow_plan
    from jointbuy.report import plan as report
    from jointbuy.report import plan_files

    refuse_files(options.out)
    with searching(quiet=options.json) as (asked, told):
        made = flow_plan(
            options.plan,
            minimise=options.minimise,
            frontier=options.frontier,
            gap=options.gap,
            seconds=options.seconds,
            asked=asked,
            told=told,
        )
    found = made.planned
    if options.json:
        print_json(report.json(found, made.digests))
    else:
        put(report.text(found, colour(), width()))
    if options.out:
        written = plan_files.write(found, made.digests, options.out)
        say_written(options, written)
    partial = found.status in {"stopped", "none found"} or not all(point.within for point in found.frontier)
    return 3 if partial or found.interrupted else 0


def readings_of(pairs: Sequence[str]) -> dict[str, str]:
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
