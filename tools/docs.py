"""Writes the pages that repeat the code: docs/cli.md and docs/rules/<act>/. With --check, says which are stale.

Pages are built from the parser's and the rules' records, not from printed help, whose layout
differs between versions of Python.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from jointbuy import cli, law
from jointbuy.law.coverage import Provision, coverage
from jointbuy.law.inspect import uses
from jointbuy.parameters import Parameter, Reading, Standing
from jointbuy.report.reference import checked
from jointbuy.rules import Rule
from jointbuy.yamltext import Fields, Items, Node, Text, parse

ROOT = Path(__file__).resolve().parents[1]
LAW = ROOT / "src" / "jointbuy" / "law"
WRITTEN = "<!-- written by tools/docs.py: make docs -->\n\n"


# --- the command line -----------------------------------------------------------------------


def verbs(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """The parser of every verb, and of the verbs below it, in the order of the help."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for verb in dict.fromkeys(action.choices.values()):
                yield verb
                yield from verbs(verb)


def argument(action: argparse.Action) -> str:
    """One row of a verb's table: how it is written, what it means."""
    name = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    value = "" if action.nargs == 0 else f" {name}"
    written = f"{action.option_strings[-1]}{value}" if action.option_strings else name
    choices = f"; one of: {', '.join(map(str, action.choices))}" if action.choices else ""
    return f"| `{written}` | {cell(action.help or '')}{choices} |"


def cell(text: str) -> str:
    """Text on one line that does not end a table's cell."""
    return " ".join(text.split()).replace("|", "\\|")


def cli_page(parser: argparse.ArgumentParser) -> str:
    """docs/cli.md."""
    lines = ["# The command line", "", cell(parser.description or "")]
    for verb in verbs(parser):
        lines += ["", f"## {verb.prog}", "", cell(verb.description or "")]
        shown = [action for action in verb._actions if not isinstance(action, argparse._HelpAction)]
        if shown:
            lines += ["", "| argument | meaning |", "| --- | --- |", *map(argument, shown)]
        if verb.epilog:
            lines += ["", "```text", verb.epilog.strip(), "```"]
    lines += ["", 'Exit codes: README.md, "Exit codes".']
    return WRITTEN + "\n".join(lines) + "\n"


# --- rules ----------------------------------------------------------------------------------


def value_row(parameter: Parameter, value: Standing) -> str:
    """One row: a value of a parameter and what it rests on."""
    shown = f"{value.value * 100} %" if isinstance(value.value, Fraction) and parameter.unit == "share" else value.value
    until = f" to {value.until - timedelta(days=1)}" if value.until else ""
    confidence = "verified" if value.verified else "**unverified**"
    return (
        f"| {cell(parameter.title)} (`{parameter.id}`) | {shown} | {value.since}{until} | "
        f"{cell(value.provision)} | {confidence}, checked {value.checked} |"
    )


def reading_lines(reading: Reading, settled: str | None) -> Iterator[str]:
    """A question the text leaves open, and its options; or what this act's own text makes of it."""
    if settled:
        yield f"**{reading.question}** Settled by the text: `{settled}`."
        yield ""
        return
    yield f'**{reading.question}** ({reading.provision}; `--reading "{reading.id}=…"`)'
    yield ""
    for number, option in enumerate(reading.options):
        yield f"- `{option.name}`{' (default)' if number == 0 else ''}: {cell(option.argument)}"
    yield ""


def cases(rule: Rule) -> Iterator[tuple[str, str, str]]:
    """Name, expected status and reason of each of the rule's cases."""
    act, name = rule.id.split(".")
    path = LAW / act / f"{name}.yaml"
    tree = parse(path.read_text(encoding="utf-8"), path.name)
    for item in tree.items if isinstance(tree, Items) else ():
        yield word(item, "case"), word(item, "expect"), word(item, "because")


def word(case: Node, key: str) -> str:
    """What a case says under a key."""
    value = case.fields.get(key) if isinstance(case, Fields) else None
    return value.value if isinstance(value, Text) else ""


def rule_page(rule: Rule, act: law.Act) -> str:
    """docs/rules/<act>/<rule>.md."""
    name = rule.id.split(".")[1]
    condition = dict(act.conditions)[rule.condition]
    lines = [f"# {rule.title}", "", f"`{rule.id}` · {rule.provision} · {act.title}", "", rule.decides, ""]
    lines += [f"It answers the condition: {condition}.", ""]
    if rule.route:
        lines += [f'It stands on the route "{rule.route}" only, beside the act\'s own rule.', ""]
    if rule.leaves:
        lines += [f"What it leaves to a person: {rule.leaves}", ""]
    lines += [f"Checked on {checked(rule, act)}. Source: `src/jointbuy/law/{rule.id.replace('.', '/')}.py`.", ""]
    if numbers := uses(rule).parameters:
        lines += ["## Numbers and dates", "", "| parameter | value | since | provision | confidence |"]
        lines += ["| --- | --- | --- | --- | --- |"]
        lines += [value_row(act.parameters[id_], value) for id_ in numbers for value in act.parameters[id_].values]
        lines += [""]
    if readings := uses(rule).readings:
        lines += ["## What the text leaves open", ""]
        for id_ in readings:
            lines += reading_lines(act.readings[id_], act.settled.get(id_))
    lines += ["## Cases", "", f"In full: `src/jointbuy/law/{act.name}/{name}.yaml`.", ""]
    lines += ["| case | expected | because |", "| --- | --- | --- |"]
    lines += [f"| {cell(case)} | {expect} | {cell(because)} |" for case, expect, because in cases(rule)]
    return WRITTEN + "\n".join(lines) + "\n"


