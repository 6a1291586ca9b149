"""Lists within one sentence: will (a) share data, (b) train troops; will: build ports; train troops.

Each item is read with the words that stand before the list. The sentence stays one, so that its promises are told by
letters, and what a person said of it still fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from jointbuy.labels import begins, follows
from jointbuy.pact.sentences import INSERTS, between
from jointbuy.pact.verbs import verb_of

_LABEL = r"(?:[a-z]|[ivx]{1,5}|\d{1,2})\)"
_MARK = re.compile(rf"(?<=[\s;,:])(?P<label>\({_LABEL}(?=\w)|(?<=\s)\(?{_LABEL}(?=\s))\s*(?=\S)")
"""A label, and what stands behind it: a blank, or after both brackets none: (i)share data;(ii)train troops."""
_WAITS = re.compile(
    r"\b(?:will|shall|must|should|may|can|to|not)"
    r"(?: \w+ly| also| both| each| together| jointly| in particular|,[^,;:]{3,60},)?\s?[:—–-]?$"
)
"""What comes before the list waits for a verb."""
_OWN = re.compile(r"(?:to|will|shall|must|should|may)\b")
"""Or each item brings its own."""
_NOUN = re.compile(r"(?:the|an?|our|its|their|this|these|those|any|all|each|article|paragraph|point)\b", re.IGNORECASE)
_TAIL = re.compile(r"[;,]?\s*(?:\b(?:and|or|as well as)\b)?\s*$")
_COLON = re.compile(r"\b(?:will|shall|must|should|may|to)(?: \w+ly| also| together| in particular)?:\s")
_AGAIN = 8
"""How many times the length of a sentence its beginning is read again: no list has a longer one before its items."""
_MOST, _TRIES = 200, 8
"""Items of one list at the most; beginnings of lists that are looked at in a sentence."""


class Piece(NamedTuple):
    """What is read as one: `text`, of which the first `head` characters stand before the list in the sentence too.

    The rest begins in the sentence at `start`; `lead` of its characters, with what joins it, are no item's own.
    """

    text: str
    head: int
    start: int
    lead: int

    def place(self, at: int) -> int:
        """The place in the sentence of a place in this text."""
        return at if at < self.head else max(self.head, at - self.lead + self.start)


def pieces(text: str) -> Sequence[Piece]:
    """The items of a list in a sentence, each with what stands before the list; without a list the sentence whole."""
    found = _labelled(text) or _by_semicolon(text)
    again = len(found) * found[0].head if found else 0  # what stands before the list is read once for each item
    return found if 0 < again <= _AGAIN * len(text) else (Piece(text, 0, 0, 0),)


def _labelled(text: str) -> Sequence[Piece]:
    marks = list(islice(_MARK.finditer(text), _MOST)) if ")" in text else []
    firsts = [at for at, mark in enumerate(marks[:-1]) if begins(mark["label"])]
    for at in firsts[:_TRIES]:
        first = marks[at]
        run = [first]
        for mark in marks[at + 1 :]:
            if _same_signs(run[-1], mark) and follows(run[-1]["label"], mark["label"]):
                run.append(mark)
        if len(run) > 1 and _is_list(text, run):
            ends = [*(mark.start() for mark in run[1:]), len(text)]
            items = [(mark.end(), end) for mark, end in zip(run, ends, strict=True)]
            return tuple(_made(text, len(text[: first.start()].rstrip()), items))
    return ()


def _same_signs(one: re.Match[str], other: re.Match[str]) -> bool:
    return one["label"].startswith("(") == other["label"].startswith("(")


def _is_list(text: str, run: Sequence[re.Match[str]]) -> bool:
    """Whether labels stand before what is to be done, not before nouns: points (a) and (b)."""
    head = text[: run[0].start()].rstrip()
    if any(_NOUN.match(text, mark.end()) for mark in run):
        return False
    own = all(_OWN.match(text, mark.end()) for mark in run)
    return _WAITS.search(head) is not None or (own and bool(head.strip()))


def _by_semicolon(text: str) -> Sequence[Piece]:
    """The parties will: build ports; train troops; and explore gas."""
    opened = _COLON.search(text) if ";" in text and ":" in text else None
    if opened is None:
        return ()
    head, start, items = opened.end() - 1, opened.end(), []
    for part in text[start:].split(";"):
        gap = re.match(r"\s*(?:(?:and|or)\s)?\s*", part)
        items.append((start + (gap.end() if gap else 0), start + len(part)))
        start += len(part) + 1
    items = [(first, end) for first, end in items if text[first:end].strip()]
    verbs = sum(_is_verb(re.split(r"\W", text[first:], maxsplit=1)[0]) for first, _ in items)
    small = all(text[first].islower() for first, _ in items)
    return tuple(_made(text, head, items)) if small and 1 < len(items) <= min(_MOST, 2 * verbs) else ()


def _is_verb(word: str) -> bool:
    return bool(verb_of(word)) or word in INSERTS or word.endswith("ly") or word in {"not", "also"}


def _made(text: str, head: int, items: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    lead = text[:head].rstrip(" :—–-")
    for start, end in items:
        own = text[start:end]
        last = end >= len(text)
        own = own if last else own[: _cut(own)]
        joint = between(lead, own)
        yield Piece(lead + joint + own, len(lead), start, len(lead + joint))


def _cut(own: str) -> int:
    found = _TAIL.search(own)
    return found.start() if found else len(own)
