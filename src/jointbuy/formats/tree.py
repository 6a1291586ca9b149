"""Rows to a tree: who is part of what, from a parent column, from levels, or from neither."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from jointbuy.errors import Where
from jointbuy.formats.problems import Problems, listed, shown
from jointbuy.formats.rows import Rows
from jointbuy.formats.table import Table

_DOTTED = re.compile(r"\d+(\.\d+)*")


@dataclass(slots=True)
class Tree:
    """Parts by index in the order they are met; `edges` are (parent part, row).

    `part[row]` is the row's part. A sub-assembly repeated at several places of an indented
    list gives its edges once.
    """

    ids: list[str] = field(default_factory=list)
    index: dict[str, int] = field(default_factory=dict)
    part: list[int] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)
    edges: list[tuple[int, int]] = field(default_factory=list)

    def add(self, name: str) -> int:
        """The index of a part, new or known."""
        if name not in self.index:
            self.index[name] = len(self.ids)
            self.ids.append(name)
        return self.index[name]


def build(rows: Rows, end_products: Sequence[str], ends_at: Where | None, problems: Problems, notes: list[str]) -> Tree:
    """The tree of a bill. `ends_at` is where the purchase file states its end products."""
    tree = Tree()
    tree.roots = [tree.add(name) for name in end_products]
    tree.part = [tree.add(name) for name in rows.part]
    grower = Grower(rows, tree, frozenset(end_products), ends_at, problems)
    if (parents := rows.table.column("parent")) is not None and any(parents):
        grower.by_parent(parents)
    elif (levels := rows.table.column("level")) is not None and any(levels):
        grower.by_level(levels)
    else:
        grower.flat()
    if not end_products and tree.roots:
        which = listed([tree.ids[root] for root in tree.roots])
        notes.append(f"{rows.table.file}: taken as end product, because purchase.yaml names none: {which}")
    no_cycles(tree, rows.table, problems)
    return tree


class Grower(NamedTuple):
    """Finds the edges of a tree; `listed` are the parts of the whole bill, where these are not all of its rows."""

    rows: Rows
    tree: Tree
    ends: frozenset[str]
    ends_at: Where | None
    problems: Problems
    listed: frozenset[str] = frozenset()

    def home(self, row: int) -> int | None:
        """The end product that a row without a parent belongs to: the only one, or that of its sheet."""
        end = self.rows.table.ends[row] if self.rows.table.ends else None
        if end is not None:
            return self.tree.index[end]
        return self.tree.roots[0] if len(self.ends) == 1 else None

    def name_them(self, row: int | None, why: str) -> None:
        """Ask for end products in the purchase file."""
        where = self.ends_at if row is None else self.rows.where(row)
        self.problems.add("the end product is not known", where, why, "name it in purchase.yaml under end_products")

    def orphan(self, row: int) -> None:
        """A row at the top that could belong to any of several end products."""
        part = shown(self.rows.part[row])
        advice = f"name its parent; the end products are {listed(sorted(self.ends))}"
        self.problems.add(f"{part} hangs under no end product", self.rows.where(row), do=advice)

    def flat(self) -> None:
        """Every row is a first-level component of the one end product."""
        if not self.ends:
            self.name_them(None, "the bill has neither parents nor levels")
            return
        for row, part in enumerate(self.rows.part):
            if part not in self.ends:
                self.at_home(row)

    def at_home(self, row: int) -> None:
        """Put a row directly into the end product it belongs to."""
        home = self.home(row)
        if home is None:
            self.orphan(row)
        else:
            self.tree.edges.append((home, row))

    def by_parent(self, parents: list[str]) -> None:
        """Each row names its parent; a blank one means the end product, or a part directly in it."""
        known = {*self.rows.part, *self.ends, *self.listed}
        if not self.ends:
            known |= self.find_roots(parents, known)
        reported = set()
        for row, parent in enumerate(parents):
            if not parent and self.rows.part[row] in self.ends:
                continue
            if not parent and self.ends:
                self.at_home(row)
            elif parent in known:
                self.tree.edges.append((self.tree.add(parent), row))
            elif parent and parent not in reported:
                reported.add(parent)
                advice = self.problems.near(
                    parent, known, "add a row for it, or name it in purchase.yaml under end_products"
                )
                self.problems.add(f"parent {shown(parent)} is not listed", self.rows.where(row, "parent"), do=advice)

    def find_roots(self, parents: list[str], known: set[str]) -> set[str]:
        """End products of a bill whose purchase names none: rows without parent, else the one parent without a row."""
        used = set(parents)
        tops = [row for row, parent in enumerate(parents) if not parent]
        if not tops:
            unlisted = dict.fromkeys(parent for parent in parents if parent not in known)
            if len(unlisted) == 1:
                self.tree.roots.append(self.tree.add(next(iter(unlisted))))
                return set(unlisted)
            if not unlisted:
                self.name_them(0, "every part has a parent")
            return set()
        roots = list(dict.fromkeys(self.tree.part[row] for row in tops))
        leaf = next((row for row in tops if self.rows.part[row] not in used), None)
        if len(roots) > 1 and leaf is not None:
            self.name_them(leaf, "several rows have no parent, and some of them no children")
            return set()
        self.tree.roots.extend(roots)
        return set()

    def by_level(self, levels: list[str]) -> None:
        """Indented rows: each belongs to the nearest row above that is one level higher."""
        dotted = any("." in text.strip(".") and not re.fullmatch(r"\d+\.0", text) for text in levels)
        above = self.by_number(levels) if dotted else self.by_depth(levels)
        if above is None:
            return
        children: list[list[int]] = [[] for _ in levels]
        for row, parent in enumerate(above):
            if parent >= 0:
                children[parent].append(row)
        self.place_tops([row for row, parent in enumerate(above) if parent == _TOP], children)
        first = self.repeats(children)
        self.tree.edges.extend((part, child) for part, row in first.items() for child in children[row])
        self.tree.edges.sort(key=lambda edge: edge[1])

    def place_tops(self, tops: list[int], children: list[list[int]]) -> None:
        """Rows of the highest level are end products, or first-level components of the one that is named."""
        if not self.ends:
            childless = next((row for row in tops if not children[row]), None)
            if len(tops) > 1 and childless is not None:
                self.name_them(childless, "several rows stand at the highest level, and some of them have no children")
            self.tree.roots.extend(dict.fromkeys(self.tree.part[row] for row in tops))
            return
        for row in tops:
            if self.rows.part[row] not in self.ends:
                self.at_home(row)

    def by_depth(self, levels: list[str]) -> list[int] | None:
        """The row above each row, from whole levels such as 1, 2 or ..2; None where they cannot be read."""
        plain = [text.lstrip(".").split(".")[0] for text in levels]
        bad = [row for row, text in enumerate(plain) if not text.isdecimal() or len(text) > 3]
        for row in bad:
            self.bad_level(row, levels[row])
        if bad:
            return None
        known = [int(text) for text in plain]
        base = 0 if min(known) == 0 else 1
        above, stack = [], list[int]()
        sheets = self.rows.table.sheets
        for row, depth in enumerate(known):
            if sheets and row and sheets[row][0] != sheets[row - 1][0]:
                stack.clear()
            at = depth - base
            if at > len(stack):
                before = f"the row above is at level {known[row - 1]}" if row else f"the highest level is {base}"
                advice = "a part stands one level below the assembly it is in"
                self.problems.add(f"level {depth} comes too early", self.rows.where(row, "level"), before, advice)
                at = len(stack)
            del stack[at:]
            above.append(stack[-1] if stack else self.at_top(row, depth))
            stack.append(row)
        return above

    def at_top(self, row: int, depth: int) -> int:
        """A row with none above it: at level 0 it can only be an end product."""
        part = self.rows.part[row]
        if depth or not self.ends or part in self.ends:
            return _TOP
        advice = self.problems.near(part, self.ends, f"the end products are {listed(sorted(self.ends))}")
        self.problems.add(
            f"{shown(part)} at level 0 is no end product of purchase.yaml", self.rows.where(row), do=advice
        )
        return _NOWHERE

    def by_number(self, levels: list[str]) -> list[int] | None:
        """The row above each row, from numbers such as 1.2.3."""
        seen: dict[str, int] = {}
        column = self.rows.table.header.index["level"]
        bad = False
        for row, text in enumerate(levels):
            number = text.rstrip(".")
            if (row, column) in self.rows.table.fractions:
                why = "the file holds it as a number, in which 1.1 and 1.10 are the same"
                self.problems.add(
                    f"level {text} is not text", self.rows.where(row, "level"), why, "format the column as text"
                )
                bad = True
            elif not _DOTTED.fullmatch(number):
                self.bad_level(row, text)
                bad = True
            elif number in seen:
                again = f"{self.rows.where(seen[number])} has it too"
                self.problems.add(
                    f"level {number} stands twice", self.rows.where(row, "level"), again, "number each row"
                )
                bad = True
            seen.setdefault(number, row)
        if bad:
            return None
        shortest = min(number.count(".") for number in seen)
        above = []
        for number, row in seen.items():
            parent = number.rpartition(".")[0]
            if number.count(".") > shortest and parent not in seen:
                what = f"level {number} has no {parent} above it"
                self.problems.add(what, self.rows.where(row, "level"), do="add that row, or correct the number")
            above.append(seen.get(parent, _TOP))
        return above

    def bad_level(self, row: int, text: str) -> None:
        """A level that is no level."""
        advice = "write whole numbers (0, 1, 2), ..2, or 1.2.3"
        self.problems.add(f"level is {shown(text)}", self.rows.where(row, "level"), "it is not a level", advice)

    def repeats(self, children: list[list[int]]) -> dict[int, int]:
        """For each part with children the row whose children count; a repeat must have the same or none."""
        first: dict[int, int] = {}
        for row, below in enumerate(children):
            part = self.tree.part[row]
            if not below:
                continue
            if part not in first:
                first[part] = row
            elif (one := self.made_of(children[first[part]])) != (two := self.made_of(below)):
                odd = sorted({name for name, *_ in set(one) ^ set(two)}) or [name for name, *_ in two]
                what = f"{shown(self.rows.part[row])} is made differently here than at {self.rows.where(first[part])}"
                advice = "list the same parts and quantities, or list its parts once"
                self.problems.add(what, self.rows.where(row), f"compare {listed(odd)}", advice)
        return first

    def made_of(self, below: list[int]) -> list[tuple[str, str, str]]:
        """What an assembly is made of, comparable."""
        rows = self.rows
        return sorted(
            (rows.part[row], f"{rows.quantity[row]}/{rows.per[row]}", rows.supplier[row] or "") for row in below
        )


_TOP, _NOWHERE = -1, -2
"""What stands for the row above: of a row of the highest level, and of one that belongs nowhere."""


def no_cycles(tree: Tree, table: Table, problems: Problems) -> None:
    """Name every way a part contains itself: what is left when leaves are taken away again and again."""
    below: dict[int, dict[int, int]] = {}
    users: dict[int, set[int]] = {}
    for parent, row in tree.edges:
        child = tree.part[row]
        below.setdefault(parent, {}).setdefault(child, row)
        users.setdefault(child, set()).add(parent)
    open_below = {part: len(children) for part, children in below.items()}
    ready = [part for part in users if part not in below]
    while ready:
        for user in users.get(ready.pop(), ()):
            open_below[user] -= 1
            if not open_below[user]:
                ready.append(user)
    stuck = {part for part, left in open_below.items() if left}
    seen: set[int] = set()
    for start in sorted(stuck):
        path: dict[int, None] = {}
        part = start
        while part not in seen and part not in path:
            path[part] = None
            part = next(child for child in below[part] if child in stuck)
        if part in path:
            way = [*path]
            loop = [*way[way.index(part) :], part]
            at = [below[one][two] for one, two in pairwise(loop)]
            names = listed([tree.ids[one] for one in loop], most=30).replace(", ", " -> ")
            places = listed([table.spot(row) for row in at])
            what = f"a part contains itself: {names}"
            problems.add(what, table.where(min(at)), f"rows {places}", "correct the parent in one of these rows")
        seen |= path.keys()