def paid(act: law.Act) -> str:
    """What the act pays, with the latest value of each share it names."""
    told = act.pays
    for name, parameter in act.parameters.items():
        value = parameter.values[-1].value
        if isinstance(value, Fraction):
            told = told.replace(f"{{{name}}}", f"{value * 100} %")
    return told


def index_page(act: law.Act) -> str:
    """docs/rules/<act>/README.md: every rule of the act, by the condition it answers."""
    lines = [f"# {act.title}", "", f"{act.citation}. Law data as of {act.as_of}.", ""]
    lines += [f"What it pays: {cell(paid(act))}", ""] if act.pays else []
    lines += ["| rule | provision | condition | route | cases |", "| --- | --- | --- | --- | --- |"]
    for condition, _ in act.conditions:
        for rule in act.rules:
            if rule.condition == condition:
                link = f"[{rule.title}]({rule.id.split('.')[1]}.md)"
                count = sum(1 for _ in cases(rule))
                lines += [f"| {link} | {cell(rule.provision)} | {condition} | {rule.route or 'ordinary'} | {count} |"]
    return WRITTEN + "\n".join(lines) + "\n"


# --- coverage -------------------------------------------------------------------------------


def coverage_page(act: law.Act) -> str:
    """docs/coverage*.md: what becomes of every provision, and of every question that the text leaves open."""
    found = coverage(act)
    rules = {rule.id: rule for rule in act.rules}
    counted = {kind: sum(map(test, found.provisions)) for kind, test in KINDS.items()}
    lines = ["# What is covered", "", f"{act.citation}, provision by provision. Written from", ""]
    lines[-2] += f" `src/jointbuy/law/{act.name}/coverage.yaml`; that nothing is left out is held by a test."
    told = ", ".join(f"{count} {kind}" for kind, count in counted.items())
    lines += [f"Of {len(found.provisions)} entries: {told}.", "", "## Provisions", ""]
    lines += [
        "| provision | what it says | what becomes of it here | what does not, and why |",
        "| --- | --- | --- | --- |",
    ]
    lines += [
        f"| {cell(one.name)} | {cell(one.says)} | {becomes(one, act, rules)} | {cell(one.why)} |"
        for one in found.provisions
    ]
    lines += [
        "",
        "## Questions that the text leaves open",
        "",
        "A question that a rule asks settles nothing by itself:",
    ]
    lines[-1] += " the first option of a reading is its default, and a verdict names every reading that mattered."
    lines += ["", "| question | read here as | where not by a reading |", "| --- | --- | --- |"]
    for one in found.questions:
        options = "; ".join(
            f"`{name}`: {', '.join(each.name for each in act.readings[name].options)}" for name in one.readings
        )
        command = f"`{one.command}`" if one.command else ""
        lines.append(f"| {cell(one.name)} | {cell('; '.join(filter(None, (options, command))))} | {cell(one.why)} |")
    return WRITTEN + "\n".join(lines) + "\n"


KINDS = {
    "decided by rules, alone or with a question to a person": lambda one: bool(one.rules),
    "carried by the checklist or done by a command only": lambda one: (
        not one.rules and bool(one.clauses or one.command)
    ),
    "out of scope, with the reason": lambda one: not (one.rules or one.clauses or one.command),
}
"""Every entry is of one kind."""


def becomes(one: Provision, act: law.Act, rules: Mapping[str, Rule]) -> str:
    """The rules with links and what they ask, clauses of the checklist, and the command."""
    folder = f"rules/{act.name}"
    told = [f"[{rules[name].title}]({folder}/{name.split('.')[1]}.md)" for name in one.rules]
    if one.clauses:
        told.append(f"checklist: {', '.join(one.clauses)}")
    if one.command:
        told.append(f"`{one.command}`")
    return cell("; ".join(told)) or "out of scope"


# --- writing --------------------------------------------------------------------------------


def pages() -> dict[Path, str]:
    """Every generated page and its text."""
    made = {ROOT / "docs" / "cli.md": cli_page(cli.parser())}
    for name in law.ACTS:
        act = law.act(name)
        if coverage(act).provisions:
            of = "" if name == "safe" else f"-{name.replace('_', '-')}"
            made[ROOT / "docs" / f"coverage{of}.md"] = coverage_page(act)
        folder = ROOT / "docs" / "rules" / name
        made[folder / "README.md"] = index_page(act)
        made |= {folder / f"{rule.id.split('.')[1]}.md": rule_page(rule, act) for rule in act.rules}
    return made


def stale() -> list[Path]:
    """Pages that are missing, differ from what would be written, or describe a rule that is gone."""
    made = pages()
    here = {*ROOT.glob("docs/rules/*/*.md")} - {*made}
    return sorted(
        here | {path for path, text in made.items() if not path.is_file() or path.read_text(encoding="utf-8") != text}
    )


def main() -> None:
    """Write all pages, or with --check end with 1 and name those that are stale."""
    if sys.argv[1:] == ["--check"]:
        if found := stale():
            names = "\n".join(str(path.relative_to(ROOT)) for path in found)
            sys.exit(f"generated pages are stale; run: make docs\n{names}")
        return
    made = pages()
    for path in stale():
        if path in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[path], encoding="utf-8", newline="\n")
        else:
            path.unlink()
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
