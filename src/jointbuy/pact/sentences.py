"""Blocks of a text as sentences: where they end, what introduces a list, what stands within quotation marks."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from jointbuy.commitments import Block, Sentence

_END = re.compile(r"[.!?]{1,8}[”’\"')\]]{0,4}(?=\s|$)")
_ABBREVIATIONS = frozenset(
    "no nos art arts para paras p pp vol fig cf e.g i.e vs etc approx ca dr mr mrs ms prof st gen col lt hon sr jr inc "
    "ltd co corp dept est min u.s u.k u.n e.u a.m p.m ph.d jan feb mar apr jun jul aug sept sep oct nov dec".split()
)
_SENTENCE_STARTS = frozenset(
    "the we this that these those it they in on at our both as for to by with all a an he she if when while there "
    "such today together as".split()
)
_MAY_END = frozenset({"etc", "u.s", "u.k", "u.n", "e.u", "a.m", "p.m", "inc", "ltd", "corp", "co", "no"})
_LONGEST = 6000
_INLINE = re.compile(r"(?:(?<=\s)|(?<=^))\((?:[a-z]|[ivx]{1,5}|\d{1,2})\)\s+")


class _Lead(NamedTuple):
    """Words that introduce a list: their own label and depth, and the kind of the items they introduce."""

    text: str
    kind: str
    depth: int
    items: str


def sentences(blocks: Sequence[Block]) -> Iterator[Sentence]:
    """The sentences of a text in order. Items of a list are read with the words that introduce it."""
    heading = ""
    leads: list[_Lead] = []
    for number, block in enumerate(blocks, 1):
        if block.place == "heading":
            heading, leads = block.text, []
        elif block.place == "paragraph":
            leads = []
        elif block.place == "item":
            leads = _still_open(leads, block)
        lead = leads[-1].text if leads and block.place == "item" else ""
        quotes = _quotes(block.text)
        last = ""
        for start, end in _split(block.text):
            for text, at, led in _inline(block.text[start:end], start, lead):
                yield _sentence(block, number, heading, text, at, led, quotes)
            lead, last = "", block.text[start:end]
        if last.rstrip("*_ ").endswith(":") and block.place in {"paragraph", "item"}:
            own = leads[-1].text + " " if leads and block.place == "item" and not _split_twice(block.text) else ""
            leads = [*leads, _Lead(own + last, kind_of(block.label), block.depth, "")]


def _split_twice(text: str) -> bool:
    return len(list(_split(text))) > 1


def _still_open(leads: list[_Lead], block: Block) -> list[_Lead]:
    """Those leads whose list an item belongs to."""
    kind = kind_of(block.label)
    kept = list(leads)
    while kept:
        lead = kept[-1]
        if lead.items == kind:
            return kept
        deeper = block.depth > lead.depth or kind != lead.kind
        if not lead.items and deeper:
            kept[-1] = lead._replace(items=kind)
            return kept
        kept.pop()
    return kept


def kind_of(label: str) -> str:
    """What an item is labelled by: a sign, a number, a letter; with the brackets around it."""
    bare = label.strip("().")
    if not label:
        return ""
    form = "digit" if bare.isdigit() else "letter" if bare.isalpha() else "sign"
    return form + label.replace(bare, "") if bare.isalnum() else form


def _split(text: str) -> Iterator[tuple[int, int]]:
    """Where sentences begin and end. None is over 6,000 signs: a table or rubbish is cut, so that it costs little."""
    start = 0
    for mark in (*_END.finditer(text), None):
        end = mark.end() if mark else len(text)
        while end - start > _LONGEST:
            cut = text.rfind(" ", start + 1, start + _LONGEST)
            cut = cut if cut > start else start + _LONGEST
            yield start, cut
            start = cut
        if (mark is None or _ends(text, start, mark)) and text[start:end].strip():
            yield start, end
            start = end
            while start < len(text) and text[start].isspace():
                start += 1


def _ends(text: str, start: int, mark: re.Match[str]) -> bool:
    """Whether a full stop ends a sentence: not after an abbreviation or an initial, nor before a small letter."""
    if mark.end() >= len(text):
        return True
    following = text[mark.end() : mark.end() + 60].lstrip()
    first = following.lstrip("“\"'‘([")[:1]
    if not first or first.islower():
        return False
    before = text[max(start, mark.start() - 40) : mark.start()].rsplit(None, 1)[-1:] or [""]
    word = before[0].lstrip("(“\"'‘[").lower()
    if mark[0][0] != "." or len(mark[0]) > 1:
        return True
    next_word = re.split(r"[\s,]", following.lstrip("“\"'‘(["), maxsplit=1)[0].lower()
    if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word not in {"i"}):
        return word in _MAY_END and next_word in _SENTENCE_STARTS
    return not (word.isdigit() and mark.start() - start <= 3)  # the number of a paragraph: 4. We


def _inline(text: str, at: int, lead: str) -> Iterator[tuple[str, int, str]]:
    """A sentence, or the items of a list within it, such as The parties will: (a) meet; (b) report."""
    marks = list(_INLINE.finditer(text))
    colon = text.find(":")
    if (
        len(marks) < 2
        or not 0 < colon < marks[0].start()
        or marks[0].start() - colon > 3
        or not _opens(text[: colon + 1])
    ):
        yield text, at, lead
        return
    led = f"{lead} {text[: colon + 1]}".strip()
    for mark, later in zip(marks, [*(one.start() for one in marks[1:]), len(text)], strict=True):
        yield text[mark.end() : later].rstrip(), at + mark.end(), led


def _opens(lead: str) -> bool:
    """Whether a lead ends in what needs a verb: will:, to:, shall jointly:."""
    return re.search(r"\b(?:will|shall|must|to|should|may)(?: \w+ly| also| in particular)?:$", lead) is not None


_HANGS = re.compile(
    r"\b(?:will|shall|must|should|may|to|by|that|on|the following \w+)(?: \w+ly| also| together| in particular)?:$",
    re.IGNORECASE,
)


def _sentence(
    block: Block, number: int, heading: str, text: str, at: int, lead: str, quotes: Sequence[tuple[int, int]]
) -> Sentence:
    starts = [place for place, _ in block.lines]
    line = block.lines[max(0, bisect_right(starts, at) - 1)][1]
    hanging = lead if lead and (_HANGS.search(lead) or text[:1].islower()) else ""
    led = hanging.removesuffix(":") + " " if hanging else ""
    end = at + len(text)
    quoted = tuple(
        (max(first, at) - at + len(led), min(last, end) - at + len(led))
        for first, last in quotes[
            bisect_right(quotes, at, key=itemgetter(1)) : bisect_left(quotes, end, key=itemgetter(0))
        ]
    )
    return Sentence(led + text, block.place, number, line, block.label, len(led), quoted, heading)


def _quotes(text: str) -> list[tuple[int, int]]:
    """What stands within quotation marks, not single ones; an open quotation runs to the end of its block."""
    found, opened = [], -1
    for at, sign in enumerate(text):
        if sign in '“„«"' and opened < 0:
            opened = at
        elif opened >= 0 and sign in '”»"' and at > opened:
            found.append((opened, at + 1))
            opened = -1
    return [*found, (opened, len(text))] if opened >= 0 else found
