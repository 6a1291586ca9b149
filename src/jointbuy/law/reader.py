"""Reads one folder of law data with types; every fault is collected with file and line (§9, §10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

from jointbuy.errors import LawError, Problem, Unusable, Where, did_you_mean
from jointbuy.exact import parse_decimal
from jointbuy.yamltext import Fields, Items, Node, Text, parse

_CONFIDENCE = {"verified": True, "unverified": False}


class Reader:
    """Typed access to the files of a folder. A fault gives a stand-in value and a problem; `done` raises them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []

    def fault(self, what: str, where: Where | None, why: str = "", do: str = "") -> None:
        """Collect a problem."""
        self.problems.append(Problem(what, where, why, do))

    def done(self) -> None:
        """Raise LawError with every problem collected."""
        if self.problems:
            raise LawError("\n".join(str(problem) for problem in self.problems))

    def where(self, name: str, line: int | None = None) -> Where:
        """A place in a file of the folder."""
        return Where(f"{self.folder.name}/{name}", line)

    def content(self, name: str) -> str:
        """A file as text; empty when it cannot be read."""
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.fault("this file of the law data cannot be read", self.where(name), type(error).__name__)
            return ""

    def tree(self, name: str) -> Fields:
        """A YAML file whose top is a mapping."""
        nothing = Fields({}, {}, self.where(name))
        text = self.content(name)
        if not text and self.problems:
            return nothing
        try:
            return self.fields(parse(text, str(self.where(name))))
        except Unusable as error:
            self.problems.extend(error.problems)
            return nothing

    def fields(self, node: Node) -> Fields:
        """A mapping."""
        if isinstance(node, Fields):
            return node
        self.fault("a mapping of names to values must stand here", node.where)
        return Fields({}, {}, node.where)

    def members(self, fields: Fields, key: str) -> Iterator[tuple[str, Where, Fields]]:
        """Each named mapping below a key: name, place and mapping."""
        below = self.fields(fields.fields[key]) if key in fields.fields else Fields({}, {}, fields.where)
        for name, node in below.fields.items():
            yield name, below.keys[name], self.fields(node)

    def items(self, fields: Fields, key: str) -> tuple[Node, ...]:
        """A list that has at least one entry."""
        node = fields.fields.get(key)
        if isinstance(node, Items) and node.items:
            return node.items
        if node is not None:
            self.fault(f'"{key}" must be a list with at least one entry', node.where)
        return ()

    def only(self, fields: Fields, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
        """Refuse a mapping that lacks a key or has one nobody knows."""
        missing = [key for key in required if key not in fields.fields]
        if missing:
            why = "everything a verdict rests on is cited and dated (§6)"
            self.fault(f"{', '.join(missing)} missing", fields.where, why, "add it")
        known = (*required, *optional)
        for key in fields.fields.keys() - set(known):
            advice = did_you_mean(key, known) or f"known: {', '.join(known)}"
            self.fault(f'nobody reads the key "{key}"', fields.keys[key], do=advice)

    def text(self, fields: Fields, key: str) -> str:
        """A text that is not empty; `only` has reported a missing key."""
        node = fields.fields.get(key)
        if node is None:
            return ""
        if isinstance(node, Text) and node.value.strip():
            return " ".join(node.value.split())
        self.fault(f'"{key}" must be a text', node.where)
        return ""

    def texts(self, fields: Fields, key: str) -> dict[str, str]:
        """A mapping of names to texts, with at least one entry."""
        if key not in fields.fields:
            return {}
        below = self.fields(fields.fields[key])
        if not below.fields:
            self.fault(f'"{key}" must have at least one entry', below.where)
        return {name: self.text(below, name) for name in below.fields}

    def day(self, fields: Fields, key: str) -> date:
        """A date as year-month-day."""
        node = fields.fields.get(key)
        if node is None:
            return date.min
        try:
            return date.fromisoformat(self.text(fields, key))
        except ValueError:
            self.fault(f'"{key}" must be a date like 2025-05-29', node.where)
            return date.min

    def day_if_given(self, fields: Fields, key: str) -> date | None:
        """A date, or None where the key is absent."""
        return self.day(fields, key) if key in fields.fields else None

    def verified(self, fields: Fields) -> bool:
        """Whether somebody read it at the source."""
        word = self.text(fields, "confidence")
        if word and word not in _CONFIDENCE:
            self.fault('"confidence" must be verified or unverified', fields.fields["confidence"].where)
        return _CONFIDENCE.get(word, False)

    def value(self, fields: Fields, unit: str) -> Fraction | date | str:
        """The key `value`, written as its unit asks: a share as `35 %`, a count or days as a whole number."""
        if unit == "date":
            return self.day(fields, "value")
        text = self.text(fields, "value")
        if unit == "word" or not text:
            return text
        try:
            number = parse_decimal(text.removesuffix("%"))
        except ValueError:
            number = Fraction(-1)
        if unit == "share" and text.endswith("%") and 0 <= number <= 100:
            return number / 100
        if unit in {"count", "days"} and number >= 0 and number.denominator == 1:
            return number
        wanted = "a percentage like 35 %" if unit == "share" else "a whole number"
        self.fault(f'"{text}" does not fit the unit {unit}', fields.fields["value"].where, do=f"write {wanted}")
        return Fraction(0)
