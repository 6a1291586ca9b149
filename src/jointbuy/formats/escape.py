"""Facts about the national escape clause, from our own YAML: fund/escape_clause.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jointbuy.errors import Unusable
from jointbuy.formats import plan_tables as tables
from jointbuy.formats import scalars
from jointbuy.formats.plan_fields import Reader
from jointbuy.formats.pool import PAGE, one_of, opened
from jointbuy.formats.problems import Problems
from jointbuy.ledger import Activation, EscapeClause
from jointbuy.lendingpool import CONFIDENCES
from jointbuy.places import Places
from jointbuy.yamltext import Fields, Items


def read(path: Path, places: Places) -> EscapeClause:
    """Read the clause's share, years and states. Raises Unusable with every problem found."""
    problems = Problems()
    top = opened(path, path.name, problems, places, PAGE)
    share, years = _below(top, "share"), _below(top, "years")
    as_of, value = top.word("as_of", scalars.day), share.word("value", scalars.share)
    first, last = years.word("first", tables.year), years.word("last", tables.year)
    activated = tuple(_activations(top))
    not_activated = _states(_below(top, "not_activated"))
    source = share.text("source")
    problems.raise_if_any()
    if as_of is None or value is None or first is None or last is None:
        raise Unusable(problems.in_order())
    return EscapeClause(value, first, last, source, as_of, activated, not_activated)


def _below(top: Reader, key: str) -> Reader:
    node = top.tree.fields.get(key)
    if isinstance(node, Fields):
        return top.of(node)
    top.problems.add(f"{key} is missing or no mapping", top.where(key))
    return top.of(Fields({}, {}, top.tree.where))


def _activations(top: Reader) -> Iterator[Activation]:
    node = top.tree.fields.get("activated")
    for item in node.items if isinstance(node, Items) else ():
        if isinstance(item, Fields):
            one = top.of(item)
            low, high = one.word("low", scalars.day), one.word("high", scalars.day)
            confidence = one_of(one, "confidence", CONFIDENCES)
            if low and high and confidence:
                yield Activation(_states(one), low, high, one.text("source"), confidence)


def _states(reader: Reader) -> tuple[str, ...]:
    read_country = tables.country(reader.places)
    found = [reader.through("states", text, read_country) for text in reader.words("states")]
    return tuple(code for code in found if code)
