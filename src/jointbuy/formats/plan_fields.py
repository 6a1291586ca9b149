"""Keys of a YAML file one by one, with their lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from jointbuy.errors import Where
from jointbuy.formats.problems import Problems, listed, shown
from jointbuy.formats.scalars import Wrong
from jointbuy.places import Places
from jointbuy.yamltext import Fields, Items, Text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reader:
    """A mapping of a file, where its problems go, and the page that says what its keys mean."""

    tree: Fields
    problems: Problems
    places: Places
    guide: str = "docs/plan.md"

    def where(self, key: str) -> Where:
        """The line of a key, or of the mapping where it has none."""
        return self.tree.keys.get(key, self.tree.where)

    def only(self, known: Sequence[str]) -> None:
        """Note every key that is none of ours."""
        for key, where in self.tree.keys.items():
            if key not in known:
                do = self.problems.near(key, known, f"the keys are: {listed(known, 20)}")
                self.problems.add(f"there is no key {shown(key)}", where, do=do)

    def text(self, key: str, *, needed: bool = True) -> str:
        """A text; "" where it is absent, which is noted if it is needed."""
        node = self.tree.fields.get(key)
        if isinstance(node, Text) and not node.empty:
            return node.value.strip()
        if node is not None and not isinstance(node, Text):
            self.problems.add(f"{key} is no text", self.where(key), do=f"write {key}: and a word")
        elif needed:
            self.problems.add(f"{key} is missing", self.where(key), do=f"write {key}: {self.guide} says what")
        return ""

    def word(self, key: str, reader: Callable[[str], T], *, needed: bool = True) -> T | None:
        """A text through a reader; None where it is absent or wrong."""
        found = self.text(key, needed=needed)
        return self.through(key, found, reader) if found else None

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts, or one text; none where it is absent."""
        node = self.tree.fields.get(key)
        if node is None or (isinstance(node, Text) and node.empty):
            return ()
        if isinstance(node, Text):
            return (node.value.strip(),)
        if isinstance(node, Items):
            texts = [item.value.strip() for item in node.items if isinstance(item, Text) and not item.empty]
            if len(texts) == len(node.items):
                return tuple(texts)
        self.problems.add(f"{key} is no list of words", self.where(key), do=f"write {key}: [one, another]")
        return ()

    def through(self, key: str, text: str, reader: Callable[[str], T]) -> T | None:
        """A text through a reader; None with a problem noted where it is wrong."""
        try:
            return reader(text)
        except Wrong as wrong:
            self.problems.add(f"{key} is {shown(text)}", self.where(key), wrong.why, wrong.do)
            return None

    def of(self, tree: Fields) -> Reader:
        """The same for another mapping of the file."""
        return Reader(tree, self.problems, self.places, self.guide)
