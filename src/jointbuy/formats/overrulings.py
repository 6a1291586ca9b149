"""A file of overrulings, CSV or YAML: what a person says of single promises in place of the reader (docs/pact.md).

Every fault of the file is found in one run (§9).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import get_args

from jointbuy.commitments import Rung
from jointbuy.errors import Unusable, Where
from jointbuy.formats import files, plan_tables
from jointbuy.formats.plan_tables import Cells
from jointbuy.formats.problems import Problems, shown
from jointbuy.judged import PARTS, Overruling, Part
from jointbuy.yamltext import Fields, Items, Text, parse

COLUMNS = ("id", "sentence", *PARTS, "reason", "who")
READ = ("line", "read_commitment", "read_actor", "read_strength", "read_area", "clause", "text")
"""Columns of a template that say what the reader found; nobody reads them back."""
NONE = "none"
_RUNGS: tuple[str, ...] = get_args(Rung)
_ID = re.compile(r"p\d{1,9}\.\d{1,9}(?:[a-z]{1,3}|\+\d{1,3})?")
_KEY = re.compile(r"[0-9a-f]{12}")
_GUIDE = "docs/pact.md"


def read(path: Path, areas: Sequence[str]) -> tuple[Overruling, ...]:
    """What a person says, in order of the file; empty rows are left. Raises Unusable with every fault."""
    problems = Problems()
    if not files.is_file(path):
        problems.add(
            f"there is no file {shown(str(path))}", do="jointbuy pact overrule TEXT FILE writes one to fill in"
        )
        problems.raise_if_any()
    is_yaml = path.suffix.lower() in {".yaml", ".yml"}
    rows = _yaml(path, problems) if is_yaml else _csv(path, problems)
    found = tuple(filter(None, (_overruling(row, areas) for row in rows)))
    problems.raise_if_any()
    return found


def _csv(path: Path, problems: Problems) -> Iterator[Cells]:
    wanted = ("id", "sentence", "reason", "who")
    here = Where(path.name)
    yield from plan_tables.rows(path.parent, path.name, wanted, (*PARTS, *READ), problems, named_in=here, guide=_GUIDE)


def _yaml(path: Path, problems: Problems) -> Iterator[Cells]:
    problems.files.append(path.name)
    content = files.load(path, path.name, Where(path.name), files.MAX_YAML_BYTES, problems)
    text = files.text_of(content, problems) if content else None
    if text is None:
        return
    try:
        tree = parse(text, path.name)
    except Unusable as error:
        problems.found.extend(error.problems)
        return
    entries = tree.fields.get("overrulings") if isinstance(tree, Fields) else None
    if not isinstance(entries, Items):
        do = "begin with `overrulings:` and below it a list"
        problems.add("there is no list of overrulings", Where(path.name, 1), do=f"{do}: {_GUIDE}")
        return
    for entry in entries.items:
        if isinstance(entry, Fields):
            yield Cells(dict(_cells(entry, problems)), entry.where, problems)
        else:
            problems.add("an overruling is a mapping of names to values", entry.where, do=f"see {_GUIDE}")


def _cells(entry: Fields, problems: Problems) -> Iterator[tuple[str, str]]:
    for name, node in entry.fields.items():
        if name not in (*COLUMNS, *READ):
            near = problems.near(name, COLUMNS, f"known: {', '.join(COLUMNS)}")
            problems.add(f"nobody reads the key {shown(name)}", entry.keys[name], do=near)
        elif isinstance(node, Text):
            yield name, " ".join(node.value.split())
        else:
            problems.add(f'"{name}" is a text', node.where)


def _overruling(row: Cells, areas: Sequence[str]) -> Overruling | None:
    """A row with what is wrong in it noted; None where it says nothing, or nothing that can be used."""
    allowed: Mapping[Part, Sequence[str]] = {
        "commitment": ("yes", "no"),
        "strength": _RUNGS,
        "area": (*areas, NONE),
    }
    says: list[tuple[Part, str]] = []
    for part in PARTS:
        value = row.given(part)
        options = allowed.get(part)
        if value and options and value not in options:
            near = row.problems.near(value, options, f"one of: {', '.join(options)}")
            row.wrong(part, f"is {shown(value)}", "", near)
        elif value:
            says.append((part, "" if value == NONE else value))
    if not says:
        for left in ("reason", "who"):
            if row.given(left):
                do = f"fill one of {', '.join(PARTS)}, or empty {left}"
                row.wrong(
                    left,
                    "stands without anything it is the reason of" if left == "reason" else "overrules nothing",
                    do=do,
                )
                break
        return None
    name = _fitting(row, "id", _ID, "like p12.3b, p12.3 of a sentence without a verb, or p12.3+1 of what you add to it")
    sentence = _fitting(row, "sentence", _KEY, "of twelve signs 0 to 9 and a to f")
    reason, who = row.text("reason"), row.text("who")
    added = ("commitment", "yes") in says and row.given("strength")
    if name[-1:].isdigit() and not added:
        do = "write commitment yes and a strength, and the actor where there is one"
        found = (
            "a promise that the reader did not find" if "+" in name else "a sentence in which the reader found no verb"
        )
        row.wrong("id", f"is {shown(name)}, {found}", "", do)
    return Overruling(name, sentence, tuple(says), reason, who, row.where)


def _fitting(row: Cells, column: str, pattern: re.Pattern[str], like: str) -> str:
    value = row.text(column)
    if value and not pattern.fullmatch(value):
        row.wrong(column, f"is {shown(value)}", f"it is {like}", "take it from a template")
    return value
