"""Which of an act's clauses a purchase needs, and on whose account; what else the act has said of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from jointbuy.decide.explain import explain
from jointbuy.decide.node import Node
from jointbuy.exact import decimal, per_cent
from jointbuy.noted import Note
from jointbuy.parameters import View
from jointbuy.result import Carried
from jointbuy.rules import Clause, Expression, Facts, S, all_of, for_any


def checklist(clauses: Iterable[Clause], facts: Facts, view: View) -> tuple[Carried, ...]:
    """The clauses that the facts call for, and those of which it is still open, in the order of the law's list."""
    return tuple(carried for clause in clauses for carried in _carried(clause, facts, view))


def noted(notes: Iterable[Note], facts: Facts, view: View) -> tuple[str, ...]:
    """What an act says beside the verdict on a purchase with these facts."""
    return tuple(note.text for note in notes if note.when is None or _explained(note.when, facts, view).status is S.MET)


def _carried(clause: Clause, facts: Facts, view: View) -> Iterator[Carried]:
    when = _explained(clause.when or all_of(), facts, view)
    whom = _explained(for_any("entities", clause.whom), facts, view) if clause.whom else None
    nodes = [when, whom] if whom else [when]
    if any(node.status is S.NOT_MET for node in nodes):
        return
    unsettled = [node for node in nodes if node.status is S.UNKNOWN]
    named = [part for part in whom.parts if part.status in {S.MET, S.UNKNOWN}] if whom else []
    certain = [part for part in named if part.status is S.MET]
    yield Carried(
        id=clause.id,
        document=clause.document,
        text=filled(clause.text, view),
        provision=clause.provision,
        required=clause.required,
        about=tuple(dict.fromkeys(part.subject for part in certain or named)),
        open=tuple(dict.fromkeys(fact for node in unsettled for fact in node.missing)),
    )


def _explained(expression: Expression, facts: Facts, view: View) -> Node:
    # Its readings are not those of the verdict.
    return explain(expression, facts, {}, replace(view, touched=set()))[0]


def filled(text: str, view: View) -> str:
    """The text with the value of each parameter it names."""
    return re.sub(r"\{([a-z0-9_.]+)\}", lambda found: _value(found[1], view), text)


def _value(name: str, view: View) -> str:
    value = view.parameter(name).value
    if not isinstance(value, Fraction):
        return str(value)
    return decimal(value, 0) if view.parameters[name].unit == "count" else per_cent(value).replace(".00", "")
