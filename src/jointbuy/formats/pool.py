"""Facts about the pool of loans, and about the escape clause, from YAML: ours, and a file that a user lays over ours.

The format is described in docs/pool.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from jointbuy.errors import Unusable, Where
from jointbuy.formats import files, markings, scalars
from jointbuy.formats import plan_tables as tables
from jointbuy.formats.plan_fields import Reader
from jointbuy.formats.problems import Problems, listed, shown
from jointbuy.lendingpool import CONFIDENCES, NOTHING, WHATS, Amount, Fact, Facts, What
from jointbuy.places import Places
from jointbuy.yamltext import Fields, Items, Text, parse

PAGE = "docs/pool.md"
_TOP = ["title", "by", "as_of", "sources", "facts"]
_FACT = ["state", "what", "on", "known_since", "amount", "prefinancing", "told", "source", "confidence"]
_AMOUNTS: tuple[What, ...] = ("tentative", "asked", "proposed", "prefinancing paid", "instalment paid")
"""Kinds that say nothing without an amount; a decision without one is at least a decision."""
_NONE_ASKED = "none asked"
_MOST_FACTS = 10_000
_cents = tables.money(2)
T = TypeVar("T", bound=str)


def read(path: Path, places: Places, lenders: tuple[str, ...]) -> Facts:
    """Read a file of facts; `lenders` are the states that may borrow. Raises Unusable with every problem found."""
    problems = Problems()
    top = opened(path, path.name, problems, places, PAGE)
    top.only(_TOP)
    title, by = top.text("title"), top.text("by")
    as_of = top.word("as_of", scalars.day)
    found = tuple(_facts(top, _sources(top), lenders))
    for fact in found:
        if as_of and max(fact.on, fact.known_since) > as_of:
            why = f"the file is as of {as_of}"
            problems.add(
                f"this fact is of {max(fact.on, fact.known_since)}", fact.where, why, "correct one of the days"
            )
    _twice(found, problems)
    problems.raise_if_any()
    if as_of is None:
        raise Unusable(problems.in_order())
    return Facts(title, as_of, found, f"{title}, {by}, {as_of} ({path.name})")


def laid_over(ours: Facts, theirs: Facts) -> Facts:
    """Facts with a user's laid over them: those of the same state, kind and day stand in for ours, others join them."""
    keys = {(fact.state, fact.what, fact.on) for fact in theirs.facts}
    kept = tuple(fact for fact in ours.facts if (fact.state, fact.what, fact.on) not in keys)
    return replace(ours, as_of=max(ours.as_of, theirs.as_of), facts=(*kept, *theirs.facts), laid_over=theirs.laid_over)


def opened(path: Path, name: str, problems: Problems, places: Places, page: str) -> Reader:
    """A YAML file whose top is a mapping. Raises Unusable where it is none."""
    problems.files.append(name)
    where = Where(name)
    if not files.is_file(path):
        problems.add(f"there is no file {name}", None, f"looked for {shown(str(path))}", "check its name and folder")
        problems.raise_if_any()
    content = files.load(path, name, where, files.MAX_YAML_BYTES, problems)
    text = files.text_of(content, problems) if content else None
    if text is None:
        raise Unusable(problems.in_order())
    markings.check_comments(text, name)
    tree = markings.without(parse(text, name))
    if not isinstance(tree, Fields):
        problems.add("the file holds no keys", where, do=f"{page} says what it holds")
        raise Unusable(problems.in_order())
    return Reader(tree, problems, places, page)


def one_of(reader: Reader, key: str, options: tuple[T, ...]) -> T | None:
    """A word that must be one of several."""
    text = reader.text(key)
    found = next((option for option in options if option == text), None)
    if text and found is None:
        do = reader.problems.near(text, options, f"write one of: {listed(options)}")
        reader.problems.add(f"{key} is {shown(text)}", reader.where(key), do=do)
    return found


def _sources(top: Reader) -> Mapping[str, str]:
    node = top.tree.fields.get("sources")
    if node is None:
        return {}
    if not isinstance(node, Fields):
        top.problems.add("sources is no mapping", top.where("sources"), do="write a name, a colon and what it is")
        return {}
    below = top.of(node)
    return {name: " ".join(below.text(name).split()) for name in node.fields}


