"""What a purchase file would say after some of its own actions: values put at paths, read and checked as all are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from jointbuy.errors import Unusable, Where
from jointbuy.formats.files import MAX_BYTES, MAX_YAML_BYTES, load
from jointbuy.formats.problems import Problems, shown
from jointbuy.formats.purchase import purchase_of, tree_of
from jointbuy.model import Action, Purchase
from jointbuy.places import Places
from jointbuy.yamltext import Fields, Items, Node, Text

_STEP = re.compile(r"\.?([a-z_0-9]+)|\[([^\[\]]+)\]")
_NAMES = ("id", "country", "subcontractor", "settles", "component", "currency", "name")
"""By which value a member of a list may be named."""
_OWN = ("actions", "alternatives", "id", "bill_of_materials", "columns")
"""What no action may change."""


def acting(file: Path, purchase: Purchase, places: Places) -> Callable[[Sequence[Action]], Purchase]:
    """The purchase of a file, as a function of the actions taken.

    Every action is tried alone first. Raises Unusable with every path that leads nowhere and every value that cannot
    be read.
    """
    problems = Problems()
    problems.files.append(file.name)
    most = MAX_BYTES if file.suffix.casefold() == ".xlsx" else MAX_YAML_BYTES
    content = load(file, file.name, Where(file.name), most, problems)
    tree = tree_of(content, problems, []) if content else None
    problems.raise_if_any()
    assert tree is not None  # noqa: S101 - else there was a problem

    def after(actions: Sequence[Action], problems: Problems) -> Purchase:
        made = tree
        for action in actions:
            for index, change in enumerate(action.changes):
                at = purchase.where.get(f"actions[{action.id}].changes[{index}].set", Where(file.name))
                if change.set and change.to is not None:
                    made = _put(made, change.set, Text(change.to, at), at, problems)
        return purchase_of(_unlabelled(made), file.name, places, problems, [])

    for action in purchase.actions:
        if not action.changes:
            where = purchase.where.get(f"actions[{action.id}]")
            do = "write under changes what this file would say then: set, and to"
            problems.add(f"the action {shown(action.id)} changes nothing", where, do=do)
        after([action], problems)
    problems.raise_if_any()

    def acted(actions: Sequence[Action]) -> Purchase:
        found = Problems()
        made = after(actions, found)
        if found.found:
            names = " and ".join(action.id for action in actions)
            raise Unusable(replace(each, what=f"after {names} together: {each.what}") for each in found.in_order())
        return made

    return acted


def _put(tree: Node, path: str, value: Text, at: Where, problems: Problems) -> Node:
    """The tree with a value at a path."""
    steps = [(name, member) for name, member in _STEP.findall(path)]
    if "".join(f"[{member}]" if member else f".{name}" for name, member in steps) != f".{path}":
        do = "write it like parties[ABC].guarantees.in_tender, with names of this file; [+] is one more of a list"
        problems.add(f"{shown(path)} is no path", at, do=do)
        return tree
    if steps[0][0] in _OWN:
        problems.add(f"{shown(path)} cannot be changed by an action", at, do="change the facts of the purchase")
        return tree
    return _within(tree, steps, value, at, path, problems)


def _within(
    node: Node | None, steps: Sequence[tuple[str, str]], value: Text, at: Where, path: str, problems: Problems
) -> Node:
    if not steps:
        return value
    (name, member), *rest = steps
    if name:
        there = node if isinstance(node, Fields) else Fields({}, {}, at)
        child = _within(there.fields.get(name), rest, value, at, path, problems)
        return Fields({**there.fields, name: child}, {**there.keys, name: there.keys.get(name, at)}, there.where)
    items: list[Node] = list(node.items) if isinstance(node, Items) else [node] if node is not None else []
    place = next((index for index, each in enumerate(items) if member in _names_of(each)), None)
    if place is None and member.isdecimal() and int(member) < len(items):
        place = int(member)
    if place is None and member.startswith("+"):
        added = Fields({_LABEL: Text(member, at)}, {_LABEL: at}, at)
        return Items((*items, _within(added, rest, value, at, path, problems)), at)
    if place is None:
        known = [each for item in items for each in _names_of(item)]
        near = problems.near(member, known, f"there are: {', '.join(known)}" if known else "[+] adds one")
        problems.add(f"{shown(path)} leads nowhere: nothing is called {shown(member)}", at, do=near)
        return Items(tuple(items), at)
    items[place] = _within(items[place], rest, value, at, path, problems)
    return Items(tuple(items), node.where if isinstance(node, Items) else at)


_LABEL = "+"
"""Marks a member that an action has added, by the label it was given; no field has this name."""


def _names_of(node: Node) -> list[str]:
    """By what a member of a list may be named."""
    if not isinstance(node, Fields):
        return []
    found = (node.fields.get(name) for name in (*_NAMES, _LABEL))
    return [each.value.strip() for each in found if isinstance(each, Text)]


def _unlabelled(node: Node) -> Node:
    """The tree without the marks of added members."""
    if isinstance(node, Items):
        return Items(tuple(map(_unlabelled, node.items)), node.where)
    if isinstance(node, Fields):
        kept = {key: _unlabelled(child) for key, child in node.fields.items() if key != _LABEL}
        return Fields(kept, {key: where for key, where in node.keys.items() if key != _LABEL}, node.where)
    return node
