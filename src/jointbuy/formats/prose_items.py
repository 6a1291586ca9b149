"""Labels of items of lists: which signs, numbers and letters begin an item, and where they only look as if they did."""

from __future__ import annotations

import re

from jointbuy.commitments import Block
from jointbuy.labels import CELL, begins, follows, form

_LETTERS = r"(?:[a-z]|[ivx]{1,5})"
ITEM = re.compile(
    rf"(?P<indent>[ \t]*)(?P<label>[-*+•–—▪◦‣·●○■]|\(?\d{{1,3}}\\?[.)]|\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}\\?[.)]?"
    rf"|\(?(?:{_LETTERS}|[A-Z])\\?\)|{_LETTERS}\\?\.)"
    r"(?:[ \t]+|(?<=[•▪◦‣·●○■])|(?<=\))(?=[^\W\d_]{2}))(?=\S)"
)
"""The label with which an item of a list may begin; `Labels` says whether it does."""
_DASHES = frozenset("-–—*+")
_STOPS = (":", ";", ".", "*")
_ENDED = (*_STOPS, *',!?)]”"')
_HANGS = re.compile(r"\b(?:will|shall|must|should|may|to|by|following)$", re.IGNORECASE)
_UNITS = re.compile(
    r"(?:million|billion|trillion|thousand|per\b|percent|%|times|degrees?\b|°|[kMGT]?Wh?\b|km|tonnes?|tons?|euros?\b"
    r"|dollars?\b|EUR\b|USD\b|CAD\b)"
)
"""What stands behind an amount, not behind the number of an item."""


def waits(text: str) -> bool:
    """Whether a line ends in what another verb must follow: the parties will."""
    return _HANGS.search(text) is not None


class Labels:
    """Remembers the labels of a text, so that a year, an amount or the end of a reference is no item."""

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}

    def match(self, text: str, before: str = "", within: str = "") -> re.Match[str] | None:
        """The item that begins with a text, None where none does.

        `before` is the line that it may go on with, "" where a paragraph ended; `within` the label of the item to
        which that line belongs, "" in a paragraph.
        """
        found = ITEM.match(text)
        if found is None:
            return None
        label = found["label"].replace("\\", "")
        if before and not self._begins_anew(label, before.rstrip(), within):
            return None
        close = form(label) != "sign" and not text[found.end() - 1].isspace()
        if close and (label[0] != "(" or not (begins(label) or self._next(label))):  # (a)share, not (s)he
            return None
        if not self._fits(label, text[found.end() :]):
            return None
        self._seen[form(label)] = label
        return found

    def _begins_anew(self, label: str, before: str, within: str) -> bool:
        """Whether a line with a label begins an item, though the line above has not ended a paragraph."""
        kind, ended = form(label), before.endswith(_STOPS)
        if kind == "sign":
            if within:  # an em dash may stand between words, unless the list is one of dashes
                return label != "—" or before.endswith(_ENDED) or within in {"–", "—"}
            return label not in _DASHES or ended
        if within and kind == "digit" and not before.endswith(_ENDED):
            return begins(label) or self._next(label)
        if label[0] == "(" or (label.endswith(")") and kind != "digit"):
            return True
        if kind == "digit":
            return bool(within) or ended
        ended |= before.endswith(",") or waits(before) or form(within) == kind
        return ended and (begins(label) or self._next(label))

    def _next(self, label: str) -> bool:
        last = self._seen.get(form(label))
        return last is not None and (follows(last, label) or last == label)

    def _fits(self, label: str, behind: str) -> bool:
        """Whether a number with its chapter, or a letter with a full stop, stands where one can."""
        if form(label) == "chapter":
            return not _UNITS.match(behind) and (begins(label) or self._next(label))
        if form(label) == "letter" and label.endswith("."):
            return (begins(label) or self._next(label)) and not behind.startswith("e.")  # i. e.
        return True


def goes_on(before: str, text: str) -> bool:
    """Whether a cell of a table goes on with the one before it: it begins small, and that one has not ended."""
    return text[:1].islower() and not before.endswith((".", ";", "!", "?"))


def joined(found: list[Block], cell: Block) -> Block:
    """A cell that goes on; with the one before it, taken from what was found, where that one goes on too.

    So the words of a row stand once: Canada | will build a port | by 2030.
    """
    if not found or found[-1].label != CELL:
        return cell
    before = found.pop()
    moved = tuple((at + len(before.text) + 1, line) for at, line in cell.lines)
    return Block(f"{before.text} {cell.text}", "item", (*before.lines, *moved), CELL)
