"""YAML read as text, with the line of every value; the schema gives types (architecture, decision 11).

Plain YAML turns the country NO into false and 100000000.10 into a float, so every scalar stays
the text that was written. Aliases and tags are refused: they are how a small file grows huge or
makes objects. Every problem is collected.
"""

from __future__ import annotations

from typing import NamedTuple

import yaml

from jointbuy.errors import Problem, Unusable, Where

MAX_DEPTH = 40


class Text(NamedTuple):
    """A scalar as written; `quoted` tells a quoted empty string from nothing."""

    value: str
    where: Where
    quoted: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing was written: an absent value, not a zero (§1)."""
        return not self.quoted and self.value.strip() in {"", "~", "null"}


class Items(NamedTuple):
    """A list."""

    items: tuple[Node, ...]
    where: Where


class Fields(NamedTuple):
    """A mapping; `keys` keeps the place of each key."""

    fields: dict[str, Node]
    keys: dict[str, Where]
    where: Where


Node = Text | Items | Fields
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(text: str, file: str) -> Node:
    """The one document in `text` as a tree of text. Raises Unusable with every problem found."""
    try:
        events = _bounded(text, file)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = Where(file, mark.line + 1 if mark else None)
        raise Unusable([_broken(error.problem or "it breaks off", where)]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise Unusable([_broken(str(error).split("\n")[0], Where(file))]) from None
    builder = _Builder(file, events)
    tree = builder.document()
    if builder.problems:
        raise Unusable(builder.problems)
    return tree


def _bounded(text: str, file: str) -> list[yaml.Event]:
    """The parser's events, stopped at the first alias and where values are nested too deeply.

    Both are looked at while the file is read: a hostile one is left before it costs time.
    """
    events, depth = [], 0
    for event in yaml.parse(text, Loader=_Loader):
        where = Where(file, event.start_mark.line + 1 if event.start_mark else None)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise Unusable([Problem("values are nested too deeply", where, f"more than {MAX_DEPTH} levels")])
        if getattr(event, "anchor", None):  # an alias event has one too
            why = "an alias can make a small file grow without bound"
            raise Unusable([Problem("YAML aliases (& and *) are not accepted", where, why, "write the value out")])
        events.append(event)
    return events


def _broken(why: str, where: Where) -> Problem:
    do = "check the indentation and the quotes of this line"
    for sign, (meaning, advice) in _MEANT.items():
        if sign in why:
            why, do = meaning, advice
    return Problem("this is not readable as YAML", where, why, do)


_MEANT = {
    "mapping values are not allowed": (
        "a colon followed by a blank begins a value, and none can begin here",
        "put a text that holds a colon and a blank in quotes; if there is none, check the indentation of this line",
    ),
    "cannot start any token": (
        "a tab cannot indent a line, and a text cannot begin with @, ` or %",
        "indent with blanks; put a text that begins with @, ` or % in quotes",
    ),
    "tab character": ("a tab cannot indent a line", "indent with blanks"),
}
"""What the parser says, in the words of those who write the file: why, and what to do."""


class _Builder:
    """Turns parser events into a tree; `_bounded` has limited how deep it recurses."""

    def __init__(self, file: str, events: list[yaml.Event]) -> None:
        self.file, self.events, self.at = file, events, 0
        self.problems: list[Problem] = []

    def document(self) -> Node:
        self.at = 1  # stream start
        if isinstance(self.events[self.at], yaml.StreamEndEvent):
            advice = "fill it in, as those of examples/ are; `jointbuy init FOLDER` writes a purchase to fill in"
            raise Unusable([Problem("the file is empty", Where(self.file), do=advice)])
        self.at += 1  # document start
        tree = self.node()
        self.at += 1  # document end
        if not isinstance(self.events[self.at], yaml.StreamEndEvent):
            where = self.place(self.events[self.at])
            self.problems.append(Problem("a second document begins here", where, do="keep one document in the file"))
        return tree

    def node(self) -> Node:
        event = self.events[self.at]
        where = self.place(event)
        self.at += 1
        if getattr(event, "tag", None) not in {None, "!"}:
            self.problems.append(Problem("YAML tags (!) are not accepted", where, do="write plain text"))
        if isinstance(event, yaml.ScalarEvent):
            return Text(event.value, where, quoted=event.style in {"'", '"', "|", ">"})
        if isinstance(event, yaml.SequenceStartEvent):
            return self.items(where)
        return self.fields(where)

    def place(self, event: yaml.Event) -> Where:
        return Where(self.file, event.start_mark.line + 1 if event.start_mark else None)

    def items(self, where: Where) -> Items:
        found = []
        while not isinstance(self.events[self.at], yaml.SequenceEndEvent):
            found.append(self.node())
        self.at += 1
        return Items(tuple(found), where)

    def fields(self, where: Where) -> Fields:
        found: dict[str, Node] = {}
        keys: dict[str, Where] = {}
        while not isinstance(self.events[self.at], yaml.MappingEndEvent):
            key = self.node()
            value = self.node()
            if not isinstance(key, Text):
                self.problems.append(Problem("a key must be a word", key.where))
            elif key.value in found:
                again = f"it stands at line {keys[key.value].line} too"
                self.problems.append(Problem(f'"{key.value}" is given twice', key.where, again, "keep one"))
            else:
                found[key.value], keys[key.value] = value, key.where
        self.at += 1
        return Fields(found, keys, where)
