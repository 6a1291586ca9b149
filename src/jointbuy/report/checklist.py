"""The clauses and annexes of a purchase as Markdown, to tick off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from jointbuy.report.words import CHECKLIST
from jointbuy.result import Carried, Case


def markdown(case: Case) -> str:
    """The checklist of a case: one heading for each document, one box for each clause."""
    found = case.verdict
    title = case.purchase.title or found.purchase
    lines = [f"# {CHECKLIST['title']}", "", f"{_plain(title)} \u00b7 {_plain(found.purchase)}", ""]
    lines += [CHECKLIST["law"].format(on=found.on, known_on=found.known_on), "", CHECKLIST["lead"], ""]
    if not found.checklist:
        lines += [CHECKLIST["none"], ""]
    for document, clauses in by_document(found.checklist):
        lines += [f"## {CHECKLIST[document]}", ""]
        lines += [line for clause in clauses for line in _box(clause)]
        lines.append("")
    return "\n".join([*lines, CHECKLIST["advice"], ""])


def by_document(clauses: Iterable[Carried]) -> Iterator[tuple[str, list[Carried]]]:
    """The clauses of each document, in the order of the law's list."""
    grouped: dict[str, list[Carried]] = {}
    for clause in clauses:
        grouped.setdefault(clause.document, []).append(clause)
    yield from grouped.items()


def force(clause: Carried) -> str:
    """Whether the text requires the clause, whether that is still open, or whether it is advised."""
    if clause.open:
        return CHECKLIST["perhaps"].format(open=", ".join(clause.open))
    return CHECKLIST["required" if clause.required else "advised"]


def _box(clause: Carried) -> Iterator[str]:
    yield f"- [ ] {clause.text}  "
    about = f" \u00b7 {CHECKLIST['about']} {_plain(', '.join(clause.about))}" if clause.about else ""
    yield f"      {clause.provision} \u00b7 {_plain(force(clause))}{about}"


def _plain(text: str) -> str:
    """Text of the user's as text: no sign of it makes a link, a tag or a heading."""
    return re.sub(r"([\\\\`*_{}\[\]<>#|!])", r"\\\1", " ".join(text.split()))
