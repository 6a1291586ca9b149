"""Collecting every problem of a folder's files, in file order (conventions §9, §10)."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction

from jointbuy.errors import Problem, Unusable, Where, did_you_mean

_COMPARISONS = 100_000
"""Words compared for near misses in one run; a file full of nonsense must not take minutes."""

_LONGEST_WORD = 100


class Problems:
    """Every problem found so far; `files` fixes the order in which files are named."""

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self.files: list[str] = []
        self.unread: set[str] = set()
        """Tables of which not every row was taken up: that another names what they lack is no fault of its own."""
        self._left = _COMPARISONS

    def add(self, what: str, where: Where | None = None, why: str = "", do: str = "") -> None:
        """Note one problem."""
        self.found.append(Problem(what, where, why, do))

    def near(self, word: str, known: Collection[str], otherwise: str = "") -> str:
        """The advice for a near miss, `otherwise` where nothing is near."""
        if len(known) > self._left or len(word) > _LONGEST_WORD:
            return otherwise
        self._left -= len(known)
        return did_you_mean(word, known) or otherwise

    def in_order(self) -> list[Problem]:
        """The problems by file, then by line."""

        def place(problem: Problem) -> tuple[int, int]:
            where = problem.where
            if where is None or where.file not in self.files:
                return len(self.files), 0
            return self.files.index(where.file), where.line or 0

        return sorted(self.found, key=place)

    def raise_if_any(self) -> None:
        """Raise Unusable with all of them."""
        if self.found:
            raise Unusable(self.in_order())


def alike(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of words that differ only in capitals, blanks or what cannot be seen: no reader can tell them apart."""
    first: dict[str, str] = {}
    for word in words:
        known = first.setdefault(_seen(word), word)
        if known != word:
            yield known, word


def _seen(word: str) -> str:
    """A word as a reader sees it: an accent may be a sign of its own or none, and some signs have no width."""
    if not word.isascii():
        word = unicodedata.normalize("NFC", "".join(sign for sign in word if unicodedata.category(sign) != "Cf"))
    return " ".join(word.casefold().split())


def shown(text: str) -> str:
    """A user's value as a message quotes it: on one line and not too long."""
    line = " ".join(text.split())
    return f'"{line[:57]}..."' if len(line) > 60 else f'"{line}"'


def listed(words: Collection[str], most: int = 12) -> str:
    """The first of many words, and how many more there are."""
    first = list(words)[:most]
    more = len(words) - len(first)
    return ", ".join(first) + (f" and {more} more" if more else "")


def plain(value: Fraction) -> str:
    """A number as a message shows it, rounded to six decimals; for display only (§3)."""
    scaled = round(abs(value) * 10**6)
    digits = f"{scaled // 10**6}.{scaled % 10**6:06d}".rstrip("0").rstrip(".")
    return f"-{digits}" if value < 0 else digits