def _facts(top: Reader, sources: Mapping[str, str], lenders: tuple[str, ...]) -> Iterator[Fact]:
    node = top.tree.fields.get("facts")
    if not isinstance(node, Items) or not node.items:
        top.problems.add("facts is no list, or empty", top.where("facts"), do=f"{PAGE} shows one")
        return
    if len(node.items) > _MOST_FACTS:
        top.problems.add(f"there are {len(node.items):,} facts", node.where, f"at most {_MOST_FACTS:,} are read")
        return
    for item in node.items:
        if not isinstance(item, Fields):
            top.problems.add("a fact is a mapping", item.where, do=f"write its keys: {listed(_FACT)}")
        elif fact := _fact(top.of(item), sources, lenders):
            yield fact


def _fact(reader: Reader, sources: Mapping[str, str], lenders: tuple[str, ...]) -> Fact | None:
    reader.only(_FACT)
    state = reader.word("state", tables.country(reader.places))
    if state is not None and state not in lenders:
        why = "only Member States borrow (Art. 4(1), 5)"
        reader.problems.add(f"{state} may not borrow", reader.where("state"), why, "take the fact out")
    what, confidence = one_of(reader, "what", WHATS), one_of(reader, "confidence", CONFIDENCES)
    on, known = reader.word("on", scalars.day), reader.word("known_since", scalars.day, needed=False)
    amount, prefinancing = _amount(reader, "amount"), _amount(reader, "prefinancing")
    told, source = reader.text("told", needed=False), reader.text("source")
    if what in _AMOUNTS and "amount" not in reader.tree.fields:
        reader.problems.add("amount is missing", reader.tree.where, f"{what} tells nothing without one", "write it")
    if prefinancing is not None and what != "decided":
        why = "a decision grants it (Art. 8(3)(b)); what was paid is a fact of its own"
        reader.problems.add("prefinancing is stated", reader.where("prefinancing"), why, "take it out")
    if amount is not None and prefinancing is not None and prefinancing.low > amount.high:
        why = "it is a part of the loan"
        reader.problems.add("prefinancing is more than amount", reader.where("prefinancing"), why, "check both")
    if state is None or what is None or confidence is None or on is None or not source:
        return None
    where = reader.tree.where
    return Fact(
        state, what, on, known or on, amount, prefinancing, told, sources.get(source, source), confidence, where
    )


def _amount(reader: Reader, key: str) -> Amount | None:
    """An amount to the cent, or `{low: …, high: …}`; "none asked" is nothing, and known to be."""
    node = reader.tree.fields.get(key)
    if node is None or (isinstance(node, Text) and node.empty):
        return None
    if isinstance(node, Text):
        if key == "prefinancing" and node.value.strip() == _NONE_ASKED:
            return NOTHING
        cents = reader.word(key, _cents)
        return None if cents is None else Amount(cents, cents)
    if not isinstance(node, Fields):
        reader.problems.add(f"{key} is a list", reader.where(key), do="write an amount, or {low: …, high: …}")
        return None
    ends = reader.of(node)
    ends.only(["low", "high"])
    low, high = ends.word("low", _cents), ends.word("high", _cents)
    if low is None or high is None:
        return None
    if low > high:
        reader.problems.add(f"{key} has a low above its high", reader.where(key), do="exchange them")
    if not reader.text("told", needed=False):
        why = "a range stands for round words"
        reader.problems.add(f"{key} is a range", reader.where(key), why, "write told: and the words of the source")
    return Amount(low, high)


def _twice(facts: tuple[Fact, ...], problems: Problems) -> None:
    seen: dict[tuple[str, str, object], Fact] = {}
    for fact in facts:
        first = seen.setdefault((fact.state, fact.what, fact.on), fact)
        if first is not fact:
            why = f"line {first.where.line} has the same state, kind and day"
            problems.add(f"this fact of {fact.state} stands twice", fact.where, why, "keep one, or add them up")
