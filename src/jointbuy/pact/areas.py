"""Areas of policy by the words that speak of them (areas.yaml); the register needs these, and no reader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from jointbuy.law.reader import Reader

HERE = Path(__file__).parent
_TOKEN = re.compile(r"\w+")
_NO_WORDS = re.compile(
    r"\b(?:(?:Arabic|Chinese|Dutch|English|French|German|Italian|Japanese|Korean|Portuguese|Russian|Spanish)"
    r"(?:,? (?:and |or )?)){1,12}(?=texts?\b|languages?\b|versions?\b|translations?\b)"
    r"|\b(?:Department|Ministry|Ministries|Secretary|Minister) (?:of|for) (?:the )?\w+"
    r"|(?:(?<=labour )|(?<=labor ))in (?:\w+ )?supply chains\b",
)
"""What speaks of no area, though its words would: Russian and Spanish texts, the Ministry of Defence."""


class Term(NamedTuple):
    """Words that speak of an area, None of none; `open` is one whose last word may go on, `capitals` one as written."""

    words: tuple[str, ...]
    area: str | None
    general: bool
    open: bool
    capitals: bool


class Terms(NamedTuple):
    """The areas with their titles, and the terms by their first three letters, the longest first."""

    titles: tuple[tuple[str, str], ...]
    begins: dict[str, tuple[Term, ...]]


class Spoken(NamedTuple):
    """The area that most words of a text speak of, and that of most general words; None where no word does."""

    area: str | None
    general: str | None


@cache
def terms() -> Terms:
    """The words of every area. Raises LawError with what is wrong in areas.yaml."""
    reader = Reader(HERE)
    tree = reader.tree("areas.yaml")
    reader.only(tree, ("areas", "nothing"))
    titles, found = [], list(_terms(reader.text(tree, "nothing"), None))
    for name, _, fields in reader.members(tree, "areas"):
        reader.only(fields, ("title",), ("words", "general"))
        titles.append((name, reader.text(fields, "title")))
        found += _terms(reader.text(fields, "words"), name)
        found += _terms(reader.text(fields, "general"), name, general=True)
    reader.done()
    begins: dict[str, tuple[Term, ...]] = {}
    for term in sorted(found, key=lambda one: -len(one.words)):
        key = term.words[0][:3].lower()
        begins[key] = (*begins.get(key, ()), term)
    return Terms(tuple(titles), begins)


def _terms(listed: str, area: str | None, *, general: bool = False) -> Iterator[Term]:
    for term in filter(None, (one.strip() for one in listed.split(","))):
        stem = term.removesuffix("*").replace("-", " ")
        capitals = stem.isupper()
        words = tuple((stem if capitals else stem.lower()).split())
        yield Term(words, area, general, term.endswith("*"), capitals)


class Theme:
    """What stands before a sentence: the others of its paragraph, and `above` it, the nearest first.

    Of those is spoken with `this` and `such efforts`, and often nothing else tells the area.
    """

    def __init__(self, above: Sequence[str]) -> None:
        self._above = above
        self._unread: list[str] = []
        self._counted: Counter[Term] = Counter()
        self._spoken = Spoken(None, None)

    def add(self, text: str) -> None:
        """Take in a sentence of the paragraph; its words are looked at when somebody asks."""
        self._unread.append(text)

    def area(self) -> str | None:
        """The area of the paragraph so far, else of the nearest above it that has one; None without."""
        if found := [term for text in self._unread for term in _found(text)]:
            self._counted.update(found)
            self._spoken = _most(self._counted)
        self._unread.clear()
        every = chain([self._spoken], map(_spoken, self._above))
        return next((one.area or one.general for one in every if one.area or one.general), None)


def area_of(*texts: str, theme: Theme | None = None) -> str | None:
    """The area of the first text that speaks of one, else that of general words in one, else that of the theme."""
    every = [_spoken(text) for text in texts]
    for name in (*(one.area for one in every), *(one.general for one in every)):
        if name:
            return name
    return theme.area() if theme else None


@lru_cache(maxsize=1000)
def _spoken(text: str) -> Spoken:
    return _most(Counter(_found(text)))


def _most(counted: Counter[Term]) -> Spoken:
    """The areas counted most, of equal ones the first."""
    areas, general = Counter[str](), Counter[str]()
    for term, times in counted.items():
        if term.area:
            (general if term.general else areas)[term.area] += times
    names = [name for name, _ in terms().titles] if counted else []
    most = (
        max((name for name in names if each[name]), key=each.__getitem__, default=None) for each in (areas, general)
    )
    return Spoken(*most)


@lru_cache(maxsize=1000)
def _found(text: str) -> tuple[Term, ...]:
    """The terms of a text in order; of those that begin at one word the longest, and no word twice."""
    words = _TOKEN.findall(_NO_WORDS.sub(" ", text))
    low = [word.lower() for word in words]
    begins, at = terms().begins, 0
    found: list[Term] = []
    while at < len(words):
        for term in begins.get(low[at][:3], ()):
            if _stands(term, words if term.capitals else low, at):
                found.append(term)
                at += len(term.words)
                break
        else:
            at += 1
    return tuple(found)


def _stands(term: Term, words: Sequence[str], at: int) -> bool:
    """Whether a term stands at a place among words."""
    last = at + len(term.words) - 1
    if last >= len(words) or any(words[at + n] != word for n, word in enumerate(term.words[:-1])):
        return False
    return words[last].startswith(term.words[-1]) if term.open else words[last] == term.words[-1]
